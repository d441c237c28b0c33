/**
 * When a step applies: form values compared with a process's limits, exactly. The limit itself belongs to `atLeast`; `below` is strict (A1).
 * Amounts are minor units, numbers are decimals without floats, dates are days.
 */
import { readMoney } from '../core/money.ts';
import type { FormField, Process, When } from './model.ts';

/** Money: minor units of the company's currency (bigint). Number: decimal. Date: YYYY-MM-DD. Choice: its value. Person: their id. */
export type Value = bigint | number | string;
export type Values = Readonly<Record<string, Value | undefined>>;

export const OPS = ['atLeast', 'below', 'is', 'in'] as const;
export type Op = (typeof OPS)[number];

/** Which tests a field's type can stand. Free text can stand none: a space more or less would change who signs; nor can what is only referred to. */
export const OPS_OF: Readonly<Record<FormField['type'], readonly Op[]>> = {
  money: OPS,
  number: OPS,
  date: OPS,
  choice: ['is', 'in'],
  person: ['is', 'in'],
  text: [],
  paragraph: [],
  file: [],
  decision: [],
};

/** One comparison as it was made; plain JSON. Money stands in minor units. A blank (`value` absent) never lets a step be passed by. */
export type Condition = {
  field: string;
  type: FormField['type'];
  op: Op;
  limit: string | string[];
  value?: string;
  holds: boolean;
};

/** A place on a field's scale (`order` / 10^`digits`), or a word that has no order. */
export type Point = { order: bigint; digits: number } | { word: string };

/** A limit as the handbook writes it, or `undefined` if this type of field cannot read it. */
export function readLimit(type: FormField['type'], text: string, currency: string): Point | undefined {
  switch (type) {
    case 'money': {
      const read = readMoney(text, currency);
      return 'ok' in read && read.ok.currency === currency ? { order: read.ok.minor, digits: 0 } : undefined;
    }
    case 'number':
      return readDecimal(text);
    case 'date':
      return readDay(text);
    case 'choice':
    case 'person':
      return { word: text };
    case 'text':
    case 'paragraph':
    case 'file':
    case 'decision':
      return undefined;
    default:
      return type satisfies never;
  }
}

function readDecimal(text: string): Point | undefined {
  const parts = /^\s*([+-]?)(\d{1,30})(?:\.(\d{1,20}))?\s*$/u.exec(text.normalize('NFKC'));
  if (!parts) return undefined;
  const [, sign = '', whole = '', fraction = ''] = parts;
  const order = BigInt(whole + fraction);
  return { order: sign === '-' ? -order : order, digits: fraction.length };
}

function readDay(text: string): Point | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text) return undefined;
  return { order: BigInt(ms / 86_400_000), digits: 0 };
}

/** A form's value on its field's scale; `undefined` for a blank or something that this field cannot hold. */
export function readValue(type: FormField['type'], value: Value | undefined): Point | undefined {
  if (value === undefined || value === '') return undefined;
  if (type === 'money') return typeof value === 'bigint' ? { order: value, digits: 0 } : undefined;
  if (type === 'number') return readDecimal(String(value));
  if (type === 'date') return readDay(String(value));
  return { word: String(value) };
}

/** A place on a field's scale as a form's value: the reverse of `readValue`. */
export function valueAt(type: FormField['type'], point: Point): Value {
  if ('word' in point) return point.word;
  const { order, digits } = point;
  if (type === 'money') return order;
  if (type === 'date') return new Date(Number(order) * 86_400_000).toISOString().slice(0, 10);
  const text = (order < 0n ? -order : order).toString().padStart(digits + 1, '0');
  const decimal = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return order < 0n ? `-${decimal}` : decimal;
}

/** Below zero, zero, above zero; `undefined` between things that have no order. */
export function comparePoints(a: Point, b: Point): number | undefined {
  if ('word' in a || 'word' in b) return 'word' in a && 'word' in b && a.word === b.word ? 0 : undefined;
  const difference = a.order * 10n ** BigInt(b.digits) - b.order * 10n ** BigInt(a.digits);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

export function fieldOf(process: Pick<Process, 'form'>, id: string): FormField | undefined {
  return process.form.find((field) => field.id === id);
}

/** The tests of a `when`, one by one, as field, operator and limits. */
export function testsIn(when: When | undefined): { field: string; op: Op; limits: string[] }[] {
  return Object.entries(when ?? {}).flatMap(([field, test]) =>
    OPS.flatMap((op) => {
      const limit = test[op];
      return limit === undefined ? [] : [{ field, op, limits: Array.isArray(limit) ? limit : [limit] }];
    }),
  );
}

/** Every comparison that a step's `when` makes on these values. The step applies if all hold. */
export function weigh(
  when: When | undefined,
  process: Pick<Process, 'form'>,
  values: Values,
  currency: string,
): Condition[] {
  return testsIn(when).map(({ field: id, op, limits }) => {
    const field = fieldOf(process, id);
    if (!field) throw new Error(`the process has a condition on "${id}", which its form does not have`);
    const points = limits.map((limit) => limitOrThrow(field, limit, currency));
    const value = readValue(field.type, values[id]);
    const shown = points.map((point, i) => (field.type === 'money' ? showOrder(point) : (limits[i] ?? '')));
    return {
      field: id,
      type: field.type,
      op,
      limit: op === 'in' ? shown : (shown[0] ?? ''),
      ...(value ? { value: String(values[id]) } : {}),
      holds: value ? holds(op, value, points) : true,
    };
  });
}

function limitOrThrow(field: FormField, limit: string, currency: string): Point {
  const point = readLimit(field.type, limit, currency);
  if (!point) throw new Error(`the limit "${limit}" on "${field.id}" cannot be read as ${field.type}`);
  return point;
}

function showOrder(point: Point): string {
  return 'word' in point ? point.word : point.order.toString();
}

function holds(op: Op, value: Point, limits: Point[]): boolean {
  const against = limits.map((limit) => comparePoints(value, limit));
  switch (op) {
    case 'atLeast':
      return against.every((c) => c !== undefined && c >= 0);
    case 'below':
      return against.every((c) => c !== undefined && c < 0);
    case 'is':
    case 'in':
      return against.some((c) => c === 0);
    default:
      return op satisfies never;
  }
}

/** A limit of one field, with how it is tested. */
export interface Limit {
  field: string;
  type: FormField['type'];
  op: Op;
  point: Point;
}

/** All readable limits of a process, for whoever asks what would be different elsewhere. */
export function limitsOf(process: Pick<Process, 'form' | 'steps'>, currency: string): Limit[] {
  return process.steps.flatMap((step) =>
    testsIn(step.when).flatMap(({ field: id, op, limits }) => {
      const field = fieldOf(process, id);
      return limits.flatMap((text) => {
        const point = field && readLimit(field.type, text, currency);
        return field && point ? [{ field: id, type: field.type, op, point }] : [];
      });
    }),
  );
}
