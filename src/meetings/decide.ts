/** What may happen to a meeting now: who may answer, move, cancel, write; what the clock still has to say and what is dropped. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { addDuration, localDate, workingMsBetween } from '../core/calendar.ts';
import { type Actor, byOf, type Command, type Decision, refuse } from '../core/message.ts';
import type { Moment } from '../core/module.ts';
import { lineUp, nextUp, standInFor } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import { attendeeOn, type Calling, callFor } from './calling.ts';
import { incompleteIn } from './minutes.ts';
import {
  type Act,
  Args,
  type ArgsOf,
  type Attendee,
  type Meeting,
  type MeetingEvent,
  type MeetingsWorld,
  type Minutes,
} from './model.ts';
import type { MeetingRule } from './rule.ts';

export interface Facts {
  /** for schedule: the number that it will have; whether this occurrence exists already */
  number?: string;
  exists?: boolean;
  /** for file-minutes: a number for each decision that has none yet */
  numbers?: string[];
  /** for add-topic */
  topic?: string;
}

type M = Moment<MeetingsWorld>;
type Verdict = Decision<MeetingEvent>;
type On<A extends Act> = (meeting: Meeting, args: ArgsOf<A>, moment: M, facts: Facts) => Verdict;

/** A promise that is kept so much after its time is told as late. */
export const LATE_MS = 10 * 60_000;
const MOST_TOPICS = 40;
const LONGEST_MS = 24 * 3_600_000;

const rules: { [A in Exclude<Act, 'schedule'>]: On<A> } = {
  follow: (meeting, { rule }, moment) => {
    if (gone(meeting, moment)) return refuse('over');
    const { chair, minuteTaker, attendees } = calledBy(rule, meeting, moment);
    const asked = withAnswers(attendees, meeting);
    return { events: [{ type: 'meeting-revised', data: { chair, minuteTaker, attendees: asked, rule } }] };
  },
  invite: (meeting, { due }, moment) => {
    if (gone(meeting, moment) || meeting.invitedAt) return refuse('over');
    const called = calledBy(meeting.rule, meeting, moment);
    const attendees = withAnswers(called.attendees, meeting);
    return { events: [{ type: 'meeting-invited', data: { ...called, attendees, due, ...lateness(due, moment) } }] };
  },
  remind: (meeting, { due }, moment) => {
    // told since, by a later reminder, or about to be, by the invitation that was due before: after an outage one comes, not all
    if (gone(meeting, moment) || !meeting.toldAt || meeting.toldAt >= due) return refuse('over');
    return { events: [{ type: 'meeting-reminded', data: { due, ...lateness(due, moment) } }] };
  },
  end: (meeting, _args, moment) => {
    if (meeting.state !== 'planned' || moment.at.toISOString() < meeting.end) return refuse('over');
    const due = addDuration(new Date(meeting.end), meeting.rule.minutes.within, hoursOf(moment));
    return { events: [{ type: 'meeting-ended', data: { minutesDue: due.toISOString() } }] };
  },
  answer: (meeting, args, moment) => {
    const person = byOf(moment.actor);
    const own = meeting.attendees.find((one) => one.person === person);
    if (!own) return refuse(meeting.parties.includes(person) ? 'not-called' : 'not-yours');
    if (gone(meeting, moment)) return refuse('meeting-over', over(meeting));
    if (args.start !== undefined && args.start !== meeting.start) return refuse('moved-since');
    if (args.answer === 'deputy') return deputise(meeting, args, person, moment);
    const reason = args.reason ? { reason: args.reason } : {};
    if (own.answer === args.answer && own.reason === args.reason) return refuse('answered-so');
    return { events: [{ type: 'attendance-answered', data: { person, answer: args.answer, ...reason } }] };
  },
  reattend: (meeting, _args, moment) => {
    if (gone(meeting, moment) || !meeting.invitedAt) return refuse('over');
    const changed = meeting.attendees.flatMap((one) => standingIn(one, meeting, moment));
    return { events: changed.map((data): MeetingEvent => ({ type: 'attendance-answered', data })) };
  },
  'add-topic': (meeting, args, moment, facts) => {
    const by = byOf(moment.actor);
    if (!meeting.parties.includes(by)) return refuse('not-yours');
    if (gone(meeting, moment)) return refuse('meeting-over', over(meeting));
    if (meeting.topics.length >= MOST_TOPICS) return refuse('too-many-topics', { most: MOST_TOPICS });
    return { events: [{ type: 'topic-added', data: { id: facts.topic ?? '', text: args.text, by } }] };
  },
  'drop-topic': (meeting, args, moment) => {
    const topic = meeting.topics.find((one) => one.id === args.topic);
    if (!topic) return refuse('no-topic');
    if (gone(meeting, moment)) return refuse('meeting-over', over(meeting));
    if (topic.by !== byOf(moment.actor) && !leads(meeting, moment))
      return refuse('only-chair', { chair: meeting.chair });
    return { events: [{ type: 'topic-dropped', data: { id: topic.id } }] };
  },
  move: (meeting, args, moment) => {
    if (moment.actor.kind === 'person' && !leads(meeting, moment))
      return refuse('only-chair', { chair: meeting.chair });
    if (gone(meeting, moment) || meeting.minutes) return refuse('meeting-over', over(meeting));
    // a person chose another time just while the plan was made
    if (moment.actor.kind === 'clock' && meeting.fixed) return refuse('over');
    const end = args.end ?? new Date(Date.parse(args.start) + lengthOf(meeting)).toISOString();
    if (args.start === meeting.start && end === meeting.end) return refuse('same-time');
    if (args.start <= moment.at.toISOString()) return refuse('in-the-past');
    return { events: [moved(meeting, args, end, moment)] };
  },
  cancel: (meeting, args, moment) => {
    if (moment.actor.kind === 'person' && !leads(meeting, moment))
      return refuse('only-chair', { chair: meeting.chair });
    // one that ended may still turn out not to have taken place: then nobody owes minutes of it
    if (meeting.state === 'cancelled' || meeting.minutes) return refuse('meeting-over', over(meeting));
    return { events: [{ type: 'meeting-cancelled', data: { reason: args.reason } }] };
  },
  'remind-minutes': (meeting, { due, when }, { at, world }) => {
    if (!owed(meeting)) return refuse('over');
    // long past its moment: what is said at the due moment, or after it, says it all
    if (when === 'before' && at.toISOString() >= (meeting.minutesDue ?? '')) return refuse('over');
    return { events: [{ type: 'minutes-reminded', data: { due, when, to: writer(meeting, world.directory) } }] };
  },
  'chase-minutes': (meeting, { due }, { world }) => {
    if (!owed(meeting)) return refuse('over');
    const to = writer(meeting, world.directory);
    // whose minutes they are: not the superior of whoever stands in, nor the one who stands in
    const superior = lineUp(world.directory, meeting.minuteTaker).find((one) => one.active && one.id !== to)?.id;
    const data = {
      since: meeting.minutesDue ?? due,
      asked: (meeting.overdue?.asked ?? 0) + 1,
      to,
      // whoever acts for an absent superior hears of it as well (D4)
      superiors: superior ? [...new Set([superior, actingFor(superior, world.directory)])] : [],
    };
    return { events: [{ type: 'minutes-overdue', data }] };
  },
  'file-minutes': (meeting, args, moment, facts) => {
    const may = mayWrite(meeting, byOf(moment.actor), directoryOf(moment));
    if (!may) return refuse('not-minute-taker', { taker: writer(meeting, directoryOf(moment)) });
    if (meeting.state === 'cancelled') return refuse('meeting-over', over(meeting));
    if (moment.at.toISOString() < meeting.start) return refuse('not-yet-held', { start: meeting.start });
    if (args.seen !== (meeting.minutes?.version ?? 0))
      return refuse('minutes-changed', { by: meeting.minutes?.by ?? '' });
    return filed(meeting, args, moment, facts);
  },
};

export function decide(meeting: Meeting | undefined, command: Command, facts: Facts, moment: M): Verdict {
  const act = command.name.slice('meetings.'.length) as Act;
  if (!(act in Args)) return refuse('unknown-command');
  const args = Args[act].safeParse(command.args);
  if (!args.success) return refuse('unreadable');
  if (CLOCKWORK.has(act) && moment.actor.kind !== 'clock') return refuse('unknown-command');
  if (act === 'schedule') return schedule(args.data as ArgsOf<'schedule'>, facts, moment);
  if (meeting === undefined) return refuse('unknown-meeting', { number: command.subject ?? '' });
  return (rules[act] as On<typeof act>)(meeting, args.data as never, moment, facts);
}

const CLOCKWORK: ReadonlySet<Act> = new Set([
  'follow',
  'invite',
  'remind',
  'end',
  'reattend',
  'remind-minutes',
  'chase-minutes',
]);

function schedule(args: ArgsOf<'schedule'>, facts: Facts, moment: M): Verdict {
  const { start, end, rule, series, day, movedFrom } = args;
  if (facts.exists) return refuse('exists');
  if (start <= moment.at.toISOString()) return refuse('in-the-past');
  if (end <= start || Date.parse(end) - Date.parse(start) > LONGEST_MS) return refuse('bad-length');
  const calling = callFor(rule, directoryOf(moment), dayOf(start, moment));
  if (!calling) return refuse('nobody-leads');
  const of = { ...(series ? { series } : {}), ...(day ? { day } : {}), ...(movedFrom ? { movedFrom } : {}) };
  const data = {
    number: facts.number ?? '',
    ...of,
    rule,
    start,
    end,
    fixed: moment.actor.kind === 'person',
    ...calling,
  };
  return { events: [{ type: 'meeting-scheduled', data }] };
}

function deputise(meeting: Meeting, args: ArgsOf<'answer'>, person: string, moment: M): Verdict {
  const deputy = args.deputy ?? '';
  if (deputy === person) return refuse('deputy-self');
  if (!directoryOf(moment).people.get(deputy)?.active) return refuse('unknown-person', { person: deputy });
  const clash = meeting.attendees.find((one) => one.person === deputy);
  if (clash) return refuse('deputy-called', { person: deputy });
  const reason = args.reason ? { reason: args.reason } : {};
  const data: Attendee = { person, answer: 'deputy', deputy: { person: deputy }, ...reason };
  return { events: [{ type: 'attendance-answered', data }] };
}

/** Whoever said no, or named somebody on the card, has spoken for themselves; for all others their absence speaks (D4). */
function standingIn(one: Attendee, meeting: Meeting, moment: M): Attendee[] {
  const speaks = one.answer === 'open' || one.answer === 'yes' || one.away || one.deputy?.away;
  if (!speaks) return [];
  const others = meeting.attendees.filter(({ person }) => person !== one.person).map(({ person }) => person);
  const now = attendeeOn(one.person, directoryOf(moment), dayOf(meeting.start, moment), new Set(others));
  const kept = now.answer === 'open' && !one.deputy && !one.away;
  return kept || (now.answer === one.answer && now.deputy?.person === one.deputy?.person) ? [] : [now];
}

function moved(meeting: Meeting, args: ArgsOf<'move'>, end: string, moment: M): MeetingEvent {
  const day = dayOf(args.start, moment);
  const calling = callFor({ ...meeting.rule, who: sameAs(meeting) }, directoryOf(moment), day);
  const asked = meeting.attendees.map(({ person }): Attendee => ({ person, answer: 'open' }));
  const data = {
    from: meeting.start,
    start: args.start,
    end,
    ...(args.reason ? { reason: args.reason } : {}),
    ...(args.movedFrom ? { movedFrom: args.movedFrom } : {}),
    fixed: moment.actor.kind === 'person',
    attendees: calling?.attendees ?? asked,
  };
  return { type: 'meeting-moved', data };
}

/** Who has answered, has answered: before the invitation too, from the card that `/meeting list` shows. */
function withAnswers(attendees: readonly Attendee[], meeting: Meeting): Attendee[] {
  const spoken = meeting.attendees.filter((one) => meeting.invitedAt || (one.answer !== 'open' && !one.deputy?.away));
  const known = new Map(spoken.map((one) => [one.person, one]));
  return attendees.map((one) => known.get(one.person) ?? one);
}

function sameAs(meeting: Meeting): MeetingRule['who'] {
  const [first = { person: meeting.chair }, ...rest] = meeting.attendees.map(({ person }) => ({ person }));
  return [first, ...rest];
}

function filed(meeting: Meeting, args: ArgsOf<'file-minutes'>, moment: M, facts: Facts): Verdict {
  const known = new Set(meeting.minutes?.decisions.map((line) => line.number));
  if (args.decisions.some((line) => line.number !== undefined && !known.has(line.number))) return refuse('unreadable');
  const named = args.decisions.flatMap((line) => line.number ?? []);
  if (new Set(named).size < named.length) return refuse('unreadable');
  if (args.topics.length === 0) return refuse('no-topics');
  if (args.present.length === 0) return refuse('nobody-present');
  const lines = incompleteIn(args.decisions, directoryOf(moment), dayOf(meeting.start, moment), meeting.minutes);
  if (lines.length > 0) return refuse('minutes-incomplete', { lines: lines.map((line) => ({ ...line })) });
  const fresh = [...(facts.numbers ?? [])];
  const decisions = args.decisions.map((line) => ({ ...line, number: line.number ?? fresh.shift() ?? '' }));
  const before = meeting.minutes;
  const same = before && [before.topics, before.present, before.decisions];
  if (same && isDeepStrictEqual(plainly(same), plainly([args.topics, args.present, decisions])))
    return refuse('nothing-changed');
  const late = before ? before.late : lateBy(meeting, moment);
  const data: Minutes = {
    version: (before?.version ?? 0) + 1,
    topics: args.topics,
    present: args.present,
    decisions,
    source: args.source,
    by: byOf(moment.actor),
    at: moment.at.toISOString(),
    ...(late ? { late } : {}),
  };
  return { events: [{ type: before ? 'minutes-corrected' : 'minutes-filed', data }] };
}

const plainly = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** On record with the first version: a later correction makes nothing late, and nothing timely. */
function lateBy(meeting: Meeting, moment: M): Minutes['late'] {
  const due = meeting.minutesDue && new Date(meeting.minutesDue);
  if (!due || moment.at <= due) return undefined;
  const workingMs = workingMsBetween(due, moment.at, hoursOf(moment));
  return { ms: moment.at.getTime() - due.getTime(), workingMs };
}

// --- who, and when ---

/** The chair, and whoever stands in for them; those above them too. */
export function leads(meeting: Meeting, { actor, world }: { actor: Actor; world: MeetingsWorld }): boolean {
  return mayLead(meeting, byOf(actor), world.directory);
}

export function mayLead({ chair }: Meeting, person: string, directory: Directory): boolean {
  const above = lineUp(directory, chair).some((one) => one.id === person);
  return person === chair || above || actingFor(chair, directory) === person;
}

/** The minute-taker, their superior and the chair; and whoever stands in for one of them. */
export function mayWrite(meeting: Meeting, person: string, directory: Directory): boolean {
  const { minuteTaker, chair } = meeting;
  const superiors = [minuteTaker, writer(meeting, directory)].flatMap((one) => nextUp(directory, one)?.id ?? []);
  const entitled = [minuteTaker, chair, ...superiors];
  return entitled.some((one) => one === person || actingFor(one, directory) === person);
}

/** Who owes the minutes today (D4). */
export function writer({ minuteTaker }: Meeting, directory: Directory): string {
  return actingFor(minuteTaker, directory);
}

function actingFor(person: string, directory: Directory): string {
  const acting = standInFor(directory, person);
  return 'person' in acting ? acting.person : person;
}

/** Whom the rule calls on the day of the meeting; where nobody could lead or write by it, it stays as it is. */
function calledBy(rule: MeetingRule, { chair, minuteTaker, attendees, start }: Meeting, moment: M): Calling {
  return callFor(rule, directoryOf(moment), dayOf(start, moment)) ?? { chair, minuteTaker, attendees };
}

/** Cancelled, or its time is over: nobody is called to it any more. */
export function gone(meeting: Meeting, { at }: Pick<M, 'at'>): boolean {
  return meeting.state !== 'planned' || at.toISOString() >= meeting.end;
}

const owed = (meeting: Meeting): boolean => meeting.state === 'ended' && meeting.minutes === undefined;
/** What is over is so before the clock has written it down. */
export const over = ({ state, number }: Meeting) => ({ state: state === 'planned' ? 'ended' : state, number });
const lengthOf = ({ start, end }: Meeting): number => Date.parse(end) - Date.parse(start);
const directoryOf = ({ world }: M): Directory => world.directory;
const hoursOf = ({ world }: M) => world.directory.company.hours;
const dayOf = (at: string, moment: M): string => localDate(new Date(at), directoryOf(moment).company.timezone);

function lateness(due: string, { at }: M): { late?: true } {
  return at.getTime() - Date.parse(due) > LATE_MS ? { late: true } : {};
}
