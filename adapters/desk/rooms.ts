/**
 * Rooms on the desk: conversations that only their members see. Each member has a list of theirs, which is a conversation like every other:
 * so an open tab hears of a new room as it hears of a message.
 */
import { DeliveryError, type NotIn, type Rooms } from '../../src/core/chat.ts';
import type { Reachable } from './deliver.ts';
import { kept } from './kept.ts';
import { type DeskMessage, type DeskStore, isRoom, roomListOf } from './message.ts';

/** What the side bar shows of a room. */
export interface RoomPlace {
  id: string;
  name: string;
}

const SHOWN = 30;
/** The room itself, as it is kept: nobody's list. */
const REGISTER = 'rooms';

export function createRooms(store: DeskStore, company: () => Reachable): Rooms {
  async function bringIn(room: RoomPlace, accounts: string[]): Promise<NotIn[]> {
    const out: NotIn[] = [];
    for (const account of accounts) {
      const known = company().people.some(({ id }) => id === account);
      if (known) await kept(store.save(entry(roomListOf(account), room, membership(room.id, account))));
      else out.push({ account, code: 'unknown-person' });
    }
    return out;
  }
  return {
    async open({ title, accounts }, intent) {
      const room = { id: `room:${intent.id}`, name: title };
      await kept(store.save(entry(REGISTER, room, room.id)));
      return { id: room.id, out: await bringIn(room, accounts) };
    },
    async invite(id, accounts) {
      const room = placeOf(await kept(store.findByIntent(id)));
      if (room === undefined) throw new DeliveryError('desk', 'unreachable', 'unknown-room');
      return bringIn(room, accounts);
    },
    /** Nothing is pinned here: the page has no place above a conversation. */
    pin: async () => undefined,
  };
}

const membership = (room: string, person: string): string => `${room}|${person}`;

const entry = (conversation: string, { id, name }: RoomPlace, intent: string) => ({
  conversation,
  author: null,
  content: { kind: 'room', id, name } as const,
  intent,
});

export function placeOf(message: DeskMessage | undefined): RoomPlace | undefined {
  return message?.content.kind === 'room' ? { id: message.content.id, name: message.content.name } : undefined;
}

/** The newest first. */
export async function roomsOf(store: DeskStore, person: string): Promise<RoomPlace[]> {
  const listed = await store.page(roomListOf(person), undefined, SHOWN);
  return listed.reverse().flatMap((message) => placeOf(message) ?? []);
}

export async function isMember(store: DeskStore, room: string, person: string): Promise<boolean> {
  return isRoom(room) && (await store.findByIntent(membership(room, person))) !== undefined;
}
