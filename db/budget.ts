/**
 * How many connections one process opens at most, and on what; and whether the server has room for all processes. The figure is a
 * ceiling: connections are opened when they are needed.
 */
import postgres from 'postgres';

/** They stand as long as the process lives: who listens for the road, and the lock that says that we live. */
const STANDING = 2;

export interface Budget {
  /** for single questions, and as many for transactions */
  lines: number;
  queue: number;
}

/** @param most in all, of one process: ten or more, see src/config.ts */
export function budgetOf(most: number): Budget {
  const queue = Math.max(2, Math.min(4, Math.round(most / 7)));
  return { queue, lines: Math.floor((most - STANDING - queue) / 2) };
}

export interface Room {
  /** what the server lets this account have here, less what other programs use now */
  free: number;
  server: number;
  others: number;
}

/** @returns a sentence for the administrator; undefined: there is room. @throws Error where not even this process alone has room */
export async function roomFor(url: string, most: number, processes: number): Promise<string | undefined> {
  const client = postgres(url, { max: 1, onnotice: () => {}, connection: { application_name: 'countersign migrate' } });
  try {
    return verdict(await roomOf(client), most, processes);
  } finally {
    await client.end({ timeout: 5 });
  }
}

export function verdict({ free, server, others }: Room, most: number, processes: number): string | undefined {
  const facts = `the server admits ${server}, of which other programs use ${others} now`;
  if (most > free)
    throw new Error(
      `DATABASE_POOL: this process may open ${most} connections, and there is room for ${free} (${facts}). Lower DATABASE_POOL, or raise max_connections or the limit of the account or the database`,
    );
  if (most * processes <= free) return undefined;
  return `${processes} processes with up to ${most} connections each come to ${most * processes}, and there is room for ${free} (${facts}). Lower DATABASE_POOL in each, run fewer processes, or raise max_connections`;
}

/**
 * Some places are kept for superusers and, from Postgres 16 on, for a role; an account and a database may have limits of their own (-1: none).
 * https://www.postgresql.org/docs/current/runtime-config-connection.html#RUNTIME-CONFIG-CONNECTION-SETTINGS
 */
async function roomOf(client: postgres.Sql): Promise<Room> {
  const [row] = await client<Room[]>`
    with place as (
      select least(
          current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
            - coalesce(nullif(current_setting('reserved_connections', true), '')::int, 0),
          (select nullif(rolconnlimit, -1) from pg_roles where rolname = current_user),
          (select nullif(datconnlimit, -1) from pg_database where datname = current_database())) as server,
        (select count(*)::int from pg_stat_activity
          where backend_type = 'client backend' and coalesce(application_name, '') not like 'countersign%') as others)
    select server, others, server - others as free from place`;
  return row as Room;
}
