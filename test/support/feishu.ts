/**
 * A strict Feishu for tests: a real HTTP server with the platform's API, its long connection, and people who use its client.
 *
 *   const feishu = await startFakeFeishu();                       // wang, li, zhao, sun; groups oc_pr, oc_crisis, oc_audit
 *   const adapter = createFeishu(feishu.settings('http'), deps);  // or 'socket': the adapter connects to it by itself
 *   feishu.deliverTo('http://127.0.0.1:3000/feishu/events');      // or a function (request: Request) => Response
 *
 *   await feishu.say('ou_wang', 'p2p', '/spend 3.2万 物料');       // typed in the direct chat; 'oc_pr' for the group
 *   await feishu.say('ou_wang', 'oc_pr', '/spend 3万 <@ou_li>', { mentionBot: true });
 *   const card = await feishu.when(() => feishu.messagesOf('ou_li')[0], 'the card of 李娜');
 *   const { status, answer, ms } = await feishu.press('ou_li', card, '批准');   // the answer's card is applied as the client does
 *   await feishu.fill('ou_wang', form, { amount: '3.2万' }, '提交');            // required fields, options and lengths are checked
 *   await feishu.menu('ou_wang', 'cmd:/spend');
 *   await feishu.sendFile('ou_wang', 'p2p', { name: '报价.pdf', bytes, mime: 'application/pdf' }, { replyTo: card });
 *
 *   feishu.cardText(card)  feishu.buttonsOf(card)  feishu.toasts('ou_li')  feishu.messagesOf('oc_pr')  feishu.calls
 *   await done.redeliver()                             // the same event once more, newly signed
 *   feishu.fail('/im/v1/messages', 'cut-after')        // see `Failure`; how many times is the third argument
 *   feishu.recall(card)  feishu.chat('oc_pr').botIn = false  feishu.person('ou_li').left = true  feishu.revokeTokens()
 *   expect(feishu.complaints).toEqual([])              // what a person would have seen as an error of the app
 *
 * `seal`, `sign`, `encrypt` in ./feishu/seal.ts make requests for forgers. It refuses what the real one refuses: wrong tokens, unknown receivers, cards that break Card JSON 2.0, bodies over 30 KB,
 * edits after 14 days (by `clock`), more than 5 a second (by the wall clock); a `uuid` brings the same message for an hour.
 * A message that is edited while a press of it is being answered flips back when the answer arrives, as the real client does.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callbackValue, isJson } from './feishu/card-rules.ts';
import { buttonOn, buttonsOf, cardText, fieldsOf, filledForm, readAnswer, type Toast } from './feishu/client.ts';
import { type Answered, LongLine } from './feishu/line.ts';
import { type Failure, type FakeMessage, type Json, Platform } from './feishu/platform.ts';
import { seal } from './feishu/seal.ts';

export type Target = string | ((request: Request) => Response | Promise<Response>);

export interface Delivery {
  eventId: string;
  status: number;
  /** the JSON that was answered */
  answer: Json;
  ms: number;
  /** Feishu's retries (15 s, 5 min, 1 h, 6 h later) bring the same event again */
  redeliver(): Promise<Delivery>;
}

export interface FakeOptions {
  appId?: string;
  appSecret?: string;
  encryptKey?: string;
  verificationToken?: string;
  tenantKey?: string;
  people?: string[];
  /** groups and their members; the bot is in all of them */
  chats?: Record<string, string[]>;
  clock?: () => Date;
}

const PEOPLE = ['ou_wang', 'ou_li', 'ou_zhao', 'ou_sun'];
const STRANGERS = 'tenant-of-strangers';
const messageId = () => `om_${randomUUID().replaceAll('-', '')}`;

export async function startFakeFeishu(options: FakeOptions = {}): Promise<FakeFeishu> {
  const fake = new FakeFeishu(options);
  await fake.open();
  return fake;
}

export class FakeFeishu {
  readonly platform: Platform;
  readonly secrets: { encryptKey: string; verificationToken: string };
  /** what the person's client would have shown as a fault of the app: late answers, unusable cards */
  readonly complaints: string[] = [];
  domain = '';
  /** what can be read and pressed on a message's card; `fieldsOf`: a form's fields with what stands in them */
  readonly cardText = cardText;
  readonly buttonsOf = buttonsOf;
  readonly fieldsOf = fieldsOf;
  #target: Target | undefined;
  readonly #line = new LongLine(() => this.#look());
  readonly #toasts = new Map<string, Toast[]>();
  readonly #watchers = new Set<() => void>();
  readonly #server = createServer((request, response) => {
    this.platform.handle(request, response).catch((error) => {
      this.complaints.push(String(error));
      response.destroy();
    });
  });

  constructor(options: FakeOptions) {
    const people = options.people ?? PEOPLE;
    this.platform = new Platform({
      appId: options.appId ?? 'cli_a1b2c3d4e5f60718',
      appSecret: options.appSecret ?? 'app-secret-of-the-tests',
      tenantKey: options.tenantKey ?? 'tenant-galaxy',
      people,
      chats: options.chats ?? { oc_pr: people, oc_crisis: people, oc_audit: people },
      clock: options.clock ?? (() => new Date()),
    });
    this.platform.changed = () => this.#look();
    this.platform.lines = () => this.#line.open;
    this.secrets = {
      encryptKey: options.encryptKey ?? 'encrypt-key-of-the-tests',
      verificationToken: options.verificationToken ?? 'verification-token-of-the-tests',
    };
  }

  async open(): Promise<void> {
    this.#server.on('upgrade', (request, socket) => this.#line.accept(request, socket));
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    this.domain = `http://127.0.0.1:${port}`;
    // the SDK looks for `device_id` behind an `&`
    this.platform.socketUrl = `ws://127.0.0.1:${port}/ws?fpid=493&device_id=1&service_id=33554678`;
  }

  async close(): Promise<void> {
    this.platform.close();
    this.#line.cut();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** What `createFeishu` needs to use this Feishu. */
  settings(transport: 'http' | 'socket') {
    const { appId, appSecret } = this.platform.options;
    const { encryptKey, verificationToken } = this.secrets;
    const base = { appId, appSecret, verificationToken, transport, domain: this.domain };
    return transport === 'http' ? { ...base, encryptKey } : base;
  }

  /** Where HTTP events go. Without a target they go over the long connection. */
  deliverTo(target: Target): void {
    this.#target = target;
  }

  get calls() {
    return this.platform.calls;
  }
  get commands() {
    return this.platform.commands;
  }
  get tenantKey(): string {
    return this.platform.options.tenantKey;
  }
  /** whether a long connection stands, how many do, and how many there have been */
  get connected(): boolean {
    return this.#line.open > 0;
  }
  get lines(): number {
    return this.#line.open;
  }
  /** Which of so many long connections gets the next event; at random by itself, as the platform does. */
  pickLine(pick: (count: number) => number): void {
    this.#line.pick = pick;
  }
  get connections(): number {
    return this.#line.count;
  }
  chat(id: string) {
    const chat = this.platform.chats.get(id);
    if (chat === undefined) throw new Error(`no chat ${id}`);
    return chat;
  }
  person(id: string) {
    const person = this.platform.people.get(id);
    if (person === undefined) throw new Error(`nobody is ${id}`);
    return person;
  }
  fail(path: string | { path: string; method?: string }, failure: Failure, times = 1): void {
    this.platform.fail(typeof path === 'string' ? { path } : path, failure, times);
  }
  /** nothing that was planned fails any more */
  heal(): void {
    this.platform.heal();
  }
  latency(ms: number): void {
    this.platform.latencyMs = ms;
  }
  revokeTokens(): void {
    this.platform.revokeTokens();
  }
  recall(message: FakeMessage): void {
    message.recalled = true;
  }
  /** The network between Feishu and the app breaks: every line. */
  cutLine(): void {
    this.#line.cut();
  }

  /** The messages that stand in somebody's direct chat (`ou_…`) or in a group (`oc_…`), oldest first. */
  messagesOf(where: string): FakeMessage[] {
    const chat = where.startsWith('ou_') ? this.platform.directChat(where) : where;
    return this.platform.messages.filter((message) => message.chat === chat && !message.recalled);
  }
  toasts(person: string): Toast[] {
    return this.#toasts.get(person) ?? [];
  }

  /** Resolves with the first thing that `look` finds; asked after everything that happens here. */
  async when<T>(look: () => T | undefined | false, what: string, ms = 12_000): Promise<T> {
    const found = look();
    if (found !== undefined && found !== false) return found;
    return new Promise((resolve, reject) => {
      const end = () => {
        clearInterval(often);
        clearTimeout(late);
        this.#watchers.delete(check);
      };
      const check = () => {
        const now = look();
        if (now === undefined || now === false) return;
        end();
        resolve(now);
      };
      const often = setInterval(check, 20);
      const late = setTimeout(() => {
        end();
        reject(new Error(`Feishu waited ${ms} ms in vain for ${what}`));
      }, ms);
      this.#watchers.add(check);
    });
  }

  /** Types a message. `<@ou_li>` in it is a mention; `mentionBot` calls the bot first. */
  async say(
    person: string,
    where: 'p2p' | string,
    text: string,
    options: { mentionBot?: boolean; replyTo?: { id: string }; id?: string } = {},
  ): Promise<Delivery> {
    const mentions: Json[] = [];
    const mention = (account: string) => {
      const key = `@_user_${mentions.length + 1}`;
      mentions.push({ key, id: { open_id: account }, name: account, tenant_key: this.tenantKey });
      return key;
    };
    const called = options.mentionBot ? `${mention(this.platform.bot)} ` : '';
    const typed = called + text.replace(/<@(ou_[^>]+)>/g, (_, account: string) => mention(account));
    return this.sendMessage(person, where, { type: 'text', content: { text: typed }, mentions, ...options });
  }

  async sendFile(
    person: string,
    where: 'p2p' | string,
    file: { name: string; bytes: Buffer; mime: string },
    options: { replyTo?: { id: string }; image?: boolean } = {},
  ): Promise<Delivery> {
    const type = options.image ? 'image' : 'file';
    const key = `${type}_v3_${randomUUID()}`;
    const id = messageId();
    this.platform.resources.set(`${id}/${key}/${type}`, file);
    const content = options.image ? { image_key: key } : { file_key: key, file_name: file.name };
    return this.sendMessage(person, where, { type, content, id, ...options });
  }

  /** Any message as the client makes it: rich text, stickers, a bot's words. */
  async sendMessage(
    person: string,
    where: 'p2p' | string,
    message: {
      type: string;
      content: Json;
      mentions?: Json[];
      replyTo?: { id: string };
      id?: string;
      senderType?: string;
    },
  ): Promise<Delivery> {
    const direct = where === 'p2p';
    const chat = direct ? this.platform.directChat(person) : where;
    const { id = messageId(), senderType = 'user', mentions = [], ...said } = message;
    const at = this.platform.options.clock();
    this.platform.rooms.said.set(id, { ...said, id, chat, from: person, senderType, mentions, at });
    return this.event('im.message.receive_v1', {
      sender: {
        sender_id: { open_id: person, union_id: `on_${person}` },
        sender_type: senderType,
        tenant_key: this.#tenantOf(person),
      },
      message: {
        message_id: id,
        ...(message.replyTo ? { parent_id: message.replyTo.id, root_id: message.replyTo.id } : {}),
        create_time: String(at.getTime()),
        chat_id: chat,
        chat_type: direct ? 'p2p' : 'group',
        message_type: message.type,
        content: JSON.stringify(message.content),
        ...(mentions.length > 0 ? { mentions } : {}),
      },
    });
  }

  async menu(person: string, key: string): Promise<Delivery> {
    return this.event('application.bot.menu_v6', {
      operator: { operator_name: person, operator_id: { open_id: person } },
      event_key: key,
      timestamp: this.platform.options.clock().getTime(),
    });
  }

  /** Presses the button with this label on the card as it stands. */
  async press(person: string, message: FakeMessage, label: string): Promise<Delivery> {
    const value = callbackValue(buttonOn(message, label)) ?? {};
    return this.#callBack(person, message, { tag: 'button', value });
  }

  /** Fills the card's form and presses its button; what the client would not send throws here. */
  async fill(person: string, message: FakeMessage, values: Record<string, string>, label: string): Promise<Delivery> {
    const button = buttonOn(message, label);
    const submits = button.form_action_type === 'submit';
    return this.#callBack(person, message, {
      tag: 'button',
      name: button.name,
      timezone: 'Asia/Shanghai',
      value: callbackValue(button) ?? {},
      form_value: filledForm(message, values, this.chat(message.chat).members, submits),
    });
  }

  /** Any event, in the platform's envelope. */
  async event(type: string, event: Json, header: Json = {}): Promise<Delivery> {
    const eventId = randomUUID().replaceAll('-', '');
    const envelope = {
      schema: '2.0',
      header: {
        event_id: eventId,
        event_type: type,
        create_time: String(this.platform.options.clock().getTime()),
        token: this.secrets.verificationToken,
        app_id: this.platform.options.appId,
        tenant_key: this.tenantKey,
        ...header,
      },
      event,
    };
    const once = async (): Promise<Delivery> => {
      const began = performance.now();
      const { status, answer } = await this.#deliver(envelope);
      const ms = performance.now() - began;
      this.#look();
      return { eventId, status, answer, ms, redeliver: once };
    };
    return once();
  }

  /** A request to the app's route as it is given: for forgeries. */
  async request(body: string | Buffer | ReadableStream, headers: Record<string, string>): Promise<Answered> {
    const url = typeof this.#target === 'string' ? this.#target : 'http://app/feishu/events';
    const request = new Request(url, { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
    const response = typeof this.#target === 'function' ? await this.#target(request) : await fetch(request);
    const answer: unknown = await response.json().catch(() => ({}));
    return { status: response.status, answer: isJson(answer) ? answer : {} };
  }

  /** The signature's time is the platform's. */
  now(): number {
    return Math.floor(this.platform.options.clock().getTime() / 1000);
  }

  async #deliver(envelope: Json): Promise<Answered> {
    if (this.#target === undefined) return this.#line.send(envelope);
    const { body, headers } = seal(JSON.stringify(envelope), this.secrets, { timestamp: this.now() });
    return this.request(body, headers);
  }

  #tenantOf(person: string): string {
    return this.platform.people.get(person)?.tenant ?? STRANGERS;
  }

  async #callBack(person: string, message: FakeMessage, action: Json): Promise<Delivery> {
    if (message.recalled) throw new Error('the message is recalled');
    const before = { card: message.card, edits: message.edits };
    const done = await this.event('card.action.trigger', {
      operator: { open_id: person, union_id: `on_${person}`, tenant_key: this.#tenantOf(person) },
      token: `c-${randomUUID()}`,
      action,
      host: 'im_message',
      context: { open_message_id: message.id, open_chat_id: message.chat },
    });
    this.#show(person, message, before, done);
    const redeliver = async () => {
      const now = { card: message.card, edits: message.edits };
      const again = await done.redeliver();
      this.#show(person, message, now, again);
      return again;
    };
    return { ...done, redeliver };
  }

  /** What the client does with the answer of a callback. */
  #show(person: string, message: FakeMessage, before: { card: Json; edits: number }, done: Delivery): void {
    const { toast, card, complaint } = readAnswer(done.answer, done.status, done.ms);
    const shown = complaint === undefined ? toast : { type: 'error', content: complaint };
    if (complaint !== undefined) this.complaints.push(`${person}: ${complaint}`);
    if (shown !== undefined) this.#toasts.set(person, [...this.toasts(person), shown]);
    if (card !== undefined) message.card = card;
    // edited before the answer came: the client puts back what it had
    else if (message.edits !== before.edits) message.card = before.card;
    this.#look();
  }

  #look(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
