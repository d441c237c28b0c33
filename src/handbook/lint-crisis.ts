/**
 * `crisis.yaml`: a plan for every kind at every grade, money and times that can be meant, texts that have not run out. An alarm must
 * never find out at night that the rule book has a hole. Who is called is looked at in `lint-crisis-team.ts`. Pure.
 */
import { type Duration, readDuration } from '../core/calendar.ts';
import { plusDays } from '../core/calendar-cn.ts';
import { compare, type Money, readMoney, showMoney } from '../core/money.ts';
import { type CrisisBook, GRADES, isAtLeast, type Plan, planFor } from '../crisis/book.ts';
import { lintTeams } from './lint-crisis-team.ts';
import { type At, channelThere, NOTICE } from './lint-names.ts';
import { currencyOf } from './lint-process.ts';
import type { Checked, Finding, LintInput, Path, Saying } from './model.ts';
import { nearest } from './nearest.ts';

export function lintCrisis(checked: Checked<CrisisBook>, input: LintInput): Finding[] {
  const { file, value: book } = checked;
  const at: At = (path, saying, more = {}) => ({ file, path, saying, ...more });
  const lineAt = (path: Path) => input.lineOf(file, path);
  return [
    ...channelThere(book.channel, ['channel'], input, at),
    ...twice(book, at, lineAt),
    ...kindsNamed(book, input, at),
    ...(plansAreWhole(checked) ? [...unplanned(book, at), ...planned(book, at, lineAt)] : []),
    ...times(book, at),
    ...book.plans.flatMap((plan, i) => money(plan, ['plans', i, 'spending'], input, at)),
    ...freeze(book, input, at),
    ...holding(book, input, at),
    ...lintTeams(checked, input, at),
  ];
}

// --- names ---

type What = Extract<Saying, { code: 'crisis-twice' }>['what'];

function twice(book: CrisisBook, at: At, lineAt: (path: Path) => number): Finding[] {
  const lists: [What, Path, readonly { id: string }[]][] = [
    ['kind', ['kinds'], book.kinds],
    ['plan', ['plans'], book.plans],
    ['holding', ['holding'], book.holding],
    ['indicator', ['indicators'], book.indicators],
    ['scenario', ['drills', 'scenarios'], book.drills.scenarios],
  ];
  return lists.flatMap(([what, path, list]) =>
    list.flatMap(({ id }, i) => {
      const first = list.findIndex((one) => one.id === id);
      if (first === i) return [];
      return [at([...path, i, 'id'], { code: 'crisis-twice', what, id, line: lineAt([...path, first, 'id']) })];
    }),
  );
}

function kindsNamed(book: CrisisBook, { known }: LintInput, at: At): Finding[] {
  const listed = (list: readonly { kinds?: readonly string[] | undefined }[], path: Path) =>
    list.flatMap(({ kinds = [] }, i) => kinds.map((kind, j) => ({ kind, path: [...path, i, 'kinds', j] })));
  const single = (list: readonly { kind: string }[], path: Path) =>
    list.map(({ kind }, i) => ({ kind, path: [...path, i, 'kind'] }));
  const named = [
    ...listed(book.plans, ['plans']),
    ...listed(book.holding, ['holding']),
    ...single(book.indicators, ['indicators']),
    ...single(book.drills.scenarios, ['drills', 'scenarios']),
  ];
  return named.flatMap(({ kind, path }) =>
    known.kinds.has(kind) ? [] : [at(path, { code: 'crisis-kind', kind, near: nearest(kind, known.kinds) })],
  );
}

// --- plans ---

/** A plan or a kind that was taken out is a fault by itself, not a hole. */
const plansAreWhole = ({ removed }: Checked<CrisisBook>): boolean =>
  !removed.some(([first]) => first === 'plans' || first === 'kinds');

/** An alarm of such a kind could not be graded so; a drill of it could not be held. */
function unplanned(book: CrisisBook, at: At): Finding[] {
  return GRADES.flatMap((grade) => {
    const kinds = book.kinds.filter(({ id }) => !planFor(book, id, grade)).map(({ id }) => id);
    return kinds.length === 0 ? [] : [at(['plans'], { code: 'crisis-no-plan', grade, kinds }, { onKey: true })];
  });
}

/** Two plans for the same kind at the same grade: nobody could say which of them is called. */
function planned({ plans }: CrisisBook, at: At, lineAt: (path: Path) => number): Finding[] {
  return plans.flatMap((plan, i) => {
    const first = plans.findIndex((one, j) => j < i && one.grade === plan.grade && sharedKinds(one, plan));
    const other = plans[first];
    const kinds = other && sharedKinds(other, plan);
    if (!kinds) return [];
    const path = ['plans', i, kinds.length > 0 ? 'kinds' : 'grade'];
    const line = lineAt(['plans', first, 'id']);
    return [at(path, { code: 'crisis-two-plans', grade: plan.grade, kinds, other: other.id, line })];
  });
}

/** None named: both are for every other kind. Undefined: they do not meet. */
function sharedKinds(one: Plan, other: Plan): string[] | undefined {
  if (one.kinds === undefined || other.kinds === undefined) {
    return one.kinds === other.kinds ? [] : undefined;
  }
  const shared = one.kinds.filter((kind) => other.kinds?.includes(kind));
  return shared.length > 0 ? shared : undefined;
}

// --- times ---

interface Bound {
  least: string;
  most: string;
  /** a crisis runs at night and at weekends: counted in working time nobody would be called until Monday */
  natural: boolean;
}
const CALL: Bound = { least: '1m', most: '24h', natural: true };
const UPDATE: Bound = { least: '5m', most: '24h', natural: true };
const TARGET: Bound = { least: '1m', most: '30d', natural: true };
const RATIFY: Bound = { least: '1h', most: '30d', natural: false };
const RECOVER: Bound = { least: '1h', most: '90d', natural: false };
/** Longer than a rung of a serious crisis should wait for an answer. */
const SLOW = '30m';

function times(book: CrisisBook, at: At): Finding[] {
  const check = (time: Duration | undefined, path: Path, bound: Bound) => timeFault(time, path, bound, at);
  return [
    ...rungs(book.assess.answer, ['assess', 'answer'], true, at),
    ...book.plans.flatMap((plan, i) => [
      ...rungs(plan.answer, ['plans', i, 'answer'], isAtLeast(plan.grade, 'major'), at),
      ...check(plan.idle, ['plans', i, 'idle'], CALL),
      ...check(plan.update, ['plans', i, 'update'], UPDATE),
      ...check(plan.spending?.ratify, ['plans', i, 'spending', 'ratify'], RATIFY),
      ...check(plan.spending?.recover, ['plans', i, 'spending', 'recover'], RECOVER),
      ...Object.entries(plan.targets).flatMap(([key, time]) => check(time, ['plans', i, 'targets', key], TARGET)),
    ]),
    ...book.indicators.flatMap(({ within }, i) => check(within, ['indicators', i, 'within'], TARGET)),
  ];
}

function rungs(time: Duration | undefined, path: Path, serious: boolean, at: At): Finding[] {
  const faults = timeFault(time, path, CALL, at);
  if (faults.length > 0 || !time || !serious || lengthOf(time) <= lengthOf(readDuration(SLOW))) return faults;
  return [at(path, { code: 'crisis-slow', key: 'answer', most: SLOW }, NOTICE)];
}

function timeFault(time: Duration | undefined, path: Path, { least, most, natural }: Bound, at: At): Finding[] {
  if (!time) return [];
  const length = lengthOf(time);
  const fits = length >= lengthOf(readDuration(least)) && length <= lengthOf(readDuration(most));
  if (fits && !(natural && time.working)) return [];
  return [at(path, { code: 'crisis-time', key: String(path.at(-1)), least, most, natural })];
}

const UNIT_MS = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 };
const lengthOf = (time: Duration | undefined): number => (time ? time.amount * UNIT_MS[time.unit] : 0);

// --- money ---

/** C6: what each may spend and all together, as exact amounts of the company's currency. */
function money({ spending }: Plan, path: Path, input: LintInput, at: At): Finding[] {
  if (!spending) return [];
  const currency = currencyOf(input.company);
  const each = amount(spending.each, [...path, 'each'], currency, at);
  if (spending.total === undefined) return each.findings;
  const total = amount(spending.total, [...path, 'total'], currency, at);
  const over = each.money && total.money && compare(each.money, total.money) > 0;
  const sums = { each: spending.each, total: spending.total };
  return [
    ...each.findings,
    ...total.findings,
    ...(over ? [at([...path, 'each'], { code: 'crisis-each-over-total', ...sums })] : []),
  ];
}

function amount(text: string, path: Path, currency: string, at: At): { money?: Money; findings: Finding[] } {
  const read = readMoney(text, currency);
  if ('fault' in read) return { findings: [at(path, { code: 'crisis-money', text: text.slice(0, 60), currency })] };
  if (read.ok.currency === currency) return { money: read.ok, findings: [] };
  return { findings: [at(path, { code: 'crisis-money-currency', text: showMoney(read.ok), currency })] };
}

// --- freeze, holding statements ---

/** A field that no form has would hold nothing back, and nobody would notice. */
function freeze({ freeze: { fields }, plans }: CrisisBook, { known }: LintInput, at: At): Finding[] {
  const all = known.fields;
  if (!all || !plans.some((plan) => plan.freeze)) return [];
  return fields.flatMap((field, i) =>
    all.has(field)
      ? []
      : [at(['freeze', 'fields', i], { code: 'crisis-freeze-field', field, near: nearest(field, all) })],
  );
}

/** Said so many days ahead, that legal can look at the text again in time. */
const RUNS_OUT_DAYS = 30;

function holding(book: CrisisBook, { today }: LintInput, at: At): Finding[] {
  const soon = plusDays(today, RUNS_OUT_DAYS);
  return book.holding.flatMap(({ expires }, i) => {
    if (expires > soon) return [];
    const days = Math.round((Date.parse(expires) - Date.parse(today)) / UNIT_MS.days);
    return [at(['holding', i, 'expires'], { code: 'crisis-holding-over', day: expires, days }, NOTICE)];
  });
}
