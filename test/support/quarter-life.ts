/** What people and accidents do in a quarter, drawn from a seed: they answer, they file minutes in time or late, and the power fails. */
import { after, daysOf, instant, localDay } from './quarter-calendar.ts';
import { calledTo, type Held, MEETINGS, memberOf } from './quarter-company.ts';
import type { QuarterOffice } from './quarter-office.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export interface Plan {
  seed: number;
  /** local days; the story begins in the morning of the first */
  first: string;
  last: string;
  kills: number;
}

/** What a person did and was told that it is done. */
export interface Done {
  kind: 'yes' | 'no' | 'filed';
  number: string;
  person: string;
  at: number;
}

/** mulberry32 */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Act {
  at: number;
  held: Held;
  day: string;
  kind: Done['kind'];
  person: string;
}

export async function live(office: QuarterOffice, { seed, first, last, kills }: Plan) {
  const roll = dice(seed);
  const end = instant(last, '21:00');
  const acts = MEETINGS.flatMap((held) => actsOf(held, first, last, roll)).sort((a, b) => a.at - b.at);
  const done: Done[] = [];
  const figures = { steps: 0, kills: 0, outages: 0 };
  const span = end - instant(first, '08:00');
  const blows = blowsIn(instant(first, '08:30'), span, kills, dice(seed + 1));

  await office.run();
  for (;;) {
    const { next } = await office.settle();
    const timer = next?.getTime() ?? Number.POSITIVE_INFINITY;
    const act = acts[0];
    const moment = Math.min(timer, act?.at ?? Number.POSITIVE_INFINITY);
    if (moment > end) break;
    figures.steps += 1;
    const people = act !== undefined && act.at <= timer;
    office.travelTo(Math.max(office.now(), moment + 200 + Math.floor(roll() * 4_000)));
    if (people) acts.shift();
    const falls = (blows[0]?.at ?? Number.POSITIVE_INFINITY) <= moment;
    const blow = falls ? blows.shift() : undefined;
    if (blow?.slow) {
      office.slack.latency('*', 120);
      office.feishu.latency(120);
    }
    if (people) await carryOut(office, act, done);
    await office.wake();
    if (!blow) continue;
    await office.afterCalls(blow.calls);
    await office.kill();
    office.slack.heal();
    office.feishu.latency(0);
    figures.kills += 1;
    if (blow.outage > 0) {
      figures.outages += 1;
      office.travelTo(awake(office.now() + blow.outage));
    }
    await office.run();
  }
  return { done, figures, end: office.now() };
}

/** At the next thing that happens after `at` the power fails, once the platforms were called so often more. */
interface Blow {
  at: number;
  calls: number;
  /** the platforms take their time, so that something is on its way when it falls */
  slow: boolean;
  /** how long nobody notices; 0: it starts again by itself */
  outage: number;
}

function blowsIn(from: number, span: number, count: number, roll: () => number): Blow[] {
  return Array.from({ length: count }, (_, n) => ({
    at: from + ((n + roll()) / count) * span,
    calls: roll() < 0.3 ? 0 : Math.floor(roll() * 25),
    slow: roll() < 0.5,
    outage: n % 2 === 1 ? 0 : HOUR / 2 + roll() * 40 * HOUR,
  }));
}

/** Nobody starts the program in the quiet hours. */
function awake(moment: number): number {
  const early = instant(localDay(moment), '08:05');
  const late = instant(localDay(moment), '21:30');
  return moment < early ? early : moment > late ? early + 24 * HOUR : moment;
}

function actsOf(held: Held, first: string, last: string, roll: () => number): Act[] {
  return [...daysOf(held, first, last)].flatMap(([day, on]) => {
    const start = instant(on, held.at);
    const finish = start + held.length * MINUTE;
    const due = after(finish, held.minutes.within);
    const act = (at: number, kind: Done['kind'], person: string): Act => ({ at, held, day, kind, person });
    const luck = roll();
    const filedAt =
      luck < 0.55
        ? finish + (0.05 + roll() * 0.9) * (due - finish)
        : luck < 0.9
          ? due + roll() * 40 * HOUR
          : due + (3 + roll() * 3) * 24 * HOUR;
    const called = calledTo(held);
    const lucky = Math.floor(roll() * called.length);
    const answers = Array.from({ length: Math.ceil(called.length / 20) }, (_, n) => {
      const person = called[(lucky + n * 5) % called.length] ?? held.chair;
      const early = held.remind[0] && 'plain' in held.remind[0] ? 29 : 20 * 60;
      const kind = roll() < 0.6 || memberOf(person).slack === undefined ? 'yes' : 'no';
      return act(start - roll() * early * MINUTE, kind, person);
    });
    return [...answers, act(filedAt, 'filed', held.taker)];
  });
}

async function carryOut(office: QuarterOffice, { held, day, kind, person }: Act, done: Done[]): Promise<void> {
  const [row] = await office.sql<{ number: string; state: string; end_at: Date; invited: boolean }[]>`
    select number, state, end_at, body ? 'invitedAt' as invited from meeting where series = ${held.id} and day = ${day}`;
  if (!row) throw new Error(`no meeting of ${held.id} on ${day}`);
  const { number } = row;
  if (kind === 'filed') {
    await (memberOf(person).slack ? fileOnSlack : fileOnFeishu)(office, person, number);
  } else {
    // after an outage it may be too late to answer, or too early: nobody has the card yet
    if (row.end_at <= office.clock() || !row.invited) return;
    await answer(office, person, number, kind);
  }
  done.push({ kind, number, person, at: office.now() });
}

async function answer({ slack, feishu }: QuarterOffice, person: string, number: string, kind: 'yes' | 'no') {
  const { slack: user, feishu: account } = memberOf(person);
  const label = kind === 'yes' ? '参加' : '请假';
  if (user) {
    const card = slack
      .messagesOf(user)
      .findLast((m) => slack.cardText(m).includes(number) && slack.buttons(m).some((b) => b.label === label));
    if (!card) throw new Error(`${person} has no card of ${number}`);
    const pressed = await slack.press(user, card, label);
    if (pressed.problem) throw new Error(pressed.problem);
    if (kind === 'yes') return;
    const sent = await slack.submit(user, await slack.until(() => slack.window(user)));
    if (sent.problem) throw new Error(sent.problem);
  } else if (account) {
    const card = feishu
      .messagesOf(account)
      .findLast((m) => feishu.cardText(m).includes(number) && feishu.buttonsOf(m).some((b) => b.label === label));
    if (!card) throw new Error(`${person} has no card of ${number}`);
    await feishu.press(account, card, label);
  }
}

async function fileOnSlack({ slack }: QuarterOffice, person: string, number: string): Promise<void> {
  const user = memberOf(person).slack ?? '';
  const asked = await slack.slash(user, 'direct', '/minutes', number);
  if (asked.problem) throw new Error(asked.problem);
  const window = await slack.until(() => slack.window(user));
  const sent = await slack.submit(user, window, { topics: '本周进展' });
  if (sent.problem || slack.window(user)) throw new Error(`${number} was not filed: ${JSON.stringify(sent.body)}`);
}

async function fileOnFeishu({ feishu }: QuarterOffice, person: string, number: string): Promise<void> {
  const account = memberOf(person).feishu ?? '';
  const known = new Set(feishu.messagesOf(account));
  await feishu.say(account, 'p2p', `/minutes ${number}`);
  const form = await feishu.when(
    () =>
      feishu
        .messagesOf(account)
        .find((m) => !known.has(m) && feishu.buttonsOf(m).some((button) => button.label === '提交纪要')),
    `the form of ${number}`,
  );
  await feishu.fill(account, form, { topics: '本周进展' }, '提交纪要');
}
