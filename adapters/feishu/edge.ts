/**
 * The gate for what comes in: is this really Feishu, for our app and our tenant? Raw bytes first, parsing after.
 * The SDK's own check is not used: it hashes a re-serialised body (so that real requests with `\u` escapes fail), knows
 * no time window and never compares the token; see `adapter.ts`.
 */
import { z } from 'zod';
import { decrypt, same, signature } from './crypto.ts';
import { SIGNATURE_WINDOW_S } from './limits.ts';

export interface Secrets {
  appId: string;
  encryptKey: string | undefined;
  verificationToken: string;
}

/** Only what we use of the envelope v2: https://open.feishu.cn/document/ukTMukTMukTM/uUTNz4SN1MjL1UzM */
const Header = z.object({
  event_id: z.string().min(1).max(200),
  event_type: z.string().min(1).max(100),
  token: z.string().max(200).default(''),
  app_id: z.string().max(100).default(''),
  tenant_key: z.string().max(200).default(''),
});
export const Envelope = z.object({ schema: z.literal('2.0'), header: Header, event: z.unknown() });
export type Envelope = z.infer<typeof Envelope>;

const Encrypted = z.object({ encrypt: z.string().min(1) });
const Challenge = z.object({
  type: z.literal('url_verification'),
  challenge: z.string().min(1).max(1000),
  token: z.string(),
});

export interface Signed {
  timestamp: string | undefined;
  nonce: string | undefined;
  signature: string | undefined;
}
export type Opened =
  | { kind: 'event'; envelope: Envelope }
  | { kind: 'challenge'; challenge: string }
  | { kind: 'refused'; why: string };

const refused = (why: string): Opened => ({ kind: 'refused', why });

/** An HTTP request: signature and time window over the raw bytes, then decryption, then whose it is. The tenant is compared by the caller, who must ask for it. */
export function openRequest(raw: Buffer, signed: Signed, secrets: Secrets, now: Date): Opened {
  if (secrets.encryptKey === undefined) return refused('no-encrypt-key');
  if (signed.signature === undefined && !canBeAddressCheck(raw)) return refused('unsigned');
  const wrong = signed.signature === undefined ? 'unsigned' : wrongSignature(raw, signed, secrets.encryptKey, now);
  if (wrong !== undefined && wrong !== 'unsigned') return refused(wrong);
  const body = read(raw, secrets.encryptKey);
  if (body === undefined) return refused('not-encrypted-for-us');
  const challenge = Challenge.safeParse(body);
  if (challenge.success) {
    // The only request that Feishu sends unsigned: nothing happens by it, and its sender must know key and token.
    return same(challenge.data.token, secrets.verificationToken)
      ? { kind: 'challenge', challenge: challenge.data.challenge }
      : refused('wrong-token');
  }
  if (wrong !== undefined) return refused(wrong);
  return openEnvelope(body, secrets, 'all');
}

/** The long connection is opened by us with the app's secret; its events carry token and ids only in part: what is there must be right. */
export function openFrame(body: unknown, secrets: Secrets): Opened {
  return openEnvelope(body, secrets, 'present');
}

/** One short ciphertext and nothing else (its `/` may be written `\\/`): whatever else comes unsigned is not even parsed. */
const ADDRESS_CHECK = /^\s*\{\s*"encrypt"\s*:\s*"[A-Za-z0-9+/=\\]+"\s*\}\s*$/;
const ADDRESS_CHECK_BYTES = 4096;

const canBeAddressCheck = (raw: Buffer): boolean =>
  raw.length <= ADDRESS_CHECK_BYTES && ADDRESS_CHECK.test(raw.toString('latin1'));

function wrongSignature(raw: Buffer, signed: Signed, encryptKey: string, now: Date): string | undefined {
  const { timestamp = '', nonce = '', signature: given = '' } = signed;
  if (!/^[0-9]{1,12}$/.test(timestamp) || nonce === '') return 'malformed-signature';
  if (!same(given, signature(timestamp, nonce, encryptKey, raw))) return 'wrong-signature';
  // after the hash, so that the time of the answer does not say which of the two was wrong
  return Math.abs(now.getTime() / 1000 - Number(timestamp)) > SIGNATURE_WINDOW_S ? 'stale-signature' : undefined;
}

function read(raw: Buffer, encryptKey: string): unknown {
  const outer = Encrypted.safeParse(json(text(raw)));
  return outer.success ? json(decrypt(encryptKey, outer.data.encrypt)) : undefined;
}

function openEnvelope(body: unknown, secrets: Secrets, which: 'all' | 'present'): Opened {
  const parsed = Envelope.safeParse(body);
  if (!parsed.success) return refused('not-an-event');
  const { token, app_id } = parsed.data.header;
  const right = (given: string, ours: string) => (which === 'present' && given === '') || same(given, ours);
  if (!right(token, secrets.verificationToken)) return refused('wrong-token');
  if (!right(app_id, secrets.appId)) return refused('wrong-app');
  if (which === 'all' && parsed.data.header.tenant_key === '') return refused('wrong-tenant');
  return { kind: 'event', envelope: parsed.data };
}

function text(raw: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw);
  } catch {
    return undefined;
  }
}

function json(source: string | undefined): unknown {
  if (source === undefined) return undefined;
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}
