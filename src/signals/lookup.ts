/** What other modules may ask about signals: what was counted, and how a confirmed one reads as an alarm. */
import type { Language } from '../core/chat.ts';
import { cleanParagraph } from '../core/text.ts';
import { sayDuration } from '../words/calendar.ts';
import { signalWords } from '../words/signals.ts';
import type { Signal } from './model.ts';

/** What is counted, in words: `直播间投诉 · 起火`. */
export function watchedText({ title, key }: Pick<Signal, 'title' | 'key'>, language: Language): string {
  return key === '' ? title[language] : `${title[language]} · ${key}`;
}

/** `直播间投诉 · 起火：已累计 7（1 小时内达到 5 即预警）` */
export function reachedText(signal: Signal, language: Language): string {
  const { count, within } = signal.threshold;
  const rule = signalWords(language).rule(sayDuration(within, language), count);
  return signalWords(language).reached(watchedText(signal, language), signal.count, rule);
}

const NEWEST = 3;
/** Half of what an alarm takes, since a picture may count twice there. */
const LONGEST_ALARM = 500;

/** What happened, as the crisis that it raises begins with: what was counted, why it was confirmed, and the newest of what was reported. */
export function alarmText(signal: Signal, language: Language): string {
  const reached = reachedText(signal, language);
  const reason = signal.decided?.reason ?? '';
  const newest = signal.samples.slice(-NEWEST).map(({ text }) => text);
  // the form proposes what was counted as the reason: it is not said twice
  return cleanParagraph([reached, ...(reason === reached ? [] : [reason]), ...newest].join('\n'), LONGEST_ALARM);
}
