/** The page's own files, read once: plain HTML, CSS and JavaScript, nothing built and nothing from elsewhere. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Context } from 'hono';
import { deskWords } from '../../src/words/desk.ts';

const FOLDER = new URL('./page/', import.meta.url);
const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Nothing inline, nothing foreign, no frames; and no string may become markup at all (Trusted Types), which makes
 * "people's words only as text" a rule of the browser: https://developer.mozilla.org/en-US/docs/Web/API/Trusted_Types_API
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

export const SAFE_HEADERS: Record<string, string> = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // our own requests say where they come from, so that the guard can tell; links to elsewhere say nothing
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
};

export interface Page {
  html: string;
  /** @returns 404 for a name that is not one of ours */
  file(c: Context, name: string): Response | Promise<Response>;
}

export function readPage(): Page {
  const files = new Map(
    readdirSync(FOLDER)
      .filter((name) => TYPES[extname(name)] !== undefined)
      .map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8')]),
  );
  return {
    html: fillIn(readFileSync(new URL('desk.html', FOLDER), 'utf8')),
    file(c, name) {
      const text = files.get(name);
      if (text === undefined) return c.notFound();
      const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 20)}"`;
      // asked every time, sent only when changed: an upgrade must not leave half an old page behind
      c.header('Cache-Control', 'no-cache');
      c.header('ETag', etag);
      if (c.req.header('if-none-match') === etag) return c.body(null, 304);
      return c.body(text, 200, { 'Content-Type': TYPES[extname(name)] ?? '' });
    },
  };
}

/** Before anybody is known the page speaks the product's first language; our own words hold no markup. */
function fillIn(html: string): string {
  const known: Record<string, unknown> = {
    ...deskWords('zh'),
    noScript: `${deskWords('zh').noScript} ${deskWords('en').noScript}`,
  };
  return html.replace(/\{\{(\w+)\}\}/g, (_whole, key: string) => String(known[key]));
}
