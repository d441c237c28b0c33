/** How decisions are kept: a row each; read under a lock to be decided upon, without one to be drawn. */
import type { Sql } from 'postgres';
import type { Tx } from '../core/module.ts';
import type { DecisionTaken } from './model.ts';

export type Reader = Sql<{ bigint: bigint }> | Tx;

interface Row {
  body: DecisionTaken;
}

export async function lockDecision(tx: Tx, number: string): Promise<DecisionTaken | undefined> {
  const [row] = await tx<Row[]>`select body from decision where number = ${number} for update`;
  return row?.body;
}

export async function readDecision(sql: Reader, number: string): Promise<DecisionTaken | undefined> {
  const [row] = await sql<Row[]>`select body from decision where number = ${number}`;
  return row?.body;
}

export async function saveDecision(tx: Tx, decision: DecisionTaken): Promise<void> {
  const {
    number,
    meeting = null,
    crisis = null,
    series = null,
    state,
    owner,
    chair,
    due,
    parties,
    revision,
  } = decision;
  const body = tx.json(decision as never);
  await tx`
    insert into decision ${tx({ number, meeting, crisis, series, state, owner, chair, due, parties, revision, body })}
    on conflict (number) do update set state = excluded.state, owner = excluded.owner, due = excluded.due,
      parties = excluded.parties, body = excluded.body, revision = excluded.revision`;
}

/** One more is read than is shown, to know whether there are more. */
export const LIST_LENGTH = 20;

/** What this person has to do, most urgent first. */
export async function ownedBy(sql: Reader, owners: string[], limit = LIST_LENGTH + 1): Promise<DecisionTaken[]> {
  const rows = await sql<Row[]>`
    select body from decision where owner = any(${owners}) and state in ('proposed', 'accepted', 'declined')
    order by due, number limit ${limit}`;
  return rows.map((row) => row.body);
}

/** What is open of all that this person may follow, most urgent first. */
export async function openFor(sql: Reader, person: string, limit = LIST_LENGTH + 1): Promise<DecisionTaken[]> {
  const rows = await sql<Row[]>`
    select body from decision where parties @> ${[person]} and state in ('proposed', 'accepted', 'declined')
    order by due, number limit ${limit}`;
  return rows.map((row) => row.body);
}

/** Whoever has left cannot act: these decisions wait for nobody. */
export async function openOfOthersThan(sql: Reader, active: string[]): Promise<string[]> {
  const rows = await sql<{ number: string }[]>`
    select number from decision where state in ('proposed', 'accepted', 'declined') and not owner = any(${active}) order by number`;
  return rows.map((row) => row.number);
}

/** Those whose owner may be away, or back. */
export async function openOf(sql: Reader, owners: string[]): Promise<string[]> {
  const rows = await sql<{ number: string }[]>`
    select number from decision where owner = any(${owners}) and state in ('proposed', 'accepted', 'declined') order by number`;
  return rows.map((row) => row.number);
}

/** Which of these still need live cards. */
export async function stillOpen(sql: Reader, numbers: string[]): Promise<Set<string>> {
  if (numbers.length === 0) return new Set();
  const rows = await sql<{ number: string }[]>`
    select number from decision where number in ${sql(numbers)} and state in ('proposed', 'accepted', 'declined')`;
  return new Set(rows.map((row) => row.number));
}

/** On whose cards it stands: the meeting or crisis that it comes from, meetings ahead of the same series, open requests that cite it. */
export async function shownBy(
  sql: Reader,
  decision: Pick<DecisionTaken, 'number' | 'meeting' | 'crisis' | 'series'>,
): Promise<string[]> {
  const { number, meeting, crisis, series } = decision;
  const origin = meeting ?? crisis;
  const citing = await sql<{ number: string }[]>`
    select number from request where cites @> ${[number]} and state in ('open', 'returned') order by number`;
  const ahead = series
    ? await sql<{ number: string }[]>`
        select number from meeting where state = 'planned' and series = ${series} order by number`
    : [];
  return [...(origin ? [origin] : []), ...ahead.map((row) => row.number), ...citing.map((row) => row.number)];
}
