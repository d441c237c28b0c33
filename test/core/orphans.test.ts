/** What a process that died leaves behind is taken up by the others. */
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { redrawnAnew } from '../../src/core/orphans.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { openRoad, type TestRoad } from '../support/road.ts';

const at = new Date('2026-11-23T02:00:00Z');
let now = at;
let database: FreshDatabase;
let outside: postgres.Sql;
let road: TestRoad;

beforeEach(async () => {
  now = at;
  database = await freshDatabase();
  outside = postgres(database.url, { max: 1, onnotice: () => {} });
  road = await openRoad(database.url, { clock: () => now });
});
afterEach(async () => {
  await road.close();
  await outside.end();
  await database.drop();
});

/** Every card stands on Feishu and is true. */
const standing = () => outside`
  update message set platform = 'feishu', shown = wanted, shown_hash = 'as it was', ref_channel = 'oc_1', ref_message = 'om_' || id, stale_since = null
  where kind = 'card'`;
const owed = () => outside`select address from message where kind = 'card' and wanted > shown and shown_hash is null`;

test('whoever pressed on Feishu just when a process died sees the old card again: it is drawn once more', async () => {
  await road.say('U01WANG', '/spend 3.2万 物料');
  await standing();
  now = new Date(at.getTime() + 10_000);
  await redrawnAnew(road.sql, now);
  expect((await owed()).length).toBeGreaterThan(0);
});

test('what nobody has touched for a while stays as it is, and so does what stands elsewhere', async () => {
  await road.say('U01WANG', '/spend 3.2万 物料');
  await standing();
  now = new Date(at.getTime() + 60_000);
  await redrawnAnew(road.sql, now);
  expect(await owed()).toEqual([]);
  await road.say('U01WANG', '/spend 1.1万 茶歇');
  await standing();
  await outside`update message set platform = 'slack'`;
  await redrawnAnew(road.sql, now);
  expect(await owed()).toEqual([]);
});
