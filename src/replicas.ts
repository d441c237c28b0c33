/** This process among the others on one database: it takes its place, looks whether there is room, and sees to what one that died leaves. */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { roomFor } from '../db/budget.ts';
import { joinOthers, type Presence } from '../db/presence.ts';
import { type Database, withRetries } from './core/intake.ts';
import { handedAnew, redrawnAnew } from './core/orphans.ts';
import { pinned } from './core/setting.ts';
import { fetchedAnew } from './files/fetching.ts';

export interface Place {
  sql: Database;
  databaseUrl: string;
  /** connections at most */
  pool: number;
  /** where attachments are kept */
  files: string;
  clock: () => Date;
  log: Logger;
}

/** @throws Error where the server has no room for this process */
export async function takePlace({ sql, databaseUrl, pool, files, clock, log }: Place): Promise<Presence> {
  const presence = await joinOthers(databaseUrl, {
    gone: async (count) => {
      log.info({ count }, 'another process has gone; what was handed to it is handed out anew');
      const now = clock();
      // several notice it in the same moment and may wait for each other; it is noticed once only, so none of this is given up
      await Promise.all([handedAnew, fetchedAnew, redrawnAnew].map((anew) => withRetries(() => anew(sql, now))));
    },
    failed: (err) => log.warn({ err }, 'the other processes cannot be seen for now'),
  });
  const crowded = await roomFor(databaseUrl, pool, presence.count()).catch(async (error: unknown) => {
    await presence.leave();
    throw error;
  });
  if (crowded) log.warn({ crowded }, 'the database may run out of connections');
  if (!(await isOurs(files, sql)))
    log.warn(
      { files },
      'this is not the folder in which this database has its attachments; let every process use the same DATA_DIR/files, and restore it together with the database',
    );
  return presence;
}

/** A file in it names the installation: whoever finds another name there, or none, looks into another folder than the rest. */
async function isOurs(folder: string, sql: Database): Promise<boolean> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const mark = join(folder, '.installation');
  const made = `${mark}-${randomUUID()}`;
  await writeFile(made, randomUUID(), { mode: 0o600 });
  // whole or not at all, and only once: several may start at this moment
  await link(made, mark).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(made, { force: true });
  const found = await readFile(mark, 'utf8');
  return (await pinned(sql, 'files-folder', found)) === found;
}
