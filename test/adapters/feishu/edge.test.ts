/** What must not come in, and what must: the attacks that the platform's own library lets through, each as a request. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { encrypt, seal, sign } from '../../support/feishu/seal.ts';
import { approve, type Stage, stage } from './scripted.ts';

let s: Stage;
beforeAll(async () => {
  s = await stage();
});
afterAll(() => s.end());
afterEach(() => {
  s.desk.taken.length = 0;
});

const press = (header: Record<string, unknown> = {}) => ({
  schema: '2.0',
  header: {
    event_id: crypto.randomUUID(),
    event_type: 'card.action.trigger',
    create_time: '1',
    token: s.feishu.secrets.verificationToken,
    app_id: 'cli_a1b2c3d4e5f60718',
    tenant_key: 'tenant-galaxy',
    ...header,
  },
  event: {
    operator: { open_id: 'ou_li', tenant_key: 'tenant-galaxy' },
    action: { value: { a: JSON.stringify(approve) }, tag: 'button' },
    context: { open_message_id: 'om_1', open_chat_id: 'oc_pr' },
  },
});
const text = (value: unknown) => JSON.stringify(value);

type Made = { body: string | Buffer; headers: Record<string, string> };
const forged: [string, () => Made][] = [
  ['unencrypted, unsigned', () => ({ body: text(press()), headers: {} })],
  [
    'unencrypted but correctly signed',
    () => {
      const body = text(press());
      return { body, headers: sign(body, s.feishu.secrets.encryptKey) };
    },
  ],
  ['encrypted, unsigned', () => ({ ...seal(text(press()), s.feishu.secrets), headers: {} })],
  [
    'encrypted and signed with another key',
    () => seal(text(press()), { encryptKey: 'a key that leaked from elsewhere' }),
  ],
  [
    'encrypted with another key, signed with ours',
    () => {
      const body = text({ encrypt: encrypt('another', text(press())) });
      return { body, headers: sign(body, s.feishu.secrets.encryptKey) };
    },
  ],
  [
    'signature of another body',
    () => ({ ...seal(text(press()), s.feishu.secrets), headers: sign('{}', s.feishu.secrets.encryptKey) }),
  ],
  ['signed an hour ago', () => seal(text(press()), s.feishu.secrets, { timestamp: s.feishu.now() - 3600 })],
  ['signed 301 s ago', () => seal(text(press()), s.feishu.secrets, { timestamp: s.feishu.now() - 301 })],
  ['signed an hour ahead', () => seal(text(press()), s.feishu.secrets, { timestamp: s.feishu.now() + 3600 })],
  [
    'a timestamp that is no number',
    () => {
      const { body } = seal(text(press()), s.feishu.secrets);
      const headers = sign(body, s.feishu.secrets.encryptKey, { timestamp: Number.NaN });
      return { body, headers };
    },
  ],
  ['a wrong verification token', () => seal(text(press({ token: 'wrong' })), s.feishu.secrets)],
  ['no verification token', () => seal(text(press({ token: '' })), s.feishu.secrets)],
  ['another app', () => seal(text(press({ app_id: 'cli_ffffffffffffffff' })), s.feishu.secrets)],
  ['another tenant', () => seal(text(press({ tenant_key: 'tenant-of-strangers' })), s.feishu.secrets)],
  ['no tenant', () => seal(text(press({ tenant_key: '' })), s.feishu.secrets)],
  [
    'the old card callback with a 2.0 label on it',
    () => ({ body: text({ ...press(), schema: '2.0', encrypt: undefined }), headers: {} }),
  ],
  [
    'a challenge with a wrong token',
    () => seal(text({ type: 'url_verification', challenge: 'c', token: 'wrong' }), s.feishu.secrets),
  ],
  [
    'a challenge in the clear',
    () => ({
      body: text({ type: 'url_verification', challenge: 'c', token: s.feishu.secrets.verificationToken }),
      headers: {},
    }),
  ],
  ['the request that kills the SDK', () => ({ body: '{"encrypt":"AAAA"}', headers: {} })],
  ['no JSON', () => ({ body: 'hello', headers: {} })],
  ['nothing', () => ({ body: '', headers: {} })],
  ['bytes that are no UTF-8', () => ({ body: Buffer.from([0xff, 0xfe, 0x7b]), headers: {} })],
];

describe('case 20: forged and replayed requests', () => {
  test.for(forged)('%s: 401, and nothing happens', async ([, make]) => {
    const { body, headers } = make();
    const { status, answer } = await s.feishu.request(body, headers);
    expect([status, answer, s.desk.taken]).toEqual([401, {}, []]);
  });

  test('a body beyond all measure is not read: 413', async () => {
    const { status } = await s.feishu.request('x'.repeat(1024 * 1024 + 1), {});
    expect([status, s.desk.taken]).toEqual([413, []]);
  });

  test('nor when its length is not told beforehand', async () => {
    const chunk = new Uint8Array(256 * 1024);
    let left = 8;
    const body = new ReadableStream({
      pull: (controller) => {
        if (left-- > 0) controller.enqueue(chunk);
        else controller.close();
      },
    });
    expect((await s.feishu.request(body, {})).status).toBe(413);
  });

  test('refusals are logged, without what was in them', async () => {
    const said = s.logged.filter((line) => line.includes('refused'));
    expect(said.length).toBeGreaterThan(0);
    expect(said.length).toBeLessThan(4); // a flood of forgeries is not a flood of lines
    expect(s.logged.join()).not.toContain(s.feishu.secrets.verificationToken);
    expect(s.logged.join()).not.toContain('requests.approve');
  });

  test('replayed within the window it reaches the desk under the same id, which knows it', async () => {
    const sealed = seal(text(press({ event_id: 'event-1' })), s.feishu.secrets);
    await s.feishu.request(sealed.body, sealed.headers);
    await s.feishu.request(sealed.body, sealed.headers);
    expect(s.desk.taken.map((inbound) => inbound.deliveryId)).toEqual(['event-1', 'event-1']);
  });
});

describe('what is really from Feishu comes in', () => {
  test('a press', async () => {
    const { body, headers } = seal(text(press()), s.feishu.secrets);
    expect((await s.feishu.request(body, headers)).status).toBe(200);
    expect(s.desk.taken[0]?.what).toEqual({ kind: 'action', action: approve });
  });

  test('case 21: a clock that is 299 s off', async () => {
    for (const off of [-299, 299]) {
      const { body, headers } = seal(text(press()), s.feishu.secrets, { timestamp: s.feishu.now() + off });
      expect((await s.feishu.request(body, headers)).status).toBe(200);
    }
  });

  test('with `\\u0062` for a b in its body: the bytes are signed, not their meaning', async () => {
    const { encryptKey } = s.feishu.secrets;
    const body = `{"encr\\u0079pt":"${encrypt(encryptKey, text(press()))}"}`;
    expect((await s.feishu.request(body, sign(body, encryptKey))).status).toBe(200);
    const inner = text(press()).replace('"button"', '"\\u0062utton"');
    const sealed = seal(inner, s.feishu.secrets);
    expect((await s.feishu.request(sealed.body, sealed.headers)).status).toBe(200);
  });

  test('pretty-printed', async () => {
    const { encryptKey } = s.feishu.secrets;
    const body = JSON.stringify({ encrypt: encrypt(encryptKey, JSON.stringify(press(), null, 2)) }, null, 2);
    expect((await s.feishu.request(body, sign(body, encryptKey))).status).toBe(200);
  });

  test('cut by the network inside a Chinese character', async () => {
    const { encryptKey } = s.feishu.secrets;
    const body = Buffer.from(`{"备注":"预算","encrypt":"${encrypt(encryptKey, text(press()))}"}`);
    const cut = body.indexOf(Buffer.from('预')) + 1;
    const stream = new ReadableStream({
      start: (controller) => {
        controller.enqueue(body.subarray(0, cut));
        controller.enqueue(body.subarray(cut));
        controller.close();
      },
    });
    expect((await s.feishu.request(stream, sign(body, encryptKey))).status).toBe(200);
    expect(s.desk.taken).toHaveLength(1);
  });

  test('the address check, which is never signed', async () => {
    const asked = { type: 'url_verification', challenge: 'ajls384kdjx98XX', token: s.feishu.secrets.verificationToken };
    const { body } = seal(text(asked), s.feishu.secrets);
    expect(await s.feishu.request(body, {})).toEqual({ status: 200, answer: { challenge: 'ajls384kdjx98XX' } });
    expect(s.desk.taken).toEqual([]);
  });
});
