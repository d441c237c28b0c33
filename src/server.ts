/** The HTTP server around all routes, and whether it can serve. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { serve } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import { createAdmission } from './admission.ts';
import type { Config } from './config.ts';
import type { ChatAdapter, Platform } from './core/chat.ts';
import type { Database } from './core/intake.ts';
import type { Health } from './http.ts';

const ALIVE_MS = 2000;
const LINGER_MS = 3000;

/** What the contract asks: the database reachable, the workers running. A platform that is away is told, and no reason to be restarted. */
export async function healthOf(
  sql: Database,
  ready: boolean,
  adapters: ReadonlyMap<Platform, ChatAdapter>,
): Promise<Health> {
  const missing: string[] = [];
  const alive = sql`select 1`.then(() => true).catch(() => false);
  const late = new Promise<false>((resolve) => setTimeout(resolve, ALIVE_MS, false).unref());
  if (!(await Promise.race([alive, late]))) missing.push('database');
  if (!ready) missing.push('workers');
  const platforms = Object.fromEntries(
    [...adapters].map(([platform, adapter]) => [platform, adapter.trouble() ?? 'ok']),
  );
  return { ok: missing.length === 0, missing, platforms };
}

/**
 * Whoever sends more slowly than this is let go. Node looks for them every 30 s unless told otherwise, so that its limits are kept late by as
 * much: https://nodejs.org/api/http.html#httpcreateserveroptions-requestlistener
 */
const PATIENCE = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 };
const KEPT_ALIVE_MS = 30_000;
/**
 * Nothing moves in either direction: whoever asked for a file has stopped reading it. Of what is being written Node looks twice, so it takes up
 * to two of these. The desk's streams beat four times as often.
 */
const SILENT_MS = 60_000;

/** @throws Error with the mend when the port is taken */
export function listen(
  app: Hono,
  config: Pick<Config, 'host' | 'port'>,
  log: Logger,
): Promise<{ server: Server; url: string }> {
  app.onError((error, c) => unanswered(error, c, log));
  const { host: hostname, port } = config;
  return new Promise((resolve, reject) => {
    const options = { fetch: admitted(app), hostname, port, serverOptions: PATIENCE };
    const server = serve(options, (info) => {
      const host = hostname.includes(':') ? `[${hostname}]` : hostname;
      resolve({ server, url: `http://${host}:${info.port}` });
    }) as Server;
    server.keepAliveTimeout = KEPT_ALIVE_MS;
    server.timeout = SILENT_MS;
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`PORT: ${config.port} is taken by another program; stop it or set another PORT`)
          : error,
      ),
    );
  });
}

/** Node's two sides of a request, as the server hands them on. */
interface Sides {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
}

function admitted(app: Hono) {
  const admits = createAdmission();
  const crowded = { 'retry-after': '1', connection: 'close' };
  return (request: Request, sides: unknown): Response | Promise<Response> => {
    const { incoming, outgoing } = sides as Sides;
    // a host such as 1.2.3.4.5 passes the server's own look, and fails where the body is read
    if (!URL.canParse(request.url)) return new Response(null, { status: 400, headers: { connection: 'close' } });
    return admits(incoming, outgoing)
      ? app.fetch(request, sides as object)
      : new Response(null, { status: 503, headers: crowded });
  };
}

/** Without this Hono prints the stack past the log, for everybody who hangs up in the middle of a sentence too. */
function unanswered(err: Error, c: Context, log: Logger): Response {
  const incoming = (c.env as Partial<Sides> | undefined)?.incoming;
  if (incoming?.destroyed && !incoming.complete) return c.body(null, 400);
  log.error({ err, method: c.req.method, route: routePath(c, -1) }, 'a request could not be answered');
  return c.body(null, 500);
}

/**
 * Told to stop: a load balancer learns from /healthz that nothing more should come, and what still comes is answered meanwhile, on
 * connections that it then lets go of: none is cut under a request.
 */
export async function drain(server: Server, ms: number): Promise<void> {
  server.prependListener('request', (_, response) => response.setHeader('connection', 'close'));
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}

/** Answers that are under way are finished; idle connections and open event streams are let go. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), LINGER_MS).unref();
  });
}
