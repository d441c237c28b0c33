/**
 * All chance of a run comes from its seed. Whatever happens draws from a stream of its own, known by its name, so that the same seed rolls the
 * same for the tenth call of a method or for request 17, whoever overtakes whom.
 */
export interface Dice {
  /** 0 ≤ it < 1 */
  roll(): number;
  chance(share: number): boolean;
  /** from `least` to `most`, both included */
  whole(least: number, most: number): number;
  pick<T>(some: readonly T[]): T;
  /** one of these, as often as its weight says */
  weigh<T extends string>(weights: Readonly<Record<T, number>>): T;
  stream(name: string): Dice;
}

export function createDice(seed: number, name = ''): Dice {
  const roll = sfc32(`${seed}/${name}`);
  const dice: Dice = {
    roll,
    chance: (share) => roll() < share,
    whole: (least, most) => least + Math.floor(roll() * (most - least + 1)),
    pick: (some) => some[Math.floor(roll() * some.length)] as (typeof some)[number],
    weigh: (weights) => weigh(roll(), weights),
    stream: (inner) => createDice(seed, `${name}/${inner}`),
  };
  return dice;
}

function weigh<T extends string>(roll: number, weights: Readonly<Record<T, number>>): T {
  const entries = Object.entries(weights) as [T, number][];
  let left = roll * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) {
    left -= weight;
    if (left < 0) return name;
  }
  return entries[entries.length - 1]?.[0] as T;
}

/** Four words of FNV-1a seed it; the generator is Chris Doty-Humphrey's "small fast counting" one, https://pracrand.sourceforge.net */
function sfc32(text: string): () => number {
  let [a, b, c, d] = [1, 2, 3, 4].map((salt) => hash(`${salt}/${text}`)) as [number, number, number, number];
  const next = () => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h | 0;
}
