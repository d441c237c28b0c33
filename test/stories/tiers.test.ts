/** Who signs: tiers by exact amount, order, 会签 and 或签, those who climb, those who stand twice (A1, A2, D3; case 18). */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse } from '../support/house.ts';
import { toldOnFeishu, toldOnSlack } from '../support/told.ts';

const PEOPLE_MORE = `
  - {id: he,   name: 何静,   title: 法务专员, manager: sun,  roles: [legal], accounts: {slack: U07HE, feishu: ou_he}, prefer: feishu}
  - {id: zhou, name: 周宁,   title: 人事,     manager: chen, roles: [hr],    accounts: {slack: U08ZHOU}}
  - {id: wu,   name: 吴桐,   title: 人事,     manager: chen, roles: [hr],    accounts: {slack: U09WU}}

channels:`;

const CONTRACT = `
id: contract
command: contract
aliases: [合同]
number: CT
title: {zh: 合同会签, en: Contract review}
form:
  - {id: amount, type: money, label: {zh: 金额, en: Amount}}
  - id: kind
    type: choice
    label: {zh: 合同类型, en: Kind}
    options:
      - {value: standard, label: {zh: 标准合同, en: Standard}}
      - {value: custom,   label: {zh: 非标合同, en: Custom}}
  - {id: title, type: text, label: {zh: 合同名称, en: Contract}}
quick: [amount, kind, title]
steps:
  - {id: legal, title: {zh: 法务会签, en: Legal}, who: {role: legal}, need: all, when: {kind: {is: custom}}}
  - {id: people, title: {zh: 人事或签, en: People}, who: {role: hr}, need: any}
`;

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;

beforeAll(async () => {
  book = await copyHandbook(
    {
      'company.yaml': [
        ['currency: CNY', 'currency: CNY\nrates: {USD: "7.1234"}'],
        ['\nchannels:', PEOPLE_MORE],
      ],
    },
    { 'processes/contract.yaml': CONTRACT },
  );
  house = await openHouse({ handbook: book.folder });
  for (const [id, name] of Object.entries({ U07HE: '何静', U08ZHOU: '周宁', U09WU: '吴桐' }))
    house.slack.addUser({ id, name });
  const { people } = house.feishu.platform;
  const member = people.get('ou_li');
  if (member) people.set('ou_he', { ...member });
});
// half a minute between the stories: what our own rate limits hold back may go
beforeEach(() => house.travel(30_000));
afterAll(async () => {
  await house.close();
  await book.remove();
});

/** Types a command on Slack; gives the sentence of the answer. */
async function asks(user: string, command: string, text: string): Promise<string> {
  const answered = await house.slack.slash(user, 'direct', command, text);
  expect(answered).toMatchObject({ status: 200, problem: undefined });
  return JSON.stringify(answered.body);
}

/** The steps of the ledger's first entry that apply, with their signers. */
async function pathOf(number: string): Promise<string[]> {
  const [submitted] = await house.ledger(number);
  const steps = submitted?.data.steps as { id: string; applies: boolean; signers: { person: string }[] }[];
  return steps.filter((s) => s.applies).map((s) => `${s.id}: ${s.signers.map((one) => one.person).join(' ')}`);
}

async function approvesOnSlack(user: string, number: string): Promise<void> {
  expect(await house.slack.press(user, await house.slackCard(user, number), '批准')).toMatchObject({
    problem: undefined,
  });
}
async function approvesOnFeishu(person: string, number: string): Promise<void> {
  expect((await house.feishu.press(person, await house.feishuCard(person, number), '批准')).status).toBe(200);
}

test('one 分 under ¥50,000.00 the supervisor signs alone; the limit itself and everything above needs the director too (A1)', async () => {
  expect(await asks('U01WANG', '/spend', '49,999.99 海报')).toContain(
    'SP-2026-0001 已提交，金额 ¥49,999.99，等待 李娜 审批',
  );
  expect(await asks('U01WANG', '/spend', '５０，０００．００ 展板')).toContain('SP-2026-0002 已提交，金额 ¥50,000.00');
  expect(await asks('U01WANG', '/spend', '5.000001万 展台')).toContain('SP-2026-0003 已提交，金额 ¥50,000.01');
  expect(await pathOf('SP-2026-0001')).toEqual(['supervisor: li']);
  expect(await pathOf('SP-2026-0002')).toEqual(['supervisor: li', 'director: zhao']);
  expect(await pathOf('SP-2026-0003')).toEqual(['supervisor: li', 'director: zhao']);
  await house.slackSays('U02LI', 'SP-2026-0002', '条件：金额不低于 ¥50,000.00（本次 ¥50,000.00）', '总监审批：赵敏');
  expect(house.slack.cardText(await house.slackCard('U02LI', 'SP-2026-0001'))).not.toContain('总监审批');
  const why = await asks('U01WANG', '/pr', 'why SP-2026-0002');
  expect(why).toContain('金额少 ¥0.01，只需 李娜 审批');
});

test('the director, who is only on Feishu, gets the card there when the supervisor has signed on Slack; then the request is approved (case 18)', async () => {
  await approvesOnSlack('U02LI', 'SP-2026-0002');
  await toldOnSlack(house, 'U02LI', '已批准 SP-2026-0002，接下来等待 赵敏');
  await approvesOnFeishu('ou_zhao', 'SP-2026-0002');
  await house.slackSays('U01WANG', 'SP-2026-0002 展板 已获批准');
  expect((await house.types('SP-2026-0002')).slice(2)).toEqual([
    'step-approved li',
    'step-opened li',
    'step-approved zhao',
    'request-approved zhao',
  ]);
});

test('a foreign amount is judged at the rate of the day of its submission, which stays when the handbook changes', async () => {
  // × 7.1234: 49,999.9282…, and 49,999.9994… which reaches the limit, since a rate rounds up
  expect(await asks('U01WANG', '/spend', '7,019.11 USD 海外投放')).toContain('SP-2026-0004 已提交');
  expect(await asks('U01WANG', '/spend', 'USD 7,019.12 海外活动')).toContain('SP-2026-0005 已提交');
  expect(await pathOf('SP-2026-0004')).toEqual(['supervisor: li']);
  expect(await pathOf('SP-2026-0005')).toEqual(['supervisor: li', 'director: zhao']);
  await book.change('company.yaml', ['USD: "7.1234"', 'USD: "6.5"']);
  await house.running.reload();
  await house.slackSays('U02LI', 'SP-2026-0005', 'US$7,019.12', '¥50,000.00 · 汇率 1 USD = 7.1234 CNY（提交时锁定）');
  await approvesOnSlack('U02LI', 'SP-2026-0005');
  await house.feishuSays(
    'ou_zhao',
    'SP-2026-0005',
    'US$7,019.12',
    '¥50,000.00 · 汇率 1 USD = 7.1234 CNY（提交时锁定）',
  );
  expect(await asks('U01WANG', '/spend', 'USD 7,019.12 海外活动二期')).toContain('SP-2026-0006 已提交');
  expect(await pathOf('SP-2026-0006')).toEqual(['supervisor: li']);
});

test('a currency without a rate is refused at its field, and no number is used up', async () => {
  await asks('U01WANG', '/spend', '100 EUR 会员费');
  await toldOnSlack(house, 'U01WANG', '规则手册里没有 EUR 兑 CNY 的汇率');
  house.slack.closeWindow('U01WANG');
  expect(await house.ledger('SP-2026-0007')).toEqual([]);
});

test('a purchase goes to the department head, then finance, then the CEO, strictly in that order (A2)', async () => {
  const { slack } = house;
  await asks('U01WANG', '/purchase', '');
  const window = await slack.until(() => slack.window('U01WANG'));
  const filled = { amount: '8万', item: '展台', supplier: '华展', needed: '2026-12-10', kind: 'goods', reason: '年会' };
  expect(await slack.submit('U01WANG', window, filled)).toMatchObject({ problem: undefined });
  await toldOnSlack(house, 'U01WANG', 'PU-2026-0001 已提交', '等待 赵敏 审批');
  const early = await house.slackCard('C0PR', 'PU-2026-0001');
  for (const user of ['U05QIAN', 'U04CHEN']) {
    await slack.press(user, early, '批准');
    await toldOnSlack(house, user, '这张单与你无关');
  }
  await approvesOnFeishu('ou_zhao', 'PU-2026-0001');
  const onQian = await house.slackCard('U05QIAN', 'PU-2026-0001');
  await slack.press('U04CHEN', await house.slackCard('C0PR', 'PU-2026-0001'), '批准');
  await slack.press('U05QIAN', onQian, '批准');
  await approvesOnSlack('U04CHEN', 'PU-2026-0001');
  await house.slackSays('U01WANG', 'PU-2026-0001 展台 已获批准');
  const signed = (await house.types('PU-2026-0001')).filter((line) => /approved/.test(line));
  expect(signed).toEqual(['step-approved zhao', 'step-approved qian', 'step-approved chen', 'request-approved chen']);
});

test('nobody signs their own request: the supervisor’s climbs to the director, who stands twice and signs once', async () => {
  const { slack, feishu } = house;
  expect(await asks('U02LI', '/spend', '6万 发布会')).toContain('SP-2026-0007 已提交，金额 ¥60,000.00，等待 赵敏 审批');
  const card = await house.feishuCard('ou_zhao', 'SP-2026-0007');
  expect(feishu.cardText(card)).toContain('李娜 不能审批自己的申请，由上一级审批');
  await slack.press('U02LI', await house.slackCard('C0PR', 'SP-2026-0007'), '批准');
  await toldOnSlack(house, 'U02LI', '不能审批自己的申请。现在等待 赵敏');
  await feishu.press('ou_zhao', card, '批准');
  await house.slackSays('U02LI', 'SP-2026-0007', '已批准', '赵敏 已在「主管审批」签过，此处计入，不必再签');
  expect((await house.types('SP-2026-0007')).slice(2)).toEqual([
    'step-approved zhao',
    'step-covered zhao',
    'request-approved zhao',
  ]);
});

test('the CEO, above whom nobody is, is told at submission why it cannot go through; nothing is approved by default (D3)', async () => {
  expect(await asks('U04CHEN', '/spend', '1万 礼品')).toContain('「主管审批」这一步找不到可以审批的人');
  expect(await house.ledger('SP-2026-0008')).toEqual([]);
});

test('会签: all of the role must sign, each in their own chat; a standard contract passes legal by (condition on a choice)', async () => {
  const { feishu } = house;
  expect(await asks('U01WANG', '/合同', '2万 标准合同 场地租赁')).toContain('CT-2026-0001 已提交');
  expect(await pathOf('CT-2026-0001')).toEqual(['people: zhou wu']);
  expect(await asks('U01WANG', '/contract', '2万 custom 代言')).toContain(
    'CT-2026-0002 已提交，金额 ¥20,000.00，等待 孙律、何静 审批',
  );
  expect(await pathOf('CT-2026-0002')).toEqual(['legal: sun he', 'people: zhou wu']);
  const onSun = await house.feishuCard('ou_sun', 'CT-2026-0002');
  expect(feishu.cardText(onSun)).toContain('条件：合同类型为 非标合同（本次 非标合同）');
  expect(feishu.cardText(onSun)).toContain('（会签）');
  await feishu.press('ou_sun', onSun, '批准');
  await toldOnFeishu(house, 'ou_sun', '已批准 CT-2026-0002，接下来等待 何静');
  await feishu.press('ou_sun', await house.feishuCard('ou_sun', 'CT-2026-0002'), '为什么');
  expect(await house.types('CT-2026-0002')).toEqual([
    'request-submitted wang',
    'step-opened wang',
    'signature-given sun',
  ]);
  await approvesOnFeishu('ou_he', 'CT-2026-0002');
  await house.slackSays('U08ZHOU', 'CT-2026-0002', '孙律 已于', '何静 已于', '（或签）');
});

test('或签: one signature is enough; whoever comes second is told who decided and when', async () => {
  const { slack } = house;
  const late = slack.snapshot(await house.slackCard('U09WU', 'CT-2026-0002'));
  await approvesOnSlack('U08ZHOU', 'CT-2026-0002');
  await house.slackSays('U01WANG', 'CT-2026-0002', '已批准', '周宁 已于');
  await slack.press('U09WU', late, '批准');
  await toldOnSlack(house, 'U09WU', 'CT-2026-0002 已批准：周宁 于 2026-11-23', '没有生效');
  await slack.press('U09WU', late, '驳回');
  await slack.until(
    () => slack.ephemerals('U09WU').filter((m) => slack.cardText(m).includes('周宁 于 2026-11-23')).length === 2,
  );
  expect(slack.window('U09WU')).toBeUndefined();
  expect((await house.types('CT-2026-0002')).filter((line) => line.includes('approved'))).toEqual([
    'step-approved he',
    'step-approved zhou',
    'request-approved zhou',
  ]);
});

test('`prefer` narrows where cards go: 何静 has both accounts and gets hers on Feishu only', async () => {
  await house.settled();
  expect(house.slack.messagesOf('U07HE')).toEqual([]);
  expect(house.feishu.messagesOf('ou_he').length).toBeGreaterThan(0);
  expect(house.feishu.complaints).toEqual([]);
});
