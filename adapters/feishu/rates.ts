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
  readonly #among: () => number;

  /** @param among how many processes of ours use the same app now: each keeps to its part of what Feishu allows all of them */
  constructor(now: () => number = () => performance.now(), among: () => number = () => 1) {
    this.#now = now;
    this.#among = among;
  }

  /** Takes one place under each of the keys, or none. @throws DeliveryError retry-later */
  take(...rates: Rate[]): void {
    const now = this.#now();
    const longest = Math.max(0, ...rates.map((rate) => this.#wait(rate, now)));
    if (longest > 0) throw new DeliveryError('feishu', 'retry-later', OWN_RATE_LIMIT, { afterMs: Math.ceil(longest) });
    for (const { key, within } of rates) this.#sent.set(key, { at: [...this.#recent(key, within, now), now], within });
    if (this.#sent.size > 5000) this.#forget(now);
  }

  /**
   * How long each of these would have to wait, were they sent in this order, milliseconds. Takes nothing. Whoever hands out does not know which
   * process will send: the line is that of all of them, who are taken to have sent as much as we have.
   */
  foresee(sends: readonly Rate[][]): number[] {
    const now = this.#now();
    const lines = new Map<string, number[]>();
    const lineOf = ({ key, within }: Rate): number[] => {
      const line = lines.get(key) ?? this.#recent(key, within, now).flatMap((at) => Array(this.#among()).fill(at));
      lines.set(key, line);
      return line;
    };
    return sends.map((rates) => {
      const wait = Math.ceil(Math.max(0, ...rates.map((rate) => this.#waitAfter(lineOf(rate), rate, now))));
      for (const rate of rates) lineOf(rate).push(now + wait);
      return wait;
    });
  }

  /** Feishu said to wait: nothing is sent under this key before that. */
  hold({ key }: Rate, forMs: number): void {
    this.#heldUntil.set(key, Math.max(this.#heldUntil.get(key) ?? 0, this.#now() + forMs));
  }

  #wait(rate: Rate, now: number): number {
    const most = Math.max(1, Math.floor(rate.most / this.#among()));
    return this.#waitAfter(this.#recent(rate.key, rate.within, now), { ...rate, most }, now);
  }

  #waitAfter(sent: readonly number[], { key, most, within }: Rate, now: number): number {
    const oldest = sent[sent.length - most];
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
