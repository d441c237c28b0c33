/** What is said to the outside: the words of the last update, and the statement that went out. Pure. */
import { isolate } from '../core/text.ts';
import { crisisWords } from '../words/crisis.ts';
import { crisisCardWords } from '../words/crisis-cards.ts';
import { clockOf, type Shown } from './reading.ts';

/** Undefined: nothing was released yet. */
export function releasedText(shown: Shown): string | undefined {
  const { firstStatement } = shown.crisis;
  const w = crisisCardWords(shown.language).situation;
  return firstStatement && w.released(firstStatement.number, clockOf(firstStatement.at, shown));
}

/** A statement that is out is said, whatever the update left empty. @param said as it was written, empty where it was not */
export function saidOutside(said: string, shown: Shown): string {
  const released = releasedText(shown);
  if (said === '') return released ?? crisisCardWords(shown.language).situation.notSaid;
  const own = isolate(said);
  return released === undefined ? own : crisisWords(shown.language).semicolons([own, released]);
}
