/**
 * Where an amount begins and ends in what somebody typed: currency marks before and after, the number, 元角分整. Grammar
 * only: what it is worth, and whether it is allowed, money.ts decides. The text is already folded to half width.
 */
import { agree, isCurrency, plainYuan, SIGNS, type Sign, WORDLIKE_CODES } from './money-currencies.ts';
import { isFormal, NUMERAL, type NumeralReading, readNumeral } from './money-numerals.ts';

export interface Mark {
  written: string;
  sign: Sign;
}
export interface Written {
  negative: boolean;
  numeral: string;
  reading: NumeralReading;
  marks: Mark[];
  /** 元 or 块 was written; `formal` with capitals such as 叁万 */
  yuan?: '元' | '块';
  formal: boolean;
  /** 角 and 分, counted in 分 */
  cents?: number;
  /** a code that could be a word of the purpose (`300 PEN holders`, `TOP 10 榜单`) */
  wordlike: boolean;
  /** 1–3 digits and a blank before three more: `3 000` */
  spaced?: string;
  /** no blank, comma or currency separates it from what follows */
  unbounded: boolean;
  end: number;
}
export type Scan = Written | { unknownCurrency: string } | undefined;

const MINUS = /[-−–—]|负|負|\((?=.*\))/y;
const BLANKS = /\s*/y;
const BOUNDARY = /$|\s|[、;。!?()【】[\]{}"'“”‘’《》]|[,.:—–~-](?!\d)/y;
const LETTERS = /[A-Za-z]{2,6}(?=\s*\d)/y;
const CODE = /[A-Za-z]{3}(?![A-Za-z0-9])/y;
const CODE_BEFORE = /[A-Za-z]{3}(?![A-Za-z])/y;
/** 元旦, 元宵 and 元宇宙 (and 块状, 区块链) are other things than money. */
const YUAN = /(元|圆|圓)(?![旦宵宇])|(块钱?|塊錢?)(?![状链])/y;
const SPACED_UNIT = /\s([十百千]?[万萬]|[十百千万]?[亿億])(?=$|[\s元圆圓,、])/y;
const SPACED_DIGITS = /\d{1,3}(?: \d{3})+(?=$|[\s.,wWkK元圆圓块千万萬亿億¥$€£])/y;
const ONE = '[1-9一二三四五六七八九两壹贰叁肆伍陆柒捌玖貳參陸]';
const CENTS = new RegExp(`[零〇]?(?:(${ONE})[角毛])?(?:[零〇]?(${ONE})分)?`, 'y');
const CHANGE = new RegExp(`(${ONE})(?![\\d角毛分])`, 'y');
const WHOLE = /[整正]/y;
const HAN_AFTER_FIGURE = /(?<=\d)\p{Script=Han}/uy;
const MORE_NUMBER = new RegExp(`\\d|${ONE}[角毛分十拾百佰千仟万萬亿億]`, 'y');
const SMALL_CODES = new Set(['usd', 'eur', 'gbp', 'hkd', 'jpy', 'cny', 'rmb', 'twd', 'sgd']);

/** Steps over a text from left to right; `take` moves on only when the pattern stands just there. */
class Cursor {
  readonly text: string;
  at = 0;
  constructor(text: string) {
    this.text = text;
  }
  take(pattern: RegExp): RegExpExecArray | undefined {
    const found = this.look(pattern);
    if (found) this.at += found[0].length;
    return found;
  }
  look(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text) ?? undefined;
  }
  atEnd(): boolean {
    return this.text.slice(this.at).trim() === '';
  }
}

/** The amount at the beginning of `text`; `undefined` when there is none. */
export function scanAmount(text: string, base: string): Scan {
  const cursor = new Cursor(text);
  cursor.take(BLANKS);
  let negative = cursor.take(MINUS) !== undefined;
  const marks = marksBefore(cursor);
  negative = cursor.take(MINUS) !== undefined || negative;
  const cents = marks.length === 0 || marks[0]?.sign.named ? centsAlone(cursor) : undefined;
  const number = cents === undefined ? takeNumber(cursor) : { numeral: '', reading: zero };
  if (!number) return unknownBefore(text);
  const found: Written = {
    negative,
    marks,
    numeral: number.numeral,
    reading: number.reading,
    formal: isFormal(number.numeral),
    wordlike: marks.some(({ written }) => WORDLIKE_CODES.has(written)),
    unbounded: false,
    end: 0,
    ...(number.spaced !== undefined && { spaced: number.spaced }),
    ...(cents !== undefined && { cents, yuan: '元' as const }),
  };
  if (cents === undefined) takeAfter(cursor, found, base);
  else marks.push(yuanMark(marks, base));
  if (negative) cursor.take(/\s*\)/y);
  found.end = cursor.at;
  return found;
}

const zero: NumeralReading = { ok: { units: 0n, decimals: 0, scaled: true } };

function unknownBefore(text: string): Scan {
  const letters = new Cursor(text.trimStart()).look(LETTERS)?.[0];
  return letters !== undefined && letters.length === 3 ? { unknownCurrency: letters.toUpperCase() } : undefined;
}

function marksBefore(cursor: Cursor): Mark[] {
  const marks: Mark[] = [];
  while (marks.length < 2) {
    const mark = takeSign(cursor) ?? takeCode(cursor, CODE_BEFORE);
    if (!mark) break;
    marks.push(mark);
    cursor.take(BLANKS);
  }
  return marks;
}

function takeSign(cursor: Cursor): Mark | undefined {
  const ahead = cursor.text.slice(cursor.at, cursor.at + 10).toUpperCase();
  const found = SIGNS.find(([written]) => ahead.startsWith(written));
  if (!found) return undefined;
  const [written, sign] = found;
  const letters = /[A-Z]$/.test(written) && /^[A-Z]/.test(ahead.slice(written.length));
  // 欧元区 is a region
  if (letters || (sign.named && /^区/.test(ahead.slice(written.length)))) return undefined;
  cursor.at += written.length;
  return { written, sign };
}

function takeCode(cursor: Cursor, pattern: RegExp): Mark | undefined {
  const code = cursor.look(pattern)?.[0].toUpperCase();
  if (code === undefined || !isCurrency(code)) return undefined;
  cursor.at += 3;
  return { written: code, sign: { currencies: [code] } };
}

function takeNumber(cursor: Cursor): { numeral: string; reading: NumeralReading; spaced?: string } | undefined {
  const spaced = cursor.look(SPACED_DIGITS)?.[0];
  const numeral = cursor.take(NUMERAL)?.[0];
  if (numeral === undefined) return undefined;
  if (spaced !== undefined) return { numeral, reading: readNumeral(numeral), spaced: spaced.replaceAll(' ', '') };
  const unit = /\d$/.test(numeral) ? cursor.take(SPACED_UNIT)?.[1] : undefined;
  const full = numeral + (unit ?? '');
  return { numeral: full, reading: readNumeral(full) };
}

/** What may follow a number: 元角分整, then a currency's sign, name or code, then whatever the purpose is. */
function takeAfter(cursor: Cursor, found: Written, base: string): void {
  const numberEnd = cursor.at;
  takeYuan(cursor, found, base);
  const attached = takeSign(cursor) ?? takeCode(cursor, CODE);
  if (attached) found.marks.push(attached);
  else takeSpacedMark(cursor, found, base);
  // after a currency the purpose may follow at once (32000元物料, ¥32,000.00物料), after a bare 万 it may not (3万科项目)
  const closed = cursor.at > numberEnd || (found.marks.length > 0 && cursor.look(HAN_AFTER_FIGURE) !== undefined);
  found.unbounded = closed ? cursor.look(MORE_NUMBER) !== undefined : !cursor.look(BOUNDARY);
}

function yuanMark(marks: readonly Mark[], base: string): Mark {
  const named = marks.find((mark) => mark.sign.named);
  return { written: '元', sign: named?.sign ?? { currencies: [plainYuan(base)] } };
}

function takeYuan(cursor: Cursor, found: Written, base: string): void {
  const yuan = cursor.take(YUAN);
  if (!yuan) return;
  found.yuan = yuan[1] === undefined ? '块' : '元';
  found.marks.push(yuanMark(found.marks, base));
  const cents = takeCents(cursor) ?? (found.yuan === '块' ? takeChange(cursor) : undefined);
  if (cents !== undefined) found.cents = cents;
  takeWhole(cursor, found.formal);
}

/** 整 ends an amount, but 整合营销 is a purpose: it counts before a boundary, or after capitals. */
function takeWhole(cursor: Cursor, formal: boolean): void {
  const before = cursor.at;
  if (cursor.take(WHOLE) && !formal && !cursor.look(BOUNDARY)) cursor.at = before;
}

const digitOf = (digit: string | undefined): number => {
  const reading = digit === undefined ? zero : readNumeral(digit);
  return 'ok' in reading ? Number(reading.ok.units) : 0;
};

/** 五角, 五角三分, 零三分: only where the amount ends with it (五分钟 is no money). */
function takeCents(cursor: Cursor): number | undefined {
  const before = cursor.at;
  const found = cursor.take(CENTS);
  const [, jiao, fen] = found ?? [];
  if ((jiao !== undefined || fen !== undefined) && (cursor.look(BOUNDARY) || cursor.look(WHOLE))) {
    return digitOf(jiao) * 10 + digitOf(fen);
  }
  cursor.at = before;
  return undefined;
}

/** 三块五 is 3.50. */
function takeChange(cursor: Cursor): number | undefined {
  const before = cursor.at;
  const digit = cursor.take(CHANGE)?.[1];
  if (digit !== undefined && cursor.look(BOUNDARY)) return digitOf(digit) * 10;
  cursor.at = before;
  return undefined;
}

function centsAlone(cursor: Cursor): number | undefined {
  const cents = takeCents(cursor);
  if (cents !== undefined) takeWhole(cursor, true);
  return cents;
}

/** `3000 USD 展台`, `3000 美元`: after a blank a mark counts where it stands alone. */
function takeSpacedMark(cursor: Cursor, found: Written, base: string): void {
  const before = cursor.at;
  if (!cursor.take(/\s+/y)) return;
  const start = cursor.at;
  const mark = takeSign(cursor) ?? takeCode(cursor, CODE) ?? spacedYuan(cursor, found, base);
  const written = cursor.text.slice(start, cursor.at);
  const small = /^[a-z]/.test(written) && !SMALL_CODES.has(written) && !cursor.atEnd();
  if (!mark || small || (found.yuan && mark.written === '元')) {
    cursor.at = before;
    return;
  }
  const same = currencyOf([...found.marks, mark], base) === currencyOf(found.marks, base);
  const halfAName = mark.sign.named === true && !cursor.look(BOUNDARY);
  if (same && halfAName) cursor.at = before;
  else found.marks.push(mark);
  if (!same && !cursor.atEnd() && (WORDLIKE_CODES.has(mark.written) || halfAName)) found.wordlike = true;
}

/** The one currency that the marks leave, if it is one. */
export function currencyOf(marks: readonly Mark[], base: string): string | undefined {
  const [only, ...others] = agree(
    marks.map((mark) => mark.sign),
    base,
  );
  return others.length === 0 ? only : undefined;
}

function spacedYuan(cursor: Cursor, found: Written, base: string): Mark | undefined {
  const before = cursor.at;
  if (cursor.take(YUAN) && cursor.look(BOUNDARY)) return yuanMark(found.marks, base);
  cursor.at = before;
  return undefined;
}
