/**
 * The Postgres that comes with the program: real, made on the first start, run on a free loopback port, and gone when
 * we are. A second program on the same folder uses the first one's server.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { open, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { ensureCluster, lastWords, NAME, type Place } from './cluster.ts';
import { type Account, chooseAccount, type Started, startAs } from './postgres-account.ts';
import { findPrograms, type Programs } from './postgres-programs.ts';
import { findPostmaster, isAlive, type Postmaster } from './postmaster.ts';

export interface Embedded {
  url: string;
  /** somebody else's server: our `stop` leaves it running, and it goes when its owner goes */
  attached: boolean;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** server settings beyond ours */
  settings?: Record<string, string>;
  /** false only for data that nobody will miss: skips waiting for the disk */
  durable?: boolean;
  /** the server ended though nobody stopped it (out of memory, killed by hand) */
  onLost?: () => void;
}

const START_MS = 120_000;
const STOP_MS = 15_000;
const TRIES = 5;
const LOG_BYTES = 10_000_000;

/**
 * Start it from the main thread: the kernel's death signal follows the thread that started it.
 * @throws Error with the mend
 */
export async function startEmbedded(dataDir: string, options: EmbeddedOptions = {}): Promise<Embedded> {
  const programs = await findPrograms();
  try {
    const place = await ensureCluster(dataDir, programs, options.durable !== false);
    return await attachOrStart(place, programs, options);
  } catch (cause) {
    if (!['EACCES', 'EPERM'].includes(codeOf(cause))) throw cause;
    throw new Error(`${dataDir} is closed to this user. Start as its owner, or choose another DATA_DIR.`, { cause });
  }
}

const codeOf = (error: unknown) => (error as { code?: string }).code ?? '';

async function attachOrStart(place: Place, programs: Programs, options: EmbeddedOptions): Promise<Embedded> {
  const deadline = Date.now() + START_MS;
  for (let tries = 0; tries < TRIES && Date.now() < deadline; ) {
    const running = await findPostmaster(place.data);
    if (running === undefined) {
      const own = await startOwn(place, programs, options, deadline);
      if (own !== undefined) return own;
      tries += 1;
    } else {
      const url = running.ready ? await urlToShare(place, running) : undefined;
      if (url !== undefined) return { url, attached: true, stop: async () => {} };
      await pause(25);
    }
  }
  throw new Error(`The embedded Postgres did not start. Its last words: ${await lastWords(place.log)}`);
}

function urlOf(place: Place, port: number, database: string): string {
  return `postgres://${NAME}:${place.password}@127.0.0.1:${port}/${database}`;
}

/** A server whose owner is dead is on its way out, or should be: it is not shared but seen off. */
async function urlToShare(place: Place, running: Postmaster): Promise<string | undefined> {
  const sql = postgres(urlOf(place, running.port, 'postgres'), { max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    const [row] = await sql<{ data: string; owner: string }[]>`
      select current_setting('data_directory') as data, current_setting('countersign.owner') as owner`;
    if (row?.data !== place.data) return undefined;
    if (!(await isAlive(Number(row.owner)))) {
      process.kill(running.pid, 'SIGINT');
      return undefined;
    }
    await ensureDatabase(place, running.port);
    return urlOf(place, running.port, NAME);
  } catch {
    // it is stopping, or gone already: the next look tells
    return undefined;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** @returns undefined when it ended before it was ready: another one was faster, or somebody took the port */
async function startOwn(
  place: Place,
  programs: Programs,
  options: EmbeddedOptions,
  deadline: number,
): Promise<Embedded | undefined> {
  const account = await chooseAccount(programs.postgres, place.home);
  const port = await freePort();
  const server = await launch(place, programs, account, settingsOf(port, options));
  if (!account.diesWithUs) watch(server);
  if (!(await becomesReady(place, server.child, deadline))) {
    await stopServer(server);
    return undefined;
  }
  await ensureDatabase(place, port);
  let stopping: Promise<void> | undefined;
  void server.exit.then(() => {
    if (stopping === undefined) options.onLost?.();
  });
  const stop = () => {
    stopping ??= stopServer(server);
    return stopping;
  };
  return { url: urlOf(place, port, NAME), attached: false, stop };
}

/** The server's own log holds no values: they are what people wrote in their forms. */
function settingsOf(port: number, options: EmbeddedOptions): Record<string, string> {
  const relaxed = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    jit: 'off',
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: '0',
    'countersign.owner': String(process.pid),
    ...(options.durable === false ? relaxed : {}),
    ...options.settings,
  };
}

async function launch(
  place: Place,
  programs: Programs,
  account: Account,
  settings: Record<string, string>,
): Promise<Started> {
  const size = await stat(place.log).then(
    (found) => found.size,
    () => 0,
  );
  const log = await open(place.log, size > LOG_BYTES ? 'w' : 'a', 0o600);
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [programs.postgres, '-D', place.data, ...flags];
  const server = startAs(account, command, ['ignore', log.fd, log.fd]);
  // a program that ends without `stop` must not hang on its database
  server.child.unref();
  await log.close();
  return server;
}

async function becomesReady(place: Place, server: ChildProcess, deadline: number): Promise<boolean> {
  while (server.exitCode === null && server.signalCode === null && server.pid !== undefined) {
    const found = await findPostmaster(place.data);
    if (found?.ready && found.pid === server.pid) return true;
    if (Date.now() > deadline) return false;
    await pause(10);
  }
  return false;
}

async function ensureDatabase(place: Place, port: number): Promise<void> {
  const sql = postgres(urlOf(place, port, 'postgres'), { max: 1, onnotice: () => {} });
  try {
    const [found] = await sql`select 1 from pg_database where datname = ${NAME}`;
    if (found === undefined) await sql`create database ${sql(NAME)}`;
  } catch (error) {
    // another program was faster: 42P04 if it has finished, 23505 if it is at it
    if (!['42P04', '23505'].includes(codeOf(error))) throw error;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Where the kernel does not tell the server that we died (macOS), the end of this pipe does. */
function watch(server: Started): void {
  const script = 'cat > /dev/null; kill -INT "$1"';
  const watcher = spawn('/bin/sh', ['-c', script, 'sh', String(server.child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: {},
  });
  watcher.once('error', () => {});
  (watcher.stdin as { unref?: () => void } | null)?.unref?.();
  watcher.unref();
  void server.exit.then(() => watcher.kill('SIGKILL'));
}

/** SIGINT: sessions are ended and everything is kept; SIGQUIT: at once, the next start recovers from the log. */
async function stopServer({ child, exit }: Started): Promise<void> {
  child.ref();
  child.kill('SIGINT');
  const impatience = setTimeout(() => child.kill('SIGQUIT'), STOP_MS);
  await exit;
  clearTimeout(impatience);
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? done(address.port) : fail(new Error('no port')),
      );
    });
  });
}
