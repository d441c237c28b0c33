/**
 * `npm run restored`: once, after the database was brought back from a backup and before the program is started. Numbers that were given away
 * since stand on cards in the chats: given away again, an old button would act on another request. And cards that stand may show what came later.
 */
import { openDatabase } from '../db/client.ts';
import { startEmbedded } from '../db/embedded.ts';
import { migrate } from '../db/migrate.ts';
import { readConfig } from './config.ts';
import type { Database } from './core/intake.ts';
import { stillOpen } from './nouns.ts';
import { restoredWords } from './words/restored.ts';

/** More than are given away between two backups. */
const NUMBERS_AHEAD = 1000;

/** What is decided cannot have changed since; what is open may have been. Returns how many cards will be drawn anew. */
export async function afterRestore(sql: Database, at: Date): Promise<number> {
  const subjects = await sql<{ subject: string }[]>`
    select distinct subject from message where kind in ('card', 'page') and state = 'live'`;
  const open = await stillOpen(
    sql,
    subjects.map(({ subject }) => subject),
  );
  return sql.begin(async (tx) => {
    await tx`update number_counter set last = last + ${NUMBERS_AHEAD}`;
    const drawn = await tx`
      update message set wanted = wanted + 1, shown_hash = null, stale_since = ${at}, attempts = 0, handed_until = null,
        claimed_until = null, next_at = case when ref_message is null then not_before end
      where state = 'live' and (kind = 'home' or (kind in ('card', 'page') and subject = any(${[...open]})))`;
    return drawn.count;
  });
}

async function main(): Promise<number> {
  const settings = readConfig(['DATABASE_URL', 'DATA_DIR']);
  if ('faults' in settings) {
    process.stderr.write(`${settings.faults.join('\n')}\n`);
    return 2;
  }
  const { databaseUrl, dataDir } = settings.ok;
  const embedded = databaseUrl === undefined ? await startEmbedded(dataDir) : undefined;
  const url = databaseUrl ?? embedded?.url ?? '';
  await migrate(url);
  const database = openDatabase(url);
  try {
    const drawn = await afterRestore(database.sql, new Date());
    for (const language of ['zh', 'en'] as const)
      process.stdout.write(`${restoredWords(language).done(NUMBERS_AHEAD, drawn)}\n`);
    return 0;
  } finally {
    await database.close();
    await embedded?.stop();
  }
}

if (import.meta.main) process.exitCode = await main();
