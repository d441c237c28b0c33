/**
 * Who is called in a crisis: somebody who is here, whom the ladder can wake, and behind whom somebody else stands; and who clears what is
 * said. Pure.
 */

import type { Platform } from '../core/chat.ts';
import { LINES, type Line } from '../core/module.ts';
import type { Called, CrisisBook, Member, Plan } from '../crisis/book.ts';
import { directoryOf, lineOf, nextUp } from '../directory/lookup.ts';
import type { Directory, Person } from '../directory/model.ts';
import { type At, NOTICE, roleStaffed } from './lint-names.ts';
import type { Checked, Finding, LintInput, Path } from './model.ts';
import { nearest } from './nearest.ts';

/** Whether they are set up is not the handbook's concern. */
const EVERYWHERE: readonly Platform[] = ['slack', 'feishu', 'sms', 'phone', 'pager'];
/** D1: the executive in charge. Whoever has nobody above them is one by whatever name. */
const EXECUTIVES: readonly string[] = ['executive', 'ceo'];

type Ladder = Plan['ladder'];
interface Crew {
  who: readonly Member[];
  path: Path;
  ladder: Ladder;
  ladderAt: Path;
}

export function lintTeams({ value: book }: Checked<CrisisBook>, input: LintInput, at: At): Finding[] {
  const crews = crewsOf(book);
  const { remind } = book.drills;
  return [
    ...crews.flatMap(({ who, path }) => who.flatMap((member, j) => memberNamed(member, [...path, j], input, at))),
    ...book.plans.flatMap((plan, i) => plan.clear.flatMap((one, j) => named(one, ['plans', i, 'clear', j], input, at))),
    ...(remind ? named(remind, ['drills', 'remind'], input, at) : []),
    ...(input.company?.removed.length === 0 ? ways(book, crews, input.company.value, at) : []),
  ];
}

const crewsOf = ({ assess, plans }: CrisisBook): Crew[] => [
  { who: assess.who, path: ['assess', 'who'], ladder: assess.ladder, ladderAt: ['assess', 'ladder'] },
  ...plans.map(({ team, ladder }, i): Crew => {
    const path = ['plans', i];
    return { who: team, path: [...path, 'team'], ladder, ladderAt: [...path, 'ladder'] };
  }),
];

// --- is it anybody ---

function memberNamed({ standIn, ...own }: Member, path: Path, input: LintInput, at: At): Finding[] {
  const behind = standIn ? named(standIn, [...path, 'standIn'], input, at) : [];
  return [...named(own, path, input, at), ...behind];
}

function named(one: Called, path: Path, input: LintInput, at: At): Finding[] {
  if ('role' in one) return roleStaffed(one.role, [...path, 'role'], input, at);
  const { company, known } = input;
  const found = company?.value.people.find((person) => person.id === one.person);
  const here = [...path, 'person'];
  if (found?.active === false) return [at(here, { code: 'crisis-person-left', person: found.name })];
  if (!company || found || known.people.has(one.person)) return [];
  return [at(here, { code: 'person-unknown', person: one.person, near: nearest(one.person, known.people) })];
}

// --- can they be woken, and what if not ---

type Findable = { company: Directory; at: At };

/** Only where company.yaml is whole: a number that could not be read is a fault there, and no missing one here. */
function ways(book: CrisisBook, crews: readonly Crew[], company: Directory['company'], at: At): Finding[] {
  const directory = directoryOf(company, [], '');
  const look: Findable = { company: directory, at };
  return [
    ...once(crews.flatMap((crew) => [...unreachable(crew, look), ...ladderGaps(crew, look)])),
    ...crews.flatMap((crew) => [...silent(crew, at), ...standIns(crew, look), ...deadEnd(crew, look)]),
    ...book.plans.flatMap((plan, i) => [...noExecutive(plan, i, look), ...oneClearer(plan, i, look)]),
  ];
}

/** The same person and the same line in several plans: said where it stands first. */
function once(findings: Finding[]): Finding[] {
  const first = new Map<string, Finding>();
  for (const one of findings) first.set(JSON.stringify(one.saying), first.get(JSON.stringify(one.saying)) ?? one);
  return [...first.values()];
}

function peopleOf(one: Called, { people }: Directory): Person[] {
  return [...people.values()].filter(
    (person) => person.active && ('role' in one ? person.roles.includes(one.role) : person.id === one.person),
  );
}

const crewPeople = ({ who }: Pick<Crew, 'who'>, directory: Directory): Person[] => [
  ...new Set(who.flatMap((one) => peopleOf(one, directory))),
];

const rings = (person: Person, line: Line, directory: Directory): boolean =>
  lineOf(person.id, line, directory, EVERYWHERE) !== undefined;

function unreachable({ who, path, ladder }: Crew, { company, at }: Findable): Finding[] {
  const lost = (one: Called, here: Path) =>
    peopleOf(one, company)
      .filter(({ accounts }) => accounts.slack === undefined && accounts.feishu === undefined)
      .filter((person) => !ladder.flat().some((line) => line !== 'pager' && rings(person, line, company)))
      .map((person) => at(here, { code: 'crisis-no-way', person: person.name }));
  return who.flatMap(({ standIn, ...own }, j) => [
    ...lost(own, [...path, j]),
    ...(standIn ? lost(standIn, [...path, j, 'standIn']) : []),
  ]);
}

/**
 * A line that reaches nobody of the team, or the loudest rung that does not reach all of it. That a quieter rung leaves somebody out is
 * no gap: the ladder goes on to the next one. A pager is told of everybody and proves nothing.
 */
function ladderGaps(crew: Crew, { company, at }: Findable): Finding[] {
  const { ladder, ladderAt } = crew;
  const team = crewPeople(crew, company);
  const useless = LINES.filter(
    (line) => ladder.flat().includes(line) && team.length > 0 && !team.some((person) => rings(person, line, company)),
  );
  const loudest = ladder.findLast((rung) => rung.some((line) => line !== 'pager'))?.filter((line) => line !== 'pager');
  const missed = team.filter((person) => !loudest?.some((line) => rings(person, line, company)));
  const some = loudest && missed.length > 0 && !loudest.every((line) => useless.includes(line));
  return [
    ...useless.map((line) => at(ladderAt, { code: 'crisis-line-nobody', line }, NOTICE)),
    ...(some
      ? [at(ladderAt, { code: 'crisis-line-some', lines: loudest, names: missed.map(({ name }) => name) }, NOTICE)]
      : []),
  ];
}

const silent = ({ ladder, ladderAt }: Crew, at: At): Finding[] =>
  ladder.length > 0 ? [] : [at(ladderAt, { code: 'crisis-ladder-empty' }, { ...NOTICE, onKey: true })];

function standIns({ who, path }: Crew, { company, at }: Findable): Finding[] {
  return who.flatMap(({ standIn, ...own }, j) => {
    if (!standIn) return [];
    const [first, second] = peopleOf(standIn, company);
    if (!first || second || !peopleOf(own, company).every((person) => person === first)) return [];
    return [at([...path, j, 'standIn'], { code: 'crisis-stand-in-same', person: first.name }, NOTICE)];
  });
}

/** Where none of them answers there is nobody left to be rung. */
function deadEnd(crew: Crew, { company, at }: Findable): Finding[] {
  const behind = (person: Person, standIn: Called | undefined) =>
    nextUp(company, person.id) !== undefined ||
    (standIn !== undefined && peopleOf(standIn, company).some((one) => one !== person));
  const people = crew.who.flatMap(({ standIn, ...own }) =>
    peopleOf(own, company).map((person) => ({ person, followed: behind(person, standIn) })),
  );
  if (people.length === 0 || people.some(({ followed }) => followed)) return [];
  const names = [...new Set(people.map(({ person }) => person.name))];
  return [at(crew.path, { code: 'crisis-dead-end', names }, { ...NOTICE, onKey: true })];
}

/** C3: for a critical crisis the executive is called as well. */
function noExecutive(plan: Plan, i: number, { company, at }: Findable): Finding[] {
  const team = crewPeople({ who: plan.team }, company);
  const isExecutive = (person: Person) =>
    person.roles.some((role) => EXECUTIVES.includes(role)) || nextUp(company, person.id) === undefined;
  if (plan.grade !== 'critical' || team.length === 0 || team.some(isExecutive)) return [];
  return [at(['plans', i, 'team'], { code: 'crisis-no-executive' }, { ...NOTICE, onKey: true })];
}

/** C5: legal and management clear; one pair of eyes is not both. */
function oneClearer(plan: Plan, i: number, { company, at }: Findable): Finding[] {
  const [only, second] = new Set(plan.clear.flatMap((one) => peopleOf(one, company)));
  if (!only || second) return [];
  return [at(['plans', i, 'clear'], { code: 'crisis-one-clearer', person: only.name }, { ...NOTICE, onKey: true })];
}
