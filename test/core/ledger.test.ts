import { createHash } from 'node:crypto';
import fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  appendLedger,
  canonical,
  type LedgerEntry,
  lastCheckpoint,
  seal,
  streamLedger,
} from '../../src/core/ledger.ts';
import type { Json, JsonObject } from '../../src/core/message.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

const AT = new Date('2026-11-22T01:02:03.456Z');
const ZEROS = '0'.repeat(64);

let database: FreshDatabase;
let sql: postgres.Sql<{ bigint: bigint }>;

function connect(max: number): postgres.Sql<{ bigint: bigint }> {
  return postgres(database.url, { max, types: { bigint: postgres.BigInt }, onnotice: () => {} });
}

function entry(subject: string, data: JsonObject = {}, type = 'request-submitted'): LedgerEntry {
  return { subject, type, by: 'wang', at: AT, data };
}

/** A subject of its own for every test, so that they can share one ledger. */
let subject = '';
let counted = 0;
beforeEach(() => {
  counted += 1;
  subject = `SP-2026-${counted}`;
});

beforeAll(async () => {
  database = await freshDatabase();
  sql = connect(10);
});
afterAll(async () => {
  await sql?.end({ timeout: 1 });
  await database?.drop();
});

async function exported(from = sql): Promise<Record<string, never>[]> {
  const lines: string[] = [];
  for await (const line of streamLedger(from)) lines.push(line);
  return lines.map((line) => JSON.parse(line));
}

/** An open transaction, as a slow colleague would hold one. */
async function holding(run: (tx: postgres.TransactionSql<{ bigint: bigint }>) => Promise<unknown>) {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: ready, resolve: begun, reject: failed } = Promise.withResolvers<void>();
  const done = sql
    .begin(async (tx) => {
      await run(tx);
      begun();
      await released;
    })
    .catch((error) => failed(error));
  await ready;
  return {
    commit: async () => {
      release();
      await done;
    },
  };
}

/** Appends in a transaction that gives up rather than wait. */
function appendUnwaiting(entries: LedgerEntry[]) {
  return sql.begin(async (tx) => {
    await tx`set local lock_timeout = '250ms'`;
    return appendLedger(tx, entries);
  });
}

describe('what is written', () => {
  test('the entries of one request stand in one chain, in the order in which they were told', async () => {
    const told = Array.from({ length: 12 }, (_, n) => entry(subject, { n }));
    const written = await appendLedger(sql, told);
    expect(written.map((w) => w.position)).toEqual(told.map((_, i) => i + 1));
    const rows = await sql`select * from ledger where subject = ${subject} order by position`;
    expect(rows.map((row) => row.data)).toEqual(told.map((t) => canonical(t.data)));
    expect(rows.map((row) => row.prev)).toEqual([ZEROS, ...written.slice(0, -1).map((w) => w.hash)]);
    expect(written.map((w) => w.seq)).toEqual([...written.map((w) => w.seq)].sort((a, b) => a - b));
  });

  test('the hash is what anybody can compute from the nine lines', async () => {
    const data = { title: '春季促销 “物料”\n第二行\u0000', amount: '3200000', via: 'feishu' };
    const [first, second] = await appendLedger(sql, [entry(subject, data), entry(subject, {}, 'step-opened')]);
    const hash = (lines: unknown[]) => createHash('sha256').update(lines.join('\n')).digest('hex');
    const at = '2026-11-22T01:02:03.456Z';
    const form = 'countersign-ledger-1';
    expect(first?.hash).toBe(
      hash([form, ZEROS, first?.seq, at, subject, 1, 'request-submitted', 'wang', canonical(data)]),
    );
    expect(second?.hash).toBe(hash([form, first?.hash, second?.seq, at, subject, 2, 'step-opened', 'wang', '{}']));
  });

  test('nothing to tell writes nothing', async () => {
    expect(await appendLedger(sql, [])).toEqual([]);
  });

  test('what a client claims about number, position and hash is ignored', async () => {
    const [row] = await sql`
      insert into ledger (seq, subject, position, at, type, by, data, prev, hash)
      values (1, ${subject}, 99, ${AT}, 'x', 'li', '{}', 'a', 'b') returning *`;
    expect(row).toMatchObject({ position: 1, prev: ZEROS });
    expect(row?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('what was rolled back leaves no trace, and the chain goes on without a hole', async () => {
    await appendLedger(sql, [entry(subject)]);
    const given = sql.begin(async (tx) => {
      await appendLedger(tx, [entry(subject), entry(subject)]);
      throw new Error('given up');
    });
    await expect(given).rejects.toThrow('given up');
    const [next] = await appendLedger(sql, [entry(subject)]);
    expect(next?.position).toBe(2);
  });
});

describe('what is refused', () => {
  test.each([
    ['a changed entry', 'update ledger set "by" = "by"'],
    ['a deleted entry', 'delete from ledger where false'],
    ['an emptied ledger', 'truncate ledger'],
    ['a moved head', 'update ledger_head set hash = hash'],
    ['an invented head', `insert into ledger_head values ('SP-1', 1, '${ZEROS}')`],
    ['a deleted head', 'delete from ledger_head'],
    ['emptied heads', 'truncate ledger_head'],
    [
      'a deletion where ordinary triggers are silenced',
      'set local session_replication_role = replica; delete from ledger',
    ],
    ['an overwriting insert', `insert into ledger select * from ledger on conflict (seq) do update set data = '{}'`],
  ])('%s', async (_, statement) => {
    await appendLedger(sql, [entry(subject)]);
    await expect(sql.begin((tx) => tx.unsafe(statement))).rejects.toThrow(/is refused/);
  });

  test.each([
    ['a subject of two lines', { subject: 'SP-1\nSP-2' }],
    ['a subject with a line separator', { subject: 'SP-1\u2028' }],
    ['an empty subject', { subject: '' }],
    ['an endless subject', { subject: 'S'.repeat(121) }],
    ['a person of two lines', { by: 'wang\nli' }],
    ['a type that is a sentence', { type: 'Step Approved' }],
    ['a time before there was a product', { at: new Date(0) }],
    ['data beyond a megabyte', { data: { text: 'x'.repeat(1_100_000) } }],
  ])('%s', async (_, fault) => {
    await expect(appendLedger(sql, [{ ...entry(subject), ...fault }])).rejects.toThrow(/check constraint "ledger_/);
  });

  test.each(['[]', '{"a":1', '{"a":\n1}', 'text'])('data that is not one line of one JSON object: %j', async (data) => {
    const insert = sql`insert into ledger (subject, at, type, by, data) values (${subject}, now(), 'x', 'li', ${data})`;
    await expect(insert).rejects.toThrow(/ledger_data|invalid input syntax for type json/);
  });
});

describe('many at once', () => {
  test('appends to different requests do not wait for one another', async () => {
    await appendLedger(sql, [entry(`${subject}/a`), entry(`${subject}/b`)]);
    const slow = await holding((tx) => appendLedger(tx, [entry(`${subject}/a`), entry(`${subject}/new`)]));
    const [quick] = await appendUnwaiting([entry(`${subject}/b`), entry(`${subject}/c`)]);
    expect(quick?.position).toBe(2);
    await slow.commit();
  });

  test('appends to one request queue, and the later one follows from the earlier one', async () => {
    const slow = await holding((tx) => appendLedger(tx, [entry(subject)]));
    await expect(appendUnwaiting([entry(subject)])).rejects.toMatchObject({ code: '55P03' });
    const waiting = appendLedger(sql, [entry(subject)]);
    await slow.commit();
    const [second] = await waiting;
    const [first] = await sql`select hash, seq from ledger where subject = ${subject} and position = 1`;
    const [row] = await sql`select prev, seq from ledger where subject = ${subject} and position = 2`;
    expect(row?.prev).toBe(first?.hash);
    expect(second?.position).toBe(2);
    expect(row?.seq > first?.seq).toBe(true);
  });

  test('a crowd on few requests leaves every chain without a hole, its numbers rising', async () => {
    const crowd = Array.from({ length: 60 }, (_, n) => appendLedger(sql, [entry(`${subject}/${n % 4}`, { n })]));
    await Promise.all(crowd);
    const broken = await sql`
      select * from (
        select position, prev, seq, row_number() over w as n, lag(hash) over w as before, lag(seq) over w as earlier
        from ledger where subject like ${`${subject}/%`} window w as (partition by subject order by position)
      ) l where position <> n or prev <> coalesce(before, ${ZEROS}) or seq <= earlier`;
    expect(broken).toHaveLength(0);
    const heads = await sql`select position from ledger_head where subject like ${`${subject}/%`}`;
    expect(heads.map((head) => head.position)).toEqual([15, 15, 15, 15]);
  });
});

describe('seals', () => {
  test('a seal covers every chain as it stands, and says so in the chain of seals', async () => {
    await appendLedger(sql, [
      entry(subject),
      entry(`${subject}/赵`),
      entry(`${subject}/\u{1F600}`),
      entry(`${subject}/\uFF21`),
    ]);
    const checkpoint = await seal(sql, AT, 'clock');
    const rows = await sql`
      select distinct on (subject) subject, position, hash from ledger where seq <= ${String(checkpoint?.through)}
      order by subject, position desc`;
    const sorted = rows.toSorted((a, b) => Buffer.compare(Buffer.from(a.subject), Buffer.from(b.subject)));
    const digest = createHash('sha256').update('countersign-heads-1\n');
    for (const row of sorted) digest.update(`${row.subject}\t${row.position}\t${row.hash}\n`);
    expect(checkpoint).toMatchObject({ heads: digest.digest('hex'), chains: rows.length, at: AT });
    expect(checkpoint?.entries).toBe(rows.reduce((sum, row) => sum + row.position, 0));
    expect(await lastCheckpoint(sql)).toEqual(checkpoint);
  });

  test('where nothing is new, nothing is sealed', async () => {
    await appendLedger(sql, [entry(subject)]);
    const first = await seal(sql, AT, 'zhao');
    expect(await seal(sql, AT, 'clock')).toBeUndefined();
    await appendLedger(sql, [entry(subject)]);
    expect((await seal(sql, AT, 'clock'))?.number).toBe((first?.number ?? 0) + 1);
  });

  test('two processes that seal at once seal once', async () => {
    await appendLedger(sql, [entry(subject)]);
    const other = connect(1);
    const seals = await Promise.all([seal(sql, AT, 'clock'), seal(other, AT, 'clock'), seal(sql, AT, 'clock')]);
    await other.end();
    expect(seals.filter((made) => made !== undefined)).toHaveLength(1);
  });

  test('an entry that is still being written is waited for: no seal leaves one out that comes before its cut', async () => {
    const slow = await holding((tx) => appendLedger(tx, [entry(`${subject}/slow`)]));
    await appendUnwaiting([entry(`${subject}/quick`)]);
    const sealing = seal(sql, AT, 'clock');
    // The seal has queued; whoever comes now waits for it only as long as it is willing to wait itself.
    const before = performance.now();
    await appendLedger(sql, [entry(`${subject}/meanwhile`)]);
    expect(performance.now() - before).toBeLessThan(1500);
    await slow.commit();
    const checkpoint = await sealing;
    const [row] = await sql`select seq from ledger where subject = ${`${subject}/slow`}`;
    expect(Number(row?.seq)).toBeLessThanOrEqual(checkpoint?.through ?? 0);
  });

  test('while all chains are being read and the seal is written, appends go on', async () => {
    await appendLedger(sql, [entry(subject), entry('ledger', {}, 'ledger-exported')]);
    const held = await holding((tx) => tx`select 1 from ledger_head where subject = 'ledger' for update`);
    const sealing = seal(sql, AT, 'clock');
    const waits = async () =>
      (await sql`select 1 from pg_locks where not granted and locktype = 'transactionid'`).length;
    await expect.poll(waits).toBeGreaterThan(0);
    const [after] = await appendUnwaiting([entry(subject)]);
    await held.commit();
    const checkpoint = await sealing;
    expect(after?.seq).toBeGreaterThan(checkpoint?.through ?? Number.POSITIVE_INFINITY);
    expect(after?.seq).toBeLessThan(checkpoint?.seq ?? 0);
  });
});

describe('the export', () => {
  test('gives every entry once, by number, as it was hashed', async () => {
    await appendLedger(sql, [entry(subject, { z: 1, a: '"\\\n' })]);
    const lines = await exported();
    const seqs = lines.map((line) => Number(line.seq));
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    const [counted] = await sql`select count(*)::int as n from ledger`;
    expect(lines).toHaveLength(counted?.n);
    expect(lines.at(-1)).toMatchObject({
      subject,
      at: AT.toISOString(),
      by: 'wang',
      data: { a: '"\\\n', z: 1 },
      prev: ZEROS,
    });
    expect(Object.keys(lines.at(-1) ?? {}).join(' ')).toBe('seq at subject position type by data prev hash');
  });

  test('is one moment: what is written while it is read is not in it', async () => {
    await appendLedger(sql, [entry(subject)]);
    const stream = streamLedger(sql);
    const first = await stream.next();
    await appendLedger(sql, [entry(`${subject}/later`)]);
    const rest: string[] = [];
    for await (const line of stream) rest.push(line);
    expect(first.done).toBe(false);
    expect(rest.at(-1)).toContain(`"${subject}"`);
    expect(rest.join('')).not.toContain(`${subject}/later`);
  });

  test('holds no connection and no transaction while a slow reader thinks', async () => {
    await appendLedger(sql, [entry(subject)]);
    const narrow = connect(1);
    for await (const line of streamLedger(narrow)) {
      expect(line).toContain('"seq"');
      expect(
        await narrow`select 1 from pg_stat_activity where state = 'idle in transaction' and query like '%ledger%'`,
      ).toHaveLength(0);
      break;
    }
    await narrow.end();
  });

  test('over many pages gives every entry once', async () => {
    const told = Array.from({ length: 2500 }, (_, n) => entry(subject, { n }));
    await appendLedger(sql, told);
    const own = (await exported()).filter((line) => line.subject === subject);
    expect(own.map((line) => line.position)).toEqual(told.map((_, i) => i + 1));
  });

  test('of an empty ledger is empty', async () => {
    const empty = await freshDatabase();
    const other = postgres(empty.url, { max: 1, types: { bigint: postgres.BigInt }, onnotice: () => {} });
    expect(await exported(other)).toEqual([]);
    await other.end();
    await empty.drop();
  });
});

describe('the canonical text', () => {
  const json = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Json>(null, true, false),
      fc.maxSafeInteger(),
      fc.string({ unit: 'binary' }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: 'binary', maxLength: 6 }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).value;

  test('says the same whatever the order of the keys, on one line, and nothing is lost', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonical(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonical(JSON.parse(text, reversed))).toBe(text);
        expect(Array.from(text).every((letter) => letter >= ' ')).toBe(true);
      }),
    );
  });

  test('sorts keys by code unit, numbers among them too', () => {
    expect(canonical({ b: 1, a: [3, { 10: null, 9: true }], 费: '用', '\u{1F600}': 0, '\uFF21': 0 })).toBe(
      '{"a":[3,{"10":null,"9":true}],"b":1,"费":"用","\u{1F600}":0,"\uFF21":0}',
    );
  });

  test.each([
    ['a fraction', 0.1],
    ['not a number', Number.NaN],
    ['beyond exact integers', 2 ** 53],
    ['nothing', undefined],
    ['a bigint', 1n],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a hole', new Array(1)],
  ])('refuses %s', (_, value) => {
    expect(() => canonical({ value } as unknown as Json)).toThrow(TypeError);
  });

  function reversed(_: string, value: Json): Json {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).reverse()) as Json;
  }
});
