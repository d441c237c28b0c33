/** The one form in which an entry's data may stand: whatever the product writes passes, and the same said in any other way does not, whatever its hash. */
import { hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { canonical } from '../src/core/ledger.ts';
import type { Json, JsonObject } from '../src/core/message.ts';
import { run } from '../src/verify.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-form-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const PREV = '0'.repeat(64);
const AT = '2026-11-23T02:00:00.000Z';

/** A ledger of chains of one entry each, in which every hash is right. */
function ledgerOf(datas: readonly string[], by = 'wang'): string {
  const lines = datas.map((data, i) => {
    const [seq, subject] = [i + 1, `SP-2026-${i + 1}`];
    const own = hash('sha256', ['countersign-ledger-1', PREV, seq, AT, subject, 1, 'asked', by, data].join('\n'));
    const what = `"subject":"${subject}","position":1,"type":"asked","by":${JSON.stringify(by)},"data":${data}`;
    return `{"seq":${seq},"at":"${AT}",${what},"prev":"${PREV}","hash":"${own}"}\n`;
  });
  return lines.join('');
}

async function check(text: string) {
  const file = join(folder, 'export.ndjson');
  await writeFile(file, text);
  return run([file]);
}

const key = fc.oneof(fc.string({ unit: 'binary' }), fc.nat(200).map(String));
const value = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, false),
    fc.maxSafeInteger(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
})).value;

test('whatever a record may hold is in order as the product writes it', async () => {
  const records = fc.sample(fc.dictionary(key, value, { maxKeys: 5 }) as fc.Arbitrary<JsonObject>, 2000);
  const { code, said } = await check(ledgerOf(records.map(canonical)));
  expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining('In order: 2000 lines') });
});

test.each(['"引号" 和 \\ 反斜杠', '逗号, "by":"li"', '\u{1F600}'])('so is a name like %s', async (name) => {
  expect((await check(ledgerOf(['{}'], name))).code).toBe(0);
});

test.each([
  ['a space', '{"a": 1}'],
  ['keys in another order', '{"b":1,"a":2}'],
  ['a key twice', '{"a":1,"a":2}'],
  ['a fraction', '{"a":1.5}'],
  ['an exponent', '{"a":1e3}'],
  ['a zero in front', '{"a":01}'],
  ['a zero with a sign', '{"a":-0}'],
  ['a number that no program reads back', '{"a":9007199254740993}'],
  ['a letter written as its number', '{"a":"\\u0041"}'],
  ['a slash that need not be escaped', '{"a":"\\/"}'],
  ['an end of line written as its number', '{"a":"\\u000a"}'],
  ['capital digits', '{"a":"\\u001F"}'],
  ['a face written as its two halves', '{"a":"\\ud83d\\ude00"}'],
  ['a tab as it is', '{"a":"\t"}'],
  ['nothing after a comma', '{"a":1,}'],
  ['two values', '{"a":1},{"b":2}'],
  ['a list that does not end', '{"a":[1}'],
  ['nesting without end', `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
])('%s is found, though its hash is right', async (_, data) => {
  const { code, said } = await check(ledgerOf(['{}', data]));
  expect(code).toBe(1);
  expect(said).toMatch(/^FAULT at line 2, SP-2026-2: this line is not (JSON|in the form)/);
});

test.each(['{"a":9007199254740991,"b":-9007199254740991}', '{"":{"":[]}}', '{"a":"\\ud83d"}', '{"10":1,"9":2}'])(
  '%s is as the product writes it',
  async (data) => {
    expect((await check(ledgerOf([data]))).code).toBe(0);
  },
);
