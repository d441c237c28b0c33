/** One YAML file of the handbook: its text, its data, and where in the text each piece of the data stands. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import type { Finding, Path, Saying } from './model.ts';

/** A rule book is text that people wrote: a megabyte of it is a mistake, and so are a hundred copies of one anchor. */
const MAX_BYTES = 1024 * 1024;
const MAX_ALIASES = 100;

export interface SourceFile {
  file: string;
  text: string;
  sha256: string;
  /** `undefined` where the file cannot be read at all */
  data: unknown;
  findings: Finding[];
  place(of: Pick<Finding, 'path' | 'onKey' | 'offset'>): { line: number; column: number };
}

type Loaded = { text: string } | { saying: Saying };

/** @throws never: what is wrong with the file is among its findings */
export async function readSource(folder: string, file: string): Promise<SourceFile> {
  const loaded = await load(join(folder, file));
  if ('saying' in loaded) return empty(file, loaded.saying);
  const lines = new LineCounter();
  const document = parsed(loaded.text, lines);
  if (!document) return empty(file, { code: 'yaml', reason: 'TOO_DEEP', text: 'too deep' });
  const findings: Finding[] = [];
  for (const problem of [...document.errors, ...document.warnings]) {
    const saying: Saying = { code: 'yaml', reason: problem.code, text: firstLine(problem.message) };
    findings.push({ file, path: [], offset: problem.pos[0], saying });
  }
  const data = document.errors.length > 0 ? undefined : plain(document, file, findings);
  const place: SourceFile['place'] = ({ path, onKey = false, offset }) => {
    const { line, col } = lines.linePos(offset ?? offsetOf(document, path, onKey));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  return { file, text: loaded.text, sha256: hashOf(loaded.text), data, findings, place };
}

/** @returns undefined for what is nested deeper than the parser can go */
function parsed(text: string, lineCounter: LineCounter): Document | undefined {
  try {
    return parseDocument(text, { lineCounter, uniqueKeys: true, prettyErrors: false });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function empty(file: string, saying: Saying): SourceFile {
  const place = () => ({ line: 1, column: 1 });
  return { file, text: '', sha256: hashOf(''), data: undefined, findings: [{ file, path: [], saying }], place };
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

async function load(path: string): Promise<Loaded> {
  try {
    const bytes = await readFile(path);
    if (bytes.byteLength > MAX_BYTES) return { saying: { code: 'file-too-large', limit: MAX_BYTES } };
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { saying: { code: 'not-utf8' } };
    return { saying: { code: 'file-unreadable', reason: code || 'unknown' } };
  }
}

/**
 * The data of a document without errors; a bomb of anchors is refused before it is unfolded. What an anchor repeats is copied, so that
 * mending one place does not change another.
 */
function plain(document: Document, file: string, findings: Finding[]): unknown {
  try {
    const data: unknown = JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: MAX_ALIASES })) ?? 'null');
    if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data;
    findings.push({ file, path: [], saying: { code: 'not-a-mapping' } });
  } catch (error) {
    const text = error instanceof Error ? firstLine(error.message) : '';
    findings.push({ file, path: [], saying: { code: 'yaml', reason: 'ALIASES', text } });
  }
  return undefined;
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 200);
}

/** The offset of what stands at `path`, or of the nearest thing around it that exists. */
function offsetOf(document: Document, path: Path, onKey: boolean): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, segment] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const last = depth === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment));
      if (!pair) return offset;
      const inBlock = !isScalar(pair.value) && !(isNode(pair.value) && isAlias(pair.value));
      offset = startOf(last && (onKey || inBlock) ? pair.key : pair.value) ?? startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(segment)];
      if (node === undefined) return offset;
      offset = startOf(isPair(node) ? node.key : node) ?? offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}
