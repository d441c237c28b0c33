/** How a request moves along its path: who may sign now, when a step is settled, which step opens next. */

import { standInFor } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import type { Plan } from '../processes/path.ts';
import { openStep, pendingOf, type Request, type RequestEvent, type Signer, type StepState } from './model.ts';

/** Signed, counted from an earlier step, or answered for by somebody to whom it was escalated. */
function isSettled(step: StepState, signer: Signer): boolean {
  if (signer.signature?.kind === 'approved' || signer.counted !== undefined) return true;
  return step.signers.some((s) => s.came?.kind === 'escalated' && s.came.from === signer.person && isSettled(step, s));
}

/** 或签: one is enough; 会签: nobody may be missing. An escalation is one more way to sign, never one more signature needed. */
export function isApproved(step: StepState): boolean {
  if (step.need === 'any') return step.signers.some((signer) => isSettled(step, signer));
  return step.signers.filter((s) => s.came?.kind !== 'escalated').every((signer) => isSettled(step, signer));
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
  const actingNow = (signer: Signer): Signer =>
    isSettled(step, signer) ? signer : (standing(signer, [request.requester], directory) ?? signer);
  const signers: Signer[] = planned ?? step.signers.map(actingNow);
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
  if (step === undefined) return [];
  const pending = pendingOf(step);
  const signed = step.signers.filter((signer) => !pending.includes(signer)).map((signer) => signer.person);
  const asked = new Map(pending.map((signer) => [signer.person, signer]));
  return pending.flatMap((signer) => {
    const present = new Set([...asked.keys(), ...signed]);
    const acting = standing(signer, [request.requester, ...signed], directory) ?? successor(step, plan, present);
    if (acting === undefined || acting.person === signer.person) return [];
    const there = asked.get(acting.person);
    if (there && step.need === 'any') return [];
    const to = there ? signingForBoth(there, acting) : acting;
    asked.set(to.person, to);
    return [{ from: signer.person, to }];
  });
}

/** Who is asked in this step already signs once, in their own right; whose place they take besides stays on record. */
function signingForBoth(there: Signer, acting: Signer): Signer {
  return { ...there, how: [...there.how, ...acting.how.filter((one) => one.kind === 'stands-in')] };
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
