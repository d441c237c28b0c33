/**
 * The real program with a clock that a story moves: a process of its own, which reads the same settings as `src/main.ts`. By how much its
 * clock is ahead of the machine's stands as one number in the file CLOCK_FILE, so that both sides always read the same time.
 */
import { openSync, readSync } from 'node:fs';
import { readConfig } from '../../src/config.ts';
import { start } from '../../src/main.ts';

const settings = readConfig();
if ('faults' in settings) throw new Error(settings.faults.join('\n'));
const ahead = Buffer.alloc(8);
const file = openSync(process.env.CLOCK_FILE ?? '', 'r');
const clock = (): Date => {
  readSync(file, ahead, 0, 8, 0);
  return new Date(Date.now() + ahead.readDoubleLE());
};
await start(settings.ok, { clock });
// nobody is left to kill it when the story itself has died
process.stdin.on('end', () => process.exit(0)).resume();
