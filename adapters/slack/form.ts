/**
 * Form → a modal view, or (where nobody pressed anything, so that there is no trigger) a message with the same fields:
 * https://docs.slack.dev/surfaces/modals and https://docs.slack.dev/reference/block-kit/blocks/input-block
 */
import type { types } from '@slack/bolt';
import { z } from 'zod';
import { ActionRef, type Field, type Form, writeAction } from '../../src/core/card.ts';
import type { Language } from '../../src/core/chat.ts';
import { slackWords } from '../../src/words/slack.ts';
import { note, plain, type SlackBlock } from './blocks.ts';
import { drawWithin } from './fit.ts';
import { limits } from './limits.ts';
import type { Message } from './render.ts';
import { clean, cut, escapeWithinBytes } from './text.ts';

/** Every field is an input block `f:<field id>` with the one element `v`: stable, so that a redrawn view keeps what was typed. */
export const fieldBlockId = (field: string) => `f:${field}`;
export const fieldOfBlock = (blockId: string) => (blockId.startsWith('f:') ? blockId.slice(2) : undefined);
export const fieldElementId = 'v';
export const submitElementId = 'submit';

/** What a view carries through Slack and back: what its submission does, what a change does, where it was asked for. */
export const ViewMemo = z.object({ a: ActionRef, p: ActionRef.optional(), c: z.string().max(40).optional() });
export type ViewMemo = z.infer<typeof ViewMemo>;

export function readMemo(metadata: string): ViewMemo | undefined {
  try {
    return ViewMemo.safeParse(JSON.parse(metadata)).data;
  } catch {
    return undefined;
  }
}

export class FormTooLarge extends Error {
  constructor() {
    super('the form does not fit into a Slack view');
    this.name = 'FormTooLarge';
  }
}

/** @throws FormTooLarge when its actions or its fields are beyond what a view holds */
export function renderForm(form: Form, language: Language, channel?: string, heading?: string): types.ModalView {
  const words = slackWords(language);
  const memo: ViewMemo = { a: form.action, ...(form.preview && { p: form.preview }), ...(channel && { c: channel }) };
  const private_metadata = JSON.stringify(memo);
  if (private_metadata.length > limits.view.metadata) throw new FormTooLarge();
  return {
    type: 'modal',
    callback_id: 'form',
    title: plain(form.title, limits.view.title, words.formTitle),
    submit: plain(form.submit, limits.view.button, words.submit),
    close: plain(form.cancel, limits.view.button, words.cancel),
    private_metadata,
    blocks: drawForm(form, { blocks: limits.view.blocks, weight: limits.viewWeight }, 'view', language, heading),
  };
}

/** @throws FormTooLarge when its action does not fit into a button */
export function renderFormMessage(form: Form, language: Language, heading?: string): Message {
  const words = slackWords(language);
  const value = writeAction(form.action);
  if (value.length > limits.button.value) throw new FormTooLarge();
  const submit: SlackBlock = {
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: submitElementId,
        style: 'primary',
        text: plain(form.submit, limits.button.text, words.submit),
        value,
      },
    ],
  };
  const title: SlackBlock = { type: 'header', text: plain(form.title, limits.header, words.formTitle) };
  const room = { blocks: limits.message.blocks - 2, weight: limits.message.weight - value.length - 800 };
  const text = escapeWithinBytes(
    [form.title, heading]
      .filter(Boolean)
      .map((line) => clean(String(line)))
      .join('\n'),
    limits.message.textBytes,
  );
  return {
    text: text || words.formTitle,
    blocks: [title, ...drawForm(form, room, 'message', language, heading), submit],
  };
}

function drawForm(
  form: Form,
  room: { blocks: number; weight: number },
  surface: 'view' | 'message',
  language: Language,
  heading?: string,
): SlackBlock[] {
  const fields = form.fields.flatMap((field) => drawField(field, form.preview !== undefined, surface, language));
  const above = heading ? note(`⚠ ${heading}`) : [];
  const left = {
    blocks: room.blocks - fields.length - above.length,
    weight: room.weight - JSON.stringify(fields).length,
  };
  if (left.blocks < 0 || left.weight < 0) throw new FormTooLarge();
  const drawn = [...above, ...drawWithin(form.intro, left, language), ...fields];
  return drawn.length > 0 ? drawn : note(slackWords(language).empty);
}

function drawField(field: Field, preview: boolean, surface: 'view' | 'message', language: Language): SlackBlock[] {
  const words = slackWords(language);
  const fault = field.fault ? note(`⚠ ${field.fault}`) : [];
  if (field.type === 'file' && surface === 'message') return [...note(words.filesLater), ...fault];
  const element = drawElement(field, preview, language);
  const input: types.InputBlock = {
    type: 'input',
    block_id: fieldBlockId(field.id),
    label: plain(field.label, limits.input.label, field.id),
    element,
    optional: !field.required,
    ...(field.hint?.trim() && { hint: plain(field.hint, limits.input.hint, words.empty) }),
    ...(preview && dispatches(field) && { dispatch_action: true }),
  };
  return [input, ...fault];
}

/** Every letter of a number may change the path; of a title only the finished word, of a paragraph nothing. */
function dispatches(field: Field): boolean {
  return field.type !== 'paragraph' && field.type !== 'file';
}

function drawElement(field: Field, preview: boolean, language: Language): types.InputBlock['element'] {
  const words = slackWords(language);
  const placeholder = field.placeholder?.trim()
    ? { placeholder: plain(field.placeholder, limits.input.placeholder, words.empty) }
    : {};
  switch (field.type) {
    case 'text':
    case 'paragraph':
      return { ...textInput(field, Math.max(1, field.max ?? limits.input.maxLength), preview), ...placeholder };
    case 'money':
    case 'number':
      return { ...textInput(field, limits.input.maxLength, preview), ...placeholder };
    case 'date':
      return {
        type: 'datepicker',
        action_id: fieldElementId,
        ...placeholder,
        ...(isDay(field.value) && { initial_date: field.value }),
      };
    case 'choice':
      return { ...choice(field, language), ...placeholder };
    case 'person':
      return {
        type: 'users_select',
        action_id: fieldElementId,
        ...placeholder,
        ...(isAccount(field.value) && { initial_user: field.value }),
      };
    case 'file':
      return { type: 'file_input', action_id: fieldElementId, max_files: limits.input.files };
    default:
      return field satisfies never;
  }
}

function textInput(field: Field, max: number, preview: boolean): types.PlainTextInput {
  const max_length = Math.min(max, limits.input.maxLength);
  const initial = cut(clean(field.value ?? ''), max_length);
  const number = field.type === 'money' || field.type === 'number';
  return {
    type: 'plain_text_input',
    action_id: fieldElementId,
    multiline: field.type === 'paragraph',
    max_length,
    ...(initial !== '' && { initial_value: initial }),
    ...(preview &&
      dispatches(field) && {
        dispatch_action_config: {
          trigger_actions_on: number ? ['on_enter_pressed', 'on_character_entered'] : ['on_enter_pressed'],
        },
      }),
  };
}

/** More than 100 options stand in groups of 100; an option whose value Slack cannot carry back unchanged is left out. */
function choice(
  field: Extract<Field, { type: 'choice' }>,
  language: Language,
): types.StaticSelect | types.PlainTextInput {
  const words = slackWords(language);
  const usable = field.options.filter(
    ({ value }, index, all) =>
      value !== '' &&
      value === clean(value) &&
      value.length <= limits.option.value &&
      all.findIndex((other) => other.value === value) === index,
  );
  const options = usable.map(({ value, label }) => ({
    value,
    text: plain(label, limits.option.text, cut(value, limits.option.text)),
  }));
  if (options.length === 0) return textInput(field, limits.input.maxLength, false);
  const initial = options.find((option) => option.value === field.value);
  const select = {
    type: 'static_select',
    action_id: fieldElementId,
    ...(initial && { initial_option: initial }),
  } as const;
  if (options.length <= limits.option.perList) return { ...select, options };
  const groups = [];
  for (let from = 0; from < options.length && groups.length < limits.option.groups; from += limits.option.perList) {
    const some = options.slice(from, from + limits.option.perList);
    groups.push({
      label: plain(words.moreOptions(from + 1, from + some.length), limits.option.groupLabel, words.choose),
      options: some,
    });
  }
  return { ...select, option_groups: groups };
}

function isDay(value: string | undefined): value is string {
  return value !== undefined && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(`${value}T00:00:00Z`));
}

/** A person's id of the handbook cannot stand in Slack's own picker; an account can. */
function isAccount(value: string | undefined): value is string {
  return value !== undefined && /^[UW][A-Z0-9]{2,}$/.test(value);
}
