/** Requests and their steps. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

export const processVersion = pgTable(
  'process_version',
  {
    process: text('process').notNull(),
    version: integer('version').notNull(),
    hash: text('hash').notNull(),
    definition: jsonb('definition').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.process, t.version] }), uniqueIndex('process_version_hash').on(t.process, t.hash)],
);

export const numberCounter = pgTable(
  'number_counter',
  { prefix: text('prefix').notNull(), year: smallint('year').notNull(), last: integer('last').notNull() },
  (t) => [primaryKey({ columns: [t.prefix, t.year] })],
);

export const request = pgTable(
  'request',
  {
    number: text('number').primaryKey(),
    process: text('process').notNull(),
    version: integer('version').notNull(),
    requester: text('requester').notNull(),
    origin: text('origin').notNull(),
    state: text('state', { enum: ['open', 'approved', 'rejected', 'returned', 'withdrawn'] }).notNull(),
    /** counts the contents: 1 when submitted, 2 when submitted again after a return … */
    submission: integer('submission').notNull(),
    values: jsonb('values').notNull(),
    /** what the tiers compare: minor units of `currency`, and of the company's currency at the pinned rate */
    amount: bigint('amount', { mode: 'bigint' }),
    currency: text('currency'),
    baseAmount: bigint('base_amount', { mode: 'bigint' }),
    submittedAt: instant('submitted_at').notNull(),
    endedAt: instant('ended_at'),
    urgedAt: instant('urged_at'),
    revision: integer('revision').notNull(),
    copies: text('copies').array().notNull(),
    /** everybody who may see it */
    parties: text('parties').array().notNull(),
    notes: jsonb('notes').notNull(),
    /** the decisions that its content names */
    cites: text('cites').array().notNull().default(sql`'{}'`),
    /** the crisis for which it is (A3) */
    crisis: text('crisis'),
    /** spent before it was approved, and until when the approval has to follow */
    executedAt: instant('executed_at'),
    ratifyDue: instant('ratify_due'),
    /** the crisis whose freeze holds it */
    held: text('held'),
  },
  (t) => [
    foreignKey({ columns: [t.process, t.version], foreignColumns: [processVersion.process, processVersion.version] }),
    index('request_cites').using('gin', t.cites).where(sql`state in ('open', 'returned')`),
    index('request_requester').on(t.requester, t.submittedAt.desc()),
    index('request_open_of').on(t.requester, t.submittedAt.desc()).where(sql`state in ('open', 'returned')`),
    index('request_open_money').on(t.submittedAt).where(sql`state in ('open', 'returned') and amount is not null`),
    index('request_ratify').on(t.ratifyDue).where(sql`ratify_due is not null and state in ('open', 'returned')`),
    index('request_held').on(t.held).where(sql`held is not null`),
    check('request_executed', sql`(executed_at is null) = (ratify_due is null)`),
    check('request_number', sql`number ~ '^[A-Z]{2,4}-[0-9]{4}-[0-9]{4,}$'`),
    check('request_amount', sql`amount > 0 and base_amount > 0`),
    check('request_money', sql`(amount is null) = (currency is null) and (amount is null) = (base_amount is null)`),
    check('request_ended', sql`(ended_at is null) = (state in ('open', 'returned'))`),
  ],
);

export const step = pgTable(
  'step',
  {
    request: text('request')
      .notNull()
      .references(() => request.number),
    submission: integer('submission').notNull(),
    id: text('id').notNull(),
    position: smallint('position').notNull(),
    state: text('state', {
      enum: ['waiting', 'open', 'approved', 'rejected', 'returned', 'covered', 'skipped', 'void'],
    }).notNull(),
    body: jsonb('body').notNull(),
    /** whose signature is awaited now */
    pending: text('pending').array().notNull(),
    openedAt: instant('opened_at'),
    closedAt: instant('closed_at'),
  },
  (t) => [
    primaryKey({ columns: [t.request, t.submission, t.id] }),
    uniqueIndex('step_one_open').on(t.request).where(sql`state = 'open'`),
    index('step_pending').using('gin', t.pending).where(sql`state = 'open'`),
    check('step_pending_open', sql`(state = 'open') = (cardinality(pending) > 0)`),
  ],
);
