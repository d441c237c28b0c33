/**
 * Which call or message was made for which of our intents, as far as this process has heard: of two rings to one number within seconds,
 * one is not taken for the other. Whoever has forgotten goes by the time.
 */
export interface Memory {
  belongs(sid: string, intent: string): void;
  intentOf(sid: string): string | undefined;
}

const REMEMBERED = 2000;

export function createMemory(): Memory {
  const intents = new Map<string, string>();
  return {
    belongs(sid, intent) {
      intents.set(sid, intent);
      const [oldest] = intents.keys();
      if (intents.size > REMEMBERED && oldest !== undefined) intents.delete(oldest);
    },
    intentOf: (sid) => intents.get(sid),
  };
}
