/** Whatever is thrown at its doors, the real program stays on its feet: nothing acts that is not signed, nothing hangs, nothing is told. */
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { campaign } from '../fuzz/campaign.ts';
import { badlyPadded, crippled, type Sealed, type Seed, seedsOf } from '../fuzz/seeds.ts';
import { openTarget, type Target } from '../fuzz/target.ts';
import { type Answer, send } from '../fuzz/wire.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { waitFor } from '../support/house.ts';

const MINUTES = { timeout: 120_000 };
let database: FreshDatabase;
let target: Target;
let seeds: Seed[];
/** begun with the first test, looked at by the last: each takes as long as the program is patient */
let slow: Promise<Answer[]>;

beforeAll(async () => {
  database = await freshDatabase();
  target = await openTarget(database.url);
  seeds = seedsOf(target);
  slow = Promise.all([slowly('x-1: 1\r\n', ''), slowly('x', `content-length: 100\r\n\r\n`)]);
}, 120_000);
afterAll(async () => {
  await target.close();
  await database.drop();
});

const bytes = (text: string) => Buffer.from(text, 'latin1');
const head = (method: string, path: string, ...lines: string[]) =>
  bytes([`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1', ...lines, '', ''].join('\r\n'));
const slowly = (piece: string, more: string) =>
  send({
    port: target.port,
    pieces: [
      bytes(`POST /slack/events HTTP/1.1\r\nhost: x\r\n${more}`),
      ...Array.from({ length: 60 }, () => bytes(piece)),
    ],
    pauseMs: 500,
    withinMs: 40_000,
  });

async function post({ path, headers, body }: Sealed, method = 'POST'): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${target.url}${path}`, { method, headers, ...(method === 'POST' ? { body } : {}) });
  return { status: answer.status, text: await answer.text() };
}

/** All that an act leaves behind. */
async function traces(): Promise<unknown> {
  const { sql } = target;
  return sql`select (select count(*) from ledger)::int as ledger, (select count(*) from inbox)::int as inbox,
    (select count(*) from observation)::int as observations, (select count(*) from request)::int as requests`;
}

/** What was printed while this went on, the log too. */
async function printedDuring(work: () => Promise<unknown>): Promise<string> {
  const before = target.program.printed.length;
  await work();
  // in order: once this is heard, so is what was said before it
  await target.program.health();
  await new Promise((resolve) => setTimeout(resolve, 100));
  return target.program.printed.slice(before);
}

/** Of each kind of request that acts, one as it was recorded. */
const acting = () => seeds.filter(({ edge, value }) => value !== undefined && edge !== 'desk');
const plain = (seed: Seed) => seed.encode(JSON.stringify(seed.value));

test(
  'a thousand forged and unsigned requests, over every edge, act 0 times and are a handful of lines',
  MINUTES,
  async () => {
    const before = await traces();
    const statuses = new Set<number>();
    const printed = await printedDuring(async () => {
      const all = acting();
      for (let sent = 0; sent < 1000; sent += all.length)
        for (const { status, text } of await Promise.all(
          all.map((seed, i) =>
            post(seed.seal(plain(seed), (sent + i) % 2 === 0 ? 'forged' : 'bare', seed.path), seed.method),
          ),
        )) {
          statuses.add(status);
          expect(text.length).toBeLessThan(200);
        }
    });
    expect([...statuses].sort()).toEqual([401, 403]);
    expect(await traces()).toEqual(before);
    const lines = printed.split('\n').filter((line) => line.includes('refused'));
    // at most one line of each edge in ten seconds
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(40);
    expect(printed).not.toMatch(/春季促销|3\.2万|充电时冒烟|signature=|v0=|v1=/);
  },
);

test('what was really signed, sent once more within the five minutes, acts 0 times', MINUTES, async () => {
  const sealed = acting().map((seed) => ({ seed, once: seed.seal(plain(seed), 'signed', seed.path) }));
  for (const { seed, once } of sealed) expect((await post(once, seed.method)).status, seed.edge).toBeLessThan(500);
  const before = await traces();
  for (let again = 0; again < 3; again++)
    for (const { seed, once } of sealed) expect((await post(once, seed.method)).status, seed.edge).toBeLessThan(500);
  expect(await traces()).toEqual(before);
});

test('ciphertexts that are none, well signed: refused, and nothing is printed about them', MINUTES, async () => {
  const [real = ''] = target.recorded
    .filter(({ path }) => path === '/feishu/events')
    .map(({ body }) => body.toString());
  const { encrypt } = JSON.parse(real) as { encrypt: string };
  const bad = ['', 'AAAA', encrypt.slice(0, 40), encrypt.slice(0, -24), encrypt.slice(4), '=', '𠮷'.repeat(9)];
  const printed = await printedDuring(async () => {
    for (const ciphertext of [...bad, ...[0, 1, 16, 17, 32, 255].map((last) => badlyPadded(target, last))])
      expect(await post(crippled(target, ciphertext)), ciphertext.slice(0, 60)).toEqual({ status: 401, text: '{}' });
  });
  expect(printed).not.toMatch(/"level":50|\n\s+at /);
});

test('whoever hangs up in the middle of a sentence leaves no stack behind, on any route', MINUTES, async () => {
  const paths = ['/slack/events', '/feishu/events', '/wecom/events', '/phone/twilio/sms', '/pager/reports', '/signals'];
  const desk = ['x-desk: 1', 'content-type: application/json'];
  const printed = await printedDuring(async () => {
    for (const path of [...paths, '/desk/say', '/desk/upload?as=wang&name=a.pdf', '/nothing'])
      for (const after of ['cut', 'half-close'] as const) {
        const length = path.startsWith('/phone')
          ? ['content-length: 1000', `x-twilio-signature: ${'a'.repeat(27)}=`]
          : ['content-length: 1000'];
        const pieces = [
          head('POST', path, ...(path.startsWith('/desk') ? desk : []), ...length),
          bytes('{"a"'),
          bytes(':'),
        ];
        await send({ port: target.port, pieces, after, withinMs: 1000 });
      }
  });
  expect(printed.split('\n').filter((line) => line !== '' && !line.startsWith('{"level"'))).toEqual([]);
  expect(printed).not.toContain('"level":50');
});

test('a file is closed again, whether it was read, only asked about, or left in the middle', MINUTES, async () => {
  const [link = ''] = target.links;
  const open = async () => (await readdir(`/proc/${target.program.pid}/fd`)).length;
  const asks = async (times: number) => {
    for (let i = 0; i < times; i++) {
      expect((await fetch(`${target.url}${link}`, { method: 'HEAD' })).status).toBe(200);
      const left = await send({ port: target.port, pieces: [head('GET', link)] });
      expect(left.statuses).toEqual([200]);
    }
  };
  await asks(3);
  const before = await open();
  await asks(20);
  for (const late = Date.now() + 5000; (await open()) > before + 8 && Date.now() < late; )
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await open()).toBeLessThanOrEqual(before + 8);
});

test('a form with as many names as fit, from nobody: refused at once, nobody waits behind it', MINUTES, async () => {
  const form = Array.from({ length: 13_000 }, (_, i) => `${i.toString(36)}=`).join('&');
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': `${'a'.repeat(27)}=` };
  const began = performance.now();
  expect((await post({ path: '/phone/twilio/sms', headers, body: bytes(form) })).status).toBe(403);
  // it was 4,400 ms, in which nobody else was served
  expect(performance.now() - began).toBeLessThan(1500);
});

test(
  'large bodies that are sent slowly fill no memory: some are turned away, and who presses meanwhile is served',
  MINUTES,
  async () => {
    const pieces = [head('POST', '/slack/events', `content-length: ${1024 * 1024}`), bytes('{')];
    const turnedAway: Answer[] = [];
    const held = Array.from({ length: 120 }, () =>
      send({ port: target.port, pieces, withinMs: 4000 }).then((answer) => {
        if (answer.statuses[0] === 503) turnedAway.push(answer);
        return answer;
      }),
    );
    await waitFor(async () => turnedAway.length >= 56, 'those for whom there is no room');
    const press = seeds.find(({ edge }) => edge === 'slack') as Seed;
    expect((await post(press.seal(plain(press), 'signed', press.path))).status).toBe(200);
    await Promise.all(held);
    expect(turnedAway).toHaveLength(56);
    // the others have gone, and once the server has heard of it there is room again
    const large = { path: press.path, headers: {}, body: Buffer.alloc(200_000, 'x') };
    await waitFor(async () => (await post(large)).status === 401, 'room for a large body');
  },
);

test('requests that come all at once on one line are answered one after the other', MINUTES, async () => {
  const pieces = [Buffer.concat(Array.from({ length: 20 }, () => head('GET', '/healthz')))];
  expect((await send({ port: target.port, pieces, answers: 20 })).statuses).toEqual(Array(20).fill(200));
});

test('mutated real requests, signed and not: no crash, no 500, nothing that hangs or tells', MINUTES, async () => {
  const end = Date.now() + 4000;
  const { attempts, found, memory } = await campaign(target, { seed: 20261122, until: () => Date.now() > end });
  expect(found).toEqual([]);
  expect(attempts).toBeGreaterThan(20);
  expect(memory.most - memory.before).toBeLessThan(250);
});

test('whoever sends a header or a body drop by drop is let go', MINUTES, async () => {
  for (const { statuses, closed, ms } of await slow) {
    expect([statuses, closed]).toEqual([[408], true]);
    expect(ms).toBeLessThan(25_000);
  }
});
