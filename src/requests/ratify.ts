/** Money that is spent in a crisis before anybody has approved (A3): what is recorded, who watches it, what happens when its time is over. Pure. */
import { addDuration, type Duration } from '../core/calendar.ts';
import { byOf, type Decision, type Refusal, refuse } from '../core/message.ts';
import type { Moment } from '../core/module.ts';
import type { SpendVerdict } from '../crisis/lookup.ts';
import { holders, lineUp } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import type { Process, World } from '../processes/model.ts';
import {
  awaitsPapers,
  awaitsRatification,
  namesOf,
  openStep,
  pendingOf,
  type Request,
  type RequestEvent,
  type Urgent,
  type Values,
} from './model.ts';
import { superiors } from './superiors.ts';
import { ended } from './turns.ts';

/** What the crisis says to the spend; without an amount there is nothing to spend. */
export interface Spend {
  crisis: string;
  /** what is to be spent, minor units of the company's currency */
  base: string;
  verdict: SpendVerdict | { execute: false; why: 'no-amount' };
}

type Emergency =
  | { kind: 'none' }
  | { kind: 'urgent'; urgent: Urgent }
  | { kind: 'spent'; crisis: string; base: string; ratify: Duration };

/** @param crisis as it was typed; undefined: it is for none */
export function emergencyOf(crisis: string | undefined, spend: Spend | undefined): Emergency | { refusal: Refusal } {
  if (crisis === undefined) return { kind: 'none' };
  if (spend === undefined) return refuse('no-crisis', { crisis });
  const { verdict, base, crisis: number } = spend;
  if (verdict.execute) return { kind: 'spent', crisis: number, base, ratify: verdict.ratify };
  switch (verdict.why) {
    case 'unknown':
      return refuse('no-crisis', { crisis });
    case 'drill':
      return refuse('in-drill', { crisis: number });
    case 'no-amount':
      return { kind: 'urgent', urgent: { crisis: number, why: verdict.why } };
    default:
      return { kind: 'urgent', urgent: { crisis: number, ...verdictOf(verdict.why, verdict.left) } };
  }
}

const verdictOf = (why: Urgent['why'], left: string | undefined) => (left === undefined ? { why } : { why, left });

/** They see it as open from the act until it ends. */
const WATCHING = ['director', 'finance', 'auditor'];

export const isWatching = (roles: readonly string[]): boolean => WATCHING.some((role) => roles.includes(role));

export function watchers(requester: string, directory: Directory): string[] {
  const people = WATCHING.flatMap((role) => holders(directory, role)).map((person) => person.id);
  return [...new Set(people)].filter((person) => person !== requester);
}

export function executed(
  { crisis, base, ratify }: Extract<Emergency, { kind: 'spent' }>,
  { actor, at, world }: Moment<World>,
): RequestEvent {
  const due = addDuration(at, ratify, world.directory.company.hours).toISOString();
  return { type: 'request-executed', data: { crisis, person: byOf(actor), base, due } };
}

/**
 * What is spent is spent: its approval may be asked for with other papers, never for another amount, for who has to sign depends upon it. A
 * field that the form does not have any more may have a new name: its amount stands in one that the form did not have.
 */
export function changesAmount({ values }: Request, next: Values, { form }: Pick<Process, 'form'>): boolean {
  const inForm = new Set(form.map((field) => field.id));
  const nameOf = (id: string): string => (inForm.has(id) && id in values ? id : '');
  const amounts = (of: Values): string =>
    Object.entries(of)
      .flatMap(([id, value]) =>
        typeof value === 'object' ? [[nameOf(id), value.minor, value.currency].join(' ')] : [],
      )
      .sort()
      .join();
  return amounts(next) !== amounts(values);
}

/** The company with the rates at which this was spent: submitted again it costs what it cost. */
export function atItsRates<W extends World>({ executed, values }: Request, world: W): W {
  if (!executed) return world;
  const pinned = Object.values(values).flatMap((value) =>
    typeof value === 'object' && value.rate ? [[value.currency, value.rate] as const] : [],
  );
  const { directory } = world;
  const { company } = directory;
  const rates = { ...company.rates, ...Object.fromEntries(pinned) };
  return { ...world, directory: { ...directory, company: { ...company, rates } } };
}

export const OVERDUE_EVERY: Duration = { amount: 8, unit: 'hours', working: true };

/** The time is over: one step further up each time, and everybody who watches is told again. */
export function overdue(request: Request, times: number, moment: Moment<World>): Decision<RequestEvent> {
  const { executed } = request;
  if (!executed || !awaitsRatification(request) || times !== executed.overdue + 1) return refuse('over');
  const { directory } = moment.world;
  const step = openStep(request);
  const signers = step ? superiors(request, step, moment) : [];
  const from = step ? namesOf(pendingOf(step)) : [];
  // returned, it is the requester who is silent, and whoever may end it without them must know
  const silent = abovePeople(request.requester, times, directory);
  const above = step ? [] : [...silent, ...refusers(request, directory, times)];
  const to = [request.requester, ...from, ...namesOf(signers), ...above, ...watchers(request.requester, directory)];
  const asked = step ? { step: step.id, signers } : { signers };
  return {
    events: [{ type: 'ratification-overdue', data: { times, due: executed.due, to: [...new Set(to)], ...asked } }],
  };
}

/**
 * Who may say of what was returned, and does not come again, that it is not ratified: whoever returned it and all above those who were to sign.
 * Where none of them is left it is those above whoever spent it, and at last those who watch.
 */
function refusers(
  { steps, ended, requester }: Request,
  directory: Directory,
  levels = Number.POSITIVE_INFINITY,
): string[] {
  const signers = steps.find((step) => step.state === 'returned')?.signers ?? [];
  const asked = signers.flatMap(({ person, standsInFor }) => [person, ...(standsInFor ? [standsInFor] : [])]);
  const above = (people: string[]) => people.flatMap((person) => abovePeople(person, levels, directory));
  const may = (people: string[]): string[] =>
    people.filter((id) => id !== requester && directory.people.get(id)?.active === true);
  const tiers = [may([...(ended ? [ended.by] : []), ...above(asked)]), may(above([requester]))];
  return tiers.find((people) => people.length > 0) ?? may(watchers(requester, directory));
}

/** What stands in the way of refusing what was returned; undefined: nothing. */
export function papersRefusal(
  request: Request,
  seen: number | undefined,
  person: string,
  directory: Directory,
): { refusal: Refusal } | undefined {
  if (!request.parties.includes(person)) return refuse('not-yours');
  if (seen !== request.submission) return refuse('stale');
  return refusers(request, directory).includes(person) ? undefined : refuse('already-decided', ended(request));
}

/** Whose card offers it: whoever returned it, and once the time is over everybody who may. */
export function offersRefusal(request: Request, person: string, directory: Directory): boolean {
  if (!awaitsPapers(request) || papersRefusal(request, request.submission, person, directory)) return false;
  return request.ended?.by === person || (request.executed?.overdue ?? 0) > 0;
}

const abovePeople = (person: string, levels: number, directory: Directory): string[] =>
  lineUp(directory, person)
    .filter((up) => up.active)
    .slice(0, levels)
    .map((up) => up.id);
