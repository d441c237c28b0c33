/**
 * Blocks → HTML as mail programs understand it: tables only where something is a table, styles inline (Gmail drops style sheets of more than
 * it likes, Outlook draws with Word), no pictures, nothing fetched from anywhere. No background and no colour of words is set, and the two
 * `color-scheme` tags say so: light or dark, words keep the contrast that the mail program gives them.
 * https://responsivehtmlemail.com/dark-mode-in-html-email/
 */
import type { Block, PathLine, Tone } from '../../src/core/card.ts';
import type { Language } from '../../src/core/chat.ts';
import { clean, escapeHtml, webAddress } from './text.ts';

const grey = '#767676';
/** Small print steps back on whatever it stands on; Outlook, which does not know this, shows it like the rest. */
const faint = 'opacity:.75';
/** All of a contrast of at least 3 : 1 on white and on black: they are seen as edges and marks, never needed to read a word. */
const colours = {
  open: '#3b7dd8',
  good: '#2e8b57',
  bad: '#d04437',
  warn: '#c77700',
  muted: grey,
} as const satisfies Record<Tone, string>;

const marks = {
  done: ['✓', colours.good],
  now: ['●', colours.open],
  next: ['○', grey],
  refused: ['✗', colours.bad],
  skipped: ['–', grey],
} as const satisfies Record<PathLine['mark'], readonly [string, string]>;

export interface Page {
  title: string;
  headline: string;
  tone: Tone;
  blocks: string[];
  footer: string;
}

export function htmlPage({ title, headline, tone, blocks, footer }: Page, language: Language): string {
  const lang = language === 'zh' ? 'zh-CN' : 'en';
  return `<!DOCTYPE html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${words(title)}</title>
</head>
<body style="margin:0;padding:16px">
<div lang="${lang}" style="max-width:600px;margin:0 auto;font:16px/1.6 -apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',Roboto,sans-serif;overflow-wrap:anywhere">
<h1 style="margin:0 0 16px;padding-left:12px;border-left:4px solid ${colours[tone]};font-size:20px;line-height:1.4">${words(headline)}</h1>
${blocks.join('\n')}
<p style="margin:24px 0 0;padding-top:12px;border-top:1px solid ${grey};font-size:13px;${faint}">${words(footer)}</p>
</div>
</body>
</html>
`;
}

/** Undefined: nothing of this block can be mailed. */
export function htmlBlock(block: Block): string | undefined {
  switch (block.kind) {
    case 'facts':
      return factTable(block.facts);
    case 'text':
      return paragraph(block.strong ? `<strong>${words(block.text)}</strong>` : words(block.text));
    case 'quote':
      return `<blockquote style="margin:0 0 16px;padding:0 0 0 12px;border-left:3px solid ${grey}">${words(block.text)}</blockquote>`;
    case 'path':
      return [paragraph(`<strong>${words(block.title)}</strong>`), ...block.lines.map(pathLine)].join('\n');
    case 'note':
      return `<p style="margin:0 0 16px;font-size:13px;${faint}">${words(block.text)}</p>`;
    case 'link':
      return paragraph(link(block.label, block.url));
    case 'divider':
      return `<hr style="margin:16px 0;border:0;border-top:1px solid ${grey}">`;
    case 'buttons':
      // a mail cannot be pressed: whoever must decide has a card in their chat
      return undefined;
    default:
      return block satisfies never;
  }
}

const paragraph = (html: string): string => `<p style="margin:0 0 16px">${html}</p>`;

/** Lines of people's words stay lines. */
const words = (text: string): string => escapeHtml(clean(text).trim()).replaceAll('\n', '<br>');

/** `role="presentation"` would hide from a screen reader that label and value belong together: it is a table, and says so. */
function factTable(facts: { label: string; value: string }[]): string {
  const rows = facts.map(
    ({ label, value }) =>
      `<tr><th scope="row" style="padding:2px 12px 2px 0;text-align:left;vertical-align:top;min-width:4em;font-weight:normal;${faint}">${words(label)}</th><td style="padding:2px 0;vertical-align:top">${words(value)}</td></tr>`,
  );
  return `<table style="margin:0 0 16px;border-collapse:collapse;font-size:16px">\n${rows.join('\n')}\n</table>`;
}

function pathLine({ mark, text, detail }: PathLine): string {
  const [sign, colour] = marks[mark];
  const said = mark === 'now' ? `<strong>${words(text)}</strong>` : words(text);
  const small = detail.map((line) => `<br><small style="font-size:13px;${faint}">${words(line)}</small>`).join('');
  return `<p style="margin:0 0 8px"><span style="color:${colour}">${sign}</span> ${said}${small}</p>`;
}

function link(label: string, url: string): string {
  const address = webAddress(url);
  if (address === undefined) return [words(label), words(url)].filter((word) => word !== '').join(' ');
  return `<a href="${escapeHtml(address)}">${words(label) || escapeHtml(address)}</a>`;
}
