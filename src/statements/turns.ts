/** Whose turn it is with a statement: who clears it in which order, and who releases it, whoever wrote it and whoever is away. Pure. */
import { type Called, type CrisisBook, planFor } from '../crisis/book.ts';
import { namedBy } from '../crisis/lookup.ts';
import type { Crisis, CrisisWorld } from '../crisis/model.ts';
import { holders, lineUp, nextUp, standInFor } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import type { Prepared, Statement, Step } from './model.ts';

type Written = Pick<Statement, 'author' | 'writers'>;
type Seats = Pick<Crisis, 'seats'>;

/** Where the handbook plans no crisis at all: nothing is published before legal has reviewed it (A8). */
const WITHOUT_PLAN: readonly Called[] = [{ role: 'legal' }, { role: 'director' }];
/** Who releases where nobody has a seat. */
const RELEASING_ROLE = 'director';

/** As the plan of the crisis has it; before it is graded, and outside of any, as the handbook's general plan does. */
function calledInOrder(
  crisis: Pick<Crisis, 'plan' | 'kind'> | undefined,
  book: CrisisBook | undefined,
): readonly Called[] {
  if (crisis?.plan) return crisis.plan.clear;
  const general = book?.plans.find((plan) => plan.grade === 'general');
  return ((book && planFor(book, crisis?.kind ?? '', 'general')) ?? general)?.clear ?? WITHOUT_PLAN;
}

/** What the handbook has ready went through everybody's hands when it was written: only the first looks whether it fits. */
export function stepsFor(
  prepared: Prepared | undefined,
  crisis: Pick<Crisis, 'plan' | 'kind'> | undefined,
  world: Pick<CrisisWorld, 'crisis'>,
): Step[] {
  const called = calledInOrder(crisis, world.crisis);
  return called.slice(0, prepared ? 1 : undefined).map((one, i) => ({ id: `s${i + 1}`, called: one }));
}

/** The crisis was graded anew since it was asked for, and its plan names somebody who was not asked. */
export function isOutgrown(
  { state, steps, prepared }: Pick<Statement, 'state' | 'steps' | 'prepared'>,
  crisis: Pick<Crisis, 'plan' | 'kind'> | undefined,
  world: Pick<CrisisWorld, 'crisis'>,
): boolean {
  if (state !== 'clearing' && state !== 'cleared') return false;
  const asked = new Set(steps.map((step) => placeOf(step.called)));
  return stepsFor(prepared, crisis, world).some((step) => !asked.has(placeOf(step.called)));
}

const placeOf = (called: Called): string => ('role' in called ? `role:${called.role}` : `person:${called.person}`);

/**
 * Those who are asked at this step: whoever of its holders is here; else their stand-ins, else those above. Who wrote any of it is passed over, and
 * so is whom they have named; a role that nobody holds falls to whoever is above the author.
 */
export function clearersOf(step: Pick<Step, 'called' | 'raised'>, written: Written, directory: Directory): string[] {
  const named = namedBy(step.called, directory);
  const asked = named.length > 0 ? named : [personMeant(step.called) ?? written.author];
  const found = asked.flatMap((person) => {
    const acting = standInFor(directory, person, written.writers);
    return 'person' in acting ? [acting.person] : [];
  });
  const themselves = found.filter((person) => named.includes(person));
  const raised = step.raised !== undefined && directory.people.get(step.raised)?.active ? [step.raised] : [];
  return [...new Set([...(themselves.length > 0 ? themselves : found), ...raised])];
}

/** Whoever has left still has somebody above. */
const personMeant = (called: Called): string | undefined => ('person' in called ? called.person : undefined);

/** Whoever is away may still do it themselves. */
export function mayClear(step: Step, written: Written, person: string, directory: Directory): boolean {
  if (written.writers.includes(person)) return false;
  return clearersOf(step, written, directory).includes(person) || namedBy(step.called, directory).includes(person);
}

/** The first of these places that nobody could take if these people had written it. */
export const emptyStep = (steps: readonly Step[], written: Written, directory: Directory): Step | undefined =>
  steps.find((step) => clearersOf(step, written, directory).length === 0);

/** Who is asked besides, once nobody has answered for long; undefined: there is nobody above. */
export function raisedTo(step: Step, written: Written, directory: Directory): string | undefined {
  const asked = clearersOf(step, written, directory);
  for (const up of lineUp(directory, asked[0] ?? written.author)) {
    const acting = standInFor(directory, up.id, written.writers);
    if ('person' in acting && !asked.includes(acting.person)) return acting.person;
  }
  return undefined;
}

/** The spokesperson; without one the lead; without any crisis the director: or whoever stands in for them. */
export function releasersOf(author: string, crisis: Seats | undefined, directory: Directory): string[] {
  const seat = crisis?.seats.spokesperson ?? crisis?.seats.lead;
  const named = seat ? [seat.person] : holders(directory, RELEASING_ROLE).map((person) => person.id);
  const found = named.flatMap((person) => {
    const acting = standInFor(directory, person);
    return 'person' in acting ? [acting.person] : [];
  });
  const here = found.filter((person) => named.includes(person));
  const first = here.length > 0 ? here : [...new Set(found)];
  return first.length > 0 ? first : [nextUp(directory, author)?.id ?? author];
}

/** Whoever is away may still do it themselves. */
export function mayRelease(author: string, crisis: Seats | undefined, person: string, directory: Directory): boolean {
  const seat = crisis?.seats.spokesperson ?? crisis?.seats.lead;
  const here = directory.people.get(person)?.active === true;
  return (here && seat?.person === person) || releasersOf(author, crisis, directory).includes(person);
}
