/** The calendar that a phone subscribes to: by a secret address, one's own meetings and due dates, as they are now (M1, M4). */
import ICAL from 'ical.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allSaid } from '../support/clockwork.ts';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse } from '../support/house.ts';
import { lookAt } from '../support/meetings.ts';
import { toldOnFeishu } from '../support/told.ts';

let house: House;
let seen: ReturnType<typeof lookAt>;
let book: Awaited<ReturnType<typeof copyHandbook>>;
beforeAll(async () => {
  book = await copyHandbook({ 'company.yaml': [['{id: qian, name: 钱多', '{id: qian, language: en, name: 钱多']] });
  house = await openHouse({ at: '2026-12-01T10:00:00+08:00', handbook: book.folder });
  seen = lookAt(house);
});
afterAll(async () => {
  await house.close();
  await book.remove();
});

/** The address that the answer to this line names. */
async function address(user: string, text: string): Promise<string> {
  const said = await seen.types(user, '/meeting', text);
  const [url = ''] = /http:\/\/[^\s"\\<>|]+\.ics/.exec(said) ?? [];
  expect(said, said).toContain('.ics');
  return url;
}
interface Shown {
  name: string;
  events: Record<string, string>[];
}
async function subscribe(url: string): Promise<Shown> {
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
  const calendar = new ICAL.Component(ICAL.parse(await answer.text()));
  const events = calendar.getAllSubcomponents('vevent').map((one) => {
    const event = new ICAL.Event(one);
    const value = (name: string) => String(one.getFirstPropertyValue(name) ?? '');
    return {
      uid: event.uid,
      title: event.summary,
      start: event.startDate.isDate ? event.startDate.toString() : event.startDate.toJSDate().toISOString(),
      end: event.endDate.isDate ? event.endDate.toString() : event.endDate.toJSDate().toISOString(),
      status: value('status'),
      place: event.location ?? '',
      text: event.description ?? '',
      sequence: String(event.sequence),
      who: event.attendees.map((who) => `${who.getParameter('cn')} ${who.getParameter('partstat')}`).join(),
    };
  });
  return { name: String(calendar.getFirstPropertyValue('x-wr-calname')), events };
}
const byUid = ({ events }: Shown, uid: string) => events.find((event) => event.uid === uid);

test('/meeting calendar: one’s own meetings and nobody else’s; moved, called off and answered as they are now', async () => {
  const { slack, feishu } = house;
  await seen.types('U02LI', '/meeting', 'new 12-10 14:00 选题会; 春季, 上 @王晓文');
  await seen.types('U02LI', '/meeting', 'new 12-11 09:00 一对一 @钱多');
  await feishu.say('ou_zhao', 'p2p', '/meeting new 每周三 15:00 复盘会 @王晓文');
  await toldOnFeishu(house, 'ou_zhao', 'MS-2026-0001');
  const url = await address('U01WANG', 'calendar');
  expect(url.startsWith(`${house.url}/calendar/p-wang/`)).toBe(true);
  expect(await address('U01WANG', 'calendar')).toBe(url);
  const first = await subscribe(url);
  expect(first.name).toBe('王晓文 · 星河传媒公关部');
  expect(byUid(first, 'MT-2026-0001')).toMatchObject({
    title: '选题会; 春季, 上',
    start: '2026-12-10T06:00:00.000Z',
    end: '2026-12-10T07:00:00.000Z',
    status: 'CONFIRMED',
    who: '王晓文 NEEDS-ACTION,李娜 NEEDS-ACTION',
  });
  expect(byUid(first, 'MT-2026-0002')).toBeUndefined();
  expect(first.events.filter((event) => event.title === '复盘会').length).toBeGreaterThan(10);

  await slack.press('U01WANG', await seen.cardWith('U01WANG', 'MT-2026-0001', '参加'), '参加');
  await seen.types('U02LI', '/meeting', 'move MT-2026-0001 12-11 15:00');
  await slack.press('U01WANG', await seen.cardWith('U01WANG', 'MT-2026-0001', '加议题'), '加议题');
  await slack.submit('U01WANG', await seen.windowOf('U01WANG'), { text: '预算\\n; BEGIN:VEVENT' });
  const next = first.events.find((event) => event.title === '复盘会')?.uid ?? '';
  await feishu.say('ou_zhao', 'p2p', `/meeting cancel ${next} 出差`);
  await toldOnFeishu(house, 'ou_zhao', `${next} 已取消`);
  await allSaid(house);
  const then = await subscribe(url);
  expect(byUid(then, 'MT-2026-0001')).toMatchObject({
    start: '2026-12-11T07:00:00.000Z',
    who: '王晓文 NEEDS-ACTION,李娜 NEEDS-ACTION',
    text: '1. 预算\\n; BEGIN:VEVENT',
  });
  expect(Number(byUid(then, 'MT-2026-0001')?.sequence)).toBeGreaterThan(Number(byUid(first, 'MT-2026-0001')?.sequence));
  expect(byUid(then, next)).toMatchObject({ status: 'CANCELLED' });
});

test('a calendar that asks again hears at once that nothing has changed, and what has', async () => {
  const url = await address('U01WANG', 'calendar');
  const tag = (await fetch(url)).headers.get('etag') ?? '';
  house.travel(60_000);
  const same = await fetch(url, { headers: { 'if-none-match': tag } });
  expect([same.status, await same.text(), same.headers.get('etag')]).toEqual([304, '', tag]);
  await house.slack.press('U01WANG', await seen.cardWith('U01WANG', 'MT-2026-0001', '参加'), '参加');
  const changed = await fetch(url, { headers: { 'if-none-match': tag } });
  expect(changed.status).toBe(200);
  expect(await changed.text()).toContain('PARTSTAT=ACCEPTED');
});

test('a decision stands there on the day on which it is due, for its owner alone, until it is done', async () => {
  const owned = async (user: string) =>
    (await subscribe(await address(user, 'calendar'))).events.filter((event) => event.uid?.startsWith('DM-'));
  expect(await owned('U01WANG')).toEqual([]);
  const decision = { number: 'DM-2026-0001', text: '报价；三家', owner: 'wang', due: '2026-12-18', chair: 'li' };
  const body = { ...decision, state: 'accepted', meeting: 'MT-2026-0001', parties: ['wang', 'li'], revision: 2 };
  await house.sql`
    insert into decision (number, meeting, state, owner, chair, due, parties, body, revision)
    values ('DM-2026-0001', 'MT-2026-0001', 'accepted', 'wang', 'li', '2026-12-18', ${['wang', 'li']}, ${house.sql.json(body as never)}, 2)`;
  expect(await owned('U01WANG')).toMatchObject([
    { uid: 'DM-2026-0001', title: 'DM-2026-0001 报价；三家', start: '2026-12-18', end: '2026-12-19' },
  ]);
  expect(await owned('U02LI')).toEqual([]);
  await house.sql`update decision set state = 'done' where number = 'DM-2026-0001'`;
  expect(await owned('U01WANG')).toEqual([]);
});

test('a team’s calendar has what any of them is called to and one may see, once; it can be given another address too', async () => {
  const url = await address('U01WANG', 'calendar team');
  // each has an address of their own, so that one of them may end
  expect(await address('U02LI', 'calendar team')).not.toBe(url);
  const shown = await subscribe(url);
  expect(shown.name).toBe('公关部 · 星河传媒公关部');
  const count = (of: typeof shown, uid: string) => of.events.filter((one) => one.uid === uid).length;
  expect(count(shown, 'MT-2026-0001')).toBe(1);
  // 王晓文 was not called to this one and may not read its card; those who may find it with their team's
  expect(count(shown, 'MT-2026-0002')).toBe(0);
  const [row] = await house.sql<{ parties: string[] }[]>`select parties from meeting where number = 'MT-2026-0002'`;
  expect(row?.parties).not.toContain('wang');
  expect(count(await subscribe(await address('U02LI', 'calendar team')), 'MT-2026-0002')).toBe(1);
  const finance = await subscribe(await address('U05QIAN', 'calendar team'));
  expect(finance.events.map((one) => one.uid)).toEqual(['MT-2026-0002']);
  const fresh = await address('U01WANG', 'calendar team new');
  expect((await fetch(url)).status).toBe(404);
  expect((await fetch(fresh)).status).toBe(200);
});

test('only the secret opens it: another one, another’s or an old one find nothing, and neither does anybody who has left', async () => {
  const [own, other] = [await address('U01WANG', 'calendar'), await address('U02LI', 'calendar')];
  const status = async (url: string) => (await fetch(url)).status;
  const secret = own.slice(own.lastIndexOf('/') + 1);
  expect(await status(own.replace('p-wang', 'p-li'))).toBe(404);
  expect(await status(own.replace(secret, `${'A'.repeat(32)}.ics`))).toBe(404);
  expect(await status(own.replace('.ics', ''))).toBe(404);
  expect(await status(own.replace('p-wang', 'p-%E0%A4%A'))).toBeGreaterThanOrEqual(400);
  const fresh = await address('U01WANG', 'calendar new');
  expect(fresh).not.toBe(own);
  expect([await status(own), await status(fresh), await status(other)]).toEqual([404, 200, 200]);
  await book.change('company.yaml', ['{id: wang, name: 王晓文', '{id: wang, active: false, name: 王晓文']);
  await house.running.reload();
  expect([await status(fresh), await status(other)]).toEqual([404, 200]);
  // what is asked in a group is answered to the person alone
  await house.feishu.say('ou_zhao', 'oc_pr', '/meeting calendar', { mentionBot: true });
  await toldOnFeishu(house, 'ou_zhao', '/calendar/p-zhao/');
  expect(seen.onFeishu('oc_pr', '/calendar/')).toBe(0);
});
