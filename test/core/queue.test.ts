/** What is due by the calendar: a run that fails is told in the log and counted, and is tried again; what waits is known by its age. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { backlogs, createQueue, type Queue } from '../../src/core/queue.ts';
import { createLog } from '../../src/log.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

let fresh: FreshDatabase;
let database: Database;
let queue: Queue;
const lines: string[] = [];
const ran: [string, boolean][] = [];

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase(fresh.url, { max: 2 });
});
afterAll(async () => {
  await queue.stop();
  await database.close();
  await fresh.drop();
});

test('before there is a queue nothing waits in it', async () => {
  expect(await backlogs(database.sql)).toEqual([]);
});

test('a seal that fails is no silence', async () => {
  const log = createLog('warn', { write: (line: string) => void lines.push(line) });
  queue = createQueue(fresh.url, log, { ran: (name, well) => void ran.push([name, well]) });
  await queue.start();
  let broken = true;
  await queue.every('seal', '5 0 1 1 *', 'Asia/Shanghai', async () => {
    if (broken) throw new Error('no seal today');
  });
  await queue.put('seal', [{ id: randomUUID(), priority: 0 }]);
  await expect.poll(() => ran, { timeout: 10_000 }).toEqual([['seal', false]]);
  expect(lines.join('')).toContain('what is due by the calendar failed');
  expect(lines.join('')).toContain('no seal today');
  broken = false;
  await queue.put('seal', [{ id: randomUUID(), priority: 0 }]);
  await expect.poll(() => ran.some(([, well]) => well), { timeout: 10_000 }).toBe(true);
});

test('jobs that nobody takes are counted, with their age', async () => {
  const { promise: door, resolve: open } = Promise.withResolvers<void>();
  await queue.work('slow', () => door);
  await queue.put(
    'slow',
    Array.from({ length: 100 }, () => ({ id: randomUUID(), priority: 0 })),
  );
  // three workers take twenty each
  await expect.poll(async () => (await backlogs(database.sql)).find((one) => one.queue === 'slow')?.waiting).toBe(40);
  const [slow] = (await backlogs(database.sql)).filter((one) => one.queue === 'slow');
  expect(Date.now() - (slow?.oldest.getTime() ?? 0)).toBeLessThan(30_000);
  open();
  await expect
    .poll(async () => (await backlogs(database.sql)).some((one) => one.queue === 'slow'), { timeout: 10_000 })
    .toBe(false);
});
