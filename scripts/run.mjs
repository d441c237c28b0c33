// Runs a command of this project on a machine that has nothing but some Node and npm: installs what the lockfile
// says if that is not what lies here, finds a Node that runs TypeScript as it is, and steps aside.
//   node scripts/run.mjs node src/main.ts
//   node scripts/run.mjs vitest run
// Plain JavaScript, no packages: it must run under an old Node (18 and newer) and before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, linkSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const bin = join(modules, '.bin');
const marker = join(modules, '.installed');
/** the first Node that strips types without a flag: https://nodejs.org/docs/latest-v22.x/api/typescript.html */
const OLDEST_NODE = [22, 18];

await install();
await run(process.argv.slice(2));

// --- install ---------------------------------------------------------------------------------------------------------

async function install() {
  if (isInstalled()) return;
  const release = await lock();
  try {
    // whoever held the lock may have done it
    if (isInstalled()) return;
    console.error('Installing the packages of package-lock.json …');
    if (!npmCi() && !afterClearing()) {
      fail('The packages could not be installed (npm ci, see above). Check the network and the free disk space.');
    }
    writeFileSync(marker, wanted());
  } finally {
    release();
  }
}

/** The lockfile of another machine's packages (a copied folder) is not installed here. */
function wanted() {
  const lockfile = readFileSync(join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lockfile).digest('hex')} ${process.platform} ${process.arch}\n`;
}

function isInstalled() {
  if (readText(marker) === wanted()) return true;
  if (!isInstalledByHand()) return false;
  try {
    writeFileSync(marker, wanted());
  } catch {
    // somebody else's folder: looked at again next time
  }
  return true;
}

/** After an `npm install` by hand: npm's own list of what lies in node_modules, which it writes last. */
function isInstalledByHand() {
  const here = readPackages(join(modules, '.package-lock.json'));
  const lockfile = readPackages(join(root, 'package-lock.json'));
  if (here === undefined || lockfile === undefined) return false;
  for (const [path, wants] of Object.entries(lockfile)) {
    if (path === '') continue;
    const has = here[path];
    if (has === undefined ? !mayBeAbsent(wants) : has.version !== wants.version || has.integrity !== wants.integrity) {
      return false;
    }
  }
  return Object.keys(here).every((path) => path in lockfile);
}

/** Of the optional packages only those made for this very platform must lie here, with its Postgres and its Node. */
function mayBeAbsent(wants) {
  if (!wants.optional && !wants.devOptional) return wants.peer === true;
  const isForHere = wants.os?.includes(process.platform) && wants.cpu?.includes(process.arch) && !wants.libc;
  return !isForHere;
}

function npmCi() {
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const [file, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const { status, error } = spawnSync(file, [...first, ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  if (error) console.error(`npm could not be started: ${error.message}`);
  return status === 0;
}

/** An install that was cut off can leave folders that npm trips over; it gets one more try on empty ground. */
function afterClearing() {
  if (!exists(modules)) return false;
  console.error('Once more, from an empty node_modules …');
  rmSync(modules, { recursive: true, force: true, maxRetries: 3 });
  return npmCi();
}

/**
 * `npm start` and `npm test` at the same time: one installs, the other waits. The lock is a file that comes into being
 * with its owner in it; one whose owner is dead is removed. Where we may not write at all, npm will say so better.
 */
async function lock() {
  const place = join(root, '.data', 'install.lock');
  const draft = `${place}.${process.pid}`;
  try {
    mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
    writeFileSync(draft, String(process.pid));
  } catch {
    return () => {};
  }
  while (!linked(draft, place)) {
    if (!isAlive(Number(readText(place)))) rmSync(place, { force: true });
    else await new Promise((done) => setTimeout(done, 200));
  }
  rmSync(draft, { force: true });
  return () => rmSync(place, { force: true });
}

/** A file system without links has no lock either. */
function linked(draft, place) {
  try {
    linkSync(draft, place);
    return true;
  } catch (error) {
    return error.code !== 'EEXIST';
  }
}

function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// --- run -------------------------------------------------------------------------------------------------------------

async function run([command, ...args]) {
  if (command === undefined) fail('Say what to run: node scripts/run.mjs COMMAND …');
  const node = findNode();
  const [file, first] = command === 'node' ? [node, []] : resolveCommand(command, node);
  const path = [bin, dirname(node), process.env.PATH].filter(Boolean).join(delimiter);
  // our TypeScript is stripped and compiled once, not at each start: https://nodejs.org/api/module.html#module-compile-cache
  const compiled = process.env.NODE_COMPILE_CACHE ?? join(modules, '.cache', 'compiled');
  const env = { ...process.env, PATH: path, ...(command === 'node' ? { NODE_COMPILE_CACHE: compiled } : {}) };
  const child = spawn(file, [...first, ...args], { stdio: 'inherit', env });
  forwardSignals(child);
  child.once('error', (error) => fail(`${command} could not be started: ${error.message}`));
  child.once('exit', (code, signal) => leave(code, signal));
}

/** The one that came with the packages, else the machine's own (on macOS there is no package). */
function findNode() {
  const found = [join(bin, 'node'), process.execPath].find(isNewEnough);
  if (found !== undefined) return found;
  return fail(`Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.version}. Install a newer Node.`);
}

function isNewEnough(node) {
  const text =
    node === process.execPath ? process.version : spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout;
  const [major, minor] = (text ?? '').replace('v', '').split('.').map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}

/** A tool's script is handed to our Node by name: its own first line would find whichever comes first on the PATH. */
function resolveCommand(command, node) {
  const script = join(bin, command);
  if (!exists(script)) fail(`There is no command ${command} in node_modules/.bin.`);
  const isScript = /^#!.*\bnode\b/.test(readFileSync(script, 'latin1').slice(0, 80));
  return isScript ? [node, [realpathSync(script)]] : [script, []];
}

/**
 * The program below must stop and reload as if it had been started directly. Ctrl-C in a terminal reaches it without us
 * (and npm sends us a second one), so there we only keep still; a signal repeated within a moment is passed on once.
 */
function forwardSignals(child) {
  const sent = new Map();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']) {
    process.on(signal, () => {
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      const now = Date.now();
      if (now - (sent.get(signal) ?? 0) < 500) return;
      sent.set(signal, now);
      child.kill(signal);
    });
  }
}

/** Its end is ours: the same exit code, or the same signal. */
function leave(code, signal) {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function readPackages(file) {
  const text = readText(file);
  try {
    return text === undefined ? undefined : JSON.parse(text).packages;
  } catch {
    return undefined;
  }
}

function exists(path) {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
