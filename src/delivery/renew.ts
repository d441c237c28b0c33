/** Cards are renewed before a platform stops letting us change them (Feishu: 14 days), and the old ones are closed. */
import type { ChatAdapter } from '../core/chat.ts';
import type { Database } from '../core/intake.ts';
import type { Audience } from '../core/module.ts';
import { readAudience, showAgain } from '../core/outbox.ts';

const DAY_MS = 86_400_000;
const AT_ONCE = 200;

interface OldCard {
  subject: string;
  audience: string;
  platform: string;
  address_kind: 'direct' | 'channel';
  address: string;
}

/**
 * One day before the end; `open`: which of these subjects still need live cards; `rests`: whom nothing may ring for now. They have theirs
 * renewed in the morning, the day is long enough. Returns how many were renewed.
 */
export async function renewCards(
  sql: Database,
  adapters: Iterable<ChatAdapter>,
  open: (subjects: string[]) => Promise<Set<string>>,
  rests: (to: Audience) => boolean,
  at: Date,
): Promise<number> {
  let renewed = 0;
  for (const { platform, cardLifeMs } of adapters) {
    if (cardLifeMs === undefined) continue;
    const before = new Date(at.getTime() - cardLifeMs + DAY_MS);
    const rows = await sql<OldCard[]>`
      select subject, audience, platform, address_kind, address from message
      where platform = ${platform} and kind = 'card' and state = 'live' and about is null and posted_at <= ${before}
      order by posted_at limit ${AT_ONCE}`;
    const alive = await open([...new Set(rows.map((row) => row.subject))]);
    const over = rows.filter((row) => !alive.has(row.subject)).map((row) => row.subject);
    if (over.length > 0) {
      await sql`update message set state = 'closed' where platform = ${platform} and kind = 'card' and posted_at <= ${before} and subject in ${sql(over)}`;
    }
    for (const row of rows.filter((one) => alive.has(one.subject) && !rests(readAudience(one.audience)))) {
      const place = { platform: row.platform, kind: row.address_kind, id: row.address };
      await sql.begin((tx) => showAgain(tx, { subject: row.subject, to: readAudience(row.audience), place, at }));
      renewed++;
    }
  }
  return renewed;
}
