/** The words of the road: who acts, what is asked, what happened, and how the business says no. */
import type { Platform } from './chat.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** `clock` is time itself: a due timer, or what follows from another's act. */
export type Actor = { kind: 'person'; id: string; platform: Platform } | { kind: 'clock' };

/** An imperative: `requests.approve`. `subject` is absent where the command creates it. */
export interface Command {
  name: string;
  subject: string | undefined;
  args: JsonObject;
}

/** A past-tense fact, exactly as it will stand in the ledger. */
export interface Event {
  type: string;
  data: object;
}

/** The business says no: `code` names the obstacle, `facts` are what the sentence about it needs. */
export interface Refusal {
  code: string;
  facts: JsonObject;
}

export type Decision<E extends Event> = { events: E[] } | { refusal: Refusal };

/** The ledger's `by`. */
export function byOf(actor: Actor): string {
  return actor.kind === 'person' ? actor.id : 'clock';
}

export function refuse(code: string, facts: JsonObject = {}): { refusal: Refusal } {
  return { refusal: { code, facts } };
}
