/** How often Feishu lets us speak: refusing beforehand, with the time to wait, instead of sleeping or running into its 429. */
import { DeliveryError } from '../../src/core/chat.ts';

/** The code of what was not sent at all. */
export const OWN_RATE_LIMIT = 'own-rate-limit';

export interface Rate {
  key: string;
  most: number;
  /** in this time, in milliseconds */
  within: number;
}

/** Remembers when something was sent under each key; `now` is a monotonic clock in milliseconds. */
export class Rates {
  readonly #sent = new Map<string, { at: number[]; within: number }>();
  readonly #heldUntil = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Takes one place under each of the keys, or none. @throws DeliveryError retry-later */
  take(...rates: Rate[]): void {
    const now = this.#now();
    const longest = Math.max(0, ...rates.map((rate) => this.#wait(rate, now)));
    if (longest > 0) throw new DeliveryError('feishu', 'retry-later', OWN_RATE_LIMIT, { afterMs: Math.ceil(longest) });
    for (const { key, within } of rates) this.#sent.set(key, { at: [...this.#recent(key, within, now), now], within });
    if (this.#sent.size > 5000) this.#forget(now);
  }

  /** Feishu said to wait: nothing is sent under this key before that. */
  hold({ key }: Rate, forMs: number): void {
    this.#heldUntil.set(key, Math.max(this.#heldUntil.get(key) ?? 0, this.#now() + forMs));
  }

  #wait({ key, most, within }: Rate, now: number): number {
    const recent = this.#recent(key, within, now);
    const oldest = recent[recent.length - most];
    const full = oldest === undefined ? 0 : oldest + within - now;
    return Math.max(full, (this.#heldUntil.get(key) ?? 0) - now);
  }

  #recent(key: string, within: number, now: number): number[] {
    return (this.#sent.get(key)?.at ?? []).filter((at) => now - at < within);
  }

  #forget(now: number): void {
    for (const [key, { within }] of this.#sent) {
      if (this.#recent(key, within, now).length === 0) this.#sent.delete(key);
    }
    for (const [key, until] of this.#heldUntil) if (until <= now) this.#heldUntil.delete(key);
  }
}
