/** What other modules may ask of a crisis: who may do what in it, what a member may spend, what a freeze concerns. Pure. */
import type { Duration } from '../core/calendar.ts';
import { readMoney } from '../core/money.ts';
import { foldWidth } from '../core/text.ts';
import { administrators, holders, lineUp, standInFor } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import type { Called, Member, Plan } from './book.ts';
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

const sum = (spent: readonly Spent[]): bigint => spent.reduce((total, one) => total + BigInt(one.base), 0n);

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
  if (!maySpend(crisis, crisis.plan, person, directory)) return no('not-member');
  if (spending === undefined) return no('no-plan');
  if (isSuspended(crisis, person)) return no('suspended');
  const { currency } = directory.company;
  // what was refused is out of the house until somebody says that it is back
  const out = crisis.spent.filter((one) => one.state !== 'refused' || one.cleared === undefined);
  const own = amountOf(spending.each, currency) - sum(out.filter((one) => one.person === person));
  if (base > own) return no('over-cap', own);
  const all = spending.total === undefined ? own : amountOf(spending.total, currency) - sum(out);
  return base > all ? no('over-total', all) : { execute: true, ratify: spending.ratify };
}

/** Named by the plan of today's grade, or there in the place of somebody who is; or brought in by one of those. Nobody gives themselves the money. */
function maySpend({ team }: Crisis, plan: Plan, person: string, directory: Directory): boolean {
  const named = new Set(plan.team.flatMap((rule) => namedBy(rule, directory)));
  const why = (id: string) => team.find((one) => one.person === id)?.why;
  const byPlan = (id: string): boolean => {
    const own = why(id);
    return own !== undefined && (named.has(id) || ('standIn' in own && named.has(own.standIn)));
  };
  const own = why(person);
  return byPlan(person) || (own !== undefined && 'added' in own && own.added !== person && byPlan(own.added));
}

/** Something of theirs was refused and nobody has given the cap back since. */
export const isSuspended = ({ spent }: Pick<Crisis, 'spent'>, person: string): boolean =>
  spent.some((one) => one.person === person && one.state === 'refused' && one.cleared === undefined);

/** As it is compared: without the brackets and quotes that titles stand in. */
const folded = (text: string): string =>
  foldWidth(text)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[《》〈〉「」『』“”‘’"'【】()]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Who may set a drill going: it rings the whole team as the real thing does. */
export function mayDrill(person: string, world: CrisisWorld): boolean {
  const { crisis: book, directory } = world;
  const named = book?.drills.remind ? namedBy(book.drills.remind, directory) : [];
  const asked = [...assessors(world), ...named];
  const admin = administrators(directory).some((one) => one.id === person);
  return admin || asked.includes(person) || aboveAnyOf(asked, person, directory);
}

const withoutSpaces = (text: string): string => text.replace(/\s+/g, '');
/** Latin names stand alone: `A` is not in `PARK`; Chinese has no borders between words. */
const isLatin = (name: string): boolean => /^[a-z0-9 .&+-]+$/.test(name);

function isNamed(name: string, text: string): boolean {
  if (!isLatin(name)) return withoutSpaces(text).includes(withoutSpaces(name));
  const letter = /[a-z0-9]/;
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1))
    if (!letter.test(text.charAt(at - 1)) && !letter.test(text.charAt(at + name.length))) return true;
  return false;
}

/** Whether a request with these words is for what is affected; several names are divided by commas or lines. */
export function isAffected(affected: string, texts: readonly string[]): boolean {
  const names = affected
    .split(/[,，、;；\n]/)
    .map(folded)
    .filter((name) => name !== '');
  const said = texts.map(folded);
  return names.some((name) => said.some((text) => isNamed(name, text)));
}
