/** What the road keeps: who was answered what (inbox), which message must be true (message), what time will ask for (timer). */
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** One act of one person, delivered by a platform at least once: the second delivery gets the first answer. */
export const inbox = pgTable(
  'inbox',
  {
    platform: text('platform').notNull(),
    delivery: text('delivery').notNull(),
    at: instant('at').notNull(),
    reply: jsonb('reply'),
  },
  (t) => [primaryKey({ columns: [t.platform, t.delivery] }), index('inbox_at').on(t.at)],
);

/**
 * One message on one platform. A card says only that it is stale (`wanted` > `shown`); what it shows is drawn from the latest state.
 * A notice is the same with a content of its own (`about`, `data`) and is drawn once.
 */
export const message = pgTable(
  'message',
  {
    id: uuid('id').primaryKey(),
    subject: text('subject').notNull(),
    kind: text('kind', { enum: ['card', 'notice', 'letter', 'home', 'page', 'ring'] }).notNull(),
    /** `person:li`, `channel:pr` */
    audience: text('audience').notNull(),
    platform: text('platform').notNull(),
    addressKind: text('address_kind', { enum: ['direct', 'channel'] }).notNull(),
    address: text('address').notNull(),
    about: text('about'),
    data: jsonb('data'),
    /** the same notice twice has the same key; a card's key is its place */
    key: text('key').notNull(),
    lane: smallint('lane').notNull(),
    wanted: integer('wanted').notNull().default(1),
    shown: integer('shown').notNull().default(0),
    shownHash: text('shown_hash'),
    /** held: it will be one line of its reader's digest */
    state: text('state', { enum: ['live', 'held', 'done', 'closed', 'dead'] })
      .notNull()
      .default('live'),
    /** ours, told to the platform: idempotency key or metadata of the post */
    intent: uuid('intent').notNull(),
    triedAt: instant('tried_at'),
    /** by then the last try had reached the platform, if it ever did */
    triedUntil: instant('tried_until'),
    refChannel: text('ref_channel'),
    refMessage: text('ref_message'),
    postedAt: instant('posted_at'),
    reposts: smallint('reposts').notNull().default(0),
    plain: smallint('plain').notNull().default(0),
    attempts: integer('attempts').notNull().default(0),
    createdAt: instant('created_at').notNull(),
    staleSince: instant('stale_since'),
    nextAt: instant('next_at'),
    /** its reader's quiet hours: not posted before, whatever becomes stale meanwhile */
    notBefore: instant('not_before'),
    /** the hands that hold it now: handed to the queue, claimed by a worker, held back until an answer has left */
    handedUntil: instant('handed_until'),
    claimedUntil: instant('claimed_until'),
    lastError: text('last_error'),
  },
  (t) => [
    unique('message_key').on(t.key),
    index('message_subject').on(t.subject),
    index('message_due').on(t.lane, t.nextAt).where(sql`state = 'live' and wanted > shown`),
    index('message_ref').on(t.platform, t.refMessage).where(sql`ref_message is not null`),
    index('message_posted').on(t.platform, t.postedAt).where(sql`state = 'live' and kind = 'card'`),
    index('message_held').on(t.notBefore).where(sql`state = 'held'`),
    index('message_over').on(t.state, t.createdAt).where(sql`state in ('done', 'closed', 'dead')`),
    check('message_shown', sql`shown <= wanted`),
  ],
);

/** A promise about time: when it falls due, the clock sends the command. */
export const timer = pgTable(
  'timer',
  {
    id: uuid('id').primaryKey(),
    subject: text('subject').notNull(),
    command: text('command').notNull(),
    args: jsonb('args').notNull(),
    key: text('key').notNull(),
    dueAt: instant('due_at').notNull(),
    handedUntil: instant('handed_until'),
    attempts: integer('attempts').notNull().default(0),
    /** a crisis does not wait behind ten thousand reminders */
    urgent: boolean('urgent').notNull().default(false),
  },
  (t) => [
    unique('timer_key').on(t.key),
    index('timer_due').on(t.dueAt).where(sql`not urgent`),
    index('timer_urgent').on(t.dueAt).where(sql`urgent`),
  ],
);

/** Small facts that the installation learns once: the chat tenants that are ours, the key that signs file links. */
export const setting = pgTable('setting', { name: text('name').primaryKey(), value: text('value').notNull() });
