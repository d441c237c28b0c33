/**
 * The neutral vocabulary in which the product speaks: a Card that is shown, a Form that is filled, an ActionRef that a
 * button carries. No platform is known here. EVERY string is plain text: the adapter escapes it for its one surface.
 */
import { z } from 'zod';

export type Tone = 'open' | 'good' | 'bad' | 'warn' | 'muted';

/** No NUL and no half of a character: neither is in anything of ours, and the database takes neither (https://www.postgresql.org/docs/current/datatype-json.html). */
const Word = z.string().refine((text) => text.isWellFormed() && !text.includes('\0'));

/** What a button carries: which command, for which subject and step, and which content version its reader saw. */
export const ActionRef = z.strictObject({
  command: Word.min(1).max(60),
  subject: Word.max(60).optional(),
  step: Word.max(60).optional(),
  seen: z.int().nonnegative().optional(),
  with: z.record(Word.max(40), Word.max(400)).optional(),
});
export type ActionRef = z.infer<typeof ActionRef>;

export interface Button {
  label: string;
  action: ActionRef;
  /** at most one `primary` on a card (the approving one); `danger` is the rejecting one */
  style?: 'primary' | 'danger';
  confirm?: { title: string; text: string; yes: string; no: string };
}

export interface PathLine {
  mark: 'done' | 'now' | 'next' | 'refused' | 'skipped';
  text: string;
  /** why this signer, when, on whose behalf: small print below the line */
  detail: string[];
}

/** A block that may be dropped when a platform's size limit bites: the highest `drop` goes first; absent means never. */
interface Droppable {
  drop?: 1 | 2 | 3;
}
export type Block = Droppable &
  (
    | { kind: 'facts'; facts: { label: string; value: string; wide?: boolean }[] }
    | { kind: 'text'; text: string; strong?: boolean }
    | { kind: 'quote'; text: string }
    | { kind: 'path'; title: string; lines: PathLine[] }
    | { kind: 'note'; text: string }
    | { kind: 'link'; label: string; url: string }
    | { kind: 'divider' }
    | { kind: 'buttons'; buttons: Button[] }
  );

export interface Card {
  headline: string;
  tone: Tone;
  /** one sentence for the notification, the list of chats and every reader without cards */
  summary: string;
  blocks: Block[];
  /** for platforms that send letters; all others pass over it */
  letter?: Letter;
}

/** What a mail has besides its text. */
export interface Letter {
  /** letters of one thread are one conversation in people's mailboxes: `MT-2026-0003` */
  thread: string;
  subject: string;
  files: { name: string; mime: string; text: string }[];
}

interface FieldBase {
  id: string;
  label: string;
  required: boolean;
  hint?: string;
  placeholder?: string;
  /** what stands in it when it opens; for `person` a person id; for `date` YYYY-MM-DD */
  value?: string;
  /** what is wrong with it, said at the field */
  fault?: string;
}
export type Field = FieldBase &
  (
    | { type: 'text'; max?: number }
    | { type: 'paragraph'; max?: number }
    | { type: 'money' }
    | { type: 'number' }
    | { type: 'date' }
    | { type: 'choice'; options: { value: string; label: string }[] }
    /** drawn with the platform's own picker where it has one; comes back as an account of that platform */
    | { type: 'person' }
    | { type: 'file' }
  );

export interface Form {
  title: string;
  /** who will sign and why, what happened before: shown above the fields */
  intro: Block[];
  fields: Field[];
  submit: string;
  cancel: string;
  /** sent back with the values; with `preview` present, changes of a field may be sent with that action to redraw `intro` */
  action: ActionRef;
  preview?: ActionRef;
}

/** @throws never: an unreadable value is `undefined` (somebody else's button, an old release, a forgery) */
export function readAction(raw: unknown): ActionRef | undefined {
  let value = raw;
  if (typeof raw === 'string') {
    try {
      value = JSON.parse(raw);
    } catch {
      return undefined;
    }
  }
  const parsed = ActionRef.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** Slack's button value and Feishu's callback value both carry this text (≤ 2,000 characters). */
export function writeAction(action: ActionRef): string {
  return JSON.stringify(action);
}
