/** How the sentences are kept: one file per surface, each with the same keys in both languages (a missing key is a type error). */
import type { Language } from '../core/chat.ts';

/** Both languages of one section; `zh` gives the shape that `en` must have. */
export function words<W extends object>(both: { zh: W; en: NoInfer<W> }): (language: Language) => W {
  return (language) => both[language];
}
