/**
 * Postgres' arrays as text, and back: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO. The driver would ask each new
 * connection for the types of arrays; with 3.4.9 a connection lost in the middle of that question ends the process (nobody awaits it).
 */
const TEXT_ARRAY = 1009;
const INT_ARRAY = 1007;

/** For the driver's `types`: the arrays that this product's columns and parameters have. */
export const arrayTypes = {
  texts: { to: TEXT_ARRAY, from: [TEXT_ARRAY], serialize: writeTexts, parse: readTexts },
  integers: {
    to: INT_ARRAY,
    from: [INT_ARRAY],
    serialize: (numbers: number[]): string => `{${numbers.join(',')}}`,
    parse: (text: string): number[] => readTexts(text).map(Number),
  },
};

export function writeTexts(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

/** One dimension, without nulls. */
export function readTexts(text: string): string[] {
  const elements = text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,"]+)/gs);
  return Array.from(elements, ([, quoted, bare]) => quoted?.replace(/\\(.)/gs, '$1') ?? bare ?? '');
}
