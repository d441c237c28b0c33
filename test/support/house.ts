/**
 * The whole product for a story: the real program on a real Postgres, with strict fakes of Slack and Feishu around it, people with
 * accounts on them, and a clock that runs but can be moved.
 *
 *     const house = await openHouse();                       // Slack and Feishu; { desk: true } adds the desk, { wecom: true } WeCom
 *     await house.slack.slash('U01WANG', 'C0PR', '/spend', '3.2万 春季促销物料');
 *     const card = await house.slackCard('U02LI', 'SP-2026-0001');
 *     await house.slack.press('U02LI', card, '批准');
 *     await house.travel(4 * HOUR);                          // the clock jumps; timers fire by themselves
 *     await house.close();
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Config } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { type Running, start } from '../../src/main.ts';
import { type FreshDatabase, freshDatabase } from './database.ts';
import { type FakeFeishu, startFakeFeishu } from './feishu.ts';
import { calmHandbook } from './handbook.ts';
import { type FakeMail, startFakeMail } from './mail.ts';
import { startPager } from './pager.ts';
import { patience } from './patience.ts';
import { type FakeSlack, type FakeMessage as SlackMessage, startFakeSlack } from './slack.ts';
import { startTwilio } from './twilio.ts';
import { type FakeWeCom, startFakeWeCom } from './wecom.ts';

export const HOUR = 3_600_000;
export const SIGNALS_SECRET = 'a-signals-secret-for-stories';
export const ADMIN_TOKEN = 'a-long-admin-token-for-stories';

export interface HouseOptions {
  slack?: boolean;
  feishu?: boolean;
  desk?: boolean;
  /** mail goes out, to `house.mail` */
  mail?: boolean;
  wecom?: boolean;
  /** with the example company's meetings and quiet hours */
  meetings?: boolean;
  /** with the example company's crisis book */
  crisis?: boolean;
  /** text messages and calls go out, to `house.twilio` */
  phones?: boolean;
  /** another pager is called, `house.pager` */
  pager?: boolean;
  /** where the clock starts; it runs from there. Default: a Monday at 10:00 in Shanghai */
  at?: string;
  handbook?: string;
  slackTransport?: 'http' | 'socket';
  feishuTransport?: 'http' | 'socket';
  /** by which road the product reaches its database; the story's own `sql` goes straight there */
  database?: (url: string) => Promise<string>;
}

export interface LedgerLine {
  seq: number;
  at: string;
  subject: string;
  type: string;
  by: string;
  data: Record<string, unknown>;
}

const SLACK_PEOPLE = { U01WANG: '王晓文', U02LI: '李娜', U04CHEN: '陈卫东', U05QIAN: '钱多' };

const MAILBOXES = ['wang', 'li', 'zhao', 'chen', 'qian', 'sun'].map((name) => `${name}@example.com`);

export type House = Awaited<ReturnType<typeof openHouse>>;

export async function openHouse(options: HouseOptions = {}) {
  const began = Date.now();
  let offset = Date.parse(options.at ?? '2026-11-23T10:00:00+08:00') - began;
  const clock = () => new Date(Date.now() + offset);
  const folder = await mkdtemp(join(tmpdir(), 'house-'));
  const database: FreshDatabase = await freshDatabase();
  const slack: FakeSlack = await startFakeSlack({ clock });
  const feishu: FakeFeishu = await startFakeFeishu({ clock });
  const wecom: FakeWeCom = await startFakeWeCom({ clock });
  const twilio = await startTwilio({ clock });
  const pager = await startPager({ clock });
  const mail: FakeMail = await startFakeMail({ people: MAILBOXES });
  for (const [id, name] of Object.entries(SLACK_PEOPLE)) slack.addUser({ id, name });
  for (const id of ['C0PR', 'C0CRISIS', 'C0AUDIT']) slack.addChannel({ id, members: Object.keys(SLACK_PEOPLE) });
  const lines: string[] = [];
  const log = createLog(process.env.STORY_LOG ?? 'warn', { write: (line: string) => void lines.push(line) });
  const config: Config = {
    host: '127.0.0.1',
    port: 0,
    publicUrl: 'http://127.0.0.1:1',
    databaseUrl: (await options.database?.(database.url)) ?? database.url,
    databasePool: 27,
    drainSeconds: 0,
    dataDir: folder,
    handbook:
      options.handbook ?? (await calmHandbook({ whole: options.meetings ?? false, crisis: options.crisis ?? false })),
    adminToken: ADMIN_TOKEN,
    logLevel: 'warn',
    desk: options.desk ?? false,
    slack:
      options.slack === false
        ? undefined
        : {
            botToken: slack.botToken,
            apiUrl: slack.apiUrl,
            ...(options.slackTransport === 'socket'
              ? { appToken: slack.appToken }
              : { signingSecret: slack.signingSecret }),
          },
    feishu: options.feishu === false ? undefined : feishu.settings(options.feishuTransport ?? 'http'),
    email: options.mail ? mail.settings : undefined,
    wecom: options.wecom ? wecom.settings() : undefined,
    twilio: options.phones ? twilio.settings() : undefined,
    pager: options.pager ? pager.settings() : undefined,
    signalsSecret: SIGNALS_SECRET,
  };
  const sql = postgres(database.url, { max: 2, onnotice: () => {} });
  let running: Running;
  const open = async (): Promise<void> => {
    running = await start(config, { clock, log });
    config.port = Number(new URL(running.url).port);
    config.publicUrl = running.url;
    slack.product = `${running.url}/slack/events`;
    slack.transport = options.slackTransport ?? 'http';
    if (options.feishuTransport !== 'socket') feishu.deliverTo(`${running.url}/feishu/events`);
    wecom.deliverTo(`${running.url}/wecom/events`);
    twilio.deliverTo(running.url);
    pager.deliverTo(running.url);
  };
  await open();
  const travel = (ms: number): void => {
    offset += ms;
  };
  const patiently = patience({ slack, feishu, sql, travel });

  const slackCards = (place: string, number: string): SlackMessage[] =>
    slack
      .messagesOf(place)
      .filter((message) => slack.cardText(message).includes(number) && slack.buttons(message).length > 0);
  const house = {
    slack,
    feishu,
    wecom,
    mail,
    twilio,
    pager,
    sql,
    clock,
    config,
    /** what the product logged from `warn` on */
    lines,
    get url() {
      return running.url;
    },
    get running() {
      return running;
    },
    /** the newest live card of a request in a person's direct chat, or in a channel */
    slackCard: (place: string, number: string) => slack.until(() => slackCards(place, number).at(-1)),
    feishuCard: (place: string, number: string) =>
      feishu.when(
        () =>
          feishu
            .messagesOf(place)
            .filter((m) => feishu.cardText(m).includes(number) && feishu.buttonsOf(m).length > 0)
            .at(-1),
        `a card of ${number} for ${place}`,
      ),
    /** waits until the newest card in this place says so */
    slackSays: (place: string, ...words: string[]) =>
      slack.until(() =>
        slack.messagesOf(place).findLast((message) => words.every((word) => slack.cardText(message).includes(word))),
      ),
    feishuSays: (place: string, ...words: string[]) =>
      feishu.when(
        () =>
          feishu
            .messagesOf(place)
            .findLast((message) => words.every((word) => feishu.cardText(message).includes(word))),
        `${words.join(' ')} in ${place}`,
      ),
    /** Waits until nothing is owed any more: every card equals the database. */
    settled: () => patiently(waitFor(async () => (await owed(sql)) === 0, 'the outbox to be empty')),
    ledger: async (subject?: string): Promise<LedgerLine[]> => {
      const answer = await fetch(`${running.url}/audit.ndjson`, {
        headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      });
      const text = await answer.text();
      const entries = text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as LedgerLine);
      return entries.filter((entry) => subject === undefined || entry.subject === subject);
    },
    types: async (subject: string): Promise<string[]> =>
      (await house.ledger(subject)).map((entry) => `${entry.type} ${entry.by}`),
    travel,
    travelTo: (at: string): void => {
      offset = Date.parse(at) - Date.now();
    },
    restart: async (): Promise<void> => {
      await running.stop();
      await open();
    },
    close: async (): Promise<void> => {
      await running.stop();
      await sql.end({ timeout: 1 });
      await Promise.all([slack.stop(), feishu.close(), wecom.close(), mail.close(), twilio.close(), pager.close()]);
      await database.drop();
      await rm(folder, { recursive: true, force: true });
      const stumbled = lines.filter(isStumble);
      if (stumbled.length > 0) throw new Error(`the product stumbled over itself:\n${stumbled.join('\n')}`);
    },
  };
  return house;
}

/** Nobody in the story may have noticed: it was caught, written down, and tried again in vain. What `fetch` says of a network is no mistake of ours. */
function isStumble(line: string): boolean {
  const { err } = JSON.parse(line) as { err?: { type?: string; message?: string } };
  const ours = /^(Type|Reference|Range|Syntax)Error$/.test(err?.type ?? '');
  return ours && !/^(fetch failed|terminated|other side closed)/.test(err?.message ?? '');
}

async function owed(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ owed: number }[]>`
    select count(*)::int as owed from message where state = 'live' and wanted > shown`;
  return row?.owed ?? 0;
}

/** Asks again and again, for things that no fake announces; fails with what it was waiting for. */
export async function waitFor(look: () => Promise<boolean>, what: string, ms = 15_000): Promise<void> {
  const late = Date.now() + ms;
  while (!(await look())) {
    if (Date.now() > late) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
