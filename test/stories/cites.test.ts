/** A spend request that rests on a decision: typed or filled in, shown with what has become of the decision, refused where it cannot stand. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { type House, openHouse, waitFor } from '../support/house.ts';
import { toldOnFeishu, toldOnSlack } from '../support/told.ts';

const EVERYBODY = ['wang', 'li', 'zhao', 'chen'];
const CALLS = '<!channel> @all <at id=all></at> [合同](http://evil.example) *粗* שלום';

/** As the minutes of a meeting leave it. */
async function decided({ sql }: House, number: string, text: string, more: Record<string, unknown> = {}) {
  const meeting = 'MT-2026-0001';
  const [parties, at] = [EVERYBODY, '2026-11-20T03:00:00Z'];
  await sql`
    insert into meeting ${sql({ number: meeting, state: 'ended', start_at: '2026-11-20T02:00:00Z', end_at: at, minute_taker: 'wang', minutes_version: 1, parties, body: sql.json({}), revision: 1 })}
    on conflict do nothing`;
  const title = { zh: '选题会', en: 'Topics' };
  const decision = { number, text, owner: 'li', due: '2026-12-18', chair: 'zhao', meeting, state: 'proposed', parties };
  const since = { meetingTitle: title, takenAt: at, extensions: [], version: 1, revision: 1 };
  const body = { ...decision, ...since, ...more };
  const { owner, due, chair, state, parties: seenBy, revision } = body;
  const row = { number, meeting, owner, due, chair, state, parties: seenBy, revision, body: sql.json(body) };
  await sql`insert into decision ${sql(row)}`;
}
/** What a correction of the minutes, or its owner, makes of it. */
const becomes = (house: House, number: string, state: string) =>
  house.sql`update decision set state = ${state}, body = body || ${house.sql.json({ state })} where number = ${number}`;

const numberIn = (text: string) => /SP-2026-\d{4}/.exec(text)?.[0] ?? `no number in ${text}`;
const valuesOf = async (house: House, number: string) =>
  (await house.ledger(number)).flatMap(({ type, data }) => (/submitted$/.test(type) ? [data.values] : []));

describe('in the chats', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
    await decided(house, 'DM-2026-0012', '与场地签约');
    await decided(house, 'DM-2026-0013', '更换年会场地', { state: 'void' });
    await decided(house, 'DM-2026-0014', '调整薪酬', { owner: 'qian', chair: 'chen', parties: ['chen', 'qian'] });
    await decided(house, 'DM-2026-0015', CALLS);
  });
  afterAll(() => house.close());
  // what the platforms' rates hold back may go
  beforeEach(() => {
    house.travel(30_000);
    for (const user of ['U01WANG', 'U02LI']) house.slack.closeWindow(user);
  });

  const windowOf = (user: string, ...words: string[]) =>
    house.slack.until(() => {
      const view = house.slack.window(user);
      return view && words.every((word) => house.slack.cardText(view).includes(word)) ? view : undefined;
    });
  const types = async (text: string) => {
    const answered = await house.slack.slash('U01WANG', 'C0PR', '/spend', text);
    expect(answered).toMatchObject({ status: 200, problem: undefined });
    return JSON.stringify(answered.body);
  };
  const requests = async () => (await house.sql<{ n: number }[]>`select count(*)::int as n from request`)[0]?.n;

  test('typed on Slack in one line: every card shows the decision, its owner and how it stands; the purpose is the purpose alone', async () => {
    const { slack, feishu } = house;
    const number = numberIn(await types('3.2万 春季促销物料 per: DM-2026-0012'));
    for (const place of ['U01WANG', 'U02LI', 'C0PR']) {
      const text = slack.cardText(await house.slackCard(place, number));
      for (const word of ['依据决议', 'DM-2026-0012 与场地签约（李娜，待接受）', '春季促销物料'])
        expect(text).toContain(word);
      expect(text).not.toContain('per:');
    }
    const onFeishu = feishu.cardText(await house.feishuCard('ou_li', number));
    expect(onFeishu).toContain('DM-2026-0012 与场地签约（李娜，待接受）');
    expect(await valuesOf(house, number)).toMatchObject([{ title: '春季促销物料', per: 'DM-2026-0012' }]);
  });

  test('its owner accepts it: the card that stands says so by itself, and again when it is signed', async () => {
    const { slack } = house;
    const standing = await house.slackCard('U02LI', 'SP-2026-0001');
    await slack.slash('U02LI', 'direct', '/decisions', 'DM-2026-0012');
    const decision = await slack.until(() =>
      slack.messagesOf('U02LI').findLast((m) => slack.buttons(m).some(({ label }) => label === '接受')),
    );
    await slack.press('U02LI', decision, '接受');
    await toldOnSlack(house, 'U02LI', '你已接受 DM-2026-0012');
    await slack.until(() => {
      house.travel(1000);
      return slack.cardText(standing).includes('DM-2026-0012 与场地签约（李娜，进行中）');
    });
    await slack.press('U02LI', await house.slackCard('U02LI', 'SP-2026-0001'), '批准');
    await house.slackSays('C0PR', 'SP-2026-0001', 'DM-2026-0012 与场地签约（李娜，进行中）', '已批准');
    await becomes(house, 'DM-2026-0012', 'done');
    await slack.slash('U01WANG', 'direct', '/pr', 'SP-2026-0001');
    await house.slackSays('U01WANG', 'SP-2026-0001', 'DM-2026-0012 与场地签约（李娜，已完成）');
  });

  test('typed on Feishu, full width and in the middle; the amount decides who signs as ever, and /pr why speaks of nothing else', async () => {
    const { feishu } = house;
    await feishu.say('ou_wang', 'p2p', '/费用 5.2万（依据：ＤＭ－２０２６－００１２）主视觉');
    const said = await toldOnFeishu(house, 'ou_wang', '已提交，金额 ¥52,000.00，等待 李娜 审批');
    const text = feishu.cardText(await house.feishuCard('ou_li', numberIn(said)));
    for (const word of ['DM-2026-0012 与场地签约（李娜，已完成）', '主管审批：李娜', '总监审批：赵敏'])
      expect(text).toContain(word);
    expect(await valuesOf(house, numberIn(said))).toMatchObject([{ title: '主视觉', per: 'DM-2026-0012' }]);
    await feishu.say('ou_wang', 'p2p', `/pr why ${numberIn(said)}`);
    await toldOnFeishu(house, 'ou_wang', '金额少 ¥2,000.01，只需 李娜 审批');
    expect(feishu.complaints).toEqual([]);
  });

  test('a decision that is none, or that concerns others alone, is refused in the same words; nothing is submitted', async () => {
    const { slack } = house;
    const before = await requests();
    const sentences: string[] = [];
    for (const per of ['DM-2026-0404', 'DM-2026-0014']) {
      await types(`3万 礼品 per: ${per}`);
      const view = await windowOf('U01WANG', `没有 ${per} 这项决议，或与你无关`);
      const text = slack.cardText(view);
      for (const secret of ['调整薪酬', '钱多，']) expect(text).not.toContain(secret);
      sentences.push(text.replaceAll(per, 'DM'));
      slack.closeWindow('U01WANG');
    }
    expect(sentences[1]).toBe(sentences[0]);
    expect(await requests()).toBe(before);
  });

  test('a void one and a wrong number are refused at the field, beside what else is wrong; mended in the window, it is submitted', async () => {
    const { slack } = house;
    await types('abc 礼品 依据 DM-2026-0013');
    const view = await windowOf('U01WANG', '看不懂金额“abc”');
    expect(JSON.stringify(view.blocks)).toContain('"initial_value":"DM-2026-0013"');
    await slack.submit('U01WANG', view, { amount: '800' });
    expect(view.errors).toEqual({ 'f:per': 'DM-2026-0013 已随纪要更正撤销，不能作为依据' });
    await slack.submit('U01WANG', view, { per: '十二号决议', title: ' ' });
    expect(view.errors).toEqual({ 'f:per': '请填决议编号，例如 DM-2026-0012', 'f:title': '请填写' });
    await slack.submit('U01WANG', view, { per: ' ｄｍ-2026-0012 ', title: '礼品' });
    const said = await toldOnSlack(house, 'U01WANG', '已提交，金额 ¥800.00');
    await house.slackSays('U02LI', numberIn(said), '礼品', 'DM-2026-0012 与场地签约');
  });

  test('the window after a typed line that was refused counts once, however often it is sent', async () => {
    const { slack } = house;
    const before = (await requests()) ?? 0;
    await types('70 胶带 per: DM-2026-0404');
    const view = await windowOf('U01WANG', '没有 DM-2026-0404');
    await Promise.all([slack.submit('U01WANG', view, { per: '' }), slack.submit('U01WANG', view, { per: '' })]);
    const said = await toldOnSlack(house, 'U01WANG', '已提交，金额 ¥70.00');
    expect(slack.cardText(await house.slackCard('U02LI', numberIn(said)))).not.toContain('依据决议');
    expect(await requests()).toBe(before + 1);
  });

  test('a line typed on Feishu that was refused brings the form: a hint says what to write, the fault stands at the field, what was typed stays', async () => {
    const { feishu } = house;
    await feishu.say('ou_wang', 'p2p', '/spend 1000 条幅 依据 DM-2026-0404');
    const form = await feishu.when(
      () => feishu.messagesOf('ou_wang').findLast((message) => 'per' in feishu.fieldsOf(message)),
      'the form',
    );
    for (const word of ['依据决议', '例如 DM-2026-0012', '没有 DM-2026-0404 这项决议，或与你无关'])
      expect(JSON.stringify(form)).toContain(word);
    await feishu.fill('ou_wang', form, { per: 'DM-2026-0013' }, '提交');
    expect(feishu.cardText(form)).toContain('DM-2026-0013 已随纪要更正撤销，不能作为依据');
    expect(feishu.fieldsOf(form)).toMatchObject({ title: '条幅', per: 'DM-2026-0013' });
    await feishu.fill('ou_wang', form, { per: 'dm-2026-0012' }, '提交');
    const said = feishu.toasts('ou_wang').at(-1)?.content ?? '';
    await house.feishuSays('ou_li', numberIn(said), '条幅', 'DM-2026-0012 与场地签约');
    expect(feishu.complaints).toEqual([]);
  });

  test('returned, the form holds the number; void meanwhile, it is refused when it is sent again, and goes without', async () => {
    const { slack } = house;
    const number = numberIn(await types('900 背景板 per: DM-2026-0012'));
    await slack.press('U02LI', await house.slackCard('U02LI', number), '退回修改');
    await slack.submit('U02LI', await windowOf('U02LI', `${number} 背景板`), { reason: '写明尺寸' });
    await house.slackSays('U01WANG', number, '已退回修改');
    await becomes(house, 'DM-2026-0012', 'void');
    const returned = await house.slackCard('U01WANG', number);
    await slack.press('U01WANG', returned, '修改后重新提交');
    const view = await windowOf('U01WANG', '写明尺寸');
    expect(JSON.stringify(view.blocks)).toContain('"initial_value":"DM-2026-0012"');
    await slack.submit('U01WANG', view, { title: '背景板 3×4 米' });
    expect(view.errors).toMatchObject({ 'f:per': expect.stringContaining('已随纪要更正撤销') });
    await slack.submit('U01WANG', view, { per: '' });
    const fresh = await house.slackSays('U02LI', number, '背景板 3×4 米', '等待 李娜 审批');
    expect(slack.cardText(fresh)).not.toContain('依据决议');
    expect(await valuesOf(house, number)).toEqual([
      expect.objectContaining({ per: 'DM-2026-0012' }),
      expect.not.objectContaining({ per: expect.anything() }),
    ]);
    // those that were submitted upon it before say what has become of it
    await slack.slash('U02LI', 'direct', '/pr', 'SP-2026-0002');
    await house.slackSays('U02LI', 'SP-2026-0002', 'DM-2026-0012 与场地签约（李娜，已撤销）');
  });

  test('what somebody wrote into a decision calls and links nobody from the request’s card', async () => {
    const { slack, feishu } = house;
    const number = numberIn(await types('600 花篮 per: DM-2026-0015'));
    const isolated = `DM-2026-0015 \u2068${CALLS}\u2069（李娜，待接受）`;
    for (const place of ['U02LI', 'C0PR'])
      expect(slack.cardText(await house.slackCard(place, number))).toContain(isolated);
    for (const place of ['ou_li', 'oc_pr'])
      expect(feishu.cardText(await house.feishuCard(place, number))).toContain(isolated);
    expect(slack.messagesOf('C0PR').flatMap((message) => message.live)).toEqual([]);
    for (const alive of ['"markdown"', '"lark_md"', '"at"'])
      expect(JSON.stringify(feishu.messagesOf('oc_pr').map(({ card }) => card))).not.toContain(alive);
    expect(feishu.complaints).toEqual([]);
  });
});

test('at the desk: the fault stands at the field, and the card shows the decision', async () => {
  const [house, browser] = await Promise.all([openHouse({ slack: false, feishu: false, desk: true }), openBrowser()]);
  try {
    await decided(house, 'DM-2026-0012', '与场地签约');
    const page = await browser.newPage();
    await page.goto(`${house.url}/#as=wang&in=bot`);
    await page.getByRole('combobox').focus();
    await page.keyboard.type('/spend 3.2万 春季促销物料 per: DM-2026-0404');
    await page.keyboard.press('Enter');
    const form = page.getByRole('dialog');
    const per = form.getByRole('textbox', { name: '依据决议', description: /没有 DM-2026-0404 这项决议/ });
    await per.waitFor();
    expect(await per.inputValue()).toBe('DM-2026-0404');
    await per.fill('DM-2026-0012');
    await form.getByRole('button', { name: '提交' }).click();
    await page.getByText('DM-2026-0012 与场地签约（李娜，待接受）').first().waitFor();
    await waitFor(async () => (await valuesOf(house, 'SP-2026-0001')).length === 1, 'the request on record');
  } finally {
    await browser.close();
    await house.close();
  }
});
