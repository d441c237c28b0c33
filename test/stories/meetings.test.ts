/** A weekly meeting as the handbook has it: planned, called to, answered, talked over beforehand, reminded of in time (M1, M2, N1, D4). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { start } from '../../src/main.ts';
import { allSaid, becomes } from '../support/clockwork.ts';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse, waitFor } from '../support/house.ts';
import { lookAt } from '../support/meetings.ts';
import type { FakeMessage } from '../support/slack.ts';
import { toldOnFeishu, toldOnSlack } from '../support/told.ts';

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;
let seen: ReturnType<typeof lookAt>;
beforeAll(async () => {
  // a Thursday; Friday is 中秋节, and 国庆节 takes the whole week after the next
  book = await copyHandbook(
    {
      // 孙律 has no chat here, only a mailbox
      'company.yaml': [['accounts: {feishu: ou_sun}', 'accounts: {}']],
      'meetings.yaml': [['{role: executive}]', '{role: executive}, {person: sun}]']],
    },
    {},
    { whole: true },
  );
  house = await openHouse({ at: '2026-09-24T09:00:00+08:00', handbook: book.folder, mail: true });
  seen = lookAt(house);
});
afterAll(async () => {
  await house.close();
  await book.remove();
});

test('every meeting is planned once, whoever else starts at the same time; those in 国庆节 come after it', async () => {
  const beside = await Promise.all([1, 2].map(() => start({ ...house.config, port: 0 }, { clock: house.clock })));
  await Promise.all(beside.map((one) => one.stop()));
  expect(await seen.books('weekly')).toEqual([
    'MT-2026-0001 2026-09-28 10:00 planned',
    'MT-2026-0002 2026-10-08 10:00 planned',
    'MT-2026-0003 2026-10-12 10:00 planned',
    'MT-2026-0004 2026-10-19 10:00 planned',
  ]);
  expect((await seen.books('quarterly')).map((line) => line.slice(13))).toEqual(['2026-10-08 14:00 planned']);
  const doubles = await house.sql`select series, day from meeting group by series, day having count(*) > 1`;
  expect(doubles).toEqual([]);
  // nobody is called yet
  expect([...house.slack.messagesOf('U01WANG'), ...house.feishu.messagesOf('oc_pr'), ...house.mail.received]).toEqual(
    [],
  );
});

test('the invitation goes out one working day before, to the group and to each where they are', async () => {
  const { slack, feishu } = house;
  await becomes(house, '2026-09-24T10:00:02+08:00');
  const card = await house.slackCard('U01WANG', 'MT-2026-0001');
  for (const word of [
    '部门例会',
    '2026-09-28 周一 10:00–11:00',
    '赵敏',
    '王晓文',
    '三楼会议室',
    '未答复',
    '0/5 人已确认',
    '还没有议题',
  ])
    expect(slack.cardText(card)).toContain(word);
  const labels = slack.buttons(card).map((b) => b.label);
  for (const label of ['参加', '请假', '委托', '加议题']) expect(labels).toContain(label);
  for (const label of ['改期', '取消会议']) expect(labels).not.toContain(label);
  for (const place of ['U02LI', 'U04CHEN', 'C0PR']) await house.slackCard(place, 'MT-2026-0001');
  for (const place of ['ou_wang', 'ou_li', 'oc_pr']) await house.feishuCard(place, 'MT-2026-0001');
  const chairs = feishu.buttonsOf(await house.feishuCard('ou_zhao', 'MT-2026-0001')).map((b) => b.label);
  for (const label of ['参加', '改期', '取消会议']) expect(chairs).toContain(label);
  expect(seen.onSlack('U05QIAN', 'MT-2026-0001')).toBe(0);
  for (const name of ['wang', 'li', 'zhao', 'chen', 'sun']) {
    const [letter, ...more] = seen.inbox(name, '会议：部门例会 MT-2026-0001');
    expect(more).toEqual([]);
    expect(letter?.text).toContain('邀请你参加「部门例会」：2026-09-28 周一 10:00–11:00');
    expect(letter?.attachments[0]).toMatchObject({ filename: 'MT-2026-0001.ics', method: 'PUBLISH' });
    expect(letter?.attachments[0]?.text).toContain('DTSTART:20260928T020000Z');
  }
  expect(house.mail.inbox('qian@example.com')).toEqual([]);
});

test('参加 from the group’s card on either platform, 请假 with a reason, 委托: the chair sees who comes, the deputy is called', async () => {
  const { slack, feishu } = house;
  await slack.press('U01WANG', await seen.cardWith('C0PR', 'MT-2026-0001', '参加'), '参加');
  await toldOnSlack(house, 'U01WANG', '已记下：你参加');
  await feishu.press('ou_li', await house.feishuCard('oc_pr', 'MT-2026-0001'), '请假');
  await feishu.fill('ou_li', await seen.formOf('ou_li', '请假'), { reason: '陪客户 <b>看</b> *场地*' }, '提交');
  await toldOnFeishu(house, 'ou_li', '已记下：你请假');
  await slack.press('U04CHEN', await seen.cardWith('U04CHEN', 'MT-2026-0001', '委托'), '委托');
  await slack.submit('U04CHEN', await seen.windowOf('U04CHEN'), { deputy: 'qian', reason: '出差' });
  await house.feishuSays(
    'ou_zhao',
    '2/5 人已确认',
    '参加：王晓文',
    '委托：陈卫东（钱多 代）',
    '请假：李娜（',
    '陪客户',
    '未答复：赵敏、孙律',
  );
  await allSaid(house);
  const deputys = await house.slackCard('U05QIAN', 'MT-2026-0001');
  expect(slack.buttons(deputys).map((b) => b.label)).toEqual(['加议题']);
  expect(seen.inbox('qian', '邀请你参加「部门例会」')[0]?.attachments[0]?.method).toBe('PUBLISH');
  expect((await house.ledger('MT-2026-0001')).filter((line) => line.type === 'attendance-answered')).toMatchObject([
    { by: 'wang', data: { answer: 'yes' } },
    { by: 'li', data: { answer: 'no', reason: '陪客户 <b>看</b> *场地*' } },
    { by: 'chen', data: { answer: 'deputy', deputy: { person: 'qian' } } },
  ]);
});

test('nobody is their own deputy, nor has one who comes anyway; whoever was not called is told so', async () => {
  const { slack } = house;
  await slack.press('U04CHEN', await seen.cardWith('U04CHEN', 'MT-2026-0001', '委托'), '委托');
  await slack.submit('U04CHEN', await seen.windowOf('U04CHEN'), { deputy: 'chen' });
  await toldOnSlack(house, 'U04CHEN', '不能委托自己');
  slack.closeWindow('U04CHEN');
  await slack.press('U04CHEN', await seen.cardWith('U04CHEN', 'MT-2026-0001', '委托'), '委托');
  await slack.submit('U04CHEN', await seen.windowOf('U04CHEN'), { deputy: 'wang' });
  await toldOnSlack(house, 'U04CHEN', '王晓文 本来就要参加');
  slack.closeWindow('U04CHEN');
  // the deputy is not on the list, a stranger is not even that
  await slack.press('U05QIAN', await seen.cardWith('C0PR', 'MT-2026-0001', '参加'), '参加');
  await toldOnSlack(house, 'U05QIAN', '你不在参会名单里');
  await slack.press('U05QIAN', await seen.cardWith('C0PR', 'MT-2026-0001', '请假'), '请假');
  expect(slack.window('U05QIAN')).toBeUndefined();
  slack.addUser({ id: 'U09X', name: '外人' });
  await slack.press('U09X', await seen.cardWith('C0PR', 'MT-2026-0001', '参加'), '参加');
  const [row] = await house.sql<
    { body: { attendees: unknown[] } }[]
  >`select body from meeting where number = 'MT-2026-0001'`;
  expect(row?.body.attendees).toHaveLength(5);
});

test('a deputy who is not needed any more hears of it, and their calendar forgets the meeting', async () => {
  await house.slack.press('U04CHEN', await seen.cardWith('U04CHEN', 'MT-2026-0001', '参加'), '参加');
  await house.slackSays('U05QIAN', '「部门例会」', '你不用参加了');
  await allSaid(house);
  expect(seen.inbox('qian', '你不用参加了')[0]?.attachments[0]).toMatchObject({ method: 'CANCEL' });
  await house.feishuSays('ou_zhao', '参加：王晓文、陈卫东');
});

test('away: the deputy is called instead; who is back is asked again, also where the deputy came anyway', async () => {
  expect(await seen.types('U01WANG', '/pr', 'away 2026-09-28 2026-09-29 <@U05QIAN>')).toContain('由 钱多 代理');
  await house.feishuSays('ou_zhao', '委托：王晓文（外出，钱多 代）');
  await allSaid(house);
  expect(seen.inbox('qian', '邀请你参加「部门例会」')).toHaveLength(2);
  // 李娜 said 请假 with her own words; 陈卫东's deputy is the chair herself
  expect(await seen.types('U04CHEN', '/pr', 'away 2026-09-28 2026-09-29 赵敏')).toContain('由 赵敏 代理');
  await house.feishuSays('ou_zhao', '请假：李娜（', '）、陈卫东');
  expect(await seen.types('U01WANG', '/pr', 'back')).toContain('已记录你回来了');
  expect(await seen.types('U04CHEN', '/pr', 'back')).toContain('已记录你回来了');
  await house.feishuSays('ou_zhao', '请假：李娜', '未答复：王晓文、赵敏、陈卫东、孙律');
  await allSaid(house);
  expect(seen.inbox('qian', '你不用参加了')).toHaveLength(2);
  for (const user of ['U01WANG', 'U04CHEN'])
    await house.slack.press(user, await seen.cardWith(user, 'MT-2026-0001', '参加'), '参加');
});

test('anybody who is called adds topics by button; what they wrote stands there as text, in the order in which it came', async () => {
  const { slack, feishu } = house;
  await slack.press('U01WANG', await seen.cardWith('U01WANG', 'MT-2026-0001', '加议题'), '加议题');
  await slack.submit('U01WANG', await seen.windowOf('U01WANG'), {
    text: '<!channel> 双十一 [点我](https://evil.example) *预算*',
  });
  await toldOnSlack(house, 'U01WANG', '已加入议程');
  await feishu.press('ou_zhao', await house.feishuCard('oc_pr', 'MT-2026-0001'), '加议题');
  await feishu.fill('ou_zhao', await seen.formOf('ou_zhao', '加议题'), { text: '<at id=all></at> 年会' }, '加入议程');
  await house.slackSays('C0PR', '1. ', '双十一', '（王晓文）', '2. ', '年会', '（赵敏）');
  const { blocks } = await house.slackCard('C0PR', 'MT-2026-0001');
  const texts = blocks.map((block) => block.text as { type: string; text: string } | undefined);
  expect(texts.find((text) => text?.text.includes('<!channel>'))?.type).toBe('plain_text');
  const agenda = await house.feishuSays('oc_pr', '年会');
  expect(JSON.stringify(agenda.card)).toMatch(/"tag":"plain_text","content":"[^"]*<at id=all>/);
  expect(feishu.complaints).toEqual([]);
  // forty are enough
  await house.sql`update meeting set body = jsonb_set(body, '{topics}', (select jsonb_agg(jsonb_build_object('id', n::text, 'text', '议题' || n, 'by', 'li')) from generate_series(1, 40) n)) where number = 'MT-2026-0001'`;
  await slack.press('U02LI', await seen.cardWith('C0PR', 'MT-2026-0001', '加议题'), '加议题');
  await slack.submit('U02LI', await seen.windowOf('U02LI'), { text: '又一个' });
  await toldOnSlack(house, 'U02LI', '最多 40 个议题');
  slack.closeWindow('U02LI');
});

test('a topic is taken off by whoever brought it, or by the chair; nobody else is offered it', async () => {
  const { feishu, slack } = house;
  for (const [who, topic] of [
    ['ou_zhao', '39'],
    ['ou_li', '40'],
  ] as const) {
    await allSaid(house);
    const card = await feishu.when(
      () => feishu.messagesOf(who).findLast((m) => feishu.buttonsOf(m).some((b) => b.label === '撤议题')),
      'the button',
    );
    await feishu.press(who, card, '撤议题');
    await feishu.fill(who, await seen.formOf(who, '撤下议题'), { topic }, '撤下议题');
    await toldOnFeishu(house, who, '已从议程撤下');
  }
  const [row] = await house.sql<{ count: number }[]>`
    select jsonb_array_length(body->'topics') as count from meeting where number = 'MT-2026-0001'`;
  expect(row?.count).toBe(38);
  await allSaid(house);
  const wangs = await house.slackCard('U01WANG', 'MT-2026-0001');
  expect(slack.buttons(wangs).map((b) => b.label)).not.toContain('撤议题');
});

test('half an hour before, the group and everybody who comes are reminded once; who is excused is left in peace', async () => {
  await becomes(house, '2026-09-28T09:29:00+08:00');
  expect(seen.onSlack('C0PR', '将于')).toBe(0);
  await becomes(house, '2026-09-28T09:30:01+08:00');
  for (const place of ['U01WANG', 'U04CHEN', 'C0PR'])
    expect(seen.onSlack(place, '「部门例会」将于 2026-09-28 周一 10:00 开始')).toBe(1);
  for (const place of ['ou_zhao', 'oc_pr'])
    expect(seen.onFeishu(place, '「部门例会」将于 2026-09-28 周一 10:00 开始')).toBe(1);
  expect(seen.onSlack('C0PR', '本应在')).toBe(0);
  expect(seen.onSlack('U02LI', '将于') + seen.onFeishu('ou_li', '将于') + seen.inbox('li', '将于').length).toBe(0);
  expect(seen.onSlack('U05QIAN', '将于')).toBe(0);
  // mail is for whoever has no chat
  expect(seen.inbox('sun', '将于')).toHaveLength(1);
  expect(seen.inbox('wang', '将于')).toHaveLength(0);
});

test('a press on an old card after the meeting is answered with a sentence and does nothing', async () => {
  const { slack, feishu } = house;
  const cards = slack.messagesOf('U01WANG').filter((m) => slack.buttons(m).some((b) => b.label === '请假'));
  const old = slack.snapshot(cards[0] as FakeMessage);
  expect(cards).toHaveLength(1);
  const before = (await house.ledger('MT-2026-0001')).length;
  // it is over, and the clock has not written that down yet
  house.travelTo('2026-09-28T11:00:00.050+08:00');
  await slack.press('U01WANG', old, '请假');
  await toldOnSlack(house, 'U01WANG', '会议已结束，不能再操作');
  expect(slack.window('U01WANG')).toBeUndefined();
  await allSaid(house);
  await slack.press('U01WANG', old, '参加');
  await slack.until(
    () => slack.ephemerals('U01WANG').filter((m) => slack.cardText(m).includes('会议已结束')).length > 1,
  );
  const now = await house.feishuSays('ou_li', 'MT-2026-0001', '纪要最迟');
  expect(feishu.buttonsOf(now).map((b) => b.label)).not.toContain('参加');
  expect((await house.ledger('MT-2026-0001')).slice(before).map((line) => line.type)).toEqual(['meeting-ended']);
});

test('the program was off when it should have invited and reminded: the invitation comes, and no reminder on top of it', async () => {
  await house.running.stop();
  house.travelTo('2026-10-08T09:40:00+08:00');
  await house.restart();
  await allSaid(house);
  const card = await house.slackSays('U01WANG', 'MT-2026-0002', '原定 10-05 周一，国庆节放假，顺延');
  expect(house.slack.cardText(card)).toContain('2026-10-08 周四 10:00–11:00');
  expect(seen.onSlack('U01WANG', '「部门例会」', '2026-10-08', '将于') + seen.onSlack('U01WANG', '本应在')).toBe(0);
  expect((await house.types('MT-2026-0002')).join()).toBe('meeting-scheduled clock,meeting-invited clock');
  const [invited] = (await house.ledger('MT-2026-0002')).slice(1);
  expect(invited?.data).toMatchObject({ late: true, due: '2026-09-30T02:00:00.000Z' });
});

test('of several reminders that were due while it was off one comes, marked as late; none of what is over', async () => {
  // the invitation to the strategy meeting came late as well: its one reminder at 13:30 is still ahead
  await becomes(house, '2026-10-08T12:00:00+08:00');
  await house.running.stop();
  house.travelTo('2026-10-08T13:45:00+08:00');
  await house.restart();
  await allSaid(house);
  expect(
    seen.onSlack(
      'U05QIAN',
      '「季度战略会」将于 2026-10-08 周四 14:00 开始',
      '这条提醒本应在 2026-10-08 周四 13:30 发出',
    ),
  ).toBe(1);
  // 10-10 is a Saturday on which 国庆节 is worked off
  await becomes(house, '2026-10-10T10:00:02+08:00');
  await house.running.stop();
  house.travelTo('2026-10-12T11:30:00+08:00');
  await house.restart();
  await allSaid(house);
  const third = await seen.numberOn('2026-10-12');
  expect((await house.types(third)).slice(-2)).toEqual(['meeting-invited clock', 'meeting-ended clock']);
  expect(seen.onSlack('C0PR', '「部门例会」', '2026-10-12', '将于') + seen.onSlack('C0PR', '已于 2026-10-12')).toBe(0);
});

test('a platform that was away until the meeting was over says nothing of it afterwards', async () => {
  await becomes(house, '2026-10-16T10:00:02+08:00');
  const number = await seen.numberOn('2026-10-19');
  house.slack.fail('*', { status: 500 }, 10_000);
  house.travelTo('2026-10-19T09:30:01+08:00');
  await house.feishuSays('oc_pr', '「部门例会」将于 2026-10-19 周一 10:00 开始');
  await waitFor(async () => {
    const tried = await house.sql`
      select attempts from message where subject = ${number} and about = 'reminded' and platform = 'slack' and attempts > 0`;
    return tried.length === 4;
  }, 'Slack to be tried in vain');
  house.travelTo('2026-10-19T11:01:00+08:00');
  house.slack.heal();
  for (let hours = 0; hours < 3; hours++) {
    house.travel(1_800_000);
    await allSaid(house);
  }
  expect(seen.onSlack('C0PR', '将于 2026-10-19') + seen.onSlack('C0PR', '已于 2026-10-19')).toBe(0);
  const [left] = await house.sql`
    select array_agg(distinct state) as states from message where subject = ${number} and kind = 'notice'
      and about = 'reminded' and platform = 'slack'`;
  expect(left).toEqual({ states: ['closed'] });
});
