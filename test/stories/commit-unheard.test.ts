/** The database keeps a decision and is gone before it can say so: nobody is told that nothing was recorded. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse, waitFor } from '../support/house.ts';
import { openWire, type Wire } from '../support/wire.ts';

let house: House;
let wire: Wire;

beforeAll(async () => {
  house = await openHouse({
    slack: false,
    feishu: false,
    desk: true,
    database: async (url) => {
      wire = await openWire(url);
      return wire.url;
    },
  });
  // what touches the requests of these stories takes its time over the commit
  await house.sql`
    create function linger() returns trigger language plpgsql as 'begin perform pg_sleep(0.4); return null; end'`;
  await house.sql`
    create constraint trigger linger after insert or update on request deferrable initially deferred for each row
    when (new."values"::text like '%没听到%') execute function linger()`;
});
afterAll(async () => {
  await house.close();
  wire.close();
});

async function send(path: 'say' | 'press', person: string, what: object): Promise<string> {
  const answer = await fetch(`${house.url}/desk/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-desk': '1' },
    body: JSON.stringify({ as: person, in: 'bot', act: randomUUID(), ...what }),
  });
  return answer.text();
}
const ask = (line: string) => send('say', 'wang', { text: line, files: [] });
const numberOf = async (line: string) => /SP-\d{4}-\d{4}/.exec(await ask(line))?.[0] ?? 'no number';
const approve = (number: string) =>
  send('press', 'li', { action: { command: 'requests.approve', subject: number, step: 'supervisor', seen: 1 } });

/** The line to the database is cut while this act is being committed; gives what its doer is told. */
async function cutInCommit(act: () => Promise<string>): Promise<string> {
  const told = act();
  const committing = async () =>
    (
      await house.sql`
      select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`
    ).length > 0;
  await waitFor(committing, 'the commit to be under way');
  wire.stop();
  return told;
}

async function recovered(): Promise<void> {
  wire.start();
  await waitFor(async () => (await fetch(`${house.url}/healthz`)).ok, 'the product to be well again');
}

test('a press that was kept: its presser hears that it may have been, and pressing again does no harm', async () => {
  const number = await numberOf('/spend 1000 没听到的批准');
  const told = await cutInCommit(() => approve(number));
  await waitFor(
    async () => (await house.sql`select 1 from request where number = ${number} and state = 'approved'`).length > 0,
    'the approval to be kept',
  );
  expect(told).not.toContain('没有记录');
  expect(told).toContain('可能已经记录');
  await recovered();
  expect(await approve(number)).toContain('已批准：李娜 于');
});

test('a request that was kept: whoever typed it is told to look before typing it again', async () => {
  const told = await cutInCommit(() => ask('/spend 1001 没听到的申请'));
  await waitFor(
    async () => (await house.sql`select 1 from request where "values"->>'title' = '没听到的申请'`).length > 0,
    'the request to be kept',
  );
  expect(told).not.toContain('没有记录');
  expect(told).toContain('/pr list');
  await recovered();
});

test('nothing was kept: that is what is said', async () => {
  const number = await numberOf('/spend 1002 库不在');
  wire.stop();
  expect(await approve(number)).toContain('没有记录');
  await recovered();
  expect(await approve(number)).toContain('审批完成');
});
