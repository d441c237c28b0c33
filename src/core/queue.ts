/**
 * Background work on pg-boss, in our own database, shared by every process. Our rows stay the truth (`message`, `timer`): a job only says
 * "look at this row now", so a lost job costs seconds and a doubled one nothing.
 */

import { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { Database } from './intake.ts';

export interface Job {
  id: string;
  priority: number;
}

export interface Queue {
  start(): Promise<void>;
  stop(): Promise<void>;
  put(queue: string, jobs: Job[]): Promise<void>;
  /** `handler` must not throw: what fails is tried again through its row */
  work(queue: string, handler: (id: string) => Promise<void>): Promise<void>;
  /** a cron expression in a named zone; one process of all runs it */
  every(name: string, cron: string, zone: string, handler: () => Promise<void>): Promise<void>;
}

/** One of those that take jobs in this process. */
interface Worker {
  id: string;
  busy: boolean;
}

/**
 * All measured: see the README's decisions. Whoever puts a job wakes workers of its own process, so polling is only the floor: for what another
 * process put there and does not come to.
 */
const POLLING = { batchSize: 20, burstWhenBatchFull: true, pollingIntervalSeconds: 1, perJobResults: true } as const;
/** for each queue, in each process; each takes a batch */
const WORKERS = 3;
/** A job whose worker died stays in its hands until then, and holds up nobody: its row is handed out again, as a new job. */
const SETTINGS = { notify: false, retryLimit: 0, expireInSeconds: 60, deleteAfterSeconds: 60, retentionSeconds: 3600 };
/** What is due by the calendar has no row that would be handed out again: whoever dies in the middle of it is missed within seconds. */
const REGULAR = {
  notify: false,
  deleteAfterSeconds: 60,
  retentionSeconds: 3600,
  retryLimit: 3,
  retryDelay: 5,
  expireInSeconds: 600,
  heartbeatSeconds: 10,
};
const MISSED_WITHIN_SECONDS = 5;
/** How often finished jobs are deleted; left to itself the queue keeps them for a day, and counts all of them at every look. */
const TIDY_SECONDS = 60;

export interface QueueOptions {
  /** connections at most, beside the one that listens */
  max?: number;
  /** what became of each run of what is due by the calendar */
  ran?: (name: string, well: boolean) => void;
}

export function createQueue(url: string, log: Logger, { max = 4, ran = () => {} }: QueueOptions = {}): Queue {
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'countersign-queue',
    max,
    superviseIntervalSeconds: MISSED_WITHIN_SECONDS,
    monitorIntervalSeconds: MISSED_WITHIN_SECONDS,
    maintenanceIntervalSeconds: TIDY_SECONDS,
    // its listener ends the process when the database goes away at the wrong moment, and there is a quicker way
    useListenNotify: false,
    cronMonitorIntervalSeconds: 1,
    cronWorkerIntervalSeconds: 1,
  });
  boss.on('error', (error) => log.warn({ err: error }, 'the queue reported an error'));
  boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'the queue reported a warning'));
  const workers = new Map<string, Worker[]>();
  /** Those that have nothing to do, as many as there is work for; else whoever is done first looks again at once. */
  const wake = (queue: string, jobs: number): void => {
    const all = workers.get(queue) ?? [];
    const idle = all.filter(({ busy }) => !busy);
    const some = idle.length > 0 ? idle.slice(0, Math.ceil(jobs / POLLING.batchSize)) : all;
    for (const { id } of some) boss.notifyWorker(id);
  };
  /** The queue tries it again, and keeps the error to itself. */
  const run = async (name: string, handler: () => Promise<void>): Promise<void> => {
    try {
      await handler();
      ran(name, true);
    } catch (error) {
      log.error({ err: error, job: name }, 'what is due by the calendar failed and will be tried again');
      ran(name, false);
      throw error;
    }
  };
  return {
    start: async () => {
      await boss.start();
    },
    stop: () => boss.stop({ graceful: true, timeout: 10_000 }),
    put: async (queue, jobs) => {
      await boss.insert(
        queue,
        jobs.map(({ id, priority }) => ({ data: { id }, priority })),
      );
      wake(queue, jobs.length);
    },
    work: async (queue, handler) => {
      await boss.createQueue(queue, SETTINGS);
      // one that an older version made keeps what it was made with
      await boss.updateQueue(queue, SETTINGS);
      const team: Worker[] = Array.from({ length: WORKERS }, () => ({ id: '', busy: false }));
      for (const worker of team) {
        worker.id = await boss.work<{ id: string }, void, typeof POLLING>(queue, POLLING, async (jobs) => {
          worker.busy = true;
          try {
            await Promise.all(jobs.map((job) => handler(job.data.id)));
          } finally {
            worker.busy = false;
          }
          return jobs.map((job) => ({ id: job.id, status: 'completed' as const }));
        });
      }
      workers.set(queue, team);
    },
    every: async (name, cron, zone, handler) => {
      await boss.createQueue(name, REGULAR);
      await boss.updateQueue(name, REGULAR);
      await boss.schedule(name, cron, null, { tz: zone });
      await boss.work(name, { pollingIntervalSeconds: 2 }, () => run(name, handler));
    },
  };
}

export interface Backlog {
  queue: string;
  waiting: number;
  oldest: Date;
}

/** What no worker has taken yet, by the index that the workers take it by. Nothing, until the queue has made its tables. */
export async function backlogs(sql: Database): Promise<Backlog[]> {
  try {
    return await sql<Backlog[]>`
      select name as queue, count(*)::int as waiting, min(greatest(created_on, start_after)) as oldest
      from pgboss.job where state < 'active' and not blocked and start_after <= now() group by name`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === '42P01' || error.code === '3F000')) return [];
    throw error;
  }
}
