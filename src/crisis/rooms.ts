/**
 * The rooms of a crisis: opened, filled and kept in step in the background, a row for each platform (`room`). Killed at any point it goes
 * on where it was: what it is about to ask for is noted before, what it was given at once after.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { type ChatAdapter, DeliveryError, type NotIn, type Platform, type Rooms } from '../core/chat.ts';
import type { Database } from '../core/intake.ts';
import type { Command, JsonObject } from '../core/message.ts';
import type { Tx } from '../core/module.ts';
import { audienceText } from '../core/outbox.ts';

/** Who should be in the room of one platform, by their accounts there. */
export interface RoomPlan {
  /** for people */
  title: string;
  /** small letters, digits and `-` */
  name: string;
  people: { person: string; account: string }[];
}

export interface RoomKeeping {
  sql: Database;
  adapters: ReadonlyMap<Platform, ChatAdapter>;
  clock: () => Date;
  log: Logger;
  put(ids: string[]): Promise<void>;
  /** undefined: it is over, nobody needs to come any more */
  teamOf(crisis: string, platform: Platform): Promise<RoomPlan | undefined>;
  /** a failure that only an administrator can mend */
  alarm(room: { crisis: string; platform: Platform }, error: DeliveryError): Promise<void>;
  /** the road, with the clock as its actor */
  carryOut(command: Command): Promise<void>;
}

export const ROOMS = 'rooms';
/** A worker that was killed leaves its room free within this; one that lives renews its claim. */
const CLAIMED_MS = 15_000;
const RENEW_MS = 5_000;
const AWAY_MS = 10 * 60_000;
/** A card that has not come after so many looks is not waited for any longer. */
const LOOKS_FOR_CARD = 12;

interface RoomRow {
  crisis: string;
  platform: Platform;
  intent: string;
  channel: string | null;
  settled: string[];
  wanted: number;
  made: number;
  attempts: number;
  tried_before: Date | null;
}

/** In the crisis' own transaction. Whoever was not brought in is asked for again. A room at work is not handed out a second time by it. */
export async function wantRooms(tx: Tx, crisis: string, platforms: readonly string[], at: Date): Promise<void> {
  if (platforms.length === 0) return;
  const rows = platforms.map((platform) => ({ crisis, platform, intent: randomUUID(), next_at: at }));
  await tx`
    insert into room ${tx(rows)}
    on conflict (crisis, platform) do update set wanted = room.wanted + 1, pinned = false, attempts = 0, next_at = excluded.next_at`;
}

/** undefined: no room of ours */
export async function crisisInRoom(sql: Database | Tx, platform: string, channel: string): Promise<string | undefined> {
  const [row] = await sql<{ crisis: string }[]>`
    select crisis from room where platform = ${platform} and channel = ${channel}`;
  return row?.crisis;
}

export async function handOutRooms({ sql, clock, put }: RoomKeeping): Promise<number> {
  const now = clock();
  const rows = await sql<{ crisis: string; platform: string }[]>`
    update room set handed_until = ${new Date(now.getTime() + CLAIMED_MS)}
    where (crisis, platform) in (
      select crisis, platform from room
      where (wanted > made or channel is not null and not pinned) and (next_at is null or next_at <= ${now})
        and (handed_until is null or handed_until <= ${now})
      order by next_at limit 50 for update skip locked)
    returning crisis, platform`;
  if (rows.length > 0) await put(rows.map((row) => `${row.crisis}|${row.platform}`));
  return rows.length;
}

/** One step of one room (`CR-2026-0003|slack`). Never throws. */
export async function makeRoom(deps: RoomKeeping, id: string): Promise<void> {
  const [crisis = '', platform = ''] = id.split('|');
  try {
    const row = await claim(deps, crisis, platform);
    if (row) await whileClaimed(deps, row, () => advance(deps, row));
  } catch (error) {
    deps.log.error({ err: error, crisis, platform }, 'a room could not be kept');
    await later(deps, { crisis, platform, attempts: 3 }, 'fault').catch(() => {});
  }
}

/** That it is tried is noted before the platform is asked: after a kill we know that there may be a room already. */
async function claim({ sql, clock }: RoomKeeping, crisis: string, platform: string): Promise<RoomRow | undefined> {
  const now = clock();
  const [row] = await sql<RoomRow[]>`
    with old as (
      select crisis, platform, tried_at from room
      where crisis = ${crisis} and platform = ${platform} and (wanted > made or channel is not null and not pinned)
        and (next_at is null or next_at <= ${now})
      for update)
    update room r set handed_until = ${new Date(now.getTime() + CLAIMED_MS)},
      tried_at = case when r.channel is null then coalesce(r.tried_at, ${now}) else r.tried_at end
    from old where r.crisis = old.crisis and r.platform = old.platform
    returning r.*, old.tried_at as tried_before`;
  return row;
}

async function whileClaimed(deps: RoomKeeping, { crisis, platform }: RoomRow, work: () => Promise<void>) {
  const renew = setInterval(() => {
    const until = new Date(deps.clock().getTime() + CLAIMED_MS);
    deps.sql`
      update room set handed_until = ${until} where crisis = ${crisis} and platform = ${platform} and handed_until is not null`.catch(
      (err: unknown) => deps.log.warn({ err, crisis, platform }, 'a claim on a room could not be renewed'),
    );
  }, RENEW_MS);
  try {
    await work();
  } finally {
    clearInterval(renew);
  }
}

async function advance(deps: RoomKeeping, row: RoomRow): Promise<void> {
  const rooms = deps.adapters.get(row.platform)?.rooms;
  if (rooms === undefined) return later(deps, row, 'platform off', AWAY_MS);
  if (row.wanted === row.made) return pinCard(deps, row, rooms);
  const plan = await deps.teamOf(row.crisis, row.platform);
  await (plan === undefined ? letBe(deps, row) : fillRoom(deps, row, rooms, plan));
}

async function letBe({ sql }: RoomKeeping, { crisis, platform, wanted }: RoomRow): Promise<void> {
  await sql`
    update room set made = ${wanted}, pinned = true, attempts = 0, handed_until = null
    where crisis = ${crisis} and platform = ${platform}`;
}

async function fillRoom(deps: RoomKeeping, row: RoomRow, rooms: Rooms, plan: RoomPlan): Promise<void> {
  try {
    const room = row.channel === null ? await openRoom(deps, row, rooms, plan) : { ...row, channel: row.channel };
    await bringIn(deps, room, rooms, plan);
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    await failed(deps, row, error);
  }
}

type Standing = RoomRow & { channel: string };

async function openRoom(deps: RoomKeeping, row: RoomRow, rooms: Rooms, plan: RoomPlan): Promise<Standing> {
  const { crisis, platform } = row;
  const accounts = plan.people.map(({ account }) => account);
  const intent = { id: row.intent, triedBefore: row.tried_before ?? undefined };
  const { id: channel, out } = await rooms.open({ name: plan.name, title: plan.title, accounts }, intent);
  const settled = broughtIn(accounts, out);
  await deps.sql`
    update room set channel = ${channel}, settled = ${settled}, attempts = 0 where crisis = ${crisis} and platform = ${platform}`;
  deps.log.info({ crisis, platform, out: out.length }, 'a room was opened');
  return { ...row, channel, settled, attempts: 0 };
}

async function bringIn(deps: RoomKeeping, room: Standing, rooms: Rooms, plan: RoomPlan): Promise<void> {
  const asked = plan.people.map(({ account }) => account).filter((account) => !room.settled.includes(account));
  const standing = (out: NotIn[]): Settled => ({ id: room.channel, out: named(out, plan) });
  try {
    const out = asked.length === 0 ? [] : await rooms.invite(room.channel, asked);
    const settled = [...room.settled, ...broughtIn(asked, out)];
    await deps.sql`update room set settled = ${settled} where crisis = ${room.crisis} and platform = ${room.platform}`;
    await settle(deps, room, standing(out));
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    const { code } = error;
    await failed(deps, room, error, standing(asked.map((account) => ({ account, code }))));
  }
}

const broughtIn = (accounts: string[], out: NotIn[]): string[] =>
  accounts.filter((account) => !out.some((one) => one.account === account));

/** The road knows people, not accounts. */
function named(out: NotIn[], { people }: RoomPlan): JsonObject[] {
  return out.flatMap(({ account, code }) => {
    const person = people.find((one) => one.account === account)?.person;
    return person === undefined ? [] : [{ person, code }];
  });
}

interface Settled {
  id?: string;
  code?: string;
  out: JsonObject[];
}

/** The crisis is told, and the same word twice is one; then it is noted, and the card that it puts there is waited for. */
async function settle(deps: RoomKeeping, { crisis, platform, wanted }: RoomRow, result: Settled): Promise<void> {
  await deps.carryOut({ name: 'crisis.room', subject: crisis, args: { platform, ...result } });
  await deps.sql`
    update room set made = ${wanted}, attempts = 0, last_error = ${result.code ?? null}, handed_until = null,
      next_at = case when wanted > ${wanted} then next_at end
    where crisis = ${crisis} and platform = ${platform}`;
}

/** @param standing the room as it is without whoever was just asked for; absent: it was not opened */
async function failed(deps: RoomKeeping, row: RoomRow, error: DeliveryError, standing?: Settled): Promise<void> {
  const { crisis, platform } = row;
  deps.log.warn({ crisis, platform, problem: error.problem, code: error.code }, 'a room could not be made ready');
  switch (error.problem) {
    case 'retry-later':
    case 'ambiguous':
      return later(deps, row, error.code, error.afterMs);
    case 'credentials':
    case 'rejected':
      await deps.alarm(row, error);
      return settle(deps, row, standing ?? { code: error.code, out: [] });
    case 'gone':
    case 'unreachable':
      await deps.alarm(row, error);
      await forget(deps, row);
      return settle(deps, row, { code: error.code, out: [] });
    default:
      return error.problem satisfies never;
  }
}

/** Somebody has closed it or put us out: when a room is wanted again it is another one. */
async function forget({ sql }: RoomKeeping, { crisis, platform }: RoomRow): Promise<void> {
  await sql`
    update room set channel = null, settled = '{}', intent = ${randomUUID()}, tried_at = null
    where crisis = ${crisis} and platform = ${platform}`;
}

/** The situation stays on top of the room, as soon as its card has come. */
async function pinCard(deps: RoomKeeping, row: RoomRow, rooms: Rooms): Promise<void> {
  const card = await cardIn(deps.sql, row);
  if (card?.ref_channel == null || card.ref_message === null) {
    if (card?.state === 'dead' || row.attempts >= LOOKS_FOR_CARD) return pinned(deps, row, 'no-card');
    return later(deps, row, 'no-card-yet');
  }
  try {
    await rooms.pin({ channel: card.ref_channel, message: card.ref_message });
    await pinned(deps, row, null);
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    const again = error.problem === 'retry-later' || error.problem === 'ambiguous' || error.problem === 'gone';
    if (again && row.attempts < LOOKS_FOR_CARD) return later(deps, row, error.code, error.afterMs);
    if (error.problem === 'credentials') await deps.alarm(row, error);
    await pinned(deps, row, error.code);
  }
}

async function cardIn(sql: Database, { crisis, platform, channel }: RoomRow) {
  const audience = audienceText({ room: { platform, id: channel ?? '' } });
  const [card] = await sql<{ ref_channel: string | null; ref_message: string | null; state: string }[]>`
    select ref_channel, ref_message, state from message
    where subject = ${crisis} and kind = 'card' and audience = ${audience} and about is null
    order by created_at desc limit 1`;
  return card;
}

/** Or given up: without a pin the card stands there all the same. */
async function pinned({ sql }: RoomKeeping, row: RoomRow, code: string | null): Promise<void> {
  await sql`
    update room set pinned = wanted = ${row.wanted}, last_error = ${code}, attempts = 0, handed_until = null
    where crisis = ${row.crisis} and platform = ${row.platform}`;
}

/** 1 s, 2 s, 4 s … 5 min. */
async function later(
  { sql, clock }: RoomKeeping,
  { crisis, platform, attempts }: Pick<RoomRow, 'attempts'> & { crisis: string; platform: string },
  code: string,
  afterMs: number = Math.min(300_000, 1000 * 2 ** Math.min(attempts, 9)),
): Promise<void> {
  await sql`
    update room set next_at = ${new Date(clock().getTime() + afterMs)}, attempts = attempts + 1, handed_until = null, last_error = ${code}
    where crisis = ${crisis} and platform = ${platform}`;
}
