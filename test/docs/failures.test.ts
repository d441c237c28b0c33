/** docs/failures.md says what is so: its tests are there, every test that names a case is in it, and the product says its sentences. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSource } from '../support/source.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const CASES = Array.from({ length: 36 }, (_, i) => i + 1);
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const page = read('docs/failures.md');

/** `test('…'`, `describe("…"`, and what follows `.each([…])`; not in comments, and not where it is skipped. */
function titlesIn(text: string): string[] {
  const { code } = readSource(text);
  const calls = code.matchAll(/(?:(?<![.\w])(?:test|it|describe)|\))\s*\(\s*(?=(['"`]))/g);
  return [...calls].map((call) => {
    const from = call.index + call[0].length;
    const to = code.indexOf(call[1] ?? '', from + 1);
    return text.slice(from + 1, to).replace(/\\(.)/g, '$1');
  });
}

const titles = new Map(
  readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .map((file) => `test/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => [file, titlesIn(read(file))]),
);

/** Which cases a title names: `case 5: …`, `… (cases 11 and 12)`, `case 22 and case 23: …`. */
function casesIn(title: string): number[] {
  const named = title.matchAll(/\bcases? (\d+(?:(?:, | and )(?:case )?\d+)*)/g);
  return [...named].flatMap(([, numbers = '']) => [...numbers.matchAll(/\d+/g)].map(Number));
}

/** By case, what its list names: a file, and a title or the titles on the way to it. */
const listed = new Map(
  page
    .split(/^### Case /m)
    .slice(1)
    .map((part) => {
      const lines = [...part.matchAll(/^- `(test\/[^`]+)` › (.+)$/gm)];
      return [Number.parseInt(part, 10), lines.map(([, file = '', title = '']) => ({ file, title }))];
    }),
);
const rows = new Map(
  [...page.matchAll(/^\| (\d+) \|(.+)\|$/gm)].map(([, number, rest = '']) => [Number(number), rest.split(' | ')]),
);

test('each of the thirty-six cases has its row, told whole, and its tests', () => {
  expect([...rows.keys()]).toEqual(CASES);
  expect([...listed.keys()]).toEqual(CASES);
  for (const number of CASES) {
    expect(
      rows.get(number)?.filter((cell) => cell.trim() !== ''),
      `row ${number}`,
    ).toHaveLength(4);
    expect(listed.get(number), `tests of case ${number}`).not.toEqual([]);
  }
});

test.each(CASES)('what is listed for case %i exists by that very name', (number) => {
  const missing = (listed.get(number) ?? []).filter(
    ({ file, title }) => !title.split(' › ').every((part) => titles.get(file)?.includes(part)),
  );
  expect(missing).toEqual([]);
});

test('every test that names a case is listed under it', () => {
  const unlisted = [...titles].flatMap(([file, all]) =>
    all.flatMap((title) =>
      casesIn(title)
        .filter((number) => {
          const here = (listed.get(number) ?? []).filter((one) => one.file === file);
          return !here.some((one) => one.title.split(' › ').includes(title));
        })
        .map((number) => `case ${number}: ${file} › ${title}`),
    ),
  );
  expect(unlisted).toEqual([]);
});

test('what the page has the product say stands in its words', () => {
  const words = readdirSync(join(ROOT, 'src/words')).map((file) => read(`src/words/${file}`).replace(/\\(.)/g, '$1'));
  const said = [...rows.values()]
    .flat()
    .flatMap((cell) => [...cell.matchAll(/“([^”]+)”/g)].map(([, text = '']) => text));
  expect(said.length).toBeGreaterThan(20);
  const pieces = said.flatMap((text) => text.split('…').map((piece) => piece.trim()));
  const unheard = pieces.filter((piece) => /\w{2}/.test(piece) && !words.some((text) => text.includes(piece)));
  expect(unheard).toEqual([]);
});

describe('the reader of titles', () => {
  test('finds what runs, and nothing else', () => {
    const text = [
      "test('one (case 1)', () => {});",
      'describe("two’s", () => {});',
      "test.each([['a', 'b']])('three %s', () => {});",
      "// test('four', () => {});",
      "test.skip('five', () => {});",
      "const six = { test: 'six' };",
    ].join('\n');
    expect(titlesIn(text)).toEqual(['one (case 1)', 'two’s', 'three %s']);
  });
  test('finds each number of a case', () => {
    expect(casesIn('case 22 and case 23: too large')).toEqual([22, 23]);
    expect(casesIn('gone (cases 11 and 12)')).toEqual([11, 12]);
    expect(casesIn('case 6, 13, 15: %s')).toEqual([6, 13, 15]);
    expect(casesIn('a showcase of 7')).toEqual([]);
  });
});
