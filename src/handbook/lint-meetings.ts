/** The meetings of `meetings.yaml`: when they are held, who leads, writes and is called, each against the company. Pure. */
import { z } from 'zod';
import { plusDays } from '../core/calendar-cn.ts';
import { type Called, MeetingRule, type Someone } from '../meetings/rule.ts';
import { lengthOf, nextSlot, type Recurrence, readRecurrence, scheduleOf } from '../meetings/schedule.ts';
import { type At, channelThere, NOTICE, roleStaffed } from './lint-names.ts';
import type { Checked, Finding, LintInput, Path, Saying } from './model.ts';
import { nearest } from './nearest.ts';

/** The whole of `meetings.yaml`. */
export const Meetings = z.strictObject({ meetings: z.array(MeetingRule).max(500) });
export type Meetings = z.infer<typeof Meetings>;

export function lintMeetings({ file, value }: Checked<Meetings>, input: LintInput): Finding[] {
  const at: At = (path, saying, more = {}) => ({ file, path, saying, ...more });
  const first = new Map<string, Path>();
  return value.meetings.flatMap((rule, i) => {
    const path = ['meetings', i];
    const before = first.get(rule.id);
    if (!before) first.set(rule.id, [...path, 'id']);
    return [
      ...(before
        ? [at([...path, 'id'], { code: 'meeting-twice', id: rule.id, line: input.lineOf(file, before) })]
        : []),
      ...whenHeld(rule, path, input, at),
      ...someone(rule.chair, 'chair', [...path, 'chair'], input, at),
      ...someone(rule.minutes.by, 'by', [...path, 'minutes', 'by'], input, at),
      ...(rule.who === 'everyone' ? [] : rule.who.flatMap((one, j) => called(one, [...path, 'who', j], input, at))),
      ...channelThere(rule.channel, [...path, 'channel'], input, at),
    ];
  });
}

// --- when ---

function whenHeld(rule: MeetingRule, path: Path, input: LintInput, at: At): Finding[] {
  const { every, on, from, until } = rule;
  if (every !== undefined && on !== undefined) {
    return [at([...path, 'on'], { code: 'meeting-when-both' }, { onKey: true })];
  }
  const text = every ?? on;
  if (text === undefined) return [at(path, { code: 'meeting-when-missing' })];
  const read = readRecurrence(text, input.today);
  const wrong = every === undefined ? single(text, read, input.today) : recurring(text, read);
  const faults = [
    ...(wrong ? [at([...path, every === undefined ? 'on' : 'every'], wrong)] : []),
    ...(from !== undefined && until !== undefined && from > until
      ? [at([...path, 'from'], { code: 'meeting-bounds-order', from, until })]
      : []),
    ...(lengthOf(rule) === undefined ? [at([...path, 'length'], { code: 'meeting-length' })] : []),
    ...(every === undefined ? boundsOfSingle(rule, path, at) : []),
  ];
  return faults.length > 0 ? faults : everHeld(rule, path, input, at);
}

function recurring(text: string, read: Recurrence | undefined): Saying | undefined {
  if (!read) return { code: 'meeting-every-unreadable', text };
  return 'once' in read ? { code: 'meeting-every-single', text } : undefined;
}

/** What is read today must be the same day when the handbook is read again next year. */
function single(text: string, read: Recurrence | undefined, today: string): Saying | undefined {
  if (!read) return { code: 'meeting-on-unreadable', text };
  if (!('once' in read)) return { code: 'meeting-on-recurs', text };
  const later = readRecurrence(text, plusDays(today, 400));
  const stable = later !== undefined && 'once' in later && later.once === read.once;
  return stable ? undefined : { code: 'meeting-on-no-year', text };
}

function boundsOfSingle(rule: MeetingRule, path: Path, at: At): Finding[] {
  return (['from', 'until'] as const).flatMap((key) =>
    rule[key] === undefined ? [] : [at([...path, key], { code: 'meeting-bounds-single', key }, { onKey: true })],
  );
}

/** Nothing to mend, but perhaps not meant: a meeting that is over, or that no day is left for. */
function everHeld(rule: MeetingRule, path: Path, { company, today }: LintInput, at: At): Finding[] {
  const schedule = scheduleOf(rule, today);
  if (!schedule || !company) return [];
  const { recurrence } = schedule;
  if ('once' in recurrence) {
    const day = recurrence.once.slice(0, 10);
    return day < today ? [at([...path, 'on'], { code: 'meeting-past', day }, NOTICE)] : [];
  }
  if (nextSlot(schedule, new Date(`${plusDays(today, -1)}T00:00:00Z`), company.value.hours)) return [];
  return [at([...path, 'every'], { code: 'meeting-never' }, NOTICE)];
}

// --- who ---

/** Who leads and who writes must be somebody: without them there is no meeting and there are no minutes. */
function someone(who: Someone, as: 'chair' | 'by', path: Path, input: LintInput, at: At): Finding[] {
  if ('role' in who) return roleStaffed(who.role, [...path, 'role'], input, at);
  return person(who.person, as, [...path, 'person'], input, at);
}

function called(who: Called, path: Path, input: LintInput, at: At): Finding[] {
  if ('role' in who) return roleStaffed(who.role, [...path, 'role'], input, at);
  if ('person' in who) return person(who.person, 'who', [...path, 'person'], input, at);
  return department(who.department, [...path, 'department'], input, at);
}

function person(id: string, as: 'chair' | 'by' | 'who', path: Path, { company, known }: LintInput, at: At): Finding[] {
  if (!company) return [];
  const found = company.value.people.find((one) => one.id === id);
  if (found?.active === false) {
    return [at(path, { code: 'meeting-person-left', person: found.name, as }, as === 'who' ? NOTICE : {})];
  }
  if (found || known.people.has(id)) return [];
  return [at(path, { code: 'person-unknown', person: id, near: nearest(id, known.people) })];
}

function department(name: string, path: Path, { company }: LintInput, at: At): Finding[] {
  if (!company) return [];
  const departments = new Set(company.value.people.flatMap((one) => (one.active ? (one.department ?? []) : [])));
  if (departments.has(name)) return [];
  return [at(path, { code: 'meeting-department', department: name, near: nearest(name, departments) })];
}
