/** A neutral Card as elements. `desk` gives the words; `onPress(button, card element)` is called for a confirmed press. */

import { confirmPress } from './confirm.js';
import { el, freshId } from './dom.js';

const MARKS = { done: '✓', now: '', next: '', refused: '✕', skipped: '–' };
const SAFE_LINK = /^(https?|mailto):/i;

export function drawCard(card, desk, onPress) {
  const title = freshId('card');
  const node = el('article', { class: `card tone-${card.tone}`, 'aria-labelledby': title, tabindex: '-1' });
  node.append(
    el('h3', { id: title }, card.headline),
    ...drawBlocks(card.blocks, desk, (button) => onPress(button, node)),
  );
  return node;
}

/** A form that stands in the chat: what it is about, and the button that opens it. */
export function drawFormMessage(form, desk, onOpen) {
  const title = freshId('card');
  const open = el('button', { type: 'button', class: 'primary', onclick: onOpen }, desk.words.openForm);
  return el(
    'article',
    { class: 'card tone-open', 'aria-labelledby': title, tabindex: '-1' },
    el('h3', { id: title }, form.title),
    ...drawBlocks(form.intro, desk, () => undefined),
    el('div', { class: 'buttons' }, open),
  );
}

export function drawBlocks(blocks, desk, onPress) {
  return blocks.map((block) => DRAW[block.kind]?.(block, desk, onPress)).filter((node) => node !== undefined);
}

const DRAW = {
  facts: ({ facts }) => el('dl', { class: 'facts' }, ...facts.map((fact) => drawFact(fact))),
  text: ({ text, strong }) => el('p', { class: strong ? 'text strong' : 'text' }, text),
  quote: ({ text }) => el('blockquote', {}, text),
  path: drawPath,
  note: ({ text }) => el('p', { class: 'note' }, text),
  link: drawLink,
  divider: () => el('hr'),
  buttons: ({ buttons }, _desk, onPress) =>
    el('div', { class: 'buttons' }, ...buttons.map((button) => drawButton(button, onPress))),
};

function drawFact({ label, value, wide }) {
  return el('div', { class: wide ? 'wide' : undefined }, el('dt', {}, label), el('dd', {}, value));
}

function drawPath({ title, lines }, desk) {
  const name = freshId('path');
  return el(
    'section',
    { class: 'path', 'aria-labelledby': name },
    el('h4', { id: name }, title),
    el('ol', {}, ...lines.map((line) => drawLine(line, desk))),
  );
}

function drawLine({ mark, text, detail }, desk) {
  return el(
    'li',
    { class: `step ${mark}`, 'aria-current': mark === 'now' ? 'step' : undefined },
    el('span', { class: 'mark', 'aria-hidden': 'true' }, MARKS[mark]),
    el('span', { class: 'unseen' }, `${desk.words.marks[mark]} `),
    el('span', { class: 'who' }, text),
    ...detail.map((line) => el('span', { class: 'why' }, line)),
  );
}

/** A link of a kind that could run something stays plain text. */
function drawLink({ label, url }, desk) {
  if (!SAFE_LINK.test(url)) return el('p', { class: 'text' }, `${label} ${url}`);
  const outside = el('span', { class: 'unseen' }, ` (${desk.words.opensNewTab})`);
  return el(
    'p',
    { class: 'text' },
    el('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, label, outside),
  );
}

function drawButton(button, onPress) {
  const press = async (event) => {
    if (event.currentTarget.getAttribute('aria-disabled') === 'true') return;
    if (button.confirm && !(await confirmPress(button))) return;
    onPress(button);
  };
  return el('button', { type: 'button', class: button.style, onclick: press }, button.label);
}
