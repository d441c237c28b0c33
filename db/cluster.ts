/**
 * The data folder of the embedded Postgres: made on the first start, whole or not at all, and opened on every other.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseAccount, startAs } from './postgres-account.ts';
import type { Programs } from './postgres-programs.ts';
import { isAlive } from './postmaster.ts';

/** The name of its superuser and of its database. */
export const NAME = 'countersign';

export interface Place {
  /** the folder that is handed to the server's account */
  home: string;
  data: string;
  log: string;
  password: string;
}

const UNFINISHED = 'postgres.new-';

/** @throws Error with the mend */
export async function ensureCluster(dataDir: string, programs: Programs, durable: boolean): Promise<Place> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // one folder, one name: the running server is known by it
  const folder = await realpath(dataDir);
  await sweepUnfinished(folder);
  const home = join(folder, 'postgres');
  if (!(await exists(home))) await create(folder, home, programs, durable);
  return openPlace(home, programs);
}

const placeOf = (home: string) => ({ home, data: join(home, 'data'), log: join(home, 'server.log') });

async function openPlace(home: string, programs: Programs): Promise<Place> {
  const place = placeOf(home);
  const made = (await readFile(join(place.data, 'PG_VERSION'), 'utf8')).trim();
  if (made !== programs.major) {
    throw new Error(
      `${place.data} was made by Postgres ${made}, and this program brings Postgres ${programs.major}. ` +
        'Start the earlier version once and move the data by a dump, or choose another DATA_DIR.',
    );
  }
  return { ...place, password: (await readFile(join(home, 'password'), 'utf8')).trim() };
}

/** Made beside its place and moved there whole: a kill in the middle leaves nothing half-made, and the first one wins. */
async function create(folder: string, home: string, programs: Programs, durable: boolean): Promise<void> {
  const draft = await mkdtemp(join(folder, `${UNFINISHED}${process.pid}-`));
  try {
    await initialise(draft, programs, durable);
    await rename(draft, home);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
  }
}

async function initialise(draft: string, programs: Programs, durable: boolean): Promise<void> {
  const { data, log } = placeOf(draft);
  await writeFile(join(draft, 'password'), `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  const output = await open(log, 'w', 0o600);
  try {
    const account = await chooseAccount(programs.initdb, draft);
    const settings = ['-D', data, '-U', NAME, '-E', 'UTF8', '--locale=C', '--auth=scram-sha-256', '--no-instructions'];
    const sync = durable ? [] : ['--no-sync'];
    const command = [programs.initdb, ...settings, `--pwfile=${join(draft, 'password')}`, ...sync];
    const code = await startAs(account, command, ['ignore', output.fd, output.fd]).exit;
    if (code !== 0) throw new Error(`The embedded Postgres could not be made. Its last words: ${await lastWords(log)}`);
  } finally {
    await output.close();
  }
}

/** What a killed first start left behind. */
async function sweepUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const maker = Number.parseInt(name.slice(UNFINISHED.length), 10);
    if (!(await isAlive(maker))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

const codeOf = (error: unknown) => (error as { code?: string }).code ?? '';

export async function lastWords(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-8).join('\n') || 'none';
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
