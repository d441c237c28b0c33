/** What people wrote down in Feishu: 妙记, documents and wiki pages, each shared with the app or not; and the interfaces that read them. */
import { Refused } from './panel.ts';

export interface FakeDocument {
  kind: 'minutes' | 'docx' | 'wiki';
  text: string;
  /** 文档应用 was added, or the 妙记 may be exported by the app */
  shared: boolean;
  /** a 妙记 that is still being transcribed; something that is in the bin */
  state?: 'not-ready' | 'deleted';
  /** what a wiki page shows */
  shows?: { type: string; token: string };
}

export type DocumentAnswer = { data: Record<string, unknown> } | { bytes: Buffer; mime: string; name: string };

/** Undefined: no interface for documents. Codes and statuses as the platform's pages have them. */
export function readDocument(
  documents: ReadonlyMap<string, FakeDocument>,
  path: string,
  query: URLSearchParams,
  needs: (scope: string) => void,
): DocumentAnswer | undefined {
  const minutes = /^\/minutes\/v1\/minutes\/([^/]+)\/transcript$/.exec(path)?.[1];
  const docx = /^\/docx\/v1\/documents\/([^/]+)\/raw_content$/.exec(path)?.[1];
  if (minutes !== undefined) {
    needs('minutes:minutes.transcript:export');
    return transcript(minutes, documents.get(minutes));
  }
  if (docx !== undefined) {
    needs('docx:document:readonly');
    return content(documents.get(docx));
  }
  if (path !== '/wiki/v2/spaces/get_node') return undefined;
  needs('wiki:node:read');
  return node(documents.get(query.get('token') ?? ''));
}

function transcript(token: string, found: FakeDocument | undefined): DocumentAnswer {
  if (token.length !== 24) throw new Refused(2091001, 'param is invalid');
  if (found?.kind !== 'minutes') throw new Refused(2091002, 'resource not found', 404);
  if (found.state === 'not-ready') throw new Refused(2091003, 'minute not ready , try later');
  if (found.state === 'deleted') throw new Refused(2091004, 'resource deleted');
  if (!found.shared) throw new Refused(2091005, 'permission deny', 403);
  return { bytes: Buffer.from(found.text), mime: 'text/plain', name: 'transcript.txt' };
}

function content(found: FakeDocument | undefined): DocumentAnswer {
  if (found?.kind !== 'docx') throw new Refused(1770002, 'not found', 404);
  if (found.state === 'deleted') throw new Refused(1770003, 'resource deleted', 404);
  if (!found.shared) throw new Refused(1770032, 'forBidden', 403);
  return { data: { content: found.text } };
}

function node(found: FakeDocument | undefined): DocumentAnswer {
  if (found?.kind !== 'wiki') throw new Refused(131005, 'not found', 400);
  if (!found.shared) throw new Refused(131006, 'permission denied: node permission denied', 400);
  const { type, token } = found.shows ?? { type: 'sheet', token: 'shtcnAAAAAAAAAAAA' };
  return { data: { node: { space_id: '7034502641455497244', obj_type: type, obj_token: token, title: found.text } } };
}
