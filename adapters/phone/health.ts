/** How things stand with Twilio, learnt from the calls themselves and asked for at the start. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type Check, DeliveryError, type Language, type Platform } from '../../src/core/chat.ts';
import { examineWords } from '../../src/words/examine.ts';
import type { phoneWords } from '../../src/words/phone.ts';
import { deliveryError } from './codes.ts';
import type { Http } from './http.ts';
import { RETRY_MS } from './limits.ts';

/** It is there, and has enough to do. */
const TOO_MUCH = /^(?:14107|20429|21611|http-429)$/;

const Account = z.object({ status: z.string().default('active') });

export interface Health {
  start(): void;
  stop(): Promise<void>;
  /** Each call also tells how things stand. */
  watched<T>(call: () => Promise<T>): Promise<T>;
  examine(language: Language): Promise<Check>;
  trouble(say: ReturnType<typeof phoneWords>['trouble']): string | undefined;
}

export function createHealth(platform: Platform, http: Http, log: Logger): Health {
  let credentials: string | undefined;
  let away = false;
  let starting = false;
  let asking: Promise<void> = Promise.resolve();
  const stopping = new AbortController();

  function heardFrom(): void {
    credentials = undefined;
    away = false;
    starting = false;
  }

  /** A refusal of one number or one text is no trouble of the line: Twilio is there. */
  function heardOf({ problem, code }: DeliveryError): void {
    if (problem === 'credentials') credentials = code;
    else if (problem === 'ambiguous' || problem === 'retry-later') away = !TOO_MUCH.test(code);
    else if (/^\d+$/.test(code)) heardFrom();
  }

  async function watched<T>(call: () => Promise<T>): Promise<T> {
    try {
      const result = await call();
      heardFrom();
      return result;
    } catch (error) {
      if (error instanceof DeliveryError) heardOf(error);
      throw error;
    }
  }

  /** Is the account there, and may it be used? https://www.twilio.com/docs/iam/api/account */
  async function ask(): Promise<void> {
    try {
      const { status } = Account.parse((await http.get('')).body);
      if (status !== 'active') throw new DeliveryError(platform, 'credentials', `account-${status}`);
    } catch (error) {
      throw deliveryError(platform, error, false);
    }
  }

  /** Waits for Twilio as long as it takes. */
  async function reach(): Promise<void> {
    for (let tried = 0; !stopping.signal.aborted; tried += 1) {
      try {
        await watched(ask);
        return;
      } catch (error) {
        const code = error instanceof DeliveryError ? error.code : 'unknown';
        if (!stopping.signal.aborted) log.warn({ code, tried }, 'Twilio does not take us yet');
      }
      const ms = RETRY_MS[Math.min(tried, RETRY_MS.length - 1)];
      await pause(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  }

  return {
    start() {
      starting = true;
      asking = reach();
    },
    async stop() {
      stopping.abort();
      await asking;
    },
    watched,
    async examine(language) {
      const { twilio: w } = examineWords(language);
      try {
        await watched(ask);
        return { kind: 'well', what: w.well };
      } catch (error) {
        const { problem, code } = deliveryError(platform, error, false);
        return { kind: 'stops', ...(problem === 'credentials' ? w.refused(code) : w.away(code)) };
      }
    },
    trouble(say) {
      if (credentials !== undefined) return say.credentials(credentials);
      if (away) return say.away;
      return starting ? say.starting : undefined;
    },
  };
}
