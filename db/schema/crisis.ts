/** Crises and drills, their rooms; signals and what was observed; statements in all their versions. */
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

export const crisis = pgTable(
  'crisis',
  {
    /** CR-2026-0003; DR-2026-0001 for a drill */
    number: text('number').primaryKey(),
    drill: boolean('drill').notNull(),
    state: text('state', { enum: ['alarm', 'open', 'over'] }).notNull(),
    grade: text('grade', { enum: ['general', 'major', 'critical'] }),
    kind: text('kind').notNull(),
    raisedAt: instant('raised_at').notNull(),
    endedAt: instant('ended_at'),
    /** of what the spend is held; null: nothing is */
    frozen: text('frozen'),
    /** everybody who may see it */
    parties: text('parties').array().notNull(),
    body: jsonb('body').notNull(),
    revision: integer('revision').notNull(),
  },
  (t) => [
    index('crisis_open').on(t.raisedAt).where(sql`state <> 'over'`),
    index('crisis_frozen').on(t.number).where(sql`frozen is not null`),
    index('crisis_drill').on(t.raisedAt.desc()).where(sql`drill`),
    index('crisis_party').using('gin', t.parties),
    check('crisis_number', sql`number ~ '^(CR|DR)-[0-9]{4}-[0-9]{4,}$' and drill = (number like 'DR-%')`),
    check('crisis_ended', sql`(ended_at is null) = (state <> 'over')`),
    check('crisis_graded', sql`state <> 'open' or grade is not null`),
  ],
);

/** One room of one crisis on one platform, until it stands with everybody in it: a saga that survives a kill at any point. */
export const room = pgTable(
  'room',
  {
    crisis: text('crisis')
      .notNull()
      .references(() => crisis.number),
    platform: text('platform').notNull(),
    /** ours, told to the platform: name or idempotency key */
    intent: uuid('intent').notNull(),
    /** the platform's own id; null: not opened yet */
    channel: text('channel'),
    /** the accounts that were brought in or refused for good, so that only the others are asked for */
    settled: text('settled').array().notNull().default(sql`'{}'`),
    /** counts what has changed (who should be in, whether it is over), and what was made so */
    wanted: integer('wanted').notNull().default(1),
    made: integer('made').notNull().default(0),
    pinned: boolean('pinned').notNull().default(false),
    triedAt: instant('tried_at'),
    nextAt: instant('next_at'),
    handedUntil: instant('handed_until'),
    attempts: integer('attempts').notNull().default(0),
    lastError: text('last_error'),
  },
  (t) => [
    primaryKey({ columns: [t.crisis, t.platform] }),
    index('room_channel').on(t.platform, t.channel).where(sql`channel is not null`),
    index('room_due').on(t.nextAt).where(sql`wanted > made or (channel is not null and not pinned)`),
    check('room_made', sql`made <= wanted`),
  ],
);

/** One thing that a monitoring tool or a person reported (C1); counted by indicator and key within the indicator's time. */
export const observation = pgTable(
  'observation',
  {
    /** the reporter's own id: the same report twice is one */
    id: text('id').primaryKey(),
    indicator: text('indicator').notNull(),
    key: text('key').notNull(),
    amount: integer('amount').notNull(),
    text: text('text').notNull(),
    at: instant('at').notNull(),
    /** the signal that it became part of */
    signal: text('signal'),
  },
  (t) => [
    index('observation_window').on(t.indicator, t.key, t.at),
    index('observation_free').on(t.at).where(sql`signal is null`),
    check('observation_amount', sql`amount > 0`),
  ],
);

/** A threshold was reached: a person confirms it as an alarm, or dismisses it with a reason. */
export const signal = pgTable(
  'signal',
  {
    /** SG-2026-0001 */
    number: text('number').primaryKey(),
    indicator: text('indicator').notNull(),
    key: text('key').notNull(),
    state: text('state', { enum: ['open', 'confirmed', 'dismissed'] }).notNull(),
    raisedAt: instant('raised_at').notNull(),
    body: jsonb('body').notNull(),
    revision: integer('revision').notNull(),
  },
  (t) => [
    index('signal_open').on(t.indicator, t.key).where(sql`state = 'open'`),
    index('signal_watch').on(t.indicator, t.key, t.raisedAt),
    check('signal_number', sql`number ~ '^SG-[0-9]{4}-[0-9]{4,}$'`),
  ],
);

/** What is said to the outside (C5): the versions stay, a clearance is bound to the hash of one of them. */
export const statement = pgTable(
  'statement',
  {
    /** ST-2026-0001 */
    number: text('number').primaryKey(),
    crisis: text('crisis').references(() => crisis.number),
    state: text('state', { enum: ['draft', 'clearing', 'cleared', 'released', 'withdrawn'] }).notNull(),
    version: integer('version').notNull(),
    /** SHA-256 of the exact text of the newest version, hex */
    hash: text('hash').notNull(),
    author: text('author').notNull(),
    releasedAt: instant('released_at'),
    parties: text('parties').array().notNull(),
    body: jsonb('body').notNull(),
    revision: integer('revision').notNull(),
  },
  (t) => [
    index('statement_crisis').on(t.crisis),
    index('statement_released').on(t.releasedAt.desc()).where(sql`released_at is not null`),
    index('statement_party').using('gin', t.parties).where(sql`state in ('draft', 'clearing', 'cleared')`),
    check('statement_number', sql`number ~ '^ST-[0-9]{4}-[0-9]{4,}$'`),
    check('statement_released_at', sql`(released_at is null) = (state <> 'released')`),
  ],
);

export const statementVersion = pgTable(
  'statement_version',
  {
    statement: text('statement').notNull(),
    version: integer('version').notNull(),
    text: text('text').notNull(),
    hash: text('hash').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.statement, t.version] }),
    foreignKey({ columns: [t.statement], foreignColumns: [statement.number] }),
    index('statement_version_hash').on(t.hash),
    check('statement_version_count', sql`version > 0`),
  ],
);
