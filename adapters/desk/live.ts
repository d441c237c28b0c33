/**
 * The open tabs: each holds one stream of server-sent events and is woken when a message changes, here or in another process.
 * A tab that was away says the last change it saw (Last-Event-ID) and gets everything since, so nothing is lost.
 */
import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { Logger } from 'pino';
import type { DeskMessage, DeskStore } from './message.ts';

const HEARTBEAT_MS = 15_000;
const BROWSER_RETRY_MS = 1_000;
const BATCH = 100;

/** What a tab is told about a change; undefined: nothing that concerns it. */
export type Tell = (message: DeskMessage) => { event: string; data: unknown } | undefined;

export interface Live {
  stream(c: Context, mark: number, tell: () => Tell): Response;
  /** ends every open stream: without it a server would wait for them for ever */
  stop(): void;
}

export function createLive(store: DeskStore, log: Logger, heartbeatMs = HEARTBEAT_MS): Live {
  const open = new Set<Tab>();
  return {
    stream(c, mark, tell) {
      // browsers are not to buffer or keep any of it
      c.header('X-Accel-Buffering', 'no');
      return streamSSE(
        c,
        async (stream) => {
          const tab = createTab(stream);
          const off = store.onChange(tab.wake);
          open.add(tab);
          try {
            await follow(tab, stream, store, mark, tell, heartbeatMs);
          } finally {
            off();
            open.delete(tab);
          }
        },
        // the tab reconnects by itself and says where it was
        async (err) => log.warn({ err }, 'desk stream ended'),
      );
    },
    stop() {
      for (const tab of open) tab.end();
    },
  };
}

interface Tab {
  ended(): boolean;
  wake(): void;
  end(): void;
  /** until it is woken, or for as long as a silent line may last */
  rest(ms: number): Promise<void>;
}

function createTab(stream: SSEStreamingApi): Tab {
  let ended = false;
  let rung = false;
  let rouse: (() => void) | undefined;
  const wake = () => {
    rung = true;
    rouse?.();
  };
  const end = () => {
    ended = true;
    wake();
  };
  stream.onAbort(end);
  return {
    ended: () => ended,
    wake,
    end,
    async rest(ms) {
      if (!rung) await alarm(ms, (up) => (rouse = up));
      rung = false;
      rouse = undefined;
    },
  };
}

function alarm(ms: number, hand: (up: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    hand(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function follow(
  tab: Tab,
  stream: SSEStreamingApi,
  store: DeskStore,
  from: number,
  tell: () => Tell,
  heartbeatMs: number,
): Promise<void> {
  let mark = from;
  await stream.writeSSE({ event: 'hello', data: '', id: String(mark), retry: BROWSER_RETRY_MS });
  while (!tab.ended()) {
    const changes = await store.changedSince(mark, BATCH);
    const telling = tell();
    for (const message of changes) {
      mark = message.changed;
      const told = telling(message);
      if (told) await stream.writeSSE({ event: told.event, data: JSON.stringify(told.data), id: String(mark) });
    }
    if (changes.length === BATCH) continue;
    await tab.rest(heartbeatMs);
    // the beat shows a dead line to both ends; looking again after it covers a bell that was lost
    if (!tab.ended()) await stream.writeSSE({ event: 'beat', data: '', id: String(mark) });
  }
}
