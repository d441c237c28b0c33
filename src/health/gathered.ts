/** Figures that stand in the database, the same whichever process is asked: what is owed, what is late, what was given up. */
import type { Platform } from '../core/chat.ts';
import type { Database } from '../core/intake.ts';
import { unsealedSince } from '../core/ledger.ts';
import { type Backlog, backlogs } from '../core/queue.ts';

export interface Owed {
  platform: Platform;
  lane: number;
  waiting: number;
  /** since when the oldest of them is not true; what its reader's quiet hours keep back lies in the future */
  oldest: Date | null;
}

export interface Dead {
  platform: Platform;
  given: number;
  newest: Date;
  /** the platform's code of the newest */
  code: string;
}

export interface Late {
  urgent: boolean;
  overdue: number;
  oldest: Date;
}

export interface Gathered {
  owed: Owed[];
  dead: Dead[];
  timers: Late[];
  backlogs: Backlog[];
  /** people who are being rung in a real crisis and have not answered yet */
  calls: { ringing: number; oldest: Date | null };
  seal: { last: Date | undefined; unsealedSince: Date | undefined };
  /** by the database's clock */
  now: Date;
  /** how far this machine's clock is ahead of it */
  aheadMs: number;
}

/** @throws when the database is away */
export async function gather(sql: Database, at: Date): Promise<Gathered> {
  const [owed, dead, timers, waiting, [calls], seal, [clock]] = await Promise.all([
    sql<Owed[]>`
      select platform, lane, count(*)::int as waiting, min(stale_since) as oldest from message
      where state = 'live' and wanted > shown group by platform, lane`,
    givenUp(sql, at),
    sql<Late[]>`
      select true as urgent, count(*)::int as overdue, min(due_at) as oldest from timer where urgent and due_at <= ${at} having count(*) > 0
      union all
      select false, count(*)::int, min(due_at) from timer where not urgent and due_at <= ${at} having count(*) > 0`,
    backlogs(sql),
    sql<{ ringing: number; oldest: Date | null }[]>`
      select count(*)::int as ringing, min((call ->> 'since')::timestamptz) as oldest
      from crisis, jsonb_array_elements(body -> 'calls') as call
      where state <> 'over' and not drill and call ->> 'state' = 'calling'`,
    unsealedSince(sql),
    sql<{ now: Date }[]>`select clock_timestamp() as now`,
  ]);
  return {
    owed,
    dead,
    timers,
    backlogs: waiting,
    calls: calls ?? { ringing: 0, oldest: null },
    seal,
    now: clock?.now ?? at,
    aheadMs: clock ? Date.now() - clock.now.getTime() : 0,
  };
}

const MONTH_MS = 30 * 24 * 3_600_000;

/** Of the last thirty days: what was given up before that is nobody's business today. */
export function givenUp(sql: Database, at: Date): Promise<Dead[]> {
  return sql<Dead[]>`
    select platform, count(*)::int as given, max(created_at) as newest,
      coalesce((array_agg(last_error order by created_at desc))[1], '') as code
    from message where state = 'dead' and created_at > ${new Date(at.getTime() - MONTH_MS)} group by platform`;
}
