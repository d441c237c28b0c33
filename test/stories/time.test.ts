/** Time: reminders and escalation in working time, over weekends, holidays and 调休 days, and after an outage. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyHandbook } from '../support/handbook.ts';
import { HOUR, type House, openHouse, waitFor } from '../support/house.ts';

/** 孙律 works in Berlin, by its clock and its holidays, and is asked alone. */
const CLEARANCE = `
id: clearance
command: clearance
number: CL
title: {zh: 法务审核, en: Legal clearance}
form:
  - {id: title, type: text, label: {zh: 事由, en: Purpose}}
quick: [title]
steps:
  - {id: legal, title: {zh: 法务, en: Legal}, who: {person: sun}}
remind: {after: 4 working hours, every: 8 working hours}
escalate: {after: 2 working days}
`;
const ABROAD =
  '{id: sun, hours: {timezone: Europe/Berlin, calendar: DE, from: "09:00", to: "17:00", pause: "12:00-13:00"}, quiet: none, ';

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;
beforeAll(async () => {
  book = await copyHandbook({ 'company.yaml': [['{id: sun, ', ABROAD]] }, { 'processes/clearance.yaml': CLEARANCE });
  house = await openHouse({ at: '2026-09-30T16:45:00+08:00', handbook: book.folder });
});
afterAll(async () => {
  await house.close();
  await book.remove();
});

async function spends(text: string): Promise<string> {
  const answered = await house.slack.slash('U01WANG', 'direct', '/spend', text);
  const [number] = /SP-\d{4}-\d{4}/.exec(JSON.stringify(answered.body)) ?? [];
  if (!number) throw new Error(JSON.stringify(answered.body));
  return number;
}
const approves = async (number: string) => {
  await house.slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
  await house.slackSays('U01WANG', number, '已获批准');
};

/** The clock stands at this moment, everything due by then has happened, and all is said. */
async function at(moment: string): Promise<void> {
  await house.settled();
  house.travelTo(moment);
  await allDone();
}

async function allDone(): Promise<void> {
  await waitFor(async () => {
    const [row] = await house.sql<{ due: number }[]>`
      select (select count(*) from timer where due_at <= ${house.clock()})::int
        + (select count(*) from message where state = 'live' and wanted > shown)::int as due`;
    return row?.due === 0;
  }, 'all that is due');
}

/** What the clock did to a request: `remind` or `escalate`, when, and to whom. */
async function clockwork(number: string): Promise<string[]> {
  const lines = (await house.ledger(number)).filter((line) => /reminded|escalated/.test(line.type));
  return lines.map((line) => {
    const local = new Date(Date.parse(line.at) + 8 * HOUR).toISOString().slice(5, 16).replace('T', ' ');
    const whom = line.data.signers as (string | { person: string })[];
    const people = whom.map((one) => (typeof one === 'string' ? one : one.person)).join(' ');
    return `${local} ${line.type.slice(5)} ${people}`;
  });
}
const notices = (place: string, ...words: string[]) =>
  house.slack.messagesOf(place).filter((m) => words.every((word) => house.slack.cardText(m).includes(word)));

test('over National Day the clock of reminders stands still, and the 调休 Saturday counts as a working day', async () => {
  const number = await spends('1万 邀请函');
  await at('2026-10-08T11:44:00+08:00');
  expect(await clockwork(number)).toEqual([]);
  await at('2026-10-08T11:46:00+08:00');
  await at('2026-10-09T13:45:00+08:00');
  expect(await clockwork(number)).toEqual(['10-08 11:46 reminded li']);
  await at('2026-10-09T13:47:00+08:00');
  await at('2026-10-10T14:16:00+08:00');
  await at('2026-10-10T14:18:00+08:00');
  expect(await clockwork(number)).toEqual([
    '10-08 11:46 reminded li',
    '10-09 13:47 reminded li',
    '10-10 14:16 escalated zhao',
    '10-10 14:18 reminded li zhao',
  ]);
  await house.slackSays('U02LI', `提醒（第 3 次）：${number} 邀请函 仍在等待你审批`);
  await approves(number);
});

test('over a weekend nobody is reminded; what was asked on Friday afternoon is recalled on Monday', async () => {
  await at('2026-10-16T16:30:00+08:00');
  const number = await spends('1.1万 签到台');
  await at('2026-10-19T11:29:00+08:00');
  expect(await clockwork(number)).toEqual([]);
  await at('2026-10-19T11:31:00+08:00');
  expect(await clockwork(number)).toEqual(['10-19 11:31 reminded li']);
  expect(notices('U02LI', `提醒（第 1 次）：${number}`)).toHaveLength(1);
  await approves(number);
});

test('after 2 working days the silent signer’s manager is asked too, both are told, and the manager’s signature answers for them', async () => {
  const { slack, feishu } = house;
  await at('2026-11-23T09:30:00+08:00');
  const number = await spends('1.2万 背景板');
  await at('2026-11-25T09:29:00+08:00');
  expect((await clockwork(number)).join()).not.toContain('escalated');
  await at('2026-11-25T09:31:00+08:00');
  expect((await clockwork(number)).at(-1)).toBe('11-25 09:31 escalated zhao');
  for (const user of ['U01WANG', 'U02LI']) await house.slackSays(user, `${number} 超过时限未处理，已升级给 赵敏`);
  const card = await house.feishuCard('ou_zhao', number);
  expect(feishu.cardText(card)).toContain('李娜 超时未处理，升级给上级');
  expect(slack.buttons(await house.slackCard('U02LI', number)).map((b) => b.label)).toContain('批准');
  await feishu.press('ou_zhao', card, '批准');
  await house.slackSays('U01WANG', `${number} 背景板 已获批准`);
});

test('it goes further up until nobody is above; then reminders alone go on', async () => {
  await at('2026-12-01T09:30:00+08:00');
  const number = await spends('1.3万 导视');
  for (const moment of ['03T09:35', '07T09:40', '09T09:45', '11T09:50']) await at(`2026-12-${moment}:00+08:00`);
  const done = await clockwork(number);
  expect(done.filter((line) => line.includes('escalated'))).toEqual([
    '12-03 09:35 escalated zhao',
    '12-07 09:40 escalated chen',
  ]);
  expect(done.at(-1)).toContain('reminded li zhao chen');
  const promised = await house.sql<{ command: string }[]>`select command from timer where subject = ${number}`;
  expect(promised.map((one) => one.command)).toEqual(['requests.remind']);
  await approves(number);
});

test('after an outage of a week there is one reminder and one escalation, not one for every day that was missed (case 30)', async () => {
  await at('2026-12-14T09:30:00+08:00');
  const number = await spends('1.4万 礼袋');
  await house.settled();
  await house.running.stop();
  house.travelTo('2026-12-21T10:00:00+08:00');
  await house.restart();
  await allDone();
  const missed = await clockwork(number);
  expect(missed.filter((line) => line.includes('reminded'))).toHaveLength(1);
  expect(missed.filter((line) => line.includes('escalated'))).toEqual(['12-21 10:00 escalated zhao']);
  expect(notices('U02LI', `提醒（第 1 次）：${number}`)).toHaveLength(1);
  await at('2026-12-22T09:30:00+08:00');
  expect(await clockwork(number)).toHaveLength(2);
  await approves(number);
});

test('the second step has a clock of its own, and whoever has signed is not reminded; nobody is when it is decided', async () => {
  const { feishu, slack } = house;
  await at('2026-12-28T09:30:00+08:00');
  const number = await spends('6万 舞台');
  await at('2026-12-28T14:59:00+08:00');
  await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
  const card = await house.feishuCard('ou_zhao', number);
  await at('2026-12-29T09:58:00+08:00');
  expect(await clockwork(number)).toEqual([]);
  await at('2026-12-29T10:01:00+08:00');
  expect(await clockwork(number)).toEqual(['12-29 10:01 reminded zhao']);
  await house.feishuSays('ou_zhao', `提醒（第 1 次）：${number} 舞台`);
  await feishu.press('ou_zhao', card, '批准');
  await house.slackSays('U01WANG', `${number} 舞台 已获批准`);
  expect(await house.sql`select key from timer`).toEqual([]);
  await at('2027-01-11T10:00:00+08:00');
  expect(await clockwork(number)).toHaveLength(1);
});

test('a press does not wait for a reminder that fires at the same moment', async () => {
  const { slack } = house;
  const number = await spends('1.5万 花艺');
  const card = await house.slackCard('U02LI', number);
  const firing = await house.sql.reserve();
  await firing`begin`;
  await firing`delete from timer where subject = ${number} and command = 'requests.remind'`;
  const pressed = await slack.press('U02LI', card, '批准');
  expect(pressed.problem).toBeUndefined();
  await house.slackSays('U01WANG', `${number} 花艺 已获批准`);
  await firing`rollback`;
  firing.release();
  // what had fired finds nothing left to remind of
  await at('2027-01-12T16:00:00+08:00');
  expect(await clockwork(number)).toEqual([]);
  expect(await house.sql`select key from timer`).toEqual([]);
});

test('a card whose worker was turned away by a press that held it is drawn as soon as that press is through', async () => {
  const { slack } = house;
  const number = await spends('1.6万 桁架');
  const card = await house.slackCard('U02LI', number);
  await house.settled();
  // what is left behind: owed, handed out, and nobody at work on it
  const handed = new Date(house.clock().getTime() + 15_000);
  await house.sql`update message set wanted = wanted + 1, handed_until = ${handed} where subject = ${number} and kind = 'card'`;
  await slack.press('U02LI', card, '批准');
  await slack.until(() => slack.cardText(card).includes('李娜 已于'));
  expect(house.clock().getTime()).toBeLessThan(handed.getTime());
});

test('a signer abroad is reminded and passed over by their own working time: over Easter in Berlin, while Shanghai works (case 33)', async () => {
  const { slack, feishu } = house;
  await at('2027-03-25T10:00:00+08:00');
  const answered = await slack.slash('U01WANG', 'direct', '/clearance', '柏林发布会');
  const [number = ''] = /CL-\d{4}-\d{4}/.exec(JSON.stringify(answered.body)) ?? [];
  const why = async () => JSON.stringify((await slack.slash('U01WANG', 'direct', '/pr', `why ${number}`)).body);
  const first = await why();
  expect(first).toContain('截止 2027-03-25 周四 21:00，即中欧时间 2027-03-25 周四 14:00');
  expect(first).toContain('截止 2027-03-31 周三 15:00，即中欧时间 2027-03-31 周三 09:00');
  expect(first).toMatch(/2027-03-26 周五 耶穌受難節放假，.*2027-03-29 周一 復活節星期一放假/);
  expect(first).toContain('按 孙律 的工作时间计算');
  await at('2027-03-25T20:58:00+08:00');
  expect(await clockwork(number)).toEqual([]);
  await at('2027-03-25T21:01:00+08:00');
  await at('2027-03-30T20:59:00+08:00');
  expect(await clockwork(number)).toEqual(['03-25 21:01 reminded sun']);
  expect(await why()).toContain('起 8 个工作小时，截止 2027-03-30 周二 21:01，即中欧时间 2027-03-30 周二 15:01');
  await at('2027-03-30T21:03:00+08:00');
  await at('2027-03-31T14:58:00+08:00');
  expect((await clockwork(number)).at(-1)).toBe('03-30 21:03 reminded sun');
  await at('2027-03-31T15:01:00+08:00');
  expect((await clockwork(number)).at(-1)).toBe('03-31 15:01 escalated chen');
  await feishu.press('ou_sun', await house.feishuCard('ou_sun', number), '批准');
  await house.slackSays('U01WANG', `${number} 柏林发布会 已获批准`);
});
