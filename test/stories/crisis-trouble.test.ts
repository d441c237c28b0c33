/** Slack down, Feishu down, the phones dead, ten thousand reminders in the way: somebody is reached, nobody twice, nothing is lost (C3, N2). */
import { afterEach, describe, expect, test } from 'vitest';
import { cardOnFeishu, cardOnSlack, entries, presses, raises } from '../support/crisis.ts';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse, waitFor } from '../support/house.ts';
import { quiet } from '../support/minutes.ts';

const NIGHT = '2026-11-24T03:00:00+08:00';
const MINUTE = 60_000;
const [LI, ZHAO, CHEN] = ['+8613800000002', '+8613800000003', '+8613800000004'];

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>> | undefined;
afterEach(async () => {
  await house.close();
  await book?.remove();
  book = undefined;
});

/** Only the executive assesses: he is on Slack alone. */
async function openWith(who: string) {
  book = await copyHandbook(
    { 'crisis.yaml': [['who: [{role: director, standIn: {role: supervisor}}, {role: supervisor}]', `who: [${who}]`]] },
    {},
    { crisis: true },
  );
  house = await openHouse({ handbook: book.folder, phones: true, at: NIGHT });
}

/** What was sent to this number, without the answers to what came from it. */
const texts = (number: string) => house.twilio.textsTo(number).filter((one) => one.direction === 'outbound-api');
const answered = async (number: string) => (await entries(house, number, 'page-answered')).map(({ by }) => by);
const climbed = async (number: string) =>
  (await entries(house, number, 'rung-climbed')).map(
    ({ data }) => `${data.person} ${(data.lines as string[]).join('+')}`,
  );

describe('a platform is away', () => {
  test('Slack is down, and he is on Slack alone: the text message reaches him; his page tells him what to do once Slack is back (case 28)', async () => {
    await openWith('{role: ceo}');
    const { slack, twilio } = house;
    slack.fail('chat.postMessage', { status: 503 }, 10_000);
    slack.fail('conversations.open', { status: 503 }, 10_000);
    const number = await raises(house, 'U01WANG');
    house.travel(5 * MINUTE);
    const text = await twilio.when(() => twilio.textsTo(CHEN).at(-1), 'a text message to 陈卫东');
    expect(text.body).toContain(number);
    expect(await twilio.reply(CHEN, '收到')).toContain(number);
    expect(await answered(number)).toEqual(['chen']);
    slack.heal();
    house.travel(10 * MINUTE);
    const page = await cardOnSlack(house, 'U04CHEN', number, '定为特大');
    expect(slack.cardText(page)).toContain('下一步');
    await quiet(house);
    // nothing rang any more after his answer
    expect(twilio.callsTo(CHEN)).toEqual([]);
    expect(texts(CHEN)).toHaveLength(1);
  });

  test('Feishu is down, and she is on Feishu alone: neither the page nor its urgent rungs hold up the phone (case 28)', async () => {
    await openWith('{role: director}');
    const { feishu, twilio } = house;
    feishu.fail('/im/v1/messages', 'down', 10_000);
    const number = await raises(house, 'U01WANG');
    for (let i = 0; i < 3; i++) {
      house.travel(5 * MINUTE);
      await waitFor(async () => (await climbed(number)).length >= i + 2, 'the next rung');
    }
    const call = await twilio.when(() => twilio.callsTo(ZHAO).at(-1), 'a call to 赵敏');
    await twilio.press(call.sid, '1');
    expect(await answered(number)).toEqual(['zhao']);
    expect(texts(ZHAO)).toHaveLength(1);
    feishu.heal();
    house.travel(10 * MINUTE);
    await cardOnFeishu(house, 'ou_zhao', number, '定为特大');
    expect(twilio.callsTo(ZHAO)).toHaveLength(1);
  });
});

describe('the phones are dead', () => {
  test('no number exists, nobody takes up: without waiting it goes on to the stand-in and those above, who are reached in their chats (case 28)', async () => {
    await openWith('{role: director, standIn: {role: supervisor}}');
    const { twilio } = house;
    twilio.fail('Messages', 21211);
    twilio.fail('Calls', 21211);
    const number = await raises(house, 'U01WANG');
    for (let i = 0; i < 4; i++) {
      house.travel(5 * MINUTE);
      await waitFor(async () => (await climbed(number)).length >= i + 2, 'the next rung');
    }
    const page = await cardOnSlack(house, 'U02LI', number, '收到');
    expect(house.slack.cardText(page)).toContain('赵敏');
    await presses(house, 'U02LI', 'U02LI', number, '收到');
    expect(await answered(number)).toEqual(['li']);
    await quiet(house);
    house.travel(30 * MINUTE);
    await quiet(house);
    expect(twilio.callsTo(LI)).toEqual([]);
  });

  test('an accepted call is no answer: who hears it and presses nothing is rung again by the next rung (case 28)', async () => {
    await openWith('{role: ceo}');
    const { twilio } = house;
    const number = await raises(house, 'U01WANG');
    house.travel(5 * MINUTE);
    await twilio.when(() => twilio.textsTo(CHEN).at(-1), 'a text message');
    house.travel(5 * MINUTE);
    const first = await twilio.when(() => twilio.callsTo(CHEN).at(-1), 'a call');
    await twilio.listen(first.sid);
    expect(await answered(number)).toEqual([]);
    house.travel(5 * MINUTE);
    // nobody is above him: he is rung again, and the clock goes on
    const second = await twilio.when(() => twilio.callsTo(CHEN)[1], 'another call');
    await twilio.press(second.sid, '1');
    expect(await answered(number)).toEqual(['chen']);
    await quiet(house);
    house.travel(20 * MINUTE);
    await quiet(house);
    expect(twilio.callsTo(CHEN)).toHaveLength(2);
  });
});
