/**
 * Background work on pg-boss, in our own database, shared by every process. Our rows stay the truth (`message`, `timer`): a job only says
 * "look at this row now", so a lost job costs seconds and a doubled one nothing.
 */

import { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';

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
const SETTINGS = { notify: true, retryLimit: 0, expireInSeconds: 60, deleteAfterSeconds: 60, retentionSeconds: 3600 };

export function createQueue(url: string, log: Logger): Queue {
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'countersign-queue',
    max: 4,
    useListenNotify: true,
    cronMonitorIntervalSeconds: 1,
    cronWorkerIntervalSeconds: 1,
  });
  boss.on('error', (error) => log.warn({ err: error }, 'the queue reported an error'));
  boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'the queue reported a warning'));
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
      await boss.createQueue(name, { ...SETTINGS, retryLimit: 3, retryDelay: 60, expireInSeconds: 600 });
      await boss.schedule(name, cron, null, { tz: zone });
      await boss.work(name, { pollingIntervalSeconds: 2 }, handler);
    },
  };
}
