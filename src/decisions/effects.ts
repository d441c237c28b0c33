/** Who must see a decision, who is told, when it is recalled: as data. Pure. */
import {
  addDuration,
  addWorkingMs,
  type Duration,
  localDate,
  startOfDay,
  subtractDuration,
  type WorkHours,
} from '../core/calendar.ts';
import type { JsonObject } from '../core/message.ts';
import { type Effect, LANE, type Lane, type Moment } from '../core/module.ts';
import { hoursOf } from '../directory/lookup.ts';
import type { World } from '../processes/model.ts';
import { actsFor, leads } from './decide.ts';
import { type DecisionEvent, type DecisionTaken, isOpen } from './model.ts';

type M = Moment<World>;

const DAY: Duration = { amount: 1, unit: 'days', working: true };
/** Past its day it is recalled so often until it is done. */
const EVERY: Duration = { amount: 3, unit: 'days', working: true };

/** @param elsewhere the subjects on whose cards it stands */
export function effects(
  before: DecisionTaken | undefined,
  after: DecisionTaken,
  events: DecisionEvent[],
  elsewhere: string[],
  moment: M,
): Effect[] {
  const people = [...new Set([after.owner, actsFor(after, moment.world.directory), before?.owner ?? after.owner])];
  return [
    ...cardsOf(after, people, moment),
    ...events.flatMap((event, index) =>
      told(before, after, event, `${after.number}|${after.revision}|${index}`, moment),
    ),
    ...events.flatMap((event) => timers(after, event, moment)),
    { kind: 'homes', people: [...people, before?.acting ?? after.chair, after.chair] },
    { kind: 'stale', subjects: elsewhere },
  ];
}

/** The owner has it in their chat; the chair too once it is theirs to act. */
function cardsOf(decision: DecisionTaken, people: string[], moment: M): Effect[] {
  const chairActs = decision.state === 'declined' || decision.asked !== undefined;
  return [...new Set([...people, ...(chairActs ? [leads(decision, moment.world.directory)] : [])])].map((person) => ({
    kind: 'card',
    to: { person },
    lane: LANE.card,
  }));
}

interface Telling {
  about: string;
  to: string[];
  data?: JsonObject;
  lane?: Lane;
  letter?: boolean;
  chat?: boolean;
  /** where they spoke */
  via?: string;
}

function told(
  before: DecisionTaken | undefined,
  after: DecisionTaken,
  event: DecisionEvent,
  key: string,
  moment: M,
): Effect[] {
  const actor = moment.actor.kind === 'person' ? moment.actor.id : undefined;
  return tellings(before, after, event, moment).flatMap(
    ({ about, to, data = {}, lane = LANE.decision, letter, via, chat = true }) => {
      const said = { about, data: { ...data, ...(actor ? { actor } : {}) }, key: `${key}|${about}`, lane };
      const people = to.filter((person) => person !== actor || about === 'file-refused');
      const notice = { kind: 'notice' as const, ...said, ...(via ? { via } : {}) };
      return people.flatMap((person): Effect[] => [
        ...(chat ? [{ ...notice, to: { person } }] : []),
        ...(letter ? [{ kind: 'letter' as const, to: { person }, ...said }] : []),
      ]);
    },
  );
}

function tellings(before: DecisionTaken | undefined, after: DecisionTaken, event: DecisionEvent, moment: M): Telling[] {
  const { directory } = moment.world;
  const [owner, chair] = [actsFor(after, directory), leads(after, directory)];
  switch (event.type) {
    case 'decision-taken':
      return [{ about: 'taken', to: [owner], letter: true, chat: false }];
    case 'decision-amended':
    case 'decision-assigned':
      return before && before.owner !== after.owner
        ? [{ about: 'taken', to: [owner], letter: true, chat: false }, ...relieved(before, owner, moment)]
        : [{ about: event.type === 'decision-amended' ? 'amended' : 'taken', to: [owner], letter: true }];
    case 'decision-handed':
      return event.data.to === after.owner ? [] : [{ about: 'handed', to: [event.data.to], letter: true }];
    case 'decision-voided':
      return [{ about: 'voided', to: [owner] }];
    case 'decision-accepted':
      return [];
    case 'decision-declined':
      return [{ about: 'declined', to: [chair], data: { reason: event.data.reason } }];
    case 'extension-asked':
      return [{ about: 'extension-asked', to: [chair], data: event.data }];
    case 'decision-extended':
      return [
        { about: 'extended', to: [owner], data: event.data, letter: true },
        { about: 'extended', to: [chair].filter((one) => one !== owner), data: event.data },
      ];
    case 'decision-orphaned':
      return [{ about: 'orphaned', to: [chair] }];
    case 'file-refused': {
      const { by, platform, name, why } = event.data;
      return [{ about: 'file-refused', to: [by], data: { name, why }, via: platform }];
    }
    case 'file-attached':
    case 'file-kept':
      return [];
    case 'decision-done':
      return [{ about: 'done', to: [chair], data: { word: event.data.word } }];
    case 'decision-reopened':
      return [{ about: 'reopened', to: [owner], data: { reason: event.data.reason } }];
    case 'decision-reminded':
      return [
        {
          about: `due-${event.data.when}`,
          to: event.data.to,
          lane: LANE.reminder,
          data: { day: after.due },
        },
      ];
    default:
      return event satisfies never;
  }
}

/** Whoever had it and had not declined it need not do it any more. */
function relieved(before: DecisionTaken, owner: string, { world }: M): Telling[] {
  const had = actsFor(before, world.directory);
  return before.state === 'declined' || had === owner ? [] : [{ about: 'relieved', to: [had] }];
}

const WHENS = ['before', 'due', 'after'] as const;

const DATED: ReadonlySet<DecisionEvent['type']> = new Set([
  'decision-taken',
  'decision-amended',
  'decision-assigned',
  'decision-extended',
  'decision-reopened',
  'decision-handed',
]);

function timers(after: DecisionTaken, event: DecisionEvent, moment: M): Effect[] {
  const key = (when: (typeof WHENS)[number]) => `${after.number}|remind|${when}`;
  if (!isOpen(after)) return WHENS.map((when): Effect => ({ kind: 'cancel', key: key(when) }));
  const promise = (when: (typeof WHENS)[number], due: Date): Effect => {
    const args = { due: due.toISOString(), when };
    return { kind: 'timer', key: key(when), command: 'decisions.remind', args, due };
  };
  const hours = hoursOf(moment.world.directory, actsFor(after, moment.world.directory));
  if (event.type === 'decision-reminded') {
    return event.data.when === 'after' ? [promise('after', addDuration(moment.at, EVERY, hours))] : [];
  }
  if (!DATED.has(event.type)) return [];
  const { before, due, past } = momentsOf(after.due, hours);
  return [
    before > moment.at ? promise('before', before) : { kind: 'cancel', key: key('before') },
    // a day off: what is said the working day before says it all
    due > moment.at && localDate(due, hours.timezone) === after.due
      ? promise('due', due)
      : { kind: 'cancel', key: key('due') },
    promise('after', past > moment.at ? past : addDuration(moment.at, DAY, hours)),
  ];
}

/** In its owner's own working time: a working day before its day, when work begins on that day, and when it begins after it. */
function momentsOf(day: string, hours: WorkHours): { before: Date; due: Date; past: Date } {
  const due = addWorkingMs(startOfDay(day, hours.timezone), 0, hours);
  const after = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  const past = addWorkingMs(startOfDay(after, hours.timezone), 0, hours);
  return { before: subtractDuration(due, DAY, hours), due, past };
}
