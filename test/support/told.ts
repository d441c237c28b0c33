/** What a person was told in answer, wherever it stands for their eyes: beside the button, in their chat, in a window. */
import type { House } from './house.ts';

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
