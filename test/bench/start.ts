/**
 * From nothing until `/healthz` says that it serves: the very first start, which makes the database, and later ones; on the embedded Postgres
 * and on one that runs already. And what the program holds in memory, idle and while sixteen people press. Against a bare HTTP server.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calmHandbook } from '../support/handbook.ts';
import { freePort, Program } from '../support/program.ts';
import { inTurns, median, ratioOf } from './figures.ts';
import { memoryOf, mostDuring } from './memory.ts';
import { openPlatforms } from './platforms.ts';
import type { Setting } from './setting.ts';
import { LINE, openStage, type Stage } from './stage.ts';
import type { Row } from './table.ts';

const PEOPLE = 16;
const LINES = 320;
const BARE = `require('node:http').createServer((_, answer) => answer.end('ok')).listen(Number(process.env.PORT), '127.0.0.1')`;

export async function benchStart(setting: Setting): Promise<Row[]> {
  return [...(await starts(setting)), ...(await memory(setting))];
}

type Started = { ms: number; stop(): Promise<void> };

async function starts(setting: Setting): Promise<Row[]> {
  const platforms = await openPlatforms();
  const shared = { ...platforms.environment, HANDBOOK: await calmHandbook() };
  const folders: string[] = [];
  const folder = async (): Promise<string> => {
    const made = await mkdtemp(join(tmpdir(), 'countersign-bench-start-'));
    folders.push(made);
    return made;
  };
  const timed = async (begin: () => Promise<Started>) => {
    const { ms, stop } = await begin();
    await stop();
    return ms;
  };
  const program = (own: Record<string, string>) => startProgram({ ...shared, ...own });
  const lasting = { DATA_DIR: await folder() };
  const database = await setting.database();
  const known = { DATA_DIR: await folder(), DATABASE_URL: database.url };
  const cases: Record<string, () => Promise<number>> = {
    'a bare HTTP server': () => timed(startBare),
    'first start, embedded Postgres': async () => {
      const fresh = await folder();
      return timed(() => program({ DATA_DIR: fresh }));
    },
    'later start, embedded Postgres': () => timed(() => program(lasting)),
    'later start, DATABASE_URL': () => timed(() => program(known)),
  };
  setting.say('starts');
  try {
    const found = await inTurns(setting.rounds, cases);
    const [[bare, least = []] = []] = Object.entries(found);
    return Object.entries(found).map(([name, values]) => ({
      bench: 'start',
      case: `${name} → it answers`,
      value: median(values),
      unit: 'ms',
      ...(name === bare ? {} : { against: bare ?? '', ratio: ratioOf(values, least) }),
    }));
  } finally {
    await platforms.close();
    await Promise.all(folders.map((one) => rm(one, { recursive: true, force: true, maxRetries: 10 })));
  }
}

async function startProgram(environment: Record<string, string>): Promise<Started> {
  const port = await freePort();
  const began = performance.now();
  const program = await new Program({ ...environment, PORT: port }).serves();
  const ms = performance.now() - began;
  const stop = async (): Promise<void> => {
    program.signal('SIGTERM');
    await program.ended;
  };
  return { ms, stop };
}

async function startBare(): Promise<Started> {
  const [port, began] = [await freePort(), performance.now()];
  const child = spawn(process.execPath, ['-e', BARE], { env: { PORT: port }, stdio: 'ignore' });
  await answers(`http://127.0.0.1:${port}/`, child);
  return { ms: performance.now() - began, stop: () => end(child) };
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const answered = () =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answered())) {
    if (child.exitCode !== null) throw new Error('the bare server did not start');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'close');
}

async function memory(setting: Setting): Promise<Row[]> {
  setting.say('memory');
  const port = await freePort();
  const bare = spawn(process.execPath, ['-e', BARE], { env: { PORT: port }, stdio: 'ignore' });
  await answers(`http://127.0.0.1:${port}/`, bare);
  const least = await memoryOf(bare.pid ?? 0);
  await end(bare);
  const stage = await openStage(await setting.database());
  try {
    const idle = await memoryOf(stage.program.pid);
    const busy = await mostDuring(stage.program.pid, () => crowd(stage, Math.round(LINES * setting.scale)));
    const row = { bench: 'start', unit: 'MB', against: 'a bare HTTP server' };
    return [
      { ...row, case: 'memory, idle', value: idle, ratio: idle / least },
      { ...row, case: `memory, at most, while ${PEOPLE} submit at once`, value: busy, ratio: busy / least },
    ];
  } finally {
    await stage.leave();
  }
}

/** On a slow machine the answer may come later than Slack waits: that is no matter here. */
async function crowd({ slack }: Stage, lines: number): Promise<void> {
  let left = lines;
  const one = async (): Promise<void> => {
    for (left -= 1; left >= 0; left -= 1) await slack.slash('U01WANG', 'C0PR', '/spend', LINE);
  };
  await Promise.all(Array.from({ length: PEOPLE }, one));
}
