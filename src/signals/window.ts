/** Which reports count together: as long as the handbook says, by when it happened, not by when it was told. Pure. */
import { subtractDuration, type WorkHours } from '../core/calendar.ts';
import type { CrisisBook } from '../crisis/book.ts';
import type { Indicator } from './model.ts';

/** How far back the window reaches that ends at this moment. */
export function widthOf({ within }: Pick<Indicator, 'within'>, end: Date, hours: WorkHours): number {
  return end.getTime() - subtractDuration(end, within, hours).getTime();
}

const LATEST_MS = 24 * 3_600_000;
const AHEAD_MS = 60_000;

/** Undefined: it can still be counted. A tool that was cut off may tell a day later; clocks differ a little. */
export function untimely(at: Date, now: Date): 'late' | 'ahead' | undefined {
  const age = now.getTime() - at.getTime();
  if (age > LATEST_MS) return 'late';
  return age < -AHEAD_MS ? 'ahead' : undefined;
}

export const indicatorOf = (book: CrisisBook | undefined, id: string): Indicator | undefined =>
  book?.indicators.find((one) => one.id === id);
