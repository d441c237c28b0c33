/**
 * The few components of Card JSON 2.0 that we draw with, as functions. People's words stand only in `plain_text`, where
 * neither Markdown nor `<at id=all>` is alive: there is no `markdown` and no `lark_md` in this adapter at all.
 * https://open.feishu.cn/document/feishu-cards/card-json-v2-components/component-json-v2-overview
 */
import { type Button, writeAction } from '../../src/core/card.ts';
import { BUTTON_TEXT, PLACEHOLDER_TEXT } from './limits.ts';

export type Element = { tag: string } & Record<string, unknown>;

/** Cuts between characters, never inside one, and shows that something is missing. */
export function shorten(text: string, max: number): string {
  const points = [...text];
  return points.length <= max ? text : `${points.slice(0, Math.max(0, max - 1)).join('')}…`;
}

/** An empty text is refused in some places and looks like a fault in all. */
const filled = (text: string): string => (text.trim() === '' ? '–' : text);

export const plain = (text: string): Element => ({ tag: 'plain_text', content: filled(text) });

type Look = { size?: 'notation' | 'normal' | 'heading'; color?: 'grey' | 'red' | 'green' | 'blue' | 'orange' };

export function line(text: string, look: Look = {}): Element {
  return {
    tag: 'div',
    text: {
      ...plain(text),
      ...(look.size === undefined ? {} : { text_size: look.size }),
      ...(look.color === undefined ? {} : { text_color: look.color }),
    },
  };
}

export const divider = (): Element => ({ tag: 'hr' });

export function column(elements: Element[], width: 'weighted' | 'auto' = 'weighted'): Element {
  return {
    tag: 'column',
    width,
    ...(width === 'weighted' ? { weight: 1 } : {}),
    vertical_align: 'top',
    vertical_spacing: '4px',
    elements,
  };
}

/** `flow` breaks the row where the screen is narrow (buttons); `none` keeps the columns side by side (facts). */
export function columns(parts: Element[], flex: 'none' | 'flow' = 'none'): Element {
  return { tag: 'column_set', flex_mode: flex, horizontal_spacing: '8px', columns: parts };
}

const CONFIRM_TEXT = 300;
const LINK_TEXT = 1000;

/** `most`: how long a text may be where the card must become smaller. */
export function button(b: Button, most: number): Element {
  const asked = (text: string) => plain(shorten(text, Math.min(most, CONFIRM_TEXT)));
  return {
    tag: 'button',
    text: plain(shorten(b.label, Math.min(most, BUTTON_TEXT))),
    type: b.style ?? 'default',
    ...(b.confirm ? { confirm: { title: asked(b.confirm.title), text: asked(b.confirm.text) } } : {}),
    behaviors: [{ type: 'callback', value: { a: writeAction(b.action) } }],
  };
}

/** Only web addresses become links: anything else stays text for the reader to judge. */
export function link(label: string, url: string, most: number): Element {
  if (url.length > LINK_TEXT || !/^https?:\/\/\S+$/i.test(url)) return line(shorten(`${label}: ${url}`, most));
  return {
    tag: 'button',
    text: plain(shorten(label, Math.min(most, BUTTON_TEXT))),
    type: 'default',
    size: 'small',
    behaviors: [{ type: 'open_url', default_url: url }],
  };
}

export const placeholder = (text: string): Element => plain(shorten(text, PLACEHOLDER_TEXT));
