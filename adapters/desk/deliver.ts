/** Calls out: for the desk that is its own table. A database that is away is "later", never a lost card. */
import { type Address, type ChatAdapter, DeliveryError, type MessageRef } from '../../src/core/chat.ts';
import { channelOf, type DeskStore, directOf, homeOf } from './message.ts';

export interface Reachable {
  people: readonly { id: string }[];
  channels: readonly { id: string }[];
}

const RETRY_AFTER_MS = 2_000;

export type Delivery = Required<Pick<ChatAdapter, 'post' | 'edit' | 'home'>>;

export function createDelivery(store: DeskStore, company: () => Reachable): Delivery {
  return {
    async post(to, content, intent): Promise<MessageRef> {
      const conversation = conversationAt(to, company());
      const message = await kept(store.save({ conversation, author: null, content, intent: intent.id }));
      return { channel: message.conversation, message: message.id };
    },
    async edit(ref, card) {
      const found = await kept(store.update(ref.message, { kind: 'card', card }));
      if (!found) throw new DeliveryError('desk', 'gone', 'message-missing');
    },
    async home(account, card) {
      assertKnown({ kind: 'direct', id: account }, company());
      const conversation = homeOf(account);
      const content = { kind: 'card', card } as const;
      const drawn = await kept(store.findByIntent(conversation));
      if (drawn) await kept(store.update(drawn.id, content));
      else await kept(store.save({ conversation, author: null, content, intent: conversation }));
    },
  };
}

function conversationAt(to: Address, known: Reachable): string {
  assertKnown(to, known);
  return to.kind === 'direct' ? directOf(to.id) : channelOf(to.id);
}

function assertKnown(to: Address, known: Reachable): void {
  const among = to.kind === 'direct' ? known.people : known.channels;
  if (!among.some(({ id }) => id === to.id)) throw new DeliveryError('desk', 'unreachable', `unknown-${to.kind}`);
}

/** A save is one per intent and an edit says the whole card: both may be repeated, so a lost answer is simply "later". */
async function kept<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (cause) {
    throw new DeliveryError('desk', 'retry-later', 'store', { afterMs: RETRY_AFTER_MS, cause });
  }
}
