/** Slack as a chat platform of the product: puts the parts together. */
import type { Logger } from 'pino';
import type { ChatAdapter, Desk, Sending, Vitals, Watch } from '../../src/core/chat.ts';
import { createApi } from './api.ts';
import { addRoute } from './connect.ts';
import { createDeliveries } from './deliver.ts';
import { examineSlack } from './examine.ts';
import { createIdentity } from './identity.ts';
import { createInlet } from './listen.ts';
import { createPaced } from './paced.ts';
import { createRates, type Method } from './rates.ts';
import { createRespond } from './respond.ts';
import { createRooms } from './rooms.ts';
import { createSocket } from './socket.ts';
import { createTurns } from './turns.ts';

export interface SlackSettings {
  botToken: string;
  /** for HTTP */
  signingSecret?: string;
  /** for Socket Mode */
  appToken?: string;
  /** Slack's own where absent */
  apiUrl?: string;
}

export interface SlackDeps {
  desk: Desk;
  log: Logger;
  clock: () => Date;
  /** how many processes of ours use this workspace now */
  among?: () => number;
  commands: { command: string; description: string; hint: string }[];
  /** keeps the first workspace ever met, and returns the one that is kept */
  pinTeam(team: string): Promise<string>;
  /** the accounts of those who may act here */
  accounts?: () => string[];
  watch?: Watch;
  /** for tests that have less time than Slack: how long the desk, and how long Slack's API, may take */
  patience?: { answerMs?: number; apiMs?: number };
}

const drainMs = 4_000;

export function createSlack(settings: SlackSettings, deps: SlackDeps): ChatAdapter {
  const { log, clock, desk, pinTeam, patience } = deps;
  const { apiUrl, signingSecret, appToken } = settings;
  const api = createApi(settings, { log, clock, timeoutMs: patience?.apiMs });
  const identity = createIdentity({ api, log, clock, pinTeam, ...(deps.accounts && { accounts: deps.accounts }) });
  const respond = createRespond({ api, log, apiUrl });
  const turns = createTurns({ desk, identity, respond, log, answerWithinMs: patience?.answerMs });
  const inlet = createInlet({ turns, identity, log, apiUrl, commands: deps.commands.map(({ command }) => command) });
  const socket = appToken ? createSocket({ appToken, apiUrl, inlet, log }) : undefined;
  const rates = createRates(clock, deps.among);
  const call = createPaced(rates);
  const deliveries = createDeliveries({ api, call, log, settings });
  const rooms = createRooms({ api, call, log, bot: () => identity.bot().botUserId });

  return {
    platform: 'slack',
    cardLifeMs: undefined,
    routes(app) {
      if (signingSecret) addRoute(app, { signingSecret, inlet, log, clock, watch: deps.watch });
    },
    async start() {
      identity.start();
      socket?.start();
    },
    async stop() {
      identity.stop();
      await socket?.stop();
      await inlet.drain(drainMs);
    },
    trouble: (language) => identity.trouble(language) ?? socket?.trouble(language),
    vitals: () => vitalsOf(api.skewMs(), socket && socket.trouble() === undefined),
    examine: (asked) => examineSlack(api, settings, { log, clock, timeoutMs: patience?.apiMs }, asked),
    queued: (sends) => rates.foresee(sends.map(callFor)),
    ...deliveries,
    rooms,
  };
}

const vitalsOf = (skewMs: number | undefined, socketUp: boolean | undefined): Vitals => ({
  ...(skewMs === undefined ? {} : { skewMs }),
  ...(socketUp === undefined ? {} : { socketUp }),
});

function callFor(send: Sending): { method: Method; channel?: string } {
  // it is looked for first, and that is the narrower way
  if (send.how === 'post' && send.again) return { method: 'conversations.history' };
  if (send.how === 'post') return { method: 'chat.postMessage', channel: send.to };
  return { method: send.how === 'edit' ? 'chat.update' : 'views.publish' };
}
