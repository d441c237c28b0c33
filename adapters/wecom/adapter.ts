/**
 * The WeCom adapter: everything in this folder put together behind the port. It carries what is sent out (notices and letters), takes
 * presses and typed words back, and keeps no live cards: a card of WeCom can be redrawn only for 72 hours after a press.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Hono } from 'hono';
import type { Logger } from 'pino';
import { type ChatAdapter, DeliveryError, type Desk, type Watch } from '../../src/core/chat.ts';
import { wecomWords } from '../../src/words/wecom.ts';
import { addRoutes } from './connect.ts';
import { taskIdFor } from './crypto.ts';
import { createOutlet } from './deliver.ts';
import { examineWeCom } from './examine.ts';
import { createHttp } from './http.ts';
import { CALLBACK_MS, LOOK_BACK_S, SKEW_MS } from './limits.ts';
import { createRates } from './rates.ts';
import { createReception } from './receive.ts';
import { renderForGroup, renderForMember, renderForm } from './render.ts';

export interface WeComSettings {
  /** without it only group robots speak */
  app?: { corpId: string; agentId: number; secret: string; callback?: { token: string; aesKey: string } };
  /** name in the handbook → key of the group robot's webhook */
  robots: Readonly<Record<string, string>>;
  apiUrl: string;
}

export interface WeComDeps {
  desk: Desk;
  log: Logger;
  clock: () => Date;
  watch?: Watch;
  /** how many processes of ours speak for this app now */
  among?: () => number;
  /** for tests that have less time than WeCom: how long the desk, and a request's body, may take */
  patience?: { answerMs?: number; bodyMs?: number };
}

/** First tries follow each other quickly; a platform that stays away is asked every minute. */
const RETRY_MS = [500, 1000, 2000, 5000, 10_000, 30_000, 60_000];

export function createWeCom(settings: WeComSettings, deps: WeComDeps): ChatAdapter {
  const { desk, clock, patience } = deps;
  const { app, robots } = settings;
  const log = deps.log.child({ platform: 'wecom' });
  const health = createHealth(clock);
  const http = createHttp(settings.apiUrl.replace(/\/+$/, ''), health.heardTime);
  const outlet = createOutlet({ app, robots, http, rates: createRates(clock, deps.among), clock });
  const reception = createReception({ desk, log, outlet, answerWithinMs: patience?.answerMs ?? CALLBACK_MS });
  const callback = app?.callback;
  const stopping = new AbortController();
  let starting: Promise<void> = Promise.resolve();

  /** Waits for WeCom as long as it takes. */
  async function reach(): Promise<void> {
    for (let tried = 0; !stopping.signal.aborted; tried += 1) {
      try {
        await health.watched(() => outlet.warmUp());
        return;
      } catch (error) {
        const code = error instanceof DeliveryError ? error.code : 'unknown';
        log.warn({ code, tried }, 'WeCom gives no token yet');
      }
      const ms = RETRY_MS[Math.min(tried, RETRY_MS.length - 1)] ?? 60_000;
      await pause(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  return {
    platform: 'wecom',
    cardLifeMs: undefined,
    routes(hono: Hono) {
      if (app === undefined || callback === undefined) return;
      const secrets = { corpId: app.corpId, agentId: app.agentId, ...callback };
      addRoutes(hono, { secrets, reception, log, clock, watch: deps.watch, bodyMs: patience?.bodyMs });
    },
    async start() {
      if (app === undefined) return;
      health.starting(true);
      starting = reach().finally(() => health.starting(false));
    },
    async stop() {
      stopping.abort();
      await reception.stop();
      http.stop();
      await starting;
    },
    trouble(language = desk.languageOf('wecom', '')) {
      return health.trouble(wecomWords(language).trouble);
    },
    vitals: health.vitals,
    examine: (asked) => examineWeCom(outlet, app !== undefined, health.vitals, asked),
    async post(to, content, intent, language) {
      const again = intent.triedBefore !== undefined;
      const message = taskIdFor(intent.id);
      if (to.kind === 'channel') {
        // forms are for persons: nobody sends one to a group
        if (content.kind !== 'card') throw new DeliveryError('wecom', 'rejected', 'form-for-group');
        await outlet.toGroup(to.id, renderForGroup(content.card, again, language));
      } else {
        const drawn =
          content.kind === 'card'
            ? renderForMember(content.card, message, callback !== undefined, language)
            : renderForm(content.form, language);
        await health.watched(() =>
          outlet.toMember(to.id, drawn, { again, lookBackS: again ? LOOK_BACK_S.again : LOOK_BACK_S.first }),
        );
      }
      return { channel: to.id, message };
    },
    async edit() {
      // without a press there is no code to redraw it by
      throw new DeliveryError('wecom', 'gone', 'not-editable');
    },
    async fetchFile() {
      throw new DeliveryError('wecom', 'rejected', 'no-files');
    },
  };
}

type Say = ReturnType<typeof wecomWords>['trouble'];

/** How things stand with WeCom, learned from the calls themselves. */
function createHealth(clock: () => Date) {
  let credentials: string | undefined;
  let away = false;
  let starting = false;
  let skewMs: number | undefined;

  function heardFrom(): void {
    credentials = undefined;
    away = false;
  }

  function heardOf(error: unknown): void {
    if (!(error instanceof DeliveryError)) return;
    if (error.problem === 'credentials') credentials = error.code;
    else if (error.code === 'no-connection' || error.code === 'no-answer') away = true;
    else if (/^-?\d+$/.test(error.code)) heardFrom();
  }

  return {
    /** Each call of the app also tells how things stand; a robot needs neither token nor secret. */
    async watched<T>(call: () => Promise<T>): Promise<T> {
      try {
        const result = await call();
        heardFrom();
        return result;
      } catch (error) {
        heardOf(error);
        throw error;
      }
    },
    heardTime: (theirs: Date): void => {
      skewMs = clock().getTime() - theirs.getTime();
    },
    vitals: () => (skewMs === undefined ? {} : { skewMs }),
    starting: (is: boolean): void => {
      starting = is;
    },
    trouble(say: Say): string | undefined {
      if (credentials !== undefined) return say.credentials(credentials);
      const skew = Math.abs(skewMs ?? 0);
      if (skew > SKEW_MS) return say.skew(Math.round(skew / 1000));
      if (away) return say.away;
      return starting ? say.starting : undefined;
    },
  };
}
