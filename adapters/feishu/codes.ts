/**
 * Feishu's error codes → what we do about them. A code that is not here is read by its HTTP status.
 * https://open.feishu.cn/document/server-docs/api-call-guide/generic-error-code and the error tables of
 * https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/create, …/message/patch, …/message/urgent_sms,
 * …/chat/create, …/chat-members/create and …/pin/create
 */
import { DeliveryError, type DeliveryProblem } from '../../src/core/chat.ts';
import { CallFailed } from './http.ts';

const PROBLEMS: Record<DeliveryProblem, number[]> = {
  'retry-later': [
    99991400, // too many requests (HTTP 429, on older interfaces 400)
    230020, // too many messages to this chat
    11232, // too many messages by webhook
    230049, // this uuid is being sent at this moment
    1500, // internal error
    230047, // this message is being pinned too often
    232019, // this group is being changed by another call
  ],
  ambiguous: [],
  gone: [
    230011, // recalled
    231003, // deleted
    230110, // deleted
    230031, // older than 14 days
    230075, // no longer editable
  ],
  unreachable: [
    230002, // the bot is not in the chat
    230012, // not the bot's own message
    230013, // the person is outside the app's range
    230018, // the group is muted
    230023, // the person has 200 urgent messages unread
    230024, // the company's quota of urgent messages is used up
    230029, // the person has left
    230034, // no such receiver
    230035, // no right to send there
    230038, // a person of another tenant
    230045, // no such group any more
    230046, // only the group's owner may pin
    230050, // the bot cannot see the message
    230053, // the person does not want the bot's messages
    232006, // no such group
    232009, // the group is dissolved
    232010, // a group of another tenant
    232011, // the bot is not in the group
    232013, // the group is full
    232014, // no right to do that there
    232017, // only the group's owner may
    232022, // the person has left
    232024, // the person cannot be seen by the bot
    232027, // nobody of those whom we named can come
    232030, // no such person
    232043, // they cannot see each other
  ],
  rejected: [
    230001, // wrong parameter
    230022, // refused words
    230025, // too large
    230028, // refused by the company's data protection
    230099, // the card could not be made
    232001, // wrong parameter
    232023, // refused words in the group's name
    200340, // a value is missing
  ],
  credentials: [
    99991661, // no token
    99991662, // the app is disabled
    99991663, // the token is invalid
    99991664,
    99991668,
    99991671,
    99991672, // scope missing
    99991673, // app unavailable
    99991677, // the token has expired
    99991679, // scope missing
    99991401, // our address is not on the app's list
    99991403, // the month's quota of calls is used up: it is kept until there is more, and an administrator is told
    230006, // the app has no bot
    230027, // scope missing
    232025, // the app has no bot
    232034, // the app is not installed or not enabled
    10003, // wrong app id
    10014, // wrong secret
  ],
};

const BY_CODE = new Map<number, DeliveryProblem>(
  (Object.entries(PROBLEMS) as [DeliveryProblem, number[]][]).flatMap(([problem, codes]) =>
    codes.map((code) => [code, problem] as const),
  ),
);

/** How a call that came too often is refused: in this chat, or on this interface altogether. */
export const TOO_OFTEN = { here: '230020', anywhere: '99991400' } as const;

/** For these the cached token is dropped and the call made once more: the SDK itself would keep using it. */
export const TOKEN_CODES = new Set([99991661, 99991663, 99991664, 99991668, 99991671, 99991677]);

/** `writes`: the call makes something new, so that an unclear end may mean that it was made. */
export function deliveryError(cause: unknown, writes: boolean): DeliveryError {
  if (cause instanceof DeliveryError) return cause;
  if (!(cause instanceof CallFailed)) return new DeliveryError('feishu', 'rejected', 'unknown', { cause });
  const problem = problemOf(cause, writes);
  const afterMs = problem === 'retry-later' ? { afterMs: cause.resetMs ?? 1000 } : {};
  return new DeliveryError('feishu', problem, cause.label + missingScope(cause) + leakedKind(cause), {
    ...afterMs,
    cause,
  });
}

/** "Access denied. One of the following scopes is required: [im:message, …]": so that the administrator reads which. */
function missingScope({ code, said }: CallFailed): string {
  if (code !== 99991672 && code !== 99991679) return '';
  const scope = /\[([a-z0-9:._-]{1,60})[\],]/.exec(said)?.[1];
  return scope === undefined ? '' : `:${scope}`;
}

/** "The messages do NOT pass the audit, ext=contain sensitive data: EMAIL_ADDRESS": a kind, never the text itself. */
function leakedKind({ code, said }: CallFailed): string {
  const kind = code === 230028 ? /sensitive data: ?([A-Z][A-Z_]{1,40})/.exec(said)?.[1] : undefined;
  return kind === undefined ? '' : `:${kind}`;
}

function problemOf(failed: CallFailed, writes: boolean): DeliveryProblem {
  if (failed.ended === 'not-sent') return 'retry-later';
  if (failed.ended === 'unclear') return writes ? 'ambiguous' : 'retry-later';
  // "Your request contains an invalid request parameter, ext=invalid receive_id": the address, not the content
  if (failed.code === 230001 && /receive_id/.test(failed.said)) return 'unreachable';
  const known = failed.code === undefined ? undefined : BY_CODE.get(failed.code);
  if (known !== undefined) return known;
  if (failed.status === 429) return 'retry-later';
  if (failed.status >= 500) return writes ? 'ambiguous' : 'retry-later';
  if (failed.status === 401) return 'credentials';
  if (failed.status === 404 && !writes) return 'gone';
  return 'rejected';
}
