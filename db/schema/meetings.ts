/** Meetings, the minutes of each in all their versions, and the decisions that came of them. */
import { sql } from 'drizzle-orm';
import {
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** Meetings that come again and were set up in a chat; those of the handbook stand in its `meetings.yaml`. */
export const meetingSeries = pgTable('meeting_series', {
  /** MS-2026-0001 */
  id: text('id').primaryKey(),
  rule: jsonb('rule').notNull(),
  by: text('by').notNull(),
  at: instant('at').notNull(),
  endedAt: instant('ended_at'),
});

export const meeting = pgTable(
  'meeting',
  {
    /** MT-2026-0001 */
    number: text('number').primaryKey(),
    series: text('series'),
    /** the day that the rule gives: one meeting each, wherever it was moved */
    day: date('day', { mode: 'string' }),
    state: text('state', { enum: ['planned', 'ended', 'cancelled'] }).notNull(),
    startAt: instant('start_at').notNull(),
    endAt: instant('end_at').notNull(),
    minutesDue: instant('minutes_due'),
    minuteTaker: text('minute_taker').notNull(),
    minutesVersion: integer('minutes_version').notNull(),
    /** everybody who may see it */
    parties: text('parties').array().notNull(),
    body: jsonb('body').notNull(),
    revision: integer('revision').notNull(),
  },
  (t) => [
    uniqueIndex('meeting_occurrence').on(t.series, t.day),
    index('meeting_planned').on(t.series, t.startAt).where(sql`state = 'planned'`),
    index('meeting_party').using('gin', t.parties),
    index('meeting_owed').on(t.minutesDue).where(sql`state = 'ended' and minutes_version = 0`),
    check('meeting_number', sql`number ~ '^MT-[0-9]{4}-[0-9]{4,}$'`),
    check('meeting_time', sql`start_at < end_at`),
  ],
);

/** Corrections make a new version; the old ones stay. */
export const minutes = pgTable(
  'minutes',
  {
    meeting: text('meeting')
      .notNull()
      .references(() => meeting.number),
    version: integer('version').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
    body: jsonb('body').notNull(),
  },
  (t) => [primaryKey({ columns: [t.meeting, t.version] }), check('minutes_version', sql`version > 0`)],
);

export const decision = pgTable(
  'decision',
  {
    /** DM-2026-0012 */
    number: text('number').primaryKey(),
    /** where it was taken: at a meeting, or in what follows a crisis */
    meeting: text('meeting').references(() => meeting.number),
    crisis: text('crisis'),
    series: text('series'),
    state: text('state', { enum: ['proposed', 'accepted', 'declined', 'done', 'void'] }).notNull(),
    owner: text('owner').notNull(),
    chair: text('chair').notNull(),
    due: date('due', { mode: 'string' }).notNull(),
    parties: text('parties').array().notNull(),
    body: jsonb('body').notNull(),
    revision: integer('revision').notNull(),
  },
  (t) => [
    index('decision_owner').on(t.owner, t.due).where(sql`state in ('proposed', 'accepted', 'declined')`),
    index('decision_meeting').on(t.meeting),
    index('decision_crisis').on(t.crisis).where(sql`crisis is not null`),
    check('decision_origin', sql`(meeting is null) <> (crisis is null)`),
    index('decision_series').on(t.series).where(sql`state in ('proposed', 'accepted', 'declined')`),
    index('decision_party').using('gin', t.parties).where(sql`state in ('proposed', 'accepted', 'declined')`),
    check('decision_number', sql`number ~ '^DM-[0-9]{4}-[0-9]{4,}$'`),
  ],
);
