/** The routes that belong to no platform: health, figures, the ledger's export, and files and debriefs for those who may see them. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { ReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Context, Hono } from 'hono';

export interface Health {
  ok: boolean;
  missing: string[];
  platforms: Record<string, string>;
}

export interface Offered {
  stream: Readable;
  name: string;
  mime: string;
}

/** Made when it is asked for: from what is recorded at that moment. */
export interface Paper {
  content: string | Buffer;
  name: string;
  mime: string;
}

const PAPERS = ['pdf', 'md'] as const;
export type PaperFormat = (typeof PAPERS)[number];

export interface OwnRoutes {
  adminToken: string | undefined;
  health(): Promise<Health>;
  metrics: { text(ready: () => Promise<boolean>): Promise<string>; contentType: string };
  ledger(): AsyncIterable<string>;
  /** undefined: nobody's, or not theirs */
  file(id: string, person: string): Promise<Offered | undefined>;
  /** undefined: no such crisis, or not theirs */
  debrief(number: string, format: PaperFormat, person: string): Promise<Paper | undefined>;
  /** iCalendar text; undefined: nobody's, or not its secret */
  calendar(who: string, secret: string): Promise<string | undefined>;
  linkKey: string;
  clock: () => Date;
}

const LINK_MS = 10 * 60_000;

export function addOwnRoutes(app: Hono, own: OwnRoutes): void {
  const health = together(own.health);
  app.get('/healthz', async (c) => {
    const found = await health();
    return c.json(found, found.ok ? 200 : 503);
  });
  app.get('/metrics', async (c) => {
    if (!isAdmin(own.adminToken, c.req.header('authorization'))) return c.notFound();
    return c.body(await own.metrics.text(async () => (await health()).ok), 200, {
      'content-type': own.metrics.contentType,
    });
  });
  app.get('/audit.ndjson', (c) => {
    if (!isAdmin(own.adminToken, c.req.header('authorization'))) return c.notFound();
    const entries = () => Readable.toWeb(Readable.from(lines(own.ledger()))) as ReadableStream;
    const headers = { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' };
    return isHead(c) ? c.body(null, 200, headers) : c.body(entries(), 200, headers);
  });
  app.get('/files/:id', async (c) => {
    const id = c.req.param('id');
    const { p = '', e = '', s = '' } = c.req.query();
    if (!isLink(own, id, p, e, s)) return c.notFound();
    const file = await own.file(id, p);
    if (!file) return c.notFound();
    await opened(file.stream);
    // nobody would read it to its end, and it would stay open: https://hono.dev/docs/api/routing (HEAD is answered by GET's handler)
    if (isHead(c)) {
      file.stream.destroy();
      return c.body(null, 200, guarded(file));
    }
    return c.body(Readable.toWeb(file.stream) as ReadableStream, 200, guarded(file));
  });
  app.get('/debrief/:file{[A-Z]+-[0-9]+-[0-9]+\\.[a-z]+}', async (c) => {
    const file = c.req.param('file');
    const { p = '', e = '', s = '' } = c.req.query();
    if (!isLink(own, debriefId(file), p, e, s)) return c.notFound();
    const [number = '', ending] = file.split('.');
    const format = PAPERS.find((one) => one === ending);
    const paper = format && (await own.debrief(number, format, p));
    if (!paper) return c.notFound();
    return c.body(
      typeof paper.content === 'string' ? paper.content : new Uint8Array(paper.content),
      200,
      guarded(paper),
    );
  });
  app.get('/calendar/:who/:secret{[A-Za-z0-9_-]+\\.ics}', async (c) => {
    const { who, secret } = c.req.param();
    const text = await own.calendar(who, secret.slice(0, -'.ics'.length));
    if (text === undefined) return c.notFound();
    const etag = tagOf(text);
    const caching = { etag, 'cache-control': 'private, max-age=300' };
    if (c.req.header('if-none-match')?.includes(etag)) return c.body(null, 304, caching);
    return c.body(text, 200, {
      ...caching,
      'content-type': 'text/calendar; charset=utf-8',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
    });
  });
  app.notFound((c) => c.text('There is nothing here.\n', 404));
}

/** However many ask at once, it is asked once: a flood of questions is one question to the database. */
function together<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask().finally(() => {
      asked = undefined;
    });
    return asked;
  };
}

const isHead = (c: Context): boolean => c.req.method === 'HEAD';

/**
 * Before anything is answered: of a file that is gone, a stream that has begun would tell the reader where it stood.
 * @throws Error when it cannot be read
 */
async function opened(stream: Readable): Promise<void> {
  if (stream instanceof ReadStream && stream.pending) await once(stream, 'open');
}

/** It is saved, not shown: whatever somebody has put into it does nothing in our name. */
const guarded = ({ name, mime }: { name: string; mime: string }) => ({
  'content-type': mime,
  'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cache-control': 'private, no-store',
  'referrer-policy': 'no-referrer',
});

/** Phones ask every hour: by what stands in a calendar, whenever it was written (https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2). */
function tagOf(calendar: string): string {
  const said = calendar.replace(/^(?:DTSTAMP|LAST-MODIFIED):.*\r\n/gm, '');
  return `W/"${createHash('sha256').update(said).digest('base64url').slice(0, 22)}"`;
}

async function* lines(ledger: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let chunk = '';
  for await (const line of ledger) {
    chunk += line.endsWith('\n') ? line : `${line}\n`;
    if (chunk.length > 64_000) {
      yield Buffer.from(chunk);
      chunk = '';
    }
  }
  if (chunk !== '') yield Buffer.from(chunk);
}

function isAdmin(token: string | undefined, header: string | undefined): boolean {
  const given = /^Bearer (.+)$/i.exec(header ?? '')?.[1];
  return token !== undefined && given !== undefined && sameText(given, token);
}

/** In constant time, whatever the lengths. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

const sign = (key: string, id: string, person: string, expires: string): string =>
  createHmac('sha256', key).update(`${id}\n${person}\n${expires}`).digest('base64url');

interface Linking {
  linkKey: string;
  publicUrl: string;
  clock: () => Date;
}

/** A link for one person, for ten minutes: whoever cannot see what the file belongs to has none. */
export function fileLink(own: Linking, id: string, person: string): string {
  return `${own.publicUrl}/files/${id}?${signed(own, id, person)}`;
}

/** The same for the debrief of a crisis. */
export function debriefLink(own: Linking, number: string, format: PaperFormat, person: string): string {
  const file = `${number}.${format}`;
  return `${own.publicUrl}/debrief/${file}?${signed(own, debriefId(file), person)}`;
}

/** No file has such an id. */
const debriefId = (file: string): string => `debrief/${file}`;

function signed({ linkKey, clock }: Linking, id: string, person: string): URLSearchParams {
  const expires = String(clock().getTime() + LINK_MS);
  return new URLSearchParams({ p: person, e: expires, s: sign(linkKey, id, person, expires) });
}

function isLink(own: OwnRoutes, id: string, person: string, expires: string, signature: string): boolean {
  if (!/^\d{1,15}$/.test(expires) || Number(expires) < own.clock().getTime()) return false;
  return sameText(signature, sign(own.linkKey, id, person, expires));
}
