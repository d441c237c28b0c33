/** Draws what the outbox owes of crises, from the latest state: the situation, each person's own call, what rings, what is told. */
import type { Card } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import { closedCard } from '../core/closed.ts';
import type { Drawer } from '../core/module.ts';
import { MOVED } from '../core/outbox.ts';
import { filesOf } from '../files/store.ts';
import { heldBy, statementCounts } from './beside.ts';
import { crisisCard } from './cards.ts';
import { maySee } from './lookup.ts';
import { type Crisis, type CrisisWorld, isOpen } from './model.ts';
import { noticeCard } from './notices.ts';
import { pageCard, ringCard } from './page-cards.ts';
import type { Reading } from './reading.ts';
import { type Reader, readCrisis, ringsSent } from './store.ts';

export function drawCrisis(sql: Reader, worldNow: () => Promise<CrisisWorld>, clock: () => Date): Drawer['draw'] {
  return async ({ kind, subject, audience, about, data = {}, language, plain, unposted }) => {
    const [world, crisis] = [await worldNow(), await readCrisis(sql, subject)];
    if (!crisis) return undefined;
    if (kind === 'card' && about === MOVED) return closedCard(subject, 'moved', language);
    const person = 'person' in audience ? audience.person : undefined;
    if (person !== undefined && !maySee(crisis, person, world))
      return kind === 'card' || kind === 'page' ? closedCard(subject, 'noLonger', language) : undefined;
    const bare = bareReading(crisis, world, language, clock());
    // called to what is over already, people would only be woken
    const late = unposted && !isOpen(crisis);
    if (kind === 'page') return person === undefined || late ? undefined : pageCard(bare, about ?? '', person);
    if (kind === 'ring')
      return person === undefined
        ? undefined
        : ringCard(bare, { call: String(data.call), round: Number(data.round ?? 1) }, person, about ?? '');
    if (kind === 'notice') return noticeCard(bare, about ?? '', data, audience);
    const card = crisisCard(await readingOf(sql, bare), audience);
    return plain ? plainer(card) : card;
  };
}

/** A platform refused the full one: only what cannot be missed. */
const plainer = (card: Card): Card => ({ ...card, blocks: card.blocks.filter((block) => block.drop === undefined) });

/** Enough for a page, which must not wait for anything else. */
export const bareReading = (crisis: Crisis, world: CrisisWorld, language: Language, at: Date): Reading => ({
  crisis,
  world,
  language,
  at,
  sent: [],
  held: [],
  statements: [],
  files: [],
});

export async function readingOf(sql: Reader, bare: Reading): Promise<Reading> {
  const { number } = bare.crisis;
  const [sent, held, statements, files] = await Promise.all([
    ringsSent(sql, number),
    heldBy(sql, number),
    statementCounts(sql, number),
    filesOf(sql, [number]),
  ]);
  return { ...bare, sent, held, statements, files };
}
