/** Cards and windows that show yesterday's truth: what they ask for is not carried out, and the newest state is shown instead. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type House, openHouse, waitFor } from '../support/house.ts';

let house: House;
/** each story asks for a request of its own */
let number = '';
let asked = 0;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  house.travel(60_000); // so that one story does not wait for what another has sent
  asked += 1;
  number = `SP-2026-${String(asked).padStart(4, '0')}`;
  const answered = await house.slack.slash('U01WANG', 'C0PR', '/spend', `3.2万 春季促销物料之${asked}`);
  expect(JSON.stringify(answered.body), house.lines.at(-1)).toContain(`${number} 已提交`);
  await Promise.all([house.slackCard('U02LI', number), house.feishuCard('ou_li', number)]);
  await house.settled();
});

/** Every place's newest card of the request says this, and nobody can decide on it any more. */
async function expectCards(says: string[]): Promise<void> {
  for (const place of ['U01WANG', 'U02LI', 'C0PR']) {
    const card = await house.slackSays(place, number, '审批路径', ...says);
    expect(
      house.slack.buttons(card).map((button) => button.label),
      place,
    ).not.toContain('批准');
  }
  for (const place of ['ou_wang', 'ou_li', 'oc_pr']) {
    const card = await house.feishuSays(place, number, '审批路径', ...says);
    expect(
      house.feishu.buttonsOf(card).map((button) => button.label),
      place,
    ).not.toContain('批准');
  }
  await house.settled();
}

const APPROVED = ['request-submitted wang', 'step-opened wang', 'step-approved li', 'request-approved li'];

test('a press on a card of an older content is answered with the new card and never carried out (case 3)', async () => {
  const { slack, feishu } = house;
  const onSlack = await house.slackCard('U02LI', number);
  const onFeishu = await house.feishuCard('ou_li', number);
  const oldSlack = slack.snapshot(onSlack);
  const oldFeishu = { ...onFeishu, card: structuredClone(onFeishu.card) };
  await slack.press('U02LI', onSlack, '退回修改');
  await slack.submit('U02LI', await slack.until(() => slack.window('U02LI')), { reason: '金额写全' });
  await slack.press('U01WANG', await house.slackSays('U01WANG', number, '李娜 已于'), '修改后重新提交');
  const form = await slack.until(() => slack.window('U01WANG'));
  await slack.submit('U01WANG', form, { amount: '4.9万', title: `春季促销物料之${asked}` });
  await Promise.all([house.slackSays('U02LI', number, '¥49,000.00'), house.feishuSays('ou_li', number, '¥49,000.00')]);
  await house.settled();

  const edits = onFeishu.edits;
  const [pressed, stale] = [
    await slack.press('U02LI', oldSlack, '批准'),
    await feishu.press('ou_li', oldFeishu, '批准'),
  ];
  expect([pressed.problem, stale.status]).toEqual([undefined, 200]);
  const refusal = '内容在这张卡片之后已经改过，你的操作没有生效';
  await slack.until(() => slack.ephemerals('U02LI').some((m) => slack.cardText(m).includes(refusal)));
  expect(feishu.toasts('ou_li').at(-1)).toMatchObject({ type: 'error', content: expect.stringContaining(refusal) });
  expect(JSON.stringify(stale.answer)).toContain('¥49,000.00');
  expect((await house.types(number)).filter((type) => type.startsWith('step-approved'))).toEqual([]);
  await feishu.when(() => onFeishu.edits > edits, 'the pressed card drawn once more');

  await feishu.press('ou_li', onFeishu, '批准');
  await expectCards(['已批准', '¥49,000.00']);
  expect((await house.types(number)).slice(-2)).toEqual(['step-approved li', 'request-approved li']);
});

test('a window that stands open while the other platform decides: nothing is carried out, and it says so (case 27)', async () => {
  const { slack, feishu } = house;
  await slack.press('U02LI', await house.slackCard('U02LI', number), '驳回');
  const window = await slack.until(() => slack.window('U02LI'));
  await feishu.press('ou_li', await house.feishuCard('ou_li', number), '批准');
  const submitted = await slack.submit('U02LI', window, { reason: '太晚了' });
  expect(submitted).toMatchObject({ status: 200, problem: undefined });
  const said = slack.window('U02LI');
  expect(said && slack.cardText(said)).toMatch(/已批准：李娜 于 .*处理/);
  slack.closeWindow('U02LI');
  await expectCards(['已批准', '李娜 已于']);
  expect(await house.types(number)).toEqual(APPROVED);
});

test('a form card in Feishu that stands open while Slack decides: the same (case 27)', async () => {
  const { slack, feishu } = house;
  await feishu.press('ou_li', await house.feishuCard('ou_li', number), '驳回');
  const form = await feishu.when(
    () => feishu.messagesOf('ou_li').find((m) => 'reason' in feishu.fieldsOf(m)),
    'the form that asks for the reason',
  );
  await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
  await waitFor(async () => (await house.types(number)).length === 4, 'the decision');
  const sent = await feishu.fill('ou_li', form, { reason: '太晚了' }, feishu.buttonsOf(form)[0]?.label ?? '');
  expect(sent.status).toBe(200);
  expect(feishu.toasts('ou_li').at(-1)?.content).toMatch(/已批准：李娜 于 .*处理/);
  await house.slackSays('U01WANG', number, '李娜 已于');
  expect(await house.types(number)).toEqual(APPROVED);
  expect(feishu.complaints).toEqual([]);
});
