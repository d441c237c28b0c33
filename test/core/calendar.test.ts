/** Working time: nights, pauses, weekends, holidays and make-up days, in every zone. */
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
  subtractDuration,
  subtractWorkingMs,
  WorkHours,
  workingMsBetween,
} from '../../src/core/calendar.ts';
import { statutoryDays } from '../../src/core/calendar-cn.ts';
import { sayCalendarWarning, sayDue, sayDuration } from '../../src/words/calendar.ts';

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
    ...['XX', 'us', 'UK', 'DE-XX', 'US-CA-XX', 'CN-BJ', 'US-constructor', ''].map((calendar) => ({ calendar })),
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
    expect(sayDue(at('2026-04-03T17:00'), { amount: 8, unit: 'hours', working: true }, shanghai, 'en')).toBe(
      '8 working hours from Fri 3 Apr 2026 17:00: due Tue 7 Apr 2026 17:30 (Sat 4 Apr 2026 to Mon 6 Apr 2026: Tomb-sweeping Day, holiday).',
    );
    expect(sayDue(at('2026-04-03T17:00'), { amount: 8, unit: 'hours', working: true }, shanghai, 'zh')).toContain(
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

describe('when something must begin', () => {
  const ahead = (moment: string, length: string): string => {
    const duration = readDuration(length);
    if (!duration) throw new Error(`no duration: ${length}`);
    return china(subtractDuration(at(moment), duration, shanghai));
  };

  it('1 working day before Monday 10:00 is Friday 10:00; a plain day before is Sunday', () => {
    expect(ahead('2026-11-23T10:00', '1 working day')).toBe('Fri 20 Nov 2026 10:00');
    expect(ahead('2026-11-23T10:00', '24h')).toBe('Sun 22 Nov 2026 10:00');
    expect(ahead('2026-02-24T10:00', '1 working day')).toBe('Sat 14 Feb 2026 10:00');
  });

  it('4 working hours before skip the night, the pause and the weekend', () => {
    expect(ahead('2026-11-23T15:30', '4 working hours')).toBe('Mon 23 Nov 2026 10:00');
    expect(ahead('2026-11-23T10:30', '4 working hours')).toBe('Fri 20 Nov 2026 15:30');
    expect(ahead('2026-11-23T10:30', '1 working hour')).toBe('Mon 23 Nov 2026 09:30');
    expect(ahead('2026-11-22T12:00', '1 working hour')).toBe('Fri 20 Nov 2026 17:30');
    expect(ahead('2026-11-23T12:40', '30 working minutes')).toBe('Mon 23 Nov 2026 11:30');
  });

  it('a clock outside the hours is brought to the nearest edge, one in the pause to its beginning, a day off to the last closing', () => {
    expect(ahead('2026-11-24T20:00', '1 working day')).toBe('Mon 23 Nov 2026 18:30');
    expect(ahead('2026-11-24T07:00', '1 working day')).toBe('Mon 23 Nov 2026 09:30');
    expect(ahead('2026-11-24T12:40', '1 working day')).toBe('Mon 23 Nov 2026 12:00');
    expect(ahead('2026-11-22T15:00', '1 working day')).toBe('Thu 19 Nov 2026 18:30');
  });

  it('hours that leave no working day are a fault in this direction too', () => {
    const days = [...Array(600).keys()].map((n) => [localDate(new Date(Date.UTC(2026, 0, n)), 'UTC'), 'off'] as const);
    const closed = office('UTC', { exceptions: Object.fromEntries(days) });
    const late = new Date('2027-08-01T00:00Z');
    expect(() => subtractWorkingMs(late, HOUR, closed)).toThrow(RangeError);
    expect(() => subtractDuration(late, { amount: 1, unit: 'days', working: true }, closed)).toThrow(RangeError);
  });
});

describe('the holidays of other countries', () => {
  const why = (date: string, calendar: string) => dayKind(date, office('UTC', { calendar }));

  it.each([
    ['2026-07-03', 'US', 'Independence Day'],
    ['2027-12-31', 'US', "New Year's Day"],
    ['2026-12-28', 'GB', 'Boxing Day'],
    ['2026-11-30', 'GB-SCT', 'St Andrew’s Day'],
    ['2026-06-04', 'DE-BY', 'Corpus Christi'],
    ['2026-05-04', 'JP', 'Greenery Day'],
    ['2026-08-10', 'SG', 'National Day'],
    ['2035-03-23', 'DE', 'Good Friday'],
  ])('%s is a holiday of %s: %s', (date, calendar, name) => {
    expect(why(date, calendar)).toMatchObject({ working: false, why: 'holiday', name: { en: name } });
  });

  it('what is a holiday of one region is a working day in the next', () => {
    expect(why('2026-06-04', 'DE')).toMatchObject({ working: true });
    expect(why('2026-11-30', 'GB')).toMatchObject({ working: true });
    expect(why('2026-10-01', 'US')).toMatchObject({ working: true });
  });

  it('Chinese names where there are any, the English one elsewhere', () => {
    expect(why('2026-12-25', 'US')).toMatchObject({ name: { zh: '聖誕節', en: 'Christmas Day' } });
    expect(why('2026-07-03', 'US')).toMatchObject({ name: { zh: 'Independence Day' } });
    const [from, length] = [new Date('2026-07-02T12:00Z'), { amount: 8, unit: 'hours', working: true }] as const;
    const american = office('America/New_York', { calendar: 'US' });
    expect(sayDue(from, length, american, 'zh')).toContain('Independence Day 放假');
  });

  it('a festival of several days counts whole, over the end of a year as well; half a day off is a working day', () => {
    for (const date of ['2026-03-19', '2026-03-22']) expect(why(date, 'SA')).toMatchObject({ why: 'holiday' });
    expect(why('2026-03-23', 'SA')).toMatchObject({ working: true });
    expect(why('2026-12-24', 'IS')).toMatchObject({ working: true });
    expect(why('2026-12-25', 'IS')).toMatchObject({ why: 'holiday' });
  });

  it('the company’s own days are stronger, and no year needs a warning', () => {
    const american = office('America/New_York', { calendar: 'US', exceptions: { '2026-07-03': 'work' } });
    expect(isWorkingDay('2026-07-03', american)).toBe(true);
    expect(calendarWarnings([2026, 2060], american)).toEqual([]);
    expect(why('2060-12-24', 'US')).toMatchObject({ working: false });
  });
});

describe('a deadline in words', () => {
  const american = office('America/New_York', { from: '09:00', to: '17:00', pause: undefined, calendar: 'US' });
  const eight = { amount: 8, unit: 'hours', working: true } as const;

  it('is said on the company’s clock, and on that of whoever works elsewhere', () => {
    expect(sayDue(at('2026-07-02T10:00'), eight, american, 'en', 'Asia/Shanghai')).toBe(
      '8 working hours from Thu 2 Jul 2026 10:00: due Fri 3 Jul 2026 05:00, in Eastern Time Thu 2 Jul 2026 17:00.',
    );
    expect(sayDue(at('2026-07-03T04:00'), eight, american, 'zh', 'Asia/Shanghai')).toBe(
      '自 2026-07-03 周五 04:00 起 8 个工作小时，截止 2026-07-07 周二 04:00，即北美东部时间 2026-07-06 周一 16:00' +
        '（2026-07-03 周五 至 2026-07-04 周六 Independence Day 放假，2026-07-05 周日 休息日）。',
    );
  });

  it('elapsed time is nobody’s own', () => {
    expect(sayDue(at('2026-07-02T10:00'), { ...eight, working: false }, american, 'en', 'Asia/Shanghai')).toBe(
      '8 hours from Thu 2 Jul 2026 10:00: due Thu 2 Jul 2026 18:00.',
    );
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
