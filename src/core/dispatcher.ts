/**
 * An HTTP process answers; this keeps the background awake: at every commit of this process and at those of others that say so, and twice a
 * second as the floor. A press says so to its own process alone: that is enough, and notifying costs the database a commit of its own.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from './intake.ts';

export interface Round {
  /** how many it found; a full hand means that there is more */
  run(): Promise<number>;
  /** this long it rests before it runs again, however often the bell rings: a storm of acts is looked through together */
  restMs(): number;
}

const FLOOR_MS = 500;
const FULL_HAND = 500;

export function startDispatcher(deps: { sql: Database; log: Logger; rounds: Round[] }, channel: string) {
  const over = new AbortController();
  const loops = deps.rounds.map((round) => createLoop(round, deps.log, over.signal));
  const wake = (): void => {
    for (const loop of loops) loop.wake();
  };
  const timer = setInterval(wake, FLOOR_MS);
  const listening = deps.sql.listen(channel, wake, wake);
  listening.catch((error: unknown) => deps.log.warn({ err: error }, 'listening failed; polling goes on'));
  return {
    wake,
    stop: async () => {
      over.abort();
      clearInterval(timer);
      await listening.then((l) => l.unlisten()).catch(() => {});
      await Promise.all(loops.map((loop) => loop.ended()));
    },
  };
}

function createLoop({ run, restMs }: Round, log: Logger, over: AbortSignal) {
  let again = false;
  let running: Promise<void> | undefined;
  const rest = (ms: number): Promise<void> => pause(ms, undefined, { signal: over }).catch(() => {});
  const loop = async (): Promise<void> => {
    do {
      again = false;
      const found = await run().catch((error: unknown) => {
        log.warn({ err: error }, 'a round of the dispatcher failed');
        return 0;
      });
      if (found >= FULL_HAND) again = true;
      else await rest(restMs());
    } while (again && !over.aborted);
    running = undefined;
  };
  return {
    wake: (): void => {
      again = true;
      if (!over.aborted) running ??= loop();
    },
    ended: async (): Promise<void> => running,
  };
}
