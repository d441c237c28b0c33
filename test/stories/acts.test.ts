/** What people do with a request: reject, return and resubmit, withdraw, comment, 转交, 加签, 抄送, 催办 (cases 3 and 18). */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { copyHandbook } from '../support/handbook.ts';
import { HOUR, type House, openHouse } from '../support/house.ts';
import { toldOnFeishu, toldOnSlack } from '../support/told.ts';

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;
beforeAll(async () => {
  book = await copyHandbook();
  house = await openHouse({ handbook: book.folder });
});
// half a minute between the stories: what our own rate limits hold back may go
beforeEach(() => house.travel(30_000));
afterAll(async () => {
  await house.close();
  await book.remove();
});

/** Somebody asks for money on Slack; gives the number. */
async function spends(user: string, text: string): Promise<string> {
  const answered = await house.slack.slash(user, 'direct', '/spend', text);
  expect(answered).toMatchObject({ status: 200, problem: undefined });
  const [number] = /SP-\d{4}-\d{4}/.exec(JSON.stringify(answered.body)) ?? [];
  if (!number) throw new Error(JSON.stringify(answered.body));
  return number;
}

/** Presses a button that asks for something, and fills what it asks for. */
async function fillsOnSlack(
  user: string,
  number: string,
  label: string,
  values: Record<string, string>,
): Promise<void> {
  const { slack } = house;
  slack.closeWindow(user);
  const card = await house.slackCard(user, number);
  await slack.until(() => slack.buttons(card).some((button) => button.label === label));
  expect(await slack.press(user, card, label)).toMatchObject({ problem: undefined });
  const window = await slack.until(() => slack.window(user));
  expect(slack.cardText(window)).toContain(number);
  expect(await slack.submit(user, window, values)).toMatchObject({ problem: undefined });
}
async function fillsOnFeishu(
  person: string,
  number: string,
  label: string,
  values: Record<string, string>,
): Promise<void> {
  const { feishu } = house;
  expect((await feishu.press(person, await house.feishuCard(person, number), label)).status).toBe(200);
  const form = await feishu.when(
    () => feishu.messagesOf(person).findLast((m) => Object.keys(values).every((id) => id in feishu.fieldsOf(m))),
    `the form of ${label}`,
  );
  expect((await feishu.fill(person, form, values, label)).status).toBe(200);
}
const types = async (number: string): Promise<string[]> => (await house.types(number)).slice(2);

test('rejecting asks for a reason on Slack; the requester reads it', async () => {
  const number = await spends('U01WANG', '1.2万 易拉宝');
  const { slack } = house;
  await slack.press('U02LI', await house.slackCard('U02LI', number), '驳回');
  const window = await slack.until(() => slack.window('U02LI'));
  await expect(slack.submit('U02LI', window, {})).rejects.toThrow('required');
  expect(await slack.submit('U02LI', window, { reason: '超出本季预算' })).toMatchObject({ problem: undefined });
  await toldOnSlack(house, 'U02LI', `已驳回 ${number}`);
  await house.slackSays('U01WANG', `${number} 易拉宝 被 李娜 驳回`, '原因：超出本季预算');
  await house.feishuSays('ou_wang', number, '李娜 已于', '驳回', '超出本季预算');
  expect(await types(number)).toEqual(['step-rejected li', 'request-rejected li']);
});

test('rejecting asks for a reason on Feishu, in a form card', async () => {
  const number = await spends('U01WANG', '1.3万 胸卡');
  await fillsOnFeishu('ou_li', number, '驳回', { reason: '已有库存' });
  await house.slackSays('U01WANG', `${number} 胸卡 被 李娜 驳回`, '原因：已有库存');
  expect(await types(number)).toEqual(['step-rejected li', 'request-rejected li']);
});

test('returned, changed and resubmitted, it is decided anew under the policy of that day; an old press is never carried out (case 3)', async () => {
  const { slack, feishu } = house;
  const number = await spends('U01WANG', '4.6万 展位');
  const running = await spends('U01WANG', '4.7万 展具');
  const old = slack.snapshot(await house.slackCard('U02LI', number));
  await fillsOnSlack('U02LI', number, '退回修改', { reason: '请改小一些' });
  await house.slackSays('U01WANG', `${number} 展位 被 李娜 退回修改`, '原因：请改小一些');
  await book.change('processes/spend.yaml', ['atLeast: 5万', 'atLeast: 3万']);
  await house.running.reload();

  await feishu.press('ou_wang', await house.feishuCard('ou_wang', number), '修改后重新提交');
  const form = await feishu.when(
    () => feishu.messagesOf('ou_wang').findLast((m) => 'amount' in feishu.fieldsOf(m)),
    'the form for changes',
  );
  expect(feishu.fieldsOf(form)).toMatchObject({ amount: '46000.00', title: '展位' });
  expect(feishu.cardText(form)).toContain('总监审批：赵敏');
  await feishu.fill('ou_wang', form, { amount: '4万' }, '提交');
  await toldOnFeishu(house, 'ou_wang', `${number} 已提交，金额 ¥40,000.00，等待 李娜 审批`);
  await house.slackSays('U02LI', number, '重新提交', '等待你审批');

  await slack.press('U02LI', old, '批准');
  await toldOnSlack(house, 'U02LI', '内容在这张卡片之后已经改过，你的操作没有生效');
  await house.slackSays('U02LI', number, '¥40,000.00', '总监审批：赵敏', '条件：金额不低于 ¥30,000.00');
  expect((await types(number)).filter((line) => line.startsWith('step-approved'))).toEqual([]);
  await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
  await feishu.press('ou_zhao', await house.feishuCard('ou_zhao', number), '批准');
  await house.slackSays('U01WANG', `${number} 展位 已获批准`);
  expect(await types(number)).toEqual([
    'step-returned li',
    'request-returned li',
    'request-resubmitted wang',
    'step-opened wang',
    'step-approved li',
    'step-opened li',
    'step-approved zhao',
    'request-approved zhao',
  ]);

  // what was under way keeps the version that it began with (W2)
  await slack.press('U02LI', await house.slackCard('U02LI', running), '批准');
  expect((await types(running)).at(-1)).toBe('request-approved li');
});

test('withdrawn by its requester: whoever was asked is told that nothing is left to do', async () => {
  const { slack } = house;
  const number = await spends('U01WANG', '8000 横幅');
  const card = slack.snapshot(await house.slackCard('U02LI', number));
  await slack.press('U01WANG', await house.slackCard('U01WANG', number), '撤回');
  await toldOnSlack(house, 'U01WANG', `已撤回 ${number}`);
  await house.slackSays('U02LI', `王晓文 撤回了 ${number} 横幅，你不必再处理`);
  await slack.press('U02LI', card, '批准');
  await toldOnSlack(house, 'U02LI', `${number} 已撤回：王晓文 于`, '没有生效');
  expect(await types(number)).toEqual(['request-withdrawn wang']);
});

test('a comment stands on every card, and rings for the others only', async () => {
  const number = await spends('U01WANG', '7000 摄影');
  await fillsOnFeishu('ou_li', number, '评论', { text: '请附报价' });
  await house.slackSays('U01WANG', `李娜 评论了 ${number}`, '请附报价');
  await house.slackSays('U02LI', number, '请附报价', '批准');
  await house.settled();
  expect(house.slack.messagesOf('U02LI').filter((m) => house.slack.cardText(m).includes('评论了'))).toEqual([]);
});

test('转交: both names stay on the record and on the card, and the requester is told', async () => {
  const { slack } = house;
  const number = await spends('U01WANG', '6000 直播');
  await fillsOnSlack('U02LI', number, '转交', { to: 'qian', reason: '预算归财务管' });
  await toldOnSlack(house, 'U02LI', '已转交给 钱多，两人的名字都会留在记录里');
  await house.slackSays('U01WANG', `${number}：李娜 已转交给 钱多 审批`);
  const card = await house.slackCard('U05QIAN', number);
  expect(slack.cardText(card)).toContain('由 李娜 转交');
  expect(slack.cardText(card)).toContain('原因：预算归财务管');
  await slack.press('U02LI', await house.slackCard('C0PR', number), '批准');
  await toldOnSlack(house, 'U02LI', '现在不是你审批。正在等待 钱多');
  await slack.press('U05QIAN', card, '批准');
  await house.slackSays('U01WANG', number, '由 李娜 转交', '钱多 已于');
  const [handed] = (await house.ledger(number)).filter((line) => line.type === 'step-handed-over');
  expect(handed).toMatchObject({ by: 'li', data: { from: 'li', signer: { person: 'qian' }, reason: '预算归财务管' } });
});

test('转交 across platforms: from Slack to somebody who is only on Feishu; never to the requester (case 18)', async () => {
  const { slack } = house;
  const number = await spends('U01WANG', '6100 车辆');
  await fillsOnSlack('U02LI', number, '转交', { to: 'wang' });
  await toldOnSlack(house, 'U02LI', '不能交给申请人本人审批');
  await fillsOnSlack('U02LI', number, '转交', { to: 'zhao' });
  await house.feishuSays('ou_zhao', number, '由 李娜 转交', '批准');
  await fillsOnFeishu('ou_zhao', number, '转交', { to: 'chen' });
  await house.slackSays('U04CHEN', number, '由 赵敏 转交', '批准');
  expect(slack.buttons(await house.slackCard('U04CHEN', number)).map((b) => b.label)).toContain('批准');
});

test('加签 before me: the added one signs first, then it comes back and rings; after me: only then is the next one asked', async () => {
  const { slack, feishu } = house;
  const number = await spends('U01WANG', '9000 代言');
  await fillsOnSlack('U02LI', number, '加签', { to: 'sun', place: 'before', reason: '肖像权' });
  await toldOnSlack(house, 'U02LI', '已加签：孙律');
  await house.slackSays('U01WANG', `${number}：加签 孙律`);
  const onSun = await house.feishuCard('ou_sun', number);
  expect(feishu.cardText(onSun)).toContain('由 李娜 加签');
  await slack.press('U02LI', await house.slackCard('C0PR', number), '批准');
  await toldOnSlack(house, 'U02LI', '现在不是你审批。正在等待 孙律');
  await feishu.press('ou_sun', onSun, '批准');
  await house.slackSays('U02LI', number, '轮到你审批');
  await fillsOnSlack('U02LI', number, '加签', { to: 'qian', place: 'after' });
  await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
  await slack.press('U05QIAN', await house.slackCard('U05QIAN', number), '批准');
  await house.slackSays('U01WANG', `${number} 代言 已获批准`);
  expect((await types(number)).filter((line) => line.startsWith('step-approved'))).toEqual([
    'step-approved sun',
    'step-approved li',
    'step-approved qian',
  ]);
});

test('抄送: whoever gets a copy sees the live card, hears the result, and cannot sign', async () => {
  const { slack } = house;
  const number = await spends('U01WANG', '5000 礼品');
  await fillsOnSlack('U01WANG', number, '抄送', { to: 'qian' });
  await toldOnSlack(house, 'U01WANG', `已把 ${number} 抄送给 钱多`);
  const copy = await house.slackCard('U05QIAN', number);
  expect(slack.buttons(copy).map((b) => b.label)).not.toContain('批准');
  expect(slack.cardText(copy)).toContain('抄送 钱多');
  await slack.press('U05QIAN', await house.slackCard('C0PR', number), '批准');
  await toldOnSlack(house, 'U05QIAN', '现在不是你审批。正在等待 李娜');
  await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
  await house.slackSays('U05QIAN', `${number} 礼品 已获批准`);
});

test('催办 rings for the signer, at most once in two working hours, the pause not counted', async () => {
  const { slack } = house;
  house.travelTo('2026-11-24T11:00:00+08:00');
  const number = await spends('U01WANG', '5100 布展');
  const urges = async () => slack.press('U01WANG', await house.slackCard('U01WANG', number), '催办');
  await urges();
  await toldOnSlack(house, 'U01WANG', '已催办：李娜 收到了提醒');
  await house.slackSays('U02LI', `王晓文 催办：${number} 布展 等待你审批`);
  house.travel(2.4 * HOUR);
  await urges();
  await toldOnSlack(house, 'U01WANG', '刚催过。2026-11-24 周二 14:30 之后可以再催');
  expect((await types(number)).length).toBe(1);
  house.travel(1.2 * HOUR);
  await urges();
  await expect.poll(() => types(number)).toEqual(['request-urged wang', 'request-urged wang']);
});
