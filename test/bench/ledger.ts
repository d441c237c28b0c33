/**
 * The ledger out of the server and through the verifier: rows a second against the least that either could cost, and whether memory stays
 * flat. Ten entries a request of the largest size: `--sizes 1e6` streams ten million.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inTurns, median, ratioOf } from './figures.ts';
import { ENTRIES_EACH, fill } from './fill.ts';
import { memoryOf, mostDuring } from './memory.ts';
import { ADMIN_TOKEN } from './platforms.ts';
import type { Setting } from './setting.ts';
import { MODELS, modelDay, openStage, type Stage } from './stage.ts';
import type { Row } from './table.ts';

const SHARE_OF_FLOOR = 0.25;
/** the heap finds its size in the first export; whatever grew with the rows would grow again in the next */
const FLAT = 1.15;

export async function benchLedger(setting: Setting): Promise<Row[]> {
  const database = await setting.database();
  await modelDay(await openStage(database));
  const size = Math.max(...setting.sizes);
  setting.say(`filling a ledger with ${(size * ENTRIES_EACH).toLocaleString('en-US')} entries`);
  await fill(database.url, size, MODELS, 'ledger');
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-ledger-'));
  const file = join(folder, 'audit.ndjson');
  const stage = await openStage(database);
  try {
    const out = await exported(setting, stage, file);
    return [...out, ...(await verified(setting, file, await entriesOf(stage)))];
  } finally {
    await stage.leave();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
}

const entriesOf = async ({ sql }: Stage): Promise<number> => {
  const [row] = await sql<{ entries: number }[]>`select count(*)::int as entries from ledger`;
  return row?.entries ?? 0;
};

async function exported(setting: Setting, stage: Stage, file: string): Promise<Row[]> {
  const entries = await entriesOf(stage);
  const most: number[] = [await memoryOf(stage.program.pid)];
  const rate = async (work: () => Promise<unknown>) => {
    const began = performance.now();
    await work();
    return entries / ((performance.now() - began) / 1000);
  };
  const out = async () => {
    most.push(await mostDuring(stage.program.pid, () => download(stage, file)));
  };
  setting.say('the export');
  const { route, copy } = await inTurns(setting.rounds, {
    route: () => rate(out),
    copy: () => rate(() => copied(stage)),
  });
  const [atRest = 0, first = 0, ...later] = most;
  const [streamed, bench] = [`while ${entries.toLocaleString('en-US')} rows stream`, 'ledger'];
  const again = Math.max(...later);
  return [
    {
      bench,
      case: 'out: /audit.ndjson',
      value: median(route),
      unit: 'rows/s',
      against: 'COPY of the same rows',
      ratio: ratioOf(route, copy),
    },
    {
      bench,
      case: `out: the server's memory ${streamed}`,
      value: first,
      unit: 'MB',
      against: 'at rest',
      ratio: first / atRest,
    },
    {
      bench,
      case: `out: the same ${later.length + 1} times in a row`,
      value: again,
      unit: 'MB',
      against: 'the first time',
      ratio: again / first,
      goal: `≤ ${FLAT} ×`,
      met: again / first <= FLAT,
    },
  ];
}

async function download({ url }: Stage, file: string): Promise<void> {
  const answer = await fetch(`${url}/audit.ndjson`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  if (answer.body === null || !answer.ok) throw new Error(`the export was answered ${answer.status}`);
  await pipeline(Readable.fromWeb(answer.body as never), createWriteStream(file));
}

/** What Postgres itself needs to hand the rows over, in its own form. */
async function copied({ sql }: Stage): Promise<void> {
  const rows =
    await sql`copy (select seq, "at", subject, "position", "type", "by", data, prev, hash from ledger order by seq) to stdout`.readable();
  for await (const _ of rows);
}

interface Spent {
  /** processor seconds */
  seconds: number;
  most: number;
}

async function verified(setting: Setting, file: string, entries: number): Promise<Row[]> {
  const megabytes = (await stat(file)).size / 1e6;
  const spent: Record<'verify' | 'lines' | 'whole', Spent[]> = { verify: [], lines: [], whole: [] };
  const measure = (what: keyof typeof spent) => async () => {
    const one = await inOwnProcess(WORK[what], file);
    spent[what].push(one);
    return entries / one.seconds;
  };
  setting.say('the verifier');
  const found = await inTurns(setting.rounds, {
    verify: measure('verify'),
    lines: measure('lines'),
    whole: measure('whole'),
  });
  const ratio = ratioOf(found.verify, found.lines);
  const [most, least] = [median(spent.verify.map((one) => one.most)), median(spent.lines.map((one) => one.most))];
  const row = { bench: 'ledger', unit: 'rows/s of processor time', value: median(found.verify) };
  return [
    {
      ...row,
      case: `in: src/verify.ts, ${megabytes.toFixed(0)} MB`,
      against: 'SHA-256 of each line',
      ratio,
      goal: `≥ ${SHARE_OF_FLOOR}`,
      met: ratio >= SHARE_OF_FLOOR,
    },
    { ...row, case: 'in: the same', against: 'SHA-256 of all in one', ratio: ratioOf(found.verify, found.whole) },
    {
      bench: 'ledger',
      case: 'in: most memory of the verifier',
      value: most,
      unit: 'MB',
      against: 'SHA-256 of each line',
      ratio: most / least,
    },
  ];
}

const ROOT = join(import.meta.dirname, '..', '..');
const WORK = {
  verify: `
    const { run } = await import(${JSON.stringify(join(ROOT, 'src', 'verify.ts'))});
    const { code, said } = await run([file]);
    if (code !== 0) throw new Error(said);`,
  lines: `
    let rest = Buffer.alloc(0);
    for (let size; (size = fs.readSync(fd, chunk)) > 0; ) {
      const bytes = Buffer.concat([rest, chunk.subarray(0, size)]);
      let from = 0;
      for (let end; (end = bytes.indexOf(10, from)) !== -1; from = end + 1) crypto.hash('sha256', bytes.subarray(from, end));
      rest = Buffer.from(bytes.subarray(from));
    }`,
  whole: `
    const sum = crypto.createHash('sha256');
    for (let size; (size = fs.readSync(fd, chunk)) > 0; ) sum.update(chunk.subarray(0, size));
    sum.digest('hex');`,
};

/** Measured by the process itself, at its end. */
async function inOwnProcess(work: string, file: string): Promise<Spent> {
  const script = `
    import fs from 'node:fs';
    import crypto from 'node:crypto';
    const file = ${JSON.stringify(file)};
    const fd = fs.openSync(file, 'r');
    const chunk = Buffer.alloc(1024 * 1024);
    const began = process.cpuUsage();
    ${work}
    const { user, system } = process.cpuUsage(began);
    console.log(JSON.stringify({ seconds: (user + system) / 1e6, most: process.resourceUsage().maxRSS / 1024 }));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`a process of the bench ended with ${code}`);
  return JSON.parse(said) as Spent;
}
