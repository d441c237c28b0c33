/** What was promised for a time happens once, whoever dies or hurries meanwhile. */
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fire, handOutTimers, type TimerDeps } from '../../src/core/timers.ts';
import type { World } from '../../src/nouns.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { waitFor } from '../support/house.ts';
import { openRoad, sentence, type TestRoad } from '../support/road.ts';

const HOUR = 3_600_000;
let now = 0;
let database: FreshDatabase;
let outside: postgres.Sql;
let roads: [TestRoad, TestRoad];
let number = '';

beforeAll(async () => {
  now = Date.parse('2026-11-23T02:00:00Z');
  const clock = () => new Date(now);
  database = await freshDatabase();
  outside = postgres(database.url, { max: 3, onnotice: () => {} });
  roads = [await openRoad(database.url, { clock }), await openRoad(database.url, { clock })];
});
afterAll(async () => {
  await Promise.all(roads.map((road) => road.close()));
  await outside.end();
  await database.drop();
});
beforeEach(async () => {
  await outside`delete from timer`;
  now = Date.parse('2026-11-23T02:00:00Z');
  for (const road of roads) road.handed.length = 0;
  number = /SP-\d{4}-\d{4}/.exec(sentence(await road(0).say('U01WANG', '/spend 3.2万 物料')))?.[0] ?? '';
});

const road = (i: number): TestRoad => roads[i % 2] as TestRoad;
const deps = (i: number): TimerDeps<World> => {
  const { sql, queue, road: way, clock, log } = road(i);
  return { sql, queue, road: way, clock, log };
};
const reminded = async (): Promise<number> =>
  (await outside`select 1 from ledger where subject = ${number} and type = 'step-reminded'`).length;
const timers = () =>
  outside<
    { id: string; key: string; due_at: Date }[]
  >`select id, key, due_at from timer where subject = ${number} order by due_at`;

test('a reminder is promised for four working hours later; before that nothing is handed out', async () => {
  const [first] = await timers();
  expect(first).toMatchObject({ key: `${number}|remind|supervisor`, due_at: new Date('2026-11-23T07:30:00Z') });
  expect(await handOutTimers(deps(0))).toBe(0);
  await fire(deps(0), first?.id ?? '');
  expect([await reminded(), (await timers()).length]).toEqual([0, 2]);
});

test('two processes hand out and fire at the same moment: the reminder comes once, and the next one is promised', async () => {
  now += 6 * HOUR;
  const [first] = await timers();
  const counts = await Promise.all([0, 1, 0, 1].map((i) => handOutTimers(deps(i))));
  expect(counts.reduce((sum, count) => sum + count)).toBe(1);
  await Promise.all([0, 1, 0, 1].map((i) => fire(deps(i), first?.id ?? '')));
  expect(await reminded()).toBe(1);
  const [next] = await timers();
  expect(next?.due_at.getTime()).toBeGreaterThan(now);
});

test('whoever was to fire it dies with the queue: after a quarter of a minute it is handed out again', async () => {
  now += 6 * HOUR;
  expect(await handOutTimers(deps(0))).toBe(1);
  expect(await handOutTimers(deps(1))).toBe(0);
  now += 16_000;
  expect(await handOutTimers(deps(1))).toBe(1);
  await fire(deps(1), road(1).handed[0] ?? '');
  expect(await reminded()).toBe(1);
});

test('the connection is lost while it fires: nothing of it is kept, and it fires later', async () => {
  now += 6 * HOUR;
  const [first] = await timers();
  const held = await outside.reserve();
  await held`begin`;
  await held`select 1 from request where number = ${number} for update`;
  const firing = fire(deps(0), first?.id ?? '');
  await waitFor(async () => (await blocked()).length === 1, 'the timer to wait for the request');
  await outside`select pg_terminate_backend(${(await blocked())[0] ?? 0})`;
  await firing;
  await held`commit`;
  held.release();
  expect([await reminded(), (await timers()).length]).toEqual([0, 2]);
  expect(road(0).lines.join()).toContain('a timer failed and will be tried again');
  await fire(deps(1), first?.id ?? '');
  expect(await reminded()).toBe(1);
});

async function blocked(): Promise<number[]> {
  const rows = await outside<{ pid: number }[]>`
    select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  return rows.map((row) => row.pid);
}

test('somebody approves just while the reminder fires: neither waits for the other in a circle, and whoever comes second finds nothing to do', async () => {
  for (let turn = 0; turn < 8; turn++) {
    now += 6 * HOUR;
    const [first] = await timers();
    const [reply] = await Promise.all([
      road(0).press('U02LI', 'approve', number, { step: 'supervisor' }),
      fire(deps(1), first?.id ?? randomUUID()),
    ]);
    expect(sentence(reply)).toContain('审批完成');
    expect(await timers()).toEqual([]);
    await road(0).sql`select 1`;
    number = /SP-\d{4}-\d{4}/.exec(sentence(await road(1).say('U01WANG', '/spend 3.2万 物料')))?.[0] ?? '';
  }
  const [row] = await outside`select deadlocks::int from pg_stat_database where datname = current_database()`;
  expect(row?.deadlocks).toBe(0);
});

test('a reminder for a step that is over is taken off without a word', async () => {
  const id = randomUUID();
  await road(0).press('U02LI', 'approve', number, { step: 'supervisor' });
  await outside`
    insert into timer (id, subject, command, args, key, due_at)
    values (${id}, ${number}, 'requests.remind', ${outside.json({ step: 'supervisor', submission: 1 })}, ${`late ${id}`}, ${new Date(now)})`;
  await fire(deps(0), id);
  expect([await reminded(), await timers()]).toEqual([0, []]);
});
