/** A freeze over the real edges: what is asked for the affected brand stands still on every card until the lead decides that it goes on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { roomOf } from '../support/crisis.ts';
import { HOUR, type House, openHouse, waitFor } from '../support/house.ts';
import { toldOnFeishu, toldOnSlack, typedOnSlack } from '../support/told.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ crisis: true });
});
afterAll(() => house.close());

const CRISIS = 'CR-2026-0001';
const [BRAND, OTHER, LATE] = ['SP-2026-0001', 'SP-2026-0002', 'SP-2026-0003'] as const;
const inRoom = (label: string, room = 'C0CRISIS') =>
  house.slack.until(() =>
    house.slack.messagesOf(room).findLast((m) => house.slack.buttons(m).some((button) => button.label === label)),
  );

test('graded 重大: what names the brand is held on both platforms and its requester is told; what does not goes on', async () => {
  const { slack } = house;
  await typedOnSlack(house, 'U01WANG', '/spend', '3万 银河暖手宝 春季展台');
  await typedOnSlack(house, 'U01WANG', '/spend', '3万 年会场地');
  await house.slackCard('U02LI', BRAND);
  await slack.slash('U01WANG', 'direct', '/crisis', '顾客在直播间投诉产品起火');
  const alarm = await slack.until(() => slack.window('U01WANG'));
  await slack.submit('U01WANG', alarm, { kind: 'product-safety', affected: '暖手宝' });
  await slack.press('U02LI', await inRoom('定为重大'), '定为重大');
  await slack.submit('U02LI', await slack.until(() => slack.window('U02LI')), { reason: '有人受伤' });
  await toldOnSlack(house, 'U01WANG', `${BRAND} 银河暖手宝 春季展台 因危机 ${CRISIS} 冻结`, '请先不要支出');
  for (const place of ['U02LI', 'C0PR']) {
    const card = await house.slackSays(place, BRAND, '已冻结', `因危机 ${CRISIS} 冻结，解冻后才能批准`);
    expect(slack.buttons(card).map(({ label }) => label)).not.toContain('批准');
  }
  const onFeishu = await house.feishuSays('ou_li', BRAND, '已冻结');
  expect(house.feishu.buttonsOf(onFeishu).map(({ label }) => label)).not.toContain('批准');
  await slack.press('U02LI', await house.slackSays('U02LI', OTHER, '年会场地'), '批准');
  await toldOnSlack(house, 'U02LI', `已批准 ${OTHER}`);
});

test('asked for during the freeze, it is held from the start, and the answer says not to spend', async () => {
  const said = await typedOnSlack(house, 'U01WANG', '/spend', '1万 暖手宝 海报');
  for (const word of [LATE, `被危机 ${CRISIS} 冻结`, '请先不要支出']) expect(said).toContain(word);
  await house.slackSays('U02LI', LATE, '已冻结');
  const listed = await typedOnSlack(house, 'U01WANG', '/pr', 'list');
  expect(listed).toContain(`已冻结（危机 ${CRISIS}），暂停审批`);
});

test('days go by and nobody is chased for what they may not sign, while all else goes on', async () => {
  await typedOnSlack(house, 'U01WANG', '/spend', '1万 年会礼品');
  house.travel(50 * HOUR);
  const chased = async () => (await house.ledger()).filter(({ type }) => /reminded|escalated/.test(type));
  await waitFor(async () => (await chased()).length > 0, 'somebody to be reminded');
  await house.settled();
  expect(new Set((await chased()).map(({ subject }) => subject))).toEqual(new Set(['SP-2026-0004']));
});

test('the lead decides that it goes on: requester and signer are told, and it is signed like any other', async () => {
  const { slack, feishu } = house;
  const room = await roomOf(house, CRISIS, 'slack');
  await slack.press('U02LI', await inRoom('决定冻结去留', room), '决定冻结去留');
  const window = await slack.until(() => slack.window('U02LI'));
  await slack.submit('U02LI', window, { verdict: 'go', reason: '检测合格' });
  await toldOnSlack(house, 'U01WANG', `${BRAND} 银河暖手宝 春季展台 已解冻`);
  const free = await feishu.when(
    () =>
      feishu
        .messagesOf('ou_li')
        .findLast(
          (m) => feishu.cardText(m).includes(BRAND) && feishu.buttonsOf(m).some(({ label }) => label === '批准'),
        ),
    'a card that can be signed again',
  );
  await feishu.press('ou_li', free, '批准');
  await toldOnFeishu(house, 'ou_li', `已批准 ${BRAND}，审批完成`);
  await house.slackSays('C0PR', BRAND, '已批准');
  expect((await house.types(BRAND)).map((line) => line.split(' ')[0])).toEqual([
    'request-submitted',
    'step-opened',
    'request-held',
    'request-released',
    'step-approved',
    'request-approved',
  ]);
  expect(feishu.complaints).toEqual([]);
});
