/**
 * What comes from where nobody looks for it: a chat that somebody has closed to us, other clocks, other bots, channels that have moved, and
 * signs that are no signature (cases 31, 33, 34, 35, 36).
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse } from '../support/house.ts';
import { toldOnFeishu, toldOnSlack, typedOnSlack } from '../support/told.ts';

const ABROAD = '{id: chen, hours: {timezone: Europe/Berlin, calendar: DE, from: "09:00", to: "17:00"}, language: en, ';

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;
let asked = 0;
beforeAll(async () => {
  book = await copyHandbook({ 'company.yaml': [['{id: chen, ', ABROAD]] });
  house = await openHouse({ handbook: book.folder });
});
afterAll(async () => {
  await house.close();
  await book.remove();
});

async function ask(text: string): Promise<string> {
  asked += 1;
  const number = `SP-2026-${String(asked).padStart(4, '0')}`;
  expect(await typedOnSlack(house, 'U01WANG', '/spend', text)).toContain(`${number} 已提交`);
  return number;
}
const onFeishu = (place: string, ...words: string[]) =>
  house.feishu.messagesOf(place).filter((m) => words.every((word) => house.feishu.cardText(m).includes(word)));
const onSlack = (place: string, ...words: string[]) =>
  house.slack.messagesOf(place).filter((m) => words.every((word) => house.slack.cardText(m).includes(word)));
const entries = async () => (await house.sql`select 1 from ledger`).length;

test('case 31: somebody has closed their chat to the bot: they sign by the channel’s card, and the administrator hears of it', async () => {
  const { slack, feishu } = house;
  feishu.person('ou_zhao').blocksBot = true;
  const number = await ask('6万 关了单聊');
  await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
  await house.slackSays('U04CHEN', number, '赵敏', '230053');
  await house.feishuSays('oc_pr', number, '等待 赵敏');
  await feishu.press('ou_zhao', await house.feishuCard('oc_pr', number), '批准');
  await house.slackSays('U01WANG', number, '已获批准');
  feishu.person('ou_zhao').blocksBot = false;
  await house.settled();
});

test('case 31: on one platform only: the card stands on the other, and nothing is asked twice', async () => {
  const { slack, feishu } = house;
  feishu.person('ou_li').blocksBot = true;
  const number = await ask('310 只关了飞书');
  await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
  await house.slackSays('U01WANG', number, '已获批准');
  await house.settled();
  expect([onSlack('U02LI', number, '审批路径').length, onFeishu('ou_li', number).length]).toEqual([1, 0]);
  feishu.person('ou_li').blocksBot = false;
});

test('case 33: whoever lives by another clock is told by which one a card speaks; whoever does not reads nothing of it', async () => {
  const { slack, feishu } = house;
  const number = await ask('7万 另一个时区');
  await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
  await feishu.press('ou_zhao', await house.feishuCard('ou_zhao', number), '转交');
  const form = await feishu.when(
    () => feishu.messagesOf('ou_zhao').findLast((m) => feishu.buttonsOf(m).at(-1)?.label === '取消'),
    'the form',
  );
  const [send] = feishu.buttonsOf(form);
  await feishu.fill('ou_zhao', form, { to: 'chen', reason: '请代签' }, send?.label ?? '');
  await house.slackSays(
    'U04CHEN',
    number,
    'All times above are the company’s (Asia/Shanghai), not yours (Europe/Berlin).',
  );
  await house.slackSays('C0PR', number, '以上时间都是公司时间（Asia/Shanghai）。');
  expect(slack.cardText(await house.slackCard('U01WANG', number))).not.toContain('公司时间');
  await slack.press('U04CHEN', await house.slackCard('U04CHEN', number), 'Approve');
  await house.slackSays('U01WANG', number, '已获批准');
});

test('case 34: bots are not listened to, on either platform, whatever they type; nor are our own words', async () => {
  const { slack, feishu } = house;
  await house.settled();
  const [before, said] = [await entries(), [slack.calls().length, feishu.platform.messages.length]];
  const text = '/spend 100 机器人写的';
  const direct = { type: 'message', channel: slack.directOf('U01WANG'), channel_type: 'im', ts: '1.1', text };
  const mention = { type: 'app_mention', channel: 'C0PR', ts: '1.2', text: `<@${slack.botUser}> ${text}` };
  for (const event of [direct, mention]) {
    for (const by of [
      { user: 'U01WANG', bot_id: 'B7' },
      { bot_id: 'B7', subtype: 'bot_message' },
      { user: slack.botUser },
      { user: 'U01WANG', subtype: 'message_changed', hidden: true },
    ]) {
      expect((await slack.event({ ...event, ...by })).status).toBe(200);
    }
  }
  for (const where of ['p2p', 'oc_pr']) {
    const message = { type: 'text', content: { text }, senderType: 'app' };
    expect((await feishu.sendMessage('ou_wang', where, message)).status).toBe(200);
  }
  expect(await entries()).toBe(before);
  expect([slack.calls().length, feishu.platform.messages.length]).toEqual(said);
});

test('case 35: the channel has moved and is no longer ours: people keep their cards, the administrator hears which channel, and its new id mends it', async () => {
  const { slack } = house;
  const first = await ask('350 群搬家之前');
  const stood = await house.slackCard('C0PR', first);
  await house.settled();
  slack.channels.delete('C0PR');
  await slack.press('U02LI', await house.slackCard('U02LI', first), '批准');
  await house.slackSays('U01WANG', first, '已获批准');
  await house.feishuSays('ou_li', first, '李娜 已于');
  await house.slackSays('U04CHEN', first, '#pr', 'slack', 'channel_not_found');
  expect(slack.cardText(stood)).toContain('等待 李娜');

  slack.addChannel({ id: 'C9MOVED', members: ['U01WANG', 'U02LI'] });
  await book.change('company.yaml', ['pr:     {slack: C0PR,', 'pr:     {slack: C9MOVED,']);
  await house.running.reload();
  const second = await ask('351 群搬家之后');
  expect(slack.cardText(await house.slackCard('C9MOVED', second))).toContain('等待 李娜');
});

test('case 36: a thumb or a check mark on a card is no signature, and a word in the chat is none', async () => {
  const { slack, feishu } = house;
  const number = await ask('360 点了赞');
  const [onSlackCard, onFeishuCard] = [await house.slackCard('U02LI', number), await house.feishuCard('ou_li', number)];
  await house.settled();
  const before = await entries();
  const item = { type: 'message', channel: onSlackCard.channel, ts: onSlackCard.ts };
  for (const reaction of ['white_check_mark', '+1'])
    expect((await slack.event({ type: 'reaction_added', user: 'U02LI', reaction, item })).status).toBe(200);
  const reacted = {
    message_id: onFeishuCard.id,
    reaction_type: { emoji_type: 'OK' },
    operator_type: 'user',
    user_id: { open_id: 'ou_li' },
  };
  expect((await feishu.event('im.message.reaction.created_v1', reacted)).status).toBe(200);
  await slack.say('U02LI', '同意');
  await feishu.say('ou_li', 'p2p', '👍 同意', { replyTo: onFeishuCard });
  await Promise.all([toldOnSlack(house, 'U02LI', '可以这样用'), toldOnFeishu(house, 'ou_li', '可以这样用')]);
  await house.settled();
  expect(await entries()).toBe(before);
  expect((await house.types(number)).at(-1)).toBe('step-opened wang');
  expect(slack.cardText(await house.slackCard('U02LI', number))).toContain('等待 李娜');
});
