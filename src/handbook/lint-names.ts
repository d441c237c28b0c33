/** Names of `company.yaml` in the other files: a role that somebody who is here holds, a channel that there is. Pure. */
import type { Finding, LintInput, Path, Saying } from './model.ts';
import { nearest } from './nearest.ts';

/** Makes a finding of one file. */
export type At = (path: Path, saying: Saying, more?: Partial<Finding>) => Finding;
export const NOTICE = { notice: true } as const;

export function roleStaffed(role: string, path: Path, { company, known }: LintInput, at: At): Finding[] {
  if (!company) return [];
  const holders = company.value.people.filter((person) => person.roles.includes(role));
  if (holders.some((person) => person.active)) return [];
  if (holders.length > 0) {
    return [at(path, { code: 'role-unstaffed', role, left: holders.map((person) => person.name) })];
  }
  if (known.roles.has(role)) return [];
  return [at(path, { code: 'role-unknown', role, near: nearest(role, known.roles) })];
}

export function channelThere(name: string | undefined, path: Path, { company, known }: LintInput, at: At): Finding[] {
  if (name === undefined || !company || known.channels.has(name)) return [];
  return [at(path, { code: 'unknown-channel', channel: name, near: nearest(name, known.channels) })];
}
