/**
 * The Feishu adapter: everything in this folder put together behind the port. Decisions that cost others dearly: our own
 * edge in front (the SDK's checks let forged and replayed requests through), our own HTTP under the SDK's client (it takes
 * `code ≠ 0` for success and keeps dead tokens), a key on every post (a lost answer never doubles a message).
 */
import { setTimeout } from 'node:timers/promises';
import type { Hono } from 'hono';
import type { Logger } from 'pino';
import { z } from 'zod';
import {
  type ChatAdapter,
  type Check,
  DeliveryError,
  type Desk,
  type Examination,
  type Language,
  type MessageRef,
  type Rooms,
  type Sending,
  type Vitals,
  type Watch,
} from '../../src/core/chat.ts';
import { examineWords } from '../../src/words/examine.ts';
import { feishuWords } from '../../src/words/feishu.ts';
import { httpRoute, LongConnection, Refusals } from './connect.ts';
import { Feishu } from './deliver.ts';
import { linkedTo, textBehind } from './documents.ts';
import type { Secrets } from './edge.ts';
import { examineFeishu, QUOTA } from './examine.ts';
import type { People } from './fields.ts';
import { FeishuHttp } from './http.ts';
import { CALLBACK_MS, CARD_LIFE_MS, SKEW_MS } from './limits.ts';
import { type Command, registerPanel } from './panel.ts';
import { quoteOf } from './quote.ts';
import { Rates } from './rates.ts';
import { Reception } from './receive.ts';
import { renderCard, renderForm } from './render.ts';
import { Replies } from './replies.ts';
import { groupRooms } from './rooms.ts';
import { ring } from './urgent.ts';

export interface FeishuSettings {
  appId: string;
  appSecret: string;
  encryptKey?: string;
  verificationToken: string;
  transport: 'http' | 'socket';
  domain: string;
}

export interface FeishuDeps {
  desk: Desk;
  log: Logger;
  clock: () => Date;
  /** how many processes of ours use this app now */
  among?: () => number;
  commands: Command[];
  /** stores the first tenant key that it is given, and returns the stored one */
  pinTenant(tenantKey: string): Promise<string>;
  /** who can be chosen in a person field; without it Feishu offers only the members of the chat */
  people?: () => People;
  watch?: Watch;
  /** for tests that have less time than Feishu: how long the desk may take until a press is answered without it */
  answerWithinMs?: number;
  /** and how long it may be silent */
  askAgainMs?: number;
}

/** @throws Error with one sentence for the administrator when the settings cannot work */
export function createFeishu(given: FeishuSettings, deps: FeishuDeps): ChatAdapter {
  const settings = { ...given, domain: given.domain.replace(/\/+$/, '') };
  checkSettings(settings);
  return new FeishuAdapter(settings, deps);
}

function checkSettings({ appId, encryptKey, verificationToken, transport }: FeishuSettings): void {
  const say = feishuWords('en').setting;
  if (!verificationToken) throw new Error(say.verificationToken);
  if (transport === 'http' && !encryptKey) throw new Error(say.encryptKey);
  // the SDK's socket client only logs this, and never connects
  if (transport === 'socket' && !/^cli_[0-9a-fA-F]{16}$/.test(appId)) throw new Error(say.appId);
}

const BOT_INFO = { method: 'GET', url: '/open-apis/bot/v3/info' };

/** First tries follow each other quickly; a platform that stays away is asked every minute. */
const RETRY_MS = [500, 1000, 2000, 5000, 10_000, 30_000, 60_000];

/** Nobody may have called Feishu for so long without its being asked how things stand. */
const ASK_AGAIN_MS = 5 * 60_000;

class FeishuAdapter implements ChatAdapter {
  readonly platform = 'feishu' as const;
  readonly cardLifeMs = CARD_LIFE_MS;
  readonly #settings: FeishuSettings;
  readonly #deps: FeishuDeps;
  readonly #log: Logger;
  readonly #http: FeishuHttp;
  readonly #socketHttp: FeishuHttp;
  readonly #feishu: Feishu;
  readonly rooms: Rooms;
  readonly #replies: Replies;
  readonly #reception: Reception;
  readonly #refusals: Refusals;
  readonly #socket: LongConnection | undefined;
  readonly #secrets: Secrets;
  readonly #stopping = new AbortController();
  #starting: Promise<void> = Promise.resolve();
  #watching: Promise<void> = Promise.resolve();
  #bot: string | undefined;
  #skewMs: number | undefined;
  #trouble: { credentials?: string; away?: boolean; bot?: string; panel?: string; starting: boolean } = {
    starting: false,
  };

  constructor(settings: FeishuSettings, deps: FeishuDeps) {
    this.#settings = settings;
    this.#deps = deps;
    this.#log = deps.log.child({ platform: 'feishu' });
    const { appId, encryptKey, verificationToken } = settings;
    this.#secrets = { appId, encryptKey, verificationToken };
    const heard = (time: Date) => this.#heardTime(time);
    this.#http = new FeishuHttp(heard);
    this.#socketHttp = new FeishuHttp(heard, { codesAreErrors: false });
    this.#feishu = new Feishu(settings, this.#http, new Rates(undefined, deps.among));
    this.rooms = groupRooms(this.#feishu);
    this.#replies = new Replies(this.#feishu, this.#log);
    this.#refusals = new Refusals(this.#log, deps.watch);
    this.#reception = new Reception({
      desk: deps.desk,
      log: this.#log,
      replies: this.#replies,
      people: () => this.#people(),
      bot: () => this.#bot,
      pinTenant: (key) => deps.pinTenant(key),
      quote: (message) => quoteOf(this.#feishu, message),
      answerWithinMs: deps.answerWithinMs ?? CALLBACK_MS,
    });
    if (settings.transport === 'socket') this.#socket = this.#longConnection();
  }

  #longConnection(): LongConnection {
    const { appId, appSecret, domain } = this.#settings;
    return new LongConnection({
      settings: { appId, appSecret, domain },
      secrets: this.#secrets,
      reception: this.#reception,
      log: this.#log,
      http: this.#socketHttp,
      refusals: this.#refusals,
    });
  }

  queued(sends: readonly Sending[]): number[] {
    return this.#feishu.queued(sends);
  }

  routes(app: Hono): void {
    if (this.#settings.transport !== 'http') return;
    const { clock } = this.#deps;
    const [secrets, reception, log, refusals] = [this.#secrets, this.#reception, this.#log, this.#refusals];
    httpRoute(app, { secrets, reception, log, clock, refusals });
  }

  async start(): Promise<void> {
    this.#trouble.starting = true;
    this.#starting = this.#getReady().finally(() => {
      this.#trouble.starting = false;
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#socket?.stop();
    this.#reception.stop();
    await this.#replies.stop();
    this.#http.stop();
    this.#socketHttp.stop();
    await this.#starting;
    await this.#watching;
  }

  trouble(language: Language = this.#ownLanguage()): string | undefined {
    const say = feishuWords(language).trouble;
    const { credentials, away, bot, panel, starting } = this.#trouble;
    if (credentials === QUOTA) return examineWords(language).feishu.quota.what;
    if (credentials !== undefined) return say.credentials(credentials);
    const skew = Math.abs(this.#skewMs ?? 0);
    if (skew > SKEW_MS) return say.skew(Math.round(skew / 1000));
    if (away) return say.away;
    if (starting) return say.starting;
    if (this.#socket !== undefined && !this.#socket.up) return say.socket;
    if (bot !== undefined) return say.bot(bot);
    return panel === undefined ? undefined : say.panel(panel);
  }

  vitals(): Vitals {
    return {
      ...(this.#skewMs === undefined ? {} : { skewMs: this.#skewMs }),
      ...(this.#socket === undefined ? {} : { socketUp: this.#socket.up }),
    };
  }

  async post(...[to, content, intent, language]: Parameters<ChatAdapter['post']>): ReturnType<ChatAdapter['post']> {
    const card =
      content.kind === 'card' ? renderCard(content.card, language) : renderForm(content.form, this.#people(), language);
    return this.#watched(() => this.#feishu.post(to, card, intent.id));
  }

  async edit(...[ref, card, language]: Parameters<ChatAdapter['edit']>): Promise<void> {
    this.#reception.edited(ref.message);
    await this.#watched(() => this.#feishu.edit(ref.message, renderCard(card, language)));
    this.#reception.edited(ref.message); // a press may have begun while it was under way
  }

  async examine(asked: Examination): Promise<Check[]> {
    const { appId, appSecret, domain, transport } = this.#settings;
    return examineFeishu(
      {
        feishu: this.#feishu,
        http: this.#socketHttp,
        settings: { appId, appSecret, domain, transport },
        skewMs: () => this.#skewMs,
      },
      asked,
    );
  }

  async remove(ref: MessageRef): Promise<void> {
    await this.#watched(() => this.#feishu.remove(ref.message));
  }

  async fetchFile(ref: Record<string, string>): ReturnType<ChatAdapter['fetchFile']> {
    return this.#watched(() => this.#feishu.fetchFile(ref));
  }

  /** A scope that is missing for this alone says nothing of how things stand with Feishu. @throws DeliveryError */
  async ring(...[ref, account, how]: Parameters<NonNullable<ChatAdapter['ring']>>): Promise<void> {
    await ring(this.#feishu, ref, account, how);
  }

  /** What one document is kept from us says nothing of how things stand with Feishu. @throws DeliveryError */
  async textOf(url: string): Promise<string | undefined> {
    const link = linkedTo(url);
    return link && textBehind(link, this.#feishu);
  }

  /** Each call also tells how things stand with Feishu. */
  async #watched<T>(call: () => Promise<T>): Promise<T> {
    try {
      const result = await call();
      this.#heardFrom();
      return result;
    } catch (error) {
      this.#heardOf(error);
      throw error;
    }
  }

  #heardFrom(): void {
    delete this.#trouble.credentials;
    this.#trouble.away = false;
  }

  #heardOf(error: unknown): void {
    if (!(error instanceof DeliveryError)) return;
    if (error.problem === 'credentials') this.#trouble.credentials = error.code;
    else if (error.code === 'no-connection' || error.code === 'no-answer') this.#trouble.away = true;
    else if (error.code !== 'own-rate-limit') this.#heardFrom();
  }

  /** Waits for Feishu as long as it takes; what comes then is done once, each part on its own. */
  async #getReady(): Promise<void> {
    if (!(await this.#reach())) return;
    this.#socket?.start();
    await this.#learnBot();
    await this.#learnTenant();
    await this.#showPanel();
    this.#watching = this.#keepAsking();
  }

  /**
   * On a quiet day nobody calls Feishu: a clock that goes wrong would be heard of by nobody, and from 300 s on every callback is refused, after
   * which nothing calls it at all. The same with a secret that was changed, and with its mend.
   */
  async #keepAsking(): Promise<void> {
    const everyMs = this.#deps.askAgainMs ?? ASK_AGAIN_MS;
    for (await this.#pause(everyMs); !this.#stopping.signal.aborted; await this.#pause(everyMs)) {
      await this.#watched(() => this.#feishu.call(BOT_INFO)).catch((error: unknown) =>
        this.#log.warn({ code: codeOf(error) }, 'Feishu was asked in vain how things stand'),
      );
    }
  }

  async #reach(): Promise<boolean> {
    for (let tried = 0; !this.#stopping.signal.aborted; tried += 1) {
      try {
        await this.#watched(() => this.#feishu.warmUp());
        return true;
      } catch (error) {
        const code = error instanceof DeliveryError ? error.code : 'unknown';
        this.#log.warn({ code, tried }, 'Feishu gives no token yet');
      }
      await this.#pause(RETRY_MS[Math.min(tried, RETRY_MS.length - 1)] ?? 60_000);
    }
    return false;
  }

  /** The bot's own account, to know when it is meant. https://open.feishu.cn/document/ukTMukTMukTM/uAjMxEjLwITMx4CMyETM */
  async #learnBot(): Promise<void> {
    for (let tried = 0; tried < RETRY_MS.length && !this.#stopping.signal.aborted; tried += 1) {
      try {
        const answer = await this.#feishu.call(BOT_INFO);
        this.#bot = z.object({ bot: z.object({ open_id: z.string().min(1) }) }).parse(answer).bot.open_id;
        delete this.#trouble.bot;
        return;
      } catch (error) {
        this.#trouble.bot = error instanceof DeliveryError ? error.code : 'unreadable';
        this.#log.warn({ code: this.#trouble.bot }, "the bot's own account could not be read");
        if (!(error instanceof DeliveryError) || error.problem !== 'retry-later') return;
      }
      await this.#pause(RETRY_MS[tried] ?? 1000);
    }
  }

  /** With the scope for it we know our tenant before its first event; without, the first verified event tells. */
  async #learnTenant(): Promise<void> {
    try {
      const answer = await this.#feishu.call({ method: 'GET', url: '/open-apis/tenant/v2/tenant/query' });
      const Told = z.object({ data: z.object({ tenant: z.object({ tenant_key: z.string().min(1) }) }) });
      await this.#deps.pinTenant(Told.parse(answer).data.tenant.tenant_key);
    } catch (error) {
      this.#log.debug({ code: codeOf(error) }, 'the tenant could not be asked for');
    }
  }

  async #showPanel(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    try {
      const { create, patch, remove } = await registerPanel(this.#feishu, this.#deps.commands);
      delete this.#trouble.panel;
      const counts = { created: create.length, changed: patch.length, removed: remove.length };
      this.#log.info(counts, 'the slash-command panel is registered');
    } catch (error) {
      this.#trouble.panel = codeOf(error);
      this.#log.warn({ code: codeOf(error) }, 'the slash-command panel could not be registered');
    }
  }

  #heardTime(theirs: Date): void {
    // their header has whole seconds
    this.#skewMs = this.#deps.clock().getTime() - theirs.getTime();
  }

  #people(): People {
    return this.#deps.people?.() ?? [];
  }

  /** The desk speaks the company's language to accounts that it does not know. */
  #ownLanguage(): Language {
    return this.#deps.desk.languageOf('feishu', '');
  }

  /** Ends early when we stop. */
  async #pause(ms: number): Promise<void> {
    await setTimeout(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

const codeOf = (error: unknown): string => (error instanceof DeliveryError ? error.code : 'unreadable');
