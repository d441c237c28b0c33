/** Feishu lets a card be changed for 14 days: before that a fresh one takes its place, and the old one says where to look. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { roadWords } from '../../src/words/road.ts';
import type { FakeMessage } from '../support/feishu/platform.ts';
import { type Change, copyHandbook } from '../support/handbook.ts';
import { HOUR, type House, openHouse } from '../support/house.ts';

const DAY = 24 * HOUR;
const elsewhere = roadWords('zh').moved;
const PLACES = ['ou_wang', 'ou_li', 'oc_pr'];

let house: House;
let began: number;
let book: Awaited<ReturnType<typeof copyHandbook>>;
beforeAll(async () => {
  // nobody is reminded here: only the cards' age matters
  const still: Change[] = [
    ['remind: {after: 4 working hours, every: 8 working hours}', ''],
    ['escalate: {after: 2 working days}', ''],
  ];
  book = await copyHandbook({ 'processes/spend.yaml': still });
  house = await openHouse({ handbook: book.folder });
  began = house.clock().getTime();
});
afterAll(() => house.close().finally(() => book.remove()));
beforeEach(() => house.settled());

const cardsOf = (place: string, number: string): FakeMessage[] =>
  house.feishu.messagesOf(place).filter((message) => house.feishu.cardText(message).includes(number));
const live = (place: string, number: string): FakeMessage[] =>
  cardsOf(place, number).filter((message) => house.feishu.buttonsOf(message).length > 0);
const labels = (message: FakeMessage): string[] => house.feishu.buttonsOf(message).map((button) => button.label);
const dayOf = (day: number): void => house.travelTo(new Date(began + day * DAY).toISOString());
/** As a client shows it that has not heard of any change since. */
const unrefreshed = (message: FakeMessage): FakeMessage => structuredClone(message);

const old: FakeMessage[] = [];

test('on the 12th day nothing is renewed yet', async () => {
  await house.slack.slash('U01WANG', 'C0PR', '/spend', '3.2万 春季促销物料');
  await house.slack.slash('U01WANG', 'C0PR', '/spend', '800 茶歇');
  for (const place of PLACES) old.push(unrefreshed(await house.feishuCard(place, 'SP-2026-0001')));
  await house.feishu.press('ou_li', await house.feishuCard('ou_li', 'SP-2026-0002'), '批准');
  await house.settled();
  dayOf(12);
  expect(await house.running.renewNow()).toBe(0);
});

test('on the 13th day an open request gets fresh cards everywhere, and the old ones are closed', async () => {
  const { feishu, slack } = house;
  const onSlack = slack.messagesOf('U02LI').length;
  const asked = slack.calls('chat.update').length;
  dayOf(13.01);
  expect(await house.running.renewNow()).toBe(3);
  await house.settled();
  for (const [i, place] of PLACES.entries()) {
    const [fresh, ...others] = live(place, 'SP-2026-0001');
    expect(others).toEqual([]);
    expect(fresh?.id).not.toBe(old[i]?.id);
    const closed = feishu.platform.message(old[i]?.id ?? '');
    expect(feishu.cardText(closed)).toContain('SP-2026-0001 的这张卡片已停用');
    expect(feishu.cardText(closed)).toContain(elsewhere);
    expect(feishu.cardText(closed)).not.toContain('32,000');
    expect(feishu.buttonsOf(closed)).toEqual([]);
  }
  expect(live('ou_li', 'SP-2026-0001').flatMap(labels)).toContain('批准');
  expect(slack.messagesOf('U02LI')).toHaveLength(onSlack);
  expect(slack.calls('chat.update')).toHaveLength(asked);
  expect(await house.running.renewNow()).toBe(0);
});

test('a press on the old card does no harm: it counts once, the card stays closed and says where the new one is', async () => {
  const { feishu } = house;
  const [, onOld] = old;
  if (!onOld) throw new Error('no old card');
  const { status } = await feishu.press('ou_li', onOld, '批准');
  expect(status).toBe(200);
  expect(feishu.toasts('ou_li').at(-1)?.content).toContain('已批准 SP-2026-0001');
  expect(feishu.cardText(onOld)).toContain(elsewhere);
  expect(feishu.buttonsOf(onOld)).toEqual([]);
  for (const place of PLACES) await house.feishuSays(place, 'SP-2026-0001', '已批准', '李娜 已于');
  await house.settled();
  for (const place of PLACES) expect(live(place, 'SP-2026-0001')).toHaveLength(1);

  const [asked] = old;
  if (!asked) throw new Error('no old card');
  await feishu.press('ou_wang', asked, '撤回');
  expect(feishu.toasts('ou_wang').at(-1)).toMatchObject({ type: 'error' });
  expect(feishu.toasts('ou_wang').at(-1)?.content).toContain('SP-2026-0001 已批准：李娜');
  expect(feishu.cardText(asked)).toContain(elsewhere);
  for (const place of PLACES) expect(live(place, 'SP-2026-0001')).toHaveLength(1);
  const types = await house.types('SP-2026-0001');
  expect(types.filter((type) => /approved|withdrawn/.test(type))).toEqual(['step-approved li', 'request-approved li']);
});

test('what is decided is renewed no more', async () => {
  const posted = house.feishu.platform.messages.length;
  dayOf(30);
  expect(await house.running.renewNow()).toBe(0);
  await house.settled();
  expect(house.feishu.platform.messages.length).toBe(posted);
});

test('case 10: where the 14 days are over already, the card is posted anew and nobody is troubled', async () => {
  const { feishu, slack } = house;
  await slack.slash('U01WANG', 'C0PR', '/spend', '900 样品');
  for (const place of PLACES) await house.feishuCard(place, 'SP-2026-0003');
  await house.settled();
  dayOf(45);
  await house.running.renewNow();
  await feishu.when(() => live('ou_li', 'SP-2026-0003').length > 1, 'a fresh card for 李娜');
  await house.settled();
  expect(cardsOf('ou_li', 'SP-2026-0003').filter((one) => feishu.cardText(one).includes('已停用'))).toEqual([]);
  const fresh = live('ou_li', 'SP-2026-0003').at(-1);
  if (!fresh) throw new Error('no fresh card');
  await feishu.press('ou_li', fresh, '批准');
  expect(feishu.toasts('ou_li').at(-1)?.content).toContain('已批准 SP-2026-0003');
  await house.settled();
  expect(slack.messagesOf('U04CHEN').filter((one) => slack.cardText(one).includes('送不到'))).toEqual([]);
});
