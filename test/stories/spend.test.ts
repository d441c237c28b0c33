/** The main story: a request, live cards on both platforms, one decision, everybody told. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from '../support/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('under ¥50,000.00 the supervisor alone signs; every card on both platforms settles (A1)', async () => {
  const { slack, feishu } = house;
  const answered = await slack.slash('U01WANG', 'C0PR', '/spend', '3.2万 春季促销物料');
  expect(answered).toMatchObject({ status: 200, problem: undefined });
  expect(JSON.stringify(answered.body)).toContain('SP-2026-0001 已提交，金额 ¥32,000.00，等待 李娜 审批');

  const onSlack = await house.slackCard('U02LI', 'SP-2026-0001');
  const onFeishu = await house.feishuCard('ou_li', 'SP-2026-0001');
  for (const text of [slack.cardText(onSlack), feishu.cardText(onFeishu)]) {
    for (const word of [
      '王晓文',
      '¥32,000.00',
      '人民币叁万贰仟元整',
      '春季促销物料',
      '主管审批',
      '李娜',
      '最近的主管',
    ]) {
      expect(text).toContain(word);
    }
  }
  await Promise.all([house.slackCard('C0PR', 'SP-2026-0001'), house.feishuCard('oc_pr', 'SP-2026-0001')]);
  await Promise.all([house.slackCard('U01WANG', 'SP-2026-0001'), house.feishuCard('ou_wang', 'SP-2026-0001')]);
  const primary = slack.buttons(onSlack).filter((button) => button.style === 'primary');
  expect(primary.map((button) => button.label)).toEqual(['批准']);
  expect(
    slack
      .buttons(onSlack)
      .filter((button) => button.style === 'danger')
      .map((b) => b.label),
  ).toEqual(['驳回']);

  const pressed = await feishu.press('ou_li', onFeishu, '批准');
  expect(pressed.status).toBe(200);
  expect(pressed.ms).toBeLessThan(3000);
  expect(feishu.toasts('ou_li').at(-1)?.content).toContain('已批准 SP-2026-0001，审批完成');

  for (const place of ['U01WANG', 'U02LI', 'C0PR']) await house.slackSays(place, 'SP-2026-0001', '已批准', '李娜 已于');
  for (const place of ['ou_wang', 'ou_li', 'oc_pr'])
    await house.feishuSays(place, 'SP-2026-0001', '已批准', '李娜 已于');
  await house.slackSays('U01WANG', 'SP-2026-0001 春季促销物料 已获批准');
  await house.settled();
  expect(slack.buttons(await house.slackCard('U02LI', 'SP-2026-0001')).map((b) => b.label)).not.toContain('批准');
  expect(await house.types('SP-2026-0001')).toEqual([
    'request-submitted wang',
    'step-opened wang',
    'step-approved li',
    'request-approved li',
  ]);
  expect(feishu.complaints).toEqual([]);
});
