/** The routes that belong to no platform: health, figures, the ledger's export, and files for those who may see them. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Hono } from 'hono';

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

export interface OwnRoutes {
  adminToken: string | undefined;
  health(): Promise<Health>;
  metrics: { text(): Promise<string>; contentType: string };
  ledger(): AsyncIterable<string>;
  /** undefined: nobody's, or not theirs */
  file(id: string, person: string): Promise<Offered | undefined>;
  /** iCalendar text; undefined: nobody's, or not its secret */
  calendar(who: string, secret: string): Promise<string | undefined>;
  linkKey: string;
  clock: () => Date;
}

const LINK_MS = 10 * 60_000;

export function addOwnRoutes(app: Hono, own: OwnRoutes): void {
  app.get('/healthz', async (c) => {
    const health = await own.health();
    return c.json(health, health.ok ? 200 : 503);
  });
  app.get('/metrics', async (c) => {
    if (!isAdmin(own.adminToken, c.req.header('authorization'))) return c.notFound();
    return c.body(await own.metrics.text(), 200, { 'content-type': own.metrics.contentType });
  });
  app.get('/audit.ndjson', (c) => {
    if (!isAdmin(own.adminToken, c.req.header('authorization'))) return c.notFound();
    const stream = Readable.toWeb(Readable.from(lines(own.ledger()))) as ReadableStream;
    return c.body(stream, 200, { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' });
  });
  app.get('/files/:id', async (c) => {
    const id = c.req.param('id');
    const { p = '', e = '', s = '' } = c.req.query();
    if (!isLink(own, id, p, e, s)) return c.notFound();
    const file = await own.file(id, p);
    if (!file) return c.notFound();
    return c.body(Readable.toWeb(file.stream) as ReadableStream, 200, {
      'content-type': file.mime,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
    });
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

/** A link for one person, for ten minutes: whoever cannot see what the file belongs to has none. */
export function fileLink(
  own: { linkKey: string; publicUrl: string; clock: () => Date },
  id: string,
  person: string,
): string {
  const expires = String(own.clock().getTime() + LINK_MS);
  const query = new URLSearchParams({ p: person, e: expires, s: sign(own.linkKey, id, person, expires) });
  return `${own.publicUrl}/files/${id}?${query}`;
}

function isLink(own: OwnRoutes, id: string, person: string, expires: string, signature: string): boolean {
  if (!/^\d{1,15}$/.test(expires) || Number(expires) < own.clock().getTime()) return false;
  return sameText(signature, sign(own.linkKey, id, person, expires));
}
