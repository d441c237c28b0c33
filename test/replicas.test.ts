/** A process that takes its place among the others looks whether it has the files that they have. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../db/client.ts';
import { takePlace } from '../src/replicas.ts';
import { type FreshDatabase, freshDatabase } from './support/database.ts';

let fresh: FreshDatabase;
let opened: Database;
let folder: string;
let lines: string[];

beforeEach(async () => {
  fresh = await freshDatabase();
  opened = openDatabase(fresh.url, { max: 2 });
  folder = await mkdtemp(join(tmpdir(), 'replicas-'));
  lines = [];
});
afterEach(async () => {
  await opened.close();
  await fresh.drop();
  await rm(folder, { recursive: true, force: true });
});

async function start(files: string, pool = 27): Promise<void> {
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const place = {
    sql: opened.sql,
    databaseUrl: fresh.url,
    pool,
    files: join(folder, files),
    clock: () => new Date(),
    log,
  };
  await (await takePlace(place)).leave();
}

test('the folder of attachments is the same for all, and the same again tomorrow; another one is warned of', async () => {
  await Promise.all([start('shared'), start('shared')]);
  await start('shared');
  expect(lines).toEqual([]);
  await start('of-its-own');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('let every process use the same DATA_DIR/files');
});

test('where the server has no room for one process, it does not start, and holds no place', async () => {
  await expect(start('shared', 400)).rejects.toThrow(/^DATABASE_POOL: this process may open 400 connections/);
  await start('shared');
});
