/** What may happen to a request now. The one place where authority is checked: buttons, forms, text, timers and policies all come here. */
import { addDuration } from '../core/calendar.ts';
import { type Actor, byOf, type Command, type Decision, type Refusal, refuse } from '../core/message.ts';
import type { Moment } from '../core/module.ts';
import { attach, settled } from '../files/model.ts';
import type { World } from '../processes/model.ts';
import {
  type Act,
  Args,
  type ArgsOf,
  awaitsPapers,
  hasApproved,
  isLive,
  isSpared,
  namesOf,
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
import { overdue, papersRefusal } from './ratify.ts';
import { advance, isApproved, movesNow, standing, withSigner } from './steps.ts';
import { type Facts, freeFrom, heldFrom, resubmitted, submitted } from './submission.ts';
import { superiors } from './superiors.ts';
import { ended, heldBack, turnOf, turnOnward } from './turns.ts';

type Verdict = Decision<RequestEvent>;
type On<A extends Act> = (request: Request, args: ArgsOf<A>, moment: Moment<World>, facts: Facts) => Verdict;

const URGE_EVERY = { amount: 2, unit: 'hours', working: true } as const;

const rules: { [A in Exclude<Act, 'submit'>]: On<A> } = {
  resubmit: (request, args, moment, facts) => {
    const stranger = notRequester(request, moment);
    if (stranger) return stranger;
    if (request.state !== 'returned') return refuse('not-returned', ended(request));
    if (args.seen !== undefined && args.seen !== request.submission) return refuse('stale', {});
    return resubmitted(request, args, moment, facts);
  },
  approve: (request, args, moment, facts) => {
    const turn = turnOnward(request, args, moment.actor);
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
    if (awaitsPapers(request)) {
      // no step is open: whoever presses one of before has another card before their eyes
      if (args.step !== undefined) return refuse('stale');
      const not = papersRefusal(request, args.seen, by(moment), moment.world.directory);
      return not ?? { events: [{ type: 'request-rejected', data: { reason: args.reason } }] };
    }
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
    if (request.executed) return refuse('spent-already', { crisis: request.executed.crisis });
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
    const held = heldBack(request);
    if (held) return held;
    const next = request.urgedAt && addDuration(new Date(request.urgedAt), URGE_EVERY, hoursOf(moment));
    if (next && moment.at < next) return refuse('urged-lately', { again: next.toISOString() });
    return { events: [{ type: 'request-urged', data: { step: step.id, signers: namesOf(pendingOf(step)) } }] };
  },
  'hand-over': (request, args, moment) => {
    const turn = turnOnward(request, args, moment.actor);
    if ('refusal' in turn) return turn;
    const incomer = incoming(request, turn.step, args.to, moment, 'handed-over', args.reason);
    if ('refusal' in incomer) return incomer;
    const signer = { ...incomer, places: placesOf(turn.signer) };
    const reason = args.reason ? { reason: args.reason } : {};
    const data = { step: turn.step.id, from: turn.signer.person, signer, ...reason };
    return { events: [{ type: 'step-handed-over', data }] };
  },
  'add-signer': (request, args, moment) => {
    const turn = turnOnward(request, args, moment.actor);
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
    if (step === undefined || request.held) return refuse('over');
    const data = { step: step.id, signers: namesOf(pendingOf(step)), times: step.reminders + 1 };
    return { events: [{ type: 'step-reminded', data }] };
  },
  escalate: (request, args, moment) => {
    const step = current(request, args);
    if (step === undefined || request.held) return refuse('over');
    const signers = superiors(request, step, moment);
    if (signers.length === 0) return refuse('nobody-above');
    return { events: [{ type: 'step-escalated', data: { step: step.id, from: namesOf(pendingOf(step)), signers } }] };
  },
  reassign: (request, _args, moment, facts) => {
    const moved = movesNow(request, moment.world.directory, facts.plan);
    const step = openStep(request);
    return step && moved.length > 0
      ? { events: [{ type: 'step-reassigned', data: { step: step.id, moved } }] }
      : refuse('nothing-to-do');
  },
  'ratify-due': (request, { times }, moment) => overdue(request, times, moment),
  hold: (request, { crisis }) => {
    if (!isLive(request) || request.held || isSpared(request)) return refuse('over');
    return { events: heldFrom(crisis) };
  },
  release: (request, { crisis }, _moment, { frozen }) => {
    if (!isLive(request) || request.held?.crisis !== crisis) return refuse('over');
    return { events: [...freeFrom(crisis), ...heldFrom(frozen)] };
  },
  attach: (request, args, moment, facts) => {
    if (!request.parties.includes(by(moment)) || facts.files === undefined) return refuse('not-yours');
    return attach(joined(request, facts), args.files, moment);
  },
  'file-kept': (_request, data, _moment, facts) => settled({ type: 'file-kept', data }, facts),
  'file-refused': (_request, data, _moment, facts) => settled({ type: 'file-refused', data }, facts),
};

/** Only the clock keeps, chases and moves; a person who names these commands in a forged button is refused. */
const CLOCKS: ReadonlySet<string> = new Set([
  'remind',
  'escalate',
  'reassign',
  'ratify-due',
  'hold',
  'release',
  'file-kept',
  'file-refused',
]);

export function decide(request: Request | undefined, command: Command, facts: Facts, moment: Moment<World>): Verdict {
  const act = command.name.slice(command.name.indexOf('.') + 1);
  if (!Object.hasOwn(Args, act)) return refuse('unknown-command');
  if (CLOCKS.has(act) !== (moment.actor.kind === 'clock')) return refuse('not-yours');
  const args = Args[act as Act].safeParse(command.args);
  if (!args.success) return refuse('unreadable', { fields: args.error.issues.map((issue) => issue.path.join('.')) });
  if (act === 'submit') return submitted(args.data as ArgsOf<'submit'>, moment, facts);
  if (request === undefined) return refuse('unknown-request', { number: command.subject ?? '' });
  return (rules[act as Exclude<Act, 'submit'>] as On<Act>)(request, args.data as never, moment, facts);
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
