/** The room of a crisis, from the wish to the pinned card: on a real Postgres and the strict Slack, with everything going wrong that can. */
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import type { Intent, Platform } from '../../src/core/chat.ts';
import type { Command } from '../../src/core/message.ts';
import { crisisInRoom, handOutRooms, makeRoom, type RoomKeeping, wantRooms } from '../../src/crisis/rooms.ts';
import { type Bench, decisionCard, startBench } from '../adapters/slack/bench.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { waitFor } from '../support/house.ts';
import { door } from '../support/road.ts';

const CR = 'CR-2026-0003';
const ID = `${CR}|slack`;
let now = 0;
let fresh: FreshDatabase;
let database: ReturnType<typeof openDatabase>;
let bench: Bench;
let deps: RoomKeeping;
let team: { person: string; account: string }[];
let told: Command[];
let alarms: string[];
const handed: string[] = [];

beforeEach(async () => {
  now = Date.parse('2026-11-23T18:00:00Z');
  fresh = await freshDatabase();
  database = openDatabase(fresh.url, { max: 4 });
  bench = await startBench({ clock: () => new Date(now) });
  await bench.met();
  team = [
    { person: 'wang', account: 'U01WANG' },
    { person: 'li', account: 'U02LI' },
  ];
  told = [];
  alarms = [];
  handed.length = 0;
  const { sql } = database;
  deps = {
    sql,
    adapters: new Map([['slack', bench.adapter]]),
    clock: () => new Date(now),
    log: pino({ level: 'silent' }),
    put: async (ids) => void handed.push(...ids),
    teamOf: async (crisis) => ({ title: `${crisis} · 直播间投诉起火`, name: 'cr-2026-0003-fire', people: team }),
    alarm: async ({ crisis, platform }, { code }) => void alarms.push(`${crisis} ${platform} ${code}`),
    carryOut: async (command) => void told.push(command),
  };
  await sql`
    insert into crisis (number, drill, state, grade, kind, raised_at, parties, body, revision)
    values (${CR}, false, 'open', 'critical', 'safety', ${new Date(now)}, '{}', '{}', 1)`;
  await want();
});
afterEach(async () => {
  vi.useRealTimers();
  await bench.stop();
  await database.close();
  await fresh.drop();
});

const want = () => database.sql.begin((tx) => wantRooms(tx, CR, ['slack'], new Date(now)));
const row = async () => {
  const [found] = await database.sql`select * from room where crisis = ${CR}`;
  if (!found) throw new Error('no row');
  return found;
};
/** Everything that is due now. */
const work = async () => {
  await handOutRooms(deps);
  for (let id = handed.shift(); id; id = handed.shift()) await makeRoom(deps, id);
};
const made = () => [...bench.slack.channels.values()].filter(({ creator }) => creator === bench.slack.botUser);
const room = () => {
  const [only, ...others] = made();
  if (!only || others.length > 0) throw new Error(`${made().length} rooms`);
  return only;
};
const args = () => told.map((command) => command.args);
/** The card that the crisis puts into its room once it knows it: on its way, or posted. */
async function card(posted: boolean): Promise<void> {
  const { id } = room();
  const ref = posted
    ? await bench.adapter.post({ kind: 'channel', id }, { kind: 'card', card: decisionCard }, intent, 'zh')
    : undefined;
  await database.sql`
    insert into message (id, intent, subject, kind, audience, platform, address_kind, address, key, lane, created_at, ref_channel, ref_message)
    values (gen_random_uuid(), gen_random_uuid(), ${CR}, 'card', ${`room:slack:${id}`}, 'slack', 'channel', ${id}, ${`card|${id}`}, 1,
      ${new Date(now)}, ${ref?.channel ?? null}, ${ref?.message ?? null})
    on conflict (key) do update set ref_channel = excluded.ref_channel, ref_message = excluded.ref_message`;
}
const intent: Intent = { id: 'card', triedBefore: undefined };

test('is opened with the whole team in it, the crisis is told, and its card is pinned when it has come', async () => {
  await work();
  expect([...room().members]).toEqual(['U01WANG', 'U02LI']);
  expect(told).toEqual([{ name: 'crisis.room', subject: CR, args: { platform: 'slack', id: room().id, out: [] } }]);
  expect(await crisisInRoom(database.sql, 'slack', room().id)).toBe(CR);
  expect(await crisisInRoom(database.sql, 'slack', 'C0PR')).toBeUndefined();
  await card(false);
  await work();
  expect(room().pins).toEqual([]);
  await card(true);
  await work();
  expect(room().pins).toEqual([]); // not before the second is over
  now += 1_000;
  await work();
  expect(room().pins).toHaveLength(1);
  now += 3_600_000;
  expect(await handOutRooms(deps)).toBe(0);
  expect(told).toHaveLength(1);
});

describe('killed', () => {
  test('case 29: between the making of the room and its noting: it is found again', async () => {
    const rooms = bench.adapter.rooms;
    if (!rooms) throw new Error('Slack has rooms');
    await database.sql`update room set tried_at = ${new Date(now)}`;
    await rooms.open({ name: 'cr-2026-0003-fire', title: '', accounts: [] }, { ...intent, triedBefore: undefined });
    now += 20_000;
    await work();
    expect((await row()).channel).toBe(room().id);
    expect(room().members.size).toBe(2);
  });

  test('in the middle of it: nobody else comes near while it may live, then another goes on', async () => {
    const never = door();
    const carryOut = deps.carryOut;
    deps.carryOut = () => never.opened;
    await handOutRooms(deps);
    void makeRoom(deps, ID);
    await waitFor(async () => (await row()).settled.length === 2, 'the team to be in');
    expect(await handOutRooms(deps)).toBe(0);
    deps.carryOut = carryOut;
    now += 15_000;
    await work();
    expect(told).toHaveLength(1);
    expect(room().members.size).toBe(2);
    never.open();
  });
});

test('a platform takes half a minute: whoever waits for it keeps the room for itself all the while', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const answer = door();
  const adapter = {
    ...bench.adapter,
    rooms: { ...rooms(), open: () => answer.opened.then(() => ({ id: 'C1', out: [] })) },
  };
  await handOutRooms(deps);
  const slow = makeRoom({ ...deps, adapters: new Map([['slack', adapter]]) }, ID);
  await waitFor(async () => (await row()).tried_at !== null, 'it to be taken');
  for (let i = 0; i < 6; i++) {
    now += 5_000;
    vi.advanceTimersByTime(5_000);
    await waitFor(async () => (await row()).handed_until.getTime() === now + 15_000, 'the claim to be renewed');
    expect(await handOutRooms(deps)).toBe(0);
  }
  answer.open();
  await slow;
  expect((await row()).channel).toBe('C1');
});
const rooms = () => {
  if (!bench.adapter.rooms) throw new Error('Slack has rooms');
  return bench.adapter.rooms;
};

test('somebody joins while it is being opened: one room, and the second round brings them in', async () => {
  bench.slack.latency('conversations.create', 60);
  await handOutRooms(deps);
  const first = makeRoom(deps, ID);
  await bench.slack.until(() => bench.slack.calls('conversations.create').length === 1);
  team = [...team, { person: 'chen', account: 'U04CHEN' }];
  await want();
  expect(await handOutRooms(deps)).toBe(0);
  await first;
  await work();
  expect([...room().members].sort()).toEqual(['U01WANG', 'U02LI', 'U04CHEN']);
  expect(await row()).toMatchObject({ wanted: 2, made: 2 });
});

describe('whoever cannot be brought in', () => {
  beforeEach(() => {
    bench.slack.addUser({ id: 'U9GUEST', guest: true });
    team = [...team, { person: 'sun', account: 'U9GUEST' }];
  });

  test('case 29: is told by name, and whoever is in is not asked for again', async () => {
    await work();
    expect(args()).toMatchObject([{ out: [{ person: 'sun', code: 'ura_max_channels' }] }]);
    expect((await row()).settled).toEqual(['U01WANG', 'U02LI']);
  });

  test('case 29: is brought in by the button once the obstacle is gone', async () => {
    await work();
    Object.assign(bench.slack.users.get('U9GUEST') ?? {}, { guest: false });
    await want();
    await work();
    expect(args()[1]).toEqual({ platform: 'slack', id: room().id, out: [] });
    expect(room().members.has('U9GUEST')).toBe(true);
    expect(bench.slack.calls('conversations.invite').at(-1)?.args).toMatchObject({ users: 'U9GUEST' });
  });
});

describe('Slack is away', () => {
  test('it is tried again, sooner at first, and ends with one room', async () => {
    bench.slack.fail('conversations.create', { status: 503 }, 2);
    await work();
    await work();
    expect(bench.slack.calls('conversations.create')).toHaveLength(1);
    now += 1_000;
    await work();
    now += 2_000;
    await work();
    expect(room().members.size).toBe(2);
    expect(alarms).toEqual([]);
  });

  test('the answer is lost after the room was made: the same room', async () => {
    bench.slack.fail('conversations.create', 'cut after');
    await work();
    expect(told).toEqual([]);
    now += 1_000;
    await work();
    expect(args()).toEqual([{ platform: 'slack', id: room().id, out: [] }]);
  });

  test('case 29: for the invitation only: the room is kept, and they are brought in when it is back', async () => {
    bench.slack.fail('conversations.invite', { status: 503 }, 2);
    await work();
    expect(await row()).toMatchObject({ channel: room().id, settled: [], last_error: 'http_503' });
    now += 1_000;
    await work();
    expect(room().members.size).toBe(2);
  });

  test('the program is not told what it has not set up: it waits', async () => {
    deps.adapters = new Map<Platform, never>();
    await work();
    expect(await row()).toMatchObject({ last_error: 'platform off', made: 0 });
    expect(told).toEqual([]);
  });
});

describe('for good', () => {
  test.each([
    ['restricted_action', () => bench.slack.fail('conversations.create', { error: 'restricted_action' })],
    ['missing_scope:groups:write', () => void bench.slack.scopes.splice(bench.slack.scopes.indexOf('groups:write'), 1)],
  ])('%s: the crisis hears why, an administrator hears of it, and the button tries anew', async (code, mishap) => {
    mishap();
    await work();
    expect(args()).toEqual([{ platform: 'slack', code, out: [] }]);
    expect(alarms).toEqual([`${CR} slack ${code}`]);
    now += 3_600_000;
    expect(await handOutRooms(deps)).toBe(0);
    if (!bench.slack.scopes.includes('groups:write')) bench.slack.scopes.push('groups:write');
    await want();
    await work();
    expect(args()[1]).toEqual({ platform: 'slack', id: room().id, out: [] });
  });

  test('case 29: the token is refused when people are brought in: the room stands, and it is told who is outside', async () => {
    bench.slack.fail('conversations.invite', { error: 'token_revoked' }, 2);
    await work();
    const out = ['wang', 'li'].map((person) => ({ person, code: 'token_revoked' }));
    expect(args()).toEqual([{ platform: 'slack', id: room().id, out }]);
    expect(alarms).toEqual([`${CR} slack token_revoked`]);
  });

  test('somebody has archived the room: that is told, and the button opens another one', async () => {
    await work();
    const first = room().id;
    bench.slack.archive(first);
    team = [...team, { person: 'chen', account: 'U04CHEN' }];
    await want();
    await work();
    expect(args()[1]).toEqual({ platform: 'slack', code: 'is_archived', out: [] });
    expect(await crisisInRoom(database.sql, 'slack', first)).toBeUndefined();
    await want();
    await work();
    const second = made().find(({ id }) => id !== first);
    expect(args()[2]).toEqual({ platform: 'slack', id: second?.id, out: [] });
    expect(second?.members.size).toBe(3);
  });

  test('the card never comes, or may not be pinned: the room is there all the same, and nobody waits for ever', async () => {
    await work();
    for (let look = 0; look < 15; look++) {
      await work();
      now += 300_000;
    }
    expect(await row()).toMatchObject({ pinned: true, last_error: 'no-card' });
    await card(true);
    bench.slack.scopes.splice(bench.slack.scopes.indexOf('pins:write'), 1);
    await want();
    await work();
    await work();
    expect(await row()).toMatchObject({ pinned: true, last_error: 'missing_scope:pins:write' });
    expect(alarms).toEqual([`${CR} slack missing_scope:pins:write`]);
  });
});

test('case 30: the crisis is over before its room stands: none is opened any more', async () => {
  deps.teamOf = async () => undefined;
  await work();
  now += 3_600_000;
  expect(await handOutRooms(deps)).toBe(0);
  expect([made(), told, alarms]).toEqual([[], [], []]);
});

test('the database says no in the middle: it is tried again later, and nothing is lost', async () => {
  const carryOut = deps.carryOut;
  deps.carryOut = async () => {
    throw new Error('deadlock detected');
  };
  await work();
  expect(await row()).toMatchObject({ channel: room().id, made: 0, last_error: 'fault' });
  deps.carryOut = carryOut;
  now += 10_000;
  await work();
  expect(args()).toEqual([{ platform: 'slack', id: room().id, out: [] }]);
});
