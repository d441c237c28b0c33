/** Working time: nights, pauses, weekends, holidays and make-up days, in every zone, against a slow minute-by-minute clock. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDuration,
  addWorkingMs,
  calendarWarnings,
  Duration,
  dayKind,
  isWorkingDay,
  isWorkingTime,
  knownYears,
  localDate,
  readDuration,
  showDate,
  showTime,
  startOfDay,
  WorkHours,
  workingMsBetween,
} from '../../src/core/calendar.ts';
import { statutoryDays } from '../../src/core/calendar-cn.ts';
import { explain, sayCalendarWarning, sayDuration } from '../../src/words/calendar.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const shanghai = WorkHours.parse({
  timezone: 'Asia/Shanghai',
  from: '09:30',
  to: '18:30',
  pause: '12:00-13:30',
  calendar: 'CN',
});
const office = (timezone: string, more: Partial<WorkHours> = {}): WorkHours =>
  WorkHours.parse({ timezone, from: '09:00', to: '17:30', pause: '12:00-12:45', calendar: 'none', ...more });
const at = (text: string): Date => new Date(`${text}+08:00`);
const china = (moment: Date): string => showTime(moment, 'Asia/Shanghai', 'en');
function later(from: string, length: string, hours = shanghai): string {
  const duration = readDuration(length);
  if (!duration) throw new Error(`no duration: ${length}`);
  return china(addDuration(at(from), duration, hours));
}

describe('how long something takes', () => {
  it.each([
    ['30s', { amount: 30, unit: 'seconds', working: false }],
    ['15m', { amount: 15, unit: 'minutes', working: false }],
    ['24h', { amount: 24, unit: 'hours', working: false }],
    ['2d', { amount: 2, unit: 'days', working: false }],
    ['8 working hours', { amount: 8, unit: 'hours', working: true }],
    ['1 working hour', { amount: 1, unit: 'hours', working: true }],
    ['3 working days', { amount: 3, unit: 'days', working: true }],
    ['45 working minutes', { amount: 45, unit: 'minutes', working: true }],
    ['3个工作日', { amount: 3, unit: 'days', working: true }],
    ['24小时', { amount: 24, unit: 'hours', working: false }],
  ])('%s is read', (text, duration) => {
    expect(readDuration(text)).toEqual(duration);
    expect(Duration.parse(text)).toEqual(duration);
    expect(Duration.parse(duration)).toEqual(duration);
  });

  it.each([
    '',
    '8',
    'h',
    '0h',
    '-1h',
    '1.5h',
    '8 hours working',
    '1e3s',
    '99999999d',
    '11 years',
    '5 working seconds',
    '3w',
  ])('%j is no duration', (text) => {
    expect(readDuration(text)).toBeUndefined();
    expect(Duration.safeParse(text).success).toBe(false);
  });

  it('is said in both languages', () => {
    expect(sayDuration({ amount: 8, unit: 'hours', working: true }, 'zh')).toBe('8 个工作小时');
    expect(sayDuration({ amount: 1, unit: 'days', working: true }, 'en')).toBe('1 working day');
    expect(sayDuration({ amount: 30, unit: 'minutes', working: false }, 'en')).toBe('30 minutes');
  });
});

describe("the company's hours", () => {
  it.each([
    { from: '18:30', to: '09:30' },
    { from: '9:30' },
    { to: '25:00' },
    { days: [] },
    { days: ['mo'] },
    { pause: '12:00' },
    { pause: '08:00-13:00' },
    { pause: '13:00-12:00' },
    { timezone: 'Mars/Olympus' },
    { timezone: '+08:00' },
    { exceptions: { '2026-02-30': 'off' } },
    { hours: 1 },
  ])('%j is refused', (wrong) => {
    expect(WorkHours.safeParse({ timezone: 'Asia/Shanghai', ...wrong }).success).toBe(false);
  });

  it('a plain duration is elapsed time, at night as well', () => {
    expect(later('2026-04-03T17:00', '24h')).toBe('Sat 4 Apr 2026 17:00');
    expect(later('2026-04-03T23:59', '2d')).toBe('Sun 5 Apr 2026 23:59');
  });

  it('working hours skip the night and the pause', () => {
    expect(later('2026-11-23T11:00', '2 working hours')).toBe('Mon 23 Nov 2026 14:30');
    expect(later('2026-11-23T17:30', '2 working hours')).toBe('Tue 24 Nov 2026 10:30');
    expect(later('2026-11-23T12:30', '1 working hour')).toBe('Mon 23 Nov 2026 14:30');
    expect(later('2026-11-23T22:00', '1 working hour')).toBe('Tue 24 Nov 2026 10:30');
    expect(later('2026-11-20T17:30', '1 working hour')).toBe('Fri 20 Nov 2026 18:30');
    expect(later('2026-11-20T17:31', '1 working hour')).toBe('Mon 23 Nov 2026 09:31');
  });

  it('a shift that ends at midnight goes on when the next one begins', () => {
    const nights = WorkHours.parse({ timezone: 'Asia/Shanghai', from: '20:00', to: '24:00', calendar: 'none' });
    expect(later('2026-11-23T23:00', '1 working hour', nights)).toBe('Tue 24 Nov 2026 00:00');
    expect(later('2026-11-23T23:30', '1 working hour', nights)).toBe('Tue 24 Nov 2026 20:30');
    expect(later('2026-11-20T23:30', '1 working hour', nights)).toBe('Mon 23 Nov 2026 20:30');
  });

  it('Qingming of 2026: Monday the 6th is off, so Friday evening is followed by Tuesday', () => {
    expect(later('2026-04-03T17:00', '8 working hours')).toBe('Tue 7 Apr 2026 17:30');
    expect(explain(at('2026-04-03T17:00'), { amount: 8, unit: 'hours', working: true }, shanghai, 'en')).toBe(
      '8 working hours from Fri 3 Apr 2026 17:00: due Tue 7 Apr 2026 17:30 (Sat 4 Apr 2026 to Mon 6 Apr 2026: Tomb-sweeping Day, holiday).',
    );
    expect(explain(at('2026-04-03T17:00'), { amount: 8, unit: 'hours', working: true }, shanghai, 'zh')).toContain(
      '清明放假',
    );
  });

  it('Spring Festival of 2026: nine days off, paid for by two working Saturdays', () => {
    expect(later('2026-02-14T17:30', '2 working hours')).toBe('Tue 24 Feb 2026 10:30');
    for (const saturday of ['2026-02-14', '2026-02-28']) expect(isWorkingDay(saturday, shanghai)).toBe(true);
    for (let day = 15; day <= 23; day++) expect(isWorkingDay(`2026-02-${day}`, shanghai)).toBe(false);
  });

  it('all make-up days of 2026 are worked, though they are weekends', () => {
    for (const date of ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10']) {
      expect(dayKind(date, shanghai)).toMatchObject({ working: true, why: 'make-up' });
      expect(isWorkingDay(date, { ...shanghai, calendar: 'none' })).toBe(false);
    }
  });

  it('the company may name days of its own, stronger than the calendar', () => {
    const own = WorkHours.parse({ ...shanghai, exceptions: { '2026-11-24': 'off', '2026-10-01': 'work' } });
    expect(later('2026-11-23T18:00', '1 working hour', own)).toBe('Wed 25 Nov 2026 10:00');
    expect(isWorkingTime(at('2026-10-01T10:00'), own)).toBe(true);
  });

  it('N working days later is the same clock time, brought into working time', () => {
    expect(later('2026-11-23T10:20', '3 working days')).toBe('Thu 26 Nov 2026 10:20');
    expect(later('2026-11-20T10:20', '1 working day')).toBe('Mon 23 Nov 2026 10:20');
    expect(later('2026-11-23T20:00', '1 working day')).toBe('Tue 24 Nov 2026 18:30');
    expect(later('2026-11-23T07:00', '1 working day')).toBe('Tue 24 Nov 2026 09:30');
    expect(later('2026-11-23T12:40', '1 working day')).toBe('Tue 24 Nov 2026 13:30');
    expect(later('2026-11-21T15:00', '1 working day')).toBe('Tue 24 Nov 2026 09:30');
    expect(later('2026-02-13T10:00', '2 working days')).toBe('Tue 24 Feb 2026 10:00');
  });

  it('hours that leave no working day at all are a fault, not an endless search', () => {
    const days = [...Array(1200).keys()].map(
      (n) => [localDate(new Date(Date.UTC(2026, 0, 1 + n)), 'UTC'), 'off'] as const,
    );
    const closed = office('UTC', { exceptions: Object.fromEntries(days) });
    expect(() => addWorkingMs(new Date('2026-02-01T00:00Z'), HOUR, closed)).toThrow(RangeError);
    expect(() =>
      addDuration(new Date('2026-02-01T00:00Z'), { amount: 1, unit: 'days', working: true }, closed),
    ).toThrow();
  });
});

describe('a year whose holidays are not published', () => {
  const unpublished = (knownYears().at(-1) ?? 0) + 1;

  it('is known up to 2026, and 2027 falls back to the thirteen statutory days', () => {
    expect(knownYears()).toContain(2026);
    const off = [
      '2028-01-01',
      '2028-01-25',
      '2028-01-28',
      '2028-04-04',
      '2028-05-01',
      '2028-05-02',
      '2028-05-28',
      '2028-10-03',
    ];
    for (const date of off) expect(dayKind(date, shanghai)).toMatchObject({ working: false, why: 'holiday' });
    const [warning] = calendarWarnings([2035, 2026], shanghai);
    expect(warning?.year).toBe(2035);
    expect(warning?.days.map(({ date }) => date)).toEqual([
      ...[
        '2035-01-01',
        '2035-02-07',
        '2035-02-08',
        '2035-02-09',
        '2035-02-10',
        '2035-04-05',
        '2035-05-01',
        '2035-05-02',
      ],
      ...['2035-06-10', '2035-09-16', '2035-10-01', '2035-10-02', '2035-10-03'],
    ]);
  });

  it('is warned of, once for each year, unless no calendar is kept', () => {
    expect(calendarWarnings([2026, unpublished, unpublished], shanghai)).toHaveLength(1);
    expect(calendarWarnings([unpublished], { ...shanghai, calendar: 'none' })).toEqual([]);
    const [warning] = calendarWarnings([2035], shanghai);
    expect(warning && sayCalendarWarning(warning, 'zh')).toContain('春节 2035-02-07 至 2035-02-10');
    expect(warning && sayCalendarWarning(warning, 'en')).toContain('not published yet');
  });

  it('the fallback names only days that were really off, in every published year', () => {
    for (const year of knownYears().filter((published) => published >= 2008)) {
      const [eve, ...rest] = [...statutoryDays(year).keys()].sort().filter((date) => date >= `${year}-01-20`);
      // New Year's Eve and 2 May are statutory since 2025 only
      const named = year >= 2025 ? [eve, ...rest] : rest.filter((date) => !date.endsWith('-05-02'));
      expect(named.length).toBeGreaterThanOrEqual(9);
      for (const date of named) expect(isWorkingDay(date ?? '', shanghai), date).toBe(false);
    }
  });
});

describe('clocks of the world', () => {
  it('the working day begins and ends by the wall clock on both sides of summer time', () => {
    for (const zone of [
      'Europe/Berlin',
      'America/New_York',
      'Asia/Shanghai',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
    ]) {
      const hours = office(zone);
      for (const date of [
        '2026-03-06',
        '2026-03-09',
        '2026-03-27',
        '2026-03-30',
        '2026-10-23',
        '2026-10-26',
        '2026-11-02',
      ]) {
        const midnight = startOfDay(date, zone);
        expect(localDate(midnight, zone)).toBe(date);
        expect(localDate(new Date(midnight.getTime() - 1), zone)).not.toBe(date);
        const hour = addWorkingMs(midnight, HOUR, hours);
        expect(showTime(hour, zone, 'en')).toContain(' 10:00');
        expect(showTime(addWorkingMs(hour, 6.75 * HOUR, hours), zone, 'en')).toContain(' 17:30');
      }
    }
  });

  it('a night shift is an hour shorter when summer time begins and an hour longer when it ends', () => {
    const night = office('Europe/Berlin', { from: '00:00', to: '08:00', pause: undefined, days: ['sun'] });
    const length = (date: string): number =>
      workingMsBetween(
        startOfDay(date, 'Europe/Berlin'),
        new Date(startOfDay(date, 'Europe/Berlin').getTime() + 23 * HOUR),
        night,
      );
    expect(length('2026-03-22') / HOUR).toBe(8);
    expect(length('2026-03-29') / HOUR).toBe(7);
    expect(length('2026-10-25') / HOUR).toBe(9);
  });

  it('work that would begin in the skipped hour begins when the clock has jumped', () => {
    const early = office('Europe/Berlin', { from: '02:30', to: '05:00', pause: undefined, days: ['sun'] });
    expect(addWorkingMs(new Date('2026-03-28T12:00Z'), HOUR, early)).toEqual(new Date('2026-03-29T02:00Z'));
    const lost = office('Europe/Berlin', { from: '02:10', to: '02:50', pause: undefined, days: ['sun'] });
    expect(isWorkingTime(new Date('2026-03-29T01:00Z'), lost)).toBe(false);
    expect(addWorkingMs(new Date('2026-03-28T12:00Z'), MINUTE, lost)).toEqual(new Date('2026-04-05T00:11Z'));
  });

  it('dates and times are shown in the reader’s language on the clock of the company', () => {
    const moment = new Date('2026-11-22T16:05:30Z');
    expect(showTime(moment, 'Asia/Shanghai', 'zh')).toBe('2026-11-23 周一 00:05');
    expect(showTime(moment, 'Asia/Shanghai', 'en')).toBe('Mon 23 Nov 2026 00:05');
    expect(showTime(moment, 'America/New_York', 'en')).toBe('Sun 22 Nov 2026 11:05');
    expect(showDate('2026-09-05', 'en')).toBe('Sat 5 Sep 2026');
  });
});

describe('whatever the moment, the length and the hours', () => {
  const offices = [
    shanghai,
    office('Europe/Berlin'),
    office('America/New_York', { days: ['mon', 'wed', 'sat'] }),
    office('America/New_York', { from: '00:00', to: '24:00', pause: '01:15-02:00', days: ['sat', 'sun', 'mon'] }),
    office('Asia/Kathmandu', {
      exceptions: { '2026-03-02': 'off', '2026-03-08': 'work' },
      from: '22:00',
      to: '24:00',
      pause: undefined,
    }),
    office('Pacific/Apia', { calendar: 'CN' }),
  ];
  const tenYears = { min: new Date('2019-01-01T00:00Z'), max: new Date('2028-12-31T00:00Z'), noInvalidDate: true };
  const anyCase = fc.record({
    hours: fc.constantFrom(...offices),
    from: fc.date(tenYears),
    a: fc.integer({ min: 0, max: 60 * HOUR }),
    b: fc.integer({ min: 0, max: 60 * HOUR }),
  });
  const isEnd = (moment: Date, hours: WorkHours): boolean => isWorkingTime(new Date(moment.getTime() - 1), hours);

  it('adding twice is adding the sum, and measuring gives it back', () => {
    fc.assert(
      fc.property(anyCase, ({ hours, from, a, b }) => {
        const once = addWorkingMs(from, a + b, hours);
        expect(addWorkingMs(addWorkingMs(from, a, hours), b, hours)).toEqual(once);
        expect(workingMsBetween(from, once, hours)).toBe(a + b);
        expect(workingMsBetween(once, from, hours)).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('the result lies in working time or at its very end, never before the start', () => {
    fc.assert(
      fc.property(anyCase, fc.integer({ min: 1, max: 15 }), ({ hours, from, a }, days) => {
        const results = [
          addWorkingMs(from, a, hours),
          addDuration(from, { amount: days, unit: 'days', working: true }, hours),
        ];
        for (const result of results) {
          expect(result.getTime()).toBeGreaterThanOrEqual(from.getTime());
          expect(isWorkingTime(result, hours) || isEnd(result, hours)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('working days add up as well, one after the other', () => {
    fc.assert(
      fc.property(anyCase, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), ({ hours, from }, m, n) => {
        const plus = (start: Date, amount: number): Date =>
          addDuration(start, { amount, unit: 'days', working: true }, hours);
        const first = plus(from, m);
        // a clock time that the change to summer time skips comes back an hour later only by a second look
        fc.pre(hours.timezone === 'Asia/Shanghai' || hours.from >= '03:00');
        expect(plus(first, n)).toEqual(plus(from, m + n));
      }),
      { numRuns: 100 },
    );
  });

  it('agrees with a clock that looks at every minute', () => {
    fc.assert(
      fc.property(anyCase, fc.integer({ min: 1, max: 25 * 60 }), ({ hours, from }, minutes) => {
        const start = new Date(Math.ceil(from.getTime() / MINUTE) * MINUTE);
        expect(addWorkingMs(start, minutes * MINUTE, hours)).toEqual(minuteByMinute(start, minutes, hours));
      }),
      { numRuns: 60 },
    );
  });

  /** Knows nothing of stretches: asks Intl what the wall clock shows at each minute, and whether work is done then. */
  function minuteByMinute(start: Date, minutes: number, hours: WorkHours): Date {
    const clock = new Intl.DateTimeFormat('sv-SE', {
      ...{ timeZone: hours.timezone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit' },
    });
    const working = (moment: number): boolean => {
      const [date = '', time = ''] = clock.format(moment).split(' ');
      const [pauseFrom = '', pauseTo = ''] = hours.pause?.split('-') ?? [];
      const paused = pauseFrom <= time && time < pauseTo;
      return isWorkingDay(date, hours) && hours.from <= time && time < hours.to && !paused;
    };
    let moment = start.getTime();
    for (let left = minutes; left > 0; moment += MINUTE) if (working(moment)) left--;
    return new Date(moment);
  }
});
