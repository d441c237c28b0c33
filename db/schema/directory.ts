/** Who is away and who acts for them (D4). People themselves stand in the handbook. */
import { sql } from 'drizzle-orm';
import { check, date, index, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

export const absence = pgTable(
  'absence',
  {
    /** AW-2026-0001 */
    id: text('id').primaryKey(),
    person: text('person').notNull(),
    from: date('from_day', { mode: 'string' }).notNull(),
    to: date('to_day', { mode: 'string' }).notNull(),
    deputy: text('deputy').notNull(),
    /** set when the person came back early or took it back */
    endedAt: timestamp('ended_at', { withTimezone: true, precision: 3 }),
  },
  (t) => [
    index('absence_current').on(t.to).where(sql`ended_at is null`),
    check('absence_days', sql`from_day <= to_day`),
    check('absence_deputy', sql`person <> deputy`),
  ],
);
