/**
 * The server processes of a run, and what stands before and behind them: a keeper that starts them again whenever they end, and a balancer that
 * hands each of the platforms' requests to one of those that listen. They are killed and stopped at moments of the seed's.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, Program } from '../support/program.ts';
import type { Dice } from './dice.ts';

export interface Servers {
  /** hands a request on to a process; a platform waits three seconds */
  route(path: string): (request: Request) => Promise<Response>;
  /** false: none serves that could be killed */
  kill(): Promise<boolean>;
  /** SIGTERM: what is under way is to be finished */
  drain(): boolean;
  /** every process serves */
  allServe(withinMs: number): Promise<void>;
  /** of one that serves */
  url(): string;
  close(): Promise<void>;
  readonly tally: Tally;
  /** all that they have printed, by process */
  printed(): string[];
}

interface Tally {
  starts: number;
  kills: number;
  drains: number;
  /** ended by itself before it served: it found no database */
  endedAtStart: number;
  /** ended though nobody asked it to */
  crashes: string[];
  /** stopped by SIGTERM otherwise than with 0 */
  badDrains: string[];
  /** what the platforms were answered, by status; 502 and 504 are the balancer's own */
  statuses: Map<string, number>;
}

interface Slot {
  port: string;
  program: Program | undefined;
  /** it has said that it can serve */
  serves: boolean;
  asked: 'kill' | 'drain' | undefined;
}

const PLATFORM_WAITS_MS = 3_000;
const LAST_ONE = 0.25;

export async function openServers(count: number, environment: Record<string, string>, dice: Dice): Promise<Servers> {
  const tally: Tally = {
    ...{ starts: 0, kills: 0, drains: 0, endedAtStart: 0 },
    ...{ crashes: [], badDrains: [], statuses: new Map() },
  };
  const slots: Slot[] = [];
  const kept: string[] = [];
  const [routing, blows] = [dice.stream('routes'), dice.stream('blows')];
  let closing = false;

  for (let i = 0; i < count; i++)
    slots.push({ port: await freePort(), program: undefined, serves: false, asked: undefined });
  const keeping = slots.map((slot) => keep(slot));
  // whoever ends the run leaves nobody behind
  const lastWord = (): void => {
    for (const { program } of slots) void program?.kill();
  };
  process.once('exit', lastWord);

  async function keep(slot: Slot): Promise<void> {
    while (!closing) {
      const program = new Program({ ...environment, PORT: slot.port });
      Object.assign(slot, { program, serves: false, asked: undefined });
      tally.starts += 1;
      const watching = watch(slot, program);
      const { code, signal, out, err } = await program.ended;
      await watching;
      kept.push(out + err);
      judge(slot, code, signal, err);
      Object.assign(slot, { program: undefined, serves: false });
      if (!closing) await pause(200);
    }
  }

  async function watch(slot: Slot, program: Program): Promise<void> {
    let over = false;
    void program.ended.then(() => {
      over = true;
    });
    while (!over) {
      if ((await program.health()) === 200) {
        slot.serves = slot.program === program;
        return;
      }
      await pause(50);
    }
  }

  function judge(slot: Slot, code: number | null, signal: NodeJS.Signals | null, err: string): void {
    const words = `${signal ?? `code ${code}`}: ${err.trim().split('\n').slice(-3).join(' ')}`;
    if (closing || slot.asked === 'kill') return;
    // asked to stop before it listened to the signal, or while it had no database yet
    if (!slot.serves) tally.endedAtStart += 1;
    else if (slot.asked === 'drain') {
      if (code !== 0) tally.badDrains.push(words);
    } else tally.crashes.push(words);
  }

  function counted(status: number, from = 'the balancer'): number {
    const key = `${status}${status < 500 ? '' : ` from ${from}`}`;
    tally.statuses.set(key, (tally.statuses.get(key) ?? 0) + 1);
    return status;
  }

  async function handOn(path: string, request: Request): Promise<Response> {
    const [headers, body] = [request.headers, await request.arrayBuffer()];
    const signal = AbortSignal.timeout(PLATFORM_WAITS_MS);
    const order = slots.filter((slot) => slot.program && slot.serves);
    if (order.length > 1 && routing.chance(0.5)) order.reverse();
    for (const { port } of order) {
      try {
        const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body, signal });
        const bytes = await response.arrayBuffer();
        return new Response(bytes, { status: counted(response.status, path), headers: response.headers });
      } catch (error) {
        if (signal.aborted) return new Response('', { status: counted(504) });
        // nobody listens there: it was not sent
        if (codeOf(error) !== 'ECONNREFUSED') return new Response('', { status: counted(502) });
      }
    }
    return new Response('', { status: counted(502) });
  }

  /** Now and then the last one that serves as well. */
  const victim = (): Slot | undefined => {
    const serving = slots.filter((slot) => slot.program && slot.serves);
    return serving.length > 1 || blows.chance(LAST_ONE) ? blows.pick(serving) : undefined;
  };

  return {
    route: (path) => (request) => handOn(path, request),
    kill: async () => {
      const slot = victim();
      if (!slot?.program) return false;
      slot.asked = 'kill';
      tally.kills += 1;
      await slot.program.kill();
      return true;
    },
    drain: () => {
      const slot = victim();
      if (!slot?.program) return false;
      slot.asked = 'drain';
      tally.drains += 1;
      slot.program.signal('SIGTERM');
      return true;
    },
    allServe: async (withinMs) => {
      for (const late = Date.now() + withinMs; slots.some((slot) => !slot.serves); await pause(50))
        if (Date.now() > late) throw new Error(`not every process serves after ${withinMs} ms\n${kept.at(-1) ?? ''}`);
    },
    url: () => {
      const slot = slots.find(({ program, serves }) => program && serves);
      if (!slot) throw new Error('no process serves');
      return `http://127.0.0.1:${slot.port}`;
    },
    close: async () => {
      closing = true;
      lastWord();
      await Promise.all(keeping);
      process.off('exit', lastWord);
    },
    tally,
    printed: () => [...kept, ...slots.flatMap(({ program }) => (program ? [program.printed] : []))],
  };
}

function codeOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : undefined;
}
