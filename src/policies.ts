/** "When this happened, do that": the only place where modules set each other in motion. */
import type { Policy } from './core/handle.ts';
import type { Command } from './core/message.ts';
import { lineUp } from './directory/lookup.ts';
import type { World } from './processes/model.ts';
import { openFor, openForOthersThan, type Reader } from './requests/store.ts';

const ABSENCE = new Set(['absence-recorded', 'absence-began', 'absence-over', 'absence-ended']);

/** Somebody leaves or returns: what waits for them, or for whoever stands in for them, is looked at again (D4). */
export const policies: Policy<World> = async ({ event }, tx, moment) => {
  if (!ABSENCE.has(event.type)) return [];
  const { person, deputy } = event.data as { person: string; deputy: string };
  const { directory } = moment.world;
  const people = new Set([person, deputy]);
  for (const id of [person, deputy]) for (const up of lineUp(directory, id)) people.add(up.id);
  for (const absence of directory.absences) people.add(absence.deputy);
  const numbers = await openFor(tx, [...people]);
  return numbers.map((subject): Command => ({ name: 'requests.reassign', subject, args: {} }));
};

/** The handbook was read (at start, or again): what waits for people who have left goes to whoever acts for them now. */
export async function onHandbook(sql: Reader, world: World): Promise<Command[]> {
  const active = [...world.directory.people.values()].filter((person) => person.active).map((person) => person.id);
  const numbers = await openForOthersThan(sql, active);
  return numbers.map((subject): Command => ({ name: 'requests.reassign', subject, args: {} }));
}
