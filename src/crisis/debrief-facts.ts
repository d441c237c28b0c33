/** All that the debrief of one crisis is made from, read at one moment. */
import type { JsonObject } from '../core/message.ts';
import { takenAfter } from '../decisions/listing.ts';
import type { DecisionTaken } from '../decisions/model.ts';
import { type FileRow, filesOf } from '../files/store.ts';
import { statementsOf } from '../statements/listing.ts';
import type { Statement } from '../statements/model.ts';
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

export interface DebriefFacts {
  crisis: Crisis;
  entries: Entry[];
  files: Pick<FileRow, 'name' | 'by' | 'at' | 'state' | 'sha256'>[];
  statements: Statement[];
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
  return { crisis, entries, files, statements, signatures, decisions, at };
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
