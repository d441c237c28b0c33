/** What happens with a verified word from Twilio: a key, a text message, the end of a call or of a message. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Desk, Inbound, Reply, RingReport } from '../../src/core/chat.ts';
import { phoneWords } from '../../src/words/phone.ts';
import type { Take } from './connect.ts';
import { ANSWER_MS, REPLIES, WRONG_KEYS } from './limits.ts';
import { linkTo, PATHS, readAbout } from './links.ts';
import type { Memory } from './memory.ts';
import { answerOf, readCallStatus, readMessageStatus, readPressed, readWritten, type Status } from './parse.ts';
import { NO_WORDS, renderAskAgain, renderGoodbye, renderText, sentenceOf } from './render.ts';

export interface Receiving {
  desk: Desk;
  /** @throws when it could not be kept: Twilio says it again */
  reported(report: RingReport): Promise<void>;
  memory: Memory;
  clock: () => Date;
  publicUrl: () => string;
  answerWithinMs?: number | undefined;
}

/** A key: 1 is the answer, whatever else is asked again. */
export function takeKey({ desk, publicUrl, answerWithinMs = ANSWER_MS }: Receiving): Take {
  return async (form, query) => {
    const [pressed, about] = [readPressed(form), readAbout(query)];
    if (pressed === undefined) return undefined;
    const language = desk.languageOf('phone', pressed.To);
    const say = phoneWords(language);
    if (about === undefined) return renderGoodbye(say.unreadable, language);
    if (pressed.Digits === '1') {
      const reply = await soon(desk.take(answerOf(pressed, about.action)), answerWithinMs);
      if (reply === undefined) return renderGoodbye(say.working, language);
      return renderGoodbye(sentenceOf(reply, language) ?? say.answered, language);
    }
    const wrong = about.wrong + 1;
    if (wrong >= WRONG_KEYS) return renderGoodbye(say.wrongTooOften, language);
    return renderAskAgain(linkTo(publicUrl(), PATHS.gather, { ...about, wrong }), language);
  };
}

/** What somebody has written, and the answer to it. */
export function takeText({ desk, clock, answerWithinMs = ANSWER_MS }: Receiving): Take {
  const mayAnswer = createAnswerCount(clock);
  return async (form) => {
    const inbound = readWritten(form);
    if (inbound === undefined) return undefined;
    const reply = await soon(desk.take(inbound), answerWithinMs);
    const said = textOf(desk, inbound, reply);
    return said !== undefined && mayAnswer(inbound.from.account) ? renderText(said) : NO_WORDS;
  };
}

function textOf(desk: Desk, { from }: Inbound, reply: Reply | undefined): string | undefined {
  const language = desk.languageOf('sms', from.account);
  return reply === undefined ? phoneWords(language).smsWorking : sentenceOf(reply, language);
}

export function takeCallStatus(receiving: Receiving): Take {
  return takeStatus(receiving, readCallStatus);
}

export function takeMessageStatus(receiving: Receiving): Take {
  return takeStatus(receiving, readMessageStatus);
}

function takeStatus(
  { reported, memory }: Receiving,
  read: (form: URLSearchParams, action: RingReport['action']) => Status | undefined,
): Take {
  return async (form, query) => {
    const about = readAbout(query);
    const status = about && read(form, about.action);
    if (about === undefined || status === undefined) return undefined;
    memory.belongs(status.sid, about.intent);
    if (status.report !== undefined) await reported(status.report);
    return 'noted';
  };
}

/** Undefined: it takes longer; it goes on all the same. */
async function soon<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  const late = new AbortController();
  const waited = pause(ms, undefined, { signal: late.signal }).catch(() => undefined);
  try {
    return await Promise.race([work, waited]);
  } finally {
    late.abort();
  }
}

/** True as long as this number has not been answered too often. */
function createAnswerCount(clock: () => Date): (number: string) => boolean {
  const answered = new Map<string, number[]>();
  return (number) => {
    const now = clock().getTime();
    const recent = (answered.get(number) ?? []).filter((at) => now - at < REPLIES.withinMs);
    if (recent.length >= REPLIES.most) return false;
    answered.delete(number);
    answered.set(number, [...recent, now]);
    const [oldest] = answered.keys();
    if (answered.size > 5000 && oldest !== undefined) answered.delete(oldest);
    return true;
  };
}
