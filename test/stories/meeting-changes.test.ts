/** Meetings that change: moved, cancelled, or planned otherwise because the handbook says so now (M1, N1). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allSaid, becomes } from '../support/clockwork.ts';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse } from '../support/house.ts';
import { lookAt } from '../support/meetings.ts';
import { toldOnFeishu, toldOnSlack } from '../support/told.ts';

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;
let seen: ReturnType<typeof lookAt>;
beforeAll(async () => {
  book = await copyHandbook(
    {
      // 孙律 has no chat here, only a mailbox
      'company.yaml': [['accounts: {feishu: ou_sun}', 'accounts: {}']],
      'meetings.yaml': [['{role: executive}]', '{role: executive}, {person: sun}]']],
    },
    {},
    { whole: true },
  );
  house = await openHouse({ at: '2026-10-22T09:00:00+08:00', handbook: book.folder, mail: true });
  seen = lookAt(house);
});
afterAll(async () => {
  await house.close();
  await book.remove();
});

test('moved by the chair: everybody is told and asked anew, and reminded at the new times only', async () => {
  const { slack, feishu } = house;
  await becomes(house, '2026-10-23T10:00:02+08:00');
  const number = await seen.numberOn('2026-10-26');
  await slack.press('U01WANG', await seen.cardWith('U01WANG', number, '参加'), '参加');
  await toldOnSlack(house, 'U01WANG', '已记下：你参加');
  await slack.press('U01WANG', await seen.cardWith('C0PR', number, '加议题'), '加议题');
  slack.closeWindow('U01WANG');
  expect(await seen.types('U01WANG', '/meeting', `move ${number} 10-28 15:00`)).toContain('只有主持人 赵敏');
  await feishu.press('ou_zhao', await house.feishuCard('ou_zhao', number), '改期');
  const form = await seen.formOf('ou_zhao', '会议改期');
  await feishu.fill('ou_zhao', form, { when: '改天' }, '提交');
  expect(feishu.cardText(form)).toContain('时间看不懂');
  // a day that is over is more likely a slip than next year's
  await feishu.fill('ou_zhao', form, { when: '10-20 15:00' }, '提交');
  expect(feishu.cardText(form)).toContain('没有写年份');
  await feishu.fill('ou_zhao', form, { when: '2027-10-20 15:00' }, '提交');
  await toldOnFeishu(house, 'ou_zhao', '已改到 2027-10-20');
  await feishu.say('ou_zhao', 'p2p', `/meeting move ${number} 10月28日 下午3点`);
  await toldOnFeishu(house, 'ou_zhao', '已改到 2026-10-28 周三 15:00–16:00');
  await allSaid(house);
  expect(seen.onSlack('U01WANG', '「部门例会」改期', '2026-10-28 周三 15:00', '请重新答复')).toBe(1);
  expect(slack.cardText(await house.slackSays('U01WANG', number, '未答复'))).toContain(
    '未答复：王晓文、李娜、赵敏、陈卫东、孙律',
  );
  const letters = seen.inbox('sun', number, '改期');
  const sequences = seen
    .inbox('sun', number)
    .map((letter) => Number(/SEQUENCE:(\d+)/.exec(letter.attachments[0]?.text ?? '')?.[1]));
  expect(letters.at(-1)?.attachments[0]?.text).toContain('DTSTART:20261028T070000Z');
  expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
  expect(new Set(sequences).size).toBe(sequences.length);
  await becomes(house, '2026-10-26T11:30:00+08:00');
  expect(seen.onSlack('C0PR', '将于 2026-10-26')).toBe(0);
  await becomes(house, '2026-10-27T15:00:05+08:00');
  await becomes(house, '2026-10-28T14:30:05+08:00');
  expect(seen.onSlack('C0PR', '「部门例会」将于 2026-10-28 周三 15:00 开始')).toBe(2);
  expect(await seen.books('weekly', '2026-10-31')).toContain(`${number} 2026-10-28 15:00 planned`);
});

test('cancelled: told with the reason, no reminder, no minutes owed, and the occurrence does not come back', async () => {
  const { slack } = house;
  await becomes(house, '2026-10-30T10:00:02+08:00');
  const number = await seen.numberOn('2026-11-02');
  expect(await seen.types('U02LI', '/meeting', `cancel ${number} 没人`)).toContain('只有主持人 赵敏');
  // without a reason it is asked for; 陈卫东 is above the chair
  await slack.slash('U04CHEN', 'direct', '/meeting', `cancel ${number}`);
  await slack.submit('U04CHEN', await seen.windowOf('U04CHEN'), { reason: '全员出差' });
  await toldOnSlack(house, 'U04CHEN', `${number} 已取消`);
  await house.slackSays('U01WANG', number, '陈卫东 取消：全员出差');
  await allSaid(house);
  expect(seen.onSlack('C0PR', '「部门例会」（2026-11-02 周一 10:00）已取消')).toBe(1);
  expect(seen.inbox('sun', number, '已取消')[0]?.attachments[0]).toMatchObject({ method: 'CANCEL' });
  await house.running.reload();
  await becomes(house, '2026-11-02T12:00:00+08:00');
  expect(seen.onSlack('C0PR', '将于 2026-11-02')).toBe(0);
  expect((await house.ledger(number)).at(-1)?.type).toBe('meeting-cancelled');
  expect((await seen.books('weekly', '2026-11-10')).slice(-2).map((line) => line.slice(13))).toEqual([
    '2026-11-02 10:00 cancelled',
    '2026-11-09 10:00 planned',
  ]);
});

test('the handbook says another time and another attendee: planned meetings follow, one moved by hand keeps its time', async () => {
  await becomes(house, '2026-11-06T10:00:02+08:00');
  const [next, moved] = [await seen.numberOn('2026-11-09'), await seen.numberOn('2026-11-16')];
  await house.feishu.say('ou_zhao', 'p2p', `/meeting move ${moved} 11-17 09:30`);
  await toldOnFeishu(house, 'ou_zhao', '已改到 2026-11-17');
  // the invitation to what was moved goes out now; before it nobody would have to be told that they are spared
  await allSaid(house);
  await house.slack.press('U01WANG', await seen.cardWith('U01WANG', next, '参加'), '参加');
  await toldOnSlack(house, 'U01WANG', '已记下：你参加');
  await book.change('meetings.yaml', ['{person: sun}]', '{role: finance}]']);
  await house.running.reload();
  await house.slackCard('U05QIAN', next);
  await house.slackSays('U01WANG', '参加：王晓文', '未答复：李娜、赵敏、陈卫东、钱多');
  await allSaid(house);
  expect(seen.inbox('sun', '你不用参加了')).toHaveLength(2);
  expect(seen.inbox('qian', next, '邀请你参加')).toHaveLength(1);
  await book.change('meetings.yaml', ['每周一 10:00\n    length: 60m', '每周一 11:00\n    length: 60m']);
  await house.running.reload();
  await allSaid(house);
  expect(seen.onSlack('U05QIAN', '「部门例会」改期：原定 2026-11-09 周一 10:00，改到 2026-11-09 周一 11:00')).toBe(1);
  expect((await seen.books('weekly', '2026-11-24')).slice(-3)).toEqual([
    `${next} 2026-11-09 11:00 planned`,
    `${moved} 2026-11-17 09:30 planned`,
    expect.stringContaining('2026-11-23 11:00 planned'),
  ]);
  await house.slackSays('U05QIAN', moved, '钱多');
  const before = (await house.ledger()).length;
  await house.running.reload();
  expect(await house.ledger()).toHaveLength(before);
});

test('another day, and back again: the old days are given up and come back; a rule that is gone takes its meetings along', async () => {
  await book.change('meetings.yaml', ['每周一 11:00', '每周二 11:00']);
  await house.running.reload();
  const planned = async () =>
    (await seen.books('weekly', '2026-12-02'))
      .filter((line) => line.endsWith('planned'))
      .map((line) => line.slice(13, 29));
  // the Monday that was moved to the 17th is no Monday of the rule any more, but a person put it there
  expect(await planned()).toEqual([
    '2026-11-10 11:00',
    '2026-11-17 09:30',
    '2026-11-17 11:00',
    '2026-11-24 11:00',
    '2026-12-01 11:00',
  ]);
  await book.change('meetings.yaml', ['每周二 11:00', '每周一 11:00']);
  await house.running.reload();
  expect(await planned()).toEqual(['2026-11-09 11:00', '2026-11-17 09:30', '2026-11-23 11:00', '2026-11-30 11:00']);
  await book.change('meetings.yaml', ['id: weekly', 'id: weekly-new']);
  await house.running.reload();
  expect(await planned()).toEqual([]);
  const [row] = await house.sql`select count(*)::int as n from timer where command = 'meetings.remind' and subject in
    (select number from meeting where state = 'cancelled')`;
  expect(row).toEqual({ n: 0 });
});
