/** A request's body as Feishu reads it: its bytes, and the object in them, or an empty one. */
import type { IncomingMessage } from 'node:http';
import { isJson } from './card-rules.ts';

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

export function json(raw: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(raw.toString());
    return isJson(value) ? value : {};
  } catch {
    return {};
  }
}
