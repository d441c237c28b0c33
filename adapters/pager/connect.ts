/** The way back: `POST /pager/reports`, what became of a page and who has answered it. Raw text, our own gate. */
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from 'pino';
import type { Desk, RingReport, Watch } from '../../src/core/chat.ts';
import { type About, REPORTS, type Report, readAckUrl, readReport } from './page.ts';
import { refusalOf, same, sealWith } from './signature.ts';

const BODY_BYTES = 16 * 1024;

export interface Reporting {
  secret: string;
  /** ours alone: who holds the pager's secret makes no addresses of ours */
  sealKey: string;
  desk: Desk;
  /** @throws when it could not be kept: the pager says it again */
  reported(report: RingReport): Promise<void>;
  log: Logger;
  clock: () => Date;
  watch?: Watch | undefined;
}

export function addRoutes(app: Hono, reporting: Reporting): void {
  const refused = createRefusals(reporting.log, reporting.watch);
  const limit = bodyLimit({ maxSize: BODY_BYTES, onError: (c) => c.body(null, 413, { connection: 'close' }) });
  app.post(REPORTS, limit, (c) => receive(c, reporting, refused));
}

async function receive(c: Context, reporting: Reporting, refused: (why: string) => void): Promise<Response> {
  const { secret, sealKey, log, clock } = reporting;
  const body = Buffer.from(await c.req.arrayBuffer());
  const signed = { timestamp: c.req.header('x-page-timestamp'), signature: c.req.header('x-page-signature') };
  const why = refusalOf(secret, signed, body, clock());
  const about = readAckUrl(new URL(c.req.url).searchParams, (text, seal) => same(seal, sealWith(sealKey)(text)));
  if (why !== undefined || about === undefined) {
    refused(why ?? 'wrong-address');
    return c.body(null, 403);
  }
  const report = readReport(body.toString());
  if (report === undefined || report.page_id !== about.page) return c.json({ ok: false }, 400);
  try {
    return c.json({ ok: true, ...(await take(reporting, about, report)) });
  } catch (error) {
    log.error({ err: error, status: report.status }, 'a report of the pager could not be taken');
    return c.json({ ok: false }, 503);
  }
}

/** `text`: what whoever has answered may be shown. */
async function take({ desk, reported }: Reporting, about: About, report: Report): Promise<{ text?: string }> {
  const { action, person, page } = about;
  if (report.status === 'acked') {
    const reply = await desk.take({
      platform: 'pager',
      deliveryId: `${page}:acked`,
      from: { account: person, foreign: false },
      at: { kind: 'direct', id: person },
      what: { kind: 'action', action },
    });
    return reply.kind === 'said' ? { text: reply.text } : {};
  }
  const outcome = report.status === 'no_answer' ? 'no-answer' : report.status;
  await reported({
    platform: 'pager',
    action,
    account: person,
    outcome,
    ...(report.code === undefined ? {} : { code: report.code }),
  });
  return {};
}

/** A flood of forgeries must not become a flood of log lines. */
const REFUSAL_LOG_MS = 10_000;

function createRefusals(log: Logger, watch: Watch | undefined): (why: string) => void {
  let silentUntil = 0;
  let unsaid = 0;
  return (why) => {
    watch?.refused(why);
    unsaid += 1;
    const now = performance.now();
    if (now < silentUntil) return;
    log.warn({ why, count: unsaid }, 'a report to the pager route was refused');
    silentUntil = now + REFUSAL_LOG_MS;
    unsaid = 0;
  };
}
