/** Early warning over the real edges (C1, K3): a tool reports at night, the assessors are called at once, one confirm raises the alarm; or it is dismissed. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyHandbook } from '../support/handbook.ts';
import { HOUR, type House, openHouse } from '../support/house.ts';
import { toldOnSlack, typedOnSlack } from '../support/told.ts';

const MINUTE = HOUR / 60;
let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;
beforeAll(async () => {
  book = await copyHandbook(
    { 'company.yaml': [['# quiet: "22:00-08:00"', 'quiet: "22:00-08:00"']] },
    {},
    { crisis: true },
  );
  house = await openHouse({ handbook: book.folder, at: '2026-11-24T02:00:00+08:00' });
});
afterAll(async () => {
  await house.close();
  await book.remove();
});

/** As a monitoring tool signs what it sends. */
async function report(...reports: object[]): Promise<{ status: number; answer: unknown }> {
  const body = JSON.stringify(reports);
  const time = String(Math.floor(house.clock().getTime() / 1000));
  const signature = createHmac('sha256', house.config.signalsSecret ?? '')
    .update(`${time}.${body}`)
    .digest('hex');
  const headers = { 'x-signal-timestamp': time, 'x-signal-signature': `v1=${signature}` };
  const response = await fetch(`${house.url}/signals`, { method: 'POST', body, headers });
  return { status: response.status, answer: await response.json() };
}
const complaint = (id: string, key: string) => ({
  id,
  indicator: 'product-complaints',
  key,
  text: `${id}：充电时冒烟`,
});
const raise = (key: string) => report(...[1, 2, 3, 4, 5].map((i) => complaint(`${key}-${i}`, key)));
const lastSignal = async (): Promise<string> => {
  const [row] = await house.sql<{ number: string }[]>`select number from signal order by number desc limit 1`;
  return row?.number ?? 'none';
};

test('a forgery is refused and leaves nothing', async () => {
  const answer = await fetch(`${house.url}/signals`, {
    method: 'POST',
    body: JSON.stringify(complaint('伪造', '伪造')),
  });
  expect(answer.status).toBe(401);
  expect(await house.sql`select 1 from observation where key = '伪造'`).toHaveLength(0);
});

test('dismissed with a reason: nobody is called again, and the same reports raise nothing', async () => {
  await raise('异味');
  const number = await lastSignal();
  const { feishu } = house;
  const before = feishu.messagesOf('ou_zhao').length;
  await feishu.press('ou_zhao', await house.feishuCard('ou_zhao', number), '不是危机');
  const form = await feishu.when(() => {
    const fresh = feishu.messagesOf('ou_zhao').slice(before);
    return fresh.find((message) => feishu.buttonsOf(message).some(({ label }) => label === '提交'));
  }, 'the form');
  await feishu.fill('ou_zhao', form, { reason: '同一批包装的气味，无害' }, '提交');
  await house.slackSays('U02LI', number, '赵敏', '同一批包装的气味，无害');
  expect(await house.sql`select 1 from timer where subject = ${number}`).toHaveLength(0);
  expect(await raise('异味')).toMatchObject({ answer: { accepted: 0, repeated: 5 } });
  expect(await house.types(number)).toEqual(['signal-raised clock', 'signal-dismissed zhao']);
  expect(await lastSignal()).toBe(number);
});

test('the program is started anew and the tool sends again what it is not sure of: it counts once', async () => {
  await report(complaint('重启-1', '重启'), complaint('重启-2', '重启'));
  await house.restart();
  expect(await report(complaint('重启-1', '重启'), complaint('重启-2', '重启'))).toMatchObject({
    answer: { accepted: 0, repeated: 2 },
  });
  expect(await typedOnSlack(house, 'U02LI', '/signal')).toContain('重启：2 / 5');
});

test('five like complaints within the hour: the director on Feishu and the supervisor on Slack have it at two in the night', async () => {
  expect(await report(...[1, 2, 3, 4].map((i) => complaint(`起火-${i}`, '起火')))).toEqual({
    status: 202,
    answer: { accepted: 4, repeated: 0 },
  });
  const said = await typedOnSlack(house, 'U01WANG', '/signal', 'product-complaints 起火 顾客在直播间说着火了');
  expect(said).toContain('已记录，并触发预警 SG-2026-0002');
  await house.slackSays('U02LI', 'SG-2026-0002', '起火', '王晓文：顾客在直播间说着火了', '请判断');
  await house.feishuSays('ou_zhao', 'SG-2026-0002', '已累计 5');
  await house.slackSays('C0CRISIS', 'SG-2026-0002');
});

test('nobody says what it is for a quarter of an hour: all are told again, and the chief executive as well', async () => {
  house.travel(15 * MINUTE);
  await house.slackSays('U04CHEN', 'SG-2026-0002', '请判断');
  await toldOnSlack(house, 'U02LI', '还没有人判断');
});

test('one confirm: the crisis is raised with what was counted, and every card of the signal says where it goes on', async () => {
  const { slack } = house;
  await slack.press('U02LI', await house.slackCard('U02LI', 'SG-2026-0002'), '是危机，拉响警报');
  await slack.submit('U02LI', await slack.until(() => slack.window('U02LI')), { affected: '星河充电宝' });
  await house.slackSays('U04CHEN', 'SG-2026-0002', 'CR-2026-0001');
  await house.feishuSays('ou_zhao', 'SG-2026-0002', 'CR-2026-0001');
  const [raised] = await house.ledger('CR-2026-0001');
  expect(raised).toMatchObject({
    type: 'crisis-raised',
    data: { signal: 'SG-2026-0002', kind: 'product-safety', affected: '星河充电宝', raisedBy: 'li' },
  });
  expect(await house.types('SG-2026-0002')).toEqual([
    'signal-raised wang',
    'signal-chased clock',
    'signal-confirmed li',
    'signal-linked clock',
  ]);
});

test('what is reported meanwhile belongs to the crisis and calls nobody anew', async () => {
  expect(await report(complaint('起火-8', '起火'), complaint('起火-9', '起火'))).toMatchObject({ status: 202 });
  await house.slackSays('U02LI', 'SG-2026-0002', '已累计 7');
  expect(await lastSignal()).toBe('SG-2026-0002');
});
