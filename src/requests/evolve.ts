/** What a request is after an event: nothing but bookkeeping; every choice was made in `decide`. */
import { byOf } from '../core/message.ts';
import type { Moment } from '../core/module.ts';
import { clocksOf } from './deadlines.ts';
import {
  openStep,
  type Request,
  type RequestEvent,
  type Signature,
  type SignatureData,
  type Signer,
  type StepState,
} from './model.ts';
import { takeOver, withSigner } from './steps.ts';

export function evolve(request: Request | undefined, event: RequestEvent, moment: Moment<unknown>): Request {
  if (request === undefined) {
    if (event.type !== 'request-submitted') throw new Error(`${event.type} before request-submitted`);
    return begin(event.data, moment);
  }
  return { ...applied(request, event, moment), revision: request.revision + 1 };
}

type Submitted = Extract<RequestEvent, { type: 'request-submitted' | 'request-resubmitted' }>['data'];

type Overdue = Extract<RequestEvent, { type: 'ratification-overdue' }>['data'];

function begin(data: Submitted, moment: Moment<unknown>): Request {
  const { number, process, version, requester, origin, submission, values, steps, copies, urgent } = data;
  const parties = [...new Set([requester, ...copies])];
  const submittedAt = moment.at.toISOString();
  return {
    number,
    process,
    version,
    requester,
    origin,
    submission,
    values,
    steps,
    copies,
    parties,
    ...(urgent ? { urgent } : {}),
    submittedAt,
    state: 'open',
    revision: 1,
    notes: [],
  };
}

function applied(request: Request, event: RequestEvent, moment: Moment<unknown>): Request {
  const at = moment.at.toISOString();
  switch (event.type) {
    case 'request-submitted':
      throw new Error('a request is submitted once');
    case 'request-resubmitted': {
      const { ended: _ended, endedAt: _at, ...kept } = request;
      const { version, values, steps, submission } = event.data;
      // whoever watches what is spent, or was told that its time is over, watches to the end
      const copies = [...new Set([...event.data.copies, ...(request.executed ? request.copies : [])])];
      const parties = [...new Set([...request.parties, ...copies])];
      return { ...kept, version, values, steps, copies, submission, parties, state: 'open' };
    }
    case 'request-executed': {
      const { crisis, due } = event.data;
      return { ...request, executed: { crisis, at, due, overdue: 0 } };
    }
    case 'ratification-overdue':
      return toldOverdue(request, event.data);
    case 'request-held':
      return { ...request, held: { crisis: event.data.crisis, since: at } };
    case 'request-released': {
      const { held: _held, ...free } = request;
      const open = openStep(request);
      return open ? onStep(free, open.id, (s) => ({ ...s, ...started(at) })) : free;
    }
    case 'step-opened': {
      const steps = request.steps.map(
        (step): StepState => (step.state === 'open' ? { ...step, state: 'waiting' } : step),
      );
      return seenBy({ ...request, steps: opened(steps, event.data.step, event.data.signers, at) }, event.data.signers);
    }
    case 'step-covered':
      return onStep(request, event.data.step, (s) => ({
        ...s,
        signers: event.data.signers,
        state: 'covered',
        closedAt: at,
      }));
    case 'signature-given':
      return onStep(request, event.data.step, (s) => signed(s, event.data, 'approved', moment));
    case 'step-approved':
      return onStep(request, event.data.step, (s) => ({
        ...signed(s, event.data, 'approved', moment),
        state: 'approved',
        closedAt: at,
      }));
    case 'step-rejected':
      return onStep(request, event.data.step, (s) => ({
        ...signed(s, event.data, 'rejected', moment),
        state: 'rejected',
        closedAt: at,
      }));
    case 'step-returned':
      return onStep(request, event.data.step, (s) => ({
        ...signed(s, event.data, 'returned', moment),
        state: 'returned',
        closedAt: at,
      }));
    case 'request-approved':
      return { ...request, state: 'approved', endedAt: at };
    case 'request-rejected':
      return ended(request, 'rejected', event.data.reason, moment);
    case 'request-returned': {
      const { endedAt: _none, ...returned } = ended(request, 'returned', event.data.reason, moment);
      return returned;
    }
    case 'request-withdrawn':
      return ended(request, 'withdrawn', event.data.reason, moment);
    case 'request-commented':
      return { ...request, notes: [...request.notes, { at, by: byOf(moment.actor), text: event.data.text }] };
    case 'request-copied':
      return {
        ...request,
        copies: [...request.copies, event.data.to],
        parties: [...new Set([...request.parties, event.data.to])],
      };
    case 'request-urged':
      return { ...request, urgedAt: at };
    case 'step-handed-over': {
      const { step, from, signer } = event.data;
      const next = onStep(request, step, (s) => ({ ...takeOver(s, { from, to: signer }), ...started(at) }));
      return seenBy(next, [signer]);
    }
    case 'signer-added':
      return seenBy({ ...request, steps: inserted(request, event.data) }, []);
    case 'step-reminded':
      return onStep(request, event.data.step, (s) => ({
        ...s,
        reminders: event.data.times,
        clocks: { ...clocksOf(s), remind: at, recalled: true },
      }));
    case 'step-escalated':
      return seenBy(
        onStep(request, event.data.step, (s) => ({
          ...s,
          signers: [...s.signers, ...event.data.signers],
          clocks: { ...clocksOf(s), escalate: at },
        })),
        event.data.signers,
      );
    case 'step-reassigned': {
      const { step, moved } = event.data;
      const next = onStep(request, step, (s) => ({ ...moved.reduce(takeOver, s), ...started(at) }));
      return seenBy(
        next,
        moved.map((move) => move.to),
      );
    }
    case 'file-attached':
    case 'file-kept':
    case 'file-refused':
      return request;
    default:
      return event satisfies never;
  }
}

function onStep(request: Request, id: string, change: (step: StepState) => StepState): Request {
  return { ...request, steps: request.steps.map((step) => (step.id === id ? change(step) : step)) };
}

function opened(steps: StepState[], id: string, signers: Signer[], at: string): StepState[] {
  return steps.map((step) =>
    step.id === id ? { ...step, signers, state: 'open', openedAt: step.openedAt ?? at, ...started(at) } : step,
  );
}

/** Whoever is asked now has all the time that the process gives, whoever was asked before them. */
const started = (at: string): Pick<StepState, 'clocks'> => ({ clocks: { remind: at, escalate: at } });

function seenBy(request: Request, signers: Signer[]): Request {
  const people = signers.flatMap((s) => [s.person, ...(s.standsInFor ? [s.standsInFor] : [])]);
  return { ...request, parties: [...new Set([...request.parties, ...people])] };
}

function signed(step: StepState, data: SignatureData, kind: Signature['kind'], moment: Moment<unknown>): StepState {
  const via = moment.actor.kind === 'person' ? moment.actor.platform : 'clock';
  const comment = data.comment ? { comment: data.comment } : {};
  return withSigner(step, data.signer, (signer) => ({
    ...signer,
    signature: { kind, at: moment.at.toISOString(), via, ...comment },
  }));
}

/** The clocks of the step run on as they were. Whoever was not concerned until now gets a card like everybody else who watches. */
function toldOverdue(request: Request, { times, to, step, signers }: Overdue): Request {
  const asked = step ? onStep(request, step, (s) => ({ ...s, signers: [...s.signers, ...signers] })) : request;
  const { executed, parties, copies, ...rest } = seenBy(asked, signers);
  const fresh = to.filter((person) => !parties.includes(person));
  const next = { ...rest, parties: [...parties, ...fresh], copies: [...copies, ...fresh] };
  return executed ? { ...next, executed: { ...executed, overdue: times } } : next;
}

/** 加签: before the open step, or right behind it. */
function inserted(request: Request, data: Extract<RequestEvent, { type: 'signer-added' }>['data']): StepState[] {
  const at = request.steps.findIndex((step) => step.id === data.step);
  const index = data.place === 'before' ? at : at + 1;
  return [...request.steps.slice(0, index), data.added, ...request.steps.slice(index)];
}

function ended(
  request: Request,
  state: 'rejected' | 'returned' | 'withdrawn',
  comment: string | undefined,
  moment: Moment<unknown>,
): Request {
  const open = openStep(request)?.id;
  const steps = request.steps.map(
    (step): StepState => (step.id === open || step.state === 'waiting' ? { ...step, state: 'void' } : step),
  );
  const { held, ...free } = request;
  return {
    ...free,
    // a returned one may come back, and is held still
    ...(held && state === 'returned' ? { held } : {}),
    steps,
    state,
    endedAt: moment.at.toISOString(),
    ended: { by: byOf(moment.actor), ...(comment ? { comment } : {}) },
  };
}
