/** What the screens of a crisis are drawn from, and how names, times and kinds are written on all of them alike. Pure. */
import { localDate, showTime } from '../core/calendar.ts';
import type { Language, Platform } from '../core/chat.ts';
import { showMoney } from '../core/money.ts';
import { isolate } from '../core/text.ts';
import { crisisWords } from '../words/crisis.ts';
import type { CrisisBook } from './book.ts';
import type { Crisis, CrisisWorld } from './model.ts';
import type { RingSent } from './store.ts';

export interface Held {
  number: string;
  requester: string;
  /** minor units of the company's currency */
  base: string;
}

export interface Reading {
  crisis: Crisis;
  world: CrisisWorld;
  language: Language;
  at: Date;
  /** pages and rings as the platforms took them */
  sent: readonly RingSent[];
  /** the requests that its freeze holds */
  held: readonly Held[];
  statements: readonly { state: string; count: number }[];
  files: readonly { name: string; state: 'fetching' | 'kept' | 'refused' }[];
}

export type Shown = Pick<Reading, 'crisis' | 'world' | 'language'>;

export const zoneOf = ({ world }: Pick<Shown, 'world'>): string => world.directory.company.timezone;

export function nameOf(id: string, { world, language }: Pick<Shown, 'world' | 'language'>): string {
  return id === 'clock' ? crisisWords(language).clock : (world.directory.people.get(id)?.name ?? id);
}

/** `10:05`; with its day, and its year, where they are others than those of the alarm, since the card stays. */
export function clockOf(instant: string | Date, shown: Shown): string {
  const at = new Date(instant);
  const day = localDate(at, zoneOf(shown));
  const time = showTime(at, zoneOf(shown), shown.language).slice(-5);
  const alarm = localDate(new Date(shown.crisis.raisedAt), zoneOf(shown));
  if (day === alarm) return time;
  return `${day.slice(0, 4) === alarm.slice(0, 4) ? day.slice(5) : day} ${time}`;
}

export const wholeTime = (instant: string, shown: Pick<Shown, 'world' | 'language'>): string =>
  showTime(new Date(instant), zoneOf(shown), shown.language);

export const isFalseAlarm = ({ ended }: Pick<Crisis, 'ended'>): boolean => ended?.how === 'false-alarm';

/** 【演练】 stands before everything that a drill says. */
export const markOf = ({ drill }: Pick<Crisis, 'drill'>, language: Language): string =>
  drill ? crisisWords(language).drill : '';

/** 「危机 CR-…」 as every card of it is headed. */
export function headlineOf(crisis: Crisis, language: Language): string {
  const w = crisisWords(language);
  const { number, state, grade } = crisis;
  const heads = w.headline;
  const over = isFalseAlarm(crisis) ? heads.falseAlarm(number) : heads.over(number);
  const graded = grade ? heads.open(w.grades[grade], number) : heads.alarm(number);
  return markOf(crisis, language) + (state === 'over' ? over : graded);
}

/** `SP-2026-0011 李娜 ¥32,000.00`. */
export const heldText = ({ number, requester, base }: Held, shown: Pick<Shown, 'world' | 'language'>): string =>
  [number, nameOf(requester, shown), moneyOf(base, shown)].join(' ');

/** The kind's title as the handbook has it now; a kind that was taken out keeps its id. */
export function kindTitle(kind: string, book: CrisisBook | undefined, language: Language): string {
  return book?.kinds.find((one) => one.id === kind)?.title[language] ?? kind;
}

export const platformName = (platform: string, language: Language): string =>
  crisisWords(language).platforms[platform as Platform] ?? platform;

export const moneyOf = (base: string, { world }: Pick<Shown, 'world'>): string =>
  showMoney({ minor: BigInt(base), currency: world.directory.company.currency });

/** In one line of a list or a notification. */
export function briefOf(crisis: Crisis, { world, language }: Pick<Shown, 'world' | 'language'>): string {
  const w = crisisWords(language);
  const state = isFalseAlarm(crisis) ? w.how['false-alarm'] : w.states[crisis.state];
  const what = [isolate(crisis.text), kindTitle(crisis.kind, world.crisis, language), state].join(' · ');
  return `${headlineOf(crisis, language)} · ${what}`;
}
