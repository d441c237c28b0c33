/**
 * The pool of lines. Single queries and transactions wait apart: a transaction that asks something outside itself would otherwise wait for
 * a connection that only transactions waiting like itself could give back.
 */
import postgres from 'postgres';
import {
  type Line,
  type LineSettings,
  type Loss,
  openLine,
  type Query,
  type Sql,
  speaking,
  trouble,
  type Work,
} from './line.ts';

/** How busy a pool is, and how long its users have waited for a line since it was opened. */
export interface PoolState {
  open: number;
  busy: number;
  waiting: number;
  waits: number;
  waitedMs: number;
}
export type Pools = Readonly<Record<'singles' | 'transactions', () => PoolState>>;

const LIFETIME_MS = 45 * 60_000;
const ended = () => trouble('CONNECTION_ENDED', 'the database has been let go');

/**
 * Connects at the first query; at most `max` lines for single queries and as many for transactions. It has of the driver's client what
 * the product uses: queries, fragments, `begin`, `listen`, `json`, `unsafe`, `end`.
 */
export function openLines(settings: LineSettings & { max: number }): Sql & { pools: Pools } {
  const singles = createPool(settings);
  const transactions = createPool(settings);
  // makes queries and listens, and sends none itself
  const base = postgres(settings.url, { ...settings.options, max: 1 }) as unknown as Sql;

  const alone = (query: Query): void => {
    singles.take().then(
      (line) => {
        const done = () => singles.free(line);
        line.send(query);
        query.then(done, done);
      },
      (error: Error) => query.reject(error),
    );
  };
  const begin = async (given: string | Work, work?: Work): Promise<unknown> => {
    const line = await transactions.take();
    try {
      return await (typeof given === 'string' ? line.begin(given, work as Work) : line.begin('', given));
    } finally {
      transactions.free(line);
    }
  };
  const end = async ({ timeout = 5 }: { timeout?: number } = {}): Promise<void> => {
    await Promise.all([singles.end(timeout), transactions.end(timeout), base.end({ timeout })]);
  };
  const pools: Pools = { singles: singles.state, transactions: transactions.state };
  return speaking(base, alone, { begin, end, listen: base.listen, pools }) as Sql & { pools: Pools };
}

function createPool(settings: LineSettings & { max: number }) {
  const lines = new Set<Line>();
  const idle: Line[] = [];
  const waiting: { resolve(line: Line): void; reject(error: Error): void }[] = [];
  let outdated = new Set<Line>();
  let closing = false;
  let waits = 0;
  let waitedMs = 0;

  const open = (): Line => {
    const line = openLine(settings, lost);
    lines.add(line);
    return line;
  };
  /** What one has prepared for tables that are no more, the others have too: they are let go, each when nobody is using it. */
  const lost = (line: Line, loss: Loss): void => {
    if (loss === 'outdated') outdated = new Set(lines);
    forget(line);
    for (const other of idle.filter((one) => outdated.has(one))) retire(other);
  };
  const retire = (line: Line): void => {
    forget(line);
    line.end(5).catch(() => {});
  };
  const forget = (line: Line): void => {
    outdated.delete(line);
    if (!lines.delete(line)) return;
    const place = idle.indexOf(line);
    if (place >= 0) idle.splice(place, 1);
    if (!closing) waiting.shift()?.resolve(open());
  };
  return {
    take: async (): Promise<Line> => {
      if (closing) throw ended();
      const line = idle.pop();
      if (line) return line;
      if (lines.size < settings.max) return open();
      waits += 1;
      const since = performance.now();
      return new Promise<Line>((resolve, reject) => waiting.push({ resolve, reject })).finally(() => {
        waitedMs += performance.now() - since;
      });
    },
    state: (): PoolState => ({
      open: lines.size,
      busy: lines.size - idle.length,
      waiting: waiting.length,
      waits,
      waitedMs,
    }),
    free: (line: Line): void => {
      if (line.lost) return;
      if (outdated.has(line) || Date.now() - line.born > LIFETIME_MS) {
        retire(line);
        return;
      }
      const next = waiting.shift();
      if (next) next.resolve(line);
      else idle.push(line);
    },
    end: async (seconds: number): Promise<void> => {
      closing = true;
      for (const one of waiting.splice(0)) one.reject(ended());
      await Promise.all([...lines].map((line) => line.end(seconds)));
    },
  };
}
