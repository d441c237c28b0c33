/** The word that somebody meant when they mistyped one: a letter too many, too few, wrong, or swapped with its neighbour. Pure. */

const SHORTEST_START = 3;

/** The first of the known ones that is a slip away, or begins so. */
export function nearWord(typed: string, known: Iterable<string>): string | undefined {
  const words = [...known];
  return (
    words.find((word) => oneSlip(typed, word)) ??
    words.find((word) => typed.length >= SHORTEST_START && word.startsWith(typed))
  );
}

/** What is left between their common beginning and their common end is no more than one slip. */
function oneSlip(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  if (shorter < 2) return false;
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const swapped = left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
  return swapped || (left.length <= 1 && right.length <= 1);
}
