/** Who must see a request, who must be told, and what must be remembered for later: as data. */
import { addDuration } from '../core/calendar.ts';
import type { JsonObject } from '../core/message.ts';
import { type Effect, LANE, type Lane, type Moment } from '../core/module.ts';
import type { Process, World } from '../processes/model.ts';
import { nextEscalation, nextReminder } from './deadlines.ts';
import {
  awaitsRatification,
  hasApproved,
  isOfTheTeam,
  openStep,
  pendingOf,
  type Request,
  type RequestEvent,
  type Signer,
  type StepState,
} from './model.ts';
import { OVERDUE_EVERY } from './ratify.ts';

interface Told {
  to: string;
  about: string;
  data?: JsonObject;
  lane?: Lane;
  /** where they spoke; absent: the requester where they asked, all others where they are first found */
  via?: string;
}

export function effects(
  before: Request | undefined,
  after: Request,
  events: RequestEvent[],
  process: Process,
  moment: Moment<World>,
): Effect[] {
  return [
    ...cards(after, process),
    ...notices(before, after, events, moment),
    ...timers(before, after, events, process, moment),
    ...ratification(before, after, events, moment),
  ];
}

/** The requester, those copied, everybody whose turn it is or was, the channel that the process names. */
function cards(request: Request, process: Process): Effect[] {
  const signers = request.steps.filter((step) => step.openedAt !== undefined).flatMap((step) => step.signers);
  // not who would have acted for somebody in a step that came back and was covered at once
  const asked = signers.map((signer) => signer.person).filter((person) => request.parties.includes(person));
  const people = new Set([request.requester, ...request.copies, ...asked]);
  const woken = wakes(request) ? waitedFor(request) : [];
  const laneOf = (person: string): Lane => (woken.includes(person) ? LANE.page : LANE.card);
  const own: Effect[] = [...people].map((person) => ({ kind: 'card', to: { person }, lane: laneOf(person) }));
  return process.channel ? [...own, { kind: 'card', to: { channel: process.channel }, lane: LANE.card }] : own;
}

/** What the team of a crisis needs approved is part of the crisis: quiet hours are for all else (N2). */
const wakes = ({ urgent, held }: Request): boolean => !held && isOfTheTeam(urgent?.why);

/** Only what a card's change does not say by itself: cards change silently, a notice rings. */
function notices(before: Request | undefined, after: Request, events: RequestEvent[], moment: Moment<World>): Effect[] {
  const actor = moment.actor.kind === 'person' ? moment.actor.id : undefined;
  // the answer to their own act tells people all but one thing: what of it was not taken
  const heard = (one: Told) => one.to === actor && one.about !== 'file-refused';
  // what is held is nobody's turn: the release rings
  const early = (one: Told) => one.about === 'your-turn' && after.held !== undefined;
  const told = events.flatMap((event) => tellings(before, after, event)).filter((one) => !heard(one) && !early(one));
  return told.map(({ to, about, data, lane, via = to === after.requester ? after.origin : undefined }, index) => ({
    kind: 'notice',
    to: { person: to },
    about,
    data: { ...data, ...(actor ? { actor } : {}) },
    // one decision may tell somebody two things of one kind: two signers who moved
    key: `${after.number}|${after.revision}|${about}|${index}`,
    lane: about === 'your-turn' && wakes(after) ? LANE.page : (lane ?? LANE.decision),
    ...(via ? { via } : {}),
  }));
}

function tellings(before: Request | undefined, after: Request, event: RequestEvent): Told[] {
  const requester = after.requester;
  switch (event.type) {
    case 'request-approved':
      return [requester, ...after.copies].map((to) => ({ to, about: 'approved' }));
    case 'request-rejected':
      return [requester, ...after.copies].map((to) => ({ to, about: 'rejected', data: { reason: event.data.reason } }));
    case 'request-returned':
      return [{ to: requester, about: 'returned', data: { reason: event.data.reason } }];
    case 'request-withdrawn':
      return waitedFor(before).map((to) => ({ to, about: 'withdrawn' }));
    case 'request-resubmitted':
      return [];
    case 'request-commented':
      return [requester, ...waitedFor(after)].map((to) => ({
        to,
        about: 'commented',
        data: { text: event.data.text },
      }));
    case 'request-urged':
      return event.data.signers.map((to) => ({ to, about: 'urged', lane: LANE.decision }));
    case 'step-handed-over':
      return [
        {
          to: requester,
          about: 'acts-now',
          data: { from: event.data.from, to: event.data.signer.person, why: 'handed-over' },
        },
        ...rings(before, [event.data.signer]),
      ];
    case 'signer-added':
      return [{ to: requester, about: 'signer-added', data: { to: event.data.added.signers[0]?.person ?? '' } }];
    case 'step-reassigned':
      return [
        ...event.data.moved.map(({ from, to }) => ({
          to: requester,
          about: 'acts-now',
          data: { from, to: to.person, why: cameBack(before, from, to) ? 'back' : 'away' },
        })),
        ...rings(
          before,
          event.data.moved.map(({ to }) => to),
        ),
      ];
    case 'step-opened':
      return [
        ...event.data.signers
          .filter((signer) => signer.standsInFor !== undefined)
          .map((s) => ({
            to: requester,
            about: 'acts-now',
            data: { from: s.standsInFor ?? '', to: s.person, why: 'away' },
          })),
        ...rings(before, event.data.signers),
      ];
    case 'step-reminded':
      return event.data.signers.map((to) => ({
        to,
        about: 'reminded',
        lane: LANE.reminder,
        data: { times: event.data.times },
      }));
    case 'step-escalated':
      return [
        { to: requester, about: 'escalated', data: { to: event.data.signers.map((s) => s.person) } },
        ...event.data.from.map((to) => ({
          to,
          about: 'escalated',
          data: { to: event.data.signers.map((s) => s.person) },
        })),
        ...rings(before, event.data.signers),
      ];
    case 'ratification-overdue':
      return event.data.to.map((to) => ({ to, about: 'ratification-overdue', data: { times: event.data.times } }));
    case 'request-held':
      return [{ to: requester, about: 'held', data: { crisis: event.data.crisis } }];
    case 'request-released':
      return released(before, after, event.data.crisis);
    case 'file-refused':
      return [fileRefused(event.data)];
    case 'request-submitted':
    case 'request-executed':
    case 'request-copied':
    case 'step-covered':
    case 'signature-given':
    case 'step-approved':
    case 'step-rejected':
    case 'step-returned':
    case 'file-attached':
    case 'file-kept':
      return [];
    default:
      return event satisfies never;
  }
}

function cameBack(before: Request | undefined, from: string, to: Signer): boolean {
  const stoodIn = before && openStep(before)?.signers.find((signer) => signer.person === from)?.standsInFor;
  return stoodIn === to.person;
}

/** A new card rings by itself; whoever had one already would not notice that it is now their turn, or their turn again. */
function rings(before: Request | undefined, signers: Signer[]): Told[] {
  const why = before?.state === 'returned' ? 'resubmitted' : 'opened';
  return signers
    .filter((signer) => !hasApproved(signer) && before?.parties.includes(signer.person))
    .map((signer) => ({ to: signer.person, about: 'your-turn', data: { why } }));
}

/** It goes on: unless the next freeze holds it at once. Submitted again, the step that opens rings for itself. */
function released(before: Request | undefined, after: Request, crisis: string): Told[] {
  if (after.held) return [];
  const asked = before && openStep(before) ? waitedFor(after) : [];
  const again = asked.map((to): Told => ({ to, about: 'your-turn', data: { why: 'released' } }));
  return [{ to: after.requester, about: 'released', data: { crisis } }, ...again];
}

function fileRefused({ by, platform, name, why }: Extract<RequestEvent, { type: 'file-refused' }>['data']): Told {
  return { to: by, about: 'file-refused', data: { name, why }, via: platform };
}

function waitedFor(request: Request | undefined): string[] {
  const step = request && openStep(request);
  return step ? pendingOf(step).map((signer) => signer.person) : [];
}

/** Nobody is chased for what they may not sign. */
const running = (request: Request): StepState | undefined => (request.held ? undefined : openStep(request));

/** Its own clock: told when the time is over, and again until somebody has had the last word. */
function ratification(
  before: Request | undefined,
  after: Request,
  events: RequestEvent[],
  { at, world }: Moment<World>,
): Effect[] {
  const { executed } = after;
  const key = `${after.number}|ratify`;
  if (!executed) return [];
  if (!awaitsRatification(after)) return before && awaitsRatification(before) ? [{ kind: 'cancel', key }] : [];
  const promise = (times: number, due: Date): Effect[] => [
    { kind: 'timer', key, command: 'requests.ratify-due', args: { times }, due },
  ];
  return events.flatMap(({ type }) => {
    if (type === 'request-executed') return promise(1, new Date(executed.due));
    if (type !== 'ratification-overdue') return [];
    return promise(executed.overdue + 1, addDuration(at, OVERDUE_EVERY, world.directory.company.hours));
  });
}

/** Somebody else is asked in the open step: their time begins. */
const TAKEN_OVER: readonly RequestEvent['type'][] = ['step-handed-over', 'step-reassigned'];

/**
 * One reminder and one escalation are promised at a time: after an outage one comes, not two hundred. They are promised
 * anew when the time of the step begins to run again.
 */
function timers(
  before: Request | undefined,
  after: Request,
  events: RequestEvent[],
  process: Process,
  moment: Moment<World>,
): Effect[] {
  const [was, is] = [before && running(before), running(after)];
  const keys = (step: StepState) => [`${after.number}|remind|${step.id}`, `${after.number}|escalate|${step.id}`];
  const gone = was && was.id !== is?.id ? keys(was).map((key): Effect => ({ kind: 'cancel', key })) : [];
  if (is === undefined) return gone;
  const { directory } = moment.world;
  const args = { step: is.id, submission: after.submission };
  const fresh = was?.id !== is.id || before?.submission !== after.submission;
  const begins = (again: RequestEvent['type']) =>
    fresh || events.some(({ type }) => type === again || TAKEN_OVER.includes(type));
  const remind = begins('step-reminded') ? nextReminder(is, process, directory) : undefined;
  const escalate = begins('step-escalated') ? nextEscalation(is, process, directory) : undefined;
  const [remindKey = '', escalateKey = ''] = keys(is);
  const promises: Effect[] = [];
  if (remind) promises.push({ kind: 'timer', key: remindKey, command: 'requests.remind', args, due: remind.due });
  if (escalate)
    promises.push({ kind: 'timer', key: escalateKey, command: 'requests.escalate', args, due: escalate.due });
  return [...gone, ...promises];
}
