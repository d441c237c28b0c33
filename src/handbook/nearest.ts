/** "Did you mean …?": the known name that is nearest to a mistyped one, if any is near enough. Pure. */

export function nearest(wrong: string, known: Iterable<string>): string | undefined {
  const typed = wrong.normalize('NFKC').toLowerCase();
  let best: { name: string; distance: number } | undefined;
  for (const name of known) {
    const distance = distanceBetween(typed, name.toLowerCase());
    if (distance <= allowance(typed, name) && (!best || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

/** A third of the word may be wrong; of a short word, one letter. */
function allowance(a: string, b: string): number {
  return Math.max(1, Math.floor(Math.max(a.length, b.length) / 3));
}

/** Letters to insert, drop, replace or swap with their neighbour (optimal string alignment). Long words are not compared. */
function distanceBetween(a: string, b: string): number {
  if (a.length > 60 || b.length > 60) return a === b ? 0 : 60;
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const replace = (row[j - 1] ?? 0) + (same ? 0 : 1);
      const swap = swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
