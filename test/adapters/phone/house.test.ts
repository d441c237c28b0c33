/** Twilio and another pager on the whole product: what is written to our number, on the real road and a real database. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { raises } from '../../support/crisis.ts';
import { type House, openHouse, waitFor } from '../../support/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ crisis: true, phones: true, pager: true });
});
afterAll(() => house?.close());

const LI = '+8613800000002';
const delivery = `SM${'f'.repeat(32)}`;

test('the running program feels well', async () => {
  type Feels = { platforms: Record<string, string> };
  const feels = async () => ((await (await fetch(`${house.url}/healthz`)).json()) as Feels).platforms;
  await waitFor(async () => Object.values(await feels()).every((how) => how === 'ok'), 'all to be well');
  expect(await feels()).toMatchObject({ sms: 'ok', phone: 'ok', pager: 'ok' });
});

test('who writes is known by their number, and answered', async () => {
  expect(await house.twilio.reply(LI, '收到')).toContain('没有呼叫');
});

test('what Twilio delivers again is one act, and answered alike', async () => {
  const number = await raises(house, 'U01WANG');
  const fields = { MessageSid: delivery, From: LI, To: house.twilio.from, Body: '1' };
  const told = [];
  for (let n = 0; n < 3; n++) told.push(await house.twilio.tell(`${house.url}/phone/twilio/sms`, fields));
  expect(new Set(told.map(({ text }) => text)).size).toBe(1);
  expect(told[0]?.text).toContain(number);
  const entries = await house.ledger();
  expect(entries.filter(({ type }) => type === 'page-answered')).toHaveLength(1);
  expect(house.twilio.faults).toEqual([]);
});
