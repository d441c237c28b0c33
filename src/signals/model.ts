/** What an early warning 预警信号 is, what can be asked of it and what can happen to it (rules C1, K3): observed, raised, confirmed or dismissed. */
import { z } from 'zod';
import type { Duration } from '../core/calendar.ts';
import type { Command } from '../core/message.ts';
import type { CrisisBook } from '../crisis/book.ts';
import type { Title } from '../processes/model.ts';

export const SIGNAL = 'SG';

/** One of the handbook's indicators. */
export type Indicator = CrisisBook['indicators'][number];

/** What is counted together: one indicator, one key (the kind of complaint, say). */
export interface Watch {
  indicator: string;
  /** empty: the indicator has only one thing to count */
  key: string;
}

/** What somebody or something reported, as it is shown. */
export interface Sample {
  id: string;
  text: string;
  at: string;
}

export const SAMPLES = 10;

export interface Signal extends Watch {
  number: string;
  /** as the handbook had it when the signal was raised */
  title: Title;
  /** the kind of crisis that it points to */
  kind: string;
  threshold: { count: number; within: Duration };
  state: 'open' | 'confirmed' | 'dismissed';
  raisedAt: string;
  /** the sum of what was observed, so far */
  count: number;
  firstAt: string;
  lastAt: string;
  /** the newest last */
  samples: Sample[];
  /** whoever was called to decide, in order */
  told: string[];
  /** how often they were called again */
  chases: number;
  decided?: { by: string; at: string; reason: string };
  affected?: string;
  /** the number of the crisis that was raised for it */
  crisis?: string;
  revision: number;
}

// --- what can be asked ---

export const MOST_AMOUNT = 100_000;
export const MOST_REPORTS = 100;
export const LONGEST_KEY = 60;
export const LONGEST_TEXT = 500;
export const LONGEST_NAME = 100;

/** Counted as people count, which may be two units of a string each. */
const words = (most: number) => z.string().max(2 * most);
const Reason = words(1000).min(1);
const Observation = z.object({
  /** the reporter's own: the same twice counts once */
  id: z.string().min(1).max(300),
  amount: z.int().min(1).max(MOST_AMOUNT),
  text: words(LONGEST_TEXT).min(1),
  at: z.iso.datetime(),
});
export type Observation = z.infer<typeof Observation>;

export const Args = {
  observe: z.object({
    indicator: z.string(),
    key: words(LONGEST_KEY),
    observations: z.array(Observation).min(1).max(MOST_REPORTS),
  }),
  confirm: z.object({ reason: Reason, affected: words(LONGEST_NAME).default('') }),
  dismiss: z.object({ reason: Reason }),
  /** the crisis that was raised for it */
  note: z.object({ crisis: z.string().min(1) }),
  /** nobody has decided yet */
  chase: z.object({}),
} as const;
export type Act = keyof typeof Args;
export type ArgsOf<A extends Act> = z.infer<(typeof Args)[A]>;

/** What follows from time or from another noun: nobody says it by a button. */
export const FOLLOWING: ReadonlySet<Act> = new Set<Act>(['note', 'chase']);

/** By this subject the watch is locked: reports of one thing come one after another, so that a threshold is reached once. */
export const watchText = ({ indicator, key }: Watch): string => `${indicator}|${key}`;

/** Undefined: it is a signal's number. */
export function readWatch(subject: string): Watch | undefined {
  const bar = subject.indexOf('|');
  return bar === -1 ? undefined : { indicator: subject.slice(0, bar), key: subject.slice(bar + 1) };
}

/** Reports of one watch, from whoever has them: a monitoring tool, a person, another desk. */
export function observing(watch: Watch, observations: Observation[]): Command {
  const { indicator, key } = watch;
  return { name: 'signals.observe', subject: watchText(watch), args: { indicator, key, observations } };
}

/** A person's report carries who it was: it counts no more than any other, and is shown with the name. */
export const personsId = (person: string, platform: string, delivery: string): string =>
  `person:${person}:${platform}:${delivery}`;
export const toolsId = (id: string): string => `tool:${id}`;
export function reporterOf(id: string): string | undefined {
  return /^person:([^:]+):/.exec(id)?.[1];
}

// --- what can happen ---

export type SignalEvent =
  | {
      type: 'signal-raised';
      data: Watch & {
        number: string;
        title: Title;
        kind: string;
        threshold: { count: number; within: Duration };
        count: number;
        firstAt: string;
        lastAt: string;
        samples: Sample[];
        /** who is called to decide */
        to: string[];
        /** how many reports of this delivery were new */
        heard: number;
      };
    }
  | { type: 'signal-grew'; data: { count: number; firstAt: string; lastAt: string; samples: Sample[]; heard: number } }
  | { type: 'signal-chased'; data: { to: string[]; joined: string[] } }
  | { type: 'signal-confirmed'; data: { reason: string; affected: string } }
  | { type: 'signal-dismissed'; data: { reason: string } }
  | { type: 'signal-linked'; data: { crisis: string } };

/** What the store found when reports came in. */
export interface Facts {
  /** of what was handed in, what nobody has reported before */
  fresh?: Observation[];
  /** the highest sum within the indicator's time */
  counted?: number;
  /** the threshold was reached by these */
  reached?: { number: string; count: number; firstAt: string; lastAt: string; samples: Sample[] };
}
