/** What stands on the screens of both platforms, by request: read as it comes, so that thousands of messages need no search. */

import type { FakeMessage as FeishuMessage } from '../support/feishu/platform.ts';
import type { FakeFeishu } from '../support/feishu.ts';
import type { FakeMessage as SlackMessage } from '../support/slack/world.ts';
import type { FakeSlack } from '../support/slack.ts';
import { personAt, type Someone } from './company.ts';
import type { Journal } from './journal.ts';

/** A card of a request that was posted somewhere: as it stands now. */
export type Standing = { number: string; place: string } & (
  | { platform: 'slack'; message: SlackMessage }
  | { platform: 'feishu'; message: FeishuMessage }
);

type Unnumbered = Standing extends infer S ? (S extends Standing ? Omit<S, 'number'> : never) : never;

/** Every card of a request says so when it is posted. */
const CARD = '审批路径';
const NUMBER = /(?:SP|JT|EI|PU)-\d{4}-\d{4,}/;

export class Wall {
  readonly slack: FakeSlack;
  readonly feishu: FakeFeishu;
  readonly #journal: Journal;
  readonly #cards = new Map<string, Standing[]>();
  readonly #forms = new Map<string, FeishuMessage[]>();
  readonly #numbers = new Map<string, string>();
  #slackRead = 0;
  #feishuRead = 0;

  constructor(slack: FakeSlack, feishu: FakeFeishu, journal: Journal) {
    this.slack = slack;
    this.feishu = feishu;
    this.#journal = journal;
  }

  /** Every card of this request, in the order in which they were posted. */
  cards(number: string): Standing[] {
    this.#read();
    return this.#cards.get(number) ?? [];
  }

  /** The request whose purpose has this word in it, once one of its cards stands somewhere. */
  numberOf(token: string): string | undefined {
    this.#read();
    return this.#numbers.get(token);
  }

  /** The forms that were sent to this person on Feishu and name this request (or this process, for a new one), oldest first. */
  forms(person: Someone): FeishuMessage[] {
    this.#read();
    return this.#forms.get(person.feishu ?? '') ?? [];
  }

  text(card: Standing): string {
    return card.platform === 'slack' ? this.slack.cardText(card.message) : this.feishu.cardText(card.message);
  }

  labels(card: Standing): string[] {
    const buttons = card.platform === 'slack' ? this.slack.buttons(card.message) : this.feishu.buttonsOf(card.message);
    return buttons.map(({ label }) => label);
  }

  placeOf(person: Someone, platform: 'slack' | 'feishu'): string | undefined {
    if (platform === 'slack') return person.slack && this.slack.directOf(person.slack);
    return person.feishu && this.feishu.platform.directChat(person.feishu);
  }

  #read(): void {
    const { messages } = this.slack;
    for (; this.#slackRead < messages.length; this.#slackRead++) this.#readSlack(messages[this.#slackRead] as never);
    const theirs = this.feishu.platform.messages;
    for (; this.#feishuRead < theirs.length; this.#feishuRead++) this.#readFeishu(theirs[this.#feishuRead] as never);
  }

  #readSlack(message: SlackMessage): void {
    const text = this.slack.cardText(message);
    if (text.includes(CARD)) {
      // a drawing for one person's eyes has no metadata, and nothing keeps it true
      if (message.metadata) this.#keep(text, { platform: 'slack', place: message.channel, message });
      return;
    }
    const reader = message.ephemeralFor ?? this.slack.channels.get(message.channel)?.with;
    const person = reader && personAt('slack', reader);
    if (person) this.#journal.hear({ person: person.id, text }, message.through);
  }

  #readFeishu(message: FeishuMessage): void {
    const text = this.feishu.cardText(message);
    const person = personAt('feishu', message.to);
    if (person?.feishu && Object.keys(this.feishu.fieldsOf(message)).length > 0) {
      this.#forms.set(person.feishu, [...(this.#forms.get(person.feishu) ?? []), message]);
      return;
    }
    if (text.includes(CARD)) this.#keep(text, { platform: 'feishu', place: message.chat, message });
    else if (person) this.#journal.hear({ person: person.id, text });
  }

  #keep(text: string, card: Unnumbered): void {
    const number = NUMBER.exec(text)?.[0];
    if (number === undefined) return;
    this.#cards.set(number, [...(this.#cards.get(number) ?? []), { ...card, number }]);
    const token = /#\d+\.\d+#/.exec(text)?.[0];
    if (token) this.#numbers.set(token, number);
  }
}
