/**
 * A quarter in a company of forty: meetings move off National Day, people answer and file minutes when they like, and the program is
 * killed at random moments, sometimes for hours. Every reminder comes exactly once, every lateness is right (M1–M3).
 *
 *     npm test                                            the two weeks around National Day
 *     QUARTER=full npx vitest run --config test/vitest.config.ts test/stories/quarter.test.ts       28 September to 31 December
 *     QUARTER_SEED=7 …                                    other people, other accidents; a failure names its seed
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit, type Line } from '../support/quarter-audit.ts';
import { instant } from '../support/quarter-calendar.ts';
import { live, type Plan } from '../support/quarter-life.ts';
import { openQuarterOffice, type QuarterOffice } from '../support/quarter-office.ts';

const FULL = process.env.QUARTER === 'full';
const plan: Plan = {
  seed: Number(process.env.QUARTER_SEED ?? 411),
  first: FULL ? '2026-09-28' : '2026-09-29',
  last: FULL ? '2026-12-31' : '2026-10-13',
  kills: FULL ? 40 : 3,
};
const VERIFY = join(import.meta.dirname, '..', '..', 'src', 'verify.ts');

let office: QuarterOffice;
beforeAll(async () => {
  office = await openQuarterOffice(instant(plan.first, '08:00'), FULL ? '2027-01-10' : '2026-10-23');
});
afterAll(() => office.close());

function readLedger(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line & { at: string })
    .map((line) => ({ ...line, at: Date.parse(line.at) }));
}

test('forty people, random deaths: each meeting on its day, each reminder once, each lateness to the millisecond', {
  timeout: FULL ? 3_600_000 : 120_000,
}, async () => {
  const began = Date.now();
  const { done, figures, end } = await live(office, plan).catch((cause: unknown) => {
    throw new Error(`the quarter of seed ${plan.seed} came to a halt at ${office.clock().toISOString()}`, { cause });
  });
  const text = await office.ledger();
  const lines = readLedger(text);
  const found = audit({ office, lines, first: plan.first, last: plan.last, end, done });
  const story = { seed: plan.seed, ...figures, ...found.figures, seconds: (Date.now() - began) / 1000 };
  if (FULL || process.env.QUARTER_SEED) process.stdout.write(`${JSON.stringify(story)}\n`);
  expect(found.faults, JSON.stringify(story)).toEqual([]);
  expect(await office.sql`select subject, about, last_error from message where state = 'dead'`).toEqual([]);
  expect(office.feishu.complaints).toEqual([]);
  expect(figures.kills, JSON.stringify(story)).toBe(plan.kills);
  // a story in which nothing went wrong shows nothing; another seed may be a lucky one
  const troubles = [found.figures.late, found.figures.lateMinutes, found.figures.chases, figures.outages];
  if (!process.env.QUARTER_SEED) for (const count of troubles) expect(count, JSON.stringify(story)).toBeGreaterThan(0);
  const file = join(office.folder, 'audit.ndjson');
  await writeFile(file, text);
  const verified = await promisify(execFile)(process.execPath, [VERIFY, file]);
  expect(verified.stderr).toBe('');
});
