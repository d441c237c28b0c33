/** Signatures of pages and of what comes back: over the time and the raw body, no older or newer than five minutes. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export type Seal = (text: string) => string;
export type Refused = 'no-timestamp' | 'stale' | 'wrong-signature';

/** How far a report's time may be from ours, both ways: older or newer is a replay or a lie. */
const WINDOW_S = 300;

export const sealWith =
  (secret: string): Seal =>
  (text) =>
    createHmac('sha256', secret).update(text).digest('hex');

export function signatureOf(secret: string, timestamp: string, body: string | Uint8Array): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
}

export function headersFor(secret: string, body: string, at: Date): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return { 'x-page-timestamp': timestamp, 'x-page-signature': signatureOf(secret, timestamp, body) };
}

export function refusalOf(
  secret: string,
  signed: { timestamp: string | undefined; signature: string | undefined },
  body: Uint8Array,
  now: Date,
): Refused | undefined {
  const { timestamp = '', signature = '' } = signed;
  if (!/^\d{1,12}$/.test(timestamp)) return 'no-timestamp';
  if (!same(signature, signatureOf(secret, timestamp, body))) return 'wrong-signature';
  return Math.abs(now.getTime() / 1000 - Number(timestamp)) > WINDOW_S ? 'stale' : undefined;
}

export function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
