// `npm run check`: format and lint, types, dead code, the rules of the house, licences; all at once, one verdict. In CI the registry is asked for
// known weaknesses of the packages too.
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFaults, readHouse } from '../test/support/architecture.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const COLOUR = process.stdout.isTTY ? ['--colors=force'] : [];

const checks = {
  'format and lint': () => tool('biome', 'check', '--error-on-warnings', ...COLOUR, '.'),
  types: () => tool('tsc', '--noEmit', '-p', '.'),
  'dead code': () => tool('knip', '--no-progress'),
  'the house': house,
  licences: () => script('licences.mjs'),
  ...(process.env.CI ? { 'known weaknesses': () => script('audit.mjs') } : {}),
};

const results = await Promise.all(Object.entries(checks).map(([name, check]) => timed(name, check)));
// what could not be asked is said where all is well, too
for (const { name, passed, said } of results)
  if (!passed || name === 'known weaknesses') console.log(`--- ${name}\n${said.trim()}\n`);
for (const { name, passed, seconds } of results) console.log(`${passed ? '✓' : '✗'} ${name} (${seconds} s)`);
const failed = results.filter(({ passed }) => !passed).map(({ name }) => name);
console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function timed(name, check) {
  const start = performance.now();
  const outcome = await check().catch((error) => ({ passed: false, said: String(error?.stack ?? error) }));
  return { name, ...outcome, seconds: ((performance.now() - start) / 1000).toFixed(1) };
}

function tool(name, ...args) {
  return run(realpathSync(join(root, 'node_modules/.bin', name)), args);
}

function script(name) {
  return run(join(root, 'scripts', name), []);
}

function run(file, args) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [file, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
    child.once('error', (error) => done({ passed: false, said: error.message }));
    child.once('close', (code) => done({ passed: code === 0, said: said || `ended with ${code} and said nothing` }));
  });
}

async function house() {
  const faults = findFaults(await readHouse(root));
  const said = faults.map(({ rule, at, said, mend }) => `${rule}: ${at} ${said}. ${mend}`).join('\n');
  return { passed: faults.length === 0, said };
}
