/** The ledger: one row for every event, one hash chain for every subject. Its triggers stand in db/migrations/0001_ledger_rules.sql. */
import { sql } from 'drizzle-orm';
import { bigint, check, customType, integer, pgTable, text, timestamp, unique } from 'drizzle-orm/pg-core';

/** Sorted by bytes on every server, whatever its locale: seals list the chains in this order, and so does the verifier. */
const bytewise = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });

/** `seq`, `position`, `prev` and `hash` are written by the trigger alone; what a client says about them is ignored. */
export const ledger = pgTable(
  'ledger',
  {
    seq: bigint('seq', { mode: 'bigint' }).primaryKey(),
    subject: bytewise('subject').notNull(),
    position: integer('position').notNull(),
    at: timestamp('at', { withTimezone: true, precision: 3 }).notNull(),
    type: text('type').notNull(),
    by: text('by').notNull(),
    /** canonical JSON, kept as text: the hash is over these very bytes, which jsonb would not give back */
    data: text('data').notNull(),
    prev: text('prev').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [
    unique('ledger_chain').on(t.subject, t.position),
    check('ledger_position', sql`"position" > 0`),
    // The hashed text is made of lines: a control character in a field could forge another field.
    check(
      'ledger_subject',
      sql`subject ~ '^[^\\u0001-\\u001F\\u007F-\\u009F\\u2028\\u2029]+$' and char_length(subject) <= 120`,
    ),
    check('ledger_by', sql`"by" ~ '^[^\\u0001-\\u001F\\u007F-\\u009F\\u2028\\u2029]+$' and char_length("by") <= 120`),
    check('ledger_type', sql`"type" ~ '^[a-z][a-z0-9.-]{0,79}$'`),
    check(
      'ledger_data',
      sql`data ~ '^\\{[^\\u0001-\\u001F]*\\}$' and octet_length(data) <= 1048576 and data::json is not null`,
    ),
    check('ledger_at', sql`"at" >= '2000-01-01T00:00:00Z' and "at" < '10000-01-01T00:00:00Z'`),
    check('ledger_prev', sql`prev ~ '^[0-9a-f]{64}$'`),
    check('ledger_hash', sql`hash ~ '^[0-9a-f]{64}$'`),
  ],
);

/** Where each chain ends. Only the ledger's own trigger moves it; its row is the lock that makes one chain's appends queue. */
export const ledgerHead = pgTable('ledger_head', {
  subject: bytewise('subject').primaryKey(),
  position: integer('position').notNull(),
  hash: text('hash').notNull(),
});
