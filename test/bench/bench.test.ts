/** The benches run, at a size that tells nothing, and their arithmetic is right. What they measure is no test: machines differ. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { inTurns, median, percentile, perSecond, ratioOf } from './figures.ts';
import { benchScale } from './scale.ts';
import { openSetting } from './setting.ts';
import { tableOf } from './table.ts';

describe('the arithmetic', () => {
  test('half of what was measured lies below the median', () => {
    expect(median([5, 1, 9])).toBe(5);
    expect(median([4, 1, 2, 9])).toBe(3);
    expect(median([7])).toBe(7);
    expect(() => median([])).toThrow('nothing was measured');
  });

  test('a percentile is one that was measured, by the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([0.5, 0.95, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([50, 95, 99, 100]);
    expect(percentile([3, 1, 2], 0.99)).toBe(3);
    expect(percentile([3, 1, 2], 0)).toBe(1);
  });

  test('a ratio is taken round by round: a slow round is slow for both', () => {
    expect(ratioOf([10, 100, 30], [5, 50, 10])).toBe(2);
  });

  test('rounds go back and forth, and the cold one is not counted', async () => {
    const order: string[] = [];
    const turn = (name: string) => () => order.push(name);
    const found = await inTurns(2, { a: turn('a'), b: turn('b') });
    expect(order.join('')).toBe('abbaab');
    expect(found).toEqual({ a: [4, 5], b: [3, 6] });
  });

  test('what takes ten times as long is done a tenth as often', () => {
    const spin = (times: number) => () => {
      for (let i = 0; i < times * 20_000; i++) Math.sqrt(i);
    };
    // the longer one first: once it is compiled, the shorter one is only quicker for it
    const [slow, quick] = [perSecond(spin(10), 40), perSecond(spin(1), 40)];
    expect(quick / slow).toBeGreaterThan(3);
  });
});

test('the table has its figures in columns and says what was missed', () => {
  const row = { bench: 'scale', case: 'press at 1,000', value: 12_345.6, unit: 'ms' };
  expect(tableOf([row, { ...row, value: 0.0421, against: 'the floor', ratio: 1.3, goal: '≤ 1.2 ×', met: false }])).toBe(
    [
      'bench  case             value  unit  ratio  against    goal',
      'scale  press at 1,000  12,346  ms',
      'scale  press at 1,000  0.0421  ms     1.30  the floor  ≤ 1.2 ×  MISSED',
    ].join('\n'),
  );
});

describe('a bench', () => {
  let setting: Awaited<ReturnType<typeof openSetting>>;
  beforeAll(async () => {
    setting = await openSetting({ sizes: [60, 120], rounds: 1, scale: 0.05, server: inject('postgres').server });
  });
  afterAll(() => setting.close());

  test('fills its databases, acts on each of them and holds one against the other', async () => {
    const rows = await benchScale(setting);
    expect(
      rows.map((row) => `${row.case.replace(/, p99.*/, '')}${row.ratio === undefined ? '' : ' held against'}`),
    ).toEqual(
      [
        'submit with its checks',
        'press',
        '/pr list of who signs',
        '/pr list of who asked for much',
        'App Home',
      ].flatMap((act) => [`${act} at 60`, `${act} at 120 held against`]),
    );
    for (const { value } of rows) expect(value).toBeGreaterThan(0);
  });
});
