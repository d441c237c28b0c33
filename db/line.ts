/**
 * One connection with a driver's client of its own, so that its loss takes nothing else with it. postgres.js 3.4.9 goes on sending what is
 * left of a transaction whose connection is gone. That ends the process (a TypeError in a callback of its own,
 * https://github.com/porsager/postgres/issues/1208) or, when the connection has come back meanwhile, runs inside somebody else's
 * transaction (https://github.com/porsager/postgres/issues/1155); and what is handed to it between a reset and the close is never answered.
 * So here nothing more is sent to a client that was lost, nobody uses it again, and whatever it still owed is refused at once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { connectSocket } from './socket.ts';

export type Sql = postgres.Sql<{ bigint: bigint }>;
export type Tx = postgres.TransactionSql<{ bigint: bigint }>;
export type Work = (tx: Tx) => unknown;

/** The parts of the driver's query on which this stands; the driver's version is pinned, and test/db/lines.test.ts watches over them. */
export interface Query {
  /** called once, when the query is to be sent */
  handler: (query: Query) => unknown;
  reject(error: Error): void;
  then(done: () => void, failed: (error: unknown) => void): unknown;
}

export interface LineSettings {
  url: string;
  options: postgres.Options<Record<string, postgres.PostgresType>>;
  /** no answer within this, and the connection is given up: more than the server itself allows a statement */
  stalledMs: number;
}

export interface Line {
  born: number;
  readonly lost: Error | undefined;
  /** Hands it to the driver; it is answered, or refused when the line is lost. */
  send(query: Query): void;
  begin(mode: string, work: Work): Promise<unknown>;
  /** No more of this one: what is under way is finished first, within these seconds. */
  end(seconds: number): Promise<void>;
}

export const trouble = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/** Why a line is no more: its connection is gone, or what it has prepared fits the tables no longer. */
export type Loss = 'gone' | 'outdated';

const outdated = () => trouble('CONNECTION_CLOSED', 'the tables have changed under a statement');

/** Connects at the first query. */
export function openLine({ url, options, stalledMs }: LineSettings, onLost: (line: Line, loss: Loss) => void): Line {
  const underway = new Set<Query>();
  let lost: Error | undefined;
  let connected = false;
  let working: Promise<unknown> = Promise.resolve();
  let points = 0;
  let refuse: (why: Error) => void = () => {};
  const gone = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  gone.catch(() => {});

  const lose = (why: Error, loss: Loss = 'gone'): void => {
    if (lost) return;
    lost = why;
    for (const query of underway) query.reject(why);
    refuse(why);
    onLost(line, loss);
    // it would connect again for what it has in its own queue
    client.end({ timeout: 0 }).catch(() => {});
  };
  const onclose = () => lose(trouble('CONNECTION_CLOSED', 'the connection to the database was lost'));
  // no limits of the driver's own on age and idleness: it may apply them just when a transaction begins; types: see arrays.ts
  const settings = {
    ...options,
    // what is left of a transaction would be sent again on another connection, and all by itself
    socket: async (asked: Parameters<typeof connectSocket>[0]) => {
      if (lost) throw lost;
      const socket = await connectSocket(asked);
      if (lost) socket.destroy(lost);
      return socket;
    },
    max: 1,
    idle_timeout: undefined,
    max_lifetime: null,
    fetch_types: false,
    onclose,
  };
  const client = postgres(url, settings) as unknown as Sql;
  const handlerOf = (client`` as unknown as Query).handler;

  /** An answer is awaited; returns what is to be called when it is there. */
  const patience = (): (() => void) => {
    const stalled = setTimeout(() => lose(trouble('CONNECTION_CLOSED', 'the database gave no answer')), stalledMs);
    stalled.unref();
    return () => clearTimeout(stalled);
  };

  const give = (query: Query, run: Query['handler'], refused: (error: unknown) => void = () => {}): void => {
    if (lost) {
      query.reject(lost);
      return;
    }
    const answered = patience();
    const done = () => {
      answered();
      underway.delete(query);
    };
    underway.add(query);
    run(query);
    query.then(done, (error: unknown) => {
      done();
      refused(error);
      // the driver learns of the close a moment later, and would take more until then
      if (isOfConnection(error)) lose(error);
    });
  };

  /** Whatever the work comes to on a lost line, nobody waits for it. */
  const unlessLost = (work: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      Promise.resolve(Array.isArray(work) ? Promise.all(work) : work).then(
        (result) => lost ?? resolve(result),
        (error: Error) => lost ?? reject(error),
      );
    });

  const begin = (mode: string, work: Work): Promise<unknown> => {
    working = transaction(mode, work);
    return Promise.race([working, gone]).catch((error: unknown) => {
      if (isOfConnection(error)) lose(error);
      if (isOutdated(error)) lose(outdated(), 'outdated');
      throw lost ?? error;
    });
  };

  /** Where a transaction begins and ends; sent at once. */
  const say = (text: string): Promise<{ command?: string }> => {
    const query = rerouted(client.unsafe(text), give) as Promise<{ command?: string }> & { execute(): unknown };
    query.execute();
    return query;
  };

  /**
   * The beginning goes with what is said first, in one round trip; the driver's own waits for the answer to it. So do we before the first one:
   * nothing is set about where there is no connection. Where it is refused after all, what followed it stands by itself: no more of that line.
   */
  const transaction = async (mode: string, work: Work): Promise<unknown> => {
    try {
      const begun = say(`begin ${mode}`);
      begun.catch((error: Error) => lose(error));
      if (!connected) await begun;
      connected = true;
      const [result] = await Promise.all([inside(work), begun]);
      // a statement that nobody waited for may have been refused: then the server has undone all
      const { command } = await say('commit');
      if (command !== 'COMMIT') throw trouble('TRANSACTION_OVER', 'the transaction was rolled back');
      return result;
    } catch (error) {
      if (!lost) await say('rollback');
      throw error;
    }
  };

  /** When one part of the work has failed, another may still be running: it must not reach into what comes after the rollback. */
  const inside = async (work: Work): Promise<unknown> => {
    let over = false;
    let refused: unknown;
    const giveWithin = (query: Query, run: Query['handler']) => {
      if (over) return query.reject(trouble('TRANSACTION_OVER', 'the transaction is over'));
      // the driver prepares it anew and sends it once more, into a transaction that is lost: it would never be answered
      Object.defineProperty(query, 'retried', {
        get: () => undefined,
        set: () => queueMicrotask(() => lose(outdated(), 'outdated')),
      });
      give(query, run, (error) => {
        refused ??= error;
      });
    };
    const savepoint = async (given: string | Work, deeper?: Work): Promise<unknown> => {
      const name = `point_${++points}`;
      await say(`savepoint ${name}`);
      try {
        return await inside(deeper ?? (given as Work));
      } catch (error) {
        if (!lost) await say(`rollback to ${name}`);
        throw error;
      }
    };
    if (lost) return unlessLost(undefined);
    try {
      const result = await unlessLost(work(speaking(client as unknown as Tx, giveWithin, { savepoint })));
      if (refused) throw refused;
      return result;
    } catch (error) {
      // the first that was refused says why all later ones were
      throw isAborted(error) && refused ? refused : error;
    } finally {
      over = true;
    }
  };

  const line: Line = {
    born: Date.now(),
    get lost() {
      return lost;
    },
    send: (query) => give(query, handlerOf),
    begin,
    end: async (seconds) => {
      const late = Date.now() + seconds * 1000;
      await Promise.race([working.catch(() => {}), pause(seconds * 1000, undefined, { ref: false })]);
      await client.end({ timeout: Math.max(0, late - Date.now()) / 1000 });
    },
  };
  return line;
}

/** Not what the server says of a statement, nor a parameter that cannot be written: the connection itself. */
function isOfConnection(error: unknown): error is Error {
  return error instanceof Error && ('errno' in error || ('code' in error && /^CONNECT/.test(String(error.code))));
}

/**
 * A newer version has widened a table while this one runs: what was prepared before cannot be run any more ("cached plan must not change result
 * type"). Alone the driver prepares it anew by itself; inside a transaction its second try meets a transaction that is lost already, and of several
 * statements on the way together another may be the first to say so.
 */
function isOutdated(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('routine' in error && error.routine === 'RevalidateCachedQuery') || isAborted(error);
}

/** Said of whatever comes after the statement that was refused. */
function isAborted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '25P02';
}

/** The same tongue as `model`'s, with every query going its own way once it is to be sent. */
export function speaking<S extends Sql | Tx>(
  model: S,
  way: (query: Query, run: Query['handler']) => void,
  more: object,
): S {
  const speak = (...said: unknown[]) => rerouted((model as (...said: unknown[]) => unknown)(...said), way);
  const unsafe = (...said: [string]) => rerouted(model.unsafe(...said), way);
  return Object.assign(speak, model, { unsafe }, more) as unknown as S;
}

/** Only queries have a handler; what stands for rows, names and lists goes as it is. A fragment is never sent by itself. */
function rerouted(made: unknown, way: (query: Query, run: Query['handler']) => void): unknown {
  if (made instanceof Promise && 'handler' in made) {
    const query = made as unknown as Query;
    const run = query.handler;
    query.handler = (sent) => way(sent, run);
  }
  return made;
}
