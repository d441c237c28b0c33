/**
 * Where attachments are kept: each once, named by its own SHA-256. Whatever comes in is a stranger's file: its size is watched while it flows,
 * its kind is believed only where name and content agree, and only kinds that cannot run in a browser are taken.
 */
import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FILE_KINDS, type FileKind, HEAD_BYTES, kindOf, lists, TAIL_BYTES } from './file-kinds.ts';
import { asFileName } from './text.ts';

export const MAX_FILE_BYTES = 20 * 1024 * 1024;
const PATIENCE_MS = 5 * 60_000;
const SHA256 = /^[0-9a-f]{64}$/;

export type VaultCode =
  | 'too-large'
  /** a kind that is not kept, or a content that is not what the name says */
  | 'not-allowed'
  | 'empty';

/** The file itself is not wanted: asking for it again would change nothing. Every other error is worth another try. */
export class VaultRefusal extends Error {
  readonly code: VaultCode;
  constructor(code: VaultCode, detail: string) {
    super(`file refused, ${code}: ${detail}`);
    this.name = 'VaultRefusal';
    this.code = code;
  }
}

export interface KeepOptions {
  dir: string;
  /** as the sender calls it; its ending is what counts */
  name: string;
  /** as the platform calls it; asked only where the name has no ending */
  mime?: string;
  maxBytes?: number;
  allow?: readonly FileKind[];
  /** gives up a stream that stalls; by itself after five minutes */
  signal?: AbortSignal;
}

export interface Kept {
  sha256: string;
  size: number;
  /** ours, by the kind that was recognised; never the sender's word */
  mime: string;
  ext: string;
  /** inside `dir` */
  path: string;
}

/**
 * When this returns, the file is on disk under its hash, whole. The stream is always used up or destroyed.
 * @throws VaultRefusal, or the stream's or the disk's own error
 */
export async function keepFile(stream: Readable, options: KeepOptions): Promise<Kept> {
  const kind = kindOf(options.name, options.mime, options.allow ?? FILE_KINDS);
  if (kind === undefined) {
    stream.destroy();
    throw new VaultRefusal('not-allowed', 'its kind is not kept');
  }
  const incoming = join(options.dir, 'incoming');
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  const temporary = join(incoming, randomUUID());
  try {
    const seen = await receive(stream, temporary, kind, options);
    return { ...(await settle(options.dir, temporary, seen)), mime: kind.mime, ext: kind.ext };
  } finally {
    await rm(temporary, { force: true });
  }
}

interface Seen {
  sha256: string;
  size: number;
}

async function receive(stream: Readable, path: string, kind: FileKind, options: KeepOptions): Promise<Seen> {
  const gate = new Gate(kind, options.maxBytes ?? MAX_FILE_BYTES);
  const file = await open(path, 'wx', 0o600);
  await pipeline(
    stream,
    async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) yield gate.pass(Buffer.from(chunk));
      gate.end();
    },
    // flush: on disk before it gets its name, so that a name never stands for half a file
    file.createWriteStream({ flush: true }),
    { signal: options.signal ?? AbortSignal.timeout(PATIENCE_MS) },
  );
  const seen = gate.seen();
  if (!lists(kind, await endOf(path, seen.size))) throw new VaultRefusal('not-allowed', 'it is not what its name says');
  return seen;
}

async function endOf(path: string, size: number): Promise<Buffer> {
  const start = Math.max(0, size - TAIL_BYTES);
  const file = await open(path, 'r');
  const { bytesRead, buffer } = await file
    .read(Buffer.alloc(size - start), 0, size - start, start)
    .finally(() => file.close());
  return buffer.subarray(0, bytesRead);
}

/** Looks at everything that flows through and stops it at the first reason. */
class Gate {
  readonly #kind: FileKind;
  readonly #limit: number;
  readonly #hash: Hash = createHash('sha256');
  #size = 0;
  #head = Buffer.alloc(0);
  #recognised = false;

  constructor(kind: FileKind, limit: number) {
    this.#kind = kind;
    this.#limit = limit;
  }

  pass(chunk: Buffer): Buffer {
    this.#size += chunk.length;
    if (this.#size > this.#limit) throw new VaultRefusal('too-large', `more than ${this.#limit} bytes`);
    if (!this.#recognised) this.#head = Buffer.concat([this.#head, chunk.subarray(0, HEAD_BYTES)]);
    if (this.#head.length >= HEAD_BYTES) this.#recognise();
    if (this.#kind.text && holdsControls(chunk)) throw new VaultRefusal('not-allowed', 'it is no text');
    this.#hash.update(chunk);
    return chunk;
  }

  end(): void {
    if (this.#size === 0) throw new VaultRefusal('empty', 'it has no content');
    this.#recognise();
  }

  /** As soon as the beginning is there: nobody sends 20 MB to hear that the first four were wrong. */
  #recognise(): void {
    if (this.#recognised) return;
    this.#recognised = true;
    if (!this.#kind.begins(this.#head)) throw new VaultRefusal('not-allowed', 'it does not begin as its name says');
  }

  seen(): Seen {
    return { sha256: this.#hash.digest('hex'), size: this.#size };
  }
}

/** Tab, line feed, form feed and carriage return are all that text needs of the first 32. */
function holdsControls(chunk: Buffer): boolean {
  return chunk.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d);
}

/** The same content has the same name: a second copy is dropped; two at once put the same bytes in place one after the other. */
async function settle(dir: string, temporary: string, { sha256, size }: Seen): Promise<Seen & { path: string }> {
  const shelf = sha256.slice(0, 2);
  const path = join(shelf, sha256);
  const known = await stat(join(dir, path)).catch(() => undefined);
  if (known?.size !== size) {
    await mkdir(join(dir, shelf), { recursive: true, mode: 0o700 });
    await rename(temporary, join(dir, path));
    await sync(join(dir, shelf));
    await sync(dir);
  }
  return { sha256, size, path };
}

/** A new name is safe only when its folder is on disk too. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** The stream fails with ENOENT where nothing is kept under this hash. */
export function readVault(dir: string, sha256: string): Readable {
  if (!SHA256.test(sha256)) throw new Error('a kept file is named by its SHA-256');
  return createReadStream(join(dir, sha256.slice(0, 2), sha256));
}

/** A process that was killed left what it was receiving; nobody will finish it. Returns how many were removed. */
export async function sweepIncoming(dir: string, before: Date): Promise<number> {
  const incoming = join(dir, 'incoming');
  const names = await readdir(incoming).catch(() => []);
  let removed = 0;
  for (const name of names) {
    const found = await stat(join(incoming, name)).catch(() => undefined);
    if (found === undefined || found.mtime >= before) continue;
    await rm(join(incoming, name), { force: true });
    removed += 1;
  }
  return removed;
}

interface Document {
  project: string;
  date: string;
  version: number;
}

/** Rule G6, project-date-version, of what stands alone on its day (minutes): `部门周会-20261123-01V1`. */
export function documentName(document: Document): string {
  return numbered(document, 1);
}

/** One of several files: `春季促销-20261121-02V1.pdf`. `number` counts the files of one thing, `version` those of one document. */
export function fileName(file: Document & { number: number; ext: string }): string {
  const ext = file.ext
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 8);
  const name = numbered(file, file.number);
  return ext === '' ? name : `${name}.${ext}`;
}

/** At most 255 bytes with its ending, as file systems take them. */
function numbered({ project, date, version }: Document, number: number): string {
  const name = asFileName(Array.from(project).slice(0, 40).join(''));
  return `${name}-${date.replaceAll('-', '')}-${String(number).padStart(2, '0')}V${version}`;
}
