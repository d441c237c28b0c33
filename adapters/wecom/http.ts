/** One call to WeCom: a time-out on each, a code other than 0 is an error even under HTTP 200, how it ended is known exactly. */
import { z } from 'zod';

const Answered = z.object({ errcode: z.number().default(0) }).loose();

/** `answered`: WeCom said no. `not-sent`: no connection, nothing happened. `unclear`: it may have been carried out. */
export class CallFailed extends Error {
  readonly ended: 'answered' | 'not-sent' | 'unclear';
  readonly status: number;
  readonly code: number | undefined;
  constructor(
    ended: 'answered' | 'not-sent' | 'unclear',
    facts: { status?: number; code?: number | undefined; cause?: unknown },
  ) {
    // the address holds a token or a robot's key: nothing of it is said here
    super('a call to WeCom failed', { cause: facts.cause });
    this.name = 'CallFailed';
    this.ended = ended;
    this.status = facts.status ?? 0;
    this.code = facts.code;
  }
  /** the platform's code, for metrics and the administrator */
  get label(): string {
    if (this.ended !== 'answered') return this.ended === 'not-sent' ? 'no-connection' : 'no-answer';
    return this.code === undefined ? `http-${this.status}` : String(this.code);
  }
}

const TIMEOUT_MS = 10_000;
/** These happen before a byte of the request has left. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export interface Http {
  /** `body`: a POST; without: a GET. @throws CallFailed */
  call(path: string, query: Record<string, string>, body?: object): Promise<Record<string, unknown>>;
  /** Ends every call under way. */
  stop(): void;
}

export function createHttp(base: string, heardTime: (theirs: Date) => void): Http {
  const stopping = new AbortController();
  return {
    async call(path, query, body) {
      const response = await send(`${base}${path}?${new URLSearchParams(query)}`, body, stopping.signal);
      const date = Date.parse(response.headers.get('date') ?? '');
      if (Number.isFinite(date)) heardTime(new Date(date));
      return readAnswer(response);
    },
    stop: () => stopping.abort(),
  };
}

async function send(url: string, body: object | undefined, stopping: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      ...(body === undefined
        ? { method: 'GET' }
        : {
            method: 'POST',
            body: JSON.stringify(body),
            headers: { 'content-type': 'application/json; charset=utf-8' },
          }),
      redirect: 'error', // the token in the address is for WeCom only
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), stopping]),
    });
  } catch (cause) {
    throw new CallFailed(wasSent(cause) ? 'unclear' : 'not-sent', { cause: plainCause(cause) });
  }
}

async function readAnswer(response: Response): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await response.text();
  } catch (cause) {
    throw new CallFailed('unclear', { cause: plainCause(cause) });
  }
  const answer = Answered.safeParse(json(text)).data;
  // a gateway's page under 200 says nothing about what became of the call
  if (answer === undefined && response.ok) throw new CallFailed('unclear', { status: response.status });
  if (answer === undefined || answer.errcode !== 0 || !response.ok) {
    throw new CallFailed('answered', { status: response.status, code: answer?.errcode || undefined });
  }
  return answer;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wasSent(error: unknown): boolean {
  return !NOT_SENT.has(codeOf(error) ?? '');
}

function codeOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : undefined;
}

/** Only what kind of failure it was: an error of `fetch` may repeat the whole address. */
function plainCause(error: unknown): Error {
  return new Error(codeOf(error) ?? (error instanceof Error ? error.name : 'unknown'));
}
