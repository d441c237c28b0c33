/** Recorded traffic, opened: what stands inside the signature and the encryption, so that it can be changed and sealed again. */
import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';
import { encrypt as encryptFeishu, sign as signFeishu } from '../support/feishu/seal.ts';
import { sign as signSlack } from '../support/slack/person.ts';
import { encrypt as encryptWeCom, sign as signWeCom } from '../support/wecom/seal.ts';
import type { Recorded } from './recorder.ts';
import { ADMIN_TOKEN, SIGNALS_SECRET, type Target } from './target.ts';

export type Sealing = 'signed' | 'forged' | 'bare';

/** `value`: what the edge reads, as JSON or as the fields of a form; undefined where it is neither. */
export interface Seed {
  edge: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  value: unknown;
  form: boolean;
  encode(value: string): Buffer;
  seal(body: Buffer, how: Sealing, path: string): Sealed;
}

export interface Sealed {
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

const DROPPED = /^(host|connection|content-length|transfer-encoding|x-slack-|x-lark-|x-twilio-|x-page-)/;
const now = () => String(Math.floor(Date.now() / 1000));
const hmac = (secret: string, ...parts: (string | Buffer)[]) => {
  const made = createHmac('sha256', secret);
  for (const part of parts) made.update(part);
  return made.digest('hex');
};
const utf8 = (text: string) => Buffer.from(text);
const secretFor = (how: Sealing, secret: string) => (how === 'forged' ? `${secret}-of-somebody-else` : secret);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A form's fields from what has become of them. */
function formOf(text: string): Buffer {
  const value = jsonOf(text);
  const fields = isRecord(value) ? value : { payload: value };
  const written = Object.entries(fields).map(([key, one]): [string, string] => [key, textOf(one, text)]);
  return utf8(new URLSearchParams(written).toString());
}

/** What stands too deep for JSON.stringify is written as the whole was. */
function textOf(value: unknown, whole: string): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return whole;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function seedsOf(target: Target): Seed[] {
  const told = target.recorded.flatMap((one) => openedOf(target, one) ?? []);
  return [...told, ...signalSeeds(), ...readingSeeds(target)];
}

function openedOf(target: Target, one: Recorded): Seed | undefined {
  const headers = Object.fromEntries(Object.entries(one.headers).filter(([name]) => !DROPPED.test(name)));
  const base = { method: one.method, path: one.path, headers };
  const text = one.body.toString();
  const { pathname } = new URL(one.path, 'http://x');
  if (pathname === '/slack/events') return slackSeed(target, base, text);
  if (pathname === '/feishu/events') return feishuSeed(target, base, text);
  if (pathname === '/wecom/events') return wecomSeed(target, base, text);
  if (pathname.startsWith('/phone/')) return phoneSeed(target, base, text);
  if (pathname === '/pager/reports') return pagerSeed(target, base, text);
  if (pathname.startsWith('/desk/'))
    return { ...base, edge: 'desk', value: jsonOf(text), form: false, encode: utf8, seal: openly(base.headers) };
  return undefined;
}

type Base = Pick<Seed, 'method' | 'path' | 'headers'>;

const openly =
  (headers: Record<string, string>): Seed['seal'] =>
  (body, _how, path) => ({ path, headers, body });

function slackSeed({ slack }: Target, base: Base, text: string): Seed {
  const isForm = base.headers['content-type']?.startsWith('application/x-www-form') ?? false;
  const fields = isForm ? Object.fromEntries(new URLSearchParams(text)) : undefined;
  const wrapped = fields?.payload !== undefined;
  const value = fields ? (wrapped ? jsonOf(String(fields.payload)) : fields) : jsonOf(text);
  return {
    ...base,
    edge: 'slack',
    value,
    form: isForm,
    encode: (json) =>
      wrapped ? utf8(new URLSearchParams({ payload: json }).toString()) : fields ? formOf(json) : utf8(json),
    seal: (body, how, path) => {
      const time = now();
      const signature = signSlack(secretFor(how, slack.signingSecret), time, body.toString('latin1'));
      const exact = `v0=${hmac(secretFor(how, slack.signingSecret), `v0:${time}:`, body)}`;
      const signed = { 'x-slack-request-timestamp': time, 'x-slack-signature': how === 'signed' ? exact : signature };
      return { path, body, headers: how === 'bare' ? base.headers : { ...base.headers, ...signed } };
    },
  };
}

function feishuSeed({ feishu }: Target, base: Base, text: string): Seed {
  const { encryptKey } = feishu.secrets;
  const outer = jsonOf(text);
  const inner = isRecord(outer) ? openedByFeishu(encryptKey, String(outer.encrypt)) : '';
  return {
    ...base,
    edge: 'feishu',
    value: jsonOf(inner),
    form: false,
    encode: utf8,
    seal: (plain, how, path) => {
      const body = utf8(JSON.stringify({ encrypt: encryptFeishu(secretFor(how, encryptKey), plain) }));
      return { path, body, headers: how === 'bare' ? base.headers : signFeishu(body, secretFor(how, encryptKey)) };
    },
  };
}

function openedByFeishu(key: string, encrypted: string): string {
  const bytes = Buffer.from(encrypted, 'base64');
  const decipher = createDecipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), bytes.subarray(0, 16));
  return Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString();
}

/** Well signed, though what is signed is no good ciphertext: bad padding, cut off, of another length. */
export function crippled(target: Target, ciphertext: string): Sealed {
  const body = utf8(JSON.stringify({ encrypt: ciphertext }));
  return { path: '/feishu/events', body, headers: signFeishu(body, target.feishu.secrets.encryptKey) };
}

/** A last block whose padding says what is not there. */
export function badlyPadded(target: Target, last: number): string {
  const key = createHash('sha256').update(target.feishu.secrets.encryptKey).digest();
  const cipher = createCipheriv('aes-256-cbc', key, Buffer.alloc(16)).setAutoPadding(false);
  const plain = Buffer.concat([Buffer.alloc(31, 0x20), Buffer.from([last])]);
  return Buffer.concat([Buffer.alloc(16), cipher.update(plain), cipher.final()]).toString('base64');
}

function wecomSeed({ wecom }: Target, base: Base, text: string): Seed {
  const { app } = wecom.settings();
  const secrets = { corpId: app.corpId, token: app.callback?.token ?? '', aesKey: app.callback?.aesKey ?? '' };
  const sealed = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(text)?.[1];
  const inner = sealed ? openedByWeCom(secrets.aesKey, sealed) : '';
  return {
    ...base,
    path: '/wecom/events',
    edge: 'wecom',
    value: inner,
    form: false,
    encode: (json) => utf8(textOf(jsonOf(json), json)),
    seal: (plain, how) => {
      const encrypted = encryptWeCom(plain.toString(), secrets);
      const [timestamp, nonce] = [now(), '263014780'];
      const msg_signature = signWeCom(secretFor(how, secrets.token), timestamp, nonce, encrypted);
      const asked = new URLSearchParams(how === 'bare' ? {} : { msg_signature, timestamp, nonce });
      if (base.method === 'GET') asked.set('echostr', encrypted);
      const body = base.method === 'GET' ? '' : `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
      return { path: `/wecom/events?${asked}`, body: utf8(body), headers: base.headers };
    },
  };
}

function openedByWeCom(aesKey: string, encrypted: string): string {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(Buffer.from(encrypted, 'base64')), decipher.final()]);
  return plain.subarray(20, 20 + plain.readUInt32BE(16)).toString();
}

function phoneSeed({ twilio, url }: Target, base: Base, text: string): Seed {
  return {
    ...base,
    edge: 'phone',
    value: Object.fromEntries(new URLSearchParams(text)),
    form: true,
    encode: formOf,
    seal: (body, how, path) => {
      const fields = new URLSearchParams(body.toString());
      const written = [...valuesByName(fields)].map(([name, ones]) =>
        [...ones]
          .sort()
          .map((one) => name + one)
          .join(''),
      );
      const signature = createHmac('sha1', secretFor(how, twilio.token))
        .update(`${url}${path}${written.join('')}`)
        .digest('base64');
      return {
        path,
        body,
        headers: how === 'bare' ? base.headers : { ...base.headers, 'x-twilio-signature': signature },
      };
    },
  };
}

function valuesByName(fields: URLSearchParams): [string, Set<string>][] {
  const found = new Map<string, Set<string>>();
  for (const [name, value] of fields) found.set(name, (found.get(name) ?? new Set()).add(value));
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

function pagerSeed({ pager }: Target, base: Base, text: string): Seed {
  return {
    ...base,
    edge: 'pager',
    value: jsonOf(text),
    form: false,
    encode: utf8,
    seal: (body, how, path) => {
      const time = now();
      const signature = `v1=${hmac(secretFor(how, pager.settings().secret), `${time}.`, body)}`;
      const signed = { 'x-page-timestamp': time, 'x-page-signature': signature };
      return { path, body, headers: how === 'bare' ? base.headers : { ...base.headers, ...signed } };
    },
  };
}

/** Monitoring tools are no platform, so nothing of theirs was recorded. */
function signalSeeds(): Seed[] {
  const report = { id: 'weibo-1', indicator: 'product-complaints', key: '起火', amount: 2, text: '充电时冒烟' };
  const headers = { 'content-type': 'application/json' };
  return [report, [report, { ...report, id: 'weibo-2', at: new Date().toISOString() }]].map((value) => ({
    edge: 'signals',
    method: 'POST',
    path: '/signals',
    headers,
    value,
    form: false,
    encode: utf8,
    seal: (body, how, path) => {
      const time = now();
      const signature = `v1=${hmac(secretFor(how, SIGNALS_SECRET), `${time}.`, body)}`;
      const signed = { 'x-signal-timestamp': time, 'x-signal-signature': signature };
      return { path, body, headers: how === 'bare' ? headers : { ...headers, ...signed } };
    },
  }));
}

/** What is only read: by its owner, by the administrator, by anybody. */
function readingSeeds({ links }: Target): Seed[] {
  const seed = (edge: string, path: string, headers: Record<string, string> = {}, method = 'GET'): Seed => ({
    edge,
    method,
    path,
    headers,
    value: undefined,
    form: false,
    encode: utf8,
    seal: (body, how, asked) => ({ path: asked, body, headers: how === 'signed' ? headers : {} }),
  });
  const admin = { authorization: `Bearer ${ADMIN_TOKEN}` };
  return [
    ...links.flatMap((path) => [seed('links', path), seed('links', path, {}, 'HEAD')]),
    seed('audit', '/audit.ndjson', admin),
    seed('audit', '/audit.ndjson', admin, 'HEAD'),
    seed('metrics', '/metrics', admin),
    seed('health', '/healthz'),
    seed('desk', '/'),
    seed('desk', '/desk/state?as=wang&in=channel:pr'),
    seed('desk', '/desk/messages?as=wang&in=bot&before=7'),
    seed('desk', '/desk/page/desk.js'),
    seed('desk', '/desk/upload?as=wang&name=a.pdf', { 'x-desk': '1', 'content-type': 'application/pdf' }, 'POST'),
  ];
}
