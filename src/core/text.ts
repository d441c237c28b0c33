/**
 * Text hygiene: what people (and attackers) type becomes text that looks like what it is. Everything that others will
 * read passes through `cleanLine` or `cleanParagraph` once, when it comes in; cards `isolate` what they quote.
 * Unicode's reasons: https://www.unicode.org/reports/tr36/ (spoofing by bidirectional text) and tr9 (isolates).
 */

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Format characters (zero width, bidirectional controls, BOM, soft hyphen) and the letters that are blank by design. */
const INVISIBLE = /[\p{Cf}\u2800\u3164\uFFA0]|\u034F|\u115F|\u1160|\u17B4|\u17B5/gu;

/** The one place where format characters mean something: joiners between pictures (👩‍💻), tags of a flag (🏴󠁧󠁢󠁥󠁮󠁧󠁿). */
const JOINED_EMOJI =
  /\u{1F3F4}[\u{E0061}-\u{E007A}]{2,6}\u{E007F}|\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F)*(?:\u200D\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F)*)+/gu;

function withoutInvisible(text: string): string {
  let kept = '';
  let from = 0;
  for (const emoji of text.matchAll(JOINED_EMOJI)) {
    kept += text.slice(from, emoji.index).replace(INVISIBLE, '') + emoji[0];
    from = emoji.index + emoji[0].length;
  }
  return kept + text.slice(from).replace(INVISIBLE, '');
}

/** More than four combining marks on a letter is no language, but a storm that paints over its neighbours. */
const calm = (line: string): string => line.replace(/(\p{M}{4})\p{M}+/gu, '$1').replace(/^\p{M}+/u, '');

const washLine = (line: string): string => calm(withoutInvisible(line.normalize('NFC')).replace(/\s+/gu, ' ').trim());

/** Cut after at most `max` code points, never inside what a person sees as one character. */
function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = '';
  let points = 0;
  for (const { segment } of graphemes.segment(text)) {
    points += [...segment].length;
    if (points > max) break;
    kept += segment;
  }
  return kept.trim();
}

/** What is taken out can let its neighbours join (a mark and a letter, two spaces): wash until it stays the same. */
function settle(text: string, wash: (text: string) => string): string {
  const washed = wash(text);
  return washed === text ? text : settle(washed, wash);
}

/** A megabyte of blanks costs nothing: no more is looked at than could matter. */
const bounded = (raw: string, max: number): string => raw.slice(0, max * 20 + 2000).toWellFormed();

/** One line: NFC, no control or invisible characters, single spaces, at most `max` code points. */
export function cleanLine(raw: string, max: number): string {
  const line = bounded(raw, max)
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]/g, ' ')
    .replace(/\p{Cc}/gu, '');
  return settle(line, (text) => shorten(washLine(text), max));
}

/** Several lines: as `cleanLine`, but line breaks stay, two in a row at most. */
export function cleanParagraph(raw: string, max: number): string {
  const lines = bounded(raw, max)
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '');
  return settle(lines, (text) => {
    const washed = text.split('\n').map(washLine).join('\n');
    return shorten(washed.replace(/\n{3,}/g, '\n\n').trim(), max);
  });
}

const BIDI_CONTROLS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;
/** Hebrew, Arabic and their neighbours, with their presentation forms; and the right-to-left scripts of the upper plane. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08FF\u200F\u202B\u202E\u2067\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/**
 * Quoted text that runs from right to left must not turn round the amount beside it: each such line is put between
 * FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE, which nothing inside can close. All other text stays as it is.
 */
export function isolate(text: string): string {
  if (!RIGHT_TO_LEFT.test(text)) return text;
  const around = (line: string): string => (line === '' ? line : `\u2068${line}\u2069`);
  return text.replace(BIDI_CONTROLS, '').split('\n').map(around).join('\n');
}

/** Full-width ASCII, the full-width yen and pound and the ideographic space as typed by a Chinese keyboard; unit by unit. */
export function foldWidth(text: string): string {
  return text
    .replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\u00A0\u2002-\u200A\u202F]/g, ' ')
    .replace(/\uFFE5/g, '¥')
    .replace(/\uFFE1/g, '£')
    .replace(/\uFFE0/g, '¢')
    .replace(/\uFFE6/g, '₩');
}

const RESERVED_ON_WINDOWS = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;

/** One part of a file name that every system takes: no separators, no leading dot, at most 60 characters (240 bytes). */
export function asFileName(text: string): string {
  const plain = cleanLine(foldWidth(text), 60)
    .replace(/[\\/:*?"<>|\u2044\u2215\u29F8]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  if (plain === '') return '_';
  return RESERVED_ON_WINDOWS.test(plain) ? `_${plain}` : plain;
}
