/** One drill a quarter (C8): whoever is named hears of it when the last month begins and none was held, once a week until one is begun. */
import { isWorkingDay, localDate, startOfDay } from '../core/calendar.ts';
import type { Card } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import type { JsonObject } from '../core/message.ts';
import { type Effect, LANE } from '../core/module.ts';
import { standInFor } from '../directory/lookup.ts';
import { drillWords } from '../words/crisis-follow.ts';
import { namedBy } from './lookup.ts';
import type { CrisisWorld } from './model.ts';
import type { Reader } from './store.ts';

export const DRILLS = 'drills';

/** `2026-Q4`, its first day and the first day of its last month. */
function quarterOf(date: string): { name: string; from: string; lastMonth: string } {
  const [year = 0, month = 1] = date.split('-').map(Number);
  const quarter = Math.ceil(month / 3);
  const day = (of: number): string => `${year}-${String(of).padStart(2, '0')}-01`;
  return { name: `${year}-Q${quarter}`, from: day(quarter * 3 - 2), lastMonth: day(quarter * 3) };
}

/** To be asked each morning: what it tells twice in a week has one key. */
export async function drillReminders(sql: Reader, world: CrisisWorld, at: Date): Promise<Effect[]> {
  const { crisis: book, directory } = world;
  const { hours } = directory.company;
  const today = localDate(at, hours.timezone);
  const { name, from, lastMonth } = quarterOf(today);
  if (!book?.drills.remind || book.drills.scenarios.length === 0) return [];
  if (today < lastMonth || !isWorkingDay(today, hours) || (await heldSince(sql, startOfDay(from, hours.timezone))))
    return [];
  const week = Math.floor((Date.parse(today) - Date.parse(lastMonth)) / (7 * 86_400_000)) + 1;
  const people = namedBy(book.drills.remind, directory).flatMap((person) => {
    const acting = standInFor(directory, person);
    return 'person' in acting ? [acting.person] : [];
  });
  const said = { about: 'drill-due', data: { quarter: name }, key: `drill|${name}|${week}` };
  return [...new Set(people)].map(
    (person): Effect => ({ kind: 'notice', to: { person }, ...said, lane: LANE.reminder }),
  );
}

/** One that was broken off, since it was begun by mistake, was not held. */
async function heldSince(sql: Reader, since: Date): Promise<boolean> {
  const rows = await sql`
    select 1 from crisis where drill and raised_at >= ${since} and body #>> '{ended,how}' is distinct from 'false-alarm' limit 1`;
  return rows.length > 0;
}

export function drillDueCard({ quarter }: JsonObject, language: Language): Card {
  const w = drillWords(language);
  const text = w.due(String(quarter));
  const buttons = [{ label: w.choose, action: { command: 'crisis.drill' } }];
  return {
    headline: w.title,
    tone: 'warn',
    summary: text,
    blocks: [
      { kind: 'text', text },
      { kind: 'buttons', buttons },
    ],
  };
}
