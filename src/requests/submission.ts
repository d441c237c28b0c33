/** What submitting brings about: a new request, or a returned one with other content; spent already, urgent, or held from the start. Pure. */
import { byOf, type Decision, type JsonObject, type Refusal, refuse } from '../core/message.ts';
import type { Moment } from '../core/module.ts';
import { attachWhatFits, type FileFacts, type SentFile } from '../files/model.ts';
import type { Process, World } from '../processes/model.ts';
import type { Plan } from '../processes/path.ts';
import { amountOf, type CheckedSubmission } from './content.ts';
import type { ArgsOf, Request, RequestEvent } from './model.ts';
import { joined } from './naming.ts';
import { changesAmount, emergencyOf, executed, type Spend, watchers } from './ratify.ts';
import { advance } from './steps.ts';

export interface Facts extends FileFacts {
  /** for submit and resubmit: the content read under today's process, and the number it will have */
  checked?: CheckedSubmission;
  number?: string;
  /** the path as the organisation stands now, under the pinned process; absent where nobody could be found */
  plan?: Plan;
  /** for submit: what the crisis says for which it is; absent where there is no such crisis */
  spend?: Spend;
  /** for submit, resubmit and release: the crisis whose freeze concerns this content */
  frozen?: string;
  /** for files: what the request is about stands in the process's form */
  process?: Process;
}

type M = Moment<World>;
type Verdict = Decision<RequestEvent>;
type Checked = Extract<CheckedSubmission, { values: unknown }>;

export function submitted({ crisis, files = [] }: ArgsOf<'submit'>, moment: M, facts: Facts): Verdict {
  const checked = readable(facts);
  if ('refusal' in checked) return checked;
  const { actor } = moment;
  if (actor.kind === 'clock') return refuse('unreadable', { fields: [] });
  const emergency = emergencyOf(crisis, facts.spend);
  if ('refusal' in emergency) return emergency;
  const spends = emergency.kind === 'spent';
  const urgent = emergency.kind === 'urgent' ? { urgent: emergency.urgent } : {};
  const identity = { number: facts.number ?? '', submission: 1, origin: actor.platform };
  const content = contentOf(checked, spends, moment);
  return inOrder({
    first: { type: 'request-submitted', data: { ...identity, ...content, ...urgent } },
    next: spends ? [executed(emergency, moment)] : [],
    held: spends ? [] : heldFrom(facts.frozen),
    files,
    checked,
    moment,
    facts,
  });
}

export function resubmitted(request: Request, { files = [] }: ArgsOf<'resubmit'>, moment: M, facts: Facts): Verdict {
  const checked = readable(facts);
  if ('refusal' in checked) return checked;
  const spent = request.executed !== undefined;
  if (spent && changesAmount(request, checked.values, facts.process ?? { form: [] }))
    return refuse('spent-amount', spentFacts(request, facts));
  const { number, origin } = request;
  const identity = { number, submission: request.submission + 1, origin };
  const content = contentOf(checked, spent, moment);
  return inOrder({
    first: { type: 'request-resubmitted', data: { ...identity, ...content } },
    ...heldNow(request, facts.frozen),
    files,
    checked,
    moment,
    facts,
  });
}

function readable({ checked }: Facts): Checked | { refusal: Refusal } {
  if (checked === undefined) return refuse('unreadable', { fields: [] });
  return 'faults' in checked ? refuse('badly-filled', { faults: checked.faults }) : checked;
}

/** @param spent those who watch over money that is spent first get a copy from the start */
function contentOf({ process, version, values, steps, copies }: Checked, spent: boolean, { actor, world }: M) {
  const requester = byOf(actor);
  const watching = spent ? watchers(requester, world.directory) : [];
  return { process, version, requester, values, steps, copies: [...new Set([...copies, ...watching])] };
}

interface Submission {
  first: Extract<RequestEvent, { type: 'request-submitted' | 'request-resubmitted' }>;
  /** what is known before anybody is asked: spent, or no longer held */
  next: RequestEvent[];
  held: RequestEvent[];
  files: SentFile[];
  checked: Checked;
  moment: M;
  facts: Facts;
}

function inOrder({ first, next, held, files, checked, moment, facts }: Submission): Verdict {
  const { data } = first;
  const progress = { request: data, plan: checked.plan, directory: moment.world.directory };
  const sender = { by: data.requester, platform: moment.actor.kind === 'person' ? moment.actor.platform : data.origin };
  const attached = attachWhatFits(joined(data, facts), files, moment, sender);
  return { events: [first, ...next, ...attached, ...advance(checked.steps, progress), ...held] };
}

export const heldFrom = (crisis: string | undefined): RequestEvent[] =>
  crisis === undefined ? [] : [{ type: 'request-held', data: { crisis } }];

export const freeFrom = (crisis: string): RequestEvent[] => [{ type: 'request-released', data: { crisis } }];

/** As its words are now: what a freeze names no more goes on, before anybody is asked. */
function heldNow({ held }: Request, frozen: string | undefined): Pick<Submission, 'next' | 'held'> {
  if (held?.crisis === frozen) return { next: [], held: [] };
  return { next: held ? freeFrom(held.crisis) : [], held: heldFrom(frozen) };
}

function spentFacts({ values }: Request, { process }: Facts): JsonObject {
  const amount = process && amountOf(process, values)?.value;
  return amount ? { minor: amount.minor, currency: amount.currency } : {};
}
