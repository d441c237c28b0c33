/**
 * From a platform's payload to a committed decision and an answer: known person? understood? seen before? Then one transaction.
 * Never throws: whatever happens, the person is told in their language what happened and what to do.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import { roadWords } from '../words/road.ts';
import type { Desk, Inbound, Language, MessageRef, Platform, Reply } from './chat.ts';
import { enact, enter, type Outcome, type Road } from './handle.ts';
import type { Command } from './message.ts';
import type { Tx } from './module.ts';
import { messageAt, WAKE } from './outbox.ts';

export type Database = Sql<{ bigint: bigint }>;

/** Who acts, where, and what the company is at this moment. */
export interface Scene<World> {
  sql: Database | Tx;
  world: World;
  person: string;
  language: Language;
  at: Date;
  inbound: Inbound;
  /** the pressed message, already asked for; absent: ask */
  pressed?: ReturnType<typeof messageAt>;
}

/** What an act means: something to carry out, or an answer that changes nothing. */
export type Understood =
  /** `once`: the form that was filled for it; it counts once, however often it is sent */
  { kind: 'do'; command: Command; once?: string } | { kind: 'answer'; reply: Reply };

/** One noun's way of talking with people. */
export interface Talker<World> {
  /** undefined: not mine */
  understand(scene: Scene<World>): Promise<Understood | undefined>;
  /** undefined: not mine */
  reply(outcome: Outcome, command: Command, scene: Scene<World>): Promise<Reply | undefined>;
}

export interface IntakeDeps<World> {
  sql: Database;
  road: Road<World>;
  talkers: Talker<World>[];
  clock: () => Date;
  log: Logger;
  /** as it was a moment ago: what somebody wants is understood by it; what is decided reads it anew */
  worldNear(at: Date): Promise<World>;
  find(world: World, platform: Platform, account: string): { id: string; active: boolean } | undefined;
  language(world: World | undefined, person: string | undefined): Language;
  accountLanguage(platform: Platform, account: string): Language;
  /** `account`: of a stranger, by which an administrator may know them */
  counted(
    platform: Platform,
    outcome: 'done' | 'refused' | 'answered' | 'repeated' | 'stranger' | 'fault',
    account?: string,
  ): void;
}

const TRIES = 6;
/** The clients that undo an edit which comes before the answer to a press; so the edit is held back until the answer has left. */
const HOLDS: ReadonlySet<Platform> = new Set(['feishu']);
const HOLD_MS = 2_500;

export interface Intake extends Desk {
  /** acts that nobody has been answered yet */
  underWay(): number;
}

export function createIntake<World>(deps: IntakeDeps<World>): Intake {
  let underWay = 0;
  return {
    underWay: () => underWay,
    take: async (inbound) => {
      underWay += 1;
      try {
        return await takeSafely(deps, inbound);
      } finally {
        underWay -= 1;
      }
    },
    answered: (platform, message) => {
      redraw(deps, platform, message).catch((error: unknown) =>
        deps.log.warn({ err: error }, 'a redraw could not be asked for'),
      );
    },
    languageOf: deps.accountLanguage,
  };
}

/** `unheard`: the database was asked to keep it, and whether it did nobody has heard. */
interface Fate {
  unheard: boolean;
}

async function takeSafely<World>(deps: IntakeDeps<World>, inbound: Inbound): Promise<Reply> {
  const fate: Fate = { unheard: false };
  try {
    return await take(deps, inbound, fate);
  } catch (error) {
    const w = roadWords(deps.accountLanguage(inbound.platform, inbound.from.account));
    deps.counted(inbound.platform, 'fault');
    if (isPassing(error)) {
      deps.log.warn(
        { err: error, delivery: inbound.deliveryId, unheard: fate.unheard },
        'an act could not be kept for now',
      );
      return { kind: 'said', tone: 'bad', text: fate.unheard ? w.unheard : w.busy };
    }
    const reference = randomBytes(4).toString('hex');
    deps.log.error(
      { err: error, reference, delivery: inbound.deliveryId, platform: inbound.platform },
      'an act failed',
    );
    return { kind: 'said', tone: 'bad', text: w.fault(reference) };
  }
}

async function take<World>(deps: IntakeDeps<World>, inbound: Inbound, fate: Fate): Promise<Reply> {
  const at = deps.clock();
  const { platform, from } = inbound;
  const w = roadWords(deps.accountLanguage(platform, from.account));
  const strange = (text: string): Reply => {
    deps.counted(platform, 'stranger', from.foreign ? undefined : from.account);
    // whoever writes to our number costs us an answer each: strangers get none
    const silent = inbound.what.kind === 'home' || platform === 'sms';
    return silent ? { kind: 'nothing' } : { kind: 'said', tone: 'bad', text };
  };
  if (from.foreign) return strange(w.foreign);
  const world = await withRetries(() => deps.worldNear(at));
  const person = deps.find(world, platform, from.account);
  if (person === undefined) return strange(w.unknownAccount(platform, from.account));
  if (!person.active) return strange(w.left);
  const scene: Scene<World> = {
    sql: deps.sql,
    world,
    person: person.id,
    language: deps.language(world, person.id),
    at,
    inbound,
  };
  const understood = await withRetries(() => understand(deps, scene));
  if (understood.kind === 'answer') {
    deps.counted(platform, 'answered');
    return understood.reply;
  }
  return withRetries(() => carryOutOnce(deps, scene, understood, fate));
}

async function understand<World>(deps: IntakeDeps<World>, scene: Scene<World>): Promise<Understood> {
  for (const talker of deps.talkers) {
    const understood = await talker.understand(scene);
    if (understood) return understood;
  }
  return { kind: 'answer', reply: { kind: 'said', tone: 'bad', text: roadWords(scene.language).stale } };
}

/** The act, its inbox row and its answer commit together: delivered again, it gets the first answer and changes nothing. */
async function carryOutOnce<World>(
  deps: IntakeDeps<World>,
  scene: Scene<World>,
  { command, once }: Extract<Understood, { kind: 'do' }>,
  fate: Fate,
): Promise<Reply> {
  const { inbound, at } = scene;
  const { platform, deliveryId } = inbound;
  let decided = false;
  const keeping = deps.sql.begin('isolation level read committed', async (tx) => {
    // sent in this order, in one round trip: whoever delivers the same once more waits here, before any other lock
    const said = tx`
      insert into inbox (platform, delivery, at) values (${platform}, ${deliveryId}, ${at}) on conflict do nothing returning 1`.execute();
    const used = once === undefined ? undefined : useForm(tx, once, at);
    const entered = enter(deps.road, tx, command, at);
    const pressed = inbound.what.kind === 'action' && inbound.message && messageAt(tx, platform, inbound.message);
    // asked for beside the rest, and not by everybody who answers
    if (pressed) pressed.catch(() => {});
    const [first, fresh, { world }] = await Promise.all([said, used, entered]);
    if (first.length === 0) return answeredBefore(deps, tx, platform, deliveryId);
    if (once !== undefined && !fresh) return answeredBefore(deps, tx, platform, once, FORM);
    const actor = { kind: 'person' as const, id: scene.person, platform };
    const { outcome, kept } = await enact(deps.road, tx, command, { actor, at }, entered);
    deps.counted(platform, outcome.kind);
    const reply = await replyTo(deps, outcome, command, { ...scene, sql: tx, world, ...(pressed && { pressed }) });
    await Promise.all([
      kept,
      tx`update inbox set reply = ${tx.json(reply as never)} where platform = ${platform} and delivery = ${deliveryId}`,
      once === undefined ? undefined : keepForm(tx, once, outcome, reply),
      HOLDS.has(platform) && 'card' in reply && inbound.message
        ? holdBack(tx, platform, inbound.message, at)
        : undefined,
    ]);
    decided = true;
    return reply;
  });
  const reply = await keeping.catch((error: unknown) => {
    fate.unheard ||= decided && !isUndone(error);
    throw error;
  });
  deps.road.ring();
  return reply as Reply;
}

async function answeredBefore<World>(
  deps: IntakeDeps<World>,
  tx: Tx,
  platform: Platform,
  delivery: string,
  box: Platform | typeof FORM = platform,
): Promise<Reply> {
  deps.counted(platform, 'repeated');
  const [row] = await tx<{ reply: Reply | null }[]>`
    select reply from inbox where platform = ${box} and delivery = ${delivery}`;
  return row?.reply ?? { kind: 'nothing' };
}

/** The part of the inbox for forms: a person who got no answer sends the same window again, which the platform calls a new act. */
const FORM = 'form';

/** False: it was accepted before. Waits for whoever is just sending it. */
async function useForm(tx: Tx, form: string, at: Date): Promise<boolean> {
  const rows = await tx`
    insert into inbox (platform, delivery, at) values (${FORM}, ${form}, ${at}) on conflict do nothing returning 1`;
  return rows.length > 0;
}

/** What was refused may be mended and sent again. */
function keepForm(tx: Tx, form: string, outcome: Outcome, reply: Reply) {
  return outcome.kind === 'refused'
    ? tx`delete from inbox where platform = ${FORM} and delivery = ${form}`
    : tx`update inbox set reply = ${tx.json(reply as never)} where platform = ${FORM} and delivery = ${form}`;
}

async function replyTo<World>(
  deps: IntakeDeps<World>,
  outcome: Outcome,
  command: Command,
  scene: Scene<World>,
): Promise<Reply> {
  for (const talker of deps.talkers) {
    const reply = await talker.reply(outcome, command, scene);
    if (reply) return reply;
  }
  return { kind: 'nothing' };
}

/** Whoever was handed it already finds it held and lets it go, so that it may be handed out anew. */
async function holdBack(tx: Tx, platform: Platform, message: MessageRef, at: Date): Promise<void> {
  const until = new Date(at.getTime() + HOLD_MS);
  await tx`
    update message set next_at = ${until}, handed_until = null
    where platform = ${platform} and ref_message = ${message.message} and ref_channel = ${message.channel}`;
}

/** The answer carried a drawing of its own; draw once more, whatever the client made of the two. */
async function redraw<World>(deps: IntakeDeps<World>, platform: Platform, message: MessageRef): Promise<void> {
  await deps.sql`
    update message set next_at = null, handed_until = null, shown_hash = null, wanted = wanted + 1
    where platform = ${platform} and ref_message = ${message.message} and ref_channel = ${message.channel} and state = 'live'`;
  await deps.sql`select pg_notify(${WAKE}, '')`;
}

/** Two at once, or the database away for a moment, are no reason to give up. */
export async function withRetries<T>(work: () => Promise<T>, passes = isPassing): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= TRIES || !passes(error)) throw error;
      await pause(15 * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}

/** The database says itself that it did not keep it; a session that ended (FATAL) says nothing of what it had been asked before. */
function isUndone(error: unknown): boolean {
  return error instanceof Error && 'severity' in error && error.severity === 'ERROR';
}

const PASSING = new Set([
  '40001',
  '40P01',
  '55P03',
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08003',
  '08006',
  '53300',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
]);

/** Two who waited for each other: one of them was let go, and may try again at once. */
export function isConflict(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '40P01' || error.code === '40001');
}

/** Two at once, or the database away for a moment: https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error)) return false;
  // FATAL ends the session, whatever the reason: the database lets nobody in just now
  return PASSING.has(String(error.code)) || ('severity' in error && error.severity === 'FATAL');
}

/** Somewhere in its causes the connection is gone, or the server is not up yet; a wrong password or a missing database is not that. */
export function isAway(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && PASSING.has(String(cause.code))) return true;
    // the queue's driver has no code for it
    if (cause.message.startsWith('Connection terminated')) return true;
  }
  return false;
}
