/**
 * Checks an exported ledger, offline: `node verify.ts FILE [--checkpoint HASH-or-FILE …]`.
 *
 * This one file uses nothing but Node's own modules, so that a stranger can read all of it and need not trust the program that wrote the
 * export. What it takes for granted is written here.
 *
 * FORM  One JSON object a line, keys in this order, no spaces: seq at subject position type by data prev hash. In `data` keys are sorted by
 *       UTF-16 code unit and numbers are whole. A line in any other form did not come from the product.
 * HASH  SHA-256 over nine lines of UTF-8 joined by \n: "countersign-ledger-1", prev, seq, at, subject, position, type, by, data.
 * CHAIN Every subject has its own chain: position 1, 2, 3 …, each entry's prev is the hash before it (64 zeros for the first). seq rises
 *       through the file; it may leap (a transaction that was given up used the numbers), so only positions tell that something is missing.
 * SEAL  In the chain `ledger`, an entry `ledger-sealed` holds a digest over where every chain stood at seq `through`: SHA-256 over
 *       "countersign-heads-1\n" and a line `subject TAB position TAB hash LF` for each chain, sorted by the subject's UTF-8 bytes. Its own
 *       hash is the checkpoint that was posted to the chats. What lies between `through` and the seal itself is covered by the next seal.
 *
 * What shows: an edited, missing, doubled, moved or invented line; the end of a chain, or a whole chain, missing from under a seal. Whoever
 * owns the database can write new history with new hashes and new seals: that shows only against a checkpoint kept elsewhere
 * (`--checkpoint`). What is not sealed yet can lose its end unseen; the summary says how much that is.
 *
 * Exit code 0: in order · 1: a fault, the first one is named · 2: wrong usage, unreadable, or nothing to check.
 */
import { isUtf8 } from 'node:buffer';
import { createHash, hash as digest } from 'node:crypto';
import { closeSync, createWriteStream, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';

const USAGE = `usage: verify FILE [--checkpoint HASH-or-FILE …]
  FILE          an export of the ledger (/audit.ndjson); - reads standard input
  --checkpoint  as posted to the chats: its 64 characters, or NUMBER:HASH, or a text file that contains such`;

const ZEROS = '0'.repeat(64);
/** A control character in a field could pass for the end of a line of the hashed text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
/** The values that hold no others, as they are written: whatever must be escaped in the shortest way, and whole numbers. */
const TEXT =
  /"[ !#-[\]-\uffff]*(?:\\(?:["\\bfnrt]|u(?:00(?:0[0-7be-f]|1[\da-f])|d[89ab][\da-f]{2}(?!\\ud[c-f])|d[c-f][\da-f]{2}))[ !#-[\]-\uffff]*)*"/y;
const WORD = /true|false|null|0|-?[1-9]\d{0,15}/y;
const SEALED = Buffer.from('"type":"ledger-sealed"');
const LONGEST_LINE = 8 * 1024 * 1024;

type Place = { line: number; subject?: string | undefined };
class Fault extends Error {
  readonly place: Place;
  constructor(place: Place, sentence: string) {
    super(sentence);
    this.place = place;
  }
}
class Unusable extends Error {}

/** `ended: false`: the file ends here without an end of line. */
type Line = { line: number; bytes: Buffer; ended: boolean };
/** One entry, `data` in canonical form, and the line that it stands on. */
type Entry = Record<'line' | 'seq' | 'position', number> &
  Record<'at' | 'subject' | 'type' | 'by' | 'data' | 'prev' | 'hash', string>;
type Chain = Pick<Entry, 'line' | 'subject' | 'position' | 'hash'>;
type Heads = { chains: number; entries: number; heads: string };
type Seal = Heads & { number: number; through: number; entry: Entry };
type Posted = { number: string | undefined; hash: string };

/** A byte order mark, Windows line ends and blank lines are the luggage of editors and mail: they change no entry and are passed over. */
function* linesOf(path: string): Generator<Line> {
  let line = 0;
  for (const { block, ended } of blocksOf(path)) {
    if (block.length === 0) throw new Fault({ line: line + 1 }, 'this line is longer than any the product writes.');
    for (let at = 0, end = 0; at < block.length; at = end + 1) {
      line += 1;
      end = ended ? block.indexOf(10, at) : block.length;
      const from = line === 1 && block.subarray(0, 3).equals(Buffer.from('\ufeff')) ? 3 : at;
      const bytes = block.subarray(from, block[end - 1] === 0x0d ? end - 1 : end);
      if (bytes.length > 0) yield { line, bytes, ended };
    }
  }
}

/** Whole lines, about a megabyte of them; last what follows the last end of a line. An empty block: the next line is too long. */
function* blocksOf(path: string): Generator<{ block: Buffer; ended: boolean }> {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(1024 * 1024);
    let rest = Buffer.alloc(0);
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      const bytes = Buffer.concat([rest, chunk.subarray(0, size)]);
      const end = bytes.lastIndexOf(10) + 1;
      if (end > 0) yield { block: bytes.subarray(0, end), ended: true };
      rest = bytes.subarray(end);
      if (rest.length > LONGEST_LINE) return void (yield { block: Buffer.alloc(0), ended: true });
    }
    if (rest.length > 0) yield { block: rest, ended: false };
  } finally {
    closeSync(file);
  }
}

function readEntry({ line, bytes, ended }: Line): Entry {
  const text = bytes.toString('utf8');
  const fault = (sentence: string) =>
    new Fault({ line, subject: /"subject":"([^"\\\p{C}]{1,120})"/u.exec(text)?.[1] }, sentence);
  const cut = 'the file ends in the middle of this line: it is cut off here.';
  if (!isUtf8(bytes)) throw fault(ended ? 'this line is not valid UTF-8: it was edited or damaged.' : cut);
  const entry = asEntry(line, text);
  if (entry !== undefined) return entry;
  try {
    JSON.parse(text);
  } catch {
    throw fault(ended ? 'this line is not JSON: it was edited or damaged.' : cut);
  }
  throw fault('this line is not in the form that the product writes: it was edited.');
}

/** A line taken apart at its joints; what stands between them is looked at by itself, so that no doubled key, space or odd number hides. */
const FORM =
  /^\{"seq":([1-9]\d{0,14}),"at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)","subject":("(?:[^"\\]|\\.)+"),"position":([1-9]\d{0,14}),"type":("(?:[^"\\]|\\.)+"),"by":("(?:[^"\\]|\\.)+"),"data":(\{.*\}),"prev":"([^"\\]*)","hash":"([^"\\]*)"\}$/s;

function asEntry(line: number, text: string): Entry | undefined {
  const [, seq, at = '', s, position, t, b, data = '', prev = '', hash = ''] = FORM.exec(text) ?? [];
  const [subject, type, by] = [readName(s), readName(t), readName(b)];
  if (!subject || !type || !by || endOf(data) !== data.length) return undefined;
  return { line, seq: Number(seq), at, subject, position: Number(position), type, by, data, prev, hash };
}

function readName(raw = ''): string | undefined {
  const name = endOf(raw) === raw.length ? (JSON.parse(raw) as string) : '';
  return CONTROL.test(name) ? undefined : name;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
const unquoted = (text: string): string => (text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1));

/** Where the value that begins here ends, if it is in the form that the product writes; -1 if not, as for nesting without end. */
function endOf(json: string, at = 0, depth = 0): number {
  const first = depth < 3000 ? json[at] : undefined;
  if (first !== '{' && first !== '[') return endOfOne(json, at, first === '"' ? TEXT : WORD);
  const close = first === '{' ? '}' : ']';
  if (json[at + 1] === close) return at + 2;
  for (let from = at + 1, key: string | undefined; ; from += 1) {
    if (first === '{') {
      const end = endOfOne(json, from, TEXT);
      const next = json[end] === ':' ? unquoted(json.slice(from, end)) : '';
      if (json[end] !== ':' || (key !== undefined && next <= key)) return -1;
      [key, from] = [next, end + 1];
    }
    from = endOf(json, from, depth + 1);
    if (json[from] === close) return from + 1;
    if (json[from] !== ',') return -1;
  }
}

/** @param form TEXT or WORD; numbers beyond 2^53 have sixteen digits */
function endOfOne(json: string, at: number, form: RegExp): number {
  form.lastIndex = at;
  const end = form.test(json) ? form.lastIndex : -1;
  return end - at < 16 || form === TEXT || Number.isSafeInteger(Number(json.slice(at, end))) ? end : -1;
}

function hashOf(e: Entry): string {
  const what = `${e.subject}\n${e.position}\n${e.type}\n${e.by}\n${e.data}`;
  return digest('sha256', `countersign-ledger-1\n${e.prev}\n${e.seq}\n${e.at}\n${what}`);
}

/** What the file is known to hold so far. Memory grows with the number of chains and seals, not of lines. */
class Ledger {
  readonly chains = new Map<string, Chain>();
  readonly seals: Seal[] = [];
  last: Entry | undefined;
  lines = 0;
  /** a seal that does not hold; what comes later may still tell which line is missing from under it */
  broken: Fault | undefined;
  #sorted: Chain[] = [];
  #unsorted: Chain[] = [];
  /** the seqs at which the file's seals cut, the next one last; and how every chain stood at those that were passed */
  readonly #cuts: number[];
  readonly #headsAt = new Map<number, Heads>();

  constructor(cuts: number[]) {
    this.#cuts = [...new Set(cuts)].sort((a, b) => b - a);
  }

  take(entry: Entry): void {
    const hash = hashOf(entry);
    if (hash !== entry.hash) throw new Fault(entry, 'this line does not have the hash that it claims: it was edited.');
    if (this.last !== undefined && entry.seq <= this.last.seq) {
      const where = `number ${entry.seq} comes after number ${this.last.seq}`;
      throw new Fault(entry, `${where}: this line was moved, doubled or put in.`);
    }
    // Heads are taken when the file passes a cut; the seal that needs them comes later.
    for (let cut = this.#cuts.at(-1); cut !== undefined && cut < entry.seq; cut = this.#cuts.at(-1)) {
      this.#headsAt.set(cut, this.#heads());
      this.#cuts.pop();
    }
    this.#extendChain(entry, hash);
    if (entry.subject === 'ledger' && entry.type === 'ledger-sealed') this.broken ??= this.#checkSeal(readSeal(entry));
    this.last = entry;
    this.lines += 1;
  }

  /** `hash`: as it was reckoned; the entry's own is a piece of its line, which it would keep in memory. */
  #extendChain(entry: Entry, hash: string): void {
    const { line, subject, position, prev } = entry;
    const chain = this.chains.get(subject);
    const expected = (chain?.position ?? 0) + 1;
    if (position > expected) throw new Fault(entry, missing(expected, position - 1, chain));
    if (position < expected) throw new Fault(entry, `entry ${position} of this chain comes again: it was put in.`);
    if (prev !== (chain?.hash ?? ZEROS)) throw new Fault(entry, unlinked(chain));
    const now = { line, subject, position, hash };
    if (chain === undefined) this.#unsorted.push(now);
    this.chains.set(subject, Object.assign(chain ?? now, now));
  }

  #heads(): Heads {
    // Two sorted runs: the sort merges them in one pass.
    if (this.#unsorted.length > 0) this.#sorted = this.#sorted.concat(this.#unsorted.sort(byBytes)).sort(byBytes);
    this.#unsorted = [];
    const sum = createHash('sha256').update('countersign-heads-1\n');
    let entries = 0;
    for (let from = 0; from < this.#sorted.length; from += 4096) {
      let text = '';
      for (const { subject, position, hash } of this.#sorted.slice(from, from + 4096)) {
        text += `${subject}\t${position}\t${hash}\n`;
        entries += position;
      }
      sum.update(text);
    }
    return { chains: this.#sorted.length, entries, heads: sum.digest('hex') };
  }

  #checkSeal(seal: Seal): Fault | undefined {
    const before = this.seals.at(-1);
    const found = this.#headsAt.get(seal.through);
    const name = `checkpoint ${seal.number}`;
    this.seals.push(seal);
    if (seal.number !== (before?.number ?? 0) + 1) {
      return new Fault(seal.entry, `${name} follows checkpoint ${before?.number ?? 0}: the seals were rewritten.`);
    }
    if (found === undefined || seal.through <= (before?.through ?? 0)) {
      return new Fault(seal.entry, `${name} seals up to number ${seal.through}, which cannot be: it was rewritten.`);
    }
    const same = found.heads === seal.heads && found.chains === seal.chains && found.entries === seal.entries;
    return same ? undefined : new Fault(seal.entry, `${name} ${broken(seal, found)}`);
  }
}

function readSeal(entry: Entry): Seal {
  const { checkpoint: number, through, chains, entries, heads } = JSON.parse(entry.data) as Record<string, unknown>;
  if (isCount(number) && isCount(through) && isCount(chains) && isCount(entries) && /^[0-9a-f]{64}$/.test(`${heads}`)) {
    return { number, through, chains, entries, heads: `${heads}`, entry };
  }
  throw new Fault(entry, 'this seal does not say what it covers: it was not written by the product.');
}

/** As UTF-8 bytes sort, which is by code point: JavaScript would put surrogates before U+E000. */
function byBytes({ subject: a }: Chain, { subject: b }: Chain): number {
  const rank = (unit: number) => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (a[i] !== b[i]) return rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
  }
  return a.length - b.length;
}

function missing(from: number, to: number, chain: Chain | undefined): string {
  const what = from === to ? `entry ${from} of this chain is` : `entries ${from} to ${to} of this chain are`;
  return `${what} missing ${chain === undefined ? 'before' : `between line ${chain.line} and`} this line.`;
}

function unlinked(chain: Chain | undefined): string {
  if (chain === undefined) return 'this line begins a chain but names something before it: it was rewritten.';
  return `this line does not follow from line ${chain.line}, the one before it in its chain: one of them was rewritten.`;
}

function broken(seal: Seal, found: Heads): string {
  const sealed = `sealed ${seal.entries} entries in ${seal.chains} chains up to number ${seal.through}`;
  if (found.entries === seal.entries && found.chains === seal.chains) {
    return `${sealed}, and the file holds as many, but not the same: what stands before this line was rewritten.`;
  }
  const how = found.entries < seal.entries ? 'entries are missing' : 'entries were put in';
  return `${sealed}, but the file holds ${found.entries} in ${found.chains}: ${how} before this line.`;
}

/** A first look at the file, for where its seals cut; the second then needs to keep nothing but the chains' heads. */
function cutsOf(path: string): number[] {
  const cuts: number[] = [];
  for (const { block } of blocksOf(path)) {
    for (let at = block.indexOf(SEALED); at !== -1; at = block.indexOf(SEALED, at + 1)) {
      const end = block.indexOf(10, at);
      const text = block.toString('utf8', at, end === -1 ? block.length : end);
      const through = /"through":(\d{1,16})\}/.exec(text)?.[1];
      if (through) cuts.push(Number(through));
    }
  }
  return cuts;
}

function verify(path: string, posted: Posted[]): string {
  const ledger = new Ledger(cutsOf(path));
  try {
    for (const line of linesOf(path)) ledger.take(readEntry(line));
  } catch (error) {
    if (!(error instanceof Fault) || ledger.broken === undefined) throw error;
    throw new Fault(ledger.broken.place, `${ledger.broken.message}\nLater in the file: ${tell(error)}`);
  }
  if (ledger.broken !== undefined) throw ledger.broken;
  if (ledger.last === undefined) throw new Unusable('there is not one line of a ledger in it: nothing was checked.');
  for (const checkpoint of posted) findPosted(ledger, ledger.last.line, checkpoint);
  return summary(ledger, posted);
}

function findPosted(ledger: Ledger, line: number, { number, hash }: Posted): void {
  if (ledger.seals.some((seal) => seal.entry.hash === hash)) return;
  const same = ledger.seals.find((seal) => String(seal.number) === number);
  if (same !== undefined) {
    const sentence = `this is not the checkpoint ${number} that was posted (${hash}): what stands before was rewritten.`;
    throw new Fault(same.entry, sentence);
  }
  const last = ledger.seals.at(-1);
  const holds = last === undefined ? 'holds no checkpoint' : `ends with checkpoint ${last.number}`;
  const how = number === undefined ? 'the end was cut off, or what stands before was rewritten' : 'the end was cut off';
  const name = number === undefined ? hash : `${number}:${hash}`;
  throw new Fault({ line }, `the posted checkpoint ${name} is not in the file, which ${holds} and this line: ${how}.`);
}

function summary(ledger: Ledger, posted: Posted[]): string {
  const last = ledger.seals.at(-1);
  const newest = ledger.seals.findLast((seal) => posted.some((checkpoint) => checkpoint.hash === seal.entry.hash));
  const open = ledger.lines - (last === undefined ? 0 : last.entries + 1);
  const said = [`In order: ${ledger.lines} lines, ${ledger.chains.size} chains, ${ledger.seals.length} checkpoints.`];
  if (last !== undefined)
    said.push(`Last checkpoint: ${last.number}:${last.entry.hash}, ${last.entry.at}, line ${last.entry.line}.`);
  if (open > 0)
    said.push(`Warning: ${open} of the lines are not sealed yet: if more had followed them, it would not show.`);
  said.push(
    newest === undefined
      ? 'Warning: no posted checkpoint was given: a history rewritten with all its hashes and seals would not show.'
      : `Confirmed by posted checkpoint ${newest.number}: everything up to number ${newest.through}.`,
  );
  return said.join('\n');
}

/** A hash, `NUMBER:HASH`, or a file that holds such: a saved chat, for instance. */
function readPosted(given: string): Posted[] {
  const direct = hashesIn(given);
  if (direct.length === 1 && given.length <= 80) return direct;
  const found = hashesIn(readFileSync(given, 'utf8'));
  if (found.length === 0) throw new Unusable(`${given} holds no checkpoint (64 characters of 0-9 and a-f).`);
  return found;
}

/** `12:HASH`, or as the product posts it: `Checkpoint 12 HASH`, `第 12 号检查点 HASH`. Without a number a hash will do. */
function hashesIn(text: string): Posted[] {
  const number =
    '(?:(?<![\\d:.-])(\\d{1,9})\\s*[:：]\\s*|(?:checkpoint|第)\\s*(\\d{1,9})\\s*(?:号检查点)?\\s*[:：]?\\s*)?';
  const found = text.matchAll(new RegExp(`${number}(?<![0-9a-z])([0-9a-f]{64})(?![0-9a-z])`, 'gi'));
  return Array.from(found, ([, one, other, hash = '']) => ({ number: one ?? other, hash: hash.toLowerCase() }));
}

export async function run(args: string[]): Promise<{ code: number; said: string }> {
  let spool: string | undefined;
  try {
    const { file, given } = readArguments(args);
    const posted = given.flatMap(readPosted);
    if (file !== '-') return { code: 0, said: verify(file, posted) };
    // The file is read twice, standard input cannot be.
    spool = mkdtempSync(join(tmpdir(), 'verify-'));
    await pipeline(process.stdin, createWriteStream(join(spool, 'input'), { mode: 0o600 }));
    return { code: 0, said: verify(join(spool, 'input'), posted) };
  } catch (error) {
    return report(error);
  } finally {
    if (spool !== undefined) rmSync(spool, { recursive: true, force: true });
  }
}

function readArguments(args: string[]): { file: string; given: string[] } {
  const checkpoint = { type: 'string', multiple: true, default: [] as string[] } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { checkpoint } });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new Unusable(USAGE);
  return { file, given: values.checkpoint };
}

function tell({ place: { line, subject }, message }: Fault): string {
  return `line ${line}${subject === undefined ? '' : `, ${subject}`}: ${message}`;
}

function report(error: unknown): { code: number; said: string } {
  if (error instanceof Fault) return { code: 1, said: `FAULT at ${tell(error)}` };
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof Unusable) return { code: 2, said: text };
  return { code: 2, said: error instanceof TypeError ? `${text}\n${USAGE}` : `cannot be read: ${text}` };
}

if (import.meta.main) {
  const { code, said } = await run(process.argv.slice(2));
  (code === 2 ? console.error : console.log)(said);
  process.exitCode = code;
}
