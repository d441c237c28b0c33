/** A card was posted, nobody heard of it, and before it was found again the request had been decided: it must not go on asking. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse, waitFor } from '../support/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

async function ask(line: string): Promise<string> {
  const answered = await house.slack.slash('U01WANG', 'C0PR', '/spend', line);
  return /SP-2026-\d{4}/.exec(JSON.stringify(answered.body))?.[0] ?? `no number: ${house.lines.at(-1)}`;
}

/** Each of its cards on this platform stands there, and the database knows of none. */
const postedUnseen = (number: string, platform: string) =>
  waitFor(async () => {
    const rows = await house.sql`
      select ref_message is null and last_error is not null as unseen from message
      where subject = ${number} and platform = ${platform} and kind = 'card'`;
    return rows.length === 3 && rows.every((row) => row.unseen);
  }, `the cards of ${number} to be posted unseen`);

test('in Slack: found by its metadata, it is drawn as things stand now', async () => {
  const { slack, feishu } = house;
  slack.fail('chat.postMessage', 'cut after', 3);
  slack.fail('conversations.history', { status: 500 }, 1_000);
  const number = await ask('1000 被批准之前已发出');
  await postedUnseen(number, 'slack');
  await feishu.press('ou_li', await house.feishuCard('ou_li', number), '批准');
  slack.heal();
  await house.settled();
  for (const place of ['U01WANG', 'U02LI', 'C0PR']) {
    const cards = slack.messagesOf(place).filter((m) => slack.cardText(m).includes('审批路径'));
    expect(
      cards.map((card) => slack.cardText(card).includes('李娜 已于')),
      place,
    ).toEqual([true]);
    expect(slack.buttons(cards[0] as never).map(({ label }) => label)).not.toContain('批准');
  }
});

test('in Feishu: the same uuid brings the old message, and it is drawn as things stand now', async () => {
  const { slack, feishu } = house;
  const posts = { path: '/im/v1/messages', method: 'POST' };
  feishu.fail(posts, 'cut-after', 3);
  feishu.fail(posts, 'down', 1_000);
  const number = await ask('1001 被批准之前已发出');
  await postedUnseen(number, 'feishu');
  await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
  feishu.heal();
  await house.settled();
  for (const place of ['ou_wang', 'ou_li', 'oc_pr']) {
    const cards = feishu
      .messagesOf(place)
      .filter((m) => ['审批路径', number].every((w) => feishu.cardText(m).includes(w)));
    expect(
      cards.map((card) => feishu.cardText(card).includes('李娜 已于')),
      place,
    ).toEqual([true]);
    expect(feishu.buttonsOf(cards[0] as never).map(({ label }) => label)).not.toContain('批准');
  }
});
