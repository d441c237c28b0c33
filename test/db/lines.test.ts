/** Connections come and go; what was promised stands, and nothing of a lost transaction happens after all. */
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { arrayTypes } from '../../db/arrays.ts';
import type { Sql } from '../../db/line.ts';
import { openLines } from '../../db/lines.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { openWire, type Wire } from '../support/wire.ts';

let database: FreshDatabase;
let outside: postgres.Sql;
let wire: Wire;
let sql: Sql;

beforeAll(async () => {
  database = await freshDatabase();
  outside = postgres(database.url, { max: 2, onnotice: () => {} });
  await outside`create table account (id int primary key, held int not null)`;
  await outside`create table trace (note text not null)`;
  wire = await openWire(database.url);
});
afterAll(async () => {
  await sql.end({ timeout: 1 });
  await outside.end();
  wire.close();
  await database.drop();
});
beforeEach(async () => {
  await sql?.end({ timeout: 1 });
  wire.heal();
  await terminate(); // a backend whose client is gone sleeps on
  await until(async () => (await sleeping()) === 0);
  await outside`truncate account, trace`;
  await outside`insert into account select i, 100 from generate_series(1, 8) i`;
  sql = open();
});

function open(more: { max?: number; stalledMs?: number } = {}): Sql {
  const options = {
    onnotice: () => {},
    connection: { application_name: 'lines' },
    types: { bigint: postgres.BigInt, ...arrayTypes },
  };
  return openLines({ url: wire.url, options, max: more.max ?? 4, stalledMs: more.stalledMs ?? 10_000 });
}

const terminate = () =>
  outside`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lines' and datname = current_database()`;
const WAYS = {
  'its backend is terminated': async () => void (await terminate()),
  'the connection ends': async () => wire.cut('end'),
  'the connection is reset': async () => wire.cut('reset'),
};
type Way = keyof typeof WAYS;
const ways = Object.keys(WAYS) as Way[];
const passing = (error: unknown) => String((error as { code?: string }).code);
const notes = async () => (await outside`select note from trace order by note`).map((row) => row.note);

/** A door that a story opens when it wants the transaction to go on. */
function door() {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

test.each(ways)(
  'a transaction waits for something else while %s: it is refused, and nothing of it is kept',
  async (way) => {
    const [inside, rest] = [door(), door()];
    const refused: string[] = [];
    const lost = sql.begin(async (tx) => {
      await tx`insert into trace values ('first half')`;
      inside.open();
      await rest.opened;
      await tx`insert into trace values ('second half')`.catch((error) => refused.push(passing(error)));
      await tx`insert into trace values ('third half')`;
    });
    const outcome = lost.catch(passing);
    await inside.opened;
    await WAYS[way]();
    expect(await outcome).toBe('CONNECTION_CLOSED');

    // others go on meanwhile, and are in the middle of theirs when the lost one wakes up
    const others = Array.from({ length: 4 }, (_, i) =>
      sql.begin(async (tx) => {
        await tx`insert into trace values (${`other ${i}`})`;
        rest.open();
        await pause(5);
        await tx`insert into trace values (${`other ${i}, to the end`})`;
      }),
    );
    await Promise.all(others);
    await pause(5);
    expect(refused).toEqual(['CONNECTION_CLOSED']);
    expect(await notes()).toEqual([0, 1, 2, 3].flatMap((i) => [`other ${i}`, `other ${i}, to the end`]));
  },
);

test.each(ways)('a statement is under way while %s: refused at once, within a savepoint too', async (way) => {
  const single = sql`select pg_sleep(30)`.catch(passing);
  const whole = sql.begin((tx) => tx`select pg_sleep(30)`).catch(passing);
  const deeper = sql.begin((tx) => tx.savepoint((inner) => inner`select pg_sleep(30)`)).catch(passing);
  await until(async () => (await sleeping()) === 3);
  await WAYS[way]();
  for (const code of await Promise.all([single, whole, deeper])) {
    expect(['CONNECTION_CLOSED', 'ECONNRESET', '57P01']).toContain(code);
  }
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
  expect(await sql.begin((tx) => tx`select 2 as two`)).toEqual([{ two: 2 }]);
});

async function sleeping(): Promise<number> {
  const [row] = await outside`
    select count(*)::int as count from pg_stat_activity where application_name = 'lines' and wait_event = 'PgSleep' and datname = current_database()`;
  return row?.count ?? 0;
}

async function until(look: () => Promise<boolean>): Promise<void> {
  for (const late = Date.now() + 5_000; !(await look()); await pause(5)) {
    if (Date.now() > late) throw new Error('waited in vain');
  }
}

test('a newer version widens a table under prepared statements: what was refused may be tried again at once, and goes through', async () => {
  const both = () =>
    sql.begin(async (tx) => {
      // on the way together, as on the way of a press
      await Promise.all([tx`select * from account where id = 1`, tx`insert into trace values ('kept')`]);
    });
  const four = () => Promise.all([both(), both(), both(), both()]);
  await four();
  await outside`alter table account add column of_a_newer_version text`;
  const refused = await Promise.allSettled([both(), both(), both(), both()]);
  const codes = refused.flatMap((one) => (one.status === 'rejected' ? [passing(one.reason)] : []));
  expect([...new Set(codes)]).toEqual(['CONNECTION_CLOSED']);
  // no other line stumbles over it a second time
  await four();
  expect(await notes()).toHaveLength(8 + 4 - codes.length);
  await outside`alter table account drop column of_a_newer_version`;
});

test('likewise where nothing else is on the way with it: it is refused, and does not wait for ever', async () => {
  const one = () => sql.begin((tx) => tx`select * from account where id = 1`);
  await one();
  await outside`alter table account add column of_a_newer_version text`;
  expect(await one().catch(passing)).toBe('CONNECTION_CLOSED');
  expect(await one()).toHaveLength(1);
  await outside`alter table account drop column of_a_newer_version`;
});

test('a storm of terminated and cut connections: every transfer is whole or not at all, and what was acknowledged stands', async () => {
  const acknowledged: string[] = [];
  let left = 120;
  const carry = async () => {
    while (left-- > 0) {
      const note = `transfer ${left}`;
      const [from, to] = [1 + (left % 4), 5 + (left % 4)];
      const done = await sql
        .begin(async (tx) => {
          await tx`update account set held = held - 1 where id = ${from}`;
          await sql`select count(*) from account`.catch(() => {}); // something outside of it
          await Promise.all([
            tx`update account set held = held + 1 where id = ${to}`,
            tx`insert into trace values (${note})`,
          ]);
          return true;
        })
        .catch(() => false);
      if (done) acknowledged.push(note);
    }
  };
  let over = false;
  const storm = async () => {
    for (let turn = 0; !over; turn++) {
      await pause(100);
      await WAYS[ways[turn % ways.length] as Way]();
    }
  };
  const weather = storm();
  await Promise.all(Array.from({ length: 6 }, carry));
  over = true;
  await weather;
  const kept = await notes();
  expect(kept).toEqual(expect.arrayContaining(acknowledged));
  expect(acknowledged.length).toBeGreaterThan(20);
  const [sums] = await outside`
    select sum(held) filter (where id <= 4)::int as gave, sum(held) filter (where id > 4)::int as got from account`;
  expect(sums).toEqual({ gave: 400 - kept.length, got: 400 + kept.length });
  // the storm's last blow may have met a connection that nobody has used since
  await expect.poll(() => sql`select 1 as one`.catch(() => [])).toEqual([{ one: 1 }]);
});

test('a server that says nothing any more is given up, and a new connection is made', async () => {
  await sql.end({ timeout: 1 });
  sql = open({ stalledMs: 400 });
  await sql`select 1`;
  await sql.begin((tx) => tx`select 1`);
  wire.deafen();
  const silent = await Promise.all([sql`select 1`.catch(passing), sql.begin((tx) => tx`select 1`).catch(passing)]);
  expect(silent).toEqual(['CONNECTION_CLOSED', 'CONNECTION_CLOSED']);
  wire.heal();
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
});

test('more transactions than lines, each asking something outside itself: none waits for ever', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      sql.begin(async (tx) => {
        await tx`select 1`;
        const [row] = await sql<{ i: number }[]>`select ${i}::int as i`;
        return row?.i;
      }),
    ),
  );
  expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

test('the server is away: everybody is refused at once, and when it is back no connection is left over from before', async () => {
  let carriedOut = 0;
  const counted = (count: number) => {
    carriedOut += count;
    return 'done';
  };
  const rush = () =>
    Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        i % 3 === 0
          ? sql`select 1`.then(() => 'done', passing)
          : sql.begin((tx) => tx`select 1`.then(({ count }) => count)).then(counted, passing),
      ),
    );
  for (let turn = 0; turn < 4; turn++) {
    wire.stop();
    for (const said of [...(await rush()), ...(await rush())])
      expect(said).toMatch(/^(CONNECTION_CLOSED|ECONNRESET|EPIPE)$/);
    expect(carriedOut).toBe(0);
    wire.start();
    expect(new Set(await rush())).toEqual(new Set(['done']));
    carriedOut = 0;
  }
  const left = await outside`
    select state, count(*)::int as count from pg_stat_activity where application_name = 'lines' and datname = current_database() group by 1`;
  expect(left.map((row) => row.state)).toEqual(['idle']);
  expect(left[0]?.count).toBeLessThanOrEqual(9);
});

test('a connection that has served long is retired between two uses, and nobody notices', async () => {
  const pid = async () => (await sql<{ pid: number }[]>`select pg_backend_pid() as pid`)[0]?.pid;
  const first = await pid();
  expect(await pid()).toBe(first);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 46 * 60_000 });
  expect(await pid()).toBe(first); // its last
  const answers = await Promise.all(Array.from({ length: 12 }, pid));
  vi.useRealTimers();
  expect(answers).not.toContain(first);
  expect(new Set(answers).size).toBeLessThanOrEqual(4);
});

test('a connection is terminated while it listens: it listens again, and hears what comes', async () => {
  const heard: string[] = [];
  let listening = 0;
  await sql.listen(
    'news',
    (text) => heard.push(text),
    () => {
      listening += 1;
    },
  );
  expect(listening).toBe(1);
  await terminate();
  await until(async () => listening === 2);
  await sql`select pg_notify('news', 'again')`;
  await until(async () => heard.length === 1);
  expect(heard).toEqual(['again']);
});

test('statements of one transaction that are sent together run in their order; a failing one undoes all', async () => {
  await sql.begin(async (tx) => {
    await Promise.all([
      tx`insert into trace values ('one')`,
      tx`update trace set note = 'two' where note = 'one'`,
      tx`update trace set note = 'three' where note = 'two'`,
    ]);
  });
  expect(await notes()).toEqual(['three']);
  const failing = sql.begin(async (tx) => {
    await Promise.all([tx`delete from trace`, tx`insert into trace values (${null})`]);
  });
  await expect(failing).rejects.toMatchObject({ code: '23502' });
  expect(await notes()).toEqual(['three']);
  const thrown = sql.begin(async (tx) => {
    await tx`delete from trace`;
    throw new Error('no');
  });
  await expect(thrown).rejects.toThrow('no');
  await sql.begin(async (tx) => {
    await tx
      .savepoint(async (inner) => {
        await inner`delete from trace`;
        throw new Error('not this');
      })
      .catch(() => {});
    await tx`insert into trace values ('after')`;
  });
  expect(await notes()).toEqual(['after', 'three']);
});

const LIST = ['a', '', ' ', '"', '\\', ',', '{}', 'NULL', '换\n行', '\\"'];

test('one part of a transaction has failed while another still works: what that one does then is refused', async () => {
  const rest = door();
  const late: string[] = [];
  const part = async (tx: (said: TemplateStringsArray) => Promise<unknown>) => {
    await rest.opened;
    await tx`insert into trace values ('too late')`.catch((error) => late.push(passing(error)));
    rest.open();
  };
  let running: Promise<void> = Promise.resolve();
  const failing = sql.begin(async (tx) => {
    running = part(tx as never);
    await Promise.all([running, tx`insert into trace values (${null})`]);
  });
  await expect(failing).rejects.toMatchObject({ code: '23502' });
  await sql.begin(async (tx) => {
    await tx`insert into trace values ('another')`;
    rest.open();
    await running;
  });
  expect(late).toEqual(['TRANSACTION_OVER']);
  expect(await notes()).toEqual(['another']);
});

test('rows, names, lists, fragments, JSON and exact numbers pass as with the driver itself', async () => {
  const column = sql('note');
  const where = sql`where ${column} in ${sql(['x', 'y'])}`;
  await sql`insert into trace ${sql([{ note: 'x' }, { note: 'z' }])}`;
  expect(await sql`select ${column} from trace ${where}`).toEqual([{ note: 'x' }]);
  const [row] = await sql`select ${sql.json({ 金额: 1 })}::jsonb as j, 9007199254740993::bigint as big, 
    ${LIST}::text[] as list, ${[]}::text[] as none, ${[1, -2]}::int[] as numbers, '{a,b c,"d"}'::text[] as bare`;
  expect(row).toEqual({
    j: { 金额: 1 },
    big: 9007199254740993n,
    list: LIST,
    none: [],
    numbers: [1, -2],
    bare: ['a', 'b c', 'd'],
  });
  expect(await sql.unsafe('select 1 as one')).toEqual([{ one: 1 }]);
  await expect(sql`select nonsense`).rejects.toMatchObject({ code: '42703' });
});

test('let go: what is under way is finished, what comes after is refused', async () => {
  const slow = sql.begin(async (tx) => {
    await tx`select pg_sleep(0.1)`;
    await tx`insert into trace values ('kept')`;
  });
  const queued = Array.from({ length: 6 }, () => sql`select pg_sleep(0.05)`.then(() => 'done', passing));
  await until(async () => (await sleeping()) > 2);
  await sql.end({ timeout: 2 });
  await slow;
  expect(new Set(await Promise.all(queued))).toEqual(new Set(['done', 'CONNECTION_ENDED']));
  expect(await sql`select 1`.catch(passing)).toBe('CONNECTION_ENDED');
  expect(await sql.begin((tx) => tx`select 1`).catch(passing)).toBe('CONNECTION_ENDED');
  expect(await notes()).toEqual(['kept']);
});
