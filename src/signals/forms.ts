/** The forms around a signal: confirm it (one confirm raises the alarm), dismiss it with a reason, report something. Pure. */
import type { ActionRef, Field, Form } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import { isolate } from '../core/text.ts';
import { signalWords } from '../words/signals.ts';
import { reachedText } from './lookup.ts';
import { type Indicator, LONGEST_KEY, LONGEST_NAME, LONGEST_TEXT, type Signal } from './model.ts';

export type Ask = 'confirm' | 'dismiss';

/** @param action carries the form's own id, so that it counts once however often it is sent */
export function judgeForm(ask: Ask, signal: Signal, action: ActionRef, language: Language): Form {
  const w = signalWords(language).forms;
  const reached = reachedText(signal, language);
  const reason: Field = { id: 'reason', type: 'paragraph', label: w.reason, required: true, max: 1000 };
  const affected: Field = {
    id: 'affected',
    type: 'text',
    label: w.affected,
    required: false,
    max: LONGEST_NAME,
    hint: w.affectedHint,
  };
  const sure = ask === 'confirm';
  return {
    title: sure ? w.confirmTitle : w.dismissTitle,
    intro: [
      { kind: 'text', text: `${signal.number} ${isolate(reached)}`, strong: true },
      { kind: 'note', text: sure ? w.confirmIntro : w.dismissIntro },
    ],
    // at night nobody should have to write before help is called
    fields: sure ? [{ ...reason, value: reached }, affected] : [reason],
    submit: sure ? w.confirm : w.send,
    cancel: w.cancel,
    action,
  };
}

export function reportForm(indicators: Indicator[], action: ActionRef, language: Language): Form {
  const w = signalWords(language).forms;
  const options = indicators.map(({ id, title }) => ({ value: id, label: title[language] }));
  const chosen = action.with?.indicator;
  return {
    title: w.reportTitle,
    intro: [{ kind: 'note', text: w.reportIntro }],
    fields: [
      {
        id: 'indicator',
        type: 'choice',
        label: w.indicator,
        required: true,
        options,
        ...(chosen ? { value: chosen } : {}),
      },
      { id: 'key', type: 'text', label: w.key, required: false, max: LONGEST_KEY, hint: w.keyHint },
      { id: 'text', type: 'paragraph', label: w.text, required: true, max: LONGEST_TEXT },
    ],
    submit: w.send,
    cancel: w.cancel,
    action,
  };
}

/** The form once more, with what was filled in and what is wrong with it. */
export function withFaults(form: Form, values: Record<string, string>, faults: Record<string, string>): Form {
  const fields = form.fields.map((field): Field => {
    const [value, fault] = [values[field.id], faults[field.id]];
    return { ...field, ...(value === undefined ? {} : { value }), ...(fault === undefined ? {} : { fault }) };
  });
  return { ...form, fields };
}
