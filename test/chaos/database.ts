/** A real Postgres of the run's own, on one port and one folder, to be shut down in either hard way and started again. */
import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { ensureCluster, lastWords, NAME } from '../../db/cluster.ts';
import { chooseAccount, type Started, startAs } from '../../db/postgres-account.ts';
import { findPrograms } from '../../db/postgres-programs.ts';
import { findPostmaster } from '../../db/postmaster.ts';
import { freePort } from '../support/program.ts';

/** `immediate`: as a crash, the next start recovers; `fast`: sessions are cut, then it ends in order. */
export type Shutdown = 'immediate' | 'fast';

export interface Ground {
  url: string;
  restart(how: Shutdown, downMs: number): Promise<void>;
  close(): Promise<void>;
}

const SIGNALS = { immediate: 'SIGQUIT', fast: 'SIGINT' } as const;
const START_MS = 60_000;

/** Every commit that was answered is kept in either shutdown; `durable: false` only does not wait for the disk itself. */
export async function openGround(folder: string, durable: boolean): Promise<Ground> {
  const programs = await findPrograms();
  const place = await ensureCluster(folder, programs, durable);
  const account = await chooseAccount(programs.postgres, place.home);
  const port = await freePort();
  const settings = {
    ...{ listen_addresses: '127.0.0.1', port, unix_socket_directories: '', timezone: 'UTC', log_timezone: 'UTC' },
    ...{ max_connections: '250', jit: 'off', fsync: durable ? 'on' : 'off' },
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

  async function start(): Promise<Started> {
    const log = await open(place.log, 'a', 0o600);
    const server = startAs(account, [programs.postgres, '-D', place.data, ...flags], ['ignore', log.fd, log.fd]);
    await log.close();
    for (const late = Date.now() + START_MS; ; await pause(10)) {
      const found = await findPostmaster(place.data);
      if (found?.ready && found.pid === server.child.pid) return server;
      if (server.child.exitCode !== null || Date.now() > late)
        throw new Error(`the run's Postgres did not start; its last words: ${await lastWords(place.log)}`);
    }
  }

  async function stop({ child, exit }: Started, how: Shutdown): Promise<void> {
    child.kill(SIGNALS[how]);
    await exit;
  }

  let server = await start();
  const base = `postgres://${NAME}:${place.password}@127.0.0.1:${port}`;
  const admin = postgres(`${base}/postgres`, { max: 1, onnotice: () => {} });
  await admin`create database ${admin(NAME)}`;
  await admin.end();
  return {
    url: `${base}/${NAME}`,
    restart: async (how, downMs) => {
      await stop(server, how);
      await pause(downMs);
      server = await start();
    },
    close: () => stop(server, 'immediate'),
  };
}
