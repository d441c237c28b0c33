/** What every bench is given: a Postgres in which it may make databases of its own, and how much it is to measure. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { startEmbedded } from '../../db/embedded.ts';
import { migrate } from '../../db/migrate.ts';
import { isAlive } from '../../db/postmaster.ts';
import type { Row } from './table.ts';

export interface BenchDatabase {
  url: string;
  name: string;
  drop(): Promise<void>;
}

export interface Setting {
  /** how many requests stand in the database, for the benches that ask what many cost; the first is what the others are held against */
  sizes: readonly number[];
  /** of each figure, taken in turns with what it is held against; the median counts */
  rounds: number;
  /** 1: as it is meant; the harness' own test takes a hundredth of everything */
  scale: number;
  /** an empty, migrated database, or a copy of a database of this run to which nobody is connected */
  database(copyOf?: BenchDatabase): Promise<BenchDatabase>;
  /** what is going on, for whoever waits */
  say(line: string): void;
}

export type Bench = (setting: Setting) => Promise<Row[]>;

export interface Asked {
  sizes: readonly number[];
  rounds: number;
  scale?: number;
  /** undefined: an embedded Postgres in a temporary folder, as durable as the product's */
  server: string | undefined;
  say?: (line: string) => void;
}

const FOLDER = 'countersign-bench-';

export async function openSetting(asked: Asked): Promise<Setting & { close(): Promise<void> }> {
  const server = asked.server === undefined ? await ownServer() : { url: asked.server, stop: async () => {} };
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  const made = new Set<string>();
  let template: Promise<string> | undefined;
  const create = async (from: string | undefined): Promise<BenchDatabase> => {
    const name = `countersign_bench_${randomBytes(5).toString('hex')}`;
    await (from
      ? admin`create database ${admin(name)} template ${admin(from)}`
      : admin`create database ${admin(name)} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'`);
    made.add(name);
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    const drop = async () => {
      await admin`drop database if exists ${admin(name)} with (force)`;
      made.delete(name);
    };
    return { url: url.href, name, drop };
  };
  const migrated = async (): Promise<string> => {
    const empty = await create(undefined);
    await migrate(empty.url);
    return empty.name;
  };
  return {
    sizes: asked.sizes,
    rounds: asked.rounds,
    scale: asked.scale ?? 1,
    say: asked.say ?? (() => {}),
    database: async (copyOf) => {
      template ??= migrated();
      return create(copyOf?.name ?? (await template));
    },
    close: async () => {
      for (const name of made) await admin`drop database if exists ${admin(name)} with (force)`;
      await admin.end({ timeout: 5 });
      await server.stop();
    },
  };
}

async function ownServer(): Promise<{ url: string; stop(): Promise<void> }> {
  await sweep();
  const folder = await mkdtemp(join(tmpdir(), `${FOLDER}${process.pid}-`));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const server = await startEmbedded(folder, { settings: { max_connections: '300', max_wal_size: '4GB' } });
    return { url: server.url, stop: () => server.stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A run that was killed could not remove its folder, which may hold gigabytes; its server died with it. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const maker = name.startsWith(FOLDER) ? Number.parseInt(name.slice(FOLDER.length), 10) : Number.NaN;
    if (!Number.isNaN(maker) && !(await isAlive(maker)))
      await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {});
  }
}
