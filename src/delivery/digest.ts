/** One message in the morning instead of many: what was kept for somebody who wants it so is gathered when its time comes (N2). */
import { randomUUID } from 'node:crypto';
import type { Block, Card } from '../core/card.ts';
import type { Database } from '../core/intake.ts';
import type { JsonObject } from '../core/message.ts';
import { type Drawer, LANE } from '../core/module.ts';
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

/** In one transaction, so that whatever happens each notice stands in one digest. Returns how many were gathered. */
export async function gatherDigests(sql: Database, at: Date): Promise<number> {
  return sql.begin(async (tx) => {
    const held = await tx<Held[]>`
      select id, subject, audience, platform, address_kind, address, about, data from message
      where state = 'held' and not_before <= ${at} order by not_before, created_at limit 500 for update skip locked`;
    if (held.length === 0) return 0;
    const places = Map.groupBy(held, (one) => `${one.audience}|${one.platform}|${one.address}`);
    const rows = [...places.values()].map((some) => digestRow(some));
    await tx`
      insert into message (id, intent, subject, kind, audience, platform, address_kind, address, about, data, key, lane, created_at, stale_since)
      select r.id, r.intent, ${DIGEST}, 'notice', r.audience, r.platform, r.address_kind, r.address, ${DIGEST}, r.data, r.key,
        ${LANE.decision}, ${at}, ${at}
      from jsonb_to_recordset(${tx.json(rows as never)}) as r(id uuid, intent uuid, audience text, platform text, address_kind text,
        address text, data jsonb, key text)`;
    await tx`update message set state = 'done' where id in ${tx(held.map((one) => one.id))}`;
    return held.length;
  });
}

function digestRow(some: Held[]) {
  const [first] = some as [Held, ...Held[]];
  const { audience, platform, address_kind, address } = first;
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
  const cards: { subject: string; card: Card }[] = [];
  for (const { subject, about, data } of items.slice(0, MOST)) {
    const card = await draw({ ...message, kind: 'notice', subject, about, data: data ?? {} });
    if (card) cards.push({ subject, card });
  }
  if (cards.length === 0) return undefined;
  const lines = cards.map(({ card }): Block => ({ kind: 'text', text: card.summary }));
  const more = items.length > MOST ? [{ kind: 'note' as const, text: w.more(items.length - MOST) }] : [];
  return {
    headline: w.title(cards.length),
    tone: 'open',
    summary: w.title(cards.length),
    blocks: [...lines, ...more, { kind: 'note', text: w.how }],
  };
}
