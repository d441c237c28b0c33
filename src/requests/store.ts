/** How requests are kept: a row a request, a row a step; read under a lock to be decided upon, without one to be drawn. */
import type { Sql } from 'postgres';
import type { Tx } from '../core/module.ts';
import type { World } from '../processes/model.ts';
import { textsOf } from './content.ts';
import { crisisOf, isSpared, type Note, pendingOf, type Request, type StepState, type Values } from './model.ts';

export type Reader = Sql<{ bigint: bigint }> | Tx;

interface RequestRow {
  number: string;
  process: string;
  version: number;
  requester: string;
  origin: Request['origin'];
  state: Request['state'];
  submission: number;
  values: Values;
  submitted_at: Date;
  ended_at: Date | null;
  urged_at: Date | null;
  revision: number;
  copies: string[];
  parties: string[];
  crisis: string | null;
  executed_at: Date | null;
  ratify_due: Date | null;
  held: string | null;
  notes: {
    notes: Note[];
    ended?: Request['ended'];
    urgent?: Request['urgent'];
    overdue?: number;
    heldSince?: string;
  };
}

/** The lock first, in a statement of its own: the steps read after it are those that the lock's holder left. */
export async function lockRequest(tx: Tx, number: string): Promise<Request | undefined> {
  const [rows, steps] = await Promise.all([
    tx<RequestRow[]>`select * from request where number = ${number} for update`,
    stepsOf(tx, [number]),
  ]);
  return rows[0] && toRequest(rows[0], steps);
}

export async function readRequest(sql: Reader, number: string): Promise<Request | undefined> {
  return (await readRequests(sql, [number]))[0];
}

/** In the order of `numbers`; two statements whatever their count. */
export async function readRequests(sql: Reader, numbers: string[]): Promise<Request[]> {
  if (numbers.length === 0) return [];
  const rows = await sql<RequestRow[]>`select * from request where number in ${sql(numbers)}`;
  const steps = await stepsOf(sql, numbers);
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  return numbers.flatMap((number) => {
    const row = byNumber.get(number);
    return row ? [toRequest(row, steps)] : [];
  });
}

interface StepRow {
  request: string;
  submission: number;
  body: StepState;
}

function stepsOf(sql: Reader, numbers: string[]) {
  return sql<StepRow[]>`
    select s.request, s.submission, s.body from step s join request r on r.number = s.request and r.submission = s.submission
    where s.request in ${sql(numbers)} order by s.request, s.position`;
}

function toRequest(row: RequestRow, steps: StepRow[]): Request {
  const { number, process, version, requester, origin, state, submission, values, revision, copies, parties } = row;
  return {
    number,
    process,
    version,
    requester,
    origin,
    state,
    submission,
    values,
    revision,
    copies,
    parties,
    submittedAt: row.submitted_at.toISOString(),
    ...(row.ended_at ? { endedAt: row.ended_at.toISOString() } : {}),
    ...(row.urged_at ? { urgedAt: row.urged_at.toISOString() } : {}),
    ...(row.notes.ended ? { ended: row.notes.ended } : {}),
    ...inCrisis(row),
    notes: row.notes.notes,
    steps: steps.filter((s) => s.request === number && s.submission === submission).map((s) => s.body),
  };
}

function inCrisis({ crisis, executed_at: at, ratify_due: due, held, notes }: RequestRow) {
  const { urgent, overdue = 0, heldSince = '' } = notes;
  return {
    ...(crisis && at && due ? { executed: { crisis, at: at.toISOString(), due: due.toISOString(), overdue } } : {}),
    ...(urgent ? { urgent } : {}),
    ...(held ? { held: { crisis: held, since: heldSince } } : {}),
  };
}

/** What stands in the row's notes beside the comments. */
function besides({ ended, urgent, executed, held }: Request) {
  return {
    ...(ended ? { ended } : {}),
    ...(urgent ? { urgent } : {}),
    ...(executed ? { overdue: executed.overdue } : {}),
    ...(held ? { heldSince: held.since } : {}),
  };
}

export async function saveRequest(tx: Tx, request: Request): Promise<void> {
  // the form's first, when it is submitted; later the database gives the fields back in an order of its own
  const amount = Object.values(request.values).find((value) => typeof value === 'object');
  const row = {
    number: request.number,
    process: request.process,
    version: request.version,
    requester: request.requester,
    origin: request.origin,
    state: request.state,
    submission: request.submission,
    values: tx.json(request.values),
    amount: amount ? BigInt(amount.minor) : null,
    currency: amount?.currency ?? null,
    base_amount: amount ? BigInt(amount.base) : null,
    submitted_at: new Date(request.submittedAt),
    ended_at: request.endedAt ? new Date(request.endedAt) : null,
    urged_at: request.urgedAt ? new Date(request.urgedAt) : null,
    revision: request.revision,
    copies: request.copies,
    parties: request.parties,
    cites: Object.values(request.values).filter(
      (value) => typeof value === 'string' && /^DM-\d{4}-\d{4,}$/.test(value),
    ),
    crisis: crisisOf(request) ?? null,
    executed_at: request.executed?.at ?? null,
    ratify_due: request.executed?.due ?? null,
    held: request.held?.crisis ?? null,
    notes: tx.json({ notes: request.notes, ...besides(request) } as never),
  };
  // sent at once (a query of this driver otherwise starts when it is awaited), so that it goes ahead of its steps
  const kept = tx`
    insert into request ${tx(row)}
    on conflict (number) do update set
      version = excluded.version, state = excluded.state, submission = excluded.submission, values = excluded.values, cites = excluded.cites,
      amount = case when excluded.submission > request.submission then excluded.amount else request.amount end,
      currency = case when excluded.submission > request.submission then excluded.currency else request.currency end,
      base_amount = case when excluded.submission > request.submission then excluded.base_amount else request.base_amount end,
      ended_at = excluded.ended_at,
      urged_at = excluded.urged_at, revision = excluded.revision, copies = excluded.copies, parties = excluded.parties,
      held = excluded.held, notes = excluded.notes`.execute();
  await Promise.all([kept, saveSteps(tx, request)]);
}

/** Steps that are no longer open go first: "one open step" is checked row by row. */
async function saveSteps(tx: Tx, request: Request): Promise<void> {
  const rows = request.steps.map((step, position) => ({
    request: request.number,
    submission: request.submission,
    id: step.id,
    position,
    state: step.state,
    body: step,
    pending: pendingPeople(step),
    opened_at: step.openedAt ?? null,
    closed_at: step.closedAt ?? null,
  }));
  await tx`
    insert into step (request, submission, id, position, state, body, pending, opened_at, closed_at)
    select s.request, s.submission, s.id, s.position, s.state, s.body, s.pending, s.opened_at, s.closed_at
    from jsonb_to_recordset(${tx.json(rows as never)}) as s(request text, submission int, id text, position smallint,
      state text, body jsonb, pending text[], opened_at timestamptz, closed_at timestamptz)
    order by s.state = 'open'
    on conflict (request, submission, id) do update set position = excluded.position, state = excluded.state, body = excluded.body,
      pending = excluded.pending, opened_at = excluded.opened_at, closed_at = excluded.closed_at`;
}

function pendingPeople(step: StepState): string[] {
  return pendingOf(step).map((signer) => signer.person);
}

/** One more is read, to know whether there are more. */
export const LIST_LENGTH = 10;

/** What waits for this person's signature, oldest first. */
export async function waitingFor(sql: Reader, person: string, limit = LIST_LENGTH + 1): Promise<string[]> {
  const rows = await sql<{ request: string }[]>`
    select request from step where state = 'open' and pending @> ${[person]} order by opened_at limit ${limit}`;
  return rows.map((row) => row.request);
}

/** What this person asked for, newest first. */
export async function askedBy(sql: Reader, person: string, limit = LIST_LENGTH + 1): Promise<string[]> {
  const rows = await sql<{ number: string }[]>`
    select number from request where requester = ${person} order by submitted_at desc nulls last limit ${limit}`;
  return rows.map((row) => row.number);
}

/** Open requests in which an absent person, or a stand-in of theirs, is waited for: what an absence moves. */
export async function openFor(sql: Reader, people: string[]): Promise<string[]> {
  const rows = await sql<{ request: string }[]>`
    select request from step where state = 'open' and pending && ${people} order by request`;
  return rows.map((row) => row.request);
}

/** Open requests that wait for somebody who is not among these (has left, or stands in the handbook no more). */
export async function openForOthersThan(sql: Reader, active: string[]): Promise<string[]> {
  const rows = await sql<{ request: string }[]>`
    select request from step where state = 'open' and not pending <@ ${active} order by request`;
  return rows.map((row) => row.request);
}

/** The one request of this person that a file or a word without a number can only mean. */
export async function openOf(sql: Reader, person: string): Promise<string[]> {
  const rows = await sql<{ number: string }[]>`
    select number from request where requester = ${person} and state in ('open', 'returned')
    order by submitted_at desc nulls last limit 25`;
  return rows.map((row) => row.number);
}

/** Which of these still need live cards. */
export async function stillOpen(sql: Reader, numbers: string[]): Promise<Set<string>> {
  if (numbers.length === 0) return new Set();
  const rows = await sql<{ number: string }[]>`
    select number from request where number in ${sql(numbers)} and state in ('open', 'returned')`;
  return new Set(rows.map((row) => row.number));
}

const FREEZE = 'countersign: what is frozen';

/** Until this is kept no freeze begins or ends: what is submitted at that moment finds it on or off, and is found by it. */
export function beforeFreezes(tx: Tx): Promise<unknown> {
  return tx`select pg_advisory_xact_lock_shared(hashtextextended(${FREEZE}, 0))`.execute();
}

function noSubmissions(tx: Tx): Promise<unknown> {
  return tx`select pg_advisory_xact_lock(hashtextextended(${FREEZE}, 0))`.execute();
}

/**
 * What a freeze that begins looks through, once whatever is being submitted is kept: money that is asked for and not held yet, with what it
 * says in these fields.
 */
export async function openMoneyRequests(
  tx: Tx,
  world: World,
  fields: readonly string[],
): Promise<{ number: string; texts: string[]; spared: boolean }[]> {
  await noSubmissions(tx);
  const rows = await tx<Pick<RequestRow, 'number' | 'process' | 'version' | 'values' | 'notes'>[]>`
    select number, process, version, values, notes from request
    where state in ('open', 'returned') and amount is not null and held is null and executed_at is null order by number`;
  const read = rows.map(async ({ number, process, version, values, notes: { urgent } }) => {
    const pinned = await world.pinned(process, version);
    const texts = pinned ? textsOf(pinned, values, fields) : [];
    return { number, texts, spared: isSpared(urgent ? { urgent } : {}) };
  });
  return Promise.all(read);
}

/** What this crisis' freeze holds, with what it says in these fields: a freeze of other words lets go what it does not name any more. */
export async function heldTexts(
  tx: Tx,
  world: World,
  crisis: string,
  fields: readonly string[],
): Promise<{ number: string; texts: string[] }[]> {
  const rows = await tx<Pick<RequestRow, 'number' | 'process' | 'version' | 'values'>[]>`
    select number, process, version, values from request
    where held = ${crisis} and state in ('open', 'returned') order by number`;
  const read = rows.map(async ({ number, process, version, values }) => {
    const pinned = await world.pinned(process, version);
    return { number, texts: pinned ? textsOf(pinned, values, fields) : [] };
  });
  return Promise.all(read);
}

/** Once whatever is being submitted is kept: what this crisis' freeze holds now. */
export async function heldBy(tx: Tx, crisis: string): Promise<string[]> {
  await noSubmissions(tx);
  const rows = await tx<{ number: string }[]>`
    select number from request where held = ${crisis} and state in ('open', 'returned') order by number`;
  return rows.map((row) => row.number);
}

/** What is spent and waits to be ratified, due first; of everybody, or of those whom it concerns. */
export async function openRatifications(sql: Reader, person?: string, limit = LIST_LENGTH + 1): Promise<string[]> {
  const concerned = person === undefined ? sql`` : sql`and parties @> ${[person]}`;
  const rows = await sql<{ number: string }[]>`
    select number from request where ratify_due is not null and state in ('open', 'returned') ${concerned}
    order by ratify_due, number limit ${limit}`;
  return rows.map((row) => row.number);
}
