/** Card and Form → Card JSON 2.0. Pure. https://open.feishu.cn/document/feishu-cards/card-json-v2-structure */
import type { Block, Button, Card, Form, PathLine, Tone } from '../../src/core/card.ts';
import type { Language } from '../../src/core/chat.ts';
import { feishuWords } from '../../src/words/feishu.ts';
import { button, column, columns, divider, type Element, line, link, plain, shorten } from './elements.ts';
import { drawForm, type People } from './fields.ts';
import { type CardJson, fitted, type Room } from './fit.ts';

const TEMPLATE: Record<Tone, string> = { open: 'blue', good: 'green', bad: 'red', warn: 'orange', muted: 'grey' };
const MARK: Record<PathLine['mark'], string> = { done: '✓', now: '●', next: '○', refused: '✗', skipped: '–' };
/** What is still to come stands in the text's own colour: in a form all lines are to come, and they are what it is about. */
const MARK_COLOR = { done: 'green', now: 'blue', next: undefined, refused: 'red', skipped: 'grey' } as const;
const HEADLINE = 200;
const SUMMARY = 300;

export function renderCard(card: Card, language: Language): CardJson {
  return fitted((room) => frame(card.headline, TEMPLATE[card.tone], card.summary, drawBody(card, room, language)));
}

export function renderForm(form: Form, people: People, language: Language): CardJson {
  return fitted((room) => {
    const intro = room.bare ? [] : drawBlocks(form.intro, room);
    return frame(form.title, 'blue', form.title, [...intro, ...drawForm(form, people, room, language)]);
  });
}

/** One sentence of the product as a message of its own: a card, because in text messages people's words would be alive. */
export function renderSentence(text: string): CardJson {
  return fitted((room) => frame(undefined, undefined, text, [line(shorten(text, room.text))]));
}

/** What stands where a form was: nobody can submit it again. */
export function renderSettled(headline: string, tone: Tone, text: string): CardJson {
  return fitted((room) => frame(headline, TEMPLATE[tone], text, [line(shorten(text, room.text))]));
}

function frame(
  headline: string | undefined,
  template: string | undefined,
  summary: string,
  elements: Element[],
): CardJson {
  return {
    schema: '2.0',
    config: {
      // JSON 2.0 knows shared cards only, and says so only when it refuses an update
      update_multi: true,
      // a forwarded card does not follow the request any more, and shows amounts to who knows whom
      enable_forward: false,
      summary: { content: shorten(summary, SUMMARY) },
    },
    ...(headline === undefined ? {} : { header: { title: plain(shorten(headline, HEADLINE)), template } }),
    body: { direction: 'vertical', vertical_spacing: '8px', elements },
  };
}

function drawBody(card: Card, room: Room, language: Language): Element[] {
  if (!room.bare) {
    const drawn = drawBlocks(card.blocks, room);
    return drawn.length > 0 ? drawn : [line(shorten(card.summary, room.text))];
  }
  const buttons = card.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
  return [
    line(shorten(card.summary, room.text)),
    line(feishuWords(language).shortened, { size: 'notation', color: 'grey' }),
    ...drawButtons(buttons, room),
  ];
}

function drawBlocks(blocks: Block[], room: Room): Element[] {
  return blocks.filter((block) => (block.drop ?? 0) < room.dropFrom).flatMap((block) => drawBlock(block, room));
}

function drawBlock(block: Block, room: Room): Element[] {
  switch (block.kind) {
    case 'facts':
      return drawFacts(block.facts, room);
    case 'text':
      return [line(shorten(block.text, room.text), block.strong ? { size: 'heading' } : {})];
    case 'quote':
      return [quote(shorten(block.text, room.text))];
    case 'path':
      return drawPath(block.title, block.lines, room);
    case 'note':
      return [line(shorten(block.text, room.text), { size: 'notation', color: 'grey' })];
    case 'link':
      return [link(block.label, block.url, room.text)];
    case 'divider':
      return [divider()];
    case 'buttons':
      return drawButtons(block.buttons, room);
    default:
      return block satisfies never;
  }
}

type Fact = { label: string; value: string; wide?: boolean };

/** Two facts a row; a wide one has its row alone. */
function drawFacts(facts: Fact[], room: Room): Element[] {
  const rows: Element[] = [];
  let waiting: Fact | undefined;
  const flush = () => {
    if (waiting !== undefined) rows.push(columns([fact(waiting, room), column([])]));
    waiting = undefined;
  };
  for (const next of facts) {
    if (next.wide) {
      flush();
      rows.push(columns([fact(next, room)]));
    } else if (waiting === undefined) waiting = next;
    else {
      rows.push(columns([fact(waiting, room), fact(next, room)]));
      waiting = undefined;
    }
  }
  flush();
  return rows;
}

function fact({ label, value }: Fact, room: Room): Element {
  return column([
    line(shorten(label, room.text), { size: 'notation', color: 'grey' }),
    line(shorten(value, room.text)),
  ]);
}

function quote(text: string): Element {
  return { ...columns([{ ...column([line(text)]), padding: '8px' }]), background_style: 'grey' };
}

function drawPath(title: string, lines: PathLine[], room: Room): Element[] {
  const drawn = lines.flatMap(({ mark, text, detail }) => [
    line(`${MARK[mark]} ${shorten(text, room.text)}`, colored(MARK_COLOR[mark])),
    ...(room.details && detail.length > 0
      ? [line(detail.map((part) => `　${shorten(part, room.text)}`).join('\n'), { size: 'notation', color: 'grey' })]
      : []),
  ]);
  return [line(shorten(title, room.text), { size: 'notation', color: 'grey' }), ...drawn];
}

function colored<C>(color: C | undefined): { color?: C } {
  return color === undefined ? {} : { color };
}

/** Side by side where there is room; when there are too many, the plain ones go first. */
function drawButtons(buttons: Button[], room: Room): Element[] {
  if (buttons.length === 0) return [];
  const styled = buttons.filter((b) => b.style !== undefined).slice(0, room.many);
  const plainOnes = buttons.filter((b) => b.style === undefined).slice(0, room.many - styled.length);
  const kept = buttons.filter((b) => styled.includes(b) || plainOnes.includes(b));
  return [
    columns(
      kept.map((b) => column([button(b, room.text)], 'auto')),
      'flow',
    ),
  ];
}
