/**
 * The one WebClient, set so that it never repeats or waits by itself: by default it posts a message twice when the
 * connection is lost after Slack took it, and sleeps on 429. Also watches Slack's clock against ours.
 */
import type { Logger } from '@slack/bolt';
import { LogLevel, webApi } from '@slack/bolt';
import type { Logger as Log } from 'pino';
import { apiTimeoutMs, retryAfterDefaultSeconds } from './limits.ts';

export interface Api {
  web: webApi.WebClient;
  /** how far our clock is ahead of Slack's, by the last answer; undefined before the first */
  skewMs(): number | undefined;
}

export const slackApiUrl = 'https://slack.com/api/';

export function createApi(
  settings: { botToken: string; apiUrl?: string },
  deps: { log: Log; clock: () => Date; timeoutMs?: number | undefined },
): Api {
  let skew: number | undefined;
  const watchClock = (header: string | null) => {
    const theirs = header === null ? Number.NaN : Date.parse(header);
    if (!Number.isNaN(theirs)) skew = deps.clock().getTime() - theirs;
  };
  const web = new webApi.WebClient(settings.botToken, {
    ...clientOptions(settings.apiUrl, deps.log, deps.timeoutMs),
    fetch: async (url, init) => {
      const response = await fetch(url, init as RequestInit);
      watchClock(response.headers.get('date'));
      return response.status === 429 ? withRetryAfter(response) : response;
    },
  });
  return { web, skewMs: () => skew };
}

export function clientOptions(
  apiUrl: string | undefined,
  log: Log,
  timeoutMs: number = apiTimeoutMs,
): webApi.WebClientOptions {
  return {
    slackApiUrl: apiUrl ?? slackApiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    allowAbsoluteUrls: false,
    logger: sdkLogger(log),
  };
}

/** A 429 without `Retry-After` (a proxy's) becomes an untyped error in the SDK; with one it is told as what it is. */
function withRetryAfter(response: Response): Response {
  if (/^\d+$/.test(response.headers.get('retry-after') ?? '')) return response;
  const headers = new Headers(response.headers);
  headers.set('retry-after', String(retryAfterDefaultSeconds));
  return new Response(response.body, { status: 429, headers });
}

/** The SDK's debug lines hold payloads and its others hold errors with their requests: only the words of an error pass. */
export function sdkLogger(log: Log): Logger {
  const pass =
    (level: 'warn' | 'error') =>
    (...said: unknown[]) => {
      const detail = said
        .map((part) => (part instanceof Error ? `${part.name}: ${part.message}` : String(part)))
        .join(' ');
      log[level]({ detail: detail.slice(0, 300) }, 'slack sdk');
    };
  return {
    debug: () => {},
    info: () => {},
    warn: pass('warn'),
    error: pass('error'),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}
