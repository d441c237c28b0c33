/** Files on their way to the product: streamed into a folder, never held in memory, fetched by the name we gave them. */
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { DeliveryError } from '../../src/core/chat.ts';
import type { DeskFile } from './message.ts';

export const LARGEST_FILE = 20 * 1024 * 1024;
/** What nobody fetched within a week (a form that was never sent) is removed at the next start. */
const KEPT_MS = 7 * 24 * 3_600_000;
const OUR_NAME = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface Uploads {
  keep(
    file: { name: string; mime: string },
    body: ReadableStream<Uint8Array>,
  ): Promise<DeskFile | 'too-large' | 'empty'>;
  /** @throws DeliveryError */
  fetch(ref: Record<string, string>): Promise<{ stream: Readable; mime: string | undefined }>;
  sweep(now: Date): Promise<void>;
}

export function createUploads(folder: string, largest = LARGEST_FILE): Uploads {
  return {
    async keep(file, body) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const id = randomUUID();
      const size = await write(join(folder, id), body, largest);
      return typeof size === 'string' ? size : { id, name: file.name, mime: file.mime, size };
    },
    async fetch(ref) {
      const name = ref.file ?? '';
      // the reference comes back from outside: only names that we gave, nothing that climbs out of the folder
      if (!OUR_NAME.test(name)) throw new DeliveryError('desk', 'rejected', 'not-our-file');
      return { stream: await openFile(join(folder, name)), mime: ref.mime || undefined };
    },
    async sweep(now) {
      const names = await readdir(folder).catch(() => []);
      for (const name of names.filter((each) => OUR_NAME.test(each))) {
        const kept = await stat(join(folder, name)).catch(() => undefined);
        if (kept && now.getTime() - kept.mtimeMs > KEPT_MS) await rm(join(folder, name), { force: true });
      }
    },
  };
}

class TooLarge extends Error {}

async function write(path: string, body: ReadableStream<Uint8Array>, largest: number) {
  let size = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      done(size > largest ? new TooLarge() : null, chunk);
    },
  });
  try {
    await pipeline(Readable.fromWeb(body), count, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  } catch (cause) {
    await rm(path, { force: true });
    if (cause instanceof TooLarge) return 'too-large';
    throw cause;
  }
  if (size > 0) return size;
  await rm(path, { force: true });
  return 'empty';
}

/** Opened before it is handed out: a missing file is an answer, not an error in the middle of a stream. */
async function openFile(path: string): Promise<Readable> {
  try {
    const handle = await open(path);
    return createReadStream('', { fd: handle });
  } catch (cause) {
    throw new DeliveryError('desk', 'gone', 'file-missing', { cause });
  }
}
