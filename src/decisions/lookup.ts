/** What other modules may ask about decisions. */
import type { Language } from '../core/chat.ts';
import type { CalendarEvent } from '../core/icalendar.ts';
import { decisionWords } from '../words/decisions.ts';
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
  return w.cited(decision.number, decision.text, ownerName, w.states[decision.state]);
}
