/** One message in the morning instead of many: what was kept for somebody who wants it so is gathered when its time comes (N2). */
import { randomUUID } from 'node:crypto';
import type { Block, Card } from '../core/card.ts';
import type { Database } from '../core/intake.ts';
import type { JsonObject } from '../core/message.ts';
import { type Drawer, LANE, type Tx } from '../core/module.ts';
import { roadWords } from '../words/road.ts';

export const DIGEST = 'digest';
const MOST = 40;

interface Held {
  id: string;
  subject: string;
  audience: string;
  platform: string;
  address_kind: string;
  address: string;
  about: string | null;
  data: JsonObject | null;
}

/** So many people's at once. */
const PEOPLE = 100;

/** In one transaction, so that whatever happens each notice stands in one digest. Returns how many were gathered. */
export async function gatherDigests(sql: Database, at: Date): Promise<number> {
  const due = await sql`select 1 from message where state = 'held' and not_before <= ${at} limit 1`;
  return due.length === 0 ? 0 : sql.begin((tx) => gather(tx, at));
}

async function gather(tx: Tx, at: Date): Promise<number> {
  // one process gathers at a time: two would make two messages of what is one person's
  const [alone] = await tx<{ alone: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended('countersign: the digests', 0)) as alone`;
  if (!alone?.alone) return 0;
  const held = await tx<Held[]>`
    select id, subject, audience, platform, address_kind, address, about, data from message
    where state = 'held' and not_before <= ${at} and audience in (
      select audience from message where state = 'held' and not_before <= ${at} group by audience
      order by min(not_before) limit ${PEOPLE})
    order by created_at, key for update`;
  if (held.length === 0) return 0;
  const rows = [...Map.groupBy(held, (one) => one.audience).values()].flatMap((some) => pages(some).map(digestRow));
  await tx`
      insert into message (id, intent, subject, kind, audience, platform, address_kind, address, about, data, key, lane, created_at, stale_since)
      select r.id, r.intent, ${DIGEST}, 'notice', r.audience, r.platform, r.address_kind, r.address, ${DIGEST}, r.data, r.key,
        ${LANE.decision}, ${at}, ${at}
      from jsonb_to_recordset(${tx.json(rows as never)}) as r(id uuid, intent uuid, audience text, platform text, address_kind text,
        address text, data jsonb, key text)`;
  await tx`update message set state = 'done' where id in ${tx(held.map((one) => one.id))}`;
  return held.length;
}

/** What does not fit into one message comes in a second: nothing that was kept is only counted. */
function pages(some: Held[]): Held[][] {
  return Array.from({ length: Math.ceil(some.length / MOST) }, (_, page) => some.slice(page * MOST, (page + 1) * MOST));
}

function digestRow(some: Held[]) {
  // one message, wherever each of them would have gone: where the last one would have
  const [first, last] = [some[0], some.at(-1)] as [Held, Held];
  const { audience, platform, address_kind, address } = last;
  const items = some.map(({ subject, about, data }) => ({ subject, about, data }));
  const key = `${DIGEST}|${first.id}`;
  return { id: randomUUID(), intent: randomUUID(), audience, platform, address_kind, address, data: { items }, key };
}

/** Each notice as it would be said now; what has become untrue meanwhile is not said, and where nothing is left nothing comes. */
export async function digestCard(
  message: Parameters<Drawer['draw']>[0],
  draw: Drawer['draw'],
): Promise<Card | undefined> {
  const items = (message.data?.items ?? []) as { subject: string; about: string; data: JsonObject | null }[];
  const w = roadWords(message.language).digest;
  const cards: Card[] = [];
  for (const { subject, about, data } of items) {
    const asked = { ...message, kind: 'notice' as const, subject, about, data: data ?? {} };
    // one that cannot be drawn takes no other with it: it is named, and can be opened
    const card = await draw(asked).catch(() => named(subject));
    if (card) cards.push(card);
  }
  if (cards.length === 0) return undefined;
  const lines = cards.map((card): Block => ({ kind: 'text', text: card.summary }));
  return {
    headline: w.title(cards.length),
    tone: 'open',
    summary: w.title(cards.length),
    blocks: [...lines, { kind: 'note', text: w.how }],
  };
}

const named = (subject: string): Card => ({ headline: subject, tone: 'warn', summary: subject, blocks: [] });
