/** Posting and editing against a Feishu that is in a bad mood. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Rates } from '../../../adapters/feishu/rates.ts';
import { DeliveryError } from '../../../src/core/chat.ts';
import type { Failure } from '../../support/feishu/platform.ts';
import { card, type Stage, stage } from './scripted.ts';

let now = new Date('2026-11-22T02:00:00Z');
let s: Stage;
let person = '';
let next = 0;
// a Feishu for each test: where one was told to wait, the next is not
beforeEach(async () => {
  now = new Date('2026-11-22T02:00:00Z');
  person = `ou_${next++}`;
  s = await stage({ fake: { clock: () => now, people: [person, `ou_${next}`, 'ou_li'] } });
});
afterEach(() => s.end());

const failing = async (call: Promise<unknown>): Promise<DeliveryError> => {
  const error: unknown = await call.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof DeliveryError)) throw new Error(`no DeliveryError: ${String(error)}`);
  return error;
};
const post = (to = person, id?: string) => s.post(to, card, id);
const calls = (path: string) => s.feishu.calls.filter((call) => call.path.includes(path)).length;

describe('posting', () => {
  test('says where the message stands', async () => {
    const ref = await post();
    expect(ref).toEqual({ channel: `oc_p2p_${person.slice(3)}`, message: s.feishu.messagesOf(person)[0]?.id });
    expect(s.feishu.cardText(s.feishu.messagesOf(person)[0] as never)).toContain('¥32,000.00');
  });

  test('case 5: sent, answer lost: it may be there; the same intent brings the same message', async () => {
    s.feishu.fail('/im/v1/messages', 'cut-after');
    expect((await failing(post(person, 'intent-1'))).problem).toBe('ambiguous');
    const ref = await post(person, 'intent-1');
    expect(s.feishu.messagesOf(person).map((message) => message.id)).toEqual([ref.message]);
  });

  test('an intent whose id is longer than Feishu takes is still one intent', async () => {
    const id = 'intent-'.repeat(20);
    expect(await post(person, id)).toEqual(await post(person, id));
  });

  test.for<[Failure, string, string]>([
    ['rate-limited', 'retry-later', '99991400'],
    ['rate-limited-400', 'retry-later', '99991400'],
    [230020, 'retry-later', '230020'],
    [11232, 'retry-later', '11232'],
    ['down', 'ambiguous', '2200'],
    ['gateway-page', 'ambiguous', 'http-502'],
    ['cut-before', 'ambiguous', 'no-answer'],
    [230002, 'unreachable', '230002'],
    [230013, 'unreachable', '230013'],
    [232024, 'unreachable', '232024'],
    [232043, 'unreachable', '232043'],
    [230018, 'unreachable', '230018'],
    [230035, 'unreachable', '230035'],
    [230029, 'unreachable', '230029'],
    [230053, 'unreachable', '230053'],
    [232009, 'unreachable', '232009'],
    [230025, 'rejected', '230025'],
    [230099, 'rejected', '230099'],
    [230001, 'rejected', '230001'],
    [230022, 'rejected', '230022'],
    [230028, 'rejected', '230028'],
    [200340, 'rejected', '200340'],
    [99991672, 'credentials', '99991672'],
    [99991673, 'credentials', '99991673'],
    [99991679, 'credentials', '99991679'],
    [99991662, 'credentials', '99991662'],
    [230027, 'credentials', '230027'],
    [123456, 'rejected', '123456'],
  ])('case 6, 11, 12, 13, 14, 15, 16, 17, 22, 23, 31, 32: %s is %s', async ([failure, problem, code]) => {
    s.feishu.fail('/im/v1/messages', failure);
    const error = await failing(post());
    expect([error.problem, error.code, error.platform]).toEqual([problem, code, 'feishu']);
  });

  test('case 6: how long to wait is what Feishu says', async () => {
    s.feishu.fail('/im/v1/messages', 'rate-limited-400');
    expect((await failing(post())).afterMs).toBe(2000);
  });

  test('case 6: what Feishu says of one person holds for them, of the interface for everybody', async () => {
    s.feishu.fail('/im/v1/messages', 230020);
    await failing(post());
    expect((await failing(post())).code).toBe('own-rate-limit');
    await post('ou_li');
    s.feishu.fail('/im/v1/messages', 'rate-limited');
    expect((await failing(post('ou_li'))).code).toBe('99991400');
    const before = calls('/im/v1/messages');
    const error = await failing(post(`ou_${next}`));
    expect([error.problem, error.code]).toEqual(['retry-later', 'own-rate-limit']);
    expect(error.afterMs).toBeGreaterThan(1000);
    expect(calls('/im/v1/messages')).toBe(before);
  });

  test.for([
    ['somebody outside the app', 'ou_nobody'],
    ['a group without the bot', 'oc_nobody'],
  ] as const)('%s is unreachable', async ([, to]) => {
    expect((await failing(post(to))).problem).toBe('unreachable');
  });

  test('case 15: a token that stopped working is renewed and the message sent, once', async () => {
    await post();
    s.feishu.revokeTokens();
    const before = calls('tenant_access_token');
    await post(`ou_${next}`);
    expect(calls('tenant_access_token')).toBe(before + 1);
    expect(s.feishu.messagesOf(`ou_${next}`)).toHaveLength(1);
  });

  test.for<Failure>([99991663, 99991668, 99991677])(
    'case 15: %s: asked for a new token, once, and sent',
    async (code) => {
      await post();
      s.feishu.fail({ path: '/im/v1/messages', method: 'POST' }, code);
      const before = calls('tenant_access_token');
      await post(`ou_${next}`);
      expect(calls('tenant_access_token')).toBe(before + 1);
    },
  );

  test('case 15: a token that is refused again and again is an administrator’s matter, and is said in trouble()', async () => {
    s.feishu.fail({ path: '/im/v1/messages', method: 'POST' }, 99991663, 2);
    expect((await failing(post())).problem).toBe('credentials');
    expect(s.adapter.trouble()).toContain('99991663');
    await post();
    expect(s.adapter.trouble()).toBeUndefined();
  });

  test('case 6: more than 5 a second to one person are not even tried', async () => {
    for (let i = 0; i < 5; i += 1) await post();
    const before = calls('/im/v1/messages');
    const error = await failing(post());
    expect([error.problem, error.code]).toEqual(['retry-later', 'own-rate-limit']);
    expect(error.afterMs).toBeGreaterThan(0);
    expect(error.afterMs).toBeLessThanOrEqual(1100);
    expect(calls('/im/v1/messages')).toBe(before);
  });
});

describe('editing', () => {
  test('changes that very message', async () => {
    const ref = await post();
    await s.adapter.edit(ref, { ...card, headline: '已批准', tone: 'good' }, 'zh');
    const [message] = s.feishu.messagesOf(person);
    expect(message && [message.edits, s.feishu.cardText(message).split('\n')[0]]).toEqual([1, '已批准']);
  });

  test.for<Failure>([231003, 230110, 230075])(
    'cases 9 and 10: %s: it is gone, so that it is posted anew',
    async (failure) => {
      const ref = await post();
      s.feishu.fail({ path: '/im/v1/messages/', method: 'PATCH' }, failure);
      const error = await failing(s.adapter.edit(ref, card, 'zh'));
      expect([error.problem, error.code]).toEqual(['gone', String(failure)]);
    },
  );

  test('case 9: a recalled message is gone', async () => {
    const ref = await post();
    s.feishu.recall(s.feishu.platform.message(ref.message));
    expect((await failing(s.adapter.edit(ref, card, 'zh'))).problem).toBe('gone');
  });

  test('case 10: after 14 days it is gone for us', async () => {
    const ref = await post();
    now = new Date(now.getTime() + (s.adapter.cardLifeMs ?? 0) + 1000);
    const error = await failing(s.adapter.edit(ref, card, 'zh'));
    expect([error.problem, error.code]).toEqual(['gone', '230031']);
  });

  test.for<[Failure, string]>([
    ['down', 'retry-later'],
    ['cut-after', 'retry-later'],
    ['rate-limited', 'retry-later'],
    [231003, 'gone'],
    [230110, 'gone'],
    [230075, 'gone'],
    [230002, 'unreachable'],
    [230099, 'rejected'],
  ])('%s is %s: an edit may always be repeated', async ([failure, problem]) => {
    const ref = await post();
    s.feishu.fail({ path: '/im/v1/messages', method: 'PATCH' }, failure);
    expect((await failing(s.adapter.edit(ref, card, 'zh'))).problem).toBe(problem);
  });
});

describe('fetching files', () => {
  test('a file that is not in the message', async () => {
    const error = await failing(s.adapter.fetchFile({ message_id: 'om_1', file_key: 'f', type: 'file' }));
    expect([error.problem, error.code]).toEqual(['rejected', '234003']);
  });
  test('a reference that is not one', async () => {
    expect((await failing(s.adapter.fetchFile({ file_key: 'f' }))).problem).toBe('rejected');
  });
});

describe('our own rates', () => {
  const second = (key: string, most: number) => ({ key, most, within: 1000 });

  test('the sixth waits for the first to be a second old; others do not wait for it', () => {
    let clock = 0;
    const rates = new Rates(() => clock);
    const send = (key: string) => rates.take(second(key, 5), second('all', 50));
    for (let i = 0; i < 5; i += 1) {
      send('a');
      clock += 100;
    }
    expect(() => send('a')).toThrow(expect.objectContaining({ afterMs: 500 }));
    send('b');
    clock += 500;
    send('a');
  });

  test('a refused send takes no place', () => {
    let clock = 0;
    const rates = new Rates(() => clock);
    const send = () => rates.take(second('a', 1), second('all', 2));
    send();
    for (let i = 0; i < 9; i += 1) expect(send).toThrow(DeliveryError);
    clock = 1000;
    send();
    rates.take(second('b', 1), second('all', 2));
  });

  test('a minute is a minute, even when each second had room', () => {
    let clock = 0;
    const rates = new Rates(() => clock);
    const send = () => rates.take(second('s', 50), { key: 'm', most: 100, within: 60_000 });
    for (let i = 0; i < 100; i += 1) {
      send();
      clock += 100;
    }
    expect(send).toThrow(expect.objectContaining({ afterMs: 50_000 }));
  });
});
