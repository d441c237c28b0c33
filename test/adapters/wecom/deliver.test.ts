/** Sending to a WeCom that is in a bad mood. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRates } from '../../../adapters/wecom/rates.ts';
import type { Failure } from '../../support/wecom.ts';
import { failing, letter, notice, type Stage, stage } from './stage.ts';

const SEND = '/cgi-bin/message/send';
const HOOK = '/cgi-bin/webhook/send';
const MINUTE = 60_000;
let now = new Date('2026-11-23T02:00:00Z');
let s: Stage;
beforeEach(async () => {
  now = new Date('2026-11-23T02:00:00Z');
  s = await stage({ fake: { clock: () => now } });
});
afterEach(() => s.end());
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};
const calls = (path: string) => s.wecom.calls.filter((call) => call.path === path).length;
const read = (who = 'lina') => s.wecom.messagesOf(who).map(s.wecom.textOf);

describe('to a member', () => {
  test('says where it stands, by the id that comes back with a press', async () => {
    expect(await s.toMember('lina', letter, { id: 'intent-7' })).toEqual({ channel: 'lina', message: 'intent-7' });
    expect(read()).toEqual([expect.stringContaining('决议 DM-2026-0012')]);
  });

  test.for<[Failure, string, string]>([
    [45009, 'retry-later', '45009'],
    [45033, 'retry-later', '45033'],
    [-1, 'ambiguous', '-1'],
    ['down', 'ambiguous', 'http-503'],
    ['page', 'ambiguous', 'no-answer'],
    ['cut-before', 'ambiguous', 'no-answer'],
    [81013, 'unreachable', '81013'],
    [40031, 'unreachable', '40031'],
    [60111, 'unreachable', '60111'],
    [48002, 'credentials', '48002'],
    [60011, 'credentials', '60011'],
    [60020, 'credentials', '60020'],
    [40056, 'credentials', '40056'],
    [40058, 'rejected', '40058'],
    [45002, 'rejected', '45002'],
    [999_999, 'rejected', '999999'],
  ])('case 6, 13, 15, 23: %s is %s', async ([failure, problem, code]) => {
    s.wecom.fail(SEND, failure);
    const error = await failing(s.toMember('lina', notice));
    expect([error.problem, error.code, error.platform]).toEqual([problem, code, 'wecom']);
  });

  test('who is not there is unreachable, also when the answer is ok', async () => {
    expect(await failing(s.toMember('nobody', notice))).toMatchObject({ problem: 'unreachable', code: '81013' });
    s.wecom.fail(SEND, 'invaliduser');
    expect(await failing(s.toMember('lina', notice))).toMatchObject({ problem: 'unreachable', code: 'invaliduser' });
  });

  test.each(['@all', 'lina|wangxiaowen', '', ' lina', '李娜', 'x'.repeat(65)])(
    'an account that is no UserID is never asked for: %j',
    async (account) => {
      expect(await failing(s.toMember(account, notice))).toMatchObject({ problem: 'unreachable', code: 'no-user-id' });
      expect(calls(SEND)).toBe(0);
    },
  );

  test('case 5: sent, answer lost: the same again is not there twice, as a card and as text', async () => {
    for (const card of [letter, notice]) {
      s.wecom.fail(SEND, 'cut-after');
      expect((await failing(s.toMember('lina', card, { id: card.headline.slice(-4) }))).problem).toBe('ambiguous');
      later(20 * MINUTE);
      await s.toMember('lina', card, { id: card.headline.slice(-4), triedBefore: now });
    }
    expect(read()).toHaveLength(2);
  });

  test('the same again after hours: a repeated try looks back four hours, a first one half an hour', async () => {
    s.wecom.fail(SEND, 'cut-after');
    await failing(s.toMember('lina', notice));
    later(3 * 60 * MINUTE);
    await s.toMember('lina', notice, { triedBefore: now });
    expect(read()).toHaveLength(1);
    await s.toMember('lina', notice); // told anew: not the same notice, though it says the same
    expect(read()).toHaveLength(2);
  });

  test('a task id that is taken is no success when nothing was tried before', async () => {
    await s.toMember('lina', letter, { id: 'intent-1' });
    expect(await failing(s.toMember('wangxiaowen', letter, { id: 'intent-1' }))).toMatchObject({
      problem: 'rejected',
      code: '42014',
    });
  });

  test('a form cannot be filled in here: it says where', async () => {
    const form = { title: '纪要', intro: [], fields: [], submit: '提交', cancel: '取消', action: { command: 'x' } };
    const to = { kind: 'direct', id: 'lina' } as const;
    await s.adapter.post(to, { kind: 'form', form }, { id: 'f', triedBefore: undefined }, 'zh');
    expect(read()).toEqual([expect.stringMatching(/^纪要\n.*请到 Slack、飞书或网页端操作/)]);
  });
});

describe('the token', () => {
  test('is asked for once, however many wait for it, and anew before it ends', async () => {
    const other = await stage({ started: false, fake: { clock: () => now } });
    await Promise.all([other.toMember('lina', notice), other.toMember('wangxiaowen', notice)]);
    const asked = () => other.wecom.calls.filter((call) => call.path === '/cgi-bin/gettoken').length;
    expect(asked()).toBe(1);
    later(116 * MINUTE);
    await other.toMember('lina', letter);
    expect([asked(), other.wecom.faults]).toEqual([2, []]);
    await other.end();
  });
  test.each([40014, 42001, 41001])('one that is no longer good (%s) is asked for anew, once', async (code) => {
    s.wecom.fail(SEND, code);
    await s.toMember('lina', notice);
    expect([calls('/cgi-bin/gettoken'), read().length]).toEqual([2, 1]);
    s.wecom.fail(SEND, code, code);
    expect((await failing(s.toMember('lina', letter))).problem).toBe('credentials');
    expect(calls(SEND)).toBe(4);
  });
  test('after all were revoked at once, messages still go', async () => {
    s.wecom.revoke();
    await Promise.all([s.toMember('lina', notice), s.toMember('wangxiaowen', notice)]);
    expect(calls('/cgi-bin/gettoken')).toBe(2);
  });
  test('case 15: a wrong secret is the administrator’s to mend, and said on the health page', async () => {
    const { app } = s.wecom.settings();
    const other = await stage({ started: false, settings: { app: { ...app, secret: 'wrong' } } });
    await other.adapter.start();
    const at = s.wecom;
    await at.when(() => other.adapter.trouble()?.includes('40001'), 'the trouble');
    expect(
      await failing(
        other.adapter.post(
          { kind: 'direct', id: 'lina' },
          { kind: 'card', card: notice },
          { id: 'x', triedBefore: undefined },
          'zh',
        ),
      ),
    ).toMatchObject({ problem: 'credentials' });
    expect(other.logged.join()).not.toContain('wrong');
    await other.end();
  });
  test('away, and back: the health page says both', async () => {
    s.wecom.fail(SEND, 'cut-before');
    await failing(s.toMember('lina', notice));
    expect(s.adapter.trouble()).toContain('暂时连不上');
    await s.toMember('lina', notice);
    expect(s.adapter.trouble()).toBeUndefined();
  });
});

describe('to a group, by its robot', () => {
  test('under its name in the handbook', async () => {
    expect(await s.toGroup('pr', notice)).toMatchObject({ channel: 'pr' });
    expect(s.wecom.groups).toMatchObject([{ robot: 'pr', message: { msgtype: 'markdown' } }]);
    expect(calls('/cgi-bin/message/send')).toBe(0);
  });
  test.each(['nobody', 'constructor', ''])('a name without a robot is unreachable: %j', async (name) => {
    expect(await failing(s.toGroup(name, notice))).toMatchObject({ problem: 'unreachable', code: 'no-such-robot' });
  });
  test('case 12: taken out of the group', async () => {
    s.wecom.fail(HOOK, 93000);
    expect(await failing(s.toGroup('pr', notice))).toMatchObject({ problem: 'unreachable', code: '93000' });
  });
  test('sent, answer lost: said again with a word that it may be there twice, for a robot cannot look', async () => {
    s.wecom.fail(HOOK, 'cut-after');
    expect((await failing(s.toGroup('pr', notice))).problem).toBe('ambiguous');
    await s.toGroup('pr', notice, now);
    const texts = s.wecom.groups.map(({ message }) => message.markdown.content);
    expect(texts).toEqual([expect.not.stringContaining('请忽略'), expect.stringContaining('请忽略')]);
  });
  test('robots alone need no app, which then reaches nobody', async () => {
    const { robots } = s.wecom.settings();
    const { apiUrl } = s.wecom;
    const other = await stage({ started: false, settings: { app: undefined as never, robots, apiUrl } });
    await other.adapter.start();
    expect(other.adapter.trouble()).toBeUndefined();
    await other.toGroup('crisis', notice);
    expect(s.wecom.groups).toHaveLength(1);
    expect(await failing(other.toMember('lina', notice))).toMatchObject({ problem: 'unreachable', code: 'no-app' });
    await other.end();
  });
  test('no key, token or secret is ever logged', async () => {
    s.wecom.fail(HOOK, 'cut-before', 93000, 'page');
    for (let tried = 0; tried < 3; tried++) await failing(s.toGroup('pr', notice));
    const { app, robots } = s.wecom.settings();
    for (const secret of [app.secret, robots.pr, 'token-1']) expect(s.logged.join()).not.toContain(secret);
  });
});

describe('case 6: how often', () => {
  test('thirty in a minute to one person, then it waits; nothing is thrown away, others are not held up', async () => {
    for (let n = 0; n < 30; n++) await s.toMember('lina', { ...notice, headline: `纪要 ${n}` });
    const error = await failing(s.toMember('lina', notice));
    expect([error.problem, error.code]).toEqual(['retry-later', 'own-rate-limit']);
    await s.toMember('wangxiaowen', notice);
    later(error.afterMs ?? 0);
    await s.toMember('lina', notice);
    expect([s.wecom.dropped, read().length]).toEqual([[], 31]);
  });
  test('twenty in a minute by one robot', async () => {
    for (let n = 0; n < 20; n++) await s.toGroup('pr', notice);
    expect(await failing(s.toGroup('pr', notice))).toMatchObject({ code: 'own-rate-limit' });
    await s.toGroup('crisis', notice);
    later(62_000);
    await s.toGroup('pr', notice);
    expect(s.wecom.faults).toEqual([]);
  });
  test('a thousand in an hour', () => {
    let at = 0;
    const rates = createRates(() => new Date(at));
    const hour = { key: 'x', most: 1000, within: 3_600_000 };
    for (let n = 0; n < 1000; n++, at += 1000) rates.take([hour]);
    expect(() => rates.take([hour])).toThrow('own-rate-limit');
    at = 3_600_000;
    rates.take([hour]);
  });
  test('told to wait all the same, it asks nobody before that', async () => {
    s.wecom.fail(SEND, 45009);
    expect((await failing(s.toMember('lina', notice))).afterMs).toBe(MINUTE);
    expect((await failing(s.toMember('lina', notice))).code).toBe('own-rate-limit');
    later(MINUTE);
    await s.toMember('lina', notice);
    expect(calls(SEND)).toBe(2);
  });
});

test('what stands cannot be edited without a press, and there are no files to fetch', async () => {
  expect((await failing(s.adapter.edit({ channel: 'lina', message: 'x' }, notice, 'zh'))).problem).toBe('gone');
  expect((await failing(s.adapter.fetchFile({}))).problem).toBe('rejected');
});
