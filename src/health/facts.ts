/** What `/pr health` is told from: what this process has noticed, and what stands in the database. */
import type { ChatAdapter, Platform } from '../core/chat.ts';
import { inTime } from '../core/in-time.ts';
import type { Database } from '../core/intake.ts';
import type { Directory } from '../directory/model.ts';
import { type Gathered, gather } from './gathered.ts';
import type { Noticed } from './noticed.ts';

/** Why messages wait: what the platform said when they were tried. */
export interface Refusing {
  platform: Platform;
  code: string;
  count: number;
}

export interface Facts {
  at: Date;
  noticed: Noticed;
  /** undefined: the database did not answer in time */
  kept: (Gathered & { refusing: Refusing[]; heard: Platform[]; used: number; most: number }) | undefined;
  waiting: number;
  /** of the last reading of the handbook, if it failed */
  handbook: { at: Date; faults: string } | undefined;
  /** the ways of ringing in a crisis that are not set up */
  silentLines: readonly string[];
  running: readonly Platform[];
  directory: Directory;
}

export interface Around {
  sql: Database;
  adapters: ReadonlyMap<Platform, ChatAdapter>;
  noticed: Noticed;
  pools: Readonly<Record<string, () => { waiting: number }>>;
  unread(): Facts['handbook'];
  silentLines(): readonly string[];
}

const KEPT_MS = 1_500;
const DAY_MS = 24 * 3_600_000;

export async function factsOf(around: Around, directory: Directory, at: Date): Promise<Facts> {
  const { sql, adapters, noticed, pools } = around;
  return {
    at,
    noticed,
    kept: await inTime(keptFacts(sql, noticed.since, at), KEPT_MS),
    waiting: Object.values(pools).reduce((sum, stateOf) => sum + stateOf().waiting, 0),
    handbook: around.unread(),
    silentLines: around.silentLines(),
    running: [...adapters.keys()],
    directory,
  };
}

async function keptFacts(sql: Database, since: Date, at: Date): Promise<NonNullable<Facts['kept']>> {
  const lately = new Date(Math.max(since.getTime(), at.getTime() - DAY_MS));
  const [gathered, refusing, heard, [room]] = await Promise.all([
    gather(sql, at),
    sql<Refusing[]>`
      select platform, last_error as code, count(*)::int as count from message
      where state = 'live' and wanted > shown and last_error is not null group by platform, last_error
      order by count(*) desc limit 20`,
    sql<{ platform: Platform }[]>`select distinct platform from inbox where at > ${lately}`,
    sql<{ used: number; most: number }[]>`
      select (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
        current_setting('max_connections')::int as most`,
  ]);
  return { ...gathered, refusing, heard: heard.map(({ platform }) => platform), used: 0, most: 1, ...room };
}
