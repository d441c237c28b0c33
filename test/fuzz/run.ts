/** `npm run fuzz [-- --seed N --minutes M]`: hostile requests over every edge of the real program; what is found is printed, made small. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../../db/embedded.ts';
import { campaign, type Verdict } from './campaign.ts';
import { openTarget } from './target.ts';

const { values } = parseArgs({ options: { seed: { type: 'string' }, minutes: { type: 'string', default: '5' } } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const end = Date.now() + Number(values.minutes) * 60_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const folder = await mkdtemp(join(tmpdir(), 'fuzz-postgres-'));
const server = await startEmbedded(folder, { durable: false });
try {
  say(
    `seed ${seed}, ${values.minutes} min (the same again: npm run fuzz -- --seed ${seed} --minutes ${values.minutes})`,
  );
  const target = await openTarget(server.url);
  try {
    const verdict = await campaign(target, { seed, until: () => Date.now() > end, say });
    summarise(verdict);
    process.exitCode = verdict.found.length === 0 ? 0 : 1;
  } finally {
    await target.close();
  }
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

function summarise({ attempts, statuses, found, memory }: Verdict): void {
  for (const [what, count] of [...statuses].sort()) say(`${what.padEnd(28)} ${count}`);
  say(`${attempts} attempts; memory ${memory.before} MiB before, ${memory.most} MiB at most`);
  say(found.length === 0 ? 'Nothing was found.' : `${found.length} faults were found, see above.`);
}
