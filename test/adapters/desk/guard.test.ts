/** The desk's door: only a browser on this machine that shows the desk's own page gets in. */
import { mkdtempSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLoopback, refusalOf } from '../../../adapters/desk/guard.ts';
import { type Office, openOffice } from './office.ts';

let office: Office;
let port: number;
beforeAll(async () => {
  // everywhere, not only loopback: the door itself must tell who comes from outside
  office = await openOffice({ uploads: mkdtempSync(join(tmpdir(), 'desk-')), hostname: '::' });
  port = Number(new URL(office.url).port);
});
afterAll(() => office.close());

interface Answer {
  status: number;
  body: string;
  headers: IncomingHttpHeaders;
}

/** By hand, so that every header is exactly what the story says (fetch would mend Host and Origin). */
function knock(
  path: string,
  options: { host?: string; to?: string; method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const host = options.host ?? `localhost:${port}`;
  const headers = { ...(host === '' ? {} : { host }), ...options.headers };
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: options.to ?? '127.0.0.1',
        port,
        path,
        method: options.method ?? 'GET',
        headers,
        agent: false,
        setHost: false,
      },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          body += chunk;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body, headers: answer.headers }));
      },
    );
    sent.on('error', reject);
    sent.end(options.body);
  });
}

const OWN = { 'x-desk': '1', 'content-type': 'application/json' };
const SAY = JSON.stringify({ as: 'wang', in: 'bot', act: crypto.randomUUID(), text: '/pr help', files: [] });
const say = (headers: Record<string, string>) => knock('/desk/say', { method: 'POST', headers, body: SAY });

describe('who gets in', () => {
  test.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST'])(
    'a browser on this machine that calls it %s',
    async (name) => {
      const answer = await knock('/', { host: `${name}:${port}` });
      expect(answer.status).toBe(200);
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      expect(answer.headers['content-security-policy']).not.toContain('unsafe');
    },
  );

  test('a link on another page may open the desk, but nothing behind it', async () => {
    const foreign = { 'sec-fetch-site': 'cross-site', referer: 'https://evil.example/' };
    expect((await knock('/', { headers: foreign })).status).toBe(200);
    expect((await knock('/desk/state', { headers: foreign })).status).toBe(403);
  });

  test('its own page may say something', async () => {
    const before = office.heard.length;
    const answer = await say({ ...OWN, origin: `http://localhost:${port}`, 'sec-fetch-site': 'same-origin' });
    expect(answer.status).toBe(200);
    expect(office.heard.length).toBe(before + 1);
  });
});

describe('who stays outside', () => {
  test.each([
    ['a name that was pointed at this machine (DNS rebinding)', 'desk.evil.example'],
    ['a name that only begins like ours', 'localhost.evil.example'],
    ['a name with ours as its user', 'localhost@evil.example'],
    ['another loopback address', '127.0.0.2'],
    ['no name at all', ''],
  ])('%s', async (_story, host) => {
    for (const path of ['/', '/desk/state', '/desk/changes?as=wang', '/desk/page/desk.js']) {
      const answer = await knock(path, { host: host && `${host}:${port}` });
      // a Host that is no host at all is refused before us, by Node
      expect([400, 403]).toContain(answer.status);
      expect(answer.body).not.toContain('王晓文');
    }
  });

  test('another machine, even when it calls itself localhost', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4');
    // without a network card there is no outside to come from: the rule itself is told below
    if (!outside) return expect(isLoopback('192.0.2.7')).toBe(false);
    expect((await knock('/', { to: outside.address })).status).toBe(403);
    expect((await knock('/desk/state', { to: outside.address })).status).toBe(403);
    return undefined;
  });

  test.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'])('whoever came through a proxy (%s)', async (name) => {
    expect((await knock('/desk/state', { headers: { [name]: '203.0.113.9' } })).status).toBe(403);
  });

  test.each<[string, Record<string, string>]>([
    ['a page elsewhere', { ...OWN, origin: 'https://evil.example' }],
    ['a page without an origin of its own', { ...OWN, origin: 'null' }],
    ['another port of this machine', { ...OWN, origin: 'http://localhost:1' }],
    ['another port of this machine, seen by the browser', { ...OWN, 'sec-fetch-site': 'same-site' }],
    ['a form that a page had the browser send', { 'content-type': 'text/plain' }],
    ['a request without our header', { 'content-type': 'application/json' }],
    ['a request that is not JSON', { 'x-desk': '1', 'content-type': 'application/x-www-form-urlencoded' }],
    ['a request that only mentions JSON', { 'x-desk': '1', 'content-type': 'text/plain; application/json' }],
  ])('%s cannot say anything', async (_story, headers) => {
    const before = office.heard.length;
    expect((await say(headers)).status).toBe(403);
    expect(office.heard.length).toBe(before);
  });

  test('no preflight is ever answered with leave to go on', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const answer = await knock('/desk/say', { method: 'OPTIONS', headers });
    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('a file cannot be pushed in from elsewhere either', async () => {
    const path = '/desk/upload?as=wang&name=x.txt';
    const foreign = { 'content-type': 'text/plain', 'x-desk': '1', origin: 'https://evil.example' };
    expect((await knock(path, { method: 'POST', headers: foreign, body: 'x' })).status).toBe(403);
    expect((await knock(path, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' })).status).toBe(
      403,
    );
  });

  test('a server that cannot say who is calling lets nobody in', () => {
    const header = (name: string) => (name === 'host' ? 'localhost' : undefined);
    expect(refusalOf({ remote: undefined, method: 'GET', path: '/', header })).toBe('remote-address');
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['::ffff:10.0.0.1', false],
  ['10.0.0.1', false],
  ['127.0.0.1.evil.example', false],
  ['', false],
])('%s is this machine: %s', (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});

describe('what the page sends is read with care', () => {
  const post = (path: string, body: string) => knock(path, { method: 'POST', headers: OWN, body });
  const act = () => crypto.randomUUID();

  test.each<[string, string, unknown]>([
    ['/desk/say', 'no JSON', 'hello'],
    ['/desk/say', 'an empty message', { as: 'wang', in: 'bot', act: act(), text: ' ', files: [] }],
    ['/desk/say', 'an act that is no id', { as: 'wang', in: 'bot', act: 'x', text: 'x', files: [] }],
    ['/desk/say', 'an endless message', { as: 'wang', in: 'bot', act: act(), text: 'x'.repeat(4_001), files: [] }],
    ['/desk/press', 'a button of no shape', { as: 'wang', in: 'bot', act: act(), action: { run: 'rm' } }],
    [
      '/desk/form',
      'values that are no texts',
      { as: 'wang', in: 'bot', act: act(), action: { command: 'x' }, values: { a: 1 }, files: {} },
    ],
  ])('%s refuses %s', async (path, _story, body) => {
    const before = office.heard.length;
    const answer = await post(path, typeof body === 'string' ? body : JSON.stringify(body));
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({ say: '会签读不懂这条内容，没有保存。' });
    expect(office.heard.length).toBe(before);
  });

  test('a person or a channel that does not exist is not spoken for', async () => {
    const body = { act: act(), text: 'x', files: [] };
    expect((await post('/desk/say', JSON.stringify({ ...body, as: 'nobody', in: 'bot' }))).status).toBe(404);
    expect((await post('/desk/say', JSON.stringify({ ...body, as: 'wang', in: 'channel:secret' }))).status).toBe(404);
    expect((await post('/desk/say', JSON.stringify({ ...body, as: 'wang', in: 'direct:li' }))).status).toBe(404);
    expect((await knock('/desk/messages?as=wang&in=direct:li')).status).toBe(404);
  });

  test('half a megabyte of JSON is too much', async () => {
    const answer = await post('/desk/say', JSON.stringify({ text: 'x'.repeat(600_000) }));
    expect(answer.status).toBe(413);
  });

  test('only the page’s own files are served', async () => {
    for (const name of ['..%2fpage.ts', '%2e%2e%2fadapter.ts', 'desk.html', 'nothing.js', '']) {
      expect((await knock(`/desk/page/${name}`)).status).toBe(404);
    }
    const script = await knock('/desk/page/desk.js');
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['x-content-type-options']).toBe('nosniff');
    const again = await knock('/desk/page/desk.js', { headers: { 'if-none-match': script.headers.etag ?? '' } });
    expect(again.status).toBe(304);
  });

  test('what people wrote does not stand in the log', async () => {
    await post('/desk/say', JSON.stringify({ as: 'wang', in: 'bot', act: act(), text: '绝密收购案', files: [] }));
    expect(office.logged.join('')).not.toContain('绝密收购案');
  });
});
