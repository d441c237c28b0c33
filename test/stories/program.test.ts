/** The program as an administrator meets it: it starts with nothing configured, refuses faulty settings in clear sentences, takes a changed handbook. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { copyHandbook } from '../support/handbook.ts';
import { freePort, Program } from '../support/program.ts';
import { startFakeSlack } from '../support/slack.ts';

let folder: string;
let database: FreshDatabase;
const running = new Set<Program>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'program-'));
  database = await freshDatabase();
});
afterEach(async () => {
  await Promise.all([...running].map((program) => program.kill()));
  running.clear();
  await database.drop();
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

function run(environment: Record<string, string>): Program {
  const program = new Program({ DATA_DIR: folder, ...environment });
  running.add(program);
  void program.ended.then(() => running.delete(program));
  return program;
}

test('nothing configured: an embedded Postgres, the example company, the desk on loopback, and where to look', {
  timeout: 120_000,
}, async () => {
  const port = await freePort();
  const program = await run({ PORT: port }).serves();
  await program.until(() => program.printed.includes('is running'), 'the line that says where to look');
  expect(program.printed).toContain(`Countersign 会签 is running. Open http://127.0.0.1:${port}/ in a browser.`);
  const page = await fetch(`${program.url}/`);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<title>会签');
  for (const path of ['/metrics', '/audit.ndjson', '/slack/events', '/feishu/events'])
    expect((await fetch(`${program.url}${path}`)).status, path).toBe(404);
  program.signal('SIGINT');
  const { code, signal, err } = await program.ended;
  expect([code, signal], err).toEqual([0, null]);
  const again = await run({ PORT: port }).serves();
  expect((await fetch(`${again.url}/`)).status).toBe(200);
});

test('settings with faults: each in one sentence that names the variable and the mend, then exit 1', {
  timeout: 120_000,
}, async () => {
  const { code, err, out } = await run({
    PORT: 'eighty',
    DATABASE_URL: 'mysql://root:geheim@db/x',
    LOG_LEVEL: 'loud',
    SLACK_BOT_TOKEN: 'xoxp-1',
    FEISHU_APP_ID: 'cli_1',
    DESK: 'perhaps',
  }).ended;
  expect(code).toBe(1);
  const lines = err.trim().split('\n');
  for (const name of ['PORT', 'DATABASE_URL', 'LOG_LEVEL', 'SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'DESK'])
    expect(
      lines.filter((line) => line.startsWith(`${name}: `)),
      name,
    ).toHaveLength(1);
  for (const name of ['FEISHU_APP_SECRET', 'FEISHU_ENCRYPT_KEY', 'FEISHU_VERIFICATION_TOKEN'])
    expect(
      lines.filter((line) => line.startsWith(`${name}: is missing`)),
      name,
    ).toHaveLength(1);
  expect(lines).toHaveLength(9);
  expect(err + out).not.toMatch(/geheim|at .*\.ts:\d+/);
});

test('a handbook with faults: all in one list with file, line and mend, then exit 1', {
  timeout: 120_000,
}, async () => {
  const book = await copyHandbook({
    'company.yaml': [['manager: zhao, roles: [supervisor]', 'manager: zaho, roles: [supervisor]']],
    'processes/spend.yaml': [['{line: director}', '{line: directr}']],
  });
  const { code, err } = await run({ PORT: await freePort(), DATABASE_URL: database.url, HANDBOOK: book.folder }).ended;
  await book.remove();
  expect(code).toBe(1);
  expect(err).toMatch(/company\.yaml:28:\d+\n.*「zaho」.*\n.*「zhao」/);
  expect(err).toMatch(/processes\/spend\.yaml:16:\d+\n.*「directr」.*\n.*「director」/);
  expect(err).toContain('规则手册有 2 处要改');
  expect(err).not.toMatch(/at .*\.ts:\d+/);
});

test('a database that is not there, a port that is taken: one sentence, no stack, exit 1', {
  timeout: 120_000,
}, async () => {
  const missing = new URL(database.url);
  missing.pathname = '/no_such_database';
  const nowhere = await run({ PORT: await freePort(), DATABASE_URL: missing.href }).ended;
  expect(nowhere.code).toBe(1);
  expect(nowhere.err).toMatch(
    /^DATABASE_URL: The database at \S+\/no_such_database cannot be used \(3D000\).* Check the address, and that/,
  );
  expect(nowhere.err + nowhere.out).not.toMatch(/at .*\.ts:\d+/);
  if (missing.password) expect(nowhere.err + nowhere.out).not.toContain(missing.password);

  const port = await freePort();
  await run({ PORT: port, DATABASE_URL: database.url, DESK: 'on' }).serves();
  const late = await run({ PORT: port, DATABASE_URL: database.url, DESK: 'on' }).ended;
  expect(late.code).toBe(1);
  expect(late.err).toContain(`PORT: ${port} is taken by another program`);
});

test('SIGHUP: a changed handbook is in force at once, a faulty one changes nothing, and both are said', {
  timeout: 120_000,
}, async () => {
  const slack = await startFakeSlack();
  for (const id of ['U01WANG', 'U02LI']) slack.addUser({ id });
  for (const id of ['C0PR']) slack.addChannel({ id, members: ['U01WANG', 'U02LI'] });
  const book = await copyHandbook();
  try {
    const program = await run({
      PORT: await freePort(),
      DATABASE_URL: database.url,
      HANDBOOK: book.folder,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_API_URL: slack.apiUrl,
    }).serves();
    slack.product = `${program.url}/slack/events`;
    await slack.slash('U01WANG', 'C0PR', '/spend', '4万 改之前');
    await book.change('processes/spend.yaml', ['atLeast: 5万', 'atLeast: 3万']);
    program.signal('SIGHUP');
    await program.until(
      () => program.printed.includes('the handbook was read again and is in force'),
      'word of the change',
    );
    await slack.slash('U01WANG', 'C0PR', '/spend', '4万 改之后');
    const card = (number: string) =>
      slack.until(() => slack.messagesOf('U02LI').find((m) => slack.cardText(m).includes(number)));
    expect(slack.cardText(await card('SP-2026-0002'))).toContain('总监审批：赵敏');
    expect(slack.cardText(await card('SP-2026-0001'))).not.toContain('总监审批');

    await book.change('processes/spend.yaml', ['{line: director}', '{line: directr}']);
    program.signal('SIGHUP');
    await program.until(() => program.printed.includes('directr'), 'word of the fault');
    const answered = await slack.slash('U01WANG', 'C0PR', '/spend', '4万 还是之前那本');
    expect(JSON.stringify(answered.body)).toContain('SP-2026-0003 已提交');
    expect(slack.cardText(await card('SP-2026-0003'))).toContain('总监审批：赵敏');
  } finally {
    await slack.stop();
    await book.remove();
  }
});
