/** All that the debrief of one crisis is made from, read at one moment. */
import type { JsonObject } from '../core/message.ts';
import { takenAfter } from '../decisions/listing.ts';
import type { DecisionTaken } from '../decisions/model.ts';
import { type FileRow, filesOf } from '../files/store.ts';
import { statementsOf } from '../statements/listing.ts';
import type { Statement, StatementEvent } from '../statements/model.ts';
import type { Entry } from './figures.ts';
import type { Crisis } from './model.ts';
import { type Reader, readCrisis } from './store.ts';
import { entriesOf } from './timeline.ts';

/** Somebody said yes or no to money that was spent already. */
export interface Signature {
  request: string;
  person: string;
  at: string;
  agreed: boolean;
}

/** What the ledger has of who was asked for a statement, and whose word on it counts no more. */
export interface Clearing {
  statement: string;
  by: string;
  at: string;
  event: Extract<StatementEvent, { type: 'clearance-asked' | 'clearances-voided' }>;
}

export interface DebriefFacts {
  crisis: Crisis;
  entries: Entry[];
  files: Pick<FileRow, 'name' | 'by' | 'at' | 'state' | 'sha256'>[];
  statements: Statement[];
  /** the oldest first */
  clearing: Clearing[];
  signatures: Signature[];
  /** what is done afterwards */
  decisions: DecisionTaken[];
  at: Date;
}

export async function gatherDebrief(sql: Reader, number: string, at: Date): Promise<DebriefFacts | undefined> {
  const crisis = await readCrisis(sql, number);
  if (!crisis) return undefined;
  const [entries, files, statements, signatures, decisions] = await Promise.all([
    entriesOf(sql, number),
    filesOf(sql, [number]),
    statementsOf(sql, number),
    signaturesOn(sql, [...new Set(crisis.spent.map((one) => one.request))]),
    takenAfter(sql, number),
  ]);
  const numbers = statements.map((statement) => statement.number);
  return { crisis, entries, files, statements, clearing: await clearingOf(sql, numbers), signatures, decisions, at };
}

async function clearingOf(sql: Reader, statements: string[]): Promise<Clearing[]> {
  if (statements.length === 0) return [];
  const rows = await sql<{ subject: string; type: string; by: string; at: string; data: string }[]>`
    select subject, "type", "by", to_char("at" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "at", data
    from ledger
    where subject in ${sql(statements)} and "type" in ('clearance-asked', 'clearances-voided')
    order by subject, "position"`;
  return rows.map(({ subject, type, by, at, data }) => {
    const event = { type, data: JSON.parse(data) as JsonObject } as unknown as Clearing['event'];
    return { statement: subject, by, at, event };
  });
}

async function signaturesOn(sql: Reader, requests: string[]): Promise<Signature[]> {
  if (requests.length === 0) return [];
  const rows = await sql<{ subject: string; type: string; at: string; data: string }[]>`
    select subject, "type", to_char("at" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "at", data from ledger
    where subject in ${sql(requests)} and "type" in ('signature-given', 'step-approved', 'step-rejected')
    order by subject, "position"`;
  return rows.map(({ subject, type, at, data }) => {
    const { signer } = JSON.parse(data) as JsonObject;
    return { request: subject, person: String(signer), at, agreed: type !== 'step-rejected' };
  });
}
