/**
 * When a process dies, what was handed to it is handed out anew at once, instead of when its time has run out. Handed twice is harmless:
 * a job says only "look at this row now". What it had *claimed* stays claimed for its fifteen seconds: its call may still be on the way to a
 * platform, and whoever repeated it now might post a second card or let an older edit land on a newer one.
 */
import type { Database } from './intake.ts';

/** As long as a press may have been under way in a process that died: the client that got no answer shows the card as it was before the press. */
const UNANSWERED_MS = 15_000;
/** More entries than the ledger gets in that time. */
const LATEST = 5_000;

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

/**
 * Feishu's client puts the pressed card back as it was when its callback fails, over whatever edit came meanwhile: what has changed of late
 * is drawn once more.
 */
export async function redrawnAnew(sql: Database, now: Date): Promise<void> {
  await sql`
    update message set wanted = wanted + 1, shown_hash = null, next_at = null, handed_until = null, stale_since = coalesce(stale_since, ${now})
    where id = any(array(
      select id from message
      where kind in ('card', 'page') and state = 'live' and platform = 'feishu' and ref_message is not null and subject = any(array(
        select subject from ledger
        where seq > (select coalesce(max(seq), 0) - ${LATEST} from ledger) and at > ${new Date(now.getTime() - UNANSWERED_MS)}))
      order by key for update))`;
}
