/** What may not ring yet: it waits where it is, whatever happens meanwhile, and whoever asks for it has it at once. */
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import type { Database } from '../../src/core/intake.ts';
import { type Effect, LANE, type Place, type Reach } from '../../src/core/module.ts';
import { carryOut, showAgain, sweepMessages, touchSubjects } from '../../src/core/outbox.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

const NIGHT = new Date('2026-12-01T15:00:00Z');
const MORNING = new Date('2026-12-02T00:00:00Z');
const SLACK: Place = { platform: 'slack', kind: 'direct', id: 'U02LI' };
const MAIL: Place = { platform: 'email', kind: 'direct', id: 'li@example.com' };
const SP = 'SP-2026-0001';
const CARD: Effect = { kind: 'card', to: { person: 'li' }, lane: LANE.card };
const told = (kind: 'notice' | 'letter', key = `${SP}|1|moved`): Effect => ({
  kind,
  to: { person: 'li' },
  about: 'moved',
  data: {},
  key,
  lane: LANE.decision,
});

let database: FreshDatabase;
let outside: postgres.Sql;
let opened: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  database = await freshDatabase();
  outside = postgres(database.url, { max: 2, onnotice: () => {} });
  opened = openDatabase(database.url);
});
beforeEach(() => outside`delete from message`);
afterAll(async () => {
  await opened.close();
  await outside.end();
  await database.drop();
});

const asleep: Reach = { places: () => [SLACK], wait: () => ({ until: MORNING, gather: false }), line: () => undefined };
const awake: Reach = { places: () => [SLACK], wait: () => undefined, line: () => undefined };
const sql = () => opened.sql as Database;
const put = (effects: Effect[], reach: Reach, at = NIGHT) => sql().begin((tx) => carryOut(tx, SP, effects, reach, at));
const rows = () =>
  outside<{ kind: string; platform: string; state: string; wanted: number; next_at: Date | null }[]>`
    select kind, platform, state, wanted, next_at from message order by created_at, kind`;

test('a card that becomes stale three times overnight goes on waiting for the morning', async () => {
  await put([CARD], asleep);
  for (let i = 0; i < 2; i++) await put([CARD], asleep);
  await sql().begin((tx) => touchSubjects(tx, [SP], NIGHT));
  expect(await rows()).toMatchObject([{ wanted: 4, next_at: MORNING }]);
});

test('a card that stands already is edited at night: an edit rings for nobody', async () => {
  await put([CARD], awake);
  await outside`update message set ref_channel = 'D', ref_message = '1', shown = wanted`;
  await put([CARD], asleep);
  expect(await rows()).toMatchObject([{ wanted: 2, next_at: null }]);
});

test('a card that was given up and never stood waits like a new one when it is wanted again at night', async () => {
  await put([CARD], awake);
  await outside`update message set state = 'dead'`;
  await put([CARD], asleep);
  expect(await rows()).toMatchObject([{ state: 'live', next_at: MORNING }]);
  await outside`update message set state = 'dead', ref_channel = 'D', ref_message = '1'`;
  await put([CARD], asleep);
  expect(await rows()).toMatchObject([{ state: 'live', next_at: null }]);
});

test('whoever asks for a card that waits for the morning has it at once, and keeps having it', async () => {
  await put([CARD], asleep);
  await showAgain(sql(), { subject: SP, to: { person: 'li' }, place: SLACK, at: NIGHT });
  expect(await rows()).toMatchObject([{ state: 'live', next_at: null }]);
  await put([CARD], asleep);
  expect(await rows()).toMatchObject([{ next_at: null }]);
});

test('somebody may be concerned twice: as the owner and as the chair', async () => {
  await put([CARD, CARD, told('notice'), told('notice')], awake);
  expect(await rows()).toMatchObject([{ kind: 'card' }, { kind: 'notice' }]);
});

test('who has nothing but mail reads there once what is said in a letter as well; other notices come by mail', async () => {
  const mail: Reach = {
    places: (_to, kind) => (kind === 'card' ? [] : [MAIL]),
    wait: () => undefined,
    line: () => undefined,
  };
  await put([told('notice'), told('letter')], mail);
  expect(await rows()).toMatchObject([{ kind: 'letter', platform: 'email' }]);
  await put([told('notice', `${SP}|2|reminded`)], mail);
  expect((await rows()).map(({ kind }) => kind)).toEqual(['letter', 'notice']);
});

test('a notice and a letter of the same are two messages where both have a place; the same again is none', async () => {
  const both: Reach = {
    places: (_to, kind) => (kind === 'letter' ? [MAIL] : [SLACK]),
    wait: () => undefined,
    line: () => undefined,
  };
  for (let i = 0; i < 2; i++) await put([told('notice'), told('letter')], both);
  expect((await rows()).map(({ kind, platform }) => `${kind} ${platform}`)).toEqual(['letter email', 'notice slack']);
});

test('what is kept for a digest is not swept away, however long it takes', async () => {
  await put([told('notice')], {
    places: () => [SLACK],
    wait: () => ({ until: MORNING, gather: true }),
    line: () => undefined,
  });
  await sweepMessages(sql(), new Date(NIGHT.getTime() + 100 * 86_400_000));
  expect(await rows()).toMatchObject([{ state: 'held' }]);
  await outside`update message set state = 'done'`;
  await sweepMessages(sql(), new Date(NIGHT.getTime() + 100 * 86_400_000));
  expect(await rows()).toEqual([]);
});
