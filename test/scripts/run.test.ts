/** `npm start` steps aside: what is told to it reaches the program, and the program's end is its end. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { expect, test } from 'vitest';

const RUN = join(import.meta.dirname, '../../scripts/run.mjs');
const run = (...args: string[]) => spawn(process.execPath, [RUN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
type Run = ReturnType<typeof run>;

const end = (child: Run) =>
  new Promise<[number | null, string | null]>((done) => child.once('exit', (code, signal) => done([code, signal])));

test('the exit code and the signal that ended it come through', async () => {
  expect(await end(run('node', '-e', 'process.exit(7)'))).toEqual([7, null]);
  expect(await end(run('node', '-e', 'process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)'))).toEqual([
    null,
    'SIGTERM',
  ]);
});

test('a reload and a stop reach the program, once each', async () => {
  const program = `
    for (const signal of ['SIGHUP', 'SIGTERM']) process.on(signal, () => console.log(signal));
    process.on('SIGTERM', () => process.exit(3));
    console.log('ready');
    setInterval(() => {}, 1000);`;
  const child = run('node', '-e', program);
  const ended = end(child);
  const heard: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    heard.push(line);
    if (line === 'ready') for (let again = 0; again < 3; again += 1) child.kill('SIGHUP');
    if (line === 'SIGHUP') child.kill('SIGTERM');
  }
  expect(heard).toEqual(['ready', 'SIGHUP', 'SIGTERM']);
  expect(await ended).toEqual([3, null]);
});

test('a command that does not exist is named', async () => {
  const child = run('nonesuch');
  child.stderr.setEncoding('utf8');
  const said = child.stderr.toArray();
  expect(await end(child)).toEqual([1, null]);
  expect((await said).join('')).toBe('There is no command nonesuch in node_modules/.bin.\n');
});

test('TypeScript runs as it is', async () => {
  expect(await end(run('node', '-e', 'const code: number = 5; process.exit(code)'))).toEqual([5, null]);
});
