/** When minutes are complete: each decision with its words, an owner and a date (M3, M4). What is missing is named line by line. Pure. */
import type { Directory } from '../directory/model.ts';
import type { DecisionLine } from './model.ts';

export type LineFault =
  | 'no-text'
  | 'text-too-long'
  | 'no-owner'
  | 'unknown-owner'
  | 'owner-left'
  | 'no-due'
  | 'bad-due'
  | 'due-before-meeting'
  | 'due-too-far';
/** `index` counts the decisions from 0. */
export interface Incomplete {
  index: number;
  field: 'text' | 'owner' | 'due';
  fault: LineFault;
}

/** What a row of the form holds. */
export const MOST_TEXT = 300;
/** Five years: a date beyond them is a slip of the finger. */
const FARTHEST_YEARS = 5;

/** @param day the meeting's own date, YYYY-MM-DD: nothing that was decided on it was due before */
export function incompleteIn(
  decisions: readonly DecisionLine[],
  directory: Directory,
  day: string,
  before?: { decisions: readonly DecisionLine[] },
): Incomplete[] {
  const noted = new Map(before?.decisions.map((line) => [line.number, line]));
  return decisions.flatMap((line, index): Incomplete[] => {
    const faults: Incomplete[] = [];
    if (line.text.trim() === '') faults.push({ index, field: 'text', fault: 'no-text' });
    if ([...line.text].length > MOST_TEXT) faults.push({ index, field: 'text', fault: 'text-too-long' });
    const owner = ownerFault(line.owner, directory);
    // who has left since may stand in a correction of something else: the chair is asked for another owner anyway
    const stood = owner === 'owner-left' && line.number !== undefined && noted.get(line.number)?.owner === line.owner;
    if (owner && !stood) faults.push({ index, field: 'owner', fault: owner });
    const due = dueFault(line.due, day);
    if (due) faults.push({ index, field: 'due', fault: due });
    return faults;
  });
}

function ownerFault(owner: string, { people }: Directory): LineFault | undefined {
  if (owner === '') return 'no-owner';
  const person = people.get(owner);
  if (!person) return 'unknown-owner';
  return person.active ? undefined : 'owner-left';
}

export function dueFault(due: string, day: string): LineFault | undefined {
  if (due === '') return 'no-due';
  const at = new Date(`${due}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(due) || Number.isNaN(at.getTime()) || !at.toISOString().startsWith(due))
    return 'bad-due';
  if (due < day) return 'due-before-meeting';
  return Number(due.slice(0, 4)) > Number(day.slice(0, 4)) + FARTHEST_YEARS ? 'due-too-far' : undefined;
}
