/**
 * A strict pager: takes signed pages, the same one once, and reports back signed, as adapters/pager/page.ts describes it to whoever writes one.
 *
 *     const pager = await startPager({ clock });
 *     … start the product with pager.settings(), then …
 *     pager.deliverTo(house.url);
 *     const page = await pager.when(() => pager.pagesTo('li').at(-1), 'a page for 李娜');
 *     await pager.report(page, 'delivered');
 *     const { text } = await pager.report(page, 'acked');           // what whoever has answered is shown
 *     pager.fail('cut-after');                                      // the next page is taken, its answer lost
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const Page = z.strictObject({
  v: z.literal(1),
  page_id: z.string().min(1).max(100),
  attempt: z.int().min(1),
  severity: z.enum(['critical', 'error', 'warning', 'info']),
  incident: z.string().min(1).max(60),
  to: z.strictObject({ ref: z.string().min(1), phone: z.string().optional(), locale: z.enum(['zh-CN', 'en']) }),
  text: z.string().min(1).max(1000),
  ack_url: z.url(),
  expires_at: z.iso.datetime(),
});
export type FakePage = z.infer<typeof Page>;

/** An HTTP status; no answer before or after it was taken. */
type Failure = number | 'cut-before' | 'cut-after' | 'silent' | 'redirect';
type Status = 'delivered' | 'acked' | 'failed' | 'no_answer';

const SECRET = 'pager-secret-of-32-characters-abc';

export async function startPager({ clock = () => new Date() }: { clock?: () => Date } = {}) {
  /** who was called, each page once */
  const pages: FakePage[] = [];
  /** every request, in order */
  const requests: { key: string; page: FakePage }[] = [];
  const faults: string[] = [];
  const failures: Failure[] = [];
  let product = '';

  const seconds = () => Math.floor(clock().getTime() / 1000);
  const refuse = (status: number, said: string) => {
    faults.push(said);
    return status;
  };

  function take(request: IncomingMessage, body: string): number {
    const { 'x-page-timestamp': timestamp, 'x-page-signature': signature, 'idempotency-key': key } = request.headers;
    if (Math.abs(Number(timestamp) - seconds()) > 300) return refuse(401, 'too old or too new');
    if (!isSame(String(signature), sign(`${timestamp}.${body}`))) return refuse(401, 'wrong signature');
    const page = Page.safeParse(json(body));
    if (!page.success) return refuse(400, z.prettifyError(page.error));
    if (key !== page.data.page_id) return refuse(400, 'the key is not the page');
    if (Date.parse(page.data.expires_at) <= clock().getTime()) return refuse(400, 'expired');
    requests.push({ key, page: page.data });
    if (!pages.some((one) => one.page_id === key)) pages.push(page.data);
    return 202;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const failure = failures.shift();
    if (failure === 'silent') return;
    if (failure === 'cut-before') return void request.socket.destroy();
    if (failure === 'redirect') return void response.writeHead(308, { location: '/elsewhere' }).end();
    if (typeof failure === 'number') return void response.writeHead(failure, { 'retry-after': '9' }).end();
    const status = take(request, Buffer.concat(parts).toString());
    if (failure === 'cut-after') return void request.socket.destroy();
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  }

  /** Posts a body to an address of ours, as anybody could; signed unless told otherwise. */
  async function tell(address: string, body: string, headers: Record<string, string> = {}) {
    const { pathname, search } = new URL(address);
    const timestamp = headers['x-page-timestamp'] ?? String(seconds());
    const response = await fetch(`${product}${pathname}${search}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-page-timestamp': timestamp,
        'x-page-signature': sign(`${timestamp}.${body}`),
        ...headers,
      },
      body,
    });
    const answer = json(await response.text()) as { ok?: boolean; text?: string } | undefined;
    return { status: response.status, text: answer?.text };
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      faults.push(String(error));
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/countersign`;

  return {
    pages,
    requests,
    faults,
    settings: () => ({ url, secret: SECRET }),
    pagesTo: (person: string) => pages.filter((page) => page.to.ref === person),
    /** where reports go, whatever the public address is */
    deliverTo: (base: string) => {
      product = base;
    },
    fail: (...how: Failure[]) => failures.push(...how),
    report: (page: FakePage, status: Status, code?: string) =>
      tell(page.ack_url, JSON.stringify({ v: 1, page_id: page.page_id, status, ...(code ? { code } : {}) })),
    tell,
    when,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const sign = (text: string): string => `v1=${createHmac('sha256', SECRET).update(text).digest('hex')}`;

function isSame(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function when<T>(look: () => T | undefined | false, what: string, ms = 10_000): Promise<T> {
  const late = Date.now() + ms;
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > late) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
