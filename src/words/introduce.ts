/** The product's own commands, as the platforms' menus show them. */
import { words } from './language.ts';

export const introduceWords = words({
  zh: {
    pr: '帮助、列表、为什么、外出',
    meeting: '会议与日历',
    minutes: '会议纪要',
    decisions: '决议',
    crisis: '危机报警与处理',
    crisisHint: '发生了什么 | CR-2026-0001 | update | task @李娜 … | drill',
    fact: '危机中记一条事实',
    factHint: '10:05 客服确认三起',
    statement: '对外声明',
    signal: '报告危机苗头',
    signalHint: '指标 看到了什么',
  },
  en: {
    pr: 'Help, list, why, away',
    meeting: 'Meetings and calendar',
    minutes: 'Minutes',
    decisions: 'Decisions',
    crisis: 'Raise an alarm, handle a crisis',
    crisisHint: 'what happened | CR-2026-0001 | update | task @Li … | drill',
    fact: 'Note a fact of a crisis',
    factHint: '10:05 three cases confirmed',
    statement: 'Statements to the public',
    signal: 'Report an early sign of a crisis',
    signalHint: 'indicator what you saw',
  },
});
