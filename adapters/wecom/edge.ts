/**
 * The gate for what comes in: is this really WeCom, for our company and our app? The signature over the ciphertext first, decryption
 * and reading after. https://developer.work.weixin.qq.com/document/path/90930
 */
import { decrypt, same, signature } from './crypto.ts';
import { SIGNATURE_WINDOW_S } from './limits.ts';
import { readLeaves } from './xml.ts';

export interface Secrets {
  corpId: string;
  agentId: number;
  token: string;
  aesKey: string;
}

export interface Signed {
  signature: string | undefined;
  timestamp: string | undefined;
  nonce: string | undefined;
}

/** The leaves of a decrypted message, by name. */
export type Leaves = ReadonlyMap<string, string>;

export type Opened = { kind: 'message'; leaves: Leaves } | { kind: 'refused'; why: string };
export type Checked = { kind: 'echo'; text: string } | { kind: 'refused'; why: string };

const refused = (why: string) => ({ kind: 'refused', why }) as const;

/**
 * Signatures cover the ciphertext and not what it is for: whoever captured a message on its way (WeCom takes addresses without TLS too, path/90930)
 * could show it as an address check, and would be answered with what it says.
 */
const MESSAGE = /^\s*</;

/** The address check when the administrator saves the callback's settings: the plain text is the answer. */
export function openCheck(echo: string | undefined, signed: Signed, secrets: Secrets, now: Date): Checked {
  const encrypted = (echo ?? '').replaceAll(' ', '+'); // base64 whose + came through a form's decoding
  const wrong = wrongSignature(encrypted, signed, secrets.token, now);
  if (wrong !== undefined) return refused(wrong);
  const text = decrypt(secrets.aesKey, secrets.corpId, encrypted);
  if (text === undefined) return refused('not-encrypted-for-us');
  return MESSAGE.test(text) ? refused('no-address-check') : { kind: 'echo', text };
}

export function openCallback(raw: Buffer, signed: Signed, secrets: Secrets, now: Date): Opened {
  const encrypted = leavesOf(raw)?.get('Encrypt');
  if (encrypted === undefined) return refused('not-encrypted');
  const wrong = wrongSignature(encrypted, signed, secrets.token, now);
  if (wrong !== undefined) return refused(wrong);
  const text = decrypt(secrets.aesKey, secrets.corpId, encrypted);
  const leaves = text === undefined ? undefined : readLeaves(text);
  if (leaves === undefined) return refused('not-encrypted-for-us');
  return isForUs(leaves, secrets) ? { kind: 'message', leaves } : refused('for-another-app');
}

function leavesOf(raw: Buffer): Leaves | undefined {
  try {
    return readLeaves(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch {
    return undefined;
  }
}

function wrongSignature(encrypted: string, signed: Signed, token: string, now: Date): string | undefined {
  const { timestamp = '', nonce = '', signature: given = '' } = signed;
  if (!/^[0-9]{1,12}$/.test(timestamp) || nonce === '' || encrypted === '') return 'malformed-signature';
  if (!same(given, signature(token, timestamp, nonce, encrypted))) return 'wrong-signature';
  // after the hash, so that the time of the answer does not say which of the two was wrong
  return Math.abs(now.getTime() / 1000 - Number(timestamp)) > SIGNATURE_WINDOW_S ? 'stale-signature' : undefined;
}

/** Several apps of a company may have been given the same token and key. */
function isForUs(leaves: Leaves, { corpId, agentId }: Secrets): boolean {
  const agent = leaves.get('AgentID');
  return leaves.get('ToUserName') === corpId && (agent === undefined || agent === String(agentId));
}
