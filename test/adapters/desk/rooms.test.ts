/** Rooms on the desk: a place in the side bar of those who are in it, and of nobody else. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PageState } from '../../../adapters/desk/render.ts';
import type { Card } from '../../../src/core/card.ts';
import { DeliveryError, type Rooms } from '../../../src/core/chat.ts';
import { createMemoryStore, type MemoryStore } from './memory.ts';
import { type Office, openOffice } from './office.ts';

const TITLE = 'CR-2026-0003 · 直播间投诉起火';
const intent = { id: '6f1f2b52-58ce-4d0c-9d6a-0a3c1f6f7c11', triedBefore: undefined };
const card: Card = { headline: TITLE, tone: 'bad', summary: TITLE, blocks: [] };
let store: MemoryStore;
let office: Office;
let rooms: Rooms;
beforeEach(async () => {
  store = createMemoryStore();
  office = await openOffice({ store, uploads: mkdtempSync(join(tmpdir(), 'desk-')) });
  if (!office.adapter.rooms) throw new Error('the desk has rooms');
  rooms = office.adapter.rooms;
});
afterEach(() => office.close());

const open = (accounts = ['wang', 'li']) => rooms.open({ name: 'cr-2026-0003', title: TITLE, accounts }, intent);
const stateOf = async (as: string, place = 'bot'): Promise<PageState> =>
  (await (await fetch(`${office.url}/desk/state?${new URLSearchParams({ as, in: place })}`)).json()) as PageState;
const say = (as: string, place: string, text: string) =>
  fetch(`${office.url}/desk/say`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-desk': '1' },
    body: JSON.stringify({ act: crypto.randomUUID(), as, in: place, text, files: [] }),
  });
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof DeliveryError ? `${error.problem} ${error.code}` : error),
  );
/** The events that a tab of this person is told, until one says enough. */
async function told(as: string, since: number, enough: RegExp): Promise<string> {
  const tab = new AbortController();
  const answer = await fetch(`${office.url}/desk/changes?as=${as}&since=${since}`, { signal: tab.signal });
  let heard = '';
  for await (const chunk of answer.body ?? []) {
    heard += Buffer.from(chunk).toString();
    if (enough.test(heard)) break;
  }
  tab.abort();
  return heard;
}

test('its members have it in their side bar, with its title in their language; others do not', async () => {
  const { id, out } = await open(['wang', 'sun']);
  expect(out).toEqual([]);
  expect((await stateOf('wang')).places.at(-1)).toEqual({
    id: `channel:${id}`,
    name: TITLE,
    says: '房间 · 只有成员可见',
  });
  expect((await stateOf('sun')).places.at(-1)).toMatchObject({ says: 'Room · only its members see it' });
  expect((await stateOf('li')).places.map((place) => place.name)).not.toContain(TITLE);
});

test('it is opened once, however often that is tried', async () => {
  const { id } = await open();
  expect(await open()).toEqual({ id, out: [] });
  expect((await stateOf('wang')).places.filter((place) => place.name === TITLE)).toHaveLength(1);
});

test('whoever the handbook does not know is named; whoever is in counts as in', async () => {
  const { id, out } = await open(['wang', 'nobody']);
  expect(out).toEqual([{ account: 'nobody', code: 'unknown-person' }]);
  expect(await rooms.invite(id, ['wang', 'li'])).toEqual([]);
  expect((await stateOf('li')).places.at(-1)?.name).toBe(TITLE);
});

test('a room that was never opened takes nobody and no card', async () => {
  expect(await failureOf(rooms.invite('room:none', ['wang']))).toBe('unreachable unknown-room');
  const to = { kind: 'channel', id: 'room:none' } as const;
  expect(await failureOf(office.adapter.post(to, { kind: 'card', card }, intent, 'zh'))).toBe(
    'unreachable unknown-room',
  );
});

test('a database that is away means later', async () => {
  const { id } = await open();
  store.broken = new Error('connection refused');
  expect(await failureOf(open())).toBe('retry-later store');
  expect(await failureOf(rooms.invite(id, ['li']))).toBe('retry-later store');
  store.broken = undefined;
});

describe('what is in it', () => {
  let id: string;
  let place: string;
  beforeEach(async () => {
    id = (await open()).id;
    place = `channel:${id}`;
    await office.adapter.post({ kind: 'channel', id }, { kind: 'card', card }, { ...intent, id: 'card' }, 'zh');
  });

  test('is read by its members only, whatever others ask for', async () => {
    expect((await stateOf('li', place)).messages).toHaveLength(1);
    expect(await stateOf('zhao', place)).toMatchObject({ here: 'bot', messages: [] });
    const asked = await fetch(`${office.url}/desk/messages?${new URLSearchParams({ as: 'zhao', in: place })}`);
    expect(asked.status).toBe(404);
    expect((await say('zhao', place, '我也在')).status).toBe(404);
  });

  test('is told to their open tabs, and to no others', async () => {
    const mark = await store.mark();
    await say('li', place, '门店确认 3 台');
    await office.post('zhao', card);
    expect(await told('wang', mark, /门店确认/)).toContain('event: message');
    expect(await told('zhao', mark, /event: message/)).not.toContain('门店确认');
  });

  test('a command typed in it is known by the room', async () => {
    await say('li', place, '/fact 门店确认');
    expect(office.heard.at(-1)).toMatchObject({
      at: { kind: 'channel', id },
      what: { kind: 'text', text: '/fact 门店确认' },
    });
  });
});

test('whoever is brought in while they look is shown the new place, and what is said there from then on', async () => {
  const { id } = await open(['wang']);
  const mark = await store.mark();
  const heard = told('li', mark, /直播已停/);
  await rooms.invite(id, ['li']);
  await say('wang', `channel:${id}`, '直播已停');
  expect(await heard).toMatch(/event: place\ndata: .*起火.*\n(.*\n)*event: message\ndata: .*直播已停/);
});
