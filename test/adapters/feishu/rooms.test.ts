/** Feishu's groups for a crisis, and its 加急: what it refuses is told for what it is, and nobody is taken for reached who is not. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DeliveryError, type Loudness, type MessageRef, type Rooms } from '../../../src/core/chat.ts';
import type { FakeMessage } from '../../support/feishu/platform.ts';
import { card, type Stage, stage } from './scripted.ts';

const TITLE = 'CR-2026-0003 · 直播间投诉起火';
const fresh = { id: '6f1f2b52-58ce-4d0c-9d6a-0a3c1f6f7c11', triedBefore: undefined };
let now = new Date('2026-11-22T02:00:00Z');
let s: Stage;
let rooms: Rooms;
beforeEach(async () => {
  now = new Date('2026-11-22T02:00:00Z');
  s = await stage({ fake: { clock: () => now } });
  if (!s.adapter.rooms) throw new Error('Feishu has rooms');
  rooms = s.adapter.rooms;
});
afterEach(() => s.end());

const open = (accounts = ['ou_wang', 'ou_li'], title = TITLE) =>
  rooms.open({ name: 'cr-2026-0003', title, accounts }, fresh);
const groups = () => [...s.feishu.platform.chats].filter(([, chat]) => chat.name !== '').map(([id]) => id);
const without = (scope: string) => void s.feishu.platform.scopes.delete(scope);
async function failureOf(act: Promise<unknown>): Promise<DeliveryError> {
  const error = await act.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DeliveryError)) throw new Error(`no DeliveryError: ${String(error)}`);
  return error;
}

describe('a room', () => {
  test('is a group with everybody in it, in which calls can be made urgent', async () => {
    const { id, out } = await open();
    expect(s.feishu.chat(id)).toMatchObject({ name: TITLE, urgentByAll: true });
    expect([...s.feishu.chat(id).members]).toEqual(['ou_wang', 'ou_li']);
    expect(out).toEqual([]);
  });

  test('case 29: is made once, however its first answer was lost', async () => {
    s.feishu.fail('/im/v1/chats', 'cut-after');
    expect((await failureOf(open())).problem).toBe('ambiguous');
    const { id } = await open();
    expect(groups()).toEqual([id]);
    expect(s.feishu.chat(id).members.size).toBe(2);
  });

  test('has a name as long as Feishu takes', async () => {
    const { id } = await open([], '火'.repeat(200));
    expect(s.feishu.chat(id).name).toBe(`${'火'.repeat(59)}…`);
  });

  test.each([
    ['im:chat', '99991672:im:chat', 'credentials'],
    ['', '232023', 'rejected'],
    ['', '232034', 'credentials'],
  ])('that may not be made (%s%s) is told with its code', async (scope, code, problem) => {
    if (scope) without(scope);
    else s.feishu.fail('/im/v1/chats', Number(code));
    expect(await failureOf(open())).toMatchObject({ code, problem });
    expect(s.adapter.trouble()).toBeUndefined();
  });

  test('case 6: too often: how long to wait is told', async () => {
    s.feishu.fail('/im/v1/chats', 'rate-limited');
    expect(await failureOf(open())).toMatchObject({ problem: 'retry-later', afterMs: 2000 });
  });
});

describe('whoever cannot be brought in', () => {
  test('case 29: is named with the reason, and keeps nobody else out', async () => {
    s.feishu.person('ou_li').left = true;
    const { id, out } = await open(['ou_li', 'ou_wang', 'ou_nobody']);
    expect(out).toEqual([
      { account: 'ou_li', code: 'invalid-id' },
      { account: 'ou_nobody', code: 'not-existed' },
    ]);
    expect([...s.feishu.chat(id).members]).toEqual(['ou_wang']);
  });

  test('case 29: when Feishu refuses all together, each is asked for alone', async () => {
    const { id } = await open([]);
    s.feishu.person('ou_li').inRange = false;
    s.feishu.fail('/members', 232024);
    s.feishu.fail('/members', 232022);
    expect(await rooms.invite(id, ['ou_zhao', 'ou_li', 'ou_wang'])).toEqual([
      { account: 'ou_zhao', code: '232022' },
      { account: 'ou_li', code: 'invalid-id' },
    ]);
    expect([...s.feishu.chat(id).members]).toEqual(['ou_wang']);
  });

  test('case 29: who has to wait for the owner of the group is not in', async () => {
    const { id } = await open([]);
    s.feishu.chat(id).approval = true;
    expect(await rooms.invite(id, ['ou_wang'])).toEqual([{ account: 'ou_wang', code: 'pending-approval' }]);
  });

  test('case 29: Feishu does not answer to the invitation: the group stands, and they are told as not in', async () => {
    s.feishu.fail('/members', 'down');
    const { id, out } = await open();
    expect(out).toEqual(['ou_wang', 'ou_li'].map((account) => ({ account, code: '2200' })));
    expect(await rooms.invite(id, ['ou_wang', 'ou_li'])).toEqual([]);
  });

  test('a hundred and twenty are asked for fifty at a time', async () => {
    const { id } = await open([]);
    const crowd = Array.from({ length: 120 }, (_, index) => `ou_${index}`);
    expect(await rooms.invite(id, crowd)).toHaveLength(120);
    expect(s.feishu.calls.filter(({ path }) => path.endsWith('/members'))).toHaveLength(3);
  });
});

test.each(['dissolved', 'botIn'] as const)(
  'the group itself is lost (%s): nobody at all can be asked for',
  async (how) => {
    const { id } = await open([]);
    s.feishu.chat(id)[how] = how === 'dissolved';
    expect(await failureOf(rooms.invite(id, ['ou_wang', 'ou_li']))).toMatchObject({ problem: 'unreachable' });
  },
);

test('the card is pinned, again and again the same; without the scope that is said', async () => {
  const { id } = await open();
  const ref = await s.post(id, card);
  await rooms.pin(ref);
  await rooms.pin(ref);
  expect(s.feishu.platform.rooms.pins).toEqual([ref.message]);
  without('im:message');
  expect(await failureOf(rooms.pin(ref))).toMatchObject({ code: '99991672:im:message', problem: 'credentials' });
});

describe('加急', () => {
  let ref: MessageRef;
  let message: FakeMessage;
  beforeEach(async () => {
    ref = await s.post('ou_li', card);
    message = s.feishu.platform.message(ref.message);
  });
  const ring = (how: Loudness = 'app', account = 'ou_li') => {
    if (!s.adapter.ring) throw new Error('Feishu rings');
    return s.adapter.ring(ref, account, how);
  };

  test.each(['app', 'sms', 'phone'] as const)('%s rings for the very card that stands in the chat', async (how) => {
    await ring(how);
    expect(s.feishu.platform.rooms.rings).toEqual([{ message: ref.message, person: 'ou_li', how }]);
  });

  test('case 28: HTTP 200 and a yes, but for nobody: they are not reached', async () => {
    s.feishu.person('ou_li').left = true;
    expect(await failureOf(ring())).toMatchObject({ problem: 'unreachable', code: 'invalid-user' });
  });

  test.each<[string, string, () => unknown]>([
    ['200 urgent messages unread', '230023', () => Object.assign(s.feishu.person('ou_li'), { unreadUrgents: 200 })],
    ['the quota used up', '230024', () => Object.assign(s.feishu.platform.rooms, { quota: 0 })],
    ['the bot not in the chat', '230002', () => Object.assign(s.feishu.chat(message.chat), { botIn: false })],
    ['the message recalled', '230011', () => s.feishu.recall(message)],
    ['muted', '230018', () => s.feishu.fail('/urgent_sms', 230018)],
    ['refused as wrong', '230001', () => s.feishu.fail('/urgent_sms', 230001)],
  ])('case 28: %s: unreachable by this way', async (_why, code, mishap) => {
    mishap();
    expect(await failureOf(ring('sms'))).toMatchObject({ problem: 'unreachable', code });
    expect(s.feishu.platform.rooms.rings).toEqual([]);
  });

  test('case 28: in a group where only the owner may', async () => {
    ref = await s.post('oc_crisis', card);
    expect(await failureOf(ring())).toMatchObject({ problem: 'unreachable', code: '230018' });
  });

  test.each([
    ['app', 'im:message.urgent'],
    ['sms', 'im:message.urgent:sms'],
    ['phone', 'im:message.urgent:phone'],
  ] as const)('%s without its scope: an administrator has to mend', async (how, scope) => {
    without(scope);
    expect(await failureOf(ring(how))).toMatchObject({ problem: 'credentials', code: `99991672:${scope}` });
  });

  test('too often, or no answer: again later', async () => {
    s.feishu.fail('/urgent_app', 'rate-limited-400');
    expect(await failureOf(ring())).toMatchObject({ problem: 'retry-later', afterMs: 2000 });
    s.feishu.fail('/urgent_sms', 'cut-after');
    expect(await failureOf(ring('sms'))).toMatchObject({ problem: 'retry-later' });
  });
});
