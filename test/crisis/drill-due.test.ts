/** The quarter's drill, asked for each morning on a real Postgres (C8): in its last month, once a week, of whoever is there, until one is held. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import { drillDueCard, drillReminders } from '../../src/crisis/drill-due.ts';
import type { CrisisWorld } from '../../src/crisis/model.ts';
import { directory, type Given } from '../support/company.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { book } from './office.ts';

const DAY_MS = 86_400_000;
let fresh: FreshDatabase;
let database: ReturnType<typeof openDatabase>;

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase(fresh.url, { max: 2 });
});
beforeEach(() => database.sql`truncate crisis cascade`);
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const drills = { ...book().drills, remind: { role: 'director' } };
const worldOf = (given: Given, more: object): CrisisWorld => ({
  directory: directory(given),
  processes: [],
  meetings: [],
  pinned: async () => undefined,
  crisis: book({ drills: { ...drills, ...more } }),
  running: ['slack', 'feishu'],
});

/** Who hears of it when the clock asks on each of these mornings: `12-01 zhao`; one key is told to one person once. */
async function told(from: string, to: string, given: Given = {}, more: object = {}): Promise<string[]> {
  const said = new Set<string>();
  const lines: string[] = [];
  for (let at = Date.parse(`${from}T09:35:00+08:00`); at <= Date.parse(`${to}T23:00:00+08:00`); at += DAY_MS) {
    for (const effect of await drillReminders(database.sql, worldOf(given, more), new Date(at))) {
      if (effect.kind !== 'notice' || !('person' in effect.to)) throw new Error(effect.kind);
      const row = `${effect.key} ${effect.to.person}`;
      if (!said.has(row)) lines.push(`${new Date(at).toISOString().slice(5, 10)} ${effect.to.person}`);
      said.add(row);
    }
  }
  return lines;
}

/** @param how absent: it is going on */
async function held(at: string, how?: 'controlled' | 'false-alarm'): Promise<void> {
  const raised = new Date(`${at}T10:00:00+08:00`);
  const [state, ended] = how ? ['over', raised] : ['alarm', null];
  const body = how ? { ended: { how } } : {};
  await database.sql`
    insert into crisis (number, drill, state, kind, raised_at, ended_at, parties, body, revision)
    values ('DR-2026-0001', true, ${state}, 'product', ${raised}, ${ended}, '{}', ${database.sql.json(body)}, 1)`;
}

test('none was held: from the first working day of the last month the director hears of it once a week, on no day off', async () => {
  expect(await told('2026-10-01', '2026-11-30')).toEqual([]);
  expect(await told('2026-12-01', '2026-12-31')).toEqual(
    ['12-01', '12-08', '12-15', '12-22', '12-29'].map((day) => `${day} zhao`),
  );
  // the 1st of March is a Sunday
  expect(await told('2026-03-01', '2026-03-07')).toEqual(['03-02 zhao']);
  // 端午节, from Friday to Sunday
  expect(await told('2026-06-19', '2026-06-21')).toEqual([]);
});

test('the director is away: whoever stands in for her hears of it', async () => {
  expect(await told('2026-12-01', '2026-12-07', { away: [{ person: 'zhao', deputy: 'li' }] })).toEqual(['12-01 li']);
});

test('one was held, or is going on: nobody is reminded until the next quarter’s last month', async () => {
  await held('2026-10-09', 'controlled');
  expect(await told('2026-12-01', '2026-12-31')).toEqual([]);
  expect(await told('2027-03-01', '2027-03-05')).toEqual(['03-01 zhao']);
  await database.sql`truncate crisis cascade`;
  await held('2026-12-02');
  expect(await told('2026-12-01', '2026-12-31')).toEqual([]);
});

test('one held just before the quarter, or begun by mistake and broken off, is none', async () => {
  await held('2026-09-30', 'controlled');
  expect(await told('2026-12-01', '2026-12-02')).toEqual(['12-01 zhao']);
  await database.sql`truncate crisis cascade`;
  await held('2026-11-30', 'false-alarm');
  expect(await told('2026-12-01', '2026-12-02')).toEqual(['12-01 zhao']);
});

test('a handbook that names nobody, or no scenario, reminds nobody', async () => {
  expect(await told('2026-12-01', '2026-12-31', {}, { remind: undefined })).toEqual([]);
  expect(await told('2026-12-01', '2026-12-31', {}, { scenarios: [] })).toEqual([]);
});

test('the reminder says which quarter, and its button leads to the scenarios', () => {
  const card = drillDueCard({ quarter: '2026-Q4' }, 'zh');
  expect(card.summary).toContain('2026-Q4');
  expect(JSON.stringify(card.blocks)).toContain('"command":"crisis.drill"');
});
