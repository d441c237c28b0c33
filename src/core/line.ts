/** A typed line as a command and what stands after it: `/spend 3.2万 春季促销物料`, `／会议 列表`. Pure. */
import { foldWidth } from './text.ts';

export interface Line {
  /** the command without its slash, small letters */
  word: string;
  rest: string;
  slashed: boolean;
}

export function readLine(text: string): Line | undefined {
  const trimmed = text.trim();
  const end = trimmed.search(/[\s\u3000]/);
  const first = end === -1 ? trimmed : trimmed.slice(0, end);
  const folded = foldWidth(first).trim();
  const slashed = folded.startsWith('/');
  const word = (slashed ? folded.slice(1) : folded).toLowerCase();
  if (word === '') return undefined;
  return { word, slashed, rest: end === -1 ? '' : trimmed.slice(end).trim() };
}
