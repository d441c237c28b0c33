/**
 * Years of requests in a database, made from two that went the real way: an approved one and an open one. Each brings what it brought in
 * reality (steps, cards, answers, promises of the clock) and ten entries of the ledger, chained so that src/verify.ts finds them in order.
 */
import postgres from 'postgres';

export interface Models {
  approved: string;
  open: string;
}

export const ENTRIES_EACH = 10;
/** among whom what others asked for, and what waits for them, is spread */
export const COLLEAGUES = 200;
/** one in so many is open, whatever the size; of those the first wait for 李娜, so that her list is full and no longer than a person's */
const OPEN_EVERY = 50;
const OPEN_FOR_LI = 20;
const TABLES = ['request', 'step', 'message', 'timer', 'ledger', 'ledger_head', 'inbox'];

/** `only`: the ledger alone, with its chains' heads */
export async function fill(url: string, size: number, models: Models, only?: 'ledger'): Promise<void> {
  const connection = { maintenance_work_mem: '512MB', work_mem: '128MB', synchronous_commit: 'off' };
  const open = () => postgres(url, { max: 1, onnotice: () => {}, connection });
  const [sql, beside] = [open(), open()];
  try {
    const restore = await withoutRules(sql);
    const chained = beside.unsafe(ledgerOf(models, size));
    await Promise.all([chained, only === undefined && sql.unsafe(madeFrom(models, size))]);
    await sql.unsafe(`select setval('ledger_seq', ${1000 + ENTRIES_EACH * (size + 1)})`);
    await restore();
    // what a database that stood for years has behind it
    await sql.unsafe('vacuum analyze');
    await sql.unsafe('checkpoint');
  } finally {
    await Promise.all([sql.end({ timeout: 5 }), beside.end({ timeout: 5 })]);
  }
}

/** Rules and indexes go while it is filled and come back as they were; what was filled is not checked again, all that follows is. */
async function withoutRules(sql: postgres.Sql): Promise<() => Promise<void>> {
  const rules = await sql<{ on: string; name: string; kind: string; rule: string }[]>`
    select conrelid::regclass::text as on, conname as name, contype::text as kind, pg_get_constraintdef(oid) as rule from pg_constraint
    where conrelid::regclass::text = any(${TABLES}) and contype in ('f', 'c', 'u', 'p')
    order by position(contype::text in 'fcup')`;
  const indexes = await sql<{ name: string; made: string }[]>`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as made from pg_index
    where indrelid::regclass::text = any(${TABLES}) and not exists (select 1 from pg_constraint where conindid = indexrelid)`;
  const triggers = (how: string) =>
    sql.unsafe(
      `alter table ledger ${how} trigger ledger_append; alter table ledger_head ${how} trigger ledger_head_guard`,
    );
  await triggers('disable');
  for (const { on, name } of rules) await sql.unsafe(`alter table ${on} drop constraint ${name}`);
  for (const { name } of indexes) await sql.unsafe(`drop index ${name}`);
  return async () => {
    const late = (kind: string) => (kind === 'c' || kind === 'f' ? ' not valid' : '');
    for (const { on, name, kind, rule } of [...rules].reverse())
      await sql.unsafe(`alter table ${on} add constraint ${name} ${rule}${late(kind)}`);
    for (const { made } of indexes) await sql.unsafe(made);
    await triggers('enable');
  };
}

const numberOf = (i: string) => `'SP-2020-' || to_char(${i}, 'FM0000000')`;
const isOpen = `i % ${OPEN_EVERY} = 7`;
const signerOf = `case when i < ${OPEN_EVERY * OPEN_FOR_LI} then 'li' else 'p' || (1 + i / ${OPEN_EVERY} % ${COLLEAGUES}) end`;
/** one in forty of all is 王晓文's */
const requesterOf = `case when i % 40 = 3 then 'wang' else 'p' || (1 + i % ${COLLEAGUES}) end`;
const askedAt = "timestamptz '2020-01-06 02:00Z' + i * interval '1 minute'";

/** The model's row `m` with some of its columns said anew, as `r`. */
const like = (anew: Record<string, string>): string => {
  const pairs = Object.entries(anew).map(([column, value]) => `'${column}', ${value}`);
  return `cross join lateral jsonb_populate_record(m, jsonb_build_object(${pairs.join(', ')})) r`;
};

function madeFrom({ approved, open }: Models, size: number): string {
  const all = `generate_series(1, ${size}) i`;
  const number = numberOf('i');
  const of = (key: string) => `m.${key} = case when ${isOpen} then '${open}' else '${approved}' end`;
  const renamed = `replace(m.key, m.subject, ${number})`;
  const request = like({
    number,
    requester: requesterOf,
    submitted_at: askedAt,
    ended_at: `case when ${isOpen} then null else ${askedAt} + interval '1 day' end`,
    parties: `array[${requesterOf}, ${signerOf}]`,
  });
  const step = like({
    request: number,
    pending: `case when m.state = 'open' then array[${signerOf}] else '{}' end`,
    opened_at: `case when m.opened_at is not null then ${askedAt} end`,
    closed_at: `case when m.closed_at is not null then ${askedAt} + interval '1 day' end`,
  });
  const message = like({
    id: 'gen_random_uuid()',
    intent: 'gen_random_uuid()',
    subject: number,
    key: renamed,
    ref_message: 'm.ref_message || i',
    created_at: askedAt,
    posted_at: `case when m.posted_at is not null then ${askedAt} end`,
  });
  const timer = like({
    id: 'gen_random_uuid()',
    subject: number,
    key: renamed,
    due_at: "m.due_at + interval '1 year'",
  });
  const inbox = like({
    delivery: "m.delivery || '/' || i",
    at: `now() - interval '30 days' * (1 - i / ${size}.0)`,
  });
  const models = (table: string, key: string) =>
    `create temp table a_${table} as select * from ${table} where ${key} in ('${approved}', '${open}')`;
  return `
    ${models('request', 'number')}; ${models('step', 'request')}; ${models('message', 'subject')}; ${models('timer', 'subject')};
    create temp table a_inbox as select * from inbox where reply is not null;
    insert into request select r.* from ${all} join a_request m on ${of('number')} ${request};
    insert into step select r.* from ${all} join a_step m on ${of('request')} ${step};
    insert into message select r.* from ${all} join a_message m on ${of('subject')} ${message};
    insert into timer select r.* from ${all} join a_timer m on ${of('subject')} ${timer};
    insert into inbox select r.* from ${all} cross join a_inbox m ${inbox}`;
}

/** What the model's own chain says, over and over until there are ten; each entry's hash goes into the next by a further lateral step. */
function ledgerOf({ approved }: Models, size: number): string {
  const places = Array.from({ length: ENTRIES_EACH }, (_, i) => i + 1);
  const zeros = "repeat('0', 64)";
  const chained = places.map((k) => {
    const prev = k === 1 ? zeros : `e${k - 1}.hash`;
    const [type, by, data] = [`m.types[${k}]`, `m.bys[${k}]`, `m.datas[${k}]`];
    const seq = `1000 + ${ENTRIES_EACH} * i::bigint + ${k}`;
    const at = `(${askedAt} + ${k} * interval '1 hour')`;
    return `cross join lateral (select (${seq})::bigint as seq, s.subject, ${k} as "position", ${at} as "at", ${type} as "type", ${by} as "by", ${data} as data,
      ${prev} as prev, ledger_hash(${prev}, (${seq})::bigint, ${at}, s.subject, ${k}, ${type}, ${by}, ${data}) as hash offset 0) e${k}`;
  });
  const rows = places.map(
    (k) => `(e${k}.seq, e${k}."position", e${k}."at", e${k}."type", e${k}."by", e${k}.data, e${k}.prev, e${k}.hash)`,
  );
  return `
    create temp table a_chain as
      select array_agg("type" order by n) as types, array_agg("by" order by n) as bys, array_agg(data order by n) as datas
      from (select n, l.* from generate_series(1, ${ENTRIES_EACH}) n
        join (select *, count(*) over () as entries from ledger where subject = '${approved}') l on l."position" = 1 + (n - 1) % l.entries) said;
    insert into ledger (seq, subject, "position", "at", "type", "by", data, prev, hash)
      select v.seq, s.subject, v."position", v."at", v."type", v."by", v.data, v.prev, v.hash
      from generate_series(1, ${size}) i cross join a_chain m cross join lateral (select ${numberOf('i')} as subject) s
      ${chained.join('\n      ')}
      cross join lateral (values ${rows.join(', ')}) v(seq, "position", "at", "type", "by", data, prev, hash);
    insert into ledger_head select subject, "position", hash from ledger where seq > 1000 and "position" = ${ENTRIES_EACH}`;
}
