/** Files of a request: owed by the platform where they were sent, fetched in the background, kept by their hash. */
import type { Moment, Tx } from '../core/module.ts';
import type { World } from '../processes/model.ts';
import type { RequestEvent } from './model.ts';
import type { Reader } from './store.ts';

export interface FileRow {
  id: string;
  request: string;
  by: string;
  platform: string;
  ref: Record<string, string>;
  name: string;
  original: string;
  state: 'fetching' | 'kept' | 'refused';
  mime: string | null;
  sha256: string | null;
  attempts: number;
  at: Date;
}

export async function fileCount(sql: Reader, number: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from attachment where request = ${number}`;
  return row?.count ?? 0;
}

export function filesOf(sql: Reader, numbers: string[]): Promise<FileRow[]> {
  if (numbers.length === 0) return Promise.resolve([]);
  return sql<FileRow[]>`
    select id, request, "by", platform, ref, name, original, state, mime, sha256, attempts, at from attachment
    where request in ${sql(numbers)} order by request, position`;
}

export async function fileById(sql: Reader, id: string): Promise<FileRow | undefined> {
  const [row] = await sql<FileRow[]>`
    select id, request, "by", platform, ref, name, original, state, mime, sha256, attempts, at from attachment where id = ${id}`;
  return row;
}

export async function saveFiles(tx: Tx, request: string, events: RequestEvent[], moment: Moment<World>): Promise<void> {
  for (const event of events) {
    if (event.type === 'file-attached' && moment.actor.kind === 'person') {
      const { id, name, original, position, ref } = event.data;
      const { platform, id: by } = moment.actor;
      await tx`
        insert into attachment ${tx({ id, request, position, by, platform, ref: tx.json(ref), name, original, state: 'fetching', at: moment.at })}`;
    }
    if (event.type === 'file-kept') {
      const { id, name, sha256, size, mime } = event.data;
      await tx`update attachment set state = 'kept', name = ${name}, sha256 = ${sha256}, size = ${size}, mime = ${mime} where id = ${id}`;
    }
    if (event.type === 'file-refused') await tx`update attachment set state = 'refused' where id = ${event.data.id}`;
  }
}
