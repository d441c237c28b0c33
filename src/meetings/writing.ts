/** Minutes as they come from the form: rows and lines into decisions, and what is missing back to its field. Pure. */
import type { Language } from '../core/chat.ts';
import type { JsonObject } from '../core/message.ts';
import { cleanLine, cleanParagraph } from '../core/text.ts';
import { meetingAnswerWords } from '../words/meeting-answers.ts';
import { type DraftDecision, type FindPerson, readDecisionLine } from './decision-line.ts';
import { readPresent } from './draft.ts';
import { faultText } from './forms.ts';
import { type Incomplete, MOST_TEXT } from './minutes.ts';
import type { Row } from './minutes-form.ts';
import type { MinutesSource, Present } from './model.ts';

export interface Written {
  topics: string[];
  present: Present[];
  /** `field`: where in the form the decision stands */
  decisions: (DraftDecision & { field: string })[];
}

interface Reading {
  find: FindPerson;
  /** the meeting's own date */
  today: string;
  /** numbers of the decisions that the minutes had before: a line may name one of them */
  known: ReadonlySet<string>;
}

const MOST_ROWS = 40;
const MOST = { topics: 40, decisions: 40, present: 200 };

/** @param carried the numbers of decisions that the minutes had before, by their row: `n0` → DM-2026-0001 */
export function readWritten(
  values: Record<string, string>,
  carried: Record<string, string>,
  reading: Reading,
): Written {
  const rows = typedRows(values, carried).flatMap((row, index) => readRow(row, index, reading));
  const more = textsOf('more', values).flatMap(([field, text]) =>
    linesOf(text).map((line) => ({ ...readLine(line, reading), field })),
  );
  const topics = textsOf('topics', values).flatMap(([, text]) => linesOf(text));
  const present = textsOf('present', values).map(([, text]) => linesOf(text).join('、'));
  return {
    topics: topics.map((line) => cleanLine(line.replace(/^\d{1,2}(?:[、．)]|\.(?!\d))\s*/u, ''), 500)),
    present: readPresent(present.join('、'), reading.find),
    decisions: eachNumberOnce([...rows, ...more], reading.known),
  };
}

/** The rows as they were filled in, the empty ones too: each stays where it was. */
export function typedRows(values: Record<string, string>, carried: Record<string, string>): Row[] {
  const filled = Object.keys(values).map((id) => Number(/^[dow](\d{1,2})$/.exec(id)?.[1] ?? -1));
  const count = Math.min(MOST_ROWS, Math.max(Number(carried.rows) || 0, ...filled.map((index) => index + 1)));
  return Array.from({ length: count }, (_, index) => {
    const [text = '', owner = '', due = ''] = [`d${index}`, `o${index}`, `w${index}`].map((id) => values[id]?.trim());
    return { text, owner, due, number: carried[`n${index}`] };
  });
}

/** `topics`, `topics2`, …, in their order. */
export const fieldsOf = (id: string): string[] => [
  id,
  ...Array.from({ length: MOST_ROWS }, (_, index) => `${id}${index + 2}`),
];

function textsOf(id: string, values: Record<string, string>): [field: string, text: string][] {
  return fieldsOf(id).flatMap((field): [string, string][] => (values[field] ? [[field, values[field]]] : []));
}

const linesOf = (text: string): string[] =>
  cleanParagraph(text, 6000)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** A row that is wholly empty is none; one whose words were taken out takes its decision away. */
function readRow({ text, owner, due, number }: Row, index: number, { find }: Reading): Written['decisions'] {
  if (!text && (number || (!owner && !due))) return [];
  const line = cleanLine(text, MOST_TEXT);
  const who = owner ? (find(owner) ?? owner) : '';
  return [{ text: line, owner: who, due, line, field: `d${index}`, ...(number ? { number } : {}) }];
}

/** Who is named and not known is said to be unknown, not missing. */
function readLine(line: string, { find, today }: Reading): DraftDecision {
  const read = readDecisionLine(line, find, today);
  return { ...read, owner: read.owner || (read.unknown ?? '') };
}

/** A number that is none of these minutes', or stands there twice, is only text. */
function eachNumberOnce(decisions: Written['decisions'], known: ReadonlySet<string>): Written['decisions'] {
  const seen = new Set<string>();
  return decisions.map((one) => {
    const { number, ...rest } = one;
    if (number === undefined) return one;
    if (known.has(number) && !seen.has(number)) {
      seen.add(number);
      return one;
    }
    return rest.field.startsWith('more') && !known.has(number) ? { ...rest, text: `${number} ${rest.text}` } : rest;
  });
}

export function argsOf({ topics, present, decisions }: Written, source: MinutesSource, seen: number): JsonObject {
  const lines = decisions.map(({ text, owner, due, number }) => ({ text, owner, due, ...(number ? { number } : {}) }));
  return {
    topics,
    present: present.map(({ name, person }) => ({ name, ...(person ? { person } : {}) })),
    decisions: lines,
    source,
    seen,
  };
}

/** Each fault at the field of its row; of lines in a common field all are named there. */
export function faultsOf(
  { topics, present, decisions }: Written,
  incomplete: readonly Incomplete[],
  language: Language,
): Record<string, string> {
  const w = meetingAnswerWords(language).faults;
  const faults: Record<string, string> = {};
  const add = (field: string, said: string) => {
    faults[field] = faults[field] ? `${faults[field]}\n${said}` : said;
  };
  if (topics.length === 0) add('topics', w['no-topics']);
  if (topics.length > MOST.topics) add('topics', w['too-many-lines'](MOST.topics));
  if (present.length === 0) add('present', w['nobody-present']);
  if (present.length > MOST.present) add('present', w['too-many-lines'](MOST.present));
  if (decisions.length > MOST.decisions) add('more', w['too-many-lines'](MOST.decisions));
  for (const { index, field, fault } of incomplete) {
    const row = decisions[index];
    if (!row) continue;
    const said = faultText(fault, language);
    if (row.field.startsWith('more')) add(row.field, w.line(row.line, said));
    else add(`${{ text: 'd', owner: 'o', due: 'w' }[field]}${row.field.slice(1)}`, said);
  }
  return faults;
}
