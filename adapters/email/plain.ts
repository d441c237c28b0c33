/** Blocks → the plain-text body of a mail: for readers without HTML, for search, and for filters that distrust HTML alone. */
import type { Block, PathLine } from '../../src/core/card.ts';
import type { Language } from '../../src/core/chat.ts';
import { emailWords } from '../../src/words/email.ts';
import { clean, webAddress } from './text.ts';

const marks = { done: '✓', now: '●', next: '○', refused: '✗', skipped: '–' } as const satisfies Record<
  PathLine['mark'],
  string
>;

/** Undefined: nothing of this block can be mailed. */
export function plainBlock(block: Block, language: Language): string | undefined {
  switch (block.kind) {
    case 'facts':
      return block.facts.map(({ label, value }) => fact(label, value, language)).join('\n');
    case 'text':
    case 'note':
      return clean(block.text).trim();
    case 'quote':
      return indent(clean(block.text).trim(), '> ');
    case 'path':
      return [clean(block.title).trim(), ...block.lines.map(pathLine)].filter((line) => line !== '').join('\n');
    case 'link':
      return fact(block.label, webAddress(block.url) ?? block.url, language);
    case 'divider':
      return '—————';
    case 'buttons':
      // a mail cannot be pressed: whoever must decide has a card in their chat
      return undefined;
    default:
      return block satisfies never;
  }
}

function fact(label: string, value: string, language: Language): string {
  const words = [clean(label).trim(), clean(value).trim()].filter((word) => word !== '');
  return words.join(emailWords(language).colon);
}

function pathLine({ mark, text, detail }: PathLine): string {
  const small = detail.map((line) => indent(clean(line).trim(), '   ')).filter((line) => line.trim() !== '');
  return [`${marks[mark]} ${clean(text).trim()}`, ...small].join('\n');
}

const indent = (text: string, by: string): string =>
  text
    .split('\n')
    .map((line) => `${by}${line}`)
    .join('\n');
