/** "When this happened, do that": the only place where modules set each other in motion. */
import { localDate } from './core/calendar.ts';
import type { Policy } from './core/handle.ts';
import { byOf, type Command, type Event, type JsonObject } from './core/message.ts';
import type { Moment, Tx } from './core/module.ts';
import { cleanLine } from './core/text.ts';
import { isAffected } from './crisis/lookup.ts';
import type { Crisis, CrisisWorld } from './crisis/model.ts';
import { takenAt } from './decisions/listing.ts';
import { openOf, openOfOthersThan } from './decisions/store.ts';
import { companyLanguage, lineUp } from './directory/lookup.ts';
import type { Meeting, Minutes, Series } from './meetings/model.ts';
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
import type { Request } from './requests/model.ts';
import { heldBy, heldTexts, openFor, openForOthersThan, openMoneyRequests } from './requests/store.ts';
import { alarmText } from './signals/lookup.ts';
import type { Signal } from './signals/model.ts';
import { openIn, waitingWith } from './statements/store.ts';
import { crisisFollowWords } from './words/crisis-follow.ts';

export const ABSENCE: ReadonlySet<string> = new Set([
  'absence-recorded',
  'absence-began',
  'absence-over',
  'absence-ended',
]);
/** The rule's own day may lie so far before the one to which a holiday moved it. */
const BACK_MS = 20 * 86_400_000;
const REPLAN = new Set(['meeting-ended', 'meeting-cancelled', 'series-set', 'series-ended']);

export const policies: Policy<CrisisWorld> = async ({ subject, event, after }, tx, { actor, at, world }) => {
  if (ABSENCE.has(event.type)) return onAbsence(event.data as { person: string; deputy: string }, tx, at, world);
  if (event.type === 'minutes-filed' || event.type === 'minutes-corrected')
    return onMinutes(subject, event.data as Minutes, tx);
  const inCrisis = await onCrisis({ subject, event, after }, tx, { actor, at, world });
  if (inCrisis) return inCrisis;
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
  { directory }: CrisisWorld,
): Promise<Command[]> {
  const people = new Set([person, deputy]);
  for (const id of [person, deputy]) for (const up of lineUp(directory, id)) people.add(up.id);
  for (const absence of directory.absences) people.add(absence.deputy);
  const [numbers, meetings] = [await openFor(tx, [...people]), await plannedWith(tx, [...people], at)];
  const gone = [...directory.people.values()].filter((one) => !one.active).map((one) => one.id);
  const decisions = await openOf(tx, [person, ...directory.absences.map((absence) => absence.person), ...gone]);
  return [
    ...handing(await waitingWith(tx, [...people])),
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

type Happened = Parameters<Policy<CrisisWorld>>[0];

/** What moves between a crisis and the others; undefined: nothing of that kind. */
async function onCrisis({ subject, event, after }: Happened, tx: Tx, moment: Moment<CrisisWorld>) {
  const data = event.data as Record<string, string>;
  const crisis = (name: string, number: string | undefined, args: JsonObject): Command[] =>
    number === undefined ? [] : [{ name: `crisis.${name}`, subject: number, args }];
  const person = byOf(moment.actor);
  switch (event.type) {
    case 'request-executed': {
      const { crisis: number, person: spender = '', base = '', due = '' } = data;
      return crisis('spend', number, { request: subject, person: spender, base, due });
    }
    case 'request-approved':
    case 'request-rejected': {
      const { executed } = after as Request;
      if (event.type === 'request-approved') return crisis('ratified', executed?.crisis, { request: subject });
      return crisis('spend-refused', executed?.crisis, { request: subject, by: person, reason: data.reason ?? '' });
    }
    case 'spend-refused':
    case 'aftercare-ordered':
      return followUpOf(after as Crisis, event, moment);
    case 'seat-taken':
    case 'crisis-graded':
      return handing(await openIn(tx, subject));
    case 'room-settled':
      return data.id === undefined ? [] : handing(await openIn(tx, subject), { shown: true });
    case 'freeze-began':
      return holding(subject, data.affected ?? '', tx, moment.world);
    case 'freeze-verdict':
    case 'crisis-stood-down': {
      const stays = event.type === 'freeze-verdict' && !(event.data as { go: boolean }).go;
      return stays ? [] : releasing(subject, tx);
    }
    case 'statement-drafted':
    case 'statement-cleared':
    case 'statement-released':
    case 'clearances-voided': {
      const what = event.type === 'clearances-voided' ? 'voided' : event.type.slice('statement-'.length);
      const noted = crisis('statement', data.crisis, { statement: subject, what, by: data.person ?? person });
      const replaced = event.type === 'statement-released' ? data.replaces : undefined;
      return replaced ? [...noted, { name: 'statements.supersede', subject: replaced, args: { by: subject } }] : noted;
    }
    case 'signal-confirmed':
      return alarmOf(after as Signal, person, moment.world);
    case 'crisis-raised':
      return data.signal ? [{ name: 'signals.note', subject: data.signal, args: { crisis: subject } }] : [];
    default:
      return undefined;
  }
}

/** Who clears and who releases is looked at again. */
const handing = (numbers: string[], args: JsonObject = {}): Command[] =>
  numbers.map((subject) => ({ name: 'statements.hand', subject, args }));

/** What has to be put right after a crisis is a decision like any other: an owner, a date, an end (C7, M4). */
function followUpOf(crisis: Crisis, { type, data }: Event, { actor, world }: Moment<CrisisWorld>): Command[] {
  const said = data as { decision: string; dueOn: string; owner?: string; text?: string; person?: string };
  const { decision, dueOn: due, owner = said.person ?? '', text = said.text ?? '' } = said;
  const refused = data as { request: string; reason: string; refusedBy: string };
  const recovering = type === 'spend-refused';
  const chair = recovering ? refused.refusedBy : (crisis.seats.lead?.person ?? byOf(actor));
  const w = crisisFollowWords(companyLanguage(world.directory.company));
  const words = recovering ? w.recover(refused.request, refused.reason) : text;
  const title = cleanLine(crisis.text, 60);
  const meetingTitle = { zh: title, en: title };
  const args = {
    number: decision,
    text: words,
    owner,
    due,
    chair,
    crisis: crisis.number,
    meetingTitle,
    parties: crisis.parties,
    ...(recovering ? { recovers: refused.request } : { aftercare: (data as { kind: string }).kind }),
  };
  return [{ name: 'decisions.take', subject: undefined, args }];
}

/** What asks for money for what is affected waits, but not what the crisis itself needs. */
async function holding(number: string, affected: string, tx: Tx, world: CrisisWorld): Promise<Command[]> {
  const fields = world.crisis?.freeze.fields ?? ['title'];
  const open = await openMoneyRequests(tx, world, fields);
  const held = await heldTexts(tx, world, number, fields);
  const passed = held.filter(({ texts }) => !isAffected(affected, texts)).map((request) => request.number);
  const named = open.filter(({ texts, spared }) => !spared && isAffected(affected, texts));
  const about = (name: string, subject: string): Command => ({ name, subject, args: { crisis: number } });
  return [
    ...passed.map((subject) => about('requests.release', subject)),
    ...named.map((request) => about('requests.hold', request.number)),
  ];
}

async function releasing(number: string, tx: Tx): Promise<Command[]> {
  const held = await heldBy(tx, number);
  return held.map((request) => ({ name: 'requests.release', subject: request, args: { crisis: number } }));
}

/** A confirmed signal is an alarm, raised by whoever confirmed it. */
function alarmOf(signal: Signal, raisedBy: string, { crisis, directory }: CrisisWorld): Command[] {
  const { number, affected = '' } = signal;
  // a kind that has left the handbook since must not cost the alarm: whoever grades it says what it is
  const kind = crisis?.kinds.find((one) => one.id === signal.kind)?.id ?? crisis?.kinds[0]?.id ?? signal.kind;
  const text = alarmText(signal, companyLanguage(directory.company));
  const args = { text, kind, affected, signal: number, raisedBy };
  return [{ name: 'crisis.raise', subject: undefined, args }];
}

/** The meetings that the rules ask for and the books do not have; the moved ones, and those that are no more. */
async function planning(
  sql: Reader,
  at: Date,
  { meetings, directory }: CrisisWorld,
  reason?: string,
): Promise<Command[]> {
  const { hours } = directory.company;
  const series: Series[] = [...meetings.map((rule) => ({ id: rule.id, rule })), ...(await chatSeries(sql))];
  const planned = await plannedOf(sql);
  const taken = await takenDays(sql, localDate(new Date(at.getTime() - BACK_MS), hours.timezone));
  return [...dropped(planned, series, at, reason), ...plan(series, { planned, taken }, at, hours)];
}

/** The handbook was read (at start, or again): what waits for people who have left goes to whoever acts for them now; meetings follow it. */
export async function onHandbook(sql: Reader, at: Date, world: CrisisWorld): Promise<Command[]> {
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
