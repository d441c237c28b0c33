/** After a long outage (case 30): what is shown is true again, nobody is chased for what is over, and nobody is called to what has ended. */
import { afterEach, expect, test } from 'vitest';
import { afterRestore } from '../../src/restored.ts';
import { fills, raises } from '../support/crisis.ts';
import { HOUR, type House, type HouseOptions, openHouse, waitFor } from '../support/house.ts';
import { toldOnSlack, typedOnSlack } from '../support/told.ts';

const POSTS = { path: '/im/v1/messages', method: 'POST' };
const EDITS = { path: '/im/v1/messages/', method: 'PATCH' };
const FEISHU_PLACES = ['ou_wang', 'ou_li', 'oc_pr'];
const NUMBER = 'SP-2026-0001';

let house: House;
afterEach(() => house.close());

async function opens(options: HouseOptions = {}): Promise<House> {
  house = await openHouse(options);
  return house;
}
const asks = (text: string) => typedOnSlack(house, 'U01WANG', '/spend', text);

/** Everything due by then has happened, and what is owed was tried: nothing is left that could be done before the clock moves on. */
async function at(moment: string): Promise<void> {
  house.travelTo(moment);
  await waitFor(
    async () => {
      const now = house.clock();
      const [row] = await house.sql<{ due: number }[]>`
      select (select count(*) from timer where due_at <= ${now})::int
        + (select count(*) from message where state = 'live' and wanted > shown and (next_at is null or next_at <= ${now} or claimed_until is not null))::int as due`;
      return row?.due === 0;
    },
    `all that is due by ${moment}`,
    25_000,
  ); // what a worker has just been handed is handed out anew after 15 s
}
const onFeishu = (place: string, ...words: string[]) =>
  house.feishu.messagesOf(place).filter((m) => words.every((word) => house.feishu.cardText(m).includes(word)));

/** Feishu answers nothing but errors. */
function feishuDown(): void {
  for (const where of [POSTS, EDITS]) house.feishu.fail(where, 'down', 100_000);
}

/** Feishu no longer takes our secret, until what is given back is called. */
function refuseSecret(): () => void {
  const { platform } = house.feishu;
  const secret = platform.options.appSecret;
  platform.revokeTokens();
  platform.options.appSecret = 'changed-on-the-other-side';
  return () => {
    platform.options.appSecret = secret;
  };
}

test('case 30: a platform is away for four days while a request waits: one reminder comes when it is back, the newest', async () => {
  const { slack } = await opens();
  await asks('6万 停了四天');
  await slack.press('U02LI', await house.slackCard('U02LI', NUMBER), '批准');
  await house.feishuCard('ou_zhao', NUMBER);
  await house.settled();
  const mended = refuseSecret();
  for (const day of ['23T16:00', '24T15:00', '25T14:00', '26T14:00']) await at(`2026-11-${day}:00+08:00`);
  const reminded = (await house.ledger(NUMBER)).filter(({ type }) => type === 'step-reminded');
  expect(reminded.length).toBeGreaterThan(1);
  expect(onFeishu('ou_zhao', '提醒（')).toEqual([]);
  mended();
  house.travel(10 * 60_000);
  await house.feishuSays('ou_zhao', `提醒（第 ${reminded.length} 次）：${NUMBER}`);
  await house.settled();
  expect(onFeishu('ou_zhao', '提醒（')).toHaveLength(1);
});

test('case 30: decided while the reminder could not be sent: nobody is reminded of what is over', async () => {
  const { slack, feishu } = await opens();
  await asks('300 等不到');
  await house.settled();
  slack.fail('chat.postMessage', { status: 503 }, 100_000);
  await at('2026-11-23T16:00:00+08:00');
  expect((await house.types(NUMBER)).filter((type) => type.startsWith('step-reminded'))).toHaveLength(1);
  await feishu.press('ou_li', await house.feishuCard('ou_li', NUMBER), '批准');
  slack.heal();
  house.travel(10 * 60_000);
  await house.slackSays('U01WANG', NUMBER, '已获批准');
  await house.settled();
  expect(slack.messagesOf('U02LI').filter((m) => slack.cardText(m).includes('提醒（'))).toEqual([]);
});

test('case 30: a platform is away for thirty hours and the request is decided elsewhere: its cards there are true when it is back', async () => {
  const { slack, feishu } = await opens();
  await asks('400 一天多');
  await house.settled();
  feishuDown();
  await slack.press('U02LI', await house.slackCard('U02LI', NUMBER), '批准');
  await house.slackSays('U01WANG', NUMBER, '已获批准');
  for (const hours of [20, 10]) await at(new Date(house.clock().getTime() + hours * HOUR).toISOString());
  await house.slackSays('U04CHEN', NUMBER, 'feishu', '平台长时间没有应答');
  feishu.heal();
  house.travel(10 * 60_000);
  for (const place of FEISHU_PLACES) await house.feishuSays(place, NUMBER, '李娜 已于');
  for (const place of FEISHU_PLACES) {
    expect(
      onFeishu(place, NUMBER, '审批路径').flatMap((m) => feishu.buttonsOf(m).map(({ label }) => label)),
    ).not.toContain('批准');
  }
  const told = slack.messagesOf('U04CHEN').filter((m) => slack.cardText(m).includes('平台长时间没有应答'));
  expect(told.length, 'each place once a day').toBeLessThanOrEqual(2 * FEISHU_PLACES.length);
});

test('case 30: a crisis ends while a platform refuses us: nobody is called to it afterwards', async () => {
  await opens({ crisis: true, at: '2026-11-24T03:00:00+08:00' });
  const mended = refuseSecret();
  const number = await raises(house, 'U01WANG');
  await fills(house, 'U02LI', 'C0CRISIS', number, '误报，解除', { how: 'false-alarm', reason: '演习的烟雾' });
  await at(new Date(house.clock().getTime() + 1000).toISOString());
  mended();
  house.travel(10 * 60_000);
  await house.settled();
  // how it ended stands in her chat, but nothing that calls her
  expect(onFeishu('ou_zhao', number).map((m) => house.feishu.cardText(m).split('\n')[0])).toEqual([
    `警报 ${number}：误报，已解除`,
  ]);
  expect(
    await house.sql`select 1 from message where kind = 'page' and platform = 'feishu' and ref_message is not null`,
  ).toEqual([]);
});

test('case 30: the database is restored from a backup: old buttons act on nothing else, and open cards are true again', async () => {
  const { slack, sql } = await opens();
  await asks('100 备份之前');
  const kept = await house.slackCard('U02LI', 'SP-2026-0001');
  await asks('200 备份之后');
  const lost = slack.snapshot(await house.slackCard('U02LI', 'SP-2026-0002'));
  await house.settled();
  await house.running.stop();
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    for (const table of ['message', 'timer']) await tx`delete from ${tx(table)} where subject = 'SP-2026-0002'`;
    await tx`delete from step where request = 'SP-2026-0002'`;
    await tx`delete from request where number = 'SP-2026-0002'`;
    await tx`update number_counter set last = 1`;
  });
  // decided after the backup was made, as the chat still shows it
  kept.blocks = kept.blocks.filter((block) => block.type !== 'actions');
  await afterRestore(sql as never, house.clock());
  await house.restart();
  expect(slack.buttons(await house.slackCard('U02LI', 'SP-2026-0001')).map(({ label }) => label)).toContain('批准');
  await asks('60000 恢复之后');
  await house.slackCard('U02LI', `SP-2026-${1002}`);
  await slack.press('U02LI', lost, '批准');
  await house.settled();
  expect((await house.ledger()).filter(({ type }) => type === 'step-approved')).toEqual([]);
  await toldOnSlack(house, 'U02LI', 'SP-2026-0002');
});
