/** Which days an English phrase means: mon and thu · every other monday · last friday of the month · 15 of the month. Pure. */
import { MONTH_WORD, monthNumber, WEEKDAY_WORD, weekdayIndex } from './days.ts';
import { quarterRule } from './quarters.ts';
import { DAY_CODES, type DayCode, type Rule, rule } from './rrule.ts';

/** `workingDays`: of the days of the rule only those on which the company works, make-up days with them. */
export interface SaidDays {
  rule: Rule;
  workingDays?: true;
}

const ORDINALS: Record<string, number> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  last: -1,
  '1st': 1,
  '2nd': 2,
  '3rd': 3,
  '4th': 4,
  '5th': 5,
};
const ORDINAL = Object.keys(ORDINALS).join('|');
const DAY_NUMBER = '\\d{1,2}(?:st|nd|rd|th)?';
const LIST = '(?:, ?| and |, and | ?& ?| ?/ ?)';

export function readDaysEn(text: string): SaidDays | undefined {
  const said = text
    .trim()
    .replace(/[,\s]+$/, '')
    .replace(/ (?:at|on)$/, '');
  if (/^(?:every )?(?:working day|workday|work day)s?$/.test(said)) return { rule: rule('DAILY'), workingDays: true };
  if (/^(?:every day|daily)$/.test(said)) return { rule: rule('DAILY') };
  const found = weekly(said) ?? monthly(said) ?? ordinal(said) ?? yearly(said);
  return found && { rule: found };
}

function weekly(said: string): Rule | undefined {
  const [, every = '', list = ''] =
    /^(?:(every (?:other|second) |every (?:2|two) weeks on |(?:every|each) |weekly on |on )?)(.+)$/.exec(said) ?? [];
  const days = weekdays(list);
  const interval = /other|second|2|two/.test(every) ? 2 : 1;
  return days && rule('WEEKLY', { interval, days: days.map((day) => ({ nth: 0, day })) });
}

function weekdays(text: string): DayCode[] | undefined {
  if (/^weekdays?$/.test(text)) return DAY_CODES.slice(0, 5);
  const word = `(${WEEKDAY_WORD})s?`;
  const range = new RegExp(`^${word}(?: ?- ?| to | through )${word}$`).exec(text);
  const [from, to] = [weekdayIndex(range?.[1] ?? '?'), weekdayIndex(range?.[2] ?? '?')];
  if (range) return from < to ? DAY_CODES.slice(from, to + 1) : undefined;
  const all = text.split(new RegExp(LIST)).map((one) => weekdayIndex(new RegExp(`^${word}$`).exec(one)?.[1] ?? '?'));
  if (all.includes(-1) || new Set(all).size !== all.length) return undefined;
  return DAY_CODES.filter((_, i) => all.includes(i));
}

/** `15 of the month` · `monthly on the 15th` · `1st and 15th of every month`. */
function monthly(said: string): Rule | undefined {
  const list = `${DAY_NUMBER}(?:${LIST}${DAY_NUMBER})*`;
  const of = new RegExp(`^(?:every |on |on the |the |day )?(${list}) of (?:the|every|each|a) month$`).exec(said);
  const on = new RegExp(`^(?:monthly|every month) on (?:the |day )?(${list})$`).exec(said);
  const monthDays = daysIn(of?.[1] ?? on?.[1]);
  return monthDays && rule('MONTHLY', { monthDays });
}

/** `first wednesday of the quarter` · `last friday of every month` · `last day of the month` · `first monday of march`. */
function ordinal(said: string): Rule | undefined {
  const of = `(?:the |every |each |a )?(month|quarter|${MONTH_WORD})(?: (?:every|each) year)?`;
  const [, count = '', what = '', period = ''] =
    new RegExp(`^(?:every |on |on the |the )?(${ORDINAL}) (day|${WEEKDAY_WORD}) of ${of}$`).exec(said) ?? [];
  const nth = ORDINALS[count];
  if (nth === undefined) return undefined;
  if (what === 'day' && Math.abs(nth) !== 1) return undefined;
  const weekday = DAY_CODES[weekdayIndex(what)];
  const day = weekday === undefined ? { monthDays: [nth] } : { days: [{ nth, day: weekday }] };
  if (period === 'quarter') return quarterRule(day);
  return period === 'month' ? rule('MONTHLY', day) : rule('YEARLY', { months: [monthNumber(period)], ...day });
}

/** `every year on 10 march` · `every year on march 10` · `the 1st and 15th of march every year`. */
function yearly(said: string): Rule | undefined {
  const list = `${DAY_NUMBER}(?:${LIST}${DAY_NUMBER})*`;
  const dayFirst = new RegExp(`^every year on (?:the )?(${list}) (?:of )?(${MONTH_WORD})$`).exec(said);
  const of = new RegExp(`^(?:the )?(${list}) of (${MONTH_WORD}) (?:every|each) year$`).exec(said);
  const monthFirst = new RegExp(`^every year on (${MONTH_WORD}) (${DAY_NUMBER})$`).exec(said);
  const [days, month] = monthFirst ? [monthFirst[2], monthFirst[1]] : [(dayFirst ?? of)?.[1], (dayFirst ?? of)?.[2]];
  const monthDays = daysIn(days);
  return monthDays && month !== undefined ? rule('YEARLY', { months: [monthNumber(month)], monthDays }) : undefined;
}

function daysIn(list: string | undefined): number[] | undefined {
  const days = list?.split(new RegExp(LIST)).map((one) => Number.parseInt(one, 10));
  if (!days?.every((day) => day >= 1 && day <= 31)) return undefined;
  return [...new Set(days)].sort((a, b) => a - b);
}
