/**
 * An office whose quarter goes by in minutes: the real program in a process of its own, one Postgres, strict fakes of Slack and Feishu, and
 * one clock for all of them. The program can be killed at any moment and started again whenever the story likes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { freshDatabase } from './database.ts';
import { startFakeFeishu } from './feishu.ts';
import { copyHandbook } from './handbook.ts';
import { COMPILED, freePort } from './program.ts';
import { COMPANY, meetingsYaml, PEOPLE } from './quarter-company.ts';
import { startFakeSlack } from './slack.ts';

const ADMIN_TOKEN = 'a-long-admin-token-for-stories';
const PATIENCE_MS = 45_000;
/** Less than a claim on a message holds: a worker that is at it never finds its time run out by our haste alone. */
const STEP_MS = 12_000;
/** A dead worker's claims are anybody's after this. */
const CLAIMED_MS = 16_000;

export interface Uptime {
  from: number;
  to: number;
}

interface Owed {
  timers: number;
  messages: number;
  claimed: number;
  ready: number;
  next: Date | null;
}

export type QuarterOffice = Awaited<ReturnType<typeof openQuarterOffice>>;

export async function openQuarterOffice(at: number, until: string) {
  const folder = await mkdtemp(join(tmpdir(), 'quarter-'));
  const file = openSync(join(folder, 'clock'), 'w');
  const ahead = Buffer.alloc(8);
  let offset = 0;
  const now = () => Date.now() + offset;
  const clock = () => new Date(now());
  const travelTo = (moment: number): void => {
    offset = moment - Date.now();
    ahead.writeDoubleLE(offset);
    writeSync(file, ahead, 0, 8, 0);
  };
  travelTo(at);
  const book = await copyHandbook(
    {},
    { 'company.yaml': COMPANY, 'meetings.yaml': meetingsYaml(until) },
    { whole: true },
  );
  const database = await freshDatabase();
  const sql = postgres(database.url, { max: 3, onnotice: () => {} });
  const slack = await startFakeSlack({ clock });
  const slackPeople = PEOPLE.flatMap((one) => one.slack ?? []);
  const feishuPeople = PEOPLE.flatMap((one) => one.feishu ?? []);
  for (const { slack: id, name } of PEOPLE) if (id) slack.addUser({ id, name });
  for (const id of ['C0PR', 'C0CRISIS', 'C0AUDIT']) slack.addChannel({ id, members: slackPeople });
  const chats = Object.fromEntries(['oc_pr', 'oc_crisis', 'oc_audit'].map((id) => [id, feishuPeople]));
  const feishu = await startFakeFeishu({ clock, people: feishuPeople, chats });
  const { appId, appSecret, encryptKey = '', verificationToken, domain } = feishu.settings('http') as Settings;
  const environment = {
    HOST: '127.0.0.1',
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    HANDBOOK: book.folder,
    CLOCK_FILE: join(folder, 'clock'),
    ADMIN_TOKEN,
    LOG_LEVEL: process.env.STORY_LOG ?? 'error',
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    FEISHU_APP_ID: appId,
    FEISHU_APP_SECRET: appSecret,
    FEISHU_ENCRYPT_KEY: encryptKey,
    FEISHU_VERIFICATION_TOKEN: verificationToken,
    FEISHU_DOMAIN: domain,
  };
  /** when the program ran; the last one may still be running */
  const uptimes: Uptime[] = [];
  const log: string[] = [];
  let child: ChildProcess | undefined;
  let url = '';

  const wake = () => sql`select pg_notify('countersign', '')`;

  async function run(): Promise<void> {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const began = now();
    const entry = join(import.meta.dirname, 'clocked.ts');
    child = spawn(process.execPath, [entry], {
      env: { ...environment, PORT: port, NODE_COMPILE_CACHE: COMPILED },
      stdio: 'pipe',
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => void log.push(text));
    const late = Date.now() + PATIENCE_MS;
    while (!(await serves())) {
      if (child.exitCode !== null || Date.now() > late) throw new Error(`the program does not serve:\n${log.join('')}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    uptimes.push({ from: began, to: Number.POSITIVE_INFINITY });
    slack.product = `${url}/slack/events`;
    feishu.deliverTo(`${url}/feishu/events`);
  }

  const serves = () =>
    fetch(`${url}/healthz`).then(
      ({ status }) => status === 200,
      () => false,
    );

  async function kill(): Promise<void> {
    if (!child || child.exitCode !== null) return;
    const gone = once(child, 'close');
    child.kill('SIGKILL');
    await gone;
    const last = uptimes.at(-1);
    if (last) last.to = now();
    travelTo(now() + CLAIMED_MS);
  }

  async function owed(): Promise<Owed> {
    const at = clock();
    const [row] = await sql<Owed[]>`
      with stale as (
        select * from message where state = 'live' and wanted > shown)
      select (select count(*) from timer where due_at <= ${at})::int as timers,
        (select count(*) from stale where (not_before is null or not_before <= ${at})
          and (next_at is null or next_at <= ${new Date(at.getTime() + 600_000)}))::int as messages,
        (select count(*) from stale where next_at is null or next_at <= ${at})::int as ready,
        (select count(*) from message where claimed_until > ${at})::int as claimed,
        least((select min(due_at) from timer), (select min(next_at) from stale where next_at > ${at})) as next`;
    if (!row) throw new Error('the database says nothing');
    return row;
  }

  /** Until everything that is due has happened and is said; our own rate limits run on this clock, so it is moved on meanwhile. */
  async function settle(): Promise<Owed> {
    const late = Date.now() + PATIENCE_MS;
    for (;;) {
      const row = await owed();
      if (row.timers + row.messages + row.claimed === 0) return row;
      if (Date.now() > late)
        throw new Error(`still owed at ${clock().toISOString()}: ${JSON.stringify(row)}\n${log.slice(-20).join('')}`);
      if (row.timers + row.ready + row.claimed === 0) {
        travelTo(now() + STEP_MS);
        await wake();
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** Resolves after so many more calls of the platforms, or when nothing is owed any more. */
  async function afterCalls(count: number): Promise<void> {
    const until = calls() + count;
    while (calls() < until) {
      const row = await owed();
      if (row.timers + row.messages + row.claimed === 0) return;
      // only our own rate limits hold it back
      if (row.timers + row.ready + row.claimed === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
  const calls = () => slack.calls().length + feishu.calls.length;

  async function ledger(): Promise<string> {
    const answer = await fetch(`${url}/audit.ndjson`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
    return answer.text();
  }

  async function close(): Promise<void> {
    await kill();
    await sql.end({ timeout: 1 });
    await Promise.all([slack.stop(), feishu.close(), database.drop(), book.remove()]);
    closeSync(file);
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  return {
    ...{ sql, slack, feishu, uptimes, log, folder },
    ...{ now, clock, travelTo, wake, run, kill, settle, afterCalls, calls, ledger, close },
  };
}

type Settings = Record<'appId' | 'appSecret' | 'encryptKey' | 'verificationToken' | 'domain', string>;
