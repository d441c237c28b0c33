/** The product's own commands, as the platforms' menus show them. */
import { words } from './language.ts';

export const introduceWords = words({
  zh: {
    pr: '帮助、列表、为什么、外出',
    meeting: '会议与日历',
    minutes: '会议纪要',
    decisions: '决议',
  },
  en: {
    pr: 'Help, list, why, away',
    meeting: 'Meetings and calendar',
    minutes: 'Minutes',
    decisions: 'Decisions',
  },
});
