/** The figures behind `/metrics`, in Prometheus' words; docs/monitoring says what to watch among them. */
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { ChatAdapter, Platform } from '../core/chat.ts';
import { inTime } from '../core/in-time.ts';
import type { Database } from '../core/intake.ts';
import { createCounted } from './counted.ts';
import { gather } from './gathered.ts';
import { createDatabaseGauges, createProcessGauges, type Pools } from './gauges.ts';

export interface Measured {
  sql: Database;
  clock: () => Date;
  log: Logger;
  pools: Pools;
  adapters: ReadonlyMap<Platform, ChatAdapter>;
}

const GATHERED_MS = 5_000;

export function createMetrics({ sql, clock, log, pools, adapters }: Measured) {
  const registry = new Registry();
  const counted = createCounted(registry);
  const ofDatabase = createDatabaseGauges(registry);
  const ofProcess = createProcessGauges(registry, pools);

  /** The page is there when it is needed most: with the database away it says so, and tells of the process all the same. */
  const ask = async (): Promise<void> => {
    const at = clock();
    const gathering = gather(sql, at).catch((err: unknown) => {
      log.warn({ err }, 'the figures of the database could not be gathered');
      return undefined;
    });
    const found = await inTime(gathering, GATHERED_MS);
    if (found) ofDatabase.show(found, adapters.keys(), at);
    else ofDatabase.forget();
    ofProcess.database(found !== undefined, found?.aheadMs);
  };
  return {
    ...counted,
    text: async (ready: () => Promise<boolean>): Promise<string> => {
      await ask();
      ofProcess.show(adapters.values(), await ready());
      return `${await registry.metrics()}\n${await runtime().metrics()}`;
    },
    contentType: registry.contentType,
  };
}

let shared: Registry | undefined;

/** Memory, event loop, garbage: there is one of them in a process, and to watch them twice costs twice. */
function runtime(): Registry {
  if (shared === undefined) {
    shared = new Registry();
    collectDefaultMetrics({ register: shared });
  }
  return shared;
}
