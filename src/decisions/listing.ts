/** Decisions as other modules list them: of a meeting, of its series, of a crisis, of a person; and the one that a request cites. */
import type { DecisionTaken } from './model.ts';
import { type Reader, readDecision } from './store.ts';

interface Row {
  body: DecisionTaken;
}

/** Those that a meeting took, in their order. */
export async function takenAt(sql: Reader, meeting: string): Promise<DecisionTaken[]> {
  const rows = await sql<Row[]>`select body from decision where meeting = ${meeting} order by number`;
  return rows.map((row) => row.body);
}

/** What is done after a crisis, in its order (C7). */
export async function takenAfter(sql: Reader, crisis: string): Promise<DecisionTaken[]> {
  const rows = await sql<Row[]>`select body from decision where crisis = ${crisis} order by number`;
  return rows.map((row) => row.body);
}

/** As it is now, whatever has become of it. */
export function citedDecision(sql: Reader, number: string): Promise<DecisionTaken | undefined> {
  return readDecision(sql, number);
}

/** What is still open of a series' earlier meetings: with it the next one opens. */
export async function openOfSeries(sql: Reader, series: string): Promise<DecisionTaken[]> {
  const rows = await sql<Row[]>`
    select body from decision where series = ${series} and state in ('proposed', 'accepted', 'declined')
    order by due, number limit 40`;
  return rows.map((row) => row.body);
}

/** What this person has to do: for their calendar. */
export async function openOwnedBy(sql: Reader, person: string): Promise<DecisionTaken[]> {
  const rows = await sql<Row[]>`
    select body from decision where owner = ${person} and state in ('proposed', 'accepted', 'declined')
    order by due, number limit 200`;
  return rows.map((row) => row.body);
}
