/** How quickly it went (C8): from the ledger's entries of one crisis, in whole seconds since it was raised; and how that compares with the plan. Pure. */
import type { Duration } from '../core/calendar.ts';
import type { JsonObject } from '../core/message.ts';
import type { Targets } from './book.ts';
import type { Crisis, CrisisEvent, Figures, Score } from './model.ts';

/** As it stands in the ledger, oldest first. */
export interface Entry {
  type: string;
  /** a person's id, or `clock` */
  by: string;
  /** ISO 8601 */
  at: string;
  data: JsonObject;
}

type Type = CrisisEvent['type'];
export type DataOf<T extends Type> = Extract<CrisisEvent, { type: T }>['data'];

/** What such an entry says. */
export function saidBy<T extends Type>(entry: Entry, type: T): DataOf<T> | undefined {
  return entry.type === type ? (entry.data as never) : undefined;
}

/** @param controlledAt where the entry that it is over is only about to be written */
export function figuresOf(
  entries: readonly Entry[],
  { raisedAt }: Pick<Crisis, 'raisedAt'>,
  controlledAt?: Date,
): Figures {
  const since = (at: string | undefined): number | undefined =>
    at === undefined ? undefined : Math.max(0, Math.floor((Date.parse(at) - Date.parse(raisedAt)) / 1000));
  const first = (is: (entry: Entry) => boolean | undefined) => since(entries.find(is)?.at);
  const answers = firstAnswers(entries).map(({ person, at }) => ({ person, seconds: since(at) ?? 0 }));
  const figures = {
    graded: first(({ type }) => type === 'crisis-graded'),
    firstAnswer: answers[0]?.seconds,
    teamComplete: since(teamComplete(entries)),
    firstStatement: first((entry) => saidBy(entry, 'statement-noted')?.what === 'released'),
    controlled:
      first((entry) => saidBy(entry, 'crisis-stood-down')?.how === 'controlled') ?? since(controlledAt?.toISOString()),
  };
  const happened = Object.entries(figures).filter(([, seconds]) => seconds !== undefined);
  return { ...(Object.fromEntries(happened) as Partial<Record<keyof typeof figures, number>>), answers };
}

/**
 * Of each who answered the first time, in their order. Whoever grades it is there already: what is noted with the grade, as its consequence, is
 * no answer to a call.
 */
function firstAnswers(entries: readonly Entry[]): { person: string; at: string }[] {
  const first = new Map<string, string>();
  let grading: Entry | undefined;
  for (const entry of entries) {
    if (entry.type === 'crisis-graded') grading = entry;
    const said = saidBy(entry, 'page-answered');
    const byItself = grading?.at === entry.at && grading.by === entry.by && said?.person === entry.by;
    if (said && !byItself && !first.has(said.person)) first.set(said.person, entry.at);
  }
  return [...first].map(([person, at]) => ({ person, at }));
}

/**
 * The first moment at which every place that the plan names was answered at once; a grade that calls further people asks anew. Whoever is
 * called in later, by hand, is not waited for.
 */
function teamComplete(entries: readonly Entry[]): string | undefined {
  const gradings = new Set(entries.flatMap(({ type, at }) => (type === 'crisis-graded' ? [at] : [])));
  /** each place with the call that rings for it now, and the calls that are answered */
  const places = new Map<string, string>();
  const answered = new Map<string, Set<string>>();
  let complete: string | undefined;
  entries.forEach((entry, index) => {
    const called = saidBy(entry, 'person-called');
    const planned = called?.why === 'team' && gradings.has(entry.at);
    if (called && (planned || places.has(called.seat))) places.set(called.seat, called.call);
    if (planned) complete = undefined;
    count(answered, entry);
    const lastOfItsMoment = entries[index + 1]?.at !== entry.at;
    const all = [...places.values()].every((call) => (answered.get(call)?.size ?? 0) > 0);
    if (lastOfItsMoment && places.size > 0 && all) complete ??= entry.at;
  });
  return complete;
}

/** Who stands by their answer, call by call. */
function count(answered: Map<string, Set<string>>, entry: Entry): void {
  const said = saidBy(entry, 'page-answered');
  if (said) answered.set(said.call, new Set([...(answered.get(said.call) ?? []), said.person]));
  const back = saidBy(entry, 'answer-taken-back');
  if (back) answered.get(back.call)?.delete(back.person);
}

/** The plan's names for the figures, in the order in which a crisis reaches them. */
export const TARGETS = {
  grade: 'graded',
  answer: 'firstAnswer',
  team: 'teamComplete',
  statement: 'firstStatement',
  control: 'controlled',
} as const satisfies Record<keyof Targets, keyof Figures>;

/** What never happened is not met. */
export function scoreOf(figures: Figures, targets: Targets): Score {
  const lines = (Object.keys(TARGETS) as (keyof typeof TARGETS)[]).flatMap((target): Score['lines'] => {
    const duration = targets[target];
    if (duration === undefined) return [];
    const [wanted, took] = [secondsOf(duration), figures[TARGETS[target]]];
    return [{ target, wanted, ...(took === undefined ? {} : { took }), met: took !== undefined && took <= wanted }];
  });
  return { figures, lines };
}

const UNIT_SECONDS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };
/** A crisis keeps no working hours: what is aimed at is told by the wall clock. */
const secondsOf = ({ amount, unit }: Duration): number => amount * UNIT_SECONDS[unit];
