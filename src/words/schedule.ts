/** When a meeting is held, in words: 每周一 10:00 / every Monday at 10:00; and why it was moved. What is said can be typed again. */
import { type DayKind, showDate } from '../core/calendar.ts';
import type { Language } from '../core/chat.ts';
import { DAY_CODES, parseRule, type Rule, type RuleDay } from '../meetings/rrule.ts';
import type { Recurrence, Slot } from '../meetings/schedule.ts';
import { words } from './language.ts';

const QUARTERS = ['1,4,7,10', '3,6,9,12'];
const WEEKDAYS_EN = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS_EN = 'January February March April May June July August September October November December'.split(' ');
const ORDINALS_EN = ['', 'first', 'second', 'third', 'fourth', 'fifth'];
const DIGITS_ZH = '零一二三四五';

const day = (of: RuleDay): number => DAY_CODES.indexOf(of.day);
const dayZh = (of: RuleDay): string => '一二三四五六日'.charAt(day(of));
const dayEn = (of: RuleDay): string => WEEKDAYS_EN[day(of)] ?? '';
const nthEn = (n: number): string =>
  `${n}${n % 100 > 10 && n % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
const listEn = (all: readonly string[]): string =>
  all.length < 2 ? all.join() : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;

interface Sayings {
  workingDays: string;
  daily: string;
  weekly: (days: readonly RuleDay[], interval: number) => string;
  monthDays: (days: readonly number[]) => string;
  lastDay: string;
  weekdayOf: (of: RuleDay) => string;
  /** `inside` says which day of the month, of the quarter */
  month: (inside: string, interval: number) => string;
  quarter: (inside: string) => string;
  year: (month: number, inside: string) => string;
  at: (days: string, clock: string) => string;
  raw: (rule: string, clock: string) => string;
}

const say = words<Sayings>({
  zh: {
    workingDays: '每个工作日',
    daily: '每天',
    weekly: (days, interval) => {
      const every = ['', '每', '隔'][interval] ?? `每${'零一二三四五六'.charAt(interval)}周的`;
      return `${every}周${days.map(dayZh).join('、')}`;
    },
    monthDays: (days) => days.map((one) => `${one}日`).join('、'),
    lastDay: '最后一天',
    weekdayOf: (of) =>
      `${of.nth === -1 ? '最后一' : `${of.nth < 0 ? '倒数' : ''}第${DIGITS_ZH.charAt(Math.abs(of.nth))}`}个周${dayZh(of)}`,
    month: (inside, interval) => `${interval === 1 ? '每' : '每两个'}月${inside}`,
    quarter: (inside) => `每季度${inside.replace(/^1日$/, '第一天')}`,
    year: (month, inside) => `每年${month}月${inside}`,
    at: (days, clock) => `${days} ${clock}`,
    raw: (rule, clock) => `RRULE:${rule} ${clock}`,
  },
  en: {
    workingDays: 'every working day',
    daily: 'every day',
    weekly: (days, interval) => `${interval === 1 ? 'every' : 'every other'} ${listEn(days.map(dayEn))}`,
    monthDays: (days) => `the ${listEn(days.map(nthEn))}`,
    lastDay: 'last day',
    weekdayOf: (of) => `${of.nth === -1 ? 'last' : ORDINALS_EN[of.nth]} ${dayEn(of)}`,
    month: (inside) => `${inside} of every month`,
    quarter: (inside) => `${inside.replace(/^the 1st$/, 'first day')} of every quarter`,
    year: (month, inside) => `${inside} of ${MONTHS_EN[month - 1]} every year`,
    at: (days, clock) => `${days} at ${clock}`,
    raw: (rule, clock) => `RRULE:${rule} ${clock}`,
  },
});

/** `每周一 10:00` / `every Monday at 10:00`; a rule that has no short form stands as it is. */
export function sayRecurrence(recurrence: Recurrence, language: Language): string {
  const w = say(language);
  if ('once' in recurrence) return w.at(showDate(recurrence.once.slice(0, 10), language), recurrence.once.slice(11));
  const { rrule, at, workingDays } = recurrence;
  const rule = parseRule(rrule);
  const days = rule && (workingDays ? w.workingDays : sayRule(rule, language));
  return days === undefined ? w.raw(rrule, at) : w.at(days, at);
}

function sayRule(rule: Rule, language: Language): string | undefined {
  const { freq, interval, months, monthDays, days, positions, weekStart } = rule;
  const w = say(language);
  if (positions.length > 0 || weekStart !== 'MO' || (days.length > 0 && monthDays.length > 0)) return undefined;
  if (freq === 'DAILY') return interval > 1 || days.length + monthDays.length + months.length > 0 ? undefined : w.daily;
  if (freq === 'WEEKLY') {
    return months.length > 0 || interval > (language === 'zh' ? 6 : 2) ? undefined : w.weekly(days, interval);
  }
  const inside = sayInside(rule, language);
  if (inside === undefined) return undefined;
  if (freq === 'MONTHLY')
    return months.length > 0 || interval > (language === 'zh' ? 2 : 1) ? undefined : w.month(inside, interval);
  if (interval > 1) return undefined;
  const nth = days[0]?.nth ?? monthDays[0] ?? 0;
  const ofQuarter = days.length > 0 ? Math.abs(nth) <= 4 : monthDays.length === 1 && Math.abs(nth) === 1;
  if (months.join() === QUARTERS[nth > 0 ? 0 : 1] && ofQuarter) return w.quarter(inside);
  return months.length === 1 ? w.year(months[0] ?? 0, inside) : undefined;
}

/** Which days inside the month: 15日, 最后一天, 第一个周三. */
function sayInside({ monthDays, days }: Rule, language: Language): string | undefined {
  const w = say(language);
  const [first, ...more] = days;
  if (first) {
    const possible = more.length === 0 && first.nth !== 0 && (language === 'zh' || first.nth >= -1);
    return possible && Math.abs(first.nth) <= 5 ? w.weekdayOf(first) : undefined;
  }
  if (monthDays.join() === '-1') return w.lastDay;
  return monthDays.every((one) => one > 0) ? w.monthDays(monthDays) : undefined;
}

const moved = words({
  zh: {
    sentence: (date: string, why: string, how: 'later' | 'earlier' | 'other') =>
      `原定 ${date}，${why}，${{ later: '顺延', earlier: '提前', other: '改期' }[how]}`,
    short: (date: string) => date.slice(5),
    holiday: (name: string) => `${name}放假`,
    weekend: '休息日',
    own: '公司放假',
    other: '另有安排',
  },
  en: {
    sentence: (date: string, why: string, how: 'later' | 'earlier' | 'other') =>
      `planned for ${date} (${why}), ${{ later: 'moved to the next working day', earlier: 'moved to the working day before', other: 'moved' }[how]}`,
    short: (date: string) => date.slice(0, -5),
    holiday: (name: string) => `${name}, holiday`,
    weekend: 'day off',
    own: 'day off of the company',
    other: 'changed',
  },
});

/** `原定 10-05 周一，国庆节放假，顺延`; `heldOn` is the local date on which it is held now. */
export function sayMoved(from: NonNullable<Slot['movedFrom']>, language: Language, heldOn?: string): string {
  const w = moved(language);
  const how = heldOn === undefined ? 'other' : heldOn > from.day ? 'later' : 'earlier';
  return w.sentence(w.short(showDate(from.day, language)), sayWhy(from.why, language), how);
}

function sayWhy(kind: DayKind, language: Language): string {
  const w = moved(language);
  if (kind.working) return w.other;
  if (kind.why === 'holiday') return w.holiday(kind.name[language]);
  return kind.why === 'exception' ? w.own : w.weekend;
}
