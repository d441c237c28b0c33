/** Is the database one on which this program can live? Looked at, not touched. */
import type { Check, Language } from '../core/chat.ts';
import { inTime } from '../core/in-time.ts';
import type { Database } from '../core/intake.ts';
import { selftestWords } from '../words/selftest.ts';

const ANSWER_MS = 12_000;
const OLDEST = 140_000;
const SKEW_S = 5;
const CROWDED = 0.85;

interface Seen {
  version: string;
  number: number;
  encoding: string;
  creates: boolean;
  standby: boolean;
  used: number;
  most: number;
  now: Date;
}

export async function checkDatabase(sql: Database, language: Language): Promise<Check[]> {
  const { database: w } = selftestWords(language);
  let failed = 'timeout';
  const asking = look(sql).catch((error: unknown) => {
    failed = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return undefined;
  });
  const seen = await inTime(asking, ANSWER_MS);
  if (seen === undefined) return [{ kind: 'stops', ...w.away(failed) }];
  const skew = Math.round(Math.abs(Date.now() - seen.now.getTime()) / 1000);
  const found: Check[] = [
    ...(seen.number < OLDEST ? [{ kind: 'stops' as const, ...w.old(seen.version) }] : []),
    ...(seen.encoding === 'UTF8' ? [] : [{ kind: 'stops' as const, ...w.encoding(seen.encoding) }]),
    ...(seen.standby ? [{ kind: 'stops' as const, ...w.readOnly }] : []),
    ...(seen.creates || seen.standby ? [] : [{ kind: 'stops' as const, ...w.rights }]),
    ...(seen.used > seen.most * CROWDED ? [{ kind: 'limits' as const, ...w.crowded(seen.used, seen.most) }] : []),
    ...(skew > SKEW_S ? [{ kind: 'limits' as const, ...w.skew(skew) }] : []),
  ];
  return found.length > 0 ? found : [{ kind: 'well', what: w.well(seen.version, seen.used, seen.most) }];
}

/** The queue and the migrations have schemas of their own: so the right is needed on the database too. */
async function look(sql: Database): Promise<Seen | undefined> {
  const [seen] = await sql<Seen[]>`
    select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
      current_setting('server_encoding') as encoding,
      has_database_privilege(current_database(), 'CREATE') and has_schema_privilege('public', 'CREATE') as creates,
      pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as standby,
      (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
      current_setting('max_connections')::int as most, clock_timestamp() as now`;
  return seen;
}
