/** The forms around a decision: a reason, a date, a result, another owner. Pure. */
import type { ActionRef, Field, Form } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import { isolate } from '../core/text.ts';
import { decisionWords, wordsOf } from '../words/decisions.ts';
import type { DecisionTaken } from './model.ts';

export const ASKS = ['decline', 'done', 'ask-extension', 'extend', 'assign', 'reopen'] as const;
export type Ask = (typeof ASKS)[number];

/** @param action carries the form's own id, so that it counts once however often it is sent */
export function askForm(ask: Ask, decision: DecisionTaken, action: ActionRef, language: Language): Form {
  const w = wordsOf(decision, language).forms;
  const titles: Record<Ask, string> = {
    decline: w.declineTitle,
    done: w.doneTitle,
    'ask-extension': w.askTitle,
    extend: w.extendTitle,
    assign: w.assignTitle,
    reopen: w.reopenTitle,
  };
  const intro = ask === 'decline' ? w.declineIntro : ask === 'done' ? w.doneIntro : undefined;
  return {
    title: titles[ask],
    intro: [
      { kind: 'text', text: `${decision.number} ${isolate(decision.text)}` },
      ...(intro ? [{ kind: 'note' as const, text: intro }] : []),
    ],
    fields: fieldsOf(ask, decision, language),
    submit: w.send,
    cancel: w.cancel,
    action,
  };
}

function fieldsOf(ask: Ask, decision: DecisionTaken, language: Language): Field[] {
  const w = decisionWords(language).forms;
  const reason = (required: boolean): Field => ({
    id: 'reason',
    type: 'paragraph',
    label: w.reason,
    required,
    max: 1000,
  });
  const to: Field = { id: 'to', type: 'date', label: w.to, required: true, value: decision.asked?.to ?? decision.due };
  switch (ask) {
    case 'decline':
    case 'reopen':
      return [reason(true)];
    case 'done':
      return [
        { id: 'word', type: 'paragraph', label: w.word, required: false, max: 1000 },
        { id: 'file', type: 'file', label: w.file, required: false },
      ];
    case 'ask-extension':
    case 'extend':
      return [to, reason(true)];
    case 'assign':
      return [{ id: 'person', type: 'person', label: w.person, required: true }, reason(false)];
    default:
      return ask satisfies never;
  }
}

/** The form once more, with what was filled in and what is wrong with it. */
export function withFaults(form: Form, values: Record<string, string>, faults: Record<string, string>): Form {
  const fields = form.fields.map((field): Field => {
    const value = values[field.id];
    const filled = value === undefined ? field : { ...field, value };
    const fault = faults[field.id];
    return fault === undefined ? filled : { ...filled, fault };
  });
  return { ...form, fields };
}
