/**
 * What happens with a verified event, the same for both transports: whose tenant, what is wanted, the desk, the answer
 * within the three seconds, and what follows it.
 */
import type { Logger } from 'pino';
import { DeliveryError, type Desk, type Inbound, type MessageRef, type Reply } from '../../src/core/chat.ts';
import { feishuWords } from '../../src/words/feishu.ts';
import {
  type Answer,
  answerClosed,
  answerLate,
  answerPress,
  type CallbackAnswer,
  drawFollow,
  followUp,
  toast,
} from './answer.ts';
import { same } from './crypto.ts';
import type { Envelope } from './edge.ts';
import type { People } from './fields.ts';
import { type Act, parse } from './parse.ts';
import { asksForQuote } from './quote.ts';
import type { Replies } from './replies.ts';

export interface Receiving {
  desk: Desk;
  log: Logger;
  replies: Replies;
  people: () => People;
  /** the bot's open_id, once known */
  bot: () => string | undefined;
  pinTenant: (key: string) => Promise<string>;
  /** what is said in this message, as something that can be quoted. @throws DeliveryError */
  quote: (message: string) => Promise<Inbound['what'] | undefined>;
  answerWithinMs: number;
}

export type Received =
  | { kind: 'answered'; answer: CallbackAnswer; sent: () => void }
  /** verified as Feishu's, but for another tenant */
  | { kind: 'refused'; why: string };

/** The pressed message must stand still until the answer has left, or Feishu puts the old card back; then it is drawn once more. */
const SETTLE_MS = 300;

export class Reception {
  readonly #with: Receiving;
  #tenant: string | undefined;
  /** presses that are being answered: how many, and whether their message was edited meanwhile */
  readonly #open = new Map<string, { presses: number; edited: boolean }>();
  readonly #redraws = new Map<NodeJS.Timeout, MessageRef>();

  constructor(receiving: Receiving) {
    this.#with = receiving;
  }

  async receive(envelope: Envelope): Promise<Received> {
    const { tenant_key } = envelope.header;
    const tenant = await this.#ourTenant(tenant_key);
    if (tenant === undefined || (tenant_key !== '' && !same(tenant_key, tenant))) {
      return { kind: 'refused', why: 'wrong-tenant' };
    }
    const act = parse(envelope, { tenant, bot: this.#with.bot() });
    return act === undefined ? answered({}) : this.#act(act);
  }

  /** An edit has gone out: if a press of that message is being answered, the answer may undo it. */
  edited(message: string): void {
    const open = this.#open.get(message);
    if (open !== undefined) open.edited = true;
  }

  /** Redraws that were to come are asked for now. */
  stop(): void {
    for (const [timer, message] of this.#redraws) {
      clearTimeout(timer);
      this.#with.desk.answered('feishu', message);
    }
    this.#redraws.clear();
  }

  /** The first verified event tells whose app this is; the key is stored, and from then on no other is ours. */
  async #ourTenant(key: string): Promise<string | undefined> {
    if (this.#tenant === undefined && key !== '') this.#tenant = await this.#with.pinTenant(key);
    return this.#tenant;
  }

  async #act(act: Act): Promise<Received> {
    const { desk } = this.#with;
    switch (act.kind) {
      case 'message':
        return this.#message(act.inbound);
      case 'press':
        return this.#press(act.inbound, act.onForm);
      case 'closed':
        return answered(answerClosed(desk.languageOf('feishu', act.account)));
      case 'unreadable':
        return answered({ toast: toast('error', feishuWords(desk.languageOf('feishu', act.account)).unreadable) });
      default:
        return act satisfies never;
    }
  }

  /** Answered when the work is committed, not before: should we die in it, Feishu delivers it again. */
  async #message(inbound: Inbound): Promise<Received> {
    const meant = asksForQuote(inbound) ? await this.#quoted(inbound) : inbound;
    this.#follow(inbound, await this.#with.desk.take(meant));
    return answered({});
  }

  /** A message that cannot be read leaves the bare command, to which there is an answer as well. */
  async #quoted(inbound: Inbound): Promise<Inbound> {
    try {
      const what = inbound.message && (await this.#with.quote(inbound.message.message));
      return what === undefined ? inbound : { ...inbound, what };
    } catch (error) {
      const code = error instanceof DeliveryError ? error.code : 'unreadable';
      this.#with.log.warn({ code }, 'a message that was replied to could not be read');
      return inbound;
    }
  }

  async #press(inbound: Inbound, onForm: boolean): Promise<Received> {
    const { desk, people, answerWithinMs } = this.#with;
    const language = desk.languageOf('feishu', inbound.from.account);
    this.#began(inbound.message);
    const taking = desk.take(inbound);
    const reply = await soon(taking, answerWithinMs);
    if (reply === undefined) {
      void taking.then((late) => this.#follow(inbound, late)).catch((error) => this.#fault(error));
      return answered(answerLate(onForm, language), () => this.#ended(inbound.message, false));
    }
    const { answer, follow, redraws }: Answer = answerPress(reply, onForm, people(), language);
    if (follow) {
      this.#with.replies.send(inbound.from.account, drawFollow(follow, people(), language), inbound.deliveryId);
    }
    return answered(answer, () => this.#ended(inbound.message, redraws));
  }

  #follow(inbound: Inbound, reply: Reply): void {
    const follow = followUp(reply);
    if (follow === undefined) return;
    const language = this.#with.desk.languageOf('feishu', inbound.from.account);
    // always to the person alone: what is asked in a group is not answered before the group
    this.#with.replies.send(
      inbound.from.account,
      drawFollow(follow, this.#with.people(), language),
      inbound.deliveryId,
    );
  }

  #fault(error: unknown): void {
    this.#with.log.error({ err: error }, 'a late answer failed');
  }

  #began(message: MessageRef | undefined): void {
    if (message === undefined) return;
    const open = this.#open.get(message.message) ?? { presses: 0, edited: false };
    open.presses += 1;
    this.#open.set(message.message, open);
  }

  #ended(message: MessageRef | undefined, redraws: boolean): void {
    if (message === undefined) return;
    const open = this.#open.get(message.message);
    if (open !== undefined && --open.presses === 0) this.#open.delete(message.message);
    if (!redraws && !open?.edited) return;
    const timer = setTimeout(() => {
      this.#redraws.delete(timer);
      this.#with.desk.answered('feishu', message);
    }, SETTLE_MS);
    this.#redraws.set(timer, message);
  }
}

/** `sent` is to be called once, when the last byte of the answer has left. */
function answered(answer: CallbackAnswer, sent: () => void = () => undefined): Received {
  let called = false;
  return {
    kind: 'answered',
    answer,
    sent: () => {
      if (!called) sent();
      called = true;
    },
  };
}

async function soon<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
