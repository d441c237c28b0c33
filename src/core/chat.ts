/**
 * The port between the product and a chat platform. Adapters turn a platform's payload into an `Inbound`, hand it to
 * `Desk.take`, answer with the `Reply`; and carry out `post` and `edit`, turning the platform's error codes into a
 * `DeliveryError`. Nothing else crosses.
 */
import type { Readable } from 'node:stream';
import type { Hono } from 'hono';
import type { ActionRef, Card, Form } from './card.ts';

/** Where people talk and live cards stand; `wecom` and `email` carry what is sent out (rule N1); the last three only ring (rule C3). */
export type Platform = 'slack' | 'feishu' | 'desk' | 'wecom' | 'email' | 'sms' | 'phone' | 'pager';
export type Language = 'zh' | 'en';

/** Where a message goes: a person's direct chat (their account id) or a channel, in the platform's own ids. */
export interface Address {
  kind: 'direct' | 'channel';
  id: string;
}

/** Where a message stands. `channel` is the id that the platform returned (Slack: the D… of a direct chat). */
export interface MessageRef {
  channel: string;
  message: string;
}

export interface InboundFile {
  /** what `ChatAdapter.fetchFile` needs to fetch it later */
  ref: Record<string, string>;
  name: string;
  mime?: string;
  size?: number;
}

export interface Inbound {
  platform: Platform;
  /** unique per platform for one act of one person; the same act delivered again has the same id */
  deliveryId: string;
  /** `foreign`: not of our workspace or tenant (guest, Slack Connect, other tenant): known only by the platform */
  from: { account: string; foreign: boolean };
  at: Address;
  /** the message the button stood on or the file replied to, where there is one */
  message?: MessageRef;
  what: /** a command as typed: `/spend 3.2万 春季促销物料`; a mention in it reads `<@ACCOUNT>` */
    | { kind: 'text'; text: string; files: InboundFile[] }
    | { kind: 'action'; action: ActionRef }
    /** values by field id; a `person` field's value is an ACCOUNT of this platform; an untouched field is absent */
    | { kind: 'form'; action: ActionRef; values: Record<string, string>; files: Record<string, InboundFile[]> }
    /** a message that somebody else wrote, handed on by whoever acts; `by`: its author's account, or their name where there is none */
    | { kind: 'quote'; text: string; by: string; sentAt: string; link?: string; files: InboundFile[] }
    | { kind: 'home' };
}

/** What the person who acted is told, within the platform's three seconds. Only they see it. */
export type Reply =
  | { kind: 'nothing' }
  /** `card`: the pressed message as it is now (for platforms whose answer may carry it) */
  | { kind: 'said'; tone: 'good' | 'bad' | 'info'; text: string; card?: Card }
  /** `say`: one sentence for platforms whose answer cannot hold a form and that send it after */
  | { kind: 'form'; form: Form; say: string }
  /** a form came back with faults: the same form with `fault` at its fields */
  | { kind: 'faults'; form: Form; say: string }
  /** a card for this person's eyes */
  | { kind: 'card'; card: Card };

/** How loud a message that stands already is made (Feishu 加急). */
export type Loudness = 'app' | 'sms' | 'phone';

/** What became of a ring: nobody's act, since only a person's answer counts. */
export interface RingReport {
  platform: Platform;
  /** the card's answering button, as the adapter was handed it: names the subject and the call */
  action: ActionRef;
  /** who was rung */
  account?: string;
  outcome: 'delivered' | 'failed' | 'busy' | 'no-answer';
  /** the platform's own code, where it gives one */
  code?: string;
}

/** Somebody who could not be brought into a room, by account, with the platform's own code. */
export interface NotIn {
  account: string;
  code: string;
}

/** Rooms of their own on a platform: a private channel, a group. */
export interface Rooms {
  /**
   * Opens a room, or finds the one that an earlier try of this intent opened. `name`: small letters, digits and `-`, ours to choose;
   * `title`: for people. Whoever cannot be brought in is told in `out`; the room stands all the same. @throws DeliveryError
   */
  open(
    room: { name: string; title: string; accounts: string[] },
    intent: Intent,
  ): Promise<{ id: string; out: NotIn[] }>;
  /** Whoever is in already counts as brought in. @throws DeliveryError where nobody at all could be asked for */
  invite(room: string, accounts: string[]): Promise<NotIn[]>;
  /** Again and again the same: pinned once. @throws DeliveryError */
  pin(ref: MessageRef): Promise<void>;
}

export interface Desk {
  /** Never throws: every failure is a Reply in the person's language, with a reference number if nobody planned it. */
  take(inbound: Inbound): Promise<Reply>;
  /** The answer that carried `reply.card` has left: draw that message once more (an earlier edit may have been undone). */
  answered(platform: Platform, message: MessageRef): void;
  /** The language of whoever has this account; the company's for strangers. */
  languageOf(platform: Platform, account: string): Language;
}

/** The one message id that we choose: put into the platform's idempotency key or metadata. */
export interface Intent {
  id: string;
  /** an earlier try of this same intent may have succeeded unseen */
  triedBefore: Date | undefined;
  /** the last of those tries was over by then; absent: that is not known */
  triedUntil?: Date | undefined;
}

export type Content = { kind: 'card'; card: Card } | { kind: 'form'; form: Form };

/** What an adapter tells whoever watches over it: figures and reasons, never contents. */
export interface Watch {
  /** a request was not let in; `why`: one of the few words that the adapter has for it */
  refused(why: string): void;
}

/** How things stand by what was heard last; nobody is asked for it. */
export interface Vitals {
  /** absent: the platform comes by HTTP */
  socketUp?: boolean;
  /** how far our clock is ahead of theirs; absent: not heard yet */
  skewMs?: number;
}

/** One thing that was looked at, in an administrator's words. `stops`: nothing goes by this platform; `limits`: something does not. */
export type Check = { kind: 'well'; what: string } | { kind: 'note' | 'limits' | 'stops'; what: string; mend: string };

/** What an adapter is to look at: whatever of the handbook stands on this platform. */
export interface Examination {
  language: Language;
  channels: readonly { name: string; id: string }[];
  people: readonly { name: string; account: string }[];
  /** tried where the platform can check content without showing it */
  samples: readonly Content[];
  /** an installer asks: also what a running program knows by itself */
  thorough: boolean;
}

/** What is about to go out: as a new message in a place (`again`: an earlier try may have succeeded unseen), as an edit of one, or onto somebody's page. */
export type Sending = { how: 'post'; to: string; again: boolean } | { how: 'edit'; message: string } | { how: 'home' };

export interface ChatAdapter {
  platform: Platform;
  /** how long a message stays editable and pressable, where the platform ends it (Feishu: 14 days) */
  cardLifeMs: number | undefined;
  /** adds its HTTP routes; called once before `start` */
  routes(app: Hono): void;
  /** connects and checks itself; must not throw because the platform is away: it goes on trying */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** one line, for `/healthz` in a language of its own choice: undefined when all is well */
  trouble(language?: Language): string | undefined;
  /** How long each of these would have to wait under our own limits, were they sent in this order, milliseconds; nothing is sent or taken. */
  queued?(sends: readonly Sending[]): number[];
  vitals?(): Vitals;
  /** Asks the platform now, whether we were started or not; changes nothing there. Never throws: what could not be asked is a check that failed. */
  examine?(asked: Examination): Promise<Check[]>;
  /** Takes a message of ours back. @throws DeliveryError */
  remove?(ref: MessageRef): Promise<void>;
  /** @throws DeliveryError */
  post(to: Address, content: Content, intent: Intent, language: Language): Promise<MessageRef>;
  /** @throws DeliveryError */
  edit(ref: MessageRef, card: Card, language: Language): Promise<void>;
  /** App Home, where the platform has one. @throws DeliveryError */
  home?(account: string, card: Card, language: Language): Promise<void>;
  /** The text behind a link of the platform's own documents; undefined: no link of that kind. @throws DeliveryError */
  textOf?(url: string): Promise<string | undefined>;
  /** Rings this person for a message of ours that stands in their chat. @throws DeliveryError; `unreachable`: not by this way */
  ring?(ref: MessageRef, account: string, how: Loudness): Promise<void>;
  rooms?: Rooms;
  /** @throws DeliveryError */
  fetchFile(ref: Record<string, string>): Promise<{ stream: Readable; mime: string | undefined }>;
}

export type DeliveryProblem =
  /** wait `afterMs` (rate limit, platform down) and try the same again */
  | 'retry-later'
  /** it may have been carried out: look, or repeat under the same idempotency key */
  | 'ambiguous'
  /** the message is no more or may not be edited any more: post it anew, once */
  | 'gone'
  /** this person or channel cannot be reached here (archived, not in channel, left): go to the next channel */
  | 'unreachable'
  /** the content is refused: fall back to plain text, then dead letter */
  | 'rejected'
  /** our token or scope is refused: an administrator must act; keep everything */
  | 'credentials';

export class DeliveryError extends Error {
  readonly problem: DeliveryProblem;
  readonly platform: Platform;
  /** the platform's own code, for metrics and the administrator */
  readonly code: string;
  readonly afterMs: number | undefined;
  constructor(
    platform: Platform,
    problem: DeliveryProblem,
    code: string,
    options: { afterMs?: number; cause?: unknown } = {},
  ) {
    super(`${platform} ${problem}: ${code}`, { cause: options.cause });
    this.name = 'DeliveryError';
    this.platform = platform;
    this.problem = problem;
    this.code = code;
    this.afterMs = options.afterMs;
  }
}
