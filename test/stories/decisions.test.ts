/** A decision from the minutes to its end: accepted, recalled in working time, extended by whoever chaired, done with a word or a file (M4, D4). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from '../support/house.ts';
import { at, fileMinutes, quiet } from '../support/minutes.ts';
import { toldOnFeishu, toldOnSlack, typedOnSlack } from '../support/told.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ at: '2026-11-23T09:00:00+08:00', meetings: true });
  await at(house, '2026-11-23T11:05:00+08:00');
});
afterAll(() => house.close());

const [CONTRACT, HOST, LIST, POSTER, BUDGET] = [
  'DM-2026-0001',
  'DM-2026-0002',
  'DM-2026-0003',
  'DM-2026-0004',
  'DM-2026-0005',
];

/** All that stands in somebody's chat, oldest first. */
function chatOf(where: string): string[] {
  const { slack, feishu } = house;
  return where.startsWith('U')
    ? slack.messagesOf(where).map((message) => slack.cardText(message))
    : feishu.messagesOf(where).map((message) => feishu.cardText(message));
}
const told = (where: string, ...words: string[]): string[] =>
  chatOf(where).filter((text) => words.every((word) => text.includes(word)));

/** The decision's own card in somebody's chat: the one that has its state. */
const onSlack = (user: string, number: string) =>
  house.slack.until(() =>
    house.slack
      .messagesOf(user)
      .findLast(
        (m) => house.slack.cardText(m).includes(`决议 ${number}`) && house.slack.cardText(m).includes('来自会议'),
      ),
  );
const onFeishu = (person: string, number: string) =>
  house.feishu.when(
    () =>
      house.feishu
        .messagesOf(person)
        .findLast(
          (m) => house.feishu.cardText(m).includes(`决议 ${number}`) && house.feishu.cardText(m).includes('来自会议'),
        ),
    `the card of ${number} for ${person}`,
  );
const slackLabels = async (user: string, number: string) =>
  house.slack.buttons(await onSlack(user, number)).map((button) => button.label);
const feishuLabels = async (person: string, number: string) =>
  house.feishu.buttonsOf(await onFeishu(person, number)).map((button) => button.label);

/** Presses a button that asks for more, and fills in the window. */
async function fillsOnSlack(user: string, number: string, button: string, values: Record<string, unknown>) {
  const { slack } = house;
  slack.closeWindow(user);
  await slack.press(user, await onSlack(user, number), button);
  return slack.submit(user, await slack.until(() => slack.window(user)), values);
}
async function fillsOnFeishu(person: string, number: string, button: string, values: Record<string, string>) {
  const { feishu } = house;
  const before = feishu.messagesOf(person).length;
  await feishu.press(person, await onFeishu(person, number), button);
  const form = await feishu.when(
    () =>
      feishu
        .messagesOf(person)
        .slice(before)
        .find((m) => feishu.buttonsOf(m).some(({ label }) => label === '提交')),
    `a form of ${number}`,
  );
  return feishu.fill(person, form, values, '提交');
}
const types = (user: string, command: string, text: string) => typedOnSlack(house, user, command, text);
const events = async (number: string) => (await house.ledger(number)).map(({ type, by }) => `${type} ${by}`);
const stateOf = async (number: string) => {
  const [row] = await house.sql<
    { state: string; owner: string }[]
  >`select state, owner from decision where number = ${number}`;
  return row && `${row.state} ${row.owner}`;
};

test('the minutes give each decision its number, and its owner a card to accept or to decline', async () => {
  const numbers = await fileMinutes(house, 'U01WANG', 'MT-2026-0001', [
    '与场地签合同 @李娜 11-27',
    '选定主持人 @王晓文 11-30',
    '媒体名单 @陈卫东 12-04',
    '海报定稿 @李娜 12-09',
    '核对预算 @孙律 12-11',
  ]);
  expect(numbers).toEqual([CONTRACT, HOST, LIST, POSTER, BUDGET]);
  await quiet(house);
  const text = house.slack.cardText(await onSlack('U02LI', CONTRACT));
  for (const word of ['与场地签合同', '李娜', '2026-11-27', '待接受', '赵敏', '部门例会 MT-2026-0001'])
    expect(text).toContain(word);
  expect(await slackLabels('U02LI', CONTRACT)).toEqual(['接受', '拒绝', '完成', '申请延期']);
  expect(await feishuLabels('ou_sun', BUDGET)).toEqual(['接受', '拒绝', '完成', '申请延期']);
  expect(told('ou_zhao', '来自会议')).toEqual([]);
});

test('one press accepts; the owner’s card on the other platform and the meeting’s card follow', async () => {
  const { slack } = house;
  await slack.press('U02LI', await onSlack('U02LI', CONTRACT), '接受');
  await toldOnSlack(house, 'U02LI', `你已接受 ${CONTRACT}`, '2026-11-27');
  await house.feishuSays('ou_li', CONTRACT, '来自会议', '进行中');
  expect(await feishuLabels('ou_li', CONTRACT)).toEqual(['完成', '申请延期']);
  await house.feishu.press('ou_li', await onFeishu('ou_li', CONTRACT), '完成');
  expect(await events(CONTRACT)).toEqual(['decision-taken clock', 'decision-accepted li']);
});

test('nobody but the owner can accept; those whom it does not concern learn nothing of it', async () => {
  const { slack } = house;
  const card = slack.snapshot(await onSlack('U01WANG', HOST));
  await slack.press('U02LI', card, '接受');
  await toldOnSlack(house, 'U02LI', '只有责任人 王晓文');
  await slack.press('U05QIAN', card, '接受');
  const said = await toldOnSlack(house, 'U05QIAN', '与你无关');
  expect(said).not.toContain('王晓文');
  await slack.press('U05QIAN', card, '完成');
  expect(slack.window('U05QIAN')).toBeUndefined();
  expect(await types('U05QIAN', '/decisions', HOST)).toContain('与你无关');
  expect(await types('U05QIAN', '/decisions', '')).toContain('没有未完成的决议');
  expect(await types('U05QIAN', '/decisions', 'DM-2026-0099')).toContain('没有 DM-2026-0099');
});

test('declined with a reason: the chair hears why and assigns another, who is asked; the first one is told that it is off their hands', async () => {
  expect(await fillsOnSlack('U01WANG', HOST, '拒绝', { reason: '那周我在外地' })).toMatchObject({ problem: undefined });
  await toldOnSlack(house, 'U01WANG', `已拒绝 ${HOST}`);
  await house.feishuSays('ou_zhao', '王晓文 拒绝了', HOST, '那周我在外地');
  await house.feishuSays('ou_zhao', '来自会议', HOST, '已拒绝');
  expect(await feishuLabels('ou_zhao', HOST)).toEqual(['延期', '改派']);
  await fillsOnFeishu('ou_zhao', HOST, '改派', { person: 'li' });
  await toldOnFeishu(house, 'ou_zhao', `${HOST} 已改派给 李娜`);
  await house.slackSays('U02LI', '来自会议', HOST, '待接受');
  expect(await stateOf(HOST)).toBe('proposed li');
  expect(await slackLabels('U02LI', HOST)).toEqual(['接受', '拒绝', '完成', '申请延期']);
  await house.slackSays('U01WANG', HOST, '来自会议', '李娜');
  expect(await slackLabels('U01WANG', HOST)).toEqual([]);
});

test('more time is the owner’s to ask for and only the chair’s to give', async () => {
  const { slack } = house;
  await slack.press('U04CHEN', await onSlack('U04CHEN', LIST), '接受');
  const early = await fillsOnSlack('U04CHEN', LIST, '申请延期', { to: '2026-12-04', reason: '等媒体回复' });
  expect(early.problem).toBeUndefined();
  await toldOnSlack(house, 'U04CHEN', '新的期限要晚于 2026-12-04');
  await fillsOnSlack('U04CHEN', LIST, '申请延期', { to: '2026-12-08', reason: '等媒体回复' });
  await house.feishuSays('ou_zhao', '陈卫东 申请把', LIST, '2026-12-08');
  // 陈卫东 stands above 赵敏, so he could give it; 李娜 could not
  const forged = slack.snapshot(await onSlack('U04CHEN', LIST));
  await slack.press('U02LI', forged, '延期');
  const window = await slack.until(() => slack.window('U02LI'));
  await slack.submit('U02LI', window, { to: '2026-12-20', reason: '我想' });
  await toldOnSlack(house, 'U02LI', '只有主持人 赵敏');
  await fillsOnFeishu('ou_zhao', LIST, '延期', { to: '2026-12-08', reason: '可以' });
  await house.slackSays('U04CHEN', LIST, '已延期到 2026-12-08');
  await quiet(house);
  const text = slack.cardText(await onSlack('U04CHEN', LIST));
  expect(text).toContain('由 2026-12-04 周五 延到 2026-12-08 周二：可以');
  expect(text).not.toContain('申请延期到');
  expect((await events(LIST)).slice(-2)).toEqual(['extension-asked chen', 'decision-extended zhao']);
});

test('recalled a working day before, on the day when work begins, and past it every three working days: the owner and the chair', async () => {
  await at(house, '2026-11-26T09:29:00+08:00');
  expect(told('U02LI', CONTRACT, '将于')).toEqual([]);
  await at(house, '2026-11-26T09:30:30+08:00');
  expect(told('U02LI', CONTRACT, '将于 2026-11-27')).toHaveLength(1);
  await at(house, '2026-11-27T09:30:30+08:00');
  expect(told('U02LI', CONTRACT, '今天到期')).toHaveLength(1);
  expect(told('ou_zhao', CONTRACT, '到期')).toEqual([]);
  await at(house, '2026-11-29T23:00:00+08:00');
  expect(told('U02LI', CONTRACT, '已过期（')).toEqual([]);
  await at(house, '2026-11-30T09:30:30+08:00');
  expect(told('U02LI', CONTRACT, '已过期（')).toHaveLength(1);
  expect(told('ou_zhao', CONTRACT, '已过期（', '李娜')).toHaveLength(1);
  expect(house.slack.cardText(await onSlack('U02LI', CONTRACT))).toContain('进行中 · 已过期 3 天');
  await at(house, '2026-12-03T09:30:00+08:00');
  expect(told('U02LI', CONTRACT, '已过期（')).toHaveLength(1);
  await at(house, '2026-12-03T09:31:30+08:00');
  expect(told('U02LI', CONTRACT, '已过期（')).toHaveLength(2);
  expect(told('ou_zhao', CONTRACT, '已过期（')).toHaveLength(2);
});

test('done with neither word nor file is not done; with a word it is, the chair hears it, and that it was late stays on record', async () => {
  await fillsOnSlack('U02LI', CONTRACT, '完成', {});
  await toldOnSlack(house, 'U02LI', '请写一句结果，或附上一个文件');
  expect(await stateOf(CONTRACT)).toBe('accepted li');
  await fillsOnSlack('U02LI', CONTRACT, '完成', { word: '合同已签，原件在法务' });
  await house.feishuSays('ou_zhao', '李娜 完成了', CONTRACT, '合同已签，原件在法务');
  await house.slackSays('U02LI', CONTRACT, '来自会议', '已完成', '晚 6 天');
  const done = (await house.ledger(CONTRACT)).findLast((line) => line.type === 'decision-done');
  expect(done).toMatchObject({ by: 'li', data: { word: '合同已签，原件在法务', late: { days: 6 } } });
  const timers = await house.sql`select key from timer where subject = ${CONTRACT}`;
  expect(timers).toEqual([]);
});

test('the chair takes it back; the owner hears why and it is recalled again', async () => {
  const { slack } = house;
  expect(await types('U04CHEN', '/decisions', CONTRACT)).toContain(CONTRACT);
  await quiet(house);
  expect(await slackLabels('U04CHEN', CONTRACT)).toEqual(['退回未完成']);
  await fillsOnSlack('U04CHEN', CONTRACT, '退回未完成', { reason: '缺盖章页' });
  await house.slackSays('U02LI', CONTRACT, '被退回', '缺盖章页');
  expect(await stateOf(CONTRACT)).toBe('accepted li');
  const [timer] = await house.sql<{ due_at: Date }[]>`select due_at from timer where subject = ${CONTRACT}`;
  expect(timer?.due_at.toISOString()).toMatch(/^2026-12-04/);
  await quiet(house);
  const forged = slack.snapshot(await onSlack('U02LI', CONTRACT));
  expect(slack.buttons(forged).map((b) => b.label)).toEqual(['完成', '申请延期']);
});
