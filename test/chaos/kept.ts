/** What is in the database when a run is over: read once, compared with what people tried and were told, and with what stands on their screens. */
import type { Sql } from 'postgres';
import type { StepState } from '../../src/requests/model.ts';

export interface KeptRequest {
  number: string;
  requester: string;
  state: string;
  submission: number;
  values: Record<string, unknown>;
  process: string;
  notes: { notes: { by: string; text: string }[] };
  steps: StepState[];
}

export interface Entry {
  seq: string;
  subject: string;
  type: string;
  by: string;
  data: Record<string, unknown>;
}

export interface KeptMessage {
  id: string;
  subject: string;
  kind: string;
  audience: string;
  platform: 'slack' | 'feishu';
  address_kind: 'direct' | 'channel';
  address: string;
  about: string | null;
  data: Record<string, unknown> | null;
  state: string;
  plain: number;
  ref_channel: string | null;
  ref_message: string | null;
  last_error: string | null;
}

export interface Kept {
  requests: Map<string, KeptRequest>;
  entries: Entry[];
  messages: KeptMessage[];
}

export async function readKept(sql: Sql): Promise<Kept> {
  const rows = await sql<Omit<KeptRequest, 'steps'>[]>`
    select number, requester, state, submission, "values", process, notes from request`;
  const steps = await sql<{ request: string; body: StepState }[]>`
    select s.request, s.body from step s join request r on r.number = s.request and r.submission = s.submission
    order by s.request, s.position`;
  const entries = await sql<
    Entry[]
  >`select seq::text, subject, type, by, data::json as data from ledger l order by l.seq`;
  const messages = await sql<KeptMessage[]>`
    select id, subject, kind, audience, platform, address_kind, address, about, data, state, plain, ref_channel, ref_message, last_error
    from message`;
  const stepsOf = Map.groupBy(steps, (step) => step.request);
  const requests = rows.map((row): [string, KeptRequest] => [
    row.number,
    { ...row, steps: (stepsOf.get(row.number) ?? []).map(({ body }) => body) },
  ]);
  return { requests: new Map(requests), entries: [...entries], messages: [...messages] };
}

/** What is owed: cards that are not true yet, notices that are not said yet, promises of the clock that are overdue. */
export async function owed(sql: Sql, overdueMs: number): Promise<{ messages: number; timers: number }> {
  const [row] = await sql<{ messages: number; timers: number }[]>`
    select (select count(*) from message where state = 'live' and wanted > shown)::int as messages,
      (select count(*) from timer where due_at < now() - make_interval(secs => ${overdueMs / 1000}))::int as timers`;
  return row ?? { messages: 0, timers: 0 };
}

export async function owing(sql: Sql): Promise<string[]> {
  const rows = await sql<Record<'words', string>[]>`
    select concat_ws(' ', subject, kind, platform, audience, 'wanted', wanted, 'shown', shown, 'attempts', attempts, 'last error', last_error,
      'next at', next_at, 'claimed until', claimed_until, 'handed until', handed_until, 'now', now()) as words
    from message where state = 'live' and wanted > shown order by created_at limit 20`;
  return rows.map(({ words }) => words);
}

/** Why what is owed is not out yet, and how long it still waits. */
export async function whatHolds(sql: Sql): Promise<string> {
  const rows = await sql<{ platform: string; why: string; count: number; longest: number }[]>`
    select platform, case when claimed_until > now() then 'claimed' else coalesce(last_error, 'new') end as why, count(*)::int as count,
      coalesce(max(extract(epoch from greatest(next_at, handed_until, claimed_until) - now())), 0)::int as longest
    from message where state = 'live' and wanted > shown group by 1, 2 order by 3 desc`;
  return rows.map(({ platform, why, count, longest }) => `${count} ${platform} ${why} (${longest} s)`).join(', ');
}
