/**
 * Files that people send, whatever they belong to: what they are called (G6), what can be asked of them and what can happen to them. A noun
 * that takes files has these commands and events beside its own, under its own name, and says itself who may attach and who may see.
 */
import { z } from 'zod';
import { localDate } from '../core/calendar.ts';
import type { Database } from '../core/intake.ts';
import { type Decision, type Event, refuse } from '../core/message.ts';
import type { Moment, Tx } from '../core/module.ts';
import { fileName } from '../core/vault.ts';
import type { World } from '../processes/model.ts';

/** A file as the platform announced it; what it holds is fetched later. */
export const SentFile = z.object({
  id: z.uuid(),
  original: z.string().max(300),
  ref: z.record(z.string(), z.string()),
});
export type SentFile = z.infer<typeof SentFile>;

/** The shapes of the commands' arguments. Only the clock keeps and refuses: whoever decides turns people away from these two. */
export const FileArgs = {
  attach: z.object({ files: z.array(SentFile).min(1) }),
  'file-kept': z.object({ id: z.string(), name: z.string(), sha256: z.string(), size: z.int(), mime: z.string() }),
  'file-refused': z.object({ id: z.string(), name: z.string(), why: z.string(), by: z.string(), platform: z.string() }),
} as const;

export type FileEvent =
  | {
      type: 'file-attached';
      data: { id: string; name: string; original: string; position: number; ref: Record<string, string> };
    }
  | { type: 'file-kept'; data: z.infer<(typeof FileArgs)['file-kept']> }
  | { type: 'file-refused'; data: z.infer<(typeof FileArgs)['file-refused']> };

const FILE_EVENTS: ReadonlySet<string> = new Set<FileEvent['type']>(['file-attached', 'file-kept', 'file-refused']);

export function isFileEvent(event: Event): event is FileEvent {
  return FILE_EVENTS.has(event.type);
}

/** What a decision about files is made upon. */
export interface FileFacts {
  /** how many the subject has already */
  files?: number;
  /** of a file that was fetched: is it still waited for? */
  awaited?: boolean;
}

/** The noun whose number a subject is: it takes the commands about the subject's files. */
export interface FileOwner {
  /** its name on the road */
  module: string;
  maySee(sql: Database | Tx, subject: string, person: string, world: World): Promise<boolean>;
}

const MOST_FILES = 20;

/** What files join: what they are named after, the version of its content, and how many it has already. */
export interface Joined {
  project: string;
  version: number;
  files: number;
}

/** All of them, or none where there is no room for all. */
export function attach(to: Joined, sent: SentFile[], moment: Moment<World>): Decision<FileEvent> {
  if (to.files + sent.length > MOST_FILES) return refuse('too-many-files', { most: MOST_FILES });
  return { events: sent.map((file, index) => attached(to, file, to.files + index + 1, moment)) };
}

/** With the form of what they belong to, which is not refused for their number: those that fit; who sent the others is told. */
export function attachWhatFits(
  to: Joined,
  sent: SentFile[],
  moment: Moment<World>,
  sender: { by: string; platform: string },
): FileEvent[] {
  const room = Math.max(0, MOST_FILES - to.files);
  return sent.map(({ id, original, ref }, index) =>
    index < room
      ? attached(to, { id, original, ref }, to.files + index + 1, moment)
      : { type: 'file-refused', data: { id, name: original, why: 'too-many', ...sender } },
  );
}

function attached(to: Joined, file: SentFile, position: number, moment: Moment<World>): FileEvent {
  const date = localDate(moment.at, moment.world.directory.company.timezone);
  const name = attachmentName({ ...to, date, position, original: file.original });
  return { type: 'file-attached', data: { ...file, name, position } };
}

/** What became of a file is said once, however often it was fetched. */
export function settled(event: FileEvent, { awaited }: FileFacts): Decision<FileEvent> {
  return awaited ? { events: [event] } : refuse('nothing-to-do');
}

/** The position is the file's among those of its subject. */
export function attachmentName(file: {
  project: string;
  date: string;
  position: number;
  version: number;
  original: string;
}): string {
  const { project, date, position, version, original } = file;
  return fileName({ project, date, number: position, version, ext: ENDING.exec(original)?.[1] ?? '' });
}

const ENDING = /\.([A-Za-z0-9]{1,8})$/;

/** A photo from a phone comes without an ending: once it is here, it gets that of what it is. */
export function withEnding(name: string, ext: string): string {
  return ENDING.test(name) ? name : `${name}.${ext}`;
}
