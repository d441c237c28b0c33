/** A slow second opinion on when meetings are held: every day of the years is looked at, one by one, by the words of RFC 5545. */
import { dayKind, type WorkHours } from '../../src/core/calendar.ts';
import type { OffRule } from '../../src/meetings/rule.ts';

const CODES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const DAY_MS = 86_400_000;
const ms = (date: string) => Date.parse(`${date}T00:00:00Z`);
export const plus = (date: string, days: number) => new Date(ms(date) + days * DAY_MS).toISOString().slice(0, 10);
const weekday = (date: string) => (new Date(ms(date)).getUTCDay() + 6) % 7;
const monthLength = (date: string) =>
  new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)), 0)).getUTCDate();

/** Does the rule name this day, whatever periods it skips? */
function named(rrule: string, date: string): boolean {
  const parts = Object.fromEntries(rrule.split(';').map((part) => part.split('=') as [string, string]));
  const list = (key: string) => parts[key]?.split(',');
  const [month, day] = [Number(date.slice(5, 7)), Number(date.slice(8))];
  const length = monthLength(date);
  if (list('BYMONTH')?.map(Number).includes(month) === false) return false;
  const fits = (d: number) => {
    const that = `${date.slice(0, 8)}${String(d).padStart(2, '0')}`;
    const monthDays = list('BYMONTHDAY')?.map(Number);
    if (monthDays && !monthDays.includes(d) && !monthDays.includes(d - length - 1)) return false;
    const days = list('BYDAY');
    if (!days) return true;
    return days.some((one) => {
      const nth = Number(one.slice(0, -2) || 0);
      if (one.slice(-2) !== CODES[weekday(that)]) return false;
      return nth === 0 || (nth > 0 ? Math.ceil(d / 7) === nth : Math.ceil((length - d + 1) / 7) === -nth);
    });
  };
  if (!fits(day)) return false;
  const positions = list('BYSETPOS')?.map(Number);
  if (!positions) return true;
  const all = Array.from({ length }, (_, i) => i + 1).filter(fits);
  return positions.some((at) => all.at(at > 0 ? at - 1 : at) === day);
}

function period(rrule: string, date: string): number {
  if (rrule.startsWith('FREQ=DAILY')) return ms(date) / DAY_MS;
  if (rrule.startsWith('FREQ=WEEKLY')) return Math.floor((ms(date) / DAY_MS + 3) / 7);
  const year = Number(date.slice(0, 4));
  return rrule.startsWith('FREQ=MONTHLY') ? year * 12 + Number(date.slice(5, 7)) : year;
}

export interface Walk {
  rrule: string;
  workingDays?: boolean;
  off: OffRule;
  from?: string;
  until?: string;
}

/** @returns which day each meeting is held on, and which day the rule named for it */
export function walk(
  { rrule, workingDays, off, from, until }: Walk,
  first: string,
  last: string,
  hours: WorkHours,
): [on: string, day: string][] {
  const interval = Number(/INTERVAL=(\d+)/.exec(rrule)?.[1] ?? 1);
  let anchor = from ?? '2024-01-01';
  while (!named(rrule, anchor)) anchor = plus(anchor, 1);
  const own: string[] = [];
  for (let date = plus(first, -20); date <= plus(last, 20); date = plus(date, 1)) {
    if ((from !== undefined && date < from) || (until !== undefined && date > until) || !named(rrule, date)) continue;
    const apart = period(rrule, date) - period(rrule, anchor);
    if (interval === 1 || (apart >= 0 && apart % interval === 0 && date >= anchor)) own.push(date);
  }
  const works = (date: string) => dayKind(date, hours).working;
  const held = new Map<string, string>();
  const rule = workingDays ? 'skip' : off;
  for (const day of own) if (rule === 'keep' || works(day)) held.set(day, day);
  if (rule === 'next' || rule === 'previous') {
    const step = rule === 'next' ? 1 : -1;
    for (const day of rule === 'next' ? own.toReversed() : own) {
      if (works(day)) continue;
      let on = day;
      for (let n = 0; n < 15 && !works(on); n++) on = plus(on, step);
      if (works(on) && !held.has(on)) held.set(on, day);
    }
  }
  return [...held].filter(([on]) => first <= on && on <= last).sort();
}
