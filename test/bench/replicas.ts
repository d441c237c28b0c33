/**
 * Presses a second with one, two, three and four processes of the product on one Postgres: how far further processes help, how much processor time
 * a press costs (the processes, Postgres; its cards too, as far as they are drawn meanwhile), and what Postgres' sessions wait for. docs/replicas.md
 * says how to read it.
 */
import { readdir, readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import type { Sql } from 'postgres';
import { calmHandbook } from '../support/handbook.ts';
import { freePort, Program } from '../support/program.ts';
import { inTurns, median, ratioOf } from './figures.ts';
import { openStage, type Press, pressAll, SECRET, type Stage } from './press.ts';
import type { Setting } from './setting.ts';
import type { Row } from './table.ts';

const COUNTS = [1, 2, 3, 4] as const;
/** people who press at the same moment, however many processes there are */
const PEOPLE = 24;
const PRESSES = 720;

export async function benchReplicas(setting: Setting): Promise<Row[]> {
  const database = await setting.database();
  const stage = await openStage(database.url);
  const others: Program[] = [];
  try {
    for (let i = 1; i < COUNTS.length; i++) others.push(await another(database.url, stage));
    const all = [stage.product, ...others];
    const looks = new Map<number, Look[]>(COUNTS.map((count) => [count, []]));
    const at = async (count: number): Promise<number> => {
      const look = await pressAt(all.slice(0, count), stage, Math.max(PEOPLE, PRESSES * setting.scale));
      looks.get(count)?.push(look);
      setting.say(`replicas: ${count} processes, ${Math.round(look.perSecond)} presses a second`);
      return look.perSecond;
    };
    const cases = Object.fromEntries(COUNTS.map((count) => [String(count), () => at(count)]));
    const perSecond = await inTurns(setting.rounds, cases);
    const one = perSecond['1'] ?? [];
    return COUNTS.flatMap((count) => rowsOf(count, perSecond[String(count)] ?? [], one, looks.get(count) ?? []));
  } finally {
    await Promise.all(others.map((program) => program.kill()));
    await stage.close();
    await database.drop();
  }
}

async function another(databaseUrl: string, { slack }: Stage): Promise<Program> {
  const program = new Program({
    PORT: await freePort(),
    DATABASE_URL: databaseUrl,
    HANDBOOK: await calmHandbook(),
    LOG_LEVEL: 'warn',
    SLACK_BOT_TOKEN: 'xoxb-bench',
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_API_URL: slack.apiUrl,
  });
  return program.serves();
}

interface Look {
  perSecond: number;
  /** processor time used meanwhile, in cores */
  nodes: number;
  postgres: number;
  hands: number;
  /** of the sessions that had work, how many were waiting for what, as a share */
  waits: Map<string, number>;
}

async function pressAt(programs: readonly Program[], stage: Stage, count: number): Promise<Look> {
  const presses = await stage.presses(Math.round(count));
  const pids = programs.map(({ pid }) => pid);
  const servers = await serverPids(stage.sql);
  const [nodes, postgres, hands] = [await ticksOf(pids), await ticksOf(servers), process.cpuUsage()];
  const waits = watchWaits(stage.sql);
  const began = performance.now();
  const people = Math.round(PEOPLE / programs.length);
  await Promise.all(
    programs.map(({ url }, i) => pressAll(url, share(presses, i, programs.length), people, stage.slack.responseUrl)),
  );
  const seconds = (performance.now() - began) / 1000;
  const used = process.cpuUsage(hands);
  const look = {
    perSecond: presses.length / seconds,
    nodes: ((await ticksOf(pids)) - nodes) / TICKS / seconds,
    // a session that was opened meanwhile is counted from its birth
    postgres: ((await ticksOf(await serverPids(stage.sql))) - postgres) / TICKS / seconds,
    hands: (used.user + used.system) / 1e6 / seconds,
    waits: await waits.stop(),
  };
  await quiet(stage.sql);
  return look;
}

const share = (presses: readonly Press[], at: number, of: number) => presses.filter((_, i) => i % of === at);

/** The cards of this round are drawn before the next one begins, as far as the platform's limits let them. */
async function quiet(sql: Sql): Promise<void> {
  for (const late = performance.now() + 5_000; performance.now() < late; await pause(50)) {
    const stale = await sql`select 1 from message where state = 'live' and wanted > shown and next_at is null limit 1`;
    if (stale.length === 0) return;
  }
}

/** Fifty times a second: what the sessions that have work are at. */
function watchWaits(sql: Sql) {
  const seen = new Map<string, number>();
  let over = false;
  const watching = (async () => {
    while (!over) {
      const rows = await sql<{ at: string; count: number }[]>`
        select case when state = 'active' then coalesce(wait_event_type || ':' || wait_event, 'running') else 'between statements' end as at,
          count(*)::int as count
        from pg_stat_activity
        where application_name = 'countersign' and datname = current_database() and state in ('active', 'idle in transaction') group by 1`;
      for (const { at, count } of rows) seen.set(at, (seen.get(at) ?? 0) + count);
      await pause(20);
    }
  })();
  return {
    stop: async () => {
      over = true;
      await watching;
      const all = [...seen.values()].reduce((sum, count) => sum + count, 0);
      return new Map([...seen].map(([at, count]) => [at, count / Math.max(1, all)]));
    },
  };
}

/** Clock ticks a second of /proc, on every Linux that we run on: https://man7.org/linux/man-pages/man7/time.7.html */
const TICKS = 100;

/** User and system time in ticks; a process that has ended counts nothing: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
async function ticksOf(pids: readonly number[]): Promise<number> {
  const each = pids.map(async (pid) => {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  });
  return (await Promise.all(each)).reduce((sum, ticks) => sum + ticks, 0);
}

/** Everything of the server where it runs on this machine, found by a session's parent; elsewhere nothing. */
async function serverPids(sql: Sql): Promise<number[]> {
  const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const mother = await parentOf(row?.pid ?? 0);
  if (mother === undefined) return [];
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const parents = await Promise.all(pids.map(parentOf));
  return [mother, ...pids.filter((_, i) => parents[i] === mother)];
}

async function parentOf(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  if (!text.includes('(postgres)')) return undefined;
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function rowsOf(count: number, perSecond: number[], one: number[], looks: readonly Look[]): Row[] {
  const bench = 'replicas';
  const name = count === 1 ? '1 process' : `${count} processes`;
  const middle = (figure: (look: Look) => number) => median(looks.map(figure));
  const waits = new Set(looks.flatMap((look) => [...look.waits.keys()]));
  const at = [...waits].map((wait) => ({ wait, part: middle((look) => look.waits.get(wait) ?? 0) }));
  return [
    {
      bench,
      case: name,
      value: median(perSecond),
      unit: 'presses/s',
      ...(count === 1 ? {} : { against: '1 process', ratio: ratioOf(perSecond, one) }),
    },
    {
      bench,
      case: `${name}: a press costs them`,
      value: middle((look) => (look.nodes / look.perSecond) * 1000),
      unit: 'ms',
    },
    {
      bench,
      case: `${name}: a press costs Postgres`,
      value: middle((look) => (look.postgres / look.perSecond) * 1000),
      unit: 'ms',
    },
    {
      bench,
      case: `${name}: in use, with whoever presses`,
      value: middle((look) => look.nodes + look.postgres + look.hands),
      unit: 'cores',
    },
    ...at
      .filter(({ part }) => part >= 0.03)
      .sort((a, b) => b.part - a.part)
      .map(({ wait, part }) => ({ bench, case: `${name}: sessions at ${wait}`, value: part * 100, unit: '%' })),
  ];
}
