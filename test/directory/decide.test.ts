/** Being away (D4): what may be recorded, so that somebody can always act and nobody stands in for themselves round a corner. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Actor, Command, JsonObject } from '../../src/core/message.ts';
import {
  type AbsenceEvent,
  type AbsenceState,
  absenceEffects,
  decideAbsence,
  evolveAbsence,
} from '../../src/directory/decide.ts';
import { absencesOf, standInFor } from '../../src/directory/lookup.ts';
import type { Absence, Directory } from '../../src/directory/model.ts';
import { directory, type Given } from '../support/company.ts';

const at = new Date('2026-12-03T10:00:00+08:00');
const person = (id: string): Actor => ({ kind: 'person', id, platform: 'slack' });
const CLOCK: Actor = { kind: 'clock' };

function asked(name: string, args: JsonObject, actor: Actor, given: Given = {}, absence?: AbsenceState) {
  const command: Command = { name: `directory.${name}`, subject: absence?.id, args };
  return decideAbsence(absence, command, { id: 'AW-2026-0001' }, { actor, at, world: { directory: directory(given) } });
}
const leaves = (who: string, from: string, to: string, deputy: string, given: Given = {}) => {
  const verdict = asked('leave', { from, to, deputy }, person(who), given);
  return 'refusal' in verdict ? verdict.refusal.code : verdict.events.map((event) => event.type).join();
};
const recorded: AbsenceState = {
  id: 'AW-2026-0001',
  person: 'li',
  from: '2026-12-01',
  to: '2026-12-07',
  deputy: 'zhao',
  ended: false,
};

describe('what can be recorded', () => {
  it('from today, for later, for one day, and for what began already', () => {
    for (const [from, to] of [
      ['2026-12-03', '2026-12-07'],
      ['2026-12-20', '2026-12-20'],
      ['2026-12-01', '2026-12-03'],
    ] as const) {
      expect(leaves('li', from, to, 'zhao')).toBe('absence-recorded');
    }
  });
  it('not days that are over, that run backwards, or that no calendar knows', () => {
    for (const [from, to] of [
      ['2026-12-01', '2026-12-02'],
      ['2026-12-07', '2026-12-04'],
      ['2026-02-30', '2026-12-30'],
      ['2027-02-29', '2027-03-01'],
      ['12-05', '12-07'],
      ['2026-12-05T00:00', '2026-12-07'],
    ] as const) {
      expect(leaves('li', from, to, 'zhao'), `${from} to ${to}`).toBe('bad-dates');
    }
  });
  it('a year at most', () => {
    expect(leaves('li', '2026-12-03', '2027-12-03', 'zhao')).toBe('absence-recorded');
    expect(leaves('li', '2026-12-03', '2027-12-04', 'zhao')).toBe('too-long');
  });
  it('not with oneself, a stranger or somebody who has left as deputy', () => {
    expect(leaves('li', '2026-12-04', '2026-12-05', 'li')).toBe('self');
    expect(leaves('li', '2026-12-04', '2026-12-05', 'nobody')).toBe('unknown-deputy');
    expect(leaves('li', '2026-12-04', '2026-12-05', 'sun', { but: { sun: { active: false } } })).toBe('unknown-deputy');
  });
  it('not twice for one day, whoever the deputy is; the day after is free', () => {
    const given = { away: [{ person: 'li', deputy: 'zhao' }] };
    expect(leaves('li', '2026-12-07', '2026-12-09', 'qian', given)).toBe('overlap');
    expect(leaves('li', '2026-12-08', '2026-12-09', 'qian', given)).toBe('absence-recorded');
    expect(leaves('zhao', '2026-12-08', '2026-12-09', 'qian', given)).toBe('absence-recorded');
  });
  it('not in a circle, however many are in it; on other days it is none', () => {
    const given = {
      away: [
        { person: 'zhao', deputy: 'qian' },
        { person: 'qian', deputy: 'sun' },
      ],
    };
    expect(leaves('sun', '2026-12-07', '2026-12-20', 'zhao', given)).toBe('circle');
    expect(leaves('sun', '2026-12-08', '2026-12-20', 'zhao', given)).toBe('absence-recorded');
  });
});

describe('coming back', () => {
  it('is said by whoever was away, once', () => {
    expect(asked('back', {}, person('li'), {}, recorded)).toMatchObject({ events: [{ type: 'absence-ended' }] });
    expect(asked('back', {}, person('zhao'), {}, recorded)).toMatchObject({ refusal: { code: 'not-away' } });
    expect(asked('back', {}, person('li'), {}, { ...recorded, ended: true })).toMatchObject({
      refusal: { code: 'not-away' },
    });
    expect(asked('back', {}, person('li'))).toMatchObject({ refusal: { code: 'not-away' } });
  });
  it('only the clock begins and ends what was announced', () => {
    for (const name of ['begin', 'over']) {
      expect(asked(name, {}, person('li'), {}, recorded)).toMatchObject({ refusal: { code: 'not-away' } });
      expect(asked(name, {}, CLOCK, {}, { ...recorded, ended: true })).toMatchObject({ refusal: { code: 'not-away' } });
    }
    expect(asked('begin', {}, CLOCK, {}, recorded)).toMatchObject({ events: [{ type: 'absence-began' }] });
    expect(asked('over', {}, CLOCK, {}, recorded)).toMatchObject({ events: [{ type: 'absence-over' }] });
  });
  it('the clock is told the first morning and the morning after the last day, and to forget both when somebody is back early', () => {
    const later = { ...recorded, from: '2026-12-20', to: '2026-12-24' };
    const moment = { actor: person('li'), at, world: { directory: directory() } };
    const { ended: _ended, ...data } = later;
    expect(absenceEffects(later, [{ type: 'absence-recorded', data }], moment)).toMatchObject([
      { kind: 'timer', command: 'directory.begin', due: new Date('2026-12-20T00:00:00+08:00') },
      { kind: 'timer', command: 'directory.over', due: new Date('2026-12-25T00:00:00+08:00') },
    ]);
    const today = { ...data, from: '2026-12-03' };
    const at0 = absenceEffects({ ...later, from: '2026-12-03' }, [{ type: 'absence-recorded', data: today }], moment);
    expect(at0).toMatchObject([{ command: 'directory.over' }]);
    const ended: AbsenceEvent = { type: 'absence-ended', data: { person: 'li', deputy: 'zhao' } };
    expect(absenceEffects(later, [ended], moment)).toEqual([
      { kind: 'cancel', key: 'AW-2026-0001|begin' },
      { kind: 'cancel', key: 'AW-2026-0001|over' },
    ]);
  });
});

describe('whatever people record, in whatever order', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'] as const;
  const anyone = fc.constantFrom(...ids);
  const day = fc.integer({ min: 3, max: 20 }).map((n) => `2026-12-${String(n).padStart(2, '0')}`);
  const asks = fc.array(fc.record({ who: anyone, from: day, to: day, deputy: anyone }), { maxLength: 14 });
  const managers = fc.array(fc.nat(4), { minLength: 5, maxLength: 5 });

  function recordedFrom(tree: number[], all: typeof asks extends fc.Arbitrary<infer T> ? T : never) {
    const people = ids.map((id, i) => ({ id, ...(i === 0 ? {} : { manager: ids[(tree[i] ?? 0) % i] ?? 'a' }) }));
    const absences: Absence[] = [];
    const on = (today: string): Directory => ({ ...directory({ people, today }), absences });
    for (const [i, { who, from, to, deputy }] of all.entries()) {
      const command: Command = { name: 'directory.leave', subject: undefined, args: { from, to, deputy } };
      const moment = { actor: person(who), at, world: { directory: on('2026-12-03') } };
      const verdict = decideAbsence(undefined, command, { id: `AW-${i}` }, moment);
      const [event] = 'events' in verdict ? verdict.events : [];
      if (event) absences.push(evolveAbsence(undefined, event));
    }
    return on;
  }

  it('on no day does the way from deputy to deputy come round again', () => {
    fc.assert(
      fc.property(managers, asks, day, (tree, all, today) => {
        const company = recordedFrom(tree, all)(today);
        for (const start of ids) {
          const met = new Set<string>();
          let here: string | undefined = start;
          while (here !== undefined) {
            expect(met.has(here), `${start} comes round to ${here}`).toBe(false);
            met.add(here);
            here = absencesOf(company, here)[0]?.deputy;
          }
        }
      }),
      { numRuns: 500 },
    );
  });
  it('nobody is away twice on one day, and whoever acts for somebody is here, never the requester', () => {
    fc.assert(
      fc.property(managers, asks, day, anyone, (tree, all, today, requester) => {
        const company = recordedFrom(tree, all)(today);
        for (const id of ids) {
          expect(absencesOf(company, id).length).toBeLessThanOrEqual(1);
          const acting = standInFor(company, id, [requester]);
          if ('nobody' in acting) continue;
          expect(absencesOf(company, acting.person)).toEqual([]);
          expect(acting.person).not.toBe(requester);
        }
      }),
      { numRuns: 500 },
    );
  });
});
