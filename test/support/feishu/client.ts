/** Feishu's client as people see it: what can be read on a card, what its form lets through, what a callback's answer does. */
import { allOf, cardFaults, contentOf, isJson } from './card-rules.ts';
import type { FakeMessage, Json } from './platform.ts';

export interface Toast {
  type: string;
  content: string;
}

const FIELDS = new Set(['input', 'select_static', 'select_person', 'date_picker']);

export const elementsOn = (message: FakeMessage): Json[] =>
  allOf(isJson(message.card.body) ? message.card.body.elements : []);

/** The adapter may mark a field's name (`date:due`); stories speak of `due`. */
const plainName = (field: Json): string => String(field.name).replace(/^date:/, '');
const fieldsOn = (message: FakeMessage): Json[] =>
  elementsOn(message).filter((element) => FIELDS.has(String(element.tag)));
const optionsOf = (element: Json): Json[] => (Array.isArray(element.options) ? element.options.filter(isJson) : []);

export function cardText(message: FakeMessage): string {
  const header = isJson(message.card.header) ? [contentOf(message.card.header.title)] : [];
  return [...header, ...elementsOn(message).flatMap(textOf)].join('\n');
}

function textOf(element: Json): string[] {
  const own = element.tag === 'markdown' ? [String(element.content)] : [];
  const options = optionsOf(element).map((option) => contentOf(option.text));
  return [...own, contentOf(element.text), contentOf(element.label), ...options].filter((text) => text !== '');
}

export function buttonsOf(message: FakeMessage): { label: string; type: string }[] {
  return elementsOn(message)
    .filter((element) => element.tag === 'button')
    .map((element) => ({ label: contentOf(element.text), type: String(element.type ?? 'default') }));
}

export function buttonOn(message: FakeMessage, label: string): Json {
  const found = elementsOn(message).find((e) => e.tag === 'button' && contentOf(e.text) === label);
  if (found !== undefined) return found;
  const others = buttonsOf(message).map((button) => button.label);
  throw new Error(`no button ${label} on the card, only ${others.join(', ') || 'text'}`);
}

export function fieldsOf(message: FakeMessage): Record<string, string> {
  return Object.fromEntries(fieldsOn(message).map((field) => [plainName(field), standing(field)]));
}

function standing(field: Json): string {
  const chosen = typeof field.initial_index === 'number' ? optionsOf(field)[field.initial_index - 1]?.value : undefined;
  return String(field.default_value ?? field.initial_date ?? field.initial_option ?? chosen ?? '');
}

/** What the client would send for this form; throws where it would not let the person submit. */
export function filledForm(
  message: FakeMessage,
  values: Record<string, string>,
  members: Iterable<string>,
  submits: boolean,
): Json {
  const fields = fieldsOn(message);
  for (const name of Object.keys(values)) {
    if (!fields.some((field) => plainName(field) === name)) throw new Error(`the form has no field ${name}`);
  }
  const form: Json = {};
  for (const field of fields) {
    const value = values[plainName(field)] ?? standing(field);
    checkValue(field, value, members, submits);
    form[String(field.name)] = field.tag === 'date_picker' && value !== '' ? `${value} +0800` : value;
  }
  return form;
}

function checkValue(field: Json, value: string, members: Iterable<string>, submits: boolean): void {
  const name = plainName(field);
  if (value === '') {
    if (submits && field.required === true) throw new Error(`有必填项未填写: ${name}`);
    return;
  }
  const options = optionsOf(field).map((option) => String(option.value));
  if (field.tag === 'select_static' && !options.includes(value)) throw new Error(`${name} has no option ${value}`);
  // without a list of people the client offers those of the chat
  const people = options.length > 0 ? options : [...members];
  if (field.tag === 'select_person' && !people.includes(value)) throw new Error(`${name} does not offer ${value}`);
  const long = field.tag === 'input' && [...value].length > Number(field.max_length ?? 1000);
  if (long) throw new Error(`${name} is too long`);
}

/** A callback's answer: what the person is shown, the card as it stands then, and what they would complain of. */
export function readAnswer(
  answer: Json,
  status: number,
  ms: number,
): { toast?: Toast; card?: Json; complaint?: string } {
  if (status !== 200) return { complaint: `the press was answered with ${status}` };
  if (ms > 3000) return { complaint: `the press was answered after ${Math.round(ms)} ms (200341)` };
  const toast = isJson(answer.toast)
    ? { type: String(answer.toast.type), content: String(answer.toast.content) }
    : undefined;
  if (toast !== undefined && !/^(info|success|error|warning)$/.test(toast.type)) {
    return { complaint: `no toast is of type ${toast.type}` };
  }
  if (answer.card === undefined) return toast ? { toast } : {};
  const data = isJson(answer.card) && answer.card.type === 'raw' ? answer.card.data : undefined;
  const faults = cardFaults(data);
  const size = Buffer.byteLength(JSON.stringify(data ?? ''));
  if (size > 30 * 1024) faults.push(`the card has ${size} bytes`);
  if (faults.length > 0) return { complaint: `the answer's card is unusable (200672): ${faults.join('; ')}` };
  return { ...(toast ? { toast } : {}), card: data as Json };
}
