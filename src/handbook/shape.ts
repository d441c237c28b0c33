/**
 * Reads data by a zod schema and, where it does not fit, says what is wrong and goes on with the rest: what is broken is taken out, so
 * that everything else can still be checked, and one start shows every fault.
 */
import { type ZodType, z } from 'zod';
import type { Finding, Path, Saying } from './model.ts';
import { nearest } from './nearest.ts';

export interface Shaped<T> {
  value: T | undefined;
  findings: Finding[];
  /** the paths, as in the file, that were taken out; empty: the file is whole */
  removed: Path[];
  /** from a path in `value` to the path in the file */
  original(path: Path): Path;
}

type Issue = z.core.$ZodIssue;
/** Each round goes one level up at most, and no handbook is this deep. */
const MAX_ROUNDS = 20;

/** `fallback` stands in for what a whole file cannot do without, so that the rest of the file is checked all the same. */
export function shape<T>(
  schema: ZodType<T>,
  data: unknown,
  file: string,
  fallback: Record<string, unknown>,
): Shaped<T> {
  const rest: unknown = structuredClone(data);
  const taken: Path[] = [];
  const removed: Path[] = [];
  const findings = new Map<string, Finding>();
  const original = (path: Path) => taken.toReversed().reduce(shiftBack, path);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const parsed = schema.safeParse(rest);
    if (parsed.success) return { value: parsed.data, findings: [...findings.values()], removed, original };
    const { issues } = parsed.error;
    for (const issue of issues.filter((one) => !followsFrom(one, issues))) {
      const path = original(pathOf(issue.path));
      if (removed.some((gone) => startsWith(gone, path))) continue;
      for (const finding of findingsOf(schema, issue, path, file, at(rest, pathOf(issue.path)))) {
        findings.set(JSON.stringify([finding.path, finding.saying.code, finding.onKey && finding.saying]), finding);
      }
    }
    const outs = outermost(issues.flatMap((issue) => toTakeOut(rest, issue)));
    const stoodIn = issues.map((issue) => pathOf(issue.path)).filter((path) => standIn(rest, path, fallback));
    if (outs.length === 0 && stoodIn.length === 0) break;
    removed.push(...stoodIn, ...outs.map(original));
    for (const out of outs) take(rest, out);
    taken.push(...outs);
  }
  return { value: undefined, findings: [...findings.values()], removed: [[]], original };
}

/** With a mistyped key, what the key should have said is missing too: one fault, not two. */
function followsFrom(issue: Issue, issues: Issue[]): boolean {
  const path = issue.path.join();
  return issue.code === 'custom' && issues.some((one) => one.code === 'unrecognized_keys' && one.path.join() === path);
}

const pathOf = (path: readonly PropertyKey[]): Path =>
  path.map((part) => (typeof part === 'number' ? part : String(part)));

function startsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((part, i) => part === path[i]);
}

/** An item was taken out of a list: whatever stands behind it in the rest stands one further in the file. */
function shiftBack(path: Path, taken: Path): Path {
  const at = taken.length - 1;
  const index = taken[at];
  if (typeof index !== 'number' || !startsWith(path, taken.slice(0, at))) return path;
  const here = path[at];
  return typeof here === 'number' && here >= index ? path.with(at, here + 1) : path;
}

/** The unknown keys, the ill-fitting value, or, where something is missing, what it is missing from. */
function toTakeOut(data: unknown, issue: Issue): Path[] {
  const path = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...path, key]);
  const out = at(data, path) === undefined ? path.slice(0, -1) : path;
  return out.length > 0 && at(data, out) !== undefined ? [out] : [];
}

/** Without what lies inside another, last items first, so that taking one out moves none of the others. */
function outermost(paths: Path[]): Path[] {
  const sorted = paths.toSorted(comparePaths);
  const kept: Path[] = [];
  for (const path of sorted) {
    const last = kept.at(-1);
    if (!last || !startsWith(path, last)) kept.push(path);
  }
  return kept.toReversed();
}

function comparePaths(a: Path, b: Path): number {
  for (const [i, part] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    if (part === other) continue;
    if (typeof part === 'number' && typeof other === 'number') return part - other;
    return String(part) < String(other) ? -1 : 1;
  }
  return a.length - b.length;
}

function standIn(data: unknown, path: Path, fallback: Record<string, unknown>): boolean {
  const key = String(path[0] ?? '');
  if (path.length !== 1 || !Object.hasOwn(fallback, key) || at(data, path) !== undefined) return false;
  (data as Record<string, unknown>)[key] = fallback[key];
  return true;
}

function at(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (here, part) => (here as Record<string | number, unknown> | undefined | null)?.[part],
    data,
  );
}

function take(data: unknown, path: Path): void {
  const parent = at(data, path.slice(0, -1));
  const part = path.at(-1);
  if (Array.isArray(parent)) parent.splice(Number(part), 1);
  else if (parent !== null && typeof parent === 'object' && part !== undefined) Reflect.deleteProperty(parent, part);
}

function findingsOf(schema: ZodType, issue: Issue, path: Path, file: string, input: unknown): Finding[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key): Finding => {
      const saying: Saying = { code: 'unknown-key', key, near: nearest(key, known), known };
      return { file, path: [...path, key], onKey: true, saying };
    });
  }
  return [
    { file, path, ...(issue.code === 'invalid_key' ? { onKey: true } : {}), saying: sayingOf(issue, path, input) },
  ];
}

function sayingOf(issue: Issue, path: Path, input: unknown): Saying {
  const keys = path.filter((part) => typeof part === 'string');
  const [within = '', key = ''] = [keys.at(-2), keys.at(-1)];
  const value = shown(input);
  const badForm: Saying = { code: 'bad-form', key, within, value };
  if (issue.code === 'invalid_key') return { ...badForm, key: 'id', within: '', value: key };
  if (input === undefined) return { code: 'missing-key', key, within };
  switch (issue.code) {
    case 'invalid_type':
      return { code: 'wrong-type', key, within, expected: issue.expected, got: typeName(input) };
    case 'invalid_value':
      return oneOf(key, value, issue.values.map(String));
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? oneOf(key, value, issue.options.map(String))
        : badForm;
    case 'too_big':
      return { code: 'too-long', key, within, limit: Number(issue.maximum), list: issue.origin === 'array' };
    case 'too_small':
      return issue.origin === 'array' || issue.origin === 'string' ? { code: 'empty', key, within } : badForm;
    default:
      return badForm;
  }
}

function oneOf(key: string, value: string, options: string[]): Saying {
  return { code: 'bad-value', key, value, near: nearest(value, options), options };
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** What was written, short enough for a sentence. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The keys that an object of the schema knows at a path, whatever wraps it. */
export function keysAt(schema: ZodType, path: Path): string[] {
  let here: z.core.$ZodType[] = [schema];
  for (const part of path) here = here.flatMap((one) => unwrap(one)).flatMap((one) => inside(one, part));
  const keys = here
    .flatMap((one) => unwrap(one))
    .flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : []));
  return [...new Set(keys)];
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrap(schema.def.innerType);
  if (schema instanceof z.ZodPipe) return unwrap(schema.def.in);
  if (schema instanceof z.ZodUnion) return schema.def.options.flatMap(unwrap);
  return [schema];
}

function inside(schema: z.core.$ZodType, part: string | number): z.core.$ZodType[] {
  if (schema instanceof z.ZodObject) {
    const child = (schema.shape as Record<string, z.core.$ZodType | undefined>)[part];
    return child ? [child] : [];
  }
  if (schema instanceof z.ZodArray) return [schema.def.element];
  if (schema instanceof z.ZodRecord) return [schema.def.valueType];
  return [];
}
