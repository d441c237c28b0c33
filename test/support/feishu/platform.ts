/** The platform's side of the strict fake: chats, people, messages and the API that refuses what the real one refuses. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, json } from './body.ts';
import { cardFaults } from './card-rules.ts';
import { consoleAnswer, type Subscriptions } from './console.ts';
import { type FakeDocument, readDocument } from './documents.ts';
import { Download } from './download.ts';
import { commandPanel, Refused, type RegisteredCommand } from './panel.ts';
import { Rooms } from './rooms.ts';

export type Json = Record<string, unknown>;

export interface FakeMessage {
  id: string;
  chat: string;
  /** whom it was sent to: an open_id or a chat_id */
  to: string;
  from: string;
  card: Json;
  sentAt: Date;
  uuid: string | undefined;
  edits: number;
  recalled: boolean;
}

export interface Call {
  method: string;
  path: string;
  query: Record<string, string>;
  body: Json;
  status: number;
  code: number;
}

interface Chat {
  group: boolean;
  name: string;
  /** every member may make messages urgent; newcomers wait for the owner's word */
  urgentByAll: boolean;
  approval: boolean;
  members: Set<string>;
  botIn: boolean;
  dissolved: boolean;
  muted: boolean;
}
interface Person {
  tenant: string;
  inRange: boolean;
  left: boolean;
  blocksBot: boolean;
  /** of messages that were made urgent for them */
  unreadUrgents?: number;
}
/** How a call goes wrong; `cut-after`: carried out, but the answer is lost. */
export type Failure =
  | number
  | 'rate-limited'
  | 'rate-limited-400'
  | 'down'
  | 'gateway-page'
  | 'cut-before'
  | 'cut-after'
  | 'hang';
interface Planned {
  path: string;
  method: string | undefined;
  failure: Failure;
  left: number;
}

const DAY = 24 * 3600_000;
const HOUR = 3600_000;
const BODY_LIMIT = 30 * 1024;

export interface PlatformOptions {
  appId: string;
  appSecret: string;
  tenantKey: string;
  people: string[];
  chats: Record<string, string[]>;
  clock: () => Date;
}

export class Platform {
  readonly bot = 'ou_bot';
  readonly messages: FakeMessage[] = [];
  readonly calls: Call[] = [];
  readonly commands: RegisteredCommand[] = [];
  readonly people = new Map<string, Person>();
  readonly chats = new Map<string, Chat>();
  readonly resources = new Map<string, { bytes: Buffer; mime: string; name: string }>();
  /** by their token */
  readonly documents = new Map<string, FakeDocument>();
  readonly scopes = new Set([
    ...['application:app_slash_command', 'tenant:tenant:readonly', 'im:message', 'im:resource'],
    ...['im:chat', 'im:message.urgent', 'im:message.urgent:sms', 'im:message.urgent:phone'],
    ...['im:message.group_msg', 'minutes:minutes.transcript:export', 'docx:document:readonly', 'wiki:node:read'],
  ]);
  readonly options: PlatformOptions;
  /** what the console says: HTTP callbacks, all subscribed */
  subscriptions: Subscriptions = {
    way: 'webhook',
    events: ['im.message.receive_v1'],
    callbacks: ['card.action.trigger'],
  };
  readonly rooms = new Rooms(this);
  /** what this company's data protection, or the platform itself, lets nobody write: the words and how they are refused */
  readonly refusedWords = new Map<string, { code: 230022 | 230028; said: string }>();
  latencyMs = 0;
  /** how many times its real rates it grants */
  generosity = 1;
  /** what the long connection's clients are sent to */
  socketUrl = '';
  /** how many long connections stand; the SDK knows the refusal as `exceed_conn_limit` */
  lines = (): number => 0;
  /** called after everything that happens, for those who wait for something */
  changed: () => void = () => undefined;
  #tokens = new Set<string>();
  #planned: Planned[] = [];
  #recent = new Map<string, number[]>();
  #uuids = new Map<string, { message: FakeMessage; at: number }>();
  #hanging = new Set<ServerResponse>();

  constructor(options: PlatformOptions) {
    this.options = options;
    for (const id of options.people) {
      this.people.set(id, {
        tenant: options.tenantKey,
        inRange: true,
        left: false,
        blocksBot: false,
      });
    }
    for (const [id, members] of Object.entries(options.chats)) this.addChat(id, members, true);
  }

  addChat(id: string, members: string[], group: boolean): Chat {
    const settings = { name: '', urgentByAll: false, approval: false };
    const chat = { group, ...settings, members: new Set(members), botIn: true, dissolved: false, muted: false };
    this.chats.set(id, chat);
    return chat;
  }

  /** The direct chat of a person with the bot. */
  directChat(person: string): string {
    const id = `oc_p2p_${person.slice(3)}`;
    if (!this.chats.has(id)) this.addChat(id, [person], false);
    return id;
  }

  fail(where: { path: string; method?: string }, failure: Failure, times: number): void {
    this.#planned.push({ path: where.path, method: where.method, failure, left: times });
  }

  heal(): void {
    this.#planned.length = 0;
  }

  /** Every token that was handed out stops working. */
  revokeTokens(): void {
    this.#tokens.clear();
  }

  message(id: string): FakeMessage {
    const found = this.messages.find((message) => message.id === id);
    if (found === undefined) throw new Error(`no message ${id}`);
    return found;
  }

  close(): void {
    for (const response of this.#hanging) response.destroy();
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://feishu');
    const raw = await bodyOf(request);
    const method = request.method ?? 'GET';
    response.setHeader('Date', this.options.clock().toUTCString());
    const failure = this.#failureFor(method, url.pathname);
    if (this.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
    if (failure === 'hang') this.#hanging.add(response);
    if (failure === 'cut-before') request.socket.destroy();
    if (failure === 'hang' || failure === 'cut-before') return;
    const body = json(raw);
    const done = this.#carryOut(method, url, body, raw, String(request.headers.authorization ?? ''), failure);
    this.calls.push({ method, path: url.pathname, query: Object.fromEntries(url.searchParams), body, ...done.record });
    this.changed();
    if (failure === 'cut-after') {
      request.socket.destroy();
      return;
    }
    for (const [key, value] of Object.entries(done.headers)) response.setHeader(key, value);
    response.writeHead(done.record.status).end(done.bytes);
  }

  #carryOut(method: string, url: URL, body: Json, raw: Buffer, authorization: string, failure: Failure | undefined) {
    try {
      if (failure !== undefined && failure !== 'cut-after') throw planned(failure);
      const result = this.#route(method, url, body, raw, authorization);
      if (result instanceof Download) {
        const headers = {
          'content-type': result.mime,
          'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(result.name)}`,
        };
        return { record: { status: 200, code: 0 }, headers, bytes: result.bytes };
      }
      return answer(200, { code: 0, msg: 'success', ...result });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.code === -1) return { ...answer(error.status, {}), bytes: Buffer.from('<html>bad gateway</html>') };
      return answer(error.status, { code: error.code, msg: error.message }, error.headers);
    }
  }

  #failureFor(method: string, path: string): Failure | undefined {
    const found = this.#planned.find(
      (plan) => plan.left > 0 && path.includes(plan.path) && (plan.method ?? method) === method,
    );
    if (found !== undefined) found.left -= 1;
    return found?.failure;
  }

  #route(method: string, url: URL, body: Json, raw: Buffer, authorization: string): Json | Download {
    const path = url.pathname.replace(/^\/open-apis/, '');
    if (path === '/callback/ws/endpoint') return this.#socketEndpoint(body);
    if (path === '/auth/v3/tenant_access_token/internal') return this.#token(body);
    if (!this.#tokens.has(authorization.replace(/^Bearer /, ''))) {
      throw new Refused(99991663, 'Invalid access token for authorization. Please make a test attempt again.');
    }
    const [, id, , key] = /^\/im\/v1\/messages\/([^/]+)(\/resources\/([^/]+))?$/.exec(path) ?? [];
    const command = /^\/application\/v7\/app_slash_commands\/([^/]+)$/.exec(path)?.[1];
    if (path === '/im/v1/messages' && method === 'POST') return this.#create(url.searchParams, body, raw);
    if (id !== undefined && key !== undefined && method === 'GET') return this.#resource(id, key, url.searchParams);
    if (id !== undefined && method === 'PATCH') return this.#patch(decodeURIComponent(id), body, raw);
    if (path.startsWith('/application/v7/app_slash_commands')) {
      this.needs('application:app_slash_command');
      return commandPanel(this.commands, method, command, body);
    }
    if (path === '/bot/v3/info') return { bot: { open_id: this.bot, app_name: '会签', activate_status: 2 } };
    if (path === '/tenant/v2/tenant/query') {
      this.needs('tenant:tenant:readonly');
      return { data: { tenant: { tenant_key: this.options.tenantKey, name: '星河传媒' } } };
    }
    if (path === '/contact/v3/users/batch_get_id') return { data: { user_list: [] } };
    const told = consoleAnswer(this, method, path);
    if (told) return told;
    const room = this.rooms.call(method, path, url.searchParams, body);
    if (room) return room;
    const document = method === 'GET' ? this.#document(path, url.searchParams) : undefined;
    if (document) return document;
    throw new Refused(-1, 'no such interface', 404);
  }

  #document(path: string, query: URLSearchParams): Json | Download | undefined {
    const read = readDocument(this.documents, path, query, (scope) => this.needs(scope));
    return read && 'bytes' in read ? new Download(read.bytes, read.mime, read.name) : read;
  }

  needs(scope: string): void {
    if (!this.scopes.has(scope))
      throw new Refused(99991672, `Access denied. One of the following scopes is required: [${scope}]`);
  }

  #token({ app_id, app_secret }: Json): Json {
    if (app_id !== this.options.appId) throw new Refused(10003, 'invalid param', 200);
    if (app_secret !== this.options.appSecret) throw new Refused(10014, 'app secret invalid', 200);
    const token = `t-${randomUUID()}`;
    this.#tokens.add(token);
    return { tenant_access_token: token, expire: 7200 };
  }

  #socketEndpoint({ AppID, AppSecret }: Json): Json {
    if (AppID !== this.options.appId || AppSecret !== this.options.appSecret) {
      throw new Refused(514, 'auth failed', 200);
    }
    if (this.lines() >= 50) throw new Refused(1000040350, 'exceed_conn_limit', 200);
    const ClientConfig = { ReconnectCount: -1, ReconnectInterval: 0.05, ReconnectNonce: 0.01, PingInterval: 30 };
    return { data: { URL: this.socketUrl, ClientConfig } };
  }

  #create(query: URLSearchParams, body: Json, raw: Buffer): Json {
    this.needs('im:message');
    const idType = query.get('receive_id_type');
    const to = String(body.receive_id ?? '');
    if (raw.length > BODY_LIMIT) throw new Refused(230025, 'The length of the message content reaches its limit.');
    const chat = this.#receiver(idType, to);
    const uuid = typeof body.uuid === 'string' ? body.uuid : undefined;
    if (uuid !== undefined && uuid.length > 50)
      throw new Refused(230001, 'Your request contains an invalid request parameter, ext=uuid is too long.');
    const now = this.options.clock().getTime();
    const before = uuid === undefined ? undefined : this.#uuids.get(uuid);
    if (before !== undefined && now - before.at < HOUR) return { data: shown(before.message) };
    this.#rate(`to:${to}`, 230020);
    const card = this.#card(body);
    const message: FakeMessage = {
      ...{ id: `om_${randomUUID().replaceAll('-', '')}`, chat, to, from: this.bot, card, uuid },
      ...{ sentAt: new Date(now), edits: 0, recalled: false },
    };
    this.messages.push(message);
    if (uuid !== undefined) this.#uuids.set(uuid, { message, at: now });
    return { data: shown(message) };
  }

  /** @returns the chat in which the message will stand */
  #receiver(idType: string | null, to: string): string {
    if (idType === 'chat_id') {
      const chat = this.chats.get(to);
      if (chat === undefined || !chat.botIn) throw new Refused(230002, 'The bot can not be outside the group.');
      if (chat.dissolved) throw new Refused(232009, 'The group has been dissolved.');
      if (chat.muted) throw new Refused(230018, 'These operations are NOT allowed at current group settings.');
      return to;
    }
    if (idType !== 'open_id' || !to.startsWith('ou_')) {
      throw new Refused(230001, 'Your request contains an invalid request parameter, ext=invalid receive_id.');
    }
    const person = this.people.get(to);
    if (person?.left) throw new Refused(230029, 'User has resigned.');
    if (person === undefined || !person.inRange) throw new Refused(230013, 'Bot has NO availability to this user.');
    if (person.blocksBot) throw new Refused(230053, 'The user has stopped the bot from sending messages.');
    if (person.tenant !== this.options.tenantKey) throw new Refused(230038, 'Cross tenant p2p chat operate forbid.');
    return this.directChat(to);
  }

  #card(body: Json): Json {
    if (body.msg_type !== undefined && body.msg_type !== 'interactive')
      throw new Refused(230001, 'Your request contains an invalid request parameter, ext=only cards here.');
    if (typeof body.content !== 'string')
      throw new Refused(
        230001,
        'Your request contains an invalid request parameter, ext=content is not a string in json format.',
      );
    for (const [word, { code, said }] of this.refusedWords)
      if (body.content.includes(word)) throw new Refused(code, said);
    const card: unknown = json(Buffer.from(body.content));
    const faults = cardFaults(card);
    if (faults.length > 0)
      throw new Refused(230099, `Failed to create card content, ext=ErrCode: 200621; ErrMsg: ${faults.join('; ')}`);
    return card as Json;
  }

  #patch(id: string, body: Json, raw: Buffer): Json {
    const message = this.messages.find((m) => m.id === id);
    if (message === undefined) throw new Refused(231003, 'The message is deleted.');
    if (message.recalled) throw new Refused(230011, 'The message is recalled.');
    if (this.options.clock().getTime() - message.sentAt.getTime() > 14 * DAY)
      throw new Refused(230031, 'The message has exceeded the time limit for update.');
    if (raw.length > BODY_LIMIT) throw new Refused(230025, 'The length of the message content reaches its limit.');
    const chat = this.chats.get(message.chat);
    if (chat?.dissolved) throw new Refused(232009, 'The group has been dissolved.');
    if (!chat?.botIn) throw new Refused(230002, 'The bot can not be outside the group.');
    this.#rate(`edit:${id}`, 99991400);
    message.card = this.#card(body);
    message.edits += 1;
    return { data: {} };
  }

  /** 5 a second by the wall clock, whatever time the story plays at. */
  #rate(key: string, code: number): void {
    const now = performance.now();
    const recent = (this.#recent.get(key) ?? []).filter((at) => now - at < 1000 / this.generosity);
    if (recent.length >= 5) {
      throw new Refused(code, 'The request frequency is too high.', code === 99991400 ? 429 : 400, {
        'x-ogw-ratelimit-reset': '1',
      });
    }
    this.#recent.set(key, [...recent, now]);
  }

  #resource(message: string, key: string, query: URLSearchParams): Download {
    this.needs('im:resource');
    const found = this.resources.get(`${message}/${key}/${query.get('type')}`);
    if (found === undefined) throw new Refused(234003, 'File not in msg.');
    return new Download(found.bytes, found.mime, found.name);
  }
}

function planned(failure: Failure): Refused {
  const reset = { 'x-ogw-ratelimit-reset': '2' };
  if (failure === 'rate-limited') return new Refused(99991400, 'request trigger frequency limit', 429, reset);
  if (failure === 'rate-limited-400') return new Refused(99991400, 'request trigger frequency limit', 400, reset);
  if (failure === 'down') return new Refused(2200, 'Internal Error', 500);
  if (failure === 'gateway-page') return new Refused(-1, 'a page', 502);
  return new Refused(Number(failure), 'as the story wants it', 200); // HTTP 200 with a code is an error too
}

function answer(status: number, body: Json, headers: Record<string, string> = {}) {
  const record = { status, code: typeof body.code === 'number' ? body.code : 0 };
  return {
    record,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    bytes: Buffer.from(JSON.stringify(body)),
  };
}

const shown = (message: FakeMessage): Json => ({
  message_id: message.id,
  chat_id: message.chat,
  msg_type: 'interactive',
  create_time: String(message.sentAt.getTime()),
});
