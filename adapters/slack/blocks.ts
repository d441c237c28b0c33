/**
 * One neutral block → Slack's blocks. People's words go only into `plain_text` and `rich_text`, where nothing is live;
 * mrkdwn is used for bold labels alone, and only around text that has no markup in it.
 */
import type { types } from '@slack/bolt';
import type { Block, Button, PathLine } from '../../src/core/card.ts';
import { writeAction } from '../../src/core/card.ts';
import type { Language } from '../../src/core/chat.ts';
import { slackWords } from '../../src/words/slack.ts';
import { limits } from './limits.ts';
import { clean, cut, looksLikeMarkup } from './text.ts';

export type SlackBlock = types.KnownBlock;
type RichText = types.RichTextBlock['elements'][number];
type Facts = Extract<Block, { kind: 'facts' }>['facts'];

export function plain(text: string, max: number, otherwise: string): types.PlainTextElement {
  return { type: 'plain_text', text: cut(clean(text).trim(), max) || otherwise, emoji: false };
}

export function drawBlock(block: Block, place: number, language: Language): SlackBlock[] {
  switch (block.kind) {
    case 'facts':
      return drawFacts(block.facts, language);
    case 'text':
      return block.strong ? paragraphs(block.text).map(strong) : paragraphs(block.text).map(paragraph);
    case 'quote':
      return paragraphs(block.text).map(quote);
    case 'path':
      return drawPath(block.title, block.lines);
    case 'note':
      return note(block.text);
    case 'link':
      return link(block.label, block.url, language);
    case 'divider':
      return [{ type: 'divider' }];
    case 'buttons':
      return drawButtons(block.buttons, place, language);
    default:
      return block satisfies never;
  }
}

/** Long texts stand in several sections: each holds 3,000 characters. */
function paragraphs(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (const character of clean(text).trim()) {
    if (part.length + character.length > limits.section) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part].filter((piece) => piece.trim() !== '');
}

function paragraph(text: string): SlackBlock {
  return { type: 'section', text: { type: 'plain_text', text, emoji: false } };
}

function strong(text: string): SlackBlock {
  return rich({ type: 'rich_text_section', elements: [{ type: 'text', text, style: { bold: true } }] });
}

function quote(text: string): SlackBlock {
  return rich({ type: 'rich_text_quote', elements: [{ type: 'text', text }] });
}

function rich(...elements: RichText[]): SlackBlock {
  return { type: 'rich_text', elements };
}

export function note(text: string): types.ContextBlock[] {
  const words = cut(clean(text).trim(), limits.contextText);
  return words === '' ? [] : [{ type: 'context', elements: [{ type: 'plain_text', text: words, emoji: false }] }];
}

function drawFacts(facts: Facts, language: Language): SlackBlock[] {
  const drawn: SlackBlock[] = [];
  let row: types.TextObject[] = [];
  const close = () => {
    if (row.length > 0) drawn.push({ type: 'section', fields: row });
    row = [];
  };
  for (const fact of facts) {
    if (fact.wide) close();
    if (fact.wide) drawn.push(wideFact(fact.label, fact.value, language));
    else row.push(narrowFact(fact.label, fact.value, language));
    if (row.length === limits.fieldsInSection) close();
  }
  close();
  return drawn;
}

function narrowFact(label: string, value: string, language: Language): types.TextObject {
  const [name, content] = factWords(label, value, language);
  if (looksLikeMarkup(name) || looksLikeMarkup(content) || name.includes('\n')) {
    return { type: 'plain_text', text: cut(`${name}\n${content}`, limits.field), emoji: false };
  }
  return { type: 'mrkdwn', text: cut(`*${name}*\n${content}`, limits.field), verbatim: true };
}

function wideFact(label: string, value: string, language: Language): SlackBlock {
  const [name, content] = factWords(label, value, language);
  return rich({
    type: 'rich_text_section',
    elements: [
      { type: 'text', text: `${name}\n`, style: { bold: true } },
      { type: 'text', text: cut(content, limits.section) },
    ],
  });
}

function factWords(label: string, value: string, language: Language): [string, string] {
  const { empty } = slackWords(language);
  return [cut(clean(label).trim(), 200) || empty, clean(value).trim() || empty];
}

const marks = { done: '✓', now: '●', next: '○', refused: '✗', skipped: '–' } as const satisfies Record<
  PathLine['mark'],
  string
>;

/** Lines without small print stand together in one block; small print is a context block under its line. */
function drawPath(title: string, lines: PathLine[]): SlackBlock[] {
  const drawn: SlackBlock[] = [];
  let open: types.RichTextText[] = bold(cut(clean(title).trim(), 300));
  for (const line of lines) {
    if (open.length > 0) open.push({ type: 'text', text: '\n' });
    open.push(...pathLine(line));
    const detail = note(line.detail.map((text) => clean(text).trim()).join('\n'));
    if (detail.length === 0) continue;
    drawn.push(rich({ type: 'rich_text_section', elements: open }), ...detail);
    open = [];
  }
  if (open.length > 0) drawn.push(rich({ type: 'rich_text_section', elements: open }));
  return drawn;
}

function pathLine(line: PathLine): types.RichTextText[] {
  const text = cut(`${marks[line.mark]}  ${clean(line.text).trim()}`, 600);
  return line.mark === 'now' ? bold(text) : [{ type: 'text', text }];
}

function bold(text: string): types.RichTextText[] {
  return text === '' ? [] : [{ type: 'text', text, style: { bold: true } }];
}

function link(label: string, url: string, language: Language): SlackBlock[] {
  const text = cut(clean(label).trim(), 300) || slackWords(language).untitled;
  if (isWebAddress(url)) return [rich({ type: 'rich_text_section', elements: [{ type: 'link', url, text }] })];
  return [paragraph(cut(`${text} ${clean(url)}`.trim(), limits.section))];
}

function isWebAddress(url: string): boolean {
  return url.length <= limits.url && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function drawButtons(buttons: Button[], place: number, language: Language): SlackBlock[] {
  const drawn = buttons.flatMap((button, index) => drawButton(button, `act:${place}:${index}`, language));
  const rows: SlackBlock[] = [];
  for (let from = 0; from < drawn.length; from += limits.button.perBlock) {
    rows.push({ type: 'actions', elements: drawn.slice(from, from + limits.button.perBlock) });
  }
  return rows;
}

/** A button whose action does not fit into Slack's 2,000 characters is left out: cut, it would do something else. */
function drawButton(button: Button, actionId: string, language: Language): types.Button[] {
  const value = writeAction(button.action);
  if (value.length > limits.button.value) return [];
  const { untitled } = slackWords(language);
  return [
    {
      type: 'button',
      action_id: actionId,
      text: plain(button.label, limits.button.text, untitled),
      value,
      ...(button.style && { style: button.style }),
      ...(button.confirm && { confirm: confirmation(button.confirm, button.style, language) }),
    },
  ];
}

function confirmation(
  asked: NonNullable<Button['confirm']>,
  style: Button['style'],
  language: Language,
): types.ConfirmationDialog {
  const words = slackWords(language);
  return {
    title: plain(asked.title, limits.confirm.title, words.confirm),
    text: plain(asked.text, limits.confirm.text, words.confirm),
    confirm: plain(asked.yes, limits.confirm.button, words.confirm),
    deny: plain(asked.no, limits.confirm.button, words.cancel),
    ...(style && { style }),
  };
}
