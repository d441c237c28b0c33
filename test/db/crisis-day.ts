/**
 * Every kind of act of the crisis desk once: a crisis from its alarm to its debrief, with spend, a freeze and statements; a drill; signals;
 * rooms that could not be made. It leaves nothing open that would ring for the rest of the day.
 */
import { createHmac } from 'node:crypto';
import { expect } from 'vitest';
import type { ActionRef } from '../../src/core/card.ts';
import { type House, SIGNALS_SECRET, waitFor } from '../support/house.ts';
import { quiet } from '../support/minutes.ts';
import { type Hands, numberIn } from './hands.ts';

const MINUTE = 60_000;
const [ZHAO, SUN] = ['+8613800000003', '+8613800000006'];

/** @returns the numbers of what was done */
export async function aDayOfCrises(house: House, hands: Hands): Promise<{ numbers: string[] }> {
  const on = actsOn(house, hands);
  const held = await hands.ask('/spend 3万 银河暖手宝 春季展台');
  const crisis = await aNight(on);
  const room = await on.room(crisis, 'desk');
  await whatIsKnown(on, crisis, room);
  await moneyFirst(on, crisis);
  const statement = await whatIsSaid(on, crisis, room);
  await afterwards(on, crisis, held);
  const drill = await aDrill(on);
  await roomsInTrouble(on);
  const signal = await earlyWarnings(on);
  return { numbers: [crisis, drill, statement, signal] };
}

type On = ReturnType<typeof actsOn>;

function actsOn(house: House, hands: Hands) {
  const act = (name: string, subject: string, more: Partial<ActionRef> = {}): ActionRef => ({
    command: name.includes('.') ? name : `crisis.${name}`,
    subject,
    ...more,
  });
  const newest = async (letters: string): Promise<string> => {
    const [row] = await house.sql<{ number: string }[]>`
      select subject as number from ledger where subject like ${`${letters}-%`} order by seq desc limit 1`;
    return row?.number ?? '';
  };
  const raise = async (person: string, affected: string, given: Record<string, string> = {}): Promise<string> => {
    const values = { text: '顾客在直播间投诉产品起火', kind: 'product-safety', affected };
    const said = await hands.fillIn(person, { command: 'crisis.raise', with: given }, values);
    return numberIn(said, given.drill ? 'DR' : 'CR');
  };
  const happens = (number: string, type: string, { times = 1, saying = '' } = {}) =>
    waitFor(async () => {
      const told = await house.sql`
        select 1 from ledger where subject = ${number} and type = ${type} and data like ${`%${saying}%`}`;
      return told.length >= times;
    }, `${type} of ${number}`);
  const taken = (answer: string): string => {
    expect(answer).not.toMatch(/^\{"kind":(?:"said","tone":"bad"|"faults")/);
    return answer;
  };
  return {
    house,
    ...hands,
    say: async (person: string, text: string, files: object[] = []) => taken(await hands.say(person, text, files)),
    sayIn: async (place: string, person: string, text: string) => taken(await hands.sayIn(place, person, text)),
    newest,
    raise,
    happens,
    does: async (person: string, name: string, number: string, more: Partial<ActionRef> = {}) =>
      taken(await hands.press(person, act(name, number, more))),
    fills: async (person: string, name: string, number: string, values: Record<string, string>, more = {}) =>
      taken(await hands.fillIn(person, act(name, number, more), values)),
    room: async (number: string, platform: string): Promise<string> => {
      let channel: string | null | undefined;
      await waitFor(async () => {
        const [row] = await house.sql<{ channel: string | null }[]>`
          select channel from room where crisis = ${number} and platform = ${platform} and made = wanted`;
        channel = row?.channel;
        return typeof channel === 'string';
      }, `a room of ${number} on ${platform}`);
      return `channel:${channel}`;
    },
    grade: async (number: string, grade: string) =>
      taken(
        await hands.fillIn('li', act('grade', number), {
          grade,
          reason: '有人受伤',
          kind: 'product-safety',
          affected: '暖手宝',
        }),
      ),
    standDown: async (number: string, how: string) =>
      taken(await hands.fillIn('zhao', act('stand-down', number), { how, reason: '已经控制' })),
  };
}

/** The alarm, the grade, the calls: one answers on the desk, one by text message; a text message and a page do not arrive. */
async function aNight(on: On): Promise<string> {
  const { house, say, does } = on;
  await say('wang', '/crisis 顾客在直播间投诉产品起火');
  const number = await on.raise('wang', '暖手宝');
  for (const line of ['/crisis', '/crisis list', number, `/crisis ${number}`]) await say('wang', line);
  await on.visit('li');
  await does('li', 'answer', number);
  await on.grade(number, 'major');
  await on.happens(number, 'room-settled', { times: 3 });
  house.twilio.fail('Messages', 21211);
  for (const saying of ['"feishu-app"', '"sms"']) {
    house.travel(15 * MINUTE);
    await on.happens(number, 'rung-climbed', { times: 2, saying });
    await quiet(house);
  }
  const { twilio } = house;
  const text = await twilio.when(() => [...twilio.textsTo(ZHAO), ...twilio.textsTo(SUN)].at(-1), 'a text message');
  await twilio.delivered(text.sid);
  await twilio.reply(text.to, '收到');
  await does(text.to === ZHAO ? 'sun' : 'zhao', 'answer', number);
  await does('sun', 'take-back', number);
  await does('sun', 'answer', number);
  await quiet(house);
  house.slack.fail('chat.postMessage', { error: 'is_archived' }, 4);
  await on.fills('li', 'add', number, { person: 'chen' });
  await waitFor(
    async () => (await house.sql`select 1 from message where kind = 'page' and state = 'dead'`).length > 0,
    'a page that does not arrive',
  );
  house.slack.heal();
  await does('chen', 'answer', number);
  return number;
}

async function whatIsKnown(on: On, crisis: string, room: string): Promise<void> {
  const { say, sayIn, does, fills } = on;
  await sayIn(room, 'li', '/crisis');
  await sayIn(room, 'li', '/fact 14:00 五起同类投诉');
  await say('li', `/fact ${crisis} 视频已下架`);
  await sayIn(room, 'li', '/crisis task @王晓文 联系顾客');
  await fills('li', 'contact', crisis, { party: 'media', whom: '晚报', text: '已回电' });
  await fills('li', 'update', crisis, { known: '五起投诉', said: '正在调查', next: '下架' });
  await does('wang', 'task-done', crisis, { with: { task: 't1' } });
  for (const seat of ['lead', 'spokesperson']) await does('zhao', 'take-seat', crisis, { with: { seat } });
  await say('li', crisis, [await on.upload('li', '现场.pdf', '%PDF-1.7\n%%EOF')]);
  await does('li', 'files', crisis);
  await on.happens(crisis, 'file-kept');
}

/** Spent at once, then ratified, or not; what the freeze holds stays held, then goes on. */
async function moneyFirst(on: On, crisis: string): Promise<void> {
  const { house, say, fills, does } = on;
  const step = async (number: string) => {
    const [open] = await house.sql<{ id: string }[]>`
      select id from step where request = ${number} and state = 'open'`;
    return { step: open?.id ?? '', seen: 1 };
  };
  const ratified = await on.ask(`/spend 8万 下架赔付 --crisis ${crisis}`, 'li');
  const refused = await on.ask(`/spend 1万 顾客慰问 --crisis ${crisis}`, 'li');
  for (const person of ['qian', 'zhao']) {
    await say(person, '/pr list');
    await on.visit(person);
  }
  await does('zhao', 'requests.approve', ratified, await step(ratified));
  await fills('zhao', 'requests.reject', refused, { reason: '没有收据' }, await step(refused));
  await on.happens(crisis, 'spend-refused');
  await fills('zhao', 'clear', crisis, { person: 'li', reason: '已补收据' });
  const late = await on.ask('/spend 1万 暖手宝 海报');
  await does('zhao', 'resume', crisis);
  await fills('zhao', 'resume', crisis, { verdict: 'no-go', reason: '等检测' });
  await fills('zhao', 'resume', crisis, { verdict: 'go', reason: '检测合格' });
  await on.happens(late, 'request-released');
  await does('wang', 'requests.withdraw', late, { seen: 1 });
}

/** Drafted, edited, cleared, released, checked, corrected. */
async function whatIsSaid(on: On, crisis: string, room: string): Promise<string> {
  const { say, sayIn, does, fills } = on;
  const number = numberIn(await sayIn(room, 'li', '/statement new 我们正在调查。'), 'ST');
  for (const line of ['/statement list', number, '/statement check 我们正在调查。']) await say('li', line);
  await sayIn(room, 'li', '/statement');
  await on.visit('li');
  await fills('li', 'statements.edit', number, { text: '我们已经停售该批次产品。' }, { seen: 1 });
  await does('li', 'statements.ask', number, { seen: 2 });
  // who stands in for whom decides for whom it waits
  await say('sun', '/pr away 2026-11-25 2026-11-26 @赵敏');
  await does('sun', 'statements.clear', number, { seen: 2, step: 's1' });
  await does('zhao', 'statements.clear', number, { seen: 2, step: 's2' });
  await fills('zhao', 'statements.release', number, { where: '官方微博' }, { seen: 2 });
  await on.happens(number, 'statement-released');
  await say('wang', '/statement check 我们已经停售该批次产品。');
  await does('li', 'statements.correct', number, { seen: 2 });
  const correction = { command: 'statements.new', with: { crisis, replaces: number } };
  const newer = numberIn(await on.fillIn('li', correction, { text: '我们已经停售全部批次。' }), 'ST');
  await fills('li', 'statements.withdraw', newer, { reason: '无需更正' }, { seen: 1 });
  return number;
}

async function afterwards(on: On, crisis: string, held: string): Promise<void> {
  const { house, say, fills, does } = on;
  await on.standDown(crisis, 'controlled');
  await on.happens(held, 'request-released');
  await does('wang', 'requests.withdraw', held, { seen: 1 });
  await fills('zhao', 'aftercare', crisis, { kind: 'loss', text: '核算损失', owner: 'qian', due: '2026-12-04' });
  const offer = await say('li', `/crisis debrief ${crisis}`);
  const links = offer.match(/http:[^"\\]+\/debrief\/[^"\\]+/g) ?? [];
  expect(links, offer).toHaveLength(2);
  for (const link of links) expect((await fetch(link)).status).toBe(200);
  await does('qian', 'decisions.accept', await on.newest('DM'));
  await say('wang', '/crisis');
  await quiet(house);
}

async function aDrill(on: On): Promise<string> {
  const { say } = on;
  for (const line of ['/crisis drill', '/crisis drill service-storm', '/crisis drills']) await say('li', line);
  const number = await on.raise('li', '', { drill: 'service-storm' });
  await on.grade(number, 'general');
  await on.does('zhao', 'answer', number);
  await on.standDown(number, 'controlled');
  await on.happens(number, 'drill-scored');
  await say('wang', '/crisis drills');
  return number;
}

/** One that Slack cannot open, one that somebody closed, one that is no longer needed when Feishu is back. */
async function roomsInTrouble(on: On): Promise<void> {
  const { house } = on;
  const { slack, feishu } = house;
  const number = await on.raise('wang', '');
  slack.fail('conversations.create', { error: 'restricted_action' });
  await on.grade(number, 'major');
  await on.happens(number, 'room-settled', { times: 3 });
  await on.does('li', 'mend-rooms', number);
  await on.room(number, 'slack');
  slack.fail('conversations.invite', { error: 'channel_not_found' });
  await on.fills('li', 'add', number, { person: 'chen' });
  await waitFor(
    async () =>
      (await house.sql`select 1 from room where crisis = ${number} and platform = 'slack' and channel is null`).length >
      0,
    'the closed room to be forgotten',
  );
  feishu.fail('/im/v1/chats', 'down', 20);
  const late = await on.raise('wang', '');
  await on.grade(late, 'major');
  await waitFor(
    async () => (await house.sql`select 1 from room where crisis = ${late} and attempts > 0`).length > 0,
    'Feishu to be asked again later',
  );
  for (const one of [number, late]) await on.standDown(one, 'false-alarm');
  feishu.heal();
  house.travel(10 * MINUTE);
  await waitFor(
    async () => (await house.sql`select 1 from room where wanted > made`).length === 0,
    'no room to be wanted any more',
  );
  await quiet(house);
}

async function earlyWarnings(on: On): Promise<string> {
  const { house, say, fills, does } = on;
  const post = async (...ids: string[]) => {
    const reports = ids.map((id) => ({ id, indicator: 'product-complaints', key: '起火', text: '充电时冒烟' }));
    const body = JSON.stringify(reports);
    const time = String(Math.floor(house.clock().getTime() / 1000));
    const signature = `v1=${createHmac('sha256', SIGNALS_SECRET).update(`${time}.${body}`).digest('hex')}`;
    const headers = { 'x-signal-timestamp': time, 'x-signal-signature': signature };
    const answer = await fetch(`${house.url}/signals`, { method: 'POST', headers, body });
    expect(answer.status, await answer.text()).toBe(202);
  };
  await post('w1', 'w2');
  await say('wang', '/signal product-complaints 起火 我也看到了');
  await say('wang', '/signal');
  await post('w2', 'w3', 'w4', 'w5');
  const first = await on.newest('SG');
  await post('w6');
  for (const line of ['/signal', first, `/signal ${first}`]) await say('li', line);
  await on.visit('li');
  await does('li', 'signals.dismiss', first);
  await fills('li', 'signals.dismiss', first, { reason: '是同一条视频' });
  await post('x1', 'x2', 'x3', 'x4', 'x5');
  const second = await on.newest('SG');
  await fills('li', 'signals.confirm', second, { reason: '五起投诉', affected: '' });
  await on.standDown(await on.newest('CR'), 'false-alarm');
  await quiet(house);
  return second;
}
