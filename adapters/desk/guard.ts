/**
 * Who may speak to the desk: a browser on this very machine, showing the desk's own page. Whoever reaches it is
 * anybody they like, so the door is narrow: loopback sockets only, no name but localhost (DNS rebinding), nothing that came
 * through a proxy, and no request that another page made the browser send (CSRF).
 */
import type { IncomingMessage } from 'node:http';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, MiddlewareHandler } from 'hono';
import type { Logger } from 'pino';

export interface Knock {
  remote: string | undefined;
  method: string;
  path: string;
  header(name: string): string | undefined;
}

const LOCAL_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);
const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];
const UPLOAD_PATH = '/desk/upload';

/** @returns why it is refused: a word for the log; undefined: come in */
export function refusalOf(knock: Knock): string | undefined {
  const host = knock.header('host') ?? '';
  if (!isLoopback(knock.remote)) return 'remote-address';
  if (!isLocalHost(host)) return 'host';
  if (FORWARDED.some((name) => knock.header(name) !== undefined)) return 'proxy';
  // the page itself may be opened by a link from anywhere; everything behind it is fetched by the page alone
  if (knock.path !== '/' && isForeign(knock, host)) return 'foreign-page';
  if (knock.method !== 'GET' && knock.method !== 'HEAD') return refusalOfWrite(knock);
  return undefined;
}

export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.toLowerCase().replace(/^::ffff:/, '');
  return plain === '::1' || /^127(\.\d{1,3}){3}$/.test(plain);
}

function isLocalHost(host: string): boolean {
  return LOCAL_NAMES.has(host.toLowerCase().replace(/:\d{1,5}$/, ''));
}

/** What browsers add by themselves and no page can forge. Programs without a browser send none of it and are let in. */
function isForeign(knock: Knock, host: string): boolean {
  const site = knock.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const origin = knock.header('origin');
  if (origin !== undefined && origin !== `http://${host}`) return true;
  const referer = knock.header('referer');
  return referer !== undefined && !referer.startsWith(`http://${host}/`);
}

/** A header of our own makes a foreign page's request need a preflight, which is never answered. */
function refusalOfWrite(knock: Knock): string | undefined {
  if (knock.header('x-desk') !== '1') return 'own-header';
  const type = (knock.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (knock.path !== UPLOAD_PATH && type !== 'application/json') return 'content-type';
  return undefined;
}

export function guard(onRefused: (c: Context, why: string) => Response): MiddlewareHandler {
  return async (c, next) => {
    const why = refusalOf({
      remote: remoteOf(c),
      method: c.req.method,
      path: c.req.path,
      header: (name) => c.req.header(name),
    });
    if (why !== undefined) return onRefused(c, why);
    return next();
  };
}

const TELL_AGAIN_MS = 10_000;

/** A flood is one line in ten seconds, which says how many there were; not what they asked for, which strangers choose. */
export function createRefusals(log: Logger): (why: string) => void {
  let silentUntil = 0;
  let unsaid = 0;
  return (why) => {
    unsaid += 1;
    const now = performance.now();
    if (now < silentUntil) return;
    log.warn({ why, count: unsaid }, 'a request to the desk was refused');
    silentUntil = now + TELL_AGAIN_MS;
    unsaid = 0;
  };
}

/** Before the request was whole: nobody is there to be answered, and nothing has gone wrong. */
export function hasHungUp(c: Context): boolean {
  const incoming = (c.env as { incoming?: IncomingMessage } | undefined)?.incoming;
  return incoming?.destroyed === true && !incoming.complete;
}

/** Without a socket (a server that is not Node's own) there is no telling who it is: refused. */
function remoteOf(c: Context): string | undefined {
  try {
    return getConnInfo(c).remote.address;
  } catch {
    return undefined;
  }
}
