/** What follows from a crisis by itself, in words that others keep: the text of a decision. */
import { cleanLine } from '../core/text.ts';
import { words } from './language.ts';

export const crisisFollowWords = words({
  zh: {
    recover: (request: string, reason: string) =>
      cleanLine(`追回或补救先行支出 ${request}（事后补批未通过：${reason}）`, 300),
  },
  en: {
    recover: (request: string, reason: string) =>
      cleanLine(`Recover or make good the spend ${request}, which was not ratified: ${reason}`, 300),
  },
});

export const drillWords = words({
  zh: {
    title: '危机演练',
    due: (quarter: string) =>
      `${quarter} 还没有做过危机演练，每季度要做一次。输入 /crisis drill 选一个场景，十分钟就能开始。`,
    choose: '选一个场景',
  },
  en: {
    title: 'Crisis drill',
    due: (quarter: string) =>
      `No crisis drill was held in ${quarter}; one is due each quarter. Type /crisis drill and choose a scenario: it starts in ten minutes.`,
    choose: 'Choose a scenario',
  },
});
