/** A report as it is typed: the indicator, what kind of thing, and what was seen. Pure. */
import { cleanLine, cleanParagraph, foldWidth } from '../core/text.ts';
import { type Indicator, LONGEST_KEY, LONGEST_TEXT } from './model.ts';

/** The same kind, however it is typed, is one key; `-` stands where there is none. */
export function readKey(text: string): string {
  const key = cleanLine(foldWidth(text).normalize('NFKC'), LONGEST_KEY).toLowerCase();
  return key === '-' ? '' : cleanLine(key, LONGEST_KEY);
}

const folded = (text: string): string => foldWidth(text).toLowerCase();

/** By its id or either of its titles, which may be several words: the longest that fits. */
function namedFirst(text: string, indicators: Indicator[]): { indicator: Indicator; rest: string } | undefined {
  const line = text.trim();
  const fits = (name: string): boolean =>
    folded(line.slice(0, name.length)) === folded(name) && /^(?:\s|$)/.test(line.slice(name.length));
  const [found] = indicators
    .flatMap((indicator) => [indicator.id, indicator.title.zh, indicator.title.en].map((name) => ({ indicator, name })))
    .filter(({ name }) => fits(name))
    .sort((a, b) => b.name.length - a.name.length);
  return found && { indicator: found.indicator, rest: line.slice(found.name.length).trim() };
}

/** `complaints 起火 顾客说充电时冒烟`: of two words or more the first is the key. */
export function readReport(
  text: string,
  indicators: Indicator[],
): { indicator: string; key: string; text: string } | { unknown: string } {
  const named = namedFirst(text, indicators);
  if (!named) return { unknown: cleanLine(text.trim().split(/\s/)[0] ?? '', 40) };
  const [, first = '', rest = ''] = /^(\S+)\s+([\s\S]+)$/.exec(named.rest) ?? [];
  const said = cleanParagraph(rest === '' ? named.rest : rest, LONGEST_TEXT);
  return { indicator: named.indicator.id, key: readKey(first), text: said };
}
