/**
 * Slack's error codes → what the product does about them. Codes: the "Errors" tables of
 * https://docs.slack.dev/reference/methods/chat.postMessage, …/chat.update, …/views.publish, …/conversations.open
 */
import { webApi } from '@slack/bolt';
import { DeliveryError, type DeliveryProblem } from '../../src/core/chat.ts';

/** `post`: repeating it could show it twice. `again`: it may be repeated without harm. */
export type Repeating = 'post' | 'again';

const gone = [
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'is_inactive',
  'file_deleted',
  'file_not_found',
];

const unreachable = [
  'is_archived',
  'not_in_channel',
  'channel_not_found',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  'restricted_action_thread_locked',
  'restricted_action_non_threadable_channel',
  'user_not_found',
  'users_not_found',
  'user_not_visible',
  'user_not_in_channel',
  'user_disabled',
  'cannot_dm_bot',
  'messages_tab_disabled',
  'method_not_supported_for_channel_type',
  'slack_connect_canvas_sharing_blocked',
  'slack_connect_file_link_sharing_blocked',
];

const rejected = [
  'invalid_blocks',
  'invalid_blocks_format',
  'block_mismatch',
  'msg_too_long',
  'msg_blocks_too_long',
  'no_text',
  'invalid_arguments',
  'invalid_metadata_format',
  'invalid_metadata_schema',
  'metadata_too_large',
  'view_too_large',
];

const credentials = [
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
  'missing_scope',
  'no_permission',
  'access_denied',
  'not_allowed_token_type',
  'org_login_required',
  'team_access_not_granted',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'user_removed_from_team',
  'team_disabled',
];

const retryLater = [
  'ratelimited',
  'rate_limited',
  'service_unavailable',
  'team_added_to_org',
  'accesslimited',
  'message_limit_exceeded',
];

const known = new Map<string, DeliveryProblem>([
  ...gone.map((code) => [code, 'gone'] as const),
  ...unreachable.map((code) => [code, 'unreachable'] as const),
  ...rejected.map((code) => [code, 'rejected'] as const),
  ...credentials.map((code) => [code, 'credentials'] as const),
  ...retryLater.map((code) => [code, 'retry-later'] as const),
]);

/** Slack says of these that part of it may have been carried out. */
const halfDone = new Set(['internal_error', 'fatal_error', 'request_timeout', 'update_failed']);

/** The connection never stood, so nothing was carried out. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export function deliveryError(error: unknown, repeating: Repeating): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const unsure: DeliveryProblem = repeating === 'post' ? 'ambiguous' : 'retry-later';
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return new DeliveryError('slack', 'retry-later', 'ratelimited', { afterMs: error.retryAfter * 1000, cause: error });
  }
  if (error instanceof webApi.WebAPIPlatformError) return platformError(error, unsure);
  if (error instanceof webApi.WebAPIHTTPError) return httpError(error.statusCode, unsure, error);
  const code = networkCode(error);
  return new DeliveryError('slack', neverSent.has(code) ? 'retry-later' : unsure, code, { cause: error });
}

function platformError(error: webApi.WebAPIPlatformError, unsure: DeliveryProblem): DeliveryError {
  const code = error.data.error;
  const { retryAfter } = error.data.response_metadata ?? {};
  // The SDK puts a body that is no JSON into `error`: a proxy's page, say. Nobody knows what became of the call.
  if (!/^[a-z0-9_:.-]{1,80}$/i.test(code))
    return new DeliveryError('slack', unsure, 'unreadable_answer', { cause: error });
  if (halfDone.has(code)) return new DeliveryError('slack', unsure, code, { cause: error });
  return new DeliveryError('slack', known.get(code) ?? 'rejected', withScope(code, error.data), {
    ...(retryAfter !== undefined && { afterMs: retryAfter * 1000 }),
    cause: error,
  });
}

/** `missing_scope` names what is missing, so that the administrator can be told exactly. */
function withScope(code: string, data: object): string {
  const needed = 'needed' in data && typeof data.needed === 'string' ? data.needed : '';
  return code === 'missing_scope' && /^[a-z:._,-]{1,80}$/.test(needed) ? `${code}:${needed}` : code;
}

export function httpError(status: number, unsure: DeliveryProblem, cause?: unknown): DeliveryError {
  const problem =
    status === 401 || status === 403
      ? 'credentials'
      : status === 413
        ? 'rejected'
        : status === 404
          ? 'retry-later'
          : unsure;
  return new DeliveryError('slack', problem, `http_${status}`, { cause });
}

function networkCode(error: unknown): string {
  let inner = error instanceof webApi.WebAPIRequestError ? error.original : error;
  for (let depth = 0; depth < 4 && inner instanceof Error; depth += 1) {
    if ('code' in inner && typeof inner.code === 'string') return inner.code;
    if (inner.name === 'TimeoutError' || inner.name === 'AbortError') return 'timeout';
    inner = inner.cause;
  }
  return 'connection_lost';
}

/** Slack's own code of a failed call, for logs. */
export function codeOf(error: unknown): string {
  return deliveryError(error, 'again').code;
}
