/** The HTTP server around all routes, and whether it can serve. */
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
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

/** @throws Error with the mend when the port is taken */
export function listen(app: Hono, config: Pick<Config, 'host' | 'port'>): Promise<{ server: Server; url: string }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: config.host, port: config.port }, (info) => {
      const host = config.host.includes(':') ? `[${config.host}]` : config.host;
      resolve({ server, url: `http://${host}:${info.port}` });
    }) as Server;
    server.requestTimeout = 30_000;
    server.headersTimeout = 10_000;
    server.keepAliveTimeout = 30_000;
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`PORT: ${config.port} is taken by another program; stop it or set another PORT`)
          : error,
      ),
    );
  });
}

/** Answers that are under way are finished; idle connections and open event streams are let go. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), LINGER_MS).unref();
  });
}
