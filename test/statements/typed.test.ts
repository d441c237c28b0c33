/** `/statement` and words, as it is typed in a hurry: in the crisis' room they are its draft, elsewhere they stand in the form; none are lost. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Reply } from '../../src/core/chat.ts';
import { type Desk, openDesk } from './desk.ts';
import { crisis } from './office.ts';

const LI = 'U02LI';
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk(async () => ({ trouble: 'link-unreadable' }));
  await desk.begin(crisis({}));
});
afterAll(() => desk.close());

const textIn = (reply: Reply) =>
  reply.kind === 'form' ? reply.form.fields.find(({ id }) => id === 'text')?.value : JSON.stringify(reply);

test('in the room of a crisis the words are its draft', async () => {
  expect(textIn(await desk.says(LI, '/statement 我们已关注到 今晚的情况', 'C0ROOM'))).toContain('ST-2026-0001 已起草');
  const card = JSON.stringify(desk.card('C0ROOM', 'ST-2026-0001'));
  expect(card).toContain('我们已关注到 今晚的情况');
  expect(card).toContain('CR-2026-0001');
});

test('elsewhere they stand in the form, which says how a crisis is named', async () => {
  const reply = await desk.says(LI, '/statement 我们已关注到 今晚的情况');
  expect(textIn(reply)).toBe('我们已关注到 今晚的情况');
  expect(JSON.stringify(reply)).toContain('/statement CR-2026-0003 文字');
  expect(await desk.ledger('ST-2026-0002')).toEqual([]);
});

test('a slip of a known word, or help, drafts nothing', async () => {
  for (const word of ['lsit', 'chek', 'help', '帮助']) {
    const reply = await desk.says(LI, `/statement ${word}`, 'C0ROOM');
    expect(textIn(reply)).toContain('/statement check');
  }
  expect(await desk.ledger('ST-2026-0002')).toEqual([]);
});
