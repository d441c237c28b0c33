/** Any other pager: it is handed a signed page, and what it says back counts only if it is signed too. */
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import fc from 'fast-check';
import { Hono } from 'hono';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPager } from '../../../adapters/pager/adapter.ts';
import type { Card } from '../../../src/core/card.ts';
import { DeliveryError, type Inbound, type Language, type Reply, type RingReport } from '../../../src/core/chat.ts';
import { type FakePage, startPager } from '../../support/pager.ts';

const answer = { command: 'crisis.answer', subject: 'CR-2026-0003', with: { call: 'c2' } };
const ring: Card = {
  headline: '特大危机 CR-2026-0003',
  tone: 'bad',
  summary: '特大危机 CR-2026-0003：顾客在直播间投诉产品起火。',
  blocks: [{ kind: 'buttons', buttons: [{ label: '收到', action: answer, style: 'primary' }] }],
};

let now: Date;
async function stage() {
  const pager = await startPager({ clock: () => now });
  const taken: Inbound[] = [];
  const reports: RingReport[] = [];
  const logged: string[] = [];
  const told: { reply: Reply; keep: () => Promise<void> } = { reply: { kind: 'nothing' }, keep: async () => {} };
  const adapter = createPager(pager.settings(), {
    sealKey: 'ours-alone-and-nobody-elses',
    desk: {
      take: async (inbound) => {
        taken.push(inbound);
        return told.reply;
      },
      answered() {},
      languageOf: () => 'zh',
    },
    reported: async (report) => {
      await told.keep();
      reports.push(report);
    },
    log: pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }),
    clock: () => now,
    publicUrl: () => 'https://desk.example.com/pr',
    timeoutMs: 1000,
  });
  const app = new Hono();
  adapter.routes(app);
  const server = createAdaptorServer({ fetch: (request) => app.fetch(request) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // the proxy in front of us takes the first part of the path away
  const report = async (page: FakePage, ...rest: [Parameters<typeof pager.report>[1], string?]) =>
    pager.report({ ...page, ack_url: page.ack_url.replace('https://desk.example.com/pr', base) }, ...rest);
  pager.deliverTo(base);
  await adapter.start();
  return {
    pager,
    adapter,
    taken,
    reports,
    logged,
    told,
    base,
    report,
    page: (
      to: string,
      card: Card = ring,
      intent: { id?: string; triedBefore?: Date } = {},
      language: Language = 'zh',
    ) =>
      adapter.post(
        { kind: 'direct', id: to },
        { kind: 'card', card },
        { id: intent.id ?? 'page-1', triedBefore: intent.triedBefore },
        language,
      ),
    first: () => pager.pages[0] as FakePage,
    end: async () => {
      await adapter.stop();
      await pager.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
    },
  };
}

let s: Awaited<ReturnType<typeof stage>>;
beforeEach(async () => {
  now = new Date('2026-11-23T18:00:00.000Z');
  s = await stage();
});
afterEach(() => s.end());

async function failing(call: Promise<unknown>): Promise<DeliveryError> {
  const error = await call.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof DeliveryError)) throw new Error(`no DeliveryError: ${String(error)}`);
  return error;
}

describe('a page', () => {
  test('says who is called, for what, and where to answer', async () => {
    expect(await s.page('li')).toEqual({ channel: 'li', message: 'page-1' });
    expect(s.pager.pages).toEqual([
      {
        v: 1,
        page_id: 'page-1',
        attempt: 1,
        severity: 'critical',
        incident: 'CR-2026-0003',
        to: { ref: 'li', locale: 'zh-CN' },
        text: ring.summary,
        ack_url: expect.stringMatching(/^https:\/\/desk\.example\.com\/pr\/pager\/reports\?a=/),
        expires_at: '2026-11-23T18:30:00.000Z',
      },
    ]);
    expect(s.pager.faults).toEqual([]);
  });

  test('anything at all can be told in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 1500 }), fc.uuid(), async (text, id) => {
        await s.page('li', { ...ring, summary: `危机${text}` }, { id }, 'en');
      }),
      { numRuns: 20 },
    );
    expect(s.pager.faults).toEqual([]);
  });

  test('case 5: taken, answer lost: sent once more under the same key, nobody is called twice', async () => {
    s.pager.fail('cut-after');
    expect(await failing(s.page('li'))).toMatchObject({ problem: 'ambiguous', code: 'no-answer' });
    await s.page('li', ring, { triedBefore: now });
    expect(s.pager.requests.map(({ page }) => page.attempt)).toEqual([1, 2]);
    expect(s.pager.pages).toHaveLength(1);
  });

  test.for<[Parameters<typeof s.pager.fail>[0], string, string, number?]>([
    [401, 'credentials', 'http-401'],
    [403, 'credentials', 'http-403'],
    ['redirect', 'credentials', 'http-308'],
    [404, 'unreachable', 'http-404'],
    [422, 'unreachable', 'http-422'],
    [400, 'rejected', 'http-400'],
    [429, 'retry-later', 'http-429', 9000],
    [503, 'ambiguous', 'http-503'],
    ['cut-before', 'ambiguous', 'no-answer'],
    ['silent', 'ambiguous', 'no-answer'],
  ])('%s is %s', async ([failure, problem, code, afterMs]) => {
    s.pager.fail(failure);
    expect(await failing(s.page('li'))).toMatchObject({ problem, code, afterMs, platform: 'pager' });
  });

  test('one that it has already is no failure', async () => {
    s.pager.fail(409);
    expect(await s.page('li')).toEqual({ channel: 'li', message: 'page-1' });
  });

  test('a pager that is not there was not asked', async () => {
    await s.pager.close();
    expect(await failing(s.page('li'))).toMatchObject({ problem: 'retry-later', code: 'no-connection' });
  });

  test('trouble is said until it is over; one person whom it does not know is none', async () => {
    s.pager.fail(404, 401, 503);
    await failing(s.page('nobody'));
    expect(s.adapter.trouble()).toBeUndefined();
    await failing(s.page('li'));
    expect(s.adapter.trouble()).toMatch(/http-401.*PAGER_URL.*PAGER_SECRET/);
    await failing(s.page('li'));
    expect(s.adapter.trouble()).toContain('http-503');
    await s.page('li');
    expect(s.adapter.trouble()).toBeUndefined();
  });

  test('what nobody could answer, fill in, edit or fetch is refused', async () => {
    const { adapter } = s;
    const intent = { id: 'x', triedBefore: undefined };
    const form = { title: '', intro: [], fields: [], submit: '', cancel: '', action: answer };
    const li = { kind: 'direct', id: 'li' } as const;
    const refused = [
      adapter.post({ kind: 'channel', id: 'pr' }, { kind: 'card', card: ring }, intent, 'zh'),
      adapter.post(li, { kind: 'card', card: { ...ring, blocks: [] } }, intent, 'zh'),
      adapter.post(li, { kind: 'form', form }, intent, 'zh'),
      adapter.edit({ channel: 'li', message: 'x' }, ring, 'zh'),
      adapter.fetchFile({}),
    ];
    expect((await Promise.all(refused.map(failing))).map(({ code }) => code)).toEqual([
      'no-channels',
      'nothing-to-answer',
      'no-forms',
      'no-edits',
      'no-files',
    ]);
    expect(s.pager.pages).toEqual([]);
  });
});

describe('what comes back', () => {
  test('李娜 has answered: it is her act, and she may be shown what became of it', async () => {
    s.told.reply = { kind: 'said', tone: 'good', text: '已记录。' };
    await s.page('li');
    expect(await s.report(s.first(), 'acked')).toEqual({ status: 200, text: '已记录。' });
    await s.report(s.first(), 'acked');
    const act = {
      platform: 'pager',
      deliveryId: 'page-1:acked',
      from: { account: 'li', foreign: false },
      at: { kind: 'direct', id: 'li' },
      what: { kind: 'action', action: answer },
    };
    expect([s.taken, s.reports]).toEqual([[act, act], []]);
  });

  test.for<[Parameters<typeof s.pager.report>[1], string | undefined, object]>([
    ['delivered', undefined, { outcome: 'delivered' }],
    ['no_answer', undefined, { outcome: 'no-answer' }],
    ['failed', 'unknown-device', { outcome: 'failed', code: 'unknown-device' }],
  ])('%s is nobody’s act', async ([status, code, outcome]) => {
    await s.page('li');
    expect(await s.report(s.first(), status, code)).toMatchObject({ status: 200 });
    expect([s.reports, s.taken]).toEqual([[{ platform: 'pager', action: answer, account: 'li', ...outcome }], []]);
  });

  test('a report that could not be kept is asked for again', async () => {
    await s.page('li');
    s.told.keep = () => Promise.reject(new Error('the database is away'));
    expect(await s.report(s.first(), 'delivered')).toMatchObject({ status: 503 });
  });

  const addressOf = () => s.first().ack_url.replace('https://desk.example.com/pr', s.base);
  const acked = JSON.stringify({ v: 1, page_id: 'page-1', status: 'acked' });
  const seconds = (offset: number) => String(now.getTime() / 1000 + offset);

  test.for<[string, () => Promise<{ status: number }>]>([
    ['without a signature', () => s.pager.tell(addressOf(), acked, { 'x-page-signature': '' })],
    ['with another', () => s.pager.tell(addressOf(), acked, { 'x-page-signature': `v1=${'0'.repeat(64)}` })],
    ['six minutes old', () => s.pager.tell(addressOf(), acked, { 'x-page-timestamp': seconds(-360) })],
    ['from the future', () => s.pager.tell(addressOf(), acked, { 'x-page-timestamp': seconds(360) })],
    ['without a time', () => s.pager.tell(addressOf(), acked, { 'x-page-timestamp': 'now' })],
    ['for somebody else', () => s.pager.tell(addressOf().replace('p=li', 'p=zhao'), acked)],
    ['for another call', () => s.pager.tell(addressOf().replace(/a=\w/, 'a=X'), acked)],
    ['for another page', () => s.pager.tell(addressOf().replace('i=page-1', 'i=page-2'), acked)],
    ['without a seal', () => s.pager.tell(addressOf().replace(/&s=\w+/, ''), acked)],
    ['to no page at all', () => s.pager.tell(`${s.base}/pager/reports`, acked)],
  ])('case 20: %s: 403, and nothing happens', async ([, tell]) => {
    await s.page('li');
    expect(await tell()).toMatchObject({ status: 403 });
    expect([s.taken, s.reports]).toEqual([[], []]);
    expect(s.logged.filter((line) => line.includes('was refused'))).toHaveLength(1);
  });

  test.each([
    'no JSON',
    '{}',
    JSON.stringify({ v: 2, page_id: 'page-1', status: 'acked' }),
    JSON.stringify({ v: 1, page_id: 'page-2', status: 'acked' }),
    JSON.stringify({ v: 1, page_id: 'page-1', status: 'maybe' }),
  ])('signed, but not what a report is: %s', async (body) => {
    await s.page('li');
    expect(await s.pager.tell(addressOf(), body)).toMatchObject({ status: 400 });
    expect([s.taken, s.reports]).toEqual([[], []]);
  });

  test('more than a report ever is is not read', async () => {
    await s.page('li');
    expect(await s.pager.tell(addressOf(), 'x'.repeat(20_000))).toMatchObject({ status: 413 });
  });
});
