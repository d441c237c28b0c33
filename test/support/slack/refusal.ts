/** How the fake Slack says no: its code, and what else stands in the answer. */
import type { Obj } from './validate.ts';

export class Refusal extends Error {
  readonly code: string;
  readonly extra: Obj;
  constructor(code: string, extra: Obj = {}) {
    super(code);
    this.code = code;
    this.extra = extra;
  }
}

export function invalid(messages: string[], code = 'invalid_arguments'): Refusal {
  return new Refusal(code, { response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } });
}
