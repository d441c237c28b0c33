/**
 * What the product asks of the database stays quick when the tables are big: a day's work is done on a small database while everything that
 * is sent to Postgres is overheard; then the tables are filled with years of requests, and every statement is explained.
 */
import { readFileSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arrayTypes } from '../../db/arrays.ts';
import { openLines } from '../../db/lines.ts';
import type { ActionRef } from '../../src/core/card.ts';
import { handedAnew, redrawnAnew } from '../../src/core/orphans.ts';
import { sweepMessages } from '../../src/core/outbox.ts';
import { drillReminders } from '../../src/crisis/drill-due.ts';
import { fetchedAnew } from '../../src/files/fetching.ts';
import { createLog } from '../../src/log.ts';
import { stillOpen } from '../../src/nouns.ts';
import { openOffice } from '../../src/office.ts';
import { sweepObservations } from '../../src/signals/store.ts';
import { copyHandbook } from '../support/handbook.ts';
import { ADMIN_TOKEN, HOUR, type House, openHouse, waitFor } from '../support/house.ts';
import { quiet } from '../support/minutes.ts';
import { explain, openEar, type Statement } from '../support/statements.ts';
import { openWire, type Wire } from '../support/wire.ts';
import { aDayOfCrises } from './crisis-day.ts';
import { type Hands, handsOn } from './hands.ts';
import { fill } from './years.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const DAY = 24 * HOUR;
const ear = openEar();
let house: House;
let hands: Hands;
let wire: Wire;
let book: Awaited<ReturnType<typeof copyHandbook>>;
let statements: Statement[];

beforeAll(async () => {
  const meetings = await readFile(join(ROOT, 'handbook', 'meetings.yaml'), 'utf8');
  book = await copyHandbook(
    { 'company.yaml': [['phone: "+8613800000006"', 'phone: "+8613800000006", digest: "09:00"']] },
    { 'meetings.yaml': meetings },
    { crisis: true },
  );
  house = await openHouse({
    desk: true,
    phones: true,
    handbook: book.folder,
    database: async (url) => {
      wire = await openWire(url, ear.connection);
      return wire.url;
    },
  });
  hands = handsOn(house);
  await aDaysWork();
  // what belongs to the queue is the queue's affair
  statements = ear.heard().filter(({ text }) => !/pgboss|pg_catalog|drizzle/.test(text) && TABLE.test(text));
  await house.running.stop();
  await fill(house.sql);
}, 120_000);
afterAll(async () => {
  await house.close();
  wire.close();
  await book.remove();
});

/** Small for ever: a row a process, a year, a setting. */
const SMALL = ['number_counter', 'process_version', 'setting', 'meeting_series'];
const BIG = [
  'request',
  'step',
  'message',
  'timer',
  'ledger',
  'ledger_head',
  'inbox',
  'attachment',
  'absence',
  'desk_message',
  'meeting',
  'minutes',
  'decision',
  'crisis',
  'room',
  'observation',
  'signal',
  'statement',
  'statement_version',
];
const TABLE = new RegExp(`\\b(?:from|join|into|update) (?:${[...BIG, ...SMALL].join('|')})\\b`);

const say = (person: string, text: string, files: object[] = []) => hands.say(person, text, files);
const ref = (command: string, subject: string, seen = 1) => ({
  command: `requests.${command}`,
  subject,
  step: 'supervisor',
  seen,
});
const press = (person: string, command: string, subject: string) => hands.press(person, ref(command, subject));
const fillIn = (person: string, command: string, subject: string, values: Record<string, string>) =>
  hands.fillIn(person, ref(command, subject), values);
const ask = (line: string) => hands.ask(line);
const upload = (person: string, name: string, text: string) => hands.upload(person, name, text);

/** Every kind of act once, the clock's too, and the bad days of the platforms. */
async function aDaysWork(): Promise<void> {
  const { slack, feishu } = house;
  await hands.visit('wang');
  await aDayOfMeetings();
  const { numbers } = await aDayOfCrises(house, hands);
  const first = await ask('/spend 3.2万 春季促销物料');
  for (const line of [
    '/spend',
    '/pr list',
    '/pr help',
    `/pr why ${first}`,
    `/spend ${first}`,
    '/pr away 2026-12-01 2026-12-02 @李娜',
    '/pr back',
  ])
    await say('wang', line);
  for (const command of ['urge', 'comment', 'files', 'why']) await press('wang', command, first);
  await fillIn('wang', 'comment', first, { text: '请尽快' });
  await fillIn('wang', 'copy', first, { to: 'qian' });
  await fillIn('li', 'add-signer', first, { to: 'sun', place: 'after', reason: '合同' });
  await hands.fillIn('wang', { command: 'requests.preview', with: { process: 'spend' } }, { amount: '6万' });
  const file = await upload('li', '报价.pdf', '%PDF-1.7\n%%EOF');
  await say('li', first, [file]);
  await say('li', first, [await upload('li', '工具.exe', 'MZ')]);
  await waitFor(
    async () =>
      (await house.sql`select 1 from attachment where subject = ${first} and state <> 'fetching'`).length === 2,
    'the files',
  );

  for (const values of [{ amount: '12' }, { amount: '12', title: '表单' }])
    await hands.fillIn('wang', { command: 'requests.submit', with: { process: 'spend' } }, values);
  const second = await ask('/spend 8万 大型活动');
  await fillIn('li', 'return', second, { reason: '金额写全' });
  await press('wang', 'resubmit', second);
  await fillIn('wang', 'resubmit', second, { amount: '9万', title: '大型活动' });
  await fillIn('li', 'hand-over', second, { to: 'chen', reason: '出差' });
  const third = await ask('/spend 100 小物件');
  await fillIn('li', 'reject', third, { reason: '重复' });
  const fourth = await ask('/spend 200 小物件');
  await press('wang', 'withdraw', fourth);
  house.travel(HOUR);
  await quiet(house);
  const fifth = await ask('/spend 300 在飞书里批');
  await feishu.press('ou_li', await house.feishuCard('ou_li', fifth), '批准');
  slack.fail('chat.postMessage', { status: 429, retryAfter: 1 }, 1);
  const sixth = await ask('/spend 400 在 Slack 里批');
  house.travel(30_000);
  await slack.press('U02LI', await house.slackCard('U02LI', sixth), '批准');
  slack.fail('chat.postMessage', { error: 'is_archived' }, 1);
  slack.fail('chat.update', { error: 'message_not_found' }, 2);
  const seventh = await ask('/spend 500 消息不见了');
  house.travel(60_000);
  await slack.slash('U02LI', 'C0PR', '/spend', seventh);
  await press('li', 'approve', seventh);
  house.travel(60_000);
  await quiet(house);
  feishu.fail({ path: '/im/v1/messages', method: 'POST' }, 230099, 3);
  const eighth = await slack.slash('U01WANG', 'C0PR', '/spend', '600 内容被拒');
  await slack.again(eighth);
  slack.fail('file', { status: 503 }, 1);
  slack.addFile({ id: 'F1', name: '晚点取.pdf', bytes: Buffer.from('%PDF-1.7') });
  await slack.say('U01WANG', first, ['F1']);
  await waitFor(
    async () => (await house.sql`select 1 from attachment where attempts > 0`).length > 0,
    'a file that comes later',
  );
  house.travel(60_000);
  await quiet(house);

  house.travel(DAY);
  await waitFor(async () => (await house.types(first)).some((type) => type.startsWith('step-reminded')), 'a reminder');
  house.travel(4 * DAY);
  await waitFor(
    async () => (await house.types(first)).some((type) => type.startsWith('step-escalated')),
    'an escalation',
  );
  await say('wang', '/pr away 2026-11-28 2026-12-02 @李娜');
  house.travel(11 * DAY);
  await quiet(house);
  const [weekly] = await house.sql<{ number: string }[]>`
    select number from meeting where series = 'weekly' and state = 'ended' order by start_at limit 1`;
  const action = { command: 'meetings.file', subject: weekly?.number, seen: 0, with: { source: 'form' } };
  await answerForm('wang', action, { topics: '周报', present: '李娜', d0: '写周报', o0: 'wang', w0: '2026-12-31' });
  await house.running.renewNow();
  await house.running.sealNow();
  await house.running.reload();
  await say('chen', '/pr health');
  for (const path of ['/metrics', '/audit.ndjson', '/healthz', '/desk/state', '/desk/changes?as=li&since=0'])
    await fetch(`${house.url}${path}`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      signal: AbortSignal.timeout(300),
    })
      .then((answer) => answer.text())
      .catch(() => '');
  await fetch(link(await press('li', 'files', first)));
  house.travel(HOUR);
  await quiet(house);
  const own = openLines({
    url: wire.url,
    options: { types: arrayTypes, onnotice: () => {} },
    max: 1,
    stalledMs: 10_000,
  });
  await sweepMessages(own as never, house.clock());
  await handedAnew(own as never, house.clock());
  await redrawnAnew(own as never, house.clock());
  await fetchedAnew(own as never, house.clock());
  // which of them are renewed depends on what Feishu was sent when
  await stillOpen(own as never, ['MT-2026-0001', 'DM-2026-0001', 'SP-2026-0001', ...numbers]);
  await remindOfDrills(own as never);
  await sweepObservations(own as never, house.clock());
  await own.end();
  await house.restart();
}

const answerForm = (person: string, action: ActionRef, values: Record<string, string>) =>
  hands.fillIn(person, action, values);

async function aDayOfMeetings(): Promise<void> {
  const said = await say('li', '/meeting new 今天 14:00 选题会 @王晓文 @孙律 @李娜');
  const meeting = /MT-\d{4}-\d{4}/.exec(said)?.[0] ?? said;
  const series = /MS-\d{4}-\d{4}/.exec(await say('li', '/meeting new 每周四 15:00 复盘会 @王晓文'))?.[0] ?? '';
  await say('li', `/meeting cancel ${series} 不开了`);
  for (const line of ['/meeting list', meeting, '/meeting calendar', '/meeting calendar team', '/minutes'])
    await say('wang', line);
  const url = /http:[^"\\]+\/calendar\/[^"\\\s]+/.exec(await say('wang', '/meeting calendar new'))?.[0] ?? '';
  expect(await (await fetch(url)).text()).toContain('VCALENDAR');
  await hands.press('wang', { command: 'meetings.yes', subject: meeting });
  await answerForm('sun', { command: 'meetings.no', subject: meeting }, { reason: '出庭' });
  await answerForm('wang', { command: 'meetings.topic', subject: meeting }, { text: '春季促销' });
  house.travel(4 * HOUR + HOUR / 2);
  const file = (seen: number, values: Record<string, string>) =>
    answerForm('li', { command: 'meetings.file', subject: meeting, seen, with: { source: 'form' } }, values);
  const values = { topics: '春季促销', present: '李娜、王晓文', d0: '签场地', o0: 'wang', w0: '2026-12-10' };
  await file(0, { ...values, d1: '改海报', o1: 'wang', w1: '2026-12-09' });
  await file(1, values);
  await hands.press('wang', { command: 'meetings.read', subject: meeting });
  const number = 'DM-2026-0001';
  for (const line of ['/decisions', '/decisions mine', number]) await say('wang', line);
  await hands.press('wang', { command: 'decisions.accept', subject: number });
  await hands.press('wang', { command: 'decisions.files', subject: number });
  await say('wang', number, [await upload('wang', '合同.pdf', '%PDF-1.7\n%%EOF')]);
  await answerForm('wang', { command: 'decisions.done', subject: number }, { word: '已签' });
  house.travel(HOUR);
  await quiet(house);
}

/** As each morning; the quarter's last month has begun. */
async function remindOfDrills(sql: Parameters<typeof openOffice>[1]): Promise<void> {
  const at = new Date('2026-12-08T09:35:00+08:00');
  const office = await openOffice(
    book.folder,
    sql,
    () => at,
    createLog('silent'),
    () => ['desk'],
  );
  await drillReminders(sql, await office.worldAt(sql, at), at);
}

const link = (answer: string): string => /http:[^"\\]+\/files\/[^"\\]+/.exec(answer)?.[0] ?? `${house.url}/files/none`;

/** A seal reads the head of every chain: that is what a seal is. */
const isWhole = (statement: Statement, table: string): boolean =>
  table === 'ledger_head' && statement.text.startsWith('declare ledger_heads');

const scansOf = async (mode: 'generic' | 'custom'): Promise<string[]> => {
  const found: string[] = [];
  for (const statement of statements) {
    const { scans } = await explain(house.sql, statement, mode).catch((error) => {
      throw new Error(`${error.message}: ${statement.text}`);
    });
    const wrong = scans.filter((table) => !SMALL.includes(table) && !isWhole(statement, table));
    if (wrong.length > 0) found.push(`${wrong.join()}: ${statement.text}`);
  }
  return found;
};

test('no statement reads one of the big tables from end to end, whatever its values', async () => {
  expect(await scansOf('generic')).toEqual([]);
});

test('nor with the values that it had', async () => {
  expect(await scansOf('custom')).toEqual([]);
});

test('every index serves a statement or a rule', async () => {
  const used = new Set<string>();
  for (const statement of statements) {
    for (const mode of ['generic', 'custom'] as const)
      for (const index of (await explain(house.sql, statement, mode)).indexes) used.add(index);
  }
  const indexes = await house.sql<{ name: string }[]>`
    select indexrelid::regclass::text as name from pg_index join pg_class c on c.oid = indrelid
    where relnamespace = 'public'::regnamespace and not indisunique`;
  expect(indexes.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
});

test('the day was a full one: every statement in the source was sent', async () => {
  const heard = statements.map(({ text }) => text.toLowerCase());
  const silent: string[] = [];
  for (const folder of ['src', 'adapters']) {
    for await (const file of glob('**/*.ts', { cwd: join(ROOT, folder) })) {
      const text = readFileSync(join(ROOT, folder, file), 'utf8');
      for (const [, written = ''] of text.matchAll(/\b(?:sql|tx|inner)\s*(?:<[^`]*?>)?\s*`([^`$]*)/g)) {
        const start = written.replace(/\s+/g, ' ').trim().toLowerCase();
        if (TABLE.test(start) && !heard.some((one) => one.startsWith(start) || one.includes(start)))
          silent.push(`${file}: ${start}`);
      }
    }
  }
  // only while a platform takes longer than five seconds, where a card is no longer to be shown, where a form is refused after all
  const rare = [
    'core/deliver.ts: update message set claimed_until =',
    "core/deliver.ts: update message set state = 'closed', claimed_until = null where id =",
    'core/intake.ts: delete from inbox where platform =',
  ];
  // once, after a backup was brought back, while nothing runs: it looks at all that stands
  const once = (statement: string) => statement.startsWith('restored.ts: ');
  expect(silent.filter((statement) => !rare.includes(statement) && !once(statement))).toEqual([]);
});
