/** Whom a rule calls on a day: its roles and departments as people, and who comes for those who are away then. Pure. */
import { holders, standInFor } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import type { Attendee } from './model.ts';
import type { Called, MeetingRule, Someone } from './rule.ts';

export interface Calling {
  chair: string;
  minuteTaker: string;
  attendees: Attendee[];
}

/** Undefined: nobody could lead it, or nobody could write. */
export function callFor(rule: MeetingRule, directory: Directory, day: string): Calling | undefined {
  const then: Directory = { ...directory, today: day };
  const chair = answerable(rule.chair, then);
  const minuteTaker = answerable(rule.minutes.by, then);
  if (chair === undefined || minuteTaker === undefined) return undefined;
  const active = [...then.people.values()].filter((person) => person.active);
  const meant = (called: Called) =>
    active.filter((person) =>
      'person' in called
        ? person.id === called.person
        : 'role' in called
          ? person.roles.includes(called.role)
          : person.department === called.department,
    );
  const called = rule.who === 'everyone' ? active : rule.who.flatMap(meant);
  const people = new Set([...called.map((person) => person.id), chair, minuteTaker]);
  return { chair, minuteTaker, attendees: [...people].map((person) => attendeeOn(person, directory, day, people)) };
}

/** The one named: while they are away, who acts is asked each time, so that they have it again when they are back. Who has left is replaced. */
function answerable(who: Someone, then: Directory): string | undefined {
  const named = 'person' in who ? who.person : holders(then, who.role)[0]?.id;
  if (named === undefined) return undefined;
  const acting = standInFor(then, named);
  if (!('person' in acting)) return undefined;
  return then.people.get(named)?.active ? named : acting.person;
}

/** For whoever is away on that day a deputy comes, unless they were called themselves. */
export function attendeeOn(person: string, directory: Directory, day: string, called: ReadonlySet<string>): Attendee {
  const acting = standInFor({ ...directory, today: day }, person);
  if (!('person' in acting) || acting.person === person) return { person, answer: 'open' };
  return called.has(acting.person)
    ? { person, answer: 'no', away: true }
    : { person, answer: 'deputy', deputy: { person: acting.person, away: true } };
}
