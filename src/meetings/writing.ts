/** Minutes as they come from the form: rows and lines into decisions, and what is missing back to its field. Pure. */
import type { Language } from '../core/chat.ts';
import type { JsonObject } from '../core/message.ts';
import { cleanLine, cleanParagraph } from '../core/text.ts';
import { meetingAnswerWords } from '../words/meeting-answers.ts';
import { type DraftDecision, type FindPerson, readDecisionLine, readPresent } from './draft.ts';
import { faultText } from './forms.ts';
import type { Incomplete } from './minutes.ts';
import type { Present } from './model.ts';

export interface Written {
  topics: string[];
  present: Present[];
  /** `field`: where in the form the decision stands */
  decisions: (DraftDecision & { number?: string; field: string })[];
}

const MOST_ROWS = 40;

/** @param carried the numbers of decisions that the minutes had before, by their row: `n0` → DM-2026-0001 */
export function readWritten(
  values: Record<string, string>,
  carried: Record<string, string>,
  find: FindPerson,
  today: string,
): Written {
  const lines = (id: string) =>
    cleanParagraph(values[id] ?? '', 6000)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  const rows = Array.from({ length: MOST_ROWS }, (_, index) => rowOf(index, values, carried, find)).flat();
  const more = lines('more').map((line) => ({ ...readDecisionLine(line, find, today), field: 'more' }));
  const topics = lines('topics').map((line) => cleanLine(line.replace(/^\d{1,2}[.、．)]\s*/u, ''), 500));
  return { topics, present: readPresent(lines('present').join('、'), find), decisions: [...rows, ...more] };
}

/** A row that is wholly empty is none; one that was emptied takes its decision away. */
function rowOf(
  index: number,
  values: Record<string, string>,
  carried: Record<string, string>,
  find: FindPerson,
): Written['decisions'] {
  const [text, who, due] = [`d${index}`, `o${index}`, `w${index}`].map((id) => (values[id] ?? '').trim());
  if (!text && !who && !due) return [];
  if (!text && carried[`n${index}`]) return [];
  const number = carried[`n${index}`];
  const owner = who ? (find(who) ?? who) : '';
  const line = cleanLine(text ?? '', 300);
  return [{ text: line, owner, due: due ?? '', line, field: `d${index}`, ...(number ? { number } : {}) }];
}

export function argsOf(
  { topics, present, decisions }: Written,
  source: 'form' | 'text' | 'link',
  seen: number,
): JsonObject {
  const lines = decisions.map(({ text, owner, due, number }) => ({ text, owner, due, ...(number ? { number } : {}) }));
  return {
    topics,
    present: present.map(({ name, person }) => ({ name, ...(person ? { person } : {}) })),
    decisions: lines,
    source,
    seen,
  };
}

/** Each fault at the field of its row; of lines in the common field all are named there. */
export function faultsByField(
  { decisions }: Written,
  incomplete: readonly Incomplete[],
  language: Language,
): Record<string, string> {
  const w = meetingAnswerWords(language).faults;
  const faults: Record<string, string> = {};
  for (const { index, field, fault } of incomplete) {
    const row = decisions[index];
    if (!row) continue;
    const said = faultText(fault, language);
    if (row.field !== 'more') {
      faults[`${{ text: 'd', owner: 'o', due: 'w' }[field]}${row.field.slice(1)}`] = said;
      continue;
    }
    const line = w.line(row.line, said);
    faults.more = faults.more ? `${faults.more}\n${line}` : line;
  }
  return faults;
}
