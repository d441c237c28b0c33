/** What stands behind a link of 妙记, a document or a wiki page; and which links are none of ours. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { linkedTo } from '../../../adapters/feishu/documents.ts';
import { DeliveryError } from '../../../src/core/chat.ts';
import type { Failure } from '../../support/feishu/platform.ts';
import { type Stage, stage } from './scripted.ts';

const MINUTES = 'obcnq3b9jl72l83w4f149w9c';
const DOCX = 'doxcnAbCdEfGhIjKlMnOpQrStUv';
const WIKI = 'wikcnKQ1k3pAAAAAAAAVabcef00';
const link = (kind: string, token: string) => `https://galaxy.feishu.cn/${kind}/${token}?from=copy_link#part`;

let s: Stage;
beforeAll(async () => {
  s = await stage();
});
afterEach(() => {
  s.feishu.platform.documents.clear();
  s.feishu.platform.latencyMs = 0;
});
afterAll(() => s.end());

const textOf = (url: string): Promise<string | undefined> => s.adapter.textOf?.(url) ?? Promise.resolve(undefined);
async function failing(url: string): Promise<string> {
  const error: unknown = await textOf(url).catch((caught: unknown) => caught);
  if (!(error instanceof DeliveryError)) throw new Error(`no DeliveryError: ${String(error)}`);
  return `${error.problem} ${error.code}`;
}
const put = (token: string, document: Partial<Parameters<Stage['feishu']['platform']['documents']['set']>[1]>) =>
  s.feishu.platform.documents.set(token, { kind: 'docx', text: '', shared: true, ...document });
const asked = () => s.feishu.calls.length;

test.for<[string, string | undefined]>([
  ['https://galaxy.feishu.cn/minutes/obcnq3b9jl72l83w4f149w9c', 'minutes'],
  ['https://galaxy.feishu.cn/docx/doxcnAbCdEfGhIjKlMnOpQrStUv?from=x#y', 'docx'],
  ['https://galaxy.larksuite.com/wiki/wikcnKQ1k3pAAAAAAAAVabcef00/', 'wiki'],
  ['https://bytedance.larkoffice.com/docx/doxcnAbCdEfGhIjKlMnOpQrStUv', 'docx'],
  ['http://galaxy.feishu.cn/minutes/obcnq3b9jl72l83w4f149w9c', undefined],
  ['https://galaxy.feishu.cn.evil.example/minutes/obcnq3b9jl72l83w4f149w9c', undefined],
  ['https://evilfeishu.cn/minutes/obcnq3b9jl72l83w4f149w9c', undefined],
  ['https://galaxy.feishu.cn@evil.example/minutes/obcnq3b9jl72l83w4f149w9c', undefined],
  ['https://user:pass@galaxy.feishu.cn/minutes/obcnq3b9jl72l83w4f149w9c', undefined],
  ['https://galaxy.feishu.cn:8443/minutes/obcnq3b9jl72l83w4f149w9c', undefined],
  ['https://evil.example/https://galaxy.feishu.cn/minutes/obcnq3b9jl72l83w4f149w9c', undefined],
  ['https://galaxy.feishu.cn/minutes/../../im/v1/messages', undefined],
  ['https://galaxy.feishu.cn/minutes/%2e%2e%2fsecrets', undefined],
  ['https://galaxy.feishu.cn/sheets/shtcnAbCdEfGhIjKlMnOp', undefined],
  ['https://169.254.169.254/minutes/obcnq3b9jl72l83w4f149w9c', undefined],
  ['feishu.cn', undefined],
  [`https://galaxy.feishu.cn/docx/${'a'.repeat(5000)}`, undefined],
])('%s is %s', ([url, kind]) => {
  expect(linkedTo(url)?.kind).toBe(kind);
});

test('a link elsewhere is not asked for anywhere', async () => {
  const before = asked();
  expect(await textOf('https://docs.example.com/minutes/obcnq3b9jl72l83w4f149w9c')).toBeUndefined();
  expect(asked()).toBe(before);
});

describe('what was shared with the app', () => {
  test('the transcript of a 妙记, with who spoke', async () => {
    put(MINUTES, { kind: 'minutes', text: '赵敏\n大家早上好' });
    expect(await textOf(link('minutes', MINUTES))).toBe('赵敏\n大家早上好');
    const call = s.feishu.calls.at(-1);
    expect(call?.query).toEqual({ need_speaker: 'true', need_timestamp: 'false', file_format: 'txt' });
  });

  test('a document, and a wiki page that shows one', async () => {
    put(DOCX, { text: '决议：签合同 @李娜 12-05' });
    put(WIKI, { kind: 'wiki', shows: { type: 'docx', token: DOCX } });
    expect(await textOf(link('docx', DOCX))).toBe('决议：签合同 @李娜 12-05');
    expect(await textOf(link('wiki', WIKI))).toBe('决议：签合同 @李娜 12-05');
  });

  test('of a very long one the beginning', async () => {
    put(MINUTES, { kind: 'minutes', text: '会'.repeat(400_000) });
    expect(Buffer.byteLength((await textOf(link('minutes', MINUTES))) ?? '')).toBeLessThan(513 * 1024);
  });

  test('with a new token where the old one is not taken any more', async () => {
    put(DOCX, { text: '纪要' });
    s.feishu.revokeTokens();
    expect(await textOf(link('docx', DOCX))).toBe('纪要');
  });
});

describe('what cannot be had', () => {
  test('not shared, not there, deleted, not ready, of another kind: each has its answer', async () => {
    put(MINUTES, { kind: 'minutes', shared: false });
    put(DOCX, { shared: false });
    put(WIKI, { kind: 'wiki', shared: false });
    expect(await failing(link('minutes', MINUTES))).toBe('credentials 2091005');
    expect(await failing(link('docx', DOCX))).toBe('credentials 1770032');
    expect(await failing(link('wiki', WIKI))).toBe('credentials 131006');
    put(MINUTES, { kind: 'minutes', state: 'not-ready' });
    expect(await failing(link('minutes', MINUTES))).toBe('retry-later 2091003');
    put(MINUTES, { kind: 'minutes', state: 'deleted' });
    expect(await failing(link('minutes', MINUTES))).toBe('rejected 2091004');
    put(WIKI, { kind: 'wiki', shows: { type: 'sheet', token: DOCX } });
    expect(await failing(link('wiki', WIKI))).toBe('rejected unreadable-answer');
    s.feishu.platform.documents.clear();
    expect(await failing(link('minutes', MINUTES))).toBe('rejected 2091002');
    expect(await failing(link('docx', DOCX))).toBe('rejected 1770002');
    expect(await failing(link('wiki', WIKI))).toBe('rejected 131005');
  });

  test('a scope that the administrator has not granted is named, and the adapter is as well as before', async () => {
    const { scopes } = s.feishu.platform;
    scopes.delete('minutes:minutes.transcript:export');
    put(MINUTES, { kind: 'minutes' });
    expect(await failing(link('minutes', MINUTES))).toMatch(/^credentials 99991672:minutes:minutes/);
    scopes.add('minutes:minutes.transcript:export');
    expect(s.adapter.trouble()).toBeUndefined();
  });

  test.for<[Failure, string]>([
    ['rate-limited', 'retry-later 99991400'],
    ['down', 'retry-later 2200'],
    ['gateway-page', 'retry-later http-502'],
    ['cut-before', 'retry-later no-answer'],
    [123456, 'rejected 123456'],
  ])('%s: %s', async ([failure, told]) => {
    put(DOCX, { text: '纪要' });
    s.feishu.fail('/docx/v1/documents', failure);
    expect(await failing(link('docx', DOCX))).toBe(told);
    expect(s.adapter.trouble()).toBeUndefined();
  });

  test('a Feishu that does not answer is not waited for: all is said within the three seconds of a command', async () => {
    put(DOCX, { text: '纪要' });
    s.feishu.fail('/docx/v1/documents', 'hang');
    const began = performance.now();
    expect(await failing(link('docx', DOCX))).toBe('retry-later no-answer');
    expect(performance.now() - began).toBeLessThan(2800);
  });
});
