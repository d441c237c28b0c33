/**
 * Text for WeCom's surfaces. None of them documents a way to escape: what would be alive is replaced by the sign that looks alike and
 * means nothing. Pure.
 */

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Wide as in a line of Chinese: half-width letters, digits and signs count half. The limits of cards are given in characters (字). */
export function widthOf(text: string): number {
  let width = 0;
  for (const sign of text) width += sign.charCodeAt(0) < 0x1100 ? 0.5 : 1;
  return width;
}

export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/** At most so much by this measure, never cut inside what a person sees as one character. */
function within(text: string, most: number, measure: (text: string) => number): string {
  if (measure(text) <= most) return text;
  const room = most - measure('…');
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += measure(segment);
    if (used > room) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

export const cutWidth = (text: string, most: number): string => within(text, most, widthOf);
export const cutBytes = (text: string, most: number): string => within(text, most, bytesOf);

/** Neither control characters nor halves of characters: JSON writes them as `\uxxxx`, which WeCom refuses (40033); nor that itself. */
export function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/\\(?=u[0-9a-f]{4})/gi, '＼')
    .replace(/[^\P{Cc}\n]/gu, ' ');
}

export const oneLine = (text: string): string => clean(text).replace(/\s+/gu, ' ').trim();

/** `&lt;` must not become what it stands for, wherever on its way it is read as HTML. */
const withoutEntities = (text: string): string => clean(text).replace(/&(?=#?\w{1,10};)/g, '＆');

/** In text messages `<a href=…>` is a link. https://developer.work.weixin.qq.com/document/path/90236 (文本消息) */
export const forText = (text: string): string => withoutEntities(text).replaceAll('<', '＜');

const LOOKALIKE: Record<string, string> = { '<': '＜', '[': '［', ']': '］', '*': '＊', '`': '｀', _: '＿', '~': '～' };

/**
 * In a robot's markdown `<@userid>` calls people, `<font>` colours, `[…](…)` is a link, `#` and `>` begin headings and quotes.
 * https://developer.work.weixin.qq.com/document/path/91770
 */
export function forMarkdown(text: string): string {
  return withoutEntities(text)
    .replace(/[<[\]*`_~]/g, (sign) => LOOKALIKE[sign] ?? sign)
    .replace(/^(\s*)#/gm, '$1＃')
    .replace(/^(\s*)>/gm, '$1＞');
}

/** An address that may stand in a link: of the web, and without what could end the link's own markup. */
export function webAddress(url: string, mostBytes: number): string | undefined {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const href = new URL(url).href.replace(
    /[()<>"'[\]\s]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return bytesOf(href) <= mostBytes ? href : undefined;
}
