/**
 * The manifest by which a noun of the department joins the road: how its state is loaded under a lock, decided upon, kept, and who
 * must hear of it. The road calls these in this order and knows nothing else of the module.
 */
import type { TransactionSql } from 'postgres';
import type { Card } from './card.ts';
import type { Language } from './chat.ts';
import type { Actor, Command, Decision, Event, JsonObject } from './message.ts';

export type Tx = TransactionSql<{ bigint: bigint }>;

/** `room`: a room that was opened for one subject, by the platform's own id. */
export type Audience = { person: string } | { channel: string } | { room: { platform: string; id: string } };

/**
 * What a message is: kept true, told once, sent out once, a page of one's own; `page`: calls a person and is kept true like a card;
 * `ring`: the louder ways of the same call, each sounded once.
 */
export type Sort = 'card' | 'notice' | 'letter' | 'home' | 'page' | 'ring';

/** The ways to ring somebody, besides the chats: louder and louder. */
export const LINES = ['feishu-app', 'feishu-sms', 'feishu-phone', 'sms', 'phone', 'pager'] as const;
export type Line = (typeof LINES)[number];

/** Where a message goes on one platform. */
export interface Place {
  platform: string;
  kind: 'direct' | 'channel';
  id: string;
}

/** Nothing may ring before `until`; `gather`: it becomes one message then with all the others that waited. */
export interface Wait {
  until: Date;
  gather: boolean;
}

type Told = 'card' | 'notice' | 'letter';

/** Where an audience is to be found, and when it may be rung, as of now. */
export interface Reach {
  /** `page`: wherever they have a chat, whatever they prefer */
  places(to: Audience, kind: Told | 'page'): Place[];
  wait(to: Audience, effect: { kind: Told; lane: Lane; soon?: boolean }): Wait | undefined;
  /** undefined: this person cannot be rung so */
  line(person: string, line: Line): Place | undefined;
}

/** Lanes of the outbox: what goes first when there is more to say than the platforms take. */
export const LANE = { page: 0, decision: 1, card: 2, reminder: 3 } as const;
export type Lane = (typeof LANE)[keyof typeof LANE];

/** What must follow from events, as data: the road carries it out in the same transaction. */
export type Effect =
  /** this audience has a card of the subject on each platform where they are; existing cards become stale by themselves */
  | { kind: 'card'; to: Audience; lane: Lane }
  /** told once, on one platform (`via` if they are there); `key` makes the same notice the same; `soon`: too late in tomorrow's digest */
  | {
      kind: 'notice';
      to: Audience;
      about: string;
      data: JsonObject;
      key: string;
      lane: Lane;
      via?: string;
      soon?: boolean;
    }
  /** sent out to wherever letters reach this audience (mail, WeCom), beside what they have in their chats (rule N1) */
  | { kind: 'letter'; to: Audience; about: string; data: JsonObject; key: string; lane: Lane }
  /** calls this person at once on every chat where they are, at any hour; stays, and is kept true */
  | { kind: 'page'; to: { person: string }; call: string }
  /** sounds once, for that round of that call, by one louder way; `key` makes the same ring the same */
  | { kind: 'ring'; to: { person: string }; call: string; round: number; line: Line; key: string }
  /** the clock will send `command` at `due`; the same key replaces an earlier promise; `urgent`: before all that are not, whatever is waiting */
  | { kind: 'timer'; key: string; command: string; args: JsonObject; due: Date; urgent?: true }
  | { kind: 'cancel'; key: string }
  /** whose App Homes, projections over all subjects, are stale now */
  | { kind: 'homes'; people: string[] }
  /** other subjects whose cards show something of this one */
  | { kind: 'stale'; subjects: string[] };

export interface Moment<World> {
  actor: Actor;
  at: Date;
  world: World;
}

export interface Module<World, State, E extends Event, Facts> {
  /** the part of a command's name before the dot */
  name: string;
  /** its commands change what `World` is read from: they are carried out while nobody else decides */
  changesWorld?: true;
  /** Locks the subject, then reads it. */
  load(tx: Tx, subject: string): Promise<State | undefined>;
  gather(tx: Tx, state: State | undefined, command: Command, moment: Moment<World>): Promise<Facts>;
  decide(state: State | undefined, command: Command, facts: Facts, moment: Moment<World>): Decision<E>;
  evolve(state: State | undefined, event: E, moment: Moment<World>): State;
  subjectOf(state: State): string;
  /** sends all its statements at once: whatever is asked in this transaction after it sees them, awaited or not */
  save(tx: Tx, before: State | undefined, after: State, events: E[], moment: Moment<World>): Promise<void>;
  effects(before: State | undefined, after: State, events: E[], facts: Facts, moment: Moment<World>): Effect[];
}

/** How the subject's messages are drawn, from the latest state, for one reader. `undefined`: no longer to be shown. */
export interface Drawer {
  draw(message: {
    kind: Sort;
    subject: string;
    audience: Audience;
    about: string | undefined;
    data: JsonObject | undefined;
    language: Language;
    /** 1: shorter and plainer, after a platform refused the full one */
    plain: boolean;
    /** nothing of it can stand there yet: what has ended meanwhile need not begin */
    unposted?: boolean;
  }): Promise<Card | undefined>;
}
