/** A press, committed and answered, at 1 and at 16 at once: the product against the floor on the same database, in turns. */
import { readdirSync, readFileSync } from 'node:fs';
import { median, percentile, ratioOf } from './figures.ts';
import { openStage, pressAll, type Stage } from './press.ts';
import type { Bench, Setting } from './setting.ts';
import type { Row } from './table.ts';

const CROWDS = [
  { atOnce: 1, presses: 150 },
  { atOnce: 16, presses: 600 },
];
const FLOOR = 'the bare handler';

type Side = 'product' | 'floor';
interface Measured {
  perSecond: number;
  p50: number;
  p99: number;
  /** processor time of the process and of its database sessions, milliseconds a press */
  cpu: number;
}

export const benchPress: Bench = async (setting) => {
  const database = await setting.database();
  const stage = await openStage(database.url);
  try {
    const rows: Row[] = [];
    for (const { atOnce, presses } of CROWDS) {
      setting.say(`press: ${atOnce} at once`);
      const count = Math.max(atOnce, Math.round(presses * setting.scale));
      rows.push(...rowsOf(atOnce, await measure(stage, setting, database.name, atOnce, count)));
    }
    return rows;
  } finally {
    await stage.close();
    await database.drop();
  }
};

/** One round first that does not count: both sides are still cold. */
async function measure(stage: Stage, { rounds }: Setting, database: string, atOnce: number, count: number) {
  const found: Record<Side, Measured[]> = { product: [], floor: [] };
  for (let round = 0; round <= rounds; round++) {
    const order: Side[] = round % 2 === 0 ? ['product', 'floor'] : ['floor', 'product'];
    for (const side of order) {
      const measured = await measureOnce(stage, side, database, atOnce, count);
      if (round > 0) found[side].push(measured);
    }
  }
  return found;
}

/** The product stands still while the floor is measured: what it has to deliver meanwhile is its own work, not the floor's burden. */
async function measureOnce(
  stage: Stage,
  side: Side,
  database: string,
  atOnce: number,
  count: number,
): Promise<Measured> {
  const presses = await stage.presses(count);
  if (side === 'floor') stage.product.signal('SIGSTOP');
  try {
    const spent = () => cpuMs(stage[side].pid) + sessionsMs(database);
    const before = spent();
    const { ms, seconds } = await pressAll(stage[side].url, presses, atOnce, stage.slack.responseUrl);
    const cpu = (spent() - before) / count;
    return { perSecond: count / seconds, p50: percentile(ms, 0.5), p99: percentile(ms, 0.99), cpu };
  } finally {
    if (side === 'floor') stage.product.signal('SIGCONT');
  }
}

function rowsOf(atOnce: number, { product, floor }: Record<Side, Measured[]>): Row[] {
  const row = (
    key: keyof Measured,
    of: string,
    unit: string,
    goal?: { text: string; met(ratio: number): boolean },
  ): Row => {
    const [ours, theirs] = [product.map((one) => one[key]), floor.map((one) => one[key])];
    const ratio = ratioOf(ours, theirs);
    const held = goal ? { goal: goal.text, met: goal.met(ratio) } : {};
    return {
      bench: 'press',
      case: `${atOnce} at once, ${of}`,
      value: median(ours),
      unit,
      against: FLOOR,
      ratio,
      ...held,
    };
  };
  return [
    row('perSecond', 'throughput', '/s', { text: '≥ 0.7', met: (ratio) => ratio >= 0.7 }),
    row('p50', 'p50', 'ms'),
    row('p99', 'p99', 'ms', { text: '≤ 2', met: (ratio) => ratio <= 2 }),
    row('cpu', 'processor time, cards included', 'ms'),
  ];
}

/** https://www.man7.org/linux/man-pages/man5/proc_pid_stat.5.html: user and system time, in hundredths of a second; elsewhere nothing is known */
function cpuMs(pid: number | string): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

/** Postgres writes the database's name into the title of each session's process. */
function sessionsMs(database: string): number {
  const pids = ((): string[] => {
    try {
      return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    } catch {
      return [];
    }
  })();
  const isSession = (pid: string): boolean => {
    try {
      const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return title.startsWith('postgres') && title.includes(database);
    } catch {
      return false;
    }
  };
  return pids.filter(isSession).reduce((sum, pid) => sum + cpuMs(pid), 0);
}
