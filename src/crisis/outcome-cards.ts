/** What stands at the end of the situation card: rooms, money, freeze, statements, files; and of a drill its result. Pure. */
import type { Block } from '../core/card.ts';
import type { Audience } from '../core/module.ts';
import { isolate } from '../core/text.ts';
import { crisisWords, sayElapsed } from '../words/crisis.ts';
import { crisisCardWords } from '../words/crisis-cards.ts';
import { ratifyWords } from '../words/ratify.ts';
import { clearButtons, naming, rightsOf, rowOf } from './buttons.ts';
import { isDrill, isOpen, type Score, type Spent } from './model.ts';
import { clockOf, moneyOf, nameOf, platformName, type Reading } from './reading.ts';

const SPENT_SHOWN = 6;
const HELD_SHOWN = 12;

/** The rooms that stand, who is not in them and why, and the button that mends it. */
export function roomBlocks(reading: Reading): Block[] {
  const { crisis, language } = reading;
  const w = crisisCardWords(language).rooms;
  const { names } = crisisWords(language);
  const stands = crisis.rooms.filter((room) => room.id !== undefined);
  const broken = crisis.rooms.flatMap((room): string[] => {
    const platform = platformName(room.platform, language);
    const failed = room.id === undefined ? [w.failed(platform, room.code ?? '')] : [];
    const out = room.out.map(({ person, code }) => w.one(nameOf(person, reading), code));
    return [...failed, ...(out.length > 0 ? [w.out(platform, names(out))] : [])];
  });
  const open = w.open(names(stands.map((room) => platformName(room.platform, language))));
  return [
    ...(stands.length > 0 ? [{ kind: 'note' as const, text: open, drop: 3 as const }] : []),
    ...(broken.length > 0 ? [{ kind: 'text' as const, text: broken.join('\n') }] : []),
    ...rowOf(broken.length > 0 ? [naming(crisis)(crisisWords(language).buttons.mend, 'mend-rooms')] : []),
  ];
}

/** What was spent before it was approved, what is held, what is said and written: with what the viewer may do about it. */
export function moneyBlocks(reading: Reading, viewer: Audience): Block[] {
  const { crisis, language } = reading;
  const w = crisisCardWords(language);
  // what is settled well need not be looked at any more, as long as there is something else
  const spent = [...crisis.spent].sort((one, other) => order(one) - order(other)).slice(0, SPENT_SHOWN);
  const money = spent.map((one) => spentLine(one, reading));
  const clear = isOpen(crisis) ? rowOf(clearButtons(reading, viewer)) : [];
  return [
    ...(money.length > 0 ? [{ kind: 'text' as const, text: money.join('\n') }] : []),
    ...clear,
    ...freezeBlocks(reading, viewer),
    ...besideBlocks(reading, w),
  ];
}

const order = ({ state }: Spent): number => ({ refused: 0, open: 1, ratified: 2 })[state];

/** Both times always: of the act, and of what was said to it afterwards (A3). */
function spentLine(one: Spent, reading: Reading): string {
  const ended = one.endedAt === undefined ? '' : clockOf(one.endedAt, reading);
  const times = ratifyWords(reading.language).times[one.state];
  return spentState(one, reading) + times(clockOf(one.at, reading), ended);
}

function spentState(one: Spent, reading: Reading): string {
  const w = crisisCardWords(reading.language).money;
  const [name, amount] = [nameOf(one.person, reading), moneyOf(one.base, reading)];
  switch (one.state) {
    case 'open':
      return w.open(one.request, name, amount, clockOf(one.due, reading));
    case 'ratified':
      return w.ratified(one.request, name, amount);
    case 'refused':
      return (one.cleared === undefined ? w.refused : w.restored)(one.request, name, amount);
    default:
      return one.state satisfies never;
  }
}

function freezeBlocks(reading: Reading, viewer: Audience): Block[] {
  const { crisis, held, world, language } = reading;
  const w = crisisCardWords(language).freeze;
  const { freeze } = crisis;
  if (!freeze) return isUnsaid(reading) ? [{ kind: 'text', text: w.unsaid }] : [];
  const affected = isolate(freeze.affected);
  if (freeze.state === 'off') return [{ kind: 'note', text: w.off(affected), drop: 3 }];
  const numbers = held.slice(0, HELD_SHOWN).map((one) => one.number);
  const listed = crisisWords(language).names([...numbers, ...(held.length > numbers.length ? ['…'] : [])]);
  const may = isOpen(crisis) && rightsOf(crisis, viewer, world).lead;
  return [
    { kind: 'text', text: w.on(affected, held.length) },
    ...(held.length > 0 ? [{ kind: 'note' as const, text: w.held(listed), drop: 3 as const }] : []),
    ...rowOf(may ? [naming(crisis)(crisisWords(language).buttons.resume, 'resume')] : []),
  ];
}

/** Nothing is held as long as nobody says what for. */
const isUnsaid = ({ crisis }: Reading): boolean =>
  isOpen(crisis) && !isDrill(crisis) && crisis.plan?.freeze === true && crisis.affected.trim() === '';

function besideBlocks(
  { crisis, statements, files, language }: Reading,
  w: ReturnType<typeof crisisCardWords>,
): Block[] {
  const { names } = crisisWords(language);
  const states: Record<string, string> = w.statements.states;
  const parts = statements.map(({ state, count }) => w.statements.part(states[state] ?? state, count));
  const kept = files.filter((file) => file.state !== 'refused').map((file) => file.name);
  const lines = [
    ...(parts.length > 0 ? [w.statements.count(names(parts))] : []),
    ...(crisis.contactCount > 0 ? [w.contacts(crisis.contactCount)] : []),
    ...(kept.length > 0 ? [w.files(names(kept))] : []),
  ];
  return lines.length > 0 ? [{ kind: 'note', text: lines.join('\n'), drop: 3 }] : [];
}

export function scoreBlocks({ crisis, language }: Reading): Block[] {
  if (!crisis.score) return [];
  const w = crisisCardWords(language).score;
  const lines = scoreLines(crisis.score, language);
  return lines.length > 0
    ? [
        { kind: 'text', text: w.title, strong: true },
        { kind: 'text', text: lines.join('\n') },
      ]
    : [];
}

export function scoreLines({ lines }: Score, language: Reading['language']): string[] {
  const w = crisisCardWords(language).score;
  const { targets } = crisisWords(language);
  return lines.map(({ target, wanted, took, met }) => {
    const [name, aim] = [targets[target], sayElapsed(wanted, language)];
    if (took === undefined) return w.never(name, aim);
    return (met ? w.met : w.missed)(name, sayElapsed(took, language), aim);
  });
}
