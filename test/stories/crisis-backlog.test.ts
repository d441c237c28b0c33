/** Ten thousand reminders wait in every line that there is; a page does not wait behind them (C3, N2). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cardOnFeishu, cardOnSlack, presses, raises } from '../support/crisis.ts';
import { type House, openHouse, waitFor } from '../support/house.ts';

const MANY = 10_000;
let house: House;
beforeAll(async () => {
  house = await openHouse({ crisis: true, phones: true, at: '2026-11-24T03:00:00+08:00' });
  const { sql, clock } = house;
  const now = clock();
  // as an outage leaves them: to people who are paged as well, on both platforms; and as many of the clock's promises, all overdue
  await sql`
    insert into message (id, intent, subject, kind, audience, platform, address_kind, address, about, data, key, lane, created_at, stale_since)
    select gen_random_uuid(), gen_random_uuid(), 'ledger', 'notice', 'person:li', p.platform, 'direct', p.address, 'sealed',
      jsonb_build_object('number', n, 'chains', 1, 'entries', n, 'through', n, 'hash', 'h' || n), 'old|' || p.platform || n, 3, ${now}, ${now}
    from generate_series(1, ${MANY / 2}) as n, (values ('slack', 'U02LI'), ('feishu', 'ou_zhao')) as p(platform, address)`;
  await sql`
    insert into timer (id, subject, command, args, key, due_at)
    select gen_random_uuid(), 'SP-2026-9' || n, 'requests.remind', '{"step": "director", "submission": 1}', 'old|' || n, ${now}
    from generate_series(1, ${MANY}) as n`;
});
afterAll(() => house.close());

const owed = async (): Promise<number> => {
  const [row] = await house.sql<{ owed: number }[]>`
    select count(*)::int as owed from message where lane = 3 and state = 'live' and wanted > shown`;
  return row?.owed ?? 0;
};
const promised = async (): Promise<number> => {
  const [row] = await house.sql<{ waiting: number }[]>`select count(*)::int as waiting from timer where not urgent`;
  return row?.waiting ?? 0;
};

test('the page comes within seconds on both platforms, while thousands of reminders still wait (cases 6 and 30)', async () => {
  await waitFor(async () => (await owed()) < MANY, 'the backlog to be worked on');
  const number = await raises(house, 'U01WANG');
  await Promise.all([
    cardOnSlack(house, 'U02LI', number, '收到'),
    cardOnFeishu(house, 'ou_zhao', number, '收到'),
    cardOnFeishu(house, 'ou_li', number, '收到'),
  ]);
  const [slowest] = await house.sql<{ ms: number }[]>`
    select max(extract(epoch from posted_at - created_at) * 1000)::int as ms from message where kind = 'page'`;
  // the clock of the story is that of the machine, so these are real seconds
  expect(slowest?.ms).toBeLessThan(10_000);
  expect(await owed()).toBeGreaterThan(MANY / 2);
});

test('the next rung is climbed in time too, and one press quiets it', async () => {
  const [row] = await house.sql<{ number: string }[]>`select number from crisis`;
  const number = row?.number ?? '';
  await house.sql`
    insert into timer (id, subject, command, args, key, due_at)
    select gen_random_uuid(), 'SP-2026-8' || n, 'requests.remind', '{"step": "director", "submission": 1}', 'more|' || n, ${house.clock()}
    from generate_series(1, ${MANY}) as n`;
  const before = Date.now();
  house.travel(5 * 60_000);
  await waitFor(async () => {
    const rows = await house.sql`select 1 from ledger where subject = ${number} and type = 'rung-climbed'`;
    return rows.length >= 4;
  }, 'the second rung');
  expect(Date.now() - before).toBeLessThan(10_000);
  expect(await promised()).toBeGreaterThan(1000);
  await presses(house, 'U02LI', 'U02LI', number, '收到');
});
