// Under which licences the packages stand that run in production: refuses what is not on the list, and keeps docs/licences.md true.
//   node scripts/licences.mjs            fails when a licence is not allowed, or the page is out of date
//   node scripts/licences.mjs --write    writes the page
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, 'docs', 'licences.md');

/** They ask for their notice to be kept, or for nothing: https://spdx.org/licenses/ */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PSF-2.0',
  'Unlicense',
]);
const UNSAID = 'none named';

/** Packages that may stand under something else, as long as they say what they say here. */
const EXCEPTIONS = readExceptions();

const packages = readPackages();
const faults = packages.flatMap(faultOf);
for (const name of Object.keys(EXCEPTIONS))
  if (!packages.some((one) => one.name === name))
    faults.push(`${name}: there is an exception for it, but no such package; remove it`);
const text = pageOf(packages);
if (process.argv.includes('--write')) writeFileSync(page, text);
else if (readText(page) !== text)
  faults.push('docs/licences.md is out of date; run node scripts/licences.mjs --write and read what has changed');
for (const fault of faults) console.log(fault);
console.log(
  faults.length > 0 ? `Licences: ${faults.length} to look at.` : `Licences: ${packages.length} packages, all allowed.`,
);
process.exitCode = faults.length > 0 ? 1 : 0;

/** Name → what it says and why that is good enough. */
function readExceptions() {
  return JSON.parse(readText(join(root, 'scripts', 'licences.json')) ?? '{}');
}

/** Those of every platform, so that the page is the same wherever it is made. */
function readPackages() {
  const { packages: locked } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const found = new Map();
  for (const [path, { version, dev, license }] of Object.entries(locked)) {
    if (path === '' || dev) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    found.set(`${name}@${version}`, { name, version, licence: license ?? UNSAID, installed: installedAt(path) });
  }
  const inOrder = (a, b) => (a.name === b.name ? (a.version < b.version ? -1 : 1) : a.name < b.name ? -1 : 1);
  return [...found.values()].sort(inOrder);
}

/** What lies there says; undefined: not made for this platform. */
function installedAt(path) {
  const text = readText(join(root, path, 'package.json'));
  if (text === undefined) return undefined;
  const { license, licenses } = JSON.parse(text);
  if (Array.isArray(licenses)) return licenses.map(({ type }) => type).join(' OR ');
  return (typeof license === 'object' ? license?.type : license) ?? UNSAID;
}

function faultOf({ name, version, licence, installed }) {
  if (installed !== undefined && installed !== licence)
    return [`${name} ${version}: the lockfile says ${licence}, the package itself ${installed}; run npm ci`];
  const exception = EXCEPTIONS[name];
  if (exception)
    return exception.says === licence
      ? []
      : [`${name} ${version}: ${licence}, no longer ${exception.says}; look at its exception`];
  return isAllowed(licence)
    ? []
    : [`${name} ${version}: ${licence} is not on the list; leave it out, or give a reason in scripts/licences.json`];
}

/** Of several the choice is ours (OR), or all bind us (AND): https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/ */
function isAllowed(expression) {
  const bare = expression.replace(/^\((.*)\)$/, '$1');
  if (/[()]/.test(bare)) return false;
  return bare.split(/ OR /i).some((one) => one.split(/ AND /i).every((licence) => ALLOWED.has(licence.trim())));
}

function pageOf(all) {
  const rows = all.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
  const reasons = Object.entries(EXCEPTIONS)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { why }]) => `- **${name}**: ${why}`);
  return [
    '# Licences',
    '',
    'The packages that run in production, those that they need included, of every platform. Made by `node scripts/licences.mjs --write`;',
    'the check fails when it is out of date, or when a licence is not on the list in that script.',
    '',
    '| package | version | licence |',
    '|---|---|---|',
    ...rows,
    '',
    '## With a reason',
    '',
    ...reasons,
    '',
  ].join('\n');
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
