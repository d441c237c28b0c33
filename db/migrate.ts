/**
 * Brings the database to the shape this program needs: the files of db/migrations, each once, in order. Any number of
 * processes may start at once; a lock lets one of them do it while the others wait.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import postgres from 'postgres';

const MIGRATIONS = join(import.meta.dirname, 'migrations');
const WAIT_MS = 30_000;
/** any number will do, as long as it is ours alone in this database */
const LOCK = 7_241_830;

/** The database is not up yet, or says so itself: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const NOT_YET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  '57P03', // cannot_connect_now: starting up or in recovery
  '53300', // too_many_connections
]);

/** @throws Error that says what stands in the way, never with the password */
export async function migrate(url: string, options: { waitMs?: number; folder?: string } = {}): Promise<void> {
  const folder = options.folder ?? MIGRATIONS;
  // one connection: the lock belongs to its session
  const client = postgres(url, {
    max: 1,
    max_lifetime: null,
    connect_timeout: 5,
    onnotice: () => {},
    connection: { application_name: 'countersign migrate', lock_timeout: 120_000 },
  });
  try {
    await reachable(client, url, options.waitMs ?? WAIT_MS);
    await refuseShared(client, url);
    await locked(client);
    await refuseNewer(client, folder);
    await bringUp(client, folder);
  } finally {
    // ends the session, and with it the lock
    await client.end({ timeout: 5 });
  }
}

async function reachable(client: postgres.Sql, url: string, waitMs: number): Promise<void> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    try {
      return await refuseUnfit(client);
    } catch (cause) {
      const code = (cause as { code?: string }).code ?? '';
      if (code === '') throw cause;
      if (!NOT_YET.has(code) || Date.now() > deadline) {
        throw new Error(`The database at ${placeOf(url)} cannot be used (${code}): ${(cause as Error).message}`, {
          cause,
        });
      }
      await pause(250);
    }
  }
}

async function refuseUnfit(client: postgres.Sql): Promise<void> {
  const [server] = await client<{ version: number; encoding: string }[]>`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`;
  if (server === undefined) throw new Error('The database does not say what it is.');
  if (server.version < 140_000) throw new Error('The database is older than Postgres 14. Move to 14 or newer.');
  if (server.encoding !== 'UTF8') {
    throw new Error(`The database keeps text as ${server.encoding}. Make it with the encoding UTF8.`);
  }
}

/**
 * A pooler that gives a session to each of its clients for one transaction at a time breaks whatever lasts longer: our locks would stay with
 * its session when we are gone, so that the next start waits for ever, and nobody would hear a NOTIFY. https://www.pgbouncer.org/features.html
 */
async function refuseShared(client: postgres.Sql, url: string): Promise<void> {
  const other = postgres(url, { max: 1, onnotice: () => {}, connection: { application_name: 'countersign migrate' } });
  try {
    if (!(await areOneSession(client, other))) return;
  } finally {
    await other.end({ timeout: 5 });
  }
  throw new Error(
    'Connections share one session, as behind PgBouncer with pool_mode = transaction. Use pool_mode = session, or the address of the server itself',
  );
}

/** True: what the first one sets, the second one finds. A pooler hands out the session that was let go last. */
export async function areOneSession(first: postgres.Sql, second: postgres.Sql): Promise<boolean> {
  const mark = randomUUID();
  await first`select set_config('countersign.session', ${mark}, false)`;
  const [row] = await second<{ found: string | null }[]>`select current_setting('countersign.session', true) as found`;
  return row?.found === mark;
}

/** Waits for whoever is at it. A crashed one holds nothing: the lock ends with its session. */
async function locked(client: postgres.Sql): Promise<void> {
  try {
    await client`select pg_advisory_lock(${LOCK})`;
  } catch (cause) {
    if ((cause as { code?: string }).code !== '55P03') throw cause;
    throw new Error('Another process has been migrating the database for two minutes. Look at that one first.', {
      cause,
    });
  }
}

/** An older program would write rows that the newer shape does not expect. */
async function refuseNewer(client: postgres.Sql, folder: string): Promise<void> {
  const [table] = await client<{ found: boolean }[]>`
    select to_regclass('drizzle.__drizzle_migrations') is not null as found`;
  if (!table?.found) return;
  const [last] = await client<{ at: string | null }[]>`select max(created_at) as at from drizzle.__drizzle_migrations`;
  const known = Math.max(0, ...readMigrationFiles({ migrationsFolder: folder }).map((file) => file.folderMillis));
  if (Number(last?.at ?? 0) > known) {
    throw new Error(
      'A newer version of the program has migrated this database. Start that version, or restore a backup.',
    );
  }
}

/**
 * What has not been done here, in one transaction, into drizzle's own book (https://orm.drizzle.team/docs/drizzle-kit-migrate). Not by drizzle's
 * migrator: loading its query builder costs each start more than everything else together, half a second and 250 MB that stay.
 */
async function bringUp(client: postgres.Sql, folder: string): Promise<void> {
  await client`create schema if not exists drizzle`;
  await client`create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`;
  const [last] = await client<{ at: string | null }[]>`select max(created_at) as at from drizzle.__drizzle_migrations`;
  const due = readMigrationFiles({ migrationsFolder: folder }).filter(
    (file) => file.folderMillis > Number(last?.at ?? 0),
  );
  if (due.length === 0) return;
  await client.begin(async (tx) => {
    for (const { sql, hash, folderMillis } of due) {
      for (const statement of sql) await tx.unsafe(statement);
      await tx`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${folderMillis})`;
    }
  });
}

function placeOf(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `${host}${pathname}`;
  } catch {
    return 'the given address';
  }
}
