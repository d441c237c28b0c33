/**
 * Messages that answer one person outside a callback. They have a key of their own, derived from the delivery, so that a
 * redelivered command is not answered twice; a refusal for now is tried again a few times. They are conveniences: what
 * must arrive goes through the outbox.
 */
import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import { DeliveryError } from '../../src/core/chat.ts';
import { keyFor } from './crypto.ts';
import type { Feishu } from './deliver.ts';
import type { CardJson } from './fit.ts';
import { OWN_RATE_LIMIT } from './rates.ts';

const TRIES = 5;
const LONGEST_WAIT_MS = 30_000;
/** An answer that a crowd of cards keeps from its place in the chat is still wanted after so long, and no longer. */
const WANTED_FOR_MS = 2 * 60_000;

export class Replies {
  readonly #feishu: Feishu;
  readonly #log: Logger;
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(feishu: Feishu, log: Logger) {
    this.#feishu = feishu;
    this.#log = log;
  }

  send(account: string, card: CardJson, deliveryId: string): void {
    const sending = this.#try(account, card, keyFor('reply', deliveryId)).finally(() => this.#running.delete(sending));
    this.#running.add(sending);
  }

  /** What is under way may end; what waits for its next try does not wait any longer. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled(this.#running);
  }

  async #try(account: string, card: CardJson, uuid: string): Promise<void> {
    const end = performance.now() + WANTED_FOR_MS;
    for (let tried = 1; ; ) {
      try {
        await this.#feishu.post({ kind: 'direct', id: account }, card, uuid);
        return;
      } catch (error) {
        const failed = error instanceof DeliveryError ? error : undefined;
        const again = failed?.problem === 'retry-later' || failed?.problem === 'ambiguous'; // the uuid makes it safe
        // what our own limits held back has not been tried
        const held = failed?.code === OWN_RATE_LIMIT;
        const given = held ? performance.now() < end : tried < TRIES;
        if (!again || !given || !(await this.#wait(failed?.afterMs ?? 1000 * tried))) {
          this.#log.warn({ code: failed?.code, problem: failed?.problem, tried }, 'a reply could not be sent');
          return;
        }
        if (!held) tried += 1;
      }
    }
  }

  /** False when we stop. */
  #wait(ms: number): Promise<boolean> {
    const { signal } = this.#stopping;
    return setTimeout(Math.min(ms, LONGEST_WAIT_MS), undefined, { signal }).then(
      () => true,
      () => false,
    );
  }
}
