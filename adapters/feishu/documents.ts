/**
 * The text behind a link of Feishu Minutes (妙记), a document or a wiki page, with the app's own token: whatever was shared with the app. The link
 * itself is never fetched: its host must be Feishu's, and only the token in its path is used, in calls to the platform's own API.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { DeliveryError, type DeliveryProblem } from '../../src/core/chat.ts';
import type { Feishu } from './deliver.ts';
import { DOCUMENT_BYTES, DOCUMENT_MS } from './limits.ts';

export interface DocumentLink {
  kind: 'minutes' | 'docx' | 'wiki';
  token: string;
}

/** Tenants live under names of their own below these. */
const HOSTS = ['feishu.cn', 'larksuite.com', 'larkoffice.com'];
/** https://open.feishu.cn/document/ukTMukTMukTM/uczNzUjL3czM14yN3MTN: the token is the part of the path after the kind */
const PATH = /^\/(minutes|docx|wiki)\/([A-Za-z0-9_-]{10,64})\/?$/;
const LONGEST_LINK = 2000;

/** Undefined: no link of ours. */
export function linkedTo(text: string): DocumentLink | undefined {
  const url = text.length <= LONGEST_LINK && URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.port !== '') return undefined;
  if (!HOSTS.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`))) return undefined;
  const [, kind, token = ''] = PATH.exec(url.pathname) ?? [];
  return kind === undefined ? undefined : { kind: kind as DocumentLink['kind'], token };
}

/** @throws DeliveryError `credentials`: not shared with the app, or a scope is missing; `rejected`: there is no such text */
export async function textBehind(link: DocumentLink, feishu: Feishu): Promise<string> {
  const enough = new AbortController();
  const late = pause(DOCUMENT_MS, undefined, { signal: enough.signal }).then(() => {
    throw new DeliveryError('feishu', 'retry-later', 'no-answer', { afterMs: 1000 });
  });
  try {
    return await Promise.race([read(link, feishu), late]);
  } catch (error) {
    throw error instanceof DeliveryError ? ofDocuments(error) : error;
  } finally {
    enough.abort();
    late.catch(() => undefined);
  }
}

function read({ kind, token }: DocumentLink, feishu: Feishu): Promise<string> {
  switch (kind) {
    case 'minutes':
      return transcript(token, feishu);
    case 'docx':
      return content(token, feishu);
    case 'wiki':
      return page(token, feishu);
    default:
      return kind satisfies never;
  }
}

/** https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/minutes-v1/minute-transcript/get */
async function transcript(token: string, feishu: Feishu): Promise<string> {
  const params = { need_speaker: true, need_timestamp: false, file_format: 'txt' };
  const url = `/open-apis/minutes/v1/minutes/${token}/transcript`;
  const { stream } = await feishu.stream({ url, params, timeout: DOCUMENT_MS });
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of stream) {
      parts.push(part as Buffer);
      bytes += (part as Buffer).length;
      if (bytes >= DOCUMENT_BYTES) break; // leaving the loop ends the download
    }
  } catch (cause) {
    throw new DeliveryError('feishu', 'retry-later', 'no-answer', { afterMs: 1000, cause });
  }
  return Buffer.concat(parts).subarray(0, DOCUMENT_BYTES).toString('utf8');
}

const Content = z.object({ data: z.object({ content: z.string() }) });

/** https://open.feishu.cn/document/server-docs/docs/docs/docx-v1/document/raw_content */
async function content(token: string, feishu: Feishu): Promise<string> {
  const url = `/open-apis/docx/v1/documents/${token}/raw_content`;
  const answer = Content.safeParse(await feishu.call({ url, params: { lang: 0 }, timeout: DOCUMENT_MS }));
  if (!answer.success) throw unreadable(answer.error);
  return answer.data.data.content.slice(0, DOCUMENT_BYTES);
}

const Node = z.object({ data: z.object({ node: z.object({ obj_type: z.string(), obj_token: z.string() }) }) });

/** A wiki page only points at what it shows. https://open.feishu.cn/document/ukTMukTMukTM/uUDN04SN0QjL1QDN/wiki-v2/space/get_node */
async function page(token: string, feishu: Feishu): Promise<string> {
  const url = '/open-apis/wiki/v2/spaces/get_node';
  const answer = Node.safeParse(await feishu.call({ url, params: { token }, timeout: DOCUMENT_MS }));
  const { obj_type, obj_token } = answer.data?.data.node ?? { obj_type: '', obj_token: '' };
  if (obj_type !== 'docx' || !/^[A-Za-z0-9_-]{10,64}$/.test(obj_token)) throw unreadable(answer.error);
  return content(obj_token, feishu);
}

const unreadable = (cause: unknown) => new DeliveryError('feishu', 'rejected', 'unreadable-answer', { cause });

/** The error tables of the pages above; what is none of these is read as every other call is. */
const PROBLEMS: Record<string, DeliveryProblem> = {
  2091001: 'rejected', // no such token
  2091002: 'rejected', // not found
  2091003: 'retry-later', // still being transcribed
  2091004: 'rejected', // deleted
  2091005: 'credentials', // may not be exported
  2091006: 'retry-later',
  1770002: 'rejected', // not found
  1770003: 'rejected', // deleted
  1770032: 'credentials', // not shared with the app
  1770033: 'rejected', // too large
  1771001: 'retry-later',
  131001: 'retry-later',
  131002: 'rejected',
  131005: 'rejected', // not found
  131006: 'credentials', // the app may not read the node
};

function ofDocuments(error: DeliveryError): DeliveryError {
  const problem = PROBLEMS[error.code] ?? (error.code === 'http-403' ? 'credentials' : error.problem);
  const told: DeliveryProblem = problem === 'gone' || problem === 'unreachable' ? 'rejected' : problem;
  return new DeliveryError('feishu', told, error.code, {
    ...(told === 'retry-later' ? { afterMs: error.afterMs ?? 1000 } : {}),
    cause: error,
  });
}
