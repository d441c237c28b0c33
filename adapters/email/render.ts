/** Card → what a mail says: the subject, and the same words twice, as plain text and as HTML. */
import type { Block, Card } from '../../src/core/card.ts';
import type { Language } from '../../src/core/chat.ts';
import { emailWords } from '../../src/words/email.ts';
import { htmlBlock, htmlPage } from './html.ts';
import { plainBlock } from './plain.ts';
import { clean, cut, oneLine } from './text.ts';

export interface Letter {
  subject: string;
  text: string;
  html: string;
}

/** Phones show some 40 characters, desks 70; what is longer is cut by us and not in the middle of a word by them. */
const SUMMARY_AS_SUBJECT = 78;
/** A letter's subject is the same for its whole thread: it is left as it is unless it is no subject any more. */
const SUBJECT = 200;

/** @param sender the name that the mail is from */
export function renderMail(card: Card, language: Language, sender: string): Letter {
  const words = emailWords(language);
  const subject = subjectOf(card) || words.untitled;
  const headline = clean(card.headline).trim() || subject;
  const blocks = mailable(card);
  const footer = words.footer(oneLine(sender));
  const plain = blocks.flatMap((block) => plainBlock(block, language) || []);
  const text = [headline, ...plain, `-- \n${footer}`].join('\n\n');
  const html = htmlPage(
    { title: subject, headline, tone: card.tone, blocks: blocks.flatMap((block) => htmlBlock(block) ?? []), footer },
    language,
  );
  return { subject, text: `${text}\n`, html };
}

function subjectOf(card: Card): string {
  if (card.letter) return cut(oneLine(card.letter.subject), SUBJECT);
  return cut(oneLine(card.summary) || oneLine(card.headline), SUMMARY_AS_SUBJECT);
}

/** A card that has nothing but buttons still says its one sentence. */
function mailable(card: Card): Block[] {
  const blocks = card.blocks.filter((block) => block.kind !== 'buttons');
  return blocks.length > 0 ? blocks : [{ kind: 'text', text: card.summary }];
}
