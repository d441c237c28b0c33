/** What goes on behind the answers, shared by all processes on one database: deliveries, timers, files, and what is due each day. */
import type { Logger } from 'pino';
import { type DeliveryDeps, deliver, deliverQueue } from './core/deliver.ts';
import { startDispatcher } from './core/dispatcher.ts';
import { handOut } from './core/hand-out.ts';
import type { Database } from './core/intake.ts';
import { WAKE } from './core/outbox.ts';
import type { Queue } from './core/queue.ts';
import { fire, handOutTimers, TIMERS, type TimerDeps } from './core/timers.ts';
import { handOutRooms, makeRoom, ROOMS, type RoomKeeping } from './crisis/rooms.ts';
import { type Fetching, FILES, fetchFile, handOutFiles } from './files/fetching.ts';

/** More acts at once than this are a crowd. */
const CROWD = 4;

export interface Background<World> {
  sql: Database;
  log: Logger;
  queue: Queue;
  delivery: DeliveryDeps;
  timers: TimerDeps<World>;
  fetching: Fetching;
  rooms: RoomKeeping;
  /** reminds of the quarter's drill, each morning */
  drills(): Promise<unknown>;
  /** what was kept for people's digests and is due; how many */
  digests(): Promise<number>;
  /** acts that wait for their answer in this process */
  underWay(): number;
  /** the company's time zone: days end there */
  zone: string;
  seal(): Promise<unknown>;
  renew(): Promise<unknown>;
  sweep(): Promise<unknown>;
}

export interface Working {
  /** something was committed: there may be something to deliver */
  wake(): void;
  /** what is under way is finished first */
  stop(): Promise<void>;
}

export async function startBackground<World>(parts: Background<World>): Promise<Working> {
  const { sql, log, queue, delivery, timers, fetching, rooms, digests, zone } = parts;
  await queue.start();
  for (const platform of delivery.adapters.keys())
    await queue.work(deliverQueue(platform), (id) => deliver(delivery, id));
  await queue.work(TIMERS, (id) => fire(timers, id));
  await queue.work(FILES, (id) => fetchFile(fetching, id));
  await queue.work(ROOMS, (id) => makeRoom(rooms, id));
  await queue.every('seal', '5 0 * * *', zone, async () => void (await parts.seal()));
  await queue.every('renew', '17 * * * *', zone, async () => void (await parts.renew()));
  await queue.every('drills', '35 9 * * *', zone, async () => void (await parts.drills()));
  await queue.every('sweep', '41 3 * * *', zone, async () => void (await parts.sweep()));
  const rounds = [
    // whoever waits for an answer goes before the cards that follow from it
    { run: () => handOut(delivery), restMs: () => (parts.underWay() > CROWD ? 200 : 15) },
    ...[() => handOutTimers(timers), () => handOutFiles(fetching), () => handOutRooms(rooms), digests].map((run) => ({
      run,
      restMs: () => 100,
    })),
  ];
  const dispatcher = startDispatcher({ sql, log, rounds }, WAKE);
  return {
    wake: dispatcher.wake,
    stop: async () => {
      await dispatcher.stop();
      await queue.stop();
    },
  };
}
