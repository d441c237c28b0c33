/** The forms around meetings: a new one, an answer with a word, another time, and the minutes in their one template (M3). Pure. */
import { localDate, showTime } from '../core/calendar.ts';
import type { ActionRef, Block, Field, Form } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import { isolate } from '../core/text.ts';
import { meetingAnswerWords } from '../words/meeting-answers.ts';
import type { Draft } from './draft.ts';
import type { LineFault } from './minutes.ts';
import { type Meeting, type MeetingsWorld, takingPart } from './model.ts';

interface Drawn {
  world: MeetingsWorld;
  language: Language;
}

export const ASKS = ['no', 'deputy', 'topic', 'move', 'cancel'] as const;
export type Ask = (typeof ASKS)[number];

export function askForm(ask: Ask, meeting: Meeting, action: ActionRef, { world, language }: Drawn): Form {
  const w = meetingAnswerWords(language).forms;
  const time = showTime(new Date(meeting.start), world.directory.company.timezone, language);
  const titles: Record<Ask, string> = {
    no: w.leaveTitle,
    deputy: w.deputyTitle,
    topic: w.topicTitle,
    move: w.moveTitle,
    cancel: w.cancelTitle,
  };
  const intro: Block[] = [{ kind: 'text', text: `${isolate(meeting.title[language])} · ${time}` }];
  if (ask === 'cancel') intro.push({ kind: 'note', text: w.cancelIntro });
  return {
    title: titles[ask],
    intro,
    fields: askFields(ask, language),
    submit: ask === 'topic' ? w.add : ask === 'cancel' ? w.cancelSend : w.send,
    cancel: ask === 'cancel' ? w.keep : w.cancel,
    action,
  };
}

function askFields(ask: Ask, language: Language): Field[] {
  const w = meetingAnswerWords(language).forms;
  const reason = (required: boolean): Field => ({
    id: 'reason',
    type: 'paragraph',
    label: w.reason,
    required,
    max: 500,
  });
  switch (ask) {
    case 'no':
      return [reason(false)];
    case 'deputy':
      return [{ id: 'deputy', type: 'person', label: w.deputy, required: true }, reason(false)];
    case 'topic':
      return [{ id: 'text', type: 'text', label: w.topic, required: true, max: 300 }];
    case 'move':
      return [{ id: 'when', type: 'text', label: w.when, hint: w.whenHint, required: true, max: 60 }, reason(false)];
    case 'cancel':
      return [reason(true)];
    default:
      return ask satisfies never;
  }
}

/** A new meeting; `values` stand in it already. */
export function newForm(action: ActionRef, values: Record<string, string>, { world, language }: Drawn): Form {
  const w = meetingAnswerWords(language).forms;
  const channels = Object.keys(world.directory.company.channels);
  const none = { value: '-', label: w.new.noChannel };
  const fields: Field[] = [
    { id: 'title', type: 'text', label: w.new.title, required: true, max: 75 },
    { id: 'when', type: 'text', label: w.new.when, hint: w.new.whenHint, required: true, max: 100 },
    { id: 'length', type: 'number', label: w.new.length, required: true, value: '60' },
    { id: 'who', type: 'paragraph', label: w.new.who, hint: w.new.whoHint, required: true, max: 1000 },
    { id: 'chair', type: 'person', label: w.new.chair, required: true },
    { id: 'taker', type: 'person', label: w.new.taker, required: true },
    {
      id: 'channel',
      type: 'choice',
      label: w.new.channel,
      required: true,
      options: [none, ...channels.map((id) => ({ value: id, label: id }))],
      value: '-',
    },
    { id: 'place', type: 'text', label: w.new.place, required: false, max: 200 },
  ];
  return {
    title: w.newTitle,
    intro: [],
    fields: fields.map((field) => filled(field, values)),
    submit: w.new.send,
    cancel: w.cancel,
    action,
  };
}

// --- minutes ---

/** Rows that stand open for decisions; more go into one field, a line each. */
const ROWS = 3;
const MOST_ROWS = 10;

export interface MinutesFilling {
  draft: Draft;
  /** numbers of the decisions that have one, by their row */
  numbers: (string | undefined)[];
  /** said above the fields: the text came from elsewhere and is to be checked */
  pasted?: boolean;
}

/** What the minutes in force say, or what is known before they are written: the agenda, and who said that they come. */
export function fillingOf(meeting: Meeting, { world }: Drawn): MinutesFilling {
  const { minutes } = meeting;
  if (!minutes) {
    const present = takingPart(meeting).map((id) => ({ name: world.directory.people.get(id)?.name ?? id, person: id }));
    return { draft: { topics: meeting.topics.map((topic) => topic.text), present, decisions: [] }, numbers: [] };
  }
  const decisions = minutes.decisions.map((line) => ({ ...line, line: line.text }));
  return {
    draft: { topics: minutes.topics, present: minutes.present, decisions },
    numbers: decisions.map((line) => line.number),
  };
}

export function minutesForm(meeting: Meeting, filling: MinutesFilling, action: ActionRef, drawn: Drawn): Form {
  const { language, world } = drawn;
  const w = meetingAnswerWords(language).forms;
  const { draft, numbers } = filling;
  const rows = Math.min(MOST_ROWS, Math.max(ROWS, draft.decisions.length + 1));
  const listed = draft.decisions.slice(0, rows);
  const rest = draft.decisions.slice(rows).map((line) => line.line);
  const time = showTime(new Date(meeting.start), world.directory.company.timezone, language);
  const fields: Field[] = [
    {
      id: 'topics',
      type: 'paragraph',
      label: w.topics,
      hint: w.topicsHint,
      required: true,
      max: 3000,
      value: draft.topics.join('\n'),
    },
    {
      id: 'present',
      type: 'paragraph',
      label: w.present,
      hint: w.presentHint,
      required: true,
      max: 3000,
      value: draft.present.map((one) => one.name).join('、'),
    },
    ...Array.from({ length: rows }, (_, index) => rowOf(index, listed[index], language)).flat(),
    {
      id: 'more',
      type: 'paragraph',
      label: w.more,
      hint: w.moreHint,
      required: false,
      max: 3000,
      value: rest.join('\n'),
    },
  ];
  const intro: Block[] = [
    { kind: 'text', text: `${isolate(meeting.title[language])} · ${time}` },
    { kind: 'note', text: filling.pasted ? w.draft : w.minutesIntro },
  ];
  const carried = Object.fromEntries(numbers.flatMap((number, index) => (number ? [[`n${index}`, number]] : [])));
  return {
    title: w.minutesTitle,
    intro,
    fields: fields.map(dropEmpty),
    submit: w.file,
    cancel: w.cancel,
    action: { ...action, with: { ...action.with, ...carried } },
  };
}

function rowOf(
  index: number,
  line: { text: string; owner: string; due: string } | undefined,
  language: Language,
): Field[] {
  const w = meetingAnswerWords(language).forms;
  const n = index + 1;
  return [
    { id: `d${index}`, type: 'text', label: w.decision(n), required: false, max: 300, value: line?.text ?? '' },
    { id: `o${index}`, type: 'person', label: w.owner(n), required: false, value: line?.owner ?? '' },
    { id: `w${index}`, type: 'date', label: w.due(n), required: false, value: line?.due ?? '' },
  ];
}

const dropEmpty = (field: Field): Field => {
  if (field.value !== '') return field;
  const { value: _none, ...rest } = field;
  return rest;
};

function filled(field: Field, values: Record<string, string>): Field {
  const value = values[field.id];
  return value === undefined || value === '' ? field : { ...field, value };
}

/** The form once more, with what was filled in and what is wrong with it. */
export function withFaults(form: Form, values: Record<string, string>, faults: Record<string, string>): Form {
  const fields = form.fields.map((field): Field => {
    const fault = faults[field.id];
    const again = filled(field, values);
    return fault === undefined ? again : { ...again, fault };
  });
  return { ...form, fields };
}

export function faultText(fault: LineFault, language: Language): string {
  return meetingAnswerWords(language).faults[fault];
}

/** The local date on which the meeting is held. */
export const dayOf = (meeting: Meeting, world: MeetingsWorld): string =>
  localDate(new Date(meeting.start), world.directory.company.timezone);
