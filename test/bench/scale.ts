/**
 * What the years cost: the same acts, through the edge of a real server with signed requests, on databases that hold ever more requests
 * (ten entries of the ledger each, and their cards, answers and inbox). Each size is held against the first.
 */
import type { FakeMessage } from '../support/slack.ts';
import { inTurns, median, percentile, ratioOf } from './figures.ts';
import { COLLEAGUES, fill } from './fill.ts';
import type { Setting } from './setting.ts';
import { MODELS, modelDay, openStage, type Stage, submit, until } from './stage.ts';
import type { Row } from './table.ts';

const GOAL = 1.2;

interface House {
  stage: Stage;
  /** submitted here and not decided yet */
  waiting: string[];
  decided: number;
}
type Act = (house: House, card: FakeMessage) => Promise<number>;

export async function benchScale(setting: Setting): Promise<Row[]> {
  const base = await setting.database();
  const card = await modelDay(await openStage(base, { colleagues: COLLEAGUES }));
  const houses: Record<string, House> = {};
  try {
    for (const size of setting.sizes) {
      setting.say(`filling a database with ${size.toLocaleString('en-US')} requests`);
      const database = await setting.database(base);
      await fill(database.url, size, MODELS);
      houses[size] = { stage: await openStage(database, { colleagues: COLLEAGUES }), waiting: [], decided: 0 };
    }
    const rows: Row[] = [];
    for (const [name, act] of Object.entries(ACTS)) rows.push(...(await measured(setting, houses, name, act, card)));
    for (const house of Object.values(houses)) await mustBeDecided(house);
    return rows;
  } finally {
    for (const { stage } of Object.values(houses)) await stage.leave();
  }
}

async function measured(
  setting: Setting,
  houses: Record<string, House>,
  name: string,
  act: Act,
  card: FakeMessage,
): Promise<Row[]> {
  setting.say(`${name}, ${setting.rounds} rounds`);
  const often = Math.max(2, Math.round((name === 'App Home' ? 4 : 40) * setting.scale));
  const all: Record<string, number[]> = {};
  const block = (size: string, house: House) => async () => {
    const took: number[] = [];
    for (let i = 0; i < often; i++) took.push(await act(house, card));
    await stillness(house.stage);
    all[size] = [...(all[size] ?? []), ...took];
    return median(took);
  };
  const found = await inTurns(
    setting.rounds,
    Object.fromEntries(Object.entries(houses).map(([size, house]) => [size, block(size, house)])),
  );
  const [[first, least = []] = []] = Object.entries(found);
  return Object.entries(found).map(([size, values]) => ({
    bench: 'scale',
    case: `${name} at ${Number(size).toLocaleString('en-US')}, p99 ${percentile(all[size] ?? [], 0.99).toFixed(1)} ms`,
    value: median(values),
    unit: 'ms',
    ...(size === first ? {} : against(`at ${Number(first).toLocaleString('en-US')}`, ratioOf(values, least))),
  }));
}

const against = (what: string, ratio: number) => ({ against: what, ratio, goal: `≤ ${GOAL} ×`, met: ratio <= GOAL });

/** What the acts left to be drawn is of no interest here, and would be drawn into the next ones' time. */
async function stillness({ sql }: Stage): Promise<void> {
  await until(async () => {
    await sql`
      update message set shown = wanted where state = 'live' and wanted > shown and (claimed_until is null or claimed_until < now())`;
    const [row] = await sql`select 1 from message where state = 'live' and wanted > shown limit 1`;
    return row === undefined;
  });
}

const ACTS: Record<string, Act> = {
  'submit with its checks': async (house) => {
    const began = performance.now();
    house.waiting.push(await submit(house.stage));
    return performance.now() - began;
  },
  press: async (house, card) => {
    const number = house.waiting.shift();
    if (number === undefined) throw new Error('there is nothing left to decide');
    const shown = JSON.parse(JSON.stringify(card).replaceAll(MODELS.approved, number)) as FakeMessage;
    const { ms, problem } = await house.stage.slack.press(
      'U02LI',
      { ...shown, channel: house.stage.slack.directOf('U02LI') },
      '批准',
    );
    if (problem !== undefined) throw new Error(`not answered: ${problem}`);
    house.decided += 1;
    return ms;
  },
  '/pr list of who signs': (house) => list(house, 'U02LI', 'SP-2020-'),
  '/pr list of who asked for much': (house) => list(house, 'U01WANG', 'SP-2026-'),
  /** from the event until it stands at Slack: the queue is between, the same for all */
  'App Home': async ({ stage: { slack } }) => {
    const before = slack.home('U02LI');
    const began = performance.now();
    await slack.openHome('U02LI');
    await slack.until(() => slack.home('U02LI') !== before);
    return performance.now() - began;
  },
};

async function list({ stage: { slack } }: House, account: string, shown: string): Promise<number> {
  const { ms, body, problem } = await slack.slash(account, 'C0PR', '/pr', 'list');
  if (problem !== undefined || !JSON.stringify(body).includes(shown)) throw new Error('no list was answered');
  return ms;
}

/** A press that was refused would be a quick one. */
async function mustBeDecided({ stage, decided }: House): Promise<void> {
  const [row] = await stage.sql<{ count: number }[]>`
    select count(*)::int as count from request where number like 'SP-2026-%' and state = 'approved'`;
  if (row?.count !== decided + 1) throw new Error(`${decided} presses, but ${row?.count} requests are approved`);
}
