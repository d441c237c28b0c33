/**
 * The Bolt app: what kind of payload goes to which parser. Transports hand bodies to `receive`; the answer comes back
 * as soon as it stands, while the rest of the work goes on and is waited for only when the program stops.
 */
import { App, type Receiver, type ReceiverEvent } from '@slack/bolt';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Ack } from './answer.ts';
import { clientOptions, sdkLogger } from './api.ts';
import type { Identity } from './identity.ts';
import { parseCommand, parseEvent, parsePress, parseQuote, parseShortcut, parseSubmission } from './parse.ts';
import { ADD_TO_TIMELINE } from './payloads.ts';
import type { Answer, Parse, Turns } from './turns.ts';

export interface Inlet {
  /** never rejects */
  receive(body: ReceiverEvent['body']): Promise<Ack>;
  /** resolves when what was begun is done, at the latest after `withinMs` */
  drain(withinMs: number): Promise<void>;
}

/** Bolt wants a receiver; ours stand outside (an HTTP route, a socket) and push into the app. */
class OutsideReceiver implements Receiver {
  init(): void {}
  async start(): Promise<void> {}
  async stop(): Promise<void> {}
}

const ChangedUser = z.object({
  user: z.object({
    id: z.string(),
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
  }),
});

export function createInlet(deps: {
  turns: Turns;
  identity: Identity;
  log: Logger;
  apiUrl: string | undefined;
  commands: string[];
}): Inlet {
  const { turns, identity, log } = deps;
  const running = new Set<Promise<void>>();
  const app = new App({
    receiver: new OutsideReceiver(),
    // No network: who we are is learnt in the background.
    authorize: async () => knownOnly(identity.bot()),
    logger: sdkLogger(log),
    clientOptions: clientOptions(deps.apiUrl, log),
    convoStore: false,
    attachFunctionToken: false,
  });

  const through = (parse: Parse) => async (args: { body: unknown; context: { [key: string]: unknown } }) => {
    const { answer, receivedAt } = args.context as { answer: Answer; receivedAt: number };
    await turns(args.body, parse, answer, receivedAt);
  };
  app.command(/.*/, through(parseCommand));
  for (const command of deps.commands) app.shortcut(command, through(parseShortcut));
  app.shortcut({ type: 'message_action', callback_id: ADD_TO_TIMELINE }, through(parseQuote));
  app.action(/.*/, through(parsePress));
  app.view({ type: 'view_submission', callback_id: /.*/ }, through(parseSubmission));
  app.event('message', through(parseEvent));
  app.event('app_mention', through(parseEvent));
  app.event('app_home_opened', through(parseEvent));
  app.event('app_uninstalled', async () => identity.noteUninstalled());
  app.event('tokens_revoked', async () => identity.noteUninstalled());
  app.event('user_change', async ({ event }) => {
    const changed = ChangedUser.safeParse(event);
    if (changed.success) identity.noteUser(changed.data.user);
  });
  app.error(async (error) => log.error({ err: error }, 'slack payload could not be handled'));

  return {
    receive(body) {
      const { promise, resolve } = Promise.withResolvers<Ack>();
      // Bolt acknowledges an event before anybody has heard of it; we answer when the desk has it, so that Slack repeats what is lost.
      const ack = 'event' in body ? async () => {} : async (given: Ack) => resolve(given);
      const done = app
        .processEvent({ body, ack, customProperties: { answer: resolve, receivedAt: performance.now() } })
        .catch((error: unknown) => log.error({ err: error }, 'slack payload could not be handled'))
        .finally(() => {
          resolve(undefined);
          running.delete(done);
        });
      running.add(done);
      return promise;
    },
    async drain(withinMs) {
      const deadline = new Promise<void>((resolve) => void setTimeout(resolve, withinMs).unref());
      await Promise.race([Promise.allSettled(running), deadline]);
    },
  };
}

function knownOnly(bot: { botId: string | undefined; botUserId: string | undefined }): {
  botId?: string;
  botUserId?: string;
} {
  return { ...(bot.botId && { botId: bot.botId }), ...(bot.botUserId && { botUserId: bot.botUserId }) };
}
