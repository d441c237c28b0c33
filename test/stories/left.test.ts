/** Somebody leaves the company: what waits for them goes to the next one up at once, and they can press no more (case 17, D4). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse } from '../support/house.ts';

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;
beforeAll(async () => {
  book = await copyHandbook();
  house = await openHouse({ handbook: book.folder });
});
afterAll(async () => {
  await house.close();
  await book.remove();
});

test('case 17: 李娜 leaves while a request waits for her: 赵敏 gets it with live buttons, 王晓文 is told, the old card is dead', async () => {
  const { slack, feishu } = house;
  await slack.slash('U01WANG', 'C0PR', '/spend', '3.2万 春季促销物料');
  const old = slack.snapshot(await house.slackCard('U02LI', 'SP-2026-0001'));
  // a role that nobody holds would be a fault of the handbook: another line has a supervisor too
  await book.change(
    'company.yaml',
    ['{id: li, ', '{id: li, active: false, '],
    ['[legal]', '[legal, supervisor]'],
    ['manager: li,', 'manager: zhao,'],
  );
  await house.running.reload();

  const card = await house.feishuCard('ou_zhao', 'SP-2026-0001');
  expect(feishu.buttonsOf(card).map((button) => button.label)).toContain('批准');
  await house.slackSays('U01WANG', 'SP-2026-0001', '李娜', '赵敏');
  const pressed = await slack.press('U02LI', old, '批准');
  expect(pressed.status).toBe(200);
  await slack.until(() =>
    slack.ephemerals('U02LI').find((message) => slack.cardText(message).includes('已在规则手册中停用')),
  );
  expect(await house.types('SP-2026-0001')).not.toContain('step-approved li');

  await feishu.press('ou_zhao', card, '批准');
  await house.slackSays('U01WANG', 'SP-2026-0001', '已获批准');
  const reassigned = (await house.ledger('SP-2026-0001')).find((entry) => entry.type === 'step-reassigned');
  expect(JSON.stringify(reassigned?.data)).toContain('"from":"li"');
  await house.settled();
  expect(slack.buttons(await house.slackSays('U02LI', 'SP-2026-0001', '这张卡片已停用'))).toEqual([]);
});

test('a handbook with faults changes nothing: the one before stays in force', async () => {
  await book.change('processes/spend.yaml', ['{line: director}', '{line: directr}']);
  await house.running.reload();
  const answered = await house.slack.slash('U01WANG', 'C0PR', '/spend', '6万 展台');
  expect(JSON.stringify(answered.body)).toContain('SP-2026-0002 已提交');
  expect(house.lines.some((line) => line.includes('the handbook has faults'))).toBe(true);
});
