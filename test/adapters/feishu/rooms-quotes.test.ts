/** `/fact` in reply to somebody's message on Feishu: that message is handed on, with who wrote it and when. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Stage, stage } from './scripted.ts';

const SAID_AT = new Date('2026-11-22T02:00:00Z');
let now = SAID_AT;
let s: Stage;
beforeEach(async () => {
  now = SAID_AT;
  s = await stage({ fake: { clock: () => now } });
});
afterEach(() => s.end());

const parent = { id: 'om_parent' };
const mention = { key: '@_user_1', id: { open_id: 'ou_zhao' }, name: '赵敏', tenant_key: 't' };
const said = (content: Record<string, unknown>, more: { type?: string; senderType?: string; where?: string } = {}) =>
  s.feishu.sendMessage('ou_li', more.where ?? 'oc_crisis', {
    type: more.type ?? 'text',
    content,
    mentions: [mention],
    id: parent.id,
    ...(more.senderType && { senderType: more.senderType }),
  });
const reply = (text = '/fact', person = 'ou_wang', where = 'oc_crisis') => {
  now = new Date(SAID_AT.getTime() + 60_000);
  return s.feishu.say(person, where, text, { replyTo: parent });
};
const what = () => s.desk.taken.at(-1)?.what;
const asked = () => s.feishu.calls.filter(({ method, path }) => method === 'GET' && path.endsWith(parent.id));

test.each(['/fact', '／记录', '/FACT '])('%s: the message is handed on by whoever replied', async (text) => {
  await said({ text: '门店确认 @_user_1：3 台退货' });
  const { status } = await reply(text);
  expect(status).toBe(200);
  expect(s.desk.taken.at(-1)).toMatchObject({
    from: { account: 'ou_wang', foreign: false },
    at: { kind: 'channel', id: 'oc_crisis' },
    message: { channel: 'oc_crisis', message: parent.id },
    what: {
      kind: 'quote',
      text: '门店确认 <@ou_zhao>：3 台退货',
      by: 'ou_li',
      sentAt: SAID_AT.toISOString(),
      files: [],
    },
  });
});

test('a picture is handed on as a file that can be fetched from the message in which it stands', async () => {
  await said({ image_key: 'img_1' }, { type: 'image' });
  await reply();
  const ref = { message_id: parent.id, file_key: 'img_1', type: 'image' };
  expect(what()).toMatchObject({ kind: 'quote', text: '', files: [{ ref, name: 'image' }] });
});

test('in the direct chat as well, and what another app said', async () => {
  await said({ text: '评论 500 条' }, { senderType: 'app', where: 'p2p' });
  await reply('/fact', 'ou_li', 'p2p');
  // the name that an app goes by is no account, whatever it looks like
  expect(what()).toMatchObject({ kind: 'quote', text: '评论 500 条', by: 'ou_li（机器人/bot）' });
});

test('whoever says what the fact is means that, and nothing is read', async () => {
  await said({ text: '门店确认' });
  await reply('/fact 起火点在电池');
  expect(what()).toMatchObject({ kind: 'text', text: '/fact 起火点在电池' });
  expect(asked()).toEqual([]);
});

test('whoever is not ours has nothing read for them', async () => {
  await said({ text: '内部消息' });
  await reply('/fact', 'ou_stranger');
  expect(s.desk.taken.at(-1)).toMatchObject({ from: { foreign: true }, what: { kind: 'text' } });
  expect(asked()).toEqual([]);
});

describe('it cannot be read: the bare command is taken, and has an answer of its own', () => {
  test.each<[string, () => unknown]>([
    ['the scope for groups is missing', () => s.feishu.platform.scopes.delete('im:message.group_msg')],
    ['it is a sticker', () => s.feishu.platform.rooms.said.set(parent.id, { ...stored(), type: 'sticker' })],
    ['it is gone', () => s.feishu.platform.rooms.said.delete(parent.id)],
    ['Feishu does not answer', () => s.feishu.fail('/im/v1/messages/om_parent', 'down')],
    ['Feishu takes its time', () => s.feishu.fail('/im/v1/messages/om_parent', 'hang')],
  ])('%s', async (_why, mishap) => {
    await said({ text: '门店确认' });
    mishap();
    const { status, ms } = await reply();
    expect([status, ms < 3000]).toEqual([200, true]);
    expect(what()).toEqual({ kind: 'text', text: '/fact', files: [] });
  });
  const stored = () => {
    const message = s.feishu.platform.rooms.said.get(parent.id);
    if (!message) throw new Error('nobody said it');
    return message;
  };
});

test('nothing of it is in the log', async () => {
  await said({ text: '门店确认' });
  await reply();
  expect(s.logged.join('')).not.toContain('门店确认');
});
