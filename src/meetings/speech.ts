/** How people talk of meetings: `/meeting new 12-10 14:00 选题会 @李娜`, `/minutes`, the buttons of a card. */
import { randomUUID } from 'node:crypto';
import { localDate } from '../core/calendar.ts';
import type { ActionRef } from '../core/card.ts';
import type { Platform, Reply } from '../core/chat.ts';
import type { Scene, Talker, Understood } from '../core/intake.ts';
import { type Line, readLine } from '../core/line.ts';
import type { Actor, JsonObject } from '../core/message.ts';
import type { Place } from '../core/module.ts';
import { lettersOf, readNumber } from '../core/number.ts';
import { showAgain } from '../core/outbox.ts';
import { cleanLine, cleanParagraph } from '../core/text.ts';
import { meetingAnswerWords } from '../words/meeting-answers.ts';
import { replyTo } from './answers.ts';
import { maySee, meetingCard } from './cards.ts';
import { listCard, readingOf } from './drawer.ts';
import { ASKS, type Ask, askForm, newForm, whyNotAsk, withFaults } from './forms.ts';
import { filedMeanwhile, fileMinutes, type LinkText, read, understandMinutes, write } from './minute-taking.ts';
import type { MeetingsWorld } from './model.ts';
import { finding, namedIn } from './names.ts';
import { readMove, readNewLine, readSetUp, saySetUpFaults } from './setup.ts';
import { readMeeting } from './store.ts';

type S = Scene<MeetingsWorld>;

export interface Surroundings {
  placeOf(world: MeetingsWorld, person: string, platform: Platform): Place | undefined;
  /** the secret address of a person's calendar; `fresh`: a new one, the old one ends */
  calendarUrl(owner: { person: string } | { team: string }, fresh: boolean): Promise<string>;
  linkText: LinkText;
}

export const LETTERS = 'MT';
const SERIES = 'MS';
const MEETING_WORDS = ['meeting', 'meetings', '会议'];
const MINUTES_WORDS = ['minutes', '纪要'];

export function meetingTalker(around: Surroundings): Talker<MeetingsWorld> {
  return {
    understand: (scene) => understand(scene, around),
    reply: async (outcome, command, scene) =>
      /^(?:meetings|series)\./.test(command.name)
        ? (filedMeanwhile(outcome, scene) ?? replyTo(outcome, command, scene, around.placeOf))
        : undefined,
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
    case 'quote':
      return undefined;
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
const actorOf = ({ person, inbound }: S): Actor => ({ kind: 'person', id: person, platform: inbound.platform });
const wordsOf = ({ language }: S) => meetingAnswerWords(language);
const todayOf = ({ world, at }: S): string => localDate(at, world.directory.company.timezone);

async function understandText(scene: S, around: Surroundings, text: string): Promise<Understood | undefined> {
  const line = readLine(text);
  if (!line) return undefined;
  const number = readNumber(line.word);
  if (number && lettersOf(number) === LETTERS) return show(scene, around, number);
  if (MINUTES_WORDS.includes(line.word)) return understandMinutes(scene, around.linkText, line);
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
      return cancel(scene, around, sub);
    case 'calendar':
    case '日历':
      return calendar(scene, around, sub.rest);
    default:
      return say('bad', wordsOf(scene).usage);
  }
}

/** With all that is needed it is set up at once; what is missing is asked for, and what cannot be says why. */
function openNew(scene: S, rest: string): Understood {
  const { world, language, person } = scene;
  const said = namedIn(rest, scene).replaceAll('＠', '@');
  const read = rest === '' ? undefined : readNewLine(said, todayOf(scene));
  const { when = '', title = said, who = '' } = read ?? {};
  const typed = { title: cleanLine(title, 75), when: cleanLine(when, 100), who: cleanLine(who, 1000) };
  const values = { ...typed, length: '60', chair: person, taker: person, channel: '-' };
  const whole = read?.title && read.who ? readSetUp(values, world.directory, scene.at) : undefined;
  if (whole && 'rule' in whole) return settingUp(whole);
  const form = newForm({ command: 'meetings.new', with: { once: randomUUID() } }, values, { world, language });
  const shown = whole ? withFaults(form, values, saySetUpFaults(whole.faults, language)) : form;
  return answer({ kind: 'form', form: shown, say: wordsOf(scene).forms.sent });
}

function settingUp(whole: Extract<ReturnType<typeof readSetUp>, { rule: unknown }>, once?: string): Understood {
  const rule = whole.rule as unknown as JsonObject;
  return whole.once
    ? run('meetings.schedule', undefined, { rule, ...whole.once }, once)
    : run('series.set', undefined, { rule }, once);
}

function move(scene: S, sub: Line): Understood {
  const target = readLine(sub.rest);
  const number = target && readNumber(target.word);
  if (!number || lettersOf(number) !== LETTERS) return say('bad', wordsOf(scene).usage);
  const start = readMove(target.rest, scene.world.directory, scene.at);
  return start ? run('meetings.move', number, { start }) : say('bad', wordsOf(scene).faults.once);
}

/** Everybody who was invited reads why: without a reason it is asked for. */
async function cancel(scene: S, around: Surroundings, sub: Line): Promise<Understood> {
  const target = readLine(sub.rest);
  const number = target && readNumber(target.word);
  if (!number) return say('bad', wordsOf(scene).usage);
  const reason = cleanParagraph(target.rest, 500);
  if (lettersOf(number) === SERIES) return run('series.end', number, { reason });
  if (lettersOf(number) !== LETTERS) return say('bad', wordsOf(scene).usage);
  return reason
    ? run('meetings.cancel', number, { reason })
    : understandAction(scene, around, { command: 'meetings.cancel', subject: number });
}

async function calendar(scene: S, around: Surroundings, rest: string): Promise<Understood> {
  const { said } = wordsOf(scene);
  const department = scene.world.directory.people.get(scene.person)?.department;
  const asked = rest.toLowerCase().split(/\s+/u);
  const fresh = asked.some((word) => ['new', '新', '更换'].includes(word));
  if (!asked.some((word) => ['team', '团队'].includes(word)))
    return say('info', said.calendar(await around.calendarUrl({ person: scene.person }, fresh)));
  if (department === undefined) return say('bad', wordsOf(scene).refusals['no-team']);
  return say('info', said.teamCalendar(department, await around.calendarUrl({ team: scene.person }, fresh)));
}

async function show(scene: S, around: Surroundings, number: string): Promise<Understood> {
  const meeting = await readMeeting(scene.sql, number);
  const w = wordsOf(scene).refusals;
  if (!meeting) return say('bad', w['unknown-meeting'](number));
  if (!maySee(meeting, scene.person, scene.world)) return say('bad', w['not-yours']);
  const place = around.placeOf(scene.world, scene.person, scene.inbound.platform);
  if (!place) {
    // where live cards do not stand, the card as it is now is the answer
    const reading = await readingOf(scene.sql, meeting, scene.world, scene.language, scene.at);
    return answer({ kind: 'card', card: meetingCard(reading, { person: scene.person }) });
  }
  await showAgain(scene.sql, { subject: number, to: { person: scene.person }, place, at: scene.at });
  return say('info', wordsOf(scene).said.shown(number));
}

// --- buttons and forms ---

async function understandAction(scene: S, around: Surroundings, action: ActionRef): Promise<Understood> {
  const act = action.command.slice('meetings.'.length);
  const number = action.subject ?? '';
  if (act === 'show') return show(scene, around, number);
  if (act === 'yes') return run('meetings.answer', number, { answer: 'yes', ...startOf(action) });
  const meeting = await readMeeting(scene.sql, number);
  const w = wordsOf(scene);
  if (!meeting) return say('bad', w.refusals['unknown-meeting'](number));
  if (!maySee(meeting, scene.person, scene.world)) return say('bad', w.refusals['not-yours']);
  if (act === 'read') return read(scene, meeting, action.with?.version);
  if (act === 'write') return write(scene, meeting);
  const ask = ASKS.find((one) => one === act);
  if (!ask) return say('bad', w.refusals.unreadable);
  const refusal = whyNotAsk(ask, meeting, { ...scene, actor: actorOf(scene) });
  if (refusal) {
    const refused = { kind: 'refused' as const, subject: number, state: meeting, refusal };
    return answer(await replyTo(refused, { name: action.command, subject: number, args: {} }, scene, around.placeOf));
  }
  const form = askForm(ask, meeting, { ...action, with: { ...action.with, once: randomUUID() } }, scene);
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
  const seen = asked.name === 'answer' ? startOf(action) : {};
  return run(`meetings.${asked.name}`, meeting.number, { ...asked.args, ...seen }, once);
}

/** For which time the card asked. */
const startOf = (action: ActionRef): JsonObject => (action.with?.start ? { start: action.with.start } : {});

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
    case 'drop':
      return values.topic
        ? { name: 'drop-topic', args: { topic: values.topic } }
        : { faults: { topic: w.faults.empty } };
    case 'move': {
      const start = readMove(values.when ?? '', scene.world.directory, scene.at);
      return start ? { name: 'move', args: { start, ...reason } } : { faults: { when: w.faults.once } };
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
  const form = withFaults(newForm(action, {}, scene), given, saySetUpFaults(read.faults, scene.language));
  return answer({ kind: 'faults', form, say: wordsOf(scene).forms.check });
}
