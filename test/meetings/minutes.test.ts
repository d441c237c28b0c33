/** Who may write minutes, when they are complete, and how late they were: without any platform. */
import { describe, expect, test } from 'vitest';
import type { Actor } from '../../src/core/message.ts';
import type { Directory } from '../../src/directory/model.ts';
import { decide, mayWrite } from '../../src/meetings/decide.ts';
import { effects } from '../../src/meetings/effects.ts';
import { evolve } from '../../src/meetings/evolve.ts';
import { incompleteIn } from '../../src/meetings/minutes.ts';
import type { Meeting, MeetingEvent, MeetingsWorld, Minutes } from '../../src/meetings/model.ts';
import { MeetingRule } from '../../src/meetings/rule.ts';
import { directory, type Given, STARS } from '../support/company.ts';

/** 王晓文 reports to 李娜, she to 赵敏, she to 陈卫东; one has left. */
const on = (today: string, away: Given['away'] = []): Directory =>
  directory({ today, away, people: [...STARS, { id: 'gone', manager: 'chen', active: false }] });
const world = (today: string, absences?: Given['away']): MeetingsWorld =>
  ({ directory: on(today, absences), meetings: [] }) as unknown as MeetingsWorld;
const away = (who: string, deputy: string) => ({ person: who, deputy, from: '2026-11-01', to: '2026-12-31' });

/** Friday 16:30 to 17:30. */
function meeting(within: string, change: Partial<Meeting> = {}): Meeting {
  const rule = MeetingRule.parse({
    id: 'friday',
    title: { zh: '周五会', en: 'Friday' },
    every: '每周五 16:30',
    who: 'everyone',
    chair: { person: 'zhao' },
    minutes: { by: { person: 'wang' }, within },
  });
  return {
    number: 'MT-2026-0001',
    rule,
    title: rule.title,
    start: '2026-11-20T08:30:00.000Z',
    end: '2026-11-20T09:30:00.000Z',
    fixed: false,
    state: 'planned',
    chair: 'zhao',
    minuteTaker: 'wang',
    attendees: [],
    topics: [],
    parties: ['zhao', 'wang'],
    revision: 1,
    ...change,
  };
}
const WANG: Actor = { kind: 'person', id: 'wang', platform: 'slack' };
const moment = (at: string, actor: Actor = { kind: 'clock' }, absences?: Given['away']) => ({
  actor,
  at: new Date(at),
  world: world(at.slice(0, 10), absences),
});
const line = { text: '签合同', owner: 'li', due: '2026-12-05' };
const args = {
  topics: ['场地'],
  present: [{ name: '赵敏', person: 'zhao' }],
  decisions: [line],
  source: 'form',
  seen: 0,
};

function does(before: Meeting, name: string, at: string, given: object = {}, actor?: Actor, absences?: Given['away']) {
  const now = moment(at, actor, absences);
  const said = decide(
    before,
    { name: `meetings.${name}`, subject: before.number, args: given as never },
    { numbers: ['DM-2026-0001'] },
    now,
  );
  if ('refusal' in said) return { refusal: said.refusal.code };
  const events = said.events as MeetingEvent[];
  return { meeting: events.reduce((state, event) => evolve(state, event, now), before), events, now };
}

describe('how late they are', () => {
  test.for<[string, string, string, string, number, number]>([
    // due Monday 17:30: the rest of Friday is an hour, Monday makes seven more of them and half a one
    ['8 working hours', 'over a weekend', '2026-11-23T08:30:00.000Z', '2026-11-24T02:30:00Z', 18, 3],
    ['24h', 'plain hours know no weekend', '2026-11-21T09:30:00.000Z', '2026-11-23T02:30:00Z', 41, 1],
  ])('%s, %s', ([within, , due, filedAt, hours, working]) => {
    const ended = does(meeting(within), 'end', '2026-11-20T09:30:00Z').meeting as Meeting;
    expect(ended.minutesDue).toBe(due);
    const filed = does(ended, 'file-minutes', filedAt, args, WANG).meeting as Meeting;
    expect(filed.minutes?.late).toEqual({ ms: hours * 3_600_000, workingMs: working * 3_600_000 });
  });

  test('over 国庆节: eight working hours from 30 September are due on 8 October', () => {
    const before = meeting('8 working hours', { start: '2026-09-30T08:30:00.000Z', end: '2026-09-30T09:30:00.000Z' });
    const ended = does(before, 'end', '2026-09-30T09:30:00Z').meeting as Meeting;
    expect(ended.minutesDue).toBe('2026-10-08T08:30:00.000Z');
  });

  test('on the very moment they are in time; a correction makes nothing late, and nothing timely', () => {
    const ended = does(meeting('24h'), 'end', '2026-11-20T09:30:00Z').meeting as Meeting;
    const timely = does(ended, 'file-minutes', '2026-11-21T09:30:00Z', args, WANG).meeting as Meeting;
    expect(timely.minutes?.late).toBeUndefined();
    const again = { ...args, seen: 1, decisions: [{ ...line, number: 'DM-2026-0001', text: '改了' }] };
    expect(
      (does(timely, 'file-minutes', '2026-11-25T09:30:00Z', again, WANG).meeting as Meeting).minutes?.late,
    ).toBeUndefined();
    const late = does(ended, 'file-minutes', '2026-11-21T10:30:00Z', args, WANG).meeting as Meeting;
    const corrected = does(late, 'file-minutes', '2026-11-25T09:30:00Z', again, WANG).meeting as Meeting;
    expect(corrected.minutes).toMatchObject({ version: 2, late: (late.minutes as Minutes).late });
  });

  test('minutes that are in when the meeting ends are not asked for', () => {
    const filed = does(meeting('24h'), 'file-minutes', '2026-11-20T09:00:00Z', args, WANG).meeting as Meeting;
    const {
      meeting: ended,
      events,
      now,
    } = does(filed, 'end', '2026-11-20T09:30:00Z') as Required<ReturnType<typeof does>>;
    const told = effects(filed, ended as Meeting, events as MeetingEvent[], now as never);
    expect(told.filter((one) => one.kind === 'timer' || one.kind === 'notice')).toEqual([]);
  });
});

describe('who may write', () => {
  const may = (absences: Given['away'] = []) =>
    ['wang', 'li', 'zhao', 'chen', 'qian'].filter((id) => mayWrite(meeting('24h'), id, on('2026-11-20', absences)));

  test('the minute-taker, their superior and the chair', () => {
    expect(may()).toEqual(['wang', 'li', 'zhao']);
  });
  test('and whoever stands in for one of them who is away', () => {
    expect(may([away('wang', 'qian')])).toEqual(['wang', 'li', 'zhao', 'chen', 'qian']);
    expect(may([away('zhao', 'qian')])).toEqual(['wang', 'li', 'zhao', 'qian']);
    expect(may([away('li', 'qian')])).toEqual(['wang', 'li', 'zhao', 'qian']);
  });
  test('past the due moment an absent superior’s stand-in hears of it as well', () => {
    const ended = does(meeting('24h'), 'end', '2026-11-20T09:30:00Z').meeting as Meeting;
    const chased = does(
      ended,
      'chase-minutes',
      '2026-11-23T02:30:00Z',
      { due: '2026-11-23T02:30:00.000Z' },
      undefined,
      [away('li', 'qian')],
    );
    expect(chased.events?.[0]?.data).toMatchObject({ to: 'wang', superiors: ['li', 'qian'] });
  });
});

test.for<[object, string]>([
  [{ seen: 1 }, 'minutes-changed'],
  [{ topics: [] }, 'no-topics'],
  [{ present: [] }, 'nobody-present'],
  [{ decisions: [{ ...line, owner: '' }] }, 'minutes-incomplete'],
  [{ decisions: [{ ...line, number: 'DM-2026-0009' }] }, 'unreadable'],
  [{ decisions: Array.from({ length: 41 }, () => line) }, 'unreadable'],
])('minutes with %j are refused: %s', ([change, code]) => {
  expect(does(meeting('24h'), 'file-minutes', '2026-11-20T10:00:00Z', { ...args, ...change }, WANG)).toEqual({
    refusal: code,
  });
});

test('one number cannot stand for two decisions', () => {
  const filed = does(meeting('24h'), 'file-minutes', '2026-11-20T10:00:00Z', args, WANG).meeting as Meeting;
  const twice = { ...args, seen: 1, decisions: [line, line].map((one) => ({ ...one, number: 'DM-2026-0001' })) };
  expect(does(filed, 'file-minutes', '2026-11-20T10:00:00Z', twice, WANG)).toEqual({ refusal: 'unreadable' });
});

test.for<[Partial<typeof line>, string[]]>([
  [{}, []],
  [{ text: '  ' }, ['text no-text']],
  [{ text: '长'.repeat(301) }, ['text text-too-long']],
  [{ owner: '' }, ['owner no-owner']],
  [{ owner: '张三' }, ['owner unknown-owner']],
  [{ owner: 'gone' }, ['owner owner-left']],
  [{ due: '' }, ['due no-due']],
  [{ due: '12-05' }, ['due bad-due']],
  [{ due: '2026-02-30' }, ['due bad-due']],
  [{ due: '2026-11-19' }, ['due due-before-meeting']],
  [{ due: '2026-11-20' }, []],
  [{ due: '2062-12-05' }, ['due due-too-far']],
])('a decision with %j: %j', ([change, faults]) => {
  const found = incompleteIn([line, { ...line, ...change }], on('2026-11-20'), '2026-11-20');
  expect(found.map((one) => `${one.field} ${one.fault}`)).toEqual(faults);
  expect(found.every((one) => one.index === 1)).toBe(true);
});
