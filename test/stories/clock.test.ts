/** Our clock against the platforms' (case 21): said before it does harm, heard of on a quiet day too, and past five minutes nothing is believed. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from '../support/house.ts';
import { typedOnSlack } from '../support/told.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
afterEach(() => differ(0));

/** The platforms' clocks go before ours by so many seconds. */
function differ(seconds: number): void {
  const theirs = () => new Date(house.clock().getTime() + seconds * 1000);
  house.feishu.platform.options.clock = theirs;
  house.slack.setClock(theirs);
}
async function health(): Promise<{ slack: string; feishu: string }> {
  const answer = await fetch(`${house.url}/healthz`);
  return ((await answer.json()) as { platforms: { slack: string; feishu: string } }).platforms;
}
const waiting = async () => (await house.sql`select 1 from ledger where type = 'request-submitted'`).length;

test.each([90, -90])('case 21: %d s off: work goes on, and the health page says by how much', async (seconds) => {
  differ(seconds);
  const before = await waiting();
  await typedOnSlack(house, 'U01WANG', '/spend', '100 差一分半');
  await house.settled();
  expect(await waiting()).toBe(before + 1);
  // their header has whole seconds
  const sign = seconds > 0 ? '-' : '';
  const { slack, feishu } = await health();
  expect(slack).toMatch(
    new RegExp(`^Slack: this machine's clock differs by ${sign}(89|90|91) s from Slack's, set it right$`),
  );
  expect(feishu).toMatch(/^本机时钟与飞书相差 (89|90|91) 秒，超过 300 秒后所有回调都会被拒绝。请校准时间（NTP）。$/);
  differ(0);
  await typedOnSlack(house, 'U01WANG', '/spend', '101 校好了');
  await house.settled();
  expect(await health()).toEqual({ slack: 'ok', feishu: 'ok' });
});

test.each([400, -400])('case 21: %d s off: nothing is carried out, from either platform', async (seconds) => {
  differ(seconds);
  const before = await waiting();
  expect((await house.slack.slash('U01WANG', 'C0PR', '/spend', '100 太远了')).status).toBe(401);
  expect((await house.feishu.say('ou_wang', 'p2p', '/spend 100 太远了')).status).toBe(401);
  expect(await waiting()).toBe(before);
});
