/**
 * When something happened, as people write it before a fact: `10:05 客服确认三起`, `昨天 23:10 …`, `2026-11-22 10:05 …`. It has happened:
 * what would lie ahead is refused, since a slip of the day must not stand in the record. Pure.
 */
import { Temporal } from 'temporal-polyfill';
import { localDate } from '../core/calendar.ts';
import { plusDays } from '../core/calendar-cn.ts';
import { foldWidth } from '../core/text.ts';

export type When = { at: string; rest: string } | { fault: 'future' } | undefined;

const DAY =
  '今天|昨天|昨晚|前天|today|yesterday|\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}|\\d{1,2}-\\d{1,2}|(?:\\d{4}年)?\\d{1,2}月\\d{1,2}[日号]';
const TIME = '(\\d{1,2})(?::(\\d{2})(?!\\d)|点(\\d{1,2})分?|点半)';
const LEADING = new RegExp(`^(?:(${DAY})\\s*,?\\s*)?(凌晨|早上|上午|中午|下午|傍晚|晚上)?\\s*${TIME}`, 'i');
const BACK: Record<string, number> = { 今天: 0, today: 0, 昨天: 1, 昨晚: 1, yesterday: 1, 前天: 2 };
/** A clock that runs ahead is no future. */
const AHEAD_MS = 60_000;

/** Undefined: it begins with no time. `10:05-10:30 …` stays whole: it begins at 10:05. */
export function readWhen(text: string, at: Date, timezone: string): When {
  const found = LEADING.exec(foldWidth(text));
  if (!found) return undefined;
  const [whole, day, part, hour = '', colon, dian] = found;
  const time = clockTime(Number(hour), minuteOf(colon, dian, whole), part ?? (day === '昨晚' ? '晚上' : undefined));
  const date = dateOf(day, localDate(at, timezone));
  if (!time || !date) return undefined;
  const instant = zonedInstant(date, time, timezone);
  if (instant.getTime() > at.getTime() + AHEAD_MS) return { fault: 'future' };
  const after = text.slice(whole.length);
  const span = /^\s*(?:[-~–—至到])/.test(after);
  return { at: instant.toISOString(), rest: span ? text : after.replace(/^[\s,，:：。;；]+/, '') };
}

/** A field that holds nothing but a time. */
export function readWhenField(text: string, at: Date, timezone: string): { at: string } | { fault: 'future' | 'when' } {
  const read = readWhen(text.trim(), at, timezone);
  if (read === undefined || ('rest' in read && read.rest !== '')) return { fault: 'when' };
  return 'fault' in read ? read : { at: read.at };
}

function minuteOf(colon: string | undefined, dian: string | undefined, whole: string): number {
  return whole.endsWith('点半') ? 30 : Number(colon ?? dian ?? 0);
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
