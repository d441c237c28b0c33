/** Which calendar was meant by `UK`, `Germany`, `us-ca` or `US-California`. Pure. */
import { countries, regionsOf } from '../core/calendar-abroad.ts';
import { nearest } from './nearest.ts';

/** What people write for a country whose ISO 3166 code is another. */
const HABITS: Readonly<Record<string, string>> = {
  UK: 'GB',
  USA: 'US',
  EN: 'GB',
  NYC: 'US-NY',
  UAE: 'AE',
  CHN: 'CN',
  PRC: 'CN',
  OFF: 'none',
};

/** `regions`: where the country is known and its region is like none of those that it has, their codes. */
export function nearestCalendar(wrong: string): { near: string | undefined; regions: string[] } {
  const text = wrong.normalize('NFKC').trim();
  const [country = '', region] = text.toUpperCase().split(/[-_./ ]+/);
  const known = countries().includes(country);
  if (known && region !== undefined) return inside(country, region);
  if (known || country === 'CN') return { near: country, regions: [] };
  return { near: HABITS[text.toUpperCase()] ?? byName(text), regions: [] };
}

function inside(country: string, region: string): { near: string | undefined; regions: string[] } {
  const regions = regionsOf(country);
  const codes = Object.keys(regions).map((code) => `${country}-${code}`);
  const meant = Object.hasOwn(regions, region) ? region : codeOf(Object.entries(regions), region);
  return meant === undefined ? { near: undefined, regions: codes } : { near: `${country}-${meant}`, regions: [] };
}

/** By the country's name in English or Chinese. */
function byName(text: string): string | undefined {
  const known = ['CN', ...countries().filter((code) => code !== 'CN')];
  const spoken = ['en', 'zh'].flatMap((language) => {
    const names = new Intl.DisplayNames(language, { type: 'region' });
    return known.map((code): [string, string] => [code, names.of(code) ?? code]);
  });
  return text.length < 2 || /^[A-Za-z]{1,3}$/.test(text) ? undefined : codeOf(spoken, text);
}

function codeOf(named: [code: string, name: string][], text: string): string | undefined {
  const name = nearest(
    text,
    named.map(([, one]) => one),
  );
  return named.find(([, one]) => one === name)?.[0];
}
