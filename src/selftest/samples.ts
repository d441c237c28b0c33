/** Our own cards and forms, for a platform to look at: one card with every kind of block, and the form of each process in the handbook. Pure. */
import type { Card } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import { selftestWords } from '../words/selftest.ts';

export function sampleCard(publicUrl: string, language: Language): Card {
  const { card: w } = selftestWords(language);
  return {
    headline: w.headline,
    tone: 'open',
    summary: w.summary,
    blocks: [
      { kind: 'facts', facts: [{ label: w.label, value: '¥32,000.00' }] },
      { kind: 'text', text: w.summary, strong: true },
      { kind: 'quote', text: w.quote },
      {
        kind: 'path',
        title: w.path,
        lines: [
          { mark: 'done', text: w.done, detail: [w.why] },
          { mark: 'now', text: w.next, detail: [] },
        ],
      },
      { kind: 'divider' },
      { kind: 'link', label: w.link, url: publicUrl },
      { kind: 'buttons', buttons: [{ label: w.button, style: 'primary', action: { command: 'selftest.seen' } }] },
      { kind: 'note', text: w.note },
    ],
  };
}
