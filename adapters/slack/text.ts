/** People's words on their way to Slack: cleaned, cut and escaped so that nothing in them can come alive; and back. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\ufeff]/g;

/** Without control characters, direction overrides and halves of surrogate pairs: Slack refuses some, and others lie to the eye. */
export function clean(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(unprintable, '').toWellFormed();
}

/** At most `max` UTF-16 units, with an ellipsis where something is missing; never splits a character. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length > max - 1) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** Only these three matter, in mrkdwn and in `text`: https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function toMrkdwn(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** The escaped text in at most `max` bytes of UTF-8; cuts before escaping, so that no entity is ever halved. */
export function escapeWithinBytes(text: string, max: number): string {
  const whole = toMrkdwn(text);
  if (Buffer.byteLength(whole) <= max) return whole;
  let kept = '';
  let bytes = Buffer.byteLength('…');
  for (const character of text) {
    const piece = toMrkdwn(character);
    bytes += Buffer.byteLength(piece);
    if (bytes > max) break;
    kept += piece;
  }
  return `${kept}…`;
}

/** True where mrkdwn would show something else than these very characters (bold, strike, code, quote, emoji, date, …). */
export function looksLikeMarkup(text: string): boolean {
  return /[*_~`<>&]|:[^\s:]+:|^\s*[•>]/m.test(text);
}

/**
 * What a person typed, as they saw it. A mention comes as `<@U123|name>` and stays `<@U123>`; links and channels become
 * their readable part; `&lt;` and its kin become what was typed. One pass, so that nothing is unescaped twice.
 */
export function asTyped(text: string): string {
  return untangle(text, (target, label) => label ?? target.replace(/^mailto:/, ''));
}

/** The same of what others wrote: a link says where it leads as well, since its label may be anything. */
export function asQuoted(text: string): string {
  return untangle(text, (target, label) => {
    const shown = target.replace(/^mailto:/, '');
    const same = label === undefined || [target, shown, target.replace(/^https?:\/\//, '')].includes(label);
    return same ? (label ?? shown) : `${label} (${target})`;
  });
}

type LinkText = (target: string, label: string | undefined) => string;

function untangle(text: string, linkText: LinkText): string {
  return text.replace(/<([^<>]*)>|&lt;|&gt;|&amp;/g, (token, inside: string | undefined) => {
    if (token === '&lt;') return '<';
    if (token === '&gt;') return '>';
    if (token === '&amp;') return '&';
    return readable(inside ?? '', linkText);
  });
}

function readable(inside: string, linkText: LinkText): string {
  const bar = inside.indexOf('|');
  const [target, label] = bar === -1 ? [inside] : [inside.slice(0, bar), inside.slice(bar + 1)];
  const unescapeAll = (text: string) => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
  if (target.startsWith('@')) return `<${target}>`;
  if (target.startsWith('#')) return `#${unescapeAll(label ?? target.slice(1))}`;
  if (target.startsWith('!')) return `@${unescapeAll((label ?? target.slice(1)).replace(/^@/, ''))}`;
  return unescapeAll(linkText(target, label));
}
