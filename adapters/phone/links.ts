/** The addresses at which Twilio calls us back. What they are about travels in their query: Twilio's signature covers it. Pure. */
import { type ActionRef, readAction, writeAction } from '../../src/core/card.ts';
import { PERSISTENCE } from './limits.ts';

export const PATHS = {
  gather: '/phone/twilio/gather',
  status: '/phone/twilio/status',
  sms: '/phone/twilio/sms',
  smsStatus: '/phone/twilio/sms-status',
} as const;

/** What a callback is about. */
export interface About {
  /** the card's answering button */
  action: ActionRef;
  /** which of our intents it was made for */
  intent: string;
  /** how many wrong keys were pressed before */
  wrong: number;
}

export function linkTo(publicUrl: string, path: string, { action, intent, wrong }: About): string {
  const query = new URLSearchParams({ a: Buffer.from(writeAction(action)).toString('base64url'), i: intent });
  if (wrong > 0) query.set('n', String(wrong));
  return `${publicUrl}${path}?${query}${PERSISTENCE}`;
}

/** Undefined: an address that we have not made, or not in this release. */
export function readAbout(query: URLSearchParams): About | undefined {
  const action = readAction(Buffer.from(query.get('a') ?? '', 'base64url').toString());
  const wrong = Number(query.get('n') ?? 0);
  if (action === undefined || !Number.isSafeInteger(wrong) || wrong < 0) return undefined;
  return { action, intent: query.get('i') ?? '', wrong };
}
