/** The forms around meetings: a new one, an answer with a word, another time, and the minutes in their one template (M3). Pure. */
import { localDate, showTime } from '../core/calendar.ts';
import type { ActionRef, Block, Field, Form } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import { byOf, type Refusal } from '../core/message.ts';
import type { Moment } from '../core/module.ts';
import { cleanLine, isolate } from '../core/text.ts';
import { meetingAnswerWords } from '../words/meeting-answers.ts';
import { gone, leads, over } from './decide.ts';
import type { LineFault } from './minutes.ts';
import type { Meeting, MeetingsWorld } from './model.ts';

interface Drawn {
  world: MeetingsWorld;
  language: Language;
}

export const ASKS = ['no', 'deputy', 'topic', 'drop', 'move', 'cancel'] as const;
export type Ask = (typeof ASKS)[number];

/** A form opens only for whoever could send it. */
export function whyNotAsk(ask: Ask, meeting: Meeting, moment: Moment<MeetingsWorld>): Refusal | undefined {
  const called = meeting.attendees.some((one) => one.person === byOf(moment.actor));
  if ((ask === 'no' || ask === 'deputy') && !called) return { code: 'not-called', facts: {} };
  if ((ask === 'move' || ask === 'cancel') && !leads(meeting, moment))
    return { code: 'only-chair', facts: { chair: meeting.chair } };
  const actor = byOf(moment.actor);
  if (ask === 'drop' && droppable(meeting, actor, moment.world).length === 0) return { code: 'no-topic', facts: {} };
  const closed = ask === 'cancel' ? meeting.state === 'cancelled' || meeting.minutes : gone(meeting, moment);
  return closed ? { code: 'meeting-over', facts: over(meeting) } : undefined;
}

/** The topics that this person may take off the agenda: their own, and whoever leads all. */
export function droppable(meeting: Meeting, person: string, world: MeetingsWorld): Meeting['topics'] {
  const all = leads(meeting, { actor: { kind: 'person', id: person, platform: 'desk' }, world });
  return meeting.topics.filter((topic) => all || topic.by === person);
}

export function askForm(
  ask: Ask,
  meeting: Meeting,
  action: ActionRef,
  { world, language, person }: Drawn & { person: string },
): Form {
  const w = meetingAnswerWords(language).forms;
  const time = showTime(new Date(meeting.start), world.directory.company.timezone, language);
  const titles: Record<Ask, string> = {
    no: w.leaveTitle,
    deputy: w.deputyTitle,
    topic: w.topicTitle,
    drop: w.dropTitle,
    move: w.moveTitle,
    cancel: w.cancelTitle,
  };
  const intro: Block[] = [{ kind: 'text', text: `${isolate(meeting.title[language])} · ${time}` }];
  if (ask === 'cancel') intro.push({ kind: 'note', text: w.cancelIntro });
  return {
    title: titles[ask],
    intro,
    fields: askFields(ask, language, droppable(meeting, person, world)),
    submit: { topic: w.add, drop: w.dropTitle, cancel: w.cancelSend, no: w.send, deputy: w.send, move: w.send }[ask],
    cancel: ask === 'cancel' ? w.keep : w.cancel,
    action,
  };
}

function askFields(ask: Ask, language: Language, topics: Meeting['topics']): Field[] {
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
    case 'drop': {
      const options = topics.map(({ id, text }) => ({ value: id, label: cleanLine(text, 70) }));
      return [{ id: 'topic', type: 'choice', label: w.dropped, required: true, options }];
    }
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
