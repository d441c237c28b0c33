/** One single day as people write it: `2026-12-10`, `12月10日`, `明天`, `下周三`, `tomorrow`. What could mean two days is none. Pure. */
import { plusDays } from '../core/calendar-cn.ts';
import { smallNumber } from './clock.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
export const MONTH_WORD =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
export const WEEKDAY_WORD =
  'mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?';
export const WEEKDAYS_ZH = '一二三四五六日';
const AHEAD: Record<string, number> = { 今天: 0, 今日: 0, 明天: 1, 明日: 1, 后天: 2, 大后天: 3, today: 0, tomorrow: 1 };

export const monthNumber = (word: string): number => MONTHS.indexOf(word.slice(0, 3)) + 1;
/** 0 for Monday. */
export const weekdayIndex = (word: string): number =>
  ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].indexOf(word.slice(0, 3));
export const weekdayIndexZh = (word: string): number => WEEKDAYS_ZH.indexOf(word === '天' ? '日' : word);

/** @param today is the local date on which it is said */
export function readDay(text: string, today: string): string | undefined {
  const said = text.trim().replace(/^on /, '');
  const dense = said.replace(/\s+/g, '');
  return numeric(dense, today) ?? ahead(said, dense, today) ?? english(said, today) ?? weekday(said, dense, today);
}

function numeric(text: string, today: string): string | undefined {
  const full = /^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|\.(\d{1,2})\.(\d{1,2}))t?$/.exec(text);
  if (full) {
    const [year = '', month = '', day = ''] = full.slice(1).filter((part) => part !== undefined);
    return dateOf(Number(year), Number(month), Number(day));
  }
  const short = /^(\d{1,2})-(\d{1,2})$/.exec(text);
  if (short) return coming(Number(short[1]), Number(short[2]), today);
  const number = '\\d{1,2}|[一二三四五六七八九十]{1,3}';
  const [, year, month = '', day = ''] =
    new RegExp(`^(?:(\\d{4})年)?(${number})月(${number})[日号]?$`).exec(text) ?? [];
  const [m, d] = [smallNumber(month) ?? 0, smallNumber(day) ?? 0];
  return year === undefined ? coming(m, d, today) : dateOf(Number(year), m, d);
}

function ahead(said: string, dense: string, today: string): string | undefined {
  if (/^(?:the )?day after tomorrow$/.test(said)) return plusDays(today, 2);
  const days = AHEAD[dense];
  return days === undefined ? undefined : plusDays(today, days);
}

function english(said: string, today: string): string | undefined {
  const day = '(\\d{1,2})(?:st|nd|rd|th)?';
  const dayFirst = new RegExp(`^${day} (?:of )?(${MONTH_WORD})(?:,? (\\d{4}))?$`).exec(said);
  const monthFirst = new RegExp(`^(${MONTH_WORD}) ${day}(?:,? (\\d{4}))?$`).exec(said);
  const [d, month = '', year] = dayFirst ? dayFirst.slice(1) : [monthFirst?.[2], monthFirst?.[1], monthFirst?.[3]];
  const m = monthNumber(month);
  return year === undefined ? coming(m, Number(d), today) : dateOf(Number(year), m, Number(d));
}

/** 本周三 and 下周三 count weeks from Monday. `next wednesday` is a day only where that and "the coming one" agree. */
function weekday(said: string, dense: string, today: string): string | undefined {
  const monday = plusDays(today, -((new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7));
  const [, weeks = '', zh = ''] = /^(本|这|下|下下)个?(?:周|星期|礼拜)([一二三四五六日天])$/.exec(dense) ?? [];
  if (zh !== '') return plusDays(monday, weekdayIndexZh(zh) + 7 * weeks.replace(/本|这/, '').length);
  const [, which, word = ''] = new RegExp(`^(this|next) (${WEEKDAY_WORD})$`).exec(said) ?? [];
  const [, ofNext = ''] = new RegExp(`^(${WEEKDAY_WORD}) (?:of )?next week$`).exec(said) ?? [];
  if (ofNext !== '') return plusDays(monday, 7 + weekdayIndex(ofNext));
  const inThis = plusDays(monday, weekdayIndex(word));
  if (which === 'this') return inThis;
  return which === 'next' && inThis <= today ? plusDays(inThis, 7) : undefined;
}

/** Without a year: the next day of that name from today on. */
function coming(month: number, day: number, today: string): string | undefined {
  const year = Number(today.slice(0, 4));
  const inThis = dateOf(year, month, day);
  return inThis !== undefined && inThis < today ? dateOf(year + 1, month, day) : inThis;
}

function dateOf(year: number, month: number, day: number): string | undefined {
  if (!(year >= 2000 && year <= 2999 && month >= 1 && day >= 1)) return undefined;
  const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date) ? date : undefined;
}
