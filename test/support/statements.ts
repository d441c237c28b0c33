/**
 * Overhears what a program says to Postgres: each distinct statement, its parameters' types and the values it was last sent with.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
import type postgres from 'postgres';

export interface Statement {
  text: string;
  types: number[];
  values: (string | null)[];
}

export interface Ear {
  /** for one connection: is to be given every piece that the program sends */
  connection(): (bytes: Buffer) => void;
  heard(): Statement[];
}

export function openEar(): Ear {
  const heard = new Map<string, Statement>();
  return { connection: () => listener(heard), heard: () => [...heard.values()] };
}

function listener(heard: Map<string, Statement>) {
  const prepared = new Map<string, Statement>();
  let waiting = Buffer.alloc(0);
  let greeted = false;
  return (bytes: Buffer): void => {
    waiting = Buffer.concat([waiting, bytes]);
    for (;;) {
      // the first message of a connection has a length only
      const head = greeted ? 1 : 0;
      if (waiting.length < head + 4) return;
      const length = waiting.readUInt32BE(head) + head;
      if (waiting.length < length) return;
      const body = waiting.subarray(head + 4, length);
      if (greeted && waiting[0] === 0x50) parse(body);
      if (greeted && waiting[0] === 0x42) bind(body);
      greeted = true;
      waiting = waiting.subarray(length);
    }
  };

  function parse(body: Buffer): void {
    const [name, afterName] = readText(body, 0);
    const [text, at] = readText(body, afterName);
    const types = Array.from({ length: body.readUInt16BE(at) }, (_, i) => body.readUInt32BE(at + 2 + 4 * i));
    const statement = { text: text.replace(/\s+/g, ' ').trim(), types, values: [] };
    prepared.set(name, statement);
    if (!heard.has(statement.text)) heard.set(statement.text, statement);
  }

  function bind(body: Buffer): void {
    const [, afterPortal] = readText(body, 0);
    const [name, formats] = readText(body, afterPortal);
    let at = formats + 2 + 2 * body.readUInt16BE(formats);
    const count = body.readUInt16BE(at);
    at += 2;
    const values: (string | null)[] = [];
    for (let i = 0; i < count; i++) {
      const length = body.readInt32BE(at);
      values.push(length < 0 ? null : body.toString('utf8', at + 4, at + 4 + length));
      at += 4 + Math.max(0, length);
    }
    const known = heard.get(prepared.get(name)?.text ?? '');
    if (known) known.values = values;
  }
}

function readText(bytes: Buffer, from: number): [text: string, next: number] {
  const end = bytes.indexOf(0, from);
  return [bytes.toString('utf8', from, end), end + 1];
}

export interface Plan {
  /** tables that are read from their beginning to their end */
  scans: string[];
  indexes: string[];
}

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: Node[];
}

/** `generic`: planned once for all values, as the server does with what is sent again and again. Nothing is carried out. */
export async function explain(sql: postgres.Sql, statement: Statement, mode: 'generic' | 'custom'): Promise<Plan> {
  return sql.begin(async (tx) => {
    await tx.unsafe(`set local plan_cache_mode = force_${mode}_plan`);
    const names = statement.types.length > 0 ? await typeNames(tx, statement.types) : '';
    const text = statement.text.replace(/^declare .*? cursor for /, '');
    await tx.unsafe(`prepare explained${names} as ${text}`);
    const values = statement.values.map((value) => (value === null ? 'null' : quote(value)));
    const call = values.length > 0 ? `explained(${values.join(', ')})` : 'explained';
    const [row] = await tx.unsafe(`explain (format json, costs off) execute ${call}`);
    await tx.unsafe('deallocate explained');
    const found: Plan = { scans: [], indexes: [] };
    collect(row?.['QUERY PLAN'][0].Plan, found);
    return found;
  }) as Promise<Plan>;
}

const quote = (value: string): string => `E'${value.replace(/[\\']/g, '\\$&')}'`;

async function typeNames(tx: postgres.TransactionSql, oids: number[]): Promise<string> {
  const rows = await tx.unsafe<{ name: string }[]>(
    `select case when oid = 0 then 'unknown' else format_type(oid, null) end as name
     from unnest(array[${oids.join(',')}]::oid[]) with ordinality as t(oid, n) order by n`,
  );
  return `(${rows.map((row) => row.name).join(', ')})`;
}

function collect(node: Node | undefined, found: Plan): void {
  if (node === undefined) return;
  if (node['Node Type'] === 'Seq Scan') found.scans.push(node['Relation Name'] ?? '');
  if (node['Index Name'] !== undefined) found.indexes.push(node['Index Name']);
  for (const below of node.Plans ?? []) collect(below, found);
}
