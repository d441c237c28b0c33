/** Facts that the installation learns once and keeps: the first to say wins, unless the handbook says otherwise. */
import type { Sql } from 'postgres';

export async function pinned(
  sql: Sql<{ bigint: bigint }>,
  name: string,
  value: string,
  fixed?: string,
): Promise<string> {
  if (fixed !== undefined) return fixed;
  const kept = async () => {
    const [row] = await sql<{ value: string }[]>`
      with put as (insert into setting (name, value) values (${name}, ${value}) on conflict do nothing returning value)
      select value from put union all select value from setting where name = ${name} limit 1`;
    return row?.value;
  };
  // another process was quicker by a hair: waited for, but not yet seen by a statement that had begun before
  return (await kept()) ?? (await kept()) ?? value;
}
