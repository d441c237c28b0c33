/** What runs in production stands under licences that we can keep, and the page that says so is true. */
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../scripts/licences.mjs');
let project: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'countersign licences '));
  for (const folder of ['scripts', 'docs', 'node_modules']) await mkdir(join(project, folder));
  await cp(SCRIPT, join(project, 'scripts/licences.mjs'));
});
afterEach(() => rm(project, { recursive: true, force: true }));

interface Package {
  license?: unknown;
  dev?: boolean;
  /** what the package itself says, if that is something else; null: not made for this platform */
  says?: unknown;
  at?: string;
}

async function lay(packages: Record<string, Package>, exceptions: object = {}): Promise<void> {
  const locked: Record<string, object> = { '': { license: 'UNLICENSED' } };
  for (const [name, { license, dev, says = license, at = `node_modules/${name}` }] of Object.entries(packages)) {
    locked[at] = { version: '1.0.0', ...(license === undefined ? {} : { license }), ...(dev ? { dev } : {}) };
    if (says === null) continue;
    await mkdir(join(project, at), { recursive: true });
    await writeFile(join(project, at, 'package.json'), JSON.stringify({ name, license: says }));
  }
  await writeFile(join(project, 'package-lock.json'), JSON.stringify({ packages: locked }));
  await writeFile(join(project, 'scripts/licences.json'), JSON.stringify(exceptions));
}

async function run(...args: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [join(project, 'scripts/licences.mjs'), ...args]);
  const said = child.stdout.setEncoding('utf8').toArray();
  const code = await new Promise<number | null>((done) => child.once('exit', done));
  return { code, said: (await said).join('') };
}
const page = () => readFile(join(project, 'docs/licences.md'), 'utf8');

test('the page is written, sorted, without what is only for development; then it is true until something changes', async () => {
  await lay({
    zeta: { license: 'MIT' },
    '@a/alpha': { license: 'Apache-2.0' },
    tool: { license: 'GPL-3.0', dev: true },
  });
  expect((await run()).code).toBe(1);
  expect(await run('--write')).toEqual({ code: 0, said: 'Licences: 2 packages, all allowed.\n' });
  expect((await page()).match(/^\| .* \|$/gm)).toEqual([
    '| package | version | licence |',
    '| @a/alpha | 1.0.0 | Apache-2.0 |',
    '| zeta | 1.0.0 | MIT |',
  ]);
  expect((await run()).code).toBe(0);
  await lay({ zeta: { license: 'ISC' } });
  const { code, said } = await run();
  expect([code, said]).toEqual([1, expect.stringContaining('docs/licences.md is out of date')]);
});

test.each<[string, boolean]>([
  ['(MIT OR GPL-3.0)', true],
  ['MIT AND ISC', true],
  ['(MIT AND GPL-3.0)', false],
  ['AGPL-3.0-only', false],
  ['SEE LICENSE IN x', false],
  ['UNLICENSED', false],
  ['(MIT OR (GPL-3.0 AND ISC))', false],
  ['mit', false],
])('%s: allowed %s', async (license, allowed) => {
  await lay({ one: { license } });
  const { code, said } = await run('--write');
  expect(code).toBe(allowed ? 0 : 1);
  if (!allowed) expect(said).toContain(`one 1.0.0: ${license} is not on the list`);
});

test('a package that names none, and one inside another, are found too', async () => {
  await lay({ nameless: {}, inner: { license: 'GPL-2.0', at: 'node_modules/outer/node_modules/inner' } });
  const { said } = await run('--write');
  expect(said).toContain('nameless 1.0.0: none named is not on the list');
  expect(said).toContain('inner 1.0.0: GPL-2.0 is not on the list');
});

test('what lies there must say what the lockfile says; what is made for another platform need not lie there', async () => {
  await lay({ changed: { license: 'MIT', says: 'GPL-3.0' }, elsewhere: { license: 'MIT', says: null } });
  const { code, said } = await run('--write');
  expect(code).toBe(1);
  expect(said).toContain('changed 1.0.0: the lockfile says MIT, the package itself GPL-3.0');
  expect(said).not.toContain('elsewhere 1.0.0');
});

test('an exception holds for what it was made for, stands on the page, and goes with its package', async () => {
  const exceptions = { font: { says: 'OFL-1.1', why: 'fonts may be embedded.' } };
  await lay({ font: { license: 'OFL-1.1' } }, exceptions);
  expect((await run('--write')).code).toBe(0);
  expect(await page()).toContain('- **font**: fonts may be embedded.');
  await lay({ font: { license: 'Proprietary' } }, exceptions);
  expect((await run('--write')).said).toContain('font 1.0.0: Proprietary, no longer OFL-1.1');
  await rm(join(project, 'node_modules/font'), { recursive: true });
  await lay({ other: { license: 'MIT' } }, exceptions);
  expect((await run('--write')).said).toContain('font: there is an exception for it, but no such package');
});

test('the example of ours: every package is allowed, and the page is up to date', async () => {
  const child = spawn(process.execPath, [SCRIPT], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = child.stdout.setEncoding('utf8').toArray();
  const code = await new Promise<number | null>((done) => child.once('exit', done));
  expect([code, (await said).join('')]).toEqual([0, expect.stringContaining('all allowed')]);
});
