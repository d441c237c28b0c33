/** Two commands and nothing before them: what is missing is installed first, by one of those who start, with a stand-in for npm. */
import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const RUN = join(import.meta.dirname, '../../scripts/run.mjs');
/** It counts its calls, stumbles over half-made folders and takes its time, as npm does. */
const NPM = `#!/bin/sh
echo "$1" >> calls
[ ! -e node_modules/half-made ] || exit 190
sleep 0.3
rm -rf node_modules && mkdir -p node_modules/.bin
`;

let project: string;

beforeEach(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), 'countersign clone ')));
  await mkdir(join(project, 'scripts'));
  await mkdir(join(project, 'npm'));
  await cp(RUN, join(project, 'scripts/run.mjs'));
  await writeFile(join(project, 'package-lock.json'), JSON.stringify({ packages: { '': {} } }));
  await writeFile(join(project, 'npm/npm'), NPM);
  await chmod(join(project, 'npm/npm'), 0o755);
});
afterEach(() => rm(project, { recursive: true, force: true }));

async function start(): Promise<{ code: number | null; said: string }> {
  const env = { PATH: `${join(project, 'npm')}:${dirname(process.execPath)}:/usr/bin:/bin` };
  const child = spawn(process.execPath, [join(project, 'scripts/run.mjs'), 'node', '-e', 'console.log("up")'], { env });
  const said = child.stdout.setEncoding('utf8').toArray();
  const code = await new Promise<number | null>((done) => child.once('exit', done));
  return { code, said: (await said).join('') };
}

const calls = () =>
  readFile(join(project, 'calls'), 'utf8').then(
    (text) => text.trim().split('\n'),
    () => [],
  );
const up = { code: 0, said: 'up\n' };

test('the first start installs, the second has nothing to do', async () => {
  expect(await start()).toEqual(up);
  expect(await start()).toEqual(up);
  expect(await calls()).toEqual(['ci']);
});

test('a new lockfile is installed', async () => {
  await start();
  await writeFile(join(project, 'package-lock.json'), JSON.stringify({ packages: { '': {}, 'node_modules/zod': {} } }));
  expect(await start()).toEqual(up);
  expect(await calls()).toEqual(['ci', 'ci']);
});

test('three that start at once install once', async () => {
  expect(await Promise.all([start(), start(), start()])).toEqual([up, up, up]);
  expect(await calls()).toEqual(['ci']);
});

test('the lock of somebody who was killed holds nobody up', async () => {
  await mkdir(join(project, '.data'));
  await writeFile(join(project, '.data/install.lock'), '4194305');
  expect(await start()).toEqual(up);
});

test('an install that was cut off is made anew from empty ground', async () => {
  await mkdir(join(project, 'node_modules/half-made'), { recursive: true });
  expect(await start()).toEqual(up);
  expect(await calls()).toEqual(['ci', 'ci']);
});

test('packages that cannot be had are said so, and nothing is started', async () => {
  await writeFile(join(project, 'npm/npm'), '#!/bin/sh\nexit 1\n');
  expect(await start()).toEqual({ code: 1, said: '' });
});

test('an install by hand counts; one that lacks a package, or has another version, does not', async () => {
  const zod = { version: '4.6.7', integrity: 'sha512-a' };
  const elsewhere = { version: '1.0.0', optional: true, os: ['aix'], cpu: ['ppc64'] };
  const lay = (...packages: object[]) =>
    writeFile(
      join(project, 'node_modules/.package-lock.json'),
      JSON.stringify({ packages: Object.assign({}, ...packages) }),
    );
  const lockfile = { '': {}, 'node_modules/zod': zod, 'node_modules/elsewhere': elsewhere };
  await writeFile(join(project, 'package-lock.json'), JSON.stringify({ packages: lockfile }));
  await mkdir(join(project, 'node_modules/.bin'), { recursive: true });
  await lay({ 'node_modules/zod': zod });
  expect(await start()).toEqual(up);
  expect(await calls()).toEqual([]);
  for (const lacking of [{}, { 'node_modules/zod': { ...zod, version: '4.6.6' } }]) {
    await rm(join(project, 'node_modules/.installed'), { force: true });
    await lay(lacking);
    await start();
  }
  expect(await calls()).toEqual(['ci', 'ci']);
});
