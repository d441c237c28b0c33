/**
 * China's public holidays and make-up days 调休. What the State Council has published comes from `chinese-days`; a year
 * that it has not published yet falls back to the thirteen statutory days of the regulation in force since 2025 (State
 * Council decree 795: https://www.gov.cn/zhengce/content/202411/content_6986380.htm), without bridges and make-up days.
 */

import chinese from 'chinese-days';
import days from 'chinese-days/dist/chinese-days.json' with { type: 'json' };

export interface HolidayName {
  zh: string;
  en: string;
}

/** A day that differs from its weekday: `off` is a holiday, `work` a make-up day. */
export interface SpecialDay {
  kind: 'off' | 'work';
  name: HolidayName;
  /** statutory only: the State Council may still add to it */
  expected?: true;
}

const published = new Map<string, SpecialDay>([
  ...Object.entries(days.holidays as Record<string, string>).map(([date, text]) => special('off', date, text)),
  ...Object.entries(days.workdays as Record<string, string>).map(([date, text]) => special('work', date, text)),
]);
/** A published year names its National Day; a lone January day in December's notice does not make a year known. */
const years: readonly number[] = [...published.keys()]
  .filter((date) => date.endsWith('-10-01'))
  .map((date) => Number(date.slice(0, 4)))
  .sort((a, b) => a - b);
const expectedByYear = new Map<number, ReadonlyMap<string, SpecialDay>>();

function special(kind: SpecialDay['kind'], date: string, text: string): [string, SpecialDay] {
  const [en = '', zh = ''] = text.split(',');
  return [date, { kind, name: { zh, en } }];
}

/** The years whose holidays are published, in order. */
export const publishedYears = (): readonly number[] => years;

/** What the calendar says of this date besides its weekday. */
export function chinaDay(date: string): SpecialDay | undefined {
  const known = published.get(date);
  const year = Number(date.slice(0, 4));
  if (known || years.includes(year)) return known;
  return statutoryDays(year).get(date);
}

/** The thirteen days that the regulation names, for a year whose arrangement is not published. */
export function statutoryDays(year: number): ReadonlyMap<string, SpecialDay> {
  const known = expectedByYear.get(year);
  if (known) return known;
  const found = new Map(lunarDays(year).concat(solarDays(year)));
  expectedByYear.set(year, found);
  return found;
}

const NAMES = {
  newYear: { zh: '元旦', en: "New Year's Day" },
  spring: { zh: '春节', en: 'Spring Festival' },
  qingming: { zh: '清明', en: 'Tomb-sweeping Day' },
  labour: { zh: '劳动节', en: 'Labour Day' },
  dragonBoat: { zh: '端午', en: 'Dragon Boat Festival' },
  midAutumn: { zh: '中秋', en: 'Mid-autumn Festival' },
  national: { zh: '国庆节', en: 'National Day' },
} satisfies Record<string, HolidayName>;

const expected = (name: HolidayName, dates: string[]): [string, SpecialDay][] =>
  dates.map((date) => [date, { kind: 'off', name, expected: true }]);

function solarDays(year: number): [string, SpecialDay][] {
  return [
    ...expected(NAMES.newYear, [`${year}-01-01`]),
    ...expected(NAMES.labour, [`${year}-05-01`, `${year}-05-02`]),
    ...expected(NAMES.national, [`${year}-10-01`, `${year}-10-02`, `${year}-10-03`]),
  ];
}

/** The tables and the formula below hold for this century; beyond it we name no lunar days. */
function lunarDays(year: number): [string, SpecialDay][] {
  if (year < 2000 || year > 2099) return [];
  const newYear = lunarDate(year, 1, 1);
  return [
    ...expected(
      NAMES.spring,
      [-1, 0, 1, 2].map((offset) => plusDays(newYear, offset)),
    ),
    ...expected(NAMES.qingming, [qingming(year)]),
    ...expected(NAMES.dragonBoat, [lunarDate(year, 5, 5)]),
    ...expected(NAMES.midAutumn, [lunarDate(year, 8, 15)]),
  ];
}

/**
 * Counted from 1900-01-31, the first day of the lunar year 1900, with the library's tables of month lengths. Its own
 * date functions are not used: west of Greenwich they answer a day off (measured under TZ=America/Los_Angeles).
 */
function lunarDate(year: number, month: number, day: number): string {
  let days = day - 1;
  for (let y = 1900; y < year; y++) days += monthsOf(y, 13);
  return plusDays('1900-01-31', days + monthsOf(year, month));
}

/** The days of a lunar year's months before `month`, with the leap month where one falls among them. */
function monthsOf(year: number, month: number): number {
  const leap = chinese.getYearLeapMonth(year);
  let days = leap.leapMonth !== undefined && leap.leapMonth < month ? leap.days : 0;
  for (let m = 1; m < month && m <= 12; m++) days += chinese.monthDays(year, m);
  return days;
}

/** The sun's longitude of 15°, by the almanac's formula for 2000 to 2099: always 4, 5 or 6 April. */
function qingming(year: number): string {
  const y = year % 100;
  const day = Math.floor((y * 2422 + 48100) / 10000) - Math.floor(y / 4);
  return `${year}-04-${String(day).padStart(2, '0')}`;
}

/** Calendar arithmetic on a date's name alone: no time zone takes part. */
export function plusDays(date: string, days: number): string {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}
