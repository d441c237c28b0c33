/** Connections are counted before they are missed: how one process divides its own, and whether the server has room for all of them. */
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { budgetOf, roomFor, verdict } from '../../db/budget.ts';
import { POOL } from '../../src/config.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

let fresh: FreshDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
  fresh = await freshDatabase();
  sql = postgres(fresh.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await sql.end();
  await fresh.drop();
});

test('whatever the ceiling, the parts come to no more than it, and none is too small to work', () => {
  for (let most = POOL.least; most <= POOL.most; most++) {
    const { lines, queue } = budgetOf(most);
    expect(lines * 2 + queue + 2, String(most)).toBeLessThanOrEqual(most);
    expect(most - (lines * 2 + queue + 2), String(most)).toBeLessThan(2);
    expect([lines >= 2, queue >= 2], String(most)).toEqual([true, true]);
  }
  expect(budgetOf(POOL.usual)).toEqual({ lines: 10, queue: 4 });
});

const room = { free: 90, server: 97, others: 7 };

test('three processes fit, the fourth is warned of with the sum, and one that fits nowhere does not start', () => {
  expect(verdict(room, 27, 3)).toBeUndefined();
  expect(verdict(room, 27, 4)).toBe(
    '4 processes with up to 27 connections each come to 108, and there is room for 90 (the server admits 97, of which other programs use 7 now). Lower DATABASE_POOL in each, run fewer processes, or raise max_connections',
  );
  expect(() => verdict(room, 91, 1)).toThrow(
    /^DATABASE_POOL: this process may open 91 connections, and there is room for 90 /,
  );
});

test('the server is asked: its own limit, that of the database, and who else is there', async () => {
  expect(await roomFor(fresh.url, 27, 1)).toBeUndefined();
  expect(await roomFor(fresh.url, 27, 1000)).toContain('1000 processes with up to 27 connections each come to 27000');
  const name = new URL(fresh.url).pathname.slice(1);
  await sql`alter database ${sql(name)} connection limit 20`;
  await expect(roomFor(fresh.url, 27, 1)).rejects.toThrow(
    /may open 27 connections, and there is room for \d+ \(the server admits 20,/,
  );
  await sql`alter database ${sql(name)} connection limit -1`;
});
