/** Known weaknesses of what runs in production are told and stop the check; a registry that cannot be asked does not. */
import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const AUDIT = join(import.meta.dirname, '../../scripts/audit.mjs');
let project: string;

beforeEach(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), 'countersign audit ')));
  await mkdir(join(project, 'scripts'));
  await cp(AUDIT, join(project, 'scripts/audit.mjs'));
});
afterEach(() => rm(project, { recursive: true, force: true }));

/** A stand-in for npm that answers so. */
async function npm(script: string): Promise<void> {
  await writeFile(join(project, 'npm'), `#!/bin/sh\necho "$@" > asked\n${script}\n`);
  await chmod(join(project, 'npm'), 0o755);
}

async function audit(more: Record<string, string> = {}): Promise<{ code: number | null; said: string }> {
  const env = { PATH: `${project}:${dirname(process.execPath)}:/usr/bin:/bin`, ...more };
  const child = spawn(process.execPath, [join(project, 'scripts/audit.mjs')], { env });
  const said = child.stdout.setEncoding('utf8').toArray();
  const code = await new Promise<number | null>((done) => child.once('exit', done));
  return { code, said: (await said).join('') };
}

const answering = (report: object, code = 0) => npm(`cat <<'END'\n${JSON.stringify(report)}\nEND\nexit ${code}`);
const weak = (name: string, severity: string, more: object = {}) => ({
  [name]: {
    name,
    severity,
    range: '<2.0.0',
    via: [{ title: 'Prototype pollution', url: 'https://github.com/advisories/GHSA-x' }],
    fixAvailable: true,
    ...more,
  },
});

test('nothing known: it passes, and has asked only about what runs in production', async () => {
  await answering({ auditReportVersion: 2, vulnerabilities: {} });
  expect(await audit()).toEqual({ code: 0, said: 'Known weaknesses: none that is high or critical.\n' });
  expect(await readFile(join(project, 'asked'), 'utf8')).toMatch(/^audit --omit=dev --json /);
});

test('high and critical ones are named with what they are and whether there is a mend; npm fails, and so do we', async () => {
  const vulnerabilities = {
    ...weak('left', 'high'),
    ...weak('right', 'critical', { via: ['left'], fixAvailable: false }),
    ...weak('small', 'moderate'),
  };
  await answering({ auditReportVersion: 2, vulnerabilities }, 1);
  const { code, said } = await audit();
  expect(code).toBe(1);
  expect(said.split('\n').slice(0, 3)).toEqual([
    'high: left <2.0.0: Prototype pollution (https://github.com/advisories/GHSA-x); a mended version exists',
    'critical: right <2.0.0: through left; no mended version yet',
    expect.stringContaining('2 high or critical'),
  ]);
});

test('lesser ones are counted and let through', async () => {
  await answering({ auditReportVersion: 2, vulnerabilities: weak('small', 'moderate') }, 1);
  expect(await audit()).toEqual({ code: 0, said: 'Known weaknesses: none that is high or critical, 1 lesser.\n' });
});

test.each([
  [
    'an inner mirror that knows no audits',
    `echo '{"message":"405 Method Not Allowed","error":{"summary":""}}'; exit 1`,
  ],
  ['no network', 'exit 1'],
  ['a page of a proxy', "echo '<html>login</html>'"],
])('%s: it says that it could not ask, and passes', async (_, script) => {
  await npm(script);
  const { code, said } = await audit();
  expect([code, said]).toEqual([0, 'Known weaknesses: the registry could not be asked, so nothing is known.\n']);
});

test('no npm at all is no reason to fail', async () => {
  expect((await audit({ PATH: project })).code).toBe(0);
});

test('a registry that never answers is waited for only so long, and nothing of npm stays behind', async () => {
  await npm('sleep 300 & echo $! > sleeper; wait');
  const { code, said } = await audit({ AUDIT_PATIENCE_MS: '800' });
  expect([code, said]).toEqual([0, 'Known weaknesses: the registry did not answer in time, so nothing is known.\n']);
  const sleeper = Number(await readFile(join(project, 'sleeper'), 'utf8'));
  await expect
    .poll(() =>
      readFile(`/proc/${sleeper}/stat`, 'utf8').then(
        (stat) => / Z /.test(stat),
        () => true,
      ),
    )
    .toBe(true);
});
