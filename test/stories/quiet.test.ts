/** Quiet hours and the digest (N2): at night nobody is rung but for a crisis, and whoever wants it so gets one message in the morning. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse } from '../support/house.ts';
import { at, fileMinutes, quiet } from '../support/minutes.ts';
import { toldOnSlack } from '../support/told.ts';

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;
beforeAll(async () => {
  book = await copyHandbook({
    'company.yaml': [
      ['language: zh-CN', 'quiet: "22:00-08:00"\nlanguage: zh-CN'],
      ['email: zhao@example.com', 'quiet: "20:00-09:00", email: zhao@example.com'],
      ['email: qian@example.com', 'quiet: none, email: qian@example.com'],
      ['email: chen@example.com', 'hours: {timezone: Europe/London}, email: chen@example.com'],
      ['email: wang@example.com', 'digest: "09:00", email: wang@example.com'],
    ],
  });
  house = await openHouse({ at: '2026-12-01T23:00:00+08:00', handbook: book.folder });
  await quiet(house);
});
afterAll(async () => {
  await house.close();
  await book.remove();
});

async function spends(user: string, text: string, command = '/spend'): Promise<string> {
  const answered = await house.slack.slash(user, 'direct', command, text);
  expect(answered).toMatchObject({ status: 200, problem: undefined });
  const [number] = /(?:SP|PU)-\d{4}-\d{4}/.exec(JSON.stringify(answered.body)) ?? [];
  if (!number) throw new Error(JSON.stringify(answered.body));
  await quiet(house);
  return number;
}
function about(where: string, ...words: string[]): string[] {
  const { slack, feishu } = house;
  const texts =
    where.startsWith('U') || where.startsWith('C')
      ? slack.messagesOf(where).map((message) => slack.cardText(message))
      : feishu.messagesOf(where).map((message) => feishu.cardText(message));
  return texts.filter((text) => words.every((word) => text.includes(word)));
}

describe('quiet hours', () => {
  let number: string;
  test('at 23:00 nobody else is rung; whoever asks has their own card at once', async () => {
    number = await spends('U01WANG', '6万 海报印刷');
    expect(about('U01WANG', number, '海报印刷')).toHaveLength(1);
    expect(about('ou_wang', number)).toHaveLength(1);
    expect(about('U02LI', number)).toEqual([]);
    expect(about('ou_li', number)).toEqual([]);
  });

  test('what has changed often overnight comes once, as it is then; cards that stand already follow at once', async () => {
    const { slack } = house;
    for (const text of ['供应商报价已到', '请尽快', '明早会签']) {
      await slack.press('U01WANG', await house.slackCard('U01WANG', number), '评论');
      await slack.submit('U01WANG', await slack.until(() => slack.window('U01WANG')), { text });
      await slack.until(() => slack.window('U01WANG') === undefined);
    }
    await quiet(house);
    await at(house, '2026-12-02T07:59:00+08:00');
    expect(about('U02LI', number)).toEqual([]);
    await at(house, '2026-12-02T08:00:30+08:00');
    expect(about('U02LI', number, '海报印刷')).toHaveLength(1);
    expect(about('ou_li', number, '海报印刷')).toHaveLength(1);
    expect(about('U02LI', number, '评论了').length + about('ou_li', number, '评论了').length).toBe(3);
  });

  test('one’s own quiet hours are stronger than the company’s', async () => {
    const { slack } = house;
    await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
    await quiet(house);
    expect(about('ou_zhao', number)).toEqual([]);
    await at(house, '2026-12-02T08:59:00+08:00');
    expect(about('ou_zhao', number)).toEqual([]);
    await at(house, '2026-12-02T09:00:30+08:00');
    expect(about('ou_zhao', number)).toHaveLength(1);
  });
  test('whoever asks for it at night has it at once, though it would have waited for the morning', async () => {
    const { slack } = house;
    await at(house, '2026-12-02T23:10:00+08:00');
    const night = await spends('U01WANG', '2万 摄影');
    expect(about('U02LI', night)).toEqual([]);
    await slack.slash('U02LI', 'direct', '/spend', night);
    await quiet(house);
    expect(about('U02LI', night, '摄影')).toHaveLength(1);
    expect(about('ou_li', night)).toEqual([]);
    await slack.press('U02LI', await house.slackCard('U02LI', night), '批准');
    await toldOnSlack(house, 'U02LI', night);
    await quiet(house);
    expect(about('U01WANG', night, '已批准', '李娜 已于 2026-12-02')).toHaveLength(1);
    expect(about('U01WANG', '已获批准')).toEqual([]);
  });

  test('the digest is one message at nine with all that was told since yesterday; the cards were there all along', async () => {
    await at(house, '2026-12-03T08:59:00+08:00');
    expect(about('U01WANG', '已获批准')).toEqual([]);
    await at(house, '2026-12-03T09:00:30+08:00');
    const digests = [...about('U01WANG', '今日摘要'), ...about('ou_wang', '今日摘要')];
    expect(digests).toHaveLength(1);
    expect(digests[0]).toContain('SP-2026-0002 摄影 已获批准');
    expect(digests[0]).toContain('条通知');
    expect((await house.sql`select 1 from message where state = 'held'`).length).toBe(0);
  });

  test('who says `none` is rung at any hour; who lives elsewhere has the night of that place', async () => {
    const { slack } = house;
    await slack.slash('U01WANG', 'direct', '/purchase', '8万 展台搭建');
    const window = await slack.until(() => slack.window('U01WANG'));
    const rest = { supplier: '某某会展', needed: '2026-12-20', kind: 'service', reason: '年会' };
    expect(await slack.submit('U01WANG', window, rest)).toMatchObject({ problem: undefined });
    const number = 'PU-2026-0001';
    await at(house, '2026-12-03T09:00:10+08:00');
    await house.feishu.press('ou_zhao', await house.feishuCard('ou_zhao', number), '批准');
    await quiet(house);
    await at(house, '2026-12-03T23:00:00+08:00');
    await slack.press('U05QIAN', await house.slackCard('U05QIAN', number), '批准');
    await quiet(house);
    // in London it is three in the afternoon
    expect(about('U04CHEN', number)).toHaveLength(1);
    const spend = await spends('U05QIAN', '3万 审计');
    expect(about('U04CHEN', spend)).toHaveLength(1);
    await slack.press('U04CHEN', await house.slackCard('U04CHEN', spend), '批准');
    await quiet(house);
    expect(about('U05QIAN', spend, '已获批准')).toHaveLength(1);
  });

  test('the administrator is not woken by a message that cannot be delivered, and reads of it in the morning', async () => {
    await at(house, '2026-12-04T09:30:00+08:00');
    house.slack.archive('C0PR');
    const number = await spends('U01WANG', '1万 花篮');
    expect(about('U04CHEN', number)).toEqual([]);
    // eight o’clock in London
    await at(house, '2026-12-04T16:00:30+08:00');
    expect(about('U04CHEN', number, 'is_archived')).toHaveLength(1);
  });

  test('minutes filed at night: what follows for whoever filed them comes at once, for everybody else in the morning', async () => {
    await at(house, '2026-12-04T22:30:00+08:00');
    const said = await house.slack.slash('U01WANG', 'direct', '/meeting', 'new 12-04 22:31 选题会 @李娜');
    expect(JSON.stringify(said.body)).toContain('MT-2026-0001');
    await quiet(house);
    expect(about('U02LI', 'MT-2026-0001')).toEqual([]);
    await at(house, '2026-12-04T23:40:00+08:00');
    const numbers = await fileMinutes(house, 'U01WANG', 'MT-2026-0001', ['写提纲 @王晓文 12-08', '约摄影 @李娜 12-09']);
    await quiet(house);
    expect(about('U01WANG', numbers[0] ?? '', '来自会议')).toHaveLength(1);
    expect(about('U02LI', numbers[1] ?? '', '来自会议')).toEqual([]);
    await at(house, '2026-12-05T08:00:30+08:00');
    expect(about('U02LI', numbers[1] ?? '', '来自会议')).toHaveLength(1);
  });
});
