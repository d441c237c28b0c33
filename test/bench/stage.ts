/** The real program as a process of its own, on a database of the bench, between fakes of both platforms that answer as late as is asked. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { copyHandbook } from '../support/handbook.ts';
import { freePort, Program } from '../support/program.ts';
import type { FakeMessage } from '../support/slack.ts';
import { openPlatforms } from './platforms.ts';
import type { BenchDatabase } from './setting.ts';

export type Stage = Awaited<ReturnType<typeof openStage>>;

export interface StageOptions {
  /** with the example company's crisis plans */
  crisis?: boolean;
  /** how long both platforms take for each answer */
  latencyMs?: number;
  /** colleagues p1, p2 … beside the example company's people */
  colleagues?: number;
}

export async function openStage(database: BenchDatabase, options: StageOptions = {}) {
  const platforms = await openPlatforms();
  const { slack, feishu } = platforms;
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-files-'));
  const book = await copyHandbook(
    { 'company.yaml': [['people:\n', `people:\n${colleagues(options.colleagues ?? 0)}`]] },
    {},
    { crisis: options.crisis },
  );
  const own = { PORT: await freePort(), DATABASE_URL: database.url, DATA_DIR: folder, HANDBOOK: book.folder };
  const program = await new Program({ ...own, ...platforms.environment }).serves();
  platforms.talkTo(program.url);
  slack.latency('*', options.latencyMs ?? 0);
  feishu.latency(options.latencyMs ?? 0);
  const sql = postgres(database.url, { max: 2, onnotice: () => {} });
  return {
    slack,
    feishu,
    program,
    sql,
    url: program.url,
    /** every message equals the database */
    settled: () =>
      until(async () => {
        const rows = await sql`select 1 from message where state = 'live' and wanted > shown limit 1`;
        return rows.length === 0;
      }),
    leave: async (): Promise<void> => {
      program.signal('SIGTERM');
      await program.ended;
      await Promise.all([sql.end({ timeout: 1 }), platforms.close()]);
      await Promise.all([rm(folder, { recursive: true, force: true }), book.remove()]);
    },
  };
}

function colleagues(count: number): string {
  const one = (_: unknown, i: number) =>
    `  - {id: p${i + 1}, name: 同事${i + 1}, manager: li, roles: [specialist], accounts: {slack: U1P${i + 1}}}\n`;
  return Array.from({ length: count }, one).join('');
}

export const LINE = '3.2万 春季促销物料';
/** what `modelDay` leaves behind */
export const MODELS = { approved: 'SP-2026-0001', open: 'SP-2026-0002' };

/** One request that is approved and one that stays open, as it really goes; gives the card as 李娜 had it, and ends the stage. */
export async function modelDay(stage: Stage): Promise<FakeMessage> {
  const { slack } = stage;
  try {
    const first = await submit(stage);
    const card = await slack.until(() => slack.messagesOf('U02LI').find((one) => slack.cardText(one).includes(first)));
    const asked = slack.snapshot(card);
    await slack.press('U02LI', card, '批准');
    const second = await submit(stage);
    if (first !== MODELS.approved || second !== MODELS.open) throw new Error(`it was ${first} and ${second}`);
    await stage.settled();
    return asked;
  } finally {
    await stage.leave();
  }
}

/** 王晓文 asks for money; the number under which it was taken. */
export async function submit({ slack }: Stage): Promise<string> {
  const { body, problem } = await slack.slash('U01WANG', 'C0PR', '/spend', LINE);
  const [, number] = /(SP-\d{4}-\d{4,}) 已提交/.exec(JSON.stringify(body)) ?? [];
  if (number === undefined || problem !== undefined)
    throw new Error(`not submitted: ${problem ?? JSON.stringify(body)}`);
  return number;
}

const PATIENCE_MS = 120_000;
/** Asks often, since what is measured is when it becomes true. @throws when it never does */
export async function until(look: () => Promise<boolean>, everyMs = 5): Promise<void> {
  const late = performance.now() + PATIENCE_MS;
  while (!(await look())) {
    if (performance.now() > late) throw new Error('what was measured never came to an end');
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
