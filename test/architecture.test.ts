/** The house keeps its rules; and each rule, shown a breach, sees it. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Fault, findFaults, type Rule, readHouse } from './support/architecture.ts';
import { readSource } from './support/source.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const told = (faults: Fault[]) => faults.map(({ at, said, mend }) => `${at} ${said}. ${mend}`);

describe('the house', async () => {
  const faults = findFaults(await readHouse(root));
  test.for<[Rule, string]>([
    ['imports', 'everybody imports only whom they may'],
    ['cycles', 'nobody imports themselves by a detour'],
    ['barrels', 'every name is imported from where it lives'],
    ['pure', 'pure files neither wait, nor look at the clock, nor roll dice'],
    ['environment', 'only src/config.ts reads the environment'],
    ['length', 'no file is longer than 400 lines'],
    ['names', 'no file has a name that fits everything'],
  ])('%s: %s', ([rule]) => {
    expect(told(faults.filter((fault) => fault.rule === rule))).toEqual([]);
  });
});

/** Breaches by where they are: the rule and the place. */
function breaches(files: Record<string, string>): string[] {
  return findFaults(new Map(Object.entries(files))).map(({ rule, at }) => `${rule} ${at}`);
}

describe('who may import whom', () => {
  test.for<[string, string, boolean]>([
    ['adapters/slack/render.ts', '../../src/core/card.ts', true],
    ['adapters/slack/render.ts', '../../src/words/slack.ts', true],
    ['adapters/slack/connect.ts', '@slack/bolt', true],
    ['adapters/slack/render.ts', '../../src/core/handle.ts', false],
    ['adapters/slack/render.ts', '../../src/requests/model.ts', false],
    ['adapters/slack/render.ts', '../feishu/limits.ts', false],
    ['adapters/feishu/connect.ts', '@slack/bolt', false],
    ['adapters/slack/deliver.ts', '../../db/client.ts', false],
    ['adapters/desk/store.ts', '../../db/client.ts', true],
    ['src/requests/decide.ts', '../core/message.ts', true],
    ['src/requests/decide.ts', '../directory/lookup.ts', true],
    ['src/requests/decide.ts', '../directory/store.ts', false],
    ['src/requests/module.ts', '../files/store.ts', true],
    ['src/requests/speech.ts', '../files/sent.ts', true],
    ['src/requests/module.ts', '../files/fetching.ts', false],
    ['src/files/store.ts', '../requests/store.ts', false],
    ['src/requests/store.ts', '../../db/schema/requests.ts', true],
    ['src/requests/decide.ts', 'drizzle-orm', false],
    ['src/requests/cards.ts', '../../adapters/slack/limits.ts', false],
    ['src/requests/store.ts', '../config.ts', false],
    ['src/core/handle.ts', '../../db/client.ts', true],
    ['src/core/handle.ts', '../requests/model.ts', false],
    ['src/core/deliver.ts', '../../adapters/slack/adapter.ts', false],
    ['src/policies.ts', './requests/model.ts', true],
    ['src/policies.ts', './requests/store.ts', true],
    ['src/policies.ts', './requests/decide.ts', false],
    ['src/policies.ts', './main.ts', false],
    ['src/main.ts', '../adapters/slack/adapter.ts', true],
    ['src/verify.ts', 'node:crypto', true],
    ['src/verify.ts', './core/ledger.ts', false],
    ['src/verify.ts', 'zod', false],
    ['db/migrate.ts', '../src/config.ts', false],
    ['src/core/intake.ts', '../../test/support/people.ts', false],
  ])('%s → %s: %s', ([file, from, allowed]) => {
    expect(breaches({ [file]: `import { x } from '${from}';` })).toEqual(allowed ? [] : [`imports ${file}:1`]);
  });

  test('a type, a side effect and an import at run time count too', () => {
    const ways = ["import type { A } from '../requests/model.ts';", "import '../requests/model.ts';"];
    const calls = ["const m = await import('../requests/model.ts');", "type T = import('../requests/model.ts').T;"];
    expect(breaches({ 'src/core/handle.ts': [...ways, ...calls].join('\n') })).toEqual(
      [1, 2, 3, 4].map((line) => `imports src/core/handle.ts:${line}`),
    );
  });

  test('three files in a ring are one cycle', () => {
    const ring = {
      'src/core/a.ts': "import './b.ts';",
      'src/core/b.ts': "import './c.ts';",
      'src/core/c.ts': "import './a.ts';\nimport './d.ts';",
      'src/core/d.ts': '',
    };
    expect(findFaults(new Map(Object.entries(ring))).map((fault) => fault.said)).toEqual([
      'imports itself: src/core/a.ts → src/core/b.ts → src/core/c.ts → src/core/a.ts',
    ]);
  });

  test('a barrel is found by its name and by what it does', () => {
    expect(breaches({ 'src/requests/index.ts': '' })).toEqual(['barrels src/requests/index.ts']);
    expect(breaches({ 'src/requests/all.ts': "export * from './model.ts';" })).toEqual([
      'barrels src/requests/all.ts:1',
    ]);
    expect(breaches({ 'src/requests/all.ts': "export {\n  a,\n} from './model.ts';" })).toHaveLength(1);
  });
});

describe('what a pure file may not do', () => {
  test.for([
    'await later();',
    'const now = Date.now();',
    'const now = new Date();',
    'const read = clock ?? Date.now;',
    'const id = crypto.randomUUID();',
    'const luck = Math.random();',
    'setTimeout(go, 5);',
    "const env = process['env'];",
    "import { readFileSync } from 'node:fs';",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a source text
    'const text = `at ${Date.now()}`;',
  ])('%s', (text) => {
    const pure = breaches({ 'src/requests/decide.ts': text }).filter((breach) => breach.startsWith('pure'));
    expect(pure).toEqual(['pure src/requests/decide.ts:1']);
    expect(breaches({ 'src/core/deliver.ts': text }).filter((breach) => breach.startsWith('pure'))).toEqual([]);
  });

  test('a time handed in is no look at the clock, and a sentence about waiting does not wait', () => {
    const text = "// await Date.now()\nconst due = new Date(now.getTime() + 5);\nconst said = 'await Math.random()';";
    expect(breaches({ 'src/requests/decide.ts': text })).toEqual([]);
  });
});

test('the environment is read in one file only', () => {
  const text = 'export const port = process.env.PORT;';
  expect(breaches({ 'src/config.ts': text })).toEqual([]);
  expect(breaches({ 'src/core/intake.ts': text })).toEqual(['environment src/core/intake.ts:1']);
  expect(breaches({ 'db/client.ts': "import { env } from 'node:process';" })).toEqual(['environment db/client.ts:1']);
});

test('long files and empty names are named', () => {
  expect(breaches({ 'src/core/handle.ts': 'x;\n'.repeat(400) })).toEqual([]);
  expect(breaches({ 'src/core/handle.ts': 'x;\n'.repeat(401) })).toEqual(['length src/core/handle.ts']);
  expect(breaches({ 'src/core/queue-manager.ts': '', 'src/utils/text.ts': '' })).toHaveLength(2);
});

test('the reader is not fooled by what only looks like code', () => {
  const text = [
    "const a = 'it\\'s'; // import './no.ts'",
    "const slash = /['\"`/]/.test(a) ? 1 / 2 : /* ' */ 3;",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a source text
    "const t = `import './no.ts' ${f({ a: `${b} '` })} \"`;",
    "import { c } from './yes.ts';",
  ].join('\n');
  expect(readSource(text).imports).toEqual([{ from: './yes.ts', line: 4, passesOn: false }]);
});
