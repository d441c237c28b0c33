/** Files that people sent, whatever they belong to. */
import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

export const attachment = pgTable(
  'attachment',
  {
    id: uuid('id').primaryKey(),
    /** the number of what it belongs to: a request's, a decision's … Its noun keeps it, and locks it before a file joins */
    subject: text('subject').notNull(),
    position: integer('position').notNull(),
    by: text('by').notNull(),
    platform: text('platform').notNull(),
    ref: jsonb('ref').notNull(),
    /** by rule G6: 春季促销-20261121-01V1.pdf */
    name: text('name').notNull(),
    original: text('original').notNull(),
    state: text('state', { enum: ['fetching', 'kept', 'refused'] }).notNull(),
    mime: text('mime'),
    size: bigint('size', { mode: 'number' }),
    sha256: text('sha256'),
    at: instant('at').notNull(),
    nextAt: instant('next_at'),
    handedUntil: instant('handed_until'),
    attempts: integer('attempts').notNull().default(0),
  },
  (t) => [
    uniqueIndex('attachment_position').on(t.subject, t.position),
    index('attachment_fetching').on(t.at).where(sql`state = 'fetching'`),
  ],
);
