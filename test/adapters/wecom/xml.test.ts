/** Only what WeCom's callbacks look like is read; nothing in it can expand, include or be read in two ways. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLeaves } from '../../../adapters/wecom/xml.ts';

const leaves = (text: string) => {
  const read = readLeaves(text);
  return read && Object.fromEntries(read);
};

describe('what is read', () => {
  test.each<[string, string, Record<string, string>]>([
    ['leaves as text and as CDATA', '<xml><A>1</A><B><![CDATA[<b>&amp;]]></B></xml>', { A: '1', B: '<b>&amp;' }],
    ['with white space between', '\n<xml>\n  <A>\n<![CDATA[1]]>\n</A>\n</xml>\n', { A: '1' }],
    ["with XML's own entities", '<xml><A>&lt;a&gt; &amp; &quot;b&apos;</A></xml>', { A: '<a> & "b\'' }],
    ['after a declaration and a mark of byte order', '\uFEFF<?xml version="1.0"?>\n<xml><A>1</A></xml>', { A: '1' }],
    ['nested lists are passed over', '<xml><L><I><K><![CDATA[x]]></K></I><I></I></L><A>1</A></xml>', { A: '1' }],
    ['nothing in it', '<xml></xml>', {}],
    ['an empty leaf', '<xml><A></A></xml>', { A: '' }],
  ])('%s', (_story, text, said) => expect(leaves(text)).toEqual(said));
});

describe('what is not', () => {
  test.each([
    ['no XML', 'hello'],
    ['nothing', ''],
    ['an entity of its own', '<!DOCTYPE xml [<!ENTITY e "x">]><xml><A>&e;</A></xml>'],
    ['an outside one', '<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><A>&e;</A></xml>'],
    ['an unknown entity', '<xml><A>&e;</A></xml>'],
    ['a number for a sign', '<xml><A>&#60;</A></xml>'],
    ['a bare ampersand', '<xml><A>a & b</A></xml>'],
    ['an attribute', '<xml><A b="c">1</A></xml>'],
    ['a comment', '<xml><!-- x --><A>1</A></xml>'],
    ['the same leaf twice', '<xml><A>1</A><A>2</A></xml>'],
    ['a leaf and elements in one', '<xml><A>1<B>2</B></A></xml>'],
    ['tags that cross', '<xml><A><B>1</A></B></xml>'],
    ['an open end', '<xml><A>1</A>'],
    ['an open CDATA', '<xml><A><![CDATA[1</A></xml>'],
    ['something after it', '<xml></xml><xml></xml>'],
    ['a tower', `<xml>${'<A>'.repeat(20)}${'</A>'.repeat(20)}</xml>`],
    ['another root', '<html><A>1</A></html>'],
  ])('%s', (_story, text) => expect(readLeaves(text)).toBeUndefined());

  test('whatever comes, it ends, and quickly', () => {
    fc.assert(fc.property(fc.string({ maxLength: 400 }), (text) => void readLeaves(`<xml>${text}</xml>`)));
    const began = performance.now();
    readLeaves(`<xml><A>${'<![CDATA['.repeat(20_000)}`);
    readLeaves(`<xml>${' '.repeat(200_000)}`);
    readLeaves(`<xml><A>${'&'.repeat(200_000)}</A></xml>`);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test('what people type comes out as they typed it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes(']]>')),
        (text) => {
          expect(leaves(`<xml><C><![CDATA[${text}]]></C></xml>`)).toEqual({ C: text });
        },
      ),
    );
  });
});
