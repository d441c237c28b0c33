/** What `/crisis` answers: what is open and what to do next, which one is meant, which drills there are; and a person's part of their home. */
import type { ActionRef, Block, Button, Card } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import { cleanLine, isolate } from '../core/text.ts';
import { crisisWords } from '../words/crisis.ts';
import { crisisAnswerWords } from '../words/crisis-answers.ts';
import { crisisCardWords } from '../words/crisis-cards.ts';
import { naming, rowOf } from './buttons.ts';
import { nextStep } from './cards.ts';
import { bareReading } from './drawer.ts';
import { assessors, mayDrill, maySee } from './lookup.ts';
import { type Call, type Crisis, type CrisisWorld, isDrill, isOpen } from './model.ts';
import { briefOf, kindTitle, markOf, nameOf } from './reading.ts';
import { openCrises, type Reader, recentFor } from './store.ts';
import { isExcused } from './team-cards.ts';

export interface Shown {
  world: CrisisWorld;
  language: Language;
  at: Date;
}

const RECENT = 3;
const HOME_LENGTH = 5;

/** The calls that ring, or still wait, for an answer of this person. */
export const callsRinging = (crisis: Crisis, person: string): Call[] =>
  isOpen(crisis) ? crisis.calls.filter((call) => call.state === 'calling' && call.chain.includes(person)) : [];

/** Without those of which they said that they cannot. */
export const callsWaiting = (crisis: Crisis, person: string): Call[] =>
  callsRinging(crisis, person).filter((call) => !isExcused(call, person));

/** What really goes on and is nothing of theirs: that it is, of which kind and how grave, is for everybody; what happened is not. */
export function elsewhere(open: readonly Crisis[], person: string, { world, language }: Shown): string[] {
  const { aside, grades, states } = crisisWords(language);
  return open
    .filter((crisis) => !isDrill(crisis) && !maySee(crisis, person, world))
    .map(({ kind, grade }) => aside(kindTitle(kind, world.crisis, language), grade ? grades[grade] : states.alarm));
}

/** `/crisis` alone. */
export async function listCard(sql: Reader, person: string, shown: Shown): Promise<Card> {
  const { world, language } = shown;
  const w = crisisAnswerWords(language).list;
  const [all, recent] = await Promise.all([openCrises(sql), recentFor(sql, person)]);
  const open = all.filter((crisis) => maySee(crisis, person, world));
  const others = elsewhere(all, person, shown);
  const none = others.length > 0 ? w.noneOfYours : w.none;
  const hidden = others.length > 0 ? [w.elsewhere(others.length, crisisWords(language).names(others))] : [];
  const over = recent.filter((crisis) => !isOpen(crisis)).slice(0, RECENT);
  const raise: Button = {
    label: crisisWords(language).buttons.raise,
    action: { command: 'crisis.raise' },
    ...(open.length === 0 ? { style: 'primary' as const } : {}),
  };
  return {
    headline: w.title,
    tone: open.length === 0 ? 'muted' : open.every(isDrill) ? 'open' : 'bad',
    summary: [...(open.length > 0 ? open.map((crisis) => briefOf(crisis, shown)) : [none]), ...hidden].join('\n'),
    blocks: [
      ...(open.length > 0 ? open.flatMap((one) => itemBlocks(one, person, shown)) : [note(none)]),
      ...hidden.map(note),
      { kind: 'divider' },
      { kind: 'text', text: w.how },
      ...rowOf([raise]),
      { ...note(w.more), drop: 2 },
      ...recentBlocks(over, shown),
    ],
  };
}

const note = (text: string): Block => ({ kind: 'note', text });

function itemBlocks(crisis: Crisis, person: string, shown: Shown): Block[] {
  const { language } = shown;
  const w = crisisWords(language);
  const named = naming(crisis);
  const [ringing] = callsWaiting(crisis, person);
  const reading = bareReading(crisis, shown.world, language, shown.at);
  const next = ringing ? crisisAnswerWords(language).list.rings : nextStep(reading, { person });
  const answer = ringing ? [named(w.buttons.answer, 'answer', { call: ringing.id }, 'primary')] : [];
  return [
    { kind: 'text', text: briefOf(crisis, shown), strong: true },
    { kind: 'text', text: crisisCardWords(language).next(next) },
    ...rowOf([...answer, named(w.buttons.show, 'show')]),
  ];
}

function recentBlocks(over: Crisis[], { language }: Shown): Block[] {
  if (over.length === 0) return [];
  const w = crisisAnswerWords(language).list;
  const buttons = over.map((crisis) => naming(crisis)(pickLabel(crisis, language), 'show'));
  return [{ ...note(w.recent), drop: 2 }, ...rowOf(buttons, 2)];
}

const LABEL_LENGTH = 24;
const pickLabel = (crisis: Crisis, language: Language): string =>
  crisisAnswerWords(language).list.pick(
    markOf(crisis, language) + crisis.number,
    cleanLine(isolate(crisis.text), LABEL_LENGTH),
  );

/** Which one is meant: a button each, that carries what was asked for. */
export function whichCard(open: readonly Crisis[], action: Omit<ActionRef, 'subject'>, language: Language): Card {
  const w = crisisAnswerWords(language).list;
  const buttons = open.map((crisis): Button => {
    return { label: pickLabel(crisis, language), action: { ...action, subject: crisis.number } };
  });
  return {
    headline: w.title,
    tone: 'warn',
    summary: w.which,
    blocks: [{ kind: 'text', text: w.which, strong: true }, ...rowOf(buttons)],
  };
}

/** `/crisis drill`: the handbook's scenarios; each with its button for whoever may begin one, the others read whom to ask. */
export function scenariosCard({ world, language, person }: Shown & { person: string }): Card {
  const { list: w, refusals } = crisisAnswerWords(language);
  const { buttons, grades, drill, names } = crisisWords(language);
  const scenarios = world.crisis?.drills.scenarios ?? [];
  const may = mayDrill(person, world);
  const whom = names(assessors(world).map((id) => nameOf(id, { world, language })));
  const blocks = scenarios.flatMap(({ id, title, grade, text }): Block[] => [
    { kind: 'text', text: w.scenario(title[language], grades[grade]), strong: true },
    { ...note(text), drop: 2 },
    ...rowOf(may ? [{ label: buttons.drill, action: { command: 'crisis.drill', with: { scenario: id } } }] : []),
  ]);
  return {
    headline: `${drill}${w.scenarios}`,
    tone: 'open',
    summary: `${drill}${w.scenarios}`,
    blocks: [
      ...(may ? [] : [{ kind: 'text' as const, text: refusals['not-drill-leader'](whom) }]),
      ...(blocks.length > 0 ? blocks : [note(w.noScenarios)]),
    ],
  };
}

/** What is going on that concerns this person, for their home; nothing where there is nothing. */
export async function homeBlocks(sql: Reader, person: string, shown: Shown): Promise<Block[]> {
  const open = (await openCrises(sql)).filter((crisis) => maySee(crisis, person, shown.world)).slice(0, HOME_LENGTH);
  const title: Block = { kind: 'text', text: crisisAnswerWords(shown.language).list.title, strong: true };
  return open.length > 0 ? [title, ...open.flatMap((one) => itemBlocks(one, person, shown))] : [];
}
