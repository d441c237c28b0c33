/** A3 over the real edges: the team of a crisis pays at night, the signers ratify on their clock, and until they have, nobody can overlook it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyHandbook } from '../support/handbook.ts';
import { HOUR, type House, openHouse } from '../support/house.ts';
import { toldOnFeishu, toldOnSlack, typedOnSlack } from '../support/told.ts';

const NIGHT = '2026-11-23T23:00:00+08:00';
let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;

beforeAll(async () => {
  book = await copyHandbook({ 'company.yaml': [['roles: [legal]', 'roles: [legal, auditor]']] }, {}, { crisis: true });
  house = await openHouse({ handbook: book.folder, at: NIGHT });
});
afterAll(async () => {
  await house.close();
  await book.remove();
});

const numberIn = (text: string) => /SP-2026-\d{4}/.exec(text)?.[0] ?? `no number in ${text}`;
const toRatify = (number: string) => house.feishuSays('ou_zhao', number, '同意补批');
const types = async (number: string) => (await house.ledger(number)).map((entry) => entry.type);

/** 王晓文 raises the alarm on Slack, 李娜 grades it there: she, 赵敏 and 孙律 are the team. */
async function gradedCrisis(): Promise<string> {
  const { slack } = house;
  await slack.slash('U01WANG', 'direct', '/crisis', '顾客在直播间投诉产品起火');
  const alarm = await slack.until(() => slack.window('U01WANG'));
  await slack.submit('U01WANG', alarm, { kind: 'product-safety', affected: '暖手宝' });
  const shown = await slack.until(() =>
    slack.messagesOf('C0CRISIS').findLast((m) => slack.buttons(m).some(({ label }) => label === '定为重大')),
  );
  const number = /CR-2026-\d{4}/.exec(slack.cardText(shown))?.[0] ?? '';
  await slack.press('U02LI', shown, '定为重大');
  await slack.submit('U02LI', await slack.until(() => slack.window('U02LI')), { reason: '有人受伤' });
  await house.slackSays('C0CRISIS', `重大危机 ${number}`);
  return number;
}

test('within the cap it is spent at once; the signer gets it to ratify, director, finance and audit see it as open', async () => {
  const { slack, feishu } = house;
  const crisis = await gradedCrisis();
  const said = await typedOnSlack(house, 'U02LI', '/spend', `8万 下架赔付 --crisis ${crisis}`);
  for (const word of ['已记为先行执行，金额 ¥80,000.00', crisis, '赵敏 须在']) expect(said).toContain(word);
  const number = numberIn(said);
  for (const place of ['ou_zhao', 'ou_sun']) {
    const words = ['已先行执行，待补批', '2026-11-23 周一 23:00 已执行', '补批期限', '待补批，等待 赵敏'];
    await house.feishuSays(place, number, ...words);
  }
  const labels = feishu.buttonsOf(await toRatify(number)).map(({ label }) => label);
  expect(labels).toEqual(expect.arrayContaining(['同意补批', '不同意', '退回修改']));
  await house.slackSays('U05QIAN', number, '待补批，等待 赵敏');
  await slack.press('U02LI', await house.slackSays('U02LI', number, '审批路径'), '为什么');
  await toldOnSlack(house, 'U02LI', '补批期限', '2026-11-23 周一 23:00 已执行');
  expect(await types(number)).toEqual(['request-submitted', 'request-executed', 'step-opened']);
});

test('nobody ratifies in time: the CEO is asked as well, director, finance, audit and whoever spent it are told how late it is', async () => {
  const number = 'SP-2026-0001';
  house.travelTo('2026-11-27T11:01:00+08:00'); // 24 working hours from Tuesday morning are over
  for (const place of ['ou_zhao', 'ou_sun'])
    await toldOnFeishu(house, place, '补批逾期（第 1 次提醒）', number, '仍在等待 赵敏、陈卫东');
  for (const place of ['U02LI', 'U05QIAN', 'U04CHEN'])
    await toldOnSlack(house, place, '补批逾期（第 1 次提醒）', '¥80,000.00 已支出');
  await house.slackSays('U04CHEN', number, '已逾期（已催 1 次）');
});

test('ratified: both times stand on every card, and nothing is back-dated', async () => {
  const { feishu } = house;
  const number = 'SP-2026-0001';
  await feishu.press('ou_zhao', await toRatify(number), '同意补批');
  const text = feishu.cardText(await house.feishuSays('ou_sun', number, '已先行执行，已补批', '审批路径'));
  for (const word of ['2026-11-23 周一 23:00 已执行', '补批时间', '2026-11-27 周五 11:']) expect(text).toContain(word);
  const [executed, approved] = (await house.ledger(number)).filter(({ type }) =>
    /executed$|request-approved/.test(type),
  );
  expect(Date.parse(approved?.at ?? '') - Date.parse(executed?.at ?? '')).toBeGreaterThan(84 * HOUR);
  expect((await house.ledger('CR-2026-0001')).map((entry) => entry.type)).toEqual(
    expect.arrayContaining(['spend-executed', 'spend-ratified']),
  );
});

test('typed with a wrong amount: the form that opens knows for which crisis it is, and what is sent off is spent', async () => {
  const { slack } = house;
  await slack.slash('U02LI', 'direct', '/spend', 'abc 顾客快递 #CR-2026-0001');
  const window = await slack.until(() => slack.window('U02LI'));
  for (const word of ['用于危机 CR-2026-0001', '提交即记为已执行']) expect(slack.cardText(window)).toContain(word);
  await slack.submit('U02LI', window, { amount: '500' });
  const said = await toldOnSlack(house, 'U02LI', '已记为先行执行，金额 ¥500.00');
  expect(await types(numberIn(said))).toContain('request-executed');
});

test('refused: the reason reaches whoever spent it, and from then on they wait for approval like everybody', async () => {
  const { feishu } = house;
  const spent = numberIn(await typedOnSlack(house, 'U02LI', '/spend', '1万 顾客慰问 #CR-2026-0001'));
  await feishu.press('ou_zhao', await toRatify(spent), '不同意');
  const form = await feishu.when(
    () => feishu.messagesOf('ou_zhao').findLast((m) => 'reason' in feishu.fieldsOf(m)),
    'the form that asks why',
  );
  await feishu.fill('ou_zhao', form, { reason: '没有收据' }, '不同意');
  await toldOnSlack(house, 'U02LI', `${spent} 顾客慰问 的补批被 赵敏 拒绝`, '没有收据');
  const next = await typedOnSlack(house, 'U02LI', '/spend', '200 打车 #CR-2026-0001');
  for (const word of ['已作为加急申请提交', '额度已暂停', '批准之前请不要支出']) expect(next).toContain(word);
  expect((await types(numberIn(next))).includes('request-executed')).toBe(false);
});

test('returned for receipts that never come: once it is overdue, whoever returned it says on the card that it is not ratified', async () => {
  const { feishu, slack } = house;
  await feishu.say('ou_sun', 'p2p', '/spend 1万 律师函公证 #CR-2026-0001');
  const spent = numberIn(await toldOnFeishu(house, 'ou_sun', '已记为先行执行', '陈卫东 须在'));
  const says = async (label: string, reason: string, ...words: string[]) => {
    slack.closeWindow('U04CHEN');
    const card = await house.slackSays('U04CHEN', spent, '审批路径', ...words);
    await slack.press('U04CHEN', card, label);
    await slack.submit('U04CHEN', await slack.until(() => slack.window('U04CHEN')), { reason });
  };
  await says('退回修改', '请附收据', '待补批，等待 陈卫东');
  await toldOnFeishu(house, 'ou_sun', `${spent} 律师函公证 被 陈卫东 退回补材料`);
  house.travelTo('2026-12-04T11:00:00+08:00');
  await toldOnFeishu(house, 'ou_sun', '补批逾期', spent, '仍在等待 孙律');
  await says('不同意', '一直没有收据', '待补批，已退回补材料', '已逾期');
  await toldOnFeishu(house, 'ou_sun', `${spent} 律师函公证 的补批被 陈卫东 拒绝`, '一直没有收据');
  expect((await types(spent)).at(-1)).toBe('request-rejected');
  expect(await types('CR-2026-0001')).toContain('spend-refused');
  const again = house.slackSays('U04CHEN', spent, '审批路径', '补批被拒绝');
  expect(slack.buttons(await again).map(({ label }) => label)).not.toContain('不同意');
});

test('whoever is not of the team, or forgets which crisis, is told so in one sentence', async () => {
  const outside = await typedOnSlack(house, 'U01WANG', '/spend', '300 打车 --crisis CR-2026-0001');
  expect(outside).toContain('你不在这起危机的团队里');
  await house.slackSays('U02LI', numberIn(outside), '加急');
  const none = await typedOnSlack(house, 'U02LI', '/spend', '300 打车 --crisis');
  expect(none).toContain('没有写是哪场危机');
  expect(house.feishu.complaints).toEqual([]);
  expect(house.lines.filter((line) => line.includes('"level":50'))).toEqual([]);
});
