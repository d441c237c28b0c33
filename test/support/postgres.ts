/**
 * One Postgres for the whole run, and in it one migrated database that the others are copied from. The server is the
 * embedded one in a folder of its own, or the one at TEST_DATABASE_URL (an account that may create databases).
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../db/embedded.ts';
import { migrate } from '../../db/migrate.ts';
import { isAlive } from '../../db/postmaster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** `server`: a URL with the right to create databases; `template`: the migrated database's name */
    postgres: { server: string; template: string };
  }
}

const FOLDER = 'countersign-test-';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer();
  const template = `countersign_${process.pid}_${Date.now().toString(36)}`;
  try {
    await makeTemplate(server.url, template);
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide('postgres', { server: server.url, template });
  return async () => {
    if (server.shared) await dropAll(server.url, template);
    await server.stop();
  };
}

interface Server {
  url: string;
  /** it outlives this run, so what we made in it must go */
  shared: boolean;
  stop(): Promise<void>;
}

async function startServer(): Promise<Server> {
  const given = process.env.TEST_DATABASE_URL;
  if (given !== undefined && given !== '') return { url: given, shared: true, stop: async () => {} };
  await sweep();
  const folder = await mkdtemp(join(tmpdir(), `${FOLDER}${process.pid}-`));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const server = await startEmbedded(folder, {
      durable: false,
      settings: { max_connections: '300', max_wal_size: '4GB', autovacuum: 'off' },
    });
    return { url: server.url, shared: false, stop: () => server.stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A run killed by force could not remove its folder; its server died with it. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(FOLDER)) continue;
    const maker = Number.parseInt(name.slice(FOLDER.length), 10);
    // somebody else's folder may not be ours to remove
    if (!(await isAlive(maker))) await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {});
  }
}

async function makeTemplate(server: string, template: string): Promise<void> {
  const sql = postgres(server, { max: 1, onnotice: () => {} });
  try {
    await sql`create database ${sql(template)} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'`;
    const url = new URL(server);
    url.pathname = `/${template}`;
    await migrate(url.href);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function dropAll(server: string, template: string): Promise<void> {
  const sql = postgres(server, { max: 1, onnotice: () => {} });
  try {
    const ours = await sql<{ name: string }[]>`
      select datname as name from pg_database where starts_with(datname, ${template})`;
    for (const { name } of ours) await sql`drop database if exists ${sql(name)} with (force)`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}
