/** A typed line as a command: `/spend 3.2万 春季促销物料`, `／费用 …`, `@bot /pr why SP-2026-0001`. Pure. */
import { type MoneyFault, readMoneyPrefix } from '../core/money.ts';
import { cleanLine, foldWidth } from '../core/text.ts';
import type { Process } from '../processes/model.ts';
import { type Fault, typedMoney } from './content.ts';

export interface Quick {
  raw: Record<string, string>;
  /** amounts that can be read in more than one way: what is typed is not what was taken from it, so it must be asked */
  doubts: Record<string, Fault>;
  /** the crisis for which it is, as it was typed; empty: none was named */
  crisis?: string;
}

/** What stands after the command, laid into the process's `quick` fields in their order; the last takes the rest. */
export function readQuick(process: Process, rest: string, currency: string): Quick {
  const emergency = takeCrisis(process, rest.trim());
  const cited = takeCitations(process, emergency.left);
  const quick: Quick = { raw: cited.raw, doubts: {} };
  if (emergency.crisis !== undefined) quick.crisis = emergency.crisis;
  let left = cited.left;
  process.quick.forEach((id, index) => {
    if (left === '' || quick.raw[id] !== undefined) return;
    const field = process.form.find((one) => one.id === id);
    if (index === process.quick.length - 1 && field?.type !== 'money') {
      quick.raw[id] = left;
      left = '';
      return;
    }
    const taken: Taken = field?.type === 'money' ? moneyPart(left, currency) : word(left);
    quick.raw[id] = taken.part;
    if (taken.fault) quick.doubts[id] = { code: 'money', fault: taken.fault };
    left = taken.rest;
  });
  return quick;
}

/**
 * `--crisis CR-2026-0003`, `—危机：CR-2026-0003` (what phones make of two hyphens), `#CR-2026-0003`, wherever it stands. Behind the option any
 * word is meant as a number, to be refused: money is not spent for a crisis by mistake, and not without one. A dash in a purpose
 * (“培训——危机公关”) is none: without a number only the option as it is written counts.
 */
const CRISIS =
  /(?:--|[—–―−‒]{1,2})\s*(?:crisis|危机)\s*(?:[:=]\s*)?#?(?<number>[a-z]{2,4}-\d[\d-]{0,30})(?![a-z0-9-])|(?<![^\s,，、;；。(（])(?:--(?:crisis|危机)|[—–―−‒]{1,2}crisis)(?![a-z])\s*(?:[:=]\s*)?(?<word>[^\s,，、;；。)）]{0,40})|#\s?(?<hash>(?:cr|dr)-\d[\d-]{0,30})(?![a-z0-9-])/iu;

/** Only what costs money can be spent first. */
function takeCrisis(process: Process, rest: string): { crisis?: string; left: string } {
  const found = process.form.some((field) => field.type === 'money') ? CRISIS.exec(foldWidth(rest)) : null;
  if (!found) return { left: rest };
  const { number, word, hash } = found.groups ?? {};
  const crisis = (number ?? hash)?.toUpperCase() ?? cleanLine(word ?? '', 40);
  return { crisis, left: without(rest, found.index, found.index + found[0].length) };
}

/**
 * `per: DM-2026-0012`, `依据 DM-2026-0012`, wherever it stands. Behind a colon any number is meant as one, to be corrected in the form; without
 * one only a decision's ("30 per day" is a purpose). Read from folded letters, which are as many as were typed.
 */
const CITATION =
  /(?:(?<![a-z0-9])per(?:\s+decision)?(?=[\s:])|依据(?:决议)?)\s*(?::\s*(?<any>[a-z]{2,4}-\d[\d-]{0,30})|(?<decision>dm-\d[\d-]{0,30}))(?![a-z0-9-])/iu;

/** One for each field that asks for a decision, in their order; what is more stays where it was typed. */
function takeCitations(process: Process, rest: string): { raw: Record<string, string>; left: string } {
  const raw: Record<string, string> = {};
  let left = rest;
  for (const field of process.form) {
    if (field.type !== 'decision') continue;
    const found = CITATION.exec(foldWidth(left));
    if (!found) break;
    raw[field.id] = (found.groups?.any ?? found.groups?.decision ?? '').toUpperCase();
    left = without(left, found.index, found.index + found[0].length);
  }
  return { raw, left };
}

/** The text without a stretch of it, without the brackets around it and the commas that held it. */
function without(text: string, from: number, to: number): string {
  const [before, after] = [text.slice(0, from).trim(), text.slice(to).trim()];
  const bracketed = /[(（[【]$/u.test(before) && /^[)）\]】]/u.test(after);
  const [head, tail] = bracketed ? [before.slice(0, -1).trim(), after.slice(1).trim()] : [before, after];
  if (head === '') return tail.replace(/^[,，、;；。]+/u, '').trim();
  if (tail === '') return head.replace(/(?<![,，、;；])[,，、;；]+$/u, '').trim();
  const joined = /[,，、;；]$/u.test(head) ? tail.replace(/^[,，、;；]+/u, '').trim() : tail;
  return /[，、；]$/u.test(head) || /^[,，、;；。.]/u.test(joined) ? `${head}${joined}` : `${head} ${joined}`;
}

interface Taken {
  part: string;
  rest: string;
  fault?: MoneyFault;
}

/** The amount's own letters, however many words they are (`USD 3,000`); unreadable ones stay as typed, to be corrected in the form. */
function moneyPart(text: string, currency: string): Taken {
  const read = readMoneyPrefix(text, currency);
  if ('fault' in read) {
    // folding keeps the length, so the same letters can be cut from what was typed
    const { part, rest } = foldWidth(text).startsWith(read.token) ? cut(text, read.token.length) : word(text);
    return { part, rest, fault: read.fault };
  }
  const rest = read.rest.trim();
  const part = text.endsWith(rest) ? text.slice(0, text.length - rest.length).trim() : typedMoney(read.money);
  return { part, rest };
}

function word(text: string): { part: string; rest: string } {
  const end = text.search(/[\s\u3000]/);
  return cut(text, end === -1 ? text.length : end);
}

const cut = (text: string, at: number) => ({ part: text.slice(0, at), rest: text.slice(at).trim() });
