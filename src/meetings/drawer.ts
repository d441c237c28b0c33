/** Draws what the outbox owes of meetings, from the latest state; and the list of a person's meetings. */
import { localDate, showTime } from '../core/calendar.ts';
import type { Block, Card } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import { closedCard } from '../core/closed.ts';
import type { Drawer } from '../core/module.ts';
import { MOVED } from '../core/outbox.ts';
import { isolate } from '../core/text.ts';
import { openOfSeries, takenAt } from '../decisions/listing.ts';
import { standsFor } from '../directory/lookup.ts';
import { meetingWords } from '../words/meetings.ts';
import { sayRecurrence } from '../words/schedule.ts';
import { maySee, meetingCard, type Reading, timeOf } from './cards.ts';
import { mayWrite } from './decide.ts';
import type { Meeting, MeetingsWorld, Series } from './model.ts';
import { letterCard, noticeCard } from './notices.ts';
import { readRecurrence } from './schedule.ts';
import { chatSeries, minutesOf, owedMinutes, plannedFor, type Reader, readMeeting } from './store.ts';

const LIST_LENGTH = 12;
const HOME_LENGTH = 3;
const WEEK_MS = 7 * 86_400_000;

export function drawMeetings(sql: Reader, worldNow: () => Promise<MeetingsWorld>, clock: () => Date): Drawer['draw'] {
  return async ({ kind, subject, audience, about, data = {}, language, plain }) => {
    const [world, meeting] = [await worldNow(), await readMeeting(sql, subject)];
    if (!meeting) return undefined;
    if (kind === 'card' && about === MOVED) return closedCard(subject, 'moved', language);
    if ('person' in audience && !maySee(meeting, audience.person, world))
      return kind === 'card' ? closedCard(subject, 'noLonger', language) : undefined;
    const reading = await readingOf(sql, meeting, world, language, clock());
    if (kind === 'notice') return noticeCard(reading, about ?? '', data);
    if (kind === 'letter') {
      const versions = meeting.minutes ? await minutesOf(sql, subject) : [];
      return letterCard(reading, about ?? '', data, versions, audience);
    }
    return meetingCard(reading, audience, plain);
  };
}

export async function readingOf(
  sql: Reader,
  meeting: Meeting,
  world: MeetingsWorld,
  language: Language,
  at: Date,
): Promise<Reading> {
  const carried = meeting.series && !meeting.minutes ? await openOfSeries(sql, meeting.series) : [];
  const taken = meeting.minutes ? await takenAt(sql, meeting.number) : [];
  return { meeting, carried, taken, world, language, at };
}

interface Shown {
  world: MeetingsWorld;
  language: Language;
  at: Date;
}

/** `/meeting list`: what is coming up, the minutes that this person owes, and which meetings come again. */
export async function listCard(sql: Reader, person: string, shown: Shown): Promise<Card> {
  const w = meetingWords(shown.language).list;
  const [ahead, owed, series] = await Promise.all([
    plannedFor(sql, person, shown.at, LIST_LENGTH),
    owedMinutes(sql, standsFor(person, shown.world.directory)),
    chatSeries(sql),
  ]);
  return {
    headline: w.title,
    tone: 'muted',
    summary: w.summary,
    blocks: [
      ...owedBlocks(owed, person, shown),
      { kind: 'text', text: w.ahead, strong: true },
      ...(ahead.length > 0
        ? ahead.flatMap((one) => itemBlocks(one, shown))
        : [{ kind: 'note' as const, text: w.nothing }]),
      ...seriesBlocks([...shown.world.meetings.map((rule) => ({ id: rule.id, rule })), ...series], shown),
      { kind: 'note', text: w.how },
    ],
  };
}

function owedBlocks(owed: Meeting[], person: string, shown: Shown): Block[] {
  const w = meetingWords(shown.language).list;
  const own = owed.filter((meeting) => mayWrite(meeting, person, shown.world.directory));
  const item = (meeting: Meeting): Block => {
    const due = clock(meeting.minutesDue ?? meeting.end, shown);
    return { kind: 'text', text: w.owedItem(isolate(meeting.title[shown.language]), due, meeting.number) };
  };
  const blocks = own.flatMap((meeting) => [item(meeting), opener(meeting, shown)]);
  return own.length > 0 ? [{ kind: 'text', text: w.owed, strong: true }, ...blocks] : [];
}

const clock = (at: string, { world, language }: Shown): string =>
  showTime(new Date(at), world.directory.company.timezone, language);

function itemBlocks(meeting: Meeting, shown: Shown): Block[] {
  const w = meetingWords(shown.language).list;
  const text = w.item(timeOf(meeting, shown), isolate(meeting.title[shown.language]), meeting.number);
  return [{ kind: 'text', text }, opener(meeting, shown)];
}

function opener(meeting: Meeting, { language }: Shown): Block {
  const action = { command: 'meetings.show', subject: meeting.number };
  return {
    kind: 'buttons',
    buttons: [{ label: meetingWords(language).buttons.show(meeting.number), action }],
    drop: 1,
  };
}

function seriesBlocks(series: readonly Series[], { language, world, at }: Shown): Block[] {
  const w = meetingWords(language).list;
  const lines = series.flatMap(({ id, rule }) => {
    const recurrence = readRecurrence(rule.every ?? rule.on ?? '', localDate(at, world.directory.company.timezone));
    if (!recurrence || 'once' in recurrence) return [];
    return [w.seriesItem(id, isolate(rule.title[language]), sayRecurrence(recurrence, language))];
  });
  return lines.length > 0
    ? [
        { kind: 'text', text: w.series, strong: true },
        { kind: 'note', text: lines.join('\n') },
      ]
    : [];
}

/** The minutes that this person owes and their meetings of the next week, for their home; nothing where there is nothing. */
export async function homeBlocks(sql: Reader, person: string, shown: Shown): Promise<Block[]> {
  const w = meetingWords(shown.language).list;
  const [ahead, owed] = await Promise.all([
    plannedFor(sql, person, shown.at, HOME_LENGTH),
    owedMinutes(sql, standsFor(person, shown.world.directory), HOME_LENGTH),
  ]);
  const until = new Date(shown.at.getTime() + WEEK_MS).toISOString();
  const soon = ahead.filter((meeting) => meeting.start <= until);
  const coming = soon.flatMap((one) => itemBlocks(one, shown));
  return [
    ...owedBlocks(owed, person, shown),
    ...(coming.length > 0 ? [{ kind: 'text' as const, text: w.ahead, strong: true }, ...coming] : []),
  ];
}
