/**
 * The way in: Twilio tells which key was pressed, what was written to us, what became of a call or a message. The signature over the whole
 * address and the form first, reading after.
 */
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from 'pino';
import type { Watch } from '../../src/core/chat.ts';
import { BODY_BYTES } from './limits.ts';
import { canBeSignature, isSigned } from './signature.ts';

export interface Gate {
  authToken: string;
  publicUrl: () => string;
  log: Logger;
  watch?: Watch | undefined;
}

/** What Twilio said, and what our address said that it called; the answer is TwiML, or none. `undefined`: not understood. */
export type Take = (form: URLSearchParams, query: URLSearchParams) => Promise<string | 'noted' | undefined>;

const TWIML = { 'content-type': 'text/xml; charset=utf-8', 'cache-control': 'no-store' };

export function createGate({ authToken, publicUrl, log, watch }: Gate) {
  const refused = createRefusals(log, watch);

  async function receive(c: Context, take: Take): Promise<Response> {
    const form = new URLSearchParams(await c.req.text());
    const { pathname, search, searchParams } = new URL(c.req.url);
    const given = c.req.header('x-twilio-signature');
    if (!isSigned(given, authToken, `${publicUrl()}${pathname}${search}`, form)) {
      refused('wrong-signature');
      return c.body(null, 403);
    }
    try {
      const answer = await take(form, searchParams);
      if (answer === undefined) return c.body(null, 400);
      return answer === 'noted' ? c.body(null, 204) : c.body(answer, 200, TWIML);
    } catch (error) {
      // not 200: Twilio says it again
      log.error({ err: error, path: pathname }, 'a word from Twilio could not be taken');
      return c.body(null, 503);
    }
  }

  const gate: MiddlewareHandler = async (c, next) => {
    if (canBeSignature(c.req.header('x-twilio-signature'))) return next();
    refused('no-signature');
    return c.body(null, 403, { connection: 'close' });
  };

  return {
    add(app: Hono, path: string, take: Take): void {
      const limit = bodyLimit({ maxSize: BODY_BYTES, onError: (c) => c.body(null, 413, { connection: 'close' }) });
      app.post(path, limit, gate, (c) => receive(c, take));
    },
  };
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
    log.warn({ why, count: unsaid }, 'a request to the Twilio routes was refused');
    silentUntil = now + REFUSAL_LOG_MS;
    unsaid = 0;
  };
}
