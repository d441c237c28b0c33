/** Numbers that people read out to each other: `SP-2026-0001`. */
import type { Tx } from './module.ts';
import { foldWidth } from './text.ts';

/** Counted per prefix and year of the company's calendar, without gaps, since the count commits with what it numbers. */
export async function nextNumber(tx: Tx, prefix: string, year: number): Promise<string> {
  const [row] = await tx<{ last: number }[]>`
    insert into number_counter (prefix, year, last) values (${prefix}, ${year}, 1)
    on conflict (prefix, year) do update set last = number_counter.last + 1 returning last`;
  return `${prefix}-${year}-${String(row?.last ?? 1).padStart(4, '0')}`;
}

/** `SP-2026-0001`, however it is typed, where the whole of the text is one. */
export function readNumber(text: string): string | undefined {
  const folded = foldWidth(text).trim().toUpperCase();
  return /^[A-Z]{2,4}-\d{4}-\d{4,}$/.test(folded) ? folded : undefined;
}

/** The number somewhere in a sentence (a file's caption). */
export function findNumber(text: string): string | undefined {
  return /[A-Z]{2,4}-\d{4}-\d{4,}/.exec(foldWidth(text).toUpperCase())?.[0];
}

/** The letters before the year: of which kind the thing is. */
export function lettersOf(number: string): string {
  return number.slice(0, Math.max(0, number.indexOf('-')));
}
