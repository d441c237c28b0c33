/**
 * What a decision 决议 is, what can be asked of it and what can happen to it (rule M4): an owner, a date, and an end. It comes from a meeting's
 * minutes, or is one of the things that follow a crisis (C7).
 */
import { z } from 'zod';
import { LocalDate } from '../core/calendar.ts';
import { AFTERCARE, type Aftercare, DRILL } from '../crisis/model.ts';
import { FileArgs, type FileEvent, SentFile } from '../files/model.ts';
import type { Title } from '../processes/model.ts';

/** proposed: its owner has not said yes yet; declined: the chair must find another; void: the minutes were corrected */
export type DecisionState = 'proposed' | 'accepted' | 'declined' | 'done' | 'void';

export interface Extension {
  from: string;
  to: string;
  reason: string;
  at: string;
}

export interface DecisionTaken {
  number: string;
  text: string;
  owner: string;
  /** who acts while the owner is away or gone (D4) */
  acting?: string;
  /** the last day on which it may be done */
  due: string;
  /** whoever chaired, or led in the crisis, extends and assigns */
  chair: string;
  /** where it was taken: either a meeting or a crisis */
  meeting?: string | undefined;
  series?: string | undefined;
  crisis?: string | undefined;
  /** the title of either: the ledger's oldest entries call it so */
  meetingTitle: Title;
  /** what follows a crisis: of which kind it is, or which request's money it brings back */
  aftercare?: Aftercare | undefined;
  recovers?: string | undefined;
  state: DecisionState;
  takenAt: string;
  declined?: { reason: string };
  extensions: Extension[];
  /** the owner asks for more time: it is the chair's to give */
  asked?: { to: string; reason: string };
  /** `late`: so many days after its day */
  done?: { at: string; word: string; late?: { days: number } };
  /** whoever was at the meeting may follow what becomes of it */
  parties: string[];
  /** counts what its owner is asked to say yes to: its words, its owner, its date */
  version: number;
  revision: number;
}

const PersonId = z.string().min(1).max(60);
const Reason = z.string().min(1).max(1000);
/** the version that was looked at when the button was pressed */
const seen = z.int().optional();

export const Args = {
  take: z
    .object({
      /** absent: the next one; minutes have drawn theirs already */
      number: z.string().optional(),
      text: z.string(),
      owner: PersonId,
      due: LocalDate,
      chair: PersonId,
      meeting: z.string().optional(),
      series: z.string().optional(),
      crisis: z.string().optional(),
      meetingTitle: z.object({ zh: z.string(), en: z.string() }),
      aftercare: z.enum(AFTERCARE).optional(),
      recovers: z.string().optional(),
      parties: z.array(PersonId),
    })
    .refine(({ meeting, crisis }) => (meeting === undefined) !== (crisis === undefined)),
  amend: z.object({ text: z.string(), owner: PersonId, due: LocalDate, parties: z.array(PersonId) }),
  void: z.object({}),
  accept: z.object({ seen }),
  decline: z.object({ reason: Reason, seen }),
  assign: z.object({ to: PersonId, reason: z.string().max(1000).optional(), seen }),
  'ask-extension': z.object({ to: LocalDate, reason: Reason, seen }),
  extend: z.object({ to: LocalDate, reason: Reason, seen }),
  done: z.object({ word: z.string().max(1000), files: z.array(SentFile).optional(), seen }),
  reopen: z.object({ reason: Reason, seen }),
  remind: z.object({ due: z.string(), when: z.enum(['before', 'due', 'after']) }),
  /** its owner has left: somebody must find another */
  orphan: z.object({}),
  /** its owner leaves for a while, or returns: who acts is looked at again */
  hand: z.object({}),
  ...FileArgs,
} as const;
export type Act = keyof typeof Args;
export type ArgsOf<A extends Act> = z.infer<(typeof Args)[A]>;

/** Present where the owner is away at that moment. */
export interface Acting {
  acting?: string;
}

export type DecisionEvent =
  | FileEvent
  | { type: 'decision-orphaned'; data: { owner: string } }
  | { type: 'decision-handed'; data: { owner: string; from: string; to: string } }
  | { type: 'decision-taken'; data: ArgsOf<'take'> & Acting & { number: string } }
  | { type: 'decision-amended'; data: ArgsOf<'amend'> & Acting & { again: boolean } }
  | { type: 'decision-voided'; data: { why: 'corrected' } }
  | { type: 'decision-accepted'; data: { owner: string } }
  | { type: 'decision-declined'; data: { owner: string; reason: string } }
  | { type: 'decision-assigned'; data: { from: string; to: string; reason?: string } & Acting }
  | { type: 'extension-asked'; data: { to: string; reason: string } }
  | { type: 'decision-extended'; data: { from: string; to: string; reason: string } }
  | { type: 'decision-done'; data: { word: string; late?: { days: number } } }
  | { type: 'decision-reopened'; data: { reason: string } }
  | { type: 'decision-reminded'; data: { due: string; when: 'before' | 'due' | 'after'; to: string[] } };

/** Where it comes from: number and title of the meeting or of the crisis. */
export function originOf(decision: DecisionTaken): { kind: 'meeting' | 'crisis'; number: string; title: Title } {
  const { meeting = '', crisis, meetingTitle: title } = decision;
  return crisis === undefined ? { kind: 'meeting', number: meeting, title } : { kind: 'crisis', number: crisis, title };
}

/** What a drill leaves to be done is marked as such wherever it is shown. */
export const isOfDrill = ({ crisis }: Pick<DecisionTaken, 'crisis'>): boolean =>
  crisis?.startsWith(`${DRILL}-`) === true;

/** Still to be done by somebody. */
export function isOpen({ state }: Pick<DecisionTaken, 'state'>): boolean {
  return state === 'proposed' || state === 'accepted' || state === 'declined';
}
