/** When meetings are held: what people write about it, and the days it comes to, off holidays and over summer time. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDate, showTime, WorkHours } from '../../src/core/calendar.ts';
import { MeetingRule } from '../../src/meetings/rule.ts';
import {
  nextSlot,
  type Recurrence,
  readRecurrence,
  type Schedule,
  scheduleOf,
  slotsBetween,
} from '../../src/meetings/schedule.ts';
import { sayMoved, sayRecurrence } from '../../src/words/schedule.ts';
import { plus, walk } from './naive.ts';

/** A Sunday. */
const TODAY = '2026-11-22';
const read = (text: string, today = TODAY) => readRecurrence(text, today);
const rule = (text: string) => {
  const found = read(text);
  if (!found) return undefined;
  return 'once' in found ? found.once : `${found.rrule} ${found.at}${found.workingDays ? ' working' : ''}`;
};

describe('what recurs', () => {
  it.each([
    ['monday 10:00', 'FREQ=WEEKLY;BYDAY=MO 10:00'],
    ['Mondays at 3pm', 'FREQ=WEEKLY;BYDAY=MO 15:00'],
    ['mon and thu 09:30', 'FREQ=WEEKLY;BYDAY=MO,TH 09:30'],
    ['thu, mon, wed 9:30 am', 'FREQ=WEEKLY;BYDAY=MO,WE,TH 09:30'],
    ['weekday 09:15', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR 09:15'],
    ['mon-wed 09:15', 'FREQ=WEEKLY;BYDAY=MO,TU,WE 09:15'],
    ['every working day 09:15', 'FREQ=DAILY 09:15 working'],
    ['every day 08:00', 'FREQ=DAILY 08:00'],
    ['every other monday 10:00', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO 10:00'],
    ['every second tue and thu 10:00', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH 10:00'],
    ['15 of the month 10:00', 'FREQ=MONTHLY;BYMONTHDAY=15 10:00'],
    ['the 1st and 15th of every month at 10:00', 'FREQ=MONTHLY;BYMONTHDAY=1,15 10:00'],
    ['last day of the month 17:00', 'FREQ=MONTHLY;BYMONTHDAY=-1 17:00'],
    ['last friday of the month 16:00', 'FREQ=MONTHLY;BYDAY=-1FR 16:00'],
    ['second tuesday of every month 12am', 'FREQ=MONTHLY;BYDAY=2TU 00:00'],
    ['first wednesday of the quarter 14:00', 'FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY=1WE 14:00'],
    ['last friday of the quarter 14:00', 'FREQ=YEARLY;BYMONTH=3,6,9,12;BYDAY=-1FR 14:00'],
    ['first monday of march 12pm', 'FREQ=YEARLY;BYMONTH=3;BYDAY=1MO 12:00'],
    ['every year on 10 march 10:00', 'FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=10 10:00'],
    ['RRULE:FREQ=MONTHLY;BYDAY=-1FR 16:00', 'FREQ=MONTHLY;BYDAY=-1FR 16:00'],
    ['rrule:freq=weekly;wkst=su;interval=2;byday=tu 16:00', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU 16:00'],
    ['每周一 10:00', 'FREQ=WEEKLY;BYDAY=MO 10:00'],
    ['周三 15:00', 'FREQ=WEEKLY;BYDAY=WE 15:00'],
    ['每周一、四 9:30', 'FREQ=WEEKLY;BYDAY=MO,TH 09:30'],
    ['每周一三五 ９：３０', 'FREQ=WEEKLY;BYDAY=MO,WE,FR 09:30'],
    ['每星期日晚上8点', 'FREQ=WEEKLY;BYDAY=SU 20:00'],
    ['每周一至周五下午三点半', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR 15:30'],
    ['隔周一 10:00', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO 10:00'],
    ['每两周的周一 10:00', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO 10:00'],
    ['每个工作日 9:15', 'FREQ=DAILY 09:15 working'],
    ['每天 8点', 'FREQ=DAILY 08:00'],
    ['每月15日 10:00', 'FREQ=MONTHLY;BYMONTHDAY=15 10:00'],
    ['每个月 十五号 上午十点', 'FREQ=MONTHLY;BYMONTHDAY=15 10:00'],
    ['每月1日、15日 10:00', 'FREQ=MONTHLY;BYMONTHDAY=1,15 10:00'],
    ['每月最后一天 17:00', 'FREQ=MONTHLY;BYMONTHDAY=-1 17:00'],
    ['每月最后一个周五 16:00', 'FREQ=MONTHLY;BYDAY=-1FR 16:00'],
    ['每月倒数第二个周五 16:00', 'FREQ=MONTHLY;BYDAY=-2FR 16:00'],
    ['每两个月第一个周一 10:00', 'FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO 10:00'],
    ['每季度第一个周三 14:00', 'FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY=1WE 14:00'],
    ['每季度最后一天 14时', 'FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1 14:00'],
    ['每年3月第一个周一 10点半', 'FREQ=YEARLY;BYMONTH=3;BYDAY=1MO 10:30'],
    ['每年2月29日 10:00', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29 10:00'],
    ['每周三十点', 'FREQ=WEEKLY;BYDAY=WE 10:00'],
  ])('%s', (text, meant) => expect(rule(text)).toBe(meant));
});

describe('what is once', () => {
  it.each([
    ['2026-12-10 14:00', '2026-12-10T14:00'],
    ['2026-12-10T14:00', '2026-12-10T14:00'],
    ['2026/12/1 9:05', '2026-12-01T09:05'],
    ['２０２６年１２月１０日　１４：００', '2026-12-10T14:00'],
    ['12-10 14:00', '2026-12-10T14:00'],
    ['1月5日 14:00', '2027-01-05T14:00'],
    ['12月10号14点', '2026-12-10T14:00'],
    ['十二月十日下午两点', '2026-12-10T14:00'],
    ['10 dec 14:00', '2026-12-10T14:00'],
    ['December 10th, 2027 2 pm', '2027-12-10T14:00'],
    ['今天 15:00', '2026-11-22T15:00'],
    ['明天下午3点', '2026-11-23T15:00'],
    ['后天15:00', '2026-11-24T15:00'],
    ['今晚8点一刻', '2026-11-22T20:15'],
    ['tomorrow 3:30pm', '2026-11-23T15:30'],
    ['day after tomorrow 9:00', '2026-11-24T09:00'],
    ['本周三 15:00', '2026-11-18T15:00'],
    ['下周三 15:00', '2026-11-25T15:00'],
    ['下下周三 15:00', '2026-12-02T15:00'],
    ['wednesday next week 15:00', '2026-11-25T15:00'],
    ['next wednesday 15:00', '2026-11-25T15:00'],
  ])('%s', (text, meant) => expect(rule(text)).toBe(meant));
  it('“next Friday” said on a Monday could be either of two, and is neither', () => {
    expect(read('next friday 10:00', '2026-11-23')).toBeUndefined();
    expect(read('next monday 10:00', '2026-11-23')).toEqual({ once: '2026-11-30T10:00' });
  });
});

describe('what is not guessed', () => {
  it.each([
    '',
    '10:00',
    'monday',
    '下午3点',
    'monday 25:00',
    'monday 10:60',
    'monday 13pm',
    '周三 3点',
    '周三 上午12点',
    '周三 晚上12点',
    '周末 10:00',
    '每周一二十点',
    '每周一、一 10:00',
    'mon and mon 10:00',
    'biweekly monday 10:00',
    '31 feb 10:00',
    '2026-02-29 10:00',
    '02-30 10:00',
    '12-114:00',
    '12/10 14:00',
    '每年2月30日 10:00',
    '每月32日 10:00',
    'fifth monday of the quarter 10:00',
    '每季度15日 10:00',
    'first monday of smarch 10:00',
    'RRULE:FREQ=WEEKLY 10:00',
    'RRULE:FREQ=MONTHLY;BYMONTHDAY=32 10:00',
    'RRULE:FREQ=MONTHLY;BYMONTHDAY=0 10:00',
    'RRULE:FREQ=MONTHLY;BYDAY=6FR 10:00',
    'RRULE:FREQ=WEEKLY;BYDAY=1FR 10:00',
    'RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3 10:00',
    'RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20270101 10:00',
    'RRULE:FREQ=HOURLY 10:00',
    'RRULE:FREQ=DAILY;BYDAY=MO 10:00',
    'RRULE:FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1 10:00',
    'RRULE:FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO 10:00',
    'RRULE:FREQ=WEEKLY;BYDAY=MO;BYDAY=TU 10:00',
    'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30 10:00',
    'RRULE:FREQ=WEEKLY;INTERVAL=0;BYDAY=MO 10:00',
    'RRULE:FREQ=WEEKLY;BYDAY=MO\nRRULE:FREQ=DAILY 10:00',
  ])('%j', (text) => expect(read(text)).toBeUndefined());
  it('whatever is typed, it is read or it is not; nothing breaks and nothing takes long', () => {
    const piece = fc.constantFrom(
      ...'每隔周月日季度年第一二三十个最后的、 下午点半:/-0123456789'.split(''),
      'mon',
      ' of ',
      'every ',
      'last ',
      'RRULE:FREQ=',
      ';BYDAY=',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 250 }),
      fc.array(piece, { maxLength: 40 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (said) => {
        const found = read(said);
        if (found && 'once' in found) expect(found.once).toMatch(/^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d$/);
        else if (found) expect(found.at).toMatch(/^([01]\d|2[0-3]):[0-5]\d$/);
      }),
      { numRuns: 300 },
    );
  });
  it('a rule of the standard, however odd, is read or is not; what is read has days', () => {
    const part = (key: string, ...values: string[]) =>
      fc.option(
        fc.constantFrom(...values).map((value) => `;${key}=${value}`),
        { nil: '' },
      );
    const odd = fc.tuple(
      fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY').map((freq) => `RRULE:FREQ=${freq}`),
      part('INTERVAL', '1', '2', '7', '99'),
      part('BYMONTH', '2', '2,3', '1,4,7,10'),
      part('BYMONTHDAY', '1', '30', '31', '-31', '-1', '1,2,3'),
      part('BYDAY', 'MO', 'SA,SU', '1MO', '5FR', '-5SU', '53MO'),
      part('BYSETPOS', '1', '-1', '31', '-366', '2,3'),
    );
    fc.assert(
      fc.property(odd, fc.constantFrom<Schedule['off']>('next', 'keep'), (parts, off) => {
        const recurrence = read(`${parts.join('')} 10:00`);
        if (!recurrence || 'once' in recurrence) return;
        const of = { recurrence, lengthMs: 60_000, off };
        const every = { ...of, recurrence: { ...recurrence, rrule: recurrence.rrule.replace(/INTERVAL=\d+;?/, '') } };
        expect(slotsBetween(every, new Date('2024-01-01Z'), new Date('2052-02-01Z'), SHANGHAI).length).toBeGreaterThan(
          0,
        );
        nextSlot(of, new Date('2026-11-22Z'), SHANGHAI);
      }),
      { numRuns: 60 },
    );
  });
});

const SHANGHAI = WorkHours.parse({ timezone: 'Asia/Shanghai', calendar: 'CN' });
const schedule = (text: string, more: Partial<Schedule> = {}): Schedule => {
  const recurrence = read(text);
  if (!recurrence) throw new Error(`cannot be read: ${text}`);
  return { recurrence, lengthMs: 3_600_000, off: 'next', ...more };
};
const days = (of: Schedule, from: string, to: string, hours = SHANGHAI) =>
  slotsBetween(of, new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`), hours).map((slot) =>
    localDate(slot.start, hours.timezone),
  );

describe('off holidays', () => {
  it('M1: the Monday of the National Day week is held on the first working day after it, and says so', () => {
    const [slot] = slotsBetween(schedule('每周一 10:00'), new Date('2026-10-01Z'), new Date('2026-10-11Z'), SHANGHAI);
    expect(slot).toMatchObject({
      day: '2026-10-05',
      start: new Date('2026-10-08T02:00Z'),
      end: new Date('2026-10-08T03:00Z'),
    });
    expect(slot?.movedFrom && sayMoved(slot.movedFrom, 'zh', '2026-10-08')).toBe('原定 10-05 周一，国庆节放假，顺延');
    expect(slot?.movedFrom && sayMoved(slot.movedFrom, 'en', '2026-10-08')).toBe(
      'planned for Mon 5 Oct (National Day, holiday), moved to the next working day',
    );
  });
  it('before it, not at all, or all the same', () => {
    const monday = (off: Schedule['off']) => days(schedule('每周一 10:00', { off }), '2026-09-30', '2026-10-12');
    expect(monday('previous')).toEqual(['2026-09-30']);
    expect(monday('skip')).toEqual([]);
    expect(monday('keep')).toEqual(['2026-10-05']);
  });
  it('two meetings never fall on one day: the one moved there from nearest by is held', () => {
    const daily = schedule('every day 10:00');
    expect(days(daily, '2026-10-01', '2026-10-10')).toEqual(['2026-10-08', '2026-10-09']);
    const weekend = slotsBetween(
      schedule('sat and sun 10:00'),
      new Date('2026-11-22Z'),
      new Date('2026-12-01Z'),
      SHANGHAI,
    );
    expect(weekend.map((slot) => slot.movedFrom?.day)).toEqual(['2026-11-22', '2026-11-29']);
  });
  it('每个工作日 counts make-up days too, and no other day whatever the rule for days off says', () => {
    const working = days(schedule('每个工作日 9:15', { off: 'keep' }), '2026-09-18', '2026-10-11');
    expect(working).toContain('2026-09-20');
    expect(working).not.toContain('2026-10-05');
    expect(days(schedule('weekday 9:15'), '2026-09-18', '2026-09-21')).not.toContain('2026-09-20');
  });
  it('the day of a single meeting was chosen by people', () => {
    const [slot] = slotsBetween(
      schedule('2026-10-05 10:00'),
      new Date('2026-10-01Z'),
      new Date('2026-11-01Z'),
      SHANGHAI,
    );
    expect(slot).toMatchObject({ day: '2026-10-05', start: new Date('2026-10-05T02:00Z') });
    expect(slot).not.toHaveProperty('movedFrom');
  });
  it('a company that rests for months holds no meeting a season late', () => {
    const exceptions = Object.fromEntries(
      Array.from({ length: 90 }, (_, i) => [plus('2026-12-01', i), 'off' as const]),
    );
    const resting = { ...SHANGHAI, exceptions };
    expect(days(schedule('15 of the month 10:00'), '2026-11-30', '2027-03-20', resting)).toEqual([
      '2027-03-01',
      '2027-03-15',
    ]);
  });
});

describe('counting', () => {
  it('every other Monday counts from the first one on or after its beginning, else from 1 January 2024', () => {
    const other = (from?: string) => days(schedule('隔周一 10:00', from ? { from } : {}), '2026-11-20', '2026-12-21');
    expect(other('2026-11-19')).toEqual(['2026-11-23', '2026-12-07']);
    expect(other('2026-11-24')).toEqual(['2026-11-30', '2026-12-14']);
    expect(other()).toEqual(['2026-11-30', '2026-12-14']);
  });
  it('from its first day to its last', () => {
    const bounded = schedule('monday 10:00', { from: '2026-11-24', until: '2026-12-07' });
    expect(days(bounded, '2026-11-01', '2027-02-01')).toEqual(['2026-11-30', '2026-12-07']);
    expect(nextSlot(bounded, new Date('2026-12-07T02:00Z'), SHANGHAI)).toBeUndefined();
  });
  it('a meeting belongs to the stretch in which it begins, its first moment included and its last not', () => {
    const monday = schedule('monday 10:00');
    const begin = new Date('2026-11-23T02:00Z');
    expect(slotsBetween(monday, begin, new Date(begin.getTime() + 1), SHANGHAI)).toHaveLength(1);
    expect(slotsBetween(monday, new Date('2026-11-22T02:00Z'), begin, SHANGHAI)).toEqual([]);
    expect(nextSlot(monday, begin, SHANGHAI)?.day).toBe('2026-11-30');
    expect(nextSlot(monday, new Date(begin.getTime() - 1), SHANGHAI)?.day).toBe('2026-11-23');
  });
  it('the next one may be years away, or never come', () => {
    expect(nextSlot(schedule('每年2月29日 10:00', { off: 'keep' }), new Date('2024-03-01Z'), SHANGHAI)?.day).toBe(
      '2028-02-29',
    );
    expect(
      nextSlot(schedule('每周日 10:00', { off: 'skip' }), new Date('2027-06-01Z'), { ...SHANGHAI, calendar: 'none' }),
    ).toBeUndefined();
    expect(nextSlot(schedule('2026-12-10 14:00'), new Date('2026-12-10T06:00Z'), SHANGHAI)).toBeUndefined();
  });
  it('the clock is the company’s, in summer and in winter', () => {
    const york = WorkHours.parse({ timezone: 'America/New_York', calendar: 'none' });
    const slots = slotsBetween(
      schedule('sunday 10:00', { off: 'keep' }),
      new Date('2026-10-30Z'),
      new Date('2026-11-09Z'),
      york,
    );
    expect(slots.map(({ start }) => start.toISOString())).toEqual([
      '2026-11-01T15:00:00.000Z',
      '2026-11-08T15:00:00.000Z',
    ]);
    const summer = slotsBetween(
      schedule('sunday 02:30', { off: 'keep' }),
      new Date('2026-03-07Z'),
      new Date('2026-03-16Z'),
      york,
    );
    expect(summer.map(({ start }) => showTime(start, york.timezone, 'en'))).toEqual([
      'Sun 8 Mar 2026 03:30',
      'Sun 15 Mar 2026 02:30',
    ]);
  });
  it('a rule of the handbook is a schedule where it says when and how long', () => {
    const given = {
      id: 'weekly',
      title: { zh: '例会', en: 'Weekly' },
      who: 'everyone',
      chair: { role: 'ceo' },
      minutes: { by: { person: 'wang' } },
    };
    const of = (more: object) => scheduleOf(MeetingRule.parse({ ...given, ...more }), TODAY);
    expect(of({ every: 'monday 10:00', length: '90m', until: '2027-01-01' })).toEqual({
      recurrence: { rrule: 'FREQ=WEEKLY;BYDAY=MO', at: '10:00' },
      lengthMs: 5_400_000,
      off: 'next',
      until: '2027-01-01',
    });
    expect(of({ on: '2026-12-10 14:00' })?.recurrence).toEqual({ once: '2026-12-10T14:00' });
    for (const wrong of [
      {},
      { on: 'monday 10:00' },
      { every: '2026-12-10 14:00' },
      { every: 'monday 10:00', length: '2 working hours' },
    ]) {
      expect(of(wrong)).toBeUndefined();
    }
  });
});

// --- properties ---

const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const weekdaysIn = fc.subarray(DAYS, { minLength: 1 });
const nth = fc.tuple(fc.constantFrom(1, 2, 3, 4, 5, -1, -2), fc.constantFrom(...DAYS)).map(([n, day]) => `${n}${day}`);
const monthDay = fc.constantFrom(1, 5, 15, 28, 29, 30, 31, -1, -2).map((day) => `BYMONTHDAY=${day}`);
const inMonth = fc.oneof(
  nth.map((day) => `BYDAY=${day}`),
  monthDay,
);
const every = (most: number) => fc.integer({ min: 1, max: most }).map((n) => (n === 1 ? '' : `INTERVAL=${n};`));
const rrules = fc.oneof(
  every(9).map((interval) => `FREQ=DAILY;${interval}`.replace(/;$/, '')),
  fc.tuple(every(4), weekdaysIn).map(([interval, list]) => `FREQ=WEEKLY;${interval}BYDAY=${list.join()}`),
  fc.tuple(every(4), inMonth).map(([interval, inside]) => `FREQ=MONTHLY;${interval}${inside}`),
  fc
    .tuple(weekdaysIn, fc.constantFrom(1, 2, -1))
    .map(([list, at]) => `FREQ=MONTHLY;BYDAY=${list.join()};BYSETPOS=${at}`),
  fc
    .tuple(fc.constantFrom('1,4,7,10', '3,6,9,12', '3'), inMonth)
    .map(([months, inside]) => `FREQ=YEARLY;BYMONTH=${months};${inside}`),
);
const somewhere = fc.constantFrom<WorkHours>(
  SHANGHAI,
  WorkHours.parse({ timezone: 'America/New_York', calendar: 'none', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'] }),
  WorkHours.parse({
    timezone: 'Europe/Berlin',
    calendar: 'none',
    days: ['mon'],
    exceptions: { '2025-06-03': 'work', '2025-06-09': 'off' },
  }),
  {
    ...SHANGHAI,
    exceptions: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [plus('2025-07-01', i), 'off' as const])),
  },
);
const clocks = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
const bound = fc.option(
  fc.integer({ min: -200, max: 2000 }).map((n) => plus('2024-01-01', n)),
  { nil: undefined },
);
const anything = fc.record({
  rrule: rrules,
  at: clocks,
  off: fc.constantFrom<Schedule['off']>('next', 'previous', 'skip', 'keep'),
  workingDays: fc.boolean(),
  from: bound,
  until: bound,
  hours: somewhere,
});

function scheduled(given: typeof anything extends fc.Arbitrary<infer T> ? T : never): Schedule | undefined {
  const recurrence = read(`RRULE:${given.rrule} ${given.at}`);
  if (!recurrence || 'once' in recurrence) return undefined;
  const { from, until, off, workingDays } = given;
  const of: Recurrence = workingDays ? { ...recurrence, workingDays } : recurrence;
  return { recurrence: of, lengthMs: 60_000, off, ...(from ? { from } : {}), ...(until ? { until } : {}) };
}

describe('properties', () => {
  it('agrees with whoever looks at every day of six years', () => {
    let compared = 0;
    fc.assert(
      fc.property(anything, (given) => {
        const of = scheduled(given);
        if (!of) return;
        const { hours, workingDays, rrule, off, from, until } = given;
        const slots = slotsBetween(of, new Date('2024-01-01T00:00Z'), new Date('2030-01-01T00:00Z'), hours);
        const naive = walk(
          { rrule, workingDays, off, ...(from ? { from } : {}), ...(until ? { until } : {}) },
          '2024-01-03',
          '2029-12-29',
          hours,
        );
        const held = slots.map((slot) => [localDate(slot.start, hours.timezone), slot.day]);
        expect(held.filter(([on = '']) => on >= '2024-01-03' && on <= '2029-12-29')).toEqual(naive);
        compared += naive.length;
      }),
      { numRuns: 60 },
    );
    expect(compared).toBeGreaterThan(1000);
  });
  it('one after the other, never on a day off unless that is the rule, and the next one is the first of those to come', () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 0, max: 1500 }), (given, offset) => {
        const of = scheduled(given);
        if (!of) return;
        const from = new Date(Date.parse('2024-02-01T00:00Z') + offset * 86_400_000);
        const slots = slotsBetween(of, from, new Date(from.getTime() + 400 * 86_400_000), given.hours);
        for (const [i, slot] of slots.entries()) {
          const before = slots[i - 1];
          if (before)
            expect(localDate(before.start, given.hours.timezone) < localDate(slot.start, given.hours.timezone)).toBe(
              true,
            );
          expect(slot.movedFrom === undefined || !slot.movedFrom.why.working).toBe(true);
        }
        const next = nextSlot(of, new Date(from.getTime() - 1), given.hours);
        if (slots[0]) expect(next).toEqual(slots[0]);
      }),
      { numRuns: 60 },
    );
  });
  it('what is said of a rule can be typed again and means the same', () => {
    fc.assert(
      fc.property(rrules, clocks, fc.constantFrom('zh' as const, 'en' as const), (rrule, at, language) => {
        const recurrence = read(`RRULE:${rrule} ${at}`);
        if (recurrence) expect(read(sayRecurrence(recurrence, language))).toEqual(recurrence);
      }),
      { numRuns: 300 },
    );
  });
});

describe('in words', () => {
  it.each([
    ['mon and thu 09:30', '每周一、四 09:30', 'every Monday and Thursday at 09:30'],
    ['隔周一 10:00', '隔周一 10:00', 'every other Monday at 10:00'],
    ['每个工作日 9:15', '每个工作日 09:15', 'every working day at 09:15'],
    ['每月1日、15日 10:00', '每月1日、15日 10:00', 'the 1st and 15th of every month at 10:00'],
    ['last friday of the month 16:00', '每月最后一个周五 16:00', 'last Friday of every month at 16:00'],
    ['first wednesday of the quarter 14:00', '每季度第一个周三 14:00', 'first Wednesday of every quarter at 14:00'],
    ['每季度最后一天 14:00', '每季度最后一天 14:00', 'last day of every quarter at 14:00'],
    ['每年3月第一个周一 10:00', '每年3月第一个周一 10:00', 'first Monday of March every year at 10:00'],
    ['every year on march 10 10:00', '每年3月10日 10:00', 'the 10th of March every year at 10:00'],
    ['2026-12-10 14:00', '2026-12-10 周四 14:00', 'Thu 10 Dec 2026 at 14:00'],
    [
      'RRULE:FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1 10:00',
      'RRULE:FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1 10:00',
      'RRULE:FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1 10:00',
    ],
  ])('%s', (text, zh, en) => {
    const recurrence = read(text);
    expect(recurrence && sayRecurrence(recurrence, 'zh')).toBe(zh);
    expect(recurrence && sayRecurrence(recurrence, 'en')).toBe(en);
  });
  it('why and whither a meeting was moved', () => {
    expect(sayMoved({ day: '2026-11-22', why: { working: false, why: 'weekend' } }, 'zh', '2026-11-20')).toBe(
      '原定 11-22 周日，休息日，提前',
    );
    expect(sayMoved({ day: '2026-11-24', why: { working: false, why: 'exception' } }, 'en')).toBe(
      'planned for Tue 24 Nov (day off of the company), moved',
    );
  });
});
