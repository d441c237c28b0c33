/** What one of us types cannot call, link or lie to the others: titles and amounts, from the keyboard to card, notice and ledger. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isJson } from '../support/feishu/card-rules.ts';
import { type House, openHouse } from '../support/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
/** Slack takes one message a second in a chat: between two tests there is time enough. */
beforeEach(() => house.travel(10_000));

/** Live on one of the platforms, if anybody let it through. */
const CALLS = '<!channel> <!here|x> @all @everyone <at id=all></at> <at user_id="all">所有人</at>';
const LINKS = '[点我](http://evil.example) <http://evil.example|对账单> &lt;!channel&gt; *粗* _斜_ `码` :tada: {{x}}';

describe('case 24: no mention, link or markup in a title comes alive', () => {
  test('typed in Slack, it stands as typed on every card, in the notice and in the record', async () => {
    const { slack, feishu } = house;
    await slack.slash('U01WANG', 'C0PR', '/spend', `3.2万 ${CALLS}`);
    const card = await house.slackCard('U02LI', 'SP-2026-0001');
    await slack.press('U02LI', card, '批准');
    await house.slackSays('U01WANG', 'SP-2026-0001', CALLS, '已获批准');
    await house.settled();
    for (const place of ['U01WANG', 'U02LI', 'C0PR'])
      expect(slack.cardText(await house.slackCard(place, 'SP-2026-0001'))).toContain(CALLS);
    for (const place of ['ou_wang', 'ou_li', 'oc_pr'])
      expect(feishu.cardText(await house.feishuCard(place, 'SP-2026-0001'))).toContain(CALLS);
    expect(await titleOf('SP-2026-0001')).toBe(CALLS);
    nothingLives();
  });

  test('typed in Feishu, likewise; so is a comment and a reason', async () => {
    const { slack, feishu } = house;
    await feishu.say('ou_wang', 'p2p', `/费用 3.2万 ${LINKS}`);
    const card = await house.feishuCard('ou_li', 'SP-2026-0002');
    await feishu.press('ou_li', card, '驳回');
    const form = await feishu.when(
      () => feishu.messagesOf('ou_li').find((message) => 'reason' in feishu.fieldsOf(message)),
      'the form that asks for a reason',
    );
    await feishu.fill('ou_li', form, { reason: `${CALLS}\n${LINKS}` }, '驳回');
    await house.feishuSays('ou_wang', 'SP-2026-0002', '驳回', CALLS, LINKS);
    await house.settled();
    const onSlack = slack.cardText(await house.slackCard('C0PR', 'SP-2026-0002'));
    for (const words of [CALLS, LINKS]) expect(onSlack).toContain(words);
    expect(await titleOf('SP-2026-0002')).toBe(LINKS);
    const rejected = (await house.ledger('SP-2026-0002')).find((line) => line.type === 'request-rejected');
    expect(rejected?.data.reason).toBe(`${CALLS}\n${LINKS}`);
    nothingLives();
  });

  test('a colleague who is mentioned in a title is named, and not called', async () => {
    const { slack, feishu } = house;
    await slack.slash('U01WANG', 'C0PR', '/spend', '800 给 <@U02LI> 的礼品');
    await feishu.say('ou_wang', 'p2p', '/费用 900 和 <@ou_li> 出差');
    expect(await house.slackSays('C0PR', 'SP-2026-0003', '给 @李娜 的礼品')).toBeDefined();
    expect(await house.slackSays('C0PR', 'SP-2026-0004', '和 @李娜 出差')).toBeDefined();
    nothingLives();
  });
});

describe('case 25: text that looks like something else', () => {
  test.each([
    ['turned round by direction overrides', '付款\u202E00.000,1\u202C 元\u2066x\u2069', '付款00.000,1 元x'],
    ['with invisible letters inside', '春\u200B季\u200D促\uFEFF销\u00AD\u2060', '春季促销'],
    ['a storm of marks', `促${'\u0301'.repeat(40)}销`, `促${'\u0301'.repeat(4)}销`],
    [
      'several lines and control characters',
      '促销\n金额：¥1.00\r\n\u0007状态：已批准\u2028x',
      '促销 金额：¥1.00 状态：已批准 x',
    ],
    ['two ways to write the same letter', 'cafe\u0301', 'caf\u00e9'],
    ['a family of emoji stays one', '团建 👩‍👩‍👧', '团建 👩‍👩‍👧'],
  ])('%s', async (_, typed, clean) => {
    const { slack } = house;
    const number = await submitInSlack({ amount: '500', title: typed });
    expect(await titleOf(number)).toBe(clean);
    const facts = slack.cardText(await house.slackCard('U02LI', number));
    expect(facts).toContain(clean);
    expect(facts).toContain('¥500.00');
    expect(facts).not.toMatch(/[\u202A-\u202E\u2066\u2067\u200B\uFEFF]/);
  });

  test('text from right to left is fenced in, so that the amount beside it keeps its order', async () => {
    const { slack, feishu } = house;
    const number = await submitInSlack({ amount: '1234.56', title: 'מודעה 99' });
    const fenced = '\u2068מודעה 99\u2069';
    expect(await titleOf(number)).toBe('מודעה 99');
    const shown = [
      slack.cardText(await house.slackCard('U02LI', number)),
      (await house.slackCard('U02LI', number)).text,
      feishu.cardText(await house.feishuCard('ou_li', number)),
    ];
    for (const text of shown) {
      expect(text).toContain(fenced);
      expect(text).toContain('¥1,234.56');
    }
  });

  test('a title of nothing visible is no title', async () => {
    const { slack } = house;
    const window = await openForm();
    await slack.submit('U01WANG', window, { amount: '500', title: '\u200B\u2800\u3164\u202E' });
    expect(Object.values(window.errors).join()).toContain('请填写');
  });
});

describe('case 26: huge and odd amounts', () => {
  test.each([
    ['１２３', '12300', '¥123.00'],
    ['￥32,000.00', '3200000', '¥32,000.00'],
    ['叁万贰仟元整', '3200000', '¥32,000.00'],
    ['32k', '3200000', '¥32,000.00'],
    ['0.01', '1', '¥0.01'],
    ['999,999,999,999.99', '99999999999999', '¥999,999,999,999.99'],
    ['1000000000000', '100000000000000', '¥1,000,000,000,000.00'],
  ])('%s is taken as what it is', async (typed, minor, shown) => {
    const { feishu } = house;
    const before = await numbers();
    await feishu.say('ou_wang', 'p2p', `/spend ${typed} 物料`);
    const number = `SP-2026-${String(before + 1).padStart(4, '0')}`;
    const [line] = await house.ledger(number);
    expect(line?.data.values).toMatchObject({ amount: { minor, currency: 'CNY', base: minor } });
    const [row] = await house.sql<{ amount: string }[]>`select amount::text from request where number = ${number}`;
    expect(row?.amount).toBe(minor);
    await house.feishuSays('ou_li', number, shown);
  });

  test.each([
    ['1e21', '看不懂金额“1e21”'],
    ['1.000,00', '¥1,000.00 或 ¥1.00'],
    ['-5', '须大于零'],
    ['0', '须大于零'],
    ['0.001', '最多 2 位小数'],
    ['JPY 3.5', 'JPY 没有小数'],
    ['1000000000000.01', '不能超过 ¥1,000,000,000,000.00'],
    ['9007199254740993', '不能超过'],
    ['USD 100', '没有 USD 兑 CNY 的汇率'],
    ['NaN', '看不懂金额'],
  ])(
    '%s is refused on both platforms with the reason at its field, and nothing is submitted',
    async (typed, reason) => {
      const { slack, feishu } = house;
      const before = await numbers();
      slack.closeWindow('U01WANG');
      expect(await slack.slash('U01WANG', 'C0PR', '/spend', `${typed} 物料`)).toMatchObject({ problem: undefined });
      const window = await slack.until(() => slack.window('U01WANG'));
      expect(slack.cardText(window)).toContain(reason);
      const formsBefore = forms().length;
      await feishu.say('ou_wang', 'p2p', `/spend ${typed} 物料`);
      const form = await feishu.when(() => forms()[formsBefore], 'the form with the fault');
      expect(feishu.cardText(form)).toContain(reason);
      expect(feishu.fieldsOf(form)).toMatchObject({ title: '物料' });
      expect(await numbers()).toBe(before);
    },
  );
});

test.each([
  ['3 000 物料', '¥3.00 或 ¥3,000.00', { amount: '3 000', title: '物料' }],
  ['300 PEN 笔套', '几种读法', { amount: '300 PEN', title: '笔套' }],
  ['3-5万 物料', '几种读法', { amount: '3-5万', title: '物料' }],
])('case 26: %s could mean two things: it is asked, never guessed', async (typed, reason, kept) => {
  const { slack, feishu } = house;
  const before = await numbers();
  slack.closeWindow('U01WANG');
  await slack.slash('U01WANG', 'C0PR', '/spend', typed);
  expect(slack.cardText(await slack.until(() => slack.window('U01WANG')))).toContain(reason);
  const formsBefore = forms().length;
  await feishu.say('ou_wang', 'p2p', `/spend ${typed}`);
  const form = await feishu.when(() => forms()[formsBefore], 'the form with the fault');
  expect(feishu.cardText(form)).toContain(reason);
  expect(feishu.fieldsOf(form)).toMatchObject(kept);
  expect(await numbers()).toBe(before);
});

const forms = () => house.feishu.messagesOf('ou_wang').filter((message) => 'amount' in house.feishu.fieldsOf(message));

async function numbers(): Promise<number> {
  const [row] = await house.sql<{ count: number }[]>`select count(*)::int from request`;
  return row?.count ?? 0;
}

async function titleOf(number: string): Promise<unknown> {
  const [submitted] = await house.ledger(number);
  return (submitted?.data.values as { title?: unknown } | undefined)?.title;
}

async function openForm() {
  const { slack } = house;
  slack.closeWindow('U01WANG');
  await slack.slash('U01WANG', 'C0PR', '/spend');
  return slack.until(() => slack.window('U01WANG'));
}

async function submitInSlack(values: Record<string, string>): Promise<string> {
  const before = await numbers();
  const window = await openForm();
  expect(await house.slack.submit('U01WANG', window, values)).toMatchObject({ problem: undefined });
  expect(window.errors).toEqual({});
  return `SP-2026-${String(before + 1).padStart(4, '0')}`;
}

/** Nothing on any screen calls, links or formats: Slack was told to leave text alone, Feishu got plain text only. */
function nothingLives(): void {
  const { slack, feishu } = house;
  const places = [...slack.channels.keys()].flatMap((place) => slack.messagesOf(place));
  expect(places.flatMap((message) => message.live)).toEqual([]);
  for (const method of ['chat.postMessage', 'chat.update'])
    for (const { args } of slack.calls(method)) expect(args).toMatchObject({ link_names: false, parse: 'none' });
  const tags = feishu.platform.messages.flatMap((message) => tagsIn(message.card));
  expect(tags).toContain('plain_text');
  for (const alive of ['markdown', 'lark_md', 'at', 'a']) expect(tags).not.toContain(alive);
}

function tagsIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(tagsIn);
  if (!isJson(node)) return [];
  return [...(typeof node.tag === 'string' ? [node.tag] : []), ...Object.values(node).flatMap(tagsIn)];
}

test('in a crowd of cards for the same person no answer to what they typed is lost', async () => {
  const { feishu } = house;
  const spends = Array.from({ length: 12 }, (_, i) => feishu.say('ou_wang', 'p2p', `/spend ${i + 1} 物料`));
  const wrong = Array.from({ length: 8 }, (_, i) => feishu.say('ou_wang', 'p2p', `/spend 看不懂${i} 物料`));
  await Promise.all([...spends, ...wrong]);
  for (const [i] of wrong.entries()) await house.feishuSays('ou_wang', `看不懂金额“看不懂${i}”`);
});
