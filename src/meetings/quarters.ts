/** Days of a quarter as a yearly rule: RFC 5545 knows no quarters. Pure. */
import { type Rule, rule } from './rrule.ts';

/**
 * Counted in the quarter's first month, or from the end in its last: a fifth weekday could fall into either month, and
 * a day of a quarter that is neither the first nor the last has no form that people agree on.
 */
export function quarterRule(day: Partial<Pick<Rule, 'days' | 'monthDays'>>): Rule | undefined {
  const nth = day.days?.[0]?.nth ?? day.monthDays?.[0] ?? 0;
  if (Math.abs(nth) > 4 || (day.monthDays && (day.monthDays.length > 1 || Math.abs(nth) !== 1))) return undefined;
  return rule('YEARLY', { months: nth > 0 ? [1, 4, 7, 10] : [3, 6, 9, 12], ...day });
}
