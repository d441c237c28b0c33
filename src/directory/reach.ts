/** Where people are to be found, and when they may be rung: quiet hours for all but crises, one message in the morning for whoever wants it so (N2). Pure. */
import { Temporal } from 'temporal-polyfill';
import type { Platform } from '../core/chat.ts';
import { type Audience, LANE, type Reach, type Wait } from '../core/module.ts';
import { lineOf, placesOf } from './lookup.ts';
import type { Directory, Person } from './model.ts';

/** @param moment.by who acts: the answer to one's own act is never kept back */
export function reachOf(directory: Directory, running: readonly Platform[], moment: { by: string; at: Date }): Reach {
  return {
    places: (to, kind) => placesOf(to, directory, running, kind),
    wait: (to, effect) => waitOf(to, effect, directory, moment),
    line: (person, line) => lineOf(person, line, directory, running),
  };
}

function waitOf(
  to: Audience,
  effect: Parameters<Reach['wait']>[1],
  directory: Directory,
  moment: { by: string; at: Date },
): Wait | undefined {
  if (!('person' in to) || effect.lane === LANE.page || to.person === moment.by) return undefined;
  const person = directory.people.get(to.person);
  if (effect.kind === 'notice' && person?.digest && !effect.soon)
    return { until: nextClock(moment.at, person.digest, zoneOf(person, directory)), gather: true };
  const until = restsUntil(to, directory, moment.at);
  return until && { until, gather: false };
}

/** The end of the quiet hours in which somebody is now; undefined: they may be rung. */
export function restsUntil(to: Audience, directory: Directory, at: Date): Date | undefined {
  const person = 'person' in to ? directory.people.get(to.person) : undefined;
  return person && quietUntil(at, hoursOfQuiet(person, directory), zoneOf(person, directory));
}

const zoneOf = (person: Person, { company }: Directory): string => person.hours?.timezone ?? company.timezone;

function hoursOfQuiet(person: Person, { company }: Directory): string | undefined {
  return person.quiet === 'none' ? undefined : (person.quiet ?? company.quiet);
}

/** The end of the quiet hours in which this moment lies. */
function quietUntil(at: Date, quiet: string | undefined, zone: string): Date | undefined {
  const [from, to] = quiet?.split('-') ?? [];
  if (from === undefined || to === undefined) return undefined;
  const now = zoned(at, zone).toPlainTime().toString({ smallestUnit: 'minute' });
  const within = from < to ? from <= now && now < to : now >= from || now < to;
  return within ? nextClock(at, to, zone) : undefined;
}

function nextClock(at: Date, clock: string, zone: string): Date {
  const now = zoned(at, zone);
  const today = now.withPlainTime(Temporal.PlainTime.from(clock));
  const next = Temporal.ZonedDateTime.compare(today, now) > 0 ? today : today.add({ days: 1 });
  return new Date(next.epochMilliseconds);
}

const zoned = (at: Date, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
