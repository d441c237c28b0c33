/** The ways in which something real becomes hostile: in its values, in its bytes, in its address, headers and framing. Each follows from its dice alone. */
import type { Dice } from './dice.ts';
import type { Seed } from './seeds.ts';

/** A request on its way to the wire. */
export interface Outgoing {
  method: string;
  path: string;
  version: string;
  headers: [name: string, value: string][];
  body: Buffer;
  /** the body goes out in pieces that end here; in HTTP's chunks if `chunked` */
  cuts: number[];
  chunked: boolean;
  /** what it says of its length, if that is not true */
  declared?: number;
}

const deep = (levels: number) => `@@deep:${levels}@@`;
/** What JSON.stringify would not write is put in afterwards. */
export function spelledOut(json: string): string {
  return json
    .replace(/"@@deep:(\d+)@@"/g, (_, n: string) => '['.repeat(Number(n)) + ']'.repeat(Number(n)))
    .replace(/"@@objects:(\d+)@@"/g, (_, n: string) => `${'{"a":'.repeat(Number(n))}1${'}'.repeat(Number(n))}`)
    .replaceAll('"@@huge@@"', '1e999')
    .replaceAll('"@@digits@@"', '9'.repeat(400))
    .replaceAll('"@@lone@@"', '"\\ud800"')
    .replaceAll('"@@nul@@"', '"a\\u0000b"');
}

const ODD: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  '',
  ' ',
  [],
  {},
  [[]],
  '@@huge@@',
  '@@digits@@',
  '@@lone@@',
  '@@nul@@',
  deep(1000),
  deep(100_000),
  '@@objects:100000@@',
  'x'.repeat(70_000),
  '𠮷'.repeat(3000),
  '\u202e\u0000',
  "'; drop table ledger; --",
  '../../../etc/passwd',
  '<@U02LI>',
  '%00%ff',
  '9999999999999999',
  '1970-01-01T00:00:00.000000000000Z',
  '-0',
  Array.from({ length: 5000 }, (_, i) => i),
  Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i])),
];
/** No `length`: on a list it is no key. */
const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '',
  'type',
  'event',
  '\u0000',
];

type Container = Record<string, unknown> | unknown[];
const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;
const set = (on: object, key: string | number, value: unknown): void =>
  void Object.defineProperty(on, key, { value, enumerable: true, configurable: true, writable: true });

function containersIn(value: unknown): Container[] {
  if (!isContainer(value)) return [];
  const found: Container[] = [value];
  for (const one of found)
    for (const child of Object.values(one)) if (isContainer(child) && found.length < 500) found.push(child);
  return found;
}

/** Each gets a value of its own, and may change it in place. */
const VALUES: Record<string, (root: unknown, dice: Dice) => unknown> = {
  odd: (root, dice) => atSomeKey(root, dice, (on, key) => set(on, key, structuredClone(dice.pick(ODD)))),
  gone: (root, dice) => atSomeKey(root, dice, (on, key) => Reflect.deleteProperty(on, key)),
  text: (root, dice) =>
    atSomeKey(root, dice, (on, key) => {
      const there = (on as Record<string, unknown>)[key];
      const was = typeof there === 'string' || typeof there === 'number' ? String(there) : '';
      const at = dice.below(was.length + 1);
      set(
        on,
        key,
        was.slice(0, at) +
          dice.pick(['\u0000', '\ud800', '"', '\\', '\n', '𠮷', '：', '%', '<', '|', '9'.repeat(40)]) +
          was.slice(at),
      );
    }),
  named: (root, dice) => {
    const containers = containersIn(root);
    if (containers.length > 0)
      set(dice.pick(containers), dice.pick(KEYS), dice.pick<unknown>([{ admin: true }, 1, 'x', null, { toString: 1 }]));
    return root;
  },
  swapped: (root, dice) =>
    atSomeKey(root, dice, (on, key) => {
      const containers = containersIn(root);
      set(on, key, structuredClone(dice.pick(containers)));
    }),
  inside: (root, dice) => dice.pick<unknown>([[root], { value: root }, JSON.stringify(root), [root, root]]),
  whole: (_root, dice) => structuredClone(dice.pick(ODD)),
  /** text that is JSON in itself: a button's value, a window's memory */
  within: (root, dice) => {
    const texts = containersIn(root).flatMap((on) =>
      Object.entries(on).flatMap(([key, one]) =>
        typeof one === 'string' && /^[{[]/.test(one) ? [{ on, key, one }] : [],
      ),
    );
    if (texts.length === 0) return root;
    const { on, key, one } = dice.pick(texts);
    try {
      const inner: unknown = JSON.parse(one);
      const changed = dice.chance(0.5) ? VALUES.odd?.(inner, dice) : VALUES.text?.(inner, dice);
      set(on, key, spelledOut(JSON.stringify(changed) ?? ''));
    } catch {
      set(on, key, dice.pick(['{', '[1,', 'null', '"x"']));
    }
    return root;
  },
};

function atSomeKey(root: unknown, dice: Dice, change: (on: object, key: string) => void): unknown {
  const places = containersIn(root).flatMap((on) => Object.keys(on).map((key) => ({ on, key })));
  if (places.length === 0) return structuredClone(dice.pick(ODD));
  const { on, key } = dice.pick(places);
  change(on, key);
  return root;
}

/** Before it is signed, so that it arrives as it is. */
const BYTES: Record<string, (body: Buffer, dice: Dice, seed: Seed) => Buffer> = {
  flipped: (body, dice) => {
    const changed = Buffer.from(body);
    for (let left = 1 + dice.below(4); left > 0 && changed.length > 0; left--)
      changed[dice.below(changed.length)] = dice.below(256);
    return changed;
  },
  cut: (body, dice) => body.subarray(0, dice.below(body.length + 1)),
  'no UTF-8': (body, dice) => {
    const at = dice.below(body.length + 1);
    const bad = dice.pick([[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf8, 0x88], [0xc0, 0x80], [0xef, 0xbb, 0xbf], [0]]);
    return Buffer.concat([body.subarray(0, at), Buffer.from(bad), body.subarray(at)]);
  },
  doubled: (body) => Buffer.concat([body, body]),
  nothing: () => Buffer.alloc(0),
  noise: (_body, dice) => dice.bytes(dice.below(2000)),
  UTF16: (body) => Buffer.from(body.toString(), 'utf16le'),
  'many fields': (body, dice, { form }) =>
    form
      ? Buffer.from(Array.from({ length: dice.pick([3000, 100_000]) }, (_, i) => `k${i.toString(36)}=`).join('&'))
      : body,
  'one field often': (body, _dice, { form }) => (form ? Buffer.from('a=1&'.repeat(14_000)) : body),
  'odd escapes': (body, _dice, { form }) =>
    form ? Buffer.concat([body, Buffer.from('&%=%ZZ&%00=%ff&__proto__=1&=')]) : body,
  elements: (body, dice, { edge }) =>
    edge === 'wecom'
      ? Buffer.from(
          dice.pick([
            '<a>'.repeat(60_000),
            `<xml>${'<a>1</a>'.repeat(20_000)}</xml>`,
            `<xml><a>${'&lol;'.repeat(999)}</a></xml>`,
            '<xml><a><![CDATA[',
            `<xml>${' '.repeat(100_000)}`,
          ]),
        )
      : body,
  large: (body, dice) => Buffer.concat([body, Buffer.alloc(dice.pick([20_000, 300_000, 1_100_000]), ' ')]),
};

const PATHS = [
  '/..%2f..%2fetc/passwd',
  '%00',
  '%2e%2e/',
  '//',
  '/%ff',
  '?p=%',
  '&p=wang&p=li',
  ';x',
  '%',
  '\\',
  '?e=1e9',
  '/.',
  '#x',
];
const METHODS = ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'M-SEARCH', 'QUERY', 'PURGE'];
const TYPES = [
  'text/plain',
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'application/json; charset=utf-16',
  'x',
  '',
  ';;;',
  'image/png',
  '/',
];

/** After it was signed. */
const WIRE: Record<string, (out: Outgoing, dice: Dice) => Outgoing> = {
  pieces: (out, dice) => ({
    ...out,
    cuts: Array.from({ length: 1 + dice.below(8) }, () => dice.below(out.body.length + 1)).sort((a, b) => a - b),
  }),
  chunked: (out, dice) => ({
    ...out,
    chunked: true,
    cuts: Array.from({ length: dice.below(8) }, () => dice.below(out.body.length + 1)).sort((a, b) => a - b),
  }),
  'said to be shorter': (out, dice) => ({ ...out, declared: dice.below(out.body.length + 1) }),
  'two lengths': (out) => ({
    ...out,
    headers: [...out.headers, ['transfer-encoding', 'chunked']],
    declared: out.body.length,
  }),
  'a length that is none': (out, dice) => ({
    ...out,
    headers: [...out.headers, ['content-length', dice.pick(['-1', 'x', '1e3', '5, 6', '+5'])]],
  }),
  type: (out, dice) => withHeader(out, 'content-type', dice.pick(TYPES)),
  encoding: (out, dice) => ({
    ...out,
    headers: [
      ...out.headers,
      ['content-encoding', dice.pick(['gzip', 'br', 'deflate', 'identity', 'gzip, gzip', 'x'])],
    ],
  }),
  'header twice': (out, dice) =>
    out.headers.length === 0 ? out : { ...out, headers: [...out.headers, dice.pick(out.headers)] },
  'header long': (out, dice) => ({
    ...out,
    headers: [...out.headers, ['x-long', 'a'.repeat(dice.pick([4000, 17_000, 100_000]))]],
  }),
  'headers many': (out, dice) => ({
    ...out,
    headers: [
      ...out.headers,
      ...Array.from({ length: dice.pick([100, 2500]) }, (_, i): [string, string] => [`x-${i}`, '1']),
    ],
  }),
  'header odd': (out, dice) =>
    withHeader(
      out,
      dice.pick(out.headers.map(([name]) => name).concat('x')),
      dice.pick(['', '\u00ff\u00fe', ',', '0', '-1', '1e9', '999999999999999999999', ' ', 'a,b', '"']),
    ),
  'header gone': (out, dice) =>
    out.headers.length === 0 ? out : { ...out, headers: out.headers.toSpliced(dice.below(out.headers.length), 1) },
  host: (out, dice) =>
    withHeader(
      out,
      'host',
      dice.pick([
        '',
        'evil.example',
        '[::1',
        'a b',
        'localhost:99999',
        '127.0.0.1',
        'x'.repeat(500),
        'é',
        '[::1]:80',
        '0',
      ]),
    ),
  method: (out, dice) => ({ ...out, method: dice.pick(METHODS) }),
  path: (out, dice) => {
    const at = dice.below(out.path.length + 1);
    return {
      ...out,
      path: dice.chance(0.5)
        ? out.path + dice.pick(PATHS)
        : `${out.path.slice(0, at)}${dice.pick(PATHS)}${out.path.slice(at)}`,
    };
  },
  target: (out, dice) => ({
    ...out,
    path: dice.pick([
      '*',
      'http://evil.example/healthz',
      '',
      '//',
      '/\\evil',
      'http://',
      '/?',
      '/%',
      'x',
      `/${'a'.repeat(15_000)}`,
    ]),
  }),
  version: (out) => ({ ...out, version: '1.0' }),
  upgrade: (out, dice) => ({
    ...out,
    headers: [...out.headers, ['connection', 'upgrade'], ['upgrade', dice.pick(['websocket', 'h2c', 'x'])]],
  }),
  expect: (out, dice) => ({ ...out, headers: [...out.headers, ['expect', dice.pick(['100-continue', 'x'])]] }),
  range: (out) => ({
    ...out,
    headers: [...out.headers, ['range', 'bytes=0-0,5-1,-9'], ['if-none-match', '*'], ['last-event-id', '-1']],
  }),
};

const withHeader = (out: Outgoing, name: string, value: string): Outgoing => ({
  ...out,
  headers: [...out.headers.filter(([one]) => one.toLowerCase() !== name.toLowerCase()), [name, value]],
});

export interface Step {
  where: 'value' | 'bytes' | 'wire';
  what: string;
  /** of its own dice: the other steps may go, and this one does the same */
  roll: number;
}

const NAMES = { value: Object.keys(VALUES), bytes: Object.keys(BYTES), wire: Object.keys(WIRE) };

export function stepsFor(seed: Seed, dice: Dice): Step[] {
  const count = 1 + dice.below(3);
  const places: Step['where'][] = seed.value === undefined ? ['wire'] : ['value', 'value', 'value', 'bytes', 'wire'];
  return Array.from({ length: count }, () => {
    const where = dice.pick(places);
    return { where, what: dice.pick(NAMES[where]), roll: dice.below(2 ** 31) };
  });
}

export const changeValue = (root: unknown, { what }: Step, dice: Dice): unknown =>
  structuredClone(VALUES[what]?.(root, dice) ?? null);
export const changeBytes = (body: Buffer, { what }: Step, dice: Dice, seed: Seed): Buffer =>
  BYTES[what]?.(body, dice, seed) ?? body;
export const changeWire = (out: Outgoing, { what }: Step, dice: Dice): Outgoing => WIRE[what]?.(out, dice) ?? out;
