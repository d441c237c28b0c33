/** What waits in our own line has not been tried in vain: the platform's next trouble finds it as patient as a new one. */
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DeliveryError } from '../../src/core/chat.ts';
import { deliver } from '../../src/core/deliver.ts';
import { handOut } from '../../src/core/hand-out.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { openMemoryPlatform, openRoad, type TestRoad } from '../support/road.ts';

let now = 0;
let database: FreshDatabase;
let outside: postgres.Sql;
let road: TestRoad;
const platform = openMemoryPlatform();

beforeEach(async () => {
  now = Date.parse('2026-11-23T02:00:00Z');
  database = await freshDatabase();
  outside = postgres(database.url, { max: 1, onnotice: () => {} });
  road = await openRoad(database.url, { clock: () => new Date(now), platform });
});
afterEach(async () => {
  await road.close();
  await outside.end();
  await database.drop();
});

test('a card that stood in our own line for long, and then meets one failure, is tried again after a second, not after minutes', async () => {
  await road.say('U01WANG', '/spend 3.2万 物料');
  const [card] = await outside`select id from message where kind = 'card' and address = 'U02LI'`;
  const waitOnce = async (): Promise<number> => {
    await deliver(road.delivery, card?.id);
    const [row] = await outside`select next_at from message where id = ${card?.id}`;
    const wait = row?.next_at.getTime() - now;
    now += wait;
    return wait;
  };
  platform.adapter.post = async () => {
    throw new DeliveryError('slack', 'retry-later', 'own-rate-limit', { afterMs: 2_000 });
  };
  for (let i = 0; i < 12; i++) expect(await waitOnce()).toBe(2_000);
  platform.adapter.post = async () => {
    throw new DeliveryError('slack', 'ambiguous', 'http_500');
  };
  expect(await waitOnce()).toBeLessThan(2_000);
  const second = await waitOnce();
  expect(second).toBeGreaterThan(1_000);
  expect(second).toBeLessThan(4_000);
});

test('in a storm no more is handed out than our own limits let go, and what waits is not drawn in vain', async () => {
  const asked: string[] = [];
  platform.adapter.queued = (sends) => sends.map((_, i) => (i < 3 ? 0 : (i - 2) * 1_000));
  platform.adapter.post = async (to) => {
    asked.push(to.id);
    return { channel: to.id, message: `m${asked.length}` };
  };
  const numbers = await Promise.all(Array.from({ length: 4 }, (_, i) => road.say('U01WANG', `/spend ${i + 1}万 物料`)));
  expect(numbers).toHaveLength(4);
  const jobs: string[] = [];
  const delivery = {
    ...road.delivery,
    queue: {
      ...road.delivery.queue,
      put: async (_: string, put: { id: string }[]) => void jobs.push(...put.map(({ id }) => id)),
    },
  };
  await handOut(delivery);
  expect(jobs).toHaveLength(3);
  // nothing of it has gone yet: the next look hands out nothing more, whatever came meanwhile
  await road.say('U01WANG', '/spend 5万 物料');
  await handOut(delivery);
  expect(jobs).toHaveLength(3);
  const waiting = await outside`
    select next_at, attempts from message where last_error = 'own-rate-limit' and state = 'live' order by next_at`;
  expect(waiting.length).toBeGreaterThan(5);
  expect(waiting.every((row) => row.attempts === 0 && row.next_at.getTime() > now)).toBe(true);
  for (const id of jobs) await deliver(delivery, id);
  expect(asked).toHaveLength(3);
  now += 60_000;
  await handOut(delivery);
  expect(jobs.length).toBe(6);
});

test('what was put off for longer while it was being lined up stays put off: the answer to a press on Feishu is not overtaken', async () => {
  platform.adapter.queued = (sends) => sends.map((_, i) => i * 1_000);
  await road.say('U01WANG', '/spend 3.2万 物料');
  const until = new Date(now + 2_500);
  const put = async (_: string, jobs: { id: string }[]) => {
    await outside`update message set next_at = ${until} where id <> all(${jobs.map(({ id }) => id)})`;
  };
  await handOut({ ...road.delivery, queue: { ...road.delivery.queue, put } });
  const waiting = await outside`select next_at from message where last_error = 'own-rate-limit'`;
  expect(waiting.length).toBeGreaterThan(0);
  expect(waiting.every((row) => row.next_at >= until)).toBe(true);
});

test('what a killed process had claimed gets its place in the line like the rest, and goes when its turn has come', async () => {
  const wait = 3_000;
  platform.adapter.queued = (sends) => sends.map(() => wait);
  await road.say('U01WANG', '/spend 3.2万 物料');
  await outside`update message set claimed_until = ${new Date(now - 1)}, tried_at = ${new Date(now - 15_001)}`;
  const jobs: string[] = [];
  const put = async (_: string, given: { id: string }[]) => void jobs.push(...given.map(({ id }) => id));
  const delivery = { ...road.delivery, queue: { ...road.delivery.queue, put } };
  const handed = await handOut(delivery);
  const [line] = await outside`
    select count(*)::int as count, min(next_at) as next from message where last_error = 'own-rate-limit' and handed_until is null`;
  expect(line).toEqual({ count: handed, next: new Date(now + wait) });
  platform.adapter.queued = (sends) => sends.map(() => 0);
  now += wait;
  await handOut(delivery);
  expect(jobs).toHaveLength(handed);
});
