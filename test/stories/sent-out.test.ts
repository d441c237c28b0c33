/** Sent out (N1, M4): minutes and decisions by mail and WeCom, beside what stands in the chats; late where it must be, never twice. */
import ICAL from 'ical.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyHandbook } from '../support/handbook.ts';
import { type House, openHouse, waitFor } from '../support/house.ts';
import { at, fileMinutes, quiet } from '../support/minutes.ts';

let house: House;
let book: Awaited<ReturnType<typeof copyHandbook>>;
beforeAll(async () => {
  book = await copyHandbook(
    {
      'company.yaml': [
        ['accounts: {slack: U02LI, feishu: ou_li}', 'accounts: {slack: U02LI, feishu: ou_li, wecom: lina}'],
        ['accounts: {feishu: ou_sun}', 'accounts: {}'],
        ['{slack: C0PR, feishu: oc_pr}', '{slack: C0PR, feishu: oc_pr, wecom: pr}'],
      ],
    },
    {},
    { whole: true },
  );
  house = await openHouse({ at: '2026-11-20T09:59:00+08:00', handbook: book.folder, mail: true, wecom: true });
  // one of the four mailboxes asks to be tried again later, and by then the meeting is over
  house.mail.fail({ at: 'recipient', reply: '451 4.7.1 greylisted' });
  house.travelTo('2026-11-20T10:00:01+08:00');
  await waitFor(async () => {
    const rows = await house.sql<{ state: string; last_error: string | null }[]>`
      select state, last_error from message where kind = 'letter' and platform = 'email'`;
    return rows.filter(({ state }) => state === 'done').length === 3 && rows.some((row) => row.last_error !== null);
  }, 'three invitations');
  house.travelTo('2026-11-23T11:05:00+08:00');
  await quiet(house);
});
afterAll(async () => {
  await house.close();
  await book.remove();
});

const [CONTRACT, BUDGET] = ['DM-2026-0001', 'DM-2026-0002'];
const inbox = (name: string) => house.mail.inbox(`${name}@example.com`);
const wecomTexts = (who: string) => house.wecom.messagesOf(who).map(house.wecom.textOf);
function calendar(text: string) {
  const whole = new ICAL.Component(ICAL.parse(text));
  const event = whole.getFirstSubcomponent('vevent');
  return {
    method: whole.getFirstPropertyValue('method'),
    uid: event?.getFirstPropertyValue('uid'),
    start: String(event?.getFirstPropertyValue('dtstart')),
    status: event?.getFirstPropertyValue('status'),
  };
}

/** Buttons are pressed on another platform, cards are redrawn there as they stand. */
const card = (number: string) =>
  house.slack.until(() =>
    house.slack
      .messagesOf('U02LI')
      .findLast((m) => [`决议 ${number}`, '来自会议'].every((word) => house.slack.cardText(m).includes(word))),
  );

test('the invitation comes once by mail, with the date to keep; a meeting that was over before its letter could go is announced to nobody', async () => {
  const letters = ['wang', 'li', 'zhao', 'chen'].flatMap(inbox);
  expect(letters).toHaveLength(3);
  const [letter] = letters;
  expect(letter?.subject).toBe('会议：部门例会 MT-2026-0001');
  expect(letter?.text).toContain('邀请你参加「部门例会」：2026-11-23 周一 10:00–11:00');
  expect(letter?.attachments).toMatchObject([
    { filename: 'MT-2026-0001.ics', contentType: 'text/calendar', method: 'PUBLISH' },
  ]);
  expect(calendar(letter?.attachments[0]?.text ?? '')).toMatchObject({
    method: 'PUBLISH',
    uid: 'MT-2026-0001',
    start: '2026-11-23T02:00:00Z',
    status: 'CONFIRMED',
  });
});

test('the minutes reach everybody who was called: text and HTML, in the meeting’s own thread, with the document under the house’s name', async () => {
  await fileMinutes(house, 'U01WANG', 'MT-2026-0001', ['与场地签合同 @李娜 11-27', '核对预算 @孙律 12-11']);
  await quiet(house);
  for (const name of ['wang', 'li', 'zhao', 'chen']) {
    const [letter, ...more] = inbox(name).filter(({ text }) => text.includes('纪要已发布'));
    expect(more).toEqual([]);
    expect(letter?.subject).toBe('会议：部门例会 MT-2026-0001');
    for (const said of [letter?.text, letter?.html]) expect(said).toContain(`${CONTRACT} 与场地签合同`);
    expect(letter?.header('references')).toBe('<MT-2026-0001@example.com>');
    expect(letter?.attachments).toMatchObject([{ filename: '部门例会-20261123-01V1.txt', contentType: 'text/plain' }]);
    expect(letter?.attachments[0]?.text).toContain(`${BUDGET} 核对预算 — 孙律`);
    expect(new Set(inbox(name).map((one) => one.header('in-reply-to'))).size).toBe(1);
  }
  expect(wecomTexts('lina').filter((text) => text.includes('纪要已发布'))).toHaveLength(1);
  expect(house.wecom.groups.filter(({ message }) => message.markdown.content.includes('纪要已发布'))).toHaveLength(1);
});

test('who has nothing but a mailbox has the decision there, with its date, and each later word once', async () => {
  const [letter, ...more] = inbox('sun');
  expect(more).toEqual([]);
  expect(letter?.text).toContain(`有一项决议由你负责：${BUDGET} 核对预算，2026-12-11 周五 前完成`);
  expect(letter?.header('references')).toBe('<MT-2026-0001@example.com>');
  expect(calendar(letter?.attachments[0]?.text ?? '')).toMatchObject({ uid: BUDGET, start: '2026-12-11' });
  const { slack } = house;
  await slack.slash('U04CHEN', 'direct', '/decisions', BUDGET);
  const own = await house.slackSays('U04CHEN', BUDGET, '来自会议');
  await slack.press('U04CHEN', own, '延期');
  await slack.submit('U04CHEN', await slack.until(() => slack.window('U04CHEN')), {
    to: '2026-12-15',
    reason: '等对账',
  });
  await quiet(house);
  const later = inbox('sun').slice(1);
  expect(later).toHaveLength(1);
  expect(later[0]?.text).toContain('已延期到 2026-12-15');
  expect(calendar(later[0]?.attachments[0]?.text ?? '')).toMatchObject({ uid: BUDGET, start: '2026-12-15' });
  await at(house, '2026-12-14T09:30:30+08:00');
  expect(inbox('sun').filter(({ text }) => text.includes('将于 2026-12-15'))).toHaveLength(1);
});

test('accepted on WeCom: the card there shows it, and the cards in the chats settle', async () => {
  const { wecom } = house;
  house.travelTo('2026-12-14T10:00:00+08:00');
  const letter = wecom.messagesOf('lina').find((one) => wecom.textOf(one).includes(`决议 ${CONTRACT}`));
  if (!letter) throw new Error('no decision in WeCom');
  expect(wecom.textOf(letter)).toContain('[接受]');
  expect((await wecom.press('lina', letter, '接受')).status).toBe(200);
  await wecom.when(
    () => letter.replaced !== undefined || !wecom.textOf(letter).includes('[接受]'),
    'the card to change',
  );
  await quiet(house);
  expect(house.slack.cardText(await card(CONTRACT))).toContain('进行中');
  await house.feishuSays('ou_li', CONTRACT, '来自会议', '进行中');
  expect((await house.ledger(CONTRACT)).find(({ type }) => type === 'decision-accepted')).toMatchObject({
    by: 'li',
    data: { via: 'wecom' },
  });
  expect(wecom.faults).toEqual([]);
});

async function triesOf(audience: string): Promise<number> {
  const [row] = await house.sql<{ attempts: number }[]>`
    select attempts from message where kind = 'letter' and platform = 'email' and state = 'live' and audience = ${audience}`;
  return row?.attempts ?? 0;
}

test('the mail server is away for an hour: the letter comes afterwards, once', async () => {
  const { mail, slack } = house;
  const before = inbox('li').length;
  mail.fail({ at: 'greeting', reply: '421 4.3.2 closing', times: 13 });
  mail.hangUpOnAll();
  await slack.slash('U04CHEN', 'direct', '/decisions', CONTRACT);
  const own = await house.slackSays('U04CHEN', CONTRACT, '来自会议');
  await slack.press('U04CHEN', own, '延期');
  await slack.submit('U04CHEN', await slack.until(() => slack.window('U04CHEN')), {
    to: '2026-12-18',
    reason: '场地改期',
  });
  const arrived = () => inbox('li').length > before;
  let tries = 0;
  while (!arrived()) {
    tries += 1;
    await waitFor(async () => arrived() || (await triesOf('person:li')) >= tries, `try ${tries}`);
    // at most five minutes lie between two tries
    if (!arrived()) house.travel(6 * 60_000);
  }
  expect(tries).toBeGreaterThan(10);
  await quiet(house);
  const later = inbox('li').slice(before);
  expect(later.filter(({ text }) => text.includes('已延期到 2026-12-18'))).toHaveLength(1);
  expect(later).toHaveLength(1);
});

test('a mailbox that is refused is no secret: the administrator reads who did not get what', async () => {
  const { mail, slack } = house;
  mail.people.delete('sun@example.com');
  const own = await house.slackSays('U04CHEN', BUDGET, '来自会议');
  await slack.press('U04CHEN', own, '延期');
  await slack.submit('U04CHEN', await slack.until(() => slack.window('U04CHEN')), {
    to: '2026-12-22',
    reason: '等对账',
  });
  await quiet(house);
  const said = await house.slackSays('U04CHEN', '孙律', '550', BUDGET);
  expect(slack.cardText(said)).toContain('email');
  expect(await house.sql`select 1 from message where state = 'dead' and kind = 'letter'`).toHaveLength(1);
});

test('WeCom says that it is too often: the letter waits and comes, once', async () => {
  const { wecom, slack } = house;
  wecom.fail('/cgi-bin/message/send', 45009);
  const before = wecomTexts('lina').length;
  const own = await house.slackSays('U04CHEN', CONTRACT, '来自会议');
  await slack.press('U04CHEN', own, '延期');
  await slack.submit('U04CHEN', await slack.until(() => slack.window('U04CHEN')), {
    to: '2026-12-25',
    reason: '场地改期',
  });
  await quiet(house);
  const later = wecomTexts('lina').slice(before);
  expect(later).toHaveLength(1);
  expect(later[0]).toContain('2026-12-25');
});

test('a meeting that is set up, moved and cancelled: three letters to each, one event in the calendar, and no second word to who has only mail', async () => {
  const { mail, slack } = house;
  mail.people.add('sun@example.com');
  const before = { li: inbox('li').length, sun: inbox('sun').length };
  const types = async (text: string) => {
    expect(await slack.slash('U01WANG', 'direct', '/meeting', text)).toMatchObject({ status: 200, problem: undefined });
    await quiet(house);
  };
  await types('new 12-21 10:00 复盘会 @李娜 @孙律');
  const [row] = await house.sql<{ number: string }[]>`select number from meeting order by number desc limit 1`;
  const number = row?.number ?? '';
  await types(`move ${number} 12-22 14:00`);
  await types(`cancel ${number} 改为书面`);
  for (const name of ['li', 'sun'] as const) {
    const letters = inbox(name).slice(before[name]);
    const events = letters.map(({ attachments }) => calendar(attachments[0]?.text ?? ''));
    expect(events).toMatchObject([
      { method: 'PUBLISH', uid: number, start: '2026-12-21T02:00:00Z', status: 'CONFIRMED' },
      { method: 'PUBLISH', uid: number, start: '2026-12-22T06:00:00Z', status: 'CONFIRMED' },
      { method: 'CANCEL', uid: number, status: 'CANCELLED' },
    ]);
    expect(letters.map(({ attachments }) => attachments[0]?.method)).toEqual(['PUBLISH', 'PUBLISH', 'CANCEL']);
    expect(new Set(letters.map((letter) => letter.header('references')))).toEqual(new Set([`<${number}@example.com>`]));
  }
});
