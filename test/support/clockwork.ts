/** Days that pass in a story: the clock is set, all that is due by then happens, and all is said before the story goes on. */
import { type House, waitFor } from './house.ts';

/** It is this moment, or a little later: what our own rate limits hold back goes out as well. */
export async function becomes(house: House, moment: string): Promise<void> {
  house.travelTo(moment);
  await allSaid(house);
}

/** The clock runs twenty times as fast until nothing is owed that may be said now. */
export async function allSaid(house: House): Promise<void> {
  await waitFor(async () => {
    const now = house.clock();
    const [row] = await house.sql<{ owed: number }[]>`
      select (select count(*) from message where state = 'live' and wanted > shown and coalesce(not_before, ${now}) <= ${now})::int
        + (select count(*) from timer where due_at <= ${now})::int as owed`;
    if (row?.owed !== 0) house.travel(500);
    return row?.owed === 0;
  }, 'everything to be said');
}
