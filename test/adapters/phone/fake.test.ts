/** The stand-in is strict: what Twilio's pages forbid it refuses, so that the other stories mean something. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCall, readMessage } from '../../support/twilio/twiml.ts';
import { type FakeTwilio, startTwilio } from '../../support/twilio.ts';
import { LI } from './stage.ts';

let twilio: FakeTwilio;
beforeAll(async () => {
  twilio = await startTwilio();
});
afterAll(() => twilio.close());

const SAY = '<Say voice="Polly.Zhiyu" language="cmn-CN">好</Say>';
const TWIML = `<Response>${SAY}<Hangup/></Response>`;

async function ask(path: string, form?: Record<string, string>, token = twilio.token) {
  const response = await fetch(`${twilio.url}/2010-04-01/Accounts/${twilio.sid}${path}`, {
    headers: { authorization: `Basic ${btoa(`${twilio.sid}:${token}`)}` },
    ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const call = (more: object = {}) => ask('/Calls.json', { To: LI, From: twilio.from, Twiml: TWIML, ...more });
const text = (more: object = {}) => ask('/Messages.json', { To: LI, From: twilio.from, Body: '好', ...more });

test('whoever does not know the token is nobody', async () => {
  expect(await ask('.json', undefined, 'wrong')).toMatchObject({ status: 401, body: { code: 20003 } });
  expect(await ask('.json')).toMatchObject({ status: 200, body: { status: 'active' } });
  expect(await ask('/Faxes.json')).toMatchObject({ status: 404, body: { code: 20404 } });
});

test.each<[string, number, object]>([
  ['nobody', 21201, { To: '' }],
  ['a national number', 21211, { To: '13800000002' }],
  ["somebody else's number", 21210, { From: '+13105550199' }],
  ['4,001 characters', 32018, { Twiml: `<Response>${SAY}</Response>`.padEnd(4001) }],
  ['a broken document', 12100, { Twiml: '<Response><Say>' }],
  ['no address', 21609, { StatusCallback: '/status' }],
  ['a parameter that it does not know', 20001, { Twimlet: 'x' }],
  ['an endless ring', 21220, { Timeout: '601' }],
])('a call with %s is refused: %d', async (_what, code, more) => {
  expect(await call(more)).toMatchObject({ status: 400, body: { code } });
});

test.each<[string, number, object]>([
  ['a national number', 21211, { To: '13800000002' }],
  ["somebody else's number", 21606, { From: '+13105550199' }],
  ['nothing', 21602, { Body: '' }],
  ['1,601 characters', 21617, { Body: 'x'.repeat(1601) }],
])('a message with %s is refused: %d', async (_what, code, more) => {
  expect(await text(more)).toMatchObject({ status: 400, body: { code } });
});

test('what is made is listed, the newest first, by whom it went to; what waits has not begun', async () => {
  const [a, b] = [await call(), await call()];
  await call({ To: '+8613800000009' });
  const { body } = await ask(`/Calls.json?To=${encodeURIComponent(LI)}&PageSize=2`);
  expect(body.calls).toMatchObject([{ sid: b.body.sid, start_time: null }, { sid: a.body.sid }]);
});

test('who has written STOP gets no more', async () => {
  const deaf = '+8613800000008';
  await expect(twilio.reply(deaf, 'STOP')).rejects.toThrow('11200'); // nobody takes it yet
  expect(await text({ To: deaf })).toMatchObject({ status: 400, body: { code: 21610 } });
});

describe('TwiML', () => {
  test.each([
    ['text without escape', `<Response>${SAY.replace('好', 'a & b')}</Response>`],
    ['crossed elements', '<Response><Gather></Response></Gather>'],
    ['two roots', `${TWIML}${TWIML}`],
    ['a control character', TWIML.replace('好', '\u0007')],
    ['a verb that is none', `<Response><Shout/></Response>`],
    ['an attribute that is none', `<Response>${SAY.replace('voice', 'tone')}</Response>`],
    ['a voice that speaks no Chinese', `<Response>${SAY.replace('Zhiyu', 'Joanna')}</Response>`],
    ['nothing to say', `<Response>${SAY.replace('好', '')}</Response>`],
    ['more than can be said', `<Response>${SAY.replace('好', '好'.repeat(501))}</Response>`],
    [
      'a key asked for in silence',
      '<Response><Gather input="dtmf" numDigits="1" timeout="5" action="https://x/"/></Response>',
    ],
    [
      'a key sent nowhere',
      `<Response><Gather input="dtmf" numDigits="1" timeout="5" action="/x">${SAY}</Gather></Response>`,
    ],
    ['words outside', '<Response>好</Response>'],
  ])('%s is not read', (_what, twiml) => {
    expect(() => readCall(twiml)).toThrow();
  });

  test('a message of none, of one, and no other', () => {
    expect(readMessage('<Response></Response>')).toBeUndefined();
    expect(readMessage('<Response><Message>a &amp; b</Message></Response>')).toBe('a & b');
    expect(() => readMessage(TWIML)).toThrow();
  });
});
