/** What stands beside a crisis in other nouns' books, for its card: the requests that its freeze holds, and its statements by state. */
import { statementsOf } from '../statements/listing.ts';
import type { Held } from './reading.ts';
import type { Reader } from './store.ts';

export async function heldBy(sql: Reader, crisis: string): Promise<Held[]> {
  return sql<Held[]>`
    select number, requester, coalesce(base_amount, 0)::text as base from request
    where held = ${crisis} and state in ('open', 'returned') order by number limit 200`;
}

export async function statementCounts(sql: Reader, crisis: string): Promise<{ state: string; count: number }[]> {
  const counts = new Map<string, number>();
  for (const { state } of await statementsOf(sql, crisis)) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => ({ state, count }));
}
