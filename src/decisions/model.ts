/** What a decision 决议 is, what can be asked of it and what can happen to it (rule M4): an owner, a date, and an end. */
import { z } from 'zod';
import { LocalDate } from '../core/calendar.ts';
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
  /** whoever chaired extends and assigns */
  chair: string;
  meeting: string;
  series?: string | undefined;
  meetingTitle: Title;
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
  take: z.object({
    number: z.string(),
    text: z.string(),
    owner: PersonId,
    due: LocalDate,
    chair: PersonId,
    meeting: z.string(),
    series: z.string().optional(),
    meetingTitle: z.object({ zh: z.string(), en: z.string() }),
    parties: z.array(PersonId),
  }),
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
  | { type: 'decision-taken'; data: ArgsOf<'take'> & Acting }
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

/** Still to be done by somebody. */
export function isOpen({ state }: Pick<DecisionTaken, 'state'>): boolean {
  return state === 'proposed' || state === 'accepted' || state === 'declined';
}
