/** Away: what waits moves to the deputy with both names on record, and comes back; nobody approves their own request by it (D4). */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse, waitFor } from '../support/house.ts';
import { toldOnFeishu, toldOnSlack, typedOnSlack } from '../support/told.ts';

const JOINT = `
id: joint
command: joint
number: JT
title: {zh: 会签申请, en: Joint request}
form:
  - {id: title, type: text, label: {zh: 事由, en: Purpose}}
quick: [title]
steps:
  - {id: both, title: {zh: 主管总监会签, en: Both}, who: [{line: supervisor}, {line: director}], need: all}
`;

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;
beforeAll(async () => {
  book = await copyHandbook({}, { 'processes/joint.yaml': JOINT });
  house = await openHouse({ at: '2026-12-01T10:00:00+08:00', handbook: book.folder });
});
/** What is due happens, and what our own rate limits hold back may go: the clock runs forty times as fast until all is said. */
async function quiet(): Promise<void> {
  await waitFor(async () => {
    house.travel(1000);
    const [row] = await house.sql<{ owed: number }[]>`
      select (select count(*) from message where state = 'live' and wanted > shown)::int
        + (select count(*) from timer where due_at <= ${house.clock()})::int as owed`;
    return row?.owed === 0;
  }, 'everything to be said');
}
beforeEach(quiet);
afterAll(async () => {
  await house.close();
  await book.remove();
});

/** Somebody types on Slack; gives the answer's text. */
const types = (user: string, command: string, text: string) => typedOnSlack(house, user, command, text);
async function spends(user: string, text: string, command = '/spend'): Promise<string> {
  const said = await types(user, command, text);
  const [number] = /[SJ][PT]-\d{4}-\d{4}/.exec(said) ?? [];
  if (!number) throw new Error(said);
  return number;
}
/** Who is waited for, as the database has it. */
async function pending(number: string): Promise<string[]> {
  const [row] = await house.sql<
    { pending: string[] }[]
  >`select pending from step where request = ${number} and state = 'open'`;
  return row?.pending ?? [];
}
async function moves(number: string) {
  const lines = (await house.ledger(number)).filter((line) => line.type === 'step-reassigned');
  return lines.map((line) => {
    const [moved] = line.data.moved as { from: string; to: { person: string; standsInFor?: string } }[];
    return { by: line.by, from: moved?.from, to: moved?.to.person, for: moved?.to.standsInFor };
  });
}

test('said on Slack: what waits moves at once, both names stand on the card, the requester hears who acts, the old signer’s press is refused', async () => {
  const { slack, feishu } = house;
  const number = await spends('U01WANG', '1万 海报');
  const old = await house.slackCard('U02LI', number);
  const before = slack.snapshot(old);
  expect(await types('U02LI', '/pr', 'away 2026-12-01 2026-12-07 <@U04CHEN>')).toContain(
    '2026-12-01 至 2026-12-07 由 陈卫东 代理',
  );
  await house.slackSays('U01WANG', `${number}：李娜 不在，由 陈卫东 代为审批`);
  const card = await house.slackCard('U04CHEN', number);
  expect(slack.buttons(card).map((b) => b.label)).toContain('批准');
  for (const word of ['陈卫东', '李娜 不在']) expect(slack.cardText(card)).toContain(word);
  await slack.until(
    () => slack.cardText(old).includes('陈卫东') && !slack.buttons(old).some((b) => b.label === '批准'),
  );
  for (const label of ['批准', '驳回']) {
    await slack.press('U02LI', before, label);
    await slack.until(() => slack.ephemerals('U02LI').some((m) => slack.cardText(m).includes('由 陈卫东 代签')));
    slack.ephemerals('U02LI').length = 0;
  }
  await feishu.press('ou_li', await house.feishuCard('oc_pr', number), '批准');
  await toldOnFeishu(house, 'ou_li', '由 陈卫东 代签');
  expect(await moves(number)).toEqual([{ by: 'clock', from: 'li', to: 'chen', for: 'li' }]);
  await slack.press('U04CHEN', card, '批准');
  await house.slackSays('U01WANG', number, '陈卫东 已于', '李娜 不在');
  const signed = (await house.ledger(number)).find((line) => line.type === 'step-approved');
  expect(signed).toMatchObject({ by: 'chen', data: { signer: 'chen', standsInFor: 'li' } });
});

test('what is submitted meanwhile goes to the deputy from the start, and the requester sees who acts for whom', async () => {
  const number = await spends('U01WANG', '1.1万 展架');
  expect(await pending(number)).toEqual(['chen']);
  await house.slackSays('U01WANG', number, '等待 陈卫东 审批', '李娜 不在，由其代理人代签');
});

test('/pr back: what is open returns, and the deputy’s card has no deciding button any more', async () => {
  const { slack } = house;
  const number = await spends('U01WANG', '1.2万 话筒');
  const deputys = await house.slackCard('U04CHEN', number);
  expect(await types('U02LI', '/pr', 'back')).toContain('已记录你回来了');
  await house.slackSays('U01WANG', number, '李娜 已回来，改由本人审批（此前由 陈卫东 代理）');
  const own = await house.slackCard('U02LI', number);
  await slack.until(() => !slack.buttons(deputys).some((b) => b.label === '批准'));
  await slack.press('U02LI', own, '批准');
  await house.slackSays('U01WANG', `${number} 话筒 已获批准`);
  expect(await types('U02LI', '/pr', 'back')).toContain('没有登记过外出');
});

test('会签: a deputy who is asked in the same step signs once for both; one who has signed already does not sign for another', async () => {
  const [once, twice] = [await spends('U01WANG', '年会方案', '/joint'), await spends('U01WANG', '春晚方案', '/joint')];
  expect(await pending(once)).toEqual(['li', 'zhao']);
  const { feishu, slack } = house;
  await feishu.press('ou_zhao', await house.feishuCard('ou_zhao', twice), '批准');
  expect(await pending(twice)).toEqual(['li']);
  expect(await types('U02LI', '/pr', 'away 2026-12-01 2026-12-02 @赵敏')).toContain('由 赵敏 代理');
  await quiet();
  expect(await pending(once)).toEqual(['zhao']);
  expect(await pending(twice)).toEqual(['chen']);
  await house.slackSays('U01WANG', `${once}：李娜 不在，由 赵敏 代为审批`);
  await feishu.press('ou_zhao', await house.feishuCard('ou_zhao', once), '批准');
  await house.slackSays('U01WANG', `${once} 年会方案 已获批准`);
  await quiet();
  await slack.press('U04CHEN', await house.slackCard('U04CHEN', twice), '批准');
  await house.slackSays('U01WANG', `${twice} 春晚方案 已获批准`);
  expect(await types('U02LI', '/pr', 'back')).toContain('已记录你回来了');
});

test('said on Feishu with a mention, for later: it begins by the clock, and ends by the clock the day after its last', async () => {
  const { feishu } = house;
  await feishu.say('ou_li', 'p2p', '/pr away 2026-12-09 2026-12-10 <@ou_zhao>');
  await toldOnFeishu(house, 'ou_li', '2026-12-09 至 2026-12-10 由 赵敏 代理');
  house.travelTo('2026-12-08T17:00:00+08:00');
  const number = await spends('U01WANG', '1.3万 灯光');
  expect(await pending(number)).toEqual(['li']);
  await house.settled();
  house.travelTo('2026-12-09T00:00:01+08:00');
  await house.feishuSays('ou_zhao', number, '李娜 不在', '批准');
  expect(await pending(number)).toEqual(['zhao']);
  house.travelTo('2026-12-10T23:59:00+08:00');
  const during = await spends('U01WANG', '1.4万 音响');
  expect(await pending(during)).toEqual(['zhao']);
  await house.settled();
  house.travelTo('2026-12-11T00:00:01+08:00');
  await house.slackSays('U02LI', during, '批准');
  expect(await pending(during)).toEqual(['li']);
  expect(await moves(during)).toEqual([{ by: 'clock', from: 'zhao', to: 'li', for: undefined }]);
  await waitFor(async () => (await pending(number)).includes('li'), 'the older request to come back too');
  expect(await moves(number)).toEqual([
    { by: 'clock', from: 'li', to: 'zhao', for: 'li' },
    { by: 'clock', from: 'zhao', to: 'li', for: undefined },
  ]);
  expect(
    (await house.ledger()).filter((line) => line.type.startsWith('absence-')).map((line) => `${line.type} ${line.by}`),
  ).toEqual([
    'absence-recorded li',
    'absence-ended li',
    'absence-recorded li',
    'absence-ended li',
    'absence-recorded li',
    'absence-began clock',
    'absence-over clock',
  ]);
});

test('a stand-in is refused who leads round in a circle, is oneself, is unknown, or for days that are over', async () => {
  house.travelTo('2026-12-14T10:00:00+08:00');
  expect(await types('U02LI', '/pr', 'away 2026-12-14 2026-12-16 @赵敏')).toContain('由 赵敏 代理');
  await house.feishu.say('ou_zhao', 'p2p', '/pr away 2026-12-15 2026-12-18 陈卫东');
  await toldOnFeishu(house, 'ou_zhao', '由 陈卫东 代理');
  expect(await types('U04CHEN', '/pr', 'away 12月16日 12月20日 <@U02LI>')).toContain('李娜 那段时间的代理人最终又是你');
  expect(await types('U04CHEN', '/pr', 'away 2026-12-17 2026-12-20 <@U02LI>')).toContain('由 李娜 代理');
  expect(await types('U05QIAN', '/pr', 'away 2026-12-17 2026-12-20 <@U05QIAN>')).toContain('代理人不能是自己');
  expect(await types('U05QIAN', '/pr', 'away 2026-12-17 2026-12-20 马云')).toContain('没有「马云」');
  expect(await types('U05QIAN', '/pr', 'away 2026-12-17 2026-12-20')).toContain('请写明代理人');
  expect(await types('U05QIAN', '/pr', 'away 2026-12-01 2026-12-03 孙律')).toContain('日期不对');
  expect(await types('U02LI', '/pr', 'away 2026-12-16 2026-12-20 孙律')).toContain('重叠');
});

test('a stand-in who is away too passes it on, and everybody on the way is on record', async () => {
  house.travelTo('2026-12-15T10:00:00+08:00');
  const number = await spends('U01WANG', '1.5万 车辆');
  expect(await pending(number)).toEqual(['chen']);
  const [submitted] = await house.ledger(number);
  expect(JSON.stringify(submitted?.data.steps)).toContain(
    '"chain":[{"absent":"li","deputy":"zhao","how":"deputy"},{"absent":"zhao","deputy":"chen","how":"deputy"}]',
  );
  for (const user of ['U02LI']) expect(await types(user, '/pr', 'back')).toContain('已记录');
  expect(await pending(number)).toEqual(['li']);
});

test('nobody becomes their own approver by it: with the requester as deputy, the next one up signs', async () => {
  const number = await spends('U01WANG', '1.6万 胶装');
  expect(await types('U02LI', '/pr', 'away 2026-12-15 2026-12-16 <@U01WANG>')).toContain('由 王晓文 代理');
  // 赵敏 is away as well, so 陈卫东 acts for her
  expect(await pending(number)).toEqual(['chen']);
  await house.slackSays('U01WANG', `${number}：李娜 不在，由 陈卫东 代为审批`);
  await house.slack.press('U01WANG', await house.slackCard('C0PR', number), '批准');
  await toldOnSlack(house, 'U01WANG', '不能审批自己的申请。现在等待 陈卫东');
});

test('a step that was set aside for an added signer comes back to whoever acts on that day', async () => {
  const { slack, feishu } = house;
  house.travelTo('2026-12-21T10:00:00+08:00');
  const number = await spends('U01WANG', '1.7万 礼盒');
  await slack.press('U02LI', await house.slackCard('U02LI', number), '加签');
  const window = await slack.until(() => slack.window('U02LI'));
  await slack.submit('U02LI', window, { to: 'sun', place: 'before' });
  const onSun = await house.feishuCard('ou_sun', number);
  expect(await types('U02LI', '/pr', 'away 2026-12-21 2026-12-25 <@U05QIAN>')).toContain('由 钱多 代理');
  expect(await pending(number)).toEqual(['sun']);
  await feishu.press('ou_sun', onSun, '批准');
  await house.slackSays('U05QIAN', number, '李娜 不在', '批准');
  expect(await pending(number)).toEqual(['qian']);
});
