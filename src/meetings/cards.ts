/** What a person sees of a meeting: who comes, what is on, what was decided; with the buttons that are theirs. Pure. */
import { localDate, showDate, showTime } from '../core/calendar.ts';
import type { ActionRef, Block, Button, Card, Tone } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import type { Audience } from '../core/module.ts';
import { isolate } from '../core/text.ts';
import { type DecisionTaken, isOpen } from '../decisions/model.ts';
import { lineUp } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import { sayDue } from '../words/calendar.ts';
import { meetingWords } from '../words/meetings.ts';
import { sayMoved } from '../words/schedule.ts';
import { leads, mayLead, mayWrite, writer } from './decide.ts';
import { droppable } from './forms.ts';
import { type Attendee, type Meeting, type MeetingsWorld, type Minutes, takingPart } from './model.ts';

export interface Reading {
  meeting: Meeting;
  /** what its series still has open from before: with that it begins */
  carried: DecisionTaken[];
  /** what came of its own minutes, as it stands now */
  taken: DecisionTaken[];
  world: MeetingsWorld;
  language: Language;
  at: Date;
}

const TOPICS_SHOWN = 20;
const DECISIONS_SHOWN = 12;
const VERSIONS_SHOWN = 8;

export function meetingCard(reading: Reading, viewer: Audience, plain = false): Card {
  const { meeting, language } = reading;
  const w = meetingWords(language);
  const title = isolate(meeting.title[language]);
  const blocks: Block[] = [
    { kind: 'facts', facts: mainFacts(reading) },
    ...whyThen(reading),
    ...(meeting.minutes ? minutesBlocks(reading, plain) : aheadBlocks(reading, plain)),
    ...buttons(reading, viewer),
  ];
  return {
    headline: w.headline(meeting.number, title),
    tone: toneOf(meeting),
    summary: w.summary(title, timeOf(meeting, reading), stateText(reading)),
    blocks,
  };
}

function toneOf(meeting: Meeting): Tone {
  if (meeting.state === 'cancelled') return 'muted';
  if (meeting.minutes) return 'good';
  if (meeting.overdue) return 'bad';
  return meeting.state === 'ended' ? 'warn' : 'open';
}

type Shown = Pick<Reading, 'world' | 'language'>;
const zoneOf = ({ world }: Shown): string => world.directory.company.timezone;
const clock = (at: string, shown: Shown): string => showTime(new Date(at), zoneOf(shown), shown.language);
export const nameOf = (id: string, { world }: Pick<Reading, 'world'>): string =>
  world.directory.people.get(id)?.name ?? id;

/** `2026-11-23 周一 10:00–11:00`. */
export function timeOf(meeting: Pick<Meeting, 'start' | 'end'>, shown: Shown): string {
  const w = meetingWords(shown.language);
  const sameDay = localDate(new Date(meeting.start), zoneOf(shown)) === localDate(new Date(meeting.end), zoneOf(shown));
  const end = clock(meeting.end, shown);
  return w.span(clock(meeting.start, shown), sameDay ? end.slice(-5) : end);
}

export function stateText({ meeting, language }: Pick<Reading, 'meeting' | 'language'>): string {
  return meetingWords(language).states[meeting.state];
}

function mainFacts(reading: Reading) {
  const { meeting, language } = reading;
  const w = meetingWords(language);
  const facts: { label: string; value: string; wide?: boolean }[] = [
    { label: w.time, value: timeOf(meeting, reading), wide: true },
    { label: w.chair, value: nameOf(meeting.chair, reading) },
    { label: w.taker, value: nameOf(writer(meeting, reading.world.directory), reading) },
  ];
  if (meeting.rule.place) facts.push({ label: w.place, value: isolate(meeting.rule.place), wide: true });
  if (meeting.rule.project) facts.push({ label: w.project, value: isolate(meeting.rule.project) });
  return facts;
}

/** Why it is on another day than the rule's, or no more. */
function whyThen(reading: Reading): Block[] {
  const { meeting, language } = reading;
  const w = meetingWords(language);
  if (meeting.cancelled) {
    const { by, reason } = meeting.cancelled;
    const text =
      by === 'clock'
        ? w.cancelledByRule(reason && isolate(reason))
        : w.cancelledWhy(nameOf(by, reading), isolate(reason));
    return [{ kind: 'text', text, strong: true }];
  }
  return meeting.movedFrom
    ? [
        {
          kind: 'note',
          text: sayMoved(meeting.movedFrom, language, localDate(new Date(meeting.start), zoneOf(reading))),
        },
      ]
    : [];
}

function aheadBlocks(reading: Reading, plain: boolean): Block[] {
  const { meeting } = reading;
  if (meeting.state === 'cancelled') return [];
  const agenda = agendaBlocks(reading);
  const who = attendanceBlocks(reading, plain);
  return meeting.state === 'ended' ? [...owedBlocks(reading), ...agenda] : [...who, ...agenda];
}

function attendanceBlocks({ meeting, language, world }: Reading, plain: boolean): Block[] {
  const w = meetingWords(language);
  const of = (answer: Attendee['answer']) => meeting.attendees.filter((one) => one.answer === answer);
  const who = ({ person, answer, deputy, reason }: Attendee): string => {
    const name = nameOf(person, { world });
    if (!deputy) return answer === 'no' && reason && !plain ? w.attendance.why(name, isolate(reason)) : name;
    const other = nameOf(deputy.person, { world });
    return deputy.away ? w.attendance.away(name, other) : w.attendance.deputy(name, other);
  };
  const line = (label: string, answer: Attendee['answer']): string[] => {
    const people = of(answer);
    return people.length > 0 ? [w.listed(label, w.names(people.map(who)))] : [];
  };
  const lines = [
    ...line(w.attendance.yes, 'yes'),
    ...line(w.attendance.deputies, 'deputy'),
    ...line(w.attendance.no, 'no'),
    ...line(w.attendance.open, 'open'),
  ];
  const sure = of('yes').length + of('deputy').length;
  const title = `${w.attendance.title} · ${w.attendance.count(sure, meeting.attendees.length)}`;
  return [
    { kind: 'text', text: title, strong: true },
    { kind: 'text', text: lines.join('\n') },
  ];
}

function agendaBlocks(reading: Reading): Block[] {
  const { meeting, carried, language, at } = reading;
  const w = meetingWords(language).agenda;
  const today = localDate(at, zoneOf(reading));
  const open = carried.filter((one) => one.meeting !== meeting.number && isOpen(one)).slice(0, DECISIONS_SHOWN);
  const topics = meeting.topics
    .slice(0, TOPICS_SHOWN)
    .map((topic, index) => `${index + 1}. ${w.topic(isolate(topic.text), nameOf(topic.by, reading))}`);
  const blocks: Block[] = [{ kind: 'text', text: w.title, strong: true }];
  if (open.length > 0) {
    const lines = open.map((one) => decisionLine(one, reading, one.due < today ? w.late : ''));
    blocks.push({ kind: 'quote', text: [w.carried, ...lines].join('\n') });
  }
  const none = open.length === 0 && meeting.state === 'planned' ? [{ kind: 'note' as const, text: w.none }] : [];
  return topics.length > 0
    ? [...blocks, { kind: 'text', text: topics.join('\n') }]
    : open.length > 0 || none.length > 0
      ? [...blocks, ...none]
      : [];
}

function decisionLine(one: DecisionTaken, shown: Shown, late: string): string {
  const w = meetingWords(shown.language).agenda;
  return w.decision(one.number, isolate(one.text), nameOf(one.owner, shown), showDate(one.due, shown.language), late);
}

function owedBlocks(reading: Reading): Block[] {
  const { meeting, language } = reading;
  const w = meetingWords(language).minutes;
  if (!meeting.minutesDue) return [];
  const due = clock(meeting.minutesDue, reading);
  const text = meeting.overdue ? w.overdue(due) : w.due(due);
  // the computation, so that nobody has to reckon holidays and nights
  const { hours } = reading.world.directory.company;
  const how = sayDue(new Date(meeting.end), meeting.rule.minutes.within, hours, language);
  return [
    { kind: 'text', text, strong: true },
    { kind: 'note', text: w.how(how) },
  ];
}

/** `迟交 3 小时（工作时间 1 小时）`. */
function lateText({ late }: Minutes, language: Language): string[] {
  if (!late) return [];
  const w = meetingWords(language).minutes;
  const long = (ms: number) => {
    const minutes = Math.ceil(ms / 60_000);
    return w.hours(Math.floor(minutes / 60), minutes % 60);
  };
  return [w.lateWorking(long(late.ms), long(late.workingMs))];
}

function minutesBlocks(reading: Reading, plain: boolean): Block[] {
  const { meeting, taken, language } = reading;
  const w = meetingWords(language).minutes;
  const minutes = meeting.minutes as Minutes;
  const now = new Map(taken.map((one) => [one.number, one]));
  const shown = minutes.decisions.slice(0, DECISIONS_SHOWN);
  const decisions = shown.map((line) => {
    const { text, owner, due } = now.get(line.number) ?? line;
    return w.decision(line.number, isolate(text), nameOf(owner, reading), showDate(due, language));
  });
  const more = minutes.decisions.length - shown.length;
  const filed = w.filed(nameOf(minutes.by, reading), clock(minutes.at, reading), minutes.version);
  return [
    { kind: 'text', text: [filed, ...lateText(minutes, language)].join(' '), strong: true },
    ...(plain ? [] : [topicsBlock(minutes, language)]),
    { kind: 'text', text: w.decisions, strong: true },
    { kind: 'text', text: decisions.length > 0 ? decisions.join('\n') : w.none },
    ...(more > 0 ? [{ kind: 'note' as const, text: w.more(more) }] : []),
    { kind: 'note', text: presentText(minutes, reading), drop: 2 },
  ];
}

function topicsBlock({ topics }: Minutes, language: Language): Block {
  const lines = topics.map((topic, index) => `${index + 1}. ${isolate(topic)}`);
  return { kind: 'quote', text: [meetingWords(language).minutes.topics, ...lines].join('\n'), drop: 3 };
}

function presentText({ present }: Minutes, reading: Reading): string {
  const w = meetingWords(reading.language);
  const there = present.map(({ name, person }) => (person ? nameOf(person, reading) : w.minutes.guest(isolate(name))));
  const known = new Set(present.map(({ person }) => person));
  const missing = takingPart(reading.meeting).filter((person) => !known.has(person));
  const absent =
    missing.length > 0 ? [w.listed(w.minutes.absent, w.names(missing.map((id) => nameOf(id, reading))))] : [];
  return [w.listed(w.minutes.present, w.names(there)), ...absent].join(' · ');
}

/** The minutes as a whole, with the versions before: for whoever presses "read". */
export function minutesCard(reading: Reading, versions: readonly Minutes[], all = versions): Card {
  const { meeting, language } = reading;
  const w = meetingWords(language);
  const minutes = versions.at(-1);
  if (!minutes) throw new Error(`${meeting.number} has no minutes`);
  const decisions = minutes.decisions.map((line) =>
    w.minutes.decision(line.number, isolate(line.text), nameOf(line.owner, reading), showDate(line.due, language)),
  );
  const older = versions
    .slice(0, -1)
    .map((one) => w.minutes.older(one.version, nameOf(one.by, reading), clock(one.at, reading)));
  const filed = w.minutes.filed(nameOf(minutes.by, reading), clock(minutes.at, reading), minutes.version);
  return {
    headline: w.headline(meeting.number, isolate(meeting.title[language])),
    tone: 'good',
    summary: filed,
    blocks: [
      { kind: 'facts', facts: mainFacts(reading) },
      { kind: 'text', text: [filed, ...lateText(minutes, language)].join(' '), strong: true },
      topicsBlock(minutes, language),
      { kind: 'text', text: w.minutes.decisions, strong: true },
      { kind: 'text', text: decisions.length > 0 ? decisions.join('\n') : w.minutes.none },
      { kind: 'note', text: presentText(minutes, reading) },
      ...(older.length > 0 ? [{ kind: 'note' as const, text: [w.minutes.olderTitle, ...older].join('\n') }] : []),
      ...otherVersions(meeting, minutes, all, language),
    ],
  };
}

/** Any version can be read, also from an older one. */
function otherVersions(meeting: Meeting, shown: Minutes, all: readonly Minutes[], language: Language): Block[] {
  const w = meetingWords(language).minutes;
  const latest = all.at(-1)?.version ?? shown.version;
  const buttons = all
    .filter((one) => one.version !== shown.version)
    .slice(-VERSIONS_SHOWN)
    .map(({ version }): Button => {
      const action = { command: 'meetings.read', subject: meeting.number, with: { version: String(version) } };
      return { label: w.readVersion(version), action };
    });
  return [
    ...(shown.version < latest ? [{ kind: 'note' as const, text: w.outdated(shown.version, latest) }] : []),
    ...(buttons.length > 0 ? [{ kind: 'buttons' as const, buttons }] : []),
  ];
}

// --- buttons ---

const ANSWERS: ReadonlySet<string> = new Set(['yes', 'no', 'deputy']);

function buttons({ meeting, language, world, at }: Reading, viewer: Audience): Block[] {
  const w = meetingWords(language);
  const action = (name: string): ActionRef => ({
    command: `meetings.${name}`,
    subject: meeting.number,
    // an answer is given for the time that its reader saw
    ...(ANSWERS.has(name) ? { with: { start: meeting.start } } : {}),
  });
  const button = (label: string, name: string, style?: Button['style']): Button => ({
    label,
    action: action(name),
    ...(style ? { style } : {}),
  });
  const over = meeting.state !== 'planned' || at.toISOString() >= meeting.end;
  const begun = at.toISOString() >= meeting.start && meeting.state !== 'cancelled';
  const person = 'person' in viewer ? viewer.person : undefined;
  const called = person === undefined || meeting.attendees.some((one) => one.person === person);
  const answers: Button[] =
    over || !called
      ? []
      : [
          button(w.buttons.yes, 'yes', begun ? undefined : 'primary'),
          button(w.buttons.no, 'no'),
          button(w.buttons.deputy, 'deputy'),
        ];
  const drops = person !== undefined && droppable(meeting, person, world).length > 0;
  const topic = over ? [] : [button(w.buttons.topic, 'topic'), ...(drops ? [button(w.buttons.drop, 'drop')] : [])];
  const writes = person !== undefined && mayWrite(meeting, person, world.directory);
  const write = begun && writes ? [writeButton(meeting, button, w)] : [];
  const read = meeting.minutes ? [button(w.buttons.read, 'read')] : [];
  const chairs =
    person !== undefined && leads(meeting, { actor: { kind: 'person', id: person, platform: 'desk' }, world });
  const lead = chairs && !meeting.minutes && meeting.state !== 'cancelled';
  const leading = lead
    ? [...(over ? [] : [button(w.buttons.move, 'move')]), button(w.buttons.cancel, 'cancel', 'danger')]
    : [];
  const rows = [
    [...write, ...read, ...answers],
    [...topic, ...leading],
  ];
  return rows.filter((row) => row.length > 0).map((row): Block => ({ kind: 'buttons', buttons: row }));
}

function writeButton(
  meeting: Meeting,
  button: (label: string, name: string, style?: Button['style']) => Button,
  w: ReturnType<typeof meetingWords>,
): Button {
  return meeting.minutes ? button(w.buttons.correct, 'write') : button(w.buttons.write, 'write', 'primary');
}

/** Those concerned, those above whoever leads or writes, whoever acts for one of them (D4), and auditors (A4). */
export function maySee(meeting: Meeting, id: string, { directory }: { directory: Directory }): boolean {
  const person = directory.people.get(id);
  if (person?.active !== true) return false;
  if (meeting.parties.includes(id) || person.roles.includes('auditor')) return true;
  const above = [...lineUp(directory, meeting.minuteTaker), ...lineUp(directory, meeting.chair)];
  return above.some((one) => one.id === id) || mayWrite(meeting, id, directory) || mayLead(meeting, id, directory);
}
