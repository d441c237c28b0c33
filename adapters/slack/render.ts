/** Card → a Slack message or home page: `text` for notifications and screen readers, blocks for everybody else. */
import type { types } from '@slack/bolt';
import type { Block, Card, Tone } from '../../src/core/card.ts';
import type { Language } from '../../src/core/chat.ts';
import { slackWords } from '../../src/words/slack.ts';
import { plain, type SlackBlock } from './blocks.ts';
import { drawWithin, weight } from './fit.ts';
import { limits } from './limits.ts';
import { clean, cut, escapeWithinBytes } from './text.ts';

export interface Message {
  text: string;
  blocks: SlackBlock[];
}

/** Unicode and not `:shortcode:`, since the header's emoji are switched off for the sake of people's words. */
const lamps = { open: '🔵', good: '🟢', bad: '🔴', warn: '🟠', muted: '⚪' } as const satisfies Record<Tone, string>;

export function renderCard(card: Card, language: Language): Message {
  return { text: notification(card, language), blocks: drawCard(card, limits.message, language) };
}

/** When Slack refuses even what was made to fit: the sentence, and the buttons that nobody needs the rest of the card for. */
export function renderBareCard(card: Card, language: Language): Message {
  const buttons = card.blocks.filter((block) => block.kind === 'buttons' && block.drop === undefined);
  const blocks: Block[] = [{ kind: 'text', text: cut(card.summary, 1000) }, ...buttons];
  return renderCard({ ...card, summary: cut(card.summary, 1000), blocks }, language);
}

export function renderHome(card: Card, language: Language): types.HomeView {
  const room = { blocks: limits.view.blocks, weight: limits.viewWeight };
  return { type: 'home', blocks: drawCard(card, room, language) };
}

/** A card inside a window: its headline is the window's title, too. */
export function renderCardView(card: Card, language: Language): types.ModalView {
  const words = slackWords(language);
  return {
    type: 'modal',
    callback_id: 'card',
    title: plain(card.headline, limits.view.title, words.resultTitle),
    close: plain(words.close, limits.view.button, words.close),
    blocks: drawCard(card, { blocks: limits.view.blocks, weight: limits.viewWeight }, language),
  };
}

/** One sentence, for one person. */
export function renderSentence(text: string, tone: 'good' | 'bad' | 'info', language: Language): Message {
  const lamp = { good: '✓', bad: '⚠', info: 'ℹ' }[tone];
  const words = clean(text).trim();
  const blocks = drawWithin([{ kind: 'text', text: `${lamp} ${words}` }], limits.message, language);
  return { text: escapeWithinBytes(`${lamp} ${words}`, limits.message.textBytes), blocks };
}

export function renderSentenceView(text: string, language: Language): types.ModalView {
  const words = slackWords(language);
  const room = { blocks: limits.view.blocks, weight: limits.viewWeight };
  return {
    type: 'modal',
    callback_id: 'said',
    title: plain(words.resultTitle, limits.view.title, words.resultTitle),
    close: plain(words.close, limits.view.button, words.close),
    blocks: drawWithin([{ kind: 'text', text: clean(text).trim() || words.empty }], room, language),
  };
}

function drawCard(card: Card, room: { blocks: number; weight: number }, language: Language): SlackBlock[] {
  const header = headline(card, language);
  const rest = drawWithin(card.blocks, { blocks: room.blocks - 1, weight: room.weight - weight([header]) }, language);
  return [header, ...rest];
}

function headline(card: Card, language: Language): types.HeaderBlock {
  const words = clean(card.headline).replace(/\s+/g, ' ').trim() || slackWords(language).untitled;
  return { type: 'header', text: plain(`${lamps[card.tone]} ${words}`, limits.header, lamps[card.tone]) };
}

function notification(card: Card, language: Language): string {
  const words = [card.headline, card.summary].map((line) => clean(line).trim()).filter((line) => line !== '');
  return escapeWithinBytes(words.join('\n') || slackWords(language).untitled, limits.message.textBytes);
}
