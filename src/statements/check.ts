/** Is what was published what was cleared? The same text by its hash, the whole text within a page, or the nearest one with the first difference. Pure. */
import { exactText, linesOf, type Statement } from './model.ts';

/** A few characters around the first difference, in each of the two texts. */
export interface Difference {
  /** of the checked text, counted from 1 */
  line: number;
  before: string;
  /** empty: the text ends here */
  kept: { at: string; after: string };
  given: { at: string; after: string };
}

export type Exact = { version: number; statement: Statement };
export type Found =
  | { kind: 'released' | 'replaced' | 'cleared' | 'uncleared' | 'older' | 'withdrawn'; exact: Exact }
  | { kind: 'contains'; statement: Statement }
  | { kind: 'differs'; statement: Statement; difference: Difference }
  | { kind: 'none' };

/** A few words may stand in any text. */
const SHORTEST_WITHIN = 12;
/** What may be used comes before what may not. */
const RANK = ['released', 'replaced', 'cleared', 'uncleared', 'older', 'withdrawn'] as const;

/**
 * @param exacts versions of exactly this text, of those that the asker may know of
 * @param known the newest texts that the asker may know of
 */
export function findIn(text: string, exacts: readonly Exact[], known: readonly Statement[]): Found {
  const ranked = exacts.map((exact) => ({ kind: standingOf(exact), exact }));
  const best = ranked.sort((a, b) => RANK.indexOf(a.kind) - RANK.indexOf(b.kind))[0];
  if (best) return best;
  const within = known.find((one) => one.text.length >= SHORTEST_WITHIN && text.includes(one.text));
  if (within) return { kind: 'contains', statement: within };
  const nearest = nearestOf(text, known);
  if (!nearest) return { kind: 'none' };
  return { kind: 'differs', statement: nearest, difference: firstDifference(nearest.text, text) };
}

function standingOf({ version, statement }: Exact): (typeof RANK)[number] {
  if (version < statement.version) return 'older';
  switch (statement.state) {
    case 'released':
      return statement.replacedBy ? 'replaced' : 'released';
    case 'cleared':
    case 'withdrawn':
      return statement.state;
    case 'draft':
    case 'clearing':
      return 'uncleared';
    default:
      return statement.state satisfies never;
  }
}

// --- what nobody sees in it ---

/** White space of every kind, line ends among it: what a check makes nothing of. */
const WHITE = /[\t-\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]/gu;

/**
 * More than white space is taken out of it before it is compared: a turn of the direction, characters without width, tags, stray marks.
 * With these it reads otherwise than it compares: https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
export function holdsUnseen(raw: string): boolean {
  const letters = (text: string): string => text.normalize('NFC').replace(WHITE, '');
  return letters(raw) !== letters(exactText(raw));
}

// --- what is like it ---

/** Half of all neighbouring pairs of words: below it two texts are not versions of each other. */
const ALIKE = 0.5;

function nearestOf(text: string, known: readonly Statement[]): Statement | undefined {
  const pairs = pairsIn(text);
  const rated = known.map((statement) => ({ statement, likeness: likeness(pairs, pairsIn(statement.text)) }));
  const best = rated.reduce((a, b) => (b.likeness > (a?.likeness ?? 0) ? b : a), rated[0]);
  return best && best.likeness >= ALIKE ? best.statement : undefined;
}

/**
 * Words and signs; each character by itself where words are not written apart. Any two texts in an alphabet share most pairs of its
 * letters, but few pairs of words.
 */
const WORDS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|[[\p{L}\p{M}\p{N}]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]]+|\S/gv;

/** Each pair of neighbours, and how often it stands there. */
function pairsIn(text: string): Map<string, number> {
  const words = text.toLowerCase().match(WORDS) ?? [];
  const pairs = new Map<string, number>();
  for (let i = 0; i < words.length; i++) {
    const pair = `${words[i]} ${words[i + 1] ?? ''}`;
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

/** Dice's coefficient: 1 the same pairs, 0 none in common. */
function likeness(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  const size = (pairs: ReadonlyMap<string, number>) => [...pairs.values()].reduce((sum, count) => sum + count, 0);
  let shared = 0;
  for (const [pair, count] of one) shared += Math.min(count, other.get(pair) ?? 0);
  return (2 * shared) / Math.max(1, size(one) + size(other));
}

// --- where it differs ---

const AROUND = 8;

export function firstDifference(kept: string, given: string): Difference {
  const [a, b] = [[...kept], [...given]];
  const longest = Math.max(a.length, b.length);
  let at = 0;
  while (at < longest && a[at] === b[at]) at++;
  const part = (points: readonly string[]) => ({
    at: points[at] ?? '',
    after: points.slice(at + 1, at + 1 + AROUND).join(''),
  });
  return {
    line: linesOf(b.slice(0, at).join('')).length,
    before: b.slice(Math.max(0, at - AROUND), at).join(''),
    kept: part(a),
    given: part(b),
  };
}
