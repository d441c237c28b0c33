/**
 * What the desk keeps: one row per message, in a conversation; and the small store behind it. The desk is its own
 * chat platform, so unlike Slack and Feishu it must remember what was said.
 */
import type { Content } from '../../src/core/chat.ts';

/** A file as the page knows it after its upload; `id` names the file in the uploads folder. */
export interface DeskFile {
  id: string;
  name: string;
  mime: string;
  size: number;
}

/** A form that was posted stands as a message that opens it; a person's own words stand as they were typed. */
export type DeskContent =
  | Content
  | { kind: 'text'; text: string; files: DeskFile[] }
  /** in the list of somebody's rooms */
  | { kind: 'room'; id: string; name: string };

export interface DeskMessage {
  id: string;
  conversation: string;
  /** a person's id; null: the product itself */
  author: string | null;
  content: DeskContent;
  at: Date;
  /** its place in the conversation: never changes */
  placed: number;
  /** grows with every change; `placed` and `changed` come from one sequence, so they are equal until the first edit */
  changed: number;
}

export interface Draft {
  conversation: string;
  author: string | null;
  content: DeskContent;
  /** two saves with one intent are one message */
  intent?: string;
}

export interface DeskStore {
  /** @returns the message of this intent, were it the first or a later try */
  save(draft: Draft): Promise<DeskMessage>;
  /** @returns false where there is no such message */
  update(id: string, content: DeskContent): Promise<boolean>;
  findByIntent(intent: string): Promise<DeskMessage | undefined>;
  /** the newest `limit` messages before `before`, oldest first */
  page(conversation: string, before: number | undefined, limit: number): Promise<DeskMessage[]>;
  /** the oldest `limit` changes after `mark`, in the order in which they became visible */
  changedSince(mark: number, limit: number): Promise<DeskMessage[]>;
  /** the newest change of all */
  mark(): Promise<number>;
  /** @returns how to stop listening. A listener may be woken once too often, never too seldom for more than moments. */
  onChange(listener: () => void): () => void;
}

export const directOf = (person: string): string => `direct:${person}`;
export const homeOf = (person: string): string => `home:${person}`;
export const roomListOf = (person: string): string => `rooms:${person}`;
/** Channels of the handbook have no colon in their names. */
export const isRoom = (id: string): boolean => id.startsWith('room:');
export const channelOf = (key: string): string => `channel:${key}`;
export const isRoomConversation = (conversation: string): boolean => conversation.startsWith(channelOf('room:'));

/** What a person calls a conversation from where they sit: `bot` and `home` are theirs alone. */
export function conversationOf(person: string, place: string): string | undefined {
  if (place === 'bot') return directOf(person);
  if (place === 'home') return homeOf(person);
  return place.startsWith('channel:') ? place : undefined;
}

/** The other way round; undefined: a conversation of somebody else. */
export function placeOf(person: string, conversation: string): string | undefined {
  if (conversation === directOf(person)) return 'bot';
  if (conversation === homeOf(person)) return 'home';
  return conversation.startsWith('channel:') ? conversation : undefined;
}
