/** What is shown in the end is what the database says, whatever happens at once and on the way. */
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DeliveryError } from '../../src/core/chat.ts';
import { deliver } from '../../src/core/deliver.ts';
import { handOut } from '../../src/core/hand-out.ts';
import { showAgain } from '../../src/core/outbox.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type MemoryPlatform, openMemoryPlatform, openRoad, sentence, type TestRoad } from '../support/road.ts';

let now = 0;
let database: FreshDatabase;
let outside: postgres.Sql;
let platform: MemoryPlatform;
let roads: TestRoad[];

beforeEach(async () => {
  now = Date.parse('2026-11-23T02:00:00Z');
  const clock = () => new Date(now);
  database = await freshDatabase();
  outside = postgres(database.url, { max: 2, onnotice: () => {} });
  platform = openMemoryPlatform();
  roads = [await openRoad(database.url, { clock, platform }), await openRoad(database.url, { clock, platform })];
});
afterEach(async () => {
  await Promise.all(roads.map((road) => road.close()));
  await outside.end();
  await database.drop();
});

const road = (i = 0): TestRoad => roads[i % roads.length] as TestRoad;
const ask = async (line: string): Promise<string> =>
  /SP-\d{4}-\d{4}/.exec(sentence(await road().say('U01WANG', line)))?.[0] ?? '';
const cardsOf = (number: string) =>
  [...platform.messages.values()].filter(({ card }) => JSON.stringify(card).includes(number) && hasPath(card.blocks));
const hasPath = (blocks: { kind: string }[]) => blocks.some((block) => block.kind === 'path');
const owed = async (): Promise<number> =>
  (await outside`select 1 from message where state = 'live' and wanted > shown`).length;

/** A generator of one's own: the same storm every time. */
function dice(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

async function settle(): Promise<void> {
  for (let round = 0; round < 60 && (await owed()) > 0; round++) {
    now += 6 * 60_000;
    await road(round).deliverAll();
  }
}

test.each([1, 7, 42, 2026])(
  'comments pour in while three workers of two processes deliver over a bad line (storm %i): every card shows the last state, none stands twice',
  async (seed) => {
    const roll = dice(seed);
    const number = await ask('/spend 3.2万 春季促销物料');
    platform.hooks.before = async () => {
      await new Promise((resolve) => setTimeout(resolve, roll() * 6));
      if (roll() < 0.15) throw new DeliveryError('slack', 'retry-later', 'ratelimited', { afterMs: 20 });
    };
    platform.hooks.after = async () => {
      await new Promise((resolve) => setTimeout(resolve, roll() * 6));
      if (roll() < 0.15) throw new DeliveryError('slack', 'ambiguous', 'timeout', { afterMs: 20 });
    };
    let pouring = true;
    const workers = [0, 1, 2].map(async (i) => {
      while (pouring) {
        now += 5; // slowly: nobody's claim ends while they are at it
        await handOut(road(i).delivery);
        const id = road(i).handed.shift();
        if (id) await deliver(road(i).delivery, id);
      }
    });
    for (let i = 0; i < 25; i++) {
      const action = { command: 'requests.comment', subject: number };
      await road(i).act(i % 2 ? 'U01WANG' : 'U02LI', {
        kind: 'form',
        action,
        values: { text: `第 ${i} 句` },
        files: {},
      });
    }
    pouring = false;
    await Promise.all(workers);
    platform.hooks.before = async () => {};
    platform.hooks.after = async () => {};
    await settle();

    const rows =
      await outside`select wanted, shown, address, ref_message from message where kind = 'card' and state = 'live'`;
    for (const row of rows) expect(row.shown).toBe(row.wanted);
    const cards = cardsOf(number);
    expect(cards.map((card) => card.to).toSorted()).toEqual(rows.map((row) => row.address).toSorted());
    for (const { card } of cards) expect(JSON.stringify(card)).toContain('第 24 句');
    expect(new Set([...platform.messages.values()].map((message) => message.intent)).size).toBe(platform.messages.size);
  },
);

test('two processes hand out at the same moment: each message goes to one of them', async () => {
  for (let i = 0; i < 20; i++) await ask(`/spend ${100 + i} 物料`);
  const counts = await Promise.all([0, 1, 0, 1].map((i) => handOut(road(i).delivery)));
  const handed = roads.flatMap((one) => one.handed);
  expect(handed).toHaveLength(await owed());
  expect(new Set(handed).size).toBe(handed.length);
  expect(counts.reduce((sum, count) => sum + count)).toBe(handed.length);
});

test('whoever hands out does not wait for a press that is just touching a card: that card comes next time', async () => {
  await ask('/spend 100 物料');
  const held = await outside.reserve();
  await held`begin`;
  const [touched] = await held<
    { id: string }[]
  >`update message set wanted = wanted + 1 where address = 'U02LI' returning id`;
  const all = await owed();
  expect(await handOut(road(0).delivery)).toBe(all - 1);
  expect(road(0).handed).not.toContain(touched?.id);
  await held`commit`;
  held.release();
  expect(await handOut(road(1).delivery)).toBe(1);
  expect(road(1).handed).toEqual([touched?.id]);
});

test('a card that changes while it is on its way is sent once more, and then shows the change', async () => {
  const number = await ask('/spend 300 物料');
  await road().deliverAll();
  await road().press('U01WANG', 'withdraw', number);
  let pressed = false;
  platform.hooks.before = async (what) => {
    if (what === 'edit' && !pressed) {
      pressed = true;
      await outside`update message set wanted = wanted + 1 where subject = ${number} and kind = 'card'`;
    }
  };
  await road().deliverAll(1);
  expect(await owed()).toBe(0);
  for (const { card } of cardsOf(number)) expect(JSON.stringify(card)).toContain('已撤回');
});

test('a request is shown again twice at once: one live card in that place, the older one says so', async () => {
  const number = await ask('/spend 300 物料');
  await road().deliverAll();
  const place = { platform: 'slack' as const, kind: 'direct' as const, id: 'U01WANG' };
  const again = (i: number) =>
    showAgain(road(i).sql, { subject: number, to: { person: 'wang' }, place, at: new Date(now) });
  await Promise.all([again(0), again(1), again(0), again(1)]);
  await road().deliverAll();
  const mine = [...platform.messages.values()].filter(
    (message) => message.to === 'U01WANG' && JSON.stringify(message.card).includes(number),
  );
  expect(mine.filter(({ card }) => hasPath(card.blocks))).toHaveLength(1);
  expect(await owed()).toBe(0);
});

test('a refused or repeated act makes nothing stale', async () => {
  const number = await ask('/spend 300 物料');
  await road().deliverAll();
  const before = await outside`select id, wanted from message order by id`;
  await road().press('U05QIAN', 'approve', number);
  await road().press('U02LI', 'approve', number, { seen: 7 });
  expect(await outside`select id, wanted from message order by id`).toEqual(before);
});
