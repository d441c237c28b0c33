/** What `npm run restored` says to whoever brought a backup back. */
import { words } from './language.ts';

export const restoredWords = words({
  zh: {
    done: (numbers: number, cards: number) => `编号已往后移 ${numbers}。启动后会重画 ${cards} 张卡片。`,
  },
  en: {
    done: (numbers: number, cards: number) =>
      `Numbers were moved on by ${numbers}. ${cards} cards will be drawn anew once the program runs.`,
  },
});
