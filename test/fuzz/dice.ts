/** Chance that can be repeated: everything that a run does by chance follows from one number. */

export interface Dice {
  /** 0 … below `n` */
  below(n: number): number;
  chance(share: number): boolean;
  pick<T>(of: readonly T[]): T;
  bytes(count: number): Buffer;
}

/** mulberry32: small, quick, and the same everywhere. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    below,
    chance: (share) => next() < share,
    pick: (of) => {
      if (of.length === 0) throw new Error('there is nothing to pick from');
      return of[below(of.length)] as (typeof of)[number];
    },
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => below(256))),
  };
}
