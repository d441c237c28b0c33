/** The connections to Postgres for all that the product asks: a small pool of single lines (db/lines.ts says why). */
import postgres from 'postgres';
import { arrayTypes } from './arrays.ts';
import type { Sql } from './line.ts';
import { openLines, type Pools } from './lines.ts';

export interface Database {
  sql: Sql;
  pools: Pools;
  /** waits up to five seconds for what is under way */
  close(): Promise<void>;
}

const STATEMENT_MS = 30_000;

/**
 * Connects at the first query. At most `max` connections for single questions, and as many for transactions. `bigint` columns arrive as
 * bigint: money is exact from the first character to the last column.
 */
export function openDatabase(url: string, options: { max?: number } = {}): Database {
  const settings = settingsOf(options.max ?? 10);
  const sql = openLines({
    url,
    options: { ...settings, types: { bigint: postgres.BigInt, ...arrayTypes } },
    max: settings.max,
    stalledMs: STATEMENT_MS + 15_000,
  });
  return { sql, pools: sql.pools, close: () => sql.end({ timeout: 5 }) };
}

/**
 * A statement that outlives these limits is a fault. No `idle_in_transaction_session_timeout`: this driver may run what is left of a
 * transaction that the server ended by itself inside the next one (https://github.com/porsager/postgres/issues/1155).
 */
function settingsOf(max: number) {
  return {
    max,
    connect_timeout: 10,
    idle_timeout: 60,
    keep_alive: 30,
    onnotice: () => {},
    connection: {
      application_name: 'countersign',
      statement_timeout: STATEMENT_MS,
      lock_timeout: 10_000,
      // each statement is planned once a connection, not once a press; test/db/queries.test.ts shows that it then scans no big table
      plan_cache_mode: 'force_generic_plan',
    },
  };
}
