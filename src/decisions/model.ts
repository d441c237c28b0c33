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
  done?: { at: string; word: string };
  /** whoever was at the meeting may follow what becomes of it */
  parties: string[];
  /** counts what its owner is asked to say yes to: its words, its owner, its date */
  version: number;
  revision: number;
}

const PersonId = z.string().min(1).max(60);
const Reason = z.string().min(1).max(1000);

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
  accept: z.object({ seen: z.int().optional() }),
  decline: z.object({ reason: Reason }),
  assign: z.object({ to: PersonId, reason: z.string().max(1000).optional() }),
  'ask-extension': z.object({ to: LocalDate, reason: Reason }),
  extend: z.object({ to: LocalDate, reason: Reason }),
  done: z.object({ word: z.string().max(1000), files: z.array(SentFile).optional() }),
  reopen: z.object({ reason: Reason }),
  remind: z.object({ due: z.string(), when: z.enum(['before', 'due', 'after']) }),
  /** its owner has left: somebody must find another */
  orphan: z.object({}),
  ...FileArgs,
} as const;
export type Act = keyof typeof Args;
export type ArgsOf<A extends Act> = z.infer<(typeof Args)[A]>;

export type DecisionEvent =
  | FileEvent
  | { type: 'decision-orphaned'; data: { owner: string } }
  | { type: 'decision-taken'; data: ArgsOf<'take'> }
  | { type: 'decision-amended'; data: ArgsOf<'amend'> & { again: boolean } }
  | { type: 'decision-voided'; data: { why: 'corrected' } }
  | { type: 'decision-accepted'; data: { owner: string } }
  | { type: 'decision-declined'; data: { owner: string; reason: string } }
  | { type: 'decision-assigned'; data: { from: string; to: string; reason?: string } }
  | { type: 'extension-asked'; data: { to: string; reason: string } }
  | { type: 'decision-extended'; data: { from: string; to: string; reason: string } }
  | { type: 'decision-done'; data: { word: string; late?: { days: number } } }
  | { type: 'decision-reopened'; data: { reason: string } }
  | { type: 'decision-reminded'; data: { due: string; when: 'before' | 'due' | 'after'; to: string[] } };

/** Still to be done by somebody. */
export function isOpen({ state }: Pick<DecisionTaken, 'state'>): boolean {
  return state === 'proposed' || state === 'accepted' || state === 'declined';
}
