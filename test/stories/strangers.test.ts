/** Whoever is not one of us gets nothing done and learns nothing; what one of us types cannot lie to the others' eyes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callbackValue } from '../support/feishu/card-rules.ts';
import { buttonOn } from '../support/feishu/client.ts';
import { seal, sign as signFeishu } from '../support/feishu/seal.ts';
import { type House, openHouse } from '../support/house.ts';
import { sign as signSlack } from '../support/slack/person.ts';

const MINUTE = 60_000;
const FORM = 'application/x-www-form-urlencoded';
/** What nobody may learn who cannot see SP-2026-0001. */
const SECRET = /32,000|32000|叁万贰仟|春季促销|王晓文|李娜/;

let house: House;
beforeAll(async () => {
  house = await openHouse();
  house.slack.addUser({ id: 'U0AGENCY', name: '外部代理', team: 'T0AGENCY' });
  house.slack.addUser({ id: 'U0GUEST', name: '访客', guest: true });
  house.feishu.platform.people.set('ou_agency', person('tenant-of-strangers'));
  house.feishu.platform.people.set('ou_new', person(house.feishu.tenantKey));
  await house.slack.slash('U01WANG', 'C0PR', '/spend', '3.2万 春季促销物料');
  await house.slackCard('U02LI', 'SP-2026-0001');
});
afterAll(() => house.close());

const person = (tenant: string) => ({ tenant, inRange: true, left: false, blocksBot: false });

/** Everything that could have been changed by an act. */
async function traces(): Promise<number> {
  const [row] = await house.sql<{ traces: number }[]>`
    select (select count(*) from ledger)::int + (select count(*) from inbox)::int as traces`;
  return row?.traces ?? 0;
}

describe('case 19: who is not one of us is refused, and hears nothing of the request', () => {
  test('a member of an agency in our Slack channel, and a guest whom the handbook does not know', async () => {
    const { slack } = house;
    const card = await house.slackCard('C0PR', 'SP-2026-0001');
    const before = await house.types('SP-2026-0001');
    for (const [user, sentence] of [
      ['U0AGENCY', /这里只供本公司成员使用/],
      ['U0GUEST', /这里只供本公司成员使用|规则手册里还没有你的账号/],
    ] as const) {
      for (const button of ['批准', '驳回', '为什么'])
        expect(await slack.press(user, card, button)).toMatchObject({ status: 200, problem: undefined });
      await slack.slash(user, 'C0PR', '/spend', '9万 冒名');
      await slack.slash(user, 'C0PR', '/spend', 'SP-2026-0001');
      await slack.slash(user, 'C0PR', '/pr', 'why SP-2026-0001');
      await slack.mention(user, 'C0PR', '/pr why SP-2026-0001');
      await slack.say(user, 'SP-2026-0001', [slack.addFile({ id: `F${user}` })]);
      await slack.openHome(user);
      await slack.until(() => seenOnSlack(user).length >= 8);
      for (const text of seenOnSlack(user)) {
        expect(text).toMatch(sentence);
        expect(text).not.toMatch(SECRET);
      }
      expect(slack.windows(user)).toEqual([]);
      expect(slack.home(user)).toBeUndefined();
    }
    expect(await house.types('SP-2026-0001')).toEqual(before);
  });

  test('a guest of our workspace may not act even where the handbook names them', async () => {
    const { slack } = house;
    const guest = slack.users.get('U05QIAN');
    if (guest) guest.guest = true;
    await house.restart();
    await slack.until(() => slack.calls('users.info').some((call) => call.args.user === 'U05QIAN'));
    const answered = await slack.slash('U05QIAN', 'C0PR', '/spend', '900 冒名');
    expect(JSON.stringify(answered.body)).toContain('这里只供本公司成员使用');
    expect((await house.ledger()).filter((line) => line.by === 'qian')).toEqual([]);
  });

  test('another tenant in our Feishu group, and a colleague whom the handbook does not know', async () => {
    const { feishu } = house;
    const card = await house.feishuCard('oc_pr', 'SP-2026-0001');
    const before = await house.types('SP-2026-0001');
    for (const [user, sentence] of [
      ['ou_agency', '这里只供本公司成员使用'],
      ['ou_new', '规则手册里还没有你的账号'],
    ] as const) {
      for (const button of ['批准', '驳回', '为什么'])
        expect((await feishu.press(user, card, button)).status).toBe(200);
      await feishu.say(user, 'oc_pr', '/spend 9万 冒名');
      await feishu.say(user, 'p2p', '/pr why SP-2026-0001');
      const own = feishu.tenantKey === feishu.person(user).tenant;
      const said = () => feishu.messagesOf(user).map((message) => feishu.cardText(message));
      // Feishu lets no app write to people of other tenants
      if (own) await feishu.when(() => said().length >= 2, `two answers for ${user}`);
      const seen = [...feishu.toasts(user).map((toast) => toast.content), ...said()];
      expect(seen.length).toBeGreaterThanOrEqual(own ? 5 : 3);
      for (const text of seen) {
        expect(text).toContain(sentence);
        expect(text).not.toMatch(SECRET);
      }
    }
    expect(await house.types('SP-2026-0001')).toEqual(before);
  });

  test('a colleague whom the request does not concern', async () => {
    const { slack, feishu } = house;
    const channel = await house.slackCard('C0PR', 'SP-2026-0001');
    for (const button of ['批准', '驳回', '退回修改']) await slack.press('U04CHEN', channel, button);
    await slack.slash('U04CHEN', 'C0PR', '/spend', 'SP-2026-0001');
    await slack.slash('U04CHEN', 'C0PR', '/pr', 'why SP-2026-0001');
    await slack.until(() => seenOnSlack('U04CHEN').length >= 5);
    const group = await house.feishuCard('oc_pr', 'SP-2026-0001');
    for (const button of ['批准', '驳回', '退回修改']) await feishu.press('ou_sun', group, button);
    await feishu.say('ou_sun', 'p2p', '/spend SP-2026-0001');
    await feishu.when(() => feishu.messagesOf('ou_sun').length === 1, 'the answer to 孙律');
    const onFeishu = feishu.messagesOf('ou_sun').map((message) => feishu.cardText(message));
    const seen = [...seenOnSlack('U04CHEN'), ...feishu.toasts('ou_sun').map((toast) => toast.content), ...onFeishu];
    expect(seen).toHaveLength(9);
    for (const text of seen) {
      expect(text).toContain('这张单与你无关');
      expect(text).not.toMatch(SECRET);
    }
    expect((await house.types('SP-2026-0001')).filter((line) => / (chen|sun)$/.test(line))).toEqual([]);
  });
});

function seenOnSlack(user: string): string[] {
  const { slack } = house;
  const messages = [...slack.ephemerals(user), ...slack.messagesOf(user)];
  return messages.map((message) => `${message.text} ${slack.cardText(message)}`);
}

describe('case 20: forged and replayed callbacks act 0 times', () => {
  test('on the Slack route', async () => {
    const { slack } = house;
    const body = await approvalOnSlack();
    const now = Math.floor(house.clock().getTime() / 1000);
    const at = (seconds: number) => ({ 'x-slack-request-timestamp': String(now + seconds) });
    const signed = (secret: string, of = body) => ({
      ...at(0),
      'x-slack-signature': signSlack(secret, String(now), of),
    });
    const before = await traces();
    const forged: Record<string, string>[] = [
      signed('a secret that leaked from elsewhere'),
      signed(slack.signingSecret, body.replace('SP-2026-0001', 'SP-2026-0002')),
      { ...at(0), 'x-slack-signature': '' },
      { ...at(0), 'x-slack-signature': `v0=${'0'.repeat(64)}` },
      { 'x-slack-request-timestamp': '' },
      at(-3600),
      at(-330),
      at(+330),
    ];
    for (const headers of forged) expect((await slack.send(body, FORM, headers)).status).toBe(401);
    expect((await slack.send(`${body}&x=1`, FORM, signed(slack.signingSecret))).status).toBe(401);
    const deprecated = { ...at(0), 'x-slack-signature': 'deprecated', 'x-slack-token': 'deprecated' };
    expect((await slack.send(body, FORM, deprecated)).status).toBe(401);
    expect(await traces()).toBe(before);
    expect(house.lines.filter((line) => line.includes('slack request refused'))).toHaveLength(1);

    const genuine = signed(slack.signingSecret);
    expect((await slack.send(body, FORM, genuine)).status).toBe(200);
    expect((await house.types('SP-2026-0001')).at(-1)).toBe('request-approved li');
    const after = await traces();
    expect((await slack.send(body, FORM, genuine)).status).toBe(200);
    expect(await traces()).toBe(after);
    house.travel(6 * MINUTE);
    expect((await slack.send(body, FORM, genuine)).status).toBe(401);
    expect(await traces()).toBe(after);
  });

  test('on the Feishu route', async () => {
    const { feishu, slack } = house;
    await slack.slash('U01WANG', 'C0PR', '/spend', '1.8万 直播设备');
    const envelope = await approvalOnFeishu('SP-2026-0002');
    const text = (header: object = {}) =>
      JSON.stringify({ ...envelope, header: { ...envelope.header, ...header, event_id: crypto.randomUUID() } });
    const { secrets } = feishu;
    const timestamp = feishu.now();
    const at = (seconds: number) => seal(text(), secrets, { timestamp: timestamp + seconds });
    const before = await traces();
    const forged: { body: string; headers: Record<string, string> }[] = [
      { body: text(), headers: {} },
      { body: text(), headers: signFeishu(text(), secrets.encryptKey, { timestamp }) },
      { ...at(0), headers: {} },
      seal(text(), { encryptKey: 'a key that leaked from elsewhere' }, { timestamp }),
      at(-3600),
      at(-330),
      at(+330),
      seal(text({ token: 'wrong' }), secrets, { timestamp }),
      seal(text({ token: undefined }), secrets, { timestamp }),
      seal(text({ app_id: 'cli_ffffffffffffffff' }), secrets, { timestamp }),
      seal(text({ tenant_key: 'tenant-of-strangers' }), secrets, { timestamp }),
      seal(text({ tenant_key: undefined }), secrets, { timestamp }),
    ];
    for (const { body, headers } of forged) expect((await feishu.request(body, headers)).status).toBe(401);
    expect(await traces()).toBe(before);
    expect(house.lines.filter((line) => line.includes('request to the Feishu route was refused'))).toHaveLength(1);

    const genuine = seal(JSON.stringify(envelope), secrets, { timestamp });
    expect((await feishu.request(genuine.body, genuine.headers)).status).toBe(200);
    expect((await house.types('SP-2026-0002')).at(-1)).toBe('request-approved li');
    const after = await traces();
    expect((await feishu.request(genuine.body, genuine.headers)).status).toBe(200);
    expect(await traces()).toBe(after);
    house.travel(6 * MINUTE);
    expect((await feishu.request(genuine.body, genuine.headers)).status).toBe(401);
    expect(await traces()).toBe(after);
  });
});

/** A press of 批准 by 李娜 as it goes over the wire, not sent yet. */
async function approvalOnSlack(): Promise<string> {
  const { slack } = house;
  const card = slack.snapshot(await house.slackCard('U02LI', 'SP-2026-0001'));
  const looked = await slack.press('U02LI', card, '为什么');
  const [button] = slack.buttons(card).filter((one) => one.label === '批准');
  const actions = [{ ...button, type: 'button', action_ts: '1.1' }];
  return new URLSearchParams({ payload: JSON.stringify({ ...looked.delivery.payload, actions }) }).toString();
}

async function approvalOnFeishu(number: string) {
  const { feishu } = house;
  const card = await house.feishuCard('ou_li', number);
  return {
    schema: '2.0',
    header: {
      event_id: crypto.randomUUID(),
      event_type: 'card.action.trigger',
      create_time: '1',
      token: feishu.secrets.verificationToken,
      app_id: feishu.platform.options.appId,
      tenant_key: feishu.tenantKey,
    },
    event: {
      operator: { open_id: 'ou_li', tenant_key: feishu.tenantKey },
      action: { tag: 'button', value: callbackValue(buttonOn(card, '批准')) },
      context: { open_message_id: card.id, open_chat_id: card.chat },
    },
  };
}
