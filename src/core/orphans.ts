/**
 * When a process dies, what was handed to it is handed out anew at once, instead of when its time has run out. Handed twice is harmless:
 * a job says only "look at this row now". What it had *claimed* stays claimed for its fifteen seconds: its call may still be on the way to a
 * platform, and whoever repeated it now might post a second card or let an older edit land on a newer one.
 */
import type { Database } from './intake.ts';

export async function handedAnew(sql: Database, now: Date): Promise<void> {
  await Promise.all([
    sql`
      update message set handed_until = null
      where state = 'live' and wanted > shown and handed_until > ${now} and (claimed_until is null or claimed_until <= ${now})`,
    sql`
      update timer set handed_until = null
      where id = any(array(select id from timer where urgent and due_at <= ${now} and handed_until > ${now})
        || array(select id from timer where not urgent and due_at <= ${now} and handed_until > ${now}))`,
  ]);
}
