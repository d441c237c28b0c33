/**
 * The other end of the callbacks: WeCom encrypts and signs. Written from the page alone, without the product's code.
 * https://developer.work.weixin.qq.com/document/path/90968
 */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';

export interface Secrets {
  corpId: string;
  token: string;
  aesKey: string;
}

export interface Sealed {
  query: Record<string, string>;
  body: string;
  encrypted: string;
}

export function encrypt(text: string, secrets: Secrets, receiver = secrets.corpId): string {
  const key = Buffer.from(`${secrets.aesKey}=`, 'base64');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(text));
  const plain = Buffer.concat([randomBytes(16), length, Buffer.from(text), Buffer.from(receiver)]);
  const padding = 32 - (plain.length % 32);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16));
  cipher.setAutoPadding(false);
  return Buffer.concat([
    cipher.update(Buffer.concat([plain, Buffer.alloc(padding, padding)])),
    cipher.final(),
  ]).toString('base64');
}

export function sign(token: string, timestamp: string, nonce: string, encrypted: string): string {
  const sorted = [token, timestamp, nonce, encrypted].sort();
  return createHash('sha1').update(sorted.join('')).digest('hex');
}

export function seal(text: string, secrets: Secrets, at: Date, agentId = 1000002): Sealed {
  const encrypted = encrypt(text, secrets);
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const nonce = String(randomBytes(4).readUInt32BE());
  return {
    query: { msg_signature: sign(secrets.token, timestamp, nonce, encrypted), timestamp, nonce },
    body: `<xml><ToUserName><![CDATA[${secrets.corpId}]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt><AgentID><![CDATA[${agentId}]]></AgentID></xml>`,
    encrypted,
  };
}
