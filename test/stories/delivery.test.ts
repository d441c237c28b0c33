/** Cards on a bad day: answers lost, limits reached, messages deleted, contents refused. What was decided is shown in the end, and once. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse, waitFor } from '../support/house.ts';

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
beforeEach(() => house.travel(5 * 60_000)); // what one story sent does not use up the next one's limits
afterEach(async () => {
  house.slack.heal();
  await house.sql`delete from message where key like 'notice|flood|%'`;
});

const POSTS = { path: '/im/v1/messages', method: 'POST' };
const EDITS = { path: '/im/v1/messages/', method: 'PATCH' };
const SLACK_PLACES = ['U01WANG', 'U02LI', 'C0PR'];
const FEISHU_PLACES = ['ou_wang', 'ou_li', 'oc_pr'];

async function ask(line: string): Promise<string> {
  asked += 1;
  number = `SP-2026-${String(asked).padStart(4, '0')}`;
  const answered = await house.slack.slash('U01WANG', 'C0PR', '/spend', line);
  expect(JSON.stringify(answered.body), house.lines.at(-1)).toContain(`${number} 已提交`);
  return number;
}

const PATH = '审批路径\n';
const slackCards = (place: string, of = number) =>
  house.slack.messagesOf(place).filter((m) => [of, PATH].every((word) => house.slack.cardText(m).includes(word)));
const feishuCards = (place: string, of = number) =>
  house.feishu
    .messagesOf(place)
    .filter((m) => [of, '审批路径'].every((word) => house.feishu.cardText(m).includes(word)));
const slackNotices = (place: string, words: string) =>
  house.slack.messagesOf(place).filter((m) => house.slack.cardText(m).includes(words));

/** Until every message of this request on this platform has been tried: it stands there, or it is known why not yet. */
const tried = (of: string, platform: string) =>
  waitFor(async () => {
    const rows =
      await house.sql`select 1 from message where subject = ${of} and platform = ${platform} and ref_message is null
      and last_error is null`;
    const all = await house.sql`select 1 from message where subject = ${of} and platform = ${platform}`;
    return all.length > 0 && rows.length === 0;
  }, `each message of ${of} to be tried on ${platform}`);

/** Until all that is owed on this platform was refused for now: nobody is asking it any more. */
const refusedAll = (platform: string) =>
  waitFor(async () => {
    const owed = await house.sql`
      select last_error is not null and claimed_until is null as refused from message
      where platform = ${platform} and state = 'live' and wanted > shown`;
    return owed.length > 0 && owed.every((row) => row.refused);
  }, `all to be refused on ${platform}`);

/** One card in each place, and it says this. */
async function expectOneCardEverywhere(...says: string[]): Promise<void> {
  await house.settled();
  for (const place of SLACK_PLACES) {
    expect(slackCards(place), place).toHaveLength(1);
    for (const word of says) expect(house.slack.cardText(slackCards(place)[0] as never), place).toContain(word);
  }
  for (const place of FEISHU_PLACES) {
    expect(feishuCards(place), place).toHaveLength(1);
    for (const word of says) expect(house.feishu.cardText(feishuCards(place)[0] as never), place).toContain(word);
  }
}

test('posted, but the answer was lost, in Slack: found by its metadata, nothing stands there twice (case 5)', async () => {
  const { slack } = house;
  slack.fail('chat.postMessage', 'cut after', 3);
  await ask('1000 答复丢失');
  await slack.until(() => slack.calls('conversations.history').length >= 3);
  await expectOneCardEverywhere('等待 李娜 审批');
  await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
  await expectOneCardEverywhere('李娜 已于');
});

test('posted, but the answer was lost, in Feishu: the same uuid brings the same message (case 5)', async () => {
  const { feishu } = house;
  feishu.fail(POSTS, 'cut-after', 3);
  await ask('1001 答复丢失');
  await expectOneCardEverywhere('等待 李娜 审批');
  const uuids = feishu.calls.filter(({ method, body }) => method === 'POST' && JSON.stringify(body).includes(number));
  const counts = Map.groupBy(uuids, ({ body }) => String(body.uuid));
  expect([...counts.values()].filter((calls) => calls.length > 1)).toHaveLength(3);
  await feishu.press('ou_li', await house.feishuCard('ou_li', number), '批准');
  await expectOneCardEverywhere('李娜 已于');
});

test('an answer that comes after Slack broke off before posting: looked for, not found, posted once (case 5)', async () => {
  house.slack.fail('chat.postMessage', 'cut before', 2);
  house.slack.fail('chat.postMessage', { status: 503 }, 2);
  await ask('1002 服务中断');
  await expectOneCardEverywhere('等待 李娜 审批');
});

test('Slack says 429 with Retry-After: nobody asks that method again before, then every card is true (case 6)', async () => {
  const { slack } = house;
  slack.fail('chat.postMessage', { status: 429, retryAfter: 30 }, 3);
  const first = await ask('2000 限流一');
  await tried(first, 'slack');
  const called = slack.calls('chat.postMessage').length;
  await ask('2001 限流二');
  await Promise.all([tried(number, 'slack'), tried(number, 'feishu')]);
  expect(slack.calls('chat.postMessage')).toHaveLength(called);
  slack.heal();
  house.travel(31_000);
  await expectOneCardEverywhere('等待 李娜 审批');
  number = first;
  await expectOneCardEverywhere('等待 李娜 审批');
});

test('429 without Retry-After, and `ratelimited` under HTTP 200, on posts and edits: true in the end (case 6)', async () => {
  const { slack } = house;
  slack.fail('chat.postMessage', { error: 'ratelimited' }, 1);
  await ask('2002 限流三');
  await expectOneCardEverywhere('等待 李娜 审批');
  for (const method of ['chat.postMessage', 'chat.update']) slack.fail(method, { status: 429 }, 1);
  await house.feishu.press('ou_li', await house.feishuCard('ou_li', number), '批准');
  await refusedAll('slack');
  house.travel(6_000);
  await slack.until(() =>
    SLACK_PLACES.every((place) => slack.cardText(slackCards(place)[0] as never).includes('李娜 已于')),
  );
  await expectOneCardEverywhere('李娜 已于');
  await slack.until(() => slackNotices('U01WANG', `${number} 限流三 已获批准`).length === 1);
});

test.each(['rate-limited', 'rate-limited-400'] as const)(
  'Feishu says 99991400 (%s): that interface is left alone until it says so (case 6)',
  async (how) => {
    const { feishu } = house;
    feishu.fail(POSTS, how, 3);
    feishu.fail(POSTS, how, 3);
    const first = await ask('2100 飞书限流一');
    await tried(first, 'feishu');
    const until = performance.now() + 1_500;
    const posts = () => feishu.calls.filter((call) => call.method === 'POST' && call.path.endsWith('/messages')).length;
    const called = posts();
    await ask('2101 飞书限流二');
    await tried(number, 'feishu');
    expect(performance.now(), 'too slow to tell').toBeLessThan(until);
    expect(posts()).toBe(called);
    await expectOneCardEverywhere('等待 李娜 审批');
    number = first;
    await expectOneCardEverywhere('等待 李娜 审批');
  },
);

test('ten requests at once: no platform has to refuse us, and every card arrives (case 6)', async () => {
  const { slack, feishu } = house;
  const refused = () => feishu.calls.filter((call) => call.status === 429 || call.code === 230020).length;
  const before = refused();
  const numbers: string[] = [];
  for (let i = 0; i < 10; i++) numbers.push(await ask(`22${i}0 一起来`));
  await feishu.when(
    () => numbers.every((one) => FEISHU_PLACES.every((p) => feishuCards(p, one).length === 1)),
    'all',
    15_000,
  );
  await slack.until(() => numbers.every((one) => SLACK_PLACES.every((p) => slackCards(p, one).length === 1)), 15_000);
  expect(refused()).toBe(before);
  const at = numbers.map((one) => Number(slackCards('C0PR', one)[0]?.ts)).sort((a, b) => a - b);
  // a short burst of five, then one a second
  for (let i = 5; i < at.length; i++) expect(Number(at[i]) - Number(at[i - 5])).toBeGreaterThan(0.9);
});

test('a decision goes ahead of three hundred queued reminders (case 6)', async () => {
  const { slack, feishu } = house;
  await ask('2300 插队');
  await expectOneCardEverywhere('等待 李娜 审批');
  const others = Array.from({ length: 100 }, (_, i) => `U9${String(i).padStart(3, '0')}`);
  for (const id of others) slack.addUser({ id });
  const now = house.clock();
  await house.sql`
    insert into message (id, subject, kind, audience, platform, address_kind, address, about, data, key, lane, intent, created_at, stale_since)
    select gen_random_uuid(), ${number}, 'notice', 'person:li', 'slack', 'direct', (${others}::text[])[1 + i % 100], 'commented', '{"actor": "wang", "text": "…"}',
      'notice|flood|' || i, 3, gen_random_uuid(), ${now}, ${now} from generate_series(1, 300) i`;
  const reminders = () => others.flatMap((id) => slack.messagesOf(id)).length;
  await slack.until(() => reminders() >= 60, 10_000); // the burst is used up; from now on a few a second
  const [began, flood] = [performance.now(), reminders()];
  await feishu.press('ou_li', await house.feishuCard('ou_li', number), '批准');
  await slack.until(() => slackNotices('U01WANG', `${number} 插队 已获批准`).length === 1);
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(reminders() - flood).toBeLessThan(20);
  await slack.until(() => slack.cardText(slackCards('C0PR')[0] as never).includes('李娜 已于'));
  expect(performance.now() - began).toBeLessThan(10_000);
  const asking = performance.now();
  await ask('2301 插队的新单');
  await slack.until(() => SLACK_PLACES.every((place) => slackCards(place).length === 1));
  expect(performance.now() - asking).toBeLessThan(10_000);
  expect(reminders()).toBeLessThan(200);
});

test('somebody deleted the card: it is posted anew, once, with the newest state (case 9)', async () => {
  const { slack, feishu } = house;
  await ask('3000 被删除');
  await expectOneCardEverywhere('等待 李娜 审批');
  slack.vanish(slackCards('C0PR')[0] as never);
  feishu.recall(feishuCards('oc_pr')[0] as never);
  await slack.press('U02LI', await house.slackCard('U02LI', number), '批准');
  await expectOneCardEverywhere('李娜 已于');
  slack.vanish(slackCards('C0PR')[0] as never);
  feishu.recall(feishuCards('oc_pr')[0] as never);
  await slack.press('U02LI', await house.slackCard('U02LI', number), '评论');
  await slack.submit('U02LI', await slack.until(() => slack.window('U02LI')), { text: '又删了' });
  await house.settled();
  expect([slackCards('C0PR'), feishuCards('oc_pr')]).toEqual([[], []]);
  await slack.until(() => slackNotices('U02LI', '消息被反复删除，不再重发').length > 0);
});

test('a card may not be edited any more: a new one is posted, and the old one does no harm (case 10)', async () => {
  const { slack, feishu } = house;
  await ask('6万 编辑期已过');
  await house.settled();
  const old = slack.snapshot(slackCards('C0PR')[0] as never);
  slack.fail('chat.update', { error: 'edit_window_closed' }, 1);
  feishu.fail(EDITS, 230031, 1);
  await slack.press('U01WANG', await house.slackCard('U01WANG', number), '评论');
  await slack.submit('U01WANG', await slack.until(() => slack.window('U01WANG')), { text: '请看一下' });
  await house.settled();
  const all = [...SLACK_PLACES.map((p) => slackCards(p).length), ...FEISHU_PLACES.map((p) => feishuCards(p).length)];
  expect(all.sort()).toEqual([1, 1, 1, 1, 2, 2]);
  await feishu.press('ou_li', await house.feishuCard('ou_li', number), '批准');
  expect((await slack.press('U02LI', old, '批准')).problem).toBeUndefined();
  await slack.until(() => slack.ephemerals('U02LI').some((m) => /这一步 李娜 已于 .* 批准/.test(slack.cardText(m))));
  expect((await house.types(number)).filter((type) => type === 'step-approved li')).toHaveLength(1);
  await house.settled();
});

test('3,000 characters of details and twenty comments: the card still arrives and can be decided on both (case 22)', async () => {
  const { slack, feishu } = house;
  asked += 1;
  number = `SP-2026-${String(asked).padStart(4, '0')}`;
  await slack.slash('U01WANG', 'C0PR', '/spend');
  const window = await slack.until(() => slack.window('U01WANG'));
  const detail = '这是很长的说明，写满三千字。'.repeat(300).slice(0, 3000);
  const sent = await slack.submit('U01WANG', window, { amount: '5万', title: '超长的申请', detail });
  expect(sent).toMatchObject({ status: 200, problem: undefined });
  const own = await house.slackCard('U01WANG', number);
  for (let i = 0; i < 20; i++) {
    await slack.press('U01WANG', own, '评论');
    await slack.submit('U01WANG', await slack.until(() => slack.window('U01WANG')), { text: `${i}`.padEnd(900, '评') });
    house.travel(2_000);
  }
  await house.settled();
  expect(house.lines.filter((line) => /refused|undeliverable/.test(line) && line.includes(number))).toEqual([]);
  await feishu.press('ou_li', await house.feishuCard('ou_li', number), '批准');
  await house.settled();
  await feishu.press('ou_zhao', await house.feishuCard('ou_zhao', number), '批准');
  await expectOneCardEverywhere('¥50,000.00', '超长的申请', '赵敏 已于');
  expect(feishu.complaints).toEqual([]);
});

test('a platform refuses the content: a plain card with the buttons comes instead, else the administrator hears of it (case 23)', async () => {
  const { slack, feishu } = house;
  slack.fail('chat.postMessage', { error: 'invalid_blocks' }, 3);
  feishu.fail(POSTS, 230099, 3);
  await ask('4000 内容被拒');
  await house.settled();
  const [onSlack, onFeishu] = [await house.slackCard('U02LI', number), await house.feishuCard('ou_li', number)];
  expect(slack.buttons(onSlack).map((button) => button.label)).toContain('批准');
  await feishu.press('ou_li', onFeishu, '批准');
  await house.slackSays('U01WANG', number, '已批准');
  await house.settled();

  slack.fail('chat.postMessage', { error: 'invalid_blocks' }, 40);
  await ask('4001 内容一直被拒');
  await house.feishuSays('ou_li', number, 'invalid_blocks', '平台拒绝了消息内容');
  await feishu.when(() => FEISHU_PLACES.every((place) => feishuCards(place).length === 1), number);
  await house.settled();
  slack.heal();
  await feishu.press('ou_li', await house.feishuCard('ou_li', number), '批准');
  await expectOneCardEverywhere('李娜 已于');
});

test('decided while a platform is refusing for the last time: the newer state is tried all the same (case 23)', async () => {
  const { slack, feishu } = house;
  await house.settled();
  const before = slack.calls('chat.postMessage').length;
  // full, bare, plain, bare again: after twelve refusals the three cards would be given up
  slack.fail('chat.postMessage', { error: 'invalid_blocks' }, 12);
  slack.latency('chat.postMessage', 800);
  await ask('4002 最后一次被拒');
  await slack.until(() => slack.calls('chat.postMessage').length === before + 12, 10_000);
  await feishu.press('ou_li', await house.feishuCard('ou_li', number), '批准');
  await slack.until(() => SLACK_PLACES.every((place) => slackCards(place).length === 1), 10_000);
  await expectOneCardEverywhere('李娜 已于');
});
