/** What a crisis is after an event: bookkeeping; every choice was made in `decide`. Pure. */
import { addDuration } from '../core/calendar.ts';
import { byOf } from '../core/message.ts';
import type { Moment } from '../core/module.ts';
import { type Plan, updateTime } from './book.ts';
import { namedBy } from './lookup.ts';
import type { Call, Crisis, CrisisEvent, CrisisWorld, TeamMember } from './model.ts';

type M = Moment<CrisisWorld>;

/** The newest are kept beside the crisis; the ledger has all. */
const FACTS_KEPT = 30;
const RINGS_KEPT = 40;

export function evolve(crisis: Crisis | undefined, event: CrisisEvent, moment: M): Crisis {
  if (crisis === undefined) {
    if (event.type !== 'crisis-raised') throw new Error(`${event.type} before crisis-raised`);
    return begun(event.data, moment);
  }
  const next = changed(crisis, event, moment);
  const { actor, at } = moment;
  // a statement and a spend come by other roads, with their person
  const who =
    actor.kind === 'person' ? actor.id : BESIDE.has(event.type) ? (event.data as { person: string }).person : undefined;
  const works = who !== undefined && (ACTS.has(event.type) || BESIDE.has(event.type));
  const acted = works ? { ...next.acted, [who]: at.toISOString() } : next.acted;
  return { ...next, acted, revision: crisis.revision + 1 };
}

/** What shows that somebody is at it; to say 收到 is not enough. */
const ACTS: ReadonlySet<CrisisEvent['type']> = new Set<CrisisEvent['type']>([
  'crisis-graded',
  'seat-taken',
  'fact-noted',
  'task-added',
  'task-done',
  'contact-noted',
  'situation-updated',
  'freeze-verdict',
  'crisis-stood-down',
  'file-attached',
]);

const BESIDE: ReadonlySet<CrisisEvent['type']> = new Set<CrisisEvent['type']>(['statement-noted', 'spend-executed']);

function begun(data: Extract<CrisisEvent, { type: 'crisis-raised' }>['data'], { at }: M): Crisis {
  const none = {
    grades: [],
    team: [],
    calls: [],
    rooms: [],
    seats: {},
    facts: [],
    tasks: [],
    spent: [],
    aftercare: [],
  };
  const counts = { factCount: 0, contactCount: 0, acted: {}, revision: 1 };
  return { ...data, ...none, ...counts, state: 'alarm', raisedAt: at.toISOString(), parties: [data.raisedBy] };
}

const joined = (parties: readonly string[], ...more: string[]): string[] => [...new Set([...parties, ...more])];

function changed(crisis: Crisis, event: Exclude<CrisisEvent, { type: never }>, moment: M): Crisis {
  const at = moment.at.toISOString();
  const by = byOf(moment.actor);
  switch (event.type) {
    case 'crisis-raised':
      throw new Error('a crisis is raised once');
    case 'crisis-graded': {
      const { grade, reason, kind, affected, plan } = event.data;
      const calls = crisis.calls.map(
        (call): Call => (isOver(call, crisis, plan, moment) ? { ...call, state: 'over' } : call),
      );
      const grades = [...crisis.grades, { grade, reason, by, at }];
      return {
        ...crisis,
        ...nextUpdate(crisis, plan, moment),
        grade,
        kind,
        affected,
        plan,
        grades,
        calls,
        state: 'open',
      };
    }
    case 'member-joined':
      return withMember(crisis, event.data);
    case 'person-called': {
      const { call: id, seat, why } = event.data;
      const call: Call = {
        id,
        seat,
        why,
        state: 'calling',
        chain: [],
        rung: 0,
        round: 1,
        since: at,
        rings: [],
        answers: [],
        declined: [],
      };
      return { ...crisis, calls: [...crisis.calls, call], parties: joined(crisis.parties, seat) };
    }
    case 'rung-climbed':
      return climbed(crisis, event.data, at);
    case 'ring-reported': {
      const { call, line, person, outcome, code } = event.data;
      return onCall(crisis, call, (one) => {
        const last = one.rings.findLastIndex((ring) => ring.line === line && ring.person === person);
        const told = { outcome, outcomeAt: at, ...(code ? { code } : {}) };
        return { ...one, rings: one.rings.map((ring, i) => (i === last ? { ...ring, ...told } : ring)) };
      });
    }
    case 'page-answered': {
      const via = moment.actor.kind === 'person' ? moment.actor.platform : ('desk' as const);
      const answer = { person: event.data.person, at, via };
      return onCall(crisis, event.data.call, (one) => ({
        ...one,
        state: 'answered',
        answers: [...one.answers, answer],
      }));
    }
    case 'answer-taken-back': {
      const { call, person } = event.data;
      return onCall(crisis, call, (one) => {
        const answers = one.answers.map((answer) =>
          answer.person === person && answer.backAt === undefined ? { ...answer, backAt: at } : answer,
        );
        const still = answers.some((answer) => answer.backAt === undefined);
        const declined = joined(one.declined, person);
        return { ...one, answers, declined, state: still ? 'answered' : 'calling' };
      });
    }
    case 'room-settled': {
      const rest = crisis.rooms.filter((room) => room.platform !== event.data.platform);
      return { ...crisis, rooms: [...rest, { ...event.data, at }] };
    }
    case 'seat-taken':
      return { ...crisis, seats: { ...crisis.seats, [event.data.seat]: { person: event.data.person, at } } };
    case 'fact-noted': {
      const facts = [...crisis.facts, { ...event.data, by, notedAt: at }].slice(-FACTS_KEPT);
      return { ...crisis, facts, factCount: crisis.factCount + 1 };
    }
    case 'task-added':
      return {
        ...crisis,
        tasks: [...crisis.tasks, { ...event.data, by, at }],
        parties: joined(crisis.parties, event.data.owner),
      };
    case 'task-done': {
      const done = { doneAt: at, doneBy: by };
      return {
        ...crisis,
        tasks: crisis.tasks.map((task) => (task.id === event.data.id ? { ...task, ...done } : task)),
      };
    }
    case 'contact-noted':
      return { ...crisis, contactCount: crisis.contactCount + 1 };
    case 'situation-updated':
      return { ...crisis, ...nextUpdate(crisis, crisis.plan, moment), update: { ...event.data, by, at } };
    case 'rooms-asked':
    case 'update-chased':
    case 'seats-asked':
      return crisis;
    case 'spend-executed': {
      const { request, person, base, due } = event.data;
      return { ...crisis, spent: [...crisis.spent, { request, person, base, due, at, state: 'open' }] };
    }
    case 'spend-ratified':
      return onSpent(crisis, event.data.request, { state: 'ratified', endedAt: at });
    case 'spend-refused': {
      const { request, decision } = event.data;
      return onSpent(crisis, request, { state: 'refused', recovery: decision, endedAt: at });
    }
    case 'cap-restored': {
      const spent = crisis.spent.map((one) =>
        one.person === event.data.person && one.state === 'refused' && !one.cleared ? { ...one, cleared: at } : one,
      );
      return { ...crisis, spent };
    }
    case 'freeze-began': {
      const { verdicts = [], since = at } = crisis.freeze ?? {};
      return { ...crisis, freeze: { since, verdicts, affected: event.data.affected, state: 'on' } };
    }
    case 'freeze-verdict': {
      if (!crisis.freeze) return crisis;
      const { go } = event.data;
      const verdicts = [...crisis.freeze.verdicts, { ...event.data, by, at }];
      return { ...crisis, freeze: { ...crisis.freeze, verdicts, state: go ? 'off' : 'on' } };
    }
    case 'statement-noted': {
      const { statement, what } = event.data;
      const first = what === 'released' && !crisis.firstStatement ? { firstStatement: { number: statement, at } } : {};
      return { ...crisis, ...first };
    }
    case 'crisis-stood-down': {
      const calls = crisis.calls.map((call): Call => (call.state === 'calling' ? { ...call, state: 'over' } : call));
      return { ...crisis, calls, state: 'over', ended: { ...event.data, by, at } };
    }
    case 'aftercare-ordered': {
      const { kind, decision, owner } = event.data;
      const aftercare = [...crisis.aftercare, { kind, decision }];
      return { ...crisis, aftercare, parties: joined(crisis.parties, owner) };
    }
    case 'drill-scored':
      return { ...crisis, score: event.data };
    case 'file-attached':
    case 'file-kept':
    case 'file-refused':
      return crisis;
    default:
      return event satisfies never;
  }
}

/** Since the last one, or since somebody graded it; a grade that asks for none takes the promise back. */
function nextUpdate({ updateDue }: Crisis, plan: Plan | undefined, { at, world }: M): { updateDue?: string } {
  const every = plan && updateTime(plan);
  if (every === undefined) return updateDue === undefined ? {} : { updateDue: '' };
  return { updateDue: addDuration(at, every, world.directory.company.hours).toISOString() };
}

/** What the new grade does not ask for any more: the assessing, and places that its plan does not name and nobody added by hand. */
function isOver(call: Call, { team }: Crisis, plan: Plan, { world }: M): boolean {
  if (call.why === 'assess') return true;
  if (call.state !== 'calling') return false;
  const named = plan.team.some((rule) => namedBy(rule, world.directory).includes(call.seat));
  const added = team.some((one) => one.person === call.seat && 'added' in one.why);
  return !named && !added;
}

function withMember(crisis: Crisis, member: TeamMember): Crisis {
  if (crisis.team.some((one) => one.person === member.person)) return crisis;
  return { ...crisis, team: [...crisis.team, member], parties: joined(crisis.parties, member.person) };
}

function climbed(crisis: Crisis, data: Extract<CrisisEvent, { type: 'rung-climbed' }>['data'], at: string): Crisis {
  const { call: id, person, rung, round, lines } = data;
  const next = onCall(crisis, id, (call) => ({
    ...call,
    rung,
    round,
    chain: call.chain.includes(person) ? call.chain : [...call.chain, person],
    rings: [...call.rings, ...lines.map((line) => ({ person, line, at, round }))].slice(-RINGS_KEPT),
  }));
  return { ...next, parties: joined(next.parties, person) };
}

const onCall = (crisis: Crisis, id: string, change: (call: Call) => Call): Crisis => ({
  ...crisis,
  calls: crisis.calls.map((call) => (call.id === id ? change(call) : call)),
});

const onSpent = (crisis: Crisis, request: string, change: Partial<Crisis['spent'][number]>): Crisis => ({
  ...crisis,
  spent: crisis.spent.map((one) => (one.request === request ? { ...one, ...change } : one)),
});
