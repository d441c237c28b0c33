/** Many requests made from one that came by the real road: the same rows with other numbers, all waiting for the same signature. */
import type { Sql } from 'postgres';

/** Numbers `SP-2027-<from>` … ; `from` has five digits or more. Each card stands in the chats already, under `<channel>/<number>`. */
export async function cloneRequests(sql: Sql, pattern: string, from: number, count: number): Promise<void> {
  const to = from + count - 1;
  const numbered = sql`generate_series(${from}::int, ${to}::int) n`;
  const other = (column: string) => sql`replace(${sql(column)}, ${pattern}, 'SP-2027-' || n)`;
  await sql.begin(async (tx) => {
    await tx`
      insert into request select r.* from ${numbered}, request o,
        jsonb_populate_record(o, jsonb_build_object('number', 'SP-2027-' || n)) r where o.number = ${pattern}`;
    await tx`
      insert into step select r.* from ${numbered}, step o,
        jsonb_populate_record(o, jsonb_build_object('request', 'SP-2027-' || n)) r where o.request = ${pattern}`;
    await tx`
      insert into ledger (subject, "type", "by", "at", data)
      select 'SP-2027-' || n, "type", "by", "at", ${other('data')} from ${numbered}, ledger where subject = ${pattern}
      order by n, ledger.seq`;
    await tx`
      insert into timer select r.* from ${numbered}, timer o, jsonb_populate_record(o, jsonb_build_object('id', gen_random_uuid(),
        'subject', 'SP-2027-' || n, 'key', ${other('key')}, 'due_at', o.due_at + interval '2 years')) r where o.subject = ${pattern}`;
    await tx`
      insert into message select r.* from ${numbered}, message o, jsonb_populate_record(o, jsonb_build_object('id', gen_random_uuid(),
        'intent', gen_random_uuid(), 'subject', 'SP-2027-' || n, 'key', ${other('key')}, 'shown', o.wanted, 'ref_channel', o.address,
        'ref_message', n || '.000100', 'next_at', null, 'handed_until', null, 'claimed_until', null)) r
      where o.subject = ${pattern} and o.kind = 'card'`;
  }); // as autovacuum does in time; without it the plans are for empty tables
  await sql`analyze`;
}
