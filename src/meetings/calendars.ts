/** The secret addresses of calendars: of a person, of a department; and what stands in them. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database } from '../core/intake.ts';
import { pinned } from '../core/setting.ts';
import { openOwnedBy } from '../decisions/listing.ts';
import { companyLanguage, languageOf } from '../directory/lookup.ts';
import { meetingWords } from '../words/meetings.ts';
import { feedText } from './feed.ts';
import { concerned, type Meeting, type MeetingsWorld } from './model.ts';
import { meetingsFor } from './store.ts';

export type CalendarOwner = { person: string } | { department: string };

/** A phone shows what was, for a while. */
const BACK_MS = 90 * 86_400_000;

const nameOf = (owner: CalendarOwner): string =>
  'person' in owner ? `calendar|person|${owner.person}` : `calendar|department|${owner.department}`;

/** `/calendar/<owner>/<secret>.ics`; `fresh`: from now on another secret, the old address ends. */
export async function calendarPath(sql: Database, owner: CalendarOwner, fresh: boolean): Promise<string> {
  const name = nameOf(owner);
  if (fresh) await sql`delete from setting where name = ${name}`;
  const secret = await pinned(sql, name, randomBytes(24).toString('base64url'));
  const who = 'person' in owner ? `p-${owner.person}` : `d-${owner.department}`;
  return `/calendar/${encodeURIComponent(who)}/${secret}.ics`;
}

/** Undefined: no such calendar, or not its secret (any more). Whoever has left has none. */
export async function calendarAt(
  sql: Database,
  world: MeetingsWorld,
  who: string,
  secret: string,
  at: Date,
): Promise<string | undefined> {
  const owner: CalendarOwner = who.startsWith('d-') ? { department: who.slice(2) } : { person: who.slice(2) };
  const [row] = await sql<{ value: string }[]>`select value from setting where name = ${nameOf(owner)}`;
  if (!row || !same(row.value, secret)) return undefined;
  const { people, company } = world.directory;
  const members =
    'person' in owner
      ? [people.get(owner.person)].flatMap((one) => (one?.active ? [one.id] : []))
      : [...people.values()].filter((one) => one.active && one.department === owner.department).map((one) => one.id);
  if (members.length === 0) return undefined;
  const language = 'person' in owner ? languageOf(world.directory, owner.person) : companyLanguage(company);
  const since = new Date(at.getTime() - BACK_MS);
  const own = async (id: string) => (await meetingsFor(sql, id, since)).filter((one) => concerned(one).includes(id));
  const all = (await Promise.all(members.map(own))).flat();
  const meetings = [...new Map(all.map((meeting): [string, Meeting] => [meeting.number, meeting])).values()];
  const decisions = (await Promise.all(members.map((id) => openOwnedBy(sql, id)))).flat();
  const named = 'person' in owner ? (people.get(owner.person)?.name ?? owner.person) : owner.department;
  const name = meetingWords(language).calendar.own(named, company.name);
  return feedText(name, meetings, decisions, { world, language, at });
}

function same(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
