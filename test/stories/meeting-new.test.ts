/** Meetings that people set up themselves, in a line or a form; listed, moved, called off by whoever may (M1). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allSaid, becomes } from '../support/clockwork.ts';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse } from '../support/house.ts';
import { lookAt } from '../support/meetings.ts';
import { toldOnFeishu, toldOnSlack } from '../support/told.ts';

let house: House;
let seen: ReturnType<typeof lookAt>;
let book: Awaited<ReturnType<typeof copyHandbook>>;
beforeAll(async () => {
  book = await copyHandbook({ 'company.yaml': [['{id: qian, name: 钱多', '{id: qian, language: en, name: 钱多']] });
  house = await openHouse({ at: '2026-12-01T10:00:00+08:00', handbook: book.folder });
  seen = lookAt(house);
});
afterAll(async () => {
  await house.close();
  await book.remove();
});

/** `/meeting …` in the direct chat. */
const meeting = (user: string, text: string) => seen.types(user, '/meeting', text);
async function all(): Promise<string[]> {
  const rows = await house.sql<{ line: string }[]>`
    select number || ' ' || (body->'title'->>'zh') || ' ' || to_char(start_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI') || ' ' || state as line
    from meeting order by number limit 40`;
  return rows.map((row) => row.line);
}

test('a line says it all: planned, everybody invited at once, reminded a working day and half an hour before', async () => {
  const { slack } = house;
  expect(await meeting('U05QIAN', 'new 12-10 14:00 选题会 <@U02LI> @王晓文')).toContain(
    'MT-2026-0001 is planned for Thu 10 Dec 2026 14:00–15:00',
  );
  const card = await house.slackCard('U01WANG', 'MT-2026-0001');
  for (const word of ['选题会', '2026-12-10 周四 14:00–15:00', '钱多', '未答复：李娜、王晓文、钱多'])
    expect(slack.cardText(card)).toContain(word);
  await house.feishuCard('ou_li', 'MT-2026-0001');
  const own = await house.slackCard('U05QIAN', 'MT-2026-0001');
  expect(slack.buttons(own).map((b) => b.label)).toEqual(expect.arrayContaining(['Coming', 'Move', 'Cancel meeting']));
  await becomes(house, '2026-12-09T14:00:01+08:00');
  await becomes(house, '2026-12-10T13:30:01+08:00');
  expect(seen.onSlack('U01WANG', '「选题会」将于 2026-12-10 周四 14:00 开始')).toBe(2);
  expect(seen.onSlack('U05QIAN', '“选题会” begins on')).toBe(2);
});

test('every week, by a line on Feishu: each occurrence invites by itself', async () => {
  await house.feishu.say('ou_zhao', 'p2p', '/meeting new 每周三 15:00 复盘会 @李娜 <@ou_wang>');
  await toldOnFeishu(house, 'ou_zhao', '已建立 MS-2026-0001：每周三 15:00');
  expect((await all()).filter((line) => line.includes('复盘会')).slice(0, 3)).toEqual([
    'MT-2026-0002 复盘会 12-16 15:00 planned',
    'MT-2026-0003 复盘会 12-23 15:00 planned',
    'MT-2026-0004 复盘会 12-30 15:00 planned',
  ]);
  expect(seen.onSlack('U01WANG', 'MT-2026-0002')).toBe(0);
  await becomes(house, '2026-12-15T15:00:01+08:00');
  await house.slackCard('U01WANG', 'MT-2026-0002');
  expect(await meeting('U05QIAN', 'new every friday 16:00 Review @王晓文')).toContain(
    'MS-2026-0002 is set up: every Friday at 16:00',
  );
});

test('nothing, or not enough, brings the form; faults stand at their fields; sent twice it counts once', async () => {
  const { slack } = house;
  await meeting('U02LI', 'new');
  const window = await seen.windowOf('U02LI');
  await slack.submit('U02LI', window, {
    title: '年会筹备',
    when: '改天',
    length: '3',
    who: '王晓文、马云',
    channel: 'pr',
  });
  expect(Object.values(window.errors ?? {})).toEqual([
    expect.stringContaining('时间看不懂'),
    expect.stringContaining('5 到 1440'),
    expect.stringContaining('找不到：马云'),
  ]);
  await slack.submit('U02LI', window, { when: '2026-11-01 10:00', length: '90', who: '王晓文、财务部' });
  expect(Object.values(window.errors ?? {}).join()).toContain('这个时间已经过去了');
  const filled = { when: '12月21日 下午2点', place: '<!here> *大会议室*' };
  const [first, again] = await Promise.all([
    slack.submit('U02LI', window, filled),
    slack.submit('U02LI', window, filled),
  ]);
  for (const answered of [first, again]) expect(answered.problem).toBeUndefined();
  await toldOnSlack(house, 'U02LI', '2026-12-21 周一 14:00–15:30');
  const found = (await all()).filter((line) => line.includes('年会筹备'));
  expect(found).toEqual([expect.stringContaining('12-21 14:00 planned')]);
  const number = found[0]?.slice(0, 12) ?? '';
  await house.slackSays('U05QIAN', number, 'No answer yet: 王晓文, 钱多, 李娜');
  await house.slackSays('C0PR', number, '*大会议室*');
  await house.feishuSays('oc_pr', number);
});

test('a line with somebody unknown, or a time that is over, opens the form with what was typed and what is wrong', async () => {
  const { slack } = house;
  await meeting('U01WANG', 'new 12-24 10:00 选题 @马云');
  const unknown = await seen.windowOf('U01WANG');
  expect(slack.cardText(unknown)).toContain('找不到：马云');
  slack.closeWindow('U01WANG');
  await meeting('U01WANG', 'new 2026-11-02 10:00 迟到会 @李娜');
  expect(slack.cardText(await seen.windowOf('U01WANG'))).toContain('这个时间已经过去了');
  slack.closeWindow('U01WANG');
  await meeting('U01WANG', `new ${'很长的名字'.repeat(60)}`);
  const long = await seen.windowOf('U01WANG');
  expect(JSON.stringify(long.blocks)).toContain('很长的名字');
  slack.closeWindow('U01WANG');
  expect((await all()).join()).not.toContain('选题 ');
});

test('the same form as a card on Feishu', async () => {
  const { feishu } = house;
  await feishu.say('ou_zhao', 'p2p', '/会议 新建');
  const form = await seen.formOf('ou_zhao', '新会议');
  await feishu.fill('ou_zhao', form, { title: '媒体日', when: '下周八 10:00', who: '全员' }, '创建');
  expect(feishu.cardText(form)).toContain('时间看不懂');
  expect(feishu.fieldsOf(form)).toMatchObject({ title: '媒体日', who: '全员' });
  await feishu.fill('ou_zhao', form, { when: '12-22 10:00', chair: 'li', place: '新闻中心' }, '创建');
  await toldOnFeishu(house, 'ou_zhao', '2026-12-22 周二 10:00–11:00');
  const [line = ''] = (await all()).filter((one) => one.includes('媒体日'));
  const card = await house.slackCard('U04CHEN', line.slice(0, 12));
  expect(house.slack.cardText(card)).toContain('李娜');
  expect(house.slack.cardText(card)).toContain('0/6 人已确认');
  expect(feishu.complaints).toEqual([]);
});

test('the list: what is coming up, which meetings come again, and a button to each', async () => {
  const answered = await house.slack.slash('U01WANG', 'direct', '/meeting', 'list');
  const text = JSON.stringify(answered.body);
  for (const word of [
    '复盘会 · MT-2026-0002',
    '年会筹备',
    '每周三 15:00 · MS-2026-0001',
    '每周五 16:00 · MS-2026-0002',
  ])
    expect(text).toContain(word);
  expect(text).not.toContain('选题会 · MT-2026-0001');
  expect(JSON.stringify((await house.slack.slash('U05QIAN', 'direct', '/meetings', '')).body)).toContain(
    'Meetings coming up',
  );
});

test('moved and called off in a line, by the chair and those above alone; English does as well', async () => {
  const { slack } = house;
  expect(await meeting('U01WANG', 'move MT-2026-0002 12-17 15:00')).toContain('只有主持人 赵敏');
  expect(await meeting('U04CHEN', 'move MT-2026-0002')).toContain('时间看不懂');
  expect(await meeting('U04CHEN', 'move MT-2026-0002 2026-12-01 10:00')).toContain('已经过去');
  expect(await meeting('U04CHEN', 'move MT-2026-0002 12-16 15:00')).toContain('时间没有变化');
  expect(await meeting('U04CHEN', 'move MT-2026-0099 12-17 15:00')).toContain('没有 MT-2026-0099');
  expect(await meeting('U04CHEN', 'move mt-2026-0002 12-17 15:00')).toContain('已改到 2026-12-17 周四 15:00–16:00');
  await allSaid(house);
  expect(seen.onSlack('U01WANG', '「复盘会」改期：原定 2026-12-16 周三 15:00，改到 2026-12-17 周四 15:00')).toBe(1);
  expect(await meeting('U05QIAN', 'cancel MT-2026-0002 nobody')).toContain('Only the chair 赵敏');
  await slack.slash('U04CHEN', 'direct', '/meeting', 'cancel MT-2026-0002 客户改期了');
  await house.slackSays('U01WANG', '「复盘会」（2026-12-17 周四 15:00）已取消');
  await house.slackSays('U01WANG', 'MT-2026-0002', '陈卫东 取消：客户改期了');
  expect(await meeting('U04CHEN', 'cancel MT-2026-0002 again')).toContain('会议已取消，不能再操作');
  expect(await meeting('U01WANG', 'cancel')).toContain('请写成：/meeting new');
  expect(await meeting('U05QIAN', 'dance')).toContain('Please write: /meeting new');
});

test('a regular meeting ends by the word of whoever set it up; all that was planned of it goes, also what was moved', async () => {
  const { slack } = house;
  expect(await meeting('U04CHEN', 'move MT-2026-0003 12-24 11:00')).toContain('已改到 2026-12-24');
  // those who are invited now hear of its end
  await allSaid(house);
  expect(await meeting('U01WANG', 'cancel MS-2026-0001 不开了')).toContain('只有');
  expect(await meeting('U04CHEN', 'cancel MS-2026-0077 不开了')).toContain('没有 MS-2026-0077');
  await house.feishu.say('ou_zhao', 'p2p', '/meeting cancel MS-2026-0001 项目结束');
  await toldOnFeishu(house, 'ou_zhao', 'MS-2026-0001 已停止');
  expect((await all()).filter((line) => line.includes('复盘会') && line.endsWith('planned'))).toEqual([]);
  await house.slackSays('U01WANG', '「复盘会」（2026-12-24 周四 11:00）已取消');
  await house.slackSays('U01WANG', 'MT-2026-0003', '不再召开：项目结束');
  expect(await meeting('U04CHEN', 'cancel MS-2026-0001 项目结束')).toContain('没有 MS-2026-0001');
  const text = JSON.stringify((await slack.slash('U01WANG', 'direct', '/meeting', 'list')).body);
  expect(text).not.toContain('MS-2026-0001');
  expect(text).toContain('MS-2026-0002');
});
