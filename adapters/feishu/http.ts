/**
 * The HTTP that the SDK's client speaks through (its `httpInstance`): time-outs on every call, a code other than 0 is an
 * error even under HTTP 200, how a call ended is known exactly, and Feishu's clock is read from each answer.
 */
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { HttpInstance } from '@larksuiteoapi/node-sdk';
import { z } from 'zod';

export interface Call {
  url?: string;
  method?: string;
  headers?: Record<string, unknown>;
  params?: Record<string, unknown>;
  data?: unknown;
  timeout?: number;
}

const Answered = z.object({ code: z.number().optional(), msg: z.string().optional() });

/** `answered`: Feishu said no. `not-sent`: no connection, nothing happened. `unclear`: it may have been carried out. */
export class CallFailed extends Error {
  readonly ended: 'answered' | 'not-sent' | 'unclear';
  readonly status: number;
  readonly code: number | undefined;
  readonly said: string;
  readonly resetMs: number | undefined;
  constructor(
    ended: 'answered' | 'not-sent' | 'unclear',
    facts: { status?: number; code?: number | undefined; said?: string; resetMs?: number | undefined; cause?: unknown },
  ) {
    super('a call to Feishu failed', { cause: facts.cause });
    this.name = 'CallFailed';
    this.ended = ended;
    this.status = facts.status ?? 0;
    this.code = facts.code;
    this.said = facts.said ?? '';
    this.resetMs = facts.resetMs;
  }
  /** the platform's code, for metrics and the administrator */
  get label(): string {
    if (this.ended !== 'answered') return this.ended === 'not-sent' ? 'no-connection' : 'no-answer';
    return this.code === undefined ? `http-${this.status}` : String(this.code);
  }
}

const TIMEOUT_MS = 10_000;
/** A download may take long, but not for ever. */
const DOWNLOAD_MS = 5 * 60_000;
/** These happen before a byte of the request has left. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export class FeishuHttp implements HttpInstance {
  readonly #heardTime: (serverTime: Date) => void;
  readonly #stopping = new AbortController();
  readonly #codesAreErrors: boolean;

  /** `codesAreErrors: false` hands out answers with a code as they are: the SDK's long connection reads them itself. */
  constructor(heardTime: (serverTime: Date) => void, options: { codesAreErrors?: boolean } = {}) {
    this.#heardTime = heardTime;
    this.#codesAreErrors = options.codesAreErrors ?? true;
  }

  /** Ends every call under way. */
  stop(): void {
    this.#stopping.abort();
  }

  async request<T = unknown, R = T>(call: Call): Promise<R> {
    const response = await this.#send(call, call.timeout ?? TIMEOUT_MS);
    const body = await readJson(response);
    if (!response.ok || (this.#codesAreErrors && codeOf(body) !== 0)) throw refusal(response, body);
    return body as R;
  }

  /** A download: its bytes as they come. */
  async stream(call: Call): Promise<{ stream: Readable; mime: string | undefined }> {
    const response = await this.#send(call, call.timeout ?? DOWNLOAD_MS);
    const mime = response.headers.get('content-type') ?? undefined;
    // an error comes as JSON under 200 too; a JSON file that somebody attached has a disposition
    const isAnswer = mime?.startsWith('application/json') && !response.headers.has('content-disposition');
    if (!response.ok || isAnswer || response.body === null) throw refusal(response, await readJson(response));
    return { stream: Readable.fromWeb(response.body as ReadableStream), mime };
  }

  get = <T, R = T>(url: string, call?: Call): Promise<R> => this.request<T, R>({ ...call, url, method: 'GET' });
  delete = <T, R = T>(url: string, call?: Call): Promise<R> => this.request<T, R>({ ...call, url, method: 'DELETE' });
  head = <T, R = T>(url: string, call?: Call): Promise<R> => this.request<T, R>({ ...call, url, method: 'HEAD' });
  options = <T, R = T>(url: string, call?: Call): Promise<R> => this.request<T, R>({ ...call, url, method: 'OPTIONS' });
  post = <T, R = T>(url: string, data?: unknown, call?: Call): Promise<R> =>
    this.request<T, R>({ ...call, url, data, method: 'POST' });
  put = <T, R = T>(url: string, data?: unknown, call?: Call): Promise<R> =>
    this.request<T, R>({ ...call, url, data, method: 'PUT' });
  patch = <T, R = T>(url: string, data?: unknown, call?: Call): Promise<R> =>
    this.request<T, R>({ ...call, url, data, method: 'PATCH' });

  async #send(call: Call, timeoutMs: number): Promise<Response> {
    const method = (call.method ?? 'GET').toUpperCase();
    const hasBody = call.data !== undefined && method !== 'GET' && method !== 'HEAD';
    try {
      const response = await fetch(withQuery(call.url ?? '', call.params ?? {}), {
        method,
        headers: {
          ...textHeaders(call.headers),
          ...(hasBody ? { 'content-type': 'application/json; charset=utf-8' } : {}),
        },
        ...(hasBody ? { body: JSON.stringify(call.data) } : {}),
        redirect: 'error', // the token in our headers is for Feishu only
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#stopping.signal]),
      });
      const date = Date.parse(response.headers.get('date') ?? '');
      if (Number.isFinite(date)) this.#heardTime(new Date(date));
      return response;
    } catch (cause) {
      throw new CallFailed(wasSent(cause) ? 'unclear' : 'not-sent', { cause });
    }
  }
}

/** @throws CallFailed unclear, when the connection breaks in the middle of the answer */
async function readJson(response: Response): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (cause) {
    throw new CallFailed('unclear', { cause });
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a gateway's HTML page
  }
}

const codeOf = (body: unknown): number | undefined => Answered.safeParse(body).data?.code;

function refusal(response: Response, body: unknown): CallFailed {
  const { code, msg } = Answered.safeParse(body).data ?? {};
  const reset = Number(response.headers.get('x-ogw-ratelimit-reset') ?? Number.NaN);
  return new CallFailed('answered', {
    status: response.status,
    code,
    said: msg ?? '',
    resetMs: Number.isFinite(reset) ? Math.max(1, reset) * 1000 : undefined,
  });
}

function withQuery(url: string, params: Record<string, unknown>): string {
  const given = Object.entries(params).filter(([, value]) => value != null);
  const query = new URLSearchParams(given.map(([key, value]) => [key, String(value)] as [string, string])).toString();
  return query === '' ? url : `${url}?${query}`;
}

function textHeaders(headers: Record<string, unknown> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, String(value)]));
}

function wasSent(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  return !NOT_SENT.has(code);
}
