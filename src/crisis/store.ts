/** How crises are kept: a row each; read under a lock to be decided upon, without one to be drawn. */
import type { Sql } from 'postgres';
import type { Sort, Tx } from '../core/module.ts';
import { type Crisis, isDrill } from './model.ts';

export type Reader = Sql<{ bigint: bigint }> | Tx;

interface Row {
  body: Crisis;
}

export async function lockCrisis(tx: Tx, number: string): Promise<Crisis | undefined> {
  const [row] = await tx<Row[]>`select body from crisis where number = ${number} for update`;
  return row?.body;
}

export async function readCrisis(sql: Reader, number: string): Promise<Crisis | undefined> {
  const [row] = await sql<Row[]>`select body from crisis where number = ${number}`;
  return row?.body;
}

export async function saveCrisis(tx: Tx, crisis: Crisis): Promise<void> {
  const { number, state, kind, parties, revision } = crisis;
  const row = {
    number,
    drill: isDrill(crisis),
    state,
    grade: crisis.grade ?? null,
    kind,
    raised_at: crisis.raisedAt,
    ended_at: crisis.ended?.at ?? null,
    frozen: crisis.freeze?.state === 'on' && state !== 'over' ? crisis.freeze.affected : null,
    parties,
    revision,
    body: tx.json(crisis as never),
  };
  await tx`
    insert into crisis ${tx(row)}
    on conflict (number) do update set state = excluded.state, grade = excluded.grade, kind = excluded.kind,
      ended_at = excluded.ended_at, frozen = excluded.frozen, parties = excluded.parties, body = excluded.body,
      revision = excluded.revision`;
}

/** What is going on, the newest first; with drills. */
export async function openCrises(sql: Reader): Promise<Crisis[]> {
  const rows = await sql<Row[]>`select body from crisis where state <> 'over' order by raised_at desc limit 50`;
  return rows.map((row) => row.body);
}

/** What somebody may look up afterwards, the newest first. */
export async function recentFor(sql: Reader, person: string, limit = 20): Promise<Crisis[]> {
  const rows = await sql<Row[]>`
    select body from crisis where parties @> ${[person]} order by raised_at desc limit ${limit}`;
  return rows.map((row) => row.body);
}

/** Which of these still need live cards. */
export async function stillOpen(sql: Reader, numbers: string[]): Promise<Set<string>> {
  if (numbers.length === 0) return new Set();
  const rows = await sql<{ number: string }[]>`
    select number from crisis where number in ${sql(numbers)} and state <> 'over'`;
  return new Set(rows.map((row) => row.number));
}

/** A page or ring as the platforms took it: that is not an answer. */
export interface RingSent {
  audience: string;
  kind: Sort;
  platform: string;
  /** of a page the call, of a ring the way */
  about: string;
  call: string;
  posted_at: Date | null;
  state: string;
  last_error: string | null;
}

export async function ringsSent(sql: Reader, number: string): Promise<RingSent[]> {
  return sql<RingSent[]>`
    select audience, kind, platform, about, coalesce(data ->> 'call', about) as call, posted_at, state, last_error
    from message where subject = ${number} and kind in ('page', 'ring') order by created_at, key`;
}

/** One drill at a time: two would mix their pages. */
export async function drillGoingOn(sql: Reader): Promise<string | undefined> {
  const [row] = await sql<{ number: string }[]>`
    select number from crisis where drill and state <> 'over' order by raised_at desc limit 1`;
  return row?.number;
}

/** Whoever begins one waits until another that is just being begun is kept: then `drillGoingOn` knows it. */
export async function lockDrills(tx: Tx): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended('countersign: drills', 0))`;
}

/** Pages of this person that have arrived or are still tried. */
export async function pagesOnTheWay(sql: Reader, number: string, person: string): Promise<number> {
  const rows = await sql`
    select 1 from message where subject = ${number} and kind = 'page' and audience = ${`person:${person}`} and state in ('live', 'closed')`;
  return rows.length;
}

/** Of this person, not graded yet. */
export async function alarmsOf(sql: Reader, person: string): Promise<number> {
  const rows = await sql`
    select 1 from crisis where parties @> ${[person]} and state = 'alarm' and not drill and body ->> 'raisedBy' = ${person} limit 10`;
  return rows.length;
}

/** What is going on that this person may be rung for, however much else is: the newest first. */
export async function openWith(sql: Reader, person: string): Promise<Crisis[]> {
  const rows = await sql<Row[]>`
    select body from crisis where parties @> ${[person]} and state <> 'over' order by raised_at desc`;
  return rows.map((row) => row.body);
}
