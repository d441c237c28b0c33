/** The room of a crisis on Slack: made once whatever happens on the way, with everybody in it who can be, and the others named. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DeliveryError, type Rooms } from '../../../src/core/chat.ts';
import { type Bench, decisionCard, startBench } from './bench.ts';

const NAME = 'cr-2026-0003-fire';
const TITLE = 'CR-2026-0003 · 直播间投诉起火 <!channel>';
let now = new Date('2026-11-22T02:00:00Z');
let bench: Bench;
let rooms: Rooms;
beforeEach(async () => {
  now = new Date('2026-11-22T02:00:00Z');
  bench = await startBench({ clock: () => now });
  await bench.met();
  if (!bench.adapter.rooms) throw new Error('Slack has rooms');
  rooms = bench.adapter.rooms;
});
afterEach(() => bench.stop());

const fresh = { id: 'intent-1', triedBefore: undefined };
const open = (accounts = ['U01WANG', 'U02LI'], intent: Parameters<Rooms['open']>[1] = fresh) =>
  rooms.open({ name: NAME, title: TITLE, accounts }, intent);
const made = () => [...bench.slack.channels.values()].filter(({ creator }) => creator === bench.slack.botUser);
async function failureOf(act: Promise<unknown>): Promise<DeliveryError> {
  const error = await act.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DeliveryError)) throw new Error(`no DeliveryError: ${String(error)}`);
  return error;
}

test('is a private channel with its title, and everybody in it', async () => {
  const { id, out } = await open();
  const room = bench.slack.channels.get(id);
  expect(room).toMatchObject({ name: NAME, private: true });
  expect([...(room?.members ?? [])]).toEqual(['U01WANG', 'U02LI']);
  expect([room?.topic, room?.purpose]).toEqual(Array(2).fill('CR-2026-0003 · 直播间投诉起火 ‹!channel›'));
  expect(out).toEqual([]);
  expect(bench.slack.calls('conversations.invite')).toHaveLength(1);
});

test('its title is shortened to what Slack takes, and a title that is refused does not keep anybody out', async () => {
  await rooms.open({ name: NAME, title: '火'.repeat(400), accounts: [] }, fresh);
  expect(made()[0]?.topic).toHaveLength(250);
  bench.slack.fail('conversations.setTopic', { error: 'internal_error' });
  const { out } = await rooms.open({ name: 'another', title: 'x', accounts: ['U02LI'] }, fresh);
  expect(out).toEqual([]);
  expect(made()[1]).toMatchObject({ topic: '', purpose: 'x', members: new Set(['U02LI']) });
});

describe('case 29: the answer to its making was lost', () => {
  test.each(['cut after', 'cut before'] as const)('%s: the next try ends with one channel', async (how) => {
    bench.slack.fail('conversations.create', how);
    const tried = now;
    expect((await failureOf(open())).problem).toBe('ambiguous');
    now = new Date(now.getTime() + 90_000);
    const { id, out } = await open(undefined, { id: 'intent-1', triedBefore: tried });
    expect(made().map((room) => room.id)).toEqual([id]);
    expect(out).toEqual([]);
    expect(bench.slack.channels.get(id)?.members.size).toBe(2);
  });

  test('with the name taken by somebody else before: our second name is found again', async () => {
    bench.slack.addChannel({ id: 'C0OTHER', name: NAME, private: true, botIn: false });
    const tried = now;
    bench.slack.fail('conversations.create', { error: 'name_taken' });
    bench.slack.fail('conversations.create', 'cut after');
    await failureOf(open());
    const { id } = await open(undefined, { id: 'intent-1', triedBefore: tried });
    expect(made().map((room) => [room.id, room.name])).toEqual([[id, `${NAME}-2`]]);
  });
});

test('as long as we do not know which bot we are, no channel is taken for ours', async () => {
  const settings = (slack: Bench['slack']) => {
    slack.fail('auth.test', { status: 503 }, 100);
    slack.addChannel({
      id: 'C0OURS',
      name: NAME,
      private: true,
      creator: slack.botUser,
      created: now.getTime() / 1000,
    });
    return {};
  };
  const early = await startBench({ clock: () => now, settings });
  const tried = early.adapter.rooms?.open({ name: NAME, title: '', accounts: [] }, { id: 'i', triedBefore: now });
  expect(await failureOf(tried ?? Promise.resolve())).toMatchObject({ problem: 'retry-later', code: 'bot_unknown' });
  await early.stop();
});

test('case 29: a name that somebody else has gets a number, however long it is', async () => {
  const long = 'x'.repeat(80);
  bench.slack.addChannel({ id: 'C0OTHER', name: long });
  await rooms.open({ name: long, title: 'x', accounts: [] }, fresh);
  expect(made().map(({ name }) => name)).toEqual([`${'x'.repeat(78)}-2`]);
});

test('a channel of this name that our bot made last year is another crisis', async () => {
  const created = Date.parse('2025-11-22T02:00:00Z') / 1000;
  bench.slack.addChannel({ id: 'C0OLD', name: NAME, private: true, creator: bench.slack.botUser, created });
  const { id } = await open([], { id: 'intent-1', triedBefore: now });
  expect(bench.slack.channels.get(id)?.name).toBe(`${NAME}-2`);
});

test('once all its names are taken that is said, and nothing is made', async () => {
  for (const name of [NAME, ...[2, 3, 4, 5].map((number) => `${NAME}-${number}`)])
    bench.slack.addChannel({ id: `C${name}`, name });
  expect(await failureOf(open())).toMatchObject({ problem: 'rejected', code: 'name_taken' });
  expect(made()).toEqual([]);
});

describe('whoever cannot be brought in', () => {
  test('case 29: is named with the reason, and keeps nobody else out', async () => {
    bench.slack.addUser({ id: 'U9GUEST', guest: true });
    bench.slack.addUser({ id: 'U9AGENCY', team: 'T0OTHER' });
    const { id, out } = await open(['U9GUEST', 'U01WANG', 'U9AGENCY', 'U9NOBODY', bench.slack.botUser]);
    expect(out).toEqual([
      { account: 'U9GUEST', code: 'ura_max_channels' },
      { account: 'U9AGENCY', code: 'cant_invite' },
      { account: 'U9NOBODY', code: 'user_not_found' },
      { account: bench.slack.botUser, code: 'cant_invite_self' },
    ]);
    expect([...(bench.slack.channels.get(id)?.members ?? [])]).toEqual(['U01WANG']);
  });

  test('case 29: when Slack refuses all together without naming anybody, each is asked for alone', async () => {
    bench.slack.addUser({ id: 'U9GUEST', guest: true });
    const { id } = await open([]);
    bench.slack.fail('conversations.invite', { error: 'user_is_restricted' });
    expect(await rooms.invite(id, ['U9GUEST', 'U01WANG', 'U02LI'])).toEqual([
      { account: 'U9GUEST', code: 'ura_max_channels' },
    ]);
    expect([...(bench.slack.channels.get(id)?.members ?? [])]).toEqual(['U01WANG', 'U02LI']);
  });

  test('whoever is in already counts as in, also alone', async () => {
    const { id } = await open(['U01WANG']);
    expect(await rooms.invite(id, ['U01WANG'])).toEqual([]);
    expect(await rooms.invite(id, ['U01WANG', 'U02LI'])).toEqual([]);
    expect(bench.slack.channels.get(id)?.members.size).toBe(2);
  });

  test('nobody to ask for: Slack is not asked', async () => {
    await open([]);
    expect(bench.slack.calls('conversations.invite')).toEqual([]);
  });

  test('three hundred people are asked for a hundred at a time', async () => {
    const crowd = Array.from({ length: 300 }, (_, index) => bench.slack.addUser({ id: `U${1000 + index}` }).id);
    const { id, out } = await open(crowd);
    expect(out).toEqual([]);
    expect(bench.slack.channels.get(id)?.members.size).toBe(300);
    expect(bench.slack.calls('conversations.invite')).toHaveLength(3);
  });

  test('case 29: Slack does not answer to the invitation: the room stands, and they are told as not in', async () => {
    bench.slack.fail('conversations.invite', { status: 503 });
    const { id, out } = await open();
    expect(out).toEqual(['U01WANG', 'U02LI'].map((account) => ({ account, code: 'http_503' })));
    expect(await rooms.invite(id, ['U01WANG', 'U02LI'])).toEqual([]);
  });
});

describe('an administrator has to mend', () => {
  test.each([
    ['groups:write', 'missing_scope:groups:write', 'credentials'],
    [undefined, 'restricted_action', 'unreachable'],
  ])('%s missing: %s', async (scope, code, problem) => {
    if (scope) bench.slack.scopes.splice(bench.slack.scopes.indexOf(scope), 1);
    else bench.slack.fail('conversations.create', { error: code });
    expect(await failureOf(open())).toMatchObject({ code, problem });
  });

  test('case 16: without pins:write the card cannot be pinned', async () => {
    const { id } = await open();
    bench.slack.scopes.splice(bench.slack.scopes.indexOf('pins:write'), 1);
    expect(await failureOf(rooms.pin({ channel: id, message: '1.2' }))).toMatchObject({
      code: 'missing_scope:pins:write',
      problem: 'credentials',
    });
  });
});

test('case 6: too often: Slack says how long to wait, and is not asked before', async () => {
  bench.slack.fail('conversations.create', { status: 429, retryAfter: 7 });
  expect(await failureOf(open())).toMatchObject({ problem: 'retry-later', afterMs: 7000 });
  expect(await failureOf(open())).toMatchObject({ code: 'own-rate-limit' });
  expect(bench.slack.calls('conversations.create')).toHaveLength(1);
});

test.each(['archive', 'removeBot'] as const)('somebody does %s: nobody at all can be asked for', async (how) => {
  const { id } = await open([]);
  bench.slack[how](id);
  expect(await failureOf(rooms.invite(id, ['U01WANG', 'U02LI']))).toMatchObject({ problem: 'unreachable' });
});

test('the card is pinned once, however often it is asked for; one that is gone is told as gone', async () => {
  const { id } = await open();
  const to = { kind: 'channel', id } as const;
  const ref = await bench.adapter.post(to, { kind: 'card', card: decisionCard }, fresh, 'zh');
  await rooms.pin(ref);
  await rooms.pin(ref);
  expect(bench.slack.channels.get(id)?.pins).toEqual([ref.message]);
  expect(await failureOf(rooms.pin({ ...ref, message: '1.000000' }))).toMatchObject({ problem: 'gone' });
});

describe('the fake refuses what Slack refuses', () => {
  const call = async (method: string, args: Record<string, string>) => {
    const answer = await fetch(`${bench.slack.apiUrl}${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bench.slack.botToken}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(args).toString(),
    });
    const { ok, error } = (await answer.json()) as { ok: boolean; error?: string };
    return ok ? 'ok' : error;
  };

  test.each([
    ['CR-2026', 'invalid_name_specials'],
    ['危机', 'invalid_name_specials'],
    ['x'.repeat(81), 'invalid_name_maxlength'],
    ['---', 'invalid_name_punctuation'],
    ['', 'invalid_name_required'],
    ['c0pr', 'ok'],
    ['pr', 'name_taken'],
  ])('a room named %s: %s', async (name, said) => {
    expect(await call('conversations.create', { name, is_private: 'true' })).toBe(said);
  });

  test('one who cannot be invited keeps the others out, unless they are forced; nobody may be asked for by the thousand', async () => {
    const { id } = await open([]);
    const users = 'U9NOBODY,U01WANG';
    expect(await call('conversations.invite', { channel: id, users })).toBe('user_not_found');
    expect(bench.slack.channels.get(id)?.members.size).toBe(0);
    expect(await call('conversations.invite', { channel: id, users, force: 'true' })).toBe('ok');
    expect(bench.slack.channels.get(id)?.members.size).toBe(1);
    const crowd = Array.from({ length: 1001 }, () => 'U02LI').join(',');
    expect(await call('conversations.invite', { channel: id, users: crowd })).toBe('too_many_users');
    expect(await call('conversations.setTopic', { channel: id, topic: 'x'.repeat(251) })).toBe('too_long');
  });
});
