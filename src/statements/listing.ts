/** Statements as other modules list them: those of a crisis, on its card and in what is made from it afterwards. */
import type { Statement } from './model.ts';
import type { Reader } from './store.ts';

/** In the order in which they were drafted. */
export async function statementsOf(sql: Reader, crisis: string): Promise<Statement[]> {
  const rows = await sql<{ body: Statement }[]>`
    select body from statement where crisis = ${crisis} order by number limit 100`;
  return rows.map((row) => row.body);
}
