/**
 * On which days a meeting is held: what people write about it, read; and its days, moved off holidays by the meeting's rule.
 * Days are those of the rule's own calendar, clock times those of the company's zone, also over summer time. Pure.
 */
import { Temporal } from 'temporal-polyfill';
import { type DayKind, dayKind, localDate, type WorkHours } from '../core/calendar.ts';
import { plusDays } from '../core/calendar-cn.ts';
import { foldWidth } from '../core/text.ts';
import { readClock } from './clock.ts';
import { readDay } from './days.ts';
import { readDaysEn } from './phrases-en.ts';
import { readDaysZh } from './phrases-zh.ts';
import { parseRule, readRule, ruleDates, ruleText } from './rrule.ts';
import type { MeetingRule, OffRule } from './rule.ts';

/** `workingDays`: held only on those days of the rule on which the company works, make-up days with them. */
export type Recurrence = { rrule: string; at: string; workingDays?: true } | { once: string };

export interface Schedule {
  recurrence: Recurrence;
  lengthMs: number;
  off: OffRule;
  /** the first and the last day that the rule itself may name; one moved off a holiday may be held a little outside */
  from?: string;
  until?: string;
}

export interface Slot {
  /** the local date by the rule, before it was moved: by this a slot stays the same one */
  day: string;
  start: Date;
  end: Date;
  movedFrom?: { day: string; why: DayKind };
}

/** Every other week counts from the first fitting day on or after `from`, else from this Monday. */
const COUNTED_FROM = '2024-01-01';
/** Longer than any public holiday: a meeting that would be moved further is not held. */
const FURTHEST_DAYS = 15;
const LONGEST_TEXT = 200;

// --- what people write ---

/**
 * `monday 10:00`, `每月最后一个周五 16:00`, `RRULE:FREQ=MONTHLY;BYDAY=-1FR 16:00`; a day alone is once: `12月10日 14:00`,
 * `下周三 15:00`. What could be read in two ways, or names no day, is not read.
 * @param today is the local date on which it is said
 */
export function readRecurrence(text: string, today: string): Recurrence | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const said = foldWidth(text).trim().replace(/\s+/g, ' ').toLowerCase();
  const readings = new Map<string, Recurrence>();
  for (const [days, clock] of splits(withPartOfDay(said))) {
    const at = readClock(clock);
    const read = at === undefined ? undefined : readDays(days, at, today);
    if (read) readings.set(JSON.stringify(read), read);
  }
  return readings.size === 1 ? [...readings.values()][0] : undefined;
}

const withPartOfDay = (said: string): string =>
  said.replace(/今晚/, '今天晚上').replace(/明晚/, '明天晚上').replace(/今早/, '今天早上').replace(/明早/, '明天早上');

/** Where the days end and the clock begins is not always marked (每周三10点): every place is tried. */
function* splits(said: string): Generator<[days: string, clock: string]> {
  for (let at = Math.max(1, said.length - 14); at < said.length; at++) yield [said.slice(0, at), said.slice(at)];
}

function readDays(days: string, at: string, today: string): Recurrence | undefined {
  const raw = /^rrule:(.+)$/.exec(days.trim());
  if (raw) {
    const rule = readRule(raw[1] ?? '');
    return rule && { rrule: ruleText(rule), at };
  }
  const day = readDay(days, today);
  if (day !== undefined) return { once: `${day}T${at}` };
  const said = readDaysEn(days) ?? readDaysZh(days);
  const rule = said && readRule(ruleText(said.rule));
  return rule && { rrule: ruleText(rule), at, ...(said.workingDays ? { workingDays: true } : {}) };
}

/** The handbook's words, or a person's, as a schedule; undefined where they cannot be read. */
export function scheduleOf(rule: MeetingRule, today: string): Schedule | undefined {
  const recurrence = readRecurrence(rule.every ?? rule.on ?? '', today);
  const lengthMs = lengthOf(rule);
  if (!recurrence || lengthMs === undefined || 'once' in recurrence === (rule.every !== undefined)) return undefined;
  const { from, until, off } = rule;
  return {
    recurrence,
    lengthMs,
    off,
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  };
}

const LENGTH_MS = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

/** A meeting lasts by the clock on the wall, not in working time, and not over a day. */
export function lengthOf({ length }: Pick<MeetingRule, 'length'>): number | undefined {
  const ms = length.amount * LENGTH_MS[length.unit];
  return length.working || ms < LENGTH_MS.minutes || ms > LENGTH_MS.days ? undefined : ms;
}

// --- on which days it is held ---

/** The meetings that begin in `[from, to)`, in order; by when they are really held. */
export function slotsBetween(schedule: Schedule, from: Date, to: Date, hours: WorkHours): Slot[] {
  if (from >= to) return [];
  const first = localDate(from, hours.timezone);
  const last = localDate(to, hours.timezone);
  return heldBetween(schedule, first, last, hours)
    .map((held) => slotOf(held, schedule, hours))
    .filter(({ start }) => start >= from && start < to);
}

/** Yearly meetings of a leap day are the rarest that one may wait for; past this there is none. */
const LONGEST_WAIT_DAYS = 366 * 9;

/** The first meeting that begins after this moment. */
export function nextSlot(schedule: Schedule, after: Date, hours: WorkHours): Slot | undefined {
  const end = plusDays(localDate(after, hours.timezone), LONGEST_WAIT_DAYS);
  const start = 'once' in schedule.recurrence ? schedule.recurrence.once.slice(0, 10) : undefined;
  let first = start ?? localDate(after, hours.timezone);
  for (let span = 40; first <= end; span *= 4) {
    const last = plusDays(first, span);
    const slots = heldBetween(schedule, first, last, hours).map((held) => slotOf(held, schedule, hours));
    const next = slots.find((slot) => slot.start > after);
    if (next || start !== undefined) return next;
    first = plusDays(last, 1);
  }
  return undefined;
}

/** One meeting: the day that the rule names, and the day on which it is held. */
interface Held {
  day: string;
  on: string;
  why: DayKind;
}

/** Those held on the days from `first` to `last`, whatever day the rule names for them. */
function heldBetween(schedule: Schedule, first: string, last: string, hours: WorkHours): Held[] {
  const { recurrence, off } = schedule;
  if ('once' in recurrence) {
    const day = recurrence.once.slice(0, 10);
    return first <= day && day <= last ? [{ day, on: day, why: dayKind(day, hours) }] : [];
  }
  const days = namedDays(schedule, plusDays(first, -FURTHEST_DAYS), plusDays(last, FURTHEST_DAYS));
  const rule = recurrence.workingDays ? 'skip' : off;
  const held = days.flatMap((day) => heldFor(day, rule, hours));
  return withoutDoubles(held, rule).filter(({ on }) => first <= on && on <= last);
}

function namedDays({ recurrence, from, until }: Schedule, first: string, last: string): string[] {
  if ('once' in recurrence) return [];
  const rule = parseRule(recurrence.rrule);
  if (!rule) return [];
  const start = from !== undefined && from > first ? from : first;
  return ruleDates(rule, from ?? COUNTED_FROM, start, until !== undefined && until < last ? until : last);
}

function heldFor(day: string, off: OffRule, hours: WorkHours): Held[] {
  const why = dayKind(day, hours);
  if (why.working || off === 'keep') return [{ day, on: day, why }];
  if (off === 'skip') return [];
  const step = off === 'next' ? 1 : -1;
  for (let n = 1; n <= FURTHEST_DAYS; n++) {
    const on = plusDays(day, n * step);
    if (dayKind(on, hours).working) return [{ day, on, why }];
  }
  return [];
}

/** A day holds one meeting: its own, else the one that was moved there from nearest by. */
function withoutDoubles(held: readonly Held[], off: OffRule): Held[] {
  const byDay = new Map<string, Held>();
  for (const one of held) {
    const other = byDay.get(one.on);
    const nearer = other && (off === 'next' ? one.day > other.day : one.day < other.day);
    if (!other || nearer) byDay.set(one.on, one);
  }
  return [...byDay.values()].sort((a, b) => (a.on < b.on ? -1 : 1));
}

/**
 * A clock time that the zone skips is an hour later, one that comes twice is the first: https://www.rfc-editor.org/rfc/rfc5545#section-3.3.5
 */
function slotOf({ day, on, why }: Held, { recurrence, lengthMs }: Schedule, { timezone }: WorkHours): Slot {
  const clock = 'once' in recurrence ? recurrence.once.slice(11) : recurrence.at;
  const start = Temporal.PlainDateTime.from(`${on}T${clock}`).toZonedDateTime(timezone).epochMilliseconds;
  return {
    day,
    start: new Date(start),
    end: new Date(start + lengthMs),
    ...(on === day ? {} : { movedFrom: { day, why } }),
  };
}
