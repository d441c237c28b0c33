/** Draws what the outbox owes of signals, from the latest state; and the list of indicators with what they have heard lately. */
import { subtractDuration } from '../core/calendar.ts';
import type { Block, Card } from '../core/card.ts';
import { closedCard } from '../core/closed.ts';
import type { Drawer } from '../core/module.ts';
import { MOVED } from '../core/outbox.ts';
import type { CrisisWorld } from '../crisis/model.ts';
import { signalWords } from '../words/signals.ts';
import { indicatorBlocks, itemBlocks, maySee, noticeCard, type Shown, signalCard } from './cards.ts';
import { mayJudge } from './decide.ts';
import { openSignals, type Reader, readSignal, runningOf } from './store.ts';

const LISTED = 20;
const KEYS_LISTED = 5;

export function drawSignals(sql: Reader, worldNow: () => Promise<CrisisWorld>): Drawer['draw'] {
  return async ({ kind, subject, audience, about, language }) => {
    const [world, signal] = [await worldNow(), await readSignal(sql, subject)];
    if (!signal) return undefined;
    if (kind === 'card' && about === MOVED) return closedCard(subject, 'moved', language);
    if ('person' in audience && !maySee(signal, audience.person, world))
      return kind === 'card' ? closedCard(subject, 'noLonger', language) : undefined;
    const shown: Shown = { directory: world.directory, crisis: world.crisis, language };
    return kind === 'notice' ? noticeCard(signal, about ?? '', shown) : signalCard(signal, audience, shown);
  };
}

/** `/signal`: what is watched, how much was heard within its time, and what waits for somebody's word. */
export async function indicatorsCard(sql: Reader, person: string, shown: Shown & { at: Date }): Promise<Card> {
  const { crisis, language, at, directory } = shown;
  const w = signalWords(language);
  const { hours } = directory.company;
  const indicators = crisis?.indicators ?? [];
  const [open, ...running] = await Promise.all([
    openFor(sql, person, shown),
    ...indicators.map((one) => runningOf(sql, one.id, subtractDuration(at, one.within, hours), KEYS_LISTED)),
  ]);
  const title: Block = { kind: 'text', text: w.list.open, strong: true };
  const waiting = open.flatMap((one) => itemBlocks(one, language));
  return {
    headline: w.list.title,
    tone: waiting.length > 0 ? 'bad' : 'muted',
    summary: w.list.title,
    blocks: [
      ...(waiting.length > 0 ? [title, ...waiting] : []),
      ...indicators.flatMap((one, i) => indicatorBlocks(one, running[i] ?? [], language)),
      ...indicators.slice(0, 1).map(({ id }): Block => ({ kind: 'note', text: w.list.how(id) })),
    ],
  };
}

async function openFor(sql: Reader, person: string, world: Pick<Shown, 'crisis' | 'directory'>) {
  const open = await openSignals(sql, LISTED);
  return open.filter((one) => mayJudge(one, person, world));
}

/** What this person has to judge, for their home; nothing where there is nothing. */
export async function homeBlocks(sql: Reader, person: string, shown: Shown): Promise<Block[]> {
  const blocks = (await openFor(sql, person, shown)).flatMap((one) => itemBlocks(one, shown.language));
  return blocks.length > 0
    ? [{ kind: 'text', text: signalWords(shown.language).list.home, strong: true }, ...blocks]
    : [];
}
