/** What other modules may ask about statements: who may see one, and who may work on it. Pure. */
import { mayAct, maySee as maySeeCrisis } from '../crisis/lookup.ts';
import type { Crisis, CrisisWorld } from '../crisis/model.ts';
import { lineUp, standInFor } from '../directory/lookup.ts';
import type { Statement } from './model.ts';

/** The team; of a text outside of any crisis its author, those above, and who stands in for the author. */
export function mayWork(statement: Statement, crisis: Crisis | undefined, person: string, world: CrisisWorld): boolean {
  if (world.directory.people.get(person)?.active !== true) return false;
  if (crisis) return person === statement.author || mayAct(crisis, person, world);
  const acting = standInFor(world.directory, statement.author);
  const stands = 'person' in acting && acting.person === person;
  return person === statement.author || stands || isAbove(statement, person, world);
}

/** Those to whom it was sent, those of its crisis, those above its author, and auditors (A4). */
export function maySee(statement: Statement, crisis: Crisis | undefined, person: string, world: CrisisWorld): boolean {
  const one = world.directory.people.get(person);
  if (one?.active !== true) return false;
  if (statement.parties.includes(person) || one.roles.includes('auditor')) return true;
  if (crisis) return maySeeCrisis(crisis, person, world);
  return mayWork(statement, crisis, person, world);
}

const isAbove = ({ author }: Statement, person: string, { directory }: CrisisWorld): boolean =>
  lineUp(directory, author).some((up) => up.id === person);
