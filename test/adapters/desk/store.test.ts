/** The desk's table in Postgres and the list that stands in for it elsewhere: one contract, told twice. */
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeskContent, DeskStore } from '../../../adapters/desk/message.ts';
import { createDeskStore } from '../../../adapters/desk/store.ts';
import { type FreshDatabase, freshDatabase } from '../../support/database.ts';
import { createMemoryStore } from './memory.ts';

const say = (text: string): DeskContent => ({ kind: 'text', text, files: [] });
const textOf = (message: { content: DeskContent } | undefined) =>
  message?.content.kind === 'text' ? message.content.text : undefined;

let database: FreshDatabase;
const clients: postgres.Sql[] = [];
const connect = () => {
  const sql = postgres(database.url, { max: 4, onnotice: () => {} });
  clients.push(sql);
  return sql;
};
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  await Promise.all(clients.map((sql) => sql.end({ timeout: 2 })));
  await database.drop();
});

const next = (store: DeskStore) =>
  new Promise<void>((resolve) => {
    const off = store.onChange(() => {
      off();
      resolve();
    });
  });

describe.each<[string, () => DeskStore]>([
  ['in Postgres', () => createDeskStore({ sql: connect() })],
  ['in a list', () => createMemoryStore()],
])('%s', (_where, create) => {
  test('one intent is one message, however often it is tried', async () => {
    const store = create();
    const draft = { conversation: 'direct:once', author: null, content: say('第一次'), intent: `once ${_where}` };
    const tries = await Promise.all([1, 2, 3, 4].map(() => store.save(draft)));
    expect(new Set(tries.map(({ id }) => id)).size).toBe(1);
    const again = await store.save({ ...draft, content: say('第二次') });
    expect(textOf(again)).toBe('第一次');
    expect((await store.page('direct:once', undefined, 10)).length).toBe(1);
    expect((await store.findByIntent(`once ${_where}`))?.id).toBe(again.id);
    expect(await store.findByIntent('never')).toBeUndefined();
  });

  test('a conversation is read page by page, oldest first, and nobody else’s', async () => {
    const store = create();
    for (const n of [1, 2, 3, 4, 5]) {
      await store.save({ conversation: 'direct:pages', author: 'wang', content: say(String(n)) });
      await store.save({ conversation: 'direct:other', author: 'li', content: say('x') });
    }
    const last = await store.page('direct:pages', undefined, 2);
    expect(last.map(textOf)).toEqual(['4', '5']);
    const before = await store.page('direct:pages', last[0]?.placed, 10);
    expect(before.map(textOf)).toEqual(['1', '2', '3']);
  });

  test('an edit changes the message, keeps its place, and is the newest change', async () => {
    const store = create();
    const first = await store.save({ conversation: 'direct:edits', author: null, content: say('等审批') });
    const second = await store.save({ conversation: 'direct:edits', author: null, content: say('另一条') });
    const mark = await store.mark();
    expect(mark).toBe(second.changed);
    expect(await store.update(first.id, say('已批准'))).toBe(true);
    const [changed, ...rest] = await store.changedSince(mark, 10);
    expect(rest).toEqual([]);
    expect(changed).toMatchObject({ id: first.id, placed: first.placed });
    expect(changed?.changed).toBeGreaterThan(second.changed);
    expect((await store.page('direct:edits', undefined, 10)).map(textOf)).toEqual(['已批准', '另一条']);
  });

  test('a message that is no more cannot be edited', async () => {
    const store = create();
    expect(await store.update(crypto.randomUUID(), say('x'))).toBe(false);
    expect(await store.update('not-an-id', say('x'))).toBe(false);
  });

  test('whoever listens hears of a new message and of an edit', async () => {
    const store = create();
    const { id } = await store.save({ conversation: 'direct:bell', author: null, content: say('a') });
    const heard = next(store);
    await Promise.all([heard, repeatUntil(heard, () => store.update(id, say('b')))]);
    expect(textOf((await store.page('direct:bell', undefined, 1))[0])).toBe('b');
  });
});

/** LISTEN takes a moment to begin: the change is made again until it was heard. */
async function repeatUntil(heard: Promise<void>, change: () => Promise<unknown>): Promise<void> {
  let isHeard = false;
  void heard.then(() => {
    isHeard = true;
  });
  while (!isHeard) {
    await change();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('in Postgres, several processes', () => {
  test('what one process saves, another hears', async () => {
    const [here, there] = [createDeskStore({ sql: connect() }), createDeskStore({ sql: connect() })];
    const heard = next(there);
    const draft = { conversation: 'direct:two', author: null, content: say('x') };
    await Promise.all([heard, repeatUntil(heard, () => here.save(draft))]);
  });

  test('a reader who follows the changes misses none, however many write at once', async () => {
    const stores = [1, 2, 3].map(() => createDeskStore({ sql: connect() }));
    const reader = createDeskStore({ sql: connect() });
    let mark = await reader.mark();
    const seen: string[] = [];
    const writing = Promise.all(
      stores.map(async (store, n) => {
        for (let i = 0; i < 25; i += 1) {
          await store.save({ conversation: 'direct:many', author: null, content: say(`${n}.${i}`) });
        }
      }),
    );
    let done = false;
    void writing.then(() => {
      done = true;
    });
    for (let last = false; !last; ) {
      last = done;
      for (const message of await reader.changedSince(mark, 1_000)) {
        expect(message.changed).toBeGreaterThan(mark);
        mark = message.changed;
        seen.push(textOf(message) ?? '');
      }
    }
    await writing;
    expect(new Set(seen).size).toBe(75);
  });

  test('what Postgres cannot keep in JSON is taken out rather than losing the message', async () => {
    const store = createDeskStore({ sql: connect() });
    const saved = await store.save({ conversation: 'direct:odd', author: 'wang', content: say('a\0b\ud800c') });
    expect(textOf(saved)).toBe('ab\ufffdc');
  });

  test('a client with parsers of its own reads the same message', async () => {
    const sql = postgres(database.url, { max: 1, onnotice: () => {}, types: { bigint: postgres.BigInt } });
    clients.push(sql as unknown as postgres.Sql);
    const store = createDeskStore({ sql });
    const saved = await store.save({ conversation: 'direct:types', author: null, content: say('x') });
    expect(typeof saved.placed).toBe('number');
    expect(saved.at).toBeInstanceOf(Date);
    expect(Math.abs(saved.at.getTime() - Date.now())).toBeLessThan(60_000);
  });
});
