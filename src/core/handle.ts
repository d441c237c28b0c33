/**
 * load → gather → decide → evolve → save → record → tell → policies, in the transaction that is handed in. The one way in which
 * anything changes, whoever asks: button, form, text, timer or policy.
 */
import { appendLedger } from './ledger.ts';
import { byOf, type Command, type Event, type JsonObject, type Refusal } from './message.ts';
import type { Module, Moment, Reach, Tx } from './module.ts';
import { putOut, touchHomes, touchSubjects } from './outbox.ts';

// biome-ignore lint/suspicious/noExplicitAny: the road holds modules of every state; each is used with its own values only
export type AnyModule<World> = Module<World, any, any, any>;

/** "When this happened, do that": further commands that follow from events of any module. */
export type Policy<World> = (
  happened: { subject: string; event: Event; after: unknown },
  tx: Tx,
  moment: Moment<World>,
) => Promise<Command[]>;

export interface Road<World> {
  modules: AnyModule<World>[];
  policies: Policy<World>;
  /** where people and channels are to be found, and whom nothing may ring for now; `by`: who acts */
  reach(world: World, moment: { by: string; at: Date }): Reach;
  /** the company as this transaction sees it now: what one command changed, its follow-ups know */
  worldAt(tx: Tx, at: Date): Promise<World>;
  /** counted for the figures */
  happened(type: string): void;
  /** to be called after the commit: there may be something to deliver */
  ring(): void;
}

export type Outcome =
  | { kind: 'done'; subject: string; before: unknown; after: unknown; events: Event[] }
  | { kind: 'refused'; subject: string | undefined; state: unknown; refusal: Refusal };

/** What a command is decided upon, as it stands once the locks are held. */
export interface Entry<World> {
  world: World;
  before: unknown;
}

/** One round trip. The company is read last: what was recorded while we waited for the subject counts. */
export async function enter<World>(road: Road<World>, tx: Tx, command: Command, at: Date): Promise<Entry<World>> {
  const module = moduleOf(road, command);
  const [, before, world] = await Promise.all([
    holdWorld(tx, module.changesWorld === true),
    command.subject === undefined ? undefined : module.load(tx, command.subject),
    road.worldAt(tx, at),
  ]);
  return { world, before };
}

/**
 * Everybody decides side by side, but not beside a change of the company: somebody who leaves at this moment would not be found among the
 * signers of a step that another transaction is just opening for them. It comes before every other lock but the inbox's.
 */
function holdWorld(tx: Tx, alone: boolean): Promise<unknown> {
  const held = alone
    ? tx`select pg_advisory_xact_lock(hashtextextended('countersign: the company', 0))`
    : tx`select pg_advisory_xact_lock_shared(hashtextextended('countersign: the company', 0))`;
  return held.execute();
}

export async function handle<World>(
  road: Road<World>,
  tx: Tx,
  command: Command,
  by: Pick<Moment<World>, 'actor' | 'at'>,
): Promise<Outcome> {
  const { outcome, kept } = await enact(road, tx, command, by, enter(road, tx, command, by.at));
  await kept;
  return outcome;
}

/**
 * The same for whoever has more to send in this transaction: what follows from the command is carried out, and all is sent, when the outcome
 * is there; `kept` must have resolved before the transaction ends.
 */
export async function enact<World>(
  road: Road<World>,
  tx: Tx,
  command: Command,
  by: Pick<Moment<World>, 'actor' | 'at'>,
  entered: Promise<Entry<World>>,
): Promise<Carried> {
  const { before, world } = await entered;
  const beside: Beside = { by: byOf(by.actor), homes: new Set(), stale: new Set() };
  const carried = await carry(road, tx, command, { ...by, world }, before, beside);
  if (carried.outcome.kind === 'refused') return carried;
  const { homes, stale } = beside;
  return {
    outcome: carried.outcome,
    kept: all([carried.kept, touchSubjects(tx, [...stale], by.at), touchHomes(tx, [...homes], by.at)]),
  };
}

export interface Carried {
  outcome: Outcome;
  kept: Promise<unknown>;
}

/** Awaited later: that one of them failed must not be nobody's until then. */
function all(parts: Promise<unknown>[]): Promise<unknown> {
  const whole = Promise.all(parts);
  whole.catch(() => {});
  return whole;
}

/** What else shows something of what changes: many subjects' business, whose rows are locked last and for a moment. */
interface Beside {
  /** whose act it all follows from: what it brings them is no disturbance */
  by: string;
  homes: Set<string>;
  stale: Set<string>;
}

async function carry<World>(
  road: Road<World>,
  tx: Tx,
  command: Command,
  moment: Moment<World>,
  before: unknown,
  beside: Beside,
): Promise<Carried> {
  const module = moduleOf(road, command);
  const refuse = (refusal: Refusal): Carried => ({
    outcome: { kind: 'refused', subject: command.subject, state: before, refusal },
    kept: Promise.resolve(),
  });
  const facts = await module.gather(tx, before, command, moment);
  const decision = module.decide(before, command, facts, moment);
  if ('refusal' in decision) return refuse(decision.refusal);
  const after = decision.events.reduce((state, event) => module.evolve(state, event, moment), before);
  if (after === undefined || decision.events.length === 0) return refuse({ code: 'nothing-to-do', facts: {} });
  const subject = module.subjectOf(after);
  const effects = module.effects(before, after, decision.events, facts, moment);
  for (const effect of effects) {
    if (effect.kind === 'homes') for (const person of effect.people) beside.homes.add(person);
    if (effect.kind === 'stale') for (const other of effect.subjects) beside.stale.add(other);
  }
  // all sent in this order, without waiting for one another: they go in one round trip
  const kept = all([
    module.save(tx, before, after, decision.events, moment),
    appendLedger(tx, record(subject, decision.events, moment)),
    putOut(tx, subject, effects, road.reach(moment.world, { by: beside.by, at: moment.at }), moment.at),
  ]);
  await followUp(road, tx, { subject, after, events: decision.events }, moment, beside);
  for (const event of decision.events) road.happened(event.type);
  return { outcome: { kind: 'done', subject, before, after, events: decision.events }, kept };
}

function moduleOf<World>(road: Road<World>, command: Command): AnyModule<World> {
  const name = command.name.split('.')[0];
  const module = road.modules.find((m) => m.name === name);
  if (module === undefined) throw new Error(`no module takes the command ${command.name}`);
  return module;
}

function record<World>(subject: string, events: Event[], moment: Moment<World>) {
  const platform = moment.actor.kind === 'person' ? { via: moment.actor.platform } : {};
  return events.map((event) => ({
    subject,
    type: event.type,
    by: byOf(moment.actor),
    at: moment.at,
    data: JSON.parse(JSON.stringify({ ...event.data, ...platform })) as JsonObject,
  }));
}

async function followUp<World>(
  road: Road<World>,
  tx: Tx,
  { subject, after, events }: { subject: string; after: unknown; events: Event[] },
  moment: Moment<World>,
  beside: Beside,
): Promise<void> {
  for (const event of events) {
    const commands = await road.policies({ subject, event, after }, tx, moment);
    if (commands.length === 0) continue;
    const now: Moment<World> = { actor: { kind: 'clock' }, at: moment.at, world: await road.worldAt(tx, moment.at) };
    for (const command of commands) {
      const before = command.subject && (await moduleOf(road, command).load(tx, command.subject));
      const { kept } = await carry(road, tx, command, now, before, beside);
      await kept;
    }
  }
}
