/** Promises about time: a due timer is a command that the clock sends down the same road as everybody's. */
import type { Logger } from 'pino';
import { handle, type Road } from './handle.ts';
import { type Database, isConflict, withRetries } from './intake.ts';
import type { JsonObject } from './message.ts';
import type { Tx } from './module.ts';
import type { Queue } from './queue.ts';

export interface TimerDeps<World> {
  sql: Database;
  queue: Queue;
  road: Road<World>;
  clock: () => Date;
  log: Logger;
}

export const TIMERS = 'timers';
const HANDED_MS = 15_000;

export async function handOutTimers<World>({ sql, queue, clock }: TimerDeps<World>): Promise<number> {
  const now = clock();
  const rows = await sql<{ id: string; urgent: boolean }[]>`
    update timer set handed_until = ${new Date(now.getTime() + HANDED_MS)}
    where id = any(array(
      select id from timer where urgent and due_at <= ${now} and (handed_until is null or handed_until <= ${now})
      order by due_at limit 500 for update skip locked)
    || array(
      select id from timer where not urgent and due_at <= ${now} and (handed_until is null or handed_until <= ${now})
      order by due_at limit 500 for update skip locked))
    returning id, urgent`;
  if (rows.length > 0)
    await queue.put(
      TIMERS,
      rows.map(({ id, urgent }) => ({ id, priority: urgent ? 10 : 1 })),
    );
  return rows.length;
}

interface TimerRow {
  subject: string;
  command: string;
  args: JsonObject;
}

/** Gone and carried out in one transaction: a timer fires once, whoever is killed when. Never throws. */
export async function fire<World>(deps: TimerDeps<World>, id: string): Promise<void> {
  const { sql, road, log } = deps;
  try {
    await withRetries(() => sql.begin((tx) => fireIn(deps, tx, id)), isConflict);
    road.ring();
  } catch (error) {
    log.error({ err: error, timer: id }, 'a timer failed and will be tried again');
  }
}

async function fireIn<World>({ road, clock, log }: TimerDeps<World>, tx: Tx, id: string): Promise<void> {
  const at = clock();
  const [row] = await tx<
    TimerRow[]
  >`delete from timer where id = ${id} and due_at <= ${at} returning subject, command, args`;
  if (row === undefined) return;
  const command = { name: row.command, subject: row.subject, args: row.args };
  const outcome = await handle(road, tx, command, { actor: { kind: 'clock' }, at });
  const code = outcome.kind === 'refused' ? outcome.refusal.code : undefined;
  log.info({ command: row.command, subject: row.subject, outcome: outcome.kind, code }, 'a timer fired');
}
