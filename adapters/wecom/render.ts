/**
 * Card → what WeCom is sent. A card with buttons becomes a `button_interaction`; one that has a link and fits becomes a `text_notice`
 * (which must lead somewhere: `card_action` is required); all others are text, which is complete and can be read everywhere, in the
 * WeChat plugin too. Pure. https://developer.work.weixin.qq.com/document/path/90236
 */
import { type Block, type Button, type Card, type Form, writeAction } from '../../src/core/card.ts';
import type { Language } from '../../src/core/chat.ts';
import { wecomWords } from '../../src/words/wecom.ts';
import { type Extra, markdownOf, sentence, textOf } from './letter.ts';
import { CARD, KEY_BYTES, URL_BYTES } from './limits.ts';
import { clean, cutWidth, oneLine, webAddress, widthOf } from './text.ts';

type Jump = { type: 1; url: string };
export interface TemplateCard {
  card_type: 'text_notice' | 'button_interaction';
  task_id: string;
  main_title: { title: string };
  sub_title_text?: string;
  quote_area?: { type: 0; quote_text: string };
  horizontal_content_list?: ({ keyname: string; value: string } & (Jump | { type?: never }))[];
  jump_list?: (Jump & { title: string })[];
  card_action?: Jump;
  button_list?: { text: string; style: number; key: string }[];
}
export type AppMessage =
  | { msgtype: 'text'; text: { content: string } }
  | { msgtype: 'template_card'; template_card: TemplateCard };
export interface RobotMessage {
  msgtype: 'markdown';
  markdown: { content: string };
}

/** `presses`: there is a callback, without which WeCom takes no buttons. */
export function renderForMember(card: Card, taskId: string, presses: boolean, language: Language): AppMessage {
  const drawn = renderTemplate(card, taskId, presses, language);
  if (drawn !== undefined) return { msgtype: 'template_card', template_card: drawn };
  return text(textOf(card, language, { elsewhere: wecomWords(language).pressElsewhere }));
}

/** A robot hears nothing: no buttons there. `again`: the same may stand there already, which robots have no way of telling. */
export function renderForGroup(card: Card, again: boolean, language: Language): RobotMessage {
  const say = wecomWords(language);
  const extra: Extra = { elsewhere: say.pressAlone, ...(again ? { last: say.perhapsTwice } : {}) };
  return { msgtype: 'markdown', markdown: { content: markdownOf(card, language, extra) } };
}

export function renderForm(form: Form, language: Language): AppMessage {
  return text(sentence(`${oneLine(form.title)}\n${wecomWords(language).formElsewhere}`));
}

export const renderSentence = (said: string): AppMessage => text(sentence(said));

const text = (content: string): AppMessage => ({ msgtype: 'text', text: { content } });

/** As a template card, where it can be one. With buttons it is shortened until it fits; without, text holds more. */
export function renderTemplate(
  card: Card,
  taskId: string,
  presses: boolean,
  language: Language,
): TemplateCard | undefined {
  const buttons = card.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
  if (!presses || !buttons.some(isCarried)) {
    const { drawn, whole } = draw(card, [], taskId, 4, language);
    return whole && buttons.length === 0 && drawn.card_action !== undefined ? drawn : undefined;
  }
  for (const dropFrom of [4, 3, 2]) {
    const { drawn, whole } = draw(card, buttons, taskId, dropFrom, language);
    if (whole) return drawn;
  }
  const { drawn, whole } = draw(card, buttons, taskId, 1, language);
  return whole ? drawn : marked(drawn, wecomWords(language).shortened);
}

/** WeCom refuses what is empty. */
const BLANK = '–';
const named = (label: string): string => oneLine(label) || BLANK;

/** The parts of a card as this template can hold them, and what is left over for the text below the title. */
interface Parts {
  facts: { label: string; value: string }[];
  links: { label: string; url: string }[];
  quote: string | undefined;
  lines: string[];
}

function draw(card: Card, buttons: Button[], taskId: string, dropFrom: number, language: Language) {
  const parts = partsOf(card, dropFrom);
  let whole = true;
  const cut = (long: string, most: number): string => {
    const short = cutWidth(long, most);
    whole &&= short === long;
    return short;
  };
  const list = buttonList(buttons, cut);
  whole &&= list.length === buttons.length;
  const pressed = list.length > 0;
  const links = pressed ? parts.links.slice(0, CARD.facts - parts.facts.length) : parts.links.slice(0, CARD.jumps);
  whole &&= links.length === parts.links.length;
  const keyname = wecomWords(language).link;
  const facts = [
    ...parts.facts.map(({ label, value }) => ({ keyname: label, value })),
    // a card with buttons has no jump_list
    ...(pressed
      ? links.map(({ label, url }) => ({ type: 1 as const, keyname, value: cut(label, CARD.factValue), url }))
      : []),
  ];
  const [first] = parts.links;
  const drawn: TemplateCard = {
    card_type: pressed ? 'button_interaction' : 'text_notice',
    task_id: taskId,
    main_title: { title: cut(named(card.headline), CARD.title) },
    ...given('sub_title_text', cut(parts.lines.join('\n').trim(), CARD.subTitle)),
    ...(parts.quote === undefined ? {} : { quote_area: { type: 0, quote_text: cut(parts.quote, CARD.quote) } }),
    ...(facts.length > 0 ? { horizontal_content_list: facts } : {}),
    ...(!pressed && links.length > 0
      ? { jump_list: links.map(({ label, url }) => ({ type: 1 as const, title: cut(label, CARD.jumpTitle), url })) }
      : {}),
    ...(first === undefined ? {} : { card_action: { type: 1, url: first.url } }),
    ...(pressed ? { button_list: list } : {}),
  };
  return { drawn, whole };
}

const given = (name: 'sub_title_text', value: string) => (value === '' ? {} : { [name]: value });

function partsOf(card: Card, dropFrom: number): Parts {
  const parts: Parts = { facts: [], links: [], quote: undefined, lines: [] };
  for (const block of card.blocks) if ((block.drop ?? 0) < dropFrom) sort(block, parts);
  if (parts.lines.length === 0 && parts.facts.length === 0) parts.lines.push(clean(card.summary));
  return parts;
}

function sort(block: Block, parts: Parts): void {
  switch (block.kind) {
    case 'facts':
      for (const { label, value } of block.facts) sortFact(named(label), clean(value).trim() || BLANK, parts);
      return;
    case 'text':
    case 'note':
      parts.lines.push(clean(block.text));
      return;
    case 'quote':
      if (parts.quote === undefined) parts.quote = clean(block.text).trim() || BLANK;
      else parts.lines.push(`“${clean(block.text)}”`);
      return;
    case 'path':
      parts.lines.push(clean(block.title), ...block.lines.map(({ text: said }) => `· ${clean(said)}`));
      return;
    case 'link':
      sortLink(named(block.label), block.url, parts);
      return;
    case 'divider':
    case 'buttons':
      return;
    default:
      block satisfies never;
  }
}

function sortFact(label: string, value: string, { facts, lines }: Parts): void {
  const fits = widthOf(label) <= CARD.factName && widthOf(value) <= CARD.factValue && !value.includes('\n');
  if (fits && facts.length < CARD.facts) facts.push({ label, value });
  else lines.push(`${label}：${value}`);
}

function sortLink(label: string, url: string, { links, lines }: Parts): void {
  const href = webAddress(url, URL_BYTES);
  if (href === undefined) lines.push(`${label}：${oneLine(url)}`);
  else links.push({ label, url: href });
}

/** The page shows 1 as the filled button and 2 as the plain one; what 3 and 4 look like it does not say. */
const STYLE = { primary: 1, other: 2 } as const;

/** At most six; when there are more, the plain ones go first. A key that is too long or comes twice could not be told apart. */
function buttonList(buttons: Button[], cut: (text: string, most: number) => string) {
  const able = buttons.filter(isCarried);
  const styled = able.filter(({ style }) => style !== undefined).slice(0, CARD.buttons);
  const plain = able.filter(({ style }) => style === undefined).slice(0, CARD.buttons - styled.length);
  const keys = new Set<string>();
  return buttons.flatMap((button) => {
    const key = keyOf(button);
    if (keys.has(key) || !(styled.includes(button) || plain.includes(button))) return [];
    keys.add(key);
    const style = button.style === 'primary' ? STYLE.primary : STYLE.other;
    return [{ text: cut(named(button.label), CARD.buttonText), style, key }];
  });
}

/** It comes back inside XML, and must not hold `\uxxxx`: letters and digits only. */
const keyOf = ({ action }: Button): string => Buffer.from(writeAction(action)).toString('base64url');
const isCarried = (button: Button): boolean => keyOf(button).length <= KEY_BYTES;

function marked(drawn: TemplateCard, mark: string): TemplateCard {
  const room = CARD.subTitle - widthOf(mark) - 1;
  return { ...drawn, sub_title_text: `${cutWidth(drawn.sub_title_text ?? '', room)}\n${mark}`.trim() };
}
