/** Who must see a crisis, who is rung, who is told in which room, and what the clock has to ask for: as data. Pure. */
import { addDuration, type Duration } from '../core/calendar.ts';
import { byOf, type JsonObject } from '../core/message.ts';
import { type Audience, type Effect, LANE, type Line, type Moment } from '../core/module.ts';
import { idleTime } from './book.ts';
import { patienceEnds } from './ladder.ts';
import { assessors } from './lookup.ts';
import { type Call, type Crisis, type CrisisEvent, type CrisisWorld, isMember, isOpen } from './model.ts';

type M = Moment<CrisisWorld>;
type Climbed = Extract<CrisisEvent, { type: 'rung-climbed' }>['data'];

export function effects(before: Crisis | undefined, after: Crisis, events: CrisisEvent[], moment: M): Effect[] {
  return [
    ...cards(after, moment),
    ...events.flatMap((event, index) => rings(after, event, index)),
    ...events.flatMap((event, index) => notices(after, event, index, moment)),
    ...callTimers(before, after, events, moment),
    ...events.flatMap((event) => otherTimers(before, after, event, moment)),
    ...(isOpen(after) ? [] : ended(after)),
    { kind: 'homes', people: after.parties },
  ];
}

/** Where no room could be opened, the standing channel of that platform serves. */
function roomsOf({ rooms }: Crisis, { crisis: book, directory }: CrisisWorld): Audience[] {
  const standing = book?.channel === undefined ? undefined : directory.company.channels[book.channel];
  return rooms.flatMap(
    ({ platform, id = platform in (standing ?? {}) ? standing?.[platform as 'slack'] : undefined }) =>
      id === undefined ? [] : [{ room: { platform, id } }],
  );
}

/** Whoever raised it, the channel that stands for all of them, and its own rooms. */
function cards(crisis: Crisis, { world }: M): Effect[] {
  const standing = world.crisis?.channel;
  const others: Audience[] = [{ person: crisis.raisedBy }, ...(standing ? [{ channel: standing }] : [])];
  // at night too for whoever raised it; where people work on it, it changes first
  return [
    ...roomsOf(crisis, world).map((to): Effect => ({ kind: 'card', to, lane: LANE.page })),
    ...others.map((to): Effect => ({ kind: 'card', to, lane: 'channel' in to ? LANE.decision : LANE.page })),
  ];
}

function rings(after: Crisis, event: CrisisEvent, index: number): Effect[] {
  if (event.type !== 'rung-climbed') return [];
  const { call, person, lines } = event.data;
  return lines.flatMap((line): Effect[] => {
    if (line !== 'chat' && rungJustNow(after, call, person, line)) return [];
    return [ringing(after, event.data, line, index)];
  });
}

const SAME_RING_MS = 2 * 60_000;

/** For another place, a moment ago: that ring stands for both, since one answer quiets both. */
function rungJustNow(after: Crisis, call: string, person: string, line: Line): boolean {
  const own = after.calls.findIndex((one) => one.id === call);
  const now = after.calls[own]?.rings.at(-1)?.at ?? '';
  return after.calls.some(
    (other, index) =>
      index !== own &&
      other.state === 'calling' &&
      other.rings.some((ring) => {
        const earlier = ring.at < now || (ring.at === now && index < own);
        const lately = Date.parse(now) - Date.parse(ring.at) < SAME_RING_MS;
        return ring.person === person && ring.line === line && earlier && lately;
      }),
  );
}

function ringing(after: Crisis, data: Climbed, line: Line | 'chat', index: number): Effect {
  const { call, person, round } = data;
  const to = { person };
  if (line !== 'chat')
    return { kind: 'ring', to, call, line, key: `${after.number}|${after.revision}|${index}|${line}`, round };
  if (round === 1) return { kind: 'page', to, call };
  // their page stands already: it is told once more
  const key = `${after.number}|${after.revision}|again|${index}`;
  return { kind: 'notice', to, about: 'rung-climbed', data: { ...data }, key, lane: LANE.page };
}

// --- who is told ---

interface Telling {
  rooms?: true;
  /** without whoever did it */
  people?: string[];
}

function tellings(after: Crisis, event: CrisisEvent, at: Date): Telling {
  const team = after.team.map((one) => one.person);
  const lead = after.seats.lead?.person ?? team[0];
  switch (event.type) {
    case 'crisis-graded': {
      const called = after.calls.filter((call) => call.why === 'assess').flatMap((call) => call.chain);
      const before = event.data.before ? team : [];
      return { rooms: true, people: [after.raisedBy, ...called.filter((one) => !team.includes(one)), ...before] };
    }
    case 'page-answered':
    case 'member-joined':
    case 'seat-taken':
    case 'fact-noted':
    case 'contact-noted':
    case 'situation-updated':
    case 'statement-noted':
    case 'drill-scored':
      return { rooms: true };
    case 'answer-taken-back':
      return { rooms: true, people: lead ? [lead] : [] };
    case 'seats-asked': {
      // the team once, then the lead: the room sees it every time
      const once = at.getTime() - gradedAt(after) < FIRST_ASK_MS;
      return { rooms: true, people: once ? team : lead ? [lead] : [] };
    }
    case 'task-added':
      return { rooms: true, people: [event.data.owner] };
    case 'task-done':
      return { rooms: true, people: taskOf(after, event.data.id) };
    case 'update-chased':
      return { rooms: true, people: event.data.to };
    case 'spend-executed':
    case 'freeze-began':
    case 'freeze-verdict':
      return { rooms: true, people: lead ? [lead] : [] };
    case 'spend-ratified':
      return { rooms: true };
    case 'spend-refused':
      return { rooms: true, people: [event.data.person, ...(lead ? [lead] : [])] };
    case 'cap-restored':
      return { rooms: true, people: [event.data.person] };
    case 'room-settled':
      return event.data.out.length > 0 || event.data.id === undefined
        ? { rooms: true, people: lead ? [lead] : [] }
        : {};
    case 'crisis-stood-down': {
      const called = after.calls.flatMap((call) => call.chain);
      return { rooms: true, people: [after.raisedBy, ...team, ...called] };
    }
    case 'aftercare-ordered':
      return { rooms: true };
    // whoever has it is told as the owner of a decision; a call rings by itself; files by their own notices
    case 'crisis-raised':
    case 'person-called':
    case 'rung-climbed':
    case 'ring-reported':
    case 'rooms-asked':
    case 'file-attached':
    case 'file-kept':
      return {};
    case 'file-refused':
      return { people: [event.data.by] };
    default:
      return event satisfies never;
  }
}

const taskOf = ({ tasks }: Crisis, id: string): string[] =>
  tasks.filter((task) => task.id === id).map((task) => task.by);

function notices(after: Crisis, event: CrisisEvent, index: number, { actor, at, world }: M): Effect[] {
  const { rooms, people = [] } = tellings(after, event, at);
  const by = byOf(actor);
  const via = actor.kind === 'person' ? { via: actor.platform } : {};
  const data = JSON.parse(JSON.stringify({ ...event.data, by, ...via })) as JsonObject;
  const key = `${after.number}|${after.revision}|${index}`;
  const said = { kind: 'notice' as const, about: event.type, data, key };
  const told = [...new Set(people)].filter((person) => person !== by || event.type === 'file-refused');
  return [
    ...(rooms ? roomsOf(after, world).map((to): Effect => ({ ...said, to, lane: LANE.decision })) : []),
    ...told.map((person): Effect => ({ ...said, to: { person }, lane: LANE.page, soon: true })),
  ];
}

// --- clocks ---

const callKey = (crisis: Crisis, call: Pick<Call, 'id'>): string => `${crisis.number}|call|${call.id}`;

/** One promise for each call that rings: to climb on, unless a person answers before. */
function callTimers(before: Crisis | undefined, after: Crisis, events: CrisisEvent[], moment: M): Effect[] {
  const touched = new Set(
    events.flatMap((event) => ('call' in event.data && event.type !== 'ring-reported' ? [event.data.call] : [])),
  );
  const climbing = new Set(events.flatMap((event) => (event.type === 'rung-climbed' ? [event.data.call] : [])));
  const graded = events.some((event) => event.type === 'crisis-graded');
  return after.calls.flatMap((call): Effect[] => {
    const was = before?.calls.find((one) => one.id === call.id);
    if (call.state !== 'calling')
      return was?.state === 'calling' ? [{ kind: 'cancel', key: callKey(after, call) }] : [];
    if (!graded && !touched.has(call.id) && !climbing.has(call.id)) return [];
    const args = { call: call.id, rung: call.rung, round: call.round };
    // another grade has another patience: counted from the last ring
    const since = graded && !climbing.has(call.id) ? new Date(call.rings.at(-1)?.at ?? moment.at) : moment.at;
    const ends = patienceEnds(after, call, moment.world, since);
    const due = ends < moment.at ? moment.at : ends;
    return [{ kind: 'timer', key: callKey(after, call), command: 'crisis.climb', args, due, urgent: true }];
  });
}

const TEN_MS = 10 * 60_000;
const FIRST_ASK_MS = TEN_MS + 60_000;
const gradedAt = ({ grades }: Crisis): number => Date.parse(grades[0]?.at ?? '');
const SEATS_AFTER: Duration = { amount: 10, unit: 'minutes', working: false };
const seatsKey = ({ number }: Crisis): string => `${number}|seats`;
const updateKey = ({ number }: Crisis): string => `${number}|update`;
const idleKey = ({ number }: Crisis, person: string): string => `${number}|idle|${person}`;

function otherTimers(before: Crisis | undefined, after: Crisis, event: CrisisEvent, moment: M): Effect[] {
  if (!isOpen(after)) return [];
  const later = (duration: Duration): Date => addDuration(moment.at, duration, moment.world.directory.company.hours);
  /** after ten minutes, after twenty, after forty … */
  const rarer = (since: number): Date => new Date(moment.at.getTime() + Math.max(TEN_MS, moment.at.getTime() - since));
  switch (event.type) {
    case 'crisis-graded':
      return [...(before?.grade ? [] : [seatsTimer(after, later(SEATS_AFTER))]), ...updateTimer(after)];
    case 'seats-asked':
      return [seatsTimer(after, rarer(gradedAt(after)))];
    case 'situation-updated':
      return updateTimer(after);
    case 'update-chased':
      return [
        promise(updateKey(after), 'crisis.chase-update', { due: event.data.due }, rarer(Date.parse(event.data.due))),
      ];
    case 'page-answered': {
      const { call: id, person } = event.data;
      // asked again once: whoever answers that is left alone, but for an alarm that nobody has graded
      const again = after.calls.find((call) => call.id === id)?.why === 'idle';
      if (again && after.state !== 'alarm') return [];
      return [idleTimer(after, person, moment.at, later(idleOf(after)))];
    }
    case 'answer-taken-back':
      return [{ kind: 'cancel', key: idleKey(after, event.data.person) }];
    case 'crisis-raised': {
      // who raised it and has to grade it is not called: they are there
      const own = assessors(moment.world).includes(after.raisedBy);
      return own ? [idleTimer(after, after.raisedBy, moment.at, later(idleOf(after)))] : [];
    }
    default:
      return [];
  }
}

const idleOf = ({ plan }: Crisis): Duration =>
  plan ? idleTime(plan) : { amount: 15, unit: 'minutes', working: false };
const idleTimer = (crisis: Crisis, person: string, since: Date, due: Date): Effect =>
  promise(idleKey(crisis, person), 'crisis.check-idle', { person, since: since.toISOString() }, due);

const promise = (key: string, command: string, args: JsonObject, due: Date): Effect => ({
  kind: 'timer',
  key,
  command,
  args,
  due,
  urgent: true,
});
const seatsTimer = (crisis: Crisis, due: Date): Effect => promise(seatsKey(crisis), 'crisis.chase-seats', {}, due);

function updateTimer(crisis: Crisis): Effect[] {
  const { updateDue } = crisis;
  if (!updateDue) return [{ kind: 'cancel', key: updateKey(crisis) }];
  return [promise(updateKey(crisis), 'crisis.chase-update', { due: updateDue }, new Date(updateDue))];
}

function ended(crisis: Crisis): Effect[] {
  const people = crisis.parties.filter((person) => isMember(crisis, person) || crisis.acted[person] !== undefined);
  const called = crisis.calls.flatMap((call) => call.chain);
  const idle = [...new Set([...people, ...called, crisis.raisedBy])].map((person) => idleKey(crisis, person));
  const keys = [...crisis.calls.map((call) => callKey(crisis, call)), seatsKey(crisis), updateKey(crisis), ...idle];
  return keys.map((key) => ({ kind: 'cancel', key }));
}
