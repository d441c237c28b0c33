/** The messages of the desk, the local chat page. Its own little chat platform: nothing else reads or writes it. */
import { bigint, index, jsonb, pgSequence, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** One sequence orders places and changes alike, so that "all since N" is one comparison. */
export const deskChangedSeq = pgSequence('desk_changed_seq');

export const deskMessage = pgTable(
  'desk_message',
  {
    id: uuid().primaryKey().defaultRandom(),
    conversation: text().notNull(),
    /** a person's id; null: the product itself */
    author: text(),
    /** one intent is one message, however often it is tried */
    intent: text().unique(),
    content: jsonb().notNull(),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
    placed: bigint({ mode: 'number' }).notNull(),
    changed: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    index('desk_message_conversation').on(table.conversation, table.placed),
    index('desk_message_changed').on(table.changed),
  ],
);
