/**
 * Who else serves on this database. Each process holds a lock of its own as long as it lives: Postgres lets go of it the moment the session
 * ends, also where nobody could say goodbye, so the others know of a death within seconds and without any clock.
 * https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS (session level)
 */
import { randomInt } from 'node:crypto';
import postgres from 'postgres';

/** any number will do, as long as it is ours alone in this database */
const LOCKS = 7_241_831;
const BEAT_MS = 1_000;
/** A session that broke is taken up again within a beat: whoever is missed for two has gone. */
const MISSED = 2;

export interface Presence {
  /** how many processes serve here, this one included */
  count(): number;
  leave(): Promise<void>;
}

export interface Watch {
  /** so many have gone without finishing what they held, or after it: nobody can tell the difference from outside */
  gone(count: number): Promise<unknown>;
  failed(error: unknown): void;
  /** for stories that have less time */
  beatMs?: number;
}

/** @throws what the database says when it lets nobody in */
export async function joinOthers(url: string, { gone, failed, beatMs = BEAT_MS }: Watch): Promise<Presence> {
  const client = postgres(url, {
    max: 1,
    max_lifetime: null,
    fetch_types: false,
    connect_timeout: 10,
    keep_alive: 30,
    onnotice: () => {},
    connection: { application_name: 'countersign presence', statement_timeout: 10_000 },
  });
  const me = randomInt(1, 2 ** 31);
  const roll = createRoll();
  let timer: NodeJS.Timeout | undefined;
  let beating: Promise<unknown> = Promise.resolve();

  const beat = async (): Promise<void> => {
    const lost = roll.call(await livingFor(client, me));
    if (lost > 0) await gone(lost);
  };
  const next = (): void => {
    timer = setTimeout(() => {
      beating = beat().catch(failed).then(next);
    }, beatMs);
  };
  await beat();
  next();
  return {
    count: roll.count,
    leave: async () => {
      clearTimeout(timer);
      // a beat that is under way may wait for a database that is gone: the end of its client ends it
      await client.end({ timeout: 1 }).catch(() => {});
      await beating;
      clearTimeout(timer);
    },
  };
}

interface Living {
  others: number[];
  /** false: our own session is a new one, and Postgres may have just come back: what is missing says nothing yet */
  steady: boolean;
}

/** Who is there; takes our own place, again where the session was lost. */
async function livingFor(client: postgres.Sql, me: number): Promise<Living> {
  const there = await client<{ id: number; here: boolean }[]>`
    select objid::int as id, pid = pg_backend_pid() as here from pg_locks
    where locktype = 'advisory' and classid = ${LOCKS} and objsubid = 2 and granted
      and database = (select oid from pg_database where datname = current_database())`;
  const steady = there.some(({ id, here }) => here && id === me);
  if (!steady) await client`select pg_try_advisory_lock(${LOCKS}, ${me})`;
  return { others: there.map(({ id }) => id).filter((id) => id !== me), steady };
}

/** Counts who has not answered, beat by beat. */
function createRoll() {
  const missed = new Map<number, number>();
  const call = ({ others, steady }: Living): number => {
    if (!steady) missed.clear();
    for (const id of missed.keys()) missed.set(id, (missed.get(id) ?? 0) + 1);
    for (const id of others) missed.set(id, 0);
    const lost = [...missed].filter(([, beats]) => beats >= MISSED).map(([id]) => id);
    for (const id of lost) missed.delete(id);
    return lost.length;
  };
  return { call, count: () => missed.size + 1 };
}
