/** Who may answer, add, move and call off; and what the clock still says when it comes late. */
import { beforeEach, describe, expect, test } from 'vitest';
import { maySee } from '../../src/meetings/cards.ts';
import { directory } from '../support/company.ts';
import { openOffice, rule } from './office.ts';

const MT = 'MT-2026-0001';
let office: ReturnType<typeof openOffice>;
beforeEach(() => {
  // a Thursday; the meeting is on Monday the 7th
  office = openOffice([rule()], { at: '2026-12-03T10:00:00+08:00' });
  office.follows();
  office.passesTo('2026-12-04T10:00:00+08:00');
});
const START = '2026-12-09T02:00:00.000Z';
const answers = () =>
  office
    .meeting(MT)
    .attendees.map(({ person, answer, deputy }) => `${person} ${answer}${deputy ? ` ${deputy.person}` : ''}`);

describe('who may', () => {
  test.each([
    ['the chair', 'zhao', 'done'],
    ['whoever is above the chair', 'chen', 'done'],
    ['an attendee', 'li', 'only-chair'],
    ['the minute-taker', 'wang', 'only-chair'],
    ['a stranger', 'qian', 'only-chair'],
  ])('move and call off: %s', (_who, person, verdict) => {
    expect(office.does(person, 'move', MT, { start: START })).toBe(verdict);
    expect(office.does(person, 'cancel', MT, { reason: '出差' })).toBe(verdict);
  });

  test('move: also whoever stands in for the chair today, and not tomorrow’s', () => {
    office.directory = directory({ away: [{ person: 'zhao', deputy: 'qian', from: '2026-12-04' }] });
    expect(office.does('qian', 'move', MT, { start: START })).toBe('done');
    office.directory = directory({ away: [{ person: 'zhao', deputy: 'qian', from: '2026-12-05' }] });
    expect(office.does('qian', 'move', MT, { start: '2026-12-10T02:00:00.000Z' })).toBe('only-chair');
  });

  test('answer: whoever is called, for themselves; not their deputy, not a stranger', () => {
    expect(office.does('li', 'answer', MT, { answer: 'yes' })).toBe('done');
    expect(office.does('li', 'answer', MT, { answer: 'yes' })).toBe('answered-so');
    expect(office.does('li', 'answer', MT, { answer: 'no', reason: '出差' })).toBe('done');
    expect(office.does('li', 'answer', MT, { answer: 'deputy', deputy: 'qian' })).toBe('done');
    expect(office.does('qian', 'answer', MT, { answer: 'yes' })).toBe('not-called');
    expect(office.does('sun', 'answer', MT, { answer: 'yes' })).toBe('not-yours');
    expect(answers()).toEqual(['wang open', 'li deputy qian', 'zhao open']);
  });

  test('be a deputy: nobody for themselves, nobody who comes anyway, nobody unknown or gone', () => {
    const asks = (deputy: string) => office.does('li', 'answer', MT, { answer: 'deputy', deputy });
    expect(asks('li')).toBe('deputy-self');
    expect(asks('wang')).toBe('deputy-called');
    expect(asks('nobody')).toBe('unknown-person');
    office.directory = directory({ but: { sun: { active: false } } });
    expect(asks('sun')).toBe('unknown-person');
  });

  test('add a topic: whoever the meeting concerns, the deputy too; take it off: who added it, or the chair', () => {
    office.does('li', 'answer', MT, { answer: 'deputy', deputy: 'qian' });
    expect(office.does('qian', 'add-topic', MT, { text: '预算' })).toBe('done');
    expect(office.does('sun', 'add-topic', MT, { text: '合同' })).toBe('not-yours');
    expect(office.does('li', 'drop-topic', MT, { topic: 't' })).toBe('only-chair');
    expect(office.does('zhao', 'drop-topic', MT, { topic: 't' })).toBe('done');
    expect(office.does('zhao', 'drop-topic', MT, { topic: 't' })).toBe('no-topic');
  });

  test.each(['invite', 'remind', 'end', 'follow', 'reattend', 'remind-minutes', 'chase-minutes'])(
    'nobody says what only the clock says: %s',
    (act) => {
      const args = { due: START, when: 'before', rule: JSON.parse(JSON.stringify(rule())) };
      expect(office.does('chen', act, MT, args)).toBe('unknown-command');
    },
  );
});

test('moved: to a time that is still to come and another one; all are asked anew, but whoever is away then', () => {
  office.does('li', 'answer', MT, { answer: 'no', reason: '出差' });
  office.does('wang', 'answer', MT, { answer: 'yes' });
  expect(office.does('zhao', 'move', MT, { start: '2026-12-04T01:00:00.000Z' })).toBe('in-the-past');
  expect(office.does('zhao', 'move', MT, { start: '2026-12-07T02:00:00.000Z' })).toBe('same-time');
  office.directory = directory({ away: [{ person: 'wang', deputy: 'sun', from: '2026-12-09', to: '2026-12-09' }] });
  expect(office.does('zhao', 'move', MT, { start: START })).toBe('done');
  expect(answers()).toEqual(['wang deputy sun', 'li open', 'zhao open']);
  expect(office.meeting(MT)).toMatchObject({ start: START, end: '2026-12-09T03:00:00.000Z', fixed: true });
});

test('an absence speaks for whoever has not excused themselves; back again they are asked again', () => {
  office.does('li', 'answer', MT, { answer: 'no', reason: '出差' });
  office.does('wang', 'answer', MT, { answer: 'yes' });
  const away = (deputy: string) => [
    { person: 'li', deputy: 'qian' },
    { person: 'wang', deputy, to: '2026-12-07' },
  ];
  office.directory = directory({ away: away('sun') });
  expect(office.clock('reattend', MT, {})).toBe('done');
  expect(answers()).toEqual(['wang deputy sun', 'li no', 'zhao open']);
  expect(office.clock('reattend', MT, {})).toBe('nothing-to-do');
  office.directory = directory({ away: away('zhao') });
  office.clock('reattend', MT, {});
  expect(answers()).toEqual(['wang no', 'li no', 'zhao open']);
  office.directory = directory();
  office.clock('reattend', MT, {});
  expect(answers()).toEqual(['wang open', 'li no', 'zhao open']);
});

test('when it is over nothing can be done any more, even before the clock has written that down; but it can turn out not to have been', () => {
  office.at = new Date('2026-12-07T11:00:00+08:00');
  for (const [act, args] of [
    ['answer', { answer: 'yes' }],
    ['add-topic', { text: 'x' }],
    ['move', { start: START }],
  ] as const)
    expect(office.does('zhao', act, MT, args)).toBe('meeting-over');
  expect(office.clock('end', MT, {})).toBe('done');
  expect(office.does('zhao', 'cancel', MT, { reason: '没开成' })).toBe('done');
  expect(office.does('zhao', 'cancel', MT, { reason: '没开成' })).toBe('meeting-over');
  expect(office.promised(MT)).toEqual([]);
});

describe('the clock comes late', () => {
  const types = () => office.events.map(({ type, data }) => `${type}${'late' in data ? ' late' : ''}`);

  test('a reminder that a later one has told already, or the invitation will, is not said', () => {
    office.at = new Date('2026-12-07T09:50:00+08:00');
    expect(office.clock('remind', MT, { due: '2026-12-07T01:30:00.000Z' })).toBe('done');
    expect(types().at(-1)).toBe('meeting-reminded late');
    expect(office.clock('remind', MT, { due: '2026-12-07T01:00:00.000Z' })).toBe('over');
    expect(office.clock('remind', 'MT-2026-0002', { due: '2026-12-07T01:00:00.000Z' })).toBe('over');
  });

  test('nobody is invited to, or reminded of, what is over; in the middle of it they still are', () => {
    office.at = new Date('2026-12-14T10:59:59+08:00');
    expect(office.clock('invite', 'MT-2026-0002', { due: '2026-12-11T02:00:00.000Z' })).toBe('done');
    expect(types().at(-1)).toBe('meeting-invited late');
    expect(office.clock('invite', 'MT-2026-0002', { due: '2026-12-11T02:00:00.000Z' })).toBe('over');
    office.at = new Date('2026-12-21T11:00:00+08:00');
    expect(office.clock('invite', 'MT-2026-0003', { due: '2026-12-18T02:00:00.000Z' })).toBe('over');
    expect(office.clock('remind', 'MT-2026-0002', { due: '2026-12-14T01:30:00.000Z' })).toBe('over');
  });

  test('ten minutes are not late', () => {
    office.at = new Date('2026-12-07T09:40:00+08:00');
    office.clock('remind', MT, { due: '2026-12-07T01:30:00.000Z' });
    expect(types().at(-1)).toBe('meeting-reminded');
  });
});

describe('whoever stands in', () => {
  test('reads what they write: the minute-taker’s deputy sees the meeting, which a stranger does not', () => {
    expect(maySee(office.meeting(MT), 'qian', office.world())).toBe(false);
    office.directory = directory({ away: [{ person: 'wang', deputy: 'qian', from: '2026-12-04' }] });
    expect(maySee(office.meeting(MT), 'qian', office.world())).toBe(true);
  });

  test('the superior who hears of late minutes is that of whoever owes them, not of their deputy', () => {
    office.directory = directory({ away: [{ person: 'wang', deputy: 'qian', from: '2026-12-04', to: '2026-12-20' }] });
    office.passesTo('2026-12-08T18:00:00+08:00');
    const overdue = office.events.flatMap((event) => (event.type === 'minutes-overdue' ? [event.data] : []));
    expect(overdue[0]).toMatchObject({ to: 'qian', superiors: ['li'] });
  });
});

describe('what was said stays said', () => {
  test('an answer given before the invitation, from the list of meetings, is not asked for again', () => {
    office = openOffice([rule()], { at: '2026-12-03T10:00:00+08:00' });
    office.follows();
    expect(office.does('li', 'answer', MT, { answer: 'no', reason: '出差' })).toBe('done');
    office.passesTo('2026-12-04T10:00:00+08:00');
    expect(answers()).toEqual(['wang open', 'li no', 'zhao open']);
  });

  test('an answer for a time that is no more is not taken for the new one', () => {
    const { start } = office.meeting(MT);
    expect(office.does('zhao', 'move', MT, { start: START })).toBe('done');
    expect(office.does('li', 'answer', MT, { answer: 'yes', start })).toBe('moved-since');
    expect(office.does('li', 'answer', MT, { answer: 'yes', start: START })).toBe('done');
  });

  test('the clock does not undo the time that a person has just chosen', () => {
    expect(office.does('zhao', 'move', MT, { start: START })).toBe('done');
    const command = { name: 'meetings.move', subject: MT, args: { start: '2026-12-10T02:00:00.000Z' } };
    expect(office.carries(command, { kind: 'clock' })).toBe('over');
  });

  test('a meeting of which there are minutes is not moved any more; minutes that say the same are no new version', () => {
    office.passesTo('2026-12-07T10:30:00+08:00');
    const minutes = { topics: ['物料'], present: [{ name: '李娜' }], decisions: [], source: 'form' };
    expect(office.does('wang', 'file-minutes', MT, { ...minutes, seen: 0 })).toBe('done');
    expect(office.does('wang', 'file-minutes', MT, { ...minutes, seen: 1 })).toBe('nothing-changed');
    expect(office.does('zhao', 'move', MT, { start: START })).toBe('meeting-over');
  });
});
