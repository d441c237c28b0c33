/** Slack over HTTP: one route, raw bytes first, nothing parsed before the signature has been checked. */
import type { Context, Hono } from 'hono';
import type { Logger } from 'pino';
import type { Watch } from '../../src/core/chat.ts';
import type { Ack } from './answer.ts';
import { bodyBytes } from './limits.ts';
import type { Inlet } from './listen.ts';
import { type Refused, refuse } from './signature.ts';

const tellAgainAfterMs = 10_000;

export function addRoute(
  app: Hono,
  deps: { signingSecret: string; inlet: Inlet; log: Logger; clock: () => Date; watch?: Watch | undefined },
): void {
  const noteRefusal = refusalLog(deps.log, deps.clock);
  app.post('/slack/events', async (c) => {
    const bytes = await readBody(c.req.raw);
    if (!bytes) return c.text('', 413, { connection: 'close' }); // the rest of it is not read
    const headers = {
      timestamp: c.req.header('x-slack-request-timestamp'),
      signature: c.req.header('x-slack-signature'),
    };
    const refused = refuse(deps.signingSecret, headers, bytes, deps.clock());
    if (refused) {
      deps.watch?.refused(refused);
      noteRefusal(refused);
      return c.text('', 401);
    }
    const body = readPayload(bytes, c.req.header('content-type') ?? '');
    if (!body) return c.text('', 400);
    if (body.type === 'url_verification') return c.text(typeof body.challenge === 'string' ? body.challenge : '');
    if (body.ssl_check === '1') return c.text('');
    return write(c, await deps.inlet.receive(body));
  });
}

function write(c: Context, ack: Ack): Response {
  return ack === undefined ? c.text('') : c.json(ack);
}

/** undefined: longer than we take. A body cannot be longer than it says; one that does not say is counted as it comes. */
async function readBody(request: Request): Promise<Buffer | undefined> {
  const length = request.headers.get('content-length');
  if (Number(length ?? 0) > bodyBytes) return undefined;
  if (length !== null) return Buffer.from(await request.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > bodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Events come as JSON, commands as a form, everything pressed as JSON in the form's `payload`. */
function readPayload(bytes: Buffer, contentType: string): Record<string, unknown> | undefined {
  const text = bytes.toString('utf8');
  if (contentType.startsWith('application/json')) return readJson(text);
  const form = new URLSearchParams(text);
  const payload = form.get('payload');
  return payload === null ? Object.fromEntries(form) : readJson(payload);
}

function readJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A flood of forgeries must not flood the log: one line in ten seconds, which says how many there were. */
function refusalLog(log: Logger, clock: () => Date): (why: Refused) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return (why) => {
    untold += 1;
    const now = clock().getTime();
    if (now - toldAt < tellAgainAfterMs) return;
    log.warn({ why, requests: untold }, 'slack request refused');
    toldAt = now;
    untold = 0;
  };
}
