/** When reports become a signal, and who may say what it is: those whom the handbook calls to assess, their stand-ins and superiors. Pure. */
import { byOf, type Command, type Decision, type Refusal, refuse } from '../core/message.ts';
import type { Moment } from '../core/module.ts';
import type { Called, CrisisBook, Member } from '../crisis/book.ts';
import type { CrisisWorld } from '../crisis/model.ts';
import { administrators, holders, lineUp, standInFor } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import {
  type Act,
  Args,
  type ArgsOf,
  type Facts,
  FOLLOWING,
  type Observation,
  SAMPLES,
  type Sample,
  type Signal,
  type SignalEvent,
} from './model.ts';
import { indicatorOf } from './window.ts';

type M = Moment<CrisisWorld>;
type Verdict = Decision<SignalEvent>;
type On<A extends Act> = (signal: Signal, args: ArgsOf<A>, moment: M) => Verdict;

const rules: { [A in Exclude<Act, 'observe'>]: On<A> } = {
  confirm: (signal, args, moment) =>
    whyNotJudge(signal, byOf(moment.actor), moment.world) ?? {
      events: [{ type: 'signal-confirmed', data: { reason: args.reason, affected: args.affected } }],
    },
  dismiss: (signal, args, moment) =>
    whyNotJudge(signal, byOf(moment.actor), moment.world) ?? {
      events: [{ type: 'signal-dismissed', data: { reason: args.reason } }],
    },
  note: (signal, { crisis }) =>
    signal.state === 'confirmed' && signal.crisis === undefined
      ? { events: [{ type: 'signal-linked', data: { crisis } }] }
      : refuse('nothing-to-do'),
  chase: (signal, _args, { world }) => {
    if (signal.state !== 'open') return refuse('over');
    const joined = nextCalled(signal, world);
    return { events: [{ type: 'signal-chased', data: { to: [...signal.told, ...joined], joined } }] };
  },
};

export function decide(signal: Signal | undefined, command: Command, facts: Facts, moment: M): Verdict {
  const act = command.name.slice('signals.'.length) as Act;
  if (!Object.hasOwn(Args, act)) return refuse('unknown-command');
  const args = Args[act].safeParse(command.args);
  if (!args.success) return refuse('unreadable');
  if (FOLLOWING.has(act) && moment.actor.kind !== 'clock') return refuse('unknown-command');
  if (act === 'observe') return observe(signal, args.data as ArgsOf<'observe'>, facts, moment);
  if (signal === undefined) return refuse('unknown-signal', { number: command.subject ?? '' });
  return (rules[act] as On<typeof act>)(signal, args.data as never, moment);
}

/**
 * What is merely counted changes no signal: it stands among the observations, and `counted` is how that is told. The ledger keeps what
 * became a signal, not every mention that a tool has heard.
 */
function observe(signal: Signal | undefined, args: ArgsOf<'observe'>, facts: Facts, moment: M): Verdict {
  const indicator = indicatorOf(moment.world.crisis, args.indicator);
  if (!indicator) return refuse('unknown-indicator', { indicator: args.indicator });
  const { fresh = [], reached, counted = 0 } = facts;
  const heard = fresh.length;
  if (heard === 0) return refuse('repeated');
  if (signal) return { events: [{ type: 'signal-grew', data: { ...growth(signal, fresh), heard } }] };
  const { key } = args;
  if (!reached) return refuse('counted', { indicator: indicator.id, key, counted, heard });
  const { id, title, kind, count, within } = indicator;
  const to = judges(moment.world.crisis, moment.world.directory);
  const about = { indicator: id, key, title, kind, threshold: { count, within } };
  return { events: [{ type: 'signal-raised', data: { ...about, ...reached, to, heard } }] };
}

function growth(signal: Signal, fresh: Observation[]) {
  const times = [signal.firstAt, signal.lastAt, ...fresh.map(({ at }) => at)].sort();
  const samples = [...fresh].sort((a, b) => a.at.localeCompare(b.at)).slice(-SAMPLES);
  return {
    count: fresh.reduce((sum, { amount }) => sum + amount, signal.count),
    firstAt: times[0] ?? signal.firstAt,
    lastAt: times.at(-1) ?? signal.lastAt,
    samples: samples.map(({ id, text, at }): Sample => ({ id, text, at })),
  };
}

// --- who decides ---

/** Undefined: it is theirs to say what it is, and nobody has yet. */
export function whyNotJudge(
  signal: Signal,
  person: string,
  world: Pick<CrisisWorld, 'crisis' | 'directory'>,
): { refusal: Refusal } | undefined {
  if (!mayJudge(signal, person, world)) return refuse('only-judges', { people: judges(world.crisis, world.directory) });
  const { state, decided } = signal;
  return state === 'open' ? undefined : refuse('decided', { state, by: decided?.by ?? '' });
}

const named = (called: Called, directory: Directory): string[] =>
  'person' in called ? [called.person] : holders(directory, called.role).map((one) => one.id);

/** Whoever acts for them today; where only somebody above would, the handbook's own stand-in comes first. */
function acting(id: string, standIn: Called | undefined, directory: Directory): string[] {
  const found = standInFor(directory, id);
  const person = 'person' in found ? [found.person] : [];
  if ('person' in found && found.chain.every(({ how }) => how === 'deputy')) return person;
  const instead = standIn ? named(standIn, directory).flatMap((other) => acting(other, undefined, directory)) : [];
  return instead.length > 0 ? instead : person;
}

/** Who is called to decide now: somebody always is. */
export function judges(book: CrisisBook | undefined, directory: Directory): string[] {
  const called = (member: Member): string[] => {
    const seats = named(member, directory);
    const standIn = member.standIn ? named(member.standIn, directory) : [];
    return (seats.length > 0 ? seats : standIn).flatMap((id) => acting(id, member.standIn, directory));
  };
  const people = book?.assess.who.flatMap(called) ?? [];
  return [...new Set(people.length > 0 ? people : administrators(directory).map((one) => one.id))];
}

/** Whoever is called to assess, is away while others act for them, was told, or stands above one of these. */
export function mayJudge(
  signal: Pick<Signal, 'told'>,
  person: string,
  { crisis, directory }: Pick<CrisisWorld, 'crisis' | 'directory'>,
): boolean {
  if (directory.people.get(person)?.active !== true) return false;
  const seats = crisis?.assess.who.flatMap((member) => named(member, directory)) ?? [];
  const people = new Set([...seats, ...judges(crisis, directory), ...signal.told]);
  return people.has(person) || [...people].some((id) => lineUp(directory, id).some((up) => up.id === person));
}

/** Those who are to be called as well: whoever assesses by now, and of each one the nearest above who was not told yet. */
function nextCalled({ told }: Signal, { crisis, directory }: CrisisWorld): string[] {
  const now = judges(crisis, directory);
  const above = [...told, ...now].flatMap((id) => {
    const ups = lineUp(directory, id).filter((up) => up.active);
    const acting = ups.flatMap((up) => {
      const found = standInFor(directory, up.id);
      return 'person' in found ? [found.person] : [];
    });
    return acting.find((one) => !told.includes(one)) ?? [];
  });
  return [...new Set([...now, ...above])].filter((id) => !told.includes(id));
}
