/** A document as Markdown and as lines on paper: people's words stay words, whatever signs they hold. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markdownOf, type PaperDocument, type Part } from '../../src/core/document.ts';
import { wrap } from '../../src/core/typeset.ts';

const paper = (...parts: Part[]): PaperDocument => ({
  number: 'CR-2026-0001',
  title: '复盘',
  owner: '公关部',
  at: new Date('2026-11-22T00:00:00Z'),
  language: 'zh',
  parts,
  pageOf: (page, pages) => `${page}/${pages}`,
});
/** What stands below number and owner. */
const body = (...parts: Part[]): string =>
  markdownOf(paper(...parts))
    .split('\n\n')
    .slice(2)
    .join('\n\n')
    .trimEnd();
const paragraph = (text: string): Part => ({ kind: 'paragraph', text });

describe('as Markdown', () => {
  test('the number, the mark and every kind of part', () => {
    const text = markdownOf({
      ...paper(
        { kind: 'heading', text: '1. 概要' },
        { kind: 'facts', facts: [{ label: '级别', value: '重大\n后来特大' }] },
        { kind: 'list', items: ['甲', '乙'] },
        { kind: 'quote', text: '第一行\n第二行' },
        {
          kind: 'table',
          columns: [
            { title: '时间', share: 1 },
            { title: '内容', share: 2 },
          ],
          rows: [['03:00', '起火\n冒烟']],
        },
      ),
      mark: '演练',
    });
    expect(text).toBe(
      [
        '# 演练 复盘 CR-2026-0001',
        '公关部',
        '## 1. 概要',
        '- **级别** 重大\\\n  后来特大',
        '- 甲\n- 乙',
        '> 第一行\\\n> 第二行',
        '| 时间 | 内容 |\n| --- | --- |\n| 03:00 | 起火<br>冒烟 |\n',
      ].join('\n\n'),
    );
  });
  test.each([
    ['*粗* _斜_ ~~删~~ `码`', '\\*粗\\* \\_斜\\_ \\~\\~删\\~\\~ \\`码\\`'],
    ['[合同](http://evil.example)', '\\[合同\\](http://evil.example)'],
    ['<script>alert(1)</script> &lt;', '\\<script\\>alert(1)\\</script\\> \\&lt;'],
    ['# 标题', '\\# 标题'],
    ['1. 一\n- 二\n+ 三\n===', '1\\. 一\\\n\\- 二\\\n\\+ 三\\\n\\==='],
    ['一\n\n\n二', '一\\\n二'],
    ['שלום', '\u2068שלום\u2069'],
  ])('%j is only what it says', (said, written) => {
    expect(body(paragraph(said))).toBe(written);
  });
  test('no cell breaks out of its table', () => {
    const text = body({ kind: 'table', columns: [{ title: 'a|b', share: 1 }], rows: [['x | y\n| z |\n\n<br>']] });
    expect(text.split('\n')).toEqual(['| a\\|b |', '| --- |', '| x \\| y<br>\\| z \\|<br>\\<br\\> |']);
  });
  test('whatever is said, taking the backslashes away gives it back, and no sign stands without one', () => {
    const signs = fc.array(fc.constantFrom(...'\\`*_[]<>|~&$!#-1. 中a'), { minLength: 1 }).map((all) => all.join(''));
    fc.assert(
      fc.property(signs, (said) => {
        const written = body(paragraph(said));
        expect(written.replace(/\\(.)/g, '$1')).toBe(said.replace(/ +/g, ' ').trim());
        expect(written.replace(/\\./g, 'x')).not.toMatch(/[\\`*_[\]<>|~&$!#]|^-|^\d+\./);
      }),
    );
  });
});

describe('as lines on paper', () => {
  /** Chinese signs are as wide as two letters. */
  const measure = (text: string) => [...text].reduce((sum, sign) => sum + (/[\u2e80-\uffff]/.test(sign) ? 2 : 1), 0);
  test.each([
    ['顾客投诉产品起火，已下架。', 12, ['顾客投诉产品', '起火，已下', '架。']],
    ['他说过（还在冒烟）', 8, ['他说过', '（还在冒', '烟）']],
    ['sold out on Monday', 8, ['sold out', 'on', 'Monday']],
    ['哈希 4b227777d4dd', 6, ['哈希 4', 'b22777', '7d4dd']],
    ['一\n\n二', 10, ['一', '', '二']],
    ['', 10, ['']],
  ])('%j at %i', (text, width, lines) => {
    expect(wrap(text, width, measure)).toEqual(lines);
  });
  test('controls and marks of direction are no signs on paper', () => {
    expect(wrap('\u2068a\u202eb\u0000c\u2069\u200b', 10, measure)).toEqual(['abc']);
  });
  test('a closing sign takes along what it closes, though a space was typed between them', () => {
    expect(wrap('顾顾顾 ，', 8, measure)).toEqual(['顾顾', '顾，']);
  });
  test('no line is too long, nothing is lost, no line begins with what closes', () => {
    const sign = fc.constantFrom(...'顾客起火，。！）“（ab1 .');
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 60 }), fc.integer({ min: 8, max: 30 }), (signs, width) => {
        const text = signs.join('');
        const lines = wrap(text, width, measure);
        expect(lines.join('').replace(/ /g, '')).toBe(text.replace(/ /g, ''));
        for (const line of lines) expect(measure(line)).toBeLessThanOrEqual(width);
        // more closing signs in a row than fit a line must begin one
        const storm = /[，。！）“（.](?: *[，。！）“（.]){2}/.test(text);
        for (const line of lines.slice(1)) if (!storm) expect(line).not.toMatch(/^[，。！）]/);
      }),
    );
  });
});
