/** Elements from plain values. Strings only ever become text: nothing on this page parses markup. */

/**
 * `el('p', { class: 'small', onclick }, 'text', child)`: `on…` are listeners, `true` is an empty attribute,
 * `false` and `undefined` leave an attribute out; children may be strings, nodes, or nothing.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== false && value !== undefined) node.setAttribute(name, String(value));
  }
  node.append(...children.filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);

/** Puts `{name}` into a sentence. */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

let count = 0;
/** An id that no other element has, for labels and descriptions. */
export function freshId(prefix) {
  count += 1;
  return `${prefix}-${count}`;
}

/** The page's fixed parts get their sentences: `data-text`, `data-label`, `data-placeholder` name the word. */
export function speak(words) {
  for (const node of document.querySelectorAll('[data-text]')) node.textContent = words[node.dataset.text];
  for (const node of document.querySelectorAll('[data-label]'))
    node.setAttribute('aria-label', words[node.dataset.label]);
  for (const node of document.querySelectorAll('[data-placeholder]'))
    node.placeholder = words[node.dataset.placeholder];
  document.documentElement.lang = words.lang;
}

/** Said by a screen reader, shown to nobody: what has just happened elsewhere on the page. */
export function announce(text) {
  const line = byId('announce');
  // the same sentence twice is two events: without the change of content it would be read once
  line.textContent = line.textContent === text ? `${text}\u00a0` : text;
}

/** A mark with the first character of a name; neighbours in the list of people have different colours. */
export function avatar(id, name, people) {
  const place = people.findIndex((person) => person.id === id);
  return el('span', { class: `avatar hue-${(place + 6) % 6}`, 'aria-hidden': 'true' }, [...name.trim()][0] ?? '?');
}

export function sealMark() {
  return el('img', { class: 'avatar seal', src: '/desk/page/seal.svg', alt: '', width: 36, height: 36 });
}
