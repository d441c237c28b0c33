/** One platform is away while a crisis is graded: its room comes late, and shows then what was begun before (C4, C5). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fills, raises, roomOf } from '../support/crisis.ts';
import { type House, openHouse } from '../support/house.ts';

const TEXT = '我们已停售该批次产品。';
let house: House;
beforeAll(async () => {
  house = await openHouse({ crisis: true, at: '2026-11-24T03:00:00+08:00' });
});
afterAll(() => house.close());

test('a statement that was drafted before the room was opened stands in it once it is', async () => {
  const { feishu, slack } = house;
  const crisis = await raises(house, 'U01WANG');
  feishu.fail('/im/v1/chats', 'down', 1000);
  await fills(house, 'U02LI', 'C0CRISIS', crisis, '定为重大', { reason: '有人受伤' });
  const room = await roomOf(house, crisis, 'slack');
  await house.slackSays(room, crisis, '有人受伤');
  await slack.slash('U02LI', room, '/statement', `new ${TEXT}`);
  await house.slackSays(room, 'ST-2026-0001', TEXT);
  expect(await house.sql`select 1 from room where platform = 'feishu' and channel is not null`).toHaveLength(0);
  feishu.heal();
  house.travel(15 * 60_000);
  await house.feishuSays(await roomOf(house, crisis, 'feishu'), 'ST-2026-0001', TEXT);
});
