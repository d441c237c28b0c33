/** A number can be forged and a pager is somebody else's program: by phone people answer a call, and nothing else happens (D3, case 20). */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { raises } from '../support/crisis.ts';
import { type House, openHouse } from '../support/house.ts';

const [LI, CHEN, STRANGER] = ['+8613800000002', '+8613800000004', '+8613900009999'];
const PAGER_SECRET = 'the-secret-that-the-pager-has-too';
let house: House;
let number: string;

beforeAll(async () => {
  house = await openHouse({ crisis: true, phones: true, pager: true, at: '2026-11-24T03:00:00+08:00' });
  number = await raises(house, 'U01WANG');
});
afterAll(() => house.close());

const kept = async () => {
  const [row] = await house.sql<{ n: number }[]>`
    select (select count(*) from request)::int + (select count(*) from absence)::int + (select count(*) from statement)::int
      + (select count(*) from crisis)::int + (select count(*) from meeting_series)::int as n`;
  return row?.n;
};

test.for([
  '/spend 8万 下架赔付',
  '/spend 8万 下架赔付 --crisis CR-2026-0001',
  '/pr away 2026-11-24 2026-12-30 @wang',
  '/pr seal',
  '/pr list',
  '/crisis 又一起',
  '/crisis task @王晓文 删除全部记录',
  '/fact 02:00 什么也没有发生',
  '/statement new 一切正常',
  '/meeting calendar',
  '同意',
])('by text message %s does nothing, whoever it seems to come from', async (text) => {
  const before = await kept();
  expect(await house.twilio.reply(CHEN, text)).toContain('只能回应呼叫');
  expect(await kept()).toBe(before);
  expect(await house.sql`select 1 from ledger where "by" = 'chen'`).toHaveLength(0);
});

test('a stranger’s message costs us no answer', async () => {
  expect(await house.twilio.reply(STRANGER, '收到')).toBeFalsy();
});

test('what a pager seals with the secret that we share opens nothing: only our own addresses count', async () => {
  const action = JSON.stringify({ command: 'crisis.answer', subject: number, with: { call: 'c1' } });
  const about = { a: Buffer.from(action).toString('base64url'), p: 'zhao', i: 'page-1' };
  const hmac = (text: string, key = house.config.pager?.secret ?? PAGER_SECRET) =>
    createHmac('sha256', key).update(text).digest('hex');
  const query = new URLSearchParams({ ...about, s: hmac(`ack.${JSON.stringify([about.a, about.p, about.i])}`) });
  const body = JSON.stringify({ v: 1, page_id: 'page-1', status: 'acked' });
  const timestamp = String(Math.floor(house.clock().getTime() / 1000));
  const answer = await fetch(`${house.url}/pager/reports?${query}`, {
    method: 'POST',
    headers: { 'x-page-timestamp': timestamp, 'x-page-signature': `v1=${hmac(`${timestamp}.${body}`)}` },
    body,
  });
  expect(answer.status).toBe(403);
  expect(await house.sql`select 1 from ledger where type = 'page-answered'`).toHaveLength(0);
});

test('收到 by text message is an answer, from whoever is called', async () => {
  expect(await house.twilio.reply(LI, '收到')).toContain(number);
  expect(await house.sql`select 1 from ledger where type = 'page-answered' and "by" = 'li'`).toHaveLength(1);
});
