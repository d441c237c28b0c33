/**
 * Several processes of the product on one database, as an installation with replicas runs them: started at once on an empty database, hearing
 * the platforms by callbacks and by long connections, dying, being replaced by a newer version, and told to stop behind a load balancer.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSettings } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { type Running, start } from '../../src/main.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type FakeFeishu, startFakeFeishu } from '../support/feishu.ts';
import { calmHandbook } from '../support/handbook.ts';
import { waitFor } from '../support/house.ts';
import { freePort, Program } from '../support/program.ts';
import { type FakeSlack, startFakeSlack } from '../support/slack.ts';

const ADMIN_TOKEN = 'a-long-admin-token-for-stories';
let slack: FakeSlack;
let feishu: FakeFeishu;
let database: FreshDatabase;
let sql: postgres.Sql;
let folder: string;
const running: Program[] = [];

beforeAll(async () => {
  [slack, feishu] = [await startFakeSlack(), await startFakeFeishu()];
  for (const id of ['U01WANG', 'U02LI', 'U04CHEN', 'U05QIAN']) slack.addUser({ id });
  for (const id of ['C0PR', 'C0CRISIS', 'C0AUDIT']) slack.addChannel({ id, members: ['U01WANG', 'U02LI'] });
  folder = await mkdtemp(join(tmpdir(), 'processes-'));
  database = await freshDatabase();
  sql = postgres(database.url, { max: 3, onnotice: () => {} });
  await sql.unsafe('drop schema if exists drizzle cascade; drop schema public cascade; create schema public');
});
afterAll(async () => {
  await Promise.all(running.map((program) => program.kill()));
  await sql.end({ timeout: 1 });
  await Promise.all([slack.stop(), feishu.close(), database.drop()]);
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

/** With both ways into Slack, Feishu by the long connection, and no more connections to the database than it needs. */
async function environment(): Promise<Record<string, string>> {
  const settings = feishu.settings('socket') as Record<string, string>;
  return {
    PORT: await freePort(),
    DATABASE_URL: database.url,
    DATABASE_POOL: '12',
    DATA_DIR: folder,
    HANDBOOK: await calmHandbook(),
    ADMIN_TOKEN,
    LOG_LEVEL: 'info',
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    FEISHU_TRANSPORT: 'socket',
    FEISHU_APP_ID: String(settings.appId),
    FEISHU_APP_SECRET: String(settings.appSecret),
    FEISHU_VERIFICATION_TOKEN: String(settings.verificationToken),
    FEISHU_DOMAIN: String(settings.domain),
    DRAIN_SECONDS: '1',
  };
}

async function run(): Promise<Program> {
  const program = new Program(await environment());
  running.push(program);
  return program;
}

/** The same in the process of the story, which takes a fraction of the time. */
async function runHere(): Promise<Running> {
  const read = readSettings({ ...(await environment()), DRAIN_SECONDS: '0' });
  if ('faults' in read) throw new Error(read.faults.join());
  return start(read.ok, { log: createLog('error', { write: (line: string) => void faults.push(line) }) });
}
const faults: string[] = [];

async function end(program: Program): Promise<void> {
  running.splice(running.indexOf(program), 1);
  await program.kill();
}

/** Slack's callbacks go to this one from now on. */
function talkTo(program: Program | undefined): void {
  slack.product = `${program?.url}/slack/events`;
}

let asked = 0;
async function ask(): Promise<string> {
  const answered = await slack.slash('U01WANG', 'C0PR', '/spend', `3.2万 第 ${++asked} 件`);
  const [, number = ''] = /(SP-\d{4}-\d{4}) 已提交/.exec(JSON.stringify(answered.body)) ?? [];
  expect(number, JSON.stringify(answered.body)).not.toBe('');
  return number;
}

const onSlack = (place: string, ...words: string[]) =>
  slack.messagesOf(place).filter((m) => words.every((word) => slack.cardText(m).includes(word)));
const onFeishu = (place: string, ...words: string[]) =>
  feishu.messagesOf(place).filter((m) => words.every((word) => feishu.cardText(m).includes(word)));
const slackCard = (number: string) => slack.until(() => onSlack('U02LI', number, '等待 李娜 审批').at(-1));
const feishuCard = (number: string) =>
  feishu.when(() => onFeishu('ou_li', number, '等待 李娜 审批').at(-1), `a card of ${number}`);
const stateOf = async (number: string): Promise<string> =>
  (await sql`select state from request where number = ${number}`)[0]?.state;
const settled = () =>
  waitFor(
    async () => (await sql`select 1 from message where state = 'live' and wanted > shown limit 1`).length === 0,
    'every card to be true',
    30_000,
  );

/** How many acts a process has carried out, by its own count. */
async function acted(program: Program, platform: string): Promise<number> {
  const answer = await fetch(`${program.url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  const counts = (await answer.text()).matchAll(/^countersign_acts_total\{([^}]*)\} (\d+)$/gm);
  return [...counts].reduce((sum, [, labels, count]) => sum + (labels?.includes(platform) ? Number(count) : 0), 0);
}

test('six start at once on an empty database: it gets its shape once, and all of them serve', {
  timeout: 90_000,
}, async () => {
  const [here] = await Promise.all([
    Promise.all([runHere(), runHere(), runHere()]),
    Promise.all([run(), run(), run()]).then((there) => Promise.all(there.map((program) => program.serves()))),
  ]);
  const twice = await sql`select hash from drizzle.__drizzle_migrations group by hash having count(*) > 1`;
  expect(twice).toEqual([]);
  expect(await sql`select process from process_version group by process, hash having count(*) > 1`).toEqual([]);
  expect(await sql`select count(*)::int as versions from process_version where process = 'spend'`).toEqual([
    { versions: 1 },
  ]);
  expect(await sql`select count(*)::int as rows from pgboss.version`).toEqual([{ rows: 1 }]);
  for (const program of running) expect(program.printed).not.toMatch(/"level":(50|60)/);
  expect(faults).toEqual([]);
  // three are enough for what follows
  await Promise.all(here.map((one) => one.stop()));
  await waitFor(async () => running.every((program) => missedBy(program) === 3), 'all to have noticed');
});

/** How many others a process has noticed to be gone. */
function missedBy(program: Program): number {
  const lines = program.printed.split('\n').filter((line) => line.includes('another process has gone'));
  return lines.reduce((sum, line) => sum + (JSON.parse(line) as { count: number }).count, 0);
}

test('asked at one, pressed at another, decided by a third: any of them answers, whoever posted the card', async () => {
  const [first, second, third] = running as [Program, Program, Program];
  talkTo(first);
  const [one, two] = [await ask(), await ask()];
  talkTo(second);
  const reason = await slack.press('U02LI', await slackCard(one), '为什么');
  expect([reason.status, reason.problem]).toEqual([200, undefined]);
  talkTo(third);
  expect((await slack.press('U02LI', await slackCard(one), '批准')).problem).toBeUndefined();
  // a form opened by one process is taken by another
  talkTo(first);
  expect((await slack.press('U02LI', await slackCard(two), '驳回')).problem).toBeUndefined();
  const window = await slack.until(() => slack.window('U02LI'));
  talkTo(second);
  expect((await slack.submit('U02LI', window, { reason: '预算已用完' })).problem).toBeUndefined();
  expect([await stateOf(one), await stateOf(two)]).toEqual(['approved', 'rejected']);
  await settled();
  for (const place of ['U01WANG', 'U02LI', 'C0PR']) expect(onSlack(place, one, '李娜 已于')).toHaveLength(1);
});

test('each of them holds a long connection; whichever gets the event answers it, and redelivered to another it acts once', async () => {
  await waitFor(async () => feishu.lines === 3 && slack.sockets() === 3, 'three lines on each platform');
  const before = await Promise.all(running.map((program) => acted(program, 'feishu')));
  const turn = inTurn();
  feishu.pickLine(turn);
  slack.pickSocket(turn);
  slack.transport = 'socket';
  const numbers = [await ask(), await ask(), await ask()];
  for (const number of numbers) {
    const pressed = await feishu.press('ou_li', await feishuCard(number), '批准');
    expect([pressed.status, pressed.ms < 3000]).toEqual([200, true]);
    expect(await stateOf(number)).toBe('approved');
    const told = feishu.toasts('ou_li').at(-1);
    // the answer was lost on the way: another process gets the same event and gives the same answer
    await pressed.redeliver();
    expect(feishu.toasts('ou_li').at(-1)).toEqual(told);
  }
  const after = await Promise.all(running.map((program) => acted(program, 'feishu')));
  expect(after.map((count, i) => count - (before[i] ?? 0))).toEqual([2, 2, 2]);
  expect(await sql`select 1 from ledger where type = 'step-approved' and subject in ${sql(numbers)}`).toHaveLength(3);
  slack.transport = 'http';
  expect(feishu.complaints).toEqual([]);
});

/** So that no story depends on luck: one after the other. */
function inTurn(): (count: number) => number {
  let next = 0;
  return (count) => next++ % count;
}

test('one is killed: what was handed to it is done by the others within seconds, not when its time has run out', async () => {
  const [first, second, third] = running as [Program, Program, Program];
  await settled();
  talkTo(second);
  const number = await ask();
  await settled();
  // as it is left by a process that dies between handing out and having it done, for an hour instead of fifteen seconds
  await sql`
    update message set wanted = wanted + 1, shown_hash = null, handed_until = now() + interval '1 hour' where subject = ${number}`;
  await sql`update timer set due_at = now(), handed_until = now() + interval '1 hour' where subject = ${number}`;
  await end(first);
  await waitFor(
    async () =>
      (await sql`select 1 from message where subject = ${number} and state = 'live' and wanted > shown`).length === 0 &&
      (await sql`select 1 from ledger where subject = ${number} and type = 'step-reminded'`).length === 1,
    'the cards and the reminder',
    8_000,
  );
  // the one may have done it all before the other has noticed
  await waitFor(async () => missedBy(second) === 4 && missedBy(third) === 4, 'both to notice', 8_000);
});

test('a newer version comes beside two older ones and widens the tables: presses at the older ones are carried out all the same', async () => {
  const [older, other] = running as [Program, Program];
  talkTo(older);
  const numbers = [await ask(), await ask(), await ask(), await ask()];
  await settled();
  // additive, as every migration between two versions that run side by side must be
  for (const table of ['request', 'step', 'message', 'timer', 'inbox', 'attachment', 'absence', 'ledger_head'])
    await sql.unsafe(`alter table ${table} add column of_a_newer_version text`);
  for (const [i, number] of numbers.entries()) {
    talkTo(i % 2 === 0 ? older : other);
    const pressed = await slack.press('U02LI', await slackCard(number), '批准');
    expect([pressed.status, pressed.problem]).toEqual([200, undefined]);
    await waitFor(async () => (await stateOf(number)) === 'approved', `${number} to be approved`);
  }
  await settled();
  for (const number of numbers) expect(onSlack('C0PR', number, '李娜 已于')).toHaveLength(1);
  expect(`${older.printed}${other.printed}`).not.toMatch(/"level":(50|60)/);
});

test('one is told to stop behind a balancer that looks at /healthz: no press meets a closed door, and it ends with 0', async () => {
  const balancer = await openBalancer(running);
  await waitFor(async () => balancer.healthy() === 2, 'both to be seen by the balancer');
  slack.product = `${balancer.url}/slack/events`;
  let over = false;
  const answers: string[] = [];
  const person = async (): Promise<void> => {
    while (!over) {
      const { status, problem, body } = await slack.slash('U01WANG', 'C0PR', '/pr', 'help');
      answers.push(
        JSON.stringify(body).includes('/spend') ? 'answered' : `${status} ${problem} ${JSON.stringify(body)}`,
      );
    }
  };
  const people = Promise.all([person(), person(), person()]);
  await waitFor(async () => answers.length > 10, 'some answers');
  const [leaving] = running as [Program];
  leaving.signal('SIGTERM');
  const ended = await leaving.ended;
  running.shift();
  expect([ended.code, ended.signal], ended.err).toEqual([0, null]);
  const soFar = answers.length;
  await waitFor(async () => answers.length > soFar + 10, 'answers of the one that is left');
  over = true;
  await people;
  await balancer.close();
  expect(answers.filter((answer) => answer !== 'answered')).toEqual([]);
  expect(balancer.saw(leaving)).toContain(503);
});

/** As they do: asks each for its health ten times a second, keeps connections open, and hands each request to a healthy one in turn. */
async function openBalancer(programs: readonly Program[]) {
  const health = new Map(programs.map((program) => [program, [] as (number | undefined)[]]));
  const healthy = () => [...health].filter(([, seen]) => seen.at(-1) === 200).map(([program]) => program);
  const look = setInterval(() => {
    for (const [program, seen] of health) void program.health().then((status) => seen.push(status));
  }, 100);
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const turn = inTurn();
  const server = createServer((asked, answer) => {
    const [well, { method, headers, url }] = [healthy(), asked];
    const chosen = well[turn(well.length)];
    if (chosen === undefined) return void answer.writeHead(503).end('nobody is well');
    const onward = request(`${chosen.url}${url}`, { agent, method, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 0, { 'content-type': given.headers['content-type'] ?? 'text/plain' });
      given.pipe(answer);
    });
    onward.on('error', (error: NodeJS.ErrnoException) => answer.writeHead(502).end(String(error.code)));
    asked.pipe(onward);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    healthy: () => healthy().length,
    saw: (program: Program) => health.get(program) ?? [],
    close: async () => {
      clearInterval(look);
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
