/** A statement over the real edges: drafted in the crisis' room on Slack, cleared on Feishu, released on Slack, in the middle of the night. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fills, presses, raises, roomOf } from '../support/crisis.ts';
import { type House, openHouse } from '../support/house.ts';
import { quiet } from '../support/minutes.ts';
import { toldOnFeishu, toldOnSlack, typedOnSlack } from '../support/told.ts';

const ST = 'ST-2026-0001';
const TEXT = '我们已停售该批次产品，并将在 24 小时内全额退款。';
let house: House;
let crisis: string;
let room: string;

beforeAll(async () => {
  house = await openHouse({ crisis: true, at: '2026-11-24T03:00:00+08:00' });
  crisis = await raises(house, 'U01WANG');
  await fills(house, 'ou_zhao', 'oc_crisis', crisis, '定为重大', { reason: '有人受伤' });
  room = await roomOf(house, crisis, 'slack');
  await roomOf(house, crisis, 'feishu');
  await quiet(house);
});
afterAll(() => house.close());

const types = async (number: string) => (await house.ledger(number)).map((entry) => `${entry.type} ${entry.by}`);

test('drafted by a button of the situation card, it stands in both rooms', async () => {
  await fills(house, 'U02LI', room, crisis, '写声明', { text: TEXT });
  await quiet(house);
  await house.slackSays(room, ST, TEXT, '下一步');
  await house.feishuSays(await roomOf(house, crisis, 'feishu'), ST, TEXT, '下一步');
  expect(await types(crisis)).toContain('statement-noted clock');
});

test('asked for on Slack, commented, cleared and sent back on Feishu, edited on Slack', async () => {
  await presses(house, 'U02LI', room, ST, '送审');
  await quiet(house);
  await house.feishuSays('ou_sun', ST, '轮到你审核');
  await fills(house, 'ou_sun', 'ou_sun', ST, '逐行批注', { line: '1', comment: '批次号写全' });
  await toldOnSlack(house, 'U02LI', '孙律 批注了', '批次号写全');
  await presses(house, 'ou_sun', 'ou_sun', ST, '审核通过');
  await fills(house, 'ou_zhao', 'ou_zhao', ST, '退回修改', { reason: '改成 48 小时' });
  await toldOnSlack(house, 'U02LI', '赵敏 退回了', '改成 48 小时');
  await toldOnFeishu(house, 'ou_sun', '你的审核已作废');
  await fills(house, 'U02LI', 'U02LI', ST, '修改', { text: TEXT.replace('24', '48') });
  await house.slackSays(room, ST, '48 小时', '第 2 版');
  await quiet(house);
});

test('cleared by all, it is released by the spokesperson, and checked by anybody', async () => {
  await presses(house, 'U02LI', 'U02LI', ST, '送审');
  await presses(house, 'ou_sun', 'ou_sun', ST, '审核通过');
  await presses(house, 'ou_zhao', 'ou_zhao', ST, '审核通过');
  await quiet(house);
  // it stands in the list of whoever releases it, and in nobody else's
  expect(await typedOnSlack(house, 'U02LI', '/pr', 'list')).toMatch(/^(?!.*ST-2026).*我的待办/s);
  await house.feishu.say('ou_zhao', 'p2p', '/pr list');
  await toldOnFeishu(house, 'ou_zhao', '我的待办', ST);
  await fills(house, 'ou_zhao', 'ou_zhao', ST, '登记发布', { where: '官方微博' });
  await quiet(house);
  await house.slackSays(room, ST, '已发布，只能查看', '官方微博');
  expect(await typedOnSlack(house, 'U05QIAN', '/statement', `check ${TEXT.replace('24', '48')}`)).toContain('一字不差');
  expect(await typedOnSlack(house, 'U05QIAN', '/statement', `check ${TEXT}`)).toContain('【2】4 小时');
  expect((await types(ST)).at(-1)).toBe('statement-released zhao');
});
