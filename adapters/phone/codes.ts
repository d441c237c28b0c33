/** Twilio's error codes → what we do about them; its words for how a call or a message ended → ours. https://www.twilio.com/docs/api/errors */
import { DeliveryError, type DeliveryProblem, type Platform, type RingReport } from '../../src/core/chat.ts';
import { CallFailed } from './http.ts';

const PROBLEMS: Partial<Record<DeliveryProblem, number[]>> = {
  'retry-later': [
    14107, // too many messages at once
    20429, // too many requests: "never processed and is always safe to retry"
    21611, // too many messages wait for our number
  ],
  unreachable: [
    21201, // no number to call
    21211, // no valid number
    21214, // a number that cannot be called
    21215, // calls to this country are not allowed
    21216, // a number that is never called
    21217, // no valid number
    21219, // a trial account calls verified numbers only
    21265, // a short code
    21408, // messages to this country are not allowed
    21608, // a trial account writes to verified numbers only
    21610, // this person has replied STOP
    21612, // no message gets from our number to theirs
    21614, // no mobile phone
    21635, // a landline
  ],
  rejected: [
    21264, // the TwiML
    21602, // no text
    21605, // too long
    21617, // too long
    32018, // the TwiML is too long
  ],
  // our settings, our account: an administrator must mend them
  credentials: [
    10001, // the account is not active
    10002, // a trial account may not
    20003, // account SID or token
    20005, // the account is not active
    20006, // no right
    20008, // credentials for tests
    21205, // our address is no address
    21210, // our number is not verified
    21212, // our number is no number
    21603, // no number of ours
    21606, // our number is not ours, or sends no messages
    21609, // our address is no address
    21659, // our number is not of this account
  ],
};

const BY_CODE = new Map<number, DeliveryProblem>(
  (Object.entries(PROBLEMS) as [DeliveryProblem, number[]][]).flatMap(([problem, codes]) =>
    codes.map((code) => [code, problem] as const),
  ),
);

/** `writes`: the call makes something new, so that an unclear end may mean that it was made. */
export function deliveryError(platform: Platform, cause: unknown, writes: boolean): DeliveryError {
  if (cause instanceof DeliveryError) return cause;
  // it answered, but not as its pages say
  if (!(cause instanceof CallFailed))
    return new DeliveryError(platform, writes ? 'ambiguous' : 'retry-later', 'unread-answer', { cause });
  const problem = problemOf(cause, writes);
  const afterMs = problem === 'retry-later' ? { afterMs: cause.retryAfterMs ?? 3000 } : {};
  return new DeliveryError(platform, problem, cause.label, { ...afterMs, cause });
}

function problemOf(failed: CallFailed, writes: boolean): DeliveryProblem {
  const unclear = writes ? 'ambiguous' : 'retry-later';
  if (failed.ended === 'not-sent') return 'retry-later';
  if (failed.ended === 'unclear' || failed.status >= 500) return unclear;
  const known = failed.code === undefined ? undefined : BY_CODE.get(failed.code);
  if (known !== undefined) return known;
  if (failed.status === 429) return 'retry-later';
  // no redirects, no such account: what is set does not lead to Twilio
  if (failed.status < 400 || [401, 403, 404].includes(failed.status)) return 'credentials';
  return 'rejected';
}

type Outcome = RingReport['outcome'];

/** https://www.twilio.com/docs/voice/api/call-resource#call-status-values; undefined: not over yet */
export function outcomeOfCall(status: string): Outcome | undefined {
  switch (status) {
    case 'completed':
      return 'delivered';
    case 'busy':
    case 'no-answer':
      return status;
    case 'failed':
    case 'canceled':
      return 'failed';
    default:
      return undefined;
  }
}

/** https://www.twilio.com/docs/messaging/api/message-resource#message-status-values; undefined: still on its way */
export function outcomeOfMessage(status: string): Outcome | undefined {
  switch (status) {
    case 'delivered':
    case 'read':
      return 'delivered';
    case 'undelivered':
    case 'failed':
    case 'canceled':
      return 'failed';
    default:
      return undefined;
  }
}
