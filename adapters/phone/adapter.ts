/** Twilio as two platforms of the product: calls that are answered by a key, text messages that are answered by text. They only ring (rule C3). */
import type { Hono } from 'hono';
import type { Logger } from 'pino';
import type { ChatAdapter, Desk, RingReport, Watch } from '../../src/core/chat.ts';
import { phoneWords } from '../../src/words/phone.ts';
import { createGate, type Take } from './connect.ts';
import { createDeliveries } from './deliver.ts';
import { createHealth } from './health.ts';
import { createHttp } from './http.ts';
import { PATHS } from './links.ts';
import { createMemory } from './memory.ts';
import { type Receiving, takeCallStatus, takeKey, takeMessageStatus, takeText } from './receive.ts';

export interface TwilioSettings {
  accountSid: string;
  authToken: string;
  /** the number that calls and writes */
  from: string;
  apiUrl: string;
}

export interface TwilioDeps {
  desk: Desk;
  /** what became of a ring. @throws when it could not be kept */
  reported(report: RingReport): Promise<void>;
  log: Logger;
  clock: () => Date;
  watch?: Watch;
  /** how Twilio reaches us */
  publicUrl: () => string;
  /** for tests that have less time than Twilio: how long the desk, and a call of the API, may take */
  patience?: { answerMs?: number; callMs?: number };
}

export function createPhone(settings: TwilioSettings, deps: TwilioDeps): ChatAdapter {
  return createTwilio('phone', settings, deps, (receiving) => ({
    [PATHS.gather]: takeKey(receiving),
    [PATHS.status]: takeCallStatus(receiving),
  }));
}

export function createSms(settings: TwilioSettings, deps: TwilioDeps): ChatAdapter {
  return createTwilio('sms', settings, deps, (receiving) => ({
    [PATHS.sms]: takeText(receiving),
    [PATHS.smsStatus]: takeMessageStatus(receiving),
  }));
}

function createTwilio(
  platform: 'phone' | 'sms',
  settings: TwilioSettings,
  { desk, reported, clock, publicUrl, patience, ...deps }: TwilioDeps,
  takes: (receiving: Receiving) => Record<string, Take>,
): ChatAdapter {
  const log = deps.log.child({ platform });
  const http = createHttp(settings, patience?.callMs);
  const health = createHealth(platform, http, log);
  const memory = createMemory();
  const deliveries = createDeliveries({ platform, from: settings.from, http, memory, clock, publicUrl });
  return {
    platform,
    cardLifeMs: undefined,
    routes(app: Hono) {
      const gate = createGate({ authToken: settings.authToken, publicUrl, log, watch: deps.watch });
      const receiving = { desk, reported, memory, clock, publicUrl, answerWithinMs: patience?.answerMs };
      for (const [path, take] of Object.entries(takes(receiving))) gate.add(app, path, take);
    },
    start: async () => health.start(),
    async stop() {
      http.stop();
      await health.stop();
    },
    trouble: (language = desk.languageOf(platform, '')) => health.trouble(phoneWords(language).trouble),
    // one account serves calls and text messages
    ...(platform === 'phone' ? { examine: async ({ language }) => [await health.examine(language)] } : {}),
    ...deliveries,
    post: (to, content, intent, language) => health.watched(() => deliveries.post(to, content, intent, language)),
  };
}
