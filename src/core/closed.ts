/** What stands where a live card was, once it is no longer to be used: no button, and nothing of what it said. Pure. */
import { roadWords } from '../words/road.ts';
import type { Card } from './card.ts';
import type { Language } from './chat.ts';

/** `moved`: a newer card has taken its place; `noLonger`: its reader has left, or may not look any more. */
export function closedCard(number: string, why: 'moved' | 'noLonger', language: Language): Card {
  const w = roadWords(language);
  return {
    headline: w.closed(number),
    tone: 'muted',
    summary: w.closed(number),
    blocks: [{ kind: 'note', text: w[why] }],
  };
}
