/**
 * Slack over Socket Mode: https://docs.slack.dev/apis/events-api/using-socket-mode. The SDK's own reconnecting ends the
 * process when the network is away at that moment (an unhandled rejection), so reconnecting is done here.
 */
import { type App, type ReceiverEvent, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import type { Language } from '../../src/core/chat.ts';
import { slackTroubles } from '../../src/words/slack.ts';
import { clientOptions, sdkLogger } from './api.ts';
import { deliveryError } from './errors.ts';
import type { Inlet } from './listen.ts';

type Words = ReturnType<typeof slackTroubles>;

export interface Socket {
  start(): void;
  stop(): Promise<void>;
  trouble(language?: Language): string | undefined;
}

const again = { first: 500, longest: 30_000 };
const helloWithinMs = 15_000;

export function createSocket(deps: {
  appToken: string;
  apiUrl: string | undefined;
  inlet: Inlet;
  log: Logger;
}): Socket {
  const { inlet, log } = deps;
  const stopping = new AbortController();
  let problem: ((w: Words) => string) | undefined = (w) => w.socketDown('start');
  let loop: Promise<void> = Promise.resolve();

  const receiver = new SocketModeReceiver({
    appToken: deps.appToken,
    logger: sdkLogger(log),
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: clientOptions(deps.apiUrl, log) },
  });
  const { client } = receiver;
  // The receiver knows of an app only that it takes events.
  receiver.init({ processEvent: pass } as unknown as App);

  async function pass(event: ReceiverEvent): Promise<void> {
    const answer = await inlet.receive(event.body);
    try {
      await event.ack(answer);
    } catch (error) {
      // The socket went away under us: Slack repeats events, and a person presses again, which is harmless.
      log.warn({ err: error }, 'slack socket closed before the answer');
    }
  }

  /** @throws when no `hello` came */
  async function connect(): Promise<void> {
    const hello = setTimeout(() => void client.disconnect(), helloWithinMs);
    try {
      await client.start();
    } finally {
      clearTimeout(hello);
    }
  }

  async function stayConnected(): Promise<void> {
    let wait: number = again.first;
    while (!stopping.signal.aborted) {
      try {
        const { promise: ended, resolve } = Promise.withResolvers<void>();
        await connect();
        if (stopping.signal.aborted) return void client.disconnect();
        client.once('disconnected', () => resolve());
        problem = undefined;
        wait = again.first;
        await ended;
        problem = (w) => w.socketDown('disconnected');
      } catch (error) {
        const { code, problem: kind } = deliveryError(error, 'again');
        problem = (w) => (kind === 'credentials' ? w.appRefused(code) : w.socketDown(code));
        log.warn({ code }, 'slack socket could not be opened');
        await pause(wait, stopping.signal);
        wait = Math.min(wait * 2, again.longest);
      }
    }
  }

  return {
    start() {
      loop = stayConnected();
    },
    async stop() {
      stopping.abort();
      await Promise.race([client.disconnect(), pause(2_000)]);
      await Promise.race([loop, pause(2_000)]);
    },
    trouble: (language = 'en') => problem?.(slackTroubles(language)),
  };
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    if (!signal) timer.unref();
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
