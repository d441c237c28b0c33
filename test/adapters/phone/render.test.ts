/** Whatever a crisis is called, it can be said and written, and stays within what Twilio takes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkTo, PATHS, readAbout } from '../../../adapters/phone/links.ts';
import { renderAskAgain, renderCall, renderGoodbye, renderSms, renderText } from '../../../adapters/phone/render.ts';
import { readCall, readMessage } from '../../support/twilio/twiml.ts';
import { answer, saying } from './stage.ts';

const about = { action: answer, intent: '6f2d1f60-6b0e-4a55-9d3e-7b1c4d3f8a10', wrong: 0 };
const link = linkTo('https://countersign.pr.example.com', PATHS.gather, about);
const anything = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 600 }),
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc
    .array(fc.constantFrom('&', '<', '>', '"', "'", ']]>', '\u0000', '\uD800', '\u202E', '𠮷', '火'), {
      maxLength: 600,
    })
    .map((parts) => parts.join('')),
);

describe('on the phone', () => {
  test('anything at all becomes TwiML that Twilio reads, within 4,000 characters', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom('zh' as const, 'en' as const), (text, language) => {
        const call = renderCall(saying(text), link, language);
        expect(call.length).toBeLessThanOrEqual(4000);
        expect(readCall(call).filter((step) => step !== 'hangup' && step.gather?.action === link)).toHaveLength(2);
        expect(readCall(renderGoodbye(`好${text}`, language)).at(-1)).toBe('hangup');
        expect(readCall(renderAskAgain(link, language))).toHaveLength(3);
      }),
      { numRuns: 200 },
    );
  });

  test('the longest that can be said, with the longest address, still fits', () => {
    const link500 = `https://countersign.example.com/phone/twilio/gather?a=${'A'.repeat(446)}`;
    for (const sign of ['&', '"', '火', '𠮷'])
      for (const language of ['zh', 'en'] as const) {
        const call = renderCall(saying(sign.repeat(900)), link500, language);
        expect([call.length <= 4000, readCall(call).length]).toEqual([true, 4]);
      }
  });

  test('pictures, brackets and what is invisible are not read out', () => {
    const [first] = readCall(renderCall(saying('🔥【演练】\u2068李娜\u2069 请看 *飞书* 👩‍🚒'), link, 'zh'));
    expect(first).toMatchObject({ say: '演练 李娜 请看 飞书 收到请按 1。', voice: 'Polly.Zhiyu cmn-CN' });
  });

  test('what is cut is cut between characters, and says so', () => {
    const [first] = readCall(renderCall(saying('𠮷'.repeat(300)), link, 'zh'));
    expect(first !== 'hangup' && first?.say).toMatch(/^(?:𠮷)+… 收到请按 1。$/u);
  });
});

describe('in writing', () => {
  test('a ring is short, and how to answer stands in it, whatever it is about', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const body = renderSms(saying(text), 'zh');
        expect(body.length).toBeLessThanOrEqual(220);
        expect(body.endsWith('收到请回复 1。')).toBe(true);
      }),
    );
    expect(renderSms(saying('Crisis.'), 'en')).toBe('Crisis.\nReply 1 to say that you have it.');
  });

  test('an answer keeps its lines and its signs', () => {
    expect(readMessage(renderText('第一行 <&>\n"第二行"\u0007'))).toBe('第一行 <&>\n"第二行"');
  });
});

describe('the address by which Twilio comes back', () => {
  test('carries what it is about, and tells Twilio to try again', () => {
    const url = new URL(linkTo('https://desk.example.com/pr', PATHS.status, { ...about, wrong: 2 }));
    expect([url.pathname, readAbout(url.searchParams)]).toEqual(['/pr/phone/twilio/status', { ...about, wrong: 2 }]);
    expect(url.hash).toBe('#rc=3&rp=5xx,ct,rt&ct=2000&rt=6000');
  });

  test.each(['', 'a=', 'a=eyJjb21tYW5kIjoxfQ', 'a=%00', 'a=e30&n=1e999', 'i=x'])('%j is none of ours', (query) => {
    expect(readAbout(new URLSearchParams(query))).toBeUndefined();
  });
});
