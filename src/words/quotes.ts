/** What is said about words that somebody else wrote, where they are kept as evidence. */
import { words } from './language.ts';

/** Whoever reads it may read either language; no account looks like it. */
export const botName = (name: string): string => `${name}（机器人/bot）`;

export const quoteWords = words({
  zh: {
    more: (linked: boolean) => `（原文更长，没有全部记入；全文见${linked ? '链接' : '原消息'}。）`,
  },
  en: {
    more: (linked: boolean) =>
      `(There is more, which is not kept here; for all of it see the ${linked ? 'link' : 'message itself'}.)`,
  },
});
