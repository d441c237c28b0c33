/** What a stranger's request costs: no parsing before the signature, no words about what is inside, no flood in the log. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { addOwnRoutes, fileLink } from '../../src/http.ts';
import { send } from '../fuzz/wire.ts';
import { type House, openHouse, waitFor } from '../support/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ desk: true, wecom: true, phones: true, pager: true, crisis: true });
});
afterAll(() => house.close());
afterEach(() => vi.restoreAllMocks());

const seconds = () => String(Math.floor(house.clock().getTime() / 1000));
const MARK = 'nobody-may-read-this';
const DEEP = `${'['.repeat(100_000)}"${MARK}"${']'.repeat(100_000)}`;
/** Shaped as a good signature is, so that only the check itself can tell. */
const shaped = (): Record<string, string> => ({
  'x-slack-request-timestamp': seconds(),
  'x-slack-signature': `v0=${'0'.repeat(64)}`,
  'x-lark-request-timestamp': seconds(),
  'x-lark-request-nonce': 'n',
  'x-lark-signature': '0'.repeat(64),
  'x-page-timestamp': seconds(),
  'x-page-signature': `v1=${'0'.repeat(64)}`,
  'x-signal-timestamp': seconds(),
  'x-signal-signature': `v1=${'0'.repeat(64)}`,
});
const JSON_ROUTES = ['/slack/events', '/feishu/events', '/pager/reports', '/signals'];
const TWILIO_ROUTES = ['gather', 'status', 'sms', 'sms-status'].map((name) => `/phone/twilio/${name}`);

async function post(path: string, body: string, headers: Record<string, string> = {}): Promise<number> {
  const answer = await fetch(`${house.url}${path}`, { method: 'POST', body, headers });
  expect((await answer.text()).length, path).toBeLessThan(200);
  return answer.status;
}

describe('case 20: before the signature is checked, nothing is parsed', () => {
  test.each(JSON_ROUTES)(
    'a hundred thousand levels of JSON for %s, unsigned and badly signed: no parser sees them',
    async (path) => {
      const body =
        path === '/pager/reports'
          ? `${'['.repeat(7000)}"${MARK}"${']'.repeat(7000)}`
          : path === '/signals'
            ? DEEP.slice(70_000, -70_000)
            : DEEP;
      const parse = vi.spyOn(JSON, 'parse');
      for (const headers of [{}, shaped()])
        for (const type of ['application/json', 'application/x-www-form-urlencoded'])
          expect([401, 403]).toContain(await post(path, body, { ...headers, 'content-type': type }));
      expect(parse.mock.calls.filter(([text]) => String(text).includes(MARK))).toEqual([]);
    },
  );

  test.each([...TWILIO_ROUTES, '/slack/events'])(
    'a form for %s without a signature: nobody takes it apart',
    async (path) => {
      const read: string[] = [];
      const Real = URLSearchParams;
      vi.stubGlobal(
        'URLSearchParams',
        class extends Real {
          constructor(...given: ConstructorParameters<typeof Real>) {
            super(...given);
            if (typeof given[0] === 'string') read.push(given[0]);
          }
        },
      );
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      for (const signature of [{}, { 'x-twilio-signature': 'x' }, { 'x-twilio-signature': '' }])
        expect([401, 403]).toContain(
          await post(path, `Body=${MARK}&From=%2B8613800000002`, { ...headers, ...signature }),
        );
      expect(read.filter((text) => text.includes(MARK))).toEqual([]);
    },
  );

  test('what Feishu sends unsigned is one short ciphertext: anything else is not even parsed', async () => {
    const parse = vi.spyOn(JSON, 'parse');
    const bodies = [
      `{"encrypt":"AAAA","x":"${MARK}"}`,
      `{"encrypt":"${'A'.repeat(5000)}${MARK.replaceAll('-', '')}"}`,
      `{"encrypt":{"a":"${MARK}"}}`,
    ];
    for (const body of bodies) expect(await post('/feishu/events', body)).toBe(401);
    expect(parse.mock.calls.filter(([text]) => /nobody/.test(String(text)))).toEqual([]);
    // written as some JSON libraries write it, it is an address check
    expect(await post('/feishu/events', '{ "encrypt" : "AA\\/A" }')).toBe(401);
    expect(parse.mock.calls.filter(([text]) => String(text).includes('AA\\/A'))).toHaveLength(1);
  });
});

describe('nobody is told what is inside', () => {
  test('a signed address check of Slack with something odd to repeat is answered with nothing', async () => {
    for (const challenge of [{ toString: 1 }, [[[]]], null, 7]) {
      const answered = await house.slack.send(JSON.stringify({ type: 'url_verification', challenge }));
      expect(answered).toEqual({ status: 200, text: '' });
    }
  });

  test('a kept file that has vanished from the disk: no path, no stack, one line for the administrator', async () => {
    const { slack, sql } = house;
    await slack.slash('U01WANG', 'C0PR', '/spend', '3.2万 春季促销物料');
    await slack.say('U01WANG', 'SP-2026-0001', [slack.addFile({ id: 'F1', name: '报价单.pdf' })]);
    let id = '';
    await waitFor(async () => {
      const [kept] = await sql<{ id: string }[]>`select id from attachment where state = 'kept'`;
      id = kept?.id ?? '';
      return id !== '';
    }, 'the file to be kept');
    const [row] = await sql<{ value: string }[]>`select value from setting where name = 'link-key'`;
    const link = fileLink({ linkKey: row?.value ?? '', publicUrl: house.url, clock: house.clock }, id, 'wang');
    expect((await fetch(link)).status).toBe(200);
    await rm(join(house.config.dataDir, 'files'), { recursive: true });
    const printed = [vi.spyOn(console, 'error'), vi.spyOn(console, 'info')];
    const before = house.lines.length;
    const answer = await fetch(link);
    expect([answer.status, await answer.text()]).toEqual([500, '']);
    const told = house.lines.slice(before).filter((line) => line.includes('a request could not be answered'));
    expect(told).toHaveLength(1);
    // the address is a key for ten minutes
    expect(told[0]).not.toContain(id);
    for (const print of printed) expect(print).not.toHaveBeenCalled();
  });
});

test('ids longer than any that Slack makes are ignored: nothing fails behind the door', async () => {
  const before = house.lines.length;
  const long = 'x'.repeat(3000);
  const typed = {
    command: '/spend',
    text: '1万 直播',
    user_id: 'U01WANG',
    team_id: 'T0HOME',
    channel_id: 'C0PR',
    response_url: 'x',
  };
  const form = 'application/x-www-form-urlencoded';
  const slash = new URLSearchParams({ ...typed, trigger_id: long }).toString();
  expect(await house.slack.send(slash, form)).toEqual({ status: 200, text: '' });
  const action = { action_id: 'a', type: 'button', value: '{"c":"requests.approve"}', action_ts: long };
  const pressed = {
    type: 'block_actions',
    user: { id: 'U01WANG' },
    container: { message_ts: '1.1' },
    actions: [action],
  };
  const payload = new URLSearchParams({ payload: JSON.stringify(pressed) }).toString();
  expect(await house.slack.send(payload, form)).toEqual({ status: 200, text: '' });
  expect(house.lines.slice(before).filter((line) => line.includes('"level":50'))).toEqual([]);
});

test('a button whose subject holds what no database takes is unreadable, and nothing fails behind the door', async () => {
  const before = house.lines.length;
  for (const odd of ['S\0P-2026-0001', 'SP-2026-\ud800'])
    for (const action of [
      { command: 'requests.why', subject: odd },
      { command: 'requests.why', subject: 'SP-2026-0001', with: { note: odd } },
    ]) {
      const body = JSON.stringify({ as: 'wang', in: 'bot', act: crypto.randomUUID(), action });
      const headers = { 'content-type': 'application/json', 'x-desk': '1' };
      expect((await fetch(`${house.url}/desk/press`, { method: 'POST', headers, body })).status).toBe(400);
    }
  expect(house.lines.slice(before).filter((line) => line.includes('"level":50'))).toEqual([]);
});

test('a host that is no name is refused before anything else, on every route, and is no line in the log', async () => {
  const { port } = new URL(house.url);
  const before = house.lines.length;
  for (const path of [...JSON_ROUTES, ...TWILIO_ROUTES, '/wecom/events', '/desk/say', '/nothing'])
    for (const host of ['999999999999999999999', '1.2.3.4.5', '0x1ffffffff']) {
      const body = '{}';
      const lines = [
        `POST ${path} HTTP/1.1`,
        `host: ${host}`,
        'connection: close',
        `content-length: ${body.length}`,
        '',
        body,
      ];
      const { statuses } = await send({ port: Number(port), pieces: [Buffer.from(lines.join('\r\n'))] });
      expect(statuses, `${path} ${host}`).toEqual([400]);
    }
  expect(house.lines.slice(before)).toEqual([]);
});

test('whoever knocks at the desk from elsewhere, two hundred times, is one line, without what they asked for', async () => {
  const before = house.lines.length;
  for (let i = 0; i < 200; i++) {
    const answer = await fetch(`${house.url}/desk/${MARK}-${i}`, { headers: { origin: 'http://evil.example' } });
    expect(answer.status).toBe(403);
  }
  const lines = house.lines.slice(before);
  expect(lines.filter((line) => line.includes('a request to the desk was refused'))).toHaveLength(1);
  expect(lines.join()).not.toContain(MARK);
});

test('however many ask how it is at once, the database is asked once', async () => {
  let asked = 0;
  const app = new Hono();
  const health = async () => {
    asked += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
    return { ok: true, missing: [], platforms: {} };
  };
  addOwnRoutes(app, { health } as unknown as Parameters<typeof addOwnRoutes>[1]);
  const all = await Promise.all(Array.from({ length: 100 }, async () => app.request('/healthz')));
  expect([asked, new Set(all.map(({ status }) => status))]).toEqual([1, new Set([200])]);
  await app.request('/healthz');
  expect(asked).toBe(2);
});
