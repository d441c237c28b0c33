/** The program dies in the middle of the ladder, between the phone company's "accepted" and our note of it: the call goes on, and nobody is rung twice for one rung (C3, N2). */
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { copyHandbook } from '../support/handbook.ts';
import { waitFor } from '../support/house.ts';
import { freePort, Program } from '../support/program.ts';
import { type FakeSlack, startFakeSlack } from '../support/slack.ts';
import { type FakeTwilio, startTwilio } from '../support/twilio.ts';

const CHEN = '+8613800000004';
let slack: FakeSlack;
let twilio: FakeTwilio;
let database: FreshDatabase;
let sql: postgres.Sql;
let folder: string;
let book: Awaited<ReturnType<typeof copyHandbook>>;
let program: Program | undefined;
let clockFile: string;
let ahead = 0;
let port: string;
/** The program's clock, and the phone company's, jump. */
function passes(minutes: number): void {
  ahead += minutes * 60_000;
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(ahead);
  writeFileSync(clockFile, bytes);
}
const clock = () => new Date(Date.now() + ahead);

beforeEach(async () => {
  [slack, twilio] = [await startFakeSlack({ clock }), await startTwilio({ clock })];
  for (const id of ['U01WANG', 'U02LI', 'U04CHEN', 'U05QIAN']) slack.addUser({ id });
  for (const id of ['C0PR', 'C0CRISIS', 'C0AUDIT']) slack.addChannel({ id, members: ['U01WANG', 'U04CHEN'] });
  folder = await mkdtemp(join(tmpdir(), 'ladder-'));
  [ahead, clockFile, port] = [0, join(folder, 'clock'), await freePort()];
  passes(0);
  database = await freshDatabase();
  sql = postgres(database.url, { max: 3, onnotice: () => {} });
  // the executive alone, on Slack and by phone
  book = await copyHandbook(
    {
      'crisis.yaml': [
        ['who: [{role: director, standIn: {role: supervisor}}, {role: supervisor}]', 'who: [{role: ceo}]'],
        ['ladder: [feishu-app, [feishu-sms, sms], [feishu-phone, phone, pager]]', 'ladder: [sms, phone]'],
      ],
    },
    {},
    { crisis: true },
  );
});
afterEach(async () => {
  await program?.kill();
  await sql.end({ timeout: 1 });
  await Promise.all([slack.stop(), twilio.close(), database.drop(), book.remove()]);
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function run(): Promise<Program> {
  const { accountSid, authToken, from, apiUrl } = twilio.settings();
  program = new Program({
    CLOCK_FILE: clockFile,
    PORT: port,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    HANDBOOK: book.folder,
    LOG_LEVEL: 'warn',
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_FROM: from,
    TWILIO_API_URL: apiUrl,
  });
  await program.serves();
  slack.product = `${program.url}/slack/events`;
  twilio.deliverTo(program.url);
  return program;
}

const KILLED =
  'killed right after the text message was accepted and right after the call was: each is made once, and a key on the phone ends it';
// three starts of the real program
test(KILLED, { timeout: 150_000 }, async () => {
  const first = await run();
  await slack.slash('U01WANG', 'direct', '/crisis', '工厂起火');
  await slack.submit('U01WANG', await slack.until(() => slack.window('U01WANG')), { kind: 'product-safety' });
  // accepted, and the answer lost: we do not know that it was
  twilio.fail('Messages', 'cut-after');
  passes(5);
  await twilio.when(() => twilio.textsTo(CHEN).length === 1, 'the text message', 30_000);
  await first.kill();

  const second = await run();
  twilio.fail('Calls', 'cut-after');
  passes(5);
  await twilio.when(() => twilio.callsTo(CHEN).length === 1, 'the call', 30_000);
  await second.kill();

  await run();
  const settled = async () => {
    const [row] = await sql<{ owed: number }[]>`
      select count(*)::int as owed from message where kind = 'ring' and about in ('sms', 'phone') and state = 'live' and wanted > shown`;
    return row?.owed === 0;
  };
  await waitFor(settled, 'every ring to be known as made', 30_000);
  expect(twilio.textsTo(CHEN)).toHaveLength(1);
  const [call] = twilio.callsTo(CHEN);
  await twilio.press(call?.sid ?? '', '1');
  await waitFor(async () => (await sql`select 1 from ledger where type = 'page-answered'`).length === 1, 'his answer');
  expect(await sql`select 1 from timer where command = 'crisis.climb'`).toHaveLength(0);
  // one call for each rung that was climbed, whatever died in between
  const rungs = await sql<{ lines: string[] }[]>`
    select array(select json_array_elements_text(data::json -> 'lines')) as lines from ledger where type = 'rung-climbed'`;
  const calls = rungs.flatMap(({ lines }) => lines).filter((line) => line === 'phone').length;
  expect(twilio.callsTo(CHEN)).toHaveLength(calls);
});
