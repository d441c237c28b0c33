/** Draws what the outbox owes of statements, from the latest state; the lists of them, and what a check found. */
import type { Block, Button, Card } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import { closedCard } from '../core/closed.ts';
import type { Drawer } from '../core/module.ts';
import { MOVED } from '../core/outbox.ts';
import { readCrisis } from '../crisis/listing.ts';
import type { CrisisWorld } from '../crisis/model.ts';
import { statementWords } from '../words/statements.ts';
import { type Reading, startOf, statementCard, stateText } from './cards.ts';
import { type Exact, findIn, holdsUnseen } from './check.ts';
import { foundCard } from './found-cards.ts';
import { statementsOf } from './listing.ts';
import { maySee } from './lookup.ts';
import { exactText, hashOf, type Statement, stepNow } from './model.ts';
import { noticeCard } from './notices.ts';
import { LIST_LENGTH, lastReleased, openWith, type Reader, readStatement, versionsWith } from './store.ts';
import { mayClear, mayRelease } from './turns.ts';

const HOME_LENGTH = 5;

interface Shown {
  world: CrisisWorld;
  language: Language;
}

export function drawStatements(sql: Reader, worldNow: () => Promise<CrisisWorld>): Drawer['draw'] {
  return async ({ kind, subject, audience, about, data = {}, language, plain }) => {
    const [world, statement] = [await worldNow(), await readStatement(sql, subject)];
    if (!statement) return undefined;
    if (kind === 'card' && about === MOVED) return closedCard(subject, 'moved', language);
    const reading = await readingOf(sql, statement, { world, language });
    if ('person' in audience && !maySee(statement, reading.crisis, audience.person, world))
      return kind === 'card' ? closedCard(subject, 'noLonger', language) : undefined;
    if (kind !== 'notice') return statementCard(reading, audience, plain ? 'plain' : 'whole');
    return noticeCard(reading, about ?? '', data, 'person' in audience ? audience.person : '');
  };
}

export async function readingOf(sql: Reader, statement: Statement, { world, language }: Shown): Promise<Reading> {
  const crisis = statement.crisis ? await readCrisis(sql, statement.crisis) : undefined;
  return { statement, crisis, world, language };
}

// --- lists ---

/** `/statement`: in a room those of its crisis, elsewhere what concerns whoever asks. */
export async function listCard(
  sql: Reader,
  person: string,
  crisis: string | undefined,
  { world, language }: Shown,
): Promise<Card> {
  const w = statementWords(language);
  const all = crisis === undefined ? await openWith(sql, person) : (await statementsOf(sql, crisis)).toReversed();
  // somebody may have been brought into the room by hand
  const seen = await seenBy(sql, person, all, world);
  const found = all.filter((one) => seen.has(one.number));
  const blocks = found.slice(0, LIST_LENGTH).flatMap((one) => itemBlocks(one, language));
  const more = found.length > LIST_LENGTH ? [{ kind: 'note' as const, text: w.list.more(LIST_LENGTH) }] : [];
  const title = crisis === undefined ? w.list.mine : w.list.of(crisis);
  const within = crisis === undefined ? {} : { with: { crisis } };
  const acts: Button[] = [
    { label: w.buttons.new, action: { command: 'statements.new', ...within } },
    { label: w.buttons.check, action: { command: 'statements.check' } },
  ];
  return {
    headline: w.list.title,
    tone: 'muted',
    summary: title,
    blocks: [
      { kind: 'text', text: title, strong: true },
      ...(blocks.length > 0 ? blocks : [{ kind: 'note' as const, text: w.list.none }]),
      ...more,
      { kind: 'note', text: w.list.usage },
      { kind: 'buttons', buttons: acts },
    ],
  };
}

function itemBlocks(statement: Statement, language: Language): Block[] {
  const w = statementWords(language);
  const start = statement.drill ? `${w.drill}${startOf(statement)}` : startOf(statement);
  const action = { command: 'statements.show', subject: statement.number };
  return [
    { kind: 'text', text: w.list.item(statement.number, start, stateText(statement, language)) },
    { kind: 'buttons', buttons: [{ label: w.buttons.show(statement.number), action }], drop: 1 },
  ];
}

/** What waits for this person: to be cleared, released or got right; nothing where there is nothing. */
export async function homeBlocks(sql: Reader, person: string, shown: Shown): Promise<Block[]> {
  const open = await openWith(sql, person);
  const readings = await Promise.all(open.map((one) => readingOf(sql, one, shown)));
  const own = readings.filter((reading) => waitsFor(reading, person)).slice(0, HOME_LENGTH);
  const title = statementWords(shown.language).list.title;
  const blocks = own.flatMap(({ statement }) => itemBlocks(statement, shown.language));
  return own.length > 0 ? [{ kind: 'text', text: title, strong: true }, ...blocks] : [];
}

function waitsFor({ statement, crisis, world }: Reading, person: string): boolean {
  const step = stepNow(statement);
  if (step) return mayClear(step, statement, person, world.directory);
  if (statement.state === 'cleared') return mayRelease(statement.author, crisis, person, world.directory);
  return statement.author === person;
}

// --- a check ---

/** `linked`: it stands behind a link, which whoever asks may not be allowed to open. */
interface Given {
  raw: string;
  linked: boolean;
}

/** To whoever may not see a draft it is as unknown as what never was: no text can be probed. */
export async function checkCard(sql: Reader, person: string, { raw, linked }: Given, shown: Shown): Promise<Card> {
  const text = exactText(raw);
  const hash = hashOf(text);
  const [versions, released, open] = [
    await versionsWith(sql, hash),
    await lastReleased(sql),
    await openWith(sql, person),
  ];
  const visible = await seenBy(
    sql,
    person,
    [...versions.map((one) => one.statement), ...released, ...open],
    shown.world,
  );
  const known = [...released, ...open].filter((one) => isPublic(one) || visible.has(one.number));
  const exacts = versions.filter((one) => isOut(one) || visible.has(one.statement.number));
  const found = findIn(text, exacts, linked ? known.filter(isCleared) : known);
  return foundCard(found, { hash, linked, unseen: holdsUnseen(raw) }, shown);
}

/** What anybody drafts alone is no key: a document could be read by it, guess by guess. */
const isCleared = ({ state }: Statement): boolean => state === 'cleared' || state === 'released';
const isPublic = ({ state, drill }: Statement): boolean => state === 'released' && !drill;
/** Of a released one the outside has read the last version, and none before it. */
const isOut = ({ version, statement }: Exact): boolean => isPublic(statement) && version === statement.version;

async function seenBy(
  sql: Reader,
  person: string,
  statements: Statement[],
  world: CrisisWorld,
): Promise<ReadonlySet<string>> {
  const numbers = [...new Set(statements.flatMap(({ crisis }) => crisis ?? []))];
  const crises = new Map(await Promise.all(numbers.map(async (one) => [one, await readCrisis(sql, one)] as const)));
  const seen = statements.filter((one) => maySee(one, one.crisis ? crises.get(one.crisis) : undefined, person, world));
  return new Set(seen.map((one) => one.number));
}
