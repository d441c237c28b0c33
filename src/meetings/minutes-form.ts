/** The minutes in their one template as a form (M3): topics, who was there, a row for each decision, and a field of lines for the rest. Pure. */
import { showTime } from '../core/calendar.ts';
import type { ActionRef, Block, Field, Form } from '../core/card.ts';
import type { Language, Platform } from '../core/chat.ts';
import { isolate } from '../core/text.ts';
import type { Directory } from '../directory/model.ts';
import { meetingAnswerWords } from '../words/meeting-answers.ts';
import { type DraftDecision, writeDecisionLine } from './decision-line.ts';
import type { Draft } from './draft.ts';
import { type Meeting, type MeetingsWorld, type Present, takingPart } from './model.ts';
import { callName } from './names.ts';

interface Drawn {
  world: MeetingsWorld;
  language: Language;
}

export interface Row {
  text: string;
  owner: string;
  due: string;
  number?: string | undefined;
}

/** What stands in the fields: a text each where one field is not enough. */
export interface MinutesFilling {
  topics: string[];
  present: string[];
  rows: Row[];
  more: string[];
  /** said above the fields */
  notes: Block[];
}

/** Rows that stand open for decisions at least, and at most. */
const ROWS = 3;
const MOST_ROWS = 10;
/** A field of Feishu takes 1,000 characters. https://open.feishu.cn/document/feishu-cards/card-json-v2-components/interactive-components/input */
const FIELD_TEXT = 900;
/**
 * A card of Feishu has 200 elements and 30 KB: so much of it is for rows, each with its list of people (where somebody has no account there,
 * every name is an element), and so much for what people wrote. https://open.feishu.cn/document/feishu-cards/card-json-v2-structure
 */
const FEISHU = {
  tags: 150,
  rowTags: 18,
  bytes: 13_000,
  rowBytes: 1200,
  nameBytes: 115,
  accountBytes: 64,
  text: 10_000,
};
const MOST_LISTED = 100;

/** How many rows of decisions a form may have on this platform. */
export function rowsOn(platform: Platform, directory: Directory): number {
  if (platform !== 'feishu') return MOST_ROWS;
  const people = [...directory.people.values()].filter((person) => person.active);
  const there = people.filter((person) => person.accounts.feishu !== undefined).length;
  const byName = there < people.length && people.length <= MOST_LISTED;
  const tags = FEISHU.rowTags + (byName ? people.length : 0);
  const bytes = FEISHU.rowBytes + (byName ? people.length * FEISHU.nameBytes : there * FEISHU.accountBytes);
  const fitting = Math.floor(Math.min(FEISHU.tags / tags, FEISHU.bytes / bytes));
  return Math.max(1, Math.min(MOST_ROWS, fitting));
}

/** What would be left out of a card silently must not be asked for in one. */
export function fitsOn(platform: Platform, { topics, present, rows, more }: MinutesFilling): boolean {
  const all = [...topics, ...present, ...more, ...rows.map((row) => row.text)].join('\n');
  return platform !== 'feishu' || Buffer.byteLength(all) <= FEISHU.text;
}

/** What the minutes in force say, or what is known before they are written: the agenda, and who said that they come. */
export function knownOf(meeting: Meeting, { world }: Pick<Drawn, 'world'>): Draft {
  const { minutes } = meeting;
  if (!minutes)
    return { topics: meeting.topics.map((topic) => topic.text), present: called(meeting, world), decisions: [] };
  const decisions = minutes.decisions.map((line) => ({ ...line, line: line.text }));
  return { topics: minutes.topics, present: minutes.present, decisions };
}

const called = (meeting: Meeting, { directory }: MeetingsWorld): Present[] =>
  takingPart(meeting).map((id) => ({ name: directory.people.get(id)?.name ?? id, person: id }));

const EVERYONE = /^(?:全员|全体(?:成员|人员)?|所有人|大家|everyone|everybody|all)$/i;

/** `全员` are all who were called and did not decline. */
export function withEveryone(present: Present[], meeting: Meeting, world: MeetingsWorld): Present[] {
  const all = present.flatMap((one) => (!one.person && EVERYONE.test(one.name) ? called(meeting, world) : [one]));
  return all.filter((one, index) => all.findIndex((other) => same(one, other)) === index);
}
const same = (one: Present, other: Present): boolean => (one.person ?? one.name) === (other.person ?? other.name);

/** A draft laid out: as many decisions in rows as there is room for, the rest as lines of the template. */
export function fillingFrom(
  draft: Draft,
  most: number,
  { world }: Pick<Drawn, 'world'>,
  notes: Block[],
): MinutesFilling {
  const { decisions } = draft;
  const rows: Row[] = decisions.slice(0, most).map(({ text, owner, due, number }) => ({ text, owner, due, number }));
  const open = Math.min(most, Math.max(ROWS, decisions.length + 1));
  while (rows.length < open) rows.push(EMPTY);
  return {
    topics: chunked(draft.topics, '\n'),
    present: chunked(
      draft.present.map((one) => presentName(one, world.directory)),
      '、',
    ),
    rows,
    more: chunked(
      decisions.slice(most).map((one) => lineOf(one, world.directory)),
      '\n',
    ),
    notes,
  };
}

const EMPTY: Row = { text: '', owner: '', due: '' };
const presentName = ({ name, person }: Present, directory: Directory): string =>
  person === undefined ? name : callName(person, directory);
export const lineOf = (one: DraftDecision | Row, directory: Directory): string =>
  writeDecisionLine(
    { text: one.text, due: one.due, ...(one.number ? { number: one.number } : {}) },
    one.owner && callName(one.owner, directory),
  );

/** As many texts as are needed so that each fits into one field. */
function chunked(parts: string[], by: string): string[] {
  const texts: string[] = [];
  for (const part of parts) {
    const last = texts.at(-1);
    if (last === undefined || last.length + by.length + part.length > FIELD_TEXT) texts.push(part);
    else texts[texts.length - 1] = `${last}${by}${part}`;
  }
  return texts.length > 0 ? texts : [''];
}

export function minutesForm(meeting: Meeting, filling: MinutesFilling, action: ActionRef, drawn: Drawn): Form {
  const { language, world } = drawn;
  const w = meetingAnswerWords(language).forms;
  const { rows } = filling;
  const time = showTime(new Date(meeting.start), world.directory.company.timezone, language);
  const carried = Object.fromEntries(rows.flatMap(({ number }, index) => (number ? [[`n${index}`, number]] : [])));
  const fields: Field[] = [
    ...paragraphs('topics', filling.topics, { label: w.topics, hint: w.topicsHint, required: true }, language),
    ...paragraphs('present', filling.present, { label: w.present, hint: w.presentHint, required: true }, language),
    ...rows.flatMap((row, index) => rowFields(index, row, language)),
    ...paragraphs('more', filling.more, { label: w.more, hint: w.moreHint, required: false }, language),
  ];
  return {
    title: w.minutesTitle,
    intro: [{ kind: 'text', text: `${isolate(meeting.title[language])} · ${time}` }, ...filling.notes],
    fields: fields.map(dropEmpty),
    submit: w.file,
    cancel: w.cancel,
    action: { ...action, with: { ...withoutRows(action.with), rows: String(rows.length), ...carried } },
  };
}

const withoutRows = (carried: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(carried).filter(([key]) => key !== 'rows' && !/^n\d+$/.test(key)));

type Labels = { label: string; hint: string; required: boolean };

/** `topics`, `topics2`, …: only the first must be filled, and explains itself. */
function paragraphs(id: string, texts: string[], { label, hint, required }: Labels, language: Language): Field[] {
  const w = meetingAnswerWords(language).forms;
  return texts.map((value, index): Field => {
    const field = { type: 'paragraph' as const, max: 3000, value };
    return index === 0
      ? { ...field, id, label, hint, required }
      : { ...field, id: `${id}${index + 1}`, label: w.continued(label), required: false };
  });
}

function rowFields(index: number, row: Row, language: Language): Field[] {
  const w = meetingAnswerWords(language).forms;
  const n = index + 1;
  const label = row.number ? `${w.decision(n)} ${row.number}` : w.decision(n);
  return [
    { id: `d${index}`, type: 'text', label, required: false, max: 300, value: row.text },
    { id: `o${index}`, type: 'person', label: w.owner(n), required: false, value: row.owner },
    { id: `w${index}`, type: 'date', label: w.due(n), required: false, value: row.due },
  ];
}

const dropEmpty = (field: Field): Field => {
  if (field.value !== '') return field;
  const { value: _none, ...rest } = field;
  return rest;
};
