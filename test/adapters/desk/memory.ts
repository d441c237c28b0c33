/** The desk's store without a database: the same promises, kept in a list. */
import { randomUUID } from 'node:crypto';
import type { DeskMessage, DeskStore } from '../../../adapters/desk/message.ts';

export interface MemoryStore extends DeskStore {
  /** while set, every call fails with it: the database is away */
  broken: Error | undefined;
  listeners(): number;
}

export function createMemoryStore(clock: () => Date = () => new Date()): MemoryStore {
  const messages: DeskMessage[] = [];
  const intents = new Map<string, DeskMessage>();
  const listeners = new Set<() => void>();
  let last = 0;
  const ring = () => {
    for (const listener of listeners) listener();
  };
  const working = () => {
    if (store.broken) throw store.broken;
  };
  const store: MemoryStore = {
    broken: undefined,
    listeners: () => listeners.size,
    async save(draft) {
      working();
      const first = draft.intent === undefined ? undefined : intents.get(draft.intent);
      if (first) return structuredClone(first);
      last += 1;
      const { conversation, author, content } = structuredClone(draft);
      const message = { id: randomUUID(), conversation, author, content, at: clock(), placed: last, changed: last };
      messages.push(message);
      if (draft.intent !== undefined) intents.set(draft.intent, message);
      ring();
      return structuredClone(message);
    },
    async update(id, content) {
      working();
      const message = messages.find((each) => each.id === id);
      if (!message) return false;
      last += 1;
      Object.assign(message, { content: structuredClone(content), changed: last });
      ring();
      return true;
    },
    async findByIntent(intent) {
      working();
      return structuredClone(intents.get(intent));
    },
    async page(conversation, before, limit) {
      working();
      const all = messages.filter((each) => each.conversation === conversation && each.placed < (before ?? Infinity));
      return structuredClone(all.slice(-limit));
    },
    async changedSince(mark, limit) {
      working();
      const all = messages.filter(({ changed }) => changed > mark).sort((a, b) => a.changed - b.changed);
      return structuredClone(all.slice(0, limit));
    },
    async mark() {
      working();
      return last;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return store;
}
