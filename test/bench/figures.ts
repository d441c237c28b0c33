/** The arithmetic of the benches. */

/** The value below which this share of them lies, by the nearest rank: always one that was measured. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  const found = sorted[rank - 1];
  if (found === undefined) throw new Error('nothing was measured');
  return found;
}

/** Of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new Error('nothing was measured');
  return (low + high) / 2;
}

/**
 * Every case once a round, in turns, so that whatever slows the machine for a while slows all of them; the first round, in which everything
 * is still cold, is not counted. Returns each case's measurements in the order of the rounds.
 */
export async function inTurns<K extends string>(
  rounds: number,
  cases: Record<K, () => Promise<number> | number>,
): Promise<Record<K, number[]>> {
  const names = Object.keys(cases) as K[];
  const found = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = 0; round <= rounds; round++) {
    // back and forth, so that nobody always comes after the same neighbour
    const order = round % 2 === 0 ? names : [...names].reverse();
    for (const name of order) {
      const value = await cases[name]();
      if (round > 0) found[name].push(value);
    }
  }
  return found;
}

/** The median of the rounds' ratios: what slowed one round slowed both sides of it. */
export function ratioOf(values: readonly number[], against: readonly number[]): number {
  return median(values.map((value, round) => value / (against[round] ?? Number.NaN)));
}

/** How often it can be done in a second of this process' processor time: what others do on the machine meanwhile does not count. */
export function perSecond(work: () => unknown, forMs: number): number {
  const began = process.cpuUsage();
  let done = 0;
  let batch = 1;
  for (;;) {
    for (let i = 0; i < batch; i++) work();
    done += batch;
    const { user, system } = process.cpuUsage(began);
    const ms = (user + system) / 1000;
    if (ms >= forMs) return (done / ms) * 1000;
    // asking the time costs something too: about every fifth millisecond is enough
    batch = Math.max(1, Math.round((done / (ms + 1)) * 5));
  }
}
