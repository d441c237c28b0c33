/** Crises as other modules read them: before money is spent in one, while a freeze is on, from within a room. */
import type { Tx } from '../core/module.ts';
import { isSuspended } from './lookup.ts';
import type { Crisis } from './model.ts';
import { lockCrisis, type Reader, readCrisis as read } from './store.ts';

/** Held until the spend is kept: two at once cannot both pass under one cap. */
export function lockForSpend(tx: Tx, number: string): Promise<Crisis | undefined> {
  return lockCrisis(tx, number);
}

export function readCrisis(sql: Reader, number: string): Promise<Crisis | undefined> {
  return read(sql, number);
}

/** What is held now, and by which crisis. */
export async function frozenBy(sql: Reader): Promise<{ number: string; affected: string }[]> {
  return sql<{ number: string; affected: string }[]>`
    select number, frozen as affected from crisis where frozen is not null order by number`;
}

/** The crisis whose room this is. */
export async function crisisInRoom(sql: Reader, platform: string, channel: string): Promise<string | undefined> {
  const [row] = await sql<{ crisis: string }[]>`
    select crisis from room where platform = ${platform} and channel = ${channel}`;
  return row?.crisis;
}

/** A spend of theirs was refused in any crisis, and nobody has said since that it is back: the cap is the person's, not the crisis'. */
export async function isSuspendedAnywhere(sql: Reader, person: string): Promise<boolean> {
  const rows = await sql<{ spent: Crisis['spent'] }[]>`
    select body -> 'spent' as spent from crisis
    where parties @> ${[person]} and body -> 'spent' @> ${sql.json([{ person, state: 'refused' }])}`;
  return rows.some(({ spent }) => isSuspended({ spent }, person));
}
