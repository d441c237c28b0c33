/** How a request moves along its path: who may sign now, when a step is settled, which step opens next. */

import { standInFor } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import type { Plan } from '../processes/path.ts';
import {
  emptyPlaces,
  hasApproved,
  missingOf,
  openStep,
  placesOf,
  type Request,
  type RequestEvent,
  type Signer,
  type StepState,
} from './model.ts';

/** 或签: one is enough; 会签: no place may be empty. An escalation is one more way to fill a place, never one more to be filled. */
export function isApproved(step: StepState): boolean {
  return step.signers.some(hasApproved) && (step.need === 'any' || emptyPlaces(step).length === 0);
}

export function withSigner(step: StepState, person: string, change: (signer: Signer) => Signer): StepState {
  return { ...step, signers: step.signers.map((signer) => (signer.person === person ? change(signer) : signer)) };
}

/** Whoever has approved in this submission, with the step at which they did. */
function signedBefore(steps: StepState[]): Map<string, string> {
  const signed = new Map<string, string>();
  for (const step of steps) {
    for (const signer of step.signers) {
      if (signer.signature?.kind === 'approved' && !signed.has(signer.person)) signed.set(signer.person, step.id);
    }
  }
  return signed;
}

export interface Progress {
  request: { requester: string; submission: number };
  /** the path as the organisation stands now; absent where nobody could be found */
  plan: Plan | undefined;
  directory: Directory;
}

/**
 * The signers of a step as the organisation stands now; who signed earlier in this path need not sign again. Those who were asked or added
 * before stay, or whoever acts for them today.
 */
function signersNow(step: StepState, steps: StepState[], { request, plan, directory }: Progress): Signer[] {
  const planned =
    step.openedAt === undefined ? plan?.steps.find((p) => p.id === step.id && p.applies)?.signers : undefined;
  const signers: Signer[] = planned ?? movesOf(step, request.requester, directory, plan).reduce(takeOver, step).signers;
  const signed = signedBefore(steps);
  return signers.map((signer) => {
    const at = signed.get(signer.person);
    return at === undefined || signer.signature !== undefined ? signer : { ...signer, counted: { step: at } };
  });
}

/** What follows when no step is open: the next one opens, is covered by signatures already given, or the request is approved. */
export function advance(steps: StepState[], progress: Progress): RequestEvent[] {
  const events: RequestEvent[] = [];
  for (const step of steps) {
    if (step.state !== 'waiting') continue;
    const signers = signersNow(step, steps, progress);
    if (!isApproved({ ...step, signers }))
      return [...events, { type: 'step-opened', data: { step: step.id, signers } }];
    events.push({ type: 'step-covered', data: { step: step.id, signers } });
  }
  return [...events, { type: 'request-approved', data: { submission: progress.request.submission } }];
}

/** The stand-ins that today's absences ask for, the way back to those who have returned, and successors of those who have left. */
export function movesNow(
  request: Request,
  directory: Directory,
  plan: Plan | undefined,
): { from: string; to: Signer }[] {
  const step = openStep(request);
  return step ? movesOf(step, request.requester, directory, plan) : [];
}

interface Move {
  from: string;
  to: Signer;
}

function movesOf(step: StepState, requester: string, directory: Directory, plan: Plan | undefined): Move[] {
  const missing = missingOf(step);
  const settled = step.signers.filter((signer) => !missing.includes(signer)).map((signer) => signer.person);
  const moves: Move[] = [];
  for (const { person } of missing) {
    const now = moves.reduce(takeOver, step);
    const signer = now.signers.find((one) => one.person === person);
    if (signer === undefined) continue;
    const present = new Set(now.signers.map((one) => one.person));
    const acting = standing(signer, [requester, ...settled], directory) ?? successor(step, plan, present);
    if (acting === undefined || acting.person === person) continue;
    const there = now.signers.find((one) => one.person === acting.person);
    const to = { ...acting, places: placesOf(signer) };
    moves.push({ from: person, to: there ? signingForBoth(there, to) : to });
  }
  return moves;
}

/** In the same place; or, where the new one is in the step already, in theirs, once. */
export function takeOver(step: StepState, { from, to }: Move): StepState {
  const twice = from !== to.person && step.signers.some((signer) => signer.person === to.person);
  const left = twice ? { ...step, signers: step.signers.filter((signer) => signer.person !== from) } : step;
  return withSigner(left, twice ? to.person : from, () => to);
}

/** Who is asked in this step already signs once, in their own right; whose place they take besides stays on record. */
function signingForBoth(there: Signer, acting: Signer): Signer {
  const how = [...there.how, ...acting.how.filter((one) => one.kind === 'stands-in')];
  return { ...there, how, places: [...new Set([...placesOf(there), ...placesOf(acting)])] };
}

/** Nobody is above who has left (or they are no longer in the handbook at all): the rule is asked again, as the company stands now. */
function successor(step: StepState, plan: Plan | undefined, present: ReadonlySet<string>): Signer | undefined {
  const planned = plan?.steps.find((one) => one.id === step.id)?.signers ?? [];
  return planned.find((signer) => !present.has(signer.person));
}

/** This signer, or whoever stands in for them today, but nobody in `not`; both names stay. `undefined`: nobody can. */
export function standing(signer: Signer, not: readonly string[], directory: Directory): Signer | undefined {
  const own = signer.standsInFor ?? signer.person;
  const found = standInFor(directory, own, not);
  if ('nobody' in found) return undefined;
  const { standsInFor: _before, ...rest } = signer;
  const how = rest.how.filter((one) => one.kind !== 'stands-in');
  if (found.person === own) return { ...rest, how, person: own };
  const standsIn = { kind: 'stands-in' as const, for: own, chain: found.chain };
  return { ...rest, person: found.person, standsInFor: own, how: [...how, standsIn] };
}
