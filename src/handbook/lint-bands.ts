/**
 * Whether the conditions of a process leave nobody to sign (a gap) or let two bands that take turns run into each other (an overlap).
 * Both are decided exactly, by looking at every stretch between the limits that the process names. Pure.
 */
import { showMoney } from '../core/money.ts';
import {
  comparePoints,
  limitsOf,
  type Point,
  readLimit,
  type Values,
  valueAt,
  weigh,
} from '../processes/conditions.ts';
import type { FormField, Process, Step } from '../processes/model.ts';
import type { Checked, Finding, Stretch } from './model.ts';

/** More combinations than a rule book can mean; beyond it the check says that it did not look. */
const MAX_CASES = 20_000;
const MAX_GAPS = 5;

/** One stretch of a field's values in which every condition answers the same, with a value from it. */
interface Cell {
  from: Point | undefined;
  below: Point | undefined;
  word: string | undefined;
  otherwise: boolean;
  sample: Values[string];
}
interface Axis {
  field: FormField;
  cells: Cell[];
}

/** For every combination of values at least one step must apply. */
export function coverage({ file, value: process }: Checked<Process>, currency: string): Finding[] {
  if (process.steps.some((step) => step.when === undefined || Object.keys(step.when).length === 0)) return [];
  const axes = axesOf(process, currency);
  const cases = axes.reduce((product, axis) => product * axis.cells.length, 1);
  if (cases > MAX_CASES)
    return [{ file, path: ['steps'], onKey: true, notice: true, saying: { code: 'too-many-cases', cases } }];
  const open = combinations(axes).filter((cells) => nobodySigns(process, axes, cells, currency));
  const isOpen = new Set(open.map((cells) => cells.join()));
  const gaps = new Map<string, Stretch[]>();
  for (const cells of open) {
    const where = widen(axes, cells, isOpen, currency);
    gaps.set(JSON.stringify(where), where);
  }
  return [...gaps.values()]
    .slice(0, MAX_GAPS)
    .map((where) => ({ file, path: ['steps'], onKey: true, saying: { code: 'gap', where } }));
}

function axesOf(process: Process, currency: string): Axis[] {
  const limits = limitsOf(process, currency);
  const used = process.form.filter((field) => limits.some((limit) => limit.field === field.id));
  return used.map((field) => {
    const own = limits.filter((limit) => limit.field === field.id);
    const digits = Math.max(0, ...own.map(({ point }) => ('word' in point ? 0 : point.digits)));
    return { field, cells: isWordy(field) ? words(field, own) : stretches(field, own, digits) };
  });
}

const isWordy = (field: FormField) => field.type === 'choice' || field.type === 'person';

function words(field: FormField, limits: { point: Point }[]): Cell[] {
  const cell = (word: string | undefined): Cell => ({
    from: undefined,
    below: undefined,
    word,
    otherwise: word === undefined,
    sample: word ?? '\u0000anybody else',
  });
  if (field.type === 'choice') return field.options.map((option) => cell(option.value));
  const named = new Set(limits.flatMap(({ point }) => ('word' in point ? [point.word] : [])));
  return [...[...named].map(cell), cell(undefined)];
}

/** Between each two places where an answer may change: at a limit, and just behind a value that is tested for itself. */
function stretches(field: FormField, limits: { op: string; point: Point }[], digits: number): Cell[] {
  const starts = limits.flatMap(({ op, point }): bigint[] => {
    if ('word' in point) return [];
    const order = point.order * 10n ** BigInt(digits - point.digits);
    return op === 'is' || op === 'in' ? [order, order + 1n] : [order];
  });
  const sorted = [...new Set(starts)].toSorted((a, b) => (a < b ? -1 : 1));
  const point = (order: bigint | undefined): Point | undefined => (order === undefined ? undefined : { order, digits });
  const cells = [undefined, ...sorted].map((from, i): Cell => {
    const inside = from ?? (sorted[i] ?? 0n) - 1n;
    const sample = valueAt(field.type, { order: inside, digits });
    return { from: point(from), below: point(sorted[i]), word: undefined, otherwise: false, sample };
  });
  // an amount is at least one minor unit
  return field.type === 'money' ? cells.filter((cell) => cell.sample !== undefined && BigInt(cell.sample) > 0n) : cells;
}

function combinations(axes: Axis[]): number[][] {
  return axes.reduce<number[][]>((all, axis) => all.flatMap((one) => axis.cells.map((_, i) => [...one, i])), [[]]);
}

function nobodySigns(process: Process, axes: Axis[], cells: number[], currency: string): boolean {
  const values = Object.fromEntries(axes.map((axis, i) => [axis.field.id, axis.cells[cells[i] ?? 0]?.sample]));
  return process.steps.every((step) => !weigh(step.when, process, values, currency).every(({ holds }) => holds));
}

/** The gap around a case, in as few words as it takes: fields that make no difference are left out, stretches are joined. */
function widen(axes: Axis[], cells: number[], isOpen: ReadonlySet<string>, currency: string): Stretch[] {
  return axes.flatMap((axis, i) => {
    const open = (at: number) => isOpen.has(cells.with(i, at).join());
    if (axis.cells.every((_, at) => open(at))) return [];
    const here = cells[i] ?? 0;
    if (isWordy(axis.field)) return [stretchOf(axis, here, here, currency)];
    let [first, last] = [here, here];
    while (first > 0 && open(first - 1)) first--;
    while (last < axis.cells.length - 1 && open(last + 1)) last++;
    return [stretchOf(axis, first, last, currency)];
  });
}

function stretchOf({ field, cells }: Axis, first: number, last: number, currency: string): Stretch {
  const [from, below] = [cells[first]?.from, cells[last]?.below];
  const word = cells[first]?.word;
  return {
    field: field.id,
    label: field.label,
    ...(from ? { from: show(field, from, currency) } : {}),
    ...(below ? { below: show(field, below, currency) } : {}),
    ...(word === undefined ? {} : { is: word }),
    ...(cells[first]?.otherwise ? { otherwise: true } : {}),
  };
}

export function show(field: FormField, point: Point, currency: string): string {
  const value = valueAt(field.type, point);
  return typeof value === 'bigint' ? showMoney({ minor: value, currency }) : String(value);
}

interface Band {
  step: Step;
  index: number;
  from: Point | undefined;
  below: Point | undefined;
}

/**
 * A step with `below` hands over to another at its limit. It is an overlap if that other begins earlier: it starts inside the first
 * band and goes on beyond it, and no step begins where the first one ends. Steps that only say `atLeast` are tiers: they add up.
 */
export function overlaps({ file, value: process }: Checked<Process>, currency: string): Finding[] {
  return process.form.flatMap((field) => {
    const bands = bandsOn(field, process, currency);
    return bands.flatMap((band) => {
      const { below } = band;
      if (!below || bands.some(({ from }) => from && comparePoints(from, below) === 0)) return [];
      return bands.flatMap((other): Finding[] => {
        if (!other.from || !runsInto(band, other)) return [];
        const where = {
          field: field.id,
          label: field.label,
          from: show(field, other.from, currency),
          below: show(field, below, currency),
        };
        const saying = { code: 'overlap', first: band.step.id, second: other.step.id, where } as const;
        return [{ file, path: ['steps', other.index, 'when'], onKey: true, saying }];
      });
    });
  });
}

/** The steps whose only condition is a stretch of this field. */
function bandsOn(field: FormField, process: Process, currency: string): Band[] {
  return process.steps.flatMap((step, index) => {
    const test = step.when?.[field.id];
    if (!test || Object.keys(step.when ?? {}).length !== 1 || isWordy(field)) return [];
    if (test.is !== undefined || test.in !== undefined) return [];
    const limit = (text: string | undefined) =>
      text === undefined ? undefined : readLimit(field.type, text, currency);
    return [{ step, index, from: limit(test.atLeast), below: limit(test.below) }];
  });
}

function runsInto(band: Band, other: Band): boolean {
  const { from, below } = band;
  if (!below || !other.from) return false;
  const order = (a: Point, b: Point) => comparePoints(a, b) ?? 0;
  const startsInside = order(other.from, below) < 0 && (!from || order(from, other.from) < 0);
  const goesBeyond = !other.below || order(other.below, below) > 0;
  return startsInside && goesBeyond;
}
