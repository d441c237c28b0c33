/** Ringing through a Twilio that is in a bad mood: nobody is forgotten, nobody is rung twice for one ring. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Failure } from '../../support/twilio.ts';
import { failing, LI, ring, type Stage, saying, stage, ZHAO } from './stage.ts';

let now = new Date('2026-11-23T18:00:00.000Z');
let s: Stage;
beforeEach(async () => {
  now = new Date('2026-11-23T18:00:00.000Z');
  s = await stage({ clock: () => now });
});
afterEach(() => s.end());
const later = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000);
};
const to = { kind: 'direct', id: LI } as const;
const intent = { id: 'intent', triedBefore: undefined };

describe('a ring', () => {
  test('says by which id Twilio knows it', async () => {
    expect(await s.call(LI)).toEqual({ channel: LI, message: s.twilio.calls[0]?.sid });
    expect(await s.write(LI)).toEqual({ channel: LI, message: s.twilio.messages[0]?.sid });
    expect(s.twilio.messages[0]?.body).toBe(`${ring.summary}\n收到请回复 1。`);
    expect(s.twilio.faults).toEqual([]);
  });

  test.for<[Failure, string, string, number?]>([
    [20003, 'credentials', '20003'],
    [21606, 'credentials', '21606'],
    [21609, 'credentials', '21609'],
    ['redirect', 'credentials', 'http-307'],
    [21211, 'unreachable', '21211'],
    [21610, 'unreachable', '21610'],
    [21614, 'unreachable', '21614'],
    [21215, 'unreachable', '21215'],
    [32018, 'rejected', '32018'],
    [99_999, 'rejected', '99999'],
    ['busy', 'retry-later', '20429', 7000],
    [21611, 'retry-later', '21611', 3000],
    ['down', 'ambiguous', 'http-503'],
    ['page', 'ambiguous', 'no-answer'],
    ['cut-before', 'ambiguous', 'no-answer'],
    ['cut-after', 'ambiguous', 'no-answer'],
  ])('case 6, 13, 15: %s is %s', async ([failure, problem, code, afterMs]) => {
    s.twilio.fail('Calls', failure);
    s.twilio.fail('Messages', failure);
    expect(await failing(s.call(LI))).toMatchObject({ problem, code, afterMs, platform: 'phone' });
    expect(await failing(s.write(LI))).toMatchObject({ problem, code, afterMs, platform: 'sms' });
  });

  test('an answer that does not come is not waited for for ever', async () => {
    const hasty = await stage({ patience: { callMs: 50 } });
    hasty.twilio.fail('Calls', 'silent');
    expect(await failing(hasty.call(LI))).toMatchObject({ problem: 'ambiguous', code: 'no-answer' });
    await hasty.end();
  });

  test('a Twilio that is not there was not asked', async () => {
    await s.twilio.close();
    expect(await failing(s.call(LI))).toMatchObject({ problem: 'retry-later', code: 'no-connection' });
  });

  test.each(['13800000002', 'tel:+8613800000002', '+86138 0000 0002', '+86', '', 'ou_li', `+${'1'.repeat(16)}`])(
    'what is no number is never asked for: %j',
    async (number) => {
      const asked = s.twilio.requests.length;
      expect(await failing(s.call(number))).toMatchObject({ problem: 'unreachable', code: 'no-number' });
      expect(await failing(s.write(number))).toMatchObject({ problem: 'unreachable', code: 'no-number' });
      expect(s.twilio.requests).toHaveLength(asked);
    },
  );

  test('what nobody could answer, fill in, edit or fetch is refused', async () => {
    const mute = { ...ring, blocks: [] };
    const form = { title: '', intro: [], fields: [], submit: '', cancel: '', action: { command: 'x' } };
    for (const adapter of [s.phone, s.sms]) {
      const card = { kind: 'card', card: ring } as const;
      expect(await failing(adapter.post({ kind: 'channel', id: 'C1' }, card, intent, 'zh'))).toMatchObject({
        problem: 'unreachable',
        code: 'no-channels',
      });
      expect(await failing(adapter.post(to, { kind: 'card', card: mute }, intent, 'zh'))).toMatchObject({
        problem: 'rejected',
        code: 'nothing-to-answer',
      });
      expect(await failing(adapter.post(to, { kind: 'form', form }, intent, 'zh'))).toMatchObject({ code: 'no-forms' });
      expect(await failing(adapter.edit({ channel: LI, message: 'CA1' }, ring, 'zh'))).toMatchObject({
        problem: 'rejected',
        code: 'no-edits',
      });
      expect(await failing(adapter.fetchFile({}))).toMatchObject({ problem: 'rejected', code: 'no-files' });
    }
    expect([s.twilio.calls, s.twilio.messages]).toEqual([[], []]);
  });
});

describe('case 5: made, answer lost', () => {
  test.each(['Calls', 'Messages'] as const)('%s: tried again, it is found and not made again', async (resource) => {
    const post = resource === 'Calls' ? s.call : s.write;
    const triedBefore = now;
    s.twilio.fail(resource, 'cut-after');
    await failing(post(LI, ring, { id: 'a' }));
    later(2);
    const { message } = await post(LI, ring, { id: 'a', triedBefore });
    const made = resource === 'Calls' ? s.twilio.calls : s.twilio.messages;
    expect(made.map((one) => one.sid)).toEqual([message]);
  });

  test.each(['Calls', 'Messages'] as const)('%s: not made after all, it is made now', async (resource) => {
    const post = resource === 'Calls' ? s.call : s.write;
    s.twilio.fail(resource, 'cut-before');
    const triedBefore = now;
    await failing(post(LI, ring, { id: 'a' }));
    later(2);
    await post(LI, ring, { id: 'a', triedBefore });
    expect(resource === 'Calls' ? s.twilio.calls : s.twilio.messages).toHaveLength(1);
  });

  test('tried again by another process, it is found too', async () => {
    s.twilio.fail('Calls', 'cut-after');
    s.twilio.fail('Messages', 'cut-after');
    const again = { id: 'a', triedBefore: now };
    await failing(s.call(LI, ring, { id: 'a' }));
    await failing(s.write(LI, ring, { id: 'a' }));
    later(2);
    expect((await s.elsewhere().call(LI, ring, again)).message).toBe(s.twilio.calls[0]?.sid);
    expect((await s.elsewhere().write(LI, ring, again)).message).toBe(s.twilio.messages[0]?.sid);
    expect([s.twilio.calls.length, s.twilio.messages.length]).toEqual([1, 1]);
  });

  test.for<[string, () => Promise<unknown>]>([
    ['an earlier rung', () => Promise.all([s.call(LI), s.write(LI)]).then(() => later(300))],
    ['what another person was sent', () => Promise.all([s.call(ZHAO), s.write(ZHAO)])],
    ['an answer to a text', () => s.twilio.reply(LI, '1')],
  ])('%s is not this ring, whoever tries', async ([, before]) => {
    s.desk.script = () => ({ kind: 'said', tone: 'good', text: `${ring.summary}\n收到请回复 1。` });
    await before();
    const made = [s.twilio.calls.length, s.twilio.messages.length];
    const { call, write } = s.elsewhere();
    await call(LI, ring, { id: 'a', triedBefore: now });
    await write(LI, ring, { id: 'a', triedBefore: now });
    expect([s.twilio.calls.length, s.twilio.messages.length]).toEqual(made.map((count) => count + 1));
  });

  test('a text that says something else is not this one', async () => {
    await s.write(LI, saying('另一件事。'));
    await s.elsewhere().write(LI, ring, { id: 'a', triedBefore: now });
    expect(s.twilio.messages).toHaveLength(2);
  });

  test('of two calls to one person within a second, one is not taken for the other', async () => {
    const triedBefore = now;
    await s.call(LI, ring, { id: 'a' });
    await s.call(LI, ring, { id: 'b', triedBefore });
    expect(s.twilio.callsTo(LI)).toHaveLength(2);
  });

  test('the call that Twilio names by our intent is it, whichever is newer', async () => {
    const triedBefore = now;
    s.twilio.fail('Calls', 'cut-after', 'cut-after');
    await failing(s.call(LI, ring, { id: 'a' }));
    await failing(s.call(LI, ring, { id: 'b' }));
    await s.twilio.quiet();
    const [a, b] = s.twilio.calls;
    expect((await s.call(LI, ring, { id: 'b', triedBefore })).message).toBe(b?.sid);
    expect((await s.call(LI, ring, { id: 'a', triedBefore })).message).toBe(a?.sid);
    expect(s.twilio.calls).toHaveLength(2);
  });

  test("a clock that differs from Twilio's finds it all the same", async () => {
    await s.end();
    s = await stage({ clock: () => now, ourClock: () => new Date(now.getTime() + 3_600_000) });
    s.twilio.fail('Calls', 'cut-after');
    const triedBefore = new Date(now.getTime() + 3_600_000);
    await failing(s.call(LI, ring, { id: 'a' }));
    later(2);
    await s.elsewhere().call(LI, ring, { id: 'a', triedBefore });
    expect(s.twilio.calls).toHaveLength(1);
  });

  test('as long as it cannot be looked for, nothing is made', async () => {
    s.twilio.fail('Calls?', 'down', 'page', 'busy');
    for (const code of ['http-503', 'no-answer', '20429'])
      expect(await failing(s.call(LI, ring, { id: 'a', triedBefore: now }))).toMatchObject({
        problem: 'retry-later',
        code,
      });
    expect(s.twilio.calls).toEqual([]);
  });
});

describe('how it feels', () => {
  test('refused settings are said, with what to check, until they are mended', async () => {
    const other = await stage({ settings: { authToken: 'an-old-token' }, started: false });
    await Promise.all([other.phone.start(), other.sms.start()]);
    await other.twilio.when(() => other.phone.trouble()?.includes('20003'), 'the refusal');
    expect(other.phone.trouble()).toMatch(/TWILIO_ACCOUNT_SID.*TWILIO_AUTH_TOKEN.*TWILIO_FROM.*PUBLIC_URL/);
    expect(other.logged.join('')).not.toContain('an-old-token');
    await other.end();
  });

  test('an account that is suspended is said', async () => {
    const other = await stage({ started: false });
    other.twilio.suspend();
    await other.phone.start();
    await other.twilio.when(() => other.phone.trouble()?.includes('account-suspended'), 'the suspension');
    await other.end();
  });

  test('a Twilio that is away at the start is asked again', async () => {
    const other = await stage({ started: false });
    other.twilio.fail('Account', 'down');
    await other.phone.start();
    await other.twilio.when(() => other.phone.trouble() === 'Twilio 暂时连不上，正在重试。', 'that it is away');
    await other.twilio.when(() => other.phone.trouble() === undefined, 'that it is there');
    await other.end();
  });

  test('one wrong number, or much to do, is no trouble of the line; what it learns from calls it says', async () => {
    s.twilio.fail('Calls', 21211, 'busy');
    await failing(s.call(LI));
    await failing(s.call(LI));
    expect(s.phone.trouble()).toBeUndefined();
    s.twilio.fail('Calls', 21606);
    await failing(s.call(LI));
    expect(s.phone.trouble()).toContain('21606');
    await s.call(LI);
    expect(s.phone.trouble()).toBeUndefined();
  });
});
