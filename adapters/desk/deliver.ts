/** Calls out: for the desk that is its own table. A database that is away is "later", never a lost card. */
import { type Address, type ChatAdapter, DeliveryError, type MessageRef } from '../../src/core/chat.ts';
import { kept } from './kept.ts';
import { channelOf, type DeskStore, directOf, homeOf, isRoom } from './message.ts';

export interface Reachable {
  people: readonly { id: string }[];
  channels: readonly { id: string }[];
}

export type Delivery = Required<Pick<ChatAdapter, 'post' | 'edit' | 'home'>>;

export function createDelivery(store: DeskStore, company: () => Reachable): Delivery {
  return {
    async post(to, content, intent): Promise<MessageRef> {
      const conversation = isRoom(to.id) ? await roomAt(to, store) : conversationAt(to, company());
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

async function roomAt({ id }: Address, store: DeskStore): Promise<string> {
  if ((await kept(store.findByIntent(id))) === undefined)
    throw new DeliveryError('desk', 'unreachable', 'unknown-room');
  return channelOf(id);
}

function conversationAt(to: Address, known: Reachable): string {
  assertKnown(to, known);
  return to.kind === 'direct' ? directOf(to.id) : channelOf(to.id);
}

function assertKnown(to: Address, known: Reachable): void {
  const among = to.kind === 'direct' ? known.people : known.channels;
  if (!among.some(({ id }) => id === to.id)) throw new DeliveryError('desk', 'unreachable', `unknown-${to.kind}`);
}
