/** Who must see a meeting, who must be told, what the clock must not forget: as data. Pure. */
import { addDuration, type Duration, subtractDuration } from '../core/calendar.ts';
import type { JsonObject } from '../core/message.ts';
import { type Audience, type Effect, LANE, type Lane, type Moment } from '../core/module.ts';
import { writer } from './decide.ts';
import { concerned, type Meeting, type MeetingEvent, type MeetingsWorld, takingPart } from './model.ts';

type M = Moment<MeetingsWorld>;

/** So long after the minutes were due the superior hears of it. */
const GRACE: Duration = { amount: 1, unit: 'hours', working: true };

export function effects(before: Meeting | undefined, after: Meeting, events: MeetingEvent[], moment: M): Effect[] {
  return [
    ...cards(after),
    ...onceReleased(
      events.flatMap((event, index) =>
        told(before, after, event, `${after.number}|${after.revision}|${index}`, moment),
      ),
    ),
    ...events.flatMap((event) => timers(before, after, event, moment)),
    { kind: 'homes', people: after.parties },
  ];
}

/** From the invitation on; before it a meeting stands in the calendars only. */
function cards(meeting: Meeting): Effect[] {
  if (!meeting.invitedAt) return [];
  const card = (to: Audience): Effect => ({ kind: 'card', to, lane: LANE.card });
  const own = meeting.parties.map((person) => card({ person }));
  return meeting.rule.channel ? [...own, card({ channel: meeting.rule.channel })] : own;
}

/** Who stood in for two is sent away once. */
function onceReleased(effects: Effect[]): Effect[] {
  const seen = new Set<string>();
  return effects.filter((effect) => {
    if (!('about' in effect) || effect.about !== 'released') return true;
    const one = JSON.stringify([effect.kind, effect.to]);
    return !seen.has(one) && seen.add(one);
  });
}

interface Telling {
  about: string;
  to: string[];
  data?: JsonObject;
  lane?: Lane;
  channel?: boolean;
  /** sent out by mail and WeCom as well: the same to the same people */
  letter?: boolean;
  /** false: in the chats a new card rings by itself */
  chat?: boolean;
}

/** What is said for a certain time, and would be untrue in the next day's digest. */
const SOON = new Set(['reminded', 'moved', 'cancelled', 'released', 'minutes-asked', 'minutes-before', 'minutes-due']);

function told(before: Meeting | undefined, after: Meeting, event: MeetingEvent, key: string, moment: M): Effect[] {
  const actor = moment.actor.kind === 'person' ? moment.actor.id : undefined;
  return tellings(before, after, event, moment).flatMap(
    ({ about, to, data = {}, lane = LANE.decision, channel, letter, chat = true }) => {
      const soon = SOON.has(about) ? { soon: true } : {};
      const said = { about, data: { ...data, ...(actor ? { actor } : {}) }, key: `${key}|${about}`, lane };
      const notices = to
        .filter((person) => chat && person !== actor)
        .map((person): Effect => ({ kind: 'notice', to: { person }, ...said, ...soon }));
      const room = channel && after.rule.channel ? { channel: after.rule.channel } : undefined;
      const letters = letter
        ? [...to.map((person) => ({ person })), ...(room ? [room] : [])].map(
            (audience): Effect => ({ kind: 'letter', to: audience, ...said }),
          )
        : [];
      return [...notices, ...(room ? [{ kind: 'notice', to: room, ...said } as Effect] : []), ...letters];
    },
  );
}

function tellings(before: Meeting | undefined, after: Meeting, event: MeetingEvent, moment: M): Telling[] {
  const coming = takingPart(after);
  const known = before?.invitedAt !== undefined;
  const asked = known ? takingPart(before) : [];
  const fresh = coming.filter((person) => !asked.includes(person));
  const invited: Telling = { about: 'invited', to: fresh, letter: true, chat: false };
  const spared = asked.filter((person) => !concerned(after).includes(person));
  const released: Telling = { about: 'released', to: spared, letter: true };
  switch (event.type) {
    case 'meeting-invited':
      return [invited];
    case 'meeting-revised':
      return known ? [invited, released] : [];
    case 'meeting-reminded':
      return [
        {
          about: 'reminded',
          to: coming,
          channel: true,
          lane: LANE.reminder,
          data: { due: event.data.due, start: after.start },
        },
      ];
    case 'attendance-answered': {
      const { deputy } = event.data;
      const stoodIn = before?.attendees.find((one) => one.person === event.data.person)?.deputy?.person;
      const free = spared.filter((person) => person === stoodIn);
      return [...(deputy ? [{ ...invited, to: [deputy.person] }] : []), { ...released, to: free }];
    }
    case 'meeting-moved':
      return known
        ? [
            {
              about: 'moved',
              to: concerned(after),
              channel: true,
              letter: true,
              data: { from: event.data.from, start: after.start },
            },
            released,
          ]
        : [];
    case 'meeting-cancelled':
      return known ? [{ about: 'cancelled', to: concerned(after), channel: true, letter: true }] : [];
    case 'meeting-ended':
      if (after.minutes) return [];
      return [
        { about: 'minutes-asked', to: [writer(after, moment.world.directory)], data: { due: event.data.minutesDue } },
      ];
    case 'minutes-reminded':
      return [{ about: `minutes-${event.data.when}`, to: [event.data.to], data: { due: event.data.due } }];
    case 'minutes-overdue': {
      const { since, asked, to, superiors } = event.data;
      return [
        { about: 'minutes-overdue', to: [...new Set([to, ...superiors])], data: { due: since, asked, taker: to } },
      ];
    }
    case 'minutes-filed':
    case 'minutes-corrected':
      return [
        { about: event.type, to: after.parties, channel: true, letter: true, data: { version: event.data.version } },
      ];
    case 'meeting-scheduled':
    case 'topic-added':
    case 'topic-dropped':
      return [];
    default:
      return event satisfies never;
  }
}

// --- what the clock must not forget ---

const KEYS = ['invite', 'end', 'minutes|before', 'minutes|due', 'minutes|chase'] as const;
const keyOf = (meeting: Meeting, name: string): string => `${meeting.number}|${name}`;
const allKeys = (meeting: Meeting): string[] =>
  [...KEYS, ...meeting.rule.remind.map((_, index) => `remind|${index}`)].map((name) => keyOf(meeting, name));

function timers(before: Meeting | undefined, after: Meeting, event: MeetingEvent, moment: M): Effect[] {
  switch (event.type) {
    case 'meeting-scheduled':
    case 'meeting-moved':
      return ahead(after, moment);
    case 'meeting-revised':
      return [...surplus(before, after), ...ahead(after, moment)];
    case 'meeting-cancelled':
      return allKeys(after).map((key): Effect => ({ kind: 'cancel', key }));
    case 'meeting-ended':
      return after.minutes ? [] : minutesAhead(after, new Date(event.data.minutesDue), moment);
    case 'minutes-overdue': {
      const due = addDuration(moment.at, after.rule.minutes.chase, hoursOf(moment));
      return [promise(after, 'minutes|chase', 'chase-minutes', due, {})];
    }
    case 'minutes-filed':
      return KEYS.slice(2).map((name): Effect => ({ kind: 'cancel', key: keyOf(after, name) }));
    case 'meeting-invited':
    case 'meeting-reminded':
    case 'attendance-answered':
    case 'topic-added':
    case 'topic-dropped':
    case 'minutes-reminded':
    case 'minutes-corrected':
      return [];
    default:
      return event satisfies never;
  }
}

/** The first reminder is the invitation; what a person sets up in a chat is told at once. Moments that are past already are not promised. */
function ahead(meeting: Meeting, moment: M): Effect[] {
  const start = new Date(meeting.start);
  const before = (duration: Duration) => subtractDuration(start, duration, hoursOf(moment));
  const dues = meeting.rule.remind.map(before).sort((a, b) => a.getTime() - b.getTime());
  const [first = start] = dues;
  const atOnce = meeting.invitedAt || meeting.fixed || first < moment.at;
  const told = atOnce ? moment.at : first;
  const invitation: Effect[] = meeting.invitedAt ? [] : [promise(meeting, 'invite', 'invite', told, {})];
  const reminders = dues.map(
    (due, index): Effect =>
      due > told
        ? promise(meeting, `remind|${index}`, 'remind', due, {})
        : { kind: 'cancel', key: keyOf(meeting, `remind|${index}`) },
  );
  return [...invitation, ...reminders, promise(meeting, 'end', 'end', new Date(meeting.end), {})];
}

/** Reminders that the rule does not know any more. */
function surplus(before: Meeting | undefined, after: Meeting): Effect[] {
  const kept = new Set(allKeys(after));
  const old = before ? allKeys(before) : [];
  return old.filter((key) => !kept.has(key)).map((key): Effect => ({ kind: 'cancel', key }));
}

function minutesAhead(meeting: Meeting, due: Date, moment: M): Effect[] {
  const hours = hoursOf(moment);
  const before = subtractDuration(due, meeting.rule.minutes.remind, hours);
  const asked: Effect[] =
    before > moment.at ? [promise(meeting, 'minutes|before', 'remind-minutes', before, { when: 'before' })] : [];
  return [
    ...asked,
    promise(meeting, 'minutes|due', 'remind-minutes', due, { when: 'due' }),
    promise(meeting, 'minutes|chase', 'chase-minutes', addDuration(due, GRACE, hours), {}),
  ];
}

function promise(meeting: Meeting, name: string, act: string, due: Date, args: JsonObject): Effect {
  const said = { due: due.toISOString(), ...args };
  return { kind: 'timer', key: keyOf(meeting, name), command: `meetings.${act}`, args: said, due };
}

const hoursOf = ({ world }: M) => world.directory.company.hours;
