/** What is said on the phone, as TwiML, and what is written in a text message. Pure. https://www.twilio.com/docs/voice/twiml */
import type { Card } from '../../src/core/card.ts';
import type { Language, Reply } from '../../src/core/chat.ts';
import { phoneWords } from '../../src/words/phone.ts';
import { KEY_S, RUNG_SMS_CHARACTERS, SMS_CHARACTERS, SPOKEN_CHARACTERS } from './limits.ts';

/** A voice that is not asked for by name follows the account's settings, which know no Chinese. https://www.twilio.com/docs/voice/twiml/say/text-speech */
const VOICES: Record<Language, string> = {
  zh: 'voice="Polly.Zhiyu" language="cmn-CN"',
  en: 'voice="Polly.Joanna" language="en-US"',
};

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';

/** The call: said, a key waited for, said again, waited again. Nobody there: no key, and that is no answer. */
export function renderCall(card: Card, link: string, language: Language): string {
  const say = phoneWords(language);
  const text = speakable(card.summary);
  return twiml(
    asking(`${text} ${say.press}`, link, language),
    asking(`${say.again(text)} ${say.press}`, link, language),
    spoken(say.noKey, language),
    '<Hangup/>',
  );
}

/** A wrong key: what to press is said again. */
export function renderAskAgain(link: string, language: Language): string {
  const say = phoneWords(language);
  return twiml(asking(say.wrongKey, link, language), spoken(say.noKey, language), '<Hangup/>');
}

/** The last word of a call. */
export function renderGoodbye(text: string, language: Language): string {
  return twiml(spoken(speakable(text), language), '<Hangup/>');
}

export const NO_WORDS = twiml();

/** The answer to a text message. */
export function renderText(text: string): string {
  return twiml(`<Message>${escaped(cut(plain(text), SMS_CHARACTERS))}</Message>`);
}

/** The text message that rings. */
export function renderSms(card: Card, language: Language): string {
  return `${cut(plain(card.summary), RUNG_SMS_CHARACTERS)}\n${phoneWords(language).reply}`;
}

/** Undefined: there is nothing to say. */
export function sentenceOf(reply: Reply, language: Language): string | undefined {
  switch (reply.kind) {
    case 'nothing':
      return undefined;
    case 'said':
      return reply.text;
    case 'form':
    case 'faults':
      return `${reply.say} ${phoneWords(language).elsewhere}`;
    case 'card':
      return reply.card.summary;
    default:
      return reply satisfies never;
  }
}

function twiml(...verbs: string[]): string {
  return `${HEAD}<Response>${verbs.join('')}</Response>`;
}

/** `finishOnKey` is none: any key at all comes to us, so that a wrong one is told. https://www.twilio.com/docs/voice/twiml/gather */
function asking(text: string, link: string, language: Language): string {
  const key = `input="dtmf" numDigits="1" finishOnKey="" timeout="${KEY_S}"`;
  return `<Gather ${key} method="POST" action=${quoted(link)}>${spoken(text, language)}</Gather>`;
}

const spoken = (text: string, language: Language): string => `<Say ${VOICES[language]}>${escaped(text)}</Say>`;

/** A voice reads out what a picture is called, and stumbles over brackets and what is invisible. */
function speakable(text: string): string {
  const heard = plain(text)
    .replace(/\p{Extended_Pictographic}/gu, ' ')
    .replace(/[「」【】《》“”*_`#|<>[\]]+/g, ' ');
  return cut(heard.replace(/\s+/g, ' ').trim(), SPOKEN_CHARACTERS);
}

/** Without what XML cannot hold or nobody sees. https://www.w3.org/TR/xml/#charsets */
function plain(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cf}|\uFE0F/gu, '')
    .replace(/[^\P{C}\n]/gu, ' ')
    .replace(/[^\S\n]+/g, ' ')
    .trim();
}

/** Never inside what is one character to the reader. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text)) {
    if (kept.length + segment.length > most - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const quoted = (text: string): string => `"${escaped(text).replaceAll('"', '&quot;')}"`;
