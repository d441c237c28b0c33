/** A short storm: everything fails at once while people press, and afterwards nothing is lost, nothing is doubled, and no card lies (`npm run chaos` is the long one). */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chaos } from '../chaos/chaos.ts';
import { readable } from '../chaos/report.ts';
import { shortSetting } from '../chaos/setting.ts';

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'chaos-story-'));
});
afterAll(() => rm(out, { recursive: true, force: true }));

test('Postgres is shut down twice and two processes die while forty requests are signed on both platforms, a fifth of whose calls fail', {
  timeout: 300_000,
}, async () => {
  const outcome = await chaos(shortSetting(7, out));
  expect(outcome.holds, readable(outcome)).toBe(true);
  const { figures } = outcome;
  const count = (...names: string[]) => names.reduce((sum, name) => sum + Number(figures[name]), 0);
  expect(count('Postgres shut down at once', 'Postgres shut down fast')).toBe(2);
  expect(count('processes killed (kill -9)', 'processes stopped (SIGTERM)')).toBe(2);
  // a verdict over nothing would hold as well
  expect(count('requests in the database')).toBeGreaterThan(5);
  expect(count('acts told: done')).toBeGreaterThan(3);
  expect(count('of these failed')).toBeGreaterThan(10);
});
