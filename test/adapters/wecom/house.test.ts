/** WeCom on the whole product: typed words and notices, on the real road and a real database. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyHandbook } from '../../support/handbook.ts';
import { type House, openHouse, waitFor } from '../../support/house.ts';

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;
beforeAll(async () => {
  book = await copyHandbook({
    'company.yaml': [
      ['accounts: {slack: U01WANG, feishu: ou_wang}', 'accounts: {wecom: wangxiaowen}'],
      ['accounts: {slack: U02LI, feishu: ou_li}', 'accounts: {slack: U02LI, feishu: ou_li, wecom: lina}'],
    ],
  });
  house = await openHouse({ wecom: true, handbook: book.folder });
});
afterAll(async () => {
  await house?.close();
  await book.remove();
});
const read = (who: string) => house.wecom.messagesOf(who).map(house.wecom.textOf);

test('the address check is answered by the running program, and it feels well', async () => {
  expect(await house.wecom.check('1616140317555161061')).toEqual({ status: 200, text: '1616140317555161061' });
  await waitFor(async () => (await fetch(`${house.url}/healthz`)).status === 200, 'all to be well');
});

test('who types is known by their account, and answered; a stranger is turned away', async () => {
  house.wecom.people.add('stranger');
  expect((await house.wecom.type('lina', '/help')).status).toBe(200);
  await house.wecom.when(() => read('lina').some((text) => text.includes('/pr help')), 'an answer to 李娜');
  await house.wecom.type('stranger', '/help');
  await house.wecom.when(() => read('stranger').some((text) => text.includes('wecom: stranger')), 'who they are');
});

test('who is nowhere else files in WeCom and is told there, once, however often the words are delivered', async () => {
  const typed = house.wecom.textEvent('wangxiaowen', '/spend 3.2万 春季促销物料');
  for (let n = 0; n < 3; n++) expect((await house.wecom.deliver(typed)).status).toBe(200);
  await house.wecom.when(() => read('wangxiaowen').length > 0, 'an answer');
  const card = await house.slackCard('U02LI', 'SP-2026-0001');
  house.wecom.fail('/cgi-bin/message/send', 'cut-after'); // the notice arrives, its answer does not
  await house.slack.press('U02LI', card, '批准');
  await house.settled();
  expect(read('wangxiaowen')).toEqual([
    expect.stringMatching(/^SP-2026-0001 已提交，金额 ¥32,000\.00/),
    '【SP-2026-0001 费用申请】\nSP-2026-0001 春季促销物料 已获批准。',
  ]);
  expect(house.wecom.calls.filter(({ body }) => body.includes('已获批准'))).toHaveLength(2);
  expect(house.wecom.faults).toEqual([]);
});
