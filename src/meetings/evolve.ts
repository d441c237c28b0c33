/** What a meeting is after an event. Pure. */
import { byOf } from '../core/message.ts';
import type { Moment } from '../core/module.ts';
import { concerned, type Meeting, type MeetingEvent } from './model.ts';

export function evolve(
  meeting: Meeting | undefined,
  event: MeetingEvent,
  { at, actor }: Pick<Moment<unknown>, 'at' | 'actor'>,
): Meeting {
  if (event.type === 'meeting-scheduled') return scheduled(event.data);
  if (meeting === undefined) throw new Error(`${event.type} before meeting-scheduled`);
  const next = { ...changed(meeting, event, at.toISOString(), byOf(actor)), revision: meeting.revision + 1 };
  // whoever was called once may go on reading what became of it
  return { ...next, parties: [...new Set([...meeting.parties, ...concerned(next)])] };
}

function scheduled(data: Extract<MeetingEvent, { type: 'meeting-scheduled' }>['data']): Meeting {
  return { ...data, title: data.rule.title, state: 'planned', topics: [], parties: concerned(data), revision: 1 };
}

function changed(
  meeting: Meeting,
  event: Exclude<MeetingEvent, { type: 'meeting-scheduled' }>,
  at: string,
  by: string,
): Meeting {
  switch (event.type) {
    case 'meeting-revised': {
      const { chair, minuteTaker, attendees, rule } = event.data;
      return { ...meeting, chair, minuteTaker, attendees, rule, title: rule.title };
    }
    case 'meeting-invited': {
      const { chair, minuteTaker, attendees } = event.data;
      return { ...meeting, chair, minuteTaker, attendees, invitedAt: at, toldAt: at };
    }
    case 'meeting-reminded':
      return { ...meeting, toldAt: at };
    case 'attendance-answered': {
      const attendees = meeting.attendees.map((one) => (one.person === event.data.person ? event.data : one));
      return { ...meeting, attendees };
    }
    case 'topic-added':
      return { ...meeting, topics: [...meeting.topics, event.data] };
    case 'topic-dropped':
      return { ...meeting, topics: meeting.topics.filter((topic) => topic.id !== event.data.id) };
    case 'meeting-moved': {
      const { start, end, movedFrom, fixed, attendees } = event.data;
      const { movedFrom: _old, ...rest } = meeting;
      const told = meeting.invitedAt ? { toldAt: at } : {};
      return { ...rest, ...(movedFrom ? { movedFrom } : {}), start, end, fixed, attendees, ...told };
    }
    case 'meeting-cancelled':
      return { ...meeting, state: 'cancelled', cancelled: { by, reason: event.data.reason } };
    case 'meeting-ended':
      return { ...meeting, state: 'ended', endedAt: at, minutesDue: event.data.minutesDue };
    case 'minutes-reminded':
      return meeting;
    case 'minutes-overdue':
      return { ...meeting, overdue: { since: event.data.since, asked: event.data.asked } };
    case 'minutes-filed':
    case 'minutes-corrected':
      return { ...meeting, minutes: event.data };
    default:
      return event satisfies never;
  }
}
