/**
 * Where lines break: between Chinese characters anywhere but before a closing and after an opening sign, between words at spaces, inside a word
 * only where it is longer than the line (a hash, an address). After https://www.w3.org/TR/clreq/#prohibition_rules_for_line_start_end. Pure.
 */

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** Each of these is one sign by itself: most lines need not be looked at more closely. */
const SINGLE = /^[\u0020-\u007e\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]*$/;
const graphemesOf = (text: string): string[] =>
  SINGLE.test(text) ? [...text] : Array.from(graphemes.segment(text), ({ segment }) => segment);

const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u2014\u2026\u3000-\u303F\uFF00-\uFFEF]/u;
const NOT_FIRST = /^[、。，．！？；：）」』】》〉〕”’…—·,.!?;:)\]}%‰℃]/u;
const NOT_LAST = /^[（「『【《〈〔“‘([{]/u;

/** What stays together: a word, or one Chinese character with the signs that hang on it. */
function pieces(line: string): string[] {
  const all: string[] = [];
  let before = ' ';
  for (const unit of graphemesOf(line)) {
    if (all.length > 0 && belongs(before, unit)) all[all.length - 1] += unit;
    else all.push(unit);
    before = unit;
  }
  return all;
}

function belongs(before: string, unit: string): boolean {
  if (before === ' ' || unit === ' ') return false;
  if (NOT_FIRST.test(unit) || NOT_LAST.test(before)) return true;
  return !WIDE.test(unit) && !WIDE.test(before);
}

/** What no font shows: controls, marks of direction, joiners that stand alone. */
const INVISIBLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** @param measure how wide a text is, in the unit of `width` */
export function wrap(text: string, width: number, measure: (text: string) => number): string[] {
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line.replace(INVISIBLE, '').replace(/\s+/g, ' ').trim(), width, measure));
}

const MOST_ALONG = 6;

/** The end of a line from its last sign on that may begin one; empty: it would take all of it. */
function tailOf(line: string): string {
  const signs = graphemesOf(line);
  for (let from = signs.length - 1; from > 0 && signs.length - from <= MOST_ALONG; from--)
    if (signs[from] !== ' ' && !NOT_FIRST.test(signs[from] ?? '')) return signs.slice(from).join('');
  return '';
}

function wrapLine(line: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let now = '';
  let taken = 0;
  const end = () => {
    lines.push(now.trimEnd());
    now = '';
    taken = 0;
  };
  const put = (piece: string, wide: number) => {
    if (taken > 0 && taken + wide > width && piece !== ' ') {
      // what closes takes what it closes along, though somebody typed a space between them
      const along = NOT_FIRST.test(piece) ? tailOf(now) : '';
      if (measure(along) + wide <= width) now = now.slice(0, now.length - along.length);
      end();
      if (measure(along) + wide <= width) [now, taken] = [along.trimEnd(), measure(along.trimEnd())];
    }
    if (taken === 0 && piece === ' ') return;
    now += piece;
    taken += wide;
  };
  for (const piece of pieces(line)) {
    const wide = measure(piece);
    const parts = wide > width ? graphemesOf(piece) : [piece];
    for (const part of parts) put(part, parts.length > 1 ? measure(part) : wide);
  }
  if (now !== '' || lines.length === 0) end();
  return lines;
}
