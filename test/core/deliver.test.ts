/** Workers that die, pause or hang, platforms that take their time, and a bell that nobody hears: nothing stands twice, nothing is forgotten. */
import pino from 'pino';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DeliveryError } from '../../src/core/chat.ts';
import { deliver } from '../../src/core/deliver.ts';
import { startDispatcher } from '../../src/core/dispatcher.ts';
import { handOut } from '../../src/core/hand-out.ts';
import { WAKE } from '../../src/core/outbox.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { waitFor } from '../support/house.ts';
import { door, type MemoryPlatform, openMemoryPlatform, openRoad, sentence, type TestRoad } from '../support/road.ts';

let now = 0;
let database: FreshDatabase;
let outside: postgres.Sql;
let platform: MemoryPlatform;
let roads: [TestRoad, TestRoad];
let number = '';

beforeEach(async () => {
  now = Date.parse('2026-11-23T02:00:00Z');
  const clock = () => new Date(now);
  database = await freshDatabase();
  outside = postgres(database.url, { max: 2, onnotice: () => {} });
  platform = openMemoryPlatform();
  roads = [await openRoad(database.url, { clock, platform }), await openRoad(database.url, { clock, platform })];
  number = /SP-\d{4}-\d{4}/.exec(sentence(await roads[0].say('U01WANG', '/spend 3.2万 物料')))?.[0] ?? '';
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(roads.map((road) => road.close()));
  await outside.end();
  await database.drop();
});

const rowOf = async (address: string) => {
  const [row] =
    await outside`select * from message where subject = ${number} and kind = 'card' and address = ${address}`;
  if (!row) throw new Error(`no card for ${address}`);
  return row;
};
/** cards with the path, not the notices beside them */
const standing = (address: string) =>
  [...platform.messages.values()].filter(
    ({ to, card }) => to === address && card.blocks.some((block) => block.kind === 'path'),
  );

test('a worker dies after the platform has taken the card: another looks first, and it stands there once', async () => {
  const { id } = await rowOf('U02LI');
  const never = door();
  platform.hooks.after = () => never.opened;
  void deliver(roads[0].delivery, id); // it will not come back in this life
  await waitFor(async () => standing('U02LI').length === 1, 'the platform to take it');
  platform.hooks.after = async () => {};
  await deliver(roads[1].delivery, id);
  expect(platform.posts).toHaveLength(1); // as long as the first one may be alive, nobody else tries
  now += 16_000;
  expect(await handOut(roads[1].delivery)).toBeGreaterThan(0);
  await deliver(roads[1].delivery, id);
  // and knows in which time it can have come to stand there
  expect(platform.posts[1]).toEqual({
    id: (await rowOf('U02LI')).intent,
    triedBefore: new Date(now - 16_000),
    triedUntil: new Date(now + 44_000),
  });
  expect(standing('U02LI')).toHaveLength(1);
  expect(await rowOf('U02LI')).toMatchObject({ wanted: 1, shown: 1, ref_message: standing('U02LI')[0]?.ref.message });
  never.open();
});

test('somebody touches the card just when the worker comes for it: the worker waits a moment, and the card is sent', async () => {
  const { id } = await rowOf('U02LI');
  const lock = await outside.reserve();
  await lock`begin`;
  await lock`select 1 from message where id = ${id} for update`;
  const delivered = deliver(roads[0].delivery, id);
  const waits = async () =>
    (await outside`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`)
      .length > 0;
  await waitFor(waits, 'the worker to wait for the row');
  await lock`commit`;
  lock.release();
  await delivered;
  expect(standing('U02LI')).toHaveLength(1);
});

test('the one that was taken for dead comes back after the other is done and the card has changed: the last state is shown', async () => {
  const { id } = await rowOf('U02LI');
  const late = door();
  platform.hooks.after = () => late.opened;
  const slow = deliver(roads[0].delivery, id);
  await waitFor(async () => standing('U02LI').length === 1, 'the platform to take it');
  platform.hooks.after = async () => {};
  now += 16_000;
  await deliver(roads[1].delivery, id);
  await roads[1].press('U01WANG', 'withdraw', number);
  await deliver(roads[1].delivery, id);
  late.open();
  await slow;
  await roads[0].deliverAll();
  expect(await rowOf('U02LI')).toMatchObject({ wanted: 2, shown: 2, claimed_until: null });
  expect(standing('U02LI').map(({ card }) => JSON.stringify(card).includes('已撤回'))).toEqual([true]);
});

test('a platform takes half a minute: whoever waits for it keeps the card for itself all the while', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { id } = await rowOf('U02LI');
  const answer = door();
  platform.hooks.after = () => answer.opened;
  const slow = deliver(roads[0].delivery, id);
  await waitFor(async () => standing('U02LI').length === 1, 'the platform to take it');
  for (let i = 0; i < 6; i++) {
    now += 5_000;
    vi.advanceTimersByTime(5_000);
    const until = new Date(now + 15_000);
    await waitFor(
      async () => (await rowOf('U02LI')).claimed_until.getTime() === until.getTime(),
      'the claim to be renewed',
    );
    await deliver(roads[1].delivery, id);
  }
  expect(platform.posts).toHaveLength(1);
  answer.open();
  await slow;
  expect(await rowOf('U02LI')).toMatchObject({ shown: 1, claimed_until: null });
});

test('a post of which nobody knows whether it arrived is tried again with the same intent; a clean refusal is no try', async () => {
  const { id, intent } = await rowOf('U02LI');
  platform.hooks.before = async () => {
    throw new DeliveryError('slack', 'retry-later', 'ratelimited', { afterMs: 1_000 });
  };
  await deliver(roads[0].delivery, id);
  expect((await rowOf('U02LI')).tried_at).toBeNull();
  platform.hooks.before = async () => {};
  platform.hooks.after = async () => {
    throw new DeliveryError('slack', 'ambiguous', 'timeout', { afterMs: 1_000 });
  };
  now += 2_000;
  await deliver(roads[0].delivery, id);
  expect((await rowOf('U02LI')).tried_at).toEqual(new Date(now));
  platform.hooks.after = async () => {};
  now += 2_000;
  await deliver(roads[1].delivery, id);
  expect(platform.posts.map((post) => [post.id, post.triedBefore !== undefined])).toEqual([
    [intent, false],
    [intent, false],
    [intent, true],
  ]);
  expect(standing('U02LI')).toHaveLength(1);
});

test('decisions go before cards, cards before reminders, whatever came first', async () => {
  await outside`update message set lane = case address when 'U01WANG' then 3 when 'U02LI' then 1 else 2 end`;
  const order: number[] = [];
  const queue = {
    put: async (_name: string, jobs: { priority: number }[]) => void order.push(...jobs.map((job) => job.priority)),
  };
  await handOut({ ...roads[0].delivery, queue: queue as never });
  expect(order.toSorted((a, b) => b - a)).toEqual([9, 8, 7]);
});

test('the bell wakes every process at once; where it is not heard, half a second is the most that a card waits', async () => {
  const log = pino({ level: 'silent' });
  const rounds = { heard: 0, deaf: 0 };
  const listening = startDispatcher(
    { sql: roads[0].sql, log, rounds: [{ run: async () => ++rounds.heard * 0, restMs: () => 0 }] },
    WAKE,
  );
  const lost = {
    ...roads[1].sql,
    listen: () => Promise.reject(new Error('nobody listens')),
  } as unknown as TestRoad['sql'];
  const deaf = startDispatcher(
    { sql: lost, log, rounds: [{ run: async () => ++rounds.deaf * 0, restMs: () => 0 }] },
    WAKE,
  );
  await waitFor(async () => rounds.heard > 0, 'the ear');
  const before = rounds.heard;
  await roads[1].sql`select pg_notify(${WAKE}, '')`;
  await waitFor(async () => rounds.heard > before, 'the bell', 400);
  await waitFor(async () => rounds.deaf > 1, 'the floor', 2_000);
  await Promise.all([listening.stop(), deaf.stop()]);
});

test('in a storm of acts the workers look at what became stale together, and miss nothing of it', async () => {
  const log = pino({ level: 'silent' });
  const looked: number[] = [];
  let acts = 0;
  const run = async () => looked.push(acts) * 0;
  const storm = startDispatcher({ sql: roads[0].sql, log, rounds: [{ run, restMs: () => 50 }] }, WAKE);
  for (acts = 1; acts <= 200; acts++) {
    storm.wake();
    await new Promise(setImmediate);
  }
  await waitFor(async () => looked.includes(acts), 'the last act to be seen');
  expect(looked.length).toBeLessThan(100);
  await storm.stop();
});
