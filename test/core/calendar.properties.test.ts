/** Whatever the moment, the length and the hours: working time adds up, and a slow clock that looks at every minute agrees. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDuration,
  addWorkingMs,
  isWorkingDay,
  isWorkingTime,
  subtractDuration,
  subtractWorkingMs,
  WorkHours,
  workingMsBetween,
} from '../../src/core/calendar.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const office = (timezone: string, more: Partial<WorkHours>): WorkHours =>
  WorkHours.parse({ timezone, from: '09:00', to: '17:30', pause: '12:00-12:45', ...more });

const offices = [
  office('Asia/Shanghai', { from: '09:30', to: '18:30', pause: '12:00-13:30', calendar: 'CN' }),
  office('Europe/Berlin', { calendar: 'DE' }),
  office('Europe/Berlin', {
    calendar: 'DE-BY',
    from: '01:30',
    to: '10:00',
    // not in the hour that comes twice: there a pause is the first of the two, which this clock cannot tell
    pause: '03:15-03:45',
    days: ['sun', 'mon'],
  }),
  office('America/New_York', { calendar: 'US', days: ['mon', 'wed', 'sat'] }),
  office('America/New_York', {
    calendar: 'US',
    from: '00:00',
    to: '24:00',
    pause: '03:15-04:00',
    days: ['sat', 'sun', 'mon'],
  }),
  office('Asia/Kathmandu', {
    calendar: 'none',
    exceptions: { '2026-03-02': 'off', '2026-03-08': 'work' },
    from: '22:00',
    to: '24:00',
    pause: undefined,
  }),
  office('Australia/Lord_Howe', { calendar: 'none', from: '18:00', to: '24:00', pause: '19:00-19:30' }),
  office('Pacific/Apia', { calendar: 'CN' }),
];
const tenYears = { min: new Date('2019-01-01T00:00Z'), max: new Date('2028-12-31T00:00Z'), noInvalidDate: true };
const length = fc.integer({ min: 0, max: 60 * HOUR });
const fewDays = fc.integer({ min: 1, max: 8 });
const anyCase = fc.record({ hours: fc.constantFrom(...offices), from: fc.date(tenYears), a: length, b: length });

const days = (amount: number) => ({ amount, unit: 'days', working: true }) as const;
const isEnd = (moment: Date, hours: WorkHours): boolean => isWorkingTime(new Date(moment.getTime() - 1), hours);
const isAtWork = (moment: Date, hours: WorkHours): boolean => isWorkingTime(moment, hours) || isEnd(moment, hours);
/** a clock time that the change to summer time skips comes back an hour later only by a second look */
const keepsItsClock = (hours: WorkHours): boolean => hours.timezone === 'Asia/Shanghai' || hours.from >= '03:00';

describe('whatever the moment, the length and the hours', () => {
  it('adding twice is adding the sum, and measuring gives it back', () => {
    fc.assert(
      fc.property(anyCase, ({ hours, from, a, b }) => {
        const once = addWorkingMs(from, a + b, hours);
        expect(addWorkingMs(addWorkingMs(from, a, hours), b, hours)).toEqual(once);
        expect(workingMsBetween(from, once, hours)).toBe(a + b);
        expect(workingMsBetween(once, from, hours)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('taking away twice is taking away the sum, and measuring gives it back', () => {
    fc.assert(
      fc.property(anyCase, ({ hours, from, a, b }) => {
        const once = subtractWorkingMs(from, a + b, hours);
        expect(subtractWorkingMs(subtractWorkingMs(from, a, hours), b, hours)).toEqual(once);
        expect(workingMsBetween(once, from, hours)).toBe(a + b);
      }),
      { numRuns: 60 },
    );
  });

  it('there and back again: a moment of working time is found again, any other at the edge of what was not worked', () => {
    fc.assert(
      fc.property(anyCase, ({ hours, from, a }) => {
        const [there, back] = [addWorkingMs(from, a, hours), subtractWorkingMs(from, a, hours)];
        const opening = isWorkingTime(from, hours) ? from : addWorkingMs(new Date(from.getTime() + 1), 0, hours);
        const closing = isEnd(from, hours) ? from : subtractWorkingMs(new Date(from.getTime() - 1), 0, hours);
        if (a > 0) expect(subtractWorkingMs(there, a, hours)).toEqual(opening);
        if (a > 0) expect(addWorkingMs(back, a, hours)).toEqual(closing);
      }),
      { numRuns: 60 },
    );
  });

  it('the result lies in working time or at its very edge, on the right side of the start', () => {
    fc.assert(
      fc.property(anyCase, fewDays, ({ hours, from, a }, n) => {
        for (const later of [addWorkingMs(from, a, hours), addDuration(from, days(n), hours)]) {
          expect(later.getTime()).toBeGreaterThanOrEqual(from.getTime());
          expect(isAtWork(later, hours)).toBe(true);
        }
        for (const earlier of [subtractWorkingMs(from, a, hours), subtractDuration(from, days(n), hours)]) {
          expect(earlier.getTime()).toBeLessThanOrEqual(from.getTime());
          expect(isAtWork(earlier, hours)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('whoever begins later is through no earlier, and whoever must be through later begins no earlier', () => {
    fc.assert(
      fc.property(anyCase, fc.integer({ min: 0, max: 100 * HOUR }), fewDays, ({ hours, from, a }, wait, n) => {
        const later = new Date(from.getTime() + wait);
        const minutes = { amount: Math.ceil(a / MINUTE) + 1, unit: 'minutes', working: true } as const;
        for (const duration of [minutes, days(n)]) {
          for (const move of [addDuration, subtractDuration]) {
            const [first, second] = [move(from, duration, hours), move(later, duration, hours)];
            expect(second.getTime()).toBeGreaterThanOrEqual(first.getTime());
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('working days add up as well, one after the other, in both directions', () => {
    fc.assert(
      fc.property(anyCase, fewDays, fewDays, ({ hours, from }, m, n) => {
        fc.pre(keepsItsClock(hours));
        for (const move of [addDuration, subtractDuration]) {
          expect(move(move(from, days(m), hours), days(n), hours)).toEqual(move(from, days(m + n), hours));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('N working days after N working days before is the same moment, for whoever is at work then', () => {
    fc.assert(
      fc.property(anyCase, fewDays, ({ hours, from: any }, n) => {
        fc.pre(keepsItsClock(hours) && hours.to !== '24:00');
        const from = addWorkingMs(any, 0, hours);
        expect(addDuration(subtractDuration(from, days(n), hours), days(n), hours)).toEqual(from);
        expect(subtractDuration(addDuration(from, days(n), hours), days(n), hours)).toEqual(from);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a clock that looks at every minute agrees', () => {
  it.each(offices.map((hours) => [`${hours.timezone} ${hours.calendar} ${hours.from}–${hours.to}`, hours] as const))(
    '%s',
    (_name, hours) => {
      const slow = slowClock(hours);
      fc.assert(
        fc.property(fc.date(tenYears), fc.integer({ min: 1, max: 20 * 60 }), (moment, minutes) => {
          const start = Math.ceil(moment.getTime() / MINUTE) * MINUTE;
          const ms = minutes * MINUTE;
          expect(addWorkingMs(new Date(start), ms, hours).getTime()).toBe(slow.forward(start, minutes));
          expect(subtractWorkingMs(new Date(start), ms, hours).getTime()).toBe(slow.backward(start, minutes));
        }),
        { numRuns: 8 },
      );
    },
  );

  /** Knows nothing of stretches: asks Intl what the wall clock shows at each minute, and whether work is done then. */
  function slowClock(hours: WorkHours) {
    const clock = new Intl.DateTimeFormat('sv-SE', {
      ...{ timeZone: hours.timezone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit' },
    });
    const [pauseFrom = '', pauseTo = ''] = hours.pause?.split('-') ?? [];
    const isWorked = (moment: number): boolean => {
      const [date = '', time = ''] = clock.format(moment).split(' ');
      const paused = pauseFrom <= time && time < pauseTo;
      return hours.from <= time && time < hours.to && !paused && isWorkingDay(date, hours);
    };
    return {
      forward: (start: number, minutes: number): number => {
        let moment = start;
        for (let left = minutes; left > 0; moment += MINUTE) if (isWorked(moment)) left--;
        return moment;
      },
      backward: (start: number, minutes: number): number => {
        let moment = start;
        for (let left = minutes; left > 0; moment -= MINUTE) if (isWorked(moment - MINUTE)) left--;
        return moment;
      },
    };
  }
});
