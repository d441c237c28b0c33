/** Watches the way in: how long requests and acts take, from whom something was heard. It changes nothing of what passes. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Hono, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Desk, Platform } from '../core/chat.ts';

interface Meter {
  press(platform: Platform, until: 'committed' | 'answered', ms: number): void;
  request(method: string, route: string, status: number, ms: number): void;
}

/** What the request that is under way has become: an act of somebody on this platform. */
interface Passage {
  act?: Platform;
}

export function createMeasure(meter: Meter, heard: (platform: Platform) => void) {
  const passages = new AsyncLocalStorage<Passage>();

  const requests: MiddlewareHandler = async (c, next) => {
    const since = performance.now();
    const passage: Passage = {};
    await passages.run(passage, next);
    const ms = performance.now() - since;
    meter.request(methodOf(c.req.method), routeOf(routePath(c, -1)), c.res.status, ms);
    if (passage.act) meter.press(passage.act, 'answered', ms);
  };

  return {
    /** Before all other routes. */
    addTo: (app: Hono): void => void app.use(requests),
    desk: (desk: Desk): Desk => ({
      ...desk,
      take: async (inbound) => {
        const since = performance.now();
        heard(inbound.platform);
        const passage = passages.getStore();
        if (passage) passage.act = inbound.platform;
        const reply = await desk.take(inbound);
        meter.press(inbound.platform, 'committed', performance.now() - since);
        return reply;
      },
    }),
  };
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const methodOf = (method: string): string => (METHODS.has(method) ? method : 'other');
/** The pattern of our own route, never what somebody asked for. */
const routeOf = (path: string): string => (path === '' || path === '/*' || path === '*' ? 'none' : path);
