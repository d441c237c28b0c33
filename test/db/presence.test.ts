/** The processes on one database know of each other, and of each other's end. */
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { joinOthers, type Presence } from '../../db/presence.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { waitFor } from '../support/house.ts';

let fresh: FreshDatabase;
let sql: postgres.Sql;
let there: Presence[];
/** how many each of them was told to have gone */
let told: number[];

beforeEach(async () => {
  fresh = await freshDatabase();
  sql = postgres(fresh.url, { max: 1, onnotice: () => {} });
  [there, told] = [[], []];
});
afterEach(async () => {
  await Promise.all(there.map((one) => one.leave()));
  await sql.end();
  await fresh.drop();
});

async function join(): Promise<Presence> {
  const place = told.push(0) - 1;
  const gone = async (count: number) => {
    told[place] = (told[place] ?? 0) + count;
  };
  const one = await joinOthers(fresh.url, { gone, failed: () => {}, beatMs: 100 });
  there.push(one);
  return one;
}
const counts = () => there.map((one) => one.count());
const sessions = () => sql<{ pid: number }[]>`
  select pid from pg_stat_activity where application_name = 'countersign presence' and datname = current_database() order by backend_start`;

test('whoever starts counts those who are there, and they count the newcomer within a second or two', async () => {
  const [first, second] = [await join(), await join()];
  expect([first.count(), second.count()]).toEqual([1, 2]);
  await waitFor(async () => first.count() === 2, 'the first to see the second');
});

test('one goes, politely or not: the others hear of it once, and no longer count it', async () => {
  await join();
  await join();
  const leaving = await join();
  await waitFor(async () => counts().join() === '3,3,3', 'all to see all');
  await leaving.leave();
  there.pop();
  await waitFor(async () => counts().join() === '2,2', 'two to be left');
  expect(told).toEqual([1, 1, 0]);
});

test('Postgres ends every session: they find each other again, and nobody is thought dead', async () => {
  await join();
  await join();
  await waitFor(async () => counts().join() === '2,2', 'both to see both');
  const before = (await sessions()).map(({ pid }) => pid);
  await sql`select pg_terminate_backend(pid) from unnest(${before}::int[]) as pid`;
  await waitFor(async () => (await sessions()).filter(({ pid }) => !before.includes(pid)).length === 2, 'new sessions');
  await waitFor(async () => counts().join() === '2,2', 'both to see both again');
  expect(told).toEqual([0, 0]);
});

test('two databases on one server are two companies', async () => {
  const other = await freshDatabase();
  const there = await joinOthers(other.url, { gone: async () => {}, failed: () => {} });
  const here = await join();
  expect([here.count(), there.count()]).toEqual([1, 1]);
  await there.leave();
  await other.drop();
});
