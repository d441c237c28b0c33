/** Attempt after attempt for as long as it is given; what goes wrong is tried again, made as small as it goes, and told once. */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { outgoingOf, type Recipe, told } from './attempt.ts';
import { type Dice, diceOf } from './dice.ts';
import { createJudge, type Fault, SLOW } from './judge.ts';
import { stepsFor } from './mutations.ts';
import { type Sealing, type Seed, seedsOf } from './seeds.ts';
import type { Target } from './target.ts';
import { bytesOf, send } from './wire.ts';

export interface Found {
  fault: Fault;
  recipe: string;
}

export interface Verdict {
  attempts: number;
  /** answers by edge and status */
  statuses: Map<string, number>;
  found: Found[];
  /** the program's memory, MiB: before, and the most that was seen */
  memory: { before: number; most: number };
}

export interface Campaign {
  seed: number;
  until: (attempts: number) => boolean;
  say?: (line: string) => void;
}

/** How long the log has for what an attempt caused. */
const SETTLE_MS = 15;
const SETTLE_AGAIN_MS = 150;
const MOST_TOLD = 25;

export async function campaign(target: Target, { seed, until, say = () => {} }: Campaign): Promise<Verdict> {
  const seeds = seedsOf(target);
  const dice = diceOf(seed);
  const judge = createJudge(target);
  const verdict: Verdict = { attempts: 0, statuses: new Map(), found: [], memory: { before: 0, most: 0 } };
  const known = new Set<string>();
  judge.ofLog();
  verdict.memory.before = await memoryOf(target.program.pid);
  while (!until(verdict.attempts) && verdict.found.length < MOST_TOLD) {
    const recipe = recipeFor(seeds, dice);
    const faults = await attempt(target, judge, recipe, SETTLE_MS, verdict);
    verdict.attempts += 1;
    if (verdict.attempts % 50 === 0)
      verdict.memory.most = Math.max(verdict.memory.most, await memoryOf(target.program.pid));
    for (const fault of faults) {
      if (fault.what === SLOW && !(await isSlowAgain(target, judge, recipe))) continue;
      const name = `${recipe.seed.edge}: ${fault.what}`;
      if (known.has(name)) continue;
      known.add(name);
      const smallest = await minimised(target, judge, recipe, fault);
      const one = { fault, recipe: told(smallest, outgoingOf(smallest, target.port)) };
      verdict.found.push(one);
      say(`${fault.what}\n  ${one.recipe}\n  ${fault.seen}`);
    }
  }
  return verdict;
}

function recipeFor(seeds: readonly Seed[], dice: Dice): Recipe {
  const edge = dice.pick([...new Set(seeds.map((one) => one.edge))]);
  const seed = dice.pick(seeds.filter((one) => one.edge === edge));
  const how = dice.pick<Sealing>(['signed', 'signed', 'signed', 'forged', 'bare']);
  return { seed, how, steps: stepsFor(seed, dice) };
}

type Judge = ReturnType<typeof createJudge>;

async function attempt(
  target: Target,
  judge: Judge,
  recipe: Recipe,
  settleMs: number,
  verdict?: Verdict,
): Promise<Fault[]> {
  const out = outgoingOf(recipe, target.port);
  const answer = await send({ port: target.port, pieces: bytesOf(out) });
  await pause(settleMs);
  const [status] = answer.statuses;
  const key = `${recipe.seed.edge} ${recipe.how} ${status ?? (answer.closed ? 'hung up' : 'silent')}`;
  verdict?.statuses.set(key, (verdict.statuses.get(key) ?? 0) + 1);
  const began = performance.now();
  const serves = await isServing(target);
  const paceMs = performance.now() - began;
  const isOurs = recipe.how === 'signed' && ['audit', 'links', 'desk'].includes(recipe.seed.edge);
  const isPaper = recipe.seed.path.includes('.pdf');
  const faults = [...judge.ofAnswer(answer, { isOurs, isPaper, paceMs }), ...judge.ofLog()];
  return serves ? faults : [...faults, { what: 'it serves no more', seen: target.program.printed.slice(-1500) }];
}

/** A busy machine may keep its database from answering in time, once. */
async function isServing(target: Target): Promise<boolean> {
  for (let tries = 0; tries < 5; tries++) {
    if ((await target.program.health()) === 200) return true;
    await pause(300);
  }
  return false;
}

/** The machine may have been busy: what is slow by itself is slow again. */
async function isSlowAgain(target: Target, judge: Judge, recipe: Recipe): Promise<boolean> {
  return (await attempt(target, judge, recipe, SETTLE_AGAIN_MS)).some(({ what }) => what === SLOW);
}

/** Each step is left out where the fault comes without it. */
async function minimised(target: Target, judge: Judge, recipe: Recipe, fault: Fault): Promise<Recipe> {
  let smallest = recipe;
  for (const step of recipe.steps) {
    const smaller = { ...smallest, steps: smallest.steps.filter((one) => one !== step) };
    const again = await attempt(target, judge, smaller, SETTLE_AGAIN_MS);
    if (again.some(({ what }) => what === fault.what)) smallest = smaller;
  }
  return smallest;
}

/** Resident, MiB: https://www.kernel.org/doc/html/latest/filesystems/proc.html (VmRSS) */
export async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
}
