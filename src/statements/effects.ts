/** Who must see a statement, who is told, when its clearers are reminded: as data. Pure. */
import { addDuration, type Duration } from '../core/calendar.ts';
import type { JsonObject } from '../core/message.ts';
import { type Effect, LANE, type Lane, type Moment } from '../core/module.ts';
import { type Crisis, type CrisisWorld, isOpen as isOngoing } from '../crisis/model.ts';
import { hoursOf } from '../directory/lookup.ts';
import { type Statement, type StatementEvent, stepNow } from './model.ts';
import { clearersOf, releasersOf } from './turns.ts';

type M = Moment<CrisisWorld>;

/** In a crisis by the clock on the wall; otherwise in the clearer's own working time. */
const EVERY: Record<'crisis' | 'calm', Duration> = {
  crisis: { amount: 10, unit: 'minutes', working: false },
  calm: { amount: 4, unit: 'hours', working: true },
};

export function effects(
  before: Statement | undefined,
  after: Statement,
  events: StatementEvent[],
  crisis: Crisis | undefined,
  moment: M,
): Effect[] {
  const ongoing = crisis !== undefined && isOngoing(crisis);
  return [
    ...cardsOf(after, crisis, ongoing ? LANE.page : LANE.card, moment),
    ...events.flatMap((event, index) => {
      const said = { key: `${after.number}|${after.revision}|${index}`, ongoing, crisis };
      return told(before, after, event, said, moment);
    }),
    ...events.flatMap((event) => timers(before, after, event, ongoing, moment)),
    { kind: 'homes', people: after.parties },
    ...(crisis ? [{ kind: 'stale' as const, subjects: [crisis.number] }] : []),
  ];
}

/** The rooms of the crisis, its author, and whoever has to act or has acted. */
function cardsOf(after: Statement, crisis: Crisis | undefined, lane: Lane, moment: M): Effect[] {
  const people = [after.author, ...after.clearances.map((one) => one.person), ...acting(after, crisis, moment)];
  const rooms = (crisis?.rooms ?? []).flatMap(({ platform, id }) => (id === undefined ? [] : [{ platform, id }]));
  return [
    ...rooms.map((room): Effect => ({ kind: 'card', to: { room }, lane })),
    ...[...new Set(people)].map((person): Effect => ({ kind: 'card', to: { person }, lane })),
  ];
}

function acting(after: Statement, crisis: Crisis | undefined, { world: { directory } }: M): string[] {
  const step = stepNow(after);
  if (step) return clearersOf(step, after, directory);
  return after.state === 'cleared' ? releasersOf(after.author, crisis, directory) : [];
}

interface Telling {
  about: string;
  to: string[];
  data?: JsonObject;
  reminder?: true;
}

interface Said {
  key: string;
  ongoing: boolean;
  crisis: Crisis | undefined;
}

function told(
  before: Statement | undefined,
  after: Statement,
  event: StatementEvent,
  { key, ongoing, crisis }: Said,
  moment: M,
): Effect[] {
  const actor = moment.actor.kind === 'person' ? moment.actor.id : undefined;
  return tellings(before, after, event, crisis, moment).flatMap(({ about, to, data = {}, reminder }) => {
    const calm = reminder ? LANE.reminder : LANE.decision;
    const said = {
      about,
      data: { ...data, ...(actor ? { by: actor } : {}) },
      key: `${key}|${about}`,
      lane: ongoing ? LANE.page : calm,
    };
    const people = [...new Set(to)].filter((person) => person !== actor);
    return people.map((person): Effect => ({ kind: 'notice', to: { person }, soon: true, ...said }));
  });
}

function tellings(
  before: Statement | undefined,
  after: Statement,
  event: StatementEvent,
  crisis: Crisis | undefined,
  moment: M,
): Telling[] {
  const { version } = after;
  // a card that comes for the first time rings by itself; one that changes does not
  const known = (people: readonly string[]) => people.filter((person) => before?.parties.includes(person));
  switch (event.type) {
    case 'statement-drafted':
    case 'clearance-given': {
      const asked = event.type === 'clearance-given' ? event.data.asked : [];
      return asked.length > 0 ? [{ about: 'asked', to: known(asked), data: turnOf(after) }] : [];
    }
    case 'clearance-asked':
      return [{ about: 'asked', to: known(event.data.asked), data: turnOf(after) }];
    case 'statement-edited':
      return event.data.person === after.author ? [] : [{ about: 'edited', to: [after.author], data: { version } }];
    case 'statement-commented':
      return [{ about: 'commented', to: [after.author], data: { line: event.data.line, reason: event.data.text } }];
    case 'statement-returned':
      return [{ about: 'returned', to: [after.author], data: { version, reason: event.data.reason } }];
    case 'clearances-voided':
      return [{ about: 'voided', to: event.data.of, data: { why: event.data.why, version: event.data.version } }];
    case 'statement-cleared': {
      const releasers = releasersOf(after.author, crisis, moment.world.directory);
      return [
        { about: 'to-release', to: known(releasers), data: { version } },
        { about: 'cleared', to: [after.author].filter((one) => !releasers.includes(one)), data: { version } },
      ];
    }
    case 'clearance-chased': {
      const { to, raised, count, step } = event.data;
      return [
        { about: 'chased', to: to.filter((one) => one !== raised), data: { step, version, count }, reminder: true },
        { about: 'raised', to: raised === undefined ? [] : [raised], data: { step, version }, reminder: true },
      ];
    }
    case 'statement-handed':
      return [];
    case 'statement-released':
      return [{ about: 'released', to: [after.author, ...after.clearances.map((one) => one.person)] }];
    case 'statement-superseded':
      return [];
    case 'statement-withdrawn': {
      const step = before && stepNow(before);
      const waiting = before && step ? clearersOf(step, before, moment.world.directory) : [];
      return [{ about: 'withdrawn', to: [after.author, ...waiting], data: { reason: event.data.reason } }];
    }
    default:
      return event satisfies never;
  }
}

const turnOf = (after: Statement): JsonObject => ({ version: after.version, step: stepNow(after)?.id ?? '' });

function timers(
  before: Statement | undefined,
  after: Statement,
  event: StatementEvent,
  ongoing: boolean,
  moment: M,
): Effect[] {
  const key = `${after.number}|clear`;
  const step = stepNow(after);
  if (!step) return before && stepNow(before) ? [{ kind: 'cancel', key }] : [];
  const chased = event.type === 'clearance-chased' ? event.data.count : 0;
  if (!['clearance-asked', 'clearance-given', 'clearance-chased'].includes(event.type)) return [];
  const [first = after.author] = clearersOf(step, after, moment.world.directory);
  const due = addDuration(moment.at, EVERY[ongoing ? 'crisis' : 'calm'], hoursOf(moment.world.directory, first));
  const args = { step: step.id, version: after.version, count: chased + 1 };
  return [
    { kind: 'timer', key, command: 'statements.remind', args, due, ...(ongoing ? { urgent: true as const } : {}) },
  ];
}
