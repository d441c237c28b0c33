/** How signals and observations are kept: what was reported stands by the reporter's own id, and counts until it is part of a signal. */
import type { Sql } from 'postgres';
import type { Tx } from '../core/module.ts';
import { type Observation, readWatch, SAMPLES, type Sample, type Signal, type Watch, watchText } from './model.ts';

export type Reader = Sql<{ bigint: bigint }> | Tx;

interface Row {
  body: Signal;
}

/**
 * A number's signal; or, for a watch, the signal that takes what comes now: the open one, or the confirmed one whose crisis is not over.
 * Reports of one watch wait for each other, whether there is a signal to be locked or not.
 */
export async function lockSignal(tx: Tx, subject: string): Promise<Signal | undefined> {
  const watch = readWatch(subject);
  const [row] = watch
    ? await lockWatch(tx, watch)
    : await tx<Row[]>`select body from signal where number = ${subject} for update`;
  return row?.body;
}

async function lockWatch(tx: Tx, watch: Watch): Promise<Row[]> {
  const held = `countersign: reports of ${watchText(watch)}`;
  const [, rows] = await Promise.all([
    tx`select pg_advisory_xact_lock(hashtextextended(${held}, 0))`.execute(),
    tx<Row[]>`
      select body from signal
      where indicator = ${watch.indicator} and key = ${watch.key}
        and (state = 'open' or (state = 'confirmed'
          and body->>'crisis' in (select crisis.number from crisis where crisis.state <> 'over')))
      order by raised_at desc limit 1 for update`.execute(),
  ]);
  return rows;
}

export async function readSignal(sql: Reader, number: string): Promise<Signal | undefined> {
  const [row] = await sql<Row[]>`select body from signal where number = ${number}`;
  return row?.body;
}

export async function saveSignal(tx: Tx, signal: Signal): Promise<void> {
  const { number, indicator, key, state, raisedAt, revision } = signal;
  const body = tx.json(signal as never);
  await tx`
    insert into signal ${tx({ number, indicator, key, state, raised_at: raisedAt, body, revision })}
    on conflict (number) do update set state = excluded.state, body = excluded.body, revision = excluded.revision`;
}

/**
 * Gives those that are new. They join `signal`, where there is one; what happened before somebody last said what it was belongs to that:
 * it was judged already and raises nothing again.
 */
export async function keepObservations(
  tx: Tx,
  { indicator, key }: Watch,
  observations: Observation[],
  signal: string | undefined,
): Promise<{ fresh: Observation[]; free: Date[] }> {
  const rows = await tx<{ id: string; amount: number; text: string; at: Date; signal: string | null }[]>`
    insert into observation (id, indicator, key, amount, text, at, signal)
    select r.id, ${indicator}, ${key}, r.amount, r.text, r.at,
      coalesce(${signal ?? null}::text, case when r.at <= judged.at then judged.number end)
    from jsonb_to_recordset(${tx.json(observations)}) as r(id text, amount integer, text text, at timestamptz)
    left join (
      select number, (body->'decided'->>'at')::timestamptz as at from signal
      where indicator = ${indicator} and key = ${key} and state <> 'open' order by raised_at desc limit 1) judged on true
    on conflict (id) do nothing
    returning id, amount, text, at, signal`;
  return {
    fresh: rows.map(({ id, amount, text, at }) => ({ id, amount, text, at: at.toISOString() })),
    free: rows.flatMap((row) => (row.signal === null ? [row.at] : [])),
  };
}

/**
 * The highest sum of any window that ends at one of these reports or after them: a late one may fill a window that is over. `from`: where
 * that window begins.
 */
export async function highest(
  tx: Tx,
  { indicator, key }: Watch,
  free: Date[],
  widthMs: number,
): Promise<{ total: number; from: Date }> {
  const times = free.map((at) => at.getTime());
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const [row] = await tx<{ total: number; at: Date }[]>`
    select total::float8 as total, at from (
      select at, sum(amount) over (
        order by at range between ${widthMs / 1000}::float8 * interval '1 second' preceding and current row) as total
      from observation
      where indicator = ${indicator} and key = ${key} and signal is null
        and at >= ${new Date(first - widthMs)} and at <= ${new Date(last + widthMs)}) windows
    where at >= ${new Date(first)} order by total desc, at desc limit 1`;
  return { total: row?.total ?? 0, from: new Date((row?.at.getTime() ?? first) - widthMs) };
}

/** All that counts since then. */
export async function countedSince(tx: Tx, { indicator, key }: Watch, from: Date) {
  const [[sum], newest] = await Promise.all([
    tx<{ count: number; first: Date; last: Date }[]>`
      select sum(amount)::float8 as count, min(at) as first, max(at) as last from observation
      where indicator = ${indicator} and key = ${key} and signal is null and at >= ${from}`.execute(),
    tx<{ id: string; text: string; at: Date }[]>`
      select id, text, at from observation
      where indicator = ${indicator} and key = ${key} and signal is null and at >= ${from}
      order by at desc limit ${SAMPLES}`.execute(),
  ]);
  if (!sum) throw new Error('a sum always has a row');
  const samples = newest.map(({ id, text, at }): Sample => ({ id, text, at: at.toISOString() })).reverse();
  return { count: sum.count, firstAt: sum.first.toISOString(), lastAt: sum.last.toISOString(), samples };
}

/** From now on they are this signal's, and count for no other. */
export async function claim(tx: Tx, { number, indicator, key, firstAt }: Signal): Promise<void> {
  await tx`
    update observation set signal = ${number}
    where indicator = ${indicator} and key = ${key} and signal is null and at >= ${firstAt}`;
}

export interface Running {
  key: string;
  total: number;
}

/** What has been reported of an indicator since then and is no signal yet: the most first. */
export async function runningOf(sql: Reader, indicator: string, since: Date, limit: number): Promise<Running[]> {
  return sql<Running[]>`
    select key, sum(amount)::float8 as total from observation
    where indicator = ${indicator} and at >= ${since} and signal is null
    group by key order by total desc, key limit ${limit}`;
}

export async function openSignals(sql: Reader, limit: number): Promise<Signal[]> {
  const rows = await sql<Row[]>`select body from signal where state = 'open' order by raised_at, number limit ${limit}`;
  return rows.map((row) => row.body);
}

/** Which of these still need live cards. */
export async function stillOpen(sql: Reader, numbers: string[]): Promise<Set<string>> {
  if (numbers.length === 0) return new Set();
  const rows = await sql<{ number: string }[]>`
    select number from signal where number in ${sql(numbers)} and state = 'open'`;
  return new Set(rows.map((row) => row.number));
}

const KEPT_MS = 90 * 86_400_000;

/** What became part of a signal is evidence and stays. */
export async function sweepObservations(sql: Reader, now: Date): Promise<void> {
  await sql`delete from observation where signal is null and at < ${new Date(now.getTime() - KEPT_MS)}`;
}
