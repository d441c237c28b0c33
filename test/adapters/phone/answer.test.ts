/** Somebody is called at night, and answers: by a key, by text, or not at all. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answer, LI, type Stage, stage, ZHAO } from './stage.ts';

let s: Stage;
beforeEach(async () => {
  s = await stage();
});
afterEach(() => s.end());

const sidOf = async (to: string) => (await s.call(to)).message;

describe('on the phone', () => {
  test('李娜 hears what it is about, presses 1 and hears that it is noted', async () => {
    s.desk.script = () => ({ kind: 'said', tone: 'good', text: '已记录：李娜 02:14 收到。请进群。' });
    const call = await s.twilio.press(await sidOf(LI), '1');
    expect(call.heard).toEqual([
      '特大危机 CR-2026-0003：顾客在直播间投诉产品起火，请马上到飞书或 Slack。 收到请按 1。',
      '已记录：李娜 02:14 收到。请进群。',
    ]);
    expect(s.desk.taken).toEqual([
      {
        platform: 'phone',
        deliveryId: `${call.sid}:gather`,
        from: { account: LI, foreign: false },
        at: { kind: 'direct', id: LI },
        what: { kind: 'action', action: answer },
      },
    ]);
    expect(s.twilio.faults).toEqual([]);
  });

  test('in English for who reads English', async () => {
    s.desk.language = 'en';
    const card = { headline: 'x', tone: 'bad' as const, summary: 'Crisis CR-2026-0003.', blocks: ring() };
    const { message } = await s.call(LI, card, {}, 'en');
    const { heard } = await s.twilio.press(message, '1');
    expect(heard).toEqual([
      'Crisis CR-2026-0003. Press 1 to say that you have it.',
      "Noted. Please look at your team's chat. Goodbye.",
    ]);
  });

  test('who wakes up slowly hears it a second time and can still press', async () => {
    const { heard } = await s.twilio.press(await sidOf(LI), '', '1');
    expect(heard[1]).toMatch(/^再说一遍。特大危机 CR-2026-0003.* 收到请按 1。$/);
    expect(s.desk.taken).toHaveLength(1);
  });

  test('a voice mail that picks up is nobody: it hears all of it and answers nothing', async () => {
    const { heard } = await s.twilio.listen(await sidOf(LI));
    expect(heard.at(-1)).toBe('没有收到按键，系统会继续呼叫。再见。');
    expect(heard).toHaveLength(3);
    expect(s.desk.taken).toEqual([]);
    expect(s.reports).toEqual([{ platform: 'phone', action: answer, account: LI, outcome: 'delivered' }]);
  });

  test.each(['2', '0', '#', '*'])('a wrong key (%s) is no answer; what to press is said again', async (key) => {
    const { heard } = await s.twilio.press(await sidOf(LI), key, '1');
    expect(heard.slice(1)).toEqual(['按键不对。收到请按 1。', '已记录。请到团队聊天里查看。再见。']);
    expect(s.desk.taken).toHaveLength(1);
  });

  test('the third wrong key ends the call', async () => {
    const { heard } = await s.twilio.press(await sidOf(LI), '2', '3', '4');
    expect(heard.at(-1)).toBe('没有收到 1，系统会继续呼叫。再见。');
    expect(s.desk.taken).toEqual([]);
  });

  test('a key that Twilio delivers again is the same act', async () => {
    const call = await s.twilio.press(await sidOf(LI), '1');
    await s.twilio.tell(gatherOf(call.twiml), keyFields(call.sid));
    expect(new Set(s.desk.taken.map((inbound) => inbound.deliveryId)).size).toBe(1);
  });

  test('what the desk refuses is said too', async () => {
    s.desk.script = () => ({ kind: 'said', tone: 'bad', text: '这次危机已经解除，不用再处理。' });
    expect((await s.twilio.press(await sidOf(LI), '1')).heard.at(-1)).toBe('这次危机已经解除，不用再处理。');
  });

  test('a desk that takes long does not keep anybody on the line', async () => {
    await s.end();
    s = await stage({ patience: { answerMs: 20 } });
    let settle = () => {};
    s.desk.script = () =>
      new Promise((resolve) => {
        settle = () => resolve({ kind: 'nothing' });
      });
    const { heard } = await s.twilio.press(await sidOf(LI), '1');
    settle();
    expect(heard.at(-1)).toBe('按键已收到，正在记录，请到团队聊天里查看。再见。');
    expect(s.desk.taken).toHaveLength(1);
  });

  test('a button that no release knows any more is said so, and carried out never', async () => {
    const { sid, twiml } = await s.twilio.press(await sidOf(LI), '1');
    const stale = new URL(gatherOf(twiml));
    stale.searchParams.set('a', Buffer.from('{"command":5}').toString('base64url'));
    s.desk.taken.length = 0;
    const { status, text } = await s.twilio.tell(stale.href, keyFields(sid));
    expect([status, text.includes('这个通话已失效')]).toEqual([200, true]);
    expect(s.desk.taken).toEqual([]);
  });
});

describe('what became of a call', () => {
  test.for<[string, (sid: string) => Promise<unknown>, object]>([
    ['nobody picks up', (sid) => s.twilio.noAnswer(sid), { outcome: 'no-answer' }],
    ['the line is busy', (sid) => s.twilio.busy(sid), { outcome: 'busy' }],
    ['the number is dead', (sid) => s.twilio.failed(sid, '404'), { outcome: 'failed', code: '404' }],
    ['it was called off', (sid) => s.twilio.canceled(sid), { outcome: 'failed', code: 'canceled' }],
  ])('case 28: %s', async ([, happens, outcome]) => {
    await happens(await sidOf(LI));
    expect(s.reports).toEqual([{ platform: 'phone', action: answer, account: LI, ...outcome }]);
  });

  test('case 28: a message is delivered, or is not; on its way is no news', async () => {
    const first = (await s.write(LI)).message;
    await s.twilio.sent(first);
    await s.twilio.delivered(first);
    await s.twilio.undelivered((await s.write(ZHAO)).message, '30003');
    expect(s.reports).toEqual([
      { platform: 'sms', action: answer, account: LI, outcome: 'delivered' },
      { platform: 'sms', action: answer, account: ZHAO, outcome: 'failed', code: '30003' },
    ]);
  });

  test('a report that could not be kept is asked for again', async () => {
    const sid = await sidOf(LI);
    s.deps.keep = () => Promise.reject(new Error('the database is away'));
    expect(await s.twilio.busy(sid)).toMatchObject({ status: 503 });
    s.deps.keep = async () => {};
    expect(await s.twilio.busy(sid)).toMatchObject({ status: 204 });
    expect(s.reports).toHaveLength(1);
  });
});

describe('by text', () => {
  test('what is written to us is taken as it is, and answered', async () => {
    s.desk.script = () => ({ kind: 'said', tone: 'good', text: '已记录：CR-2026-0003 收到 <b>&</b>' });
    expect(await s.twilio.reply(LI, ' 收到，马上到 ')).toBe('已记录：CR-2026-0003 收到 <b>&</b>');
    expect(s.desk.taken).toMatchObject([
      {
        platform: 'sms',
        deliveryId: expect.stringMatching(/^SM\d{32}$/),
        from: { account: LI, foreign: false },
        what: { kind: 'text', text: ' 收到，马上到 ', files: [] },
      },
    ]);
  });

  test('what cannot be done in a text message is sent elsewhere; nothing to say is nothing', async () => {
    const form = { title: '', intro: [], fields: [], submit: '', cancel: '', action: answer };
    s.desk.script = () => ({ kind: 'form', form, say: '请填写评级。' });
    expect(await s.twilio.reply(LI, '/crisis')).toBe('请填写评级。 这一步请到团队聊天里操作。');
    s.desk.script = () => ({
      kind: 'card',
      card: { headline: '', tone: 'open', summary: '没有未结的危机。', blocks: [] },
    });
    expect(await s.twilio.reply(LI, '/crisis list')).toBe('没有未结的危机。');
    s.desk.script = () => ({ kind: 'nothing' });
    expect(await s.twilio.reply(LI, '1')).toBeUndefined();
  });

  test('a very long answer is cut to what a message holds', async () => {
    s.desk.script = () => ({ kind: 'said', tone: 'info', text: '长'.repeat(5000) });
    const said = await s.twilio.reply(LI, '1');
    expect([said?.length, said?.at(-1)]).toEqual([1600, '…']);
  });

  test('two machines that answer each other stop; another number is still answered', async () => {
    s.desk.script = () => ({ kind: 'said', tone: 'info', text: '不认识这个号码。' });
    const said: (string | undefined)[] = [];
    for (let n = 0; n < 32; n++) said.push(await s.twilio.reply(LI, '我正在开会，稍后回复'));
    expect(said.filter((one) => one !== undefined)).toHaveLength(30);
    expect(s.desk.taken).toHaveLength(32);
    expect(await s.twilio.reply(ZHAO, '1')).toBeDefined();
  });
});

const ring = () => [{ kind: 'buttons' as const, buttons: [{ label: 'Got it', action: answer }] }];
const gatherOf = (twiml: string) => /action="([^"]+)"/.exec(twiml)?.[1]?.replaceAll('&amp;', '&') ?? '';
const keyFields = (CallSid: string) => ({
  CallSid,
  To: LI,
  From: s.twilio.from,
  Digits: '1',
  CallStatus: 'in-progress',
});
