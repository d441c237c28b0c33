/** Waiting, in a story: what only our own rate limits hold back comes when the clock has moved on, however busy the machine is. */
import type { Sql } from 'postgres';
import type { FakeFeishu } from './feishu.ts';
import type { FakeSlack } from './slack.ts';

const LONG_MS = 1_500;
const EACH_MS = 250;

interface Waiting {
  slack: FakeSlack;
  feishu: FakeFeishu;
  sql: Sql;
  travel(ms: number): void;
}

/** Whoever has waited long for Slack or Feishu lets the clock run four times as fast, as long as something is owed there. */
export function patience({ slack, feishu, sql, travel }: Waiting) {
  async function hurry(): Promise<void> {
    const [row] = await sql<{ owed: boolean }[]>`
      select exists (select from message where state = 'live' and wanted > shown) as owed`;
    if (row?.owed) travel(1000);
  }
  async function patiently<T>(waiting: Promise<T>): Promise<T> {
    let often: NodeJS.Timeout | undefined;
    const long = setTimeout(() => {
      often = setInterval(() => void hurry().catch(() => {}), EACH_MS);
    }, LONG_MS);
    try {
      return await waiting;
    } finally {
      clearTimeout(long);
      clearInterval(often);
    }
  }
  const [until, when] = [slack.until, feishu.when.bind(feishu)];
  slack.until = (look, ms) => patiently(until(look, ms));
  feishu.when = (look, what, ms) => patiently(when(look, what, ms));
  return patiently;
}
