/**
 * Feishu's encryption and signature, and comparing secrets without telling how much of them was right.
 * https://open.feishu.cn/document/ukTMukTMukTM/uYDNxYjL2QTM24iN0EjN/event-subscription-configure-/encrypt-key-encryption-configuration-case
 */
import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';

const sha256 = (...parts: (string | Buffer)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Compares digests, so that neither length nor content shows in the time that it takes. */
export function same(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}

/** Hex SHA-256 of timestamp, nonce, Encrypt Key and the raw body: the bytes as they came, not a re-serialisation. */
export function signature(timestamp: string, nonce: string, encryptKey: string, raw: Buffer): string {
  return sha256(timestamp, nonce, encryptKey, raw).toString('hex');
}

/** base64(IV of 16 bytes ‖ AES-256-CBC), the key is the SHA-256 of the Encrypt Key. Undefined when it is not that. */
export function decrypt(encryptKey: string, encrypted: string): string | undefined {
  const bytes = Buffer.from(encrypted, 'base64');
  if (bytes.length < 32 || bytes.length % 16 !== 0) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-cbc', sha256(encryptKey), bytes.subarray(0, 16));
    const plain = Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]);
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch {
    return undefined;
  }
}

/** A key for Feishu's `uuid` (at most 50 characters) that is the same for the same purpose and id, whatever its length. */
export function keyFor(purpose: string, id: string): string {
  return `${purpose}-${sha256(purpose, '\0', id).toString('hex').slice(0, 40)}`;
}
