/** What other modules may ask of a crisis: who may do what in it, what a member may spend, what a freeze concerns. Pure. */
import type { Duration } from '../core/calendar.ts';
import { readMoney } from '../core/money.ts';
import { foldWidth } from '../core/text.ts';
import { administrators, holders, lineUp, standInFor } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import type { Called, Member } from './book.ts';
import { type Crisis, type CrisisWorld, isDrill, isMember, isOpen, type Spent } from './model.ts';

/** Whoever the rule names and who has not left, in the handbook's order. */
export function namedBy(rule: Called | Member, directory: Directory): string[] {
  if ('role' in rule) return holders(directory, rule.role).map((person) => person.id);
  return directory.people.get(rule.person)?.active ? [rule.person] : [];
}

/** Who grades alarms and judges signals: those named, or who stands in for them. */
export function assessors({ crisis, directory }: Pick<CrisisWorld, 'crisis' | 'directory'>): string[] {
  const named = crisis?.assess.who.flatMap((rule) => namedBy(rule, directory)) ?? [];
  const acting = named.flatMap((person) => {
    const found = standInFor(directory, person);
    return 'person' in found ? [found.person] : [];
  });
  return [...new Set([...named, ...acting])];
}

const aboveAnyOf = (people: readonly string[], person: string, directory: Directory): boolean =>
  people.some((one) => lineUp(directory, one).some((up) => up.id === person));

/** Assessors, whoever was called in their place, the team, and those above any of them. */
export function mayGrade(crisis: Crisis, person: string, world: CrisisWorld): boolean {
  // whoever was called to assess may, whatever the handbook says since
  const called = crisis.calls.filter((call) => call.why === 'assess').flatMap((call) => call.chain);
  const asked = [...assessors(world), ...called, ...crisis.team.map((one) => one.person)];
  return asked.includes(person) || aboveAnyOf(asked, person, world.directory);
}

/** The team, those who are being called for it, and those above them. */
export function mayAct(crisis: Crisis, person: string, world: CrisisWorld): boolean {
  const team = crisis.team.map((one) => one.person);
  const called = crisis.calls.some((call) => call.chain.includes(person));
  return isMember(crisis, person) || called || aboveAnyOf(team, person, world.directory);
}

/** Whoever raised it knows what happened, and may say so; the rest is the team's. */
export const mayReport = (crisis: Crisis, person: string, world: CrisisWorld): boolean =>
  person === crisis.raisedBy || mayAct(crisis, person, world);

/** The lead and those above; without one whoever grades. */
export function mayLead(crisis: Crisis, person: string, world: CrisisWorld): boolean {
  const lead = crisis.seats.lead?.person;
  if (lead === undefined || !world.directory.people.get(lead)?.active) return mayGrade(crisis, person, world);
  return person === lead || aboveAnyOf([lead], person, world.directory);
}

export function maySee(crisis: Crisis, person: string, world: CrisisWorld): boolean {
  const one = world.directory.people.get(person);
  if (one?.active !== true) return false;
  const open = crisis.parties.includes(person) || one.roles.includes('auditor');
  return open || mayReport(crisis, person, world) || mayGrade(crisis, person, world);
}

export type SpendVerdict =
  | { execute: true; ratify: Duration }
  | {
      execute: false;
      why:
        | 'unknown'
        | 'over'
        | 'not-graded'
        | 'drill'
        | 'no-plan'
        | 'not-member'
        | 'suspended'
        | 'over-cap'
        | 'over-total';
      /** what is left of the cap, minor units of the company's currency */
      left?: string;
    };

const sum = (spent: readonly Spent[]): bigint =>
  spent.filter((one) => one.state !== 'refused').reduce((total, one) => total + BigInt(one.base), 0n);

const amountOf = (text: string, currency: string): bigint => {
  const read = readMoney(text, currency);
  return 'ok' in read ? read.ok.minor : 0n;
};

/** @param base what is to be spent, minor units of the company's currency */
export function spendVerdict(
  crisis: Crisis | undefined,
  person: string,
  base: bigint,
  { directory }: Pick<CrisisWorld, 'directory'>,
): SpendVerdict {
  const no = (why: Extract<SpendVerdict, { execute: false }>['why'], left?: bigint): SpendVerdict => ({
    execute: false,
    why,
    ...(left === undefined ? {} : { left: String(left < 0n ? 0n : left) }),
  });
  if (crisis === undefined) return no('unknown');
  if (isDrill(crisis)) return no('drill');
  if (!isOpen(crisis)) return no('over');
  if (crisis.plan === undefined) return no('not-graded');
  const { spending } = crisis.plan;
  if (!maySpend(crisis, person)) return no('not-member');
  if (spending === undefined) return no('no-plan');
  if (isSuspended(crisis, person)) return no('suspended');
  const { currency } = directory.company;
  const own = amountOf(spending.each, currency) - sum(crisis.spent.filter((one) => one.person === person));
  if (base > own) return no('over-cap', own);
  const all = spending.total === undefined ? own : amountOf(spending.total, currency) - sum(crisis.spent);
  return base > all ? no('over-total', all) : { execute: true, ratify: spending.ratify };
}

/** Called by the plan, or in the place of somebody who was; or brought in by one of those. Nobody gives themselves the money. */
function maySpend({ team }: Crisis, person: string): boolean {
  const byPlan = (id: string) => team.some((one) => one.person === id && !('added' in one.why));
  const member = team.find((one) => one.person === person);
  return member !== undefined && (byPlan(person) || ('added' in member.why && byPlan(member.why.added)));
}

/** Something of theirs was refused and nobody has given the cap back since. */
export const isSuspended = ({ spent }: Pick<Crisis, 'spent'>, person: string): boolean =>
  spent.some((one) => one.person === person && one.state === 'refused' && one.cleared === undefined);

const folded = (text: string): string => foldWidth(text).normalize('NFKC').toLowerCase().replace(/\s+/g, '');

/** Who may set a drill going: it rings the whole team as the real thing does. */
export function mayDrill(person: string, world: CrisisWorld): boolean {
  const { crisis: book, directory } = world;
  const named = book?.drills.remind ? namedBy(book.drills.remind, directory) : [];
  const asked = [...assessors(world), ...named];
  const admin = administrators(directory).some((one) => one.id === person);
  return admin || asked.includes(person) || aboveAnyOf(asked, person, directory);
}

/** Whether a request with these words is for what is affected; several names are divided by commas. */
export function isAffected(affected: string, texts: readonly string[]): boolean {
  const names = affected
    .split(/[,，、;；]/)
    .map(folded)
    .filter((name) => name !== '');
  const said = texts.map(folded);
  return names.some((name) => said.some((text) => text.includes(name)));
}
