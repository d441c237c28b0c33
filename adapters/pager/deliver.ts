/** Calls out: one signed request for each page; the pager knows a repeated one by its key. No redirects: the page is for this pager only. */
import { type Address, type ChatAdapter, DeliveryError, type DeliveryProblem } from '../../src/core/chat.ts';
import { ackUrl, renderPage } from './page.ts';
import { headersFor, sealWith } from './signature.ts';

export interface Line {
  url: string;
  secret: string;
  sealKey: string;
  publicUrl: () => string;
  clock: () => Date;
  timeoutMs: number;
  stopping: AbortSignal;
}

export type Deliveries = Pick<ChatAdapter, 'post' | 'edit' | 'fetchFile'>;

export function createDeliveries(line: Line): Deliveries {
  const { sealKey, publicUrl, clock } = line;
  return {
    async post(to, content, intent, language) {
      const person = personOf(to);
      if (content.kind !== 'card') throw new DeliveryError('pager', 'rejected', 'no-forms');
      const { card } = content;
      const action = card.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []))[0]?.action;
      if (action === undefined) throw new DeliveryError('pager', 'rejected', 'nothing-to-answer');
      const about = { action, person, page: intent.id };
      const again = intent.triedBefore !== undefined;
      const back = ackUrl(publicUrl(), about, sealWith(sealKey));
      await send(line, intent.id, renderPage({ ...about, card, language, again, at: clock(), ackUrl: back }));
      return { channel: person, message: intent.id };
    },
    // `gone` would have it sent anew: it has rung, once
    async edit() {
      throw new DeliveryError('pager', 'rejected', 'no-edits');
    },
    async fetchFile() {
      throw new DeliveryError('pager', 'rejected', 'no-files');
    },
  };
}

function personOf(to: Address): string {
  if (to.kind === 'direct' && to.id !== '') return to.id;
  throw new DeliveryError('pager', 'unreachable', 'no-channels');
}

/** These happen before a byte of the request has left. */
const NOT_SENT = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

async function send({ url, secret, clock, timeoutMs, stopping }: Line, page: string, body: string): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'idempotency-key': page,
        ...headersFor(secret, body, clock()),
      },
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), stopping]),
    });
    await response.body?.cancel();
  } catch (error) {
    throw unanswered(error);
  }
  // 409: it has this very page already
  if (response.ok || response.status === 409) return;
  const problem = problemOf(response.status);
  const afterMs = problem === 'retry-later' ? { afterMs: waitAfter(response.headers.get('retry-after')) } : {};
  throw new DeliveryError('pager', problem, `http-${response.status}`, afterMs);
}

function unanswered(error: unknown): DeliveryError {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  // the address may hold a token, and an error of `fetch` may repeat it: only what kind of failure it was
  const kind = { cause: new Error(code || (error instanceof Error ? error.name : 'unknown')) };
  return NOT_SENT.test(code)
    ? new DeliveryError('pager', 'retry-later', 'no-connection', kind)
    : new DeliveryError('pager', 'ambiguous', 'no-answer', kind);
}

function problemOf(status: number): DeliveryProblem {
  if (status === 429) return 'retry-later';
  if (status >= 500) return 'ambiguous';
  // nobody there by this name
  if (status === 404 || status === 410 || status === 422) return 'unreachable';
  // no redirects, and no such secret: what is set does not lead to the pager
  return status < 400 || status === 401 || status === 403 ? 'credentials' : 'rejected';
}

const waitAfter = (header: string | null): number =>
  header !== null && /^\d{1,5}$/.test(header) ? Number(header) * 1000 : 3000;
