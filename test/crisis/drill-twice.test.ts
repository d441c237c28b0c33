/** Two begin a drill in the same moment: there is never more than one, since two would mix their pages (C8). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handle } from '../../src/core/handle.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { waitFor } from '../support/house.ts';
import { door, openRoad, type TestRoad } from '../support/road.ts';

const AT = new Date('2026-11-23T02:00:00Z');
let database: FreshDatabase;
let road: TestRoad;
beforeAll(async () => {
  database = await freshDatabase();
  road = await openRoad(database.url, { clock: () => AT });
});
afterAll(async () => {
  await road.close();
  await database.drop();
});

/** @param before held open until this resolves, once it is decided */
function begins(by: string, before?: { decided(): void; until: Promise<void> }) {
  const args = { text: '演练', kind: 'opinion', drill: 'service-storm' };
  const actor = { kind: 'person' as const, id: by, platform: 'slack' as const };
  return road.sql.begin(async (tx) => {
    const outcome = await handle(road.road, tx, { name: 'crisis.raise', subject: undefined, args }, { actor, at: AT });
    before?.decided();
    await before?.until;
    return outcome.kind === 'done' ? outcome.subject : outcome.refusal;
  });
}

test('the second waits until the first is kept, and is told its number; real alarms wait for nobody', async () => {
  const [decided, go] = [door(), door()];
  const first = begins('li', { decided: decided.open, until: go.opened });
  await decided.opened;
  const second = begins('zhao');
  await waitFor(async () => {
    const [row] = await road.sql`
      select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return row !== undefined;
  }, 'the second to wait');
  const args = { text: '起火', kind: 'product-safety' };
  const actor = { kind: 'person' as const, id: 'wang', platform: 'slack' as const };
  const alarm = await road.sql.begin((tx) =>
    handle(road.road, tx, { name: 'crisis.raise', subject: undefined, args }, { actor, at: AT }),
  );
  expect(alarm).toMatchObject({ kind: 'done', subject: 'CR-2026-0001' });
  go.open();
  expect(await first).toBe('DR-2026-0001');
  expect(await second).toEqual({ code: 'drill-open', facts: { number: 'DR-2026-0001' } });
  expect(await road.sql`select number from crisis where drill`).toHaveLength(1);
});
