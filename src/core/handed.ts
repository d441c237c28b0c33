/** What this process has on its way to a platform, so that our own limits are counted before they are reached. */
import type { Platform, Sending } from './chat.ts';

/** What was handed out and has not asked the platform yet: it takes its share of our limits before whatever comes after it. */
export interface Handed {
  note(id: string, platform: Platform, sending: Sending, until: number): void;
  /** it asks now, or will not */
  forget(id: string): void;
  of(platform: Platform, now: number): Sending[];
}

export function createHanded(): Handed {
  const sends = new Map<string, { platform: Platform; sending: Sending; until: number }>();
  return {
    note: (id, platform, sending, until) => void sends.set(id, { platform, sending, until }),
    forget: (id) => void sends.delete(id),
    of: (platform, now) => {
      // another process may have taken it
      for (const [id, { until }] of sends) if (until <= now) sends.delete(id);
      return [...sends.values()].filter((one) => one.platform === platform).map(({ sending }) => sending);
    },
  };
}
