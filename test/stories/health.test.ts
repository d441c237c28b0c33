/** `/pr health`: the administrator reads in plain words what is wrong and what to do; and `/metrics` has the figures behind it. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { raises } from '../support/crisis.ts';
import { copyHandbook } from '../support/handbook.ts';
import { ADMIN_TOKEN, HOUR, type House, openHouse, waitFor } from '../support/house.ts';

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;

beforeAll(async () => {
  book = await copyHandbook({}, {}, { crisis: true });
  house = await openHouse({ handbook: book.folder });
  house.feishu.platform.scopes.add('application:application:self_manage');
  await house.slack.until(() => house.slack.calls('users.info').length >= 4);
});
afterAll(async () => {
  await house.close();
  await book.remove();
});

/** What the administrator reads: at once, and a moment later when the platforms have been asked. */
async function health(): Promise<{ first: string; whole: string }> {
  const before = house.slack.messagesOf('U04CHEN').length;
  const answered = await house.slack.slash('U04CHEN', 'C0PR', '/pr', 'health');
  expect(answered.problem).toBeUndefined();
  const card = await house.slack.until(() => {
    const after = house.slack.messagesOf('U04CHEN').slice(before);
    return after.find((message) => house.slack.cardText(message).includes('体检'));
  });
  return { first: JSON.stringify(answered.body), whole: house.slack.cardText(card) };
}

async function figures(): Promise<Map<string, number>> {
  const answer = await fetch(`${house.url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

test('all is well: since when, and what was looked at; details are the administrator’s', async () => {
  const { first, whole } = await health();
  expect(first).toContain('另发一张结果');
  expect(whole).not.toMatch(/✗/);
  expect(whole).toContain('有几点请留意');
  expect(whole).toContain('程序自 2026-11-23 10:0');
  for (const part of ['没有送不到的消息', '审计记录按时封存', 'Slack：权限齐全', '飞书：事件和卡片回调都已订阅'])
    expect(whole).toContain(part);
  const wang = await house.slack.slash('U01WANG', 'C0PR', '/pr', 'health');
  expect(JSON.stringify(wang.body)).toContain('只有管理员可以看体检结果：陈卫东');
  expect(JSON.stringify(wang.body)).not.toContain('审计记录');
});

test('what is wrong: each with its mend, worst first', async () => {
  const { slack, feishu } = house;
  slack.scopes.splice(slack.scopes.indexOf('files:read'), 1);
  slack.removeBot('C0AUDIT');
  feishu.platform.subscriptions = { way: 'webhook', events: ['im.message.receive_v1'], callbacks: [] };
  slack.addUser({ id: 'U09NEW', name: '新人' });
  await slack.slash('U09NEW', 'C0PR', '/spend', '100 纸');
  const forged = await slack.send('payload=%7B%7D', 'application/x-www-form-urlencoded', {
    'x-slack-signature': 'v0=0000',
  });
  expect(forged.status).toBe(401);
  const report = await fetch(`${house.url}/signals`, {
    method: 'POST',
    body: '{}',
    headers: { 'x-signal-timestamp': '1' },
  });
  expect(report.status).toBe(401);
  await book.change('processes/spend.yaml', ['{line: director}', '{line: directr}']);
  await house.running.reload();
  await book.change('company.yaml', ['accounts: {feishu: ou_sun}', 'accounts: {}']);

  const { first, whole } = await health();
  expect(first).toContain('directr');
  const lines = [
    /✗ 飞书：没有订阅 card\.action\.trigger[\s\S]*→ 在“事件与回调”里添加/,
    /✗ Slack：缺少权限 files:read[\s\S]*→ .*重新安装/,
    /✗ Slack：机器人不在频道「audit」[\s\S]*→ .*\/invite/,
    /✗ 规则手册 2026-11-23 1\d:\d\d 重读时有错[\s\S]*directr/,
    /ℹ 有未登记的账号来过：slack: U09NEW/,
    /ℹ Slack：启动以来有 1 个请求签名不对/,
    /ℹ 监测工具：启动以来有 1 个请求/,
  ];
  for (const line of lines) expect(whole).toMatch(line);
  expect(whole.indexOf('card.action.trigger')).toBeLessThan(whole.indexOf('files:read'));
  expect(whole.indexOf('files:read')).toBeLessThan(whole.indexOf('U09NEW'));
  expect(whole).toMatch(/ℹ crisis\.yaml 里写了 .*短信.*，但没有设置/);

  slack.scopes.push('files:read');
  Object.assign(slack.channels.get('C0AUDIT') ?? {}, { botIn: true });
  feishu.platform.subscriptions = {
    ...feishu.platform.subscriptions,
    callbacks: ['card.action.trigger'],
  };
  await book.change('processes/spend.yaml', ['{line: directr}', '{line: director}']);
  await house.running.reload();
  const mended = await health();
  expect(mended.whole).not.toMatch(/directr|files:read|card\.action|audit」/);
  expect(mended.whole).toContain('孙律');
});

test('a platform that gives no answer keeps the administrator waiting for nothing: the first half is there within the three seconds', async () => {
  const { feishu, slack } = house;
  feishu.fail('/application/v6/scopes', 'hang', 1);
  const began = performance.now();
  const answered = await slack.slash('U04CHEN', 'C0PR', '/pr', '体检');
  expect(performance.now() - began).toBeLessThan(3_000);
  expect(JSON.stringify(answered.body)).toContain('各平台还在核实');
  feishu.heal();
});

test('dead letters and what is overdue are named with their cause', async () => {
  const { slack, feishu } = house;
  feishu.fail({ path: '/im/v1/messages', method: 'POST' }, 230013, 9);
  await slack.slash('U01WANG', 'C0PR', '/spend', '3万 海报');
  await waitFor(
    async () => (await house.sql`select 1 from message where state = 'dead'`).length > 0,
    'something to be given up',
  );
  feishu.heal();
  const { whole } = await health();
  expect(whole).toMatch(/✗ 飞书：最近 30 天有 \d+ 条消息送不到，最近一条的原因是 230013[\s\S]*可用范围/);
});

test('the figures: of the database, of this process, of its platforms', async () => {
  await house.settled();
  const found = await figures();
  const one = (name: string) => found.get(name);
  expect(one('countersign_ready')).toBe(1);
  expect(one('countersign_database_reachable')).toBe(1);
  expect(one('countersign_outbox_lag_seconds{platform="slack",lane="decision"}')).toBe(0);
  expect(one('countersign_dead_letters{platform="feishu"}')).toBeGreaterThan(0);
  expect(one('countersign_buried_total{platform="feishu"}')).toBeGreaterThan(0);
  expect(one('countersign_refused_requests_total{platform="slack",why="bad-signature"}')).toBe(1);
  expect(one('countersign_acts_total{platform="slack",outcome="stranger"}')).toBe(1);
  expect(one('countersign_press_seconds_count{platform="slack",until="committed"}')).toBeGreaterThan(5);
  expect(one('countersign_press_seconds_count{platform="slack",until="answered"}')).toBeGreaterThan(5);
  const posts = 'countersign_http_request_seconds_count{method="POST",route="/slack/events",status="200"}';
  expect(one(posts)).toBeGreaterThan(5);
  expect(one('countersign_http_request_seconds_count{method="POST",route="/slack/events",status="401"}')).toBe(1);
  expect(one('countersign_delivery_attempts_total{platform="slack",outcome="first"}')).toBeGreaterThan(3);
  expect(one('countersign_pool_connections{pool="singles",state="open"}')).toBeGreaterThan(0);
  expect(one('countersign_pool_waiting{pool="transactions"}')).toBe(0);
  expect(one('countersign_timers_overdue{urgent="true"}')).toBe(0);
  expect(one('countersign_platform_well{platform="slack"}')).toBe(1);
  expect(one('countersign_unsealed_seconds')).toBeGreaterThan(0);
  expect(one('countersign_last_seal_timestamp_seconds')).toBe(0);
  expect([...found.keys()].some((name) => name.startsWith('nodejs_eventloop_lag_p99_seconds'))).toBe(true);
});

test('labels stay few, whatever somebody asks for', async () => {
  for (const path of ['/wp-admin', '/files/../../etc/passwd', '/x'.repeat(40)]) await fetch(`${house.url}${path}`);
  await fetch(`${house.url}/healthz`, { method: 'PROPFIND' }).catch(() => {});
  const routes = new Set([...(await figures()).keys()].flatMap((name) => /route="([^"]*)"/.exec(name)?.[1] ?? []));
  expect([...routes].filter((route) => /wp-admin|passwd|\/x\/x/.test(route))).toEqual([]);
  expect(routes).toContain('none');
});

test('whoever is called in a crisis and has not answered is seen by those who watch; nobody else is', async () => {
  expect((await figures()).get('countersign_crisis_calls_ringing')).toBe(0);
  await raises(house, 'U01WANG');
  house.travel(4 * 60_000);
  const found = await figures();
  expect(found.get('countersign_crisis_calls_ringing')).toBeGreaterThan(0);
  expect(found.get('countersign_crisis_call_oldest_seconds')).toBeGreaterThanOrEqual(240);
});

test('a seal that is overdue is told, and after the seal it is well again', async () => {
  house.travel(30 * HOUR);
  await pause(50);
  const found = await figures();
  expect(found.get('countersign_unsealed_seconds')).toBeGreaterThan(26 * 3600);
  expect((await health()).first).toMatch(/审计记录有 \d+ 小时 没有封存/);
  await house.running.sealNow();
  expect((await figures()).get('countersign_unsealed_seconds')).toBeLessThan(3600);
  expect((await figures()).get('countersign_last_seal_timestamp_seconds')).toBeGreaterThan(1_700_000_000);
});
