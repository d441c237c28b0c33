/** Which days a Chinese phrase means: 每周一、四 · 隔周一 · 每月最后一个周五 · 每季度第一个周三 · 每年3月15日. Pure. */
import { smallNumber } from './clock.ts';
import { weekdayIndexZh } from './days.ts';
import type { SaidDays } from './phrases-en.ts';
import { quarterRule } from './quarters.ts';
import { DAY_CODES, type DayCode, type Rule, rule } from './rrule.ts';

const WEEK = '(?:周|星期|礼拜)';
const DAY = '[一二三四五六日天]';
const NUMBER = '\\d{1,2}|[一二两三四五六七八九十]{1,3}';

export function readDaysZh(text: string): SaidDays | undefined {
  const said = text.replace(/\s+/g, '').replace(/[,，、的在]+$/, '');
  if (/^每?个?工作日$/.test(said)) return { rule: rule('DAILY'), workingDays: true };
  if (/^每[天日]$/.test(said)) return { rule: rule('DAILY') };
  const found = weekly(said) ?? monthly(said) ?? quarterly(said) ?? yearly(said);
  return found && { rule: found };
}

function weekly(said: string): Rule | undefined {
  const spaced = new RegExp(`^(?:每?隔|每隔[一1]个?|每[两二2]个?)(?:${WEEK}的?)?(${WEEK}${DAY}.*)$`).exec(said);
  const many = new RegExp(`^每([三四五六3456])个?${WEEK}的?(${WEEK}${DAY}.*)$`).exec(said);
  const each = new RegExp(`^(?:每个?)?(${WEEK}${DAY}.*)$`).exec(said);
  const days = weekdays(spaced?.[1] ?? many?.[2] ?? each?.[1] ?? '');
  const interval = spaced ? 2 : many ? (smallNumber(many[1] ?? '') ?? 1) : 1;
  return days && rule('WEEKLY', { interval, days: days.map((day) => ({ nth: 0, day })) });
}

/** 周一、四 · 周一和周四 · 周一三五 · 周一至周五. */
function weekdays(text: string): DayCode[] | undefined {
  const indexes = text.split(/[、,，和与及]/).map((item) => {
    const range = new RegExp(`^${WEEK}?(${DAY})[到至~-]${WEEK}?(${DAY})$`).exec(item);
    const [from, to] = [weekdayIndexZh(range?.[1] ?? '?'), weekdayIndexZh(range?.[2] ?? '?')];
    if (range) return from < to ? Array.from({ length: to - from + 1 }, (_, i) => from + i) : [];
    const list = new RegExp(`^${WEEK}?(${DAY}{1,7})$`).exec(item)?.[1] ?? '';
    return [...list].map(weekdayIndexZh);
  });
  if (indexes.some((some) => some.length === 0)) return undefined;
  const all = indexes.flat();
  return new Set(all).size === all.length ? DAY_CODES.filter((_, i) => all.includes(i)) : undefined;
}

function monthly(said: string): Rule | undefined {
  const [, every, inMonth = ''] = /^(每个?|每隔[一1]个|隔|每[两二2]个)月的?(.+)$/.exec(said) ?? [];
  const day = every === undefined ? undefined : inMonthDays(inMonth);
  return day && rule('MONTHLY', { ...day, ...(/^每个?$/.test(every ?? '') ? {} : { interval: 2 }) });
}

/** 15日 · 1日和15日 · 最后一天 · 第一个周三 · 倒数第二个周五. */
function inMonthDays(text: string): Pick<Rule, 'monthDays'> | Pick<Rule, 'days'> | undefined {
  const end = ordinal(text, '天');
  if (end !== undefined) return { monthDays: [end] };
  const nth = ordinal(text, `${WEEK}${DAY}`, '个');
  if (nth !== undefined) return { days: [{ nth, day: DAY_CODES[weekdayIndexZh(text.at(-1) ?? '')] ?? 'MO' }] };
  if (!/[日号]$/.test(text)) return undefined;
  const days = text.split(/[、,，和与及]/).map((one) => smallNumber(one.replace(/[日号]$/, '')) ?? 0);
  return days.every((day) => day >= 1 && day <= 31)
    ? { monthDays: [...new Set(days)].sort((a, b) => a - b) }
    : undefined;
}

/** 第一个… 1 · 最后一个… -1 · 倒数第二个… -2. */
function ordinal(text: string, of: string, count = ''): number | undefined {
  const [, last, back, nth] =
    new RegExp(`^(?:(最后[一1]?${count}|首${count})|(倒数)?第(${NUMBER})${count})${of}$`).exec(text) ?? [];
  if (last !== undefined) return last.startsWith('首') ? 1 : -1;
  const number = nth === undefined ? undefined : smallNumber(nth);
  if (number === undefined || number < 1 || number > 5) return undefined;
  return back === undefined ? number : -number;
}

function quarterly(said: string): Rule | undefined {
  const day = inMonthDays(/^每个?季度?的?(.+)$/.exec(said)?.[1] ?? '');
  return day && quarterRule(day);
}

function yearly(said: string): Rule | undefined {
  const [, month = '', inMonth = ''] = new RegExp(`^每年的?(${NUMBER})月份?的?(.+)$`).exec(said) ?? [];
  const [number, day] = [smallNumber(month), inMonthDays(inMonth)];
  return number && day && number <= 12 ? rule('YEARLY', { months: [number], ...day }) : undefined;
}
