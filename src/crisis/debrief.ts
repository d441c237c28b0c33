/**
 * The debrief (C7, C8): one document from what the ledger, the files, the statements and the decisions hold of a crisis; with how long everything
 * took, and with what is still missing. Pure.
 */
import type { PaperDocument, Part } from '../core/document.ts';
import { crisisWords, sayElapsed } from '../words/crisis.ts';
import { debriefWords } from '../words/debrief.ts';
import type { DebriefFacts } from './debrief-facts.ts';
import {
  aftercareParts,
  contactParts,
  factParts,
  fileParts,
  freezeParts,
  moneyParts,
  reachedParts,
  statementParts,
  taskParts,
  timelineParts,
  updateParts,
} from './debrief-parts.ts';
import { figuresOf, scoreOf, TARGETS } from './figures.ts';
import { missingIn } from './missing.ts';
import { type Crisis, isDrill, isOpen, SEATS } from './model.ts';
import { gradedBelow, kindOf, minuteOf, nameOf, scenarioOf, type Telling } from './timeline.ts';

type Heading = keyof ReturnType<typeof debriefWords>['headings'];

export function debriefOf(facts: DebriefFacts, telling: Telling): PaperDocument {
  const { crisis, at } = facts;
  const { language, world } = telling;
  const w = debriefWords(language);
  const time = minuteOf(at.toISOString(), telling);
  return {
    number: crisis.number,
    title: isDrill(crisis) ? w.drillTitle : w.title,
    ...(isDrill(crisis) ? { mark: w.mark } : {}),
    owner: w.made(world.directory.company.name, time),
    at,
    language,
    parts: chaptersOf(facts, telling).flatMap(([id, parts], index): Part[] => [
      { kind: 'heading', text: w.numbered(index + 1, w.headings[id]) },
      ...parts,
    ]),
    pageOf: w.page,
  };
}

function chaptersOf(facts: DebriefFacts, telling: Telling): [Heading, Part[]][] {
  return [
    ['summary', summaryParts(facts, telling)],
    ['figures', figureParts(facts, telling)],
    ['missing', missingParts(facts, telling)],
    ['reached', reachedParts(facts, telling)],
    ['facts', factParts(facts, telling)],
    ['files', fileParts(facts, telling)],
    ['contacts', contactParts(facts, telling)],
    ['tasks', taskParts(facts, telling)],
    ['updates', updateParts(facts, telling)],
    ['money', moneyParts(facts, telling)],
    ['statements', statementParts(facts, telling)],
    ['freeze', freezeParts(facts, telling)],
    ['aftercare', aftercareParts(facts, telling)],
    ['timeline', timelineParts(facts, telling)],
  ];
}

function summaryParts({ crisis, at }: DebriefFacts, telling: Telling): Part[] {
  const w = debriefWords(telling.language);
  const facts = factsOf(crisis, telling).filter(({ value }) => value !== '');
  const open = w.preliminary(minuteOf(at.toISOString(), telling));
  return [
    ...(isOpen(crisis) ? [{ kind: 'paragraph' as const, text: open }] : []),
    { kind: 'facts', facts },
    { kind: 'paragraph', text: w.source },
  ];
}

function factsOf(crisis: Crisis, telling: Telling): { label: string; value: string }[] {
  const { summary: w } = debriefWords(telling.language);
  const c = crisisWords(telling.language);
  const name = (id: string) => nameOf(id, telling);
  const time = (at: string) => minuteOf(at, telling);
  const { ended, raisedAt, drill } = crisis;
  const seats = SEATS.flatMap((seat) => {
    const taken = crisis.seats[seat];
    return taken ? [w.seat(c.seats[seat], name(taken.person))] : [];
  });
  const grades = crisis.grades.map(({ grade, by, at, reason }) =>
    w.graded(c.grades[grade], name(by), time(at), reason),
  );
  return [
    { label: w.state, value: c.states[crisis.state] },
    { label: w.scenario, value: drill ? scenarioOf(drill.scenario, telling) : '' },
    { label: w.text, value: crisis.text },
    { label: w.kind, value: kindOf(crisis.kind, telling) },
    { label: w.affected, value: crisis.affected },
    { label: w.raised, value: w.by(name(crisis.raisedBy), time(raisedAt)) },
    { label: w.grade, value: grades.join('\n') },
    { label: w.team, value: c.names(crisis.team.map(({ person }) => name(person))) },
    { label: w.seats, value: c.semicolons(seats) },
    { label: w.ended, value: ended ? w.over(c.how[ended.how], name(ended.by), time(ended.at), ended.reason) : '' },
    { label: w.lasted, value: ended ? elapsed(raisedAt, ended.at, telling) : '' },
  ];
}

const elapsed = (from: string, to: string, { language }: Telling): string =>
  sayElapsed((Date.parse(to) - Date.parse(from)) / 1000, language);

/** A drill's own score was kept when it ended; a real crisis is measured by the same targets. */
function figureParts({ crisis, entries }: DebriefFacts, telling: Telling): Part[] {
  const { figures: w, not } = debriefWords(telling.language);
  const figures = figuresOf(entries, crisis);
  const { lines } = crisis.score ?? scoreOf(figures, crisis.plan?.targets ?? {});
  const say = (seconds: number) => sayElapsed(seconds, telling.language);
  const rows = (Object.keys(TARGETS) as (keyof typeof TARGETS)[]).map((target) => {
    const [took, line] = [figures[TARGETS[target]], lines.find((one) => one.target === target)];
    const result = line ? (line.met ? w.met : w.missed) : not;
    const named = crisisWords(telling.language).targets[target];
    return [named, took === undefined ? w.never : say(took), line ? say(line.wanted) : not, result];
  });
  const columns = [w.what, w.took, w.wanted, w.result].map((title) => ({ title, share: 1 }));
  const answers = figures.answers.map(({ person, seconds }) => w.answer(nameOf(person, telling), say(seconds)));
  const each = w.answers(crisisWords(telling.language).names(answers));
  const below = gradedBelow(crisis, telling);
  return [
    { kind: 'paragraph', text: w.intro },
    { kind: 'table', columns, rows },
    ...(below ? [{ kind: 'paragraph' as const, text: below }] : []),
    ...(answers.length > 0 ? [{ kind: 'paragraph' as const, text: each }] : []),
  ];
}

function missingParts(facts: DebriefFacts, telling: Telling): Part[] {
  const items = missingIn(facts, telling);
  if (items.length > 0) return [{ kind: 'list', items }];
  return [{ kind: 'paragraph', text: debriefWords(telling.language).missing.nothing }];
}
