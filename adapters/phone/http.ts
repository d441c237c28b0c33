/** One call to Twilio's API: a time-out on each, no redirects, how it ended is known exactly. https://www.twilio.com/docs/usage/requests-to-twilio */
import { z } from 'zod';
import { TIMEOUT_MS } from './limits.ts';

const Refusal = z.object({ code: z.number() });

/** `answered`: Twilio said no. `not-sent`: no connection, nothing happened. `unclear`: it may have been carried out. */
export class CallFailed extends Error {
  readonly ended: 'answered' | 'not-sent' | 'unclear';
  readonly status: number;
  readonly code: number | undefined;
  readonly retryAfterMs: number | undefined;
  constructor(
    ended: 'answered' | 'not-sent' | 'unclear',
    facts: { status?: number; code?: number | undefined; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super('a call to Twilio failed', { cause: facts.cause });
    this.name = 'CallFailed';
    this.ended = ended;
    this.status = facts.status ?? 0;
    this.code = facts.code;
    this.retryAfterMs = facts.retryAfterMs;
  }
  /** the platform's code, for metrics and the administrator */
  get label(): string {
    if (this.ended !== 'answered') return this.ended === 'not-sent' ? 'no-connection' : 'no-answer';
    return this.code === undefined ? `http-${this.status}` : String(this.code);
  }
}

/** These happen before a byte of the request has left. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export interface Answer {
  body: unknown;
  /** Twilio's own time */
  at: Date | undefined;
}

export interface Http {
  /** `resource`: `Calls`; empty: the account itself. @throws CallFailed */
  get(resource: string, query?: Record<string, string>): Promise<Answer>;
  /** @throws CallFailed */
  post(resource: string, form: URLSearchParams): Promise<Answer>;
  /** Ends every call under way. */
  stop(): void;
}

export interface Account {
  accountSid: string;
  authToken: string;
  apiUrl: string;
}

export function createHttp({ accountSid, authToken, apiUrl }: Account, timeoutMs: number = TIMEOUT_MS): Http {
  const stopping = new AbortController();
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const urlOf = (resource: string) =>
    `${apiUrl.replace(/\/+$/, '')}/2010-04-01/Accounts/${accountSid}${resource === '' ? '' : `/${resource}`}.json`;

  async function call(url: string, form?: URLSearchParams): Promise<Answer> {
    try {
      const response = await fetch(url, {
        headers: { authorization, accept: 'application/json' },
        ...(form === undefined ? {} : { method: 'POST', body: form }),
        redirect: 'manual', // the token is for Twilio only
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), stopping.signal]),
      });
      return readAnswer(response, await response.text());
    } catch (cause) {
      if (cause instanceof CallFailed) throw cause;
      throw new CallFailed(NOT_SENT.has(codeOf(cause) ?? '') ? 'not-sent' : 'unclear', { cause: plainCause(cause) });
    }
  }

  return {
    get: (resource, query = {}) => call(`${urlOf(resource)}?${new URLSearchParams(query)}`),
    post: (resource, form) => call(urlOf(resource), form),
    stop: () => stopping.abort(),
  };
}

function readAnswer(response: Response, text: string): Answer {
  const body = json(text);
  const { status, ok, headers } = response;
  // a gateway's page under 200 says nothing about what became of the call
  if (ok && body === undefined) throw new CallFailed('unclear', { status });
  if (!ok) {
    const code = Refusal.safeParse(body).data?.code;
    throw new CallFailed('answered', { status, code, retryAfterMs: retryAfter(headers.get('retry-after')) });
  }
  const at = Date.parse(headers.get('date') ?? '');
  return { body, at: Number.isFinite(at) ? new Date(at) : undefined };
}

function retryAfter(header: string | null): number | undefined {
  return header !== null && /^\d{1,5}$/.test(header) ? Number(header) * 1000 : undefined;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : undefined;
}

/** Only what kind of failure it was: an error of `fetch` may repeat the address with a phone number in it. */
function plainCause(error: unknown): Error {
  return new Error(codeOf(error) ?? (error instanceof Error ? error.name : 'unknown'));
}
