/** The forms in which people ask for something: a new request, changes, a reason, another signer. */
import type { ActionRef, Block, Field, Form } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import type { JsonObject } from '../core/message.ts';
import { cleanParagraph, isolate } from '../core/text.ts';
import type { Directory } from '../directory/model.ts';
import type { FormField, PinnedProcess, Process } from '../processes/model.ts';
import { moneyWords } from '../words/money.ts';
import { ratifyWords } from '../words/ratify.ts';
import { answerWords } from '../words/request-answers.ts';
import { requestWords } from '../words/requests.ts';
import { type Fault, purposeOf, rawOf, readValues } from './content.ts';
import { buttonWords } from './emergency.ts';
import type { Request } from './model.ts';
import { whoWillSign } from './reasons.ts';

interface Filling {
  pinned: PinnedProcess;
  raw: Record<string, string>;
  faults: Record<string, JsonObject>;
  requester: string;
  directory: Directory;
  language: Language;
  /** the form's own id: sent twice, it counts once */
  once?: string | undefined;
  /** for which it is spent, as it was typed */
  crisis?: string | undefined;
}

/** A new request: what is known already stands in it, what is wrong stands at its field, who will sign stands above. */
export function newForm(filling: Filling): Form {
  const { process } = filling.pinned;
  const { once, crisis } = filling;
  const carried = {
    process: process.id,
    ...(once ? { once } : {}),
    ...(crisis === undefined ? {} : { crisis }),
  };
  const action: ActionRef = { command: 'requests.submit', with: carried };
  return contentForm(filling, action, { command: 'requests.preview', with: carried });
}

/** A returned request, opened for changes. */
export function changeForm(request: Request, filling: Omit<Filling, 'raw'> & { raw?: Record<string, string> }): Form {
  const raw = filling.raw ?? rawOf(request.values, filling.directory.company.currency);
  const action: ActionRef = { command: 'requests.resubmit', subject: request.number, seen: request.submission };
  const form = contentForm({ ...filling, raw }, action, {
    command: 'requests.preview',
    with: { process: request.process, number: request.number },
  });
  const w = requestWords(filling.language).forms;
  return {
    ...form,
    title: w.changeTitle(request.number),
    intro: [...returnedWhy(request, filling.directory, w), ...form.intro],
  };
}

function returnedWhy(request: Request, directory: Directory, w: ReturnType<typeof requestWords>['forms']): Block[] {
  const { ended } = request;
  if (request.state !== 'returned' || !ended?.comment) return [];
  const who = directory.people.get(ended.by)?.name ?? ended.by;
  return [{ kind: 'quote', text: w.returnedBy(who, isolate(ended.comment)) }];
}

function contentForm(filling: Filling, action: ActionRef, preview: ActionRef): Form {
  const { pinned, raw, faults, requester, directory, language } = filling;
  const w = requestWords(language).forms;
  const { values } = readValues(pinned.process, raw, directory);
  const hasFiles = pinned.process.form.some((field) => field.type === 'file');
  const foreign = Object.keys(directory.company.rates)[0];
  return {
    title: pinned.process.title[language],
    intro: [
      ...(filling.crisis ? [{ kind: 'text' as const, text: ratifyWords(language).form(isolate(filling.crisis)) }] : []),
      whoWillSign({ process: pinned.process, values, requester, directory }, language),
      ...(hasFiles ? [] : [{ kind: 'note' as const, text: w.filesHint, drop: 1 as const }]),
    ],
    fields: pinned.process.form.map((field) => fieldOf(field, raw[field.id], faults[field.id], language, foreign)),
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
  foreign: string | undefined,
): Field {
  const w = requestWords(language).forms;
  const how = field.type === 'money' ? w.moneyHint(foreign) : field.type === 'decision' ? w.decisionHint : undefined;
  const hint = field.hint?.[language] ?? how;
  const base = {
    id: field.id,
    label: field.label[language],
    required: field.required,
    ...(hint ? { hint } : {}),
    ...(how && hint !== how ? { placeholder: how } : {}),
    ...(value !== undefined && value !== '' ? { value } : {}),
    ...(fault ? { fault: faultText(fault as unknown as Fault, language) } : {}),
  };
  switch (field.type) {
    case 'text':
    case 'paragraph':
      return { ...base, type: field.type, max: field.max };
    case 'decision':
      return { ...base, type: 'text', max: 40 };
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
    case 'unknown-decision':
    case 'void-decision':
      return w[fault.code](fault.number);
    case 'missing':
    case 'not-a-decision':
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

export function askForm(ask: Ask, request: Request, process: Process, action: ActionRef, language: Language): Form {
  const w = requestWords(language);
  const purpose = isolate(purposeOf(process, request.values));
  const title = buttonWords(request, language)[ask];
  return {
    title,
    intro: [{ kind: 'text', text: `${request.number} ${purpose}` }],
    fields: fieldsOf(ask, w.forms),
    submit: title,
    cancel: w.forms.cancel,
    action,
  };
}

/** The form with what was filled in and a fault at every field that must not be empty; undefined: nothing is missing. */
export function leftBlank(form: Form, values: Record<string, string>, language: Language): Form | undefined {
  const isBlank = (field: Field) => field.required && cleanParagraph(values[field.id] ?? '', 1000) === '';
  if (!form.fields.some(isBlank)) return undefined;
  const { missing } = answerWords(language).faults;
  const fields = form.fields.map((field) => {
    const value = values[field.id];
    const filled = value === undefined ? field : { ...field, value };
    return isBlank(field) ? { ...filled, fault: missing } : filled;
  });
  return { ...form, fields };
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
  const why: Field = { id: 'reason', type: 'paragraph', label: w.reason, required: false, max: 1000 };
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
