/**
 * The ledger: append-only, chained by hash per subject over canonical bytes, sealed by checkpoints over all chains' heads.
 * The database's triggers chain the entries (db/migrations/0001_ledger_rules.sql); src/verify.ts checks an export without any of this code.
 */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ISql, PendingQuery, Row, Sql, TransactionSql } from 'postgres';
import type { Json, JsonObject } from './message.ts';

type Types = { bigint: bigint };

export interface LedgerEntry {
  subject: string;
  type: string;
  /** a person's id, or `clock` */
  by: string;
  at: Date;
  data: JsonObject;
}

/** Where an entry came to stand. */
export interface Written {
  seq: number;
  subject: string;
  position: number;
  hash: string;
}

/** A seal over everything up to `through`; its `hash` is what goes to the chats, out of reach of whoever owns the database. */
export interface Checkpoint {
  number: number;
  hash: string;
  seq: number;
  at: Date;
  /** the last seq that it covers */
  through: number;
  chains: number;
  entries: number;
  /** SHA-256 over all chains' heads */
  heads: string;
}

/**
 * The one text of a JSON value, in the spirit of https://www.rfc-editor.org/rfc/rfc8785: no white space, keys sorted by UTF-16 code unit, only
 * safe integers as numbers. What JSON.stringify would quietly drop or bend is refused: a record must not differ from what was meant.
 */
export function canonical(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (Array.isArray(value)) return `[${Array.from(value, canonical).join(',')}]`;
  if (typeof value === 'object' && isPlain(value)) {
    const members = Object.keys(value).sort();
    return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key] as Json)}`).join(',')}}`;
  }
  throw new TypeError(`the ledger takes no ${typeof value}`);
}

function canonicalNumber(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError('the ledger takes only safe integers as numbers');
  return String(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Appends all entries, in their order, in one statement of the caller's transaction. It locks the chains that it adds to until that
 * transaction ends, and no others.
 */
export async function appendLedger(tx: ISql<Types>, entries: readonly LedgerEntry[]): Promise<Written[]> {
  if (entries.length === 0) return [];
  const rows = await ledgerInsert(tx, entries);
  return rows.map((row) => ({
    seq: Number(row.seq),
    subject: row.subject,
    position: row.position,
    hash: row.hash,
  }));
}

/** The statement itself, not yet sent: it can also stand inside another one (`with kept as (…)`), to save a round trip. */
export function ledgerInsert(tx: ISql<Types>, entries: readonly LedgerEntry[]): PendingQuery<Row[]> {
  // As text, not as a json parameter: drizzle turns off the JSON serialiser of a client that it was given.
  const rows = JSON.stringify(entries.map((entry) => ({ ...entry, data: canonical(entry.data) })));
  return tx`
    insert into ledger (subject, "type", "by", "at", data)
    select e.subject, e."type", e."by", e."at", e.data
    from rows from (
      json_to_recordset(${rows}::text::json) as (subject text, "type" text, "by" text, "at" timestamptz, data text)
    ) with ordinality as e
    order by e.ordinality
    returning seq::text, subject, "position", hash`;
}

/**
 * Seals everything that is written so far; `undefined` when nothing new is. Two processes that seal at once seal once: the second
 * waits for the advisory lock and then finds nothing new.
 * @throws when long appends keep it waiting for several tries: seal again later
 */
export function seal(sql: Sql<Types>, at: Date, by: string): Promise<Checkpoint | undefined> {
  return patiently(() => trySeal(sql, at, by));
}

/** Again, with longer and longer pauses, while appends that stay open keep a cut waiting. */
async function patiently<T>(run: () => Promise<T>): Promise<T> {
  for (const wait of [200, 400, 800, 1600]) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE)) throw error;
    }
    await pause(wait);
  }
  return run();
}
/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOCK_NOT_AVAILABLE = '55P03';

/** Read committed, whatever the server's default: after each wait for a lock the next statement must see what the lock waited for. */
function trySeal(sql: Sql<Types>, at: Date, by: string): Promise<Checkpoint | undefined> {
  return sql.begin('isolation level read committed', async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended('countersign: seals of the ledger', 0))`;
    const through = await exactCut(tx);
    const last = await lastCheckpoint(tx);
    if (!(await anythingNew(tx, last?.through ?? 0, through))) return undefined;
    const heads = await digestHeads(tx, through);
    const data = { checkpoint: (last?.number ?? 0) + 1, through, ...heads };
    const [written] = await appendLedger(tx, [{ subject: 'ledger', type: 'ledger-sealed', by, at, data }]);
    if (written === undefined) throw new Error('the seal was not written');
    const { checkpoint: number, ...covers } = data;
    return { number, hash: written.hash, seq: written.seq, at, ...covers };
  });
}

/** Thrown out of a savepoint to end it by `rollback to`, which gives back the lock that was taken inside. */
class Cut extends Error {
  readonly through: number;
  constructor(through: number) {
    super('cut');
    this.through = through;
  }
}

/**
 * A `through` such that every entry up to it is committed and every later one will be beyond it. Without a lock that cannot be known: a
 * transaction that drew seq 7 may commit after the one that drew 8. The trigger holds this lock in shared mode from before it draws seq
 * until its transaction ends; to hold it alone therefore means that nobody is in between, and as the sequence keeps no numbers in reserve,
 * whoever comes after draws a higher one. It is held for one max(seq), and the wait is bounded, because every append queues behind it.
 */
async function exactCut(tx: TransactionSql<Types>): Promise<number> {
  try {
    return await tx.savepoint<never>(async (inner) => {
      await inner`set local lock_timeout = '300ms'`;
      await inner`select pg_advisory_xact_lock(hashtextextended('countersign: appends to the ledger', 0))`;
      const [row] = await inner`select coalesce(max(seq), 0)::text as through from ledger`;
      throw new Cut(Number(row?.through));
    });
  } catch (error) {
    if (error instanceof Cut) return error.through;
    throw error;
  }
}

/** A seal alone is nothing new: otherwise every seal would ask for the next. */
async function anythingNew(tx: ISql<Types>, after: number, through: number): Promise<boolean> {
  const found = await tx`
    select 1 from ledger
    where seq > ${after}::text::bigint and seq <= ${through}::text::bigint and not (subject = 'ledger' and "type" = 'ledger-sealed')
    limit 1`;
  return found.length > 0;
}

/**
 * SHA-256 over one line `subject TAB position TAB hash LF` for every chain as it stood at `through`, sorted by the subject's bytes. The
 * heads are read from the ledger itself (one probe of its index per chain), not from ledger_head, which has moved on since.
 */
async function digestHeads(
  tx: ISql<Types>,
  through: number,
): Promise<{ chains: number; entries: number; heads: string }> {
  const digest = createHash('sha256').update('countersign-heads-1\n');
  let chains = 0;
  let entries = 0;
  await tx`
    declare ledger_heads no scroll cursor for
    select l.subject, l."position", l.hash
    from ledger_head h cross join lateral (
      select subject, "position", hash from ledger
      where subject = h.subject and seq <= ${tx.unsafe(String(through))} order by "position" desc limit 1
    ) l
    order by h.subject`;
  for (;;) {
    const page = await tx`fetch 2000 from ledger_heads`;
    if (page.length === 0) break;
    chains += page.length;
    for (const row of page) entries += row.position;
    digest.update(page.map((row) => `${row.subject}\t${row.position}\t${row.hash}\n`).join(''));
  }
  await tx`close ledger_heads`;
  return { chains, entries, heads: digest.digest('hex') };
}

export async function lastCheckpoint(sql: ISql<Types>): Promise<Checkpoint | undefined> {
  const [row] = await sql`
    select seq::text, hash, data, (extract(epoch from "at") * 1000)::text as ms from ledger
    where subject = 'ledger' and "type" = 'ledger-sealed' order by "position" desc limit 1`;
  if (row === undefined) return undefined;
  const { checkpoint, ...covers } = JSON.parse(row.data);
  return { number: checkpoint, hash: row.hash, seq: Number(row.seq), at: new Date(Number(row.ms)), ...covers };
}

/** When it was last sealed, and since when something stands in it that no seal covers; undefined: never, nothing. */
export async function unsealedSince(
  sql: ISql<Types>,
): Promise<{ last: Date | undefined; unsealedSince: Date | undefined }> {
  const last = await lastCheckpoint(sql);
  const [row] = await sql`
    select (extract(epoch from "at") * 1000)::text as ms from ledger
    where seq > ${last?.through ?? 0}::text::bigint and not (subject = 'ledger' and "type" = 'ledger-sealed') order by seq limit 1`;
  return { last: last?.at, unsealedSince: row && new Date(Number(row.ms)) };
}

/**
 * The whole ledger as NDJSON, each piece one line with its LF, oldest first. Up to an exact cut everything is committed and never changes, so
 * the pages make one moment's picture without a snapshot: a slow reader holds neither a connection nor a transaction open. (Not
 * postgres.js's `.cursor()`: with 3.4.9 it gave pages twice, and a lost connection looked like the end.)
 * @throws when long appends keep it waiting for several tries, or when the database fails: never a short export without an error
 */
export async function* streamLedger(sql: Sql<Types>): AsyncGenerator<string, void, undefined> {
  const through = await patiently(() => sql.begin('isolation level read committed', exactCut));
  for (let after = 0; after < through; ) {
    // Written where the entries lie: a page of nine columns a row costs this process several times the time and the memory. Few of them,
    // since each may hold a megabyte. A name holds no control character, so to_json writes it as JSON.stringify would.
    const [page] = await sql<{ last: string | null; lines: string }[]>`
      select max(seq)::text as last, string_agg(
        '{"seq":' || seq || ',"at":"' || to_char("at" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        || '","subject":' || to_json(subject) || ',"position":' || "position" || ',"type":' || to_json("type") || ',"by":' || to_json("by")
        || ',"data":' || data || ',"prev":"' || prev || '","hash":"' || hash || '"}', chr(10) order by seq) as lines
      from (
        select * from ledger where seq > ${after}::text::bigint and seq <= ${through}::text::bigint order by ledger.seq limit 250
      ) page`;
    // The entry at the cut exists: pages end there and nowhere else.
    if (!page?.last) throw new Error('the ledger lost its end while it was read');
    for (const line of page.lines.split('\n')) yield `${line}\n`;
    after = Number(page.last);
  }
}
