/** Deadlines and working days in words: how long, until when, and which days did not count. */
import {
  addDuration,
  type CalendarWarning,
  type DayKind,
  type Duration,
  showDate,
  showTime,
  unusualDays,
  type WorkHours,
} from '../core/calendar.ts';
import type { Language } from '../core/chat.ts';
import { words } from './language.ts';

const say = words({
  zh: {
    unit: (unit: Duration['unit'], _amount: number) =>
      ({ seconds: ' 秒', minutes: ' 分钟', hours: ' 小时', days: ' 天' })[unit],
    workingUnit: (unit: Duration['unit'], _amount: number) =>
      ({ seconds: ' 个工作秒', minutes: ' 个工作分钟', hours: ' 个工作小时', days: ' 个工作日' })[unit],
    due: (from: string, length: string, due: string) => `自 ${from} 起 ${length}，截止 ${due}`,
    there: (due: string, zone: string, own: string) => `${due}，即${zone} ${own}`,
    holiday: (name: string) => `${spaced(name)}放假`,
    makeUp: (name: string) => `${spaced(name)}调休上班`,
    weekend: '休息日',
    ownOff: '另有安排，不上班',
    ownWork: '另有安排，上班',
    days: (dates: string, why: string) => `${dates} ${why}`,
    span: (first: string, last: string) => `${first} 至 ${last}`,
    path: (due: string, days: string) => `${due}（${days}）。`,
    end: (due: string) => `${due}。`,
    comma: '，',
    notPublished: (year: number, days: string) =>
      `${year} 年的放假安排尚未公布：暂按法定节假日计算（${days}），不含调休。公布后请升级，或在 company.yaml 的 hours.exceptions 中逐日写明。`,
  },
  en: {
    unit: (unit: Duration['unit'], amount: number) => ` ${amount === 1 ? unit.slice(0, -1) : unit}`,
    workingUnit: (unit: Duration['unit'], amount: number) => ` working ${amount === 1 ? unit.slice(0, -1) : unit}`,
    due: (from: string, length: string, due: string) => `${length} from ${from}: due ${due}`,
    there: (due: string, zone: string, own: string) => `${due}, in ${zone} ${own}`,
    holiday: (name: string) => `${name}, holiday`,
    makeUp: (name: string) => `make-up day of ${name}, worked`,
    weekend: 'weekend',
    ownOff: 'off by arrangement',
    ownWork: 'worked by arrangement',
    days: (dates: string, why: string) => `${dates}: ${why}`,
    span: (first: string, last: string) => `${first} to ${last}`,
    path: (due: string, days: string) => `${due} (${days}).`,
    end: (due: string) => `${due}.`,
    comma: '; ',
    notPublished: (year: number, days: string) =>
      `The public holidays of ${year} are not published yet: only the statutory days are assumed (${days}), without make-up days. Upgrade when they are, or list the days under hours.exceptions in company.yaml.`,
  },
});

/** A holiday that has no Chinese name keeps its own, apart from the Chinese around it. */
function spaced(name: string): string {
  return /[\p{Script=Latin}\d]$/u.test(name) ? `${name} ` : name;
}

/** `8 working hours` / `8 个工作小时`. */
export function sayDuration({ amount, unit, working }: Duration, language: Language): string {
  const w = say(language);
  return `${amount}${working ? w.workingUnit(unit, amount) : w.unit(unit, amount)}`;
}

/**
 * The computation in words: when it is due, and which days between did not count, or counted against the week. On the
 * clock of `zone`; working time that runs in another zone is named with its own clock as well.
 */
export function sayDue(
  from: Date,
  duration: Duration,
  hours: WorkHours,
  language: Language,
  zone: string = hours.timezone,
): string {
  const w = say(language);
  const due = addDuration(from, duration, hours);
  const shown = (moment: Date): string => showTime(moment, zone, language);
  const sentence = w.due(shown(from), sayDuration(duration, language), shown(due));
  if (!duration.working) return w.end(sentence);
  const own = showTime(due, hours.timezone, language);
  const both = own === shown(due) ? sentence : w.there(sentence, zoneName(due, hours.timezone, language), own);
  const days = spans(from, due, hours, language);
  return days.length === 0 ? w.end(both) : w.path(both, days.join(w.comma));
}

/** 北美东部时间 / Eastern Time: what people call the clock of a zone. */
function zoneName(at: Date, timezone: string, language: Language): string {
  const format = new Intl.DateTimeFormat(language, { timeZone: timezone, timeZoneName: 'longGeneric' });
  return format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? timezone;
}

/** What happens when nobody answers: one line for each deadline, under a heading. */
export const deadlineWords = words({
  zh: {
    unanswered: '若一直未处理：',
    remind: (sentence: string) => `催办：${sentence}`,
    escalate: (sentence: string) => `升级给上级：${sentence}`,
    own: (name: string, sentence: string) => `${sentence}按 ${name} 的工作时间计算。`,
  },
  en: {
    unanswered: 'If nobody answers:',
    remind: (sentence: string) => `Reminder: ${sentence}`,
    escalate: (sentence: string) => `Goes further up: ${sentence}`,
    own: (name: string, sentence: string) => `${sentence} By ${name}'s working time.`,
  },
});

const MOST_SPANS = 6;

function spans(from: Date, to: Date, hours: WorkHours, language: Language): string[] {
  const days = unusualDays(from, to, hours).map(({ date, kind }) => ({ date, why: sayDay(kind, language) }));
  const show = (date: string): string => showDate(date, language);
  return inRows(days)
    .slice(0, MOST_SPANS)
    .map(({ why, first, last }) => {
      const dates = first === last ? show(first) : say(language).span(show(first), show(last));
      return say(language).days(dates, why);
    });
}

/** Days in a row that have one reason are said once. */
function inRows(days: { date: string; why: string }[]): { why: string; first: string; last: string }[] {
  const rows: { why: string; first: string; last: string }[] = [];
  for (const { date, why } of days) {
    const open = rows.at(-1);
    if (open?.why === why && isNextDay(open.last, date)) open.last = date;
    else rows.push({ why, first: date, last: date });
  }
  return rows;
}

const isNextDay = (a: string, b: string): boolean => Date.parse(b) - Date.parse(a) === 86_400_000;

function sayDay(kind: DayKind, language: Language): string {
  const w = say(language);
  switch (kind.why) {
    case 'holiday':
      return w.holiday(kind.name[language]);
    case 'make-up':
      return w.makeUp(kind.name[language]);
    case 'exception':
      return kind.working ? w.ownWork : w.ownOff;
    case 'weekend':
    case 'weekday':
      return w.weekend;
    default:
      return kind satisfies never;
  }
}

export function sayCalendarWarning(warning: CalendarWarning, language: Language): string {
  const w = say(language);
  const rows = inRows(warning.days.map(({ date, name }) => ({ date, why: name[language] })));
  const days = rows.map(({ why, first, last }) => `${why} ${first === last ? first : w.span(first, last)}`);
  return w.notPublished(warning.year, days.join(w.comma));
}
