/**
 * Numbers as people write amounts: `32,000.50`, `3.2万`, `3万2千`, `32k`, `三万二`, `叁万贰仟`. Read exactly, digit by digit;
 * what could be meant in two ways is not read but handed back with its readings.
 */

/** Exactly `units / 10^decimals`. `scaled` by 万 or k: then its decimals are not those that were typed. */
export interface Decimal {
  units: bigint;
  decimals: number;
  scaled: boolean;
}
export type NumeralReading =
  | { ok: Decimal }
  /** the separators stand where no one way of writing has them: what it may have been */
  | { odd: Decimal[] }
  /** 三万二: as `written` 30,002, as `spoken` 32,000; `usual` where everybody means the spoken one */
  | { written: Decimal; spoken: Decimal; usual: boolean }
  | { none: true };

const DIGITS: Record<string, number> = {
  ...Object.fromEntries([...'零一二三四五六七八九'].map((c, i) => [c, i])),
  ...Object.fromEntries([...'〇壹贰叁肆伍陆柒捌玖'].map((c, i) => [c, i])),
  ...Object.fromEntries([...'貳參陸'].map((c, i) => [c, [2, 3, 6][i] ?? 0])),
  两: 2,
  兩: 2,
  弌: 1,
  弍: 2,
  叄: 3,
};
const UNITS: Record<string, number> = {
  ...{ 十: 1, 拾: 1, 百: 2, 佰: 2, 千: 3, 仟: 3, k: 3, K: 3 },
  ...{ 万: 4, 萬: 4, w: 4, W: 4, 亿: 8, 億: 8 },
};
const FORMAL = /[壹贰叁肆伍陆柒捌玖拾佰仟貳參陸叄弌弍]/;

const HAN = '零〇一二三四五六七八九两兩壹贰叁肆伍陆柒捌玖貳參陸叄弌弍十百千万亿拾佰仟萬億';
/** As much of the text as belongs to one number; a `w` or `k` only where no word follows. */
export const NUMERAL = new RegExp(`(?:\\d(?:[\\d.,'’_]*\\d)?(?:[wWkK](?![A-Za-z]))?|[${HAN}])+`, 'y');
export const isFormal = (text: string): boolean => FORMAL.test(text);

/** A number cannot be so long by accident: amounts end at 13 digits, and a bigint of a megabyte takes minutes. */
const LONGEST = 60;

export function readNumeral(text: string): NumeralReading {
  if (text.length > LONGEST) return /^\d+$/.test(text) ? { ok: whole(10n ** BigInt(LONGEST)) } : { none: true };
  const plain = /^(\d[\d.,'’_]*)(.*)$/.exec(text);
  const [, figures = '', units = ''] = plain ?? [];
  if (plain && isUnitChain(units)) return readFigures(figures, exponentOf(units), units !== '');
  return readHan(text);
}

/** 万, 千万, 万亿 …: each chain once, the larger unit last; a Latin letter stands alone. */
const CHAIN = /^(?:|[wWkK]|[十拾百佰千仟]?[万萬]|[十拾百佰千仟万萬]?[亿億]|[十拾百佰千仟])$/;
const isUnitChain = (units: string): boolean => CHAIN.test(units);
const exponentOf = (units: string): number => [...units].reduce((sum, unit) => sum + (UNITS[unit] ?? 0), 0);

const PLAIN = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;
const GROUPED = /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/;

function readFigures(figures: string, exponent: number, scaled: boolean): NumeralReading {
  if (PLAIN.test(figures) || GROUPED.test(figures))
    return { ok: decimalOf(figures.replaceAll(',', ''), exponent, scaled) };
  const readings = otherReadings(figures).map((text) => decimalOf(text, exponent, scaled));
  return readings.length > 0 ? { odd: readings } : { none: true };
}

const COMMA_LAST = /^(?:\d+|\d{1,3}(?:[.'’_]\d{3})+)(?:,\d+)?$/;

/** `1.000,00`, `1,00`, `1,00,000`: with the comma as the decimal point, and with the point. */
function otherReadings(figures: string): string[] {
  const commaLast = COMMA_LAST.test(figures) ? [figures.replace(/[.'’_]/g, '').replace(',', '.')] : [];
  const pointLast = figures.replace(/[,'’_]/g, '');
  return [...new Set([...commaLast, pointLast])].filter((text) => PLAIN.test(text));
}

/** `1.000` in a currency with fewer decimals: a thousand in half of Europe. */
export const looksGrouped = (text: string): boolean => /^[1-9]\d{0,2}(?:\.\d{3})+$/.test(text);

function decimalOf(text: string, exponent: number, scaled: boolean): Decimal {
  const [whole = '', fraction = ''] = text.split('.');
  const units = BigInt(whole + fraction);
  const decimals = fraction.length - exponent;
  return decimals >= 0 ? { units, decimals, scaled } : { units: units * 10n ** BigInt(-decimals), decimals: 0, scaled };
}

type Token = { digit: number; han: boolean; text: string } | { unit: number };

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  for (const [part] of text.matchAll(/\d+|./gsu)) {
    if (/^\d+$/.test(part)) tokens.push({ digit: Number(part), han: false, text: part });
    else if (part in DIGITS) tokens.push({ digit: DIGITS[part] as number, han: true, text: part });
    else if (part in UNITS) tokens.push({ unit: UNITS[part] as number });
    else return undefined;
  }
  return tokens;
}

/** What a run of Chinese digits and units comes to; `spoken` when its last digits may lean on the unit before (三万二). */
interface Sum {
  value: bigint;
  spoken?: bigint;
  usual?: boolean;
}

const whole = (units: bigint): Decimal => ({ units, decimals: 0, scaled: true });

function readHan(text: string): NumeralReading {
  const tokens = tokensOf(text);
  const sum = tokens && sumOf(tokens, [8, 4, 3, 2, 1]);
  if (!sum) return { none: true };
  if (sum.spoken === undefined) return { ok: whole(sum.value) };
  return { written: whole(sum.value), spoken: whole(sum.spoken), usual: sum.usual === true };
}

/** Splits at the largest unit that occurs: what stands before counts it, what follows is less than it. */
function sumOf(tokens: Token[], units: number[]): Sum | undefined {
  const [unit, ...smaller] = units;
  if (unit === undefined) return oneDigit(tokens);
  const at = tokens.findIndex((token) => 'unit' in token && token.unit === unit);
  if (at < 0) return sumOf(tokens, smaller);
  const count = at === 0 && unit === 1 ? { value: 1n } : sumOf(tokens.slice(0, at), smaller);
  if (!count || count.spoken !== undefined || count.value <= 0n || count.value >= limitOf(unit)) return undefined;
  const scaled = count.value * 10n ** BigInt(unit);
  return withRest(scaled, unit, tokens.slice(at + 1), smaller);
}

/** How often a unit can stand: one to nine thousands, but up to 9999 ten-thousands and 99,999,999 hundred millions. */
const limitOf = (unit: number): bigint => (unit >= 4 ? 10n ** BigInt(unit) : 10n);

function withRest(scaled: bigint, unit: number, rest: Token[], smaller: number[]): Sum | undefined {
  if (rest.length === 0) return { value: scaled };
  const [first] = rest;
  if (rest.length === 1 && first && 'digit' in first) return withTail(scaled, unit, first);
  const zero = first && 'digit' in first && first.han && first.digit === 0;
  const below = sumOf(zero ? rest.slice(1) : rest, smaller);
  if (!below || below.value <= 0n || below.value >= 10n ** BigInt(unit)) return undefined;
  if (below.spoken === undefined) return { value: scaled + below.value };
  return { value: scaled + below.value, spoken: scaled + below.spoken, usual: below.usual === true };
}

/** The last digits: 三万二 and 3万2 lean on the unit (32,000); 3万2000 is written out; 3万200 could be either. */
function withTail(scaled: bigint, unit: number, last: { digit: number; han: boolean; text: string }): Sum | undefined {
  const value = BigInt(last.digit);
  if (value === 0n) return undefined;
  if (unit === 1) return last.text.length === 1 ? { value: scaled + value } : undefined;
  if (!last.han && last.text.length === unit) return { value: scaled + value };
  if (last.text.length > unit || last.text.startsWith('0')) return undefined;
  const spoken = scaled + value * 10n ** BigInt(unit - last.text.length);
  return { value: scaled + value, spoken, usual: last.text.length === 1 };
}

function oneDigit(tokens: Token[]): Sum | undefined {
  const [token] = tokens;
  return tokens.length === 1 && token && 'digit' in token ? { value: BigInt(token.digit) } : undefined;
}
