/**
 * Makes messages true: takes a stale row, draws the latest state, posts or edits, remembers where it landed. Holds no lock that a press
 * needs while a platform takes its time, and may be killed at any point: the row says what is still owed.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Card } from './card.ts';
import {
  type ChatAdapter,
  DeliveryError,
  type Language,
  type Loudness,
  type MessageRef,
  type Platform,
} from './chat.ts';
import type { Handed } from './handed.ts';
import type { Database } from './intake.ts';
import type { JsonObject } from './message.ts';
import { type Drawer, LANE, type Sort } from './module.ts';
import { MOVED, pageKey, readAudience, touchSubjects } from './outbox.ts';
import type { Queue } from './queue.ts';

export interface MessageRow {
  id: string;
  subject: string;
  kind: Sort;
  audience: string;
  platform: Platform;
  address_kind: 'direct' | 'channel';
  address: string;
  about: string | null;
  data: JsonObject | null;
  key: string;
  lane: number;
  wanted: number;
  shown: number;
  shown_hash: string | null;
  intent: string;
  ref_channel: string | null;
  ref_message: string | null;
  reposts: number;
  plain: number;
  attempts: number;
  created_at: Date;
  stale_since: Date | null;
  /** both before this claim */
  tried_at: Date | null;
  tried_until: Date | null;
}

export interface DeliveryDeps {
  sql: Database;
  queue: Queue;
  handed: Handed;
  adapters: ReadonlyMap<Platform, ChatAdapter>;
  draw: Drawer['draw'];
  languageFor(audience: string): Language;
  clock: () => Date;
  log: Logger;
  /** a message that will not arrive: the administrator is told, another platform is tried */
  dead(row: MessageRow, error: DeliveryError): Promise<void>;
  /** it is written down as undeliverable now: whoever waits for an answer to it need not wait any longer */
  buried(row: MessageRow): Promise<void>;
  /** a failure that may pass but that a person must mend (token, scope) */
  alarm(row: MessageRow, error: DeliveryError): Promise<void>;
  /** `attempts`: in vain, since the change; what waits under our own limits fails with `own-rate-limit` */
  counted: {
    delivered(platform: Platform, lagMs: number, attempts: number): void;
    failed(error: DeliveryError): void;
  };
}

/** A worker that was killed leaves its row free within this; one that lives renews its claim while the platform takes its time. */
const CLAIMED_MS = 15_000;
const RENEW_MS = 5_000;
/** What is claimed has reached the platform by then, if it does; while it takes longer, the claim is renewed and this with it. */
const TRY_MS = 60_000;
/** An adapter's word that its own bucket is empty: nothing was asked of the platform, nothing went wrong. */
export const OWN_LIMIT = 'own-rate-limit';
const AWAY_MS = 10 * 60_000;
const GIVE_UP_MS = 24 * 3_600_000;

export const deliverQueue = (platform: string): string => `deliver-${platform}`;

/** One message, until it is true or must wait. Never throws. */
export async function deliver(deps: DeliveryDeps, id: string): Promise<void> {
  try {
    for (let round = 0; round < 5; round++) {
      const row = await claim(deps, id);
      if (row === undefined || !(await whileClaimed(deps, id, () => attempt(deps, row)))) return;
    }
  } catch (error) {
    deps.log.error({ err: error, message: id }, 'a delivery could not be settled');
  } finally {
    deps.handed.forget(id);
  }
}

/**
 * Takes the row for this worker alone. `tried_at` is noted before the platform is asked: after a crash we know that it may have happened.
 * Whoever just touches the row is waited for: passed by, it would stay handed out with nobody looking after it.
 */
async function claim({ sql, clock }: DeliveryDeps, id: string): Promise<MessageRow | undefined> {
  const now = clock();
  const [row] = await sql<MessageRow[]>`
    with old as (
      select id, tried_at, tried_until from message
      where id = ${id} and state = 'live' and wanted > shown and (claimed_until is null or claimed_until <= ${now})
        and (next_at is null or next_at <= ${now})
      for update)
    update message m set claimed_until = ${new Date(now.getTime() + CLAIMED_MS)},
      tried_at = case when m.ref_message is null then coalesce(m.tried_at, ${now}) else m.tried_at end,
      tried_until = ${new Date(now.getTime() + TRY_MS)}
    from old where m.id = old.id
    returning m.*, old.tried_at, old.tried_until`;
  return row;
}

async function whileClaimed<T>({ sql, clock, log }: DeliveryDeps, id: string, work: () => Promise<T>): Promise<T> {
  const renew = setInterval(() => {
    const now = clock().getTime();
    const [until, tried] = [new Date(now + CLAIMED_MS), new Date(now + TRY_MS)];
    sql`update message set claimed_until = ${until}, tried_until = ${tried} where id = ${id} and claimed_until is not null`.catch(
      (err: unknown) => log.warn({ err, message: id }, 'a claim could not be renewed'),
    );
  }, RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(renew);
  }
}

/** True: look once more, it may be stale again. */
async function attempt(deps: DeliveryDeps, row: MessageRow): Promise<boolean> {
  const adapter = deps.adapters.get(row.platform);
  if (adapter === undefined) return later(deps, row, AWAY_MS, { code: 'platform off' });
  try {
    const language = deps.languageFor(row.audience);
    const card = await deps.draw({
      kind: row.kind,
      subject: row.subject,
      audience: readAudience(row.audience),
      about: row.about ?? undefined,
      data: row.data ?? undefined,
      language,
      plain: row.plain > 0,
      unposted: row.ref_message === null && row.tried_at === null,
    });
    if (card === undefined) return close(deps, row);
    const hash = createHash('sha256').update(JSON.stringify(card)).digest('hex');
    const ref = hash === row.shown_hash ? known(row) : await send(deps, adapter, row, card, language);
    return await landed(deps, row, ref, hash);
  } catch (error) {
    if (error instanceof DeliveryError) return failed(deps, row, error);
    deps.log.error({ err: error, message: row.id, subject: row.subject }, 'a message could not be drawn or sent');
    return later(deps, row, backoff(row), { code: 'fault' });
  }
}

function known(row: MessageRow): MessageRef | undefined {
  return row.ref_channel !== null && row.ref_message !== null
    ? { channel: row.ref_channel, message: row.ref_message }
    : undefined;
}

async function send(
  deps: DeliveryDeps,
  adapter: ChatAdapter,
  row: MessageRow,
  card: Card,
  language: Language,
): Promise<MessageRef | undefined> {
  deps.handed.forget(row.id);
  if (row.kind === 'home') {
    await adapter.home?.(row.address, card, language);
    return undefined;
  }
  const ref = known(row);
  if (ref) {
    await adapter.edit(ref, card, language);
    return ref;
  }
  const louder = row.kind === 'ring' ? /^feishu-(app|sms|phone)$/.exec(row.about ?? '')?.[1] : undefined;
  if (louder) return ringFor(deps, adapter, row, louder as Loudness);
  const intent = { id: row.intent, triedBefore: row.tried_at ?? undefined, triedUntil: row.tried_until ?? undefined };
  return adapter.post({ kind: row.address_kind, id: row.address }, { kind: 'card', card }, intent, language);
}

/** The message for which it rings may just be on its way. */
async function ringFor(
  { sql }: DeliveryDeps,
  adapter: ChatAdapter,
  row: MessageRow,
  how: Loudness,
): Promise<undefined> {
  const key = pageKey(row.subject, String(row.data?.call), readAudience(row.audience), row.platform);
  const [page] = await sql<{ ref_channel: string | null; ref_message: string | null; state: string }[]>`
    select ref_channel, ref_message, state from message where key = ${key}`;
  const under =
    page?.ref_message && page.ref_channel ? { channel: page.ref_channel, message: page.ref_message } : undefined;
  if (!adapter.ring || !page || (!under && page.state !== 'live'))
    throw new DeliveryError(row.platform, 'unreachable', 'no-message-to-ring-for');
  if (!under) throw new DeliveryError(row.platform, 'retry-later', 'message-on-its-way', { afterMs: 1000 });
  await adapter.ring(under, row.address, how);
  return undefined;
}

/** What became stale meanwhile is sent whatever it looks like: somebody may have undone this very edit. */
async function landed(
  deps: DeliveryDeps,
  row: MessageRow,
  ref: MessageRef | undefined,
  hash: string,
): Promise<boolean> {
  const now = deps.clock();
  const shown = maybeOlder(row) ? row.wanted - 1 : row.wanted;
  const [after] = await deps.sql<{ stale: boolean }[]>`
    update message set shown = ${shown}, shown_hash = case when wanted > ${shown} then null else ${hash} end,
      claimed_until = null, handed_until = null, attempts = 0, last_error = null, ref_channel = ${ref?.channel ?? null}, ref_message = ${ref?.message ?? null},
      posted_at = coalesce(posted_at, ${now}), tried_at = null, lane = case when kind = 'page' then ${LANE.card} else lane end,
      stale_since = case when wanted > ${shown} then stale_since end,
      state = case when kind in ('notice', 'letter', 'ring') then 'done' when kind = 'card' and about is not null and wanted <= ${shown} then 'closed' else state end
    where id = ${row.id} and state = 'live' returning wanted > shown as stale`;
  // its subject's cards say who has been reached, and how
  if ((row.kind === 'page' || row.kind === 'ring') && row.ref_message === null)
    await touchSubjects(deps.sql, [row.subject], now);
  deps.counted.delivered(row.platform, now.getTime() - (row.stale_since ?? row.created_at).getTime(), row.attempts);
  return after?.stale === true;
}

/**
 * An earlier try may have posted it unseen: what was found now, by its metadata or under the same uuid, shows what was true then. So it is
 * drawn over once more.
 */
function maybeOlder({ kind, ref_message, tried_at }: MessageRow): boolean {
  return (kind === 'card' || kind === 'page') && ref_message === null && tried_at !== null;
}

async function failed(deps: DeliveryDeps, row: MessageRow, error: DeliveryError): Promise<boolean> {
  const ours = error.code === OWN_LIMIT;
  deps.counted.failed(error);
  deps.log[ours ? 'debug' : 'warn'](
    { message: row.id, subject: row.subject, platform: row.platform, problem: error.problem, code: error.code },
    'a delivery failed',
  );
  if (row.about === MOVED && (error.problem === 'gone' || error.problem === 'unreachable')) return close(deps, row);
  switch (error.problem) {
    case 'retry-later':
      // nobody refused it: it waits in our own line, however long that is after an outage
      return !ours && givenUp(deps, row) ? overdue(deps, row, error) : later(deps, row, waitOf(row, error), error);
    case 'ambiguous':
      return givenUp(deps, row) ? overdue(deps, row, error) : later(deps, row, waitOf(row, error), error);
    case 'credentials':
      await deps.alarm(row, error);
      return later(deps, row, Math.max(60_000, backoff(row)), error);
    case 'gone':
      return row.reposts > 0 || row.ref_message === null ? died(deps, row, error) : anew(deps, row);
    case 'rejected':
      return row.plain === 0 ? plainer(deps, row) : died(deps, row, error);
    case 'unreachable':
      return died(deps, row, error);
    default:
      return error.problem satisfies never;
  }
}

function givenUp(deps: DeliveryDeps, row: MessageRow): boolean {
  const since = row.stale_since ?? row.created_at;
  return deps.clock().getTime() - since.getTime() > GIVE_UP_MS;
}

/** They show how things stand: however late the platform comes back, it must not go on showing something else. */
const STANDING: ReadonlySet<Sort> = new Set(['card', 'page', 'home']);

/** Word of it goes out by other ways, and to the administrator. What only tells something is given up. */
async function overdue(deps: DeliveryDeps, row: MessageRow, error: DeliveryError): Promise<boolean> {
  if (!STANDING.has(row.kind)) return died(deps, row, error);
  await deps.dead(row, error);
  return later(deps, row, waitOf(row, error), error);
}

/** Hundreds of reminders in one line do not all ask again at the moment when there is room for one. */
function waitOf(row: MessageRow, error: DeliveryError): number {
  const wait = error.afterMs ?? backoff(row);
  return error.code === OWN_LIMIT && row.lane >= LANE.reminder ? wait * (1 + Math.random() * 5) : wait;
}

/** 1 s, 2 s, 4 s … 5 min, each with some chance so that a thousand do not come back at once. */
function backoff(row: MessageRow): number {
  return Math.min(300_000, 1000 * 2 ** Math.min(row.attempts, 9)) * (0.75 + Math.random() / 2);
}

/**
 * Waiting in our own line is no attempt: whoever stood there long is as patient with the platform as a new one.
 * An ambiguous post keeps its `tried_at`, so that the next try looks first. Where it was refused cleanly this try posted nothing; what an
 * earlier try may have posted is still to be looked for.
 */
async function later(
  { sql, clock }: DeliveryDeps,
  row: MessageRow,
  ms: number,
  { problem, code }: { problem?: DeliveryError['problem']; code: string },
): Promise<false> {
  const refused = problem === 'retry-later' || problem === 'credentials';
  await sql`
    update message set next_at = ${new Date(clock().getTime() + ms)}, attempts = attempts + ${code === OWN_LIMIT ? 0 : 1}, claimed_until = null, handed_until = null,
      last_error = ${code}, tried_at = case when ${refused} and ref_message is null then ${row.tried_at}::timestamptz else tried_at end,
      tried_until = case when ${refused} then ${row.tried_until}::timestamptz else tried_until end
    where id = ${row.id}`;
  return false;
}

async function anew({ sql }: DeliveryDeps, row: MessageRow): Promise<true> {
  await sql`
    update message set ref_channel = null, ref_message = null, intent = ${randomUUID()}, tried_at = null, reposts = reposts + 1,
      shown_hash = null, claimed_until = null, posted_at = null where id = ${row.id}`;
  return true;
}

/** Refused content was not posted: the plainer one may go under a fresh key. */
async function plainer({ sql }: DeliveryDeps, row: MessageRow): Promise<true> {
  await sql`update message set plain = 1, shown_hash = null, intent = ${randomUUID()}, tried_at = null, claimed_until = null where id = ${row.id}`;
  return true;
}

async function close({ sql }: DeliveryDeps, row: MessageRow): Promise<false> {
  await sql`update message set state = 'closed', claimed_until = null where id = ${row.id}`;
  return false;
}

/**
 * Told first, written down after: whoever is killed between the two tells it once more, and the same word twice is one. A card that has
 * become another one while it was being refused is not given up yet.
 */
async function died(deps: DeliveryDeps, row: MessageRow, error: DeliveryError): Promise<false> {
  const newer = await deps.sql`select 1 from message where id = ${row.id} and kind = 'card' and wanted > ${row.wanted}`;
  if (newer.length > 0) return later(deps, row, 0, { code: error.code });
  await deps.dead(row, error);
  await deps.sql`
    update message set state = 'dead', last_error = ${error.code}, claimed_until = null, handed_until = null where id = ${row.id}`;
  deps.log.error(
    { message: row.id, subject: row.subject, platform: row.platform, code: error.code },
    'a message is undeliverable',
  );
  await deps.buried(row);
  return false;
}
