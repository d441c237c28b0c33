/** What the installation learns once is the same for all its processes, also when they learn it at the same moment. */
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { pinned } from '../../src/core/setting.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { waitFor } from '../support/house.ts';

let fresh: FreshDatabase;
let outside: postgres.Sql;
let opened: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  outside = postgres(fresh.url, { max: 2, onnotice: () => {} });
  opened = openDatabase(fresh.url);
});
afterAll(async () => {
  await opened.close();
  await outside.end();
  await fresh.drop();
});

test('the first to say wins, and the handbook wins over both', async () => {
  expect(await pinned(opened.sql, 'slack-tenant', 'T1')).toBe('T1');
  expect(await pinned(opened.sql, 'slack-tenant', 'T2')).toBe('T1');
  expect(await pinned(opened.sql, 'slack-tenant', 'T2', 'T3')).toBe('T3');
});

test('two processes start at once: the one that comes second by a hair takes the key of the first, not its own', async () => {
  const first = await outside.reserve();
  await first`begin`;
  await first`insert into setting (name, value) values ('link-key', 'of the first')`;
  const second = pinned(opened.sql, 'link-key', 'of the second');
  await waitFor(
    async () =>
      (await outside`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`)
        .length === 1,
    'the second to wait',
  );
  await first`commit`;
  first.release();
  expect(await second).toBe('of the first');
});
