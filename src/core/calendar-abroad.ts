/**
 * Public holidays of other countries and their regions, by `date-holidays` (https://github.com/commenthol/date-holidays):
 * computed from each country's rules, so that every year has them. What a government decides for one year alone (a day of
 * mourning, a moved bank holiday) comes with a newer version of the library, or is listed in `hours.exceptions`.
 */
import { createRequire } from 'node:module';
import type Holidays from 'date-holidays';
import { type HolidayName, plusDays } from './calendar-cn.ts';

type Library = typeof Holidays;
type Year = ReadonlyMap<string, HolidayName>;
interface Calendar {
  zh: Holidays;
  en: Holidays;
  years: Map<number, Year>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A festival that begins in the last days of December may go on in January. */
const LONGEST_FESTIVAL = '01-10';

// loading it takes a fifth of a second and 25 MB: only where a handbook names another country
let loaded: Library | undefined;
const library = (): Library => {
  loaded ??= createRequire(import.meta.url)('date-holidays') as Library;
  return loaded;
};
const calendars = new Map<string, Calendar>();

/** What the calendar of `US`, `US-CA` or `DE-BY-A` calls this date, if it is a public holiday there. */
export function holidayAbroad(date: string, code: string): HolidayName | undefined {
  const year = Number(date.slice(0, 4));
  const found = yearOf(code, year).get(date);
  return found ?? (date.slice(5) < LONGEST_FESTIVAL ? yearOf(code, year - 1).get(date) : undefined);
}

/** A country that the library knows, by its ISO 3166 code, with a region of it where one is named. China is calendar-cn.ts. */
export function isCountry(code: string): boolean {
  const [country = '', region, part, ...more] = code.split('-');
  if (!/^[A-Z]{2}$/.test(country) || country === 'CN' || more.length > 0) return false;
  if (!countries().includes(country)) return false;
  if (region === undefined) return true;
  const inside = new (library())();
  if (!Object.hasOwn(inside.getStates(country) ?? {}, region)) return false;
  return part === undefined || Object.hasOwn(inside.getRegions(country, region) ?? {}, part);
}

export const countries = (): string[] => Object.keys(new (library())().getCountries());

/** `CA` → California, by the country's code. */
export const regionsOf = (country: string): Readonly<Record<string, string>> =>
  new (library())().getStates(country, 'en') ?? {};

function yearOf(code: string, year: number): Year {
  const calendar = calendars.get(code) ?? open(code);
  const known = calendar.years.get(year);
  if (known) return known;
  const found = holidaysIn(calendar, year);
  calendar.years.set(year, found);
  return found;
}

function open(code: string): Calendar {
  const [country = '', state = '', region = ''] = code.split('-');
  const spoken = (language: string): Holidays =>
    new (library())(country, state, region, { types: ['public'], languages: [language, 'en'] });
  const calendar = { zh: spoken('zh'), en: spoken('en'), years: new Map() };
  calendars.set(code, calendar);
  return calendar;
}

function holidaysIn({ zh, en }: Calendar, year: number): Year {
  const chinese = new Map(zh.getHolidays(year).map((one) => [one.rule + one.date, nameOf(one)]));
  const days = en.getHolidays(year).flatMap((one) => {
    const name = { zh: chinese.get(one.rule + one.date) ?? nameOf(one), en: nameOf(one) };
    return datesOf(one).map((date): [string, HolidayName] => [date, name]);
  });
  // of two on one day the first is named: the later ones of the list are substitutes and additions
  return new Map(days.reverse());
}

type Holiday = ReturnType<Holidays['getHolidays']>[number];

/** "Boxing Day (substitute day)": that a day is taken later makes no difference to whoever has it off. */
const nameOf = ({ name, substitute }: Holiday): string =>
  substitute ? name.replace(/\s*[(（][^()（）]*[)）]$/, '') : name;

/**
 * The whole days of a holiday. One that begins at noon leaves the day a working day: half a day off is for
 * `hours.exceptions`. An hour more or less is summer time; the days of the moon's calendars begin the evening before.
 */
function datesOf({ date, start, end }: Holiday): string[] {
  if (date.slice(11, 19) !== '00:00:00') return [];
  const days = Math.max(1, Math.floor((end.getTime() - start.getTime() + 2 * HOUR) / DAY));
  return Array.from({ length: days }, (_, n) => plusDays(date.slice(0, 10), n));
}
