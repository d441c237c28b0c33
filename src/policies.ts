/** "When this happened, do that": the only place where modules set each other in motion. */
import { localDate } from './core/calendar.ts';
import type { Policy } from './core/handle.ts';
import type { Command, JsonObject } from './core/message.ts';
import type { Tx } from './core/module.ts';
import { takenAt } from './decisions/listing.ts';
import { openOf, openOfOthersThan } from './decisions/store.ts';
import { lineUp } from './directory/lookup.ts';
import type { Meeting, MeetingsWorld, Minutes, Series } from './meetings/model.ts';
import { dropped, plan } from './meetings/planning.ts';
import {
  chatSeries,
  minutesOf,
  plannedOf,
  plannedWith,
  type Reader,
  readMeeting,
  takenDays,
} from './meetings/store.ts';
import { openFor, openForOthersThan } from './requests/store.ts';

const ABSENCE = new Set(['absence-recorded', 'absence-began', 'absence-over', 'absence-ended']);
/** The rule's own day may lie so far before the one to which a holiday moved it. */
const BACK_MS = 20 * 86_400_000;
const REPLAN = new Set(['meeting-ended', 'meeting-cancelled', 'series-set', 'series-ended']);

export const policies: Policy<MeetingsWorld> = async ({ subject, event }, tx, { actor, at, world }) => {
  if (ABSENCE.has(event.type)) return onAbsence(event.data as { person: string; deputy: string }, tx, at, world);
  if (event.type === 'minutes-filed' || event.type === 'minutes-corrected')
    return onMinutes(subject, event.data as Minutes, tx);
  // what the rules call off follows from planning, which sees to the rest by itself
  const planned = event.type === 'meeting-cancelled' && actor.kind === 'clock';
  const { reason } = event.type === 'series-ended' ? (event.data as { reason: string }) : {};
  return REPLAN.has(event.type) && !planned ? planning(tx, at, world, reason) : [];
};

/** Somebody leaves or returns: what waits for them, or for whoever stands in for them, is looked at again (D4). */
async function onAbsence(
  { person, deputy }: { person: string; deputy: string },
  tx: Tx,
  at: Date,
  { directory }: MeetingsWorld,
): Promise<Command[]> {
  const people = new Set([person, deputy]);
  for (const id of [person, deputy]) for (const up of lineUp(directory, id)) people.add(up.id);
  for (const absence of directory.absences) people.add(absence.deputy);
  const [numbers, meetings] = [await openFor(tx, [...people]), await plannedWith(tx, [...people], at)];
  const gone = [...directory.people.values()].filter((one) => !one.active).map((one) => one.id);
  const decisions = await openOf(tx, [person, ...directory.absences.map((absence) => absence.person), ...gone]);
  return [
    ...numbers.map((subject): Command => ({ name: 'requests.reassign', subject, args: {} })),
    ...meetings.map((subject): Command => ({ name: 'meetings.reattend', subject, args: {} })),
    ...decisions.map((subject): Command => ({ name: 'decisions.hand', subject, args: {} })),
  ];
}

/**
 * Each decision of the minutes goes its own way: a new one is taken, a corrected one amended, one that is no more is void. A correction changes
 * what it corrects and nothing else: a date that was put off since, or another owner, stays.
 */
async function onMinutes(subject: string, minutes: Minutes, tx: Tx): Promise<Command[]> {
  const meeting = (await readMeeting(tx, subject)) as Meeting;
  const { chair, series, title: meetingTitle, parties } = meeting;
  const [taken, versions] = [await takenAt(tx, subject), await minutesOf(tx, subject)];
  const before = new Map(taken.map((one) => [one.number, one]));
  const noted = new Map(
    versions.findLast((one) => one.version < minutes.version)?.decisions.map((one) => [one.number, one]),
  );
  const now = new Set(minutes.decisions.map((line) => line.number));
  const kept = minutes.decisions.map(({ number, text, owner, due }): Command => {
    const [one, was] = [before.get(number), noted.get(number)];
    if (one) {
      const changed = { owner: was?.owner === owner ? one.owner : owner, due: was?.due === due ? one.due : due };
      return { name: 'decisions.amend', subject: number, args: { text, ...changed, parties } };
    }
    const of = { chair, meeting: subject, ...(series ? { series } : {}), meetingTitle, parties };
    return { name: 'decisions.take', subject: undefined, args: { number, text, owner, due, ...of } };
  });
  const gone = [...before.keys()].filter((number) => !now.has(number));
  return [...kept, ...gone.map((number): Command => ({ name: 'decisions.void', subject: number, args: {} }))];
}

/** The meetings that the rules ask for and the books do not have; the moved ones, and those that are no more. */
async function planning(
  sql: Reader,
  at: Date,
  { meetings, directory }: MeetingsWorld,
  reason?: string,
): Promise<Command[]> {
  const { hours } = directory.company;
  const series: Series[] = [...meetings.map((rule) => ({ id: rule.id, rule })), ...(await chatSeries(sql))];
  const planned = await plannedOf(sql);
  const taken = await takenDays(sql, localDate(new Date(at.getTime() - BACK_MS), hours.timezone));
  return [...dropped(planned, series, at, reason), ...plan(series, { planned, taken }, at, hours)];
}

/** The handbook was read (at start, or again): what waits for people who have left goes to whoever acts for them now; meetings follow it. */
export async function onHandbook(sql: Reader, at: Date, world: MeetingsWorld): Promise<Command[]> {
  const active = [...world.directory.people.values()].filter((person) => person.active).map((person) => person.id);
  const [numbers, orphans] = [await openForOthersThan(sql, active), await openOfOthersThan(sql, active)];
  const left = [...world.directory.people.values()].filter((person) => !person.active).map((person) => person.id);
  const called = left.length > 0 ? await plannedWith(sql, left, at) : [];
  const command =
    (name: string) =>
    (subject: string): Command => ({ name, subject, args: {} as JsonObject });
  return [
    ...numbers.map(command('requests.reassign')),
    ...orphans.map(command('decisions.orphan')),
    ...called.map(command('meetings.reattend')),
    ...(await planning(sql, at, world)),
  ];
}
