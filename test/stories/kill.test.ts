/** The program dies without a word, shares its work with a second one, and stops politely: no decision is lost, no card is doubled. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type FakeFeishu, startFakeFeishu } from '../support/feishu.ts';
import { calmHandbook } from '../support/handbook.ts';
import { waitFor } from '../support/house.ts';
import { freePort, Program } from '../support/program.ts';
import { type FakeSlack, startFakeSlack } from '../support/slack.ts';

const ADMIN_TOKEN = 'a-long-admin-token-for-stories';
const SLACK_PLACES = ['U01WANG', 'U02LI', 'C0PR'];
const FEISHU_PLACES = ['ou_wang', 'ou_li', 'oc_pr'];
let slack: FakeSlack;
let feishu: FakeFeishu;
let database: FreshDatabase;
let sql: postgres.Sql;
let folder: string;
const running = new Set<Program>();
const scopes = ['commands', 'chat:write', 'im:write', 'im:history', 'channels:history', 'channels:read', 'users:read'];

beforeEach(async () => {
  [slack, feishu] = [await startFakeSlack({ scopes }), await startFakeFeishu()];
  for (const id of ['U01WANG', 'U02LI', 'U04CHEN', 'U05QIAN']) slack.addUser({ id });
  for (const id of ['C0PR', 'C0CRISIS', 'C0AUDIT']) slack.addChannel({ id, members: ['U01WANG', 'U02LI'] });
  folder = await mkdtemp(join(tmpdir(), 'kill-'));
  database = await freshDatabase();
  sql = postgres(database.url, { max: 3, onnotice: () => {} });
});
afterEach(async () => {
  await Promise.all([...running].map((program) => program.kill()));
  running.clear();
  await sql.end({ timeout: 1 });
  await Promise.all([slack.stop(), feishu.close(), database.drop()]);
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function run(): Promise<Program> {
  const {
    appId,
    appSecret,
    encryptKey = '',
    verificationToken,
    domain,
  } = feishu.settings('http') as Record<string, string>;
  const program = new Program({
    PORT: await freePort(),
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    HANDBOOK: await calmHandbook(),
    ADMIN_TOKEN,
    LOG_LEVEL: 'warn',
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    FEISHU_APP_ID: String(appId),
    FEISHU_APP_SECRET: String(appSecret),
    FEISHU_ENCRYPT_KEY: encryptKey,
    FEISHU_VERIFICATION_TOKEN: String(verificationToken),
    FEISHU_DOMAIN: String(domain),
  });
  running.add(program);
  void program.ended.then(() => running.delete(program));
  await program.serves();
  talkTo(program);
  return program;
}

/** The platforms' events go to this process from now on. */
function talkTo(program: Program): void {
  slack.product = `${program.url}/slack/events`;
  feishu.deliverTo(`${program.url}/feishu/events`);
}

async function ask(line: string): Promise<string> {
  const answered = await slack.slash('U01WANG', 'C0PR', '/spend', line);
  const [, number = ''] = /(SP-\d{4}-\d{4}) 已提交/.exec(JSON.stringify(answered.body)) ?? [];
  expect(number, JSON.stringify(answered.body)).not.toBe('');
  return number;
}

const has = (text: string, words: string[]) => words.every((word) => text.includes(word));
const onSlack = (place: string, ...words: string[]) =>
  slack.messagesOf(place).filter((m) => has(slack.cardText(m), [...words, '审批路径']));
const onFeishu = (place: string, ...words: string[]) =>
  feishu.messagesOf(place).filter((m) => has(feishu.cardText(m), [...words, '审批路径']));
/** The fifteen seconds go by after which a dead worker's claims are anybody's: the first story waits for them, the others need not. */
const claimsRunOut = () =>
  sql`update message set claimed_until = now(), handed_until = now() where claimed_until is not null`;
const settled = () =>
  waitFor(
    async () => (await sql`select 1 from message where state = 'live' and wanted > shown limit 1`).length === 0,
    'every card to be true',
    60_000,
  );

/** In each place one card of each of these requests, and it says so. */
async function expectCards(numbers: string[], ...says: string[]): Promise<void> {
  await settled();
  for (const number of numbers) {
    const counts = (words: string[]) => [
      ...SLACK_PLACES.map((place) => onSlack(place, number, ...words).length),
      ...FEISHU_PLACES.map((place) => onFeishu(place, number, ...words).length),
    ];
    expect(counts(says), `${number} says ${says.join(' ')}`).toEqual([1, 1, 1, 1, 1, 1]);
    expect(counts([]), `${number} once in each place`).toEqual([1, 1, 1, 1, 1, 1]);
  }
}

async function press(number: string, label = '批准') {
  const card = await slack.until(() => onSlack('U02LI', number).at(-1));
  return slack.press('U02LI', card, label);
}

test('kill -9 while the posts of a new request are under way: after the restart one card stands in each place', {
  timeout: 120_000,
}, async () => {
  const first = await run();
  slack.latency('chat.postMessage', 2_000);
  feishu.latency(2_000);
  const number = await ask('3.2万 断电之前');
  await slack.until(() => slack.calls('chat.postMessage').length >= 3);
  await first.kill();
  // what was on its way arrives, and nobody is there to hear of it
  await slack.until(() => SLACK_PLACES.every((place) => onSlack(place, number).length === 1));
  expect(await sql`select 1 from message where ref_message is not null and kind = 'card'`).toEqual([]);
  slack.heal();
  feishu.latency(0);
  await run();
  await expectCards([number], '等待 李娜 审批');
  expect(slack.calls('conversations.history').length).toBeGreaterThan(0);

  expect((await press(number)).problem).toBeUndefined();
  await expectCards([number], '李娜 已于');
});

test('kill -9 between the decision and its cards: the answer was given, and after the restart every card is true', {
  timeout: 120_000,
}, async () => {
  const first = await run();
  const number = await ask('3.3万 批准之后');
  await expectCards([number], '等待 李娜 审批');
  slack.latency('*', 2_000);
  feishu.latency(2_000);
  const pressed = await press(number);
  expect(pressed).toMatchObject({ status: 200, problem: undefined });
  await first.kill();
  expect((await sql`select state from request where number = ${number}`)[0]?.state).toBe('approved');
  await claimsRunOut();
  slack.heal();
  feishu.latency(0);
  await run();
  await expectCards([number], '李娜 已于');
  await slack.until(() => slack.messagesOf('U01WANG').some((m) => has(slack.cardText(m), [number, '已获批准'])));
  const told = slack.messagesOf('U01WANG').filter((m) => has(slack.cardText(m), [number, '已获批准']));
  expect(told).toHaveLength(1);
});

test('where Slack does not let us look, a card may stand twice, but only there; Feishu’s uuid needs no look', {
  timeout: 120_000,
}, async () => {
  const without = scopes.splice(scopes.indexOf('im:history'), 1);
  try {
    const first = await run();
    slack.latency('chat.postMessage', 2_000);
    feishu.latency(2_000);
    const number = await ask('3.4万 不能查历史');
    await slack.until(() => slack.calls('chat.postMessage').length >= 3);
    await first.kill();
    await slack.until(() => SLACK_PLACES.every((place) => onSlack(place, number).length >= 1));
    await claimsRunOut();
    slack.heal();
    feishu.latency(0);
    await run();
    await settled();
    expect(onSlack('C0PR', number), 'channels:history is there').toHaveLength(1);
    for (const place of ['U01WANG', 'U02LI']) expect(onSlack(place, number)).toHaveLength(2);
    for (const place of FEISHU_PLACES) expect(onFeishu(place, number), place).toHaveLength(1);
    // the doubled card has the same buttons, and decides only once
    await slack.press('U02LI', onSlack('U02LI', number)[0] as never, '批准');
    await slack.press('U02LI', onSlack('U02LI', number)[1] as never, '批准');
    await settled();
    expect(await sql`select 1 from ledger where subject = ${number} and type = 'step-approved'`).toHaveLength(1);
  } finally {
    scopes.push(...without);
  }
});

test('two programs on one database share the work; when one is killed the other finishes it', {
  timeout: 120_000,
}, async () => {
  const [first, second] = [await run(), await run()];
  const numbers: string[] = [];
  for (let i = 0; i < 6; i++) {
    talkTo(i % 2 === 0 ? first : second);
    numbers.push(await ask(`3${i}00 分担之${i}`));
  }
  await expectCards(numbers, '等待 李娜 审批');
  for (const program of [first, second]) expect(await delivered(program)).toBeGreaterThan(0);

  talkTo(first);
  slack.latency('*', 1_000);
  feishu.latency(1_000);
  const answers = await Promise.all(numbers.slice(0, 3).map((number) => press(number)));
  expect(answers.map((answer) => answer.problem)).toEqual([undefined, undefined, undefined]);
  await first.kill();
  await claimsRunOut();
  slack.heal();
  feishu.latency(0);
  talkTo(second);
  for (const number of numbers.slice(3)) expect((await press(number)).problem).toBeUndefined();
  await expectCards(numbers, '李娜 已于');
  expect(await sql`select 1 from ledger where type = 'request-approved'`).toHaveLength(6);
});

async function delivered(program: Program): Promise<number> {
  const answer = await fetch(`${program.url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  const counts = (await answer.text()).matchAll(/^countersign_delivery_seconds_count\{[^}]*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

test('SIGTERM: the press that is under way is answered, what is on its way is finished, and it exits with 0', {
  timeout: 120_000,
}, async () => {
  const program = await run();
  const number = await ask('3.5万 礼貌停止');
  await expectCards([number], '等待 李娜 审批');
  const lock = await sql.reserve();
  await lock`begin`;
  await lock`select 1 from request where number = ${number} for update`;
  const pressing = press(number);
  await waitFor(
    async () =>
      (await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`)
        .length > 0,
    'the press to wait for the lock',
  );
  program.signal('SIGTERM');
  await program.until(async () => (await program.health()) !== 200, 'end of service');
  await lock`commit`;
  lock.release();
  const pressed = await pressing;
  expect(pressed).toMatchObject({ status: 200, problem: undefined });
  const { code, signal, err } = await program.ended;
  expect([code, signal], err).toEqual([0, null]);
  expect((await sql`select state from request where number = ${number}`)[0]?.state).toBe('approved');
  await run();
  await expectCards([number], '李娜 已于');
});
