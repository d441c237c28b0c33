/** Minutes of the weekly meeting: written in Slack, corrected, written by two at once, late, and not owed at all (M3, D4). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allSaid, becomes } from '../support/clockwork.ts';
import { HOUR, type House, openHouse } from '../support/house.ts';
import { lookAt } from '../support/meetings.ts';
import { toldOnSlack } from '../support/told.ts';

let house: House;
let seen: ReturnType<typeof lookAt>;
beforeAll(async () => {
  // a Thursday; the weekly meeting is on Monday at 10:00, its minutes are due 24 hours after it
  house = await openHouse({ at: '2026-11-19T15:00:00+08:00', meetings: true });
  seen = lookAt(house);
});
afterAll(() => house.close());

const WEEKLY = 'MT-2026-0001';
/** What the minutes in force say. */
async function minutesOf(number: string) {
  const rows = await house.sql<
    {
      body: { version: number; by: string; decisions: { number: string; text: string; owner: string; due: string }[] };
    }[]
  >`
    select body from minutes where meeting = ${number} order by version`;
  return rows.map(({ body }) => body);
}
const decided = async (number: string) =>
  (await minutesOf(number)).at(-1)?.decisions.map((one) => `${one.number} ${one.text} ${one.owner} ${one.due}`);
const standing = (view: { blocks: Record<string, unknown>[] }, field: string) => {
  const element = view.blocks.find((block) => block.block_id === `f:${field}`)?.element as
    | Record<string, unknown>
    | undefined;
  if (!element) throw new Error(`no field ${field}`);
  const option = element.initial_option as { value: string } | undefined;
  return element.initial_value ?? element.initial_date ?? element.initial_user ?? option?.value;
};
const opens = async (user: string, text = WEEKLY) => {
  expect((await house.slack.slash(user, 'direct', '/minutes', text)).problem).toBeUndefined();
  return house.slack.until(() => house.slack.window(user));
};

test('nobody writes minutes of what has not begun; whoever was not called is told so', async () => {
  await becomes(house, '2026-11-23T09:58:00+08:00');
  expect(await seen.types('U01WANG', '/minutes', WEEKLY)).toContain('会议 2026-11-23 周一 10:00 才开始');
  expect(await seen.types('U05QIAN', '/minutes', WEEKLY)).toContain('这个会议没有邀请你');
  expect(await seen.types('U01WANG', '/minutes', 'MT-2026-9999')).toContain('没有 MT-2026-9999');
  const card = await house.slackCard('U01WANG', WEEKLY);
  expect(house.slack.buttons(card).map((one) => one.label)).not.toContain('填写纪要');
});

test('after it the minute-taker is asked; the window has the agenda and who said they come', async () => {
  const { slack } = house;
  await slack.press('U02LI', await seen.cardWith('U02LI', WEEKLY, '加议题'), '加议题');
  await slack.submit('U02LI', await seen.windowOf('U02LI'), { text: '年会场地' });
  await becomes(house, '2026-11-23T11:00:05+08:00');
  await house.slackSays('U01WANG', '「部门例会」已结束，请在 2026-11-24 周二 11:00 前提交纪要');
  expect(seen.onSlack('U02LI', '请在 2026-11-24')).toBe(0);
  await slack.press('U01WANG', await seen.cardWith('U01WANG', WEEKLY, '填写纪要'), '填写纪要');
  const view = await seen.windowOf('U01WANG');
  expect(slack.cardText(view)).toContain('每项决议都要有责任人和期限');
  expect([standing(view, 'topics'), standing(view, 'present')]).toEqual(['年会场地', '王晓文、李娜、赵敏、陈卫东']);
  expect(view.blocks.length).toBeLessThan(100);
});

test('without an owner or a date they bounce, each at its field, and what was filled in stays; sent twice they count once', async () => {
  const { slack } = house;
  const view = await seen.windowOf('U01WANG');
  const filled = { d0: '与场地签合同', o0: 'li', w0: '2026-12-05', d1: '海报定稿', w2: '2026-12-06' };
  await slack.submit('U01WANG', view, { ...filled, more: '媒体名单 12-07\n新闻稿 @张三 12-08\n复盘 @赵敏 12-09' });
  expect(view.errors).toEqual({
    'f:o1': '没有责任人：请选一位。',
    'f:w1': '没有期限：请写日期，例如 12-05。',
    'f:d2': '写明决议的内容。',
    'f:o2': '没有责任人：请选一位。',
    'f:more':
      '「媒体名单 12-07」：没有责任人：请选一位。\n「新闻稿 @张三 12-08」：找不到这位责任人，请写规则手册里的姓名。',
  });
  await slack.submit('U01WANG', view, {
    o1: 'wang',
    w1: '2026-11-20',
    d2: '备选方案',
    o2: 'zhao',
    more: '复盘 @赵敏 12-09',
  });
  expect(view.errors).toEqual({ 'f:w1': '期限早于会议当天。' });
  expect(await minutesOf(WEEKLY)).toEqual([]);
  const filed = await slack.submit('U01WANG', view, { w1: '2026-12-04' });
  await toldOnSlack(house, 'U01WANG', `${WEEKLY} 的纪要已提交，4 项决议已发给责任人`);
  await slack.again(filed);
  expect(await decided(WEEKLY)).toEqual([
    'DM-2026-0001 与场地签合同 li 2026-12-05',
    'DM-2026-0002 海报定稿 wang 2026-12-04',
    'DM-2026-0003 备选方案 zhao 2026-12-06',
    'DM-2026-0004 复盘 zhao 2026-12-09',
  ]);
  const [line] = (await house.ledger(WEEKLY)).filter((one) => one.type === 'minutes-filed');
  expect(line).toMatchObject({ by: 'wang', data: { version: 1, source: 'form', via: 'slack' } });
  expect(line?.data.late).toBeUndefined();
  await house.slackSays('C0PR', WEEKLY, '纪要第 1 版', '与场地签合同 — 李娜', '到会：王晓文');
  await house.feishuSays('ou_zhao', '「部门例会」的纪要已发布，4 项决议');
});

test('a correction is a new version: numbers stay, what is emptied is void, and the old one can still be read', async () => {
  const { slack } = house;
  await slack.press('U01WANG', await seen.cardWith('U01WANG', WEEKLY, '更正纪要'), '更正纪要');
  const view = await seen.windowOf('U01WANG');
  expect(slack.cardText(view)).toContain('决议 1 DM-2026-0001');
  expect([standing(view, 'd3'), standing(view, 'o3'), standing(view, 'w3')]).toEqual(['复盘', 'zhao', '2026-12-09']);
  await slack.submit('U01WANG', view, { d0: '与场地签合同并付定金', d2: '', d4: '订酒店', o4: 'li', w4: '2026-12-10' });
  await toldOnSlack(house, 'U01WANG', '已更正为第 2 版，旧版保留');
  expect(await decided(WEEKLY)).toEqual([
    'DM-2026-0001 与场地签合同并付定金 li 2026-12-05',
    'DM-2026-0002 海报定稿 wang 2026-12-04',
    'DM-2026-0004 复盘 zhao 2026-12-09',
    'DM-2026-0005 订酒店 li 2026-12-10',
  ]);
  const states = await house.sql`select number, state from decision order by number`;
  expect(states.map((row) => `${row.number} ${row.state}`)).toContain('DM-2026-0003 void');
  await slack.press('U02LI', await seen.cardWith('U02LI', WEEKLY, '查看纪要'), '查看纪要');
  const latest = await slack.until(() =>
    slack.ephemerals('U02LI').findLast((m) => slack.cardText(m).includes('纪要第 2 版')),
  );
  expect(slack.cardText(latest)).toContain('第 1 版：王晓文');
  await slack.press('U02LI', latest, '看第 1 版');
  const old = await slack.until(() =>
    slack.ephemerals('U02LI').findLast((m) => slack.cardText(m).includes('已被第 2 版取代')),
  );
  expect(slack.cardText(old)).toContain('DM-2026-0003 备选方案');
  expect(slack.cardText(old)).not.toContain('并付定金');
});

test('a correction takes nothing back that was given since: an owner’s new date stays', async () => {
  await house.sql`update decision set due = '2026-12-20', body = jsonb_set(body, '{due}', '"2026-12-20"') where number = 'DM-2026-0001'`;
  await house.slack.press('U01WANG', await seen.cardWith('U01WANG', WEEKLY, '更正纪要'), '更正纪要');
  await house.slack.submit('U01WANG', await seen.windowOf('U01WANG'), { topics: '年会场地与预算' });
  await toldOnSlack(house, 'U01WANG', '已更正为第 3 版');
  const [row] = await house.sql`select body->>'due' as due from decision where number = 'DM-2026-0001'`;
  expect(row?.due).toBe('2026-12-20');
});

test('two write at once: one wins, the other is told, keeps every word, and files both as the next version', async () => {
  const { slack } = house;
  await slack.press('U01WANG', await seen.cardWith('U01WANG', WEEKLY, '更正纪要'), '更正纪要');
  await slack.press('U02LI', await seen.cardWith('U02LI', WEEKLY, '更正纪要'), '更正纪要');
  const [hers, mine] = [await seen.windowOf('U02LI'), await seen.windowOf('U01WANG')];
  await slack.submit('U02LI', hers, { d4: '李娜的补充', o4: 'li', w4: '2026-12-11' });
  await toldOnSlack(house, 'U02LI', '已更正为第 4 版');
  await slack.submit('U01WANG', mine, { d4: '晓文的补充', o4: 'wang', w4: '2026-12-12' });
  const again = await seen.windowOf('U01WANG');
  expect(slack.cardText(again)).toContain('李娜 刚刚提交了纪要。你填的内容还在');
  expect(standing(again, 'd4')).toBe('晓文的补充');
  expect([standing(again, 'd5'), standing(again, 'o5'), standing(again, 'w5')]).toEqual([
    '李娜的补充',
    'li',
    '2026-12-11',
  ]);
  await slack.submit('U01WANG', again);
  await toldOnSlack(house, 'U01WANG', '已更正为第 5 版');
  expect((await decided(WEEKLY))?.slice(-2)).toEqual([
    'DM-2026-0007 晓文的补充 wang 2026-12-12',
    'DM-2026-0006 李娜的补充 li 2026-12-11',
  ]);
  expect((await house.sql`select number from decision where state = 'void'`).map((row) => row.number)).toEqual([
    'DM-2026-0003',
  ]);
});

test('nobody writes: reminded before, at and after the due moment, then the superior too, again and again; how late is on record', async () => {
  await allSaid(house);
  const number = await seen.numberOn('2026-11-30');
  const asked = async () => {
    const lines = (await house.ledger(number)).filter((one) => /minutes-(?:reminded|overdue)/.test(one.type));
    return lines.map((one) => {
      const local = new Date(Date.parse(one.at) + 8 * HOUR).toISOString().slice(5, 16).replace('T', ' ');
      return `${local} ${one.data.when ?? one.data.asked} ${[one.data.to, ...((one.data.superiors ?? []) as string[])].join(' ')}`;
    });
  };
  await becomes(house, '2026-11-27T10:00:05+08:00');
  await becomes(house, '2026-11-30T11:00:05+08:00');
  await becomes(house, '2026-12-01T08:00:05+08:00');
  await house.slackSays('U01WANG', '的纪要将于 2026-12-01 周二 11:00 到期，还没有提交');
  for (const moment of ['01T11:00:05', '01T12:00:05', '02T14:00:05']) await becomes(house, `2026-12-${moment}+08:00`);
  await house.slackSays('U01WANG', '的纪要现在到期，还没有提交');
  await house.slackSays('U02LI', '的纪要逾期（应于 2026-12-01 周二 11:00 前提交，第 2 次催办）：王晓文');
  expect((await asked()).map((line) => line.slice(6))).toEqual([
    '08:00 before wang',
    '11:00 due wang',
    '12:00 1 wang li',
    '14:00 2 wang li',
  ]);
  await house.slackSays(
    'C0PR',
    number,
    '纪要逾期：应于 2026-12-01 周二 11:00 前提交',
    '期限：自 2026-11-30 周一 11:00 起 24 小时，截止 2026-12-01 周二 11:00',
  );
  await becomes(house, '2026-12-02T15:00:00+08:00');
  await house.slack.submit('U02LI', await opens('U02LI', number), { topics: '周报' });
  await house.slackSays('U01WANG', number, '李娜', '迟交 28 小时', '工作时间 10 小时');
  const [filed] = (await house.ledger(number)).filter((one) => one.type === 'minutes-filed');
  const late = filed?.data.late as { ms: number; workingMs: number };
  expect(Math.round(late.ms / 60_000)).toBeGreaterThanOrEqual(28 * 60);
  expect(Math.round((late.ms - late.workingMs) / 60_000)).toBe(18 * 60);
  await becomes(house, '2026-12-04T10:00:05+08:00');
  expect(await asked()).toHaveLength(4);
});

test('it did not take place: the chair calls it off afterwards, and nobody owes anything', async () => {
  const number = await seen.numberOn('2026-12-07');
  await becomes(house, '2026-12-07T11:30:00+08:00');
  const { feishu } = house;
  const card = await feishu.when(
    () =>
      feishu
        .messagesOf('ou_zhao')
        .findLast(
          (m) => feishu.cardText(m).includes(number) && feishu.buttonsOf(m).some((b) => b.label === '取消会议'),
        ),
    'the card of the chair',
  );
  await feishu.press('ou_zhao', card, '取消会议');
  await feishu.fill('ou_zhao', await seen.formOf('ou_zhao', '取消会议'), { reason: '大家都在布展' }, '取消会议');
  await becomes(house, '2026-12-09T12:00:00+08:00');
  expect((await house.ledger(number)).map((one) => one.type)).not.toContain('minutes-reminded');
  expect(seen.onSlack('U01WANG', '2026-12-08')).toBe(1);
  expect(await seen.types('U01WANG', '/minutes', number)).toContain('会议已取消，不能再操作');
});

test('the minute-taker is away: whoever stands in for them is asked, may write, and is named to others', async () => {
  await becomes(house, '2026-12-10T10:00:00+08:00');
  expect(await seen.types('U01WANG', '/pr', 'away 2026-12-14 2026-12-15 <@U05QIAN>')).toContain('由 钱多 代理');
  await becomes(house, '2026-12-11T10:00:05+08:00');
  const number = await seen.numberOn('2026-12-14');
  await becomes(house, '2026-12-14T11:00:05+08:00');
  await house.slackSays('U05QIAN', '「部门例会」已结束，请在 2026-12-15 周二 11:00 前提交纪要');
  await house.slack.submit('U05QIAN', await opens('U05QIAN', number), { topics: '周报' });
  await toldOnSlack(house, 'U05QIAN', `${number} 的纪要已提交`);
  expect((await house.ledger(number)).at(-1)).toMatchObject({ type: 'minutes-filed', by: 'qian' });
});
