/**
 * Meetings and due dates as iCalendar (RFC 5545), for a calendar that is subscribed to and for mails. Pure.
 *
 * Each meeting is an event of its own: days moved off holidays fit no recurrence rule, and one that is moved or cancelled
 * needs no exception. Moments are written in UTC (https://www.rfc-editor.org/rfc/rfc5545#section-3.3.5, form 2): a TZID
 * is valid only with a VTIMEZONE that repeats the zone's whole history, which iOS, Google and Outlook read each in their
 * own way, while an instant is the same everywhere and shown on the reader's own clock.
 */

import type { ICalCalendar, ICalEventData } from 'ical-generator';
import ical, {
  type ICalAttendeeStatus,
  ICalCalendarMethod,
  ICalEventBusyStatus,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator';
import { plusDays } from './calendar-cn.ts';
import { cleanLine, cleanParagraph } from './text.ts';

type Answer = 'none' | 'yes' | 'no' | 'deputy';

export interface CalendarEvent {
  /** the same for all versions of a meeting */
  uid: string;
  title: string;
  start: Date;
  end: Date;
  place?: string;
  text?: string;
  chair?: { name: string; email?: string };
  attendees?: { name: string; email?: string; answer: Answer }[];
  cancelled?: boolean;
  /** one more for each change that people must hear of */
  sequence: number;
  /** a whole local day instead of start and end: the due date of a decision */
  allDay?: string;
}

const ANSWERS: Record<Answer, `${ICalAttendeeStatus}`> = {
  none: 'NEEDS-ACTION',
  yes: 'ACCEPTED',
  no: 'DECLINED',
  deputy: 'DELEGATED',
};
/** Google asks again when it likes, Outlook and iOS keep to it. */
const REFRESH_SECONDS = 3600;

/** A whole calendar, to be subscribed to. `at` is when it last changed; `url` is where it stands for people to open. */
export function calendarText(of: {
  name: string;
  zone: string;
  url?: string;
  events: readonly CalendarEvent[];
  at: Date;
}): string {
  const calendar = emptyCalendar()
    .name(escaped(cleanLine(of.name, 100)))
    .ttl(REFRESH_SECONDS);
  if (of.url !== undefined) calendar.url(new URL(of.url).href);
  for (const event of of.events) calendar.createEvent(eventOf(event, of.at, { attendees: true }));
  // the library would put it behind the events, where a property of the calendar may not stand (RFC 5545, 3.6)
  const zone = `X-WR-TIMEZONE:${of.zone.replace(/[^\w/+-]/g, '')}\r\n`;
  return written(calendar).replace('VERSION:2.0\r\n', (version) => `${version}${zone}`);
}

/**
 * One meeting for a mail that puts it into the reader's calendar, or takes it out. Not a REQUEST: answers are given in the
 * chat, and a published event names no attendees (https://www.rfc-editor.org/rfc/rfc5546#section-3.2.1).
 */
export function invitationText(event: CalendarEvent, method: 'PUBLISH' | 'CANCEL', at: Date): string {
  const calendar = emptyCalendar().method(method === 'CANCEL' ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH);
  const cancelled = method === 'CANCEL' || event.cancelled === true;
  calendar.createEvent(eventOf({ ...event, cancelled }, at, { attendees: method === 'CANCEL' }));
  return written(calendar);
}

const emptyCalendar = (): ICalCalendar =>
  ical({ prodId: { company: 'Countersign', product: 'Countersign', language: 'ZH' } });

/** Every line ends, the last one too: https://www.rfc-editor.org/rfc/rfc5545#section-3.1 */
const written = (calendar: ICalCalendar): string => `${calendar.toString()}\r\n`;

function eventOf(event: CalendarEvent, at: Date, show: { attendees: boolean }): ICalEventData {
  const { place, text, chair } = event;
  return {
    id: event.uid.replace(/[^\x21-\x7e]/g, ''),
    sequence: event.sequence,
    stamp: at,
    lastModified: at,
    ...timesOf(event),
    summary: cleanLine(event.title, 200),
    ...(place === undefined ? {} : { location: cleanLine(place, 200) }),
    ...(text === undefined ? {} : { description: cleanParagraph(text, 4000) }),
    ...(chair?.email === undefined ? {} : { organizer: { name: nameOf(chair.name), email: addressOf(chair.email) } }),
    attendees: show.attendees ? attendeesOf(event) : [],
    status: event.cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  };
}

/** A due date is no appointment: it blocks nobody's day. */
function timesOf({ start, end, allDay }: CalendarEvent): Partial<ICalEventData> & Pick<ICalEventData, 'start'> {
  if (allDay === undefined) return { start, end };
  const day = (date: string) => new Date(`${date}T00:00:00Z`);
  const free = { transparency: ICalEventTransparency.TRANSPARENT, busystatus: ICalEventBusyStatus.FREE };
  return { start: day(allDay), end: day(plusDays(allDay, 1)), allDay: true, ...free };
}

/** An attendee is an address (RFC 5545, 3.8.4.1): who has none stands only in the text. */
function attendeesOf({ attendees = [] }: CalendarEvent) {
  return attendees.flatMap(({ name, email, answer }) =>
    email === undefined
      ? []
      : [{ name: nameOf(name), email: addressOf(email), status: ANSWERS[answer] as ICalAttendeeStatus }],
  );
}

const nameOf = (name: string): string => cleanLine(name, 60) || '?';
/** What may stand in a mailto: address and can end neither it nor the line. */
const addressOf = (email: string): string => email.replace(/[^\p{L}\p{N}.!#$%&'*+/=?^_`{|}~@-]/gu, '');

/** The library escapes what stands in events, not the calendar's own name (ical-generator 11.1.2, calendar.ts, `NAME:`). */
const escaped = (text: string): string => text.replace(/[\\;,]/g, (char) => `\\${char}`);
