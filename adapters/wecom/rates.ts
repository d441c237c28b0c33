/** How often WeCom lets us speak: refusing beforehand, with the time to wait. Too much would be thrown away without a word. */
import { DeliveryError } from '../../src/core/chat.ts';

export interface Rate {
  key: string;
  most: number;
  /** in this time, in milliseconds */
  within: number;
}

export interface Rates {
  /** Takes one place under each of the keys, or none. @throws DeliveryError retry-later */
  take(rates: readonly Rate[]): void;
  /** WeCom said to wait: nothing is sent under these keys before that. */
  hold(rates: readonly Rate[], forMs: number): void;
}

/** @param among how many processes of ours speak for the same app now: each keeps to its part of what WeCom allows all of them */
export function createRates(clock: () => Date, among: () => number = () => 1): Rates {
  const sent = new Map<string, { at: number[]; within: number }>();
  const heldUntil = new Map<string, number>();

  const recent = (key: string, within: number, now: number): number[] =>
    (sent.get(key)?.at ?? []).filter((at) => now - at < within);

  function waitFor({ key, most, within }: Rate, now: number): number {
    const before = recent(key, within, now);
    const oldest = before[before.length - Math.max(1, Math.floor(most / among()))];
    const full = oldest === undefined ? 0 : oldest + within - now;
    return Math.max(full, (heldUntil.get(key) ?? 0) - now);
  }

  function forget(now: number): void {
    if (sent.size + heldUntil.size < 5000) return;
    for (const [key, { within }] of sent) if (recent(key, within, now).length === 0) sent.delete(key);
    for (const [key, until] of heldUntil) if (until <= now) heldUntil.delete(key);
  }

  return {
    take(rates) {
      const now = clock().getTime();
      const longest = Math.max(0, ...rates.map((rate) => waitFor(rate, now)));
      // the delivery worker knows this code: nothing was asked of the platform, nothing went wrong
      if (longest > 0) throw new DeliveryError('wecom', 'retry-later', 'own-rate-limit', { afterMs: longest });
      for (const { key, within } of rates) sent.set(key, { at: [...recent(key, within, now), now], within });
      forget(now);
    },
    hold(rates, forMs) {
      const until = clock().getTime() + forMs;
      for (const { key } of rates) heldUntil.set(key, Math.max(heldUntil.get(key) ?? 0, until));
    },
  };
}
