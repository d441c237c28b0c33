/** No open port: Slack's Socket Mode and Feishu's long connection each carry the main story. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse, waitFor } from '../support/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ slackTransport: 'socket', feishuTransport: 'socket' });
  await connected(1);
});
afterAll(() => house.close());

/** Both lines stand, and the product knows it: the client's own side is ready a moment after ours. */
async function connected(times: number): Promise<void> {
  const { slack, feishu } = house;
  await waitFor(async () => {
    const again = feishu.connections >= times && slack.calls('apps.connections.open').length >= times;
    if (!again || !feishu.connected || slack.sockets() !== 1) return false;
    const health = (await (await fetch(`${house.url}/healthz`)).json()) as { platforms: Record<string, string> };
    return Object.values(health.platforms).every((state) => state === 'ok');
  }, `both lines to stand, for the ${times}. time`);
}

test('asked over Slack’s socket, decided over Feishu’s long connection, and every card settles', async () => {
  const { slack, feishu } = house;
  const asked = await slack.slash('U01WANG', 'C0PR', '/spend', '3.2万 春季促销物料');
  expect(asked.problem).toBeUndefined();
  expect(JSON.stringify(asked.body)).toContain('SP-2026-0001 已提交');
  const pressed = await feishu.press('ou_li', await house.feishuCard('ou_li', 'SP-2026-0001'), '批准');
  expect(pressed).toMatchObject({ status: 200 });
  expect(pressed.ms).toBeLessThan(3000);
  expect(feishu.toasts('ou_li').at(-1)?.content).toContain('审批完成');
  for (const place of ['U01WANG', 'U02LI', 'C0PR']) await house.slackSays(place, 'SP-2026-0001', '已批准', '李娜 已于');
  for (const place of ['ou_wang', 'ou_li', 'oc_pr']) await house.feishuSays(place, 'SP-2026-0001', '已批准');
});

test('asked by a form over the long connection, rejected in a window over the socket', async () => {
  const { slack, feishu } = house;
  await feishu.say('ou_wang', 'p2p', '/费用');
  const form = await house.feishuSays('ou_wang', '费用申请', '谁来审批');
  await feishu.fill('ou_wang', form, { amount: '5000', title: '海报' }, '提交');
  const card = await house.slackCard('U02LI', 'SP-2026-0002');
  expect((await slack.press('U02LI', card, '驳回')).problem).toBeUndefined();
  const window = await slack.until(() => slack.window('U02LI'));
  expect((await slack.submit('U02LI', window, { reason: '预算已用完' })).problem).toBeUndefined();
  await house.feishuSays('ou_wang', 'SP-2026-0002', '已驳回', '预算已用完');
  expect(await house.types('SP-2026-0002')).toEqual([
    'request-submitted wang',
    'step-opened wang',
    'step-rejected li',
    'request-rejected li',
  ]);
  expect(feishu.complaints).toEqual([]);
});

test('a line that breaks comes back by itself, and what happened meanwhile is shown', async () => {
  const { slack, feishu } = house;
  await slack.slash('U01WANG', 'C0PR', '/spend', '900 横幅');
  const card = await house.feishuCard('ou_li', 'SP-2026-0003');
  slack.dropSockets('cut');
  feishu.cutLine();
  await connected(2);
  await feishu.press('ou_li', card, '批准');
  await house.slackSays('U01WANG', 'SP-2026-0003', '已批准');
});
