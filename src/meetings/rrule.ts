/**
 * The recurrence rules of RFC 5545 (https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10) as far as a meeting needs them:
 * days, weeks, months and years, by weekday and by day of the month. The dates are the library's; clock and zone come later.
 */
import { RRuleTemporal } from 'rrule-temporal';
import { plusDays } from '../core/calendar-cn.ts';

export const DAY_CODES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type DayCode = (typeof DAY_CODES)[number];
const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;

/** `nth` of a weekday: 1 the first, -1 the last of its month (of its year in a yearly rule without months); 0: each. */
export interface RuleDay {
  nth: number;
  day: DayCode;
}
export interface Rule {
  freq: (typeof FREQUENCIES)[number];
  interval: number;
  months: readonly number[];
  monthDays: readonly number[];
  days: readonly RuleDay[];
  positions: readonly number[];
  weekStart: DayCode;
}

export const rule = (freq: Rule['freq'], more: Partial<Rule> = {}): Rule => ({
  freq,
  interval: 1,
  months: [],
  monthDays: [],
  days: [],
  positions: [],
  weekStart: 'MO',
  ...more,
});

/** `FREQ=MONTHLY;BYDAY=-1FR`; undefined for what is ill formed, has no day of its own, or falls on none. */
export function readRule(text: string): Rule | undefined {
  const read = parseRule(text);
  return read && firstDate(read, '2024-01-01') !== undefined ? read : undefined;
}

/** As `readRule`, for what was read before. */
export function parseRule(text: string): Rule | undefined {
  const parts = text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .split(';')
    .map((part) => part.split('='));
  const given = new Map(parts.map(([key = '', value = '']) => [key, value]));
  if (given.size !== parts.length || parts.some((part) => part.length !== 2)) return undefined;
  const read = fromParts(given);
  return read && isSound(read) ? read : undefined;
}

function fromParts(given: ReadonlyMap<string, string>): Rule | undefined {
  const read: { -readonly [K in keyof Rule]?: Rule[K] | undefined } = {};
  for (const [key, value] of given) {
    if (key === 'FREQ') read.freq = FREQUENCIES.find((one) => one === value);
    else if (key === 'INTERVAL') read.interval = numbers(value, 1, 99)?.[0];
    else if (key === 'BYMONTH') read.months = numbers(value, 1, 12);
    else if (key === 'BYMONTHDAY') read.monthDays = numbers(value, -31, 31);
    else if (key === 'BYSETPOS') read.positions = numbers(value, -366, 366);
    else if (key === 'BYDAY') read.days = ruleDays(value);
    else if (key === 'WKST') read.weekStart = DAY_CODES.find((one) => one === value);
    else return undefined;
  }
  if (read.freq === undefined || Object.values(read).includes(undefined)) return undefined;
  return rule(read.freq, read as Partial<Rule>);
}

function numbers(text: string, from: number, to: number): number[] | undefined {
  const all = text.split(',').map((one) => (/^[+-]?\d{1,3}$/.test(one) ? Number(one) : 0));
  return all.every((one) => one !== 0 && from <= one && one <= to) ? [...new Set(all)] : undefined;
}

function ruleDays(text: string): RuleDay[] | undefined {
  const all = text.split(',').map((one) => /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(one));
  const days = all.flatMap((match): RuleDay[] =>
    match ? [{ nth: Number(match[1] ?? 0), day: match[2] as DayCode }] : [],
  );
  return days.length === all.length && all.every((match) => match?.[1] === undefined || Number(match[1]) !== 0)
    ? days
    : undefined;
}

/**
 * What the standard forbids, what would take its day from wherever the counting happens to begin, and days that are
 * filtered (FREQ=DAILY;BYDAY=…), which are better said as weeks and months.
 */
function isSound({ freq, days, monthDays, months, positions }: Rule): boolean {
  const named = days.length + monthDays.length;
  if (freq === 'DAILY') return named + months.length + positions.length === 0;
  if (named === 0) return false;
  const counted = days.filter(({ nth }) => nth !== 0);
  if (freq === 'WEEKLY') return counted.length + monthDays.length + positions.length === 0;
  const most = freq === 'MONTHLY' || months.length > 0 ? 5 : 53;
  return counted.every(({ nth }) => Math.abs(nth) <= most);
}

export function ruleText({ freq, interval, months, monthDays, days, positions, weekStart }: Rule): string {
  const list = (key: string, values: readonly (string | number)[]) =>
    values.length > 0 ? [`${key}=${values.join()}`] : [];
  return [
    `FREQ=${freq}`,
    ...(interval > 1 ? [`INTERVAL=${interval}`] : []),
    ...list('BYMONTH', months),
    ...list('BYMONTHDAY', monthDays),
    ...list(
      'BYDAY',
      days.map(({ nth, day }) => `${nth === 0 ? '' : nth}${day}`),
    ),
    ...list('BYSETPOS', positions),
    ...(weekStart === 'MO' ? [] : [`WKST=${weekStart}`]),
  ].join(';');
}

const asRule = (read: Rule, start: string) =>
  new RRuleTemporal({ rruleString: `DTSTART:${start.replaceAll('-', '')}T000000Z\nRRULE:${ruleText(read)}` });

const dateOf = (at: { toString(): string }): string => at.toString().slice(0, 10);
const midnight = (date: string): Date => new Date(`${date}T00:00:00Z`);

/** The calendar repeats its leap years and weekdays after 28 years: what falls on no day of these never does in our time. */
const FIRST_WITHIN_DAYS = [40, 366, 366 * 28];

/** Whatever periods the rule skips. The library's own `next` throws at a rule that never falls. */
function firstDate(read: Rule, from: string): string | undefined {
  const dense = asRule({ ...read, interval: 1 }, from);
  for (const days of FIRST_WITHIN_DAYS) {
    const [first] = dense.between(midnight(from), midnight(plusDays(from, days)), true);
    if (first) return dateOf(first);
  }
  return undefined;
}

/**
 * The dates of a rule from `first` to `last`, both included. Where the rule skips periods (every other week), the first date
 * that fits on or after `anchor` is one of them, and the counting begins with its period.
 */
export function ruleDates(read: Rule, anchor: string, first: string, last: string): string[] {
  const start = read.interval === 1 ? first : firstDate(read, anchor);
  if (start === undefined || first > last) return [];
  return asRule(read, start).between(midnight(first), midnight(last), true).map(dateOf);
}
