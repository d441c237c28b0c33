/**
 * One decision as people write it: `与场地签合同 @李娜 12-05`, `…（责任人：李娜，12月5日前）`, `Sign it — owner: Li Na, by Dec 5`. What it does not
 * say is left empty, and what could mean two things says nothing: two names are no owner, a date within the sentence is no due date. Pure.
 */
import { cleanLine, foldWidth } from '../core/text.ts';
import { MONTH_WORD, readDay, WEEKDAY_WORD, WEEKDAYS_ZH } from './days.ts';

export interface DraftDecision {
  text: string;
  /** a person's id; empty where nobody, or nobody known, is named */
  owner: string;
  /** YYYY-MM-DD; empty where no date is named */
  due: string;
  /** as it was written, to be quoted where something is missing */
  line: string;
  /** as our own template writes it before a decision that has one already */
  number?: string;
  /** who is named and not known */
  unknown?: string;
}

/** Who is meant by a name; undefined: nobody, or several. */
export type FindPerson = (name: string) => string | undefined;

/** From and to, in UTF-16 units. */
type Span = [number, number];
interface Named {
  name: string;
  id: string | undefined;
  span: Span;
}

const MOST_CHARACTERS = 1000;
const NUMBER = /^(DM-\d{4}-\d{4,8})(?:\s*:\s*|\s+)/i;

export function readDecisionLine(line: string, find: FindPerson, today: string): DraftDecision {
  const whole = cleanLine(line, MOST_CHARACTERS);
  const [head = '', number] = NUMBER.exec(foldWidth(whole)) ?? [];
  const body = whole.slice(head.length);
  // unit by unit, so that what is found here stands at the same place there
  const folded = foldWidth(body);
  const owner = ownerIn(folded, find);
  const due = dueIn(masked(folded, owner.span), today);
  return {
    text: tidy(without(body, [owner.span, due?.span])),
    owner: owner.id ?? '',
    due: due?.day ?? '',
    line: whole,
    ...(number ? { number: number.toUpperCase() } : {}),
    ...(owner.unknown ? { unknown: owner.unknown } : {}),
  };
}

/** The template's own line: what `readDecisionLine` reads back. */
export function writeDecisionLine(
  { text, due, number }: Pick<DraftDecision, 'text' | 'due' | 'number'>,
  owner: string,
): string {
  return [number, text, owner && `@${owner}`, due].filter(Boolean).join(' ');
}

/** Stands where the owner stood; `cleanLine` takes it out of what people write. */
const MASK = '\u2060';
const masked = (text: string, span: Span | undefined): string =>
  span ? `${text.slice(0, span[0])}${MASK.repeat(span[1] - span[0])}${text.slice(span[1])}` : text;

function without(text: string, spans: (Span | undefined)[]): string {
  const cuts = spans.filter((span) => span !== undefined).sort((a, b) => b[0] - a[0]);
  return cuts.reduce((rest, [from, to]) => `${rest.slice(0, from)} ${rest.slice(to)}`, text);
}

const tidy = (text: string): string =>
  text
    .replace(/[（(【[]\s*[,，;；、]*\s*[)）】\]]/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/\s+(?=[,，;；。、])/gu, '')
    .trim()
    .replace(/^[\s,，;；:：、。—–-]+|[\s,，;；:：、—–-]+$/gu, '')
    .trim();

// --- who ---

const LABEL = /(?:责任人|负责人|跟进人|执行人|牵头人|\bowner|\bassignee)(\s*:\s*@?\s*|\s*@\s*|\s+)/giu;
const MENTION = /(?<![\w.+-])@\s?/gu;
const RUN = /^[^\s,;()@、/|:&。！？!?【】[\]"“”\u2060]+/u;
/** After a name without a space: `@李娜负责`, `@李娜12-05`; anything else belongs to another name. */
const AFTER_NAME = /^(?:负责|跟进|牵头|完成|落实|处理|确认|于|在|\d)/u;
const BETWEEN_NAMES = /^[\s,、/&和与]*$/u;

interface Owner {
  id?: string;
  unknown?: string;
  span?: Span;
}

function ownerIn(text: string, find: FindPerson): Owner {
  const labelled = [...text.matchAll(LABEL)].flatMap((found) => {
    const names = namesAt(text, found.index + found[0].length, find).map((one) => widened(one, found.index));
    // "明确责任人 名单" names nobody
    return names.filter((one) => one.id !== undefined || /[:@]/.test(found[1] ?? ''));
  });
  if (labelled.length > 0) return onlyOne(labelled);
  const called = [...text.matchAll(MENTION)].flatMap((found) =>
    namesAt(text, found.index + found[0].length, find).map((one) => widened(one, found.index)),
  );
  if (called.length > 0) return onlyOne(tailOf(called, text));
  return implied(text, find);
}

const widened = (one: Named, from: number): Named => ({ ...one, span: [from, one.span[1]] });

function onlyOne(named: Named[]): Owner {
  const meant = new Set(named.map((one) => one.id ?? one.name));
  const [first] = named;
  if (!first || meant.size > 1) return {};
  return first.id === undefined ? { unknown: first.name } : { id: first.id, span: first.span };
}

/** Of several who are called, those at the end are meant: `与 @王晓文 对接场地 @李娜 12-05`. */
function tailOf(called: Named[], text: string): Named[] {
  const last = called.at(-1) as Named;
  if (!TAIL.test(text.slice(last.span[1]))) return called;
  const tail = [last];
  for (const one of called.slice(0, -1).reverse()) {
    if (!BETWEEN_NAMES.test(text.slice(one.span[1], (tail[0] as Named).span[0]))) break;
    tail.unshift(one);
  }
  return tail;
}

/** The name that begins here, or the names: `李娜、王晓文`. */
function namesAt(text: string, from: number, find: FindPerson): Named[] {
  const first = nameAt(text, from, find);
  if (!first) return [];
  const next = /^\s*[、/&]\s*@?/u.exec(text.slice(first.span[1]));
  const more = next ? nameAt(text, first.span[1] + next[0].length, find) : undefined;
  const pair = first.id === undefined ? /^(.{2,4})[和与](.{2,4})$/u.exec(first.name) : undefined;
  const both = pair?.slice(1).map((name): Named => ({ name, id: find(name), span: first.span }));
  if (both?.every((one) => one.id !== undefined)) return both;
  // `李娜、张三`, and not `李娜、12-05`
  return more && (more.id !== undefined || /^\p{Script=Han}{2,4}$/u.test(more.name)) ? [first, more] : [first];
}

function nameAt(text: string, from: number, find: FindPerson): Named | undefined {
  const rest = text.slice(from);
  const run = RUN.exec(rest)?.[0].replace(/[.。]+$/u, '') ?? '';
  if (run === '') return undefined;
  const name = longestName(rest, find) ?? shorterName(run, find) ?? run;
  return { name, id: find(name), span: [from, from + name.length] };
}

/** `Li Na`, `Anna Maria Bell`: as many words as still make a known name. */
function longestName(rest: string, find: FindPerson): string | undefined {
  for (let count = 4; count > 0; count--) {
    const words = new RegExp(`^[^\\s,;()@、|:\\u2060]+(?: [^\\s,;()@、|:\\u2060]+){${count - 1}}`, 'u').exec(rest)?.[0];
    const name = words?.replace(/[.。]+$/u, '');
    if (name && find(name) !== undefined) return name;
  }
  return undefined;
}

function shorterName(run: string, find: FindPerson): string | undefined {
  for (let length = Math.min(5, run.length - 1); length >= 2; length--) {
    const name = run.slice(0, length);
    if (AFTER_NAME.test(run.slice(length)) && find(name) !== undefined) return name;
  }
  return undefined;
}

const IN_CHARGE =
  /(?:(?<=^|[,;。(、\s—–-])由?|由)([\p{Script=Han}·]{2,4}?|[A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,3}) ?(?:负责|跟进|牵头)/gu;
const PIECE = /(?:(?! - )[^,;()、|:【】[\]—–])+/gu;

/** Without a label or an @: `由李娜负责…`, or a known name that stands alone between commas or dashes. */
function implied(text: string, find: FindPerson): Owner {
  const charged = [...text.matchAll(IN_CHARGE)].flatMap((found): Named[] => {
    const name = found[1] ?? '';
    const id = find(name);
    return id === undefined ? [] : [{ name, id, span: [found.index, found.index + found[0].length] }];
  });
  if (charged.length > 0) return onlyOne(charged);
  const alone = [...text.matchAll(PIECE)].flatMap((found): Named[] => {
    const name = found[0].replace(/^[\s-]+|\s+$/g, '');
    const from = found.index + found[0].indexOf(name);
    const id = /\p{Script=Han}{2}|\p{Lu}.* \p{Lu}/u.test(name) ? find(name) : undefined;
    return id === undefined ? [] : [{ name, id, span: [from, from + name.length] }];
  });
  return onlyOne(alone);
}

// --- by when ---

const HAN_NUMBER = '[一二三四五六七八九十]{1,3}';
const DATES = [
  '\\d{4}\\s*(?:[-/.]|年)\\s*\\d{1,2}\\s*(?:[-/.]|月)\\s*\\d{1,2}(?:\\s*[日号])?',
  `(?:\\d{1,2}|${HAN_NUMBER})\\s*月\\s*(?:\\d{1,2}|${HAN_NUMBER})\\s*[日号]?`,
  '\\d{1,2}[-/]\\d{1,2}(?![\\d/%月-])',
  '\\d{1,2}\\.\\d{1,2}(?=\\s*(?:日|号|前|之前|以前))(?:\\s*[日号])?',
  '大?后天|今[天日]|明[天日]',
  `(?:本|这|下下|下)?个?(?:周|星期|礼拜)[${WEEKDAYS_ZH}天]`,
  `(?:${MONTH_WORD})\\.?\\s+\\d{1,2}(?:st|nd|rd|th)?(?:,?\\s+\\d{4})?\\b`,
  `\\d{1,2}(?:st|nd|rd|th)?\\s+(?:of\\s+)?(?:${MONTH_WORD})\\b\\.?(?:,?\\s+\\d{4})?`,
  `\\b(?:today|tomorrow|(?:this|next)\\s+(?:${WEEKDAY_WORD})|(?:${WEEKDAY_WORD})(?:\\s+next\\s+week)?)\\b`,
].join('|');
/** `12月5日（周六）前`: the day of the week says nothing new. */
const BESIDE = `(?:\\s*\\(?(?:周|星期|礼拜)[${WEEKDAYS_ZH}天]\\)?)?`;
const BEFORE =
  '(?:截止(?:日期|时间|至|到)?|期限|完成(?:时间|日期)|时限|\\bdeadline|\\bdue(?:\\s+(?:date|on|by))?|\\bby|\\bbefore)\\s*:?\\s*';
const AFTER = '\\s*(?:[之以]?前(?:完成|提交|交付|办结)?|截止|到期|完成)';
const DUE = new RegExp(`(?<![\\d.]|\\d-)(${BEFORE})?(${DATES})${BESIDE}(${AFTER})?`, 'giu');
/** Nothing but a date and signs to the end of the line. */
const TAIL = new RegExp(
  `^[\\s,;。.()、—–\\u2060-]*(?:(?:${BEFORE})?(?:${DATES})${BESIDE}(?:${AFTER})?)?[\\s,;。.)】\\]]*$`,
  'iu',
);
const NOTHING_AFTER = /^[\s,;。.)】\]!\u2060]*$/u;
const PERIOD = /[至到~–]\s*$/u;

interface Due {
  day: string;
  span?: Span;
}

/** The last date that is said to be one; else the last that ends the line, or stands right behind the owner. */
function dueIn(text: string, today: string): Due | undefined {
  const found = [...text.matchAll(DUE)].flatMap((match) => {
    const [whole, label, date = '', after] = match;
    const day = readDue(date, today, text);
    const span: Span = [match.index, match.index + whole.length];
    const before = text.slice(0, match.index);
    const placed = NOTHING_AFTER.test(text.slice(span[1])) || /\u2060[\s,;()、]*$/u.test(before);
    return day && (label || after || placed)
      ? [{ day, said: Boolean(label || after), ...(PERIOD.test(before) ? {} : { span }) }]
      : [];
  });
  return found.findLast((one) => one.said) ?? found.at(-1);
}

/** A day of the year before now is a slip of the finger where no year is written: at most this far ahead is meant. */
const FARTHEST_DAYS = 270;

function readDue(date: string, today: string, text: string): string | undefined {
  const written = date
    .toLowerCase()
    .replace(/(?<=[\d年月])\s+(?=[\d年月日号])/gu, '')
    .replace(/\.(?=\s|$)/g, '');
  const day = readDay(asMonthAndDay(written, text), today) ?? weekdayAhead(written, today);
  if (day === undefined || /\d{4}/.test(written)) return day;
  return (Date.parse(day) - Date.parse(today)) / 86_400_000 > FARTHEST_DAYS ? undefined : day;
}

/** `12/5` is a month and a day where Chinese is written; elsewhere only where it can be nothing else. */
function asMonthAndDay(date: string, text: string): string {
  const [, first = '', second = ''] = /^(\d{1,2})[/.](\d{1,2})[日号]?$/u.exec(date) ?? [];
  if (first === '') return date.replace(/号$/u, '日');
  if (/\p{Script=Han}/u.test(text) || Number(second) > 12) return `${first}-${second}`;
  return Number(first) > 12 || first === second ? `${second}-${first}` : date;
}

/** `周五` on a Monday is the Friday of that week; on a Friday or later it could be two. */
function weekdayAhead(date: string, today: string): string | undefined {
  const zh = /^(?:周|星期|礼拜)[一二三四五六日天]$/u.test(date);
  if (!zh && !new RegExp(`^(?:${WEEKDAY_WORD})$`).test(date)) return undefined;
  const day = readDay(zh ? `本${date}` : `this ${date}`, today);
  return day !== undefined && day > today ? day : undefined;
}
