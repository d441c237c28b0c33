/** How meetings are kept: a row each, their minutes a row a version; read under a lock to be decided upon, without one to be drawn. */
import type { Sql } from 'postgres';
import type { Tx } from '../core/module.ts';
import { concerned, dayHeld, type Meeting, type MeetingEvent, type Minutes, type Series } from './model.ts';

export type Reader = Sql<{ bigint: bigint }> | Tx;

interface Row {
  body: Meeting;
}

export async function lockMeeting(tx: Tx, number: string): Promise<Meeting | undefined> {
  const [row] = await tx<Row[]>`select body from meeting where number = ${number} for update`;
  return row?.body;
}

export async function readMeeting(sql: Reader, number: string): Promise<Meeting | undefined> {
  const [row] = await sql<Row[]>`select body from meeting where number = ${number}`;
  return row?.body;
}

export async function saveMeeting(tx: Tx, meeting: Meeting, events: MeetingEvent[]): Promise<void> {
  const row = {
    number: meeting.number,
    series: meeting.series ?? null,
    day: dayHeld(meeting) ?? null,
    state: meeting.state,
    start_at: new Date(meeting.start),
    end_at: new Date(meeting.end),
    minutes_due: meeting.minutesDue ? new Date(meeting.minutesDue) : null,
    minute_taker: meeting.minuteTaker,
    minutes_version: meeting.minutes?.version ?? 0,
    parties: meeting.parties,
    body: tx.json(meeting as never),
    revision: meeting.revision,
  };
  const kept = tx`
    insert into meeting ${tx(row)}
    on conflict (number) do update set day = excluded.day, state = excluded.state, start_at = excluded.start_at, end_at = excluded.end_at,
      minutes_due = excluded.minutes_due, minute_taker = excluded.minute_taker, minutes_version = excluded.minutes_version,
      parties = excluded.parties, body = excluded.body, revision = excluded.revision`.execute();
  const written = events.flatMap((event) =>
    event.type === 'minutes-filed' || event.type === 'minutes-corrected' ? [event.data] : [],
  );
  await Promise.all([kept, ...written.map((one) => saveMinutes(tx, meeting.number, one))]);
}

function saveMinutes(tx: Tx, meeting: string, minutes: Minutes) {
  const { version, by, at } = minutes;
  return tx`insert into minutes ${tx({ meeting, version, by, at: new Date(at), body: tx.json(minutes as never) })}`;
}

/** Every version, oldest first. */
export async function minutesOf(sql: Reader, number: string): Promise<Minutes[]> {
  const rows = await sql<{ body: Minutes }[]>`select body from minutes where meeting = ${number} order by version`;
  return rows.map((row) => row.body);
}

/** Is this occurrence of the series there already, in whatever state? Whoever else is just planning is waited for: one lock for all, before the numbers'. */
export async function occurrenceExists(sql: Tx, series: string, day: string): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtextextended('countersign: planning', 0))`;
  const rows = await sql`select 1 from meeting where series = ${series} and day = ${day}`;
  return rows.length > 0;
}

/** What lies ahead of all series, soonest first. */
export async function plannedOf(sql: Reader): Promise<Meeting[]> {
  const rows = await sql<Row[]>`
    select body from meeting where state = 'planned' and series is not null order by series, start_at`;
  return rows.map((row) => row.body);
}

/** The days of these series that are spoken for from a day on, in whatever state. */
export async function takenDays(sql: Reader, from: string): Promise<{ series: string; day: string }[]> {
  return sql<{ series: string; day: string }[]>`
    select series, day::text as day from meeting where series is not null and day >= ${from}`;
}

/** This person's meetings that end after a moment, in whatever state, soonest first. */
export async function meetingsFor(sql: Reader, person: string, after: Date, limit = 2000): Promise<Meeting[]> {
  const rows = await sql<Row[]>`
    select body from meeting where parties @> ${[person]} and end_at > ${after} order by start_at limit ${limit}`;
  return rows.map((row) => row.body);
}

/** What lies ahead of this person, soonest first. */
export async function plannedFor(sql: Reader, person: string, after: Date, limit: number): Promise<Meeting[]> {
  const rows = await sql<Row[]>`
    select body from meeting where parties @> ${[person]} and end_at > ${after} and state = 'planned'
    order by start_at limit ${limit}`;
  return rows.map((row) => row.body).filter((meeting) => concerned(meeting).includes(person));
}

/** Ended, and their minutes are not in: of these people's meetings, oldest due first. */
export async function owedMinutes(sql: Reader, people: string[], limit = 11): Promise<Meeting[]> {
  const rows = await sql<Row[]>`
    select body from meeting where state = 'ended' and minutes_version = 0 and parties && ${people}
    order by minutes_due limit ${limit}`;
  return rows.map((row) => row.body);
}

/** The latest of this person's meetings that has begun: what `/minutes` without a number means. */
export async function latestFor(sql: Reader, person: string, now: Date): Promise<Meeting | undefined> {
  const [row] = await sql<Row[]>`
    select body from meeting where parties @> ${[person]} and state <> 'cancelled' and start_at <= ${now}
    order by start_at desc limit 1`;
  return row?.body;
}

/** Planned meetings to which these people are called: an absence changes who comes. */
export async function plannedWith(sql: Reader, people: string[], now: Date): Promise<string[]> {
  const rows = await sql<{ number: string }[]>`
    select number from meeting where state = 'planned' and parties && ${people} and end_at > ${now} order by number`;
  return rows.map((row) => row.number);
}

// --- series that were set up in a chat ---

interface SeriesRow {
  id: string;
  rule: Series['rule'];
}

export async function chatSeries(sql: Reader): Promise<Series[]> {
  return sql<SeriesRow[]>`select id, rule from meeting_series where ended_at is null order by id`;
}

export async function lockSeries(tx: Tx, id: string): Promise<(Series & { by: string; ended: boolean }) | undefined> {
  const [row] = await tx<(SeriesRow & { by: string; ended: boolean })[]>`
    select id, rule, "by", ended_at is not null as ended from meeting_series where id = ${id} for update`;
  return row;
}

export async function saveSeries(tx: Tx, series: Series & { by: string; ended: boolean }, at: Date): Promise<void> {
  const { id, rule, by, ended } = series;
  await tx`
    insert into meeting_series ${tx({ id, rule: tx.json(rule as never), by, at, ended_at: ended ? at : null })}
    on conflict (id) do update set rule = excluded.rule, ended_at = excluded.ended_at`;
}

/** Which of these still need live cards. */
export async function stillOpen(sql: Reader, numbers: string[]): Promise<Set<string>> {
  if (numbers.length === 0) return new Set();
  const rows = await sql<{ number: string }[]>`
    select number from meeting where number in ${sql(numbers)}
      and (state = 'planned' or (state = 'ended' and minutes_version = 0))`;
  return new Set(rows.map((row) => row.number));
}
