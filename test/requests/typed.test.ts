/** A typed line: the command however it is written, the number however it is written, the amount cut from the purpose. */
import { describe, expect, it } from 'vitest';
import { readLine } from '../../src/core/line.ts';
import { readQuick } from '../../src/requests/typed.ts';
import { spend } from './office.ts';

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
