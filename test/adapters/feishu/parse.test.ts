/** What Feishu sends → what somebody wants. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { approve, card, form, type Stage, stage } from './scripted.ts';

let s: Stage;
beforeAll(async () => {
  s = await stage();
});
afterAll(() => s.end());
afterEach(() => {
  s.desk.taken.length = 0;
  s.desk.script = () => ({ kind: 'nothing' });
});
const wanted = () => s.desk.taken.map((inbound) => inbound.what);

describe('typed messages', () => {
  test('a command in the direct chat', async () => {
    await s.feishu.say('ou_wang', 'p2p', '/spend 3.2万 春季促销物料');
    expect(s.desk.taken).toEqual([
      {
        platform: 'feishu',
        deliveryId: expect.stringMatching(/^om_/),
        from: { account: 'ou_wang', foreign: false },
        at: { kind: 'direct', id: 'ou_wang' },
        what: { kind: 'text', text: '/spend 3.2万 春季促销物料', files: [] },
      },
    ]);
  });

  test('in a group, the bot called by name, somebody else mentioned', async () => {
    await s.feishu.say('ou_wang', 'oc_pr', '/pr away 2026-12-01 2026-12-07 <@ou_li>', { mentionBot: true });
    expect(s.desk.taken[0]?.at).toEqual({ kind: 'channel', id: 'oc_pr' });
    expect(wanted()).toEqual([{ kind: 'text', text: '/pr away 2026-12-01 2026-12-07 <@ou_li>', files: [] }]);
  });

  test.for([
    ['/费用 3万', true],
    ['／spend 3万', true],
    ['大家看看 /spend', false],
    ['早上好 <@ou_li>', false],
  ] as const)('in a group without calling the bot: %s', async ([typed, taken]) => {
    await s.feishu.say('ou_wang', 'oc_pr', typed);
    expect(s.desk.taken).toHaveLength(taken ? 1 : 0);
  });

  test('ten people mentioned: the tenth is not the first with a zero', async () => {
    const people = Array.from({ length: 11 }, (_, i) => `ou_p${i}`);
    const text = `/copy ${people.map((id) => `<@${id}>`).join(' ')}`;
    await s.feishu.say('ou_wang', 'p2p', text);
    expect(wanted()).toEqual([{ kind: 'text', text, files: [] }]);
  });

  test('a reply says to which message', async () => {
    await s.post('ou_wang', card);
    const shown = s.feishu.messagesOf('ou_wang').at(-1);
    if (!shown) throw new Error('no card');
    await s.feishu.say('ou_wang', 'p2p', '预算够吗？', { replyTo: shown });
    expect(s.desk.taken[0]?.message).toEqual({ channel: shown.chat, message: shown.id });
  });

  test('rich text is read as text, its pictures as files', async () => {
    const content = {
      title: '/spend 3万',
      content: [
        [
          { tag: 'text', text: '物料 ' },
          { tag: 'a', text: '报价', href: 'https://example.com/q' },
        ],
        [
          { tag: 'at', user_id: '@_user_1', user_name: '李娜' },
          { tag: 'img', image_key: 'img_1' },
        ],
      ],
    };
    const mentions = [{ key: '@_user_1', id: { open_id: 'ou_li' }, name: '李娜' }];
    await s.feishu.sendMessage('ou_wang', 'p2p', { type: 'post', content, mentions });
    expect(wanted()).toEqual([
      {
        kind: 'text',
        text: '/spend 3万\n物料 报价 (https://example.com/q)\n<@ou_li>',
        files: [{ ref: expect.objectContaining({ file_key: 'img_1', type: 'image' }), name: 'image' }],
      },
    ]);
  });

  test('a file, and its bytes', async () => {
    const bytes = Buffer.from('%PDF 报价');
    await s.feishu.sendFile('ou_wang', 'p2p', { name: '报价.pdf', bytes, mime: 'application/pdf' });
    const [what] = wanted();
    if (what?.kind !== 'text' || what.files[0] === undefined) throw new Error('no file');
    expect(what.files[0].name).toBe('报价.pdf');
    const { stream, mime } = await s.adapter.fetchFile(what.files[0].ref);
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part);
    expect([Buffer.concat(parts), mime]).toEqual([bytes, 'application/pdf']);
  });

  test('a JSON file is a file, not an answer of the platform', async () => {
    await s.feishu.sendFile('ou_wang', 'p2p', {
      name: 'a.json',
      bytes: Buffer.from('{"code":1}'),
      mime: 'application/json',
    });
    const [what] = wanted();
    if (what?.kind !== 'text' || what.files[0] === undefined) throw new Error('no file');
    const { stream } = await s.adapter.fetchFile(what.files[0].ref);
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe('{"code":1}');
  });

  test.for([
    ['what a bot says', { type: 'text', content: { text: '/spend 1' }, senderType: 'app' }],
    ['a sticker', { type: 'sticker', content: { file_key: 'f' } }],
    ['a message whose content is broken', { type: 'text', content: { words: 1 } }],
  ] as const)('%s asks for nothing', async ([, message]) => {
    const { status } = await s.feishu.sendMessage('ou_wang', 'p2p', message);
    expect([status, s.desk.taken]).toEqual([200, []]);
  });

  test('somebody of another tenant is foreign', async () => {
    await s.feishu.say('ou_agency', 'oc_pr', '/spend 1', { mentionBot: true });
    expect(s.desk.taken[0]?.from).toEqual({ account: 'ou_agency', foreign: true });
  });

  test('the same message over both transports has one id', async () => {
    const first = await s.feishu.say('ou_wang', 'p2p', '/spend 1');
    await first.redeliver();
    expect(s.desk.taken).toHaveLength(2);
    expect(s.desk.taken[0]?.deliveryId).toBe(s.desk.taken[1]?.deliveryId);
  });
});

describe('menus and other events', () => {
  test.for([
    ['cmd:/spend', '/spend'],
    ['spend', '/spend'],
    ['/pr list', '/pr list'],
  ] as const)('the menu entry %s types %s', async ([key, text]) => {
    await s.feishu.menu('ou_wang', key);
    expect(wanted()).toEqual([{ kind: 'text', text, files: [] }]);
    expect(s.desk.taken[0]?.at).toEqual({ kind: 'direct', id: 'ou_wang' });
  });

  test('opening the chat asks for nothing', async () => {
    const done = await s.feishu.event('im.chat.access_event.bot_p2p_chat_entered_v1', {
      chat_id: 'oc_1',
      operator_id: { open_id: 'ou_wang' },
    });
    expect([done.status, s.desk.taken]).toEqual([200, []]);
  });
});

describe('presses and forms', () => {
  const shown = async () => {
    await s.post('oc_pr', card);
    const message = s.feishu.messagesOf('oc_pr').at(-1);
    if (!message) throw new Error('no card');
    return message;
  };

  test('a press brings back what the button carried, and where it stood', async () => {
    const message = await shown();
    await s.feishu.press('ou_li', message, '批准');
    expect(s.desk.taken).toEqual([
      {
        platform: 'feishu',
        deliveryId: expect.any(String),
        from: { account: 'ou_li', foreign: false },
        at: { kind: 'direct', id: 'ou_li' },
        message: { channel: 'oc_pr', message: message.id },
        what: { kind: 'action', action: approve },
      },
    ]);
  });

  test('an action that is an object, and an operator known only by user_id', async () => {
    await s.feishu.event('card.action.trigger', {
      operator: { user_id: 'u-li', tenant_key: s.feishu.tenantKey },
      action: { value: approve, tag: 'button' },
    });
    expect(s.desk.taken[0]).toMatchObject({ from: { account: 'u-li' }, what: { action: approve } });
  });

  test('case 19: a press by somebody of another tenant is foreign', async () => {
    await s.feishu.press('ou_agency', await shown(), '批准');
    expect(s.desk.taken[0]?.from.foreign).toBe(true);
  });

  test('a button that is not ours is answered, and not carried out', async () => {
    const { answer } = await s.feishu.event('card.action.trigger', {
      operator: { open_id: 'ou_li', tenant_key: s.feishu.tenantKey },
      action: { value: { a: '{"command":""}' }, tag: 'button' },
    });
    expect(answer).toEqual({ toast: { type: 'error', content: expect.stringContaining('已失效') } });
    expect(s.desk.taken).toEqual([]);
  });

  test('case 33: a form brings its values by field, dates without a zone, untouched fields not at all', async () => {
    s.desk.script = () => ({ kind: 'form', form, say: '表单已发到单聊' });
    await s.feishu.say('ou_zhao', 'p2p', '/spend');
    const message = await s.feishu.when(() => s.feishu.messagesOf('ou_zhao').at(-1), 'the form');
    s.desk.taken.length = 0;
    await s.feishu.fill(
      'ou_zhao',
      message,
      { amount: '3.2万', title: '物料', due: '2026-12-01', kind: 'media' },
      '提交',
    );
    expect(wanted()).toEqual([
      {
        kind: 'form',
        action: form.action,
        values: { amount: '3.2万', title: '物料', due: '2026-12-01', kind: 'media' },
        files: {},
      },
    ]);
  });
});
