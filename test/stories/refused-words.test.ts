/** Words that Feishu does not let pass (case 32): a list of its own, or the company's data protection. Whoever cannot be shown them hears that there is something. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from '../support/house.ts';
import { typedOnSlack } from '../support/told.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  const { refusedWords } = house.feishu.platform;
  const audit = 'The messages do NOT pass the audit, ext=contain sensitive data: PHONE_NUMBER';
  refusedWords.set('13912345678', { code: 230028, said: audit });
  refusedWords.set('某敏感词', { code: 230022, said: 'The content of the message contains sensitive information.' });
});
afterAll(() => house.close());

const onFeishu = (place: string, ...words: string[]) =>
  house.feishu.messagesOf(place).filter((m) => words.every((word) => house.feishu.cardText(m).includes(word)));

test('case 32: the company’s data protection keeps a phone number back: the signer hears of it, nobody is passed over, in other words it goes on', async () => {
  const { slack, feishu } = house;
  await typedOnSlack(house, 'U01WANG', '/spend', '6万 场地，联系 13912345678');
  await slack.press('U02LI', await house.slackCard('U02LI', 'SP-2026-0001'), '批准');
  await house.feishuSays('ou_zhao', 'SP-2026-0001 有内容要给你', '230028:PHONE_NUMBER', '请联系申请人改写');
  await house.slackSays('U04CHEN', '发给 赵敏 的消息', '230028:PHONE_NUMBER', '请申请人换一种说法');
  await house.settled();
  expect(JSON.stringify(feishu.platform.messages)).not.toContain('13912345678');
  expect((await house.types('SP-2026-0001')).at(-1)).toBe('step-opened li');
  expect(onFeishu('ou_zhao', 'SP-2026-0001')).toHaveLength(1);
  // on Slack nothing keeps it back
  await house.slackSays('U01WANG', 'SP-2026-0001', '13912345678', '等待 赵敏');

  await slack.press('U01WANG', await house.slackCard('U01WANG', 'SP-2026-0001'), '撤回');
  await typedOnSlack(house, 'U01WANG', '/spend', '6万 场地');
  await slack.press('U02LI', await house.slackCard('U02LI', 'SP-2026-0002'), '批准');
  await feishu.press('ou_zhao', await house.feishuCard('ou_zhao', 'SP-2026-0002'), '批准');
  await house.slackSays('U01WANG', 'SP-2026-0002', '已获批准');
});

test('case 32: a sensitive word of somebody who is on Feishu alone: they read what to do, once, and the other signers decide', async () => {
  const { slack, feishu } = house;
  await feishu.say('ou_zhao', 'p2p', '/spend 300 某敏感词海报');
  await house.feishuSays('ou_zhao', 'SP-2026-0003 有内容要给你', '230022', '请换一种说法再提交');
  const asked = (await house.ledger('SP-2026-0003')).at(-1)?.data.signers as { person: string }[];
  expect(asked.map(({ person }) => person)).toEqual(['chen']);
  await slack.press('U04CHEN', await house.slackCard('U04CHEN', 'SP-2026-0003'), '批准');
  await house.settled();
  expect((await house.types('SP-2026-0003')).at(-1)).toBe('request-approved chen');
  expect(onFeishu('ou_zhao', '230022')).toHaveLength(1);
});
