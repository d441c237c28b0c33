/** Many at once on one database: numbers without gaps, no circles of waiting, and nobody is asked who has just left. */
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { handle } from '../../src/core/handle.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { waitFor } from '../support/house.ts';
import { openRoad, sentence, type TestRoad } from '../support/road.ts';

const clock = () => new Date('2026-11-23T02:00:00Z');
let database: FreshDatabase;
let outside: postgres.Sql;
/** two processes of the product */
let roads: [TestRoad, TestRoad];

beforeAll(async () => {
  database = await freshDatabase();
  outside = postgres(database.url, { max: 2, onnotice: () => {} });
  roads = [await openRoad(database.url, { clock }), await openRoad(database.url, { clock })];
});
afterAll(async () => {
  await Promise.all(roads.map((road) => road.close()));
  await outside.end();
  await database.drop();
});
beforeEach(async () => {
  await outside`update absence set ended_at = now()`;
  await outside`delete from timer`;
});

const road = (i: number): TestRoad => roads[i % 2] as TestRoad;
const times = <T>(count: number, act: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => act(i)));
const numberIn = (text: string): string => /[A-Z]{2}-\d{4}-\d{4,}/.exec(text)?.[0] ?? text;
const ask = async (i: number, amount = '3.2万'): Promise<string> =>
  numberIn(sentence(await road(i).say('U01WANG', `/spend ${amount} 物料 ${i}`)));
const faults = (): string[] => roads.flatMap((one) => one.outcomes.filter((outcome) => outcome === 'fault'));

async function deadlocks(): Promise<number> {
  await outside`select pg_stat_clear_snapshot()`;
  const [row] = await outside`select deadlocks::int from pg_stat_database where datname = current_database()`;
  return row?.deadlocks;
}

async function pendingOf(number: string): Promise<string[]> {
  const rows = await outside`select pending from step where request = ${number} and state = 'open'`;
  return rows.flatMap((row) => row.pending);
}

test('fifty people submit at the same moment, some wrongly: the numbers have no gap and none stands twice', async () => {
  const replies = await times(60, (i) =>
    road(i).say('U01WANG', i % 6 === 5 ? '/spend 0 没有金额' : `/spend ${100 + i} 物料 ${i}`),
  );
  const given = replies.filter((_, i) => i % 6 !== 5).map((reply) => numberIn(sentence(reply)));
  expect(given.toSorted()).toEqual(Array.from({ length: 50 }, (_, i) => `SP-2026-${String(i + 1).padStart(4, '0')}`));
  const kept = await outside`select subject from ledger where type = 'request-submitted' order by subject`;
  expect(kept.map((row) => row.subject)).toEqual(given.toSorted());
  expect([faults(), await deadlocks()]).toEqual([[], 0]);
});

test('one act delivered ten times at once to two processes is carried out once, and all ten get the same answer', async () => {
  const replies = await times(10, (i) => road(i).say('U01WANG', '/spend 77 同一次', 'the-same-act'));
  expect(new Set(replies.map(sentence)).size).toBe(1);
  expect(await outside`select 1 from request where "values"->>'title' = '同一次'`).toHaveLength(1);
});

test('App Homes, presses, new requests and absences of the same people, all at once: everything is answered, and nobody waits in a circle', async () => {
  for (const account of ['U01WANG', 'U02LI', 'U04CHEN']) await road(0).act(account, { kind: 'home' });
  const before = await deadlocks();
  const numbers = await times(24, (i) => ask(i, i % 2 === 0 ? '3万' : '6万'));
  const away = async (i: number) => {
    for (let turn = 0; turn < 4; turn++) {
      await road(i).say('U02LI', '/pr away 2026-11-23 2026-11-24 @陈卫东');
      await road(i + 1).say('U02LI', '/pr back');
    }
  };
  const replies = await Promise.all([
    ...numbers.map((number, i) => road(i).press('U02LI', 'approve', number, { step: 'supervisor' })),
    ...numbers.map((number, i) => road(i + 1).press('U04CHEN', 'approve', number, { step: 'supervisor' })),
    ...numbers.map((number, i) => road(i).press('U01WANG', 'urge', number)),
    ...Array.from({ length: 8 }, (_, i) => ask(i)),
    away(0),
    away(1),
  ]);
  expect(replies.filter((reply) => typeof reply === 'object' && /系统|编号/.test(sentence(reply)))).toEqual([]);
  expect([faults(), (await deadlocks()) - before]).toEqual([[], 0]);
  const signed =
    await outside`select subject from ledger where type = 'step-approved' and subject in ${outside(numbers)}`;
  expect(new Set(signed.map((row) => row.subject)).size).toBe(signed.length);
});

test('somebody leaves while a press that opens their step waits for the database: whoever stands in for them is asked', async () => {
  const number = await ask(0, '6万');
  const held = await outside.reserve();
  await held`begin`;
  await held`select 1 from request where number = ${number} for update`;
  const pressed = road(0).press('U02LI', 'approve', number, { step: 'supervisor' });
  await waitFor(async () => (await waiting()) === 1, 'the press to wait');
  await outside`insert into absence values ('AW-2026-0900', 'zhao', '2026-11-23', '2026-11-27', 'qian', null)`;
  await held`commit`;
  held.release();
  expect(sentence(await pressed)).toContain('接下来等待');
  expect(await pendingOf(number)).toEqual(['qian']);
});

test('somebody leaves just while a press opens their step: one comes after the other, and the stand-in is asked', async () => {
  const numbers = await times(12, (i) => ask(i, '6万'));
  // 赵敏 signs second; she is on no platform of this story, so her absence is recorded by the road itself
  const args = { from: '2026-11-23', to: '2026-11-25', deputy: 'chen' };
  const leave = ({ sql, road: way }: TestRoad) =>
    sql.begin((tx) =>
      handle(
        way,
        tx,
        { name: 'directory.leave', subject: undefined, args },
        {
          actor: { kind: 'person', id: 'zhao', platform: 'slack' },
          at: clock(),
        },
      ),
    );
  const presses = numbers.map((number, i) => road(i).press('U02LI', 'approve', number, { step: 'supervisor' }));
  await Promise.all([leave(road(0)), ...presses]);
  for (const number of numbers) expect(await pendingOf(number), number).toEqual(['chen']);
});

test('two wait for each other in the middle of an act: it is tried again, whatever else was asked in the lost transaction', async () => {
  await outside.unsafe(`
    create sequence lost_once;
    create function lose_once() returns trigger language plpgsql as $$ begin
      if nextval('lost_once') = 1 then raise exception 'deadlock detected' using errcode = '40P01'; end if;
      return new; end $$;
    create trigger lose_once before insert on ledger for each row execute function lose_once()`);
  const number = await ask(1);
  expect(number).toMatch(/^SP-2026-\d{4}$/);
  await outside.unsafe(`drop trigger lose_once on ledger; drop function lose_once(); drop sequence lost_once`);
  expect(faults()).toEqual([]);
});

async function waiting(): Promise<number> {
  const [row] = await outside`
    select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  return row?.count ?? 0;
}
