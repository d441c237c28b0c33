/** Numbers that people read out to each other: `SP-2026-0001`. */
import type { Tx } from './module.ts';

/** Counted per prefix and year of the company's calendar, without gaps, since the count commits with what it numbers. */
export async function nextNumber(tx: Tx, prefix: string, year: number): Promise<string> {
  const [row] = await tx<{ last: number }[]>`
    insert into number_counter (prefix, year, last) values (${prefix}, ${year}, 1)
    on conflict (prefix, year) do update set last = number_counter.last + 1 returning last`;
  return `${prefix}-${year}-${String(row?.last ?? 1).padStart(4, '0')}`;
}
