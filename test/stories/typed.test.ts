/** What people type, and who is answered: the commands in both scripts and languages, strangers, leavers, those whom it does not concern (case 19). */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse } from '../support/house.ts';
import { toldOnFeishu, toldOnSlack } from '../support/told.ts';

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;
beforeAll(async () => {
  book = await copyHandbook({
    'company.yaml': [
      ['name: 钱多,', 'name: 钱多, language: en,'],
      [
        '\nchannels:',
        '\n  - {id: ma, name: 马超, active: false, accounts: {slack: U06MA, feishu: ou_ma}}\n\nchannels:',
      ],
    ],
  });
  house = await openHouse({ handbook: book.folder });
  house.slack.addUser({ id: 'U06MA', name: '马超' });
  house.slack.addUser({ id: 'U0NEW', name: '新人' });
  const { people, options } = house.feishu.platform;
  for (const id of ['ou_ma', 'ou_new'])
    people.set(id, { tenant: options.tenantKey, inRange: true, left: false, blocksBot: false });
});
afterAll(async () => {
  await house.close();
  await book.remove();
});
// half a minute between the stories: what our own rate limits hold back may go
beforeEach(() => house.travel(30_000));

/** Types on Slack; gives the answer's text. */
async function types(user: string, command: string, text = ''): Promise<string> {
  const answered = await house.slack.slash(user, 'direct', command, text);
  expect(answered).toMatchObject({ status: 200, problem: undefined });
  return JSON.stringify(answered.body);
}
const requests = async () => (await house.sql<{ n: number }[]>`select count(*)::int as n from request`)[0]?.n;

test('/spend, /费用 and the full-width ／spend are one command, on Slack as in Feishu’s text, in the direct chat and by @bot in a group', async () => {
  const { slack, feishu } = house;
  expect(await types('U01WANG', '/spend', '3.2万 春季促销物料')).toContain('SP-2026-0001 已提交');
  await slack.say('U01WANG', '／spend 1000 胶带');
  await toldOnSlack(house, 'U01WANG', 'SP-2026-0002 已提交，金额 ¥1,000.00');
  await slack.mention('U01WANG', 'C0PR', '/费用 叁仟元整 剪刀');
  await toldOnSlack(house, 'U01WANG', 'SP-2026-0003 已提交，金额 ¥3,000.00');
  await feishu.say('ou_wang', 'p2p', '/费用 １．２万 胶水');
  await toldOnFeishu(house, 'ou_wang', 'SP-2026-0004 已提交，金额 ¥12,000.00');
  await feishu.say('ou_wang', 'p2p', '／ＳＰＥＮＤ 32k 纸张');
  await toldOnFeishu(house, 'ou_wang', 'SP-2026-0005 已提交，金额 ¥32,000.00');
  await feishu.say('ou_wang', 'oc_pr', '/spend 800 图钉', { mentionBot: true });
  await toldOnFeishu(house, 'ou_wang', 'SP-2026-0006 已提交，金额 ¥800.00');
});

test('/spend with a number shows that card again at the end of the chat, and closes the old one', async () => {
  const { slack } = house;
  const old = await house.slackCard('U02LI', 'SP-2026-0001');
  expect(await types('U02LI', '/spend', 'sp-2026-0001')).toContain('SP-2026-0001');
  const fresh = await slack.until(() =>
    slack.messagesOf('U02LI').findLast((m) => m.ts > old.ts && slack.cardText(m).includes('春季促销物料')),
  );
  await slack.until(() => slack.buttons(old).length === 0);
  expect(slack.buttons(fresh).map((b) => b.label)).toContain('批准');
  expect(await types('U02LI', '/spend', 'SP-2026-0404')).toContain('没有 SP-2026-0404 这张单');
});

test('/pr list has what waits for me and what I asked for, and a button to each', async () => {
  const { slack, feishu } = house;
  const list = await types('U02LI', '/pr', 'list');
  for (const word of ['SP-2026-0001', '春季促销物料', '¥32,000.00', 'SP-2026-0006']) expect(list).toContain(word);
  const shown = await slack.until(() =>
    slack.ephemerals('U02LI').findLast((m) => slack.cardText(m).includes('SP-2026-0006')),
  );
  await slack.press('U02LI', shown, (button) => button.label.includes('SP-2026-0006'));
  await toldOnSlack(house, 'U02LI', 'SP-2026-0006 的最新卡片');
  await feishu.say('ou_wang', 'p2p', '/pr list');
  await toldOnFeishu(house, 'ou_wang', 'SP-2026-0001', 'SP-2026-0006', '图钉');
  expect(await types('U05QIAN', '/pr', 'list')).not.toContain('SP-2026');
});

test('/pr why tells the rule, the facts and what would change the path', async () => {
  await types('U01WANG', '/spend', '5.2万 主视觉');
  const why = await types('U01WANG', '/pr', 'why SP-2026-0007');
  for (const word of [
    '李娜',
    '赵敏',
    '最近的总监',
    '金额不低于 ¥50,000.00',
    '本次 ¥52,000.00',
    '金额少 ¥2,000.01，只需 李娜 审批',
    '第 1 版',
  ])
    expect(why).toContain(word);
  expect(await types('U01WANG', '/pr', 'why SP-2026-0001')).toContain('金额多 ¥18,000.00，则需 李娜、赵敏 审批');
});

test('/pr help names what can be typed; an unknown word is said to be unknown, and what to type instead', async () => {
  const { slack, feishu } = house;
  for (const text of ['help', '', 'why'])
    expect(await types('U01WANG', '/pr', text)).toContain('/pr away 2026-12-01 2026-12-07 @李娜');
  expect(await types('U01WANG', '/pr', 'hlep')).toContain('不认识「/pr hlep」，什么都没有执行。你要的也许是：/pr help');
  expect(await types('U01WANG', '/expense', '3万')).toContain('/pr help');
  await feishu.say('ou_wang', 'p2p', '/报销 3万');
  await toldOnFeishu(house, 'ou_wang', '不认识「/报销」。输入 /pr help');
  await feishu.say('ou_wang', 'p2p', '你好');
  await toldOnFeishu(house, 'ou_wang', '/pr why', '/spend', '/purchase');
  await slack.say('U01WANG', '在吗');
  await toldOnSlack(house, 'U01WANG', '/pr why', '/spend', '/purchase');
});

test('strangers and people who have left are told whom to ask; nothing is done and no amount is said', async () => {
  const { slack, feishu } = house;
  const before = await requests();
  expect(await types('U0NEW', '/spend', '3万 礼品')).toContain('slack: U0NEW');
  expect(await types('U06MA', '/spend', '3万 礼品')).toContain('已在规则手册中停用');
  await feishu.say('ou_new', 'p2p', '/spend 3万 礼品');
  await toldOnFeishu(house, 'ou_new', 'feishu: ou_new');
  await feishu.say('ou_ma', 'p2p', '/pr list');
  await toldOnFeishu(house, 'ou_ma', '已在规则手册中停用');
  const inChannel = await house.slackCard('C0PR', 'SP-2026-0001');
  for (const user of ['U0NEW', 'U06MA']) {
    const answered = await slack.press(user, inChannel, '批准');
    expect(answered.problem).toBeUndefined();
    await slack.until(() => slack.ephemerals(user).length === 2);
    for (const told of slack.ephemerals(user)) expect(slack.cardText(told) + told.text).not.toContain('32,000');
  }
  expect(await requests()).toBe(before);
  expect(await house.types('SP-2026-0001')).toEqual(['request-submitted wang', 'step-opened wang']);
});

test('whoever is no party to a request is refused everything about it, without its amount or purpose (case 19)', async () => {
  const { slack, feishu } = house;
  for (const [command, text] of [
    ['/spend', 'SP-2026-0001'],
    ['/pr', 'why SP-2026-0001'],
    ['/pr', 'SP-2026-0001'],
  ] as const) {
    const said = await types('U04CHEN', command, text);
    expect(said).toContain('与你无关');
    expect(said).not.toMatch(/32,000|春季/);
  }
  const inChannel = await house.slackCard('C0PR', 'SP-2026-0001');
  for (const label of ['批准', '驳回', '退回修改', '为什么']) {
    expect((await slack.press('U04CHEN', inChannel, label)).problem).toBeUndefined();
    await slack.until(() => slack.ephemerals('U04CHEN').at(-1)?.text?.includes('与你无关'));
    expect(slack.window('U04CHEN')).toBeUndefined();
  }
  await feishu.press('ou_sun', await house.feishuCard('oc_pr', 'SP-2026-0001'), '批准');
  expect(feishu.toasts('ou_sun').at(-1)?.content).toContain('与你无关');
  expect(feishu.toasts('ou_sun').at(-1)?.content).not.toMatch(/32,000|春季/);
  expect(await house.types('SP-2026-0001')).toEqual(['request-submitted wang', 'step-opened wang']);
});

test('each in their own language: what 钱多 sees and hears is English, the same request stays Chinese for the others', async () => {
  const { slack } = house;
  expect(await types('U05QIAN', '/spend', '1200 team lunch')).toContain(
    'SP-2026-0008 is submitted for ¥1,200.00 and waits for 陈卫东',
  );
  const own = await house.slackCard('U05QIAN', 'SP-2026-0008');
  for (const word of ['Spend request', 'Requested by', 'Waiting for 陈卫东', 'team lunch'])
    expect(slack.cardText(own)).toContain(word);
  expect(slack.cardText(own)).not.toMatch(/申请|审批/);
  expect(slack.buttons(own).map((b) => b.label)).toContain('Withdraw');
  await house.slackSays('U04CHEN', 'SP-2026-0008', '费用申请', '等待 陈卫东 审批');
  await slack.press('U05QIAN', await house.slackCard('C0PR', 'SP-2026-0008'), '批准');
  await toldOnSlack(house, 'U05QIAN', 'You cannot approve your own request. It waits for 陈卫东');
  await slack.press('U04CHEN', await house.slackCard('U04CHEN', 'SP-2026-0008'), '批准');
  await house.slackSays('U05QIAN', 'SP-2026-0008 team lunch is approved.');
  expect(await types('U05QIAN', '/pr', 'help')).toContain('What you can type');
  expect(house.feishu.complaints).toEqual([]);
});
