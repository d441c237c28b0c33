/** The digest: each notice in exactly one, what has become untrue in none, and no empty one. */
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import type { Card } from '../../src/core/card.ts';
import type { Database } from '../../src/core/intake.ts';
import { digestCard, gatherDigests } from '../../src/delivery/digest.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

const NINE = new Date('2026-12-02T01:00:00Z');
let database: FreshDatabase;
let outside: postgres.Sql;
let opened: ReturnType<typeof openDatabase>[];
beforeAll(async () => {
  database = await freshDatabase();
  outside = postgres(database.url, { max: 2, onnotice: () => {} });
  opened = [openDatabase(database.url), openDatabase(database.url)];
});
beforeEach(() => outside`delete from message`);
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
  await outside.end();
  await database.drop();
});
const sql = (i = 0) => (opened[i] as (typeof opened)[number]).sql as Database;

async function hold(person: string, count: number, { platform = 'slack', at = NINE } = {}): Promise<void> {
  const rows = Array.from({ length: count }, (_, i) => ({
    id: randomUUID(),
    intent: randomUUID(),
    subject: `SP-2026-${i}`,
    kind: 'notice',
    audience: `person:${person}`,
    platform,
    address_kind: 'direct',
    address: `U-${person}`,
    about: 'approved',
    key: randomUUID(),
    lane: 1,
    state: 'held',
    not_before: at,
    created_at: new Date(NINE.getTime() - 60_000 + i),
  }));
  await outside`insert into message ${outside(rows)}`;
}
const digests = () => outside<{ audience: string; items: { subject: string }[] }[]>`
  select audience, data->'items' as items from message where subject = 'digest' order by audience`;

test('a hundred for one person are three messages, each notice in one; what is not due yet goes on waiting', async () => {
  await hold('li', 100);
  await hold('wang', 3);
  await hold('wang', 1, { at: new Date(NINE.getTime() + 1) });
  expect(await gatherDigests(sql(), NINE)).toBe(103);
  const counts = (await digests()).map(({ audience, items }) => `${audience} ${items.length}`);
  expect(counts.toSorted()).toEqual(['person:li 20', 'person:li 40', 'person:li 40', 'person:wang 3']);
  expect(await outside`select 1 from message where state = 'held'`).toHaveLength(1);
  expect(await gatherDigests(sql(), NINE)).toBe(0);
});

test('notices that would have gone to two platforms come in one message', async () => {
  await hold('li', 2);
  await hold('li', 2, { platform: 'feishu' });
  await gatherDigests(sql(), NINE);
  expect((await digests()).map(({ items }) => items.length)).toEqual([4]);
});

test('two processes at once, again and again: each notice stands in exactly one digest, each person has one', async () => {
  const people = Array.from({ length: 30 }, (_, i) => `p${i}`);
  for (const person of people) await hold(person, 5);
  while ((await outside`select 1 from message where state = 'held' limit 1`).length > 0)
    await Promise.all([gatherDigests(sql(0), NINE), gatherDigests(sql(1), NINE), gatherDigests(sql(0), NINE)]);
  const rows = await digests();
  expect(rows).toHaveLength(30);
  expect(rows.every(({ items }) => items.length === 5)).toBe(true);
});

const message = (subjects: string[]) => ({
  kind: 'notice' as const,
  subject: 'digest',
  audience: { person: 'li' },
  about: 'digest',
  data: { items: subjects.map((subject) => ({ subject, about: 'approved', data: null })) },
  language: 'zh' as const,
  plain: false,
});
const said = (subject: string): Card => ({
  headline: subject,
  tone: 'open',
  summary: `${subject} 已获批准`,
  blocks: [],
});

test('what has become untrue is left out, and where nothing is left nothing comes', async () => {
  const card = await digestCard(message(['a', 'b', 'c']), async ({ subject }) =>
    subject === 'b' ? undefined : said(subject),
  );
  expect(card?.summary).toContain('2');
  expect(JSON.stringify(card?.blocks)).toContain('a 已获批准');
  expect(JSON.stringify(card?.blocks)).not.toContain('b 已获批准');
  expect(await digestCard(message(['a', 'b']), async () => undefined)).toBeUndefined();
});

test('one that cannot be drawn is named, and takes no other with it', async () => {
  const card = await digestCard(message(['a', 'SP-2026-0001', 'c']), async ({ subject }) => {
    if (subject.startsWith('SP')) throw new Error('nobody planned this');
    return said(subject);
  });
  const lines = card?.blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : []));
  expect(lines).toEqual(['a 已获批准', 'SP-2026-0001', 'c 已获批准']);
});
