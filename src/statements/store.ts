/** How statements are kept: a row each, and a row for each version; read under a lock to be decided upon, without one to be drawn. */
import type { Sql } from 'postgres';
import type { Tx } from '../core/module.ts';
import type { Statement, StatementEvent } from './model.ts';

export type Reader = Sql<{ bigint: bigint }> | Tx;

interface Row {
  body: Statement;
}

export async function lockStatement(tx: Tx, number: string): Promise<Statement | undefined> {
  const [row] = await tx<Row[]>`select body from statement where number = ${number} for update`;
  return row?.body;
}

export async function readStatement(sql: Reader, number: string): Promise<Statement | undefined> {
  const [row] = await sql<Row[]>`select body from statement where number = ${number}`;
  return row?.body;
}

export async function saveStatement(tx: Tx, statement: Statement, events: StatementEvent[]): Promise<void> {
  const { number, crisis = null, state, version, hash, author, released, parties, revision } = statement;
  const released_at = released ? new Date(released.at) : null;
  const body = tx.json(statement as never);
  const kept = tx`
    insert into statement ${tx({ number, crisis, state, version, hash, author, released_at, parties, body, revision })}
    on conflict (number) do update set state = excluded.state, version = excluded.version, hash = excluded.hash,
      released_at = excluded.released_at, parties = excluded.parties, body = excluded.body, revision = excluded.revision`.execute();
  const written = events.some((event) => event.type === 'statement-drafted' || event.type === 'statement-edited');
  await Promise.all([kept, written ? saveVersion(tx, statement) : undefined]);
}

function saveVersion(tx: Tx, { number, version, text, hash, versionBy, versionAt }: Statement) {
  const row = { statement: number, version, text, hash, by: versionBy, at: new Date(versionAt) };
  return tx`insert into statement_version ${tx(row)}`;
}

/** One more is read than is shown, to know whether there are more. */
export const LIST_LENGTH = 20;

/** What is still open of all that this person was sent, newest first. */
export async function openWith(sql: Reader, person: string, limit = LIST_LENGTH + 1): Promise<Statement[]> {
  const rows = await sql<Row[]>`
    select body from statement where parties @> ${[person]} and state in ('draft', 'clearing', 'cleared')
    order by number desc limit ${limit}`;
  return rows.map((row) => row.body);
}

/** Which of these still need live cards. */
export async function stillOpen(sql: Reader, numbers: string[]): Promise<Set<string>> {
  if (numbers.length === 0) return new Set();
  const rows = await sql<{ number: string }[]>`
    select number from statement where number in ${sql(numbers)} and state in ('draft', 'clearing', 'cleared')`;
  return new Set(rows.map((row) => row.number));
}

/** What of this crisis is not out yet. */
export async function openIn(sql: Reader, crisis: string): Promise<string[]> {
  const rows = await sql<{ number: string }[]>`
    select number from statement where crisis = ${crisis} and state in ('draft', 'clearing', 'cleared') order by number`;
  return rows.map((row) => row.number);
}

/** What waits for one of these, or for whoever acts for them: somebody leaves or returns. */
export async function waitingWith(sql: Reader, people: string[]): Promise<string[]> {
  const rows = await sql<{ number: string }[]>`
    select number from statement where parties && ${people} and state in ('clearing', 'cleared') order by number`;
  return rows.map((row) => row.number);
}

/** Every version that has exactly this text, of whatever became of it, the newest statement first. */
export async function versionsWith(sql: Reader, hash: string): Promise<{ version: number; statement: Statement }[]> {
  return sql<{ version: number; statement: Statement }[]>`
    select v.version, s.body as statement from statement_version v join statement s on s.number = v.statement
    where v.hash = ${hash} order by s.number desc, v.version desc limit 50`;
}

/** What the outside has read, newest first: with these a text is compared. */
export async function lastReleased(sql: Reader, limit = 100): Promise<Statement[]> {
  const rows = await sql<Row[]>`
    select body from statement where released_at is not null order by released_at desc nulls last limit ${limit}`;
  return rows.map((row) => row.body);
}
