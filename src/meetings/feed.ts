/** A person's meetings and due dates, and a team's, as events of a calendar. Pure. */

import { type CalendarEvent, calendarText } from '../core/icalendar.ts';
import { dueEventOf } from '../decisions/lookup.ts';
import type { DecisionTaken } from '../decisions/model.ts';
import type { Reading } from './cards.ts';
import type { Meeting, MeetingsWorld } from './model.ts';

type Shown = Pick<Reading, 'world' | 'language'>;

/** The same id in the feed and in every letter: a phone that has both shows one meeting. */
export function eventOf({ meeting, world, language }: Pick<Reading, 'meeting'> & Shown): CalendarEvent {
  const { people } = world.directory;
  const named = (id: string) => {
    const person = people.get(id);
    return { name: person?.name ?? id, ...(person?.email ? { email: person.email } : {}) };
  };
  return {
    uid: meeting.number,
    title: meeting.title[language],
    start: new Date(meeting.start),
    end: new Date(meeting.end),
    ...(meeting.rule.place ? { place: meeting.rule.place } : {}),
    text: meeting.topics.map((topic, index) => `${index + 1}. ${topic.text}`).join('\n'),
    chair: named(meeting.chair),
    attendees: meeting.attendees.map(({ person, answer }) => ({
      ...named(person),
      answer: answer === 'open' ? 'none' : answer,
    })),
    ...(meeting.state === 'cancelled' ? { cancelled: true } : {}),
    sequence: meeting.revision,
  };
}

export function feedText(
  name: string,
  meetings: readonly Meeting[],
  decisions: readonly DecisionTaken[],
  shown: { world: MeetingsWorld; language: Reading['language']; at: Date },
): string {
  const events = [...meetings.map((meeting) => eventOf({ meeting, ...shown })), ...decisions.map(dueEventOf)];
  return calendarText({ name, zone: shown.world.directory.company.timezone, events, at: shown.at });
}
