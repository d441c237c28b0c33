/** What people are told of a meeting, and the letters that go out: one sentence, the minutes in full, an invitation to keep. Pure. */
import { localDate, showTime } from '../core/calendar.ts';
import type { Block, Card, Letter, Tone } from '../core/card.ts';
import { invitationText } from '../core/icalendar.ts';
import type { JsonObject } from '../core/message.ts';
import type { Audience } from '../core/module.ts';
import { isolate } from '../core/text.ts';
import { documentName } from '../core/vault.ts';
import { meetingWords } from '../words/meetings.ts';
import { meetingCard, minutesCard, nameOf, type Reading, timeOf } from './cards.ts';
import { LATE_MS } from './decide.ts';
import { eventOf } from './feed.ts';
import type { Minutes } from './model.ts';

const TONES: Record<string, Tone> = {
  reminded: 'open',
  moved: 'warn',
  cancelled: 'muted',
  released: 'muted',
  'minutes-asked': 'open',
  'minutes-before': 'warn',
  'minutes-due': 'warn',
  'minutes-overdue': 'bad',
  'minutes-filed': 'good',
  'minutes-corrected': 'good',
};

/** Undefined: it has become untrue while it waited, and is not said any more (a reminder whose meeting is over). */
export function noticeCard(reading: Reading, about: string, data: JsonObject): Card | undefined {
  if (isOver(reading, about, data)) return undefined;
  const { meeting, language } = reading;
  const w = meetingWords(language);
  const text = sentence(reading, about, data);
  const blocks: Block[] = [{ kind: 'text', text }];
  if (about === 'minutes-filed' || about === 'minutes-corrected') blocks.push(...decisionsOf(reading));
  const action = { command: 'meetings.show', subject: meeting.number };
  blocks.push({ kind: 'buttons', buttons: [{ label: w.buttons.show(meeting.number), action }] });
  return {
    headline: w.headline(meeting.number, isolate(meeting.title[language])),
    tone: TONES[about] ?? 'open',
    summary: text,
    blocks,
  };
}

/** The rule by which what fell due during an outage is dropped: nobody is invited to, or reminded of, what is over, moved, cancelled or done. */
function isOver({ meeting, at }: Reading, about: string, data: JsonObject): boolean {
  const held = meeting.state === 'planned' && at.toISOString() < meeting.end;
  if (about === 'reminded' || about === 'moved') return !held || data.start !== meeting.start;
  if (about === 'invited') return !held;
  if (about === 'minutes-before' && at.toISOString() >= (meeting.minutesDue ?? '')) return true;
  const asks = ['minutes-asked', 'minutes-before', 'minutes-due', 'minutes-overdue'].includes(about);
  return asks && (meeting.minutes !== undefined || meeting.state === 'cancelled');
}

function sentence(reading: Reading, about: string, data: JsonObject): string {
  const { meeting, language, world, at } = reading;
  const n = meetingWords(language).notices;
  const title = isolate(meeting.title[language]);
  const clock = (text: unknown) => showTime(new Date(String(text)), world.directory.company.timezone, language);
  switch (about) {
    case 'invited':
      return n.invited(title, timeOf(meeting, reading));
    case 'reminded': {
      const begun = at.toISOString() >= meeting.start;
      const late = at.getTime() - Date.parse(String(data.due)) > LATE_MS ? n.late(clock(data.due)) : '';
      return `${begun ? n.began(title, clock(meeting.start)) : n.reminded(title, clock(meeting.start))}${late}`;
    }
    case 'moved':
      return n.moved(title, clock(data.from), clock(data.start));
    case 'cancelled':
      return n.cancelled(title, clock(meeting.start));
    case 'released':
      return n.released(title, clock(meeting.start));
    case 'minutes-asked':
    case 'minutes-before':
      // a reminder's own moment is not when they are due
      return n[about](title, clock(meeting.minutesDue ?? data.due));
    case 'minutes-due':
      return n['minutes-due'](title);
    case 'minutes-overdue':
      return n['minutes-overdue'](title, clock(data.due), Number(data.asked), nameOf(String(data.taker), reading));
    case 'minutes-filed':
      return n['minutes-filed'](title, meeting.minutes?.decisions.length ?? 0);
    case 'minutes-corrected':
      return n['minutes-corrected'](title, Number(data.version));
    default:
      throw new Error(`no sentence for the notice ${about}`);
  }
}

function decisionsOf(reading: Reading): Block[] {
  const card = meetingCard(reading, { person: '' });
  return card.blocks.filter((block) => block.kind === 'text').slice(1);
}

/** Mail and WeCom (N1): the same sentence, with what people want to keep. */
export function letterCard(
  reading: Reading,
  about: string,
  data: JsonObject,
  versions: readonly Minutes[],
  audience: Audience,
): Card | undefined {
  if (isOver(reading, about, data) || (about === 'invited' && isPast(reading))) return undefined;
  const { meeting, language } = reading;
  const text = sentence(reading, about, data);
  const filed = versions.find((one) => one.version === Number(data.version)) ?? versions.at(-1);
  const whole =
    filed && about.startsWith('minutes-')
      ? minutesCard(reading, versions.slice(0, versions.indexOf(filed) + 1))
      : withoutButtons(meetingCard(reading, audience));
  const title = meeting.title[language];
  const letter: Letter = {
    thread: meeting.number,
    subject: `${meetingWords(language).letter.invited(title)} ${meeting.number}`,
    files: filesFor(reading, about, whole, filed),
  };
  return { ...whole, summary: text, blocks: [{ kind: 'text', text, strong: true }, ...whole.blocks], letter };
}

/** A letter may have waited for a night, or for its mail server. */
const isPast = ({ meeting, at }: Reading): boolean => meeting.state !== 'planned' || at.toISOString() >= meeting.end;

const withoutButtons = (card: Card): Card => ({
  ...card,
  blocks: card.blocks.filter((block) => block.kind !== 'buttons'),
});

const INTO_CALENDARS = ['invited', 'moved', 'cancelled', 'released'];

/** An .ics where a date is new; the minutes as a document that is called by rule G6. */
function filesFor(reading: Reading, about: string, card: Card, minutes: Minutes | undefined): Letter['files'] {
  const { meeting, at, language, world } = reading;
  if (INTO_CALENDARS.includes(about)) {
    const method = about === 'cancelled' || about === 'released' ? 'CANCEL' : 'PUBLISH';
    const text = invitationText(eventOf(reading), method, at);
    return [{ name: `${meeting.number}.ics`, mime: `text/calendar; method=${method}`, text }];
  }
  if (!minutes) return [];
  const project = meeting.rule.project ?? meeting.title[language];
  const date = localDate(new Date(meeting.start), world.directory.company.timezone);
  const name = `${documentName({ project, date, version: minutes.version })}.txt`;
  return [{ name, mime: 'text/plain; charset=utf-8', text: plainText(card) }];
}

function plainText({ headline, blocks }: Card): string {
  const lines = blocks.flatMap((block) => {
    if (block.kind === 'facts') return block.facts.map(({ label, value }) => `${label}: ${value}`);
    return 'text' in block ? [block.text] : [];
  });
  return `${[headline, '', ...lines].join('\n').replace(/[\u2066-\u2069]/g, '')}\n`;
}
