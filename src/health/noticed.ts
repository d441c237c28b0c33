/**
 * What this process has noticed since it started, for whoever asks how things are: from whom it heard, what it refused, who was unknown. In
 * memory and bounded: another process has noticed other things, and what must not be forgotten stands in the database.
 */
import type { Platform } from '../core/chat.ts';

/** Who sends us signed requests: the platforms, and monitoring tools. */
export type Caller = Platform | 'signals';

export interface Stranger {
  platform: Platform;
  account: string;
}

export interface Refusals {
  count: number;
  /** of the last one */
  why: string;
  at: Date;
}

export interface Noticed {
  since: Date;
  /** when somebody last acted there */
  heard: ReadonlyMap<Platform, Date>;
  /** messages that arrived */
  delivered: ReadonlyMap<Platform, number>;
  refused: ReadonlyMap<Caller, Refusals>;
  /** accounts that the handbook does not know, the newest last */
  strangers: readonly Stranger[];
}

const STRANGERS = 20;

export function createNoticed(clock: () => Date) {
  const heard = new Map<Platform, Date>();
  const delivered = new Map<Platform, number>();
  const refused = new Map<Caller, Refusals>();
  const strangers = new Map<string, Stranger>();
  const seen: Noticed = {
    since: clock(),
    heard,
    delivered,
    refused,
    get strangers() {
      return [...strangers.values()];
    },
  };
  return {
    seen,
    heard: (platform: Platform) => void heard.set(platform, clock()),
    delivered: (platform: Platform) => void delivered.set(platform, (delivered.get(platform) ?? 0) + 1),
    refused: (platform: Caller, why: string) =>
      void refused.set(platform, { count: (refused.get(platform)?.count ?? 0) + 1, why, at: clock() }),
    stranger: (platform: Platform, account: string): void => {
      const key = `${platform}:${account}`;
      strangers.delete(key);
      strangers.set(key, { platform, account });
      const oldest = strangers.keys().next().value;
      if (strangers.size > STRANGERS && oldest !== undefined) strangers.delete(oldest);
    },
  };
}
