/** Encryption and signature from Feishu's side, written anew so that the product's own does not test itself. */
import { createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';

export interface Moment {
  timestamp?: number;
  nonce?: string;
}

/** Encrypted and signed the real way; tests of the edge tamper with the result. */
export function seal(
  body: string | Buffer,
  secrets: { encryptKey: string },
  at: Moment = {},
): { body: string; headers: Record<string, string> } {
  const encrypted = JSON.stringify({ encrypt: encrypt(secrets.encryptKey, body) });
  return { body: encrypted, headers: sign(encrypted, secrets.encryptKey, at) };
}

export function encrypt(key: string, plain: string | Buffer): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
  return Buffer.concat([iv, cipher.update(plain), cipher.final()]).toString('base64');
}

export function sign(body: string | Buffer, key: string, at: Moment = {}): Record<string, string> {
  const { timestamp = Math.floor(Date.now() / 1000), nonce = randomUUID() } = at;
  const hash = createHash('sha256').update(`${timestamp}${nonce}${key}`).update(body).digest('hex');
  return {
    'content-type': 'application/json; charset=utf-8',
    'x-lark-request-timestamp': String(timestamp),
    'x-lark-request-nonce': nonce,
    'x-lark-signature': hash,
  };
}
