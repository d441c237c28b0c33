/** The verifier before a stranger's eyes: real exports, damaged in every way that one can think of. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendLedger, type Checkpoint, seal, streamLedger } from '../src/core/ledger.ts';
import type { JsonObject } from '../src/core/message.ts';
import { run } from '../src/verify.ts';
import { freshDatabase } from './support/database.ts';

const AT = new Date('2026-11-22T01:02:03.456Z');
const VERIFY = join(import.meta.dirname, '../src/verify.ts');

interface Export {
  lines: string[];
  seals: Checkpoint[];
}

/** What a department did, told to a real ledger: three sealed days, the last line being the third seal. */
async function tell(amount: string): Promise<Export> {
  const database = await freshDatabase();
  const sql = postgres(database.url, { max: 4, types: { bigint: postgres.BigInt }, onnotice: () => {} });
  const seals: (Checkpoint | undefined)[] = [];
  const say = (subject: string, type: string, data: JsonObject = {}) =>
    appendLedger(sql, [{ subject, type, by: 'wang', at: AT, data }]);
  await say('SP-2026-0001', 'request-submitted', { amount, title: '春季促销 “物料” \\ "引号"\n第二行\u0001' });
  await say('SP-2026-0002', 'request-submitted', { amount: '100', tags: ['a', 1, null, true, { z: 0, y: -1 }] });
  await say('SP-2026-0001', 'step-approved', { step: 'supervisor' });
  seals.push(await seal(sql, AT, 'clock'));
  await say('away/赵敏', 'away-set', { emoji: '\u{1F600}\uFF21\uFFFD' });
  await say('away/\u{1F600}', 'away-set');
  await say('away/\uFF21', 'away-set');
  await say('SP-2026-0001', 'request-approved');
  await say('SP-2026-0003', 'request-submitted', { amount: '5' });
  seals.push(await seal(sql, AT, 'clock'));
  await say('SP-2026-0002', 'request-withdrawn');
  await say('SP-2026-0003', 'step-approved');
  seals.push(await seal(sql, AT, 'zhao'));
  const lines: string[] = [];
  for await (const line of streamLedger(sql)) lines.push(line.trimEnd());
  await sql.end();
  await database.drop();
  return { lines, seals: seals.filter((made) => made !== undefined) };
}

let folder: string;
let honest: Export;
/** the same history with another amount on the first line: every hash and every seal in it is right */
let forged: Export;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-test-'));
  [honest, forged] = await Promise.all([tell('3200000'), tell('9900000')]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function check(content: string | Buffer | string[], ...posted: (string | undefined)[]) {
  const file = join(folder, 'export.ndjson');
  await writeFile(file, Array.isArray(content) ? content.map((line) => `${line}\n`).join('') : content);
  return run([file, ...posted.flatMap((hash) => ['--checkpoint', hash ?? ''])]);
}

const lastSeal = () => honest.seals.at(-1)?.hash ?? '';

describe('an honest export', () => {
  test('is in order, and the summary says what was checked and how far the checkpoint reaches', async () => {
    const { code, said } = await check(honest.lines, lastSeal());
    expect(code).toBe(0);
    expect(said).toContain('In order: 13 lines, 7 chains, 3 checkpoints.');
    expect(said).toContain(`Last checkpoint: 3:${lastSeal()}`);
    expect(said).toContain('Confirmed by posted checkpoint 3: everything up to number 12');
    expect(said).not.toContain('Warning');
  });

  test('without a posted checkpoint is in order, with the warning what that cannot show', async () => {
    expect(await check(honest.lines)).toMatchObject({ code: 0, said: expect.stringContaining('Warning: no posted') });
  });

  test('with a part that is not sealed yet says how much that is', async () => {
    const { code, said } = await check(honest.lines.slice(0, 11), honest.seals[0]?.hash);
    expect(code).toBe(0);
    expect(said).toContain('Warning: 1 of the lines are not sealed yet');
    expect(said).toContain('Confirmed by posted checkpoint 1: everything up to number 3');
  });

  test.each([
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['Windows line ends', (text: string) => text.replaceAll('\n', '\r\n')],
    ['blank lines', (text: string) => `\n${text.replaceAll('\n', '\n\n')}\r\n`],
    ['no end of line at its end', (text: string) => text.trimEnd()],
  ])('may have passed through an editor: %s', async (_, edit) => {
    const text = honest.lines.map((line) => `${line}\n`).join('');
    expect((await check(edit(text), lastSeal())).code).toBe(0);
  });

  test('of a crowd that wrote while seals were made is in order', async () => {
    const database = await freshDatabase();
    const sql = postgres(database.url, { max: 8, types: { bigint: postgres.BigInt }, onnotice: () => {} });
    const crowd = Array.from({ length: 8 }, async (_, n) => {
      for (let i = 0; i < 25; i++) {
        await appendLedger(sql, [
          { subject: `SP-${n}`, type: 'x', by: 'wang', at: AT, data: { i } },
          { subject: `SP-all-${i}`, type: 'x', by: 'wang', at: AT, data: { n } },
        ]);
        if (i % 8 === n) await seal(sql, AT, 'clock');
      }
    });
    await Promise.all(crowd);
    const lines: string[] = [];
    for await (const line of streamLedger(sql)) lines.push(line.trimEnd());
    await sql.end();
    await database.drop();
    const { code, said } = await check(lines);
    expect(said).toMatch(/^In order: 4\d\d lines, 34 chains, \d\d? checkpoints/);
    expect(code).toBe(0);
  });
});

/** What an editor or a mail may have done to the file without changing an entry. */
function meaning(bytes: Buffer): string {
  const lines = bytes
    .toString('latin1')
    .replace(/^\u00EF\u00BB\u00BF/, '')
    .split('\n');
  return lines
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line !== '')
    .join('\n');
}

describe('whatever is done to an export is found', () => {
  const index = fc.nat();
  const whole = () => Buffer.from(honest.lines.map((line) => `${line}\n`).join(''));

  async function isFound(damaged: Buffer | string[]) {
    const bytes = Array.isArray(damaged) ? Buffer.from(damaged.join('\n')) : damaged;
    const { code, said } = await check(bytes, lastSeal());
    expect(code, said).toBe(meaning(bytes) === meaning(whole()) ? 0 : 1);
    if (code === 1) expect(said).toMatch(/^FAULT at line \d+/);
  }

  test('any one byte changed', () =>
    fc.assert(
      fc.asyncProperty(index, fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const bytes = whole();
        const place = at % bytes.length;
        bytes[place] = ((bytes[place] ?? 0) + by) % 256;
        await isFound(bytes);
      }),
      { numRuns: 150 },
    ));

  test('cut off at any byte', () =>
    fc.assert(
      fc.asyncProperty(index, async (at) => {
        const cut = whole().subarray(0, at % whole().length);
        if (meaning(cut) !== '') await isFound(cut);
      }),
      { numRuns: 150 },
    ));

  test('any one line removed', async () => {
    for (const i of honest.lines.keys()) await isFound(honest.lines.toSpliced(i, 1));
  });

  test('any run of lines removed', async () => {
    for (const i of honest.lines.keys()) {
      for (let n = 2; i + n < honest.lines.length; n++) await isFound(honest.lines.toSpliced(i, n));
    }
  });

  test('any two lines swapped, any line doubled or moved', async () => {
    for (const [i, one] of honest.lines.entries()) {
      await isFound(honest.lines.toSpliced(i, 0, one));
      for (let k = i + 1; k < honest.lines.length; k++) {
        await isFound(honest.lines.with(i, honest.lines[k] ?? '').with(k, one));
        await isFound(honest.lines.toSpliced(i, 1).toSpliced(k, 0, one));
      }
    }
  });

  test('any subject left out as a whole', async () => {
    const subjects = new Set(honest.lines.map((line) => JSON.parse(line).subject as string));
    for (const subject of subjects) {
      const quoted = `"subject":${JSON.stringify(subject)}`;
      await isFound(honest.lines.filter((line) => !line.includes(quoted)));
    }
  });

  test('any line put in, with a hash that is right for it', async () => {
    for (const i of honest.lines.keys()) {
      for (const subject of ['SP-2026-0001', 'SP-2026-0009', 'ledger']) {
        await isFound(honest.lines.toSpliced(i, 0, invented(subject, i)));
      }
    }
  });

  /** numbered between its neighbours where that can be, and following from the entry before it in its chain */
  function invented(subject: string, i: number): string {
    const chain = honest.lines
      .slice(0, i)
      .map((line) => JSON.parse(line))
      .filter((line) => line.subject === subject);
    const [position, prev] = [chain.length + 1, chain.at(-1)?.hash ?? '0'.repeat(64)];
    const at = AT.toISOString();
    const lines = ['countersign-ledger-1', prev, i + 1, at, subject, position, 'step-approved', 'li', '{}'];
    const hash = createHash('sha256').update(lines.join('\n')).digest('hex');
    return JSON.stringify({ seq: i + 1, at, subject, position, type: 'step-approved', by: 'li', data: {}, prev, hash });
  }
});

describe('what the report says', () => {
  const replaced = (line: number, from: string, to: string) =>
    honest.lines.with(line - 1, honest.lines[line - 1]?.replace(from, to) ?? '');

  test.each([
    [
      'an amount changed',
      () => replaced(1, '3200000', '3200001'),
      'line 1, SP-2026-0001: this line does not have the hash',
    ],
    [
      'a key doubled',
      () => replaced(2, '"by":"wang"', '"by":"li","by":"wang"'),
      'line 2, SP-2026-0002: this line is not in the form',
    ],
    [
      'a key doubled in the data',
      () => replaced(2, '"amount":"100"', '"amount":"1","amount":"100"'),
      'line 2, SP-2026-0002: this line is not in the form',
    ],
    ['a space put in', () => replaced(3, '"by":', '"by": '), 'line 3, SP-2026-0001: this line is not in the form'],
    ['a number written otherwise', () => replaced(2, '[1,', '[1.0,'), undefined],
    ['a brace lost', () => replaced(3, '"data":{', '"data":'), 'line 3, SP-2026-0001: this line is not JSON'],
    [
      'a line missing',
      () => honest.lines.toSpliced(2, 1),
      'FAULT at line 3, ledger: checkpoint 1 sealed 3 entries in 2 chains up to number 3, but the file holds 2 in 2: entries are missing before this line.\nLater in the file: line 7, SP-2026-0001: entry 2 of this chain is missing between line 1 and this line.',
    ],
    [
      'two lines swapped',
      () => honest.lines.with(4, honest.lines[5] ?? '').with(5, honest.lines[4] ?? ''),
      'line 6, away/赵敏: number 5 comes after number 6',
    ],
    [
      'the end of a chain missing',
      () => honest.lines.toSpliced(7, 1),
      'ledger: checkpoint 2 sealed 9 entries in 7 chains up to number 9, but the file holds 8 in 7: entries are missing before this line.',
    ],
    ['the last lines cut off', () => honest.lines.slice(0, 10), 'line 10: the posted checkpoint'],
    [
      'the last line cut in its middle',
      () => honest.lines.with(12, honest.lines[12]?.slice(0, 99) ?? '').join('\n'),
      'line 13, ledger: the file ends in the middle of this line',
    ],
    [
      'nesting without end',
      () =>
        replaced(2, '[', '['.repeat(60_000)).with(
          1,
          replaced(2, '"data":{', `"data":{"a":${'['.repeat(9000)}${']'.repeat(9000)},`)[1] ?? '',
        ),
      'line 2, SP-2026-0002: this line is not in the form',
    ],
  ])('%s', async (_, damaged, sentence) => {
    const { code, said } = await check(damaged(), lastSeal());
    expect(code).toBe(sentence === undefined ? code : 1);
    expect(said).toContain(sentence ?? '');
  });

  test('a history rewritten with all its hashes and seals passes by itself, but not against a posted checkpoint', async () => {
    expect((await check(forged.lines)).code).toBe(0);
    const [first, second, third] = honest.seals;
    const plain = await check(forged.lines, third?.hash);
    expect(plain).toMatchObject({ code: 1, said: expect.stringContaining('or what stands before was rewritten') });
    const numbered = await check(forged.lines, `2:${second?.hash}`);
    expect(numbered).toMatchObject({
      code: 1,
      said: expect.stringContaining('FAULT at line 10, ledger: this is not the checkpoint 2'),
    });
    const saved = join(folder, 'chat.txt');
    await writeFile(saved, `18:00 Countersign 第 1 号检查点 ${first?.hash}\n18:01 李娜: 收到\n`);
    expect((await check(forged.lines, saved)).said).toContain('FAULT at line 4, ledger: this is not the checkpoint 1');
    expect((await check(honest.lines, saved, lastSeal().toUpperCase())).code).toBe(0);
    await writeFile(saved, `10:32: Checkpoint 2 ${second?.hash}\n10:32: ${third?.hash}`);
    expect((await check(honest.lines, saved)).code).toBe(0);
    expect((await check(forged.lines, saved)).said).toContain('FAULT at line 10, ledger: this is not the checkpoint 2');
  });

  test('a chain rewritten with its hashes, but not the seals, shows at the next seal', async () => {
    const own = (lines: string[], i: number) => lines[i] ?? '';
    const mixed = honest.lines.map((line, i) =>
      line.includes('"subject":"SP-2026-0001"') ? own(forged.lines, i) : line,
    );
    const { code, said } = await check(mixed);
    expect(code).toBe(1);
    expect(said).toContain(
      'FAULT at line 4, ledger: checkpoint 1 sealed 3 entries in 2 chains up to number 3, and the file holds as many, but not the same',
    );
  });

  test('a line longer than any that the product writes is not read to its end', async () => {
    const { code, said } = await check(`${honest.lines[0]}\n${'x'.repeat(12 * 1024 * 1024)}`);
    expect({ code, said }).toEqual({
      code: 1,
      said: 'FAULT at line 2: this line is longer than any the product writes.',
    });
  });
});

describe('at the command line', () => {
  function verify(args: string[], input?: string): Promise<{ code: number | null; out: string; err: string }> {
    const child = spawn(process.execPath, [VERIFY, ...args]);
    let [out, err] = ['', ''];
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      err += text;
    });
    child.stdin.end(input ?? '');
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  }
  const text = () => honest.lines.map((line) => `${line}\n`).join('');

  test('a file in order ends with 0, also from standard input; a fault with 1', async () => {
    const file = join(folder, 'spawned.ndjson');
    await writeFile(file, text());
    const [named, piped, damaged] = await Promise.all([
      verify([file, '--checkpoint', lastSeal()]),
      verify(['-', '--checkpoint', lastSeal()], text()),
      verify(['-'], text().replace('3200000', '3200001')),
    ]);
    expect(named).toMatchObject({ code: 0, err: '', out: expect.stringContaining('In order: 13 lines') });
    expect(piped).toEqual(named);
    expect(damaged).toMatchObject({ code: 1, err: '', out: expect.stringMatching(/^FAULT at line 1, SP-2026-0001/) });
  });

  test.each([
    ['no file named', [], 'usage: verify FILE'],
    ['two files named', ['a', 'b'], 'usage: verify FILE'],
    ['an option that is none', ['a', '--fast'], 'usage: verify FILE'],
    ['a file that is not there', ['/nowhere/export.ndjson'], 'cannot be read'],
    ['a folder', ['/'], 'cannot be read'],
    ['a list of checkpoints that is not there', ['/dev/null', '--checkpoint', 'abc'], 'cannot be read'],
    ['a list without a checkpoint', ['/dev/null', '--checkpoint', '/dev/null'], 'holds no checkpoint'],
    ['an empty file', ['/dev/null'], 'nothing was checked'],
  ])('%s ends with 2', async (_, args, sentence) => {
    const { code, said } = await run(args);
    expect(code).toBe(2);
    expect(said).toContain(sentence);
  });

  test('wrong usage is said on the error stream', async () => {
    expect(await verify([])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('usage: verify FILE') });
  });
});
