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
  // a burst is each process' own, and after a bad hour many have just started: Slack counts them together
  'conversations.history': { perSecond: 50 / 60, burst: 5 },
  'conversations.open': { perSecond: 50 / 60, burst: 5 },
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
  /** How long each of these calls would have to wait, were they made in this order, milliseconds. Takes nothing. */
  foresee(calls: readonly { method: Method; channel?: string }[]): number[];
  /** Slack said to wait: nobody calls this method before that. */
  hold(method: Method, forMs: number): void;
}

/** @param among how many processes of ours use the same workspace now: each keeps to its part of what Slack allows all of them */
export function createRates(clock: () => Date, among: () => number = () => 1): Rates {
  const buckets = new Map<string, Bucket>();
  const heldUntil = new Map<Method, number>();

  const ours = ({ perSecond, burst }: Measure): Measure => ({
    perSecond: perSecond / among(),
    burst: Math.max(1, burst / among()),
  });

  function tokensOf(key: string, measure: Measure, now: number): number {
    const before = buckets.get(key) ?? { tokens: measure.burst, at: now };
    const elapsed = Math.max(0, now - before.at) / 1000;
    return Math.min(measure.burst, before.tokens + elapsed * measure.perSecond);
  }

  const waitOf = (tokens: number, { perSecond }: Measure): number =>
    tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000);

  function waitFor(key: string, measure: Measure, now: number): number {
    const tokens = tokensOf(key, measure, now);
    buckets.set(key, { tokens, at: now });
    return waitOf(tokens, measure);
  }

  /**
   * A bucket that went below nothing says how long the line before it is. Whoever hands out does not know which process will send: the line is
   * that of all of them, who are taken to have sent as much as we have.
   */
  function foresee(calls: readonly { method: Method; channel?: string }[]): number[] {
    const now = clock().getTime();
    const left = new Map<string, number>();
    const wait = (key: string, measure: Measure): number => {
      const tokens = left.get(key) ?? Math.min(measure.burst, tokensOf(key, ours(measure), now) * among());
      left.set(key, tokens - 1);
      return waitOf(tokens, measure);
    };
    return calls.map(({ method, channel }) => {
      const local = channel === undefined ? undefined : perChannel[method];
      const held = (heldUntil.get(method) ?? 0) - now;
      return Math.max(0, held, wait(method, perWorkspace[method]), local ? wait(`${method} ${channel}`, local) : 0);
    });
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
    foresee,
    take(method, channel) {
      const now = clock().getTime();
      forgetFull(now);
      const whole = channel === undefined ? undefined : perChannel[method];
      const [all, local] = [ours(perWorkspace[method]), whole && ours(whole)];
      const localKey = `${method} ${channel}`;
      const held = (heldUntil.get(method) ?? 0) - now;
      const wait = Math.max(held, waitFor(method, all, now), local ? waitFor(localKey, local, now) : 0);
      if (wait > 0) throw new DeliveryError('slack', 'retry-later', 'own-rate-limit', { afterMs: wait });
      spend(method);
      if (local) spend(localKey);
    },
    hold(method, forMs) {
      heldUntil.set(method, Math.max(heldUntil.get(method) ?? 0, clock().getTime() + forMs));
    },
  };
}
