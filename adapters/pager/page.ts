/**
 * The page as any other pager is handed it, and its reports, both signed alike: whoever has a pager of their own writes twenty lines for it.
 *
 *     POST <PAGER_URL>
 *     X-Page-Timestamp: 1795408800                  seconds since 1970
 *     X-Page-Signature: v1=<hex HMAC-SHA256(secret, timestamp + "." + body)>
 *     Idempotency-Key: <page_id>                    the same page once more is answered, and calls nobody again
 *     {"v":1,"page_id":"…","attempt":1,"severity":"critical","incident":"CR-2026-0003","to":{"ref":"li","locale":"zh-CN"},
 *      "text":"…","ack_url":"https://…/pager/reports?…","expires_at":"2026-11-23T02:30:00.000Z"}
 *
 *     POST <ack_url>, with the same two headers     {"v":1,"page_id":"…","status":"delivered|acked|failed|no_answer","code":"…"}
 *
 * 2xx says that it was accepted, never that somebody was reached. Pure.
 */
import { z } from 'zod';
import { type ActionRef, type Card, readAction, type Tone, writeAction } from '../../src/core/card.ts';
import type { Language } from '../../src/core/chat.ts';
import type { Seal } from './signature.ts';

export const REPORTS = '/pager/reports';
/** After that a page is of no use to anybody: the next rung has long been climbed. */
const EXPIRES_MS = 30 * 60_000;
const TEXT_CHARACTERS = 1000;

/** https://developer.pagerduty.com/docs/send-alert-event knows the same four. */
const SEVERITIES: Record<Tone, 'critical' | 'error' | 'warning' | 'info'> = {
  bad: 'critical',
  warn: 'error',
  open: 'warning',
  good: 'info',
  muted: 'info',
};

/** What a report is about: stands in `ack_url`, sealed, since the signature of a report covers only its body. */
export interface About {
  action: ActionRef;
  person: string;
  page: string;
}

interface Paging extends About {
  card: Card;
  language: Language;
  /** an earlier try of this page may have arrived */
  again: boolean;
  at: Date;
  ackUrl: string;
}

export function renderPage({ action, person, page, card, language, again, at, ackUrl }: Paging): string {
  return JSON.stringify({
    v: 1,
    page_id: page,
    attempt: again ? 2 : 1,
    severity: SEVERITIES[card.tone],
    incident: action.subject ?? page,
    to: { ref: person, locale: language === 'zh' ? 'zh-CN' : 'en' },
    text: [...card.summary.toWellFormed().replace(/\p{Cf}/gu, '')].slice(0, TEXT_CHARACTERS).join(''),
    ack_url: ackUrl,
    expires_at: new Date(at.getTime() + EXPIRES_MS).toISOString(),
  });
}

export function ackUrl(publicUrl: string, { action, person, page }: About, seal: Seal): string {
  const about = { a: Buffer.from(writeAction(action)).toString('base64url'), p: person, i: page };
  return `${publicUrl}${REPORTS}?${new URLSearchParams({ ...about, s: seal(sealed(about)) })}`;
}

/** Undefined: not an address of ours. */
export function readAckUrl(query: URLSearchParams, isSeal: (text: string, seal: string) => boolean): About | undefined {
  const [a = '', p = '', i = '', s = ''] = ['a', 'p', 'i', 's'].map((name) => query.get(name) ?? '');
  const action = isSeal(sealed({ a, p, i }), s) ? readAction(Buffer.from(a, 'base64url').toString()) : undefined;
  return action && { action, person: p, page: i };
}

const sealed = (about: { a: string; p: string; i: string }): string =>
  `ack.${JSON.stringify([about.a, about.p, about.i])}`;

const Report = z.object({
  v: z.literal(1),
  page_id: z.string().max(100),
  status: z.enum(['delivered', 'acked', 'failed', 'no_answer']),
  code: z.string().min(1).max(100).optional().catch(undefined),
});
export type Report = z.infer<typeof Report>;

export function readReport(body: string): Report | undefined {
  try {
    return Report.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
