/** Who is let in: Twilio alone. Whoever else tries leaves no trace but a line in the log. */
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isSigned, signature } from '../../../adapters/phone/signature.ts';
import { LI, type Stage, stage } from './stage.ts';

describe('the signature', () => {
  const url = 'https://desk.example.com/phone/twilio/sms?a=x';
  const params = new URLSearchParams([
    ['To', '+13105550100'],
    ['Body', '收到 & <b>'],
    ['From', LI],
  ]);

  test("agrees with the vector of Twilio's own library", () => {
    // https://github.com/twilio/twilio-node/blob/main/spec/unit/webhooks/webhooks.spec.ts
    const vector = new URLSearchParams({
      CallSid: 'CA1234567890ABCDE',
      Caller: '+14158675309',
      Digits: '1234',
      From: '+14158675309',
      To: '+18005551212',
    });
    const address = 'https://mycompany.com/myapp.php?foo=1&bar=2';
    expect(signature('12345', address, vector)).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=');
    expect(isSigned('RSOYDt4T1cUTdK1PDd93/VVr8B8=', '12345', address, vector)).toBe(true);
  });

  test('a parameter that stands there several times counts once for each value, in order', () => {
    const several = new URLSearchParams('b=2&a=3&a=1&a=3');
    expect(signature('token', url, several)).toBe(createHmac('sha1', 'token').update(`${url}a1a3b2`).digest('base64'));
  });

  test.each(['https://desk.example.com:443', 'https://desk.example.com'])('is good for %s alike', (base) => {
    const signed = signature('token', `${base}/phone/twilio/sms?a=x`, params);
    expect(isSigned(signed, 'token', url, params)).toBe(true);
  });

  test('is good whether or not Twilio signs the fragment by which we ask it to try again', () => {
    const signed = signature('token', `${url}#rc=3&rp=5xx,ct,rt&ct=2000&rt=6000`, params);
    expect(isSigned(signed, 'token', url, params)).toBe(true);
    expect(isSigned(signature('token', `${url}#rc=4`, params), 'token', url, params)).toBe(false);
  });

  test('is good for a port that Twilio left out', () => {
    const signed = signature('token', 'https://desk.example.com/sms', params);
    expect(isSigned(signed, 'token', 'https://desk.example.com:8443/sms', params)).toBe(true);
  });

  test.each<[string, string, string, URLSearchParams]>([
    ['another token', 'other', url, params],
    ['another address', 'token', url.replace('a=x', 'a=y'), params],
    ['another host', 'token', url.replace('desk', 'evil'), params],
    ['no encryption', 'token', url.replace('https', 'http'), params],
    ['another number', 'token', url, new URLSearchParams({ ...Object.fromEntries(params), From: '+8613800000003' })],
    ['one parameter more', 'token', url, new URLSearchParams([...params, ['Digits', '1']])],
    ['a parameter twice', 'token', url, new URLSearchParams([...params, ['From', '+8613800000003']])],
  ])('is not good for %s', (_what, token, address, given) => {
    expect(isSigned(signature('token', url, params), token, address, given)).toBe(false);
  });

  test.each([undefined, '', 'x', '='.repeat(28)])('%j is none', (given) => {
    expect(isSigned(given, 'token', url, params)).toBe(false);
  });
});

describe('the routes', () => {
  let s: Stage;
  beforeEach(async () => {
    s = await stage({ publicUrl: 'https://desk.example.com/pr' });
  });
  afterEach(() => s.end());
  const PATHS = ['gather', 'status', 'sms', 'sms-status'];
  const at = (path: string) => `https://desk.example.com/pr/phone/twilio/${path}`;
  const fields = {
    CallSid: `CA${'0'.repeat(32)}`,
    MessageSid: `SM${'0'.repeat(32)}`,
    From: LI,
    To: LI,
    Body: '1',
    Digits: '1',
  };
  /** the proxy in front of us takes the first part of the path away */
  const direct = (path: string) => `${s.base}/phone/twilio/${path}`;

  test('are reached through a proxy under our public address', async () => {
    s.desk.script = () => ({ kind: 'said', tone: 'good', text: '好' });
    const signed = s.twilio.sign(at('sms'), fields);
    const response = await fetch(direct('sms'), {
      method: 'POST',
      headers: { 'x-twilio-signature': signed },
      body: new URLSearchParams(fields),
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/xml; charset=utf-8']);
    expect(await response.text()).toContain('<Message>好</Message>');
  });

  test.each(PATHS)('case 20: %s: forged, 403, and nothing happens', async (path) => {
    for (const forged of [undefined, 'AAAA', s.twilio.sign(direct(path), fields), s.twilio.sign(at(path), {})]) {
      const response = await fetch(direct(path), {
        method: 'POST',
        headers: forged === undefined ? {} : { 'x-twilio-signature': forged },
        body: new URLSearchParams(fields),
      });
      expect([response.status, await response.text()]).toEqual([403, '']);
    }
    expect([s.desk.taken, s.reports]).toEqual([[], []]);
    expect(s.logged.filter((line) => line.includes('was refused'))).toHaveLength(1);
    expect(s.logged.join('')).not.toContain(LI);
  });

  test.each(['status', 'sms-status', 'gather', 'sms'])('%s: signed, but nothing that we understand', async (path) => {
    const odd = { CallSid: '../../etc', MessageSid: 'x', CallStatus: 'busy', MessageStatus: 'failed', To: 'client:x' };
    for (const address of [at(path), `${at(path)}?a=%25&n=-1`]) {
      const response = await fetch(address.replace('https://desk.example.com/pr', s.base), {
        method: 'POST',
        headers: { 'x-twilio-signature': s.twilio.sign(address, odd) },
        body: new URLSearchParams(odd),
      });
      expect(response.status).toBe(400);
    }
    expect([s.desk.taken, s.reports]).toEqual([[], []]);
  });

  test.each(PATHS)('%s: more than Twilio ever sends is not read', async (path) => {
    const told = await fetch(direct(path), { method: 'POST', body: 'x'.repeat(70_000) });
    expect(told.status).toBe(413);
    const endless = new ReadableStream({
      start(controller) {
        for (let n = 0; n < 70; n++) controller.enqueue(new Uint8Array(1000));
        controller.close();
      },
    });
    const streamed = await fetch(direct(path), { method: 'POST', body: endless, duplex: 'half' } as RequestInit);
    expect(streamed.status).toBe(413);
    expect(s.desk.taken).toEqual([]);
  });

  test('are no place for a browser', async () => {
    expect((await fetch(direct('sms'))).status).toBe(404);
  });
});
