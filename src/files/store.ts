/** How files are kept in the books: a row a file, numbered within its subject; what it holds lies in the vault under its hash. */
import type { Database } from '../core/intake.ts';
import type { Command, Event } from '../core/message.ts';
import type { Moment, Tx } from '../core/module.ts';
import type { World } from '../processes/model.ts';
import { FileArgs, type FileEvent, type FileFacts, isFileEvent } from './model.ts';

type Reader = Database | Tx;

export interface FileRow {
  id: string;
  subject: string;
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

export async function fileCount(sql: Reader, subject: string): Promise<number> {
  const [row] = await sql<
    { count: number }[]
  >`select count(*)::int as count from attachment where subject = ${subject}`;
  return row?.count ?? 0;
}

export function filesOf(sql: Reader, subjects: string[]): Promise<FileRow[]> {
  if (subjects.length === 0) return Promise.resolve([]);
  return sql<FileRow[]>`
    select id, subject, "by", platform, ref, name, original, state, mime, sha256, attempts, at from attachment
    where subject in ${sql(subjects)} order by subject, position`;
}

export async function fileById(sql: Reader, id: string): Promise<FileRow | undefined> {
  const [row] = await sql<FileRow[]>`
    select id, subject, "by", platform, ref, name, original, state, mime, sha256, attempts, at from attachment where id = ${id}`;
  return row;
}

/** Under the subject's lock. undefined: the command is about something else. */
export async function gatherFiles(tx: Tx, subject: string, { name, args }: Command): Promise<FileFacts | undefined> {
  const act = name.slice(name.indexOf('.') + 1);
  if (act === 'attach') return { files: await fileCount(tx, subject) };
  if (act !== 'file-kept' && act !== 'file-refused') return undefined;
  const fetched = FileArgs[act].safeParse(args);
  return fetched.success ? { awaited: (await fileById(tx, fetched.data.id))?.state === 'fetching' } : {};
}

/** Takes from a noun's events what is about files; all sent at once, in their order. */
export async function saveFiles(
  tx: Tx,
  subject: string,
  events: readonly Event[],
  moment: Moment<World>,
): Promise<void> {
  await Promise.all(events.filter(isFileEvent).map((event) => saveFile(tx, subject, event, moment)));
}

async function saveFile(tx: Tx, subject: string, event: FileEvent, { actor, at }: Moment<World>): Promise<void> {
  switch (event.type) {
    case 'file-attached': {
      if (actor.kind !== 'person') return;
      const { id, name, original, position, ref } = event.data;
      const { platform, id: by } = actor;
      await tx`
        insert into attachment ${tx({ id, subject, position, by, platform, ref: tx.json(ref), name, original, state: 'fetching', at })}`;
      return;
    }
    case 'file-kept': {
      const { id, name, sha256, size, mime } = event.data;
      await tx`update attachment set state = 'kept', name = ${name}, sha256 = ${sha256}, size = ${size}, mime = ${mime} where id = ${id}`;
      return;
    }
    case 'file-refused':
      await tx`update attachment set state = 'refused' where id = ${event.data.id}`;
      return;
    default:
      event satisfies never;
  }
}
