/** Is this request Slack's? https://docs.slack.dev/authentication/verifying-requests-from-slack */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { signatureWindowSeconds } from './limits.ts';

export type Refused = 'no-timestamp' | 'too-old' | 'from-the-future' | 'bad-signature';

/** Over the raw bytes and before anything is parsed. Bolt's own check lets requests from the future pass. */
export function refuse(
  secret: string,
  headers: { timestamp: string | undefined; signature: string | undefined },
  body: Uint8Array,
  now: Date,
): Refused | undefined {
  if (!headers.timestamp || !/^\d{1,12}$/.test(headers.timestamp)) return 'no-timestamp';
  const age = now.getTime() / 1000 - Number(headers.timestamp);
  if (age > signatureWindowSeconds) return 'too-old';
  if (age < -signatureWindowSeconds) return 'from-the-future';
  const expected = Buffer.from(sign(secret, headers.timestamp, body));
  const given = Buffer.from(headers.signature ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected) ? undefined : 'bad-signature';
}

export function sign(secret: string, timestamp: string, body: Uint8Array): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;
}
