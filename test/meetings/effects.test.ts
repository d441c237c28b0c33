/** What the clock must not forget of a meeting, in working time; and who is told what. */
import { beforeEach, describe, expect, test } from 'vitest';
import { WorkHours } from '../../src/core/calendar.ts';
import type { Directory } from '../../src/directory/model.ts';
import { directory } from '../support/company.ts';
import { openOffice, rule } from './office.ts';

const MT = 'MT-2026-0001';
let office: ReturnType<typeof openOffice>;
const opens = (of: Record<string, unknown> = {}, at = '2026-12-03T10:00:00+08:00') => {
  office = openOffice([rule(of)], { at });
  office.follows();
};
beforeEach(() => opens());

describe('promises', () => {
  test('the invitation at the first reminder, over the weekend; the others before the start; the end', () => {
    expect(office.promised(MT)).toEqual(['invite 2026-12-04 10:00', 'remind 2026-12-07 09:30', 'end 2026-12-07 11:00']);
    opens({ remind: ['3 working days', '1 working day', '2h', '30m'] });
    expect(office.promised('MT-2026-0002')).toEqual([
      'invite 2026-12-09 10:00',
      'remind 2026-12-11 10:00',
      'remind 2026-12-14 08:00',
      'remind 2026-12-14 09:30',
      'end 2026-12-14 11:00',
    ]);
  });

  test('planned when the first reminder is past already: the invitation at once, the later ones in their time', () => {
    opens({}, '2026-12-06T20:00:00+08:00');
    expect(office.promised(MT)).toEqual(['invite 2026-12-06 20:00', 'remind 2026-12-07 09:30', 'end 2026-12-07 11:00']);
  });

  test('set up by a person: told at once, and every reminder still', () => {
    const args = { rule: JSON.parse(JSON.stringify(rule({ every: undefined, on: '2026-12-10 14:00' }))) };
    const time = { start: '2026-12-10T06:00:00.000Z', end: '2026-12-10T07:00:00.000Z' };
    const number = `MT-2026-${String(office.books.size + 1).padStart(4, '0')}`;
    expect(office.does('li', 'schedule', undefined, { ...args, ...time })).toBe('done');
    expect(office.promised(number)).toEqual([
      'invite 2026-12-03 10:00',
      'remind 2026-12-09 14:00',
      'remind 2026-12-10 13:30',
      'end 2026-12-10 15:00',
    ]);
  });

  test('moved: the reminders of the new time and none of the old, whoever moved it and whether or not all knew of it', () => {
    const later = ['remind 2026-12-08 10:00', 'remind 2026-12-09 09:30', 'end 2026-12-09 11:00'];
    const move = { start: '2026-12-09T02:00:00.000Z', end: '2026-12-09T03:00:00.000Z' };
    office.does('zhao', 'move', MT, move);
    expect(office.promised(MT)).toEqual(['invite 2026-12-03 10:00', ...later]);
    opens();
    office.clock('move', MT, move);
    expect(office.promised(MT)).toEqual(['invite 2026-12-08 10:00', ...later.slice(1)]);
    opens();
    office.passesTo('2026-12-04T12:00:00+08:00');
    office.clock('move', MT, move);
    expect(office.promised(MT)).toEqual(later);
  });

  test('called off: nothing is promised any more', () => {
    office.passesTo('2026-12-04T12:00:00+08:00');
    office.does('zhao', 'cancel', MT, { reason: '出差' });
    expect(office.promised(MT)).toEqual([]);
    expect(office.said()).toEqual(
      expect.arrayContaining(['cancelled li', 'cancelled wang', 'cancelled #pr', 'letter cancelled zhao']),
    );
    expect(office.said()).not.toContain('cancelled zhao');
  });

  test('the rule asks for fewer reminders, or others: the old ones are forgotten', () => {
    opens({ remind: ['1 working day', '2h', '30m'] });
    office.rules = [rule({ remind: ['2 working days', '15m'] })];
    office.follows();
    expect(office.promised(MT)).toEqual(['invite 2026-12-03 10:00', 'remind 2026-12-07 09:45', 'end 2026-12-07 11:00']);
    expect([...office.timers.values()].filter((timer) => timer.subject === MT)).toHaveLength(3);
  });

  test('over the end of summer time in Berlin the hour on the wall counts', () => {
    const berlin = directory();
    const hours = WorkHours.parse({ timezone: 'Europe/Berlin', calendar: 'DE-BB' });
    const there: Directory = { ...berlin, company: { ...berlin.company, timezone: 'Europe/Berlin', hours } };
    office = openOffice([rule({ remind: ['1 working day', '30m'] })], { at: '2026-10-19T12:00:00Z', directory: there });
    office.follows();
    expect(office.promised(MT)).toEqual(['invite 2026-10-23 10:00', 'remind 2026-10-26 09:30', 'end 2026-10-26 11:00']);
    expect(office.meeting(MT).start).toBe('2026-10-26T09:00:00.000Z');
    const [invite] = [...office.timers.values()].filter(
      (timer) => timer.subject === MT && timer.key.endsWith('invite'),
    );
    expect(invite?.due.toISOString()).toBe('2026-10-23T08:00:00.000Z');
  });
});

describe('who is told', () => {
  beforeEach(() => office.passesTo('2026-12-04T12:00:00+08:00'));

  test('before the invitation nobody is told of anything', () => {
    const next = 'MT-2026-0002';
    office.clock('move', next, { start: '2026-12-15T02:00:00.000Z', end: '2026-12-15T03:00:00.000Z' });
    expect(office.said()).toEqual([]);
    expect(office.told.some((effect) => effect.kind === 'card')).toBe(false);
    office.clock('cancel', next, { reason: '' });
    expect(office.said()).toEqual([]);
  });

  test('a deputy is invited, and released when another one comes or the person does; an absence does the same', () => {
    office.does('li', 'answer', MT, { answer: 'deputy', deputy: 'qian' });
    expect(office.said()).toEqual(['letter invited qian']);
    office.does('li', 'answer', MT, { answer: 'deputy', deputy: 'sun' });
    expect(office.said().sort()).toEqual(['letter invited sun', 'letter released qian', 'released qian']);
    office.does('li', 'answer', MT, { answer: 'yes' });
    expect(office.said()).toEqual(['released sun', 'letter released sun']);
    office.directory = directory({
      away: [
        { person: 'wang', deputy: 'qian' },
        { person: 'li', deputy: 'sun' },
      ],
    });
    office.clock('reattend', MT, {});
    expect(office.said().sort()).toEqual(['letter invited qian', 'letter invited sun']);
    office.directory = directory();
    office.clock('reattend', MT, {});
    expect(office.said().sort()).toEqual([
      'letter released qian',
      'letter released sun',
      'released qian',
      'released sun',
    ]);
  });

  test('moved: whoever is concerned now; a deputy for the old time is released', () => {
    office.does('li', 'answer', MT, { answer: 'deputy', deputy: 'qian' });
    office.does('zhao', 'move', MT, { start: '2026-12-09T02:00:00.000Z' });
    const said = office.said();
    expect(said).toEqual(
      expect.arrayContaining(['moved li', 'moved wang', 'moved #pr', 'letter moved zhao', 'released qian']),
    );
    expect(said).not.toContain('moved qian');
    expect(said).not.toContain('moved zhao');
  });

  test('reminded: who comes or has not answered, deputies for those they represent, and the group', () => {
    office.does('li', 'answer', MT, { answer: 'deputy', deputy: 'qian' });
    office.does('wang', 'answer', MT, { answer: 'no' });
    office.at = new Date('2026-12-07T09:30:00+08:00');
    office.clock('remind', MT, { due: office.at.toISOString() });
    expect(office.said()).toEqual(['reminded qian', 'reminded zhao', 'reminded #pr']);
  });

  test('the handbook calls somebody else: the new one is invited, who is no longer called is released, all others keep their answers', () => {
    office.does('wang', 'answer', MT, { answer: 'yes' });
    office.rules = [rule({ who: [{ person: 'wang' }, { person: 'qian' }] })];
    expect(office.clock('follow', MT, { rule: JSON.parse(JSON.stringify(office.rules[0])) })).toBe('done');
    expect(office.said().sort()).toEqual(['letter invited qian', 'letter released li', 'released li']);
    expect(office.meeting(MT).attendees).toEqual([
      { person: 'wang', answer: 'yes' },
      { person: 'qian', answer: 'open' },
      { person: 'zhao', answer: 'open' },
    ]);
  });
});
