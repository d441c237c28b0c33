/** The pools say how busy they are: whoever watches sees that work waits for a connection before people do. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

let fresh: FreshDatabase;
let database: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase(fresh.url, { max: 1 });
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

test('two transactions for one connection: one waits, is seen waiting, and its wait is reckoned', async () => {
  const { sql, pools } = database;
  const { promise: door, resolve: open } = Promise.withResolvers<void>();
  const { promise: inside, resolve: entered } = Promise.withResolvers<void>();
  const first = sql.begin(async (tx) => {
    await tx`select 1`;
    entered();
    await door;
  });
  await inside;
  expect(pools.transactions()).toMatchObject({ open: 1, busy: 1, waiting: 0, waits: 0, waitedMs: 0 });
  const second = sql.begin((tx) => tx`select 2`);
  await expect.poll(() => pools.transactions().waiting).toBe(1);
  expect(pools.singles()).toMatchObject({ open: 0, busy: 0, waiting: 0 });
  open();
  await Promise.all([first, second]);
  const after = pools.transactions();
  expect(after).toMatchObject({ open: 1, busy: 0, waiting: 0, waits: 1 });
  expect(after.waitedMs).toBeGreaterThan(0);
});

test('a single question takes a line of its own and gives it back', async () => {
  const { sql, pools } = database;
  await sql`select 1`;
  await expect.poll(() => pools.singles()).toMatchObject({ open: 1, busy: 0, waiting: 0 });
});
