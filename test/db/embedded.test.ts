/** The Postgres that comes with the program: it starts from nothing, is shared, heals, and never outlives its owner. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { startEmbedded } from '../../db/embedded.ts';
import { findPostmaster, isAlive } from '../../db/postmaster.ts';

const KEEPER = join(import.meta.dirname, '../support/keeper.ts');
const PATIENCE = { timeout: 10_000, interval: 20 };

let folder: string;
const keepers: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign embedded '));
});
afterEach(async () => {
  for (const keeper of keepers.splice(0)) keeper.kill('SIGKILL');
  await vi.waitUntil(async () => (await findPostmaster(join(folder, 'postgres/data'))) === undefined, PATIENCE);
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

function keep(place: string): ChildProcess {
  const keeper = spawn(process.execPath, [KEEPER, place], { stdio: ['ignore', 'pipe', 'inherit'] });
  keepers.push(keeper);
  return keeper;
}

async function told(keeper: ChildProcess): Promise<{ url: string; attached: boolean }> {
  if (keeper.stdout === null) throw new Error('the keeper has no voice');
  for await (const line of createInterface(keeper.stdout)) return JSON.parse(line);
  throw new Error('the keeper ended without a word');
}

async function ask<Row extends object>(url: string, question: string): Promise<Row | undefined> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const [row] = await sql.unsafe<Row[]>(question);
    return row;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

const postmaster = () => findPostmaster(join(folder, 'postgres/data'));

test('a first start makes it, only its owner can open it, and what was written is there after a restart', async () => {
  const first = await startEmbedded(folder, { durable: false });
  expect(first.attached).toBe(false);
  await ask(first.url, "create table note as select '会签' as text");
  const shape = await ask(
    first.url,
    `select current_setting('server_encoding') as encoding,
    current_setting('listen_addresses') as listens, current_setting('unix_socket_directories') as sockets`,
  );
  expect(shape).toEqual({ encoding: 'UTF8', listens: '127.0.0.1', sockets: '' });
  expect((await stat(join(folder, 'postgres/password'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'postgres'))).mode & 0o777).toBe(0o700);
  const wrong = first.url.replace(/:[0-9a-f]{48}@/, ':guessed@');
  await expect(ask(wrong, 'select 1')).rejects.toThrow(/password authentication failed/);
  await first.stop();
  await first.stop();
  expect(await postmaster()).toBeUndefined();

  const second = await startEmbedded(folder, { durable: false });
  expect(await ask(second.url, 'select text from note')).toEqual({ text: '会签' });
  await second.stop();
});

test('programs that start at once share one server; who only came along does not stop it', async () => {
  const all = await Promise.all(
    [keep(folder), keep(folder), keep(folder)].map(async (one) => ({ one, ...(await told(one)) })),
  );
  expect(all.map(({ attached }) => attached).sort()).toEqual([false, true, true]);
  expect(new Set(all.map(({ url }) => url)).size).toBe(1);
  const guest = all.find(({ attached }) => attached);
  guest?.one.kill('SIGTERM');
  await vi.waitUntil(() => guest?.one.exitCode === 0, PATIENCE);
  expect(await ask(guest?.url ?? '', 'select 1 as one')).toEqual({ one: 1 });
});

test('kill -9 of its owner ends it, and a start at that very moment gets a server of its own', async () => {
  const owner = keep(folder);
  await told(owner);
  const before = await postmaster();
  owner.kill('SIGKILL');
  const after = await told(keep(folder));
  expect(after.attached).toBe(false);
  expect(await ask(after.url, 'select text from note')).toEqual({ text: '会签' });
  expect(await isAlive(before?.pid ?? 0)).toBe(false);
});

test('its owner hears when it dies by itself', async () => {
  const onLost = vi.fn();
  await startEmbedded(folder, { durable: false, onLost });
  process.kill((await postmaster())?.pid ?? 0, 'SIGQUIT');
  await vi.waitFor(() => expect(onLost).toHaveBeenCalledOnce(), PATIENCE);
});

test('after a crash, a process number that means somebody else now is no server', async () => {
  const lines = [process.pid, join(folder, 'postgres/data'), 0, 1, '', '127.0.0.1', '', 'ready   '];
  await writeFile(join(folder, 'postgres/data/postmaster.pid'), lines.join('\n'));
  const server = await startEmbedded(folder, { durable: false });
  expect(server.attached).toBe(false);
  await server.stop();
});

test('a first start that was killed half-way leaves nothing that matters', async () => {
  const place = join(folder, 'healed');
  const killed = keep(place);
  await vi.waitUntil(async () => (await readdir(place).catch(() => [])).length > 0, PATIENCE);
  killed.kill('SIGKILL');
  await vi.waitUntil(() => killed.signalCode !== null, PATIENCE);
  expect(await readdir(place)).toEqual([expect.stringMatching(/^postgres\.new-/)]);
  const server = await startEmbedded(place, { durable: false });
  expect(await readdir(place)).toEqual(['postgres']);
  await server.stop();
});

test('data of another Postgres is refused by name, and left alone', async () => {
  const place = join(folder, 'older');
  await mkdir(join(place, 'postgres/data'), { recursive: true });
  await writeFile(join(place, 'postgres/data/PG_VERSION'), '15\n');
  await expect(startEmbedded(place)).rejects.toThrow(/was made by Postgres 15, and this program brings Postgres \d+\./);
  expect(await readFile(join(place, 'postgres/data/PG_VERSION'), 'utf8')).toBe('15\n');
});

test('the server’s log holds nothing of what people wrote', async () => {
  const server = await startEmbedded(folder, { durable: false });
  await ask(server.url, 'create table once (word text primary key)');
  await ask(server.url, "insert into once values ('geheim')");
  await expect(ask(server.url, "insert into once values ('geheim')")).rejects.toThrow(/duplicate key/);
  await server.stop();
  const log = await readFile(join(folder, 'postgres/server.log'), 'utf8');
  expect(log).toContain('duplicate key');
  expect(log).not.toContain('geheim');
});
