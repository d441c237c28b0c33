/**
 * Working time: when the department works, how long something takes in working hours and days, and what clock and date
 * it is in the company's zone. Wall-clock times are the zone's own, also across a change to summer time. The moment is
 * always handed in.
 */
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { holidayAbroad, isCountry } from './calendar-abroad.ts';
import { chinaDay, type HolidayName, plusDays, publishedYears, type SpecialDay, statutoryDays } from './calendar-cn.ts';
import type { Language } from './chat.ts';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/;
const Clock = z.string().regex(CLOCK, 'write the time as 09:30');
export const LocalDate = z.iso.date();
export const TimeZone = z.string().refine(isTimeZone, 'an IANA time zone such as Asia/Shanghai');

/** The handbook's `hours:` with the company's time zone. */
export const WorkHours = z
  .strictObject({
    timezone: TimeZone,
    days: z.array(z.enum(weekdays)).nonempty().default(['mon', 'tue', 'wed', 'thu', 'fri']),
    from: Clock.default('09:00'),
    to: Clock.default('18:00'),
    pause: z
      .string()
      .regex(/^\d\d:\d\d-\d\d:\d\d$/, 'write the pause as 12:00-13:30')
      .optional(),
    /** CN: China's public holidays and make-up days; US, GB, US-CA, DE-BY …: the public holidays of that place */
    calendar: z.string().refine(isCalendar, 'CN, none, or a country with or without a region: US, US-CA').default('CN'),
    /** the company's own days, stronger than the calendar: `{2027-01-04: off}` */
    exceptions: z.record(LocalDate, z.enum(['work', 'off'])).optional(),
  })
  .refine((hours) => hours.from < hours.to, { path: ['to'], message: 'the working day must end after it begins' })
  .refine(({ from, to, pause }) => pause === undefined || fits(pause, from, to), {
    path: ['pause'],
    message: 'the pause must lie inside the working day, such as 12:00-13:30',
  });
export type WorkHours = z.infer<typeof WorkHours>;

function isCalendar(code: string): boolean {
  return code === 'CN' || code === 'none' || isCountry(code);
}

function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** Whether the pause lies inside the working day. */
export function fits(pause: string, from: string, to: string): boolean {
  const [start = '', end = ''] = pause.split('-');
  return CLOCK.test(start) && CLOCK.test(end) && from < start && start < end && end < to;
}

/** `working`: counted in working time only. A plain `day` is 24 hours. */
export interface Duration {
  amount: number;
  unit: 'seconds' | 'minutes' | 'hours' | 'days';
  working: boolean;
}
const UNIT_MS = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 };
const UNIT_BY_WORD: Record<string, Duration['unit']> = { s: 'seconds', m: 'minutes', h: 'hours', d: 'days' };
const UNIT_BY_CHINESE: Record<string, Duration['unit']> = {
  秒: 'seconds',
  分: 'minutes',
  小: 'hours',
  天: 'days',
  日: 'days',
};
/** Ten years: beyond it lies a slip of the finger, and no calendar. */
const LONGEST_MS = 3650 * UNIT_MS.days;

/** `30s`, `15m`, `24h`, `2d`, `8 working hours`, `3 working days`; also `24小时`, `8个工作小时`, `3个工作日`. */
export function readDuration(text: string): Duration | undefined {
  const english = /^(\d{1,8})\s*(working\s+)?(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?)$/i.exec(text.trim());
  const chinese = /^(\d{1,8})\s*个?(工作)?(秒|分钟|小时|天|日)$/.exec(text.trim());
  const [, amount = '', working, word = ''] = english ?? chinese ?? [];
  const unit = UNIT_BY_WORD[word.charAt(0).toLowerCase()] ?? UNIT_BY_CHINESE[word.charAt(0)];
  const read = unit && { amount: Number(amount), unit, working: working !== undefined };
  return read && isSensible(read) ? read : undefined;
}

const isSensible = ({ amount, unit, working }: Duration): boolean =>
  amount > 0 && amount * UNIT_MS[unit] <= LONGEST_MS && !(working && unit === 'seconds');

/** In the handbook a duration is text; what has been read and kept before is taken as it is. */
export const Duration = z.union([
  z.string().transform((text, context) => {
    const read = readDuration(text);
    if (!read)
      context.addIssue({ code: 'custom', message: 'a duration: 30s, 15m, 24h, 8 working hours or 3 working days' });
    return read ?? z.NEVER;
  }),
  z
    .strictObject({ amount: z.int(), unit: z.enum(['seconds', 'minutes', 'hours', 'days']), working: z.boolean() })
    .refine(isSensible, 'a duration between one second and ten years'),
]);

// --- days ---

export const localDate = (at: Date, timezone: string): string => zoned(at, timezone).toPlainDate().toString();

export const startOfDay = (date: string, timezone: string): Date =>
  new Date(Temporal.PlainDate.from(date).toZonedDateTime(timezone).epochMilliseconds);

const zoned = (at: Date, timezone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timezone);

export type DayKind =
  | { working: true; why: 'weekday' }
  | { working: true; why: 'make-up'; name: HolidayName }
  | { working: true; why: 'exception' }
  | { working: false; why: 'weekend' | 'exception' }
  | { working: false; why: 'holiday'; name: HolidayName };

/** Why this date is a working day, or is none: the company's exception, else the public calendar, else its weekday. */
export function dayKind(date: string, hours: WorkHours): DayKind {
  const own = hours.exceptions?.[date];
  if (own) return { working: own === 'work', why: 'exception' };
  const special = specialDay(date, hours.calendar);
  if (special?.kind === 'work') return { working: true, why: 'make-up', name: special.name };
  if (special?.kind === 'off') return { working: false, why: 'holiday', name: special.name };
  return hours.days.includes(weekdayOf(date)) ? { working: true, why: 'weekday' } : { working: false, why: 'weekend' };
}

function specialDay(date: string, calendar: string): Pick<SpecialDay, 'kind' | 'name'> | undefined {
  if (calendar === 'none') return undefined;
  if (calendar === 'CN') return chinaDay(date);
  const name = holidayAbroad(date, calendar);
  return name && { kind: 'off', name };
}

export const isWorkingDay = (date: string, hours: WorkHours): boolean => dayKind(date, hours).working;

const weekdayOf = (date: string): Weekday => weekdays[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] as Weekday;

/** The stretches of one date in which work is done, as moments: `[start, end)`, in order; none on a day off. */
function stretches(date: string, hours: WorkHours): [start: number, end: number][] {
  if (!isWorkingDay(date, hours)) return [];
  const [pauseFrom, pauseTo] = hours.pause?.split('-') ?? [];
  const clocks = pauseFrom && pauseTo ? [hours.from, pauseFrom, pauseTo, hours.to] : [hours.from, hours.to];
  const at = clocks.map((clock) => momentOf(date, clock, hours.timezone));
  const pairs: [number, number][] = [];
  for (let i = 0; i + 1 < at.length; i += 2) pairs.push([at[i] as number, at[i + 1] as number]);
  return pairs.filter(([start, end]) => start < end);
}

/** A clock time that the zone skips (summer time begins) is the moment of the jump; one that comes twice, the first. */
function momentOf(date: string, clock: string, timezone: string): number {
  if (clock === '24:00') return startOfDay(plusDays(date, 1), timezone).getTime();
  const plain = Temporal.PlainDateTime.from(`${date}T${clock}`);
  const first = plain.toZonedDateTime(timezone, { disambiguation: 'earlier' });
  if (first.toPlainDateTime().equals(plain)) return first.epochMilliseconds;
  return first.getTimeZoneTransition('next')?.epochMilliseconds ?? first.epochMilliseconds;
}

// --- arithmetic ---

/** A year and a half without one working day is a fault of the handbook, not a deadline. */
const LONGEST_REST_DAYS = 550;

/** The working stretches backwards from the last one that has begun at `at`, for as long as they are asked for. */
function* stretchesBefore(at: number, hours: WorkHours): Generator<[start: number, end: number]> {
  let date = localDate(new Date(at), hours.timezone);
  for (let rest = 0; rest < LONGEST_REST_DAYS; rest++, date = plusDays(date, -1)) {
    for (const stretch of stretches(date, hours).reverse()) {
      if (stretch[0] > at) continue;
      rest = 0;
      yield stretch;
    }
  }
  throw new RangeError('the working hours leave no working day');
}

/** The working stretches from the one that is not over at `at`, for as long as they are asked for. */
function* stretchesFrom(at: number, hours: WorkHours): Generator<[start: number, end: number]> {
  // from the day before: a day that works until 24:00 ends on the next date
  let date = plusDays(localDate(new Date(at), hours.timezone), -1);
  for (let rest = 0; rest < LONGEST_REST_DAYS; rest++, date = plusDays(date, 1)) {
    for (const stretch of stretches(date, hours)) {
      if (stretch[1] < at) continue;
      rest = 0;
      yield stretch;
    }
  }
  throw new RangeError('the working hours leave no working day');
}

/**
 * Plain durations are elapsed time. Working minutes and hours run only in working time. `N working days` later is the
 * same clock time N working days on: a start on a day off counts from the next opening, a start outside the hours from
 * the nearest edge of that day, and what falls into the pause moves to its end.
 */
export function addDuration(at: Date, duration: Duration, hours: WorkHours): Date {
  const { amount, unit, working } = duration;
  if (!working) return new Date(at.getTime() + amount * UNIT_MS[unit]);
  return unit === 'days' ? addWorkingDays(at, amount, hours) : addWorkingMs(at, amount * UNIT_MS[unit], hours);
}

export function addWorkingMs(at: Date, ms: number, hours: WorkHours): Date {
  let left = ms;
  for (const [start, end] of stretchesFrom(at.getTime(), hours)) {
    const from = Math.max(start, at.getTime());
    if (left <= end - from) return new Date(from + left);
    left -= end - from;
  }
  throw new RangeError('unreachable: the stretches never end');
}

function addWorkingDays(at: Date, days: number, hours: WorkHours): Date {
  const began = zoned(at, hours.timezone);
  let date = began.toPlainDate().toString();
  const clock = isWorkingDay(date, hours) ? began.toPlainTime().toString({ smallestUnit: 'millisecond' }) : hours.from;
  if (!isWorkingDay(date, hours)) date = workingDayBeside(date, 1, hours);
  for (let n = 0; n < days; n++) date = workingDayBeside(date, 1, hours);
  return new Date(intoWorkingTime(date, clock, hours));
}

/** The next working day after the date, or with -1 the last one before it. */
function workingDayBeside(date: string, step: 1 | -1, hours: WorkHours): string {
  let beside = plusDays(date, step);
  for (let rest = 0; rest < LONGEST_REST_DAYS; rest++, beside = plusDays(beside, step)) {
    if (stretches(beside, hours).length > 0) return beside;
  }
  throw new RangeError('the working hours leave no working day');
}

function intoWorkingTime(date: string, clock: string, hours: WorkHours): number {
  const wanted = momentOf(date, clock, hours.timezone);
  const day = stretches(date, hours);
  const stretch = day.find(([, end]) => wanted <= end);
  return stretch ? Math.max(stretch[0], wanted) : (day.at(-1)?.[1] ?? wanted);
}

/**
 * The mirror of `addDuration`: when something must begin to be through at `at`. Working minutes and hours give the latest
 * moment from which that much working time is left. `N working days` before is the same clock time N working days back:
 * from a day off it counts from the last closing, a clock outside the hours is brought to the nearest edge of that day,
 * and one in the pause to its beginning.
 */
export function subtractDuration(at: Date, duration: Duration, hours: WorkHours): Date {
  const { amount, unit, working } = duration;
  if (!working) return new Date(at.getTime() - amount * UNIT_MS[unit]);
  return unit === 'days'
    ? subtractWorkingDays(at, amount, hours)
    : subtractWorkingMs(at, amount * UNIT_MS[unit], hours);
}

export function subtractWorkingMs(at: Date, ms: number, hours: WorkHours): Date {
  let left = ms;
  for (const [start, end] of stretchesBefore(at.getTime(), hours)) {
    const to = Math.min(end, at.getTime());
    if (left <= to - start) return new Date(to - left);
    left -= to - start;
  }
  throw new RangeError('unreachable: the stretches never end');
}

function subtractWorkingDays(at: Date, days: number, hours: WorkHours): Date {
  const ends = zoned(at, hours.timezone);
  const time = ends.toPlainTime().toString({ smallestUnit: 'millisecond' });
  // midnight ends the day of those who work until then
  const midnight = hours.to === '24:00' && time === '00:00:00.000';
  let date = plusDays(ends.toPlainDate().toString(), midnight ? -1 : 0);
  const clock = isWorkingDay(date, hours) && !midnight ? time : hours.to;
  if (!isWorkingDay(date, hours)) date = workingDayBeside(date, -1, hours);
  for (let n = 0; n < days; n++) date = workingDayBeside(date, -1, hours);
  return new Date(backIntoWorkingTime(date, clock, hours));
}

function backIntoWorkingTime(date: string, clock: string, hours: WorkHours): number {
  const wanted = momentOf(date, clock, hours.timezone);
  const day = stretches(date, hours);
  const stretch = day.findLast(([start]) => start <= wanted);
  return stretch ? Math.min(stretch[1], wanted) : (day[0]?.[0] ?? wanted);
}

/** The working time between two moments; 0 when `to` is not later. */
export function workingMsBetween(from: Date, to: Date, hours: WorkHours): number {
  let ms = 0;
  const last = localDate(to, hours.timezone);
  for (let date = localDate(from, hours.timezone); date <= last; date = plusDays(date, 1)) {
    for (const [start, end] of stretches(date, hours)) {
      ms += Math.max(0, Math.min(end, to.getTime()) - Math.max(start, from.getTime()));
    }
  }
  return ms;
}

export function isWorkingTime(at: Date, hours: WorkHours): boolean {
  const moment = at.getTime();
  return stretches(localDate(at, hours.timezone), hours).some(([start, end]) => start <= moment && moment < end);
}

// --- what is known, and what is shown ---

/** The years whose public holidays and make-up days are published. */
export const knownYears = (): readonly number[] => publishedYears();

export interface CalendarWarning {
  code: 'holidays-not-published';
  year: number;
  /** what is assumed instead */
  days: { date: string; name: HolidayName }[];
}

/**
 * One warning for each year that only the statutory days stand for; words/calendar.ts says it to a person. Other
 * countries' holidays are computed from their rules, for every year.
 */
export function calendarWarnings(years: readonly number[], hours: WorkHours): CalendarWarning[] {
  if (hours.calendar !== 'CN') return [];
  const unknown = [...new Set(years)].filter((year) => !publishedYears().includes(year)).sort((a, b) => a - b);
  return unknown.map((year) => {
    const days = [...statutoryDays(year)].map(([date, { name }]) => ({ date, name }));
    return { code: 'holidays-not-published', year, days: days.sort((a, b) => a.date.localeCompare(b.date)) };
  });
}

/** The days between two moments on which the clock of working time stood still or ran against the week's habit. */
export function unusualDays(from: Date, to: Date, hours: WorkHours): { date: string; kind: DayKind }[] {
  const days: { date: string; kind: DayKind }[] = [];
  const last = localDate(to, hours.timezone);
  for (let date = localDate(from, hours.timezone); date <= last; date = plusDays(date, 1)) {
    const kind = dayKind(date, hours);
    if (kind.why !== 'weekday') days.push({ date, kind });
  }
  return days;
}

// made once: making one takes longer than drawing the rest of a card
const WEEKDAY: Record<Language, Intl.DateTimeFormat> = {
  zh: new Intl.DateTimeFormat('zh-CN', { weekday: 'short', timeZone: 'UTC' }),
  en: new Intl.DateTimeFormat('en-GB', { weekday: 'short', timeZone: 'UTC' }),
};
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', timeZone: 'UTC' });

/** `2026-11-22 周日` / `Sun 22 Nov 2026`. */
export function showDate(date: string, language: Language): string {
  const day = new Date(`${date}T00:00:00Z`);
  const weekday = WEEKDAY[language].format(day);
  if (language === 'zh') return `${date} ${weekday}`;
  return `${weekday} ${Number(date.slice(8))} ${MONTH.format(day).slice(0, 3)} ${date.slice(0, 4)}`;
}

/** `2026-11-22 周日 10:20` / `Sun 22 Nov 2026 10:20`, on the clock of that zone. */
export function showTime(at: Date, timezone: string, language: Language): string {
  return `${showDate(localDate(at, timezone), language)} ${zoned(at, timezone).toPlainTime().toString({ smallestUnit: 'minute' })}`;
}
