/** After the storm: every process is up, nothing fails any more, and what is owed is waited for. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { owed, owing, whatHolds } from './kept.ts';
import type { Stage } from './stage.ts';

export interface Settled {
  /** from the end of the faults until nothing was owed */
  ms: number;
  messages: number;
  timers: number;
  /** what is still owed, in words */
  owing: string[];
}

/** A timer that is due at this moment is not late. */
export const TIMER_LATE_MS = 5_000;
const START_MS = 60_000;
const QUIET_LOOKS = 3;
const TELL_MS = 10_000;

export async function settle(
  { servers, people, sky, setting }: Stage,
  sql: Sql,
  say: (line: string) => void,
): Promise<Settled> {
  sky.clear();
  const began = performance.now();
  await servers.allServe(START_MS);
  await people.rest();
  let quiet = 0;
  let next = began + TELL_MS;
  let left = await owed(sql, TIMER_LATE_MS);
  let ms = performance.now() - began;
  while (quiet < QUIET_LOOKS && performance.now() - began < setting.settleMs) {
    if (left.messages + left.timers === 0) quiet += 1;
    else {
      quiet = 0;
      ms = performance.now() - began;
    }
    await pause(200);
    if (performance.now() > next) {
      say(`owed: ${await whatHolds(sql)}`);
      next += TELL_MS;
    }
    left = await owed(sql, TIMER_LATE_MS);
  }
  return { ms, ...left, owing: left.messages > 0 ? await owing(sql) : [] };
}
