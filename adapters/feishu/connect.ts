/**
 * The two ways in: HTTP callbacks (our own edge on the raw bytes) and the long connection (the SDK's socket client). Both
 * hand the whole envelope to the same reception. The SDK's `EventDispatcher` is not asked to parse: it lays header and
 * event over each other, so that a card's `token` hides the verification token, and the same event looks different on the
 * two ways.
 */
import { EventEmitter } from 'node:events';
import { EventDispatcher, LoggerLevel, WSClient } from '@larksuiteoapi/node-sdk';
import type { Context, Hono } from 'hono';
import type { Logger } from 'pino';
import type { Watch } from '../../src/core/chat.ts';
import { openFrame, openRequest, type Secrets } from './edge.ts';
import type { FeishuHttp } from './http.ts';
import { BODY_BYTES } from './limits.ts';
import type { Reception } from './receive.ts';

export const ROUTE = '/feishu/events';

/** A flood of forgeries must not become a flood of log lines. */
const REFUSAL_LOG_MS = 10_000;

export class Refusals {
  readonly #log: Logger;
  readonly #watch: Watch | undefined;
  #silentUntil = 0;
  #unsaid = 0;
  constructor(log: Logger, watch?: Watch) {
    this.#log = log;
    this.#watch = watch;
  }
  note(why: string): void {
    this.#watch?.refused(why);
    this.#unsaid += 1;
    const now = performance.now();
    if (now < this.#silentUntil) return;
    this.#log.warn({ why, count: this.#unsaid }, 'a request to the Feishu route was refused');
    this.#silentUntil = now + REFUSAL_LOG_MS;
    this.#unsaid = 0;
  }
}

export function httpRoute(
  app: Hono,
  deps: { secrets: Secrets; reception: Reception; log: Logger; clock: () => Date; refusals: Refusals },
): void {
  const { secrets, reception, log, clock, refusals } = deps;
  app.post(ROUTE, async (c) => {
    const raw = await readBody(c.req.raw);
    if (raw === undefined) return c.json({}, 413, { connection: 'close' }); // the rest of it is not read
    const signed = {
      timestamp: c.req.header('x-lark-request-timestamp'),
      nonce: c.req.header('x-lark-request-nonce'),
      signature: c.req.header('x-lark-signature'),
    };
    const opened = openRequest(raw, signed, secrets, clock());
    if (opened.kind === 'challenge') return c.json({ challenge: opened.challenge });
    if (opened.kind === 'refused') {
      refusals.note(opened.why);
      return c.json({}, 401);
    }
    try {
      const received = await reception.receive(opened.envelope);
      if (received.kind === 'refused') {
        refusals.note(received.why);
        return c.json({}, 401);
      }
      whenSent(c, received.sent);
      return c.json(received.answer);
    } catch (error) {
      // not 200: Feishu delivers the event again
      log.error({ err: error, event: opened.envelope.header.event_id }, 'a Feishu event could not be taken');
      return c.json({}, 503);
    }
  });
}

/** The whole body as bytes; undefined when it is larger than any event, without reading on. */
async function readBody(request: Request): Promise<Buffer | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > BODY_BYTES) return undefined;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    if (size > BODY_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Under node the response tells when its last byte is handed over; elsewhere (an in-process request) returning is sending. */
function whenSent(c: Context, sent: () => void): void {
  const outgoing: unknown = (c.env as { outgoing?: unknown } | undefined)?.outgoing;
  if (outgoing instanceof EventEmitter) {
    outgoing.once('finish', sent);
    outgoing.once('close', sent);
  } else setImmediate(sent);
}

/** How soon a long connection that the SDK has given up is tried again. */
const SOCKET_AGAIN_MS = 30_000;

export class LongConnection {
  readonly #make: () => WSClient;
  readonly #dispatcher: EventDispatcher;
  readonly #log: Logger;
  #client: WSClient | undefined;
  #again: NodeJS.Timeout | undefined;
  #up = false;
  #stopped = false;

  constructor(deps: {
    settings: { appId: string; appSecret: string; domain: string };
    secrets: Secrets;
    reception: Reception;
    log: Logger;
    http: FeishuHttp;
    refusals: Refusals;
  }) {
    const { settings, log } = deps;
    this.#log = log;
    this.#dispatcher = wholeEnvelopes(deps);
    this.#make = () =>
      new WSClient({
        ...settings,
        httpInstance: deps.http,
        logger: quiet(log),
        loggerLevel: LoggerLevel.warn,
        handshakeTimeoutMs: 10_000,
        wsConfig: { pingTimeout: 20 },
        onReady: () => this.#isUp(true),
        onReconnected: () => this.#isUp(true),
        onReconnecting: () => this.#isUp(false),
        onError: (error) => this.#givenUp(error),
      });
  }

  get up(): boolean {
    return this.#up;
  }

  /** Once is enough: a second client would be a second connection. */
  start(): void {
    if (this.#stopped || this.#client !== undefined) return;
    this.#client = this.#make();
    void this.#client.start({ eventDispatcher: this.#dispatcher });
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#again);
    this.#client?.close({ force: true });
    this.#up = false;
  }

  #isUp(up: boolean): void {
    this.#up = up;
    this.#log.info({ up }, 'the Feishu long connection changed');
  }

  /** The SDK stops for good when its endpoint says no (wrong secret, too many connections); both can be mended while we run. */
  #givenUp(error: Error): void {
    this.#up = false;
    if (this.#stopped) return;
    this.#log.warn({ err: error }, 'the Feishu long connection was refused');
    this.#client?.close({ force: true });
    this.#client = undefined;
    this.#again = setTimeout(() => this.start(), SOCKET_AGAIN_MS);
  }
}

/** A dispatcher for the socket client that does not parse. What it returns is the answer, what it throws is delivered again. */
function wholeEnvelopes(deps: { secrets: Secrets; reception: Reception; refusals: Refusals }): EventDispatcher {
  const dispatcher = new EventDispatcher({ logger: quietest, loggerLevel: LoggerLevel.error });
  dispatcher.invoke = async (body: unknown) => {
    const opened = openFrame(body, deps.secrets);
    if (opened.kind !== 'event') {
      deps.refusals.note(opened.kind === 'refused' ? opened.why : 'challenge');
      return undefined;
    }
    const received = await deps.reception.receive(opened.envelope);
    if (received.kind === 'refused') {
      deps.refusals.note(received.why);
      return undefined;
    }
    setImmediate(received.sent); // the SDK writes the frame in this very turn
    return received.answer;
  };
  return dispatcher;
}

const nothing = (): void => undefined;
const quietest = { error: nothing, warn: nothing, info: nothing, debug: nothing, trace: nothing };

/** The SDK's own words at warn and above, shortened; below that it writes out whole events. */
function quiet(log: Logger) {
  const say = (...said: unknown[]) =>
    log.warn({ said: said.map(String).join(' ').slice(0, 200) }, 'the Feishu SDK says');
  return { ...quietest, error: say, warn: say };
}
