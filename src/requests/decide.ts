/** What may happen to a request now. The one place where authority is checked: buttons, forms, text, timers and policies all come here. */
import { addDuration } from '../core/calendar.ts';
import { type Actor, byOf, type Command, type Decision, type Refusal, refuse } from '../core/message.ts';
import type { Moment } from '../core/module.ts';
import { lineUp } from '../directory/lookup.ts';
import { attach, attachWhatFits, type FileFacts, type SentFile, settled } from '../files/model.ts';
import type { Process, World } from '../processes/model.ts';
import type { Plan } from '../processes/path.ts';
import type { CheckedSubmission } from './content.ts';
import {
  type Act,
  Args,
  type ArgsOf,
  emptyPlaces,
  hasApproved,
  openStep,
  pendingOf,
  placesOf,
  type Request,
  type RequestEvent,
  type SignatureData,
  type Signer,
  type StepState,
} from './model.ts';
import { joined } from './naming.ts';
import { advance, isApproved, movesNow, standing, withSigner } from './steps.ts';

export interface Facts extends FileFacts {
  /** for submit and resubmit: the content read under today's process, and the number it will have */
  checked?: CheckedSubmission;
  number?: string;
  /** the path as the organisation stands now, under the pinned process; absent where nobody could be found */
  plan?: Plan;
  /** for files: what the request is about stands in the process's form */
  process?: Process;
}

type Verdict = Decision<RequestEvent>;
type On<A extends Act> = (request: Request, args: ArgsOf<A>, moment: Moment<World>, facts: Facts) => Verdict;

const URGE_EVERY = { amount: 2, unit: 'hours', working: true } as const;

const rules: { [A in Exclude<Act, 'submit'>]: On<A> } = {
  resubmit: (request, args, moment, facts) => {
    const stranger = notRequester(request, moment);
    if (stranger) return stranger;
    if (request.state !== 'returned') return refuse('not-returned', ended(request));
    if (args.seen !== undefined && args.seen !== request.submission) return refuse('stale', {});
    const identity = { number: request.number, submission: request.submission + 1, origin: request.origin };
    return submitted('request-resubmitted', identity, args.files ?? [], moment, facts);
  },
  approve: (request, args, moment, facts) => {
    const turn = turnOf(request, args, moment.actor);
    if ('refusal' in turn) return turn;
    const { step, signer } = turn;
    const data = signature(request, step, signer, args.comment);
    const signed = withSigner(step, signer.person, (s) => ({
      ...s,
      signature: { kind: 'approved', at: moment.at.toISOString(), via: viaOf(moment.actor) },
    }));
    if (!isApproved(signed)) return { events: [{ type: 'signature-given', data }] };
    const steps = request.steps.map((s) => (s.id === step.id ? { ...signed, state: 'approved' as const } : s));
    const progress = { request, plan: facts.plan, directory: moment.world.directory };
    return { events: [{ type: 'step-approved', data }, ...advance(steps, progress)] };
  },
  reject: (request, args, moment) => {
    const turn = turnOf(request, args, moment.actor);
    if ('refusal' in turn) return turn;
    const data = signature(request, turn.step, turn.signer, args.reason);
    return {
      events: [
        { type: 'step-rejected', data },
        { type: 'request-rejected', data: { reason: args.reason } },
      ],
    };
  },
  return: (request, args, moment) => {
    const turn = turnOf(request, args, moment.actor);
    if ('refusal' in turn) return turn;
    const data = signature(request, turn.step, turn.signer, args.reason);
    return {
      events: [
        { type: 'step-returned', data },
        { type: 'request-returned', data: { reason: args.reason } },
      ],
    };
  },
  withdraw: (request, args, moment) => {
    const stranger = notRequester(request, moment);
    if (stranger) return stranger;
    if (request.state !== 'open' && request.state !== 'returned') return refuse('already-decided', ended(request));
    return { events: [{ type: 'request-withdrawn', data: args.reason ? { reason: args.reason } : {} }] };
  },
  comment: (request, args, moment) =>
    request.parties.includes(by(moment))
      ? { events: [{ type: 'request-commented', data: { text: args.text } }] }
      : refuse('not-yours'),
  copy: (request, args, moment) => {
    if (!request.parties.includes(by(moment))) return refuse('not-yours');
    if (!isActive(moment, args.to)) return refuse('unknown-person', { person: args.to });
    if (request.parties.includes(args.to)) return refuse('sees-it-already', { person: args.to });
    return { events: [{ type: 'request-copied', data: { to: args.to } }] };
  },
  urge: (request, _args, moment) => {
    const stranger = notRequester(request, moment);
    if (stranger) return stranger;
    const step = openStep(request);
    if (step === undefined) return refuse('already-decided', ended(request));
    const next = request.urgedAt && addDuration(new Date(request.urgedAt), URGE_EVERY, hoursOf(moment));
    if (next && moment.at < next) return refuse('urged-lately', { again: next.toISOString() });
    return { events: [{ type: 'request-urged', data: { step: step.id, signers: names(pendingOf(step)) } }] };
  },
  'hand-over': (request, args, moment) => {
    const turn = turnOf(request, args, moment.actor);
    if ('refusal' in turn) return turn;
    const incomer = incoming(request, turn.step, args.to, moment, 'handed-over', args.reason);
    if ('refusal' in incomer) return incomer;
    const signer = { ...incomer, places: placesOf(turn.signer) };
    const reason = args.reason ? { reason: args.reason } : {};
    const data = { step: turn.step.id, from: turn.signer.person, signer, ...reason };
    return { events: [{ type: 'step-handed-over', data }] };
  },
  'add-signer': (request, args, moment) => {
    const turn = turnOf(request, args, moment.actor);
    if ('refusal' in turn) return turn;
    const signer = incoming(request, turn.step, args.to, moment, 'added', args.reason);
    if ('refusal' in signer) return signer;
    if (hasSigned(request, signer.person)) return refuse('signed-before', { person: signer.person });
    const added = addedStep(request, turn.step, signer, by(moment));
    const reason = args.reason ? { reason: args.reason } : {};
    const event = { type: 'signer-added' as const, data: { step: turn.step.id, added, place: args.place, ...reason } };
    if (args.place === 'after') return { events: [event] };
    return { events: [event, { type: 'step-opened', data: { step: added.id, signers: added.signers } }] };
  },
  remind: (request, args) => {
    const step = current(request, args);
    if (step === undefined) return refuse('over');
    const data = { step: step.id, signers: names(pendingOf(step)), times: step.reminders + 1 };
    return { events: [{ type: 'step-reminded', data }] };
  },
  escalate: (request, args, moment) => {
    const step = current(request, args);
    if (step === undefined) return refuse('over');
    const signers = superiors(request, step, moment);
    if (signers.length === 0) return refuse('nobody-above');
    return { events: [{ type: 'step-escalated', data: { step: step.id, from: names(pendingOf(step)), signers } }] };
  },
  reassign: (request, _args, moment, facts) => {
    const moved = movesNow(request, moment.world.directory, facts.plan);
    const step = openStep(request);
    return step && moved.length > 0
      ? { events: [{ type: 'step-reassigned', data: { step: step.id, moved } }] }
      : refuse('nothing-to-do');
  },
  attach: (request, args, moment, facts) => {
    if (!request.parties.includes(by(moment)) || facts.files === undefined) return refuse('not-yours');
    return attach(joined(request, facts), args.files, moment);
  },
  'file-kept': (_request, data, _moment, facts) => settled({ type: 'file-kept', data }, facts),
  'file-refused': (_request, data, _moment, facts) => settled({ type: 'file-refused', data }, facts),
};

/** Only the clock keeps, chases and moves; a person who names these commands in a forged button is refused. */
const CLOCKS: ReadonlySet<string> = new Set(['remind', 'escalate', 'reassign', 'file-kept', 'file-refused']);

export function decide(request: Request | undefined, command: Command, facts: Facts, moment: Moment<World>): Verdict {
  const act = command.name.slice(command.name.indexOf('.') + 1);
  if (!Object.hasOwn(Args, act)) return refuse('unknown-command');
  if (CLOCKS.has(act) !== (moment.actor.kind === 'clock')) return refuse('not-yours');
  const args = Args[act as Act].safeParse(command.args);
  if (!args.success) return refuse('unreadable', { fields: args.error.issues.map((issue) => issue.path.join('.')) });
  if (act === 'submit') {
    const identity = { number: facts.number ?? '', submission: 1, origin: viaOf(moment.actor) };
    const { files = [] } = args.data as ArgsOf<'submit'>;
    return submitted('request-submitted', identity, files, moment, facts);
  }
  if (request === undefined) return refuse('unknown-request', { number: command.subject ?? '' });
  return (rules[act as Exclude<Act, 'submit'>] as On<Act>)(request, args.data as never, moment, facts);
}

function submitted(
  type: 'request-submitted' | 'request-resubmitted',
  { number, submission, origin }: { number: string; submission: number; origin: Request['origin'] | 'clock' },
  files: SentFile[],
  moment: Moment<World>,
  facts: Facts,
): Verdict {
  const { checked } = facts;
  if (checked === undefined || origin === 'clock') return refuse('unreadable', { fields: [] });
  if ('faults' in checked) return refuse('badly-filled', { faults: checked.faults });
  if ('refusal' in checked) return checked;
  const { process, version, values, steps, copies } = checked;
  const data = { number, process, version, requester: by(moment), origin, submission, values, steps, copies };
  const progress = { request: data, plan: checked.plan, directory: moment.world.directory };
  const sender = { by: by(moment), platform: origin };
  const attached = attachWhatFits(joined(data, facts), files, moment, sender);
  return { events: [{ type, data }, ...attached, ...advance(steps, progress)] };
}

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
  if (person === request.requester) return refuse('own-request', { waiting: names(pendingOf(step)) });
  const standIn = pendingOf(step).find((s) => s.how.some((how) => how.kind === 'stands-in' && how.for === person));
  if (standIn) return refuse('stand-in-acts', { person: standIn.person });
  return refuse('not-your-turn', { waiting: names(pendingOf(step)) });
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

function ended(request: Request) {
  const last = request.steps
    .map(lastSignature)
    .filter((s) => s.at !== '')
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .at(-1);
  const outcome = request.state;
  if (request.ended) return { by: request.ended.by, at: request.endedAt ?? last?.at ?? '', outcome };
  return { by: last?.by ?? '', at: request.endedAt ?? last?.at ?? '', outcome };
}

/** Whoever has no part in it is not even told whose it is. */
function notRequester(request: Request, moment: Moment<World>): { refusal: Refusal } | undefined {
  const person = by(moment);
  if (person === request.requester) return undefined;
  return request.parties.includes(person)
    ? refuse('only-requester', { requester: request.requester })
    : refuse('not-yours');
}

function by(moment: Moment<World>): string {
  return byOf(moment.actor);
}

function viaOf(actor: Actor): Request['origin'] | 'clock' {
  return actor.kind === 'person' ? actor.platform : 'clock';
}

function hoursOf(moment: Moment<World>) {
  return moment.world.directory.company.hours;
}

function isActive(moment: Moment<World>, person: string): boolean {
  return moment.world.directory.people.get(person)?.active === true;
}

function names(signers: Signer[]): string[] {
  return signers.map((signer) => signer.person);
}

function signature(request: Request, step: StepState, signer: Signer, comment: string | undefined): SignatureData {
  return {
    step: step.id,
    signer: signer.person,
    submission: request.submission,
    ...(signer.standsInFor ? { standsInFor: signer.standsInFor } : {}),
    ...(comment ? { comment } : {}),
  };
}

/** Somebody newly asked to sign (转交, 加签): known, not the requester, not asked already; a stand-in where they are away. */
function incoming(
  request: Request,
  step: StepState,
  to: string,
  moment: Moment<World>,
  kind: 'handed-over' | 'added',
  reason: string | undefined,
): Signer | { refusal: Refusal } {
  if (!isActive(moment, to)) return refuse('unknown-person', { person: to });
  if (to === request.requester) return refuse('not-to-requester', { person: to });
  if (step.signers.some((s) => s.person === to || s.standsInFor === to)) return refuse('signs-already', { person: to });
  const came = { kind, from: by(moment), at: moment.at.toISOString(), ...(reason ? { reason } : {}) };
  const signer = standing(
    { person: to, rule: { person: to }, how: [{ kind: 'rule' }], came },
    [request.requester],
    moment.world.directory,
  );
  if (signer === undefined || step.signers.some((s) => s.person === signer.person)) {
    return refuse('away-without-deputy', { person: to });
  }
  return signer;
}

/** Whoever has approved this content is not asked for the same once more. */
function hasSigned(request: Request, person: string): boolean {
  return request.steps.some((step) => step.signers.some((s) => s.person === person && hasApproved(s)));
}

function addedStep(request: Request, step: StepState, signer: Signer, addedBy: string): StepState {
  let nth = 1;
  while (request.steps.some((s) => s.id === `added-${nth}`)) nth += 1;
  return {
    id: `added-${nth}`,
    title: step.title,
    need: 'any',
    applies: true,
    conditions: [],
    signers: [signer],
    state: 'waiting',
    addedBy,
    reminders: 0,
  };
}

function current(request: Request, args: { step: string; submission: number }): StepState | undefined {
  const step = openStep(request);
  return step?.id === args.step && request.submission === args.submission ? step : undefined;
}

/** The managers of those who are silent: active, not the requester, not asked already. */
function superiors(request: Request, step: StepState, moment: Moment<World>): Signer[] {
  const asked = new Set(names(step.signers));
  return silentOf(step).flatMap((silent) => {
    const signer = superiorOf(silent, step, { request, moment, asked });
    if (signer) asked.add(signer.person);
    return signer ? [signer] : [];
  });
}

/** Who was asked last for each place that is still empty. */
function silentOf(step: StepState): Signer[] {
  const pending = pendingOf(step);
  const last = emptyPlaces(step).map((place) => pending.findLast((signer) => placesOf(signer).includes(place)));
  return [...new Set(last.filter((signer) => signer !== undefined))];
}

/**
 * The next one up from a silent signer, or from whomever they stand in for. 会签: who is asked already is passed over, for one person's
 * signature never fills two places by escalation; 或签: if they are asked already, that is enough.
 */
function superiorOf(
  silent: Signer,
  step: StepState,
  { request, moment, asked }: { request: Request; moment: Moment<World>; asked: ReadonlySet<string> },
): Signer | undefined {
  const { directory } = moment.world;
  const line = lineUp(directory, silent.standsInFor ?? silent.person);
  const up = line.find(
    ({ id, active }) => active && id !== request.requester && (step.need === 'any' || !asked.has(id)),
  );
  if (up === undefined || asked.has(up.id)) return undefined;
  const came = { kind: 'escalated' as const, from: silent.person, at: moment.at.toISOString() };
  const asSuperior: Signer = { person: up.id, rule: { person: up.id }, how: [{ kind: 'rule' }], came };
  const acting = standing(asSuperior, [request.requester, ...asked], directory);
  return acting && { ...acting, places: placesOf(silent) };
}
