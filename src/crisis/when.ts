/**
 * When something happened, as people write it before a fact: `10:05 客服确认三起`, `昨天 23:10 …`, `下午三点 …`, `at 3pm …`. It has happened:
 * what would lie ahead is refused, since a slip of the day must not stand in the record; what looks like a time and cannot be read is asked for. Pure.
 */
import { Temporal } from 'temporal-polyfill';
import { localDate } from '../core/calendar.ts';
import { plusDays } from '../core/calendar-cn.ts';
import { foldWidth } from '../core/text.ts';

export type When = { at: string; rest: string } | { fault: 'future' | 'unclear' } | undefined;

const DATE = '\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}|(?:\\d{4}年)?\\d{1,2}月\\d{1,2}[日号]';
const DAY = `今天|今日|今早|今晚|昨天|昨日|昨晚|前天|today|yesterday|${DATE}|\\d{1,2}[-/.]\\d{1,2}(?=[\\s,t])`;
const PART = '凌晨|清晨|早上|上午|中午|下午|傍晚|晚上';
const NUMERAL = '[零〇一二两三四五六七八九十]{1,3}';
/** An hour alone is a count as well (`3点建议`): it is a time with its part of the day, or where it stands apart. */
const HOUR = `(?<dotHour>\\d{1,2}|${NUMERAL})\\s*[点时](?:(?<exact>半|一刻|三刻|整|钟)|(?<dotMinute>\\d{1,2}(?!\\d)|${NUMERAL})(?<unit>分?))?`;
/** `9.30` is a time where it is neither money nor a share. */
const CLOCK = `(?<hour>\\d{1,2})(?::(?<minute>\\d{2})(?::\\d{2})?|\\.(?<decimal>\\d{2})(?=\\s*[ap]\\.?m|[\\s,;。]|$)(?!\\s*[%元块万千百亿倍米度]))?(?!\\d)(?:\\s*(?<half>[ap])\\.?m\\b\\.?)?`;
const LEADING = new RegExp(
  `^(?:(?:at|around|about)\\s+)?(?:(?<day>${DAY})\\s*[,t]?\\s*)?(?:at\\s+)?(?<part>${PART})?\\s*(?:${HOUR}|${CLOCK})`,
  'i',
);
/** It means a time, whatever it is: nothing is noted as of now in its place. */
const TIME_LIKE = new RegExp(
  `^(?:(?:at|around|about)\\s+)?(?:(?:昨天|昨日|昨晚|前天|yesterday\\b|last night\\b|${DATE}|\\d{4}-\\d)|(?:(?:${DAY})\\s*)?(?:${PART})?\\s*(?:\\d{1,2}:\\d|\\d{1,2}\\s*[ap]m\\b)|(?:${PART})\\s*(?:\\d|${NUMERAL}[点时]))`,
  'i',
);
/** `明天的发布会取消了` says what happened; `明天 9:00 …` would lie ahead. */
const AHEAD = new RegExp(
  `^(?:at\\s+)?(?:明天|明日|明早|明晚|后天|tomorrow)(?=\\s|,|$|\\d|${PART}|${NUMERAL}[点时])`,
  'i',
);
/** What turns the time before it into another one. */
const TURNED = /^\s*,?\s*(?:yesterday|tomorrow|last night|utc|gmt)\b/i;
const BACK: Record<string, number> = {
  今天: 0,
  今日: 0,
  今早: 0,
  今晚: 0,
  today: 0,
  昨天: 1,
  昨日: 1,
  昨晚: 1,
  yesterday: 1,
  前天: 2,
};
/** A clock that runs ahead is no future. */
const AHEAD_MS = 60_000;

/** Undefined: it begins with no time. `10:05-10:30 …` stays whole: it begins at 10:05. */
export function readWhen(text: string, at: Date, timezone: string): When {
  const folded = foldWidth(text);
  if (AHEAD.test(folded)) return { fault: 'future' };
  const unread = TIME_LIKE.test(folded) ? { fault: 'unclear' as const } : undefined;
  const found = LEADING.exec(folded);
  const groups = found?.groups ?? {};
  const after = folded.slice(found?.[0].length ?? 0);
  if (!found || !isTime(groups, after)) return unread;
  const time = timeIn(groups);
  const date = dateOf(groups.day, localDate(at, timezone));
  if (!time || !date || TURNED.test(after) || runsOn(groups, after)) return { fault: 'unclear' };
  const instant = zonedInstant(date, time, timezone);
  if (instant.getTime() > at.getTime() + AHEAD_MS) return { fault: 'future' };
  const rest = text.slice(found[0].length);
  const loose = /^\s*(?:[-~–—至到]|左右|前后|许)/.test(rest);
  return { at: instant.toISOString(), rest: loose ? text : rest.replace(/^[\s,，:：。;；]+/, '') };
}

type Groups = Record<string, string | undefined>;

/** A number alone is none: `3 起投诉`, `3点建议`. */
function isTime({ part, hour, minute, decimal, half, dotMinute, exact }: Groups, after: string): boolean {
  if (hour !== undefined) return (minute ?? decimal ?? half) !== undefined;
  return (dotMinute ?? exact ?? part) !== undefined || /^[\s,]/.test(after);
}

/** `3点10人受伤`: ten minutes, or ten people? */
const runsOn = ({ dotMinute, unit, part }: Groups, after: string): boolean =>
  dotMinute !== undefined && unit === '' && part === undefined && /^\p{L}/u.test(after);

/** A field that holds nothing but a time. */
export function readWhenField(text: string, at: Date, timezone: string): { at: string } | { fault: 'future' | 'when' } {
  const read = readWhen(text.trim(), at, timezone);
  if (read === undefined || ('rest' in read && read.rest !== '')) return { fault: 'when' };
  if ('at' in read) return { at: read.at };
  return { fault: read.fault === 'future' ? 'future' : 'when' };
}

const EXACT: Record<string, number> = { 半: 30, 一刻: 15, 三刻: 45, 整: 0, 钟: 0 };
/** The part of the day that a day's name tells already. */
const PART_OF: Record<string, string> = { 昨晚: '晚上', 今晚: '晚上', 今早: '早上' };

function timeIn(groups: Groups): [number, number] | undefined {
  const { day = '', part, hour, minute, decimal, half, dotHour = '', dotMinute, exact } = groups;
  if (hour === undefined) {
    const minutes = exact === undefined ? numberOf(dotMinute ?? '0') : EXACT[exact];
    return clockTime(numberOf(dotHour), minutes ?? 0, part ?? PART_OF[day]);
  }
  const minutes = Number(minute ?? decimal ?? 0);
  if (half === undefined) return clockTime(Number(hour), minutes, part ?? PART_OF[day]);
  if (Number(hour) < 1 || Number(hour) > 12) return undefined;
  return clockTime((Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0), minutes, undefined);
}

const DIGITS = '零一二三四五六七八九';

/** 三, 十, 二十五, 零五; and what is written in digits. NaN: none of them. */
function numberOf(written: string): number {
  if (/^\d+$/.test(written)) return Number(written);
  const digit = (letter: string) => DIGITS.indexOf(letter.replace('两', '二').replace('〇', '零'));
  const [, tens = '', ten = '', ones = ''] =
    /^[零〇]?([一二三四五六七八九两]?)(十?)([零〇一二三四五六七八九两]?)$/.exec(written) ?? [];
  if (ten === '')
    return tens !== '' && ones === '' ? digit(tens) : tens === '' && ones !== '' ? digit(ones) : Number.NaN;
  return (tens === '' ? 1 : digit(tens)) * 10 + (ones === '' ? 0 : digit(ones));
}

const AFTERNOON = new Set(['中午', '下午', '傍晚', '晚上']);

/** 下午 3:20 is 15:20; 中午 12:05 and 上午 12:05 stay what they are. */
function clockTime(hour: number, minute: number, part: string | undefined): [number, number] | undefined {
  const early = part === '中午' ? hour < 3 : hour < 12;
  const later = part !== undefined && AFTERNOON.has(part) && early ? hour + 12 : hour;
  return later <= 23 && minute <= 59 ? [later, minute] : undefined;
}

/** Without a year the day lies behind us. */
function dateOf(day: string | undefined, today: string): string | undefined {
  const back = BACK[(day ?? 'today').toLowerCase()];
  if (back !== undefined) return plusDays(today, -back);
  const parts = (day ?? '').split(/[^\d]+/).filter((part) => part !== '');
  const [first = '', second = '', third] = parts;
  if (third !== undefined) return calendarDay(Number(first), Number(second), Number(third));
  const year = Number(today.slice(0, 4));
  const thisYear = calendarDay(year, Number(first), Number(second));
  return thisYear !== undefined && thisYear > today ? calendarDay(year - 1, Number(first), Number(second)) : thisYear;
}

function calendarDay(year: number, month: number, day: number): string | undefined {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' }).toString();
  } catch {
    return undefined;
  }
}

function zonedInstant(date: string, [hour, minute]: [number, number], timezone: string): Date {
  const local = Temporal.PlainDate.from(date).toPlainDateTime({ hour, minute });
  return new Date(local.toZonedDateTime(timezone).epochMilliseconds);
}
