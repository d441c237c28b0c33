/**
 * Slack's rate limits kept on our side, so that a storm of cards does not end in 429 for all: token buckets per method
 * and channel. Nothing sleeps here: an empty bucket says when to come again. https://docs.slack.dev/apis/web-api/rate-limits
 */
import { DeliveryError } from '../../src/core/chat.ts';

export type Method =
  | 'chat.postMessage'
  | 'chat.update'
  | 'views.publish'
  | 'conversations.history'
  | 'conversations.open'
  | 'conversations.create'
  | 'conversations.list'
  | 'conversations.invite'
  | 'conversations.setTopic'
  | 'conversations.setPurpose'
  | 'pins.add';

interface Measure {
  perSecond: number;
  burst: number;
}

const perWorkspace: Record<Method, Measure> = {
  'chat.postMessage': { perSecond: 4, burst: 60 },
  'chat.update': { perSecond: 50 / 60, burst: 30 },
  'views.publish': { perSecond: 100 / 60, burst: 30 },
  'conversations.history': { perSecond: 50 / 60, burst: 20 },
  'conversations.open': { perSecond: 50 / 60, burst: 20 },
  'conversations.create': { perSecond: 20 / 60, burst: 8 },
  'conversations.list': { perSecond: 20 / 60, burst: 8 },
  'conversations.invite': { perSecond: 50 / 60, burst: 20 },
  'conversations.setTopic': { perSecond: 20 / 60, burst: 8 },
  'conversations.setPurpose': { perSecond: 20 / 60, burst: 8 },
  'pins.add': { perSecond: 20 / 60, burst: 8 },
};
const perChannel: Partial<Record<Method, Measure>> = { 'chat.postMessage': { perSecond: 1, burst: 5 } };

interface Bucket {
  tokens: number;
  at: number;
}

export interface Rates {
  /** @throws DeliveryError `retry-later` */
  take(method: Method, channel?: string): void;
  /** Slack said to wait: nobody calls this method before that. */
  hold(method: Method, forMs: number): void;
}

export function createRates(clock: () => Date): Rates {
  const buckets = new Map<string, Bucket>();
  const heldUntil = new Map<Method, number>();

  function waitFor(key: string, measure: Measure, now: number): number {
    const before = buckets.get(key) ?? { tokens: measure.burst, at: now };
    const elapsed = Math.max(0, now - before.at) / 1000;
    const tokens = Math.min(measure.burst, before.tokens + elapsed * measure.perSecond);
    buckets.set(key, { tokens, at: now });
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / measure.perSecond) * 1000);
  }

  function spend(key: string): void {
    const bucket = buckets.get(key);
    if (bucket) bucket.tokens -= 1;
  }

  /** A full bucket need not be remembered. */
  function forgetFull(now: number): void {
    if (buckets.size < 2_000) return;
    for (const [key, bucket] of buckets) if (now - bucket.at > 60_000) buckets.delete(key);
  }

  return {
    take(method, channel) {
      const now = clock().getTime();
      forgetFull(now);
      const local = channel === undefined ? undefined : perChannel[method];
      const localKey = `${method} ${channel}`;
      const held = (heldUntil.get(method) ?? 0) - now;
      const wait = Math.max(
        held,
        waitFor(method, perWorkspace[method], now),
        local ? waitFor(localKey, local, now) : 0,
      );
      if (wait > 0) throw new DeliveryError('slack', 'retry-later', 'own-rate-limit', { afterMs: wait });
      spend(method);
      if (local) spend(localKey);
    },
    hold(method, forMs) {
      heldUntil.set(method, Math.max(heldUntil.get(method) ?? 0, clock().getTime() + forMs));
    },
  };
}
