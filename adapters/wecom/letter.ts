/** A Card as lines of text: for a person (text message) and for a group (a robot's markdown), each cut to its bytes. Pure. */
import type { Block, Card, PathLine } from '../../src/core/card.ts';
import type { Language } from '../../src/core/chat.ts';
import { wecomWords } from '../../src/words/wecom.ts';
import { ROBOT_BYTES, TEXT_BYTES, URL_BYTES } from './limits.ts';
import { bytesOf, cutBytes, cutWidth, forMarkdown, forText, oneLine, webAddress } from './text.ts';

interface Surface {
  bytes: number;
  plain(text: string): string;
  strong(text: string): string;
  quote(text: string): string;
  link(label: string, href: string): string;
}

const TEXT: Surface = {
  bytes: TEXT_BYTES,
  plain: forText,
  strong: (text) => `【${forText(text)}】`,
  quote: (text) => `“${forText(text)}”`,
  link: (label, href) => `<a href="${href}">${forText(label)}</a>`,
};
const MARKDOWN: Surface = {
  bytes: ROBOT_BYTES,
  plain: forMarkdown,
  strong: (text) => `**${forMarkdown(text)}**`,
  quote: (text) => forMarkdown(text).replace(/^/gm, '> '),
  link: (label, href) => `[${forMarkdown(label)}](${href})`,
};

const HEADLINE = 80;
const LABEL = 40;
const MARK: Record<PathLine['mark'], string> = { done: '✓', now: '●', next: '○', refused: '✗', skipped: '–' };

/** `elsewhere`: what is said in the place of buttons that cannot stand here. */
export interface Extra {
  elsewhere?: string;
  /** the last line, whatever is cut */
  last?: string;
}

export const textOf = (card: Card, language: Language, extra: Extra = {}): string =>
  fitted(card, TEXT, language, extra);
export const markdownOf = (card: Card, language: Language, extra: Extra = {}): string =>
  fitted(card, MARKDOWN, language, extra);

/** One sentence of the product, in which people's own words may stand. */
export const sentence = (text: string): string => cutBytes(forText(text), TEXT_BYTES);

/** First without what may be dropped, then cut at a line: one message, never two of which only one may arrive. */
function fitted(card: Card, on: Surface, language: Language, extra: Extra): string {
  const end = extra.last === undefined ? [] : ['', on.plain(extra.last)];
  for (const dropFrom of [4, 3, 2, 1]) {
    const lines = [...linesOf(card, dropFrom, on, extra), ...end];
    if (bytesOf(lines.join('\n')) <= on.bytes) return lines.join('\n');
  }
  return cutAtLine(linesOf(card, 1, on, extra), [...restOf(card, on, language), ...end], on.bytes);
}

function linesOf(card: Card, dropFrom: number, on: Surface, extra: Extra): string[] {
  const kept = card.blocks.filter((block) => (block.drop ?? 0) < dropFrom);
  const body = kept.flatMap((block) => blockLines(block, on, extra));
  // a link holds no line break that could be cut: its label is one line
  return [
    on.strong(cutWidth(oneLine(card.headline), HEADLINE)),
    ...(body.length > 0 ? body : [on.plain(card.summary)]),
  ].flatMap((line) => line.split('\n'));
}

function blockLines(block: Block, on: Surface, { elsewhere }: Extra): string[] {
  switch (block.kind) {
    case 'facts':
      return block.facts.map(({ label, value }) => on.plain(`${oneLine(label)}：${value}`));
    case 'text':
      return [block.strong ? on.strong(oneLine(block.text)) : on.plain(block.text)];
    case 'quote':
      return [on.quote(block.text)];
    case 'path':
      return [on.plain(block.title), ...block.lines.flatMap((line) => pathLines(line, on))];
    case 'note':
      return [on.plain(block.text)];
    case 'link':
      return [linkLine(block.label, block.url, on)];
    case 'divider':
      return [''];
    case 'buttons':
      return elsewhere === undefined || block.buttons.length === 0 ? [] : [on.plain(elsewhere)];
    default:
      return block satisfies never;
  }
}

function pathLines({ mark, text, detail }: PathLine, on: Surface): string[] {
  return [`${MARK[mark]} ${on.plain(text)}`, ...detail.map((part) => `　${on.plain(part)}`)];
}

/** An address that cannot be a link is shown as it is. */
function linkLine(label: string, url: string, on: Surface): string {
  const href = webAddress(url, URL_BYTES);
  return href === undefined
    ? on.plain(`${oneLine(label)}：${oneLine(url)}`)
    : on.link(cutWidth(oneLine(label), LABEL), href);
}

function restOf(card: Card, on: Surface, language: Language): string[] {
  const say = wecomWords(language);
  const link = card.blocks.find((block) => block.kind === 'link');
  const href = link && webAddress(link.url, URL_BYTES);
  return link && href
    ? [`${say.rest}${on.link(cutWidth(oneLine(link.label), LABEL), href)}`]
    : [`${say.rest}${say.restElsewhere}`];
}

/** Whole lines as far as they go; of a first line that is too long by itself, its beginning. */
function cutAtLine(lines: string[], end: string[], most: number): string {
  const tail = end.join('\n');
  const kept: string[] = [];
  let room = most - bytesOf(tail);
  for (const line of lines) {
    const next = bytesOf(line) + 1;
    if (next > room) {
      if (kept.length < 2 && !/<a href|\]\(/.test(line)) kept.push(cutBytes(line, room - 1));
      break;
    }
    kept.push(line);
    room -= next;
  }
  return [...kept, tail].join('\n');
}
