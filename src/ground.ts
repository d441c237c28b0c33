/** What every part of the program stands on: the database, migrated and with room for us; the handbook in force; who watches over it all. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { budgetOf } from '../db/budget.ts';
import { openDatabase } from '../db/client.ts';
import { startEmbedded } from '../db/embedded.ts';
import { migrate } from '../db/migrate.ts';
import type { Presence } from '../db/presence.ts';
import type { Config } from './config.ts';
import type { ChatAdapter, Platform } from './core/chat.ts';
import type { Database } from './core/intake.ts';
import { createWatching, type Watching } from './health/watching.ts';
import { type Office, openOffice } from './office.ts';
import { takePlace } from './replicas.ts';

export interface Ground {
  config: Config;
  clock: () => Date;
  log: Logger;
  sql: Database;
  databaseUrl: string;
  presence: Presence;
  office: Office;
  watching: Watching;
  adapters: Map<Platform, ChatAdapter>;
  /** what undoes what was started, last first */
  undo: (() => Promise<unknown> | unknown)[];
}

/** @throws Error whose message is for the administrator */
export async function lay(
  config: Config,
  clock: () => Date,
  log: Logger,
  undo: Ground['undo'],
  onLost: (() => void) | undefined,
): Promise<Ground> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const databaseUrl = config.databaseUrl ?? (await embedded(config, undo, onLost));
  await migrate(databaseUrl).catch((cause: unknown) => {
    if (config.databaseUrl === undefined) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`DATABASE_URL: ${why}. Check the address, and that the server runs and lets us in.`, { cause });
  });
  const database = openDatabase(databaseUrl, { max: budgetOf(config.databasePool).lines });
  undo.push(() => database.close());
  const { sql } = database;
  const files = join(config.dataDir, 'files');
  const presence = await takePlace({ sql, databaseUrl, pool: config.databasePool, files, clock, log });
  undo.push(() => presence.leave());
  const adapters: Ground['adapters'] = new Map();
  const office = await openOffice(config.handbook, sql, clock, log, () => [...adapters.keys()]);
  return {
    config,
    clock,
    log,
    sql,
    databaseUrl,
    presence,
    office,
    watching: createWatching({ sql, clock, log, pools: database.pools, adapters }),
    adapters,
    undo,
  };
}

async function embedded(config: Config, undo: Ground['undo'], onLost: (() => void) | undefined): Promise<string> {
  const server = await startEmbedded(config.dataDir, onLost ? { onLost } : {});
  undo.push(() => server.stop());
  return server.url;
}
