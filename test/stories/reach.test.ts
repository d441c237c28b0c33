/** Ways that are closed: triggers and response_urls used up, channels gone, tokens and scopes refused, people who have left. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse, waitFor } from '../support/house.ts';
import { toldOnSlack } from '../support/told.ts';

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;
let number = '';
let asked = 0;

beforeAll(async () => {
  // 李娜, who is in both places, looks after the product
  book = await copyHandbook({ 'company.yaml': [['roles: [supervisor],', 'roles: [supervisor, admin],']] });
  house = await openHouse({ handbook: book.folder });
});
afterAll(async () => {
  await house.close();
  await book.remove();
});
beforeEach(() => house.travel(24 * 3_600_000)); // a new day: the administrator is told once a day of one cause
afterEach(async () => {
  house.slack.heal();
  Object.assign(house.slack.channels.get('C0PR') ?? {}, { archived: false });
  house.feishu.chat('oc_pr').botIn = true;
  await house.settled();
});

async function ask(line: string): Promise<string> {
  asked += 1;
  number = `SP-2026-${String(asked).padStart(4, '0')}`;
  const answered = await house.slack.slash('U01WANG', 'C0CRISIS', '/spend', line);
  expect(JSON.stringify(answered.body), house.lines.at(-1)).toContain(`${number} 已提交`);
  return number;
}

const slackCards = (place: string) =>
  house.slack
    .messagesOf(place)
    .filter((m) => [number, '审批路径\n'].every((word) => house.slack.cardText(m).includes(word)));
const feishuCards = (place: string) =>
  house.feishu
    .messagesOf(place)
    .filter((m) => [number, '审批路径'].every((word) => house.feishu.cardText(m).includes(word)));
/** Until all that is owed there has been tried and was refused so: nobody is asking any more when the story goes on. */
const tried = (platform: string, code: string) =>
  waitFor(async () => {
    const owed = await house.sql`
      select last_error = ${code} and claimed_until is null as refused from message
      where platform = ${platform} and state = 'live' and wanted > shown`;
    return owed.length > 0 && owed.every((row) => row.refused);
  }, `${code} on ${platform}`);

test.each(['expired_trigger_id', 'exchanged_trigger_id'])(
  'a form that cannot be opened (%s): the person is told to press again, and that works (case 7)',
  async (code) => {
    const { slack } = house;
    slack.fail('views.open', { error: code });
    const typed = await slack.slash('U01WANG', 'C0PR', '/spend');
    expect(typed).toMatchObject({ status: 200, problem: undefined });
    await toldOnSlack(house, 'U01WANG', '表单没能打开', '请再试一次');
    expect(slack.window('U01WANG')).toBeUndefined();
    await slack.slash('U01WANG', 'C0PR', '/spend');
    await slack.until(() => slack.window('U01WANG'));
    slack.closeWindow('U01WANG');

    await ask('100 表单过期');
    const card = await house.slackCard('U02LI', number);
    slack.fail('views.open', { error: code });
    await slack.press('U02LI', card, '驳回');
    await toldOnSlack(house, 'U02LI', '表单没能打开');
    await slack.press('U02LI', card, '驳回');
    await slack.submit('U02LI', await slack.until(() => slack.window('U02LI')), { reason: '第二次打开了' });
    await house.slackSays('U01WANG', number, '已驳回');
  },
);

test('a response_url that is used up: the answer comes beside the button, else by direct message (case 8)', async () => {
  const { slack } = house;
  await ask('200 地址用尽');
  const card = await house.slackCard('C0PR', number);
  slack.fail('response_url', { error: 'used_url' });
  await slack.press('U04CHEN', card, '批准');
  await slack.until(() => slack.calls('chat.postEphemeral').some((call) => call.answer?.ok === true));
  await toldOnSlack(house, 'U04CHEN', '这张单与你无关');

  slack.fail('response_url', { error: 'used_url' });
  slack.fail('chat.postEphemeral', { error: 'user_not_in_channel' });
  await slack.press('U02LI', card, '批准');
  await slack.until(() =>
    slack.messagesOf('U02LI').some((m) => slack.cardText(m).includes(`已批准 ${number}，审批完成`)),
  );
});

test('the channel is archived, the group lost its bot: people still get their cards, the administrator what to mend (cases 11 and 12)', async () => {
  const { slack, feishu } = house;
  slack.archive('C0PR');
  feishu.chat('oc_pr').botIn = false;
  await ask('6万 群没了');
  await Promise.all(['U01WANG', 'U02LI'].map((place) => house.slackCard(place, number)));
  await Promise.all(['ou_wang', 'ou_li'].map((place) => house.feishuCard(place, number)));
  // each by the platform that works for the other
  await house.feishuSays('ou_li', number, '#pr', 'slack', 'is_archived', '没有被归档');
  await house.slackSays('U02LI', number, '#pr', 'feishu', '230002', '机器人在这个频道或群里');
  const first = number;
  await ask('301 群还是没了');
  await house.slackCard('U02LI', number);
  await house.settled();
  const told = feishu.messagesOf('ou_li').filter((m) => feishu.cardText(m).includes('is_archived'));
  expect(told, 'told once a day').toHaveLength(1);
  expect(slackCards('C0PR')).toEqual([]);

  Object.assign(slack.channels.get('C0PR') ?? {}, { archived: false });
  feishu.chat('oc_pr').botIn = true;
  number = first;
  await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
  await Promise.all([house.slackSays('C0PR', number, '李娜 已于'), house.feishuSays('oc_pr', number, '李娜 已于')]);
});

test('the database stumbles while the administrator is being told: they hear of it all the same (case 11)', async () => {
  const { slack, feishu, sql } = house;
  const told = () => feishu.messagesOf('ou_li').filter((m) => feishu.cardText(m).includes('is_archived')).length;
  const before = told();
  slack.archive('C0PR');
  await sql`create sequence stumbles`;
  await sql.unsafe(`
    create function stumble() returns trigger language plpgsql as $$
      begin if nextval('stumbles') = 1 then raise exception 'out of disk space'; end if; return new; end $$;
    create trigger stumble before insert on message for each row when (new.about = 'dead-letter') execute function stumble()`);
  await ask('302 数据库一时出错');
  await waitFor(async () => (await sql`select 1 from stumbles where is_called`).length > 0, 'the first try to tell');
  house.travel(20_000);
  await feishu.when(() => told() === before + 1, 'word to the administrator');
  await sql`drop trigger stumble on message`;
});

test('a channel that is archived and opened again keeps its one card (case 11)', async () => {
  const { slack, feishu } = house;
  await ask('6万 归档一阵');
  await Promise.all([house.slackCard('C0PR', number), house.feishuCard('oc_pr', number)]);
  slack.archive('C0PR');
  feishu.chat('oc_pr').botIn = false;
  await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
  await house.settled();
  Object.assign(slack.channels.get('C0PR') ?? {}, { archived: false });
  feishu.chat('oc_pr').botIn = true;
  await feishu.press('ou_zhao', await house.feishuCard('ou_zhao', number), '批准');
  await Promise.all([house.slackSays('C0PR', number, '赵敏 已于'), house.feishuSays('oc_pr', number, '赵敏 已于')]);
  await house.settled();
  expect([slackCards('C0PR').length, feishuCards('oc_pr').length]).toEqual([1, 1]);
});

test('Slack takes our token back: nothing is lost, the administrator hears of it in Feishu, all is true when it works again (case 15)', async () => {
  const { slack, feishu } = house;
  await ask('400 令牌被撤');
  await Promise.all(['U01WANG', 'U02LI', 'C0PR'].map((place) => house.slackCard(place, number)));
  await house.settled();
  slack.revokeToken();
  await feishu.press('ou_li', await house.feishuCard('ou_li', number), '批准');
  await house.feishuSays('ou_li', 'token_revoked', '平台拒绝了我们的令牌或权限');
  await house.feishuSays('ou_wang', number, '李娜 已于');
  await tried('slack', 'token_revoked');
  expect(slack.cardText(slackCards('C0PR')[0] as never)).toContain('等待 李娜');
  expect(feishu.messagesOf('ou_li').filter((m) => feishu.cardText(m).includes('token_revoked'))).toHaveLength(1);
  slack.heal();
  house.travel(5 * 60_000);
  for (const place of ['U01WANG', 'U02LI', 'C0PR']) await house.slackSays(place, number, '李娜 已于');
  await house.slackSays('U01WANG', `${number} 令牌被撤 已获批准`);
});

test('Feishu refuses the app’s secret: the administrator hears of it in Slack, and all is true when it is mended (case 15)', async () => {
  const { slack, feishu } = house;
  await ask('401 密钥换了');
  await Promise.all(['ou_wang', 'ou_li', 'oc_pr'].map((place) => house.feishuCard(place, number)));
  await house.settled();
  feishu.revokeTokens();
  const { options } = feishu.platform;
  const secret = options.appSecret;
  options.appSecret = 'another-secret';
  await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
  await house.slackSays('U02LI', '10014', '平台拒绝了我们的令牌或权限');
  await house.slackSays('U01WANG', number, '李娜 已于');
  await tried('feishu', '10014');
  options.appSecret = secret;
  house.travel(5 * 60_000);
  for (const place of ['ou_wang', 'ou_li', 'oc_pr']) await house.feishuSays(place, number, '李娜 已于');
});

test('tokens of Feishu that are revoked are renewed by themselves, unseen by anybody (case 15)', async () => {
  const { feishu } = house;
  await ask('402 令牌过期');
  await house.settled();
  feishu.revokeTokens();
  await feishu.press('ou_li', await house.feishuCard('ou_li', number), '批准');
  for (const place of ['ou_wang', 'ou_li', 'oc_pr']) await house.feishuSays(place, number, '李娜 已于');
  expect(feishu.messagesOf('ou_li').filter((m) => feishu.cardText(m).includes('99991663'))).toEqual([]);
});

test('a scope is missing: the administrator reads which one, and the cards come once it is granted (case 16)', async () => {
  const { slack, feishu } = house;
  slack.fail('chat.postMessage', { error: 'missing_scope', with: { needed: 'chat:write', provided: 'commands' } }, 6);
  await ask('500 缺少权限');
  await house.feishuSays('ou_li', 'missing_scope:chat:write', '权限（scope）是否齐全');
  await tried('slack', 'missing_scope:chat:write');
  slack.heal();
  house.travel(5 * 60_000);
  for (const place of ['U01WANG', 'U02LI', 'C0PR']) await house.slackSays(place, number, '等待 李娜');
  feishu.platform.scopes.delete('im:message');
  await ask('501 飞书缺少权限');
  await house.slackSays('U02LI', 'feishu', '99991672:im:message', '权限（scope）是否齐全');
  await tried('feishu', '99991672:im:message');
  feishu.platform.scopes.add('im:message');
  house.travel(5 * 60_000);
  for (const place of ['ou_wang', 'ou_li', 'oc_pr']) await house.feishuSays(place, number, '等待 李娜');
});

test('an account is closed on one platform: the other one carries on, and the administrator hears of it (case 17)', async () => {
  const { slack, feishu } = house;
  // what an earlier story still owed would die of the same cause, which is told once
  house.travel(60_000);
  await house.settled();
  slack.deactivate('U01WANG');
  feishu.person('ou_zhao').left = true;
  asked += 1;
  number = `SP-2026-${String(asked).padStart(4, '0')}`;
  await feishu.say('ou_wang', 'p2p', '/spend 6万 账号停用');
  await house.feishuSays('ou_wang', number, '等待 李娜');
  await house.feishuSays('ou_li', number, '王晓文', 'user_disabled', '此人在应用的可用范围内');
  await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
  await house.slackSays('U02LI', '发给 赵敏 的消息', '230029');
  expect(await house.types(number)).toContain('step-approved li');
  Object.assign(slack.users.get('U01WANG') ?? {}, { deleted: false });
});
