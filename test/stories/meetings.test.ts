/** A weekly meeting from its invitation to the last decision, told through Slack, Feishu, mail and the calendar (M1, M3, M4, N1). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse, waitFor } from '../support/house.ts';
import { toldOnSlack } from '../support/told.ts';

let house: House;
beforeAll(async () => {
  // a Thursday; the weekly meeting is on Monday at 10:00
  house = await openHouse({ at: '2026-11-19T15:00:00+08:00', meetings: true, mail: true });
});
afterAll(() => house.close());

/** The clock stands at this moment, all that is due by then has happened, and all is said. */
async function at(moment: string): Promise<void> {
  house.travelTo(moment);
  await quiet();
}
async function quiet(): Promise<void> {
  await waitFor(async () => {
    const [row] = await house.sql<{ owed: number }[]>`
      select (select count(*) from message where state = 'live' and wanted > shown and coalesce(next_at, now()) <= ${house.clock()})::int
        + (select count(*) from timer where due_at <= ${house.clock()})::int as owed`;
    if (row?.owed !== 0) house.travel(500);
    return row?.owed === 0;
  }, 'everything to be said');
}

test('the weekly meeting is planned by itself; its invitation goes out one working day before, with the answers on it', async () => {
  const [meeting] = await house.sql<{ number: string; start_at: Date }[]>`
    select number, start_at from meeting where series = 'weekly' order by start_at limit 1`;
  expect(meeting).toMatchObject({ number: 'MT-2026-0001', start_at: new Date('2026-11-23T02:00:00Z') });
  expect(house.slack.messagesOf('U01WANG').some((m) => house.slack.cardText(m).includes('MT-2026-0001'))).toBe(false);
  await at('2026-11-20T10:00:30+08:00');
  const card = await house.slackCard('U01WANG', 'MT-2026-0001');
  for (const word of ['部门例会', '2026-11-23', '10:00–11:00', '赵敏', '三楼会议室', '未答复'])
    expect(house.slack.cardText(card)).toContain(word);
  expect(house.slack.buttons(card).map((b) => b.label)).toEqual(
    expect.arrayContaining(['参加', '请假', '委托', '加议题']),
  );
});

test('答复', async () => {
  const { slack } = house;
  await slack.press('U01WANG', await house.slackCard('U01WANG', 'MT-2026-0001'), '参加');
  await toldOnSlack(house, 'U01WANG', '已记下：你参加');
});
