/** What happens to the machines while people work: Postgres is shut down hard and started again, processes are killed, now and then stopped politely. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Stage } from './stage.ts';

export interface Blows {
  restarts: { immediate: number; fast: number };
  downMs: number;
  /** resolves when the last is over; where their number is not set, none comes any more */
  end(): Promise<void>;
  /** none comes any more, whatever was to come; resolves when nothing is under way */
  abandon(): Promise<void>;
}

const POLITE = 0.25;

export function beginBlows({
  dice,
  setting,
  ground,
  servers,
}: Pick<Stage, 'dice' | 'setting' | 'ground' | 'servers'>): Blows {
  const ending = new AbortController();
  const most = setting.blows ?? Number.POSITIVE_INFINITY;
  const blows: Blows = { restarts: { immediate: 0, fast: 0 }, downMs: 0, end: async () => {}, abandon: async () => {} };
  const waits = (ms: number): Promise<boolean> =>
    pause(ms, undefined, { signal: ending.signal }).then(
      () => true,
      () => false,
    );

  const database = async (): Promise<void> => {
    const own = dice.stream('postgres');
    for (let done = 0; done < most && (await waits(own.whole(...setting.restartEveryMs))); done++) {
      const [how, downMs] = [own.chance(0.5) ? ('immediate' as const) : ('fast' as const), own.whole(100, 1_500)];
      const began = performance.now();
      await ground.restart(how, downMs);
      blows.restarts[how] += 1;
      blows.downMs += performance.now() - began;
    }
  };
  const processes = async (): Promise<void> => {
    const own = dice.stream('kills');
    for (let done = 0; done < most && (await waits(own.whole(...setting.killEveryMs))); ) {
      const hit = own.chance(POLITE) ? servers.drain() : await servers.kill();
      if (hit) done += 1;
    }
  };
  const all = Promise.all([database(), processes()]);
  // whoever ends it hears of a failure; until then it is nobody's
  all.catch(() => {});
  blows.end = async () => {
    if (setting.blows === undefined) ending.abort();
    await all;
  };
  blows.abandon = async () => {
    ending.abort();
    await all.catch(() => {});
  };
  return blows;
}
