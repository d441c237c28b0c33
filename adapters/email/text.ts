/** People's words on their way into a mail: cleaned, cut and escaped so that nothing in them can come alive. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Without control characters, direction overrides and halves of surrogate pairs. */
export function clean(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(unprintable, '')
    .toWellFormed();
}

/** For headers: whatever breaks a line is a space, so that nobody's words can begin a header of their own. */
export function oneLine(text: string): string {
  return clean(text).replace(/\s+/g, ' ').trim();
}

/** At most `max` code points, with an ellipsis where something is missing. */
export function cut(text: string, max: number): string {
  const points = [...text];
  return points.length <= max
    ? text
    : `${points
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Safe between tags and inside quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** The address as it may be pressed; undefined: it is only text (`javascript:` and its kin). */
export function webAddress(url: string): string | undefined {
  const address = clean(url).trim();
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol) ? new URL(address).href : undefined;
}
