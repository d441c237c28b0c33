/** What a person was told in answer, wherever it stands for their eyes: beside the button, in their chat, in a window. */
import { expect } from 'vitest';
import type { House } from './house.ts';

/** Somebody types a command to the bot on Slack; gives the answer's text, also where it comes after the three seconds. */
export async function typedOnSlack({ slack }: House, user: string, command: string, text = ''): Promise<string> {
  const before = slack.ephemerals(user).length;
  const answered = await slack.slash(user, 'direct', command, text);
  expect(answered).toMatchObject({ status: 200, problem: undefined });
  const said = JSON.stringify(answered.body);
  if (!said.includes('正在处理，请稍候')) return said;
  const late = () =>
    slack
      .ephemerals(user)
      .slice(before)
      .map((message) => slack.cardText(message) || message.text);
  return slack.until(() => late().findLast((one) => !one.includes('正在处理，请稍候')));
}

/** Waits until Slack shows the person a sentence with all of these words. */
export function toldOnSlack({ slack }: House, user: string, ...words: string[]): Promise<string> {
  const texts = () => [
    ...slack.ephemerals(user).map((message) => `${message.text}\n${slack.cardText(message)}`),
    ...slack.messagesOf(user).map((message) => `${message.text}\n${slack.cardText(message)}`),
    ...slack.windows(user).map((view) => slack.cardText(view)),
  ];
  return slack.until(() => texts().findLast((text) => words.every((word) => text.includes(word))));
}

/** Waits for a toast on Feishu or a message in the person's chat with all of these words. */
export function toldOnFeishu({ feishu }: House, person: string, ...words: string[]): Promise<string> {
  const texts = () => [
    ...feishu.toasts(person).map((toast) => toast.content),
    ...feishu.messagesOf(person).map((message) => feishu.cardText(message)),
  ];
  return feishu.when(
    () => texts().findLast((text) => words.every((word) => text.includes(word))),
    `${words.join(' ')} for ${person}`,
  );
}
