/** The product's own commands, as the platforms' menus show them. */
import { words } from './language.ts';

export const introduceWords = words({
  zh: {
    pr: '帮助、列表、为什么、外出',
    meeting: '会议：列表、新建、改期、取消、日历',
    minutes: '填写或查看会议纪要',
    decisions: '未完成的决议',
  },
  en: {
    pr: 'Help, list, why, away',
    meeting: 'Meetings: list, new, move, cancel, calendar',
    minutes: 'Write or read minutes',
    decisions: 'Open decisions',
  },
});
