/** Text hygiene: what others read looks like what it is, and ordinary writing of every language stays as it was. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asFileName, cleanLine, cleanParagraph, foldWidth, isolate } from '../../src/core/text.ts';

const family = '👩\u200D👩\u200D👧';
const graphemes = (text: string): string[] =>
  [...new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment);
/** The characters that attacks are made of, among ordinary ones. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        ...[
          'a',
          '会',
          ' ',
          '\n',
          '\r\n',
          '\t',
          '\0',
          '\u202E',
          '\u2066',
          '\u2069',
          '\u200B',
          '\u200D',
          '\uFEFF',
          '\u00AD',
        ],
        ...[
          'e\u0301',
          '\u0301',
          '\u0301'.repeat(9),
          '👩',
          '👍🏽',
          '\uFE0F',
          family,
          'א',
          'ع',
          '\u2028',
          '\u0085',
          '\uD83D',
          '🇨',
          '각',
          'ᆨ',
        ],
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
);

describe('one line', () => {
  it.each([
    ['春季促销物料', '春季促销物料'],
    ['  two   words\t\n here ', 'two words here'],
    ['cafe\u0301', 'café'],
    [`${family} 家庭日`, `${family} 家庭日`],
    ['👍🏽 ❤️', '👍🏽 ❤️'],
    [
      '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
      '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
    ],
    ['สวัสดี नमस्ते Đặng', 'สวัสดี नमस्ते Đặng'],
    ['שלום €1,000', 'שלום €1,000'],
    ['a\u200Db', 'ab'],
    ['👩\u200D', '👩'],
    ['\uD83Dx', '\uFFFDx'],
    ['', ''],
  ])('%j becomes %j', (raw, line) => {
    expect(cleanLine(raw, 100)).toBe(line);
  });

  it('case 25: confusable text loses what makes it lie, in titles and in paragraphs', () => {
    expect(cleanLine('付款 \u202E000,1€\u202C 给 A', 100)).toBe('付款 000,1€ 给 A');
    expect(cleanLine('pay\u200Bpal\u2060\uFEFF\u00AD', 100)).toBe('paypal');
    expect(cleanLine('a\0b\u0007', 100)).toBe('ab');
    expect(cleanLine('标题\n批准：王晓文', 100)).toBe('标题 批准：王晓文');
    expect(cleanLine(`H${'\u0335\u0321'.repeat(50)}i`, 100)).toMatch(/^H\p{M}{4}i$/u);
    expect(cleanLine('\u0301\u0301x', 100)).toBe('x');
    expect(cleanLine('\u3164\u115F\u2800', 100)).toBe('');
    expect(cleanParagraph('一\u2028二\u202E三\r\n\r\n\r\n\r\n四', 100)).toBe('一\n二三\n\n四');
    expect(isolate('חברת €1,000')).toBe('\u2068חברת €1,000\u2069');
  });

  it('is cut between what a person sees as characters, and counted in code points', () => {
    expect(cleanLine('会'.repeat(200), 120)).toHaveLength(120);
    expect(cleanLine(`ab${family}`, 6)).toBe('ab');
    expect(cleanLine(`ab${family}`, 7)).toBe(`ab${family}`);
    expect(cleanLine('一二 三', 3)).toBe('一二');
    expect([...cleanLine('😀'.repeat(50), 10)]).toHaveLength(10);
  });

  it('holds whatever comes in: no control, no hidden character, no break, never too long, the same when done twice', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (raw, max) => {
        const line = cleanLine(raw, max);
        expect([...line].length).toBeLessThanOrEqual(max);
        expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069\u200B\uFEFF]/u);
        expect(line).not.toMatch(/\p{M}{5}|^\p{M}|\s\s|^\s|\s$/u);
        expect(line).not.toMatch(/(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)\u200D/u);
        expect(line).toBe(line.normalize('NFC'));
        expect(cleanLine(line, max)).toBe(line);
        expect(isPrefix(line, cleanLine(raw, 10_000))).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  /** The shorter text ends where a character of the longer one ends. */
  function isPrefix(short: string, long: string): boolean {
    const ends = new Set<string>(['']);
    let so = '';
    for (const part of graphemes(long)) {
      so += part;
      ends.add(so.trim());
    }
    return ends.has(short);
  }

  it('a megabyte of hostile text is done with at once', () => {
    const began = performance.now();
    for (const piece of [' ', '\u0301', family, '\u202E', 'a\u200D', '\uD83D', '👩\u200D']) {
      expect([...cleanLine(piece.repeat(500_000), 120)].length).toBeLessThanOrEqual(120);
    }
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('a paragraph', () => {
  it('keeps its lines, but not their ragged edges', () => {
    expect(cleanParagraph(' 一  二 \r\n三\t四\n\n\n\n五 \n', 100)).toBe('一 二\n三 四\n\n五');
  });

  it('holds whatever comes in', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (raw, max) => {
        const text = cleanParagraph(raw, max);
        expect([...text].length).toBeLessThanOrEqual(max);
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069\u200B]/u);
        expect(text).not.toMatch(/\n{3}|^\s|\s$| \n|\n /u);
        expect(cleanParagraph(text, max)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('quoted text beside an amount', () => {
  it('is isolated line by line only where it runs from right to left', () => {
    expect(isolate('春季促销 spring')).toBe('春季促销 spring');
    expect(isolate('شركة\n\nabc')).toBe('\u2068شركة\u2069\n\n\u2068abc\u2069');
  });

  it('cannot close its own isolation', () => {
    expect(isolate('ا\u2069\u202Eb')).toBe('\u2068اb\u2069');
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = isolate(text);
        expect(shown === text || !/[\u2066\u2067\u202A-\u202E]/.test(shown)).toBe(true);
        expect(shown.split('\u2068').length).toBe(
          shown === text ? text.split('\u2068').length : shown.split('\u2069').length,
        );
      }),
    );
  });
});

describe('commands typed on a Chinese keyboard', () => {
  it('a full-width slash, figures and blanks count as the narrow ones', () => {
    expect(foldWidth('／ｓｐｅｎｄ　３．２万　春季')).toBe('/spend 3.2万 春季');
    expect(foldWidth('￥１，０００')).toBe('¥1,000');
    expect(foldWidth('春季，促销。')).toBe('春季,促销。');
  });

  it('each unit stays at its place', () => {
    fc.assert(fc.property(anyText, (text) => void expect(foldWidth(text)).toHaveLength(text.length)));
  });
});

describe('a part of a file name', () => {
  it.each([
    ['春季促销', '春季促销'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['a/b\\c:d*e?"<f>|', 'a_b_c_d_e___f__'],
    ['．．／hidden', '_hidden'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['.', '_'],
    ['', '_'],
    ['trailing. . ', 'trailing'],
    ['报价\u202Efdp.exe', '报价fdp.exe'],
  ])('%j becomes %j', (text, name) => {
    expect(asFileName(text)).toBe(name);
  });

  it('is safe on every system, whatever comes in', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const name = asFileName(text);
        expect(name).not.toMatch(/[\\/:*?"<>|\p{Cc}]|^[. ]|[. ]$|^$/u);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(245);
      }),
      { numRuns: 1000 },
    );
  });
});
