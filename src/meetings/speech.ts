/** How people talk of meetings: `/meeting new 12-10 14:00 选题会 @李娜`, `/minutes`, the buttons of a card. */
import { randomUUID } from 'node:crypto';
import { localDate, showTime } from '../core/calendar.ts';
import type { ActionRef } from '../core/card.ts';
import type { Platform, Reply } from '../core/chat.ts';
import type { Scene, Talker, Understood } from '../core/intake.ts';
import { type Line, readLine } from '../core/line.ts';
import type { JsonObject } from '../core/message.ts';
import type { Place } from '../core/module.ts';
import { lettersOf, readNumber } from '../core/number.ts';
import { showAgain } from '../core/outbox.ts';
import { cleanLine, cleanParagraph } from '../core/text.ts';
import { personByAccount, personByName } from '../directory/lookup.ts';
import { meetingAnswerWords } from '../words/meeting-answers.ts';
import { meetingWords } from '../words/meetings.ts';
import { replyTo } from './answers.ts';
import { maySee, minutesCard } from './cards.ts';
import { mayWrite } from './decide.ts';
import { readDraft } from './draft.ts';
import { listCard, readingOf } from './drawer.ts';
import { ASKS, type Ask, askForm, dayOf, fillingOf, minutesForm, newForm, withFaults } from './forms.ts';
import { incompleteIn } from './minutes.ts';
import type { Meeting, MeetingsWorld } from './model.ts';
import { readMove, readNewLine, readSetUp, saySetUpFault } from './setup.ts';
import { latestFor, minutesOf, owedMinutes, readMeeting } from './store.ts';
import { argsOf, faultsByField, readWritten } from './writing.ts';

type S = Scene<MeetingsWorld>;

export interface Surroundings {
  placeOf(world: MeetingsWorld, person: string, platform: Platform): Place | undefined;
  /** the secret address of a person's calendar; `fresh`: a new one, the old one ends */
  calendarUrl(owner: { person: string } | { department: string }, fresh: boolean): Promise<string>;
  /** the text behind a link of Feishu Minutes or a Feishu document */
  linkText(url: string): Promise<{ text: string } | { trouble: 'link-unreadable' | 'link-denied' | 'link-away' }>;
}

export const LETTERS = 'MT';
const SERIES = 'MS';
const MEETING_WORDS = ['meeting', 'meetings', '会议'];
const MINUTES_WORDS = ['minutes', '纪要'];

export function meetingTalker(around: Surroundings): Talker<MeetingsWorld> {
  return {
    understand: (scene) => understand(scene, around),
    reply: async (outcome, command, scene) =>
      /^(?:meetings|series)\./.test(command.name) ? replyTo(outcome, command, scene, around.placeOf) : undefined,
  };
}

async function understand(scene: S, around: Surroundings): Promise<Understood | undefined> {
  const { what } = scene.inbound;
  switch (what.kind) {
    case 'text':
      return what.files.length > 0 ? undefined : understandText(scene, around, what.text);
    case 'action':
      return what.action.command.startsWith('meetings.') ? understandAction(scene, around, what.action) : undefined;
    case 'form':
      return what.action.command.startsWith('meetings.') ? understandForm(scene, what.action, what.values) : undefined;
    case 'home':
      return undefined;
    default:
      return what satisfies never;
  }
}

const answer = (reply: Reply): Understood => ({ kind: 'answer', reply });
const say = (tone: 'good' | 'bad' | 'info', text: string): Understood => answer({ kind: 'said', tone, text });
const run = (name: string, subject: string | undefined, args: JsonObject, once?: string): Understood => ({
  kind: 'do',
  command: { name, subject, args },
  ...(once ? { once } : {}),
});
const wordsOf = ({ language }: S) => meetingAnswerWords(language);
const todayOf = ({ world, at }: S): string => localDate(at, world.directory.company.timezone);

async function understandText(scene: S, around: Surroundings, text: string): Promise<Understood | undefined> {
  const line = readLine(text);
  if (!line) return undefined;
  const number = readNumber(line.word);
  if (number && lettersOf(number) === LETTERS) return show(scene, around, number);
  if (MINUTES_WORDS.includes(line.word)) return understandMinutes(scene, around, line);
  return MEETING_WORDS.includes(line.word) ? understandMeeting(scene, around, line) : undefined;
}

async function understandMeeting(scene: S, around: Surroundings, line: Line): Promise<Understood> {
  const sub = readLine(line.rest) ?? { word: 'list', rest: '', slashed: false };
  const number = readNumber(sub.word);
  if (number) return show(scene, around, number);
  switch (sub.word) {
    case 'list':
    case '列表':
      return answer({ kind: 'card', card: await listCard(scene.sql, scene.person, scene) });
    case 'new':
    case '新建':
      return openNew(scene, sub.rest);
    case 'move':
    case '改期':
      return move(scene, sub);
    case 'cancel':
    case '取消':
      return cancel(scene, sub);
    case 'calendar':
    case '日历':
      return calendar(scene, around, sub.rest);
    default:
      return say('bad', wordsOf(scene).usage);
  }
}

/** With all that is needed it is set up at once; what is missing is asked for. */
function openNew(scene: S, rest: string): Understood {
  const { world, language, person } = scene;
  const read = rest === '' ? undefined : readNewLine(namedIn(rest, scene), todayOf(scene));
  const typed = read ?? (rest === '' ? {} : { title: rest });
  const values = { ...typed, length: '60', chair: person, taker: person, channel: '-' };
  const whole = read?.title && read.who ? readSetUp(values, world.directory, scene.at) : undefined;
  if (whole && 'rule' in whole) return settingUp(whole);
  const form = newForm({ command: 'meetings.new', with: { once: randomUUID() } }, values, { world, language });
  return answer({ kind: 'form', form, say: wordsOf(scene).forms.sent });
}

function settingUp(whole: Extract<ReturnType<typeof readSetUp>, { rule: unknown }>, once?: string): Understood {
  const rule = whole.rule as unknown as JsonObject;
  return whole.once
    ? run('meetings.schedule', undefined, { rule, ...whole.once }, once)
    : run('series.set', undefined, { rule }, once);
}

/** An account means something on its own platform only: who is mentioned stands there by name. */
function namedIn(text: string, { world, inbound }: S): string {
  return text.replace(/<@([^<>|\s]{1,100})(?:\|[^>]*)?>/g, (mention, account: string) => {
    const person = personByAccount(world.directory, inbound.platform, account);
    return person ? `@${person.name}` : mention;
  });
}

function move(scene: S, sub: Line): Understood {
  const target = readLine(sub.rest);
  const number = target && readNumber(target.word);
  if (!number || lettersOf(number) !== LETTERS) return say('bad', wordsOf(scene).usage);
  const start = readMove(target.rest, scene.world.directory, scene.at);
  return start ? run('meetings.move', number, { start }) : say('bad', wordsOf(scene).faults.when);
}

function cancel(scene: S, sub: Line): Understood {
  const target = readLine(sub.rest);
  const number = target && readNumber(target.word);
  if (!number) return say('bad', wordsOf(scene).usage);
  const reason = cleanParagraph(target.rest, 500);
  if (lettersOf(number) === SERIES) return run('series.end', number, { reason });
  return lettersOf(number) === LETTERS ? run('meetings.cancel', number, { reason }) : say('bad', wordsOf(scene).usage);
}

async function calendar(scene: S, around: Surroundings, rest: string): Promise<Understood> {
  const { said } = wordsOf(scene);
  const own = scene.world.directory.people.get(scene.person)?.department;
  const fresh = ['new', '新'].includes(rest.trim().toLowerCase());
  if (['team', '团队'].includes(rest.trim().toLowerCase()) && own) {
    return say('info', said.teamCalendar(own, await around.calendarUrl({ department: own }, false)));
  }
  return say('info', said.calendar(await around.calendarUrl({ person: scene.person }, fresh)));
}

async function show(scene: S, around: Surroundings, number: string): Promise<Understood> {
  const meeting = await readMeeting(scene.sql, number);
  const w = wordsOf(scene).refusals;
  if (!meeting) return say('bad', w['unknown-meeting'](number));
  if (!maySee(meeting, scene.person, scene.world)) return say('bad', w['not-yours']);
  const place = around.placeOf(scene.world, scene.person, scene.inbound.platform);
  if (!place) return say('bad', w.other);
  await showAgain(scene.sql, { subject: number, to: { person: scene.person }, place, at: scene.at });
  return say('info', wordsOf(scene).said.shown(number));
}

// --- minutes ---

/** `/minutes`, `/minutes MT-2026-0003`, and with the text or a link behind it. */
async function understandMinutes(scene: S, around: Surroundings, line: Line): Promise<Understood> {
  const first = readLine(line.rest);
  const number = first && readNumber(first.word);
  const text = number ? first.rest : line.rest;
  const meeting = number ? await readMeeting(scene.sql, number) : await meant(scene);
  const w = wordsOf(scene).refusals;
  if (!meeting) return say('bad', number ? w['unknown-meeting'](number) : w['none-owed']);
  if (!maySee(meeting, scene.person, scene.world)) return say('bad', w['not-yours']);
  if (text === '' && meeting.minutes) return read(scene, meeting);
  if (text === '') return write(scene, meeting);
  return draft(scene, around, meeting, text);
}

/** The one that this person owes, else the latest that they were at. */
async function meant(scene: S): Promise<Meeting | undefined> {
  const owed = await owedMinutes(scene.sql, scene.person);
  const own = owed.find((meeting) => mayWrite(meeting, scene.person, scene.world.directory));
  return own ?? latestFor(scene.sql, scene.person, scene.at);
}

async function read(scene: S, meeting: Meeting): Promise<Understood> {
  const versions = await minutesOf(scene.sql, meeting.number);
  if (versions.length === 0) return say('bad', wordsOf(scene).refusals['no-minutes'](meeting.number));
  const reading = await readingOf(scene.sql, meeting, scene.world, scene.language, scene.at);
  return answer({ kind: 'card', card: minutesCard(reading, versions) });
}

/** The form opens only for whoever could file it. */
function write(scene: S, meeting: Meeting, filling = fillingOf(meeting, scene), source = 'form'): Understood {
  const w = wordsOf(scene);
  const zone = scene.world.directory.company.timezone;
  if (!mayWrite(meeting, scene.person, scene.world.directory))
    return say('bad', w.refusals['not-minute-taker'](nameOf(meeting.minuteTaker, scene)));
  if (meeting.state === 'cancelled')
    return say('bad', w.refusals['meeting-over'](meetingWords(scene.language).states.cancelled));
  if (scene.at.toISOString() < meeting.start)
    return say('bad', w.refusals['not-yet-held'](showTime(new Date(meeting.start), zone, scene.language)));
  const action: ActionRef = {
    command: 'meetings.file',
    subject: meeting.number,
    seen: meeting.minutes?.version ?? 0,
    with: { once: randomUUID(), source },
  };
  return answer({ kind: 'form', form: minutesForm(meeting, filling, action, scene), say: w.forms.sent });
}

async function draft(scene: S, around: Surroundings, meeting: Meeting, text: string): Promise<Understood> {
  const link = /^(https?:\/\/\S+)$/.exec(text.trim())?.[1];
  const fetched = link ? await around.linkText(link) : { text };
  if ('trouble' in fetched) return say('bad', wordsOf(scene).refusals[fetched.trouble]);
  const read = readDraft(namedIn(fetched.text, scene), finding(scene), dayOf(meeting, scene.world));
  const known = fillingOf(meeting, scene);
  const whole = {
    topics: read.topics.length > 0 ? read.topics : known.draft.topics,
    present: read.present.length > 0 ? read.present : known.draft.present,
    decisions: [...known.draft.decisions, ...read.decisions],
  };
  return write(scene, meeting, { draft: whole, numbers: known.numbers, pasted: true }, link ? 'link' : 'text');
}

const finding =
  ({ world, inbound }: S) =>
  (name: string): string | undefined => {
    const known = personByAccount(world.directory, inbound.platform, name) ?? world.directory.people.get(name);
    if (known) return known.id;
    const named = personByName(world.directory, name, inbound.platform);
    return named.length === 1 ? named[0]?.id : undefined;
  };
const nameOf = (id: string, { world }: S): string => world.directory.people.get(id)?.name ?? id;

// --- buttons and forms ---

async function understandAction(scene: S, around: Surroundings, action: ActionRef): Promise<Understood> {
  const act = action.command.slice('meetings.'.length);
  const number = action.subject ?? '';
  if (act === 'show') return show(scene, around, number);
  if (act === 'yes') return run('meetings.answer', number, { answer: 'yes' });
  const meeting = await readMeeting(scene.sql, number);
  const w = wordsOf(scene);
  if (!meeting) return say('bad', w.refusals['unknown-meeting'](number));
  if (!maySee(meeting, scene.person, scene.world)) return say('bad', w.refusals['not-yours']);
  if (act === 'read') return read(scene, meeting);
  if (act === 'write') return write(scene, meeting);
  const ask = ASKS.find((one) => one === act);
  if (!ask) return say('bad', w.refusals.unreadable);
  const form = askForm(ask, meeting, { ...action, with: { once: randomUUID() } }, scene);
  return answer({ kind: 'form', form, say: w.forms.sent });
}

async function understandForm(scene: S, action: ActionRef, values: Record<string, string>): Promise<Understood> {
  const act = action.command.slice('meetings.'.length);
  const once = action.with?.once;
  const w = wordsOf(scene);
  if (act === 'new') return fileNew(scene, action, values);
  const meeting = await readMeeting(scene.sql, action.subject ?? '');
  if (!meeting) return say('bad', w.refusals['unknown-meeting'](action.subject ?? ''));
  if (act === 'file') return fileMinutes(scene, meeting, action, values);
  const ask = ASKS.find((one) => one === act);
  if (!ask) return say('bad', w.refusals.unreadable);
  const asked = askArgs(ask, values, scene);
  if ('faults' in asked) {
    const form = withFaults(askForm(ask, meeting, action, scene), values, asked.faults);
    return answer({ kind: 'faults', form, say: w.forms.check });
  }
  return run(`meetings.${asked.name}`, meeting.number, asked.args, once);
}

type Asked = { name: string; args: JsonObject } | { faults: Record<string, string> };

function askArgs(ask: Ask, values: Record<string, string>, scene: S): Asked {
  const w = wordsOf(scene);
  const text = (id: string, max = 500) => cleanParagraph(values[id] ?? '', max);
  const reason = text('reason') ? { reason: text('reason') } : {};
  switch (ask) {
    case 'no':
      return { name: 'answer', args: { answer: 'no', ...reason } };
    case 'deputy': {
      const deputy = finding(scene)(values.deputy ?? '');
      if (!deputy) return { faults: { deputy: w.faults.person } };
      return { name: 'answer', args: { answer: 'deputy', deputy, ...reason } };
    }
    case 'topic': {
      const topic = cleanLine(values.text ?? '', 300);
      return topic ? { name: 'add-topic', args: { text: topic } } : { faults: { text: w.faults.empty } };
    }
    case 'move': {
      const start = readMove(values.when ?? '', scene.world.directory, scene.at);
      return start ? { name: 'move', args: { start, ...reason } } : { faults: { when: w.faults.when } };
    }
    case 'cancel':
      return text('reason')
        ? { name: 'cancel', args: { reason: text('reason') } }
        : { faults: { reason: w.faults.empty } };
    default:
      return ask satisfies never;
  }
}

function fileNew(scene: S, action: ActionRef, given: Record<string, string>): Understood {
  const find = finding(scene);
  const person = (id: string) => find(given[id] ?? '') ?? given[id] ?? '';
  const values = {
    ...given,
    title: cleanLine(given.title ?? '', 75),
    who: namedIn(given.who ?? '', scene),
    chair: person('chair'),
    taker: person('taker'),
  };
  const read = readSetUp(values, scene.world.directory, scene.at);
  if ('rule' in read) return settingUp(read, action.with?.once);
  const faults = Object.fromEntries(
    Object.entries(read.faults).map(([field, fault]) => [field, saySetUpFault(fault, scene.language)]),
  );
  const form = withFaults(newForm(action, {}, scene), given, faults);
  return answer({ kind: 'faults', form, say: wordsOf(scene).forms.check });
}

function fileMinutes(scene: S, meeting: Meeting, action: ActionRef, values: Record<string, string>): Understood {
  const { language, world } = scene;
  const day = dayOf(meeting, world);
  const { once, source = 'form', ...carried } = action.with ?? {};
  const written = readWritten(values, carried, finding(scene), day);
  const w = meetingAnswerWords(language);
  const faults = faultsByField(written, incompleteIn(written.decisions, world.directory, day), language);
  if (written.topics.length === 0) faults.topics = w.faults['no-topics'];
  if (written.present.length === 0) faults.present = w.faults['nobody-present'];
  if (Object.keys(faults).length > 0) {
    const form = withFaults(minutesForm(meeting, fillingFrom(written), action, scene), values, faults);
    return answer({ kind: 'faults', form, say: w.refusals.incomplete });
  }
  const kind = source === 'text' || source === 'link' ? source : 'form';
  return run('meetings.file-minutes', meeting.number, argsOf(written, kind, action.seen ?? 0), once);
}

/** The rows that the form had stay where they were, so that each fault stands at its own. */
function fillingFrom({ topics, present, decisions }: ReturnType<typeof readWritten>) {
  const rows = decisions.filter((line) => line.field !== 'more');
  return { draft: { topics, present, decisions: rows }, numbers: rows.map((line) => line.number) };
}
