/**
 * Who is rung next, and how (rule C3): the page in the chats, then louder and louder, then the stand-in, then those above; then all of them
 * again, until a person answers. A way that does not exist for somebody costs no time. Pure.
 */
import { addDuration, type Duration } from '../core/calendar.ts';
import type { Line, Moment } from '../core/module.ts';
import { accountsOf, administrators, lineOf, lineUp, standInFor } from '../directory/lookup.ts';
import { answerTime, LADDER } from './book.ts';
import { namedBy } from './lookup.ts';
import type { Call, Crisis, CrisisEvent, CrisisWorld } from './model.ts';

type Climbed = Extract<CrisisEvent, { type: 'rung-climbed' }>;

interface Ladder {
  rungs: Line[][];
  answer: Duration;
}

function ladderOf(crisis: Crisis, call: Call, { crisis: book }: CrisisWorld): Ladder {
  const assess = call.why === 'assess' && crisis.plan === undefined ? book?.assess : undefined;
  if (assess) return { rungs: assess.ladder, answer: answerTime(assess) };
  if (crisis.plan) return { rungs: crisis.plan.ladder, answer: answerTime(crisis.plan) };
  return { rungs: LADDER, answer: answerTime({}) };
}

/** When the next rung is climbed if nobody answers. */
export function patienceEnds(crisis: Crisis, call: Call, world: CrisisWorld, at: Date): Date {
  return addDuration(at, ladderOf(crisis, call, world).answer, world.directory.company.hours);
}

/** In a drill nobody's phone rings, unless the handbook says so. */
function usable(line: Line, person: string, crisis: Crisis, world: CrisisWorld): boolean {
  const quiet = crisis.drill !== undefined && line !== 'feishu-app' && world.crisis?.drills.phones !== true;
  return !quiet && lineOf(person, line, world.directory, world.running) !== undefined;
}

const CHATS = ['slack', 'feishu', 'desk'] as const;

function hasChat(person: string, { directory, running }: CrisisWorld): boolean {
  const { prefer: _narrow, ...everywhere } = directory.people.get(person) ?? {};
  const chats = CHATS.filter((platform) => running.includes(platform));
  return 'id' in everywhere && accountsOf(everywhere as never, chats).length > 0;
}

/** The page of this person, or the first rung that exists for them; undefined: they cannot be rung at all. */
function firstFor(person: string, call: Call, crisis: Crisis, world: CrisisWorld): Climbed | undefined {
  // rung for another place at this moment: that page stands for both, and so does the answer to it
  const lines = isRinging(crisis, call, person) ? [] : ['chat' as const];
  const data = { call: call.id, person, rung: 0, round: call.round, lines, skipped: [] };
  return hasChat(person, world) ? { type: 'rung-climbed', data } : louderFor(person, call, 0, crisis, world);
}

const isRinging = ({ calls }: Crisis, call: Call, person: string): boolean =>
  calls.some(({ id, state, chain }) => id !== call.id && state === 'calling' && chain.at(-1) === person);

/** They have said 收到 in this crisis and are at it: nothing louder than a page brings them nearer. Who is asked again since they did nothing is not. */
function isPresent(crisis: Crisis, call: Call, person: string): boolean {
  if (call.why === 'idle' && person === call.seat) return false;
  return crisis.calls.some(
    ({ id, state, answers }) =>
      id !== call.id &&
      state === 'answered' &&
      answers.some((answer) => answer.person === person && answer.backAt === undefined),
  );
}

function louderFor(person: string, call: Call, after: number, crisis: Crisis, world: CrisisWorld): Climbed | undefined {
  if (isPresent(crisis, call, person)) return undefined;
  const { rungs } = ladderOf(crisis, call, world);
  const skipped: Line[] = [];
  for (let rung = after + 1; rung <= rungs.length; rung++) {
    const all = rungs[rung - 1] ?? [];
    const lines = all.filter((line) => usable(line, person, crisis, world));
    skipped.push(...all.filter((line) => !lines.includes(line)));
    if (lines.length > 0)
      return { type: 'rung-climbed', data: { call: call.id, person, rung, round: call.round, lines, skipped } };
  }
  return undefined;
}

/** Whoever could answer in this place besides those who were rung for it: stand-ins first, then upwards. */
function others(call: Call, crisis: Crisis, { directory, crisis: book }: CrisisWorld): string[] {
  const acting = standInFor(directory, call.seat);
  const rules = [...(crisis.plan?.team ?? []), ...(book?.assess.who ?? [])];
  const named = rules
    .filter((rule) => namedBy(rule, directory).includes(call.seat))
    .flatMap((rule) => (rule.standIn ? namedBy(rule.standIn, directory) : []));
  const above = lineUp(directory, call.seat).filter((person) => person.active);
  const all = ['person' in acting ? acting.person : call.seat, ...named, ...above.map((person) => person.id)];
  return [...new Set(all)].filter((person) => !call.chain.includes(person) && person !== call.seat);
}

/** The place is called: its own person, or at once whoever stands in for them today (D4). */
function begin(call: Call, crisis: Crisis, world: CrisisWorld): Climbed[] {
  const acting = standInFor(world.directory, call.seat);
  const first = 'person' in acting ? acting.person : call.seat;
  const climbed = firstFor(first, call, crisis, world);
  return climbed ? [climbed] : nextPerson({ ...call, chain: [first] }, crisis, world);
}

/** The next rung; the next person where there is none; everybody again where there is nobody. */
export function climb(call: Call, crisis: Crisis, world: CrisisWorld): Climbed[] {
  const person = call.chain.at(-1) ?? call.seat;
  const goesOn = call.round === 1 && !call.declined.includes(person);
  const louder = goesOn ? louderFor(person, call, call.rung, crisis, world) : undefined;
  return louder ? [louder] : nextPerson(call, crisis, world);
}

/** Whoever is rung now is passed over: they cannot, or do not answer. */
function nextPerson(call: Call, crisis: Crisis, world: CrisisWorld): Climbed[] {
  const left = others(call, crisis, world);
  // who is at it already need not be called to it in somebody else's place
  for (const person of left.filter((one) => !isPresent(crisis, call, one))) {
    const climbed = firstFor(person, { ...call, round: 1 }, crisis, world);
    if (climbed) return [climbed];
  }
  const here = (id: string) => world.directory.people.get(id)?.active === true;
  const attended = crisis.calls.some(
    ({ id, state, answers }) =>
      id !== call.id && state === 'answered' && answers.some((one) => here(one.person) && one.backAt === undefined),
  );
  const again = everybodyAgain(call, crisis, world, attended);
  if (again.length > 0) return again;
  return attended ? [windOnly(call)] : lastResort(call, crisis, world);
}

/** Nobody is rung, and the clock goes on: whoever becomes free, or comes back, is found by it. */
function windOnly(call: Call): Climbed {
  const person = call.chain.at(-1) ?? call.seat;
  const data = { call: call.id, person, rung: call.rung, round: call.round + 1, lines: [], skipped: [] };
  return { type: 'rung-climbed', data };
}

/** Everybody who was ever rung has left: an administrator has to know; where even they have no way, the clock goes on for whoever comes back. */
function lastResort(call: Call, crisis: Crisis, world: CrisisWorld): Climbed[] {
  for (const { id } of administrators(world.directory)) {
    const climbed = call.chain.includes(id) ? undefined : firstFor(id, { ...call, round: 1 }, crisis, world);
    if (climbed) return [climbed];
  }
  return [windOnly(call)];
}

/** Who has just said that they cannot is not rung in the same breath: somebody new, else those who were rung before and have not said so. */
export function insteadOf(person: string, call: Call, crisis: Crisis, world: CrisisWorld): Climbed[] {
  const declined = { ...call, declined: [...new Set([...call.declined, person])] };
  const next = nextPerson(declined, crisis, world);
  return next.filter(({ data }) => data.round <= call.round || !declined.declined.includes(data.person));
}

/** Each by the loudest way that they have. */
function everybodyAgain(call: Call, crisis: Crisis, world: CrisisWorld, attended: boolean): Climbed[] {
  const { rungs } = ladderOf(crisis, call, world);
  const round = call.round + 1;
  const present = call.chain.filter((person) => world.directory.people.get(person)?.active);
  const willing = present.filter((person) => !call.declined.includes(person));
  // who cannot is asked again only where otherwise nobody at all would be there
  return (willing.length > 0 || attended ? willing : present).map((person): Climbed => {
    const loudest = rungs.toReversed().map((rung) => rung.filter((line) => usable(line, person, crisis, world)));
    const there = isPresent(crisis, call, person);
    const lines = (there ? undefined : loudest.find((some) => some.length > 0)) ?? ['chat' as const];
    return { type: 'rung-climbed', data: { call: call.id, person, rung: rungs.length, round, lines, skipped: [] } };
  });
}

export const nextCall = (crisis: Crisis): string => `c${crisis.calls.length + 1}`;

/** A place is called. */
export function calling(
  crisis: Crisis,
  id: string,
  seat: string,
  why: Call['why'],
  { at, world }: Pick<Moment<CrisisWorld>, 'at' | 'world'>,
): CrisisEvent[] {
  const since = at.toISOString();
  const call: Call = {
    id,
    seat,
    why,
    state: 'calling',
    chain: [],
    rung: 0,
    round: 1,
    since,
    rings: [],
    answers: [],
    declined: [],
  };
  return [{ type: 'person-called', data: { call: id, seat, why } }, ...begin(call, crisis, world)];
}
