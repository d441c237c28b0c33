/** How quickly it went: from the entries alone, the same whoever counts (C8). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/message.ts';
import { type Entry, figuresOf, scoreOf } from '../../src/crisis/figures.ts';
import { entriesIn, openNight, toldNight } from './night.ts';

const RAISED = '2026-11-21T19:00:00.000Z';
const at = (seconds: number) => new Date(Date.parse(RAISED) + seconds * 1000).toISOString();
const entry = (seconds: number, type: string, data: JsonObject = {}): Entry => ({
  type,
  by: 'zhao',
  at: at(seconds),
  data,
});
const figures = (...entries: Entry[]) => figuresOf(entries, { raisedAt: RAISED });
const graded = (seconds: number) => entry(seconds, 'crisis-graded', { grade: 'major' });
const called = (seconds: number, call: string, seat: string, why = 'team') =>
  entry(seconds, 'person-called', { call, seat, why });
const answered = (seconds: number, call: string, person: string) => entry(seconds, 'page-answered', { call, person });
const back = (seconds: number, call: string, person: string) => entry(seconds, 'answer-taken-back', { call, person });

describe('a night as it was lived', () => {
  test('every figure in seconds since the alarm', () => {
    const { office, number } = toldNight();
    expect(figuresOf(entriesIn(office), office.crisis(number))).toEqual({
      graded: 120,
      firstAnswer: 420,
      answers: [{ person: 'sun', seconds: 420 }],
      teamComplete: 420,
      firstStatement: 1920,
      controlled: 9600,
    });
  });
  test('an alarm to which nobody comes has no figures but that', () => {
    const office = openNight();
    const number = office.raises('wang');
    office.passes(60);
    expect(figuresOf(entriesIn(office), office.crisis(number))).toEqual({ answers: [] });
  });
  test('a false alarm was never brought under control', () => {
    const office = openNight();
    const number = office.raises('wang');
    office.does('wang', 'stand-down', number, { how: 'false-alarm', reason: '看错了' });
    expect(figuresOf(entriesIn(office), office.crisis(number)).controlled).toBeUndefined();
  });
  test('at the moment at which it is stood down, that moment counts already', () => {
    expect(figuresOf([], { raisedAt: RAISED }, new Date(at(61.9)))).toEqual({ controlled: 61, answers: [] });
  });
});

describe('the first answer', () => {
  const self = [graded(60), called(60, 'c1', 'zhao'), answered(60, 'c1', 'zhao')];
  test('whoever grades it is there already: that is no answer, and nobody answers after 0 seconds', () => {
    expect(figures(...self)).not.toHaveProperty('firstAnswer');
    expect(figures(...self, answered(75, 'c2', 'sun'))).toMatchObject({
      firstAnswer: 75,
      answers: [{ person: 'sun', seconds: 75 }],
    });
  });
  test('who answered and graded in the same moment has answered; so has a colleague', () => {
    expect(figures(answered(60, 'c0', 'zhao'), ...self).firstAnswer).toBe(60);
    const other = { ...answered(60, 'c2', 'sun'), by: 'sun' };
    expect(figures(...self, other).answers).toEqual([{ person: 'sun', seconds: 60 }]);
  });
});

describe('when the team is complete', () => {
  const team = [graded(60), called(60, 'c1', 'zhao'), called(60, 'c2', 'sun')];
  test('not with the first of them, nor while one has taken their answer back', () => {
    expect(figures(...team, answered(70, 'c1', 'zhao')).teamComplete).toBeUndefined();
    const parted = [answered(70, 'c1', 'zhao'), back(80, 'c1', 'zhao'), answered(90, 'c2', 'sun')];
    expect(figures(...team, ...parted).teamComplete).toBeUndefined();
    expect(figures(...team, ...parted, answered(95, 'c1', 'li')).teamComplete).toBe(95);
  });
  test('a stand-in answers for the place; one of two who take it back leaves the other', () => {
    const both = [answered(70, 'c1', 'zhao'), answered(71, 'c1', 'li'), back(72, 'c1', 'zhao')];
    expect(figures(...team, ...both, answered(80, 'c2', 'chen')).teamComplete).toBe(80);
  });
  test('whoever graded it was called and is there in the same moment: the others are waited for all the same', () => {
    const self = [graded(60), called(60, 'c1', 'zhao'), answered(60, 'c1', 'zhao'), called(60, 'c2', 'sun')];
    expect(figures(...self).teamComplete).toBeUndefined();
    expect(figures(...self, answered(75, 'c2', 'sun')).teamComplete).toBe(75);
  });
  test('a higher grade calls further people: the team is complete when they are there too', () => {
    const complete = [...team, answered(70, 'c1', 'zhao'), answered(70, 'c2', 'sun')];
    const raised = [graded(300), called(300, 'c3', 'chen')];
    expect(figures(...complete, ...raised).teamComplete).toBeUndefined();
    expect(figures(...complete, ...raised, answered(330, 'c3', 'chen')).teamComplete).toBe(330);
  });
  test('neither those who assess nor somebody called in by hand are waited for', () => {
    const assess = called(0, 'c0', 'chen', 'assess');
    const later = called(65, 'c9', 'qian');
    const entries = [assess, ...team, later, answered(70, 'c1', 'zhao'), answered(80, 'c2', 'sun')];
    expect(figures(...entries).teamComplete).toBe(80);
  });
  test('who is asked again because nothing came of their answer is waited for again', () => {
    const idle = called(75, 'c3', 'zhao', 'idle');
    const entries = [...team, answered(70, 'c1', 'zhao'), idle, answered(80, 'c2', 'sun')];
    expect(figures(...entries).teamComplete).toBeUndefined();
    expect(figures(...entries, answered(90, 'c3', 'zhao')).teamComplete).toBe(90);
  });
});

describe('against the plan', () => {
  const minutes = (amount: number) => ({ amount, unit: 'minutes' as const, working: false });
  test('what is in time is met, what is late or never happened is not; what the plan does not name is not scored', () => {
    const { lines } = scoreOf(
      { graded: 300, teamComplete: 601, answers: [] },
      {
        grade: minutes(5),
        team: minutes(10),
        statement: { amount: 1, unit: 'hours', working: false },
      },
    );
    expect(lines).toEqual([
      { target: 'grade', wanted: 300, took: 300, met: true },
      { target: 'team', wanted: 600, took: 601, met: false },
      { target: 'statement', wanted: 3600, met: false },
    ]);
  });
});

describe('whatever happens in whatever order', () => {
  const person = fc.constantFrom('zhao', 'sun', 'li', 'chen');
  const call = fc.constantFrom('c1', 'c2', 'c3');
  const act = fc.oneof(
    fc.record({ type: fc.constant('page-answered'), data: fc.record({ call, person }) }),
    fc.record({ type: fc.constant('answer-taken-back'), data: fc.record({ call, person }) }),
    fc.record({
      type: fc.constant('person-called'),
      data: fc.record({ call, seat: person, why: fc.constantFrom('team', 'assess', 'idle') }),
    }),
    fc.record({ type: fc.constant('crisis-graded'), data: fc.constant({}) }),
    fc.record({ type: fc.constant('fact-noted'), data: fc.constant({}) }),
    fc.record({
      type: fc.constant('statement-noted'),
      data: fc.record({ what: fc.constantFrom('drafted', 'cleared', 'released') }),
    }),
    fc.record({
      type: fc.constant('crisis-stood-down'),
      data: fc.record({ how: fc.constantFrom('controlled', 'false-alarm') }),
    }),
  );
  const acts = fc.array(fc.tuple(fc.nat({ max: 90 }), act), { maxLength: 40 }).map((told) => {
    let now = 0;
    return told.map(([pause, { type, data }]) => {
      now += pause;
      return entry(now, type, data as JsonObject);
    });
  });

  test('figures are whole seconds within what happened; the first answer is the least of all; nobody answers first twice', () => {
    fc.assert(
      fc.property(acts, (entries) => {
        const { answers, ...single } = figures(...entries);
        const last = (Date.parse(entries.at(-1)?.at ?? RAISED) - Date.parse(RAISED)) / 1000;
        for (const seconds of [...Object.values(single), ...answers.map((one) => one.seconds)]) {
          expect(Number.isInteger(seconds)).toBe(true);
          expect(seconds).toBeGreaterThanOrEqual(0);
          expect(seconds).toBeLessThanOrEqual(last);
        }
        expect(single.firstAnswer).toBe(
          answers.length > 0 ? Math.min(...answers.map((one) => one.seconds)) : undefined,
        );
        expect(new Set(answers.map((one) => one.person)).size).toBe(answers.length);
      }),
    );
  });
  test('what comes later changes nothing that was reached, but for the team after a new grade', () => {
    fc.assert(
      fc.property(acts, acts, (entries, more) => {
        const end = Date.parse(entries.at(-1)?.at ?? RAISED) + 1000;
        const later = more.map((one) => ({
          ...one,
          at: new Date(end + Date.parse(one.at) - Date.parse(RAISED)).toISOString(),
        }));
        const { answers, teamComplete, ...reached } = figures(...entries);
        const after = figures(...entries, ...later);
        expect(after).toMatchObject(reached);
        expect(after.answers.slice(0, answers.length)).toEqual(answers);
        if (!later.some(({ type }) => type === 'crisis-graded') && teamComplete !== undefined)
          expect(after.teamComplete).toBe(teamComplete);
      }),
    );
  });
  test('the team is complete at no moment at which a place of the plan stands unanswered', () => {
    fc.assert(
      fc.property(acts, (entries) => {
        const complete = figures(...entries).teamComplete;
        if (complete === undefined) return;
        const upTo = entries.filter((one) => one.at <= at(complete));
        const grades = new Set(upTo.filter(({ type }) => type === 'crisis-graded').map((one) => one.at));
        const place = new Map<string, string>();
        for (const { type, at: when, data } of upTo)
          if (type === 'person-called' && ((data.why === 'team' && grades.has(when)) || place.has(String(data.seat))))
            place.set(String(data.seat), String(data.call));
        const stands = (wanted: string) => {
          const last = new Map<string, string>();
          for (const { type, data } of upTo)
            if (data.call === wanted && data.person) last.set(String(data.person), type);
          return [...last.values()].includes('page-answered');
        };
        for (const wanted of place.values()) expect(stands(wanted)).toBe(true);
      }),
    );
  });
});
