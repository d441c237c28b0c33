/** The record for those who check us: the export and its verifier, checkpoints in the chats, health, figures, and a log that tells no tales. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { run } from '../../src/verify.ts';
import { ADMIN_TOKEN, type House, openHouse, waitFor } from '../support/house.ts';

const MINUTE = 60_000;
const KEYS = ['seq', 'at', 'subject', 'position', 'type', 'by', 'data', 'prev', 'hash'];

let house: House;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'record-'));
  const level = process.env.STORY_LOG;
  process.env.STORY_LOG = 'trace';
  house = await openHouse();
  if (level === undefined) delete process.env.STORY_LOG;
  else process.env.STORY_LOG = level;
  const { slack, feishu } = house;
  await slack.slash('U01WANG', 'C0PR', '/spend', '3.2万 春季促销物料');
  await feishu.say('ou_wang', 'p2p', '/费用 8万 展台搭建');
  await slack.press('U02LI', await house.slackCard('U02LI', 'SP-2026-0001'), '批准');
  await feishu.press('ou_li', await house.feishuCard('ou_li', 'SP-2026-0002'), '批准');
  await feishu.press('ou_zhao', await house.feishuCard('ou_zhao', 'SP-2026-0002'), '批准');
});
afterAll(() => house.close().finally(() => rm(folder, { recursive: true, force: true })));

const get = (path: string, token?: string) =>
  fetch(`${house.url}${path}`, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
const exported = async (): Promise<string> => (await get('/audit.ndjson', ADMIN_TOKEN)).text();
async function verify(text: string, ...more: string[]) {
  const file = join(folder, 'export.ndjson');
  await writeFile(file, text);
  return run([file, ...more]);
}

describe('the export', () => {
  test('is nobody’s without the token, and says not even that it is there', async () => {
    for (const path of ['/audit.ndjson', '/metrics'])
      for (const token of [undefined, '', 'wrong', `${ADMIN_TOKEN}x`])
        expect((await get(path, token)).status).toBe(404);
  });

  test('has a line for everything that happened, oldest first, which the verifier finds in order', async () => {
    const answer = await get('/audit.ndjson', ADMIN_TOKEN);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
    const text = await answer.text();
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const line of lines) expect(Object.keys(line)).toEqual(KEYS);
    expect(lines.map((line) => line.seq)).toEqual(lines.map((line) => line.seq).toSorted((a, b) => a - b));
    expect(lines.filter((line) => line.subject === 'SP-2026-0002').map((line) => `${line.type} ${line.by}`)).toEqual([
      'request-submitted wang',
      'step-opened wang',
      'step-approved li',
      'step-opened li',
      'step-approved zhao',
      'request-approved zhao',
    ]);
    const { code, said } = await verify(text);
    expect(said).toContain(`In order: ${lines.length} lines, 2 chains, 0 checkpoints`);
    expect(code).toBe(0);
  });
});

describe('checkpoints', () => {
  const checkpointIn = (text: string) => /[0-9a-f]{64}/.exec(text)?.[0] ?? 'none';

  test('/pr seal is the administrator’s; it stands in the audit channel on both platforms, and confirms the export', async () => {
    const { slack, feishu } = house;
    const refused = await slack.slash('U01WANG', 'C0PR', '/pr', 'seal');
    expect(JSON.stringify(refused.body)).toContain('只有管理员可以封存：陈卫东');
    const sealed = await slack.slash('U04CHEN', 'C0PR', '/pr', 'seal');
    expect(JSON.stringify(sealed.body)).toContain('已封存为第 1 号检查点');
    const onSlack = slack.cardText(await house.slackSays('C0AUDIT', '第 1 号检查点'));
    const onFeishu = feishu.cardText(await house.feishuSays('oc_audit', '第 1 号检查点'));
    expect(checkpointIn(onSlack)).toBe(checkpointIn(onFeishu));
    const saved = join(folder, 'chat.txt');
    await writeFile(saved, onFeishu);
    for (const posted of [checkpointIn(onSlack), saved]) {
      const { code, said } = await verify(await exported(), '--checkpoint', posted);
      expect(said).toContain('Confirmed by posted checkpoint 1');
      expect(code).toBe(0);
    }
    const again = await slack.slash('U04CHEN', 'C0PR', '/pr', '封存');
    expect(JSON.stringify(again.body)).toContain('没有新的记录');
  });

  test('by themselves at the end of the day', async () => {
    await house.slack.slash('U01WANG', 'C0PR', '/spend', '700 茶歇');
    await house.running.sealNow();
    await house.slackSays('C0AUDIT', '第 2 号检查点');
    await house.feishuSays('oc_audit', '第 2 号检查点');
    expect((await house.ledger('ledger')).map((line) => `${line.type} ${line.by}`)).toEqual([
      'ledger-sealed chen',
      'ledger-sealed clock',
    ]);
  });

  test('whoever tampers with an exported line is named by the line', async () => {
    const text = await exported();
    const lines = text.trimEnd().split('\n');
    const at = lines.findIndex((line) => line.includes('SP-2026-0002') && line.includes('"step-approved"'));
    const tampered = (change: (lines: string[]) => string[]) => `${change([...lines]).join('\n')}\n`;
    const edited = tampered((all) => all.with(at, (all[at] ?? '').replace('"by":"li"', '"by":"wang"')));
    expect(await verify(edited)).toMatchObject({
      code: 1,
      said: expect.stringContaining(`line ${at + 1}, SP-2026-0002`),
    });
    const missing = tampered((all) => all.toSpliced(at, 1));
    expect(await verify(missing)).toMatchObject({ code: 1, said: expect.stringMatching(/SP-2026-0002.* missing/) });
    const wholeChain = tampered((all) => all.filter((line) => !line.includes('SP-2026-0001')));
    expect(await verify(wholeChain)).toMatchObject({ code: 1, said: expect.stringContaining('entries are missing') });
    const cut = tampered((all) => all.slice(0, at));
    const last = checkpointIn(
      JSON.stringify(await house.ledger('ledger'))
        .split('"hash":"')
        .at(-1) ?? '',
    );
    expect(await verify(cut, '--checkpoint', last)).toMatchObject({
      code: 1,
      said: expect.stringContaining('cut off'),
    });
    expect((await verify(text, '--checkpoint', last)).code).toBe(0);
  });
});

describe('figures', () => {
  const figure = async (name: string): Promise<number> => {
    const text = await (await get('/metrics', ADMIN_TOKEN)).text();
    const lines = text.split('\n').filter((one) => one.startsWith(`${name} `) || one.startsWith(`${name}{`));
    return Math.max(0, ...lines.map((line) => Number(line.split(' ').at(-1))));
  };

  test('of presses and decisions', async () => {
    expect(await figure('countersign_acts_total{platform="feishu",outcome="done"}')).toBe(3);
    expect(await figure('countersign_acts_total{platform="slack",outcome="done"}')).toBe(3);
    expect(await figure('countersign_acts_total{platform="slack",outcome="answered"}')).toBeGreaterThanOrEqual(3);
    expect(await figure('countersign_events_total{type="step-approved"}')).toBe(3);
    expect(await figure('countersign_events_total{type="request-approved"}')).toBe(2);
  });

  test('of what is late, and of what each platform refused, by its own code', async () => {
    const { slack, feishu } = house;
    await house.settled();
    expect(await figure('countersign_outbox_lag_seconds')).toBe(0);
    slack.fail('chat.update', { status: 429, retryAfter: 120 });
    feishu.fail({ path: '/im/v1/messages/', method: 'PATCH' }, 'down', 1);
    await slack.press('U02LI', await house.slackCard('U02LI', 'SP-2026-0003'), '批准');
    const onSlack = 'countersign_delivery_errors_total{platform="slack",problem="retry-later",code="ratelimited"}';
    const onFeishu = 'countersign_delivery_errors_total{platform="feishu",problem="retry-later",code="2200"}';
    await waitFor(async () => (await figure(onSlack)) === 1 && (await figure(onFeishu)) === 1, 'both refusals');
    house.travel(MINUTE);
    expect(await figure('countersign_outbox_lag_seconds')).toBeGreaterThanOrEqual(60);
    house.travel(2 * MINUTE);
    await house.settled();
    expect(await figure('countersign_outbox_lag_seconds')).toBe(0);
    expect(await figure('countersign_delivery_seconds_count{platform="slack"}')).toBeGreaterThan(5);
  });
});

test('health is 503 and says what is missing while the database is away; it comes back by itself, and so does the work', async () => {
  const { slack } = house;
  expect((await get('/healthz')).status).toBe(200);
  expect(await (await get('/healthz')).json()).toEqual({
    ok: true,
    missing: [],
    platforms: { slack: 'ok', feishu: 'ok' },
  });
  const admin = postgres(inject('postgres').server, { max: 1, onnotice: () => {} });
  const name = new URL(house.config.databaseUrl ?? '').pathname.slice(1);
  try {
    await admin`alter database ${admin(name)} with allow_connections false`;
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
    await waitFor(async () => (await get('/healthz')).status === 503, 'the health page to notice');
    expect(await (await get('/healthz')).json()).toMatchObject({ ok: false, missing: ['database'] });
    const answered = await slack.slash('U01WANG', 'C0PR', '/spend', '600 快递');
    expect(answered).toMatchObject({ status: 200, problem: undefined });
    expect(JSON.stringify(answered.body)).toContain('系统正忙，这次操作没有记录');
  } finally {
    await admin`alter database ${admin(name)} with allow_connections true`;
    await admin.end();
  }
  await waitFor(async () => (await get('/healthz')).status === 200, 'the health page to be well again');
  const answered = await slack.slash('U01WANG', 'C0PR', '/spend', '600 快递');
  expect(JSON.stringify(answered.body)).toContain('SP-2026-0004 已提交');
  await house.slackCard('U02LI', 'SP-2026-0004');
});

test('the log of all this holds no secret and nothing that people wrote, not even when the database refuses a row', async () => {
  const { slack, feishu } = house;
  await house.sql`alter table request add constraint a_bug check (number not like 'SP-%-0005') not valid`;
  const answered = await slack.slash('U01WANG', 'C0PR', '/spend', '4,321.09 绝密项目');
  const reference = /编号 ([0-9a-f]{8}) 告诉管理员/.exec(JSON.stringify(answered.body))?.[1];
  await house.sql`alter table request drop constraint a_bug`;
  feishu.fail({ path: '/im/v1/messages', method: 'POST' }, 230_099, 2);
  slack.fail('chat.postMessage', { error: 'invalid_blocks' }, 2);
  await slack.slash('U01WANG', 'C0PR', '/spend', '4,321.09 绝密项目');
  await slack.until(() => house.lines.some((line) => line.includes('slack refused a card')));
  await house.settled();

  const log = house.lines.join('');
  expect(log).toContain(`"reference":"${reference}"`);
  const { appSecret } = feishu.platform.options;
  const password = new URL(house.config.databaseUrl ?? '').password;
  const secrets = [slack.botToken, slack.signingSecret, appSecret, ADMIN_TOKEN, ...Object.values(feishu.secrets)];
  for (const secret of [...secrets, ...(password === '' ? [] : [password])]) expect(log).not.toContain(secret);
  expect(log).not.toMatch(/t-[0-9a-f]{8}-/);
  for (const written of ['春季促销', '展台搭建', '茶歇', '快递', '绝密', '32,000', '4,321', '432109'])
    expect(log).not.toContain(written);
});
