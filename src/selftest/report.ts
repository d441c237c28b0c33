/** What was checked, as lines for an installer or as JSON for a program. Pure. */
import type { Check, Language } from '../core/chat.ts';
import type { selftestWords } from '../words/selftest.ts';

export type Area = keyof ReturnType<typeof selftestWords>['areas'];
/** `off`: not set up, which is no fault. */
export type Line = { area: Area } & (Check | { kind: 'off'; what: string });

const MARK = { well: '✓', note: 'ℹ', limits: '✗', stops: '✗', off: '–' } as const;

export const wrongIn = (lines: readonly Line[]): number =>
  lines.filter(({ kind }) => kind === 'limits' || kind === 'stops').length;

export function textOf(line: Line): string {
  const mend = 'mend' in line ? `\n    → ${line.mend.replaceAll('\n', '\n      ')}` : '';
  return `${MARK[line.kind]} ${line.what}${mend}\n`;
}

export function jsonOf(line: Line): string {
  const mend = 'mend' in line ? { mend: line.mend } : {};
  const ok = line.kind === 'off' ? null : line.kind === 'well' || line.kind === 'note';
  return `${JSON.stringify({ area: line.area, ok, kind: line.kind, what: line.what, ...mend })}\n`;
}

export interface Asked {
  to: string[];
  json: boolean;
  language: Language | undefined;
}

/** undefined: not understood, or help is asked for; `unknown`: which word it was */
export function readArgs(args: readonly string[]): { ok: Asked } | { unknown: string | undefined } {
  const asked: Asked = { to: [], json: false, language: undefined };
  for (let i = 0; i < args.length; i++) {
    const [name = '', inline] = (args[i] ?? '').split(/=(.*)/s);
    const value = (): string | undefined => inline ?? args[++i];
    if (name === '--json') asked.json = true;
    else if (name === '--to') {
      const to = value();
      if (!to) return { unknown: name };
      asked.to.push(to);
    } else if (name === '--language') {
      const language = value();
      if (language !== 'zh' && language !== 'en') return { unknown: `${name} ${language ?? ''}`.trim() };
      asked.language = language;
    } else return { unknown: name === '--help' || name === '-h' ? undefined : name };
  }
  return { ok: asked };
}
