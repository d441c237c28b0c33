/** Hands what is stale to the workers: most urgent first, and no more than our own limits let go. */
import { type ChatAdapter, DeliveryError, type Platform, type Sending } from './chat.ts';
import { type DeliveryDeps, deliverQueue, OWN_LIMIT } from './deliver.ts';
import { LANE, type Sort } from './module.ts';

const HANDED_MS = 15_000;
/** Handed out here, it may be another process that asks the platform, by its own share of the limits. */
const UNDER_WAY_MS = 2_000;
/** As long as what waits for its place in the line is left alone; then it is looked at again, whatever has changed meanwhile. */
const LONGEST_WAIT_MS = 60_000;
/** What may go before the worker has come to it, is handed out already. */
const SOON_MS = 50;

interface Stale {
  id: string;
  platform: Platform;
  lane: number;
  kind: Sort;
  address: string;
  ref_message: string | null;
  tried_at: Date | null;
}

/**
 * Hands what is stale to the queue, most urgent lane first; reminders wait while anything else waits for its turn under the platform's
 * limits. What has to wait under those limits is given its place in the line, and nobody claims or draws it before. Any number of processes
 * may do this at once.
 */
export async function handOut(deps: DeliveryDeps): Promise<number> {
  const { sql, queue, adapters, clock, handed } = deps;
  const now = clock();
  const rows = await sql<Stale[]>`
    update message set handed_until = ${new Date(now.getTime() + HANDED_MS)}
    where id = any(array(
      select id from message
      where state = 'live' and wanted > shown and (next_at is null or next_at <= ${now})
        and (handed_until is null or handed_until <= ${now}) and (claimed_until is null or claimed_until <= ${now})
        and platform = any(${[...adapters.keys()] as string[]})
        and (lane < ${LANE.reminder} or not exists (
          select 1 from message urgent
          where urgent.platform = message.platform and urgent.state = 'live' and urgent.wanted > urgent.shown
            and urgent.lane < ${LANE.reminder} and urgent.last_error = ${OWN_LIMIT}))
      order by lane, next_at limit 500 for update skip locked))
    returning id, platform, lane, kind, address, ref_message, tried_at`;
  const inOrder = rows.toSorted((a, b) => a.lane - b.lane);
  const waits = new Map<string, number>();
  for (const [platform, adapter] of adapters) {
    const ours = inOrder.filter((row) => row.platform === platform);
    for (const [id, wait] of waitsOf(deps, adapter, ours, now)) waits.set(id, wait);
    const going = ours.filter(({ id }) => (waits.get(id) ?? 0) <= SOON_MS);
    for (const row of going) handed.note(row.id, platform, sendingOf(row), now.getTime() + UNDER_WAY_MS);
    for (let waiting = ours.length - going.length; waiting > 0; waiting--)
      deps.counted.failed(new DeliveryError(platform, 'retry-later', OWN_LIMIT));
    const jobs = going.map(({ id, lane }) => ({ id, priority: 10 - lane }));
    if (jobs.length > 0) await queue.put(deliverQueue(platform), jobs);
  }
  await lineUp(
    deps,
    [...waits].filter(([, wait]) => wait > SOON_MS),
    now,
  );
  return rows.length;
}

/** What rings for a message is not one of them. */
function waitsOf(
  { handed }: DeliveryDeps,
  adapter: ChatAdapter,
  rows: readonly Stale[],
  now: Date,
): [id: string, wait: number][] {
  const counted = rows.filter((row) => row.kind !== 'ring');
  const before = handed.of(adapter.platform, now.getTime());
  const waits = adapter.queued?.([...before, ...counted.map(sendingOf)]) ?? [];
  return counted.map(({ id }, i) => [id, waits[before.length + i] ?? 0]);
}

function sendingOf({ kind, address, ref_message: message, tried_at }: Stale): Sending {
  if (kind === 'home') return { how: 'home' };
  return message === null ? { how: 'post', to: address, again: tried_at !== null } : { how: 'edit', message };
}

async function lineUp({ sql }: DeliveryDeps, places: [id: string, wait: number][], now: Date): Promise<void> {
  if (places.length === 0) return;
  const rows = places.map(([id, wait]) => ({ id, at: new Date(now.getTime() + Math.min(wait, LONGEST_WAIT_MS)) }));
  await sql`
    update message set next_at = greatest(message.next_at, r.at), handed_until = null, last_error = ${OWN_LIMIT}
    from jsonb_to_recordset(${sql.json(rows as never)}) as r(id uuid, at timestamptz)
    where message.id = r.id and (message.claimed_until is null or message.claimed_until <= ${now})`;
}
