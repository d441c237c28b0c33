/** Who sees what: an auditor may look but not act, whoever has left sees nothing new, a preview gives nothing away; a form counts once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse } from '../support/house.ts';

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;
beforeAll(async () => {
  book = await copyHandbook({ 'company.yaml': [['[finance]', '[finance, auditor]']] });
  house = await openHouse({ handbook: book.folder });
});
afterAll(async () => {
  await house.close();
  await book.remove();
});

const opens = async (user: string) => {
  const { slack } = house;
  await slack.slash(user, 'C0PR', '/spend', '');
  return slack.until(() => slack.window(user));
};
const numbers = async () => (await house.sql`select number from request order by number`).map((row) => row.number);

test('the same window sent twice, because the first answer was slow to come, is one request, and both answers name it', async () => {
  const { slack } = house;
  const window = await opens('U01WANG');
  const filled = { amount: '3.2万', title: '春季促销物料' };
  const answers = await Promise.all([1, 2].map(() => slack.submit('U01WANG', window, filled)));
  for (const answered of answers) expect(answered).toMatchObject({ status: 200, problem: undefined });
  expect(await slack.submit('U01WANG', window, filled)).toMatchObject({ status: 200, problem: undefined });
  expect(await numbers()).toEqual(['SP-2026-0001']);
});

test('a window that came back with faults is not used up by them; one that is opened anew is another request', async () => {
  const { slack } = house;
  slack.closeWindow('U01WANG');
  const window = await opens('U01WANG');
  await slack.submit('U01WANG', window, { amount: '1.000,00', title: '展台' });
  expect(await numbers()).toHaveLength(1);
  await slack.submit('U01WANG', window, { amount: '1000', title: '展台' });
  expect(await numbers()).toHaveLength(2);
  await slack.submit('U01WANG', await opens('U01WANG'), { amount: '1000', title: '展台' });
  expect(await numbers()).toHaveLength(3);
});

test('an auditor sees the card with no button that would be refused, and may open its files (A4)', async () => {
  const { slack } = house;
  await slack.slash('U05QIAN', 'C0PR', '/spend', 'SP-2026-0001');
  const card = await house.slackCard('U05QIAN', 'SP-2026-0001');
  expect(slack.cardText(card)).toContain('¥32,000.00');
  expect(slack.buttons(card).map((button) => button.label)).toEqual(['附件', '为什么']);
  const before = slack.ephemerals('U05QIAN').length;
  await slack.press('U05QIAN', card, '附件');
  const answer = await slack.until(() => slack.ephemerals('U05QIAN').slice(before)[0]);
  expect(slack.cardText(answer)).not.toContain('与你无关');
});

test('a returned request, asked for by somebody else’s form, gives neither its reason nor its content away', async () => {
  const { slack } = house;
  slack.closeWindow('U02LI');
  await slack.press('U02LI', await house.slackCard('U02LI', 'SP-2026-0001'), '退回修改');
  const reasons = await slack.until(() => slack.window('U02LI'));
  await slack.submit('U02LI', reasons, { reason: '供应商有争议' });
  await house.slackSays('U01WANG', 'SP-2026-0001', '供应商有争议');
  // a window whose action names another's request, as nobody's does who was not meddling
  const window = await opens('U04CHEN');
  const memo = window.private_metadata.replaceAll('"process":"spend"', '"process":"spend","number":"SP-2026-0001"');
  expect(memo).toContain('SP-2026-0001');
  await slack.change('U04CHEN', { ...window, private_metadata: memo }, 'amount', '5');
  const own = await slack.until(() => slack.window('U04CHEN'));
  await slack.change('U04CHEN', own, 'amount', '70000');
  const redraws = () => slack.calls('views.update').map((call) => JSON.stringify(call));
  await slack.until(() => redraws().some((text) => text.includes('¥70,000.00')));
  for (const text of redraws()) expect(text).not.toMatch(/供应商有争议|SP-2026-0001/);
});

test('a comment that is sent twice from one window stands there once', async () => {
  const { slack } = house;
  slack.closeWindow('U01WANG');
  await slack.press('U01WANG', await house.slackCard('U01WANG', 'SP-2026-0001'), '评论');
  const window = await slack.until(() => slack.window('U01WANG'));
  for (const _ of [1, 2]) await slack.submit('U01WANG', window, { text: '明天补报价单' });
  expect((await house.types('SP-2026-0001')).filter((type) => type.startsWith('request-commented'))).toHaveLength(1);
});

test('whoever has left sees nothing of what comes after, and their old card holds no content any more (case 17)', async () => {
  const { slack } = house;
  await slack.slash('U01WANG', 'C0PR', '/spend', '4万 秋季展台');
  const number = (await numbers()).at(-1) as string;
  await house.slackSays('U02LI', number, '秋季展台');
  await book.change(
    'company.yaml',
    ['{id: li, ', '{id: li, active: false, '],
    ['[legal]', '[legal, supervisor]'],
    ['manager: li,', 'manager: zhao,'],
  );
  await house.running.reload();
  const last = await house.feishuCard('ou_zhao', number);
  await house.feishu.press('ou_zhao', last, '批准');
  await house.slackSays('U01WANG', number, '已获批准');
  await house.settled();
  const seen = slack.messagesOf('U02LI').filter((message) => slack.cardText(message).includes(number));
  expect(seen.length).toBeGreaterThan(0);
  for (const message of seen) {
    expect(slack.cardText(message)).not.toMatch(/40,000|秋季展台|已批准/);
    expect(slack.buttons(message)).toEqual([]);
  }
});
