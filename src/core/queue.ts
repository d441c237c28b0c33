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

/** All measured: see the README's decisions. Polling is the floor, NOTIFY wakes a worker within milliseconds. */
const POLLING = {
  batchSize: 20,
  burstWhenBatchFull: true,
  pollingIntervalSeconds: 0.5,
  notifyPollingIntervalSeconds: 0.5,
  perJobResults: true,
} as const;
/** A job whose worker died stays in its hands until then, and holds up nobody: its row is handed out again, as a new job. */
const SETTINGS = { notify: true, retryLimit: 0, expireInSeconds: 60, deleteAfterSeconds: 60, retentionSeconds: 3600 };
/** What is due by the calendar has no row that would be handed out again: whoever dies in the middle of it is missed within seconds. */
const REGULAR = {
  notify: true,
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
    useListenNotify: true,
    cronMonitorIntervalSeconds: 1,
    cronWorkerIntervalSeconds: 1,
  });
  boss.on('error', (error) => log.warn({ err: error }, 'the queue reported an error'));
  boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'the queue reported a warning'));
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
    },
    work: async (queue, handler) => {
      await boss.createQueue(queue, SETTINGS);
      await boss.work<{ id: string }, void, typeof POLLING & { localConcurrency: 3 }>(
        queue,
        { ...POLLING, localConcurrency: 3 },
        async (jobs) => {
          await Promise.all(jobs.map((job) => handler(job.data.id)));
          return jobs.map((job) => ({ id: job.id, status: 'completed' as const }));
        },
      );
    },
    every: async (name, cron, zone, handler) => {
      await boss.createQueue(name, REGULAR);
      // one that an older version made keeps what it was made with
      await boss.updateQueue(name, REGULAR);
      await boss.schedule(name, cron, null, { tz: zone });
      await boss.work(name, { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 }, () => run(name, handler));
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
