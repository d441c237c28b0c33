/** Numbers as people type them. */
import { describe, expect, it } from 'vitest';
import { findNumber, lettersOf, readNumber } from '../../src/core/number.ts';

describe('a number', () => {
  it('is read in any letters, and only where it is the whole of the text', () => {
    for (const text of ['SP-2026-0001', 'sp-2026-0001', ' ＳＰ－２０２６－０００１ '])
      expect(readNumber(text)).toBe('SP-2026-0001');
    for (const text of ['SP-2026-1', 'SP-2026-0001x', '看 SP-2026-0001', 'SP 2026 0001', '']) {
      expect(readNumber(text)).toBeUndefined();
    }
    expect(readNumber('SP-2026-12345')).toBe('SP-2026-12345');
  });
  it('is found somewhere in a caption', () => {
    expect(findNumber('这是 sp-2026-0007 的报价')).toBe('SP-2026-0007');
    expect(findNumber('没有单号')).toBeUndefined();
  });
  it('says by its letters of which kind the thing is', () => {
    expect(lettersOf('DM-2026-0012')).toBe('DM');
    for (const text of ['delivery', '', '-2026']) expect(lettersOf(text)).toBe('');
  });
});
