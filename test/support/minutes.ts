/** Decisions for a story, taken as the department takes them: the meeting is held, and its minutes are pasted into Slack and filed. */
import { type House, waitFor } from './house.ts';

/** All that is due by now has happened and all is said; our own rate limits run on the house's clock, so it goes on a little. */
export async function quiet(house: House): Promise<void> {
  await waitFor(async () => {
    const [row] = await house.sql<{ owed: number }[]>`
      select (select count(*) from message where state = 'live' and wanted > shown and coalesce(not_before, ${house.clock()}) <= ${house.clock()})::int
        + (select count(*) from message where state = 'held' and not_before <= ${house.clock()})::int
        + (select count(*) from timer where due_at <= ${house.clock()})::int as owed`;
    if (row?.owed !== 0) house.travel(500);
    return row?.owed === 0;
  }, 'everything to be said');
}

/** The clock stands at this moment, and what was due by then has happened; nothing is on its way while it jumps. */
export async function at(house: House, moment: string): Promise<void> {
  await quiet(house);
  house.travelTo(moment);
  await quiet(house);
}

/** Minutes with these decisions, one line each: `与场地签合同 @李娜 11-27`. Gives their numbers. */
export async function fileMinutes(
  house: House,
  taker: string,
  meeting: string,
  decisions: string[],
): Promise<string[]> {
  const { slack, sql } = house;
  const text = `${meeting} 议题：筹备进展\n${decisions.map((line) => `决议：${line}`).join('\n')}`;
  const typed = await slack.slash(taker, 'direct', '/minutes', text);
  if (typed.problem) throw new Error(typed.problem);
  const window = await slack.until(() => slack.window(taker));
  const filed = await slack.submit(taker, window);
  if (filed.problem || Object.keys(window.errors ?? {}).length > 0)
    throw new Error(`${filed.problem} ${JSON.stringify(window.errors)}`);
  const rows = await sql<{ number: string }[]>`select number from decision where meeting = ${meeting} order by number`;
  if (rows.length < decisions.length) {
    const said = [...slack.ephemerals(taker), ...slack.messagesOf(taker)]
      .slice(-2)
      .map((message) => slack.cardText(message));
    throw new Error(`the minutes were not filed: ${JSON.stringify(filed.body)} ${said.join(' / ')}`);
  }
  return rows.map((row) => row.number);
}
