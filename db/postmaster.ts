/**
 * What a running Postgres says of itself in its data folder: the file `postmaster.pid`
 * (https://www.postgresql.org/docs/18/storage-file-layout.html), read with the doubt that it deserves after a crash.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface Postmaster {
  pid: number;
  port: number;
  ready: boolean;
}

/** The server that lives in this data folder; a file left behind by a dead one is removed. */
export async function findPostmaster(data: string): Promise<Postmaster | undefined> {
  const file = join(data, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  // a file being written at this moment: it will be complete at the next look
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (!(await isServerOf(pid, data))) {
    await rm(file, { force: true });
    return undefined;
  }
  return { pid, port: Number(lines[3]), ready: lines[7] === 'ready' };
}

/** A zombie is not alive, though it still takes signals. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const status = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  // the state follows the program's name, which stands in brackets and may hold any character
  return status === undefined || status.slice(status.lastIndexOf(')') + 2, status.lastIndexOf(')') + 3) !== 'Z';
}

/** Process numbers are used again, soonest in a container: the command line tells whose this one is. */
async function isServerOf(pid: number, data: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (command === undefined || command === '') return process.platform !== 'linux';
  return command.split('\0').includes(data);
}
