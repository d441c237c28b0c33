/** The rules of the house as one function from the sources to their faults: who may import whom, and what a pure file is. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, posix } from 'node:path';
import { lineAt, readSource, type Source } from './source.ts';

export type Rule = 'imports' | 'cycles' | 'barrels' | 'pure' | 'environment' | 'length' | 'names';

export interface Fault {
  rule: Rule;
  /** path from the root, with the line where one is to blame */
  at: string;
  said: string;
  mend: string;
}

const AREAS = ['src', 'adapters', 'db'];
const LONGEST = 400;

/** Path from the root → text, of every source file under the rules. */
export async function readHouse(root: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const area of AREAS) {
    const entries = await readdir(join(root, area), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isFile() || !['.ts', '.js', '.mjs'].includes(extname(entry.name))) continue;
      const file = join(entry.parentPath, entry.name);
      texts.set(posix.relative(root, file), await readFile(file, 'utf8'));
    }
  }
  return texts;
}

export function findFaults(texts: ReadonlyMap<string, string>): Fault[] {
  const house = new Map([...texts].map(([file, text]) => [file, readSource(text)]));
  const faults = [...house].flatMap(([file, source]) => [
    ...importFaults(file, source),
    ...barrelFaults(file, source),
    ...pureFaults(file, source),
    ...environmentFaults(file, source),
    ...lengthFaults(file, texts.get(file) ?? ''),
    ...nameFaults(file),
  ]);
  return [...faults, ...cycleFaults(house)];
}

// --- who may import whom ---------------------------------------------------------------------------------------------

/** What puts the parts together: the root itself, its commands, and what it is made of. */
const COMPOSERS: readonly string[] = [
  ...[
    'main',
    'ground',
    'manifest',
    'nouns',
    'office',
    'platforms',
    'restored',
    'background',
    'replicas',
    'selftest',
    'server',
  ],
].map((name) => `src/${name}.ts`);
/** It must be readable, and runnable, by a stranger who has nothing but this one file and Node. */
const ALONE = 'src/verify.ts';
/**
 * What a module shows to the others; a process is data, and `path` … are its readings; files belong to whatever took them, which keeps them
 * with itself by `store` and takes them from people by `sent`.
 */
const SHOWN = ['model', 'lookup'];
const SHOWN_BY: Record<string, readonly string[]> = {
  processes: ['path', 'conditions', 'whatif'],
  decisions: ['listing'],
  meetings: ['rule', 'schedule', 'rrule'],
  files: ['store', 'sent'],
  crisis: ['book', 'listing'],
  signals: ['listing'],
  statements: ['listing'],
};
const DATABASE = ['postgres', 'drizzle-orm', 'pg-boss'];
const SDKS: Record<string, string> = { '@slack': 'slack', '@larksuiteoapi': 'feishu', nodemailer: 'email' };

function importFaults(file: string, { imports }: Source): Fault[] {
  return imports.flatMap(({ from, line }) => {
    const mend = from.startsWith('.') ? mendOfOwn(file, target(file, from)) : mendOfPackage(file, from);
    return mend === undefined
      ? []
      : [{ rule: 'imports', at: `${file}:${line}`, said: `imports ${from}`, mend } as const];
  });
}

const target = (file: string, from: string) => posix.normalize(posix.join(posix.dirname(file), from));

/** @returns what to do instead; undefined if the import is right */
function mendOfOwn(file: string, to: string): string | undefined {
  if (file === ALONE) return 'The verifier stands alone: only node: modules.';
  if (COMPOSERS.includes(file)) return undefined;
  if (COMPOSERS.includes(to)) return 'Nobody imports the composition root: take what you need as an argument.';
  if (!AREAS.some((area) => to.startsWith(`${area}/`))) return 'Only src, adapters and db are the product.';
  const [area = '', part = ''] = file.split('/');
  if (area === to.split('/')[0] && part === to.split('/')[1] && file.split('/').length > 2) return undefined;
  if (to.startsWith('db/'))
    return mayTouchDatabase(file) ? undefined : 'Only store.ts, src/core and db itself know the database.';
  if (area === 'db') return 'db knows nobody: move the type to the schema, or hand it in.';
  if (area === 'adapters') return mendOfAdapter(to);
  return mendOfSource(file, to);
}

function mayTouchDatabase(file: string): boolean {
  return (
    file.startsWith('db/') || file.startsWith('src/core/') || basename(file) === 'store.ts' || COMPOSERS.includes(file)
  );
}

function mendOfAdapter(to: string): string | undefined {
  if (to === 'src/core/card.ts' || to === 'src/core/chat.ts' || to.startsWith('src/words/')) return undefined;
  return 'An adapter knows the port and the words: src/core/chat.ts, src/core/card.ts, src/words.';
}

function mendOfSource(file: string, to: string): string | undefined {
  if (to.startsWith('adapters/'))
    return 'Adapters stand behind the port src/core/chat.ts; only src/main.ts knows them.';
  const [, home = ''] = file.split('/');
  const [, place = '', name = ''] = to.split('/');
  if (place === 'core' || place === 'words') return undefined;
  if (to === 'src/config.ts') return 'Take it as an argument from src/main.ts.';
  if (home === 'core')
    return 'The road knows no PR vocabulary: the module hands it in through its manifest (core/module.ts).';
  // a policy asks whom an event concerns before it sets them in motion
  const asked = home === 'policies.ts' ? ['store', 'listing', 'planning'] : (SHOWN_BY[place] ?? []);
  const shown = [...SHOWN, ...asked];
  if (shown.includes(basename(name, '.ts'))) return undefined;
  return `Of src/${place} others may ask only ${shown.map((one) => `${one}.ts`).join(', ')}.`;
}

function mendOfPackage(file: string, from: string): string | undefined {
  if (file === ALONE) return from.startsWith('node:') ? undefined : 'The verifier stands alone: only node: modules.';
  const [scope = ''] = from.split('/');
  const sdk = SDKS[scope];
  if (sdk !== undefined && !file.startsWith(`adapters/${sdk}/`) && !COMPOSERS.includes(file)) {
    return `The SDK belongs to adapters/${sdk} alone: speak through src/core/chat.ts.`;
  }
  if (DATABASE.includes(scope) && !mayTouchDatabase(file) && !isManifest(file)) {
    return 'Only store.ts, src/core and db itself know the database.';
  }
  return undefined;
}

/** A module's manifest ties its store to the road and may name the type of a transaction. */
const isManifest = (file: string) => /^src\/[^/]+\/module\.ts$/.test(file);

// --- cycles and barrels ----------------------------------------------------------------------------------------------

/** Depth first; the cycle is named from its alphabetically first file, once. */
function cycleFaults(house: ReadonlyMap<string, Source>): Fault[] {
  const seen = new Map<string, 'open' | 'closed'>();
  const cycles = new Set<string>();
  const visit = (file: string, trail: string[]) => {
    if (seen.get(file) === 'open') cycles.add(turned([...trail.slice(trail.indexOf(file))]));
    if (seen.has(file)) return;
    seen.set(file, 'open');
    for (const { from } of house.get(file)?.imports ?? []) {
      if (from.startsWith('.') && house.has(target(file, from))) visit(target(file, from), [...trail, file]);
    }
    seen.set(file, 'closed');
  };
  for (const file of [...house.keys()].sort()) visit(file, []);
  return [...cycles].map((cycle) => ({
    rule: 'cycles',
    at: cycle.split(' → ')[0] ?? '',
    said: `imports itself: ${cycle}`,
    mend: 'Move what both need into a file of its own, or hand it in.',
  }));
}

function turned(cycle: string[]): string {
  const first = cycle.indexOf([...cycle].sort()[0] ?? '');
  const around = [...cycle.slice(first), ...cycle.slice(0, first)];
  return [...around, around[0]].join(' → ');
}

function barrelFaults(file: string, { imports }: Source): Fault[] {
  const mend = 'Import each name from the file where it lives.';
  const passed = imports.filter((one) => one.passesOn);
  const faults: Fault[] = passed.map(({ from, line }) => ({
    rule: 'barrels',
    at: `${file}:${line}`,
    said: `passes on names of ${from}`,
    mend,
  }));
  if (/^index\.m?[jt]s$/.test(basename(file)))
    faults.push({ rule: 'barrels', at: file, said: 'is a barrel by name', mend });
  return faults;
}

// --- pure files, the environment, lengths, names ---------------------------------------------------------------------

const PURE = [
  'decide',
  'evolve',
  'cards',
  'model',
  'lookup',
  'effects',
  'money',
  'calendar',
  'card',
  'render',
  'parse',
];
const PURE_IN_CORE = ['message'];
const IMPURE: readonly [RegExp, string][] = [
  [/\bawait\b/g, 'waits'],
  [
    /\bDate\.now\b|\bnew Date\s*\(\s*\)|\bnew Date\b(?!\s*[(.])|\bTemporal\.Now\b|\bperformance\.now\b/g,
    'looks at the clock',
  ],
  [/\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\brandomInt\b|\bgetRandomValues\b/g, 'rolls dice'],
  // a variable may well be called `process` here: the department has processes
  [
    /\bprocess\s*(?:\.\s*(?:env|argv|cwd|hrtime|uptime|nextTick|stdout|stderr|stdin|pid)\b|\[\s*['"`])/g,
    'reads the process',
  ],
  [/\bset(?:Timeout|Interval|Immediate)\b/g, 'sets a timer'],
  [/\bfetch\s*\(/g, 'calls out'],
];
const OUTWARD = /^node:(?:fs|net|http|https|http2|dns|child_process|timers|worker_threads|process|os|dgram|tls)\b/;

function isPure(file: string): boolean {
  if (file.startsWith('db/') || extname(file) !== '.ts') return false;
  const name = basename(file, '.ts');
  return PURE.includes(name) || (PURE_IN_CORE.includes(name) && dirname(file) === 'src/core');
}

function pureFaults(file: string, { code, imports }: Source): Fault[] {
  if (!isPure(file)) return [];
  const mend = 'It is a pure file: have the time, the ids and the facts handed in.';
  const seen = IMPURE.flatMap(([pattern, said]) =>
    [...code.matchAll(pattern)].map((match) => ({ at: `${file}:${lineAt(code, match.index)}`, said })),
  );
  const outward = imports.filter(({ from }) => OUTWARD.test(from));
  const brought = outward.map(({ from, line }) => ({ at: `${file}:${line}`, said: `imports ${from}` }));
  return [...seen, ...brought].map(({ at, said }) => ({ rule: 'pure', at, said, mend }));
}

const ENVIRONMENT = /\bprocess\s*(?:\?\.|\.)\s*env\b|\bprocess\s*\[\s*['"`]/g;

function environmentFaults(file: string, { code, imports }: Source): Fault[] {
  if (file === 'src/config.ts') return [];
  const read = [...code.matchAll(ENVIRONMENT)].map((match) => lineAt(code, match.index));
  const brought = imports.filter(({ from }) => from === 'node:process' || from === 'process').map(({ line }) => line);
  return [...read, ...brought].map((line) => ({
    rule: 'environment',
    at: `${file}:${line}`,
    said: 'reads the environment',
    mend: 'Only src/config.ts does: take the setting as an argument.',
  }));
}

function lengthFaults(file: string, text: string): Fault[] {
  const lines = text.trimEnd().split('\n').length;
  if (lines <= LONGEST) return [];
  return [{ rule: 'length', at: file, said: `has ${lines} lines`, mend: `Split it by noun: at most ${LONGEST}.` }];
}

const EMPTY_NAME = /^(?:utils?|helpers?|common|shared|misc|managers?|services?)$/;

/** In `queue-manager.ts` as in `utils/`: a word that fits everything tells nothing. */
function nameFaults(file: string): Fault[] {
  const words = file.replace(/\.[^/]*$/, '').split(/[/.-]/);
  const empty = words.find((word) => EMPTY_NAME.test(word));
  if (empty === undefined) return [];
  return [{ rule: 'names', at: file, said: `is named “${empty}”`, mend: 'Name it after the noun that it is about.' }];
}
