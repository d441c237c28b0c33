/**
 * A strict WeCom: tokens, members and group robots, the limits of every field (wecom/rules.ts), the duplicate check, unique task ids,
 * response codes that serve once within 72 hours, and callbacks that are encrypted and signed. It can be told to fail.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AppMessage,
  type RobotMessage,
  readAppMessage,
  readRobotMessage,
  readUpdate,
  type Template,
} from './wecom/rules.ts';
import { encrypt, type Sealed, type Secrets, seal, sign } from './wecom/seal.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** An error code; no answer before or after it was carried out; a gateway in trouble; ok, but nobody got it. */
export type Failure = number | 'cut-before' | 'cut-after' | 'down' | 'page' | 'invaliduser';

export interface MemberMessage {
  to: string;
  at: Date;
  message: AppMessage;
  /** what the card shows now, after it was redrawn */
  template: Template | undefined;
  /** the buttons were replaced by this */
  replaced: string | undefined;
}
export interface GroupMessage {
  robot: string;
  at: Date;
  message: RobotMessage;
}

export interface FakeWeComOptions {
  clock?: () => Date;
  people?: readonly string[];
  /** the app has an address for callbacks: without one WeCom takes no buttons */
  callback?: boolean;
}

export type FakeWeCom = Awaited<ReturnType<typeof startFakeWeCom>>;

const ROBOTS = { pr: '693a91f6-7b1c-4bc4-97a0-0ec2b5fa5aaa', crisis: '07b43138-a001-4d5d-b9c2-e865feb9d28a' };
const APP = { corpId: 'wx5823bf96d3bd56c7', agentId: 1000002, secret: 'app-secret-of-wecom' };
const CALLBACK = { token: 'QDG6eK', aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C' };

export async function startFakeWeCom(options: FakeWeComOptions = {}) {
  const clock = options.clock ?? (() => new Date());
  const callback = options.callback ?? true;
  const people = new Set(options.people ?? ['wangxiaowen', 'lina']);
  const secrets: Secrets = { corpId: APP.corpId, ...CALLBACK };
  const members: MemberMessage[] = [];
  const groups: GroupMessage[] = [];
  /** thrown away in silence: too many to one person within a minute or an hour */
  const dropped: AppMessage[] = [];
  const faults: string[] = [];
  const calls: { path: string; query: URLSearchParams; body: string }[] = [];
  const tokens = new Map<string, number>();
  const codes = new Map<string, { message: MemberMessage; at: number; used: boolean }>();
  const failures = new Map<string, Failure[]>();
  let product: string | undefined;
  let made = 0;
  let messageId = 4_561_255_354_251_345_000n;

  const now = () => clock().getTime();
  const fresh = (what: string) => `${what}-${++made}`;
  const refuse = (code: number, said: string) => {
    faults.push(`${code} ${said}`);
    return { errcode: code, errmsg: `${said}, more info at https://open.work.weixin.qq.com/devtool/query?e=${code}` };
  };
  const within = (list: readonly { at: Date }[], ms: number) =>
    list.filter(({ at }) => now() - at.getTime() < ms).length;

  function token(query: URLSearchParams) {
    if (query.get('corpid') !== APP.corpId) return refuse(40013, 'invalid corpid');
    if (query.get('corpsecret') !== APP.secret) return refuse(40001, 'invalid credential');
    const made = fresh('token');
    tokens.set(made, now() + 2 * HOUR);
    return { errcode: 0, errmsg: 'ok', access_token: made, expires_in: 7200 };
  }

  function withToken(query: URLSearchParams, run: () => object): object {
    const until = tokens.get(query.get('access_token') ?? '');
    if (!query.get('access_token')) return refuse(41001, 'access_token missing');
    if (until === undefined) return refuse(40014, 'invalid access_token');
    return until <= now() ? refuse(42001, 'access_token expired') : run();
  }

  function send(raw: string): object {
    const read = readAppMessage(raw);
    if ('fault' in read) return refuse(read.fault.code, read.fault.said);
    const message = read.ok;
    const card = message.template_card;
    if (message.agentid !== APP.agentId) return refuse(40056, 'invalid agentid');
    if (message.touser === '@all') throw new Error('a message to the whole company');
    const known = message.touser.split('|').filter((to) => people.has(to));
    if (known.length === 0) return refuse(81013, 'user & party & tag all invalid');
    if (card?.card_type === 'button_interaction' && !callback) return refuse(40058, 'no callback url for buttons');
    if (card && members.some((one) => one.message.template_card?.task_id === card.task_id))
      return refuse(42014, 'taskid has existed or empty or exceed max len');
    const code = card?.card_type === 'button_interaction' ? { response_code: fresh('response') } : {};
    for (const to of known) {
      if (isDouble(to, message)) continue;
      const before = members.filter((one) => one.to === to);
      if (within(before, MINUTE) >= 30 || within(before, HOUR) >= 1000) {
        dropped.push(message);
        continue;
      }
      const one: MemberMessage = { to, at: clock(), message, template: card, replaced: undefined };
      members.push(one);
      if (code.response_code) codes.set(code.response_code, { message: one, at: now(), used: false });
    }
    const invalid = message.touser.split('|').filter((to) => !people.has(to));
    return { errcode: 0, errmsg: 'ok', invaliduser: invalid.join('|'), msgid: fresh('msg'), ...code };
  }

  function isDouble(to: string, message: AppMessage): boolean {
    if (message.enable_duplicate_check !== 1) return false;
    const content = JSON.stringify([message.text, message.template_card]);
    const since = now() - (message.duplicate_check_interval ?? 1800) * 1000;
    return members.some(
      (one) =>
        one.to === to &&
        one.at.getTime() > since &&
        JSON.stringify([one.message.text, one.message.template_card]) === content,
    );
  }

  function update(raw: string): object {
    const read = readUpdate(raw);
    if ('fault' in read) return refuse(read.fault.code, read.fault.said);
    const code = codes.get(read.ok.response_code);
    if (code === undefined || now() - code.at > 72 * HOUR) return refuse(40058, 'invalid response_code');
    if (code.used) return refuse(42022, 'code has been used');
    code.used = true;
    const { message } = code;
    if (!read.ok.userids.includes(message.to)) return { errcode: 0, errmsg: 'ok', invaliduser: read.ok.userids };
    if (read.ok.button) message.replaced = read.ok.button.replace_name;
    else message.template = read.ok.template_card;
    return { errcode: 0, errmsg: 'ok', invaliduser: [] };
  }

  function webhook(query: URLSearchParams, raw: string): object {
    const robot = Object.entries(ROBOTS).find(([, key]) => key === query.get('key'))?.[0];
    if (robot === undefined) return refuse(93000, 'invalid webhook url');
    const read = readRobotMessage(raw);
    if ('fault' in read) return refuse(read.fault.code, read.fault.said);
    const before = groups.filter((one) => one.robot === robot);
    if (within(before, MINUTE) >= 20) return refuse(45009, 'api freq out of limit');
    groups.push({ robot, at: clock(), message: read.ok });
    return { errcode: 0, errmsg: 'ok' };
  }

  function answer(method: string, path: string, query: URLSearchParams, body: string): object {
    if (method === 'GET' && path === '/cgi-bin/gettoken') return token(query);
    if (method === 'POST' && path === '/cgi-bin/message/send') return withToken(query, () => send(body));
    if (method === 'POST' && path === '/cgi-bin/message/update_template_card')
      return withToken(query, () => update(body));
    if (method === 'POST' && path === '/cgi-bin/webhook/send') return webhook(query, body);
    return refuse(40058, `no such interface: ${method} ${path}`);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
    calls.push({ path: pathname, query: searchParams, body });
    const failure = failures.get(pathname)?.shift();
    if (failure === 'cut-before') return void request.socket.destroy();
    if (failure === 'down') return void response.writeHead(503).end('{}');
    const said =
      typeof failure === 'number'
        ? refuse(failure, 'as the story wants it')
        : failure === 'invaliduser'
          ? { errcode: 0, errmsg: 'ok', invaliduser: 'whoever', msgid: 'none' }
          : answer(request.method ?? '', pathname, searchParams, body);
    if (failure === 'cut-after') return void request.socket.destroy();
    if (failure === 'page') return void response.end('<html>502 Bad Gateway</html>');
    response.setHeader('date', clock().toUTCString());
    response.setHeader('content-type', 'application/json; charset=UTF-8');
    response.end(JSON.stringify(said));
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      faults.push(String(error));
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function request(query: Record<string, string>, body?: string | Uint8Array<ArrayBuffer> | ReadableStream) {
    if (product === undefined) throw new Error('no address for callbacks');
    const response = await fetch(`${product}?${new URLSearchParams(query)}`, {
      ...(body === undefined ? {} : { method: 'POST', body, duplex: 'half' as const }),
    });
    return { status: response.status, text: await response.text() };
  }
  const deliver = ({ query, body }: Sealed) => request(query, body);
  const base = (from: string, type: string) =>
    `<ToUserName><![CDATA[${APP.corpId}]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName><CreateTime>${Math.floor(now() / 1000)}</CreateTime><MsgType><![CDATA[${type}]]></MsgType><AgentID>${APP.agentId}</AgentID>`;

  /** The event of a press, with a new response code. */
  function pressEvent(who: string, message: MemberMessage, label: string): Sealed {
    const card = message.template;
    const button =
      card?.card_type === 'button_interaction' ? card.button_list.find((one) => one.text === label) : undefined;
    if (message.replaced !== undefined || card === undefined || button === undefined)
      throw new Error(`${who} sees no button ${label}`);
    const code = fresh('response');
    codes.set(code, { message, at: now(), used: false });
    return seal(
      `<xml>${base(who, 'event')}<Event><![CDATA[template_card_event]]></Event><EventKey><![CDATA[${button.key}]]></EventKey><TaskId><![CDATA[${card.task_id}]]></TaskId><CardType><![CDATA[button_interaction]]></CardType><ResponseCode><![CDATA[${code}]]></ResponseCode><SelectedItems><SelectedItem><QuestionKey><![CDATA[q]]></QuestionKey><OptionIds><OptionId><![CDATA[o]]></OptionId></OptionIds></SelectedItem></SelectedItems></xml>`,
      secrets,
      clock(),
    );
  }

  const textEvent = (who: string, text: string): Sealed =>
    seal(
      `<xml>${base(who, 'text')}<Content><![CDATA[${text}]]></Content><MsgId>${++messageId}</MsgId></xml>`,
      secrets,
      clock(),
    );

  return {
    apiUrl,
    secrets,
    robots: ROBOTS,
    members,
    groups,
    dropped,
    /** everything that was refused, and why */
    faults,
    calls,
    people,
    settings: () => ({
      app: { ...APP, ...(callback ? { callback: { ...CALLBACK } } : {}) },
      robots: { ...ROBOTS },
      apiUrl,
    }),
    /** the next calls of this interface end like this */
    fail: (path: string, ...how: Failure[]) => failures.set(path, [...(failures.get(path) ?? []), ...how]),
    /** all tokens are of no use any more, as after a new secret */
    revoke: () => tokens.clear(),
    deliverTo: (url: string) => {
      product = url;
    },
    messagesOf: (who: string) => members.filter((one) => one.to === who),
    textOf,
    request,
    deliver,
    base,
    pressEvent,
    textEvent,
    press: (who: string, message: MemberMessage, label: string) => deliver(pressEvent(who, message, label)),
    type: (who: string, text: string) => deliver(textEvent(who, text)),
    /** the administrator saves the callback's settings */
    check: (text: string) => {
      const encrypted = encrypt(text, secrets);
      const [timestamp, nonce] = [String(Math.floor(now() / 1000)), '263014780'];
      const msg_signature = sign(secrets.token, timestamp, nonce, encrypted);
      return request({ msg_signature, timestamp, nonce, echostr: encrypted });
    },
    when,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** All that a person reads of a message. */
function textOf({ message, template, replaced }: MemberMessage): string {
  if (template === undefined) return message.text?.content ?? '';
  return [
    template.main_title.title,
    template.quote_area?.quote_text,
    template.sub_title_text,
    ...(template.horizontal_content_list ?? []).map(({ keyname, value }) => `${keyname}：${value}`),
    ...(template.card_type === 'text_notice' ? (template.jump_list ?? []).map(({ title }) => title) : []),
    ...(replaced === undefined && template.card_type === 'button_interaction'
      ? template.button_list.map(({ text }) => `[${text}]`)
      : [replaced]),
  ]
    .filter((part) => part !== undefined)
    .join('\n');
}

async function when<T>(look: () => T | undefined | false, what: string, ms = 10_000): Promise<T> {
  const late = Date.now() + ms;
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > late) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
