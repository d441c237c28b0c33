/** Drills as the department holds them: the same pages, buttons and rooms as at night, marked everywhere, scored, compared; no phone, no money (C8). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  answerOnSlack,
  cardOnFeishu,
  cardOnSlack,
  drills,
  entries,
  fills,
  presses,
  roomOf,
} from '../support/crisis.ts';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse } from '../support/house.ts';
import { quiet } from '../support/minutes.ts';
import { typedOnSlack } from '../support/told.ts';

const MINUTE = 60_000;
const DR = 'DR-2026-0001';
const TEXT = '我们已停售这批产品，正在联系顾客。';
let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;
let slackRoom: string;
let feishuRoom: string;

/** 吴迪 has nothing to do with any crisis. */
const WU =
  '  - {id: wu, name: 吴迪, title: 公关专员, manager: li, roles: [specialist], accounts: {slack: U09WU}}\nchannels:';

beforeAll(async () => {
  book = await copyHandbook({ 'company.yaml': [['channels:', WU]] }, {}, { crisis: true });
  house = await openHouse({ handbook: book.folder, phones: true });
  house.slack.addUser({ id: 'U09WU', name: '吴迪' });
});
afterAll(async () => {
  await house.close();
  await book.remove();
});

const said = (text: string) => typedOnSlack(house, 'U02LI', '/crisis', text);
const crises = () => house.sql<{ number: string; state: string }[]>`select number, state from crisis order by number`;

/** 李娜 grades it in the channel as the scenario says. */
async function grades(number: string, label: string): Promise<void> {
  await fills(house, 'U02LI', 'C0CRISIS', number, label, { reason: '按演练脚本' });
  await house.slackSays('U02LI', number, '按演练脚本');
}

async function standsDown(number: string): Promise<void> {
  await fills(house, 'U02LI', 'U02LI', number, '结束演练', { how: 'controlled', reason: '演练完成' });
  await quiet(house);
  await house.slackSays('U02LI', number, '演练成绩');
}

describe('begun', () => {
  test('asked for, the scenarios of the handbook are listed; a press opens one form that says whom it calls and that no phone rings', async () => {
    const { slack } = house;
    const list = await said('drill');
    for (const word of ['直播间产品起火（特大）', '门店争执上热搜（重大）', '客户名单外泄（重大）'])
      expect(list).toContain(word);
    const card = await answerOnSlack(house, 'U02LI', '开始演练');
    await slack.press('U02LI', card, (button) => JSON.stringify(button).includes('live-fire'));
    const form = await slack.until(() => slack.window('U02LI'));
    for (const word of ['演练', '提交后马上呼叫：赵敏', '不打电话、不发短信'])
      expect(slack.cardText(form)).toContain(word);
    await quiet(house);
    expect(await crises()).toEqual([]);
    expect(slack.messagesOf('C0CRISIS')).toEqual([]);
  });

  test('sent, it calls at once under a number of its own; sent once more it counts once', async () => {
    const { slack } = house;
    const form = await slack.until(() => slack.window('U02LI'));
    const sent = await slack.submit('U02LI', form);
    await Promise.all([slack.again(sent), slack.again(sent, 2), slack.submit('U02LI', form)]);
    await Promise.all([cardOnFeishu(house, 'ou_zhao', DR, '收到'), cardOnSlack(house, 'C0CRISIS', DR, '定为特大')]);
    expect(await crises()).toEqual([{ number: DR, state: 'alarm' }]);
    expect(await entries(house, DR, 'person-called')).toHaveLength(1);
  });

  test('a second one meanwhile is refused with the number of the first, before anything is filled in', async () => {
    for (const which of ['service-storm', '直播间产品起火']) expect(await said(`drill ${which}`)).toContain(DR);
    expect(house.slack.window('U02LI')).toBeUndefined();
    expect(await crises()).toHaveLength(1);
  });
});

describe('held', () => {
  test('graded after three minutes, the team is paged as at night and both rooms are opened, marked in their names', async () => {
    house.travel(3 * MINUTE);
    await presses(house, 'ou_zhao', 'ou_zhao', DR, '收到');
    await grades(DR, '定为特大');
    slackRoom = await roomOf(house, DR, 'slack');
    feishuRoom = await roomOf(house, DR, 'feishu');
    expect(house.feishu.chat(feishuRoom).name).toMatch(/^【演练】/);
    expect(house.slack.channels.get(slackRoom)).toMatchObject({ name: `yanlian-${DR.toLowerCase()}` });
    expect(house.slack.channels.get(slackRoom)?.topic).toContain(`【演练】${DR}`);
    await Promise.all([cardOnFeishu(house, 'ou_sun', DR, '收到'), cardOnSlack(house, 'U04CHEN', DR, '收到')]);
  });

  test('who does not answer is rung by Feishu in the app, which costs nothing; no text is sent and no phone rings', async () => {
    const { feishu, twilio } = house;
    const rung = () => feishu.platform.rooms.rings.map(({ person, how }) => `${person} ${how}`);
    for (const who of ['U04CHEN', 'U05QIAN']) await presses(house, who, who, DR, '收到');
    for (let i = 0; i < 2; i++) {
      house.travel(5 * MINUTE);
      await quiet(house);
    }
    expect(rung()).toContain('ou_sun app');
    expect(rung().filter((one) => !one.endsWith(' app'))).toEqual([]);
    await presses(house, 'ou_sun', 'ou_sun', DR, '收到');
    await presses(house, 'ou_zhao', 'ou_zhao', DR, '收到');
    await quiet(house);
    expect([...twilio.calls, ...twilio.messages]).toEqual([]);
  });

  test('the work is done by the same buttons: seats, facts, tasks, updates, contacts', async () => {
    const { slack } = house;
    for (const seat of ['认领总指挥', '认领记录']) await presses(house, 'U02LI', slackRoom, DR, seat);
    await presses(house, 'U04CHEN', slackRoom, DR, '认领发言人');
    await slack.slash('U02LI', slackRoom, '/fact', '客服确认三起');
    await fills(house, 'U02LI', slackRoom, DR, '派任务', { text: '联系直播平台', owner: 'chen' });
    await presses(house, 'U04CHEN', 'U04CHEN', DR, '完成');
    const update = { known: '三起投诉', said: '正在核查', next: '发声明' };
    await fills(house, 'U02LI', slackRoom, DR, '更新态势', update);
    await fills(house, 'U02LI', slackRoom, DR, '记联络', { party: 'media', whom: '晚报', text: '稍后有声明' });
    await presses(house, 'ou_sun', 'ou_sun', DR, '收回回应');
    await house.slackSays(slackRoom, DR, '联络');
    house.travel(21 * MINUTE);
    await house.slackSays(slackRoom, DR, '更新');
    await quiet(house);
  });

  test('no money moves in it and nothing is frozen: a spend names the drill and is told so, another goes its way', async () => {
    const before = await typedOnSlack(house, 'U02LI', '/spend', `8万 下架赔付 --crisis ${DR}`);
    for (const word of [`${DR} 是演练`, '没有记为申请']) expect(before).toContain(word);
    await fills(house, 'U02LI', 'U02LI', DR, '调整级别', {
      grade: 'major',
      reason: '涉及面缩小',
      kind: 'product-safety',
      affected: '暖手宝',
    });
    await quiet(house);
    await house.slackSays('U02LI', DR, '暖手宝');
    expect(await typedOnSlack(house, 'U01WANG', '/spend', '1万 暖手宝 海报')).toContain('SP-2026-0001');
    await house.slackCard('U02LI', 'SP-2026-0001');
    expect(await house.sql`select number from request`).toHaveLength(1);
    expect(await house.sql`select held from request where held is not null`).toEqual([]);
    expect(await house.sql`select frozen from crisis where frozen is not null`).toEqual([]);
  });

  test('its statement goes the whole way and says 演练 at each step; nobody outside takes it for one of ours', async () => {
    const { slack } = house;
    await slack.slash('U02LI', slackRoom, '/statement', `new ${TEXT}`);
    await presses(house, 'U02LI', 'U02LI', 'ST-2026-0001', '送审');
    await presses(house, 'ou_sun', 'ou_sun', 'ST-2026-0001', '审核通过');
    await presses(house, 'ou_zhao', 'ou_zhao', 'ST-2026-0001', '审核通过');
    const card = await cardOnSlack(house, 'U04CHEN', 'ST-2026-0001', '登记演练发布');
    for (const word of ['【演练】', '不得对外发布']) expect(slack.cardText(card)).toContain(word);
    await fills(house, 'U04CHEN', 'U04CHEN', 'ST-2026-0001', '登记演练发布', { where: '演练用群' });
    await house.slackSays('U02LI', 'ST-2026-0001', '演练发布');
    const inside = await typedOnSlack(house, 'U02LI', '/statement', `check ${TEXT}`);
    for (const word of ['【演练】', '演练里写的文字，不得对外发布']) expect(inside).toContain(word);
    for (const text of [TEXT, `${TEXT}谢谢。`])
      expect(await typedOnSlack(house, 'U09WU', '/statement', `check ${text}`)).toContain('没有找到');
    expect(await typedOnSlack(house, 'U09WU', '/statement', 'ST-2026-0001')).toContain('与你无关');
  });
});

describe('over', () => {
  test('stood down, it is scored against the targets of its plan, with what each step took', async () => {
    await standsDown(DR);
    const card = house.slack.cardText(await house.slackSays('U02LI', DR, '演练成绩'));
    for (const line of [/✓ 定级 3 分/, /✓ 首次回应 3 分/, /✓ 团队到齐 1[3-7] 分/, /✓ 首份声明 /, /✓ 控制 /])
      expect(card).toMatch(line);
    await house.slackSays(slackRoom, DR, '5 项目标达到 5 项');
  });

  test('what it taught is given to somebody as a decision, which says that a drill is behind it', async () => {
    const lesson = { kind: 'lessons', text: '法务要留夜间电话', owner: 'chen', due: '2026-12-11' };
    await fills(house, 'U02LI', 'U02LI', DR, '登记善后', lesson);
    await house.slackSays('U04CHEN', '【演练】', 'DM-2026-0001', '法务要留夜间电话');
  });

  test('its debrief says in its name, its title and its timeline that it was a drill', async () => {
    const offer = await said(`debrief ${DR}`);
    const [link = ''] = new RegExp(`http[^"\\\\|>]*${DR}\\.md\\?[^"\\\\|>]*`).exec(offer) ?? [];
    const paper = await fetch(link.replaceAll('&amp;', '&'));
    expect(decodeURIComponent(paper.headers.get('content-disposition') ?? '')).toContain(`演练-${DR}`);
    const text = await paper.text();
    expect(text).toMatch(/^# 演练 危机演练复盘报告/);
    for (const word of ['直播间产品起火', '客服确认三起', '演练发布', '演练用群']) expect(text).toContain(word);
  });

  test('the next one of the same scenario is quicker, and the comparison shows by how much; another scenario stands apart', async () => {
    for (const [scenario, grade] of [
      ['live-fire', '定为特大'],
      ['service-storm', '定为重大'],
    ] as const) {
      const number = await drills(house, 'U02LI', scenario);
      house.travel(MINUTE);
      await grades(number, grade);
      await standsDown(number);
    }
    const compared = await said('drills');
    expect(compared).toContain('本季度已演练 3 次');
    const [storm = '', fire = ''] = compared.split('直播间产品起火');
    for (const line of [/DR-2026-0003/, /✓ 定级 1 分.*（目标 15 分）/, /✗ 首份声明 没有做到/])
      expect(storm).toMatch(line);
    expect(storm).not.toContain('比上次');
    for (const line of [/定级 1 分.*（目标 10 分），比上次快 (1 分 5\d 秒|2 分)/, /DR-2026-0001.* 5 项目标达到 5 项/])
      expect(fire).toMatch(line);
    expect(fire.indexOf('DR-2026-0002')).toBeLessThan(fire.indexOf(DR));
  });

  test('nothing that anybody was sent, on any screen, names the drill without saying that it is one', async () => {
    await quiet(house);
    const { slack, feishu } = house;
    const bodies = [
      ...slack.calls().map(({ method, args }) => ({ where: method, body: JSON.stringify(args) })),
      ...feishu.calls.map(({ path, body }) => ({ where: path, body: JSON.stringify(body ?? null) })),
    ];
    const named = bodies.filter(({ body }) => /DR-2026-\d{4}/.test(body));
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter(({ body }) => !body.includes('演练'))).toEqual([]);
    const rooms = [slackRoom, feishuRoom];
    const inRoom = bodies.filter(({ body }) => rooms.some((room) => body.includes(room)) && /text|content/.test(body));
    expect(inRoom.length).toBeGreaterThan(20);
    expect(inRoom.filter(({ body }) => !body.includes('演练'))).toEqual([]);
    const alone = [
      ...['U01WANG', 'U02LI', 'U04CHEN', 'U05QIAN'].flatMap((who) => slack.ephemerals(who)).map(({ text }) => text),
      ...['ou_wang', 'ou_li', 'ou_zhao', 'ou_sun'].flatMap((who) => feishu.toasts(who)).map(({ content }) => content),
      ...slack.calls('chat.postMessage').map(({ args }) => String(args.text ?? '')),
    ];
    expect(alone.filter((text) => /DR-2026-\d{4}/.test(text) && !text.includes('演练'))).toEqual([]);
  });
});
