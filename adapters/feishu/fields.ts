/**
 * A form's fields as a form container of Card JSON 2.0. Every component in it needs a `name` that is unique on the card,
 * and the submitting button a value, or the client shows 200340 and never calls us.
 * https://open.feishu.cn/document/feishu-cards/card-json-v2-components/containers/form-container
 */
import { type Field, type Form, writeAction } from '../../src/core/card.ts';
import type { Language } from '../../src/core/chat.ts';
import { feishuWords } from '../../src/words/feishu.ts';
import { column, columns, type Element, line, placeholder, plain, shorten } from './elements.ts';
import type { Room } from './fit.ts';
import { BUTTON_TEXT, INPUT_TEXT } from './limits.ts';
import { CLOSING, fieldName } from './parse.ts';

/** Who can be chosen in a person field; without such a list the client offers only the members of the chat that the card stands in. */
export type People = { person: string; account: string }[];

export function drawForm(form: Form, people: People, room: Room, language: Language): Element[] {
  const fields = form.fields.flatMap((field) => drawField(field, people, room, language));
  return [{ tag: 'form', name: 'form', vertical_spacing: '8px', elements: [...fields, actions(form)] }];
}

function drawField(field: Field, people: People, room: Room, language: Language): Element[] {
  return [
    ...(field.fault === undefined ? [] : [line(`✗ ${shorten(field.fault, room.text)}`, { color: 'red' })]),
    line(`${shorten(field.label, room.text)}${field.required ? ' *' : ''}`),
    control(field, people, room, language),
    ...(field.hint !== undefined && room.details
      ? [line(shorten(field.hint, room.text), { size: 'notation', color: 'grey' })]
      : []),
  ];
}

function control(field: Field, people: People, room: Room, language: Language): Element {
  const say = feishuWords(language);
  const base = (fallback: string) => ({
    name: fieldName(field.id, field.type),
    required: field.required,
    width: 'fill',
    placeholder: placeholder(field.placeholder || fallback),
  });
  switch (field.type) {
    case 'text':
    case 'money':
    case 'number':
      return {
        tag: 'input',
        ...base(say.type),
        ...written(field.value, field.type === 'text' ? field.max : 100, room),
      };
    case 'paragraph':
      return {
        tag: 'input',
        ...base(say.type),
        input_type: 'multiline_text',
        rows: 3,
        auto_resize: true,
        ...written(field.value, field.max, room),
      };
    case 'date':
      return {
        tag: 'date_picker',
        ...base(say.choose),
        ...(/^\d{4}-\d{2}-\d{2}$/.test(field.value ?? '') ? { initial_date: field.value } : {}),
      };
    case 'choice':
      return { tag: 'select_static', ...base(say.choose), ...choices(field, room) };
    case 'person':
      return { tag: 'select_person', ...base(say.choose), ...persons(field.value, people, room) };
    case 'file':
      return line(say.fileInChat, { size: 'notation', color: 'grey' });
    default:
      return field satisfies never;
  }
}

/** The input takes 1,000 characters at most, whatever the field would allow. A value that must not be cut is left out rather than cut. */
function written(value: string | undefined, max: number | undefined, room: Room): Record<string, unknown> {
  const most = Math.max(1, Math.min(max ?? INPUT_TEXT, INPUT_TEXT));
  const shown = value !== undefined && value !== '' && [...value].length <= Math.min(most, room.text);
  return { max_length: most, ...(shown ? { default_value: value } : {}) };
}

function choices(field: Extract<Field, { type: 'choice' }>, room: Room): Record<string, unknown> {
  const unique = [...new Map(field.options.map((option) => [option.value, option])).values()];
  const kept = unique.slice(0, room.many);
  const chosen = kept.findIndex((option) => option.value === field.value);
  return {
    options: kept.map(({ value, label }) => ({ text: plain(shorten(label, 100)), value })),
    ...(chosen < 0 ? {} : { initial_index: chosen + 1 }), // counted from 1
  };
}

function persons(chosen: string | undefined, people: People, room: Room): Record<string, unknown> {
  const first = people.filter(({ person, account }) => person === chosen || account === chosen);
  const kept = [...new Set([...first, ...people].map(({ account }) => account))].slice(0, room.many);
  const initial = first[0]?.account;
  return { options: kept.map((value) => ({ value })), ...(initial === undefined ? {} : { initial_option: initial }) };
}

function actions(form: Form): Element {
  const submit: Element = {
    tag: 'button',
    name: 'button:submit',
    text: plain(shorten(form.submit, BUTTON_TEXT)),
    type: 'primary',
    form_action_type: 'submit',
    behaviors: [{ type: 'callback', value: { a: writeAction(form.action) } }],
  };
  const cancel: Element = {
    tag: 'button',
    name: 'button:cancel',
    text: plain(shorten(form.cancel, BUTTON_TEXT)),
    type: 'default',
    form_action_type: 'reset',
    behaviors: [{ type: 'callback', value: CLOSING }],
  };
  return columns([column([submit], 'auto'), column([cancel], 'auto')], 'flow');
}
