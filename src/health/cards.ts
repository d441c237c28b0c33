/** The result of an examination as a card: one line for each fault, worst first, each with its mend. Pure. */
import { z } from 'zod';
import type { Block, Card } from '../core/card.ts';
import type { Check, Language } from '../core/chat.ts';
import type { JsonObject } from '../core/message.ts';
import { healthWords } from '../words/health.ts';

/** Beyond that a card is no list of things to do any more. */
const LISTED = 15;
const RANK = { stops: 0, limits: 1, note: 2, well: 3 } as const;
const MARK = { stops: '✗', limits: '✗', note: 'ℹ' } as const;

const Kept = z.object({
  since: z.string(),
  whole: z.boolean(),
  checks: z.array(
    z.union([
      z.object({ kind: z.literal('well'), what: z.string() }),
      z.object({ kind: z.enum(['note', 'limits', 'stops']), what: z.string(), mend: z.string() }),
    ]),
  ),
});

/** `since`: when this program was started, as a clock reads there; `whole`: the platforms have been asked. */
export function healthData(checks: readonly Check[], since: string, whole: boolean): JsonObject {
  return { since, whole, checks: checks.map((check) => ({ ...check })) } satisfies z.input<typeof Kept>;
}

export function healthCard(data: JsonObject, language: Language): Card {
  const { since, whole, checks } = Kept.parse(data);
  const w = healthWords(language);
  const sorted = checks.toSorted((a, b) => RANK[a.kind] - RANK[b.kind]);
  const found = sorted.filter((check) => check.kind !== 'well');
  const wrong = found.filter(({ kind }) => kind !== 'note').length;
  const headline = wrong > 0 ? w.wrong(wrong) : found.length > 0 ? w.noted : w.well;
  const lines = found.slice(0, LISTED).flatMap((check): Block[] => [
    { kind: 'text', text: `${MARK[check.kind]} ${check.what}`, strong: check.kind !== 'note' },
    { kind: 'note', text: w.mend(check.mend) },
  ]);
  const well = sorted.filter(({ kind }) => kind === 'well').map(({ what }) => what);
  return {
    headline: whole ? headline : w.first(headline),
    tone: wrong > 0 ? (found.some(({ kind }) => kind === 'stops') ? 'bad' : 'warn') : 'good',
    summary: found[0]?.what ?? headline,
    blocks: [
      ...lines,
      ...(found.length > LISTED ? [{ kind: 'note' as const, text: w.more(found.length - LISTED) }] : []),
      ...(lines.length > 0 ? [{ kind: 'divider' as const }] : []),
      { kind: 'note', text: w.since(since) },
      ...(well.length > 0 ? [{ kind: 'note' as const, text: w.checked(w.join(well)), drop: 1 as const }] : []),
      ...(whole ? [] : [{ kind: 'note' as const, text: w.follows }]),
    ],
  };
}
