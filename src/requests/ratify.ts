/** Money that is spent in a crisis before anybody has approved (A3): what is recorded, who watches it, what happens when its time is over. Pure. */
import { addDuration, type Duration } from '../core/calendar.ts';
import { byOf, type Decision, type Refusal, refuse } from '../core/message.ts';
import type { Moment } from '../core/module.ts';
import type { SpendVerdict } from '../crisis/lookup.ts';
import { holders, lineUp } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import type { World } from '../processes/model.ts';
import {
  awaitsRatification,
  type MoneyValue,
  namesOf,
  openStep,
  pendingOf,
  type Request,
  type RequestEvent,
  type Urgent,
  type Value,
  type Values,
} from './model.ts';
import { superiors } from './superiors.ts';

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

/** What is spent is spent: its approval may be asked for with other papers, never for more, nor for nothing. */
export function asksForMore({ values }: Request, next: Values): boolean {
  const asked = Object.entries(next).flatMap(([id, value]) => (typeof value === 'object' ? [{ id, value }] : []));
  return asked.length === 0 || asked.some(({ id, value }) => isMore(value, values[id]));
}

function isMore(is: MoneyValue, was: Value | undefined): boolean {
  if (typeof was !== 'object') return true;
  return was.currency === is.currency ? BigInt(is.minor) > BigInt(was.minor) : BigInt(is.base) > BigInt(was.base);
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
  // returned, it is the requester who is silent
  const above = step ? [] : abovePeople(request.requester, times, directory);
  const to = [request.requester, ...from, ...namesOf(signers), ...above, ...watchers(request.requester, directory)];
  const asked = step ? { step: step.id, signers } : { signers };
  return {
    events: [{ type: 'ratification-overdue', data: { times, due: executed.due, to: [...new Set(to)], ...asked } }],
  };
}

const abovePeople = (person: string, levels: number, directory: Directory): string[] =>
  lineUp(directory, person)
    .filter((up) => up.active)
    .slice(0, levels)
    .map((up) => up.id);
