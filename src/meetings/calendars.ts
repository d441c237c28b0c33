/** The secret addresses of calendars: of a person, of their department; and what stands in them. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database } from '../core/intake.ts';
import { pinned } from '../core/setting.ts';
import { openOwnedBy } from '../decisions/listing.ts';
import { citationOf } from '../decisions/lookup.ts';
import { languageOf } from '../directory/lookup.ts';
import { meetingWords } from '../words/meetings.ts';
import { maySee } from './cards.ts';
import { feedText } from './feed.ts';
import { concerned, type Meeting, type MeetingsWorld } from './model.ts';
import { meetingsFor } from './store.ts';

/** One's own calendar, or that of one's department as one may see it; each address is one person's. */
export type CalendarOwner = { person: string } | { team: string };

/** A phone shows what was, for a while. */
const BACK_MS = 90 * 86_400_000;

const nameOf = (owner: CalendarOwner): string =>
  'person' in owner ? `calendar|person|${owner.person}` : `calendar|team|${owner.team}`;

/** `/calendar/<owner>/<secret>.ics`; `fresh`: from now on another secret, the old address ends. */
export async function calendarPath(sql: Database, owner: CalendarOwner, fresh: boolean): Promise<string> {
  const name = nameOf(owner);
  if (fresh) await sql`delete from setting where name = ${name}`;
  const secret = await pinned(sql, name, randomBytes(24).toString('base64url'));
  const who = 'person' in owner ? `p-${owner.person}` : `t-${owner.team}`;
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
  const [, kind = '', id = ''] = /^([pt])-([a-z0-9_-]{1,40})$/.exec(who) ?? [];
  const { people, company } = world.directory;
  const reader = people.get(id);
  if (!reader?.active) return undefined;
  const [row] = await sql<{ value: string }[]>`
    select value from setting where name = ${nameOf(kind === 't' ? { team: id } : { person: id })}`;
  if (!row || !same(row.value, secret)) return undefined;
  const department = kind === 't' ? reader.department : undefined;
  const active = [...people.values()].filter((one) => one.active);
  const members = department ? active.filter((one) => one.department === department) : [reader];
  const since = new Date(at.getTime() - BACK_MS);
  const own = async (member: string) =>
    (await meetingsFor(sql, member, since)).filter((one) => concerned(one).includes(member) && maySee(one, id, world));
  const all = (await Promise.all(members.map((one) => own(one.id)))).flat();
  const meetings = [...new Map(all.map((meeting): [string, Meeting] => [meeting.number, meeting])).values()];
  const owned = (await Promise.all(members.map((one) => openOwnedBy(sql, one.id)))).flat();
  const decisions = owned.filter((one) => citationOf(one, id, world) !== 'unknown');
  const language = languageOf(world.directory, id);
  const name = meetingWords(language).calendar.own(department ?? reader.name, company.name);
  return feedText(name, meetings, decisions, { world, language, at });
}

function same(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
