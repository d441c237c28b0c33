/**
 * A run: thousands of presses from both platforms into several server processes on one Postgres, while all of them fail; then the comparison of
 * what people were told and see with what is in the database.
 */
import { mkdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import postgres from 'postgres';
import { openDatabase } from '../../db/client.ts';
import { readAudience } from '../../src/core/outbox.ts';
import { drawerOf } from '../../src/nouns.ts';
import { openOffice } from '../../src/office.ts';
import { judgeActs } from './acts-verdict.ts';
import { type Blows, beginBlows } from './blows.ts';
import { compareCards, type Draw, judgeDoubles } from './cards-verdict.ts';
import type { Finding } from './finding.ts';
import { meaningOf } from './journal.ts';
import { type Kept, readKept } from './kept.ts';
import { type Life, live } from './lives.ts';
import { judgeLedger, judgeLooks, judgeOwed, judgeProcesses } from './machine-verdict.ts';
import type { Outcome } from './report.ts';
import type { Setting } from './setting.ts';
import { type Settled, settle } from './settling.ts';
import { openStage, type Stage } from './stage.ts';

/** How often what looks wrong is looked at once more: a reminder may just have changed it. */
const LOOKS = 8;

export async function chaos(setting: Setting, say: (line: string) => void = () => {}): Promise<Outcome> {
  await mkdir(setting.out, { recursive: true });
  const stage = await openStage(setting);
  try {
    await stage.servers.allServe(60_000);
    say('the processes serve; the storm begins');
    const began = performance.now();
    const blows = beginBlows(stage);
    const lives = await liveAll(stage, say).catch(async (error: unknown) => {
      await blows.abandon();
      throw error;
    });
    await blows.end();
    const activeMs = performance.now() - began;
    say('the storm is over; everything settles');
    const sql = postgres(stage.ground.url, { max: 2, onnotice: () => {} });
    try {
      const settled = await settle(stage, sql, say);
      say(`settled after ${(settled.ms / 1000).toFixed(1)} s`);
      return await judge(stage, sql, { blows, lives, activeMs, settled });
    } finally {
      await sql.end({ timeout: 1 });
    }
  } finally {
    await stage.close();
  }
}

async function liveAll(stage: Stage, say: (line: string) => void): Promise<Life[]> {
  const { setting, slack, feishu } = stage;
  const end = performance.now() + setting.activeMs;
  const lives: Life[] = [];
  let next = 0;
  const over = () => performance.now() > end;
  const worker = async (): Promise<void> => {
    while (next < setting.requests && !over()) lives.push(await live({ ...stage, over }, next++));
  };
  const telling = setInterval(() => {
    say(
      `${lives.length} of ${next} requests done, ${stage.journal.attempts.length} acts, ${stage.servers.tally.kills} kills`,
    );
    // nobody reads them, and they hold every card that was ever drawn
    slack.forgetCalls();
    feishu.platform.calls.length = 0;
  }, 5_000);
  try {
    await Promise.all(Array.from({ length: setting.abreast }, worker));
    return lives;
  } finally {
    clearInterval(telling);
  }
}

interface Ran {
  blows: Blows;
  lives: Life[];
  activeMs: number;
  settled: Settled;
}

async function judge(stage: Stage, sql: postgres.Sql, ran: Ran): Promise<Outcome> {
  const { setting, sky, servers, journal, wall } = stage;
  const cards = await judgeCards(stage, sql);
  const kept = await readKept(sql);
  const { finding: doubles, doubled } = judgeDoubles(wall, kept);
  const findings: Finding[] = [
    ...judgeActs(journal, kept),
    cards,
    doubles,
    await judgeLedger(servers.url(), setting.out),
    ...judgeOwed(ran.settled, kept),
    judgeLooks(sky),
    ...judgeProcesses(servers),
  ];
  return {
    setting,
    findings,
    figures: figuresOf(stage, kept, ran, doubled),
    failed: { slack: Object.fromEntries(sky.failed.slack), feishu: Object.fromEntries(sky.failed.feishu) },
    refusedAsTooMany: Object.fromEntries(sky.tooMany),
    holds: findings.every(({ faults }) => faults.length === 0),
  };
}

/** Read and drawn again where it differs, since reminders go on; what differs every time is a fault. */
async function judgeCards({ wall, ground, book }: Stage, sql: postgres.Sql): Promise<Finding> {
  const database = openDatabase(ground.url);
  try {
    const now = () => new Date();
    const office = await openOffice(book.folder, database.sql, now, pino({ level: 'silent' }), () => [
      'slack',
      'feishu',
    ]);
    const drawer = drawerOf(database.sql, office.worldAt, now);
    const draw: Draw = ({ kind, subject, audience, about, data, plain }) =>
      drawer({
        ...{ kind: kind as 'card', subject, audience: readAudience(audience), about: about ?? undefined },
        ...{ data: (data ?? undefined) as never, language: 'zh', plain: plain > 0, unposted: false },
      });
    let { faults, compared } = await compareCards(wall, await readKept(sql), draw);
    for (let looks = 1; looks < LOOKS && faults.size > 0; looks++) {
      await pause(1_000);
      ({ faults } = await compareCards(wall, await readKept(sql), draw, new Set(faults.keys())));
    }
    const told = [...faults].flatMap(([number, some]) => some.map((fault) => `${number}: ${fault}`));
    return { asked: 'every card on both platforms equals the database', compared: `${compared} cards`, faults: told };
  } finally {
    await database.close();
  }
}

function figuresOf(
  { setting, sky, servers, journal }: Stage,
  kept: Kept,
  { blows, lives, activeMs, settled }: Ran,
  doubled: { slack: number; feishu: number },
): Outcome['figures'] {
  const pressed = journal.attempts.filter(({ act }) => act !== 'submit');
  const meaning = (word: string) =>
    journal.attempts.filter(({ act, answers }) => answers.some((text) => meaningOf(text, act) === word)).length;
  const seconds = (ms: number) => Number((ms / 1000).toFixed(1));
  return {
    seed: setting.seed,
    'server processes': setting.processes,
    'seconds of storm': seconds(activeMs),
    'requests begun': lives.length,
    'requests in the database': kept.requests.size,
    'requests decided': [...kept.requests.values()].filter(({ state }) => /approved|rejected|withdrawn/.test(state))
      .length,
    'acts of people': journal.attempts.length,
    'of these presses and forms': pressed.length,
    'acts a second': Number((journal.attempts.length / (activeMs / 1000)).toFixed(1)),
    'acts told: done': meaning('done'),
    'acts told: refused': meaning('refused'),
    'acts told: not recorded': meaning('not recorded'),
    'acts without any answer': journal.attempts.filter(({ answers }) => answers.length === 0).length,
    'deliveries by the platforms': journal.deliveries,
    'of these repetitions': journal.repeated,
    'ledger entries': kept.entries.length,
    'processes killed (kill -9)': servers.tally.kills,
    'processes stopped (SIGTERM)': servers.tally.drains,
    'process starts': servers.tally.starts,
    'Postgres shut down at once': blows.restarts.immediate,
    'Postgres shut down fast': blows.restarts.fast,
    'seconds without Postgres': seconds(blows.downMs),
    'calls to Slack': sky.calls.slack,
    'calls to Feishu': sky.calls.feishu,
    'of these failed': [...sky.failed.slack.values(), ...sky.failed.feishu.values()].reduce(
      (sum, count) => sum + count,
      0,
    ),
    'posts doubled on Slack': doubled.slack,
    'posts doubled on Feishu': doubled.feishu,
    'seconds until settled': seconds(settled.ms),
  };
}
