/**
 * The desk's messages in Postgres. Changes are told by NOTIFY, so that every process and every open tab sees them;
 * writers take turns, so that the order of the change numbers is the order in which they become visible and a reader
 * who asks for "everything since N" never misses one that commits late.
 */
import type postgres from 'postgres';
import type { DeskContent, DeskMessage, DeskStore, Draft } from './message.ts';

/** `desk` in ASCII: the advisory lock that the writers of this table share. */
const WRITERS = 0x6465736b;
const CHANNEL = 'desk_changed';
const LISTEN_AGAIN_MS = 1_000;

// biome-ignore lint/suspicious/noExplicitAny: the client's own parsers are its owner's choice; every value read here is cast in SQL.
type Sql = postgres.Sql<any>;
type Tx = postgres.ISql;

interface Row {
  id: string;
  conversation: string;
  author: string | null;
  content: string;
  at_ms: string;
  placed: string;
  changed: string;
}

export function createDeskStore(db: { sql: Sql }): DeskStore {
  const { sql } = db;
  const bell = createBell(sql);
  return {
    save: (draft) => inTurn(sql, (tx) => insert(tx, draft)),
    update: (id, content) => inTurn(sql, (tx) => replace(tx, id, content)),
    async findByIntent(intent) {
      const rows = await sql<Row[]>`select ${columns(sql)} from desk_message where intent = ${intent}`;
      return rows[0] && toMessage(rows[0]);
    },
    async page(conversation, before, limit) {
      const rows = await sql<Row[]>`
        select ${columns(sql)} from desk_message
        where conversation = ${conversation} ${before === undefined ? sql`` : sql`and placed < ${before}`}
        order by desk_message.placed desc limit ${limit}`;
      return rows.map(toMessage).reverse();
    },
    async changedSince(mark, limit) {
      const rows = await sql<Row[]>`
        select ${columns(sql)} from desk_message where changed > ${mark} order by desk_message.changed limit ${limit}`;
      return rows.map(toMessage);
    },
    async mark() {
      const rows = await sql<{ mark: string }[]>`select coalesce(max(changed), 0)::text as mark from desk_message`;
      return Number(rows[0]?.mark ?? 0);
    },
    onChange: bell.onRing,
  };
}

/**
 * Everything is cast to text: what a client's parsers make of jsonb, timestamps and bigints must not matter here.
 * So an `order by` must name the table, or it would sort these texts.
 */
const columns = (sql: postgres.ISql) => sql`
  id::text, conversation, author, content::text, (extract(epoch from at) * 1000)::bigint::text as at_ms,
  placed::text, changed::text`;

function toMessage(row: Row): DeskMessage {
  return {
    id: row.id,
    conversation: row.conversation,
    author: row.author,
    content: JSON.parse(row.content) as DeskContent,
    at: new Date(Number(row.at_ms)),
    placed: Number(row.placed),
    changed: Number(row.changed),
  };
}

/** jsonb refuses NUL and lone surrogates, which are legal in JSON: https://www.postgresql.org/docs/current/datatype-json.html */
function toJson(content: DeskContent): string {
  return JSON.stringify(content, (_key, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value,
  );
}

async function inTurn<T>(sql: Sql, write: (tx: Tx) => Promise<T>): Promise<T> {
  return (await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${WRITERS})`;
    return write(tx);
  })) as T;
}

async function insert(tx: Tx, draft: Draft): Promise<DeskMessage> {
  const rows = await tx<Row[]>`
    with turn as (select nextval('desk_changed_seq') as n)
    insert into desk_message (conversation, author, intent, content, placed, changed)
    select ${draft.conversation}, ${draft.author}, ${draft.intent ?? null}, ${toJson(draft.content)}::text::jsonb, n, n from turn
    on conflict (intent) do nothing
    returning ${columns(tx)}`;
  if (rows[0]) {
    await tx`select pg_notify(${CHANNEL}, '')`;
    return toMessage(rows[0]);
  }
  const [first] = await tx<Row[]>`select ${columns(tx)} from desk_message where intent = ${draft.intent ?? null}`;
  if (!first) throw new Error('a desk message conflicted with none');
  return toMessage(first);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function replace(tx: Tx, id: string, content: DeskContent): Promise<boolean> {
  if (!UUID.test(id)) return false;
  const rows = await tx`
    update desk_message set content = ${toJson(content)}::text::jsonb, changed = nextval('desk_changed_seq')
    where id = ${id} returning 1`;
  if (rows.length === 0) return false;
  await tx`select pg_notify(${CHANNEL}, '')`;
  return true;
}

/** LISTEN from the first listener to the last; postgres.js listens again by itself after a lost connection. */
function createBell(sql: Sql): { onRing(listener: () => void): () => void } {
  const listeners = new Set<() => void>();
  const ring = () => {
    for (const listener of [...listeners]) listener();
  };
  let listening: Promise<{ unlisten(): Promise<void> }> | undefined;
  const listen = () => {
    const started = sql.listen(CHANNEL, ring, ring);
    listening = started;
    started.catch(() => {
      listening = undefined;
      setTimeout(() => listeners.size > 0 && !listening && listen(), LISTEN_AGAIN_MS).unref();
    });
  };
  const hush = () => {
    const started = listening;
    listening = undefined;
    // a connection that is gone already listens to nothing
    started?.then((subscription) => subscription.unlisten()).catch(() => undefined);
  };
  return {
    onRing(listener) {
      listeners.add(listener);
      if (!listening) listen();
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) hush();
      };
    },
  };
}
