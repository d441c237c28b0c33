/** What was decided last time stands on the next agenda by itself, until it is done (M4). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allSaid, becomes } from '../support/clockwork.ts';
import { type House, openHouse } from '../support/house.ts';
import { lookAt } from '../support/meetings.ts';
import { toldOnSlack } from '../support/told.ts';

let house: House;
let seen: ReturnType<typeof lookAt>;
beforeAll(async () => {
  // a Thursday; the weekly meeting is on Monday at 10:00
  house = await openHouse({ at: '2026-11-19T15:00:00+08:00', meetings: true });
  seen = lookAt(house);
});
afterAll(() => house.close());

const [LAST, NEXT] = ['MT-2026-0001', 'MT-2026-0002'];
const agenda = async (place: string) => house.slack.cardText(await seen.cardWith(place, NEXT, '加议题'));

test('the next card opens with what the last meeting left open, with owner and day; topics come after it', async () => {
  const { slack } = house;
  await becomes(house, '2026-11-20T10:00:05+08:00');
  await becomes(house, '2026-11-23T11:00:05+08:00');
  await slack.press('U01WANG', await seen.cardWith('U01WANG', LAST, '填写纪要'), '填写纪要');
  await slack.submit('U01WANG', await seen.windowOf('U01WANG'), {
    topics: '年会',
    d0: '与场地签合同 <!here>',
    o0: 'li',
    w0: '2026-11-27',
    d1: '海报定稿',
    o1: 'wang',
    w1: '2026-12-04',
  });
  await toldOnSlack(house, 'U01WANG', '2 项决议');
  await becomes(house, '2026-11-27T10:00:05+08:00');
  await slack.press('U01WANG', await seen.cardWith('C0PR', NEXT, '加议题'), '加议题');
  await slack.submit('U01WANG', await seen.windowOf('U01WANG'), { text: '双十二' });
  await slack.until(async () => (await agenda('C0PR')).includes('双十二'));
  await allSaid(house);
  const text = await agenda('C0PR');
  const order = [
    '上次未完成的决议',
    'DM-2026-0001 与场地签合同 <!here> · 李娜 · 2026-11-27',
    'DM-2026-0002 海报定稿 · 王晓文',
    '1. 双十二（王晓文）',
  ];
  const places = order.map((line) => text.indexOf(line));
  expect(places.every((place) => place >= 0)).toBe(true);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(text).not.toContain('还没有议题');
});

test('one that is done leaves the agenda at once on every card; one that is overdue says so', async () => {
  const { slack } = house;
  await becomes(house, '2026-11-28T09:00:00+08:00');
  await slack.press('U01WANG', await seen.cardWith('U01WANG', 'DM-2026-0002', '完成'), '完成');
  await slack.submit('U01WANG', await seen.windowOf('U01WANG'), { word: '已发给印厂' });
  await allSaid(house);
  for (const place of ['C0PR', 'U01WANG', 'U04CHEN']) {
    expect(await agenda(place)).not.toContain('DM-2026-0002');
    expect(await agenda(place)).toContain('与场地签合同 <!here> · 李娜 · 2026-11-27 周五（已过期）');
  }
  const feishu = await house.feishuSays('oc_pr', NEXT, 'DM-2026-0001');
  expect(house.feishu.cardText(feishu)).not.toContain('DM-2026-0002');
});

test('what is declined stays on it, since nobody does it yet', async () => {
  const { slack } = house;
  await slack.press('U02LI', await seen.cardWith('U02LI', 'DM-2026-0001', '拒绝'), '拒绝');
  await slack.submit('U02LI', await seen.windowOf('U02LI'), { reason: '不归我管' });
  await toldOnSlack(house, 'U02LI', 'DM-2026-0001');
  await allSaid(house);
  expect(await agenda('C0PR')).toContain('DM-2026-0001');
});
