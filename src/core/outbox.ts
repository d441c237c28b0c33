/**
 * Which message is stale and who must be told: rows that commit together with the decision. The worker (`deliver.ts`) makes them
 * true afterwards. A card row says only *that* it is stale, so ten changes in a second are one edit and a late retry shows no old state.
 */
import { randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';
import type { JsonObject } from './message.ts';
import { type Audience, type Effect, LANE, type Lane, type Place, type Reach, type Sort, type Tx } from './module.ts';

type Writer = Sql<{ bigint: bigint }> | Tx;

export const WAKE = 'countersign';
/** What a card is about whose place a newer one has taken: nothing but that. */
export const MOVED = 'moved';

export function audienceText(to: Audience): string {
  if ('room' in to) return `room:${to.room.platform}:${to.room.id}`;
  return 'person' in to ? `person:${to.person}` : `channel:${to.channel}`;
}

export function readAudience(text: string): Audience {
  const [kind, id = ''] = [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)];
  if (kind === 'room') return { room: { platform: id.slice(0, id.indexOf(':')), id: id.slice(id.indexOf(':') + 1) } };
  return kind === 'person' ? { person: id } : { channel: id };
}

/** The message in which a person is called on one platform: the louder ways ring for it. */
export function pageKey(subject: string, call: string, to: Audience, platform: string): string {
  return `page|${subject}|${call}|${audienceText(to)}|${platform}`;
}

/** Effects that follow from no command; the workers hear of them when they are committed. */
export async function carryOut(tx: Writer, subject: string, effects: Effect[], reach: Reach, at: Date): Promise<void> {
  await Promise.all([putOut(tx, subject, effects, reach, at), tx`select pg_notify(${WAKE}, '')`]);
}

/** Carries out effects in few statements, pipelined on the transaction's one connection. */
export async function putOut(tx: Writer, subject: string, effects: Effect[], reach: Reach, at: Date): Promise<void> {
  const letters = new Set(effects.flatMap((effect) => (effect.kind === 'letter' ? [letterOf(effect)] : [])));
  const rows = once(effects.flatMap((effect) => messageRows(subject, effect, reach, letters)));
  // one promise under one key, however many events made it: the last one holds
  const timers = once(effects.filter((effect) => effect.kind === 'timer'));
  const cancelled = effects.filter((effect) => effect.kind === 'cancel').map((effect) => effect.key);
  await Promise.all([
    touchSubject(tx, subject, at),
    rows.length > 0 && putMessages(tx, rows, at),
    cancelled.length > 0 && cancelTimers(tx, cancelled),
    timers.length > 0 && putTimers(tx, subject, timers),
  ]);
}

/** Every card of this subject has to be drawn again; one that waits for its reader's morning goes on waiting. */
async function touchSubject(tx: Writer, subject: string, at: Date): Promise<void> {
  await tx`
    update message set wanted = wanted + 1, stale_since = coalesce(stale_since, ${at}), attempts = 0, handed_until = null,
      next_at = case when ref_message is null then not_before end
    where subject = ${subject} and kind in ('card', 'page') and state = 'live'`;
}

/** So have the cards of subjects that others changed: locked in one order, so that nobody waits in a circle. */
export async function touchSubjects(tx: Writer, subjects: string[], at: Date): Promise<void> {
  if (subjects.length === 0) return;
  await tx`
    update message set wanted = wanted + 1, stale_since = coalesce(stale_since, ${at}), handed_until = null
    where id = any(array(
      select id from message where subject = any(${subjects}) and kind in ('card', 'page') and state = 'live' order by key for update))`;
}

/** The App Homes of these people are stale. Rows that many subjects touch: locked in one order, so that nobody waits in a circle. */
export async function touchHomes(tx: Writer, people: string[], at: Date): Promise<void> {
  if (people.length === 0) return;
  await tx`
    update message set wanted = wanted + 1, stale_since = coalesce(stale_since, ${at}), handed_until = null
    where id = any(array(
      select id from message
      where kind = 'home' and state = 'live' and key = any(${people.flatMap((id) => [`home|slack|${id}`, `home|desk|${id}`])})
      order by key for update))`;
}

/** Somebody opened their App Home: from now on it is kept true like every other card. */
export async function keepHome(
  sql: Writer,
  home: { platform: string; account: string; person: string; at: Date },
): Promise<void> {
  await sql`
    insert into message (id, intent, subject, kind, audience, platform, address_kind, address, key, lane, created_at, stale_since)
    values (${randomUUID()}, ${randomUUID()}, 'home', 'home', ${`person:${home.person}`}, ${home.platform}, 'direct', ${home.account},
      ${`home|${home.platform}|${home.person}`}, ${LANE.card}, ${home.at}, ${home.at})
    on conflict (key) do update set wanted = message.wanted + 1, shown_hash = null, state = 'live', next_at = null, attempts = 0,
      handed_until = null, address = excluded.address, stale_since = excluded.stale_since`;
  await sql`select pg_notify(${WAKE}, '')`;
}

interface Row {
  id: string;
  intent: string;
  subject: string;
  kind: Sort;
  audience: string;
  platform: string;
  address_kind: Place['kind'];
  address: string;
  about: string | null;
  data: JsonObject | null;
  key: string;
  lane: Lane;
  state: string;
  not_before: string | null;
}

const letterOf = ({ key, to }: { key: string; to: Audience }): string => `${key}|${audienceText(to)}`;

const UNHELD = { state: 'live', not_before: null };

/** At once, whatever the hour; nobody is asked where they would rather have it. */
function callRows(subject: string, effect: Extract<Effect, { kind: 'page' | 'ring' }>, reach: Reach) {
  const [audience, { person }] = [audienceText(effect.to), effect.to];
  const places = effect.kind === 'page' ? reach.places(effect.to, 'page') : [reach.line(person, effect.line)];
  return places.flatMap((place) => {
    if (place === undefined) return [];
    const { platform, kind: address_kind, id: address } = place;
    const paged = effect.kind === 'page';
    const said =
      effect.kind === 'page'
        ? { about: effect.call, data: null }
        : { about: effect.line, data: { call: effect.call, round: effect.round } };
    const key = paged ? pageKey(subject, effect.call, effect.to, platform) : `ring|${effect.key}|${audience}`;
    const ours = { id: randomUUID(), intent: randomUUID(), subject, kind: effect.kind, audience, lane: LANE.page };
    return [{ ...ours, platform, address_kind, address, ...said, key, ...UNHELD }];
  });
}

/** @param letters what is said in a letter as well: whoever has no chat reads it there, and not twice */
function messageRows(subject: string, effect: Effect, reach: Reach, letters: ReadonlySet<string>): Row[] {
  if (effect.kind === 'page' || effect.kind === 'ring') return callRows(subject, effect, reach);
  if (effect.kind !== 'card' && effect.kind !== 'notice' && effect.kind !== 'letter') return [];
  const audience = audienceText(effect.to);
  const lettered = effect.kind === 'notice' && letters.has(letterOf(effect));
  const places = reach.places(effect.to, lettered ? 'card' : effect.kind);
  const chosen = effect.kind === 'notice' && 'person' in effect.to ? onePlace(places, effect.via) : places;
  const wait = reach.wait(effect.to, effect);
  return chosen.map((place) => ({
    id: randomUUID(),
    intent: randomUUID(),
    subject,
    kind: effect.kind,
    audience,
    platform: place.platform,
    address_kind: place.kind,
    address: place.id,
    about: effect.kind === 'card' ? null : effect.about,
    data: effect.kind === 'card' ? null : effect.data,
    key:
      effect.kind === 'card'
        ? `card|${subject}|${audience}|${place.platform}|${place.id}`
        : `${effect.kind}|${effect.key}|${audience}|${place.platform}`,
    lane: effect.lane,
    state: wait?.gather ? 'held' : 'live',
    not_before: wait?.until.toISOString() ?? null,
  }));
}

/** Somebody may be concerned twice: as the owner and as the chair. One statement cannot put one row twice. */
function once<R extends { key: string }>(rows: R[]): R[] {
  return [...new Map(rows.map((row) => [row.key, row])).values()];
}

function onePlace(places: Place[], via: string | undefined): Place[] {
  const place = places.find((one) => one.platform === via) ?? places[0];
  return place ? [place] : [];
}

/**
 * A card that was given up gets another chance: where it once stood it is edited, since it may stand there still; where it never stood, it
 * waits for its reader's morning like a new one.
 */
async function putMessages(tx: Writer, rows: Row[], at: Date): Promise<void> {
  await tx`
    insert into message (id, intent, subject, kind, audience, platform, address_kind, address, about, data, key, lane, state,
      not_before, next_at, created_at, stale_since)
    select r.id, r.intent, r.subject, r.kind, r.audience, r.platform, r.address_kind, r.address, r.about, r.data, r.key, r.lane, r.state,
      r.not_before, r.not_before, ${at}, coalesce(r.not_before, ${at})
    from jsonb_to_recordset(${tx.json(rows as never)}) as r(id uuid, intent uuid, subject text, kind text, audience text, platform text,
      address_kind text, address text, about text, data jsonb, key text, lane smallint, state text, not_before timestamptz)
    on conflict (key) do update set state = 'live', attempts = 0, reposts = 0, handed_until = null, tried_at = null,
      not_before = excluded.not_before, next_at = case when message.ref_message is null then excluded.not_before end,
      shown_hash = null, wanted = message.wanted + 1, intent = excluded.intent, stale_since = excluded.stale_since
    where message.state = 'dead' and message.kind = 'card'`;
}

/** One that is firing at this moment is passed by: it waits for our subject, and will find that there is nothing left to do. */
async function cancelTimers(tx: Writer, keys: string[]): Promise<void> {
  await tx`
    delete from timer where id = any(array(select id from timer where key = any(${keys}) for update skip locked))`;
}

async function putTimers(tx: Writer, subject: string, timers: Extract<Effect, { kind: 'timer' }>[]): Promise<void> {
  const rows = timers.map((timer) => ({
    id: randomUUID(),
    subject,
    command: timer.command,
    args: timer.args,
    key: timer.key,
    due_at: timer.due.toISOString(),
    urgent: timer.urgent === true,
  }));
  await tx`
    insert into timer (id, subject, command, args, key, due_at, urgent)
    select r.id, r.subject, r.command, r.args, r.key, r.due_at, r.urgent
    from jsonb_to_recordset(${tx.json(rows)}) as r(id uuid, subject text, command text, args jsonb, key text, due_at timestamptz, urgent boolean)
    on conflict (key) do update set due_at = excluded.due_at, args = excluded.args, command = excluded.command,
      urgent = excluded.urgent, handed_until = null, attempts = 0`;
}

/**
 * A card again, at the end of the conversation: the old one is closed, since two live cards of one thing in one place are one too many.
 * Serves "show me SP-2026-0001" and the renewal of cards that a platform will soon no longer let us change.
 */
export async function showAgain(
  sql: Writer,
  card: { subject: string; to: Audience; place: Place & { platform: string }; at: Date },
): Promise<void> {
  const audience = audienceText(card.to);
  const key = `card|${card.subject}|${audience}|${card.place.platform}|${card.place.id}`;
  // it has not come yet, since it would have rung: whoever asks for it wants it now
  await sql`
    update message set next_at = null, not_before = null, handed_until = null, stale_since = ${card.at}
    where key = ${key} and state = 'live' and ref_message is null and not_before > ${card.at}`;
  await sql`
    with old as (
      update message set key = key || '|' || id, about = ${MOVED}, wanted = wanted + 1, next_at = null,
        handed_until = null, stale_since = ${card.at}
      where key = ${key} and state = 'live' and ref_message is not null returning id)
    select id from old`;
  await sql`
    insert into message (id, intent, subject, kind, audience, platform, address_kind, address, key, lane, created_at, stale_since)
    values (${randomUUID()}, ${randomUUID()}, ${card.subject}, 'card', ${audience}, ${card.place.platform}, ${card.place.kind},
      ${card.place.id}, ${key}, ${LANE.decision}, ${card.at}, ${card.at})
    on conflict (key) do update set state = 'live', next_at = null, not_before = null, handed_until = null, attempts = 0, reposts = 0,
      ref_channel = null, ref_message = null, tried_at = null, shown_hash = null, wanted = message.wanted + 1, intent = excluded.intent
    where message.state in ('dead', 'closed')`;
  await sql`select pg_notify(${WAKE}, '')`;
}

/** Which of our messages this is; undefined: none that we know. `moved`: a newer card has taken its place. */
export async function messageAt(
  sql: Writer,
  platform: string,
  ref: { channel: string; message: string },
): Promise<{ subject: string; kind: Sort; audience: Audience; moved: boolean } | undefined> {
  const [row] = await sql<{ subject: string; kind: Sort; audience: string; moved: boolean }[]>`
    select subject, kind, audience, kind = 'card' and about is not distinct from ${MOVED} as moved from message
    where platform = ${platform} and ref_message = ${ref.message} and ref_channel = ${ref.channel}`;
  return row && { subject: row.subject, kind: row.kind, audience: readAudience(row.audience), moved: row.moved };
}

const DAY_MS = 86_400_000;

/** Platforms deliver again for some hours at most, and what was told needs no row for ever: the ledger is the record. */
export async function sweepMessages(sql: Sql<{ bigint: bigint }>, now: Date): Promise<void> {
  await sql`delete from inbox where at < ${new Date(now.getTime() - 30 * DAY_MS)}`;
  await sql`
    delete from message where state in ('done', 'closed') and created_at < ${new Date(now.getTime() - 90 * DAY_MS)}`;
}
