/** What other modules may ask about decisions. */
import type { Language } from '../core/chat.ts';
import type { CalendarEvent } from '../core/icalendar.ts';
import { foldWidth, isolate } from '../core/text.ts';
import type { Directory } from '../directory/model.ts';
import { decisionWords, wordsOf } from '../words/decisions.ts';
import { maySee } from './cards.ts';
import type { DecisionTaken } from './model.ts';

/** In a calendar a decision stands on the day on which it is due. */
export function dueEventOf(decision: DecisionTaken): CalendarEvent {
  const day = new Date(`${decision.due}T00:00:00Z`);
  return {
    uid: decision.number,
    title: `${decision.number} ${decision.text}`,
    start: day,
    end: day,
    allDay: decision.due,
    ...(decision.state === 'void' ? { cancelled: true } : {}),
    sequence: decision.revision,
  };
}

/** As a request that cites it shows it; undefined: it is no more, or never was. */
export function citedText(
  number: string,
  decision: DecisionTaken | undefined,
  ownerName: string,
  language: Language,
): string {
  const w = decisionWords(language);
  if (!decision) return w.citedGone(number);
  return w.cited(
    decision.number,
    isolate(decision.text),
    ownerName,
    wordsOf(decision, language).states[decision.state],
  );
}

/** `DM-2026-0012`, however it is typed, where the whole of the text is one. */
export function readDecisionNumber(text: string): string | undefined {
  const folded = foldWidth(text).trim().toUpperCase();
  return /^DM-\d{4}-\d{4,9}$/.test(folded) ? folded : undefined;
}

/** Whether a person may rest a request on it. What is not theirs to see is as unknown to them as what never was: no number can be probed. */
export type Citation = 'good' | 'void' | 'unknown';

export function citationOf(
  decision: DecisionTaken | undefined,
  person: string,
  world: { directory: Directory },
): Citation {
  if (!decision || !maySee(decision, person, world)) return 'unknown';
  return decision.state === 'void' ? 'void' : 'good';
}
