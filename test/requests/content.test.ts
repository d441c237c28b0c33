/** What a form holds: every fault at its field, amounts exact, and what stands in a form again is read again as the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { showMoney } from '../../src/core/money.ts';
import { Process } from '../../src/processes/model.ts';
import { checkSubmission, citedIn, moneyOf, rawOf, readValues } from '../../src/requests/content.ts';
import { directory } from '../support/company.ts';

const title = (zh: string, en = zh) => ({ zh, en });
const every = Process.parse({
  id: 'spend',
  command: 'spend',
  number: 'SP',
  title: title('费用申请'),
  form: [
    { id: 'amount', type: 'money', label: title('金额') },
    { id: 'title', type: 'text', label: title('事由'), max: 5 },
    { id: 'detail', type: 'paragraph', label: title('说明'), max: 20, required: false },
    { id: 'people', type: 'number', label: title('人数'), required: false },
    { id: 'day', type: 'date', label: title('日期'), required: false },
    { id: 'host', type: 'person', label: title('接待'), required: false },
    {
      id: 'kind',
      type: 'choice',
      label: title('类别'),
      required: false,
      options: [
        { value: 'goods', label: title('物料', 'Goods') },
        { value: 'media', label: title('媒体', 'Media') },
      ],
    },
    { id: 'quote', type: 'file', label: title('报价单') },
    { id: 'per', type: 'decision', label: title('依据决议'), required: false },
  ],
  steps: [{ id: 'one', title: title('审批'), who: { line: 'supervisor' } }],
});
const company = {
  ...directory(),
  company: { ...directory().company, rates: { USD: '7.1234', JPY: '0.0481' } },
};
const good = { amount: '3.2万', title: '展台' };
const read = (raw: Record<string, string>) => readValues(every, { ...good, ...raw }, company);

describe('a filled form', () => {
  it('is taken as people write it', () => {
    const raw = { people: '１,２００', day: '2026年12月1日', host: 'li', kind: '媒体', detail: ' 两天 \n\n 一夜 ' };
    const { values, faults } = read(raw);
    expect(faults).toEqual({});
    expect(values).toMatchObject({ people: '1200', day: '2026-12-01', host: 'li', kind: 'media' });
    expect(read({ kind: 'goods' }).values.kind).toBe('goods');
    expect(read({ kind: 'GOODS' }).values.kind).toBe('goods');
  });
  it.each([
    ['amount', '', 'missing'],
    ['amount', '-5', 'money'],
    ['amount', 'EUR 5', 'no-rate'],
    ['title', ' \u200b ', 'missing'],
    ['title', '一二三四五六', 'too-long'],
    ['people', '1e9', 'not-a-number'],
    ['people', '0x10', 'not-a-number'],
    ['day', '2026-02-30', 'not-a-date'],
    ['day', '明天', 'not-a-date'],
    ['host', 'nobody', 'unknown-person'],
    ['kind', '别的', 'not-an-option'],
    ['per', '上周的', 'not-a-decision'],
    ['per', 'SP-2026-0001', 'not-a-decision'],
    ['per', 'DM-2026-12', 'not-a-decision'],
  ])('%s "%s": %s, at this field and no other', (field, text, code) => {
    const { faults } = read({ [field]: text });
    expect(Object.keys(faults)).toEqual([field]);
    expect(faults[field]?.code).toBe(code);
  });
  it('somebody who has left cannot be named, and nothing is taken that the form does not ask for', () => {
    const without = { ...company, people: directory({ but: { li: { active: false } } }).people };
    expect(readValues(every, { ...good, host: 'li' }, without).faults.host?.code).toBe('unknown-person');
    expect(Object.keys(read({ requester: 'chen', constructor: 'x' }).values)).toEqual(['amount', 'title']);
  });
  it('a decision is kept by its number; none is none', () => {
    expect(read({ per: ' ｄｍ－2026－0012\u200b' }).values.per).toBe('DM-2026-0012');
    expect(read({ per: '\u200b' }).values.per).toBeUndefined();
    expect(citedIn(every, { ...good, per: 'dm-2026-0012' })).toEqual(['DM-2026-0012']);
    expect(citedIn(every, { ...good, per: 'x', title: 'DM-2026-0012' })).toEqual([]);
  });
  it('a decision that is void, or of which the requester may know nothing, is refused at its field, with whatever else is wrong', () => {
    const pinned = { version: 1, process: every };
    const world = { directory: company, processes: [pinned], pinned: async () => every };
    const citing = (citation: 'good' | 'void' | 'unknown' | undefined, raw: Record<string, string> = {}) => {
      const known = new Map(citation ? [['DM-2026-0012', citation]] : []);
      return checkSubmission(pinned, { ...good, per: 'dm-2026-0012', ...raw }, 'wang', world, known);
    };
    const number = 'DM-2026-0012';
    expect(citing('good')).toMatchObject({ values: { per: number } });
    expect(citing('void')).toEqual({ faults: { per: { code: 'void-decision', number } } });
    expect(citing('unknown')).toEqual({ faults: { per: { code: 'unknown-decision', number } } });
    expect(citing(undefined)).toEqual(citing('unknown'));
    expect(citing('void', { amount: '' })).toMatchObject({ faults: { amount: { code: 'missing' }, per: {} } });
  });
  it('five letters are five, whatever they are made of', () => {
    expect(read({ title: '🎪🎪🎪🎪🎪' }).faults).toEqual({});
  });
  it('a foreign amount keeps its own figure, its worth and the rate of that day', () => {
    const { values } = read({ amount: 'USD 3,000' });
    expect(values.amount).toEqual({ minor: '300000', currency: 'USD', base: '2137020', rate: '7.1234' });
  });
  it('with faults there is no path; without, the path comes with it', () => {
    const pinned = { version: 3, process: every };
    const world = { directory: company, processes: [pinned], pinned: async () => every };
    expect(checkSubmission(pinned, { title: '展台' }, 'wang', world)).toEqual({
      faults: { amount: { code: 'missing' } },
    });
    const checked = checkSubmission(pinned, good, 'wang', world);
    expect(checked).toMatchObject({
      version: 3,
      steps: [{ id: 'one', state: 'waiting', signers: [{ person: 'li' }] }],
    });
    expect(checkSubmission(pinned, good, 'chen', world)).toMatchObject({ refusal: { code: 'no-signer' } });
  });
});

describe('opened again for changes', () => {
  it('what stands in the form is read again as the very same', () => {
    const amount = fc.oneof(
      fc.bigInt({ min: 1n, max: 10n ** 14n }).map((fen) => `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`),
      fc.integer({ min: 1, max: 9_999_999 }).map((yen) => `JPY ${yen}`),
      fc.integer({ min: 1, max: 9_999_999 }).map((cents) => `USD ${(cents / 100).toFixed(2)}`),
    );
    const raw = fc.record(
      {
        amount,
        title: fc.constantFrom('展台', 'a b', '（春）'),
        detail: fc.constantFrom('一', '一\n二', '  x'),
        people: fc.integer({ min: -99, max: 99_999 }).map(String),
        day: fc.constantFrom('2026-12-01', '2026/2/3'),
        host: fc.constantFrom('li', 'zhao'),
        kind: fc.constantFrom('goods', '媒体'),
        per: fc.constantFrom('DM-2026-0012', 'ｄｍ-2026-0012'),
      },
      { requiredKeys: ['amount', 'title'] },
    );
    fc.assert(
      fc.property(raw, (typed) => {
        const first = readValues(every, typed, company);
        expect(first.faults).toEqual({});
        expect(readValues(every, rawOf(first.values, 'CNY'), company)).toEqual(first);
      }),
      { numRuns: 300 },
    );
  });
  it('an amount in the company’s own currency stands there without its name', () => {
    const { values } = read({ amount: '3.2万' });
    expect(rawOf(values, 'CNY').amount).toBe('32000.00');
    expect(showMoney(moneyOf(values.amount as never))).toBe('¥32,000.00');
  });
});
