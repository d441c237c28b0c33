/** Whose turn it is: the step and the signature that somebody can give right now, or what stands in the way. Pure. */
import { type Actor, byOf, type Refusal, refuse } from '../core/message.ts';
import { hasApproved, namesOf, openStep, pendingOf, type Request, type Signer, type StepState } from './model.ts';

/** The step and the signature that this person can give right now, or why not. */
export function turnOf(
  request: Request,
  seen: { step?: string | undefined; seen?: number | undefined },
  actor: Actor,
): { step: StepState; signer: Signer } | { refusal: Refusal } {
  const person = byOf(actor);
  const step = openStep(request);
  if (!request.parties.includes(person)) return refuse('not-yours');
  if (step === undefined) return refuse('already-decided', ended(request));
  if (seen.seen !== request.submission) return refuse('stale');
  const meant = request.steps.find((s) => s.id === seen.step);
  if (meant === undefined) return refuse('stale');
  if (meant.id !== step.id && isOver(meant)) return refuse('step-already-decided', lastSignature(meant));
  const mine = pendingOf(step).find((signer) => signer.person === person);
  return mine !== undefined && meant.id === step.id ? { step, signer: mine } : notNow(request, step, person);
}

function notNow(request: Request, step: StepState, person: string): { refusal: Refusal } {
  const signed = step.signers.find((s) => s.person === person && s.signature !== undefined);
  if (signed?.signature) return refuse('already-signed', { at: signed.signature.at });
  if (person === request.requester) return refuse('own-request', { waiting: namesOf(pendingOf(step)) });
  const standIn = pendingOf(step).find((s) => s.how.some((how) => how.kind === 'stands-in' && how.for === person));
  if (standIn) return refuse('stand-in-acts', { person: standIn.person });
  return refuse('not-your-turn', { waiting: namesOf(pendingOf(step)) });
}

function isOver(step: StepState): boolean {
  return (
    step.state === 'approved' || step.state === 'rejected' || step.state === 'returned' || step.state === 'covered'
  );
}

/** Who had the last word on a step. A step that was never asked was decided by whoever had signed before. */
function lastSignature(step: StepState) {
  const signed = step.signers
    .flatMap((s) => (s.signature ? [{ by: s.person, at: s.signature.at, outcome: s.signature.kind }] : []))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .at(-1);
  const counted = step.signers.find(hasApproved)?.person ?? '';
  return signed ?? { by: counted, at: counted ? (step.closedAt ?? '') : '', outcome: 'approved' };
}

export function ended(request: Request) {
  const last = request.steps
    .map(lastSignature)
    .filter((s) => s.at !== '')
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .at(-1);
  const outcome = request.state;
  if (request.ended) return { by: request.ended.by, at: request.endedAt ?? last?.at ?? '', outcome };
  return { by: last?.by ?? '', at: request.endedAt ?? last?.at ?? '', outcome };
}

/** While it is held nobody signs, nor asks others to; refusing, returning, withdrawing and talking it over stay possible. */
export function heldBack({ held }: Request): { refusal: Refusal } | undefined {
  return held && refuse('held', { crisis: held.crisis });
}

/** The turn, for what brings the request onward. */
export function turnOnward(...asked: Parameters<typeof turnOf>): ReturnType<typeof turnOf> {
  const turn = turnOf(...asked);
  return 'refusal' in turn ? turn : (heldBack(asked[0]) ?? turn);
}
