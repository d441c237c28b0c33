/**
 * What a statement to the outside is, what can be asked of it and what can happen to it (rules C5, A8): its versions, the clearances that are
 * bound to the hash of one of them, and its release.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { cleanParagraph } from '../core/text.ts';
import type { Called } from '../crisis/book.ts';
import type { Title } from '../processes/model.ts';

export const STATEMENT = 'ST';
/** So much is shown whole on every platform's card: nobody clears what they cannot read to its end. */
export const MAX_TEXT = 3000;
export const MAX_LINES = 120;
export const MAX_COMMENTS = 100;
/** What is checked may be a whole page around the statement. */
export const MAX_CHECKED = 20_000;

/**
 * The exact text: NFC, `\n` between lines, no white space at either end of a line, nothing invisible; and all of it, since NFC makes at most
 * three units out of one (https://www.unicode.org/faq/normalization.html). What is too long is refused, never cut.
 */
export const exactText = (raw: string): string => cleanParagraph(raw, raw.length * 3);
/** SHA-256 over the UTF-8 of the exact text, hex. */
export const hashOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
/** So much of it people compare by eye. */
export const shortHash = (hash: string): string => hash.slice(0, 12);

export type StatementState = 'draft' | 'clearing' | 'cleared' | 'released' | 'withdrawn';

/** One place in the order of those who clear. */
export interface Step {
  id: string;
  called: Called;
  /** who was asked besides, since nobody answered */
  raised?: string;
}

export interface Clearance {
  step: string;
  person: string;
  version: number;
  hash: string;
  at: string;
}

export interface Comment {
  /** of the version that was read when it was written */
  version: number;
  line: number;
  text: string;
  by: string;
  at: string;
  /** where that line stands now; absent: a later version has changed it */
  now?: number;
}

/** Prepared in the handbook: while its text is unchanged the first clearer suffices. */
export interface Prepared {
  id: string;
  title: Title;
  /** the last day on which it may be used */
  expires: string;
}

export interface Release {
  where: string;
  /** when it went out, as the spokesperson says; when that was noted stands beside it */
  at: string;
  notedAt: string;
  link?: string;
  by: string;
}

export interface Statement {
  number: string;
  /** absent: any other text for the press (A8) */
  crisis?: string;
  drill: boolean;
  state: StatementState;
  author: string;
  draftedAt: string;
  text: string;
  version: number;
  hash: string;
  versionBy: string;
  versionAt: string;
  /** whoever wrote a version of it clears none */
  writers: string[];
  prepared?: Prepared;
  /** the released one that it puts right */
  replaces?: string;
  /** the released one that puts this one right */
  replacedBy?: string;
  comments: Comment[];
  /** who is asked, in order; empty until it is asked for */
  steps: Step[];
  clearances: Clearance[];
  returned?: { reason: string; by: string; at: string; version: number };
  released?: Release;
  withdrawn?: { reason: string; by: string; at: string };
  /** everybody whom it was ever sent to */
  parties: string[];
  revision: number;
}

/** Far more than may be written: whoever sends as much as a chat can carry reads that it is too long. */
const Text = z.string().min(1).max(200_000);
const Reason = z.string().min(1).max(1000);
const Numbered = z.string().max(60);
/** the version that was looked at when the button was pressed */
const seen = z.int();

export const Args = {
  draft: z.object({
    crisis: Numbered.optional(),
    text: Text.optional(),
    /** a text that the handbook has ready, by its id */
    prepared: z.string().max(60).optional(),
    replaces: Numbered.optional(),
  }),
  edit: z.object({ text: Text, seen }),
  comment: z.object({ line: z.int().min(1), text: Reason, seen }),
  ask: z.object({ seen }),
  clear: z.object({ step: z.string().max(10), seen }),
  return: z.object({ reason: Reason, seen }),
  release: z.object({
    where: z.string().min(1).max(500),
    at: z.iso.datetime(),
    link: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .optional(),
    seen,
  }),
  withdraw: z.object({ reason: Reason, seen }),
  remind: z.object({ step: z.string(), version: z.int(), count: z.int().min(1) }),
  /** somebody leaves, returns, or takes a seat: who acts is looked at again */
  hand: z.object({
    /** a room of its crisis was opened: its card has to stand there too */
    shown: z.boolean().optional(),
  }),
  /** another one was released that puts it right */
  supersede: z.object({ by: Numbered }),
} as const;
export type Act = keyof typeof Args;
export type ArgsOf<A extends Act> = z.infer<(typeof Args)[A]>;

/** What follows from time or from another noun: nobody says it by a button. */
export const FOLLOWING: ReadonlySet<Act> = new Set<Act>(['remind', 'hand', 'supersede']);

/** Why clearances count no more; `regraded`: the plan of the new grade asks others as well. */
export type Voiding = 'edited' | 'returned' | 'withdrawn' | 'regraded';

/** In which crisis it happened: what the crisis notes of it. */
interface Within {
  crisis?: string;
}

export type StatementEvent =
  | {
      type: 'statement-drafted';
      data: Within & {
        number: string;
        drill: boolean;
        person: string;
        text: string;
        hash: string;
        prepared?: Prepared;
        replaces?: string;
      };
    }
  | { type: 'statement-edited'; data: { person: string; version: number; text: string; hash: string } }
  | { type: 'statement-commented'; data: { person: string; version: number; line: number; text: string } }
  | { type: 'clearance-asked'; data: { version: number; hash: string; steps: Step[]; asked: string[] } }
  /** `asked`: who is next */
  | {
      type: 'clearance-given';
      data: { step: string; person: string; version: number; hash: string; asked: string[] };
    }
  | {
      type: 'statement-cleared';
      data: Within & { person: string; version: number; hash: string; releasers: string[] };
    }
  | { type: 'statement-returned'; data: { person: string; version: number; reason: string } }
  /** `of`: whose clearances count no more */
  | {
      type: 'clearances-voided';
      data: Within & { person: string; version: number; of: string[]; why: Voiding };
    }
  | { type: 'clearance-chased'; data: { step: string; version: number; count: number; to: string[]; raised?: string } }
  | { type: 'statement-handed'; data: { to: string[] } }
  | {
      type: 'statement-released';
      data: Within & {
        person: string;
        version: number;
        hash: string;
        where: string;
        releasedAt: string;
        link?: string;
        drill: boolean;
        replaces?: string;
      };
    }
  | { type: 'statement-superseded'; data: { by: string } }
  | { type: 'statement-withdrawn'; data: { person: string; reason: string } };

/** Something is still to be done about it. */
export const isOpen = ({ state }: Pick<Statement, 'state'>): boolean => state !== 'released' && state !== 'withdrawn';

/** Whose turn it is; undefined: it was not asked for, or all have cleared. */
export const stepNow = ({ state, steps, clearances }: Statement): Step | undefined =>
  state === 'clearing' ? steps[clearances.length] : undefined;

/** Every place in the order stands for exactly this text. */
export function isWhollyCleared({ steps, clearances, version, hash }: Statement): boolean {
  const covers = (step: Step) =>
    clearances.some((one) => one.step === step.id && one.version === version && one.hash === hash);
  return steps.length > 0 && steps.every(covers);
}

export const linesOf = (text: string): string[] => text.split('\n');
