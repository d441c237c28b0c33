/**
 * A slow second opinion on the last quarter of 2026 in Shanghai: a table of its days off, and every working minute counted one by one.
 * It shares nothing with the product. 国务院办公厅 2026: 国庆节 10月1日至7日放假，10月10日（周六）上班；
 * 2027 is not published, but New Year's Day is a holiday by law.
 */
import type { Held, Span } from './quarter-company.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const ZONE = 8 * 3_600_000;
const OFF = new Set(['2026-09-25', '2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07', '2027-01-01']);
const MADE_UP = new Set(['2026-10-10']);

export const localDay = (ms: number): string => new Date(ms + ZONE).toISOString().slice(0, 10);
export const instant = (date: string, clock: string): number => Date.parse(`${date}T${clock}:00+08:00`);
const nextDay = (date: string, step: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + step * DAY).toISOString().slice(0, 10);
const weekday = (date: string): number => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
export const works = (date: string): boolean => MADE_UP.has(date) || (weekday(date) < 5 && !OFF.has(date));

/** Is the minute that begins here worked? 9:30–12:00 and 13:30–18:30. */
function worked(ms: number): boolean {
  const local = new Date(ms + ZONE);
  const minute = local.getUTCHours() * 60 + local.getUTCMinutes();
  const open = (minute >= 570 && minute < 720) || (minute >= 810 && minute < 1110);
  return open && works(localDay(ms));
}

/** Minute by minute from one moment to the other. */
export function workedBetween(from: number, to: number): number {
  let ms = 0;
  for (let minute = Math.floor(from / MINUTE) * MINUTE; minute < to; minute += MINUTE) {
    if (worked(minute)) ms += Math.max(0, Math.min(to, minute + MINUTE) - Math.max(from, minute));
  }
  return ms;
}

export function after(at: number, span: Span): number {
  if ('plain' in span) return at + span.plain * MINUTE;
  if ('days' in span) throw new Error('no rule of this quarter adds working days');
  let left = span.working * MINUTE;
  for (let minute = Math.floor(at / MINUTE) * MINUTE; ; minute += MINUTE) {
    const has = worked(minute) ? minute + MINUTE - Math.max(at, minute) : 0;
    if (has > 0 && left <= has) return Math.max(at, minute) + left;
    left -= has;
  }
}

/** Every moment of ours is on a whole minute within the hours of a working day, or before them where it is plain. */
export function before(at: number, span: Span): number {
  if ('plain' in span) return at - span.plain * MINUTE;
  if ('days' in span) {
    let date = localDay(at);
    for (let n = 0; n < span.days; n++)
      do date = nextDay(date, -1);
      while (!works(date));
    return Date.parse(`${date}T00:00:00+08:00`) + ((at + ZONE) % DAY);
  }
  let left = span.working;
  let minute = at;
  while (left > 0) {
    minute -= MINUTE;
    if (worked(minute)) left -= 1;
  }
  return minute;
}

/** The day on which each meeting is held, by the day that the rule names; held from the first day to the last. */
export function daysOf(held: Held, first: string, last: string): Map<string, string> {
  const days = new Map<string, string>();
  const own = (date: string) => held.names(date, weekday(date));
  for (let date = nextDay(first, -10); date <= nextDay(last, 10); date = nextDay(date, 1)) {
    if (!own(date)) continue;
    let on = date;
    if (!works(on)) {
      if (held.off === 'skip') continue;
      do on = nextDay(on, held.off === 'next' ? 1 : -1);
      while (!works(on));
      // that day has one of its own
      if (own(on)) continue;
    }
    if (on >= first && on <= last) days.set(date, on);
  }
  return days;
}
