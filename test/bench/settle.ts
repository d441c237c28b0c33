/**
 * From a press until the card says so everywhere: on both platforms, whose fakes take 100 ms for each answer. Alone, and behind ten thousand
 * reminders that an outage left, together with the page of a crisis. The platforms' own limits hold, so the presses come at a person's pace.
 */
import { percentile } from './figures.ts';
import type { Setting } from './setting.ts';
import { openStage, type Stage, submit, until } from './stage.ts';
import type { Row } from './table.ts';

const LATENCY_MS = 100;
const BACKLOG = 10_000;
const GOAL_MS = 10_000;
/** so many a round; Slack lets an app edit fifty times a minute, and each press edits three cards there */
const PRESSES = 6;
const PACE_MS = 4_000;
const ALARMS = 3;

export async function benchSettle(setting: Setting): Promise<Row[]> {
  const alone = await openStage(await setting.database(), { crisis: true, latencyMs: LATENCY_MS });
  const calm = await presses(setting, alone).finally(() => alone.leave());
  const crowded = await openStage(await setting.database(), { crisis: true, latencyMs: LATENCY_MS });
  try {
    setting.say('the same behind a backlog of reminders');
    await leaveBehind(crowded, Math.round(BACKLOG * setting.scale));
    const busy = await presses(setting, crowded);
    const pages = await alarms(setting, crowded);
    return [
      ...rowsOf('press → both platforms show it', calm),
      ...rowsOf('the same behind 10,000 reminders', busy, calm),
      ...pagesOf(pages),
    ];
  } finally {
    await crowded.leave();
  }
}

async function presses(setting: Setting, stage: Stage): Promise<number[]> {
  const took: number[] = [];
  const count = Math.max(2, Math.round(PRESSES * setting.rounds * setting.scale));
  for (let i = 0; i < count; i++) {
    const pace = new Promise((resolve) => setTimeout(resolve, PACE_MS * setting.scale));
    const ms = await onePress(stage);
    // the first finds everything cold
    if (i > 0) took.push(ms);
    await pace;
  }
  return took;
}

async function onePress(stage: Stage): Promise<number> {
  const { slack, sql } = stage;
  const number = await submit(stage);
  const shown = () =>
    until(async () => {
      const rows =
        await sql`select 1 from message where subject = ${number} and state = 'live' and wanted > shown limit 1`;
      return rows.length === 0;
    });
  const card = await slack.until(
    () =>
      slack.messagesOf('U02LI').find((one) => slack.cardText(one).includes(number) && slack.buttons(one).length > 0),
    60_000,
  );
  await shown();
  const began = performance.now();
  const { problem } = await slack.press('U02LI', card, '批准');
  if (problem !== undefined) throw new Error(`the press was not answered: ${problem}`);
  await shown();
  return performance.now() - began;
}

/** As an outage leaves them: for those who decide and are paged too, on both platforms; and as many promises of the clock, all overdue. */
async function leaveBehind({ sql }: Stage, count: number): Promise<void> {
  await sql`
    insert into message (id, intent, subject, kind, audience, platform, address_kind, address, about, data, key, lane, created_at, stale_since)
    select gen_random_uuid(), gen_random_uuid(), 'ledger', 'notice', 'person:li', p.platform, 'direct', p.address, 'sealed',
      jsonb_build_object('number', n, 'chains', 1, 'entries', n, 'through', n, 'hash', 'h' || n), 'old|' || p.platform || n, 3, now(), now()
    from generate_series(1, ${Math.ceil(count / 2)}::int) as n, (values ('slack', 'U02LI'), ('feishu', 'ou_li')) as p(platform, address)`;
  await sql`
    insert into timer (id, subject, command, args, key, due_at)
    select gen_random_uuid(), 'SP-2026-9' || n, 'requests.remind', '{"step": "director", "submission": 1}', 'old|' || n, now()
    from generate_series(1, ${count}::int) as n`;
}

/** Alarms one after the other; how long each page took until it was posted. */
async function alarms(setting: Setting, { slack, sql }: Stage): Promise<number[]> {
  const count = Math.max(1, Math.round(ALARMS * setting.scale));
  for (let i = 0; i < count; i++) {
    await slack.slash('U01WANG', 'C0PR', '/crisis', `顾客在直播间投诉产品起火（${i + 1}）`);
    const form = await slack.until(() => slack.window('U01WANG'));
    const { problem } = await slack.submit('U01WANG', form, { kind: 'product-safety' });
    if (problem !== undefined) throw new Error(`no alarm was raised: ${problem}`);
    await until(async () => {
      const [row] = await sql<{ waiting: number; posted: number }[]>`
        select count(*) filter (where posted_at is null)::int as waiting, count(*) filter (where posted_at is not null)::int as posted
        from message where kind = 'page' and subject = (select max(number) from crisis)`;
      return row !== undefined && row.waiting === 0 && row.posted > 0;
    });
  }
  const rows = await sql<{ ms: number }[]>`
    select (extract(epoch from posted_at - created_at) * 1000)::float as ms from message where kind = 'page'`;
  return rows.map(({ ms }) => ms);
}

function rowsOf(name: string, took: number[], calm?: number[]): Row[] {
  const at = (share: number) => percentile(took, share);
  const row = (share: number): Row => ({
    bench: 'settle',
    case: `${name}, p${share * 100}`,
    value: at(share),
    unit: 'ms',
    ...(calm
      ? { against: 'without them', ratio: at(share) / percentile(calm, share) }
      : { against: `one answer of ${LATENCY_MS} ms`, ratio: at(share) / LATENCY_MS }),
  });
  const last = calm ? [{ ...row(0.99), goal: '< 10 s', met: at(0.99) < GOAL_MS }] : [];
  return [row(0.5), row(0.95), ...last];
}

function pagesOf(took: number[]): Row[] {
  const [half, most] = [percentile(took, 0.5), percentile(took, 0.99)];
  const row = { bench: 'settle', unit: 'ms', against: `one answer of ${LATENCY_MS} ms` };
  return [
    { ...row, case: "a crisis' page behind them, p50", value: half, ratio: half / LATENCY_MS },
    {
      ...row,
      case: "a crisis' page behind them, p99",
      value: most,
      ratio: most / LATENCY_MS,
      goal: '< 10 s',
      met: most < GOAL_MS,
    },
  ];
}
