/** A night's crisis from the alarm to the debrief, as the department lives it: on Slack, on Feishu and on the phone at once (C1–C9, A3, A8, N1). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { allSaid } from '../support/clockwork.ts';
import { cardOnFeishu, cardOnSlack, entries, fills, presses, raises, roomOf } from '../support/crisis.ts';
import { type House, openHouse } from '../support/house.ts';
import { toldOnFeishu, toldOnSlack, typedOnSlack } from '../support/told.ts';

const MINUTE = 60_000;
const CHEN = '+8613800000004';
const CR = 'CR-2026-0001';
let house: House;
let slackRoom: string;
let feishuRoom: string;

beforeAll(async () => {
  house = await openHouse({ crisis: true, phones: true, at: '2026-11-24T02:40:00+08:00' });
});
// our own rate limits run on the house's clock: what an earlier step said is said
beforeEach(() => allSaid(house));
afterAll(() => house.close());

const types = async (): Promise<string[]> => (await entries(house, CR)).map(({ type, by }) => `${type} ${by}`);
const inSlackRoom = (...words: string[]) => house.slackSays(slackRoom, ...words);
const inFeishuRoom = (...words: string[]) => house.feishuSays(feishuRoom, ...words);
const spend = async (text: string): Promise<string> => {
  const said = await typedOnSlack(house, 'U01WANG', '/spend', text);
  return /SP-\d{4}-\d{4}/.exec(said)?.[0] ?? said;
};

describe('the alarm', () => {
  test('02:40, an ordinary request for the campaign waits for its signer', async () => {
    expect(await spend('3.2万 春季促销物料')).toBe('SP-2026-0001');
    await house.slackCard('U02LI', 'SP-2026-0001');
  });

  test('a press officer raises the alarm: director and supervisor are paged at once, wherever they are', async () => {
    expect(await raises(house, 'U01WANG', { affected: '春季促销' })).toBe(CR);
    await Promise.all([
      cardOnFeishu(house, 'ou_zhao', CR, '收到'),
      cardOnFeishu(house, 'ou_li', CR, '收到'),
      cardOnSlack(house, 'U02LI', CR, '收到'),
    ]);
    const channel = await cardOnSlack(house, 'C0CRISIS', CR, '定为特大');
    for (const word of ['有人受伤', '拿不准就高不就低', '顾客在直播间投诉产品起火', '春季促销'])
      expect(house.slack.cardText(channel)).toContain(word);
  });

  test('the director answers on Feishu; on every other card it stands at once who is reached', async () => {
    await presses(house, 'ou_zhao', 'ou_zhao', CR, '收到');
    await house.slackSays('C0CRISIS', CR, '已回应：赵敏 02:4');
    await house.slackSays('U02LI', CR, '已回应：赵敏');
  });

  test('she grades it critical, with her reason: the team is called, both rooms are opened with it, what is affected is frozen', async () => {
    await fills(house, 'ou_zhao', 'ou_zhao', CR, '定为特大', { reason: '有人受伤，媒体在场' });
    await Promise.all([cardOnFeishu(house, 'ou_sun', CR, '收到'), cardOnSlack(house, 'U04CHEN', CR, '收到')]);
    slackRoom = await roomOf(house, CR, 'slack');
    feishuRoom = await roomOf(house, CR, 'feishu');
    await inSlackRoom(`特大危机 ${CR}`, '有人受伤，媒体在场');
    await inFeishuRoom(`特大危机 ${CR}`, '有人受伤，媒体在场');
    const held = await house.slackSays('U01WANG', 'SP-2026-0001', CR);
    expect(house.slack.cardText(held)).toContain('已冻结');
  });
});

describe('until a person answers', () => {
  test('the executive sleeps: after five minutes the text message, after ten the phone; a key on it is his answer', async () => {
    const { twilio } = house;
    await presses(house, 'ou_sun', 'ou_sun', CR, '收到');
    await presses(house, 'U02LI', 'U02LI', CR, '收到');
    house.travel(5 * MINUTE);
    const text = await twilio.when(() => twilio.textsTo(CHEN).at(-1), 'a text message to 陈卫东');
    expect(text.body).toContain(CR);
    await twilio.delivered(text.sid);
    await inSlackRoom('陈卫东', '短信已送达，未回应');
    house.travel(5 * MINUTE);
    const call = await twilio.when(() => twilio.callsTo(CHEN).at(-1), 'a call to 陈卫东');
    await twilio.press(call.sid, '1');
    await inFeishuRoom('陈卫东');
    expect(await types()).toContain('page-answered chen');
    expect(house.twilio.callsTo(CHEN)).toHaveLength(1);
  });
});

describe('the work', () => {
  test('seats are taken by button in the room on either platform', async () => {
    await presses(house, 'ou_zhao', feishuRoom, CR, '认领总指挥');
    await inSlackRoom('总指挥：赵敏');
    await presses(house, 'U02LI', slackRoom, CR, '认领记录');
    await presses(house, 'ou_sun', feishuRoom, CR, '认领法务');
    await inFeishuRoom('记录：李娜');
    await inSlackRoom('法务：孙律');
  });

  test('a fact typed in the Slack room stands in both rooms, with who said it where and when it happened', async () => {
    const { slack } = house;
    await slack.slash('U02LI', slackRoom, '/fact', '02:15 客服确认三起投诉，同一批次');
    await inFeishuRoom('客服确认三起投诉', '李娜', 'Slack');
    await inSlackRoom('客服确认三起投诉');
    const [fact] = await entries(house, CR, 'fact-noted');
    expect(fact).toMatchObject({ by: 'li', data: { happenedAt: '2026-11-23T18:15:00.000Z' } });
  });

  test('a message in the Slack room is added to the timeline by its shortcut; in the Feishu group by answering it with /fact', async () => {
    const { slack, feishu } = house;
    const ts = `${Math.floor(house.clock().getTime() / 1000)}.000100`;
    const message = { ts, user: 'U04CHEN', text: '监管部门来电询问' };
    await slack.messageShortcut('U02LI', slackRoom, message, 'add_to_timeline');
    await inFeishuRoom('监管部门来电询问', '陈卫东');
    feishu.platform.rooms.said.set('om_asked', {
      id: 'om_asked',
      chat: feishuRoom,
      from: 'ou_sun',
      senderType: 'user',
      type: 'text',
      content: { text: '平台要求两小时内回复' },
      mentions: [],
      at: house.clock(),
    });
    await feishu.say('ou_zhao', feishuRoom, '/fact', { mentionBot: true, replyTo: { id: 'om_asked' } });
    await inSlackRoom('平台要求两小时内回复', '孙律');
  });

  test('a task has its owner, an update its time; both are in both rooms', async () => {
    await fills(house, 'U02LI', slackRoom, CR, '派任务', { text: '联系直播平台下架', owner: 'chen' });
    await inFeishuRoom('联系直播平台下架', '陈卫东');
    await fills(house, 'U02LI', slackRoom, CR, '更新态势', {
      known: '三起投诉，同一批次，一人轻伤',
      said: '已停售，正在核查',
      next: '四点前发声明',
    });
    await inFeishuRoom('三起投诉，同一批次，一人轻伤', '已停售，正在核查');
    await fills(house, 'U02LI', slackRoom, CR, '记联络', {
      party: 'media',
      whom: '晚报 张记者',
      text: '告知四点前有声明',
    });
    await inFeishuRoom('晚报 张记者');
  });

  test('nobody has sent an update for twenty minutes: scribe and lead are asked for it', async () => {
    house.travel(21 * MINUTE);
    await toldOnFeishu(house, 'ou_zhao', CR, '更新');
    await toldOnSlack(house, 'U02LI', CR, '更新');
  });
});

describe('money and words', () => {
  test('the scribe spends at once within the cap; what the campaign asks for meanwhile waits in the freeze', async () => {
    const said = await typedOnSlack(house, 'U02LI', '/spend', `8万 下架赔付 --crisis ${CR}`);
    expect(said).toContain('先行执行');
    await inFeishuRoom('80,000.00', '李娜');
    expect(await spend('1万 春季促销直播间布置')).toBe('SP-2026-0003');
    await house.slackSays('U01WANG', 'SP-2026-0003', '已冻结');
    expect(await spend('2000 秋季发布会场地')).toBe('SP-2026-0004');
    await house.slackCard('U02LI', 'SP-2026-0004');
  });

  test('a statement is drafted in the room, cleared by legal, director and executive over exactly its text, and released', async () => {
    const { slack } = house;
    const text = '我们已停售同批次产品，正在配合调查。';
    await slack.slash('U02LI', slackRoom, '/statement', `new ${text}`);
    await presses(house, 'U02LI', 'U02LI', 'ST-2026-0001', '送审');
    await presses(house, 'ou_sun', 'ou_sun', 'ST-2026-0001', '审核通过');
    await presses(house, 'ou_zhao', 'ou_zhao', 'ST-2026-0001', '审核通过');
    await presses(house, 'U04CHEN', 'U04CHEN', 'ST-2026-0001', '审核通过');
    await presses(house, 'U04CHEN', slackRoom, CR, '认领发言人');
    await fills(house, 'U04CHEN', 'U04CHEN', 'ST-2026-0001', '登记发布', { where: '官方微博' });
    await inFeishuRoom('ST-2026-0001', '发布');
    const right = await typedOnSlack(house, 'U01WANG', '/statement', `check ${text}`);
    expect(right).toContain('ST-2026-0001');
    const wrong = await typedOnSlack(house, 'U01WANG', '/statement', `check ${text.replace('同批次', '全部')}`);
    expect(wrong).toContain('不同');
  });

  test('the lead decides go: what was held goes on, and its signers are asked again', async () => {
    await fills(house, 'ou_zhao', feishuRoom, CR, '决定冻结去留', { verdict: 'go', reason: '原因已查明，仅一个批次' });
    await house.slackCard('U02LI', 'SP-2026-0003');
    const [verdict] = await entries(house, CR, 'freeze-verdict');
    expect(verdict).toMatchObject({ by: 'zhao', data: { go: true, reason: '原因已查明，仅一个批次' } });
  });
});

describe('afterwards', () => {
  test('it is stood down with its reason; what follows is ordered as decisions with owner and date', async () => {
    await fills(house, 'ou_zhao', feishuRoom, CR, '解除危机', { how: 'controlled', reason: '平台已下架，伤者出院' });
    await inSlackRoom('平台已下架，伤者出院');
    await fills(house, 'ou_zhao', feishuRoom, CR, '登记善后', {
      kind: 'lessons',
      text: '更新直播前的产品检查清单',
      owner: 'li',
      due: '2026-12-11',
    });
    await house.slackSays('U02LI', 'DM-2026-0001', '更新直播前的产品检查清单');
    const rows = await house.sql`select owner, chair, crisis, meeting from decision`;
    expect(rows).toEqual([{ owner: 'li', chair: 'zhao', crisis: CR, meeting: null }]);
  });

  test('in the morning the director ratifies; both times are kept, in the request and in the crisis', async () => {
    house.travelTo('2026-11-24T10:00:00+08:00');
    const request = await cardOnFeishu(house, 'ou_zhao', 'SP-2026-0002', '同意补批');
    await house.feishu.press('ou_zhao', request, '同意补批');
    await house.feishuSays('ou_zhao', 'SP-2026-0002', '已补批');
    const [acted] = await entries(house, CR, 'spend-executed');
    const [ratified] = await entries(house, CR, 'spend-ratified');
    expect([acted?.by, ratified?.by]).toEqual(['clock', 'clock']);
    expect(Date.parse(String(ratified && 'at' in ratified && ratified.at))).toBeGreaterThan(
      Date.parse(String(acted && 'at' in acted && acted.at)),
    );
  });

  test('the debrief is made from the timeline: as text and as a PDF, for those who may see it', async () => {
    const said = await typedOnSlack(house, 'U02LI', '/crisis', `debrief ${CR}`);
    const [markdown, pdf] = ['md', 'pdf'].map(
      (format) =>
        new RegExp(`http[^"\\\\|>]*${CR}\\.${format}\\?[^"\\\\|>]*`).exec(said)?.[0].replaceAll('&amp;', '&') ?? '',
    );
    const text = await (await fetch(markdown ?? '')).text();
    for (const word of [
      CR,
      '客服确认三起投诉',
      '监管部门来电询问',
      '官方微博',
      '平台已下架',
      '更新直播前的产品检查清单',
      '80,000.00',
    ])
      expect(text).toContain(word);
    const paper = Buffer.from(await (await fetch(pdf ?? '')).arrayBuffer());
    expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
    expect(paper.length).toBeLessThan(500_000);
    expect((await fetch(`${markdown}0`)).status).toBe(404);
  });

  test('nothing failed on the way, nobody was shown a platform’s error, and the ledger holds', async () => {
    expect(house.feishu.complaints).toEqual([]);
    expect(house.lines.filter((line) => line.includes('"level":50'))).toEqual([]);
    expect(house.twilio.faults).toEqual([]);
  });
});
