/** Reports become a signal when enough of one kind happened within the handbook's time: once, whoever reports at the same moment (C1, K3). */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sweepObservations } from '../../src/signals/store.ts';
import { MINUTE, openSignalDesk, type SignalDesk } from './desk.ts';

let desk: SignalDesk;
beforeAll(async () => {
  desk = await openSignalDesk();
});
afterAll(() => desk.close());

let count = 0;
const at = (ms: number) => new Date(desk.clock().getTime() + ms).toISOString();
const complaint = (key: string, more: object = {}) => ({
  id: `c${++count}`,
  indicator: 'complaints',
  key,
  text: `投诉 ${count}`,
  ...more,
});
const complaints = (key: string, ...minutes: number[]) =>
  minutes.map((minute) => complaint(key, { at: at(minute * MINUTE) }));
const signalOf = async (key: string) => {
  const rows = await desk.sql<{ number: string; state: string }[]>`
    select number, state from signal where key = ${key} order by number`;
  return rows.map(({ number, state }) => `${number} ${state}`);
};
const number = async (key: string) => (await signalOf(key)).at(-1)?.split(' ')[0] ?? 'none';
const dismiss = (signal: string) =>
  desk.fill('li', { command: 'signals.dismiss', subject: signal }, { reason: '同一位顾客重复投诉' });

test('five complaints of one kind within the hour raise one signal; four and one of another kind do not', async () => {
  await desk.post(...complaints('起火', -50, -40, -30, -20), ...complaints('漏电', -10));
  expect(await desk.numbers()).toEqual([]);
  await desk.post(...complaints('起火', -1));
  expect(await signalOf('起火')).toEqual([`${await number('起火')} open`]);
  expect(await desk.signal(await number('起火'))).toMatchObject({
    count: 5,
    firstAt: at(-50 * MINUTE),
    lastAt: at(-MINUTE),
  });
  expect(await desk.ledger(await number('起火'))).toEqual(['signal-raised clock']);
});

test('five within more than the hour do not; amounts count as often as they say', async () => {
  await desk.post(...complaints('缓慢', -71, -65, -30, -20, -10));
  expect(await signalOf('缓慢')).toEqual([]);
  await desk.post(complaint('缓慢', { amount: 2 }));
  expect((await desk.signal(await number('缓慢')))?.count).toBe(5);
});

test('a late report fills a window that is over: the tool was cut off, the thing happened all the same', async () => {
  await desk.post(...complaints('迟到', -300, -290, -280, -270));
  await desk.post(...complaints('迟到', -5));
  expect(await signalOf('迟到')).toEqual([]);
  await desk.post(...complaints('迟到', -275));
  expect(await desk.signal(await number('迟到'))).toMatchObject({
    count: 6,
    firstAt: at(-300 * MINUTE),
    lastAt: at(-5 * MINUTE),
  });
});

test('forty reports at the same moment raise one signal and all are part of it', async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, () => desk.post(complaint('同时'))));
  expect(answers.map(({ status, accepted }) => `${status} ${accepted}`)).toEqual(answers.map(() => '202 1'));
  expect(await signalOf('同时')).toHaveLength(1);
  const signal = await number('同时');
  expect((await desk.signal(signal))?.count).toBe(40);
  const [{ free } = { free: -1 }] = await desk.sql<{ free: number }[]>`
    select count(*)::int as free from observation where key = '同时' and signal is distinct from ${signal}`;
  expect(free).toBe(0);
});

test('what comes later joins the open signal, however late it is told; the card keeps the ten newest texts', async () => {
  await desk.post(...complaints('增长', -9, -8, -7, -6, -5));
  const signal = await number('增长');
  desk.travel(3 * 60 * MINUTE);
  await desk.post(...complaints('增长', ...Array.from({ length: 12 }, (_, i) => -i)), complaint('增长', { amount: 3 }));
  const now = await desk.signal(signal);
  expect([now?.count, now?.samples.length, now?.samples.at(-1)?.id]).toEqual([20, 10, `tool:c${count}`]);
  expect(await signalOf('增长')).toHaveLength(1);
  expect(await desk.ledger(signal)).toEqual(['signal-raised clock', 'signal-grew clock']);
});

describe('after it was dismissed', () => {
  test('the same reports raise nothing again, nor late ones of before; five new ones do', async () => {
    await desk.post(...complaints('排除', -5, -4, -3, -2, -1));
    const first = await number('排除');
    expect(await dismiss(first)).toMatchObject({ kind: 'said', tone: 'good' });
    desk.travel(2 * MINUTE);
    await desk.post(...complaints('排除', -3, -4, -5, -6, -7, -8));
    await desk.post(...complaints('排除', 0, 0, -1, -1));
    expect(await signalOf('排除')).toEqual([`${first} dismissed`]);
    desk.travel(MINUTE);
    await desk.post(...complaints('排除', 0));
    expect(await signalOf('排除')).toEqual([`${first} dismissed`, expect.stringMatching(/ open$/)]);
    expect((await desk.signal(await number('排除')))?.count).toBe(5);
  });

  test('a report and the dismissal at the same moment: whatever comes first, no report is lost', async () => {
    for (let i = 0; i < 8; i++) {
      const key = `竞争${i}`;
      await desk.post(...complaints(key, -5, -4, -3, -2, -1));
      const signal = await number(key);
      const [, answer] = await Promise.all([dismiss(signal), desk.post(...complaints(key, 0))]);
      expect(answer).toMatchObject({ status: 202, accepted: 1 });
      expect(await signalOf(key)).toEqual([`${signal} dismissed`]);
    }
  });
});

test('while the crisis of a confirmed signal goes on its reports belong to it; once it is over they count anew', async () => {
  await desk.post(...complaints('危机', -5, -4, -3, -2, -1));
  const signal = await number('危机');
  await desk.fill('li', { command: 'signals.confirm', subject: signal }, { reason: '真的起火' });
  await desk.sql`
    insert into crisis (number, drill, state, kind, raised_at, parties, body, revision)
    values ('CR-2026-0003', false, 'alarm', 'product', now(), '{}', '{}', 1)`;
  await desk.carry({ name: 'signals.note', subject: signal, args: { crisis: 'CR-2026-0003' } });
  desk.travel(MINUTE);
  await desk.post(...complaints('危机', 0, 0, 0, 0, 0, 0));
  expect(await signalOf('危机')).toEqual([`${signal} confirmed`]);
  expect((await desk.signal(signal))?.count).toBe(11);
  await desk.sql`update crisis set state = 'over', ended_at = now() where number = 'CR-2026-0003'`;
  desk.travel(MINUTE);
  await desk.post(...complaints('危机', 0, 0, 0, 0));
  expect(await signalOf('危机')).toHaveLength(1);
  await desk.post(...complaints('危机', 0));
  expect(await signalOf('危机')).toEqual([`${signal} confirmed`, expect.stringMatching(/ open$/)]);
});

test('a confirmed signal for which no crisis was raised hides nothing: five more raise the next', async () => {
  await desk.post(...complaints('没接上', -5, -4, -3, -2, -1));
  await desk.fill('li', { command: 'signals.confirm', subject: await number('没接上') }, { reason: '真的' });
  desk.travel(MINUTE);
  await desk.post(...complaints('没接上', 0, 0, 0, 0, 0));
  expect(await signalOf('没接上')).toHaveLength(2);
});

test('after ninety days what became nothing is swept away, what became a signal stays', async () => {
  await desk.post(...complaints('旧的', -5, -4, -3, -2, -1), ...complaints('零星', -1));
  const left = async () =>
    (
      await desk.sql<{ key: string }[]>`select distinct key from observation where key in ('旧的', '零星') order by key`
    ).map(({ key }) => key);
  const DAY = 24 * 60 * MINUTE;
  await sweepObservations(desk.sql, new Date(desk.clock().getTime() + 89 * DAY));
  expect(await left()).toEqual(['旧的', '零星'].sort());
  await sweepObservations(desk.sql, new Date(desk.clock().getTime() + 91 * DAY));
  expect(await left()).toEqual(['旧的']);
});

test('whatever is reported in whatever order, the signal comes with the report that fills a window, and not before', async () => {
  const HOUR = 60;
  const reports = fc.array(
    fc.record({ minute: fc.integer({ min: -200, max: 0 }), amount: fc.integer({ min: 1, max: 3 }) }),
    {
      minLength: 1,
      maxLength: 9,
    },
  );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(reports, async (all) => {
      const key = `任意${++run}`;
      const seen: typeof all = [];
      for (const one of all) {
        seen.push(one);
        const full = seen.some(
          (end) =>
            seen
              .filter(({ minute }) => minute <= end.minute && minute >= end.minute - HOUR)
              .reduce((sum, { amount }) => sum + amount, 0) >= 5,
        );
        await desk.post(complaint(key, { amount: one.amount, at: at(one.minute * MINUTE) }));
        expect(await signalOf(key)).toHaveLength(full ? 1 : 0);
        if (full) return;
      }
    }),
    { numRuns: 25 },
  );
});
