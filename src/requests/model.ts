/** What a request is, what can be asked of it and what can happen to it. */
import { z } from 'zod';
import type { Platform } from '../core/chat.ts';
import type { SpendVerdict } from '../crisis/lookup.ts';
import { FileArgs, type FileEvent, SentFile } from '../files/model.ts';
import type { PlannedSigner, PlannedStep } from '../processes/path.ts';

/** An amount as it was read at submission: both in minor units, as decimal digits; `rate` is pinned with it. */
export type MoneyValue = { minor: string; currency: string; base: string; rate?: string };
export type Value = string | MoneyValue;
export type Values = Record<string, Value>;

/** A signature given, with everything that somebody will ask about it later. `via`: the platform of the press. */
export interface Signature {
  kind: 'approved' | 'rejected' | 'returned';
  at: string;
  via: Platform | 'clock';
  comment?: string;
}

export interface Signer extends PlannedSigner {
  signature?: Signature;
  /** how they came to it, beside the rule: 转交, 加签, escalation */
  came?: { kind: 'handed-over' | 'added' | 'escalated'; from: string; at: string; reason?: string };
  /** signed already at an earlier step of this path: their signature there counts here */
  counted?: { step: string };
  /**
   * Whose places in the step their signature fills, where it is not just their own: a place goes over by 转交 and by standing in, and is
   * shared by an escalation. 会签 counts places, not people.
   */
  places?: string[];
}

export interface StepState extends Omit<PlannedStep, 'signers' | 'coveredBy'> {
  signers: Signer[];
  state: 'waiting' | 'open' | 'approved' | 'rejected' | 'returned' | 'covered' | 'skipped' | 'void';
  openedAt?: string;
  closedAt?: string;
  /** 加签: put in by a signer */
  addedBy?: string;
  reminders: number;
  clocks?: Clocks;
}

/** Since when the time until the next reminder and the escalation runs; `recalled`: one has come since then. */
export interface Clocks {
  remind: string;
  escalate: string;
  recalled?: true;
}

export interface Note {
  at: string;
  by: string;
  text: string;
}

/** Why money for a crisis has to wait for its approval like any other. */
export type UrgentWhy =
  | Exclude<Extract<SpendVerdict, { execute: false }>['why'], 'unknown' | 'drill'>
  /** the form says no amount */
  | 'no-amount';

export interface Urgent {
  crisis: string;
  why: UrgentWhy;
  /** what is left of the cap, minor units of the company's currency */
  left?: string;
}

/** Spent before anybody had approved (A3): the path that follows ratifies it. Both times stay as they were. */
interface Executed {
  crisis: string;
  at: string;
  due: string;
  /** how often those concerned have been told that the time is over */
  overdue: number;
}

export type RequestState = 'open' | 'approved' | 'rejected' | 'returned' | 'withdrawn';

export interface Request {
  number: string;
  process: string;
  version: number;
  requester: string;
  origin: Platform;
  state: RequestState;
  submission: number;
  values: Values;
  submittedAt: string;
  endedAt?: string;
  ended?: { by: string; comment?: string };
  urgedAt?: string;
  revision: number;
  steps: StepState[];
  copies: string[];
  executed?: Executed;
  /** for a crisis, but not to be spent before it is approved */
  urgent?: Urgent;
  /** a freeze: nobody signs until it is lifted */
  held?: { crisis: string; since: string };
  /** everybody who may see it: who asked, signs, signed, stands in, gets a copy */
  parties: string[];
  notes: Note[];
}

const Reason = z.string().min(1).max(1000);
const PersonId = z.string().min(1).max(60);
const Drawn = { step: z.string().optional(), seen: z.int().optional() };

/** The shapes of the commands' arguments; who may give them is `decide`'s affair. */
export const Args = {
  submit: z.object({
    process: z.string(),
    values: z.record(z.string(), z.string()),
    files: z.array(SentFile).optional(),
    /** the crisis for which it is, as it was typed */
    crisis: z.string().max(60).optional(),
  }),
  resubmit: z.object({
    values: z.record(z.string(), z.string()),
    seen: z.int().optional(),
    files: z.array(SentFile).optional(),
  }),
  approve: z.object({ ...Drawn, comment: z.string().max(1000).optional() }),
  reject: z.object({ ...Drawn, reason: Reason }),
  return: z.object({ ...Drawn, reason: Reason }),
  withdraw: z.object({ reason: z.string().max(1000).optional() }),
  comment: z.object({ text: Reason }),
  'hand-over': z.object({ ...Drawn, to: PersonId, reason: z.string().max(1000).optional() }),
  'add-signer': z.object({
    ...Drawn,
    to: PersonId,
    place: z.enum(['before', 'after']),
    reason: z.string().max(1000).optional(),
  }),
  copy: z.object({ to: PersonId }),
  urge: z.object({}),
  remind: z.object({ step: z.string(), submission: z.int() }),
  escalate: z.object({ step: z.string(), submission: z.int() }),
  reassign: z.object({}),
  /** `times`: which telling this is; a timer of an earlier one is over */
  'ratify-due': z.object({ times: z.int() }),
  hold: z.object({ crisis: z.string() }),
  release: z.object({ crisis: z.string() }),
  ...FileArgs,
} as const;
export type Act = keyof typeof Args;
export type ArgsOf<A extends Act> = z.infer<(typeof Args)[A]>;

/** Ledger data are plain JSON: what an event says is what an auditor reads. */
export type RequestEvent =
  | {
      type: 'request-submitted' | 'request-resubmitted';
      data: {
        number: string;
        process: string;
        version: number;
        requester: string;
        origin: Platform;
        submission: number;
        values: Values;
        steps: StepState[];
        copies: string[];
        urgent?: Urgent;
      };
    }
  /** the money is spent; the entry's own time is the time of the act */
  | { type: 'request-executed'; data: { crisis: string; person: string; base: string; due: string } }
  /** told, and asked of the next ones up as well */
  | {
      type: 'ratification-overdue';
      data: { times: number; due: string; to: string[]; step?: string; signers: Signer[] };
    }
  | { type: 'request-held'; data: { crisis: string } }
  | { type: 'request-released'; data: { crisis: string } }
  | { type: 'step-opened'; data: { step: string; signers: Signer[] } }
  | { type: 'step-covered'; data: { step: string; signers: Signer[] } }
  | { type: 'signature-given'; data: SignatureData }
  | { type: 'step-approved'; data: SignatureData }
  | { type: 'step-rejected'; data: SignatureData }
  | { type: 'step-returned'; data: SignatureData }
  | { type: 'request-approved'; data: { submission: number } }
  | { type: 'request-rejected'; data: { reason: string } }
  | { type: 'request-returned'; data: { reason: string } }
  | { type: 'request-withdrawn'; data: { reason?: string } }
  | { type: 'request-commented'; data: { text: string } }
  | { type: 'request-copied'; data: { to: string } }
  | { type: 'request-urged'; data: { step: string; signers: string[] } }
  | { type: 'step-handed-over'; data: { step: string; from: string; signer: Signer; reason?: string } }
  | { type: 'signer-added'; data: { step: string; added: StepState; place: 'before' | 'after'; reason?: string } }
  | { type: 'step-reminded'; data: { step: string; signers: string[]; times: number } }
  | { type: 'step-escalated'; data: { step: string; from: string[]; signers: Signer[] } }
  | { type: 'step-reassigned'; data: { step: string; moved: { from: string; to: Signer }[] } }
  | FileEvent;

export interface SignatureData {
  step: string;
  signer: string;
  submission: number;
  standsInFor?: string;
  comment?: string;
}

/** Nobody has had the last word yet. */
export const isLive = ({ state }: Pick<Request, 'state'>): boolean => state === 'open' || state === 'returned';

/** Spent, and neither ratified nor refused yet. */
export const awaitsRatification = (request: Pick<Request, 'executed' | 'state'>): boolean =>
  request.executed !== undefined && isLive(request);

/** Spent, and sent back for papers: nobody is asked to sign until it comes again. */
export const awaitsPapers = ({ executed, state }: Pick<Request, 'executed' | 'state'>): boolean =>
  executed !== undefined && state === 'returned';

/** What keeps a crisis' own people from spending first; whoever merely types its number is none of them. */
const OF_THE_TEAM: ReadonlySet<string> = new Set<UrgentWhy>(['over-cap', 'over-total', 'suspended']);

export const isOfTheTeam = (why: string | undefined): boolean => why !== undefined && OF_THE_TEAM.has(why);

/** No freeze holds what a crisis itself needs, whichever crisis froze. */
export const isSpared = ({ executed, urgent }: Pick<Request, 'executed' | 'urgent'>): boolean =>
  executed !== undefined || isOfTheTeam(urgent?.why);

/** The crisis for which it is. */
export const crisisOf = ({ executed, urgent }: Pick<Request, 'executed' | 'urgent'>): string | undefined =>
  executed?.crisis ?? urgent?.crisis;

export const namesOf = (signers: readonly Signer[]): string[] => signers.map((signer) => signer.person);

export function openStep(request: Request): StepState | undefined {
  return request.steps.find((step) => step.state === 'open');
}

export function placesOf(signer: Signer): string[] {
  return signer.places ?? [signer.person];
}

/** In this step, or earlier in this path. */
export function hasApproved(signer: Signer): boolean {
  return signer.signature?.kind === 'approved' || signer.counted !== undefined;
}

/** The places of a step for which nobody has signed yet. */
export function emptyPlaces(step: StepState): string[] {
  const filled = new Set(step.signers.filter(hasApproved).flatMap(placesOf));
  return [...new Set(step.signers.flatMap(placesOf))].filter((place) => !filled.has(place));
}

/** Who could fill a place of this step that is empty. */
export function missingOf(step: StepState): Signer[] {
  const empty = emptyPlaces(step);
  return step.signers.filter(
    (signer) => !hasApproved(signer) && placesOf(signer).some((place) => empty.includes(place)),
  );
}

/** Whose signature this step waits for now. */
export function pendingOf(step: StepState): Signer[] {
  return step.state === 'open' ? missingOf(step) : [];
}
