/** Many hands on one request: presses at once, twice, late, and on cards that show yesterday's truth. Whatever comes, one decision. */
import type postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type House, openHouse } from '../support/house.ts';

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
  await Promise.all(['U01WANG', 'U02LI', 'C0PR'].map((place) => house.slackCard(place, number)));
  await Promise.all(['ou_wang', 'ou_li', 'oc_pr'].map((place) => house.feishuCard(place, number)));
  await house.settled();
});

const times = <T>(count: number, act: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, act));
const whispers = (person: string): string[] =>
  house.slack
    .ephemerals(person)
    .map((message) => house.slack.cardText(message))
    .filter((text) => text.includes(number));
const toasts = (person: string): string[] =>
  house.feishu
    .toasts(person)
    .map((toast) => toast.content)
    .filter((text) => text.includes(number));

/** Every card of the request, on both platforms: one in each place, and it says what the database says. */
async function expectCards(says: string[], without: string[] = ['批准']): Promise<void> {
  await Promise.all(['U01WANG', 'U02LI', 'C0PR'].map((place) => house.slackSays(place, number, ...says)));
  await Promise.all(['ou_wang', 'ou_li', 'oc_pr'].map((place) => house.feishuSays(place, number, ...says)));
  await house.settled();
  for (const place of ['U01WANG', 'U02LI', 'C0PR']) {
    const cards = house.slack.messagesOf(place).filter((m) => house.slack.cardText(m).includes('审批路径\n'));
    const ours = cards.filter((m) => house.slack.cardText(m).includes(number));
    expect(ours, place).toHaveLength(1);
    for (const word of says) expect(house.slack.cardText(ours[0] as never), place).toContain(word);
    for (const label of without) expect(house.slack.buttons(ours[0] as never).map((b) => b.label)).not.toContain(label);
  }
  for (const place of ['ou_wang', 'ou_li', 'oc_pr']) {
    const cards = house.feishu.messagesOf(place).filter((m) => house.feishu.buttonsOf(m).length > 0);
    const ours = cards.filter((m) => house.feishu.cardText(m).includes(number));
    expect(ours, place).toHaveLength(1);
    for (const word of says) expect(house.feishu.cardText(ours[0] as never), place).toContain(word);
    for (const label of without)
      expect(house.feishu.buttonsOf(ours[0] as never).map((b) => b.label)).not.toContain(label);
  }
}

const APPROVED = ['request-submitted wang', 'step-opened wang', 'step-approved li', 'request-approved li'];

test('twenty simultaneous presses of one card: one decision, the others are told who decided and when (case 2)', async () => {
  const card = await house.slackCard('U02LI', number);
  const answers = await times(20, () => house.slack.press('U02LI', card, '批准'));
  expect(answers.map(({ status, problem }) => ({ status, problem }))).toEqual(
    Array.from({ length: 20 }, () => ({ status: 200, problem: undefined })),
  );
  await house.slack.until(() => whispers('U02LI').length === 20);
  expect(whispers('U02LI').filter((text) => text.includes(`已批准 ${number}，审批完成`))).toHaveLength(1);
  const told = whispers('U02LI').filter((text) => /已批准：李娜 于 2026-11-23 周一 10:\d\d 处理/.test(text));
  expect(told).toHaveLength(19);
  await expectCards(['已批准', '李娜 已于']);
  expect(await house.types(number)).toEqual(APPROVED);
});

test('presses in Slack and in Feishu at the same moment: one decision, every answer 200 within 3 s, all cards equal (case 2)', async () => {
  const [onSlack, inChannel] = [await house.slackCard('U02LI', number), await house.slackCard('C0PR', number)];
  const [onFeishu, inGroup] = [await house.feishuCard('ou_li', number), await house.feishuCard('oc_pr', number)];
  const edits = { direct: onFeishu.edits, group: inGroup.edits };
  const answers = await Promise.all([
    ...Array.from({ length: 5 }, () => house.slack.press('U02LI', onSlack, '批准')),
    ...Array.from({ length: 5 }, () => house.feishu.press('ou_li', onFeishu, '批准')),
    ...Array.from({ length: 5 }, () => house.slack.press('U02LI', inChannel, '批准')),
    ...Array.from({ length: 5 }, () => house.feishu.press('ou_li', inGroup, '批准')),
  ]);
  for (const { status, ms } of answers) {
    expect(status).toBe(200);
    expect(ms).toBeLessThan(3000);
  }
  await house.slack.until(() => whispers('U02LI').length === 10);
  const told = [...whispers('U02LI'), ...toasts('ou_li')];
  expect(told).toHaveLength(20);
  expect(told.filter((text) => text.includes(`已批准 ${number}，审批完成`))).toHaveLength(1);
  expect(told.filter((text) => /已批准：李娜 于 .*处理/.test(text))).toHaveLength(19);
  // the answers carried a drawing of their own, so those two messages are drawn once more after it
  await house.feishu.when(
    () => onFeishu.edits > edits.direct && inGroup.edits > edits.group,
    'a drawing after the answers',
  );
  await expectCards(['已批准', '李娜 已于']);
  expect(await house.types(number)).toEqual(APPROVED);
  expect(house.feishu.complaints).toEqual([]);
});

test('approved in one hand while rejected in the other: the second is told of the first (case 2)', async () => {
  const onSlack = await house.slackCard('U02LI', number);
  const onFeishu = await house.feishuCard('ou_li', number);
  await house.slack.press('U02LI', onSlack, '驳回');
  const form = await house.slack.until(() => house.slack.window('U02LI'));
  const [rejected, approved] = await Promise.all([
    house.slack.submit('U02LI', form, { reason: '超出本季预算' }),
    house.feishu.press('ou_li', onFeishu, '批准'),
  ]);
  expect([rejected.problem, rejected.status, approved.status]).toEqual([undefined, 200, 200]);
  const types = await house.types(number);
  expect(types.filter((type) => /^request-(approved|rejected)/.test(type))).toHaveLength(1);
  const won = types.includes('request-approved li') ? '已批准' : '已驳回';
  await expectCards([won, '李娜 已于']);
  const window = house.slack.window('U02LI');
  const losers = won === '已批准' ? (window ? house.slack.cardText(window) : '') : toasts('ou_li').join();
  expect(losers).toContain(`${won}：李娜 于`);
  house.slack.closeWindow('U02LI');
});

test('the same event delivered again on each platform: one effect, and the first answer again (case 1)', async () => {
  const { slack, feishu } = house;
  const command = await slack.slash('U01WANG', 'C0PR', '/spend', '100 重复投递');
  asked += 1;
  const second = `SP-2026-${String(asked).padStart(4, '0')}`;
  const again = await slack.again(command);
  expect(again).toMatchObject({ status: 200, problem: undefined });
  expect(again.body).toEqual(command.body);
  expect(await house.types(second)).toEqual(['request-submitted wang', 'step-opened wang']);

  const typed = await feishu.say('ou_wang', 'p2p', '/spend 200 飞书重复投递');
  asked += 1;
  const third = `SP-2026-${String(asked).padStart(4, '0')}`;
  await feishu.when(
    () => feishu.messagesOf('ou_wang').some((m) => feishu.cardText(m).includes(`${third} 已提交`)),
    third,
  );
  await typed.redeliver();
  await typed.redeliver();
  expect(await house.types(third)).toEqual(['request-submitted wang', 'step-opened wang']);
  await house.settled();
  const said = feishu.messagesOf('ou_wang').filter((m) => feishu.cardText(m).includes(`${third} 已提交`));
  expect(said, 'the sentence that answers the command').toHaveLength(1);

  const pressed = await feishu.press('ou_li', await house.feishuCard('ou_li', third), '批准');
  const repeated = await pressed.redeliver();
  expect(repeated.status).toBe(200);
  expect(repeated.answer.toast).toEqual(pressed.answer.toast);
  expect(JSON.stringify(repeated.answer.card)).toContain(third);
  expect(
    feishu
      .toasts('ou_li')
      .slice(-2)
      .map((toast) => toast.type),
  ).toEqual(['success', 'success']);
  const card = slack.snapshot(await house.slackCard('U02LI', second));
  const click = await slack.press('U02LI', card, '批准');
  const clicked = await slack.again(click);
  expect([click.problem, clicked.problem]).toEqual([undefined, undefined]);
  const all = await Promise.all([second, third].map((one) => house.types(one)));
  for (const types of all) expect(types.filter((type) => type === 'step-approved li')).toHaveLength(1);
  const numbers = await house.sql`select number from request order by number`;
  expect(numbers.at(-1)?.number).toBe(third);
});

test('a message of the direct chat that Slack delivers again asks once and is answered once (case 1)', async () => {
  const { slack } = house;
  const typed = await slack.say('U01WANG', '/spend 300 直聊里输入');
  asked += 1;
  const typedNumber = `SP-2026-${String(asked).padStart(4, '0')}`;
  const answers = () => slack.messagesOf('U01WANG').filter((m) => slack.cardText(m).includes(`${typedNumber} 已提交`));
  await slack.until(() => answers().length > 0);
  const again = await slack.again(typed);
  expect(again).toMatchObject({ status: 200, problem: undefined });
  await house.settled();
  expect(answers()).toHaveLength(1);
  expect(await house.types(typedNumber)).toEqual(['request-submitted wang', 'step-opened wang']);
});

test('while both platforms hang for 5 s a press is answered within 3 s, and the cards follow later (case 4)', async () => {
  const { slack, feishu } = house;
  const [onSlack, onFeishu] = [await house.slackCard('U02LI', number), await house.feishuCard('ou_li', number)];
  slack.latency('*', 5000);
  feishu.latency(5000);
  try {
    const [pressed, late] = await Promise.all([
      slack.press('U02LI', onSlack, '批准'),
      feishu.press('ou_li', onFeishu, '批准'),
    ]);
    expect(pressed).toMatchObject({ status: 200, problem: undefined });
    expect(late.status).toBe(200);
    expect(Math.max(pressed.ms, late.ms)).toBeLessThan(2000);
    expect(await house.types(number)).toEqual(APPROVED);
  } finally {
    slack.heal();
    feishu.latency(0);
  }
  await slack.until(() => slack.cardText(onSlack).includes('李娜 已于'), 12_000);
  await expectCards(['已批准', '李娜 已于']);
  expect(feishu.complaints).toEqual([]);
});

test('while Postgres is slow a press is answered in time, carried out once, and pressing again does no harm (case 4)', async () => {
  const { slack, feishu } = house;
  const [onSlack, onFeishu] = [await house.slackCard('U02LI', number), await house.feishuCard('ou_li', number)];
  const held = await holdRow(house.sql, number);
  const answers = await Promise.all([
    slack.press('U02LI', onSlack, '批准'),
    slack.press('U02LI', onSlack, '批准'),
    feishu.press('ou_li', onFeishu, '批准'),
  ]);
  for (const { status, ms } of answers) {
    expect(status).toBe(200);
    expect(ms).toBeGreaterThan(2000);
    expect(ms).toBeLessThan(3000);
  }
  expect(feishu.toasts('ou_li').at(-1)).toEqual({ type: 'info', content: '正在处理，结果会显示在卡片上。' });
  await slack.until(
    () => slack.ephemerals('U02LI').filter((m) => slack.cardText(m).includes('正在处理，请稍候')).length === 2,
  );
  expect(await house.types(number)).toEqual(APPROVED.slice(0, 2));
  await held.release();

  await slack.until(() => whispers('U02LI').length === 2);
  const answersLate = () =>
    feishu
      .messagesOf('ou_li')
      .map((m) => feishu.cardText(m))
      .filter((text) => /^(已批准 SP|SP-\d+-\d+ 已批准：)/.test(text) && text.includes(number));
  await feishu.when(() => answersLate().length === 1, 'the late answer in the direct chat');
  const told = [...whispers('U02LI'), ...answersLate()];
  expect(told.filter((text) => text.includes(`已批准 ${number}，审批完成`))).toHaveLength(1);
  expect(told.filter((text) => text.includes('已批准：李娜 于'))).toHaveLength(2);
  const once = await slack.press('U02LI', onSlack, (button) => button.label === '为什么');
  expect(once.problem).toBeUndefined();
  expect(await house.types(number)).toEqual(APPROVED);
  await house.feishuSays('ou_wang', number, '李娜 已于');
  await house.settled();
  expect(feishu.complaints).toEqual([]);
});

/** Another connection holds the request's row, as a long query or a backup would. */
async function holdRow(sql: postgres.Sql, request: string): Promise<{ release(): Promise<void> }> {
  const connection = await sql.reserve();
  await connection`begin`;
  await connection`select 1 from request where number = ${request} for update`;
  return {
    release: async () => {
      await connection`commit`;
      connection.release();
    },
  };
}
