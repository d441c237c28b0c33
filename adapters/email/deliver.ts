/**
 * Calls out: one mail per letter. What was sent cannot be looked up again, so an unclear try is simply repeated: its Message-ID, made of the
 * intent, is the same (see compose.ts for what that is worth).
 */
import { type Address, type ChatAdapter, DeliveryError } from '../../src/core/chat.ts';
import { composeMessage, type Sender } from './compose.ts';
import type { Line } from './connect.ts';
import type { Health } from './health.ts';
import { renderMail } from './render.ts';

export type Deliveries = Pick<ChatAdapter, 'post' | 'edit' | 'fetchFile'>;

export function createDeliveries(deps: { line: Line; health: Health; from: Sender; clock: () => Date }): Deliveries {
  const { line, health, from, clock } = deps;
  return {
    async post(to, content, intent, language) {
      const address = mailbox(to);
      if (content.kind !== 'card') throw new DeliveryError('email', 'rejected', 'no-forms');
      const { card } = content;
      const letter = renderMail(card, language, from.name || from.address);
      const message = composeMessage({ letter, card, from, to: address, intent: intent.id, at: clock() });
      try {
        await line.send(message);
      } catch (error) {
        if (error instanceof DeliveryError) health.failed(error);
        throw error;
      }
      health.well();
      return { channel: address, message: message.messageId };
    },
    // `gone` would have it sent anew: a letter is out, and stays as it was
    async edit() {
      throw new DeliveryError('email', 'rejected', 'no-edits');
    },
    async fetchFile() {
      throw new DeliveryError('email', 'gone', 'no-files');
    },
  };
}

/** One plain mailbox: what could be read as two addresses, or as a command of the protocol, is nobody's. */
function mailbox(to: Address): string {
  if (to.kind === 'direct' && /^[^\s"(),:;<>@[\\\]\p{C}]{1,64}@[^\s"(),:;<>@[\\\]\p{C}]{1,255}$/u.test(to.id))
    return to.id;
  throw new DeliveryError('email', 'unreachable', to.kind === 'direct' ? 'no-mailbox' : 'no-channels');
}
