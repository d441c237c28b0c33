/** The forms of a crisis: short, prefilled, and each says what sending it sets in motion. Pure. */
import type { ActionRef, Block, Field, Form } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import { isolate } from '../core/text.ts';
import { crisisWords } from '../words/crisis.ts';
import { crisisAnswerWords } from '../words/crisis-answers.ts';
import { crisisFormWords } from '../words/crisis-forms.ts';
import { type CrisisBook, GRADES, type Grade, planFor } from './book.ts';
import { questionBlocks } from './cards.ts';
import { namedBy } from './lookup.ts';
import { AFTERCARE, type Crisis, type CrisisWorld, PARTIES, SEATS } from './model.ts';
import { type Held, heldText, markOf, nameOf } from './reading.ts';

export const ASKS = [
  'fact',
  'grade',
  'add',
  'give-seat',
  'task',
  'contact',
  'update',
  'resume',
  'stand-down',
  'aftercare',
  'clear',
] as const;
export type Ask = (typeof ASKS)[number];

export interface Asking {
  crisis: Crisis;
  world: CrisisWorld;
  language: Language;
  /** the requests that its freeze holds */
  held: readonly Held[];
}

type Values = Record<string, string>;

/** @param action carries the form's own id, so that it counts once however often it is sent; @param values what stands in it already */
export function askForm(ask: Ask, asking: Asking, action: ActionRef, values: Values = {}): Form {
  const w = crisisFormWords(asking.language);
  const { crisis, language } = asking;
  const titles: Record<Ask, { title: string; send: string }> = {
    fact: w.fact,
    grade: w.grade,
    add: w.add,
    'give-seat': w.giveSeat,
    task: w.task,
    contact: w.contact,
    update: w.update,
    resume: w.resume,
    'stand-down': crisis.drill ? w.endDrill : w.standDown,
    aftercare: w.aftercare,
    clear: w.clear,
  };
  const { title, send } = titles[ask];
  return {
    title,
    intro: [
      ...warningOf(ask, asking),
      { kind: 'text', text: `${markOf(crisis, language)}${crisis.number} ${isolate(crisis.text)}` },
      ...introOf(ask, asking, action),
    ],
    fields: fieldsOf(ask, asking, action).map((field) => filled(field, values)),
    submit: send,
    cancel: w.cancel,
    action,
  };
}

function filled(field: Field, values: Values): Field {
  const value = values[field.id];
  return value === undefined || value === '' ? field : { ...field, value };
}

/** The form once more, with what was filled in and what is wrong with it. */
export function withFaults(form: Form, values: Values, faults: Values): Form {
  const fields = form.fields.map((field): Field => {
    const fault = faults[field.id];
    const again = filled(field, values);
    return fault === undefined ? again : { ...again, fault };
  });
  return { ...form, fields };
}

const note = (text: string): Block => ({ kind: 'note', text });

/** What stands in the way is read before anything is filled in. */
function warningOf(ask: Ask, { crisis, language }: Asking): Block[] {
  if (ask !== 'stand-down' || crisis.freeze?.state !== 'on') return [];
  return [{ kind: 'text', text: crisisFormWords(language).standDown.frozen, strong: true }];
}

function introOf(ask: Ask, asking: Asking, action: ActionRef): Block[] {
  const { crisis, language, held } = asking;
  const w = crisisFormWords(language);
  switch (ask) {
    case 'grade':
      return [...questionBlocks(asking), ...calledBlocks(asking, action)];
    case 'add':
      return [note(w.add.intro)];
    case 'resume':
      return held.length > 0
        ? [{ kind: 'text', text: [w.resume.held(held.length), ...heldLines(asking)].join('\n') }]
        : [note(w.resume.none)];
    case 'stand-down':
      return [
        note(crisis.drill ? w.standDown.drillAfter : action.with?.how ? w.standDown.falseAfter : w.standDown.after),
      ];
    case 'clear':
      return action.with?.person ? [note(w.clear.who(nameOf(action.with.person, asking)))] : [];
    case 'fact':
    case 'give-seat':
    case 'task':
    case 'contact':
    case 'update':
    case 'aftercare':
      return [];
    default:
      return ask satisfies never;
  }
}

const HELD_LISTED = 20;

function heldLines(asking: Asking): string[] {
  const lines = asking.held.slice(0, HELD_LISTED).map((one) => heldText(one, asking));
  return asking.held.length > HELD_LISTED ? [...lines, '…'] : lines;
}

/** Whom the chosen grade calls at once, without those who are there already. */
function calledBlocks({ crisis, world, language }: Asking, action: ActionRef): Block[] {
  const grade = GRADES.find((one) => one === action.with?.grade);
  const plan = grade && world.crisis && planFor(world.crisis, crisis.kind, grade);
  if (!grade || !plan) return [];
  const named = plan.team.flatMap((rule) => namedBy(rule, world.directory));
  const fresh = [...new Set(named)].filter((person) => !crisis.team.some((one) => one.person === person));
  const w = crisisWords(language);
  const people = fresh.map((person) => nameOf(person, { world, language }));
  return people.length > 0 ? [note(crisisFormWords(language).grade.team(w.grades[grade], w.names(people)))] : [];
}

function fieldsOf(ask: Ask, asking: Asking, action: ActionRef): Field[] {
  const { crisis, world, language } = asking;
  const w = crisisFormWords(language);
  const { grades, seats, parties, aftercare, how } = crisisWords(language);
  switch (ask) {
    case 'fact':
      return [long('text', w.fact.text), whenField(w)];
    case 'grade':
      return [
        choice('grade', w.grade.grade, [...GRADES], grades, action.with?.grade),
        long('reason', w.grade.reason),
        kindField(world.crisis, language, crisis.kind),
        { ...affectedField(w), ...(crisis.affected ? { value: crisis.affected } : {}) },
      ];
    case 'add':
      return [person('person', w.add.person)];
    case 'give-seat':
      return [choice('seat', w.giveSeat.seat, [...SEATS], seats), person('to', w.giveSeat.to)];
    case 'task':
      return [long('text', w.task.text), person('owner', w.task.owner)];
    case 'contact':
      return [
        choice('party', w.contact.party, [...PARTIES], parties),
        { id: 'whom', type: 'text', label: w.contact.whom, hint: w.contact.whomHint, required: true, max: 200 },
        long('text', w.contact.text),
        whenField(w),
      ];
    case 'update':
      return updateFields(asking);
    case 'resume': {
      const labels = { go: w.resume.go, 'no-go': w.resume.noGo };
      return [choice('verdict', w.resume.verdict, ['go', 'no-go'], labels), long('reason', w.reason)];
    }
    case 'stand-down': {
      const ways = crisis.state === 'alarm' ? (['false-alarm'] as const) : (['controlled', 'false-alarm'] as const);
      return [choice('how', w.standDown.how, [...ways], how, action.with?.how ?? ways[0]), long('reason', w.reason)];
    }
    case 'aftercare':
      return [
        choice('kind', w.aftercare.kind, [...AFTERCARE], aftercare),
        long('text', w.aftercare.text),
        person('owner', w.aftercare.owner),
        { id: 'due', type: 'date', label: w.aftercare.due, required: true },
      ];
    case 'clear':
      return [...(action.with?.person ? [] : [person('person', w.clear.person)]), long('reason', w.reason)];
    default:
      return ask satisfies never;
  }
}

type FormWords = ReturnType<typeof crisisFormWords>;

const long = (id: string, label: string): Field => ({ id, type: 'paragraph', label, required: true, max: 1000 });
const person = (id: string, label: string): Field => ({ id, type: 'person', label, required: true });
const whenField = (w: FormWords): Field => ({
  id: 'when',
  type: 'text',
  label: w.when,
  hint: w.whenHint,
  required: false,
  max: 60,
});
const affectedField = (w: FormWords): Field => ({
  id: 'affected',
  type: 'text',
  label: w.affected,
  hint: w.affectedHint,
  required: false,
  max: 200,
});

function choice<V extends string>(
  id: string,
  label: string,
  values: V[],
  labels: Record<V, string>,
  value?: string,
): Field {
  const options = values.map((one) => ({ value: one, label: labels[one] }));
  return { id, type: 'choice', label, required: true, options, ...(value ? { value } : {}) };
}

function kindField(book: CrisisBook | undefined, language: Language, value?: string): Field {
  const options = book?.kinds.map(({ id, title }) => ({ value: id, label: title[language] })) ?? [];
  const label = crisisFormWords(language).kind;
  return { id: 'kind', type: 'choice', label, required: true, options, ...(value ? { value } : {}) };
}

/** With what was said last time: most of it still holds. */
function updateFields({ crisis, language }: Asking): Field[] {
  const w = crisisFormWords(language).update;
  const { known = '', said = '', next = '' } = crisis.update ?? {};
  const given = (field: Field, value: string): Field => (value === '' ? field : { ...field, value });
  return [
    given(long('known', w.known), known),
    given({ id: 'said', type: 'paragraph', label: w.said, hint: w.saidHint, required: false, max: 1000 }, said),
    given({ id: 'next', type: 'paragraph', label: w.next, required: false, max: 1000 }, next),
  ];
}

/** Sending it is the one confirmation: its intro says who will be called at once. @param going what is open, as far as this person may know it */
export function raiseForm(
  action: ActionRef,
  values: Values,
  { world, language, called, going }: { world: CrisisWorld; language: Language; called: string[]; going: string[] },
): Form {
  const w = crisisFormWords(language);
  const intro: Block[] = [callText(called, language, w.raise), note(w.raise.calm)];
  if (going.length > 0) intro.push({ kind: 'quote', text: w.raise.going(going.join('\n')) });
  const fields: Field[] = [
    { ...long('text', w.text), hint: w.textHint },
    kindField(world.crisis, language),
    affectedField(w),
  ];
  return {
    title: w.raise.title,
    intro,
    fields: fields.map((field) => filled(field, values)),
    submit: w.raise.send,
    cancel: w.cancel,
    action,
  };
}

const callText = (called: string[], language: Language, w: { who(names: string): string }): Block => {
  const { names } = crisisWords(language);
  const { nobody } = crisisFormWords(language).raise;
  return { kind: 'text', text: called.length > 0 ? w.who(names(called)) : nobody, strong: true };
};

type Scenario = CrisisBook['drills']['scenarios'][number];

export function drillForm(
  action: ActionRef,
  scenario: Scenario,
  { world, language, called }: { world: CrisisWorld; language: Language; called: string[] },
): Form {
  const w = crisisFormWords(language);
  const grade: Grade = scenario.grade;
  const { grades } = crisisWords(language);
  const title = crisisAnswerWords(language).list.scenario(scenario.title[language], grades[grade]);
  return {
    title: w.drill.title,
    intro: [
      { kind: 'text', text: crisisWords(language).drill + w.drill.scenario(title) },
      callText(called, language, w.drill),
      note(world.crisis?.drills.phones ? w.drill.phones : w.drill.noPhones),
    ],
    fields: [{ ...long('text', w.text), value: scenario.text }],
    submit: w.drill.send,
    cancel: w.cancel,
    action,
  };
}
