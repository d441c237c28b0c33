/** Slack is all that this company has, and Slack no longer takes our token (case 15): the administrator hears of it by mail. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse, waitFor } from '../support/house.ts';
import { typedOnSlack } from '../support/told.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ feishu: false, mail: true });
});
afterAll(() => house.close());

test.each(['token_expired', 'account_inactive'])(
  'case 15: %s: the requests wait, the administrator reads a mail, and all is sent when it is mended',
  async (code) => {
    const { slack, mail } = house;
    slack.revokeToken(code);
    const said = await typedOnSlack(house, 'U01WANG', '/spend', '100 令牌没了');
    const number = /SP-2026-\d{4}/.exec(said)?.[0] ?? '';
    const letter = await mail.when(() => mail.inbox('chen@example.com').find((one) => one.text.includes(code)), code);
    expect(letter.text).toContain('平台拒绝了我们的令牌或权限');
    expect((await (await fetch(`${house.url}/healthz`)).json()) as object).toMatchObject({ ok: true });
    const untold = async () =>
      house.sql`select 1 from message where subject = ${number} and state = 'live' and wanted > shown and last_error is distinct from ${code}`;
    await waitFor(async () => (await untold()).length === 0, 'all of them to be put off');
    slack.heal();
    house.travel(10 * 60_000);
    await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
    await house.slackSays('U01WANG', number, '已获批准');
    await house.settled();
  },
);
