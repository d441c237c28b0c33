/** Being away and coming back (D4): what may be recorded, so that somebody can always act. */
import { startOfDay } from '../core/calendar.ts';
import { byOf, type Command, type Decision, refuse } from '../core/message.ts';
import type { Effect, Moment } from '../core/module.ts';
import type { Absence, Directory } from './model.ts';

export interface AbsenceState extends Absence {
  ended: boolean;
}
export type AbsenceEvent =
  | { type: 'absence-recorded'; data: { id: string; person: string; from: string; to: string; deputy: string } }
  | { type: 'absence-began'; data: { person: string; deputy: string } }
  | { type: 'absence-over'; data: { person: string; deputy: string } }
  | { type: 'absence-ended'; data: { person: string; deputy: string } };

type Told = Moment<{ directory: Directory }>;
const LONGEST_DAYS = 366;

export function decideAbsence(
  absence: AbsenceState | undefined,
  command: Command,
  facts: { id?: string },
  moment: Told,
): Decision<AbsenceEvent> {
  if (command.name === 'directory.leave') return leave(command, facts.id ?? '', moment);
  if (absence === undefined || absence.ended) return refuse('not-away');
  const data = { person: absence.person, deputy: absence.deputy };
  switch (command.name) {
    case 'directory.back':
      if (byOf(moment.actor) !== absence.person) return refuse('not-away');
      return { events: [{ type: 'absence-ended', data }] };
    case 'directory.begin':
      return moment.actor.kind === 'clock' ? { events: [{ type: 'absence-began', data }] } : refuse('not-away');
    case 'directory.over':
      return moment.actor.kind === 'clock' ? { events: [{ type: 'absence-over', data }] } : refuse('not-away');
    default:
      return refuse('unknown-command');
  }
}

function leave({ args }: Command, id: string, moment: Told): Decision<AbsenceEvent> {
  const { directory } = moment.world;
  const person = byOf(moment.actor);
  const [from, to, deputy] = [String(args.from), String(args.to), String(args.deputy)];
  if (!isDay(from) || !isDay(to) || from > to || to < directory.today) return refuse('bad-dates');
  if (days(from, to) > LONGEST_DAYS) return refuse('too-long');
  if (deputy === person) return refuse('self');
  if (!directory.people.get(deputy)?.active) return refuse('unknown-deputy', { name: deputy });
  const clash = directory.absences.find((a) => a.person === person && a.from <= to && from <= a.to);
  if (clash) return refuse('overlap', { from: clash.from, to: clash.to });
  if (leadsBack(directory, deputy, person, from, to)) return refuse('circle', { person: deputy });
  return { events: [{ type: 'absence-recorded', data: { id, person, from, to, deputy } }] };
}

/** Does somebody's deputy, or the deputy's deputy …, in those days come round to `person`? */
function leadsBack(
  directory: Directory,
  deputy: string,
  person: string,
  from: string,
  to: string,
  seen: string[] = [],
): boolean {
  if (deputy === person) return true;
  if (seen.includes(deputy)) return false;
  return directory.absences
    .filter((a) => a.person === deputy && a.from <= to && from <= a.to)
    .some((a) => leadsBack(directory, a.deputy, person, from, to, [...seen, deputy]));
}

export function evolveAbsence(absence: AbsenceState | undefined, event: AbsenceEvent): AbsenceState {
  if (event.type === 'absence-recorded') return { ...event.data, ended: false };
  if (absence === undefined) throw new Error(`${event.type} before absence-recorded`);
  return event.type === 'absence-began' ? absence : { ...absence, ended: true };
}

/** The clock moves what is pending when it begins, and back when it is over. */
export function absenceEffects(absence: AbsenceState, events: AbsenceEvent[], moment: Told): Effect[] {
  const zone = moment.world.directory.company.timezone;
  const timer = (name: 'begin' | 'over', day: string): Effect => ({
    kind: 'timer',
    key: `${absence.id}|${name}`,
    command: `directory.${name}`,
    args: {},
    due: startOfDay(day, zone),
  });
  return events.flatMap((event): Effect[] => {
    if (event.type === 'absence-recorded') {
      const begin = absence.from > moment.world.directory.today ? [timer('begin', absence.from)] : [];
      return [...begin, timer('over', dayAfter(absence.to))];
    }
    if (event.type !== 'absence-ended') return [];
    return ['begin', 'over'].map((name) => ({ kind: 'cancel', key: `${absence.id}|${name}` }));
  });
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function days(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000 + 1;
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
