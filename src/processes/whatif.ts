/** What a path would be elsewhere: with a little less or more money, and in general, before any amount is known. Pure. */
import { comparePoints, type Limit, limitsOf, type Point, readValue, valueAt } from './conditions.ts';
import { type PathInput, type PathRefusal, type Plan, planPath, signersOf } from './path.ts';

/** The smallest change of one field that changes who signs: `by` / 10^`digits` (for money: minor units, `digits` 0). */
export interface Change {
  field: string;
  type: 'money' | 'number';
  direction: 'less' | 'more';
  by: bigint;
  digits: number;
  /** everybody in the path after the change */
  signers: string[];
}

/** ¥52,000.00 where the director signs from ¥50,000.00: ¥2,000.01 less would need only the supervisor. */
export function whatWouldChange(input: PathInput): Change[] {
  const now = planPath(input);
  if ('refusal' in now) return [];
  const before = signersOf(now).toSorted().join();
  const limits = limitsOf(input.process, input.directory.company.currency);
  const fields = [
    ...new Set(limits.flatMap(({ field, type }) => (type === 'money' || type === 'number' ? [field] : []))),
  ];
  return fields.flatMap((field) => {
    const candidates = changesOf(
      input,
      limits.filter((limit) => limit.field === field),
    );
    return (['less', 'more'] as const).flatMap((direction) => {
      const nearest = candidates
        .filter((candidate) => candidate.direction === direction)
        .toSorted((a, b) => (a.by < b.by ? -1 : 1))
        .find(({ signers }) => signers !== undefined && signers.toSorted().join() !== before);
      return nearest?.signers ? [{ ...nearest, signers: nearest.signers }] : [];
    });
  });
}

type Candidate = Omit<Change, 'signers'> & { signers: string[] | undefined };

function changesOf(input: PathInput, limits: Limit[]): Candidate[] {
  return limits.flatMap(({ field, type, op, point }) => {
    const value = readValue(type, input.values[field]);
    if ((type !== 'money' && type !== 'number') || !value || 'word' in value || 'word' in point) return [];
    const digits = Math.max(value.digits, point.digits);
    const [here, limit] = [scaled(value, digits), scaled(point, digits)];
    const places = op === 'is' || op === 'in' ? [limit - 1n, limit, limit + 1n] : [limit - 1n, limit];
    return places
      .filter((place) => place !== here && (type !== 'money' || place > 0n))
      .map((place): Candidate => {
        const plan = planPath({
          ...input,
          values: { ...input.values, [field]: valueAt(type, { order: place, digits }) },
        });
        const by = place < here ? here - place : place - here;
        const signers = 'refusal' in plan ? undefined : signersOf(plan);
        return { field, type, direction: place < here ? 'less' : 'more', by, digits, signers };
      });
  });
}

function scaled(point: { order: bigint; digits: number }, digits: number): bigint {
  return point.order * 10n ** BigInt(digits - point.digits);
}

/** From (included) to below (not included), in minor units; absent: no bound, or no amount that decides. */
export interface Band {
  field: string | undefined;
  from: bigint | undefined;
  below: bigint | undefined;
}

/** Conditions on other fields than the band's stand in the plan without a value and count as met. */
export interface Tier extends Band {
  plan: Plan | { refusal: PathRefusal };
}

/** The stretches of the first amount that decides about signers, between which the steps may differ. */
export function bandsOf(process: PathInput['process'], currency: string): Band[] {
  const limits = limitsOf(process, currency);
  const field = process.form.find((one) => one.type === 'money' && limits.some((l) => l.field === one.id))?.id;
  const starts = field === undefined ? [] : startsOf(limits.filter((limit) => limit.field === field));
  return [undefined, ...starts].map((from, i) => ({ field, from, below: starts[i] }));
}

/** The path of one band, before anything else is known. */
export function planBand(input: Omit<PathInput, 'values'>, band: Band): Tier {
  const values = band.field === undefined ? {} : { [band.field]: band.from ?? 1n };
  return { ...band, plan: planPath({ ...input, values }) };
}

/** The path before anything is filled in: bands with the same signers are one tier. */
export function tiers(input: Omit<PathInput, 'values'>): Tier[] {
  const bands = bandsOf(input.process, input.directory.company.currency);
  return bands.reduce<Tier[]>((merged, one) => {
    const band = planBand(input, one);
    const before = merged.at(-1);
    if (before && samePath(before, band)) before.below = band.below;
    else merged.push(band);
    return merged;
  }, []);
}

/** Where a new band begins: at each limit, and behind a value that is tested for being exactly that. */
function startsOf(limits: Limit[]): bigint[] {
  const points = limits.flatMap(({ op, point }): Point[] => {
    if ('word' in point || (op !== 'is' && op !== 'in')) return [point];
    return [point, { ...point, order: point.order + 1n }];
  });
  const orders = points.toSorted((a, b) => comparePoints(a, b) ?? 0).flatMap((p) => ('word' in p ? [] : [p.order]));
  return [...new Set(orders)].filter((order) => order > 1n);
}

function samePath(a: Tier, b: Tier): boolean {
  return pathKey(a.plan) === pathKey(b.plan);
}

function pathKey(plan: Tier['plan']): string {
  if ('refusal' in plan) return JSON.stringify(plan.refusal);
  return JSON.stringify(plan.steps.map((step) => [step.id, step.applies, step.signers]));
}
