/** What a run is: how long, how much, how hard; from the command line, or as the story that `npm test` plays. */
import { parseArgs } from 'node:util';

export interface Setting {
  seed: number;
  requests: number;
  processes: number;
  /** no new request is begun after so long */
  activeMs: number;
  /** how long all of it may take to become quiet once the faults are over */
  settleMs: number;
  /** so many requests are under way side by side */
  abreast: number;
  /** the share of the platforms' calls that fail */
  faulty: number;
  /** the platforms grant so many times what they really grant, and the product knows: so that hours of messages fit into minutes */
  generosity: number;
  /** from one stop of Postgres to the next */
  restartEveryMs: readonly [least: number, most: number];
  /** from one killed process to the next */
  killEveryMs: readonly [least: number, most: number];
  /** so many restarts of Postgres and so many killed processes, then no more; without it as long as requests are begun */
  blows: number | undefined;
  /** the longest that an answer of a platform may take; a call that never ends takes what the product grants it */
  slowMs: number;
  /** waits for the disk, as in earnest; every commit outlives an immediate shutdown either way */
  durable: boolean;
  out: string;
}

const USAGE = `usage: npm run chaos [-- --seed N --minutes M --requests N --processes N --abreast N --generosity N --out FOLDER]
  --seed        the same seed rolls the same faults and the same acts (default: drawn, and printed)
  --minutes     how long requests are begun (default 3); settling comes after
  --requests    how many are begun at most (default 600)
  --processes   server processes on the one Postgres (default 2)
  --abreast     requests under way side by side (default 40)
  --generosity  how many times their real rate limits the platforms grant, and the product is told (default 20)
  --out         where the report goes (default .data/chaos)`;

const DEFAULTS: Setting = {
  seed: 0,
  requests: 600,
  processes: 2,
  activeMs: 180_000,
  settleMs: 600_000,
  abreast: 40,
  faulty: 0.2,
  generosity: 20,
  restartEveryMs: [5_000, 10_000],
  killEveryMs: [6_000, 16_000],
  blows: undefined,
  slowMs: 6_000,
  durable: true,
  out: '.data/chaos',
};

/** @throws Error with the usage */
export function readSetting(args: string[]): Setting {
  const option = { type: 'string' } as const;
  const names = ['seed', 'minutes', 'requests', 'processes', 'abreast', 'generosity', 'out'] as const;
  const { values } = parseArgs({ args, options: Object.fromEntries(names.map((name) => [name, option])) });
  const given = values as Partial<Record<(typeof names)[number], string>>;
  const number = (name: Exclude<(typeof names)[number], 'out'>, otherwise: number): number => {
    const value = given[name] === undefined ? otherwise : Number(given[name]);
    if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} must be a number above 0\n${USAGE}`);
    return value;
  };
  return {
    ...DEFAULTS,
    seed: Math.floor(number('seed', 1 + Math.floor(Math.random() * 999_999))),
    requests: Math.floor(number('requests', DEFAULTS.requests)),
    processes: Math.floor(number('processes', DEFAULTS.processes)),
    abreast: Math.floor(number('abreast', DEFAULTS.abreast)),
    generosity: number('generosity', DEFAULTS.generosity),
    activeMs: number('minutes', DEFAULTS.activeMs / 60_000) * 60_000,
    out: given.out ?? DEFAULTS.out,
  };
}

/** The short run among the stories: small, and long enough for everything to happen. */
export function shortSetting(seed: number, out: string): Setting {
  return {
    ...DEFAULTS,
    ...{ seed, out, requests: 40, abreast: 20, generosity: 60, durable: false, slowMs: 3_500 },
    ...{ activeMs: 8_000, settleMs: 90_000, restartEveryMs: [2_000, 3_000], killEveryMs: [2_000, 3_000], blows: 2 },
  };
}
