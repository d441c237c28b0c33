/**
 * A document that people keep: headings, paragraphs, lists and tables, of plain text alone; and as Markdown. What it looks like on paper is
 * pdf.ts's affair. Pure.
 */
import type { Language } from './chat.ts';
import { isolate } from './text.ts';

export type Part =
  | { kind: 'heading'; text: string }
  | { kind: 'paragraph'; text: string }
  /** someone's exact words */
  | { kind: 'quote'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'facts'; facts: { label: string; value: string }[] }
  /** `share`: of the page's width */
  | { kind: 'table'; columns: { title: string; share: number }[]; rows: string[][] };

export interface PaperDocument {
  /** stands on every page: `CR-2026-0003` */
  number: string;
  title: string;
  /** stands on every page and cannot be overlooked: 演练 */
  mark?: string;
  /** whose it is */
  owner: string;
  /** as of when: the same content at the same moment is the same file */
  at: Date;
  language: Language;
  parts: Part[];
  pageOf(page: number, pages: number): string;
}

export function markdownOf(document: PaperDocument): string {
  const { mark, title, number, parts } = document;
  const heading = `# ${[mark, title, number].flatMap((text) => (text ? [inline(text)] : [])).join(' ')}`;
  return `${[heading, inline(document.owner), ...parts.map(blockOf)].join('\n\n')}\n`;
}

function blockOf(part: Part): string {
  switch (part.kind) {
    case 'heading':
      return `## ${inline(part.text)}`;
    case 'paragraph':
      return lines(part.text).map(atStart).join('\\\n');
    case 'quote':
      return lines(part.text)
        .map((line) => `> ${atStart(line)}`)
        .join('\\\n');
    case 'list':
      return part.items.map((item) => `- ${lines(item).map(atStart).join('\\\n  ')}`).join('\n');
    case 'facts':
      return part.facts
        .map(({ label, value }) => `- **${inline(label)}** ${lines(value).map(atStart).join('\\\n  ')}`)
        .join('\n');
    case 'table':
      return tableOf(part);
    default:
      return part satisfies never;
  }
}

function tableOf({ columns, rows }: Extract<Part, { kind: 'table' }>): string {
  const row = (cells: string[]) => `| ${cells.map((cell) => lines(cell).join('<br>')).join(' | ')} |`;
  const titles = row(columns.map(({ title }) => title));
  return [titles, `| ${columns.map(() => '---').join(' | ')} |`, ...rows.map(row)].join('\n');
}

const inline = (text: string): string => escaped(text.replace(/\s+/g, ' ').trim());

/** Line breaks are people's own; an empty line would end the block. */
const lines = (text: string): string[] => {
  const kept = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [inline(line)]));
  return kept.length > 0 ? kept : [''];
};

/**
 * Every sign that means something to a reader of Markdown is itself again behind a backslash (https://spec.commonmark.org/0.31.2/#backslash-escapes),
 * those of tables, strike-through and formulas too (https://github.github.com/gfm/).
 */
function escaped(text: string): string {
  return isolate(text).replace(/[\\`*_{}[\]<>|~&$!#]/g, '\\$&');
}

/** What means something only where a line begins. */
const atStart = (line: string): string => line.replace(/^[-+=]/, '\\$&').replace(/^(\d{1,9})([.)])/, '$1\\$2');
