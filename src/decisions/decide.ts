/** What may happen to a decision now: its owner answers for it, only whoever chaired gives more time or another owner. Pure. */
import { localDate } from '../core/calendar.ts';
import { byOf, type Command, type Decision, refuse } from '../core/message.ts';
import type { Moment } from '../core/module.ts';
import { lineUp, standInFor } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import { attach, attachWhatFits, type FileFacts, settled } from '../files/model.ts';
import type { World } from '../processes/model.ts';
import { type Act, type Acting, Args, type ArgsOf, type DecisionEvent, type DecisionTaken, isOpen } from './model.ts';

type M = Moment<World>;
type Verdict = Decision<DecisionEvent>;
export interface Facts extends FileFacts {
  /** for a new one that brings none of its own */
  number?: string;
}
type On<A extends Act> = (decision: DecisionTaken, args: ArgsOf<A>, moment: M, facts: Facts) => Verdict;

const rules: { [A in Exclude<Act, 'take'>]: On<A> } = {
  amend: (decision, args, moment) => {
    if (decision.state === 'void') return refuse('over');
    const same = decision.text === args.text && decision.owner === args.owner && decision.due === args.due;
    if (same) return refuse('nothing-to-do');
    // an owner who said yes to something else, or to another date, is asked again
    return { events: [{ type: 'decision-amended', data: { ...args, ...standIn(args.owner, moment), again: true } }] };
  },
  void: (decision) =>
    decision.state === 'void' ? refuse('over') : { events: [{ type: 'decision-voided', data: { why: 'corrected' } }] },
  accept: (decision, _args, moment) => {
    const stranger = notOwner(decision, moment);
    if (stranger) return stranger;
    if (decision.state === 'accepted') return refuse('accepted-already');
    if (decision.state !== 'proposed') return refuse('decision-over', over(decision));
    return { events: [{ type: 'decision-accepted', data: { owner: decision.owner } }] };
  },
  decline: (decision, args, moment) => {
    const stranger = notOwner(decision, moment);
    if (stranger) return stranger;
    if (decision.state === 'accepted') return refuse('accepted-already');
    if (decision.state !== 'proposed') return refuse('decision-over', over(decision));
    return { events: [{ type: 'decision-declined', data: { owner: decision.owner, reason: args.reason } }] };
  },
  assign: (decision, args, moment) => {
    const stranger = notChair(decision, moment);
    if (stranger) return stranger;
    if (!isOpen(decision)) return refuse('decision-over', over(decision));
    if (!directoryOf(moment).people.get(args.to)?.active) return refuse('unknown-person', { person: args.to });
    if (args.to === decision.owner && decision.state !== 'declined')
      return refuse('owner-already', { person: args.to });
    const reason = args.reason ? { reason: args.reason } : {};
    const data = { from: decision.owner, to: args.to, ...standIn(args.to, moment), ...reason };
    return { events: [{ type: 'decision-assigned', data }] };
  },
  'ask-extension': (decision, args, moment) => {
    const stranger = notOwner(decision, moment);
    if (stranger) return stranger;
    const data = { to: args.to, reason: args.reason };
    return later(decision, args, moment) ?? { events: [{ type: 'extension-asked', data }] };
  },
  extend: (decision, args, moment) => {
    const stranger = notChair(decision, moment);
    if (stranger) return stranger;
    // whoever has to do it does not put it off, however far above the chair they stand
    const own = byOf(moment.actor);
    if (own !== decision.chair && mayOwn(decision, own, directoryOf(moment)))
      return refuse('only-chair', { chair: decision.chair });
    const data = { from: decision.due, to: args.to, reason: args.reason };
    return later(decision, args, moment) ?? { events: [{ type: 'decision-extended', data }] };
  },
  done: (decision, args, moment, facts) => {
    const stranger = notOwner(decision, moment);
    if (stranger) return stranger;
    if (!isOpen(decision)) return refuse('decision-over', over(decision));
    const sent = args.files ?? [];
    if (args.word.trim() === '' && (facts.files ?? 0) + sent.length === 0) return refuse('needs-proof');
    const days = daysAfter(decision.due, ownersDay(decision, directoryOf(moment), moment.at));
    const data = { word: args.word, ...(days > 0 ? { late: { days } } : {}) };
    const sender = { by: byOf(moment.actor), platform: platformOf(moment) };
    const attached = attachWhatFits(joined(decision, facts), sent, moment, sender);
    return { events: [...attached, { type: 'decision-done', data }] };
  },
  attach: (decision, args, moment, facts) => {
    const person = byOf(moment.actor);
    if (!mayChair(decision, person, directoryOf(moment)) && !mayOwn(decision, person, directoryOf(moment)))
      return refuse('not-yours');
    return attach(joined(decision, facts), args.files, moment);
  },
  'file-kept': (_decision, data, _moment, facts) => settled({ type: 'file-kept', data }, facts),
  'file-refused': (_decision, data, _moment, facts) => settled({ type: 'file-refused', data }, facts),
  orphan: (decision, _args, moment) => {
    const here = directoryOf(moment).people.get(decision.owner)?.active;
    if (here || !isOpen(decision) || decision.state === 'declined') return refuse('over');
    return { events: [{ type: 'decision-orphaned', data: { owner: decision.owner } }] };
  },
  hand: (decision, _args, moment) => {
    const [from, to] = [decision.acting ?? decision.owner, actsFor(decision, directoryOf(moment))];
    if (!isOpen(decision) || from === to) return refuse('nothing-to-do');
    return { events: [{ type: 'decision-handed', data: { owner: decision.owner, from, to } }] };
  },
  reopen: (decision, args, moment) => {
    const stranger = notChair(decision, moment);
    if (stranger) return stranger;
    if (decision.state !== 'done') return refuse('not-done');
    return { events: [{ type: 'decision-reopened', data: { reason: args.reason } }] };
  },
  remind: (decision, { due, when }, moment) => {
    if (moment.actor.kind !== 'clock' || !isOpen(decision)) return refuse('over');
    // after an outage only what is still true is said
    const day = ownersDay(decision, directoryOf(moment), moment.at);
    if (when === 'before' && day >= decision.due) return refuse('over');
    if (when === 'due' && day > decision.due) return refuse('over');
    return { events: [{ type: 'decision-reminded', data: { due, when, to: remindedOf(decision, when, moment) } }] };
  },
};

export function decide(decision: DecisionTaken | undefined, command: Command, facts: Facts, moment: M): Verdict {
  const act = command.name.slice('decisions.'.length) as Act;
  if (!(act in Args)) return refuse('unknown-command');
  const args = Args[act].safeParse(command.args);
  if (!args.success) return refuse('unreadable');
  if (FOLLOWING.has(act) && moment.actor.kind !== 'clock') return refuse('unknown-command');
  if (act === 'take') return decision ? refuse('exists') : taken(args.data as ArgsOf<'take'>, facts, moment);
  if (decision === undefined) return refuse('unknown-decision', { number: command.subject ?? '' });
  const verdict = (rules[act] as On<typeof act>)(decision, args.data as never, moment, facts);
  // it was another one when its reader looked at it: shown again, not carried out
  const { seen } = args.data as { seen?: number };
  return 'events' in verdict && seen !== undefined && seen !== decision.version ? refuse('stale') : verdict;
}

function taken(args: ArgsOf<'take'>, facts: Facts, moment: M): Verdict {
  const number = args.number ?? facts.number;
  if (number === undefined) return refuse('unreadable');
  return { events: [{ type: 'decision-taken', data: { ...args, number, ...standIn(args.owner, moment) } }] };
}

function standIn(owner: string, moment: M): Acting {
  const acting = actingFor(owner, directoryOf(moment));
  return acting === owner ? {} : { acting };
}

/** What follows from minutes, from a crisis or from time: nobody says it by a button. */
const FOLLOWING: ReadonlySet<Act> = new Set([
  'take',
  'amend',
  'void',
  'remind',
  'orphan',
  'hand',
  'file-kept',
  'file-refused',
]);

/** Whose it is to act today: its owner, or whoever stands in for them (D4). */
export function actsFor(decision: Pick<DecisionTaken, 'owner'>, directory: Directory): string {
  return actingFor(decision.owner, directory);
}

/** Whoever chaired, or who acts for them. */
export function leads(decision: DecisionTaken, directory: Directory): string {
  return actingFor(decision.chair, directory);
}

/** What day it is where the one lives who has to do it. */
export function ownersDay(decision: Pick<DecisionTaken, 'owner'>, directory: Directory, at: Date): string {
  const { hours } = directory.people.get(actsFor(decision, directory)) ?? {};
  return localDate(at, hours?.timezone ?? directory.company.timezone);
}

export function mayOwn(decision: DecisionTaken, person: string, directory: Directory): boolean {
  return person === decision.owner || person === actsFor(decision, directory);
}

export function mayChair(decision: DecisionTaken, person: string, directory: Directory): boolean {
  const above = lineUp(directory, decision.chair).some((one) => one.id === person);
  return person === decision.chair || above || person === actingFor(decision.chair, directory);
}

function actingFor(person: string, directory: Directory): string {
  const acting = standInFor(directory, person);
  return 'person' in acting ? acting.person : person;
}

function notOwner(decision: DecisionTaken, moment: M) {
  const may = mayOwn(decision, byOf(moment.actor), directoryOf(moment));
  return may ? undefined : refuse('only-owner', { owner: decision.owner });
}

function notChair(decision: DecisionTaken, moment: M) {
  const may = mayChair(decision, byOf(moment.actor), directoryOf(moment));
  return may ? undefined : refuse('only-chair', { chair: decision.chair });
}

function later(decision: DecisionTaken, { to }: { to: string }, moment: M) {
  if (!isOpen(decision)) return refuse('decision-over', over(decision));
  if (to <= decision.due || to < today(moment)) return refuse('not-later', { due: decision.due });
  return daysAfter(decision.due, to) > 5 * 366 ? refuse('too-far') : undefined;
}

/** Past its day the chair hears of it as well; who has declined it, not any more. */
function remindedOf(decision: DecisionTaken, when: 'before' | 'due' | 'after', moment: M): string[] {
  const [owner, chair] = [actsFor(decision, directoryOf(moment)), leads(decision, directoryOf(moment))];
  if (decision.state === 'declined') return [chair];
  return when === 'after' ? [...new Set([owner, chair])] : [owner];
}

const platformOf = ({ actor }: M): string => (actor.kind === 'person' ? actor.platform : 'clock');
const joined = (decision: DecisionTaken, { files = 0 }: Facts) => ({
  project: decision.text,
  version: decision.version,
  files,
});
const over = ({ state, number }: DecisionTaken) => ({ state, number });
const directoryOf = ({ world }: M): Directory => world.directory;
const today = (moment: M): string => localDate(moment.at, directoryOf(moment).company.timezone);
const daysAfter = (due: string, day: string): number =>
  Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${due}T00:00:00Z`)) / 86_400_000);
