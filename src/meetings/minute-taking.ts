/** How minutes are read, drafted and filed in a conversation: `/minutes MT-2026-0003`, with text or a link behind it, and the form. */
import { randomUUID } from 'node:crypto';
import { showTime } from '../core/calendar.ts';
import type { ActionRef, Block } from '../core/card.ts';
import type { Reply } from '../core/chat.ts';
import type { Outcome } from '../core/handle.ts';
import type { Scene, Understood } from '../core/intake.ts';
import { type Line, readLine } from '../core/line.ts';
import { readNumber } from '../core/number.ts';
import { standsFor } from '../directory/lookup.ts';
import { meetingAnswerWords } from '../words/meeting-answers.ts';
import { meetingWords } from '../words/meetings.ts';
import { maySee, minutesCard } from './cards.ts';
import { mayWrite, writer } from './decide.ts';
import type { DraftDecision } from './decision-line.ts';
import { type Draft, readDraft, readSpoken } from './draft.ts';
import { readingOf } from './drawer.ts';
import { dayOf, withFaults } from './forms.ts';
import { incompleteIn } from './minutes.ts';
import {
  fillingFrom,
  fitsOn,
  knownOf,
  lineOf,
  type MinutesFilling,
  minutesForm,
  rowsOn,
  withEveryone,
} from './minutes-form.ts';
import type { Meeting, MeetingsWorld, MinutesSource } from './model.ts';
import { finding, namedIn, nameOf } from './names.ts';
import { latestFor, minutesOf, owedMinutes, readMeeting } from './store.ts';
import { argsOf, faultsOf, fieldsOf, readWritten, typedRows } from './writing.ts';

type S = Scene<MeetingsWorld>;

/** The text behind a link of Feishu Minutes or a Feishu document. */
export type LinkText = (
  url: string,
) => Promise<{ text: string } | { trouble: 'link-unreadable' | 'link-denied' | 'link-away' }>;

const answer = (reply: Reply): Understood => ({ kind: 'answer', reply });
const say = (tone: 'bad' | 'info', text: string): Understood => answer({ kind: 'said', tone, text });
const wordsOf = ({ language }: S) => meetingAnswerWords(language);
const note = (text: string): Block => ({ kind: 'note', text });

/** `/minutes`, `/minutes MT-2026-0003`, and with the text or a link behind it. */
export async function understandMinutes(scene: S, linkText: LinkText, line: Line): Promise<Understood> {
  const first = readLine(line.rest);
  const number = first && readNumber(first.word);
  const text = number ? first.rest : line.rest;
  const meeting = number ? await readMeeting(scene.sql, number) : await meant(scene);
  const w = wordsOf(scene).refusals;
  if (!meeting) return say('bad', number ? w['unknown-meeting'](number) : w['none-owed']);
  if (!maySee(meeting, scene.person, scene.world)) return say('bad', w['not-yours']);
  if (text === '' && meeting.minutes) return read(scene, meeting);
  return text === '' ? write(scene, meeting) : draft(scene, linkText, meeting, text);
}

/** The one that this person owes, else the latest that they were at. */
async function meant(scene: S): Promise<Meeting | undefined> {
  const owed = await owedMinutes(scene.sql, standsFor(scene.person, scene.world.directory));
  const own = owed.find((meeting) => mayWrite(meeting, scene.person, scene.world.directory));
  return own ?? latestFor(scene.sql, scene.person, scene.at);
}

/** The version in force, or an older one where a button asks for it. */
export async function read(scene: S, meeting: Meeting, version?: string): Promise<Understood> {
  const versions = await minutesOf(scene.sql, meeting.number);
  if (versions.length === 0) return say('bad', wordsOf(scene).refusals['no-minutes'](meeting.number));
  const reading = await readingOf(scene.sql, meeting, scene.world, scene.language, scene.at);
  const asked = versions.findIndex((one) => String(one.version) === version);
  const shown = versions.slice(0, asked === -1 ? undefined : asked + 1);
  return answer({ kind: 'card', card: minutesCard(reading, shown, versions) });
}

/** The form opens only for whoever could file it. */
function whyNotWrite(scene: S, meeting: Meeting): string | undefined {
  const w = wordsOf(scene).refusals;
  const { directory } = scene.world;
  if (!mayWrite(meeting, scene.person, directory))
    return w['not-minute-taker'](nameOf(writer(meeting, directory), scene));
  if (meeting.state === 'cancelled') return w['meeting-over'](meetingWords(scene.language).states.cancelled);
  if (scene.at.toISOString() >= meeting.start) return undefined;
  return w['not-yet-held'](showTime(new Date(meeting.start), directory.company.timezone, scene.language));
}

export function write(scene: S, meeting: Meeting): Understood {
  return open(scene, meeting, knownOf(meeting, scene), 'form', [note(wordsOf(scene).forms.minutesIntro)]);
}

function open(scene: S, meeting: Meeting, draft: Draft, source: MinutesSource, notes: Block[]): Understood {
  const why = whyNotWrite(scene, meeting);
  if (why) return say('bad', why);
  const { platform } = scene.inbound;
  const w = wordsOf(scene);
  const filling = fillingFrom(draft, rowsOn(platform, scene.world.directory), scene, notes);
  if (!fitsOn(platform, filling)) return say('bad', w.refusals['minutes-too-long']);
  const seen = meeting.minutes?.version ?? 0;
  const action: ActionRef = {
    command: 'meetings.file',
    subject: meeting.number,
    seen,
    with: { once: randomUUID(), source },
  };
  return answer({ kind: 'form', form: minutesForm(meeting, filling, action, scene), say: w.forms.sent });
}

// --- from text, or from a link ---

/** A link alone, or with the title that Feishu's client puts before it; `决议：见 https://…` is text. */
const LINK = /^(?:[^\n@:：]{0,200}?|[^\n]{1,200}? \()(https?:\/\/[^\s<>()|]+)\)?$/u;

async function draft(scene: S, linkText: LinkText, meeting: Meeting, text: string): Promise<Understood> {
  const why = whyNotWrite(scene, meeting);
  if (why) return say('bad', why);
  const w = wordsOf(scene).forms;
  const link = LINK.exec(text.trim())?.[1];
  const known = knownOf(meeting, scene);
  if (!link) {
    const read = readDraft(namedIn(text, scene), finding(scene), dayOf(meeting, scene.world));
    return open(scene, meeting, merged(known, read, meeting, scene), 'text', notesOf(w.draft, read, scene));
  }
  const fetched = await linkText(link);
  if ('trouble' in fetched) return say('bad', wordsOf(scene).refusals[fetched.trouble]);
  const spoken = /\/minutes\//.test(link);
  const read = spoken
    ? heard(fetched.text, scene, meeting)
    : readDraft(fetched.text, finding(scene), dayOf(meeting, scene.world));
  const first = !spoken ? w.draftLink : read.decisions.length > 0 ? w.draftSpoken : w.draftSilent;
  const notes = notesOf(first, read, scene);
  return open(scene, meeting, merged(known, read, meeting, scene), 'link', notes);
}

const heard = (text: string, scene: S, meeting: Meeting): Draft => ({
  topics: [],
  present: [],
  decisions: readSpoken(text, finding(scene), dayOf(meeting, scene.world)),
});

function notesOf(first: string, { cut, decisions }: Draft, scene: S): Block[] {
  const w = wordsOf(scene).forms;
  const strangers = [...new Set(decisions.flatMap((one) => (one.unknown ? [one.unknown] : [])))];
  return [
    note(first),
    ...(strangers.length > 0 ? [note(w.draftUnknown(strangers.slice(0, 10).join('、')))] : []),
    ...(cut ? [note(w.draftCut)] : []),
  ];
}

/** What was sent, on top of what is known: no decision is lost, and none stands there twice. */
function merged(known: Draft, read: Draft, meeting: Meeting, { world }: S): Draft {
  const said = new Map(read.decisions.flatMap((one) => (one.number ? [[one.number, one] as const] : [])));
  const before = known.decisions.map((one) => ({ ...one, ...(said.get(one.number ?? '') ?? {}) }));
  const numbers = new Set(known.decisions.map((one) => one.number));
  const fresh = read.decisions.filter((one) => !numbers.has(one.number ?? '-') && !isIn(one, before));
  return {
    topics: read.topics.length > 0 ? read.topics : known.topics,
    present: read.present.length > 0 ? withEveryone(read.present, meeting, world) : known.present,
    decisions: [...before, ...fresh.map(shortened)],
  };
}

const isIn = ({ text }: Pick<DraftDecision, 'text'>, all: readonly { text: string }[]): boolean =>
  all.some((one) => one.text === text);

/** What is too long for a row is shown to be cut, in the form in which it can be put right. */
function shortened({ number: _unknown, ...one }: DraftDecision): DraftDecision {
  const points = [...one.text];
  return points.length <= 300 ? one : { ...one, text: `${points.slice(0, 299).join('')}…` };
}

// --- the form comes back ---

export function fileMinutes(scene: S, meeting: Meeting, action: ActionRef, values: Record<string, string>): Understood {
  const { language, world } = scene;
  const day = dayOf(meeting, world);
  const { once, source = 'form', ...carried } = action.with ?? {};
  const known = new Set(meeting.minutes?.decisions.map((line) => line.number));
  const read = readWritten(named(values, scene), carried, { find: finding(scene), today: day, known });
  const written = { ...read, present: withEveryone(read.present, meeting, world) };
  const faults = faultsOf(written, incompleteIn(written.decisions, world.directory, day), language);
  if (Object.keys(faults).length > 0) {
    const form = minutesForm(meeting, typed(values, carried, [note(wordsOf(scene).forms.minutesIntro)]), action, scene);
    return answer({ kind: 'faults', form: withFaults(form, values, faults), say: sayFaults(faults, scene) });
  }
  const args = argsOf(written, source === 'text' || source === 'link' ? source : 'form', action.seen ?? 0);
  const command = { name: 'meetings.file-minutes', subject: meeting.number, args };
  return { kind: 'do', command, ...(once ? { once } : {}) };
}

/** In texts somebody may be mentioned; the pickers' accounts stay as they are. */
const named = (values: Record<string, string>, scene: S): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([id, value]) => [id, namedIn(value, scene)]));

/** The form as it was filled in: each row where it was, so that each fault stands at its own. */
function typed(values: Record<string, string>, carried: Record<string, string>, notes: Block[]): MinutesFilling {
  const texts = (id: string) => {
    const fields = fieldsOf(id);
    const last = Math.max(
      0,
      fields.findLastIndex((field) => values[field]),
    );
    return fields.slice(0, last + 1).map((field) => values[field] ?? '');
  };
  const rows = typedRows(values, carried);
  return { topics: texts('topics'), present: texts('present'), rows, more: texts('more'), notes };
}

/**
 * Somebody else was quicker: the form comes back with all that was typed, what the other has decided in rows of its own, and the other's topics to read.
 * Fields that stand there already keep what was typed, so nothing is written into them.
 */
export function filedMeanwhile(outcome: Outcome, scene: S): Reply | undefined {
  const { what } = scene.inbound;
  if (outcome.kind !== 'refused' || outcome.refusal.code !== 'minutes-changed' || what.kind !== 'form')
    return undefined;
  const meeting = outcome.state as Meeting;
  const { minutes } = meeting;
  if (!minutes) return undefined;
  const w = wordsOf(scene);
  const { once, source = 'form', ...carried } = what.action.with ?? {};
  const said = w.refusals['minutes-changed'](nameOf(minutes.by, scene));
  const topics = [w.forms.theirs(minutes.version), ...minutes.topics].join('\n');
  const mine = typed(what.values, carried, [note(said), { kind: 'quote', text: topics, drop: 1 }]);
  const numbers = new Set(minutes.decisions.map((line) => line.number));
  const rows = mine.rows.map((row) => (row.number && !numbers.has(row.number) ? { ...row, number: undefined } : row));
  const own = new Set(rows.map((row) => row.number));
  const theirs = minutes.decisions.filter((line) => !own.has(line.number) && !isIn(line, rows));
  const room = Math.max(0, rowsOn(scene.inbound.platform, scene.world.directory) - rows.length);
  const more = theirs.slice(room).map((line) => lineOf(line, scene.world.directory));
  const filling = {
    ...mine,
    rows: [...rows, ...theirs.slice(0, room)],
    more: more.length > 0 ? [...mine.more, more.join('\n')] : mine.more,
  };
  const action: ActionRef = { ...what.action, seen: minutes.version, with: { once: once ?? randomUUID(), source } };
  const form = minutesForm(meeting, filling, action, scene);
  return { kind: 'faults', form, say: said };
}

/** Of a decision without owner or date it is said at once; whatever else is wrong stands at its field. */
function sayFaults(faults: Record<string, string>, scene: S): string {
  const w = wordsOf(scene);
  return Object.keys(faults).some((field) => /^(?:[dow]\d|more)/.test(field)) ? w.refusals.incomplete : w.forms.check;
}
