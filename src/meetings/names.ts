/** Who is meant by what somebody typed or picked, on the platform on which they are; and how a person is written so that it is read back. */
import type { Scene } from '../core/intake.ts';
import { personByAccount, personByName } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import type { FindPerson } from './decision-line.ts';
import type { MeetingsWorld } from './model.ts';

type S = Scene<MeetingsWorld>;

/** An account, an id or a name; undefined: nobody, or several of that name. */
export const finding =
  ({ world, inbound }: S): FindPerson =>
  (name) => {
    const known = personByAccount(world.directory, inbound.platform, name) ?? world.directory.people.get(name);
    if (known) return known.id;
    const named = personByName(world.directory, name, inbound.platform);
    return named.length === 1 ? named[0]?.id : undefined;
  };

/** An account means something on its own platform only: who is mentioned stands there by name. */
export function namedIn(text: string, { world, inbound }: S): string {
  return text.replace(/<@([^<>|\s]{1,100})(?:\|[^>]*)?>/g, (mention, account: string) => {
    const person = personByAccount(world.directory, inbound.platform, account);
    return person ? `@${callName(person.id, world.directory)}` : mention;
  });
}

/** The name where it is one person's alone, else the handbook's id. */
export function callName(id: string, directory: Directory): string {
  const name = directory.people.get(id)?.name;
  return name !== undefined && personByName(directory, name).length === 1 ? name : id;
}

export const nameOf = (id: string, { world }: Pick<S, 'world'>): string => world.directory.people.get(id)?.name ?? id;
