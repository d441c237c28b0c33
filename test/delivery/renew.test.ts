/** Renewing a card posts it anew, and that rings: whoever rests has theirs renewed in the morning. */
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import type { ChatAdapter } from '../../src/core/chat.ts';
import type { Database } from '../../src/core/intake.ts';
import type { Audience } from '../../src/core/module.ts';
import { renewCards } from '../../src/delivery/renew.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

const DAY = 86_400_000;
const NIGHT = new Date('2026-12-01T15:00:00Z');
let database: FreshDatabase;
let outside: postgres.Sql;
let opened: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  database = await freshDatabase();
  outside = postgres(database.url, { max: 2, onnotice: () => {} });
  opened = openDatabase(database.url);
});
afterAll(async () => {
  await opened.close();
  await outside.end();
  await database.drop();
});

test('at night the channel’s card is renewed, the sleepers’ in the morning', async () => {
  for (const [audience, address] of [
    ['person:li', 'ou_li'],
    ['person:sun', 'ou_sun'],
    ['channel:pr', 'oc_pr'],
  ] as const) {
    const key = `card|SP-2026-0001|${audience}|feishu|${address}`;
    await outside`
      insert into message (id, intent, subject, kind, audience, platform, address_kind, address, key, lane, shown, created_at, posted_at,
        ref_channel, ref_message)
      values (${randomUUID()}, ${randomUUID()}, 'SP-2026-0001', 'card', ${audience}, 'feishu',
        ${audience.startsWith('person') ? 'direct' : 'channel'}, ${address}, ${key}, 2, 1, ${NIGHT}, ${new Date(NIGHT.getTime() - 13.5 * DAY)},
        ${address}, ${`om_${address}`})`;
  }
  const feishu = { platform: 'feishu', cardLifeMs: 14 * DAY } as ChatAdapter;
  const open = async (subjects: string[]) => new Set(subjects);
  const renew = (rests: (to: Audience) => boolean, at: Date) =>
    renewCards(opened.sql as Database, [feishu], open, rests, at);
  const anew = async () =>
    (await outside<{ address: string }[]>`select address from message where ref_message is null order by address`).map(
      (row) => row.address,
    );
  expect(await renew((to) => 'person' in to && to.person === 'li', NIGHT)).toBe(2);
  expect(await anew()).toEqual(['oc_pr', 'ou_sun']);
  await outside`update message set posted_at = ${NIGHT} where ref_message is null`;
  expect(await renew(() => false, new Date(NIGHT.getTime() + DAY / 3))).toBe(1);
});
