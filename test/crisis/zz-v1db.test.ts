import { afterAll, beforeAll, expect, test } from 'vitest';
import { handle } from '../../src/core/handle.ts';
import { fire } from '../../src/core/timers.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { openRoad, sentence, type TestRoad } from '../support/road.ts';

let database: FreshDatabase;
let r: TestRoad;
let now = Date.parse('2026-11-22T03:00:00+08:00');
beforeAll(async () => { database = await freshDatabase(); r = await openRoad(database.url, { clock: () => new Date(now) }); });
afterAll(async () => { await r.close(); await database.drop(); });
const does = (person: string, name: string, subject: string | undefined, args: object = {}) =>
  r.sql.begin((tx) => handle(r.road, tx, { name: `crisis.${name}`, subject, args: args as never }, { actor: { kind: 'person', id: person, platform: 'slack' }, at: new Date(now) }));

test('A double answer on the database', async () => {
  const raised = await does('wang', 'raise', undefined, { text: '起火', kind: 'product-safety' });
  console.log(raised.kind, raised.subject);
  console.log(await r.sql`select key, about, audience, platform from message where kind in ('page','ring')`);
  console.log(await r.sql`select key, due_at from timer`);
  const reply = await r.act('U02LI', { kind: 'action', action: { command: 'crisis.answer', subject: raised.subject as string, with: { call: 'c1' } } });
  console.log('REPLY', sentence(reply), r.lines.map((l) => { const e = JSON.parse(l); return `${e.msg} ${e.err?.code} ${e.err?.message}`; }));
  console.log(await r.sql`select body->'calls' as c from crisis`.then((x) => JSON.stringify(x[0]!.c.map((c: any) => [c.id, c.state]))));
});
