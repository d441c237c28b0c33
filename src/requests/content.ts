/** What a form holds, read and checked: every fault at its field, money exact with its rate pinned, the path it will take. */
import type { JsonObject } from '../core/message.ts';
import { convert, type Money, type MoneyFault, readMoney } from '../core/money.ts';
import { minorDigits } from '../core/money-currencies.ts';
import { cleanLine, cleanParagraph, foldWidth } from '../core/text.ts';
import { type Citation, readDecisionNumber } from '../decisions/lookup.ts';
import type { Company, Directory } from '../directory/model.ts';
import type { FormField, PinnedProcess, Process, World } from '../processes/model.ts';
import { copiesOf, type PathInput, type Plan, planPath } from '../processes/path.ts';
import type { MoneyValue, StepState, Value, Values } from './model.ts';

export type Fault =
  | { code: 'missing' }
  | { code: 'money'; fault: MoneyFault }
  | { code: 'no-rate'; currency: string; base: string }
  | { code: 'not-a-number' }
  | { code: 'not-a-date' }
  | { code: 'not-an-option' }
  | { code: 'unknown-person' }
  | { code: 'not-a-decision' }
  | { code: 'unknown-decision'; number: string }
  | { code: 'void-decision'; number: string }
  | { code: 'too-long'; max: number };

export type CheckedSubmission =
  | {
      process: string;
      version: number;
      values: Values;
      steps: StepState[];
      plan: Plan;
      copies: string[];
    }
  | { faults: Record<string, JsonObject> }
  | { refusal: { code: string; facts: JsonObject } };

/** How the decisions that a form names stand to its requester. Where it is not known yet, only their numbers' shape is looked at. */
export type Citations = ReadonlyMap<string, Citation>;

/** Everything that submitting needs to know about a filled form. */
export function checkSubmission(
  pinned: PinnedProcess,
  raw: Record<string, string>,
  requester: string,
  world: World,
  citations?: Citations,
): CheckedSubmission {
  const { process, version } = pinned;
  const { values, faults } = readValues(process, raw, world.directory, citations);
  if (Object.keys(faults).length > 0) return { faults: faults as unknown as Record<string, JsonObject> };
  const planned = planPath(pathInput(process, values, requester, world.directory));
  if ('refusal' in planned) {
    return {
      refusal: { code: 'no-signer', facts: { ...planned.refusal, process: process.id } as unknown as JsonObject },
    };
  }
  const copies = copiesOf(process.copy, requester, world.directory);
  return { process: process.id, version, values, steps: stepsOf(planned), plan: planned, copies };
}

/** Steps that do not apply stand in the record too: what would have made them apply is part of the answer to "why". */
function stepsOf(plan: Plan): StepState[] {
  return plan.steps.map((step) => {
    const { coveredBy: _covered, ...rest } = step;
    return { ...rest, state: step.applies ? 'waiting' : 'skipped', reminders: 0 };
  });
}

export function pathInput(process: Process, values: Values, requester: string, directory: Directory): PathInput {
  const comparable = Object.fromEntries(Object.entries(values).map(([id, value]) => [id, comparableOf(value)]));
  return { process, values: comparable, requester, directory };
}

/** What conditions compare: money in minor units of the company's currency. */
function comparableOf(value: Value): bigint | string {
  return typeof value === 'string' ? value : BigInt(value.base);
}

export function readValues(process: Process, raw: Record<string, string>, directory: Directory, citations?: Citations) {
  const values: Values = {};
  const faults: Record<string, Fault> = {};
  for (const field of process.form) {
    if (field.type === 'file') continue;
    const text = (raw[field.id] ?? '').trim();
    if (text === '') {
      if (field.required) faults[field.id] = { code: 'missing' };
      continue;
    }
    const read = readValue(field, text, directory, citations);
    if ('fault' in read) faults[field.id] = read.fault;
    else if (read.value !== '') values[field.id] = read.value;
    else if (field.required) faults[field.id] = { code: 'missing' };
  }
  return { values, faults };
}

type Read = { value: Value } | { fault: Fault };

function readValue(field: FormField, text: string, directory: Directory, citations: Citations | undefined): Read {
  switch (field.type) {
    case 'money':
      return readAmount(text, directory.company);
    case 'text':
      return [...text].length > field.max ? tooLong(field.max) : { value: cleanLine(text, field.max) };
    case 'paragraph':
      return [...text].length > field.max ? tooLong(field.max) : { value: cleanParagraph(text, field.max) };
    case 'number':
      return readNumber(foldWidth(text));
    case 'date':
      return readDate(foldWidth(text));
    case 'choice':
      return readChoice(field, text);
    case 'person':
      return directory.people.get(text)?.active ? { value: text } : { fault: { code: 'unknown-person' } };
    case 'decision':
      return readCitation(cleanLine(text, 60), citations);
    case 'file':
      return { value: '' };
    default:
      return field satisfies never;
  }
}

const tooLong = (max: number): Read => ({ fault: { code: 'too-long', max } });

function readAmount(text: string, company: Company): Read {
  const read = readMoney(text, company.currency);
  if ('fault' in read) return { fault: { code: 'money', fault: read.fault } };
  const { minor, currency } = read.ok;
  if (currency === company.currency) return { value: { minor: `${minor}`, currency, base: `${minor}` } };
  const rate = company.rates[currency];
  if (rate === undefined) return { fault: { code: 'no-rate', currency, base: company.currency } };
  const base = convert(read.ok, rate, company.currency);
  return { value: { minor: `${minor}`, currency, base: `${base.minor}`, rate } };
}

function readNumber(text: string): Read {
  const plain = text.replace(/,/g, '');
  return /^-?[0-9]{1,15}(\.[0-9]{1,6})?$/.test(plain) ? { value: plain } : { fault: { code: 'not-a-number' } };
}

function readDate(text: string): Read {
  const parts = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text);
  if (!parts) return { fault: { code: 'not-a-date' } };
  const [, year = '', month = '', day = ''] = parts;
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const valid = new Date(`${iso}T00:00:00Z`);
  const exists = !Number.isNaN(valid.getTime()) && valid.toISOString().startsWith(iso);
  return exists ? { value: iso } : { fault: { code: 'not-a-date' } };
}

function readCitation(text: string, citations: Citations | undefined): Read {
  if (text === '') return { value: '' };
  const number = readDecisionNumber(text);
  if (number === undefined) return { fault: { code: 'not-a-decision' } };
  const citation = citations === undefined ? 'good' : (citations.get(number) ?? 'unknown');
  return citation === 'good' ? { value: number } : { fault: { code: `${citation}-decision`, number } };
}

/** The decisions that a form names, or that a request was submitted with. */
export function citedIn(process: Process, values: Readonly<Record<string, Value>>): string[] {
  const numbers = process.form.flatMap((field) => {
    const value = field.type === 'decision' ? values[field.id] : undefined;
    const number = typeof value === 'string' ? readDecisionNumber(cleanLine(value, 60)) : undefined;
    return number === undefined ? [] : [number];
  });
  return [...new Set(numbers)];
}

/** By its value or by its label in either language. */
function readChoice(field: Extract<FormField, { type: 'choice' }>, text: string): Read {
  const found = field.options.find(
    (o) => o.value === text || o.label.zh === text || o.label.en.toLowerCase() === text.toLowerCase(),
  );
  return found ? { value: found.value } : { fault: { code: 'not-an-option' } };
}

/** The same text that a person would type again: what a form shows when it opens for changes. */
export function rawOf(values: Values, base: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([id, value]) => [
      id,
      typeof value === 'string' ? value : typedMoney(moneyOf(value), base),
    ]),
  );
}

/** With its currency, which is unambiguous whatever the company's is; `base`: a currency that need not be named. */
export function typedMoney({ minor, currency }: Money, base?: string): string {
  const digits = minorDigits(currency);
  const text = `${minor}`.padStart(digits + 1, '0');
  const amount = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return currency === base ? amount : `${currency} ${amount}`;
}

export function moneyOf(value: MoneyValue): Money {
  return { minor: BigInt(value.minor), currency: value.currency };
}

/** The first money field: what tiers, lists and capitals speak of. */
export function amountOf(
  process: Process,
  values: Values,
): { field: FormField; value: Exclude<Value, string> } | undefined {
  for (const field of process.form) {
    const value = values[field.id];
    if (field.type === 'money' && typeof value === 'object') return { field, value };
  }
  return undefined;
}

/** The field that says in a line what it is about. */
export function purposeOf(process: Process, values: Values): string {
  const field = process.form.find((f) => f.type === 'text' && values[f.id] !== undefined);
  const value = field && values[field.id];
  return typeof value === 'string' ? value : '';
}

/** What a request says in these fields, as people read it in either language: what a freeze looks for. */
export function textsOf(
  process: Process,
  values: Readonly<Record<string, Value>>,
  fields: readonly string[],
): string[] {
  return process.form.flatMap((field) => {
    const value = values[field.id];
    if (typeof value !== 'string' || !fields.includes(field.id)) return [];
    const option = field.type === 'choice' ? field.options.find((one) => one.value === value) : undefined;
    return option ? [option.label.zh, option.label.en] : [value];
  });
}
