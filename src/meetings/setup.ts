/** A new meeting as somebody asks for it, in a line or a form: read into a rule, or what is wrong with it by field. Pure. */
import { localDate } from '../core/calendar.ts';
import type { Language } from '../core/chat.ts';
import { cleanLine, foldWidth } from '../core/text.ts';
import { holders, personByName } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import { meetingAnswerWords } from '../words/meeting-answers.ts';
import { type Called, MeetingRule } from './rule.ts';
import { nextSlot, type Recurrence, readRecurrence, scheduleOf, slotsBetween } from './schedule.ts';

export type NewFault = 'empty' | 'when' | 'when-past' | 'length' | 'person' | { who: string };
export type SetUp = { rule: MeetingRule; once?: { start: string; end: string } } | { faults: Record<string, NewFault> };

const MOST_CALLED = 200;

/** @param values by field of the form; people are ids */
export function readSetUp(values: Record<string, string>, directory: Directory, at: Date): SetUp {
  const faults: Record<string, NewFault> = {};
  const { timezone, hours } = directory.company;
  const title = (values.title ?? '').trim();
  if (title === '') faults.title = 'empty';
  const minutes = Number(foldWidth(values.length ?? '60'));
  if (!Number.isInteger(minutes) || minutes < 5 || minutes > 1440) faults.length = 'length';
  const recurrence = readRecurrence(values.when ?? '', localDate(at, timezone));
  if (!recurrence) faults.when = 'when';
  else if (rolledOver(values.when ?? '', recurrence, at)) faults.when = 'when-past';
  const who = readWho(values.who ?? '', directory);
  if ('unknown' in who) faults.who = who.unknown === '' ? 'empty' : { who: who.unknown };
  for (const field of ['chair', 'taker'])
    if (!directory.people.get(values[field] ?? '')?.active) faults[field] = 'person';
  if (!recurrence || 'unknown' in who || Object.keys(faults).length > 0) return { faults };
  const rule = ruleOf(values, title, minutes, recurrence, who.who);
  if (!rule) return { faults: { title: 'empty' } };
  const schedule = scheduleOf(rule, localDate(at, timezone));
  const next = schedule && nextSlot(schedule, at, hours);
  if (!next) return { faults: { when: 'when-past' } };
  if (!('once' in recurrence)) return { rule };
  return { rule, once: { start: next.start.toISOString(), end: next.end.toISOString() } };
}

function ruleOf(
  values: Record<string, string>,
  title: string,
  minutes: number,
  recurrence: Recurrence,
  who: MeetingRule['who'],
): MeetingRule | undefined {
  const channel = values.channel && values.channel !== '-' ? { channel: values.channel } : {};
  const place = values.place?.trim() ? { place: values.place.trim() } : {};
  // a single one keeps its day, whenever it is read again
  const when = 'once' in recurrence ? { on: recurrence.once } : { every: (values.when ?? '').trim() };
  const rule = MeetingRule.safeParse({
    id: 'chat',
    title: { zh: cleanLine(title, 75), en: cleanLine(title, 75) },
    ...when,
    length: `${minutes}m`,
    who,
    chair: { person: values.chair },
    minutes: { by: { person: values.taker } },
    ...channel,
    ...place,
  });
  return rule.success ? rule.data : undefined;
}

const EVERYONE = /^(?:全员|全体|所有人|大家|everyone|everybody|all)$/i;

function readWho(text: string, directory: Directory): { who: MeetingRule['who'] } | { unknown: string } {
  const names = text
    .split(/[、，,;；\n]|\s+(?=@)/u)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.some((name) => EVERYONE.test(foldWidth(name)))) return { who: 'everyone' };
  const unknown: string[] = [];
  const called = names.flatMap((name): Called[] => {
    const one = calledBy(name, directory);
    if (!one) unknown.push(name);
    return one ? [one] : [];
  });
  const [first, ...rest] = called.slice(0, MOST_CALLED);
  if (unknown.length > 0 || !first) return { unknown: unknown.join('、') };
  return { who: [first, ...rest] };
}

function calledBy(name: string, directory: Directory): Called | undefined {
  const [person, ...others] = personByName(directory, name);
  if (person?.active && others.length === 0) return { person: person.id };
  const department = [...directory.people.values()].find((one) => one.active && one.department === name)?.department;
  if (department) return { department };
  const role = foldWidth(name).toLowerCase();
  return holders(directory, role).length > 0 ? { role } : undefined;
}

/** `12-10 14:00 选题会 @李娜 @王晓文`: as much of the beginning as names a time, then the title, then people by @. */
export function readNewLine(text: string, today: string): { when: string; title: string; who: string } | undefined {
  const words = text.trim().split(/\s+/u);
  for (let length = Math.min(words.length, 10); length > 0; length--) {
    const when = words.slice(0, length).join(' ');
    if (!readRecurrence(when, today)) continue;
    const rest = words.slice(length);
    const first = rest.findIndex((word) => word.startsWith('@'));
    const title = rest.slice(0, first === -1 ? undefined : first).join(' ');
    const who =
      first === -1
        ? ''
        : rest
            .slice(first)
            .join('、')
            .replace(/、(?!@)/g, ' ');
    return { when, title, who: who.replace(/@/g, '') };
  }
  return undefined;
}

const HALF_A_YEAR_MS = 183 * 86_400_000;

/** `11-20` on the 22nd would be next year's: more likely a slip than a plan, so the year must be written. */
function rolledOver(text: string, recurrence: Recurrence, at: Date): boolean {
  if (!('once' in recurrence) || /\d{4}/.test(foldWidth(text).replace(/\d{1,2}:?\d{2}\s*$/, ''))) return false;
  return Date.parse(`${recurrence.once}:00Z`) - at.getTime() > HALF_A_YEAR_MS;
}

/** The new time of a meeting that is moved, with its length kept. */
export function readMove(text: string, directory: Directory, at: Date): string | undefined {
  const { timezone, hours } = directory.company;
  const recurrence = readRecurrence(text, localDate(at, timezone));
  if (!recurrence || !('once' in recurrence) || rolledOver(text, recurrence, at)) return undefined;
  const far = new Date(at.getTime() + 1500 * 86_400_000);
  const past = new Date(at.getTime() - 1500 * 86_400_000);
  return slotsBetween({ recurrence, lengthMs: 60_000, off: 'keep' }, past, far, hours)[0]?.start.toISOString();
}

/** What is wrong, as a sentence at each field. */
export function saySetUpFaults(faults: Record<string, NewFault>, language: Language): Record<string, string> {
  const w = meetingAnswerWords(language).faults;
  const say = (fault: NewFault): string => (typeof fault === 'object' ? w.who(fault.who) : w[fault]);
  return Object.fromEntries(Object.entries(faults).map(([field, fault]) => [field, say(fault)]));
}
