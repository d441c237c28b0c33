/** Draws what the outbox owes of decisions, from the latest state; and the lists of them. */
import { showDate } from '../core/calendar.ts';
import type { Block, Card } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import { closedCard } from '../core/closed.ts';
import type { Drawer } from '../core/module.ts';
import { MOVED } from '../core/outbox.ts';
import { isolate } from '../core/text.ts';
import type { Directory } from '../directory/model.ts';
import { filesOf } from '../files/store.ts';
import type { World } from '../processes/model.ts';
import { decisionWords } from '../words/decisions.ts';
import { decisionCard, marked, maySee, noticeCard, overdue, type Reading, stateText } from './cards.ts';
import { actsFor } from './decide.ts';
import { letterCard } from './letters.ts';
import type { DecisionTaken } from './model.ts';
import { LIST_LENGTH, openFor, ownedBy, type Reader, readDecision } from './store.ts';

const HOME_LENGTH = 5;

export function drawDecisions(sql: Reader, worldNow: () => Promise<World>, clock: () => Date): Drawer['draw'] {
  return async ({ kind, subject, audience, about, data = {}, language }) => {
    const [world, decision] = [await worldNow(), await readDecision(sql, subject)];
    if (!decision) return undefined;
    const at = clock();
    if (kind === 'card' && about === MOVED) return closedCard(subject, 'moved', language);
    if ('person' in audience && !maySee(decision, audience.person, world))
      return kind === 'card' ? closedCard(subject, 'noLonger', language) : undefined;
    const reading = await readingOf(sql, decision, world, language, at);
    const reader = 'person' in audience ? audience.person : '';
    if (kind === 'notice') return noticeCard(reading, about ?? '', data, reader);
    if (kind === 'letter') return letterCard(reading, about ?? '', data, reader);
    return decisionCard(reading, audience);
  };
}

export async function readingOf(
  sql: Reader,
  decision: DecisionTaken,
  { directory }: { directory: Directory },
  language: Language,
  at: Date,
): Promise<Reading> {
  return { decision, directory, language, at, files: await filesOf(sql, [decision.number]) };
}

/** Somebody themselves, and those for whom they act. */
const ownersOf = (person: string, directory: Directory): string[] =>
  [...directory.people.keys()].filter((owner) => owner === person || actsFor({ owner }, directory) === person);

/** `/decisions` and `/decisions mine`. */
export async function listCard(
  sql: Reader,
  person: string,
  scope: 'mine' | 'all',
  shown: { directory: Directory; language: Language; at: Date },
): Promise<Card> {
  const w = decisionWords(shown.language).list;
  const found = await (scope === 'mine' ? ownedBy(sql, ownersOf(person, shown.directory)) : openFor(sql, person));
  const blocks = found.slice(0, LIST_LENGTH).flatMap((one) => itemBlocks(one, shown));
  const more = found.length > LIST_LENGTH ? [{ kind: 'note' as const, text: w.more(LIST_LENGTH) }] : [];
  const title = scope === 'mine' ? w.mine : w.all;
  return {
    headline: w.title,
    tone: found.some((one) => overdue(one, shown) > 0) ? 'warn' : 'muted',
    summary: title,
    blocks: [
      { kind: 'text', text: title, strong: true },
      ...(blocks.length > 0 ? blocks : [{ kind: 'note' as const, text: w.none }]),
      ...more,
    ],
  };
}

function itemBlocks(decision: DecisionTaken, shown: { directory: Directory; language: Language; at: Date }): Block[] {
  const w = decisionWords(shown.language);
  const owner = shown.directory.people.get(decision.owner)?.name ?? decision.owner;
  const due = showDate(decision.due, shown.language);
  const text = w.list.item(
    decision.number,
    marked(decision, isolate(decision.text), shown.language),
    owner,
    due,
    stateText(decision, shown),
  );
  const action = { command: 'decisions.show', subject: decision.number };
  return [
    { kind: 'text', text },
    { kind: 'buttons', buttons: [{ label: w.buttons.show(decision.number), action }], drop: 1 },
  ];
}

/** What this person has to do, for their home; nothing where there is nothing. */
export async function homeBlocks(
  sql: Reader,
  person: string,
  shown: { directory: Directory; language: Language; at: Date },
): Promise<Block[]> {
  const own = await ownedBy(sql, ownersOf(person, shown.directory), HOME_LENGTH);
  const title = decisionWords(shown.language).list.title;
  const blocks = own.flatMap((one) => itemBlocks(one, shown));
  return own.length > 0 ? [{ kind: 'text', text: title, strong: true }, ...blocks] : [];
}
