/**
 * WeCom's error codes → what we do about them. All answers come under HTTP 200; codes, not words, tell them apart.
 * https://developer.work.weixin.qq.com/document/path/90313
 */
import { DeliveryError, type DeliveryProblem } from '../../src/core/chat.ts';
import { CallFailed } from './http.ts';
import { SHUT_OUT_MS } from './limits.ts';

const PROBLEMS: Record<DeliveryProblem, number[]> = {
  'retry-later': [
    45009, // too many calls
    45033, // too many calls at once
  ],
  ambiguous: [
    -1, // the system is busy: it does not say whether before or after
  ],
  gone: [
    42016, // the task_id is no more
    42022, // the response_code has been used
  ],
  unreachable: [
    40003, // no such UserID
    40031, // no such UserIDs
    43004, // the person uses neither WeCom nor its plugin
    46004, // no such person
    50002, // outside the app's range
    60021, // outside the app's range
    60111, // no such UserID
    81013, // nobody of those named can be reached
    82001, // nobody named
    92000, // outside the app's range
    93000, // the robot's key is wrong, or it was taken out of the group
    93004, // the robot is switched off
    93008, // the robot is not in the group
  ],
  rejected: [
    40008, // message type
    40033, // characters
    40035, // parameter
    40039, // address too long
    40058, // parameter
    42014, // task_id
    42018, // button key
    44004, // empty
    45002, // too long
    85002, // refused words
  ],
  credentials: [
    40001, // secret
    40013, // company id
    40014, // token
    40056, // agent id
    40091, // secret
    41001, // no token
    42001, // token has expired
    43009, // the company is not verified
    48002, // no right to this interface
    48006, // the right was taken back
    50003, // the app is switched off
    60011, // no right to these people
    60020, // our address is not on the app's list
    301002, // no right to this app
  ],
};

const BY_CODE = new Map<number, DeliveryProblem>(
  (Object.entries(PROBLEMS) as [DeliveryProblem, number[]][]).flatMap(([problem, codes]) =>
    codes.map((code) => [code, problem] as const),
  ),
);

/** The cached token is dropped and the call made once more. https://developer.work.weixin.qq.com/document/path/91039 */
export const TOKEN_CODES: ReadonlySet<number> = new Set([40014, 41001, 42001]);
/** "taskid has existed or empty or exceed max len": ours is never empty nor too long. */
export const TASK_EXISTS = 42014;
/** Whoever runs into this is shut out for a while. */
export const TOO_OFTEN = '45009';
const TOO_MANY_AT_ONCE = 45033;

/** `writes`: the call makes something new, so that an unclear end may mean that it was made. */
export function deliveryError(cause: unknown, writes: boolean): DeliveryError {
  if (cause instanceof DeliveryError) return cause;
  if (!(cause instanceof CallFailed)) return new DeliveryError('wecom', 'rejected', 'unknown', { cause });
  const problem = problemOf(cause, writes);
  const afterMs = problem === 'retry-later' ? { afterMs: waitAfter(cause) } : {};
  return new DeliveryError('wecom', problem, cause.label, { ...afterMs, cause });
}

function problemOf(failed: CallFailed, writes: boolean): DeliveryProblem {
  const unclear = writes ? 'ambiguous' : 'retry-later';
  if (failed.ended === 'not-sent') return 'retry-later';
  if (failed.ended === 'unclear') return unclear;
  const known = failed.code === undefined ? undefined : BY_CODE.get(failed.code);
  if (known !== undefined) return known === 'ambiguous' ? unclear : known;
  if (failed.status === 429) return 'retry-later';
  if (failed.status >= 500) return unclear;
  return 'rejected';
}

function waitAfter({ code }: CallFailed): number {
  if (String(code) === TOO_OFTEN) return SHUT_OUT_MS;
  return code === TOO_MANY_AT_ONCE ? 3000 : 5000;
}
