/**
 * The signature and encryption of WeCom's callbacks, and comparing secrets without telling how much of them was right.
 * https://developer.work.weixin.qq.com/document/path/90968
 */
import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { TASK_ID } from './limits.ts';

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares digests, so that neither length nor content shows in the time that it takes. */
export function same(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}

/** Hex SHA-1 of token, timestamp, nonce and ciphertext, sorted and put together. */
export function signature(token: string, timestamp: string, nonce: string, encrypted: string): string {
  return createHash('sha1').update([token, timestamp, nonce, encrypted].sort().join('')).digest('hex');
}

const RANDOM = 16;
const LENGTH = 4;
/** Theirs is PKCS#7 with blocks of 32, which AES itself does not know. */
const BLOCK = 32;

/** AES-256-CBC of random(16) ‖ length(4) ‖ message ‖ receiver; the key's first half is the IV. Undefined when it is not that, or not for us. */
export function decrypt(aesKey: string, receiver: string, encrypted: string): string | undefined {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const bytes = Buffer.from(encrypted, 'base64');
  if (bytes.length < BLOCK || bytes.length % 16 !== 0) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
    const plain = unpadded(Buffer.concat([decipher.update(bytes), decipher.final()]));
    if (plain === undefined || plain.length < RANDOM + LENGTH) return undefined;
    const end = RANDOM + LENGTH + plain.readUInt32BE(RANDOM);
    if (end > plain.length || !same(plain.subarray(end).toString(), receiver)) return undefined;
    return new TextDecoder('utf-8', { fatal: true }).decode(plain.subarray(RANDOM + LENGTH, end));
  } catch {
    return undefined;
  }
}

function unpadded(plain: Buffer): Buffer | undefined {
  const count = plain.at(-1) ?? 0;
  if (count < 1 || count > BLOCK || count > plain.length) return undefined;
  const padding = plain.subarray(-count);
  return padding.every((byte) => byte === count) ? plain.subarray(0, -count) : undefined;
}

/** A `task_id` that is the same for the same id, whatever stands in it. */
export function taskIdFor(id: string): string {
  return TASK_ID.test(id) ? id : sha256(id).toString('hex');
}

/** One short id for several parts, none of which can pass for another. */
export const idOf = (...parts: string[]): string => sha256(JSON.stringify(parts)).toString('hex');
