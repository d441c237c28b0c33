/** What is really WeCom's comes in; everything else is refused before anything happens. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sealed, seal, sign } from '../../support/wecom/seal.ts';
import { letter, type Stage, stage } from './stage.ts';

let s: Stage;
const fixed = new Date('2026-11-23T02:00:00Z');
let now = fixed;
beforeAll(async () => {
  s = await stage({ fake: { clock: () => now }, patience: { bodyMs: 300 } });
});
afterAll(() => s.end());
beforeEach(() => {
  now = fixed;
  s.desk.taken.length = 0;
});

const typed = () => s.wecom.textEvent('lina', '/meeting list');
const inside = (text: string, off = 0): Sealed => seal(text, s.wecom.secrets, new Date(now.getTime() + off));

describe('the address check', () => {
  test('is answered with the plain text alone', async () => {
    expect(await s.wecom.check('1616140317555161061')).toEqual({ status: 200, text: '1616140317555161061' });
  });
  test('a + that a form took for a blank does no harm', async () => {
    for (let tried = 0; tried < 20; tried++) {
      const { query, encrypted } = inside('echo');
      expect((await s.wecom.request({ ...query, echostr: encrypted.replaceAll('+', ' ') })).text).toBe('echo');
    }
  });
  test('a message that somebody has captured is not opened for them: its signature is good for an address check too', async () => {
    const { query, encrypted } = typed();
    expect(await s.wecom.request({ ...query, echostr: encrypted })).toEqual({ status: 401, text: '' });
  });
  test('not for somebody who does not know the token', async () => {
    const { query, encrypted } = inside('echo');
    const msg_signature = sign('another', query.timestamp ?? '', query.nonce ?? '', encrypted);
    expect(await s.wecom.request({ ...query, msg_signature, echostr: encrypted })).toEqual({ status: 401, text: '' });
    expect((await s.wecom.request({})).status).toBe(401);
  });
});

describe('case 20: forged and replayed callbacks: 401, and nothing happens', () => {
  const changed = (sealed: Sealed, query: Record<string, string>): Sealed => ({
    ...sealed,
    query: { ...sealed.query, ...query },
  });
  test.for<[string, () => Sealed]>([
    ['no signature', () => ({ ...typed(), query: {} })],
    ['a wrong one', () => changed(typed(), { msg_signature: '0'.repeat(40) })],
    ['for another time', () => changed(typed(), { timestamp: String(now.getTime() / 1000 + 1) })],
    ['another nonce', () => changed(typed(), { nonce: '1' })],
    ['a time that is none', () => changed(typed(), { timestamp: 'now' })],
    ['the body of another', () => ({ ...typed(), body: inside('<xml></xml>').body })],
    ['301 s old', () => inside('<xml></xml>', -301_000)],
    ['301 s ahead', () => inside('<xml></xml>', 301_000)],
    ['in the clear', () => ({ ...typed(), body: `<xml>${s.wecom.base('lina', 'text')}<Content>x</Content></xml>` })],
    ['no XML', () => ({ ...typed(), body: 'hello' })],
    ['nothing', () => ({ ...typed(), body: '' })],
    ['an entity', () => ({ ...typed(), body: `<!DOCTYPE x [<!ENTITY e "e">]>${typed().body}` })],
    ['sealed, but no XML inside', () => inside('hello')],
    [
      'another company',
      () => seal(`<xml>${s.wecom.base('lina', 'text')}</xml>`, { ...s.wecom.secrets, corpId: 'ww1' }, now),
    ],
    [
      'another app',
      () => inside(`<xml>${s.wecom.base('lina', 'text').replace('1000002', '1000003')}<Content>x</Content></xml>`),
    ],
  ])('%s', async ([, make]) => {
    expect([(await s.wecom.deliver(make())).status, s.desk.taken]).toEqual([401, []]);
  });

  test('refusals are logged, but not each of a flood, nor what was in them', () => {
    const said = s.logged.filter((line) => line.includes('refused'));
    expect(said.length).toBeGreaterThan(0);
    expect(said.length).toBeLessThan(4);
    for (const secret of [s.wecom.secrets.token, s.wecom.secrets.aesKey]) expect(s.logged.join()).not.toContain(secret);
  });
});

describe('bodies beyond measure', () => {
  test('too large is not read: 413', async () => {
    expect((await s.wecom.request({}, 'x'.repeat(256 * 1024 + 1))).status).toBe(413);
  });
  test('nor when its length is not told beforehand', async () => {
    let left = 20;
    const body = new ReadableStream({
      pull: (to) => (left-- > 0 ? to.enqueue(new Uint8Array(32 * 1024)) : to.close()),
    });
    expect((await s.wecom.request({}, body)).status).toBe(413);
  });
  test('too slow is broken off: 408', async () => {
    const body = new ReadableStream({ start: (to) => to.enqueue(new Uint8Array(10)) });
    expect((await s.wecom.request({}, body)).status).toBe(408);
  });
});

describe('what is really from WeCom comes in', () => {
  test('case 21: with a clock that is 299 s off', async () => {
    const event = typed();
    for (const off of [-299_000, 299_000]) {
      now = new Date(fixed.getTime() + off);
      expect(await s.wecom.deliver(event)).toEqual({ status: 200, text: '' });
    }
  });
  test('cut by the network inside a Chinese character', async () => {
    const { query, body } = typed();
    const bytes = Buffer.from(body.replace('</xml>', '<备注>预算</备注></xml>').replaceAll('备注', 'Note'));
    const cut = bytes.indexOf(Buffer.from('预')) + 1;
    const stream = new ReadableStream({
      start: (to) => {
        to.enqueue(bytes.subarray(0, cut));
        to.enqueue(bytes.subarray(cut));
        to.close();
      },
    });
    expect((await s.wecom.request(query, stream)).status).toBe(200);
    expect(s.desk.taken).toHaveLength(1);
  });
  test('delivered again it has the same id, which the desk knows', async () => {
    await s.toMember('lina', letter);
    const [card] = s.wecom.messagesOf('lina');
    if (card === undefined) throw new Error('no card');
    const event = s.wecom.pressEvent('lina', card, '接受');
    for (const one of [typed(), event, event]) await s.wecom.deliver(one);
    const [text, first, second] = s.desk.taken.map(({ deliveryId }) => deliveryId);
    expect(second).toBe(first);
    expect(text).toMatch(/^\d+$/);
  });
});

test('without the callback pair there is no route', async () => {
  const other = await stage({ fake: { callback: false } });
  expect((await other.wecom.request({}, 'x')).status).toBe(404);
  await other.end();
});
