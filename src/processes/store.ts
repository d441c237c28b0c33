/** Versions of processes (W2): a text that was once in force keeps its number, so that what was submitted under it can be judged by it. */
import { createHash } from 'node:crypto';
import type { Sql } from 'postgres';
import { type PinnedProcess, Process } from './model.ts';

type Reader = Sql<{ bigint: bigint }>;

/** Gives each process in force its version: that of the same text, or the next one. Safe with many processes starting at once. */
export async function pinProcesses(sql: Reader, processes: Process[], at: Date): Promise<PinnedProcess[]> {
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended('countersign: versions of processes', 0))`;
    const pinned: PinnedProcess[] = [];
    for (const process of processes) {
      const definition = JSON.stringify(process);
      const hash = createHash('sha256').update(definition).digest('hex');
      const [row] = await tx<{ version: number }[]>`
        insert into process_version (process, version, hash, definition, at)
        select ${process.id}, coalesce(max(version), 0) + 1, ${hash}, ${definition}::text::jsonb, ${at}
        from process_version where process = ${process.id}
        on conflict (process, hash) do update set hash = excluded.hash returning version`;
      pinned.push({ version: row?.version ?? 1, process });
    }
    return pinned;
  });
}

/** Every version ever asked for, read once: a version never changes. */
export function createVersions(sql: Reader) {
  const known = new Map<string, Promise<Process | undefined>>();
  return (process: string, version: number): Promise<Process | undefined> => {
    const key = `${process}|${version}`;
    const found = known.get(key) ?? read(sql, process, version);
    known.set(key, found);
    found.then((one) => one ?? known.delete(key)).catch(() => known.delete(key));
    return found;
  };
}

async function read(sql: Reader, process: string, version: number): Promise<Process | undefined> {
  const [row] = await sql<{ definition: unknown }[]>`
    select definition from process_version where process = ${process} and version = ${version}`;
  return row && Process.parse(row.definition);
}
