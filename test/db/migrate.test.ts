/** Before anything else the database gets its shape: once, whoever comes first, and never a wrong one. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import { areOneSession, migrate } from '../../db/migrate.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

let fresh: FreshDatabase;
let folder: string;
let sql: postgres.Sql;

beforeEach(async () => {
  fresh = await freshDatabase();
  sql = postgres(fresh.url, { max: 1, onnotice: () => {} });
  await sql.unsafe('drop schema if exists drizzle cascade; drop schema public cascade; create schema public');
  folder = await mkdtemp(join(tmpdir(), 'countersign-migrations-'));
});
afterEach(async () => {
  await sql.end();
  await fresh.drop();
  await rm(folder, { recursive: true, force: true });
});

async function write(...files: string[]): Promise<void> {
  await mkdir(join(folder, 'meta'), { recursive: true });
  const entries = files.map((_, idx) => ({
    idx,
    version: '7',
    when: 1_000 + idx,
    tag: `000${idx}`,
    breakpoints: true,
  }));
  await writeFile(join(folder, 'meta/_journal.json'), JSON.stringify({ version: '7', dialect: 'postgresql', entries }));
  for (const [idx, text] of files.entries()) await writeFile(join(folder, `000${idx}.sql`), text);
}

test('ten processes that start at once migrate once', async () => {
  await write('create table arrival (at int);', 'insert into arrival values (1);');
  await Promise.all(Array.from({ length: 10 }, () => migrate(fresh.url, { folder })));
  expect(await sql`select count(*)::int as arrivals from arrival`).toEqual([{ arrivals: 1 }]);
});

test('a migration that fails leaves the database as it was, and the mended one goes through', async () => {
  await write('create table kept (a int);');
  await migrate(fresh.url, { folder });
  await write('create table kept (a int);', 'create table half (a int);--> statement-breakpoint\nselect nonsense;');
  await expect(migrate(fresh.url, { folder })).rejects.toThrow();
  expect(await sql`select to_regclass('half') as half`).toEqual([{ half: null }]);
  await write('create table kept (a int);', 'create table half (a int);');
  await migrate(fresh.url, { folder });
  expect(await sql`select to_regclass('half')::text as half`).toEqual([{ half: 'half' }]);
});

test('an older program does not touch a database that a newer one has migrated', async () => {
  await write('create table one (a int);', 'create table two (a int);');
  await migrate(fresh.url, { folder });
  await write('create table one (a int);');
  await expect(migrate(fresh.url, { folder })).rejects.toThrow(/newer version of the program/);
});

test('a database that is not up yet is waited for', async () => {
  await write('create table late (a int);');
  const { port } = new URL(fresh.url);
  const door = await listen();
  const url = fresh.url.replace(`:${port}/`, `:${door.port}/`);
  await door.close();
  const migrated = migrate(url, { folder, waitMs: 10_000 });
  const relay = await listen(door.port, Number(port));
  await migrated;
  await relay.close();
  expect(await sql`select to_regclass('late')::text as late`).toEqual([{ late: 'late' }]);
});

test('one that does not come up, or refuses us, is named without its password', async () => {
  await write();
  const door = await listen();
  await door.close();
  const silent = migrate(`postgres://someone:geheim@127.0.0.1:${door.port}/pr`, { folder, waitMs: 300 });
  await expect(silent).rejects.toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/^The database at 127\.0\.0\.1:\d+\/pr cannot be used \(ECONNREFUSED\)/),
    }),
  );
  const absent = new URL(inject('postgres').server);
  absent.pathname = '/nowhere';
  const refused = await migrate(absent.href, { folder }).catch((error: Error) => error.message);
  expect(refused).toMatch(/\(3D000\): database "nowhere" does not exist/);
  expect(refused).not.toContain(absent.password);
});

test('two connections are two sessions; a pooler that makes them one is known by what the second finds of the first', async () => {
  const other = postgres(fresh.url, { max: 1, onnotice: () => {} });
  expect(await areOneSession(sql, other)).toBe(false);
  expect(await areOneSession(sql, sql)).toBe(true);
  await other.end();
});

test('the client gives exact bigints, says who it is, and ends', async () => {
  const database = openDatabase(fresh.url, { max: 1 });
  const [row] = await database.sql<{ fen: bigint; name: string }[]>`
    select 9007199254740993::bigint as fen, current_setting('application_name') as name`;
  expect(row).toEqual({ fen: 9_007_199_254_740_993n, name: 'countersign' });
  await database.close();
  await expect(database.sql`select 1`).rejects.toMatchObject({ code: 'CONNECTION_ENDED' });
});

/** A door on loopback, nobody behind it; or with a server behind it. */
async function listen(port = 0, behind?: number): Promise<{ port: number; close(): Promise<void> }> {
  const { connect } = await import('node:net');
  const server: Server = createServer((socket) => {
    if (behind === undefined) return void socket.destroy();
    const through = connect(behind, '127.0.0.1');
    for (const end of [socket, through]) end.on('error', () => {});
    socket.pipe(through).pipe(socket);
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address !== 'object') throw new Error('no port');
  return { port: address.port, close: () => new Promise((done) => void server.close(() => done())) };
}
