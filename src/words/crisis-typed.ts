/** What whoever mistypes around a crisis is told before anything is raised or noted. */
import { words } from './language.ts';

export const crisisTypedWords = words({
  zh: {
    alarm: '你是要报警吗？请写清楚发生了什么，例如 /crisis 顾客在直播间投诉产品起火。',
  },
  en: {
    alarm:
      'Do you want to raise an alarm? Please write what happened, for example /crisis a customer reports a fire live on air.',
  },
});
