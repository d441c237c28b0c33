/** Any other pager as a platform of the product: it is handed a signed page, and says what became of it. It only rings (rule C3). */
import type { Logger } from 'pino';
import { type ChatAdapter, DeliveryError, type Desk, type RingReport, type Watch } from '../../src/core/chat.ts';
import { pagerTroubles } from '../../src/words/phone.ts';
import { addRoutes } from './connect.ts';
import { createDeliveries } from './deliver.ts';
import { examinePager } from './examine.ts';

export interface PagerSettings {
  /** where pages are posted */
  url: string;
  /** signs pages and reports */
  secret: string;
}

export interface PagerDeps {
  desk: Desk;
  /** what became of a page. @throws when it could not be kept */
  reported(report: RingReport): Promise<void>;
  log: Logger;
  clock: () => Date;
  watch?: Watch;
  /** how the pager reaches us */
  publicUrl: () => string;
  /** a secret that nobody else has: with it the addresses are sealed at which a pager reports */
  sealKey: string;
  /** for tests, which have less time than pagers take */
  timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;

export function createPager({ url, secret }: PagerSettings, deps: PagerDeps): ChatAdapter {
  const { desk, reported, clock, publicUrl, sealKey, timeoutMs = TIMEOUT_MS } = deps;
  const stopping = new AbortController();
  const deliveries = createDeliveries({ url, secret, sealKey, publicUrl, clock, timeoutMs, stopping: stopping.signal });
  let failed: DeliveryError | undefined;

  async function watched<T>(call: () => Promise<T>): Promise<T> {
    try {
      const result = await call();
      failed = undefined;
      return result;
    } catch (error) {
      // a person whom it does not know, or a page that it does not take, is no trouble of the line
      if (error instanceof DeliveryError && TROUBLES.includes(error.problem)) failed = error;
      throw error;
    }
  }

  return {
    platform: 'pager',
    cardLifeMs: undefined,
    routes: (app) =>
      addRoutes(app, {
        secret,
        sealKey,
        desk,
        reported,
        clock,
        watch: deps.watch,
        log: deps.log.child({ platform: 'pager' }),
      }),
    // a pager cannot be asked how it is without calling somebody
    async start() {},
    async stop() {
      stopping.abort();
    },
    trouble(language = desk.languageOf('pager', '')) {
      if (failed === undefined) return undefined;
      const say = pagerTroubles(language);
      return failed.problem === 'credentials' ? say.refused(failed.code) : say.away(failed.code);
    },
    examine: async ({ language }) => [await examinePager(url, timeoutMs, language)],
    ...deliveries,
    post: (to, content, intent, language) => watched(() => deliveries.post(to, content, intent, language)),
  };
}

const TROUBLES = ['credentials', 'ambiguous', 'retry-later'];
