/** The forms in which people ask for something: a new request, changes, a reason, another signer. */
import type { ActionRef, Field, Form } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import type { JsonObject } from '../core/message.ts';
import { isolate } from '../core/text.ts';
import type { Directory } from '../directory/model.ts';
import type { FormField, PinnedProcess, Process } from '../processes/model.ts';
import { moneyWords } from '../words/money.ts';
import { answerWords } from '../words/request-answers.ts';
import { requestWords } from '../words/requests.ts';
import { type Fault, purposeOf, rawOf, readValues } from './content.ts';
import type { Request } from './model.ts';
import { whoWillSign } from './reasons.ts';

interface Filling {
  pinned: PinnedProcess;
  raw: Record<string, string>;
  faults: Record<string, JsonObject>;
  requester: string;
  directory: Directory;
  language: Language;
}

/** A new request: what is known already stands in it, what is wrong stands at its field, who will sign stands above. */
export function newForm(filling: Filling): Form {
  const { process } = filling.pinned;
  const action: ActionRef = { command: 'requests.submit', with: { process: process.id } };
  return contentForm(filling, action, { command: 'requests.preview', with: { process: process.id } });
}

/** A returned request, opened for changes. */
export function changeForm(request: Request, filling: Omit<Filling, 'raw'> & { raw?: Record<string, string> }): Form {
  const raw = filling.raw ?? rawOf(request.values);
  const action: ActionRef = { command: 'requests.resubmit', subject: request.number, seen: request.submission };
  return contentForm({ ...filling, raw }, action, {
    command: 'requests.preview',
    with: { process: request.process, number: request.number },
  });
}

function contentForm(filling: Filling, action: ActionRef, preview: ActionRef): Form {
  const { pinned, raw, faults, requester, directory, language } = filling;
  const w = requestWords(language).forms;
  const { values } = readValues(pinned.process, raw, directory);
  const hasFiles = pinned.process.form.some((field) => field.type === 'file');
  return {
    title: pinned.process.title[language],
    intro: [
      whoWillSign({ process: pinned.process, values, requester, directory }, language),
      ...(hasFiles ? [] : [{ kind: 'note' as const, text: w.filesHint, drop: 1 as const }]),
    ],
    fields: pinned.process.form.map((field) => fieldOf(field, raw[field.id], faults[field.id], language)),
    submit: w.submit,
    cancel: w.cancel,
    action,
    preview,
  };
}

function fieldOf(
  field: FormField,
  value: string | undefined,
  fault: JsonObject | undefined,
  language: Language,
): Field {
  const w = requestWords(language).forms;
  const hint = field.hint?.[language] ?? (field.type === 'money' ? w.moneyHint : undefined);
  const base = {
    id: field.id,
    label: field.required ? field.label[language] : field.label[language] + w.optional,
    required: field.required,
    ...(hint ? { hint } : {}),
    ...(value !== undefined && value !== '' ? { value } : {}),
    ...(fault ? { fault: faultText(fault as unknown as Fault, language) } : {}),
  };
  switch (field.type) {
    case 'text':
    case 'paragraph':
      return { ...base, type: field.type, max: field.max };
    case 'choice':
      return {
        ...base,
        type: 'choice',
        options: field.options.map((o) => ({ value: o.value, label: o.label[language] })),
      };
    case 'money':
    case 'number':
    case 'date':
    case 'person':
    case 'file':
      return { ...base, type: field.type };
    default:
      return field satisfies never;
  }
}

export function faultText(fault: Fault, language: Language): string {
  const w = answerWords(language).faults;
  switch (fault.code) {
    case 'money':
      return moneyWords(language).fault(fault.fault);
    case 'no-rate':
      return w['no-rate'](fault.currency, fault.base);
    case 'too-long':
      return w['too-long'](fault.max);
    case 'missing':
    case 'not-a-number':
    case 'not-a-date':
    case 'not-an-option':
    case 'unknown-person':
      return w[fault.code];
    default:
      return fault satisfies never;
  }
}

/** The acts that need a word or a name before they can be carried out. */
export const ASKS = ['reject', 'return', 'comment', 'hand-over', 'add-signer', 'copy'] as const;
export type Ask = (typeof ASKS)[number];

export function askForm(
  ask: Ask,
  request: Request,
  process: Process,
  action: ActionRef,
  language: Language,
  given: { raw: Record<string, string>; fault?: { field: string; text: string } } = { raw: {} },
): Form {
  const w = requestWords(language);
  const purpose = isolate(purposeOf(process, request.values));
  const fields = fieldsOf(ask, w.forms).map((field): Field => {
    const value = given.raw[field.id];
    const filled = value === undefined ? field : { ...field, value };
    return given.fault?.field === field.id ? { ...filled, fault: given.fault.text } : filled;
  });
  return {
    title: w.buttons[ask],
    intro: [{ kind: 'text', text: `${request.number} ${purpose}` }],
    fields,
    submit: w.buttons[ask],
    cancel: w.forms.cancel,
    action,
  };
}

function fieldsOf(ask: Ask, w: ReturnType<typeof requestWords>['forms']): Field[] {
  const reason: Field = {
    id: 'reason',
    type: 'paragraph',
    label: w.reason,
    required: true,
    max: 1000,
    hint: w.reasonHint,
  };
  const why: Field = { id: 'reason', type: 'paragraph', label: w.reason + w.optional, required: false, max: 1000 };
  switch (ask) {
    case 'reject':
    case 'return':
      return [reason];
    case 'comment':
      return [{ id: 'text', type: 'paragraph', label: w.comment, required: true, max: 1000 }];
    case 'hand-over':
      return [{ id: 'to', type: 'person', label: w.to, required: true }, why];
    case 'copy':
      return [{ id: 'to', type: 'person', label: w.copyTo, required: true }];
    case 'add-signer': {
      const options = [
        { value: 'before', label: w.before },
        { value: 'after', label: w.after },
      ];
      const place: Field = { id: 'place', type: 'choice', label: w.place, required: true, options, value: 'after' };
      return [{ id: 'to', type: 'person', label: w.signer, required: true }, place, why];
    }
    default:
      return ask satisfies never;
  }
}
