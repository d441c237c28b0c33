/** Presses and typed words: what reaches the desk, and what the person sees of its reply. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Form } from '../../../src/core/card.ts';
import type { Reply } from '../../../src/core/chat.ts';
import { seal } from '../../support/wecom/seal.ts';
import { accept, letter, notice, type Stage, stage } from './stage.ts';

const UPDATE = '/cgi-bin/message/update_template_card';
const SEND = '/cgi-bin/message/send';
let now = new Date('2026-11-23T02:00:00Z');
let s: Stage;
beforeEach(async () => {
  now = new Date('2026-11-23T02:00:00Z');
  s = await stage({ fake: { clock: () => now }, patience: { answerMs: 150 } });
});
afterEach(() => s.end());

const messages = (who = 'lina') => s.wecom.messagesOf(who);
const read = (who = 'lina') => messages(who).map(s.wecom.textOf);
const says = (text: string) => s.wecom.when(() => read().some((one) => one.includes(text)), text);
const calls = (path: string) => s.wecom.calls.filter((call) => call.path === path).length;
async function cardOf(who = 'lina') {
  await s.toMember(who, letter, { id: `intent-${who}` });
  const card = messages(who).at(-1);
  if (card === undefined) throw new Error('no card');
  return card;
}
const replies = (reply: Reply) => {
  s.desk.script = () => reply;
};
const form: Form = {
  title: '不接受的理由',
  intro: [],
  fields: [{ id: 'why', type: 'text', label: '理由', required: true }],
  submit: '提交',
  cancel: '取消',
  action: accept,
};

describe('a press', () => {
  test('reaches the desk as what the button carried, from whom and on which message', async () => {
    expect(await s.wecom.press('lina', await cardOf(), '接受')).toEqual({ status: 200, text: '' });
    expect(s.desk.taken).toEqual([
      {
        platform: 'wecom',
        deliveryId: expect.stringMatching(/^[0-9a-f]{64}$/),
        from: { account: 'lina', foreign: false },
        at: { kind: 'direct', id: 'lina' },
        message: { channel: 'lina', message: 'intent-lina' },
        what: { kind: 'action', action: accept },
      },
    ]);
  });

  test('accepted: its buttons go, and the sentence comes', async () => {
    replies({ kind: 'said', tone: 'good', text: '已接受决议 DM-2026-0012，12-05 到期。' });
    const card = await cardOf();
    await s.wecom.press('lina', card, '接受');
    await says('已接受决议 DM-2026-0012');
    expect(card.replaced).toBe('已处理');
  });

  test('accepted in a word: the button says it, and nothing else comes', async () => {
    replies({ kind: 'said', tone: 'good', text: '已接受' });
    const card = await cardOf();
    await s.wecom.press('lina', card, '接受');
    await s.wecom.when(() => card.replaced, 'the button to say it');
    expect([card.replaced, read().length]).toEqual(['已接受', 1]);
  });

  test('with the card as it is now, that is drawn in its place', async () => {
    const after = { ...letter, headline: '决议 DM-2026-0012：等待复核' };
    replies({ kind: 'said', tone: 'good', text: '已接受。', card: after });
    const card = await cardOf();
    await s.wecom.press('lina', card, '接受');
    await s.wecom.when(() => card.template?.main_title.title === after.headline, 'the new card');
    await says('已接受。');
    await s.wecom.press('lina', card, '接受'); // it can be pressed again, under its new id
    expect(s.desk.taken[1]?.message?.message).not.toBe('intent-lina');
    expect(s.wecom.faults).toEqual([]);
  });

  test('refused: it stays as it is, and the reason comes', async () => {
    replies({ kind: 'said', tone: 'bad', text: '这条决议已由王晓文撤回。' });
    const card = await cardOf();
    await s.wecom.press('lina', card, '接受');
    await says('已由王晓文撤回');
    expect([card.replaced, calls(UPDATE)]).toEqual([undefined, 0]);
  });

  test('what needs a form says where to do it', async () => {
    replies({ kind: 'form', form, say: '请说明理由。' });
    await s.wecom.press('lina', await cardOf(), '不接受');
    await says('请说明理由。\n这一步需要填表');
  });

  test('a card for their eyes comes as a message', async () => {
    replies({ kind: 'card', card: notice });
    await s.wecom.press('lina', await cardOf(), '接受');
    await says('媒体名单确认');
  });

  test('contract A.5: a code serves once, 72 hours; when the card cannot be redrawn, the sentence comes instead', async () => {
    replies({ kind: 'said', tone: 'good', text: '已接受' });
    const card = await cardOf();
    s.wecom.fail(UPDATE, 42022);
    await s.wecom.press('lina', card, '接受');
    await says('已接受');
    expect(s.logged.some((line) => line.includes('could not be redrawn') && line.includes('42022'))).toBe(true);
  });

  test('delivered three times it is answered once', async () => {
    replies({ kind: 'said', tone: 'good', text: '已接受决议 DM-2026-0012。' });
    const event = s.wecom.pressEvent('lina', await cardOf(), '接受');
    const answers = await Promise.all([1, 2, 3].map(() => s.wecom.deliver(event)));
    await says('已接受决议');
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(s.desk.taken.map(({ deliveryId }) => deliveryId)).size).toBe(1);
    await s.adapter.stop();
    expect([calls(UPDATE), read().length]).toEqual([1, 2]);
  });

  test('a button that nobody can read is told so', async () => {
    const inner = `<xml>${s.wecom.base('lina', 'event')}<Event>template_card_event</Event><EventKey>old</EventKey><TaskId>t</TaskId><ResponseCode>c</ResponseCode></xml>`;
    expect((await s.wecom.deliver(seal(inner, s.wecom.secrets, now))).status).toBe(200);
    await says('这个按钮已失效');
    expect(s.desk.taken).toEqual([]);
  });

  test('case 4: a desk that takes its time: WeCom is answered meanwhile, the reply follows', async () => {
    let decide: (reply: Reply) => void = () => {};
    s.desk.script = () => new Promise((resolve) => (decide = resolve));
    const card = await cardOf();
    expect(await s.wecom.press('lina', card, '接受')).toEqual({ status: 200, text: '' });
    expect(card.replaced).toBeUndefined();
    decide({ kind: 'said', tone: 'good', text: '已接受' });
    await s.wecom.when(() => card.replaced === '已接受', 'the button to say it');
  });

  test('a desk that could not: WeCom is asked to send it again', async () => {
    s.desk.script = () => {
      throw new Error('the database is away');
    };
    const event = s.wecom.pressEvent('lina', await cardOf(), '接受');
    expect((await s.wecom.deliver(event)).status).toBe(503);
    replies({ kind: 'said', tone: 'bad', text: '这条决议已撤回。' });
    expect((await s.wecom.deliver(event)).status).toBe(200);
    await says('这条决议已撤回');
  });
});

describe('typed words', () => {
  test('reach the desk as they were typed; the answer is a message', async () => {
    replies({ kind: 'said', tone: 'info', text: '没有待开的会议。' });
    await s.wecom.type('lina', ' /meeting list ');
    await says('没有待开的会议');
    expect(s.desk.taken).toMatchObject([
      { deliveryId: expect.stringMatching(/^\d+$/), what: { kind: 'text', text: '/meeting list', files: [] } },
    ]);
  });

  test('in the language of who typed', async () => {
    s.desk.language = 'en';
    replies({ kind: 'form', form, say: 'Please give a reason.' });
    await s.wecom.type('lina', '/minutes');
    await says('Please give a reason.\nThis step needs a form');
  });

  test('a card in answer can be pressed', async () => {
    replies({ kind: 'card', card: letter });
    await s.wecom.type('lina', 'DM-2026-0012');
    await says('[接受]');
    const card = messages().at(-1);
    if (card === undefined) throw new Error('no card');
    expect((await s.wecom.press('lina', card, '接受')).status).toBe(200);
  });

  test('nothing to say is nothing said; nor is anything to what only happens', async () => {
    await s.wecom.type('lina', '谢谢');
    await s.wecom.type('lina', '  ');
    const entered = `<xml>${s.wecom.base('lina', 'event')}<Event>enter_agent</Event></xml>`;
    expect((await s.wecom.deliver(seal(entered, s.wecom.secrets, now))).status).toBe(200);
    await s.adapter.stop();
    expect([read(), s.desk.taken.length]).toEqual([[], 1]);
  });

  test('a picture is told where files go', async () => {
    const inner = `<xml>${s.wecom.base('lina', 'image')}<PicUrl>x</PicUrl><MediaId>m</MediaId><MsgId>1</MsgId></xml>`;
    await s.wecom.deliver(seal(inner, s.wecom.secrets, now));
    await says('这里只认文字');
  });

  test('case 5: an answer whose sending broke off is sent again, and is there once', async () => {
    replies({ kind: 'said', tone: 'info', text: '没有待开的会议。' });
    s.wecom.fail(SEND, 'cut-after');
    await s.wecom.type('lina', '/meeting list');
    await s.wecom.when(() => calls(SEND) === 2, 'the second try');
    await s.adapter.stop();
    expect(read()).toEqual(['没有待开的会议。']);
  });

  test('who asks the same again is answered again, though the answer is the same', async () => {
    replies({ kind: 'said', tone: 'info', text: '没有待开的会议。' });
    for (let n = 1; n <= 2; n++) {
      await s.wecom.type('lina', '/meeting list');
      await s.wecom.when(() => read().length === n, `answer ${n}`);
      now = new Date(now.getTime() + 10_000);
    }
  });

  test('an answer that cannot be sent is logged, without what it says', async () => {
    replies({ kind: 'said', tone: 'info', text: '没有待开的会议。' });
    s.wecom.fail(SEND, 60111);
    await s.wecom.type('lina', '/meeting list');
    await s.wecom.when(() => s.logged.some((line) => line.includes('60111')), 'the log');
    expect(s.logged.join()).not.toContain('没有待开');
  });
});
