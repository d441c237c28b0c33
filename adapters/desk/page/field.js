/** One field of a form: its label, its control, its hint, and what is wrong with it, tied together for every reader. */
import { el, freshId } from './dom.js';
import { createFileList } from './files.js';

/** `value()` is the text that is sent; file fields answer `files()` instead. */
export function drawField(field, desk, { value, kept, onTrouble }) {
  const id = freshId('field');
  const notes = [field.hint && `${id}-hint`, field.fault && `${id}-fault`].filter(Boolean).join(' ');
  const attributes = {
    id,
    name: field.id,
    'aria-describedby': notes || undefined,
    'aria-invalid': field.fault ? 'true' : undefined,
    'aria-required': field.required ? 'true' : undefined,
  };
  const files =
    field.type === 'file'
      ? (kept ?? createFileList({ as: () => desk.me.id, words: () => desk.words, onTrouble }))
      : undefined;
  const control = drawControl(field, desk, attributes, value ?? field.value ?? '', files);
  const node = el(
    'div',
    { class: field.fault ? 'field faulty' : 'field' },
    el('label', { for: id }, field.label, ' ', tag(field, desk)),
    field.hint && el('p', { id: `${id}-hint`, class: 'small' }, field.hint),
    control,
    files?.node,
    field.fault && el('p', { id: `${id}-fault`, class: 'fault' }, field.fault),
  );
  return { id: field.id, node, control, files, value: () => (files ? '' : control.value) };
}

function tag(field, desk) {
  const word = field.required ? desk.words.required : desk.words.optional;
  return el('span', { class: field.required ? 'tag must' : 'tag' }, word);
}

function drawControl(field, desk, attributes, value, files) {
  switch (field.type) {
    case 'paragraph':
      return withValue(el('textarea', { ...attributes, rows: 4, placeholder: field.placeholder }), value);
    case 'choice':
      return select(attributes, field.options, value, desk);
    case 'person':
      return select(attributes, desk.people.map(toOption), value, desk);
    case 'file':
      return el('input', {
        ...attributes,
        type: 'file',
        multiple: true,
        onchange: (event) => takeFiles(event.target, files),
      });
    case 'date':
      return withValue(el('input', { ...attributes, type: 'date' }), value);
    default: {
      // an amount may be typed as 3.2万: no numeric keyboard for money, and never the browser's own number parsing
      const inputmode = field.type === 'number' ? 'decimal' : undefined;
      const input = el('input', {
        ...attributes,
        type: 'text',
        inputmode,
        placeholder: field.placeholder,
        autocomplete: 'off',
      });
      return withValue(input, value);
    }
  }
}

const toOption = ({ id, name, title }) => ({ value: id, label: title ? `${name} · ${title}` : name });

function withValue(control, value) {
  control.value = value;
  return control;
}

function select(attributes, options, value, desk) {
  const empty = el('option', { value: '' }, desk.words.choose);
  const node = el(
    'select',
    attributes,
    empty,
    ...options.map((each) => el('option', { value: each.value }, each.label)),
  );
  return withValue(node, options.some((each) => each.value === value) ? value : '');
}

/** The input is emptied, so that the same file can be chosen again after it was taken away. */
function takeFiles(input, files) {
  files.add(input.files);
  input.value = '';
}
