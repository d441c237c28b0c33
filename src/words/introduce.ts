/** The product's own command, as the platforms' menus show it. */
import { words } from './language.ts';

export const introduceWords = words({
  zh: { pr: '帮助、列表、为什么、外出' },
  en: { pr: 'Help, list, why, away' },
});
