/** The database has a bad day while people press: what they were told stands, and what they were not told can be pressed again. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse, waitFor } from '../support/house.ts';
import { openWire, type Wire } from '../support/wire.ts';

let house: House;
let wire: Wire;

beforeAll(async () => {
  house = await openHouse({
    slack: false,
    feishu: false,
    desk: true,
    database: async (url) => {
      wire = await openWire(url);
      return wire.url;
    },
  });
});
afterAll(async () => {
  await house.close();
  wire.close();
});

/** what a worker had taken when its connection went is free again after this */
const CLAIM_ENDS = 16_000;

interface Answer {
  status: number;
  text: string;
}

/** As the desk's page does it: one act has one id, however often it is sent. */
async function send(path: 'say' | 'press', person: string, what: object, act: string = randomUUID()): Promise<Answer> {
  const answer = await fetch(`${house.url}/desk/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-desk': '1' },
    body: JSON.stringify({ as: person, in: 'bot', act, ...what }),
  });
  return { status: answer.status, text: await answer.text() };
}

const ask = async (line: string): Promise<string> => {
  const { text } = await send('say', 'wang', { text: line, files: [] });
  return /SP-\d{4}-\d{4}/.exec(text)?.[0] ?? text;
};
const approve = (number: string, act?: string) =>
  send('press', 'li', { action: { command: 'requests.approve', subject: number, step: 'supervisor', seen: 1 } }, act);
const approved = ({ text }: Answer) => text.includes('审批完成');

/** Every connection of the product: of the road, of the queue, and the listening ones. */
const terminateAll = () =>
  house.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'countersign%' and datname = current_database()`;

async function askMany(count: number): Promise<string[]> {
  const numbers: string[] = [];
  for (let i = 0; i < count; i += 10) {
    numbers.push(...(await Promise.all(Array.from({ length: 10 }, (_, k) => ask(`/spend 1000 第 ${i + k} 件`)))));
  }
  return numbers;
}

/** Presses all of them, five at a time as fast as the answers come, and meanwhile lets `weather` happen once, twice, three times. */
async function pressThrough(numbers: string[], weather: () => Promise<unknown>): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  const left = [...numbers];
  const person = async () => {
    for (let number = left.shift(); number; number = left.shift()) answers.set(number, await approve(number));
  };
  const blows = Promise.all(
    [0.2, 0.5, 0.8].map((part) =>
      waitFor(async () => answers.size >= part * numbers.length, 'some answers').then(weather),
    ),
  );
  await Promise.all([blows, ...Array.from({ length: 5 }, person)]);
  return answers;
}

async function expectKept(answers: Map<string, Answer>): Promise<void> {
  for (const [number, answer] of answers) {
    expect(answer.status).toBe(200);
    if (approved(answer)) expect(await stateOf(number), number).toBe('approved');
    else {
      expect(answer.text).toMatch(/请过几秒再按一次|正在处理/);
      const again = await approve(number);
      expect(again.text).toMatch(/审批完成|已批准：李娜 于/);
    }
  }
  const [row] = await house.sql`
    select count(*)::int as signed, count(distinct subject)::int as requests from ledger where type = 'request-approved'
      and subject in ${house.sql([...answers.keys()])}`;
  expect(row).toEqual({ signed: answers.size, requests: answers.size });
}

async function stateOf(number: string): Promise<string> {
  const [row] = await house.sql`select state from request where number = ${number}`;
  return row?.state;
}

test('every connection is terminated in the middle of fifty presses, three times: nothing acknowledged is lost, and the product goes on', async () => {
  const numbers = await askMany(50);
  expect(new Set(numbers).size).toBe(50);
  const answers = await pressThrough(numbers, terminateAll);
  expect([...answers.values()].filter(approved).length).toBeGreaterThan(30);
  await expectKept(answers);
  house.travel(CLAIM_ENDS);
  await house.settled();
  const health = await fetch(`${house.url}/healthz`);
  expect(await health.json()).toMatchObject({ ok: true });
  expect(house.lines.filter((line) => line.includes('"level":60'))).toEqual([]);
}, 60_000);

test('Postgres restarts in the middle of presses: whoever presses meanwhile is told to try again, and afterwards everything goes on', async () => {
  const numbers = await askMany(20);
  const act = randomUUID();
  wire.stop();
  const refused = await approve(numbers[0] ?? '', act);
  expect([refused.status, approved(refused)]).toEqual([200, false]);
  const health = await fetch(`${house.url}/healthz`);
  expect([health.status, await health.json()]).toMatchObject([503, { missing: ['database'] }]);
  wire.start();
  await waitFor(async () => (await fetch(`${house.url}/healthz`)).ok, 'the product to be well again');
  const again = await approve(numbers[0] ?? '', act);
  expect(again.text).toContain('审批完成');

  const answers = await pressThrough(numbers.slice(1), async () => {
    wire.stop();
    await pause(100);
    wire.start();
  });
  await expectKept(answers);
  house.travel(CLAIM_ENDS);
  await house.settled();
}, 60_000);

test('the database goes away again and again while the product starts: it waits for it, and then serves', async () => {
  const started = house.restart();
  for (const after of [250, 200, 150, 300, 100]) {
    await pause(after);
    wire.stop();
    await pause(60);
    wire.start();
  }
  await started;
  expect(approved(await approve(await ask('/spend 1000 启动之后')))).toBe(true);
}, 60_000);

test('the product has just started: more people press at once than it has connections, and everybody is answered', async () => {
  const numbers = await askMany(30);
  await house.restart();
  const answers = await Promise.all(numbers.map((number) => approve(number)));
  expect(answers.filter(approved)).toHaveLength(30);
});
