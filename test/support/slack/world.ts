/** What the fake Slack remembers: people, channels, messages, windows, triggers, and every call that was made. */
import { EventEmitter } from 'node:events';
import type { Obj } from './validate.ts';

export interface FakeUser {
  id: string;
  name: string;
  team: string;
  guest: boolean;
  bot: boolean;
  deleted: boolean;
}

export interface FakeChannel {
  id: string;
  name: string;
  private: boolean;
  archived: boolean;
  /** is the product's bot in it? */
  botIn: boolean;
  /** for a direct chat with the bot: the person */
  with: string | undefined;
  members: Set<string>;
  creator: string | undefined;
  /** seconds */
  created: number;
  topic: string;
  purpose: string;
  /** the messages on top of it, by their `ts` */
  pins: string[];
}

export interface FakeMessage {
  channel: string;
  ts: string;
  text: string;
  blocks: Obj[];
  metadata: Obj | undefined;
  /** only this person sees it */
  ephemeralFor: string | undefined;
  /** how often it has been changed */
  edits: number;
  /** the response_url by which it came */
  through?: string;
  /** mentions, broadcasts and links that Slack would bring to life: none, unless the product means it */
  live: string[];
}

export interface FakeView {
  id: string;
  hash: string;
  user: string;
  type: 'modal' | 'home';
  title: string;
  callback_id: string;
  private_metadata: string;
  blocks: Obj[];
  /** what the person has typed or chosen, by block id */
  typed: Record<string, unknown>;
  /** what Slack shows under the fields, by block id */
  errors: Record<string, string>;
  full: Obj;
}

export interface FakeFile {
  id: string;
  name: string;
  mimetype: string;
  bytes: Buffer;
}

export interface Call {
  method: string;
  args: Obj;
  answer: Obj | undefined;
}

export type Failure =
  /** Slack's own code; `with` adds to the answer (`{ needed: 'im:history' }`) */
  | { error: string; with?: Obj }
  /** 429, 500, …; `retryAfter` in seconds, left out of the header where absent */
  | { status: number; retryAfter?: number }
  /** the connection is lost before anything was done, or after all was done */
  | 'cut before'
  | 'cut after'
  /** no answer at all */
  | 'hang';

/** What one call meets with: late on its way there, not carried out or not answered, late on its way back. */
export interface Weather {
  beforeMs?: number;
  fault?: Failure;
  afterMs?: number;
}

export interface Trigger {
  user: string;
  at: number;
  used: boolean;
}
export interface ResponseUrl {
  user: string;
  channel: string;
  /** the message that was pressed */
  message: FakeMessage | undefined;
  uses: number;
  at: number;
}

export interface WorldOptions {
  team: string;
  enterprise: string | undefined;
  botToken: string;
  appToken: string;
  signingSecret: string;
  scopes: string[];
  clock: () => Date;
  /** asked at each call, where no story has asked for a fault; `channel`: where it would go */
  weather?: ((method: string, channel: string) => Weather | undefined) | undefined;
}

export class World {
  readonly options: WorldOptions;
  readonly botUser = 'U0BOT';
  readonly botId = 'B0BOT';
  readonly users = new Map<string, FakeUser>();
  readonly channels = new Map<string, FakeChannel>();
  readonly messages: FakeMessage[] = [];
  readonly files = new Map<string, FakeFile>();
  readonly triggers = new Map<string, Trigger>();
  readonly responseUrls = new Map<string, ResponseUrl>();
  readonly homes = new Map<string, FakeView>();
  /** by person, the topmost last */
  readonly windows = new Map<string, FakeView[]>();
  readonly calls: Call[] = [];
  readonly failures = new Map<string, Failure[]>();
  readonly latencies = new Map<string, number>();
  readonly changed = new EventEmitter();
  /** undefined: the token is good */
  tokenProblem: string | undefined;
  baseUrl = '';
  private counter = 0;
  private lastTs = 0;

  constructor(options: WorldOptions) {
    this.options = options;
    this.changed.setMaxListeners(0);
    this.addUser({ id: this.botUser, name: 'bot', bot: true });
  }

  next(prefix: string): string {
    this.counter += 1;
    return `${prefix}${String(this.counter).padStart(6, '0')}`;
  }

  /** Like Slack's: seconds with six digits, unique and growing. */
  nextTs(): string {
    this.lastTs = Math.max(this.options.clock().getTime() * 1000, this.lastTs + 1);
    return `${Math.floor(this.lastTs / 1_000_000)}.${String(this.lastTs % 1_000_000).padStart(6, '0')}`;
  }

  addUser(user: { id: string } & Partial<FakeUser>): FakeUser {
    const added = { name: user.id, team: this.options.team, guest: false, bot: false, deleted: false, ...user };
    this.users.set(user.id, added);
    return added;
  }

  addChannel(channel: { id: string; members?: string[] } & Partial<Omit<FakeChannel, 'members'>>): FakeChannel {
    const { members, ...given } = channel;
    const added = {
      name: channel.id.toLowerCase(),
      private: false,
      archived: false,
      botIn: true,
      with: undefined,
      creator: undefined,
      created: 0,
      topic: '',
      purpose: '',
      pins: [],
      ...given,
      members: new Set(members ?? []),
    };
    this.channels.set(channel.id, added);
    return added;
  }

  directOf(user: string): FakeChannel {
    const id = `D${user.slice(1)}`;
    return (
      this.channels.get(id) ??
      this.addChannel({ id, name: 'directmessage', private: true, with: user, members: [user] })
    );
  }

  addTrigger(user: string): string {
    const id = `${this.next('13')}.${this.options.team}.${Math.random().toString(36).slice(2)}`;
    this.triggers.set(id, { user, at: performance.now(), used: false });
    return id;
  }

  addResponseUrl(user: string, channel: string, message: FakeMessage | undefined): string {
    const id = this.next('R');
    this.responseUrls.set(id, { user, channel, message, uses: 0, at: performance.now() });
    return `${this.baseUrl}/response/${id}`;
  }

  topWindow(user: string): FakeView | undefined {
    return this.windows.get(user)?.at(-1);
  }

  findWindow(id: unknown): FakeView | undefined {
    return [...this.windows.values()].flat().find((view) => view.id === id);
  }

  touch(): void {
    this.changed.emit('changed');
  }
}
