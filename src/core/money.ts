/**
 * Money, exact from the first character to the last column: an amount is a whole number of the currency's minor units,
 * and no floating-point number ever takes part. Reading refuses, with the reason, whatever could be meant in two ways.
 */
import nzh from 'nzh/cn';
import { z } from 'zod';
import { agree, isCurrency, minorDigits, shownSign } from './money-currencies.ts';
import { type Decimal, looksGrouped, readNumeral } from './money-numerals.ts';
import { currencyOf, scanAmount, type Written } from './money-written.ts';
import { foldWidth } from './text.ts';

export interface Money {
  minor: bigint;
  currency: string;
}

export const Currency = z.string().refine(isCurrency, 'an ISO 4217 currency code such as CNY');
export const MoneyJson = z.strictObject({ minor: z.string().regex(/^(?:0|-?[1-9]\d{0,24})$/), currency: Currency });
export type MoneyJson = z.infer<typeof MoneyJson>;

export const toJson = (money: Money): MoneyJson => ({ minor: money.minor.toString(), currency: money.currency });

/** @throws ZodError when it is no money */
export function fromJson(json: MoneyJson): Money {
  const { minor, currency } = MoneyJson.parse(json);
  return { minor: BigInt(minor), currency };
}

/** Why an amount is refused, with what a sentence about it needs; words/money.ts says it to a person. */
export type MoneyFault =
  | { code: 'empty' | 'negative' | 'zero' }
  | { code: 'not-an-amount'; written: string }
  | { code: 'too-many-decimals'; currency: string; digits: number }
  | { code: 'too-large'; limit: string }
  /** two readings or more, as they would be shown */
  | { code: 'ambiguous'; readings: string[] }
  /** the separators stand in unusual places; what it probably is */
  | { code: 'grouping'; readings: string[] }
  | { code: 'ambiguous-currency'; sign: string; currencies: string[] }
  | { code: 'conflicting-currencies'; written: string[] }
  | { code: 'unknown-currency'; written: string }
  /** the quick command: a blank is missing between the amount and the purpose */
  | { code: 'needs-space'; written: string };

/** 1,000,000,000,000.00: beyond it stands a slip of the finger. In minor units it fits Postgres' bigint in every currency. */
export const LARGEST_MAIN_UNITS = 1_000_000_000_000n;
const LONGEST_TEXT = 200;

/** A whole text that is an amount, in `base` unless it says otherwise. Never less than one minor unit. */
export function readMoney(text: string, base: string): { ok: Money } | { fault: MoneyFault } {
  const folded = trimmed(foldWidth(text));
  if (folded === '') return { fault: { code: 'empty' } };
  const written = clip(folded);
  if (folded.length > LONGEST_TEXT) return { fault: { code: 'not-an-amount', written } };
  const scan = scanAmount(folded, base);
  if (!scan) return { fault: { code: 'not-an-amount', written } };
  if ('unknownCurrency' in scan) return { fault: { code: 'unknown-currency', written: scan.unknownCurrency } };
  const rest = folded.slice(scan.end).trim();
  if (rest === '') return worth(scan, base);
  if (scan.spaced !== undefined) return { fault: grouping(scan.spaced, scan, base, written) };
  const code = /^[A-Za-z]{3,5}$/.test(rest) && !/^\d*[a-z]/i.test(folded) ? rest.toUpperCase() : undefined;
  return { fault: code ? { code: 'unknown-currency', written: code } : { code: 'not-an-amount', written } };
}

/**
 * The quick command: an amount, then the purpose. A currency (元, USD, 美元) ends the amount by itself; after a bare number,
 * 万 or k there must be a blank or a comma, for 3万科项目 and 5千人大会 are no amounts.
 */
export function readMoneyPrefix(
  text: string,
  base: string,
): { money: Money; rest: string } | { fault: MoneyFault; token: string } {
  const clean = trimmed(text);
  const folded = foldWidth(clean);
  const word = folded.split(/\s/, 1)[0] ?? '';
  const refused = (fault: MoneyFault, token = word): { fault: MoneyFault; token: string } => ({
    fault,
    token: clip(token),
  });
  if (folded === '') return refused({ code: 'empty' });
  const scan = scanAmount(folded.slice(0, LONGEST_TEXT), base);
  if (!scan) return refused({ code: 'not-an-amount', written: clip(word) });
  if ('unknownCurrency' in scan) return refused({ code: 'unknown-currency', written: scan.unknownCurrency });
  const token = longer(word, asWritten(scan, folded));
  const read = worth(scan, base);
  if ('fault' in read) return refused(read.fault, token);
  const doubt = doubtAbout(scan, read.ok, folded, base);
  return doubt ? refused(doubt, token) : { money: read.ok, rest: purposeOf(clean.slice(scan.end)) };
}

const longer = (a: string, b: string): string => (b.length > a.length ? b : a);

/** What of the text the amount, or the doubt about it, is made of. */
function asWritten(scan: Written, text: string): string {
  const spaced = scan.spaced === undefined ? null : /\d{1,3}(?: \d{3})+/.exec(text);
  return text.slice(0, spaced ? spaced.index + spaced[0].length : scan.end).trim();
}

const BLANK = /^[\s\p{Cf}]$/u;

/** From the end letter by letter: a pattern would look at each blank of a long run from every place in it. */
function trimmed(text: string): string {
  let end = text.length;
  for (let last = lastLetter(text, end); last !== '' && BLANK.test(last); last = lastLetter(text, end))
    end -= last.length;
  return text.slice(0, end).replace(/^[\s\p{Cf}]+/u, '');
}

function lastLetter(text: string, end: number): string {
  const pair = text.slice(Math.max(0, end - 2), end);
  return [...pair].at(-1) ?? '';
}
const clip = (text: string): string => [...text].slice(0, 40).join('');
const purposeOf = (rest: string): string => rest.replace(/^[\s,，、.:：;；。—–-]+/u, '').trim();

/** What makes an amount at the beginning of a sentence doubtful that would be clear by itself. */
function doubtAbout(scan: Written, money: Money, text: string, base: string): MoneyFault | undefined {
  const rest = text.slice(scan.end);
  if (scan.spaced !== undefined) return between(money, worthOf(whole(scan.spaced), money.currency));
  if (scan.wordlike) return between(money, { ...money, currency: currencyOf(scan.marks.slice(0, -1), base) ?? base });
  const range = /^\s*[-~–—〜至到]\s*(?=[\d¥$])/u.exec(rest);
  const other = range && readMoneyPrefix(rest.slice(range[0].length), base);
  if (other && 'money' in other) return between(money, other.money);
  const scale = /^\s+([万萬亿億])/u.exec(rest)?.[1];
  if (scale && scan.marks.length === 0) return between(money, asIfAttached(scan.numeral + scale, money));
  const [token = ''] = text.split(/\s/, 1);
  if (range) return { code: 'not-an-amount', written: clip(token) };
  const sum = /^\s*(?:[x×*+/^=]\s*\d|%)/iu.exec(rest);
  if (sum) return { code: 'not-an-amount', written: clip(text.slice(0, scan.end) + sum[0]) };
  if (!scan.unbounded) return undefined;
  return { code: startsLikeAmount(scan, rest) ? 'needs-space' : 'not-an-amount', written: clip(token) };
}

/** `3.2 万科`: the blank may be a slip. */
function asIfAttached(numeral: string, money: Money): Money | MoneyFault {
  const reading = readNumeral(numeral);
  return 'ok' in reading ? worthOf(reading.ok, money.currency) : money;
}

const startsLikeAmount = (scan: Written, rest: string): boolean =>
  (/\d{3}|\d.*[万萬亿億千wWkK]/u.test(scan.numeral) || scan.marks.length > 0) && /^[\p{Script=Han}\d]/u.test(rest);

/** What it could be, as it would be shown; with one reading left, only its separators were odd. */
function between(...readings: (Money | MoneyFault)[]): MoneyFault {
  const amounts = readings.filter((reading): reading is Money => 'minor' in reading).map(showMoney);
  const different = [...new Set(amounts)];
  return { code: different.length > 1 ? 'ambiguous' : 'grouping', readings: different };
}

function worth(scan: Written, base: string): { ok: Money } | { fault: MoneyFault } {
  const currency = settleCurrency(scan, base);
  if (typeof currency !== 'string') return { fault: currency };
  if (scan.negative && !('none' in scan.reading)) return { fault: { code: 'negative' } };
  const number = settleNumber(scan, currency);
  if ('code' in number) return { fault: number };
  if (scan.cents && (number.decimals > 0 || minorDigits(currency) !== 2)) {
    return { fault: { code: 'not-an-amount', written: clip(scan.numeral) } };
  }
  const money = worthOf(number, currency, scan.cents);
  return 'code' in money ? { fault: money } : { ok: money };
}

function settleCurrency(scan: Written, base: string): string | MoneyFault {
  const possible = agree(
    scan.marks.map((mark) => mark.sign),
    base,
  );
  const [only] = possible;
  if (only === undefined) return { code: 'conflicting-currencies', written: scan.marks.map((mark) => mark.written) };
  if (possible.length === 1) return only;
  return { code: 'ambiguous-currency', sign: scan.marks[0]?.written ?? '', currencies: [...possible] };
}

/** Two ways to read the digits end here: 1.000, 1,00, 三万二元, 3万200. */
function settleNumber(scan: Written, currency: string): Decimal | MoneyFault {
  const { reading, numeral } = scan;
  if ('none' in reading) return { code: 'not-an-amount', written: clip(numeral) };
  if ('odd' in reading) return oddly(reading.odd, currency, numeral);
  if ('spoken' in reading) {
    if (reading.usual && !scan.formal && scan.yuan !== '元') return reading.spoken;
    return between(worthOf(reading.written, currency), worthOf(reading.spoken, currency));
  }
  const grouped = looksGrouped(numeral) && minorDigits(currency) < 3;
  if (grouped)
    return between(worthOf(whole(numeral.replaceAll('.', '')), currency), worthOf(cut(reading.ok), currency));
  return reading.ok;
}

function oddly(readings: Decimal[], currency: string, numeral: string): MoneyFault {
  const fault = between(...readings.map((reading) => worthOf(cut(reading), currency)));
  const none = 'readings' in fault && fault.readings.length === 0;
  return none ? { code: 'not-an-amount', written: clip(numeral) } : fault;
}

function grouping(digits: string, scan: Written, base: string, written: string): MoneyFault {
  const money = worthOf(whole(digits), currencyOf(scan.marks, base) ?? base);
  return 'code' in money ? { code: 'not-an-amount', written } : { code: 'grouping', readings: [showMoney(money)] };
}

const whole = (digits: string): Decimal => ({ units: BigInt(digits), decimals: 0, scaled: true });
/** `1.000` meant as one: its noughts are no decimals that a currency could lack. */
const cut = (decimal: Decimal): Decimal => ({ ...decimal, scaled: true });

function worthOf(number: Decimal, currency: string, cents = 0): Money | MoneyFault {
  const digits = minorDigits(currency);
  const minor = minorOf(number, digits);
  if (minor === undefined) return { code: 'too-many-decimals', currency, digits };
  const total = minor + BigInt(cents);
  if (total === 0n) return { code: 'zero' };
  const limit = LARGEST_MAIN_UNITS * 10n ** BigInt(digits);
  return total > limit
    ? { code: 'too-large', limit: showMoney({ minor: limit, currency }) }
    : { minor: total, currency };
}

/** `undefined` when it has more decimals than the currency: as typed, or as 万 and k leave them. */
function minorOf({ units, decimals, scaled }: Decimal, digits: number): bigint | undefined {
  if (decimals <= digits) return units * 10n ** BigInt(digits - decimals);
  const divisor = 10n ** BigInt(decimals - digits);
  return scaled && units % divisor === 0n ? units / divisor : undefined;
}

/** `¥32,000.00`; other currencies with a sign that cannot be mistaken: `US$3,000.00`, `JP¥3,000`, `CHF 12.50`. */
export function showMoney({ minor, currency }: Money): string {
  const digits = minorDigits(currency);
  const figures = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  const main = figures.slice(0, figures.length - digits).replace(/\B(?=(?:\d{3})+$)/g, ',');
  const fraction = digits > 0 ? `.${figures.slice(-digits)}` : '';
  return `${minor < 0n ? '-' : ''}${shownSign(currency)}${main}${fraction}`;
}

/**
 * 人民币叁万贰仟元整, as bills are written; only for renminbi that is not negative.
 * The rules for 零 and 整 are those of the central bank's 支付结算办法 (银发〔1997〕393号), annex 1.
 */
export function capitals({ minor, currency }: Money): string | undefined {
  if (currency !== 'CNY' || minor < 0n) return undefined;
  const cents = (minor % 100n).toString().padStart(2, '0').replace(/0+$/, '');
  return nzh.toMoney(cents === '' ? (minor / 100n).toString() : `${minor / 100n}.${cents}`);
}

/** @throws RangeError when the currencies differ: that is a fault of the program */
function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new RangeError(`amounts in ${a.currency} and ${b.currency}`);
}

export function compare(a: Money, b: Money): -1 | 0 | 1 {
  sameCurrency(a, b);
  return a.minor < b.minor ? -1 : a.minor > b.minor ? 1 : 0;
}

export function add(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return { minor: a.minor + b.minor, currency: a.currency };
}

export function subtract(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return { minor: a.minor - b.minor, currency: a.currency };
}

/** How much of the other currency one main unit is worth: an exact decimal as text, above zero. */
export const Rate = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,8})(?:\.\d{1,12})?$/, 'an exact decimal such as "7.1234"')
  .refine((rate) => /[1-9]/.test(rate), 'a rate above zero');
export type Rate = z.infer<typeof Rate>;

/**
 * Exact, and rounded up (away from zero) to the minor unit: a rate must not bring an amount just below a limit that it
 * reaches. @throws ZodError when the rate is none
 */
export function convert(money: Money, rate: Rate, to: string): Money {
  const [main = '', fraction = ''] = Rate.parse(rate).split('.');
  const scaled = money.minor * BigInt(main + fraction) * 10n ** BigInt(minorDigits(to));
  const divisor = 10n ** BigInt(fraction.length + minorDigits(money.currency));
  const rounded = ((scaled < 0n ? -scaled : scaled) + divisor - 1n) / divisor;
  return { minor: scaled < 0n ? -rounded : rounded, currency: to };
}
