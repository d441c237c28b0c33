/** A typed line: the command however it is written, the number however it is written, the amount cut from the purpose. */
import { describe, expect, it } from 'vitest';
import { readLine } from '../../src/core/line.ts';
import { readQuick } from '../../src/requests/typed.ts';
import { FORM, process, spend } from './office.ts';

describe('the command of a line', () => {
  it.each([
    ['/spend 3.2万 春季', 'spend', '3.2万 春季'],
    ['／ＳＰＥＮＤ　3.2万　春季', 'spend', '3.2万　春季'],
    ['  /费用  ', '费用', ''],
    ['/pr why SP-2026-0001', 'pr', 'why SP-2026-0001'],
  ])('%s', (text, word, rest) => {
    expect(readLine(text)).toEqual({ word, rest, slashed: true });
  });
  it('without a slash it is no command yet; with nothing in it, nothing', () => {
    expect(readLine('你好 在吗')).toMatchObject({ word: '你好', slashed: false });
    for (const text of ['', '  ', '/', '／']) expect(readLine(text)).toBeUndefined();
  });
});

describe('what stands after the command', () => {
  const quick = (text: string) => readQuick(spend, text, 'CNY');
  it.each([
    ['3.2万 春季促销物料', '3.2万', '春季促销物料'],
    ['USD 3,000 booth in Berlin', 'USD 3,000', 'booth in Berlin'],
    ['32000　展台　两天', '32000', '展台　两天'],
    ['叁万贰仟元整 展台', '叁万贰仟元整', '展台'],
  ])('%s', (text, amount, purpose) => {
    expect(quick(text)).toEqual({ raw: { amount, title: purpose }, doubts: {} });
  });
  it('what is no amount stays as typed, to be corrected where it stands', () => {
    const { raw, doubts } = quick('abc def');
    expect(raw.amount).toBe('abc');
    expect(raw.title).toBe('def');
    expect(doubts.amount?.code).toBe('money');
  });
  it('an amount alone leaves the purpose to be asked', () => {
    expect(quick('3.2万').raw).toEqual({ amount: '3.2万' });
    expect(quick('').raw).toEqual({});
  });
});

describe('a decision upon which it is asked', () => {
  const per = { id: 'per', type: 'decision', label: { zh: '依据决议', en: 'Per decision' }, required: false };
  const steps = [{ who: { line: 'supervisor' } }];
  const citing = process(steps, { form: [...FORM, per] });
  const quick = (text: string, by = citing) => readQuick(by, text, 'CNY').raw;
  it.each([
    ['3.2万 春季促销物料 per: DM-2026-0012', '春季促销物料'],
    ['3.2万 春季促销物料 per：dm-2026-0012', '春季促销物料'],
    ['per: DM-2026-0012 3.2万 春季促销物料', '春季促销物料'],
    ['依据：ＤＭ－２０２６－００１２，3.2万 春季促销物料', '春季促销物料'],
    ['3.2万 依据 DM-2026-0012 春季促销物料', '春季促销物料'],
    ['3.2万 春季促销物料，依据DM-2026-0012', '春季促销物料'],
    ['3.2万 春季促销物料（依据决议：DM-2026-0012）', '春季促销物料'],
    ['3.2万 春季促销物料（依据 DM-2026-0012），含运费', '春季促销物料，含运费'],
    ['3.2万 春季，依据 DM-2026-0012，促销物料', '春季，促销物料'],
    ['3.2万 posters PER DM-2026-0012 for spring', 'posters for spring'],
    ['3.2万　booth　Per Decision:　DM-2026-0012', 'booth'],
  ])('%s', (text, purpose) => {
    expect(quick(text)).toEqual({ amount: '3.2万', title: purpose, per: 'DM-2026-0012' });
  });
  it('alone, it leaves the rest to be asked', () => {
    expect(quick('依据 DM-2026-0012')).toEqual({ per: 'DM-2026-0012' });
  });
  it('behind a colon a wrong number is meant as one, and is corrected in the form', () => {
    expect(quick('3万 物料 per: DM-2026-12')).toEqual({ amount: '3万', title: '物料', per: 'DM-2026-12' });
    expect(quick('3万 物料 依据：SP-2026-0001').per).toBe('SP-2026-0001');
  });
  it.each([
    '三天 30 per day',
    'per person: 40',
    'super: DM-2026-0012',
    '见 DM-2026-0012',
    '依据合同 AB-12',
    'seats per AB-12',
  ])('what only looks like it stays in the purpose: %s', (title) => {
    expect(quick(`3万 ${title}`)).toEqual({ amount: '3万', title });
  });
  it('a second one stays where it is; where the form does not ask for one, the first does too', () => {
    expect(quick('3万 物料 per: DM-2026-0012 per: DM-2026-0013').title).toBe('物料 per: DM-2026-0013');
    expect(quick('3万 物料 per: DM-2026-0012', spend)).toEqual({ amount: '3万', title: '物料 per: DM-2026-0012' });
  });
  it('may be one of the words in their order as well', () => {
    const ordered = process(steps, { form: [...FORM, per], quick: ['amount', 'per', 'title'] });
    expect(quick('3万 dm-2026-0012 物料', ordered)).toEqual({ amount: '3万', per: 'dm-2026-0012', title: '物料' });
    expect(quick('3万 物料 per: DM-2026-0012', ordered)).toEqual({ amount: '3万', title: '物料', per: 'DM-2026-0012' });
  });
  it('a flood of blanks, commas and half-written words is read to its end', () => {
    const spoken = process(steps, { form: [...FORM, per], quick: ['title'] });
    for (const flood of [' ', ',', '，', 'per ', 'per:', '依据 ', '（', 'per decision ', 'DM-1'])
      expect(quick(`x${flood.repeat(20_000)}x per: DM-2026-0012`, spoken).title).toMatch(/^x/);
  });
});

describe('a crisis for which it is spent', () => {
  const quick = (text: string) => readQuick(spend, text, 'CNY');
  it.each([
    ['8万 下架赔付 --crisis CR-2026-0003', '下架赔付'],
    ['--crisis CR-2026-0003 8万 下架赔付', '下架赔付'],
    ['8万 --crisis CR-2026-0003 下架赔付', '下架赔付'],
    ['8万 下架赔付 —crisis CR-2026-0003', '下架赔付'],
    ['8万 下架赔付 ——危机：CR-2026-0003', '下架赔付'],
    ['8万 下架赔付 --危机 CR-2026-0003', '下架赔付'],
    ['8万 下架赔付（－－危机　ＣＲ－２０２６－０００３），含运费', '下架赔付，含运费'],
    ['8万 下架赔付 －－ＣＲＩＳＩＳ＝ｃｒ－２０２６－０００３', '下架赔付'],
    ['8万 下架赔付 --crisis=#CR-2026-0003', '下架赔付'],
    ['8万 下架赔付 #cr-2026-0003', '下架赔付'],
    ['＃ＣＲ－２０２６－０００３ 8万 下架赔付', '下架赔付'],
  ])('%s', (text, title) => {
    expect(quick(text)).toEqual({ raw: { amount: '8万', title }, doubts: {}, crisis: 'CR-2026-0003' });
  });
  it('a drill’s number is one too: that no money moves in it is said later', () => {
    expect(quick('8万 下架赔付 #DR-2026-0001').crisis).toBe('DR-2026-0001');
  });
  it.each([
    ['8万 下架赔付 --crisis', ''],
    ['8万 下架赔付 --crisis 火灾', '火灾'],
    ['8万 下架赔付 --危机 3', '3'],
    ['8万 下架赔付 --crisis SP-2026-0001', 'SP-2026-0001'],
    ['8万 下架赔付 —crisis 3', '3'],
  ])('the option without a crisis’ number is meant all the same, to be refused: %s', (text, crisis) => {
    expect(quick(text)).toEqual({ raw: { amount: '8万', title: '下架赔付' }, doubts: {}, crisis });
  });
  it.each([
    '培训——危机公关',
    'anti-crisis PR',
    '见 CR-2026-0003',
    '危机公关培训',
    '#1 展台',
    'AB#CR',
    '手册 --crisismanagement',
  ])('what only looks like it stays in the purpose: %s', (title) => {
    expect(quick(`8万 ${title}`)).toEqual({ raw: { amount: '8万', title }, doubts: {} });
  });
  it('where no money is asked for, nothing can be spent', () => {
    const plain = process([{ who: { line: 'supervisor' } }], { form: [FORM[1]], quick: ['title'] });
    expect(readQuick(plain, '文案 #CR-2026-0003', 'CNY')).toEqual({ raw: { title: '文案 #CR-2026-0003' }, doubts: {} });
  });
  it('a flood of blanks, dashes and half-written options is read to its end', () => {
    const spoken = process([{ who: { line: 'supervisor' } }], { quick: ['title'] });
    for (const flood of [
      ' ',
      '-',
      '—',
      '--',
      '— ',
      '--crisis ',
      '--crisis: ',
      '#',
      '# ',
      '#CR-',
      '——危机',
      '--crisis=#',
    ])
      expect(readQuick(spoken, `x${flood.repeat(20_000)}x #CR-2026-0003`, 'CNY').raw.title).toMatch(/^x/);
  });
});
