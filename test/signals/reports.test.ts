/** What a monitoring tool may send, and what it is told when that is wrong: signed, small, readable, of an indicator that we know (C1). */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MINUTE, openSignalDesk, SECRET, type SignalDesk } from './desk.ts';

let desk: SignalDesk;
beforeAll(async () => {
  desk = await openSignalDesk();
});
afterAll(() => desk.close());

let count = 0;
const report = (more: object = {}) => ({ id: `r${++count}`, indicator: 'complaints', text: '充电时冒烟', ...more });
const kept = async (id: string) => {
  const [row] = await desk.sql<{ key: string; amount: number; text: string; at: Date }[]>`
    select key, amount, text, at from observation where id = ${`tool:${id}`}`;
  return row;
};
const at = (ms: number) => new Date(desk.clock().getTime() + ms).toISOString();

describe('whose it is', () => {
  test('a report that is signed over the time and the bytes is taken', async () => {
    const answer = await desk.send(JSON.stringify(report({ id: 'signed' })));
    expect([answer.status, await answer.json()]).toEqual([202, { accepted: 1, repeated: 0 }]);
    expect(await kept('signed')).toMatchObject({ key: '', amount: 1, text: '充电时冒烟', at: desk.clock() });
  });

  const body = () => JSON.stringify(report());
  const signedBy = (secret: string, time: string, text: string) =>
    `v1=${createHmac('sha256', secret).update(`${time}.${text}`).digest('hex')}`;
  test.for<[string, (text: string) => Record<string, string>]>([
    ['no signature', () => ({ 'x-signal-signature': '' })],
    ['another secret', (text) => ({ 'x-signal-signature': signedBy('guess', desk.seconds(), text) })],
    [
      'another time than was signed',
      (text) => ({
        'x-signal-timestamp': desk.seconds(1000),
        'x-signal-signature': signedBy(SECRET, desk.seconds(), text),
      }),
    ],
    ['another text than was signed', () => ({ 'x-signal-signature': signedBy(SECRET, desk.seconds(), '{}') })],
    [
      'a scheme that is not ours',
      (text) => ({ 'x-signal-signature': signedBy(SECRET, desk.seconds(), text).slice(3) }),
    ],
    ['signed six minutes ago', () => ({ 'x-signal-timestamp': desk.seconds(-6 * MINUTE) })],
    ['signed six minutes ahead', () => ({ 'x-signal-timestamp': desk.seconds(6 * MINUTE) })],
    ['a time that is none', () => ({ 'x-signal-timestamp': 'now' })],
  ])('%s: 401, and nothing is read', async ([, headers]) => {
    const text = body();
    const answer = await desk.send(text, headers(text));
    expect(answer.status).toBe(401);
    expect(((await answer.json()) as { error: string }).error).toContain('SIGNALS_SECRET');
    expect(await kept(`r${count}`)).toBeUndefined();
  });

  test('what is not signed is not even parsed: rubbish gets the same 401', async () => {
    expect((await desk.send('{"', { 'x-signal-signature': 'v1=00' })).status).toBe(401);
  });

  test('a flood of forgeries leaves one line in the log, without what they sent', async () => {
    const before = desk.lines.length;
    desk.travel(11_000);
    for (let i = 0; i < 20; i++) await desk.send('偷偷的内容', { 'x-signal-signature': 'v1=00' });
    expect(desk.lines.slice(before)).toHaveLength(1);
    expect(desk.lines.join()).not.toContain('偷偷的内容');
  });

  test('more than 64 KB is refused before it is read, whatever its length claims', async () => {
    const long = JSON.stringify(report({ text: '长'.repeat(30_000) }));
    expect((await desk.send(long)).status).toBe(413);
  });

  test('without a secret there is no such route', async () => {
    const other = await openSignalDesk({ secret: undefined });
    expect((await other.send(body())).status).toBe(404);
    await other.close();
  });
});

describe('what it says', () => {
  test.for<[string, object, string]>([
    ['no id', { id: undefined }, 'id：必填'],
    ['an id with a blank', { id: 'a b' }, 'id：必填'],
    ['an id with a character that nobody sees', { id: 'a\u200bb' }, 'id：必填'],
    ['an endless id', { id: 'x'.repeat(201) }, 'id：必填'],
    ['no indicator', { indicator: undefined }, 'indicator：必填'],
    ['a key that is no text', { key: 7 }, 'key：要写文字'],
    ['no amount at all', { amount: 0 }, 'amount：要写 1 到 100000'],
    ['half an amount', { amount: 1.5 }, 'amount：要写 1 到 100000'],
    ['an amount beyond reason', { amount: 100_001 }, 'amount：要写 1 到 100000'],
    ['an amount in words', { amount: '3' }, 'amount：要写 1 到 100000'],
    ['a text of nothing visible', { text: ' \u200b\u0000\n' }, 'text：必填'],
    ['a time without its zone', { at: '2026-11-23T01:00:00' }, 'at：要写 ISO 8601'],
    ['a misspelt field', { ammount: 3 }, '"ammount"：不认识这个字段'],
  ])('%s: 400 names the field', async ([, wrong, said]) => {
    const answer = await desk.send(JSON.stringify({ ...report(), ...wrong }));
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([
      400,
      expect.stringContaining(said),
    ]);
  });

  test('in a list the place is named, and nothing of it is kept', async () => {
    const [good, bad] = [report(), report({ amount: -1 })];
    expect(await desk.post(good, bad)).toMatchObject({ status: 400, error: expect.stringMatching(/^\[1\]\.amount：/) });
    expect(await kept(good.id)).toBeUndefined();
  });

  test.for<[string, string | Uint8Array]>([
    ['no JSON', '{"id":'],
    ['JSON in another encoding', Buffer.from('{"id":"é"}', 'latin1')],
    ['a number', '7'],
    ['nothing', 'null'],
    ['an empty list', '[]'],
    ['a list of lists', '[[]]'],
    ['too many', JSON.stringify(Array.from({ length: 101 }, () => ({})))],
  ])('%s: 400 with a sentence', async ([, body]) => {
    const answer = await desk.send(body);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { error: string }).error).toMatch(/JSON/);
  });

  test('an indicator that the handbook does not have: 422 lists those that it has', async () => {
    const answer = await desk.send(JSON.stringify([report(), report({ indicator: 'weather' })]));
    expect(answer.status).toBe(422);
    expect(await answer.json()).toEqual({
      error: '没有指标「weather」。规则手册里有：complaints, mentions。',
      indicators: ['complaints', 'mentions'],
    });
  });

  test('without a crisis.yaml it is told where indicators are written', async () => {
    desk.withoutBook();
    expect(await desk.post(report())).toMatchObject({ status: 422, error: expect.stringContaining('crisis.yaml') });
    desk.become({});
  });

  test('what happened a day ago may still be told, not more; and clocks may differ by a minute', async () => {
    const times = [at(-24 * 60 * MINUTE), at(MINUTE)];
    for (const time of times) expect(await desk.post(report({ at: time }))).toMatchObject({ status: 202 });
    expect(await desk.post(report({ at: at(-24 * 60 * MINUTE - 1000) }))).toMatchObject({
      status: 400,
      error: expect.stringContaining('24 小时'),
    });
    expect(await desk.post(report({ at: at(MINUTE + 1000) }))).toMatchObject({
      status: 400,
      error: expect.stringContaining('时钟'),
    });
  });

  test('times of another zone, keys of another width and hostile texts become what they look like', async () => {
    const time = '2026-11-22T18:00:00.000Z';
    desk.travel(new Date('2026-11-22T18:00:30Z').getTime() - desk.clock().getTime());
    const one = report({
      key: ' ＦＩＲＥ  1 ',
      text: 'a\u202egnp.exe\u0000\n\n\n\nb',
      at: '2026-11-23T02:00:00+08:00',
    });
    expect(await desk.post(one)).toMatchObject({ accepted: 1 });
    expect(await kept(one.id)).toMatchObject({ key: 'fire 1', text: 'agnp.exe\n\nb', at: new Date(time) });
  });

  test('what is longer than a card shows is shortened as people count, pictures too', async () => {
    const one = report({ key: '🔥'.repeat(30), text: '🔥'.repeat(700) });
    expect(await desk.post(one)).toMatchObject({ status: 202, accepted: 1 });
    expect([...((await kept(one.id))?.text ?? '')]).toHaveLength(500);
  });

  test('the same id counts once: in one list, in two requests, in twenty at the same moment', async () => {
    const one = report({ key: '重复' });
    expect(await desk.post(one, one)).toMatchObject({ status: 202, accepted: 1, repeated: 1 });
    expect(await desk.post({ ...one, key: '别处' })).toMatchObject({ accepted: 0, repeated: 1 });
    const other = report({ key: '重复' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => desk.post(other)));
    expect(answers.reduce((sum, { accepted = 0 }) => sum + accepted, 0)).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
  });
});
