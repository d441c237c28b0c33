/**
 * `npm run bench -- --only scale --sizes 1e3,1e6 --rounds 7 --json FILE`: runs the benches one after the other, prints one table and writes
 * the same figures as JSON. What they measure and how to read it: docs/benches.md.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../../src/config.ts';
import { benchPress } from './floor-bench.ts';
import { benchLedger } from './ledger.ts';
import { benchReplicas } from './replicas.ts';
import { benchRules } from './rules.ts';
import { benchScale } from './scale.ts';
import { type Bench, openSetting } from './setting.ts';
import { benchSettle } from './settle.ts';
import { benchStart } from './start.ts';
import { type Row, tableOf } from './table.ts';

const BENCHES: Record<string, Bench> = {
  press: benchPress,
  scale: benchScale,
  rules: benchRules,
  settle: benchSettle,
  ledger: benchLedger,
  start: benchStart,
  replicas: benchReplicas,
};

const USAGE = `usage: npm run bench -- [--only NAME,NAME] [--sizes 1e3,1e5] [--rounds 5] [--json FILE]
  benches: ${Object.keys(BENCHES).join(', ')}`;

function readArguments() {
  const text = (otherwise: string) => ({ type: 'string', default: otherwise }) as const;
  const { values } = parseArgs({
    options: {
      only: text(Object.keys(BENCHES).join(',')),
      sizes: text('1e3,1e5'),
      rounds: text('5'),
      json: text('.data/bench.json'),
    },
  });
  const sizes = values.sizes.split(',').map(Number);
  const [names, rounds] = [values.only.split(','), Number(values.rounds)];
  const sound = (count: number) => Number.isSafeInteger(count) && count > 0;
  const wrong = names.find((name) => !Object.hasOwn(BENCHES, name));
  if (wrong !== undefined) throw new Error(`no bench is called ${wrong}`);
  if (![...sizes, rounds].every(sound)) throw new Error('sizes and rounds are whole numbers above 0');
  return { names, sizes, rounds, json: values.json };
}

async function run({ names, sizes, rounds, json }: ReturnType<typeof readArguments>): Promise<void> {
  const settings = readConfig(['DATABASE_URL']);
  if ('faults' in settings) throw new Error(settings.faults.join('\n'));
  const server = settings.ok.databaseUrl;
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const setting = await openSetting({ sizes, rounds, server, say });
  const rows: Row[] = [];
  try {
    for (const name of names) rows.push(...((await BENCHES[name]?.(setting)) ?? []));
  } finally {
    await setting.close();
  }
  process.stdout.write(`${tableOf(rows)}\n`);
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, memory: totalmem(), node: process.version };
  const database = server === undefined ? 'embedded' : 'DATABASE_URL';
  await mkdir(dirname(json), { recursive: true, mode: 0o700 });
  await writeFile(json, `${JSON.stringify({ at: new Date(), machine, database, sizes, rounds, rows }, null, 2)}\n`);
}

try {
  await run(readArguments());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n\n${USAGE}\n`);
  process.exitCode = 1;
}
