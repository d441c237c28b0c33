/** The debrief offered to those who may see the crisis: two links of their own; behind them the paper, made when it is asked for. */
import type { Card } from '../core/card.ts';
import type { Language, Reply } from '../core/chat.ts';
import { markdownOf } from '../core/document.ts';
import type { Scene } from '../core/intake.ts';
import { pdfOf } from '../core/pdf.ts';
import { languageOf } from '../directory/lookup.ts';
import { crisisWords } from '../words/crisis.ts';
import { debriefWords } from '../words/debrief.ts';
import { debriefOf } from './debrief.ts';
import { gatherDebrief } from './debrief-facts.ts';
import { maySee } from './lookup.ts';
import { missingIn } from './missing.ts';
import { type CrisisWorld, isDrill } from './model.ts';
import { type Reader, readCrisis } from './store.ts';

export type PaperLink = (number: string, format: 'pdf' | 'md', person: string) => string;

/** So many things that are missing are named at once; the document names all. */
const MOST_NAMED = 6;

export function debriefReply(link: PaperLink) {
  return async ({ sql, world, person, language, at }: Scene<CrisisWorld>, number: string): Promise<Reply> => {
    const w = debriefWords(language).card;
    const facts = await gatherDebrief(sql, number, at);
    if (!facts) return { kind: 'said', tone: 'bad', text: w.unknown(number) };
    if (!maySee(facts.crisis, person, world)) return { kind: 'said', tone: 'bad', text: w.closed };
    const missing = missingIn(facts, { world, language });
    const links = (['pdf', 'md'] as const).map((format) => link(number, format, person)) as [string, string];
    return { kind: 'card', card: offerCard(number, isDrill(facts.crisis), missing, links, language) };
  };
}

function offerCard(
  number: string,
  drill: boolean,
  missing: string[],
  [pdf, markdown]: [string, string],
  language: Language,
): Card {
  const w = debriefWords(language);
  const items = missing.slice(0, MOST_NAMED).map((text) => `· ${text}`);
  const more = missing.length > MOST_NAMED ? ['…'] : [];
  const text = w.card.text(number);
  return {
    headline: `${drill ? crisisWords(language).drill : ''}${w.title} ${number}`,
    tone: 'muted',
    summary: text,
    blocks: [
      { kind: 'text', text },
      { kind: 'link', label: w.card.pdf, url: pdf },
      { kind: 'link', label: w.card.markdown, url: markdown },
      ...(items.length > 0
        ? [
            { kind: 'text' as const, text: w.headings.missing, strong: true },
            { kind: 'text' as const, text: [...items, ...more].join('\n') },
            { kind: 'note' as const, text: w.card.next },
          ]
        : []),
    ],
  };
}

/** The link says who asks; whether they may see it is asked again now. */
export async function debriefForReader(
  { sql, world, at }: { sql: Reader; world: CrisisWorld; at: Date },
  number: string,
  format: 'pdf' | 'md',
  person: string,
): Promise<{ content: string | Buffer; name: string; mime: string } | undefined> {
  const crisis = await readCrisis(sql, number);
  if (!crisis || !maySee(crisis, person, world)) return undefined;
  const facts = await gatherDebrief(sql, number, at);
  if (!facts) return undefined;
  const language = languageOf(world.directory, person);
  const document = debriefOf(facts, { world, language });
  const w = debriefWords(language);
  const name = `${isDrill(crisis) ? `${w.mark}-` : ''}${w.fileName(number)}.${format}`;
  if (format === 'md') return { content: markdownOf(document), name, mime: 'text/markdown; charset=utf-8' };
  return { content: await pdfOf(document), name, mime: 'application/pdf' };
}
