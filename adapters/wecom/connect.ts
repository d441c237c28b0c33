/** The way in: `GET /wecom/events` when the callback's settings are saved, `POST` for each message and event. Raw bytes, our own gate. */
import type { Context, Hono } from 'hono';
import type { Logger } from 'pino';
import type { Watch } from '../../src/core/chat.ts';
import { openCallback, openCheck, type Secrets, type Signed } from './edge.ts';
import { BODY_BYTES } from './limits.ts';
import type { Reception } from './receive.ts';

const ROUTE = '/wecom/events';
/** Whoever sends slower than this is not WeCom, which itself waits 5 s for the answer. */
const BODY_MS = 4000;

export function addRoutes(
  app: Hono,
  deps: {
    secrets: Secrets;
    reception: Reception;
    log: Logger;
    clock: () => Date;
    watch?: Watch | undefined;
    bodyMs?: number | undefined;
  },
): void {
  const { secrets, reception, log, clock } = deps;
  const refusals = createRefusals(log, deps.watch);

  app.get(ROUTE, (c) => {
    const checked = openCheck(c.req.query('echostr'), signedOf(c), secrets, clock());
    if (checked.kind === 'echo') return c.text(checked.text);
    refusals(checked.why);
    return c.body(null, 401);
  });

  app.post(ROUTE, async (c) => {
    const raw = await readBody(c.req.raw, deps.bodyMs ?? BODY_MS);
    // the rest of it is not read
    if (!Buffer.isBuffer(raw)) return c.body(null, raw === 'too-large' ? 413 : 408, { connection: 'close' });
    const opened = openCallback(raw, signedOf(c), secrets, clock());
    if (opened.kind === 'refused') {
      refusals(opened.why);
      return c.body(null, 401);
    }
    try {
      await reception.receive(opened.leaves);
      return c.body('', 200); // an empty answer: we have it, and say nothing here
    } catch (error) {
      // not 200: WeCom delivers it again
      log.error({ err: error, type: opened.leaves.get('MsgType') }, 'a WeCom message could not be taken');
      return c.body(null, 503);
    }
  });
}

const signedOf = (c: Context): Signed => ({
  signature: c.req.query('msg_signature'),
  timestamp: c.req.query('timestamp'),
  nonce: c.req.query('nonce'),
});

/** The whole body as bytes, unless it is larger than any message or takes longer than WeCom would. */
async function readBody(request: Request, withinMs: number): Promise<Buffer | 'too-large' | 'too-slow'> {
  if (Number(request.headers.get('content-length') ?? 0) > BODY_BYTES) return 'too-large';
  if (request.body === null) return Buffer.alloc(0);
  const reader = request.body.getReader();
  let slow = false;
  const timer = setTimeout(() => {
    slow = true;
    reader.cancel().catch(() => undefined);
  }, withinMs);
  try {
    return (await readAll(reader)) ?? 'too-large';
  } catch {
    return 'too-slow'; // broken off by them or by us
  } finally {
    clearTimeout(timer);
    if (slow) reader.cancel().catch(() => undefined);
  }

  async function readAll(from: typeof reader): Promise<Buffer | undefined> {
    const parts: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const { done, value } = await from.read();
      if (slow) throw new Error('too slow');
      if (done) return Buffer.concat(parts);
      size += value.byteLength;
      if (size > BODY_BYTES) return undefined;
      parts.push(value);
    }
  }
}

/** A flood of forgeries must not become a flood of log lines. */
const REFUSAL_LOG_MS = 10_000;

function createRefusals(log: Logger, watch: Watch | undefined): (why: string) => void {
  let silentUntil = 0;
  let unsaid = 0;
  return (why) => {
    watch?.refused(why);
    unsaid += 1;
    const now = performance.now();
    if (now < silentUntil) return;
    log.warn({ why, count: unsaid }, 'a request to the WeCom route was refused');
    silentUntil = now + REFUSAL_LOG_MS;
    unsaid = 0;
  };
}
