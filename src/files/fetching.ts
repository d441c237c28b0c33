/** Files that people sent are fetched in the background: streamed to the vault, hashed, and said to be kept or refused. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { type ChatAdapter, DeliveryError, type Platform } from '../core/chat.ts';
import type { Database } from '../core/intake.ts';
import type { Command, JsonObject } from '../core/message.ts';
import { keepFile, VaultRefusal } from '../core/vault.ts';
import { type FileOwner, withEnding } from './model.ts';
import { type FileRow, fileById } from './store.ts';

export interface Fetching {
  sql: Database;
  adapters: ReadonlyMap<Platform, ChatAdapter>;
  folder: string;
  clock: () => Date;
  log: Logger;
  put(ids: string[]): Promise<void>;
  /** whose command it is that a file is kept or refused */
  ownerOf(subject: string): Pick<FileOwner, 'module'>;
  /** a failure that only an administrator can mend */
  alarm(file: FileRow, error: DeliveryError): Promise<void>;
  /** the road, with the clock as its actor */
  carryOut(command: Command): Promise<void>;
}

export const FILES = 'files';
const HANDED_MS = 120_000;
/** As long as a platform may be away before its messages are given up too. */
const GIVE_UP_MS = 24 * 3_600_000;

export async function handOutFiles({ sql, clock, put }: Fetching): Promise<number> {
  const now = clock();
  const rows = await sql<{ id: string }[]>`
    update attachment set handed_until = ${new Date(now.getTime() + HANDED_MS)}
    where id = any(array(
      select id from attachment where state = 'fetching' and (next_at is null or next_at <= ${now})
        and (handed_until is null or handed_until <= ${now}) order by at limit 50 for update skip locked))
    returning id`;
  if (rows.length > 0) await put(rows.map((row) => row.id));
  return rows.length;
}

/** A process died, and what it was fetching is fetched by another; whoever else is at it does no harm by it. */
export async function fetchedAnew(sql: Database, now: Date): Promise<void> {
  await sql`update attachment set handed_until = null where state = 'fetching' and handed_until > ${now}`;
}

/** Never throws. A file fetched twice is kept once: it is named by its own hash. */
export async function fetchFile(deps: Fetching, id: string): Promise<void> {
  const file = await fileById(deps.sql, id).catch(() => undefined);
  if (file?.state !== 'fetching') return;
  try {
    const adapter = deps.adapters.get(file.platform as Platform);
    if (!adapter) return await tryLater(deps, file, 'platform off');
    const { stream, mime } = await adapter.fetchFile(file.ref);
    const kept = await keepFile(stream, { dir: deps.folder, name: file.original, ...(mime ? { mime } : {}) });
    const name = withEnding(file.name, kept.ext);
    const args = { id, name, sha256: kept.sha256, size: kept.size, mime: kept.mime };
    await deps.carryOut(commandAbout(file, 'file-kept', args, deps));
  } catch (error) {
    await failed(deps, file, error);
  }
}

async function failed(deps: Fetching, file: FileRow, error: unknown): Promise<void> {
  const reference = randomUUID().slice(0, 8);
  deps.log.warn({ err: error, file: file.id, reference }, 'a file could not be fetched');
  const final =
    error instanceof VaultRefusal
      ? error.code
      : isFinal(error) || deps.clock().getTime() - file.at.getTime() > GIVE_UP_MS
        ? 'unreachable'
        : undefined;
  if (error instanceof DeliveryError && error.problem === 'credentials') await deps.alarm(file, error);
  if (final === undefined) return tryLater(deps, file, 'failed');
  const args = { id: file.id, name: file.original, why: final, by: file.by, platform: file.platform };
  await deps.carryOut(commandAbout(file, 'file-refused', args, deps)).catch(() => {});
}

function commandAbout({ subject }: FileRow, act: string, args: JsonObject, { ownerOf }: Fetching): Command {
  return { name: `${ownerOf(subject).module}.${act}`, subject, args };
}

function isFinal(error: unknown): boolean {
  return error instanceof DeliveryError && (error.problem === 'gone' || error.problem === 'rejected');
}

async function tryLater({ sql, clock }: Fetching, file: FileRow, _why: string): Promise<void> {
  const wait = Math.min(600_000, 2000 * 2 ** Math.min(file.attempts, 9));
  await sql`
    update attachment set attempts = attempts + 1, handed_until = null, next_at = ${new Date(clock().getTime() + wait)} where id = ${file.id}`;
}
