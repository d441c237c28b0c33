/** Is this report from a tool of ours? A secret that both know, over the time and the bytes as they came. */
import { createHmac, timingSafeEqual } from 'node:crypto';

const WINDOW_SECONDS = 300;

export type Refused = 'no-timestamp' | 'too-old' | 'from-the-future' | 'bad-signature';

export function refuse(
  secret: string,
  headers: { timestamp: string | undefined; signature: string | undefined },
  body: Uint8Array,
  now: Date,
): Refused | undefined {
  if (!headers.timestamp || !/^\d{1,12}$/.test(headers.timestamp)) return 'no-timestamp';
  const age = now.getTime() / 1000 - Number(headers.timestamp);
  if (age > WINDOW_SECONDS) return 'too-old';
  if (age < -WINDOW_SECONDS) return 'from-the-future';
  const expected = Buffer.from(sign(secret, headers.timestamp, body));
  const given = Buffer.from((headers.signature ?? '').toLowerCase());
  return given.length === expected.length && timingSafeEqual(given, expected) ? undefined : 'bad-signature';
}

function sign(secret: string, timestamp: string, body: Uint8Array): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
}
