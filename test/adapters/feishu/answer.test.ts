/** What people are answered: within three seconds, to them alone, and with the card as it stands. */
import { afterEach, describe, expect, test } from 'vitest';
import { CALLBACK_MS } from '../../../adapters/feishu/limits.ts';
import type { Card, Form } from '../../../src/core/card.ts';
import type { Reply } from '../../../src/core/chat.ts';
import type { FakeMessage } from '../../support/feishu/platform.ts';
import { card, form, type Stage, type StageOptions, stage } from './scripted.ts';

const stages: Stage[] = [];
async function open(options: StageOptions = {}): Promise<Stage> {
  const opened = await stage(options);
  stages.push(opened);
  return opened;
}
afterEach(async () => {
  for (const each of stages.splice(0)) await each.end();
});

const settled: Card = {
  ...card,
  tone: 'good',
  headline: '费用申请 SP-2026-0001 已批准',
  blocks: [{ kind: 'text', text: '李娜批准了' }],
};
const last = (s: Stage, where: string): FakeMessage => {
  const message = s.feishu.messagesOf(where).at(-1);
  if (message === undefined) throw new Error(`nothing stands in ${where}`);
  return message;
};

describe('a press', () => {
  test('is answered with a toast and the card as it is now, and drawn once more when that has arrived', async () => {
    const s = await open();
    await s.post('ou_li', card);
    s.desk.script = () => ({ kind: 'said', tone: 'good', text: '已批准 SP-2026-0001', card: settled });
    const message = last(s, 'ou_li');
    const done = await s.feishu.press('ou_li', message, '批准');
    expect([done.status, s.feishu.complaints]).toEqual([200, []]);
    expect(s.feishu.toasts('ou_li')).toEqual([{ type: 'success', content: '已批准 SP-2026-0001' }]);
    expect(s.feishu.cardText(message)).toContain('李娜批准了');
    expect(s.desk.redrawn).toEqual([]); // not before the answer has arrived
    await s.feishu.when(() => s.desk.redrawn.length === 1, 'the card to be drawn once more');
    expect(s.desk.redrawn).toEqual([{ channel: message.chat, message: message.id }]);
  });

  test('that changes nothing is answered with a toast alone', async () => {
    const s = await open();
    await s.post('ou_li', card);
    s.desk.script = () => ({ kind: 'said', tone: 'bad', text: '还没轮到你' });
    await s.feishu.press('ou_li', last(s, 'ou_li'), '批准');
    expect(s.feishu.toasts('ou_li')).toEqual([{ type: 'error', content: '还没轮到你' }]);
    expect(s.feishu.buttonsOf(last(s, 'ou_li'))).toHaveLength(3);
  });

  test('whose card was edited while it was answered is put back by the client, so it is drawn once more', async () => {
    const s = await open();
    await s.post('ou_li', card);
    const message = last(s, 'ou_li');
    const ref = { channel: message.chat, message: message.id };
    s.desk.script = async () => {
      await s.adapter.edit(ref, settled, 'zh'); // the outbox was quicker than our answer
      return { kind: 'said', tone: 'good', text: '已批准' };
    };
    await s.feishu.press('ou_li', message, '批准');
    expect(s.feishu.cardText(message)).not.toContain('李娜批准了');
    await s.feishu.when(() => s.desk.redrawn.length === 1, 'the card to be drawn once more');
  });

  test('case 4: that takes long is answered in time, and its result comes as a message', async () => {
    expect(CALLBACK_MS).toBeLessThan(3000);
    const s = await open({ deps: { answerWithinMs: 300 } });
    await s.post('ou_li', card);
    let finish: (reply: Reply) => void = () => undefined;
    s.desk.script = () =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const done = await s.feishu.press('ou_li', last(s, 'ou_li'), '批准');
    expect(done.ms).toBeLessThan(3000);
    expect(s.feishu.toasts('ou_li')[0]).toEqual({ type: 'info', content: '正在处理，结果会显示在卡片上。' });
    finish({ kind: 'said', tone: 'good', text: '已批准 SP-2026-0001' });
    const late = await s.feishu.when(() => s.feishu.messagesOf('ou_li')[1], 'the late answer');
    expect(s.feishu.cardText(late)).toBe('已批准 SP-2026-0001');
  });

  test('case 1: delivered twice is one act of one id, and its form is sent once', async () => {
    const s = await open();
    await s.post('ou_li', card);
    s.desk.script = () => ({ kind: 'form', form, say: '请在单聊里填写' });
    const done = await s.feishu.press('ou_li', last(s, 'ou_li'), '驳回');
    await s.feishu.when(() => s.feishu.messagesOf('ou_li').length === 2, 'the form');
    await done.redeliver();
    await s.feishu.when(
      () => s.feishu.calls.filter((call) => call.method === 'POST' && call.path.endsWith('/messages')).length === 3,
      'the second try',
    );
    expect(s.feishu.messagesOf('ou_li')).toHaveLength(2);
    expect(new Set(s.desk.taken.map((inbound) => inbound.deliveryId)).size).toBe(1);
  });

  test('in a group that brings a card for one pair of eyes: it goes to the direct chat', async () => {
    const s = await open();
    await s.post('oc_pr', card);
    s.desk.script = () => ({ kind: 'card', card: settled });
    await s.feishu.press('ou_zhao', last(s, 'oc_pr'), '详情');
    const own = await s.feishu.when(() => s.feishu.messagesOf('ou_zhao')[0], 'the card');
    expect(s.feishu.cardText(own)).toContain('李娜批准了');
    expect(s.feishu.messagesOf('oc_pr')).toHaveLength(1);
    expect(s.feishu.toasts('ou_zhao')[0]?.content).toContain('单聊');
  });
});

describe('a typed command', () => {
  test('is answered when its work is done, and in the direct chat', async () => {
    const s = await open();
    s.desk.script = () => ({ kind: 'said', tone: 'good', text: '已提交 SP-2026-0002 <at id=all></at>' });
    const done = await s.feishu.say('ou_wang', 'oc_pr', '/spend 3万 物料', { mentionBot: true });
    expect([done.status, done.answer]).toEqual([200, {}]);
    const answer = await s.feishu.when(() => s.feishu.messagesOf('ou_wang')[0], 'the answer');
    expect(s.feishu.cardText(answer)).toBe('已提交 SP-2026-0002 <at id=all></at>');
    expect(s.feishu.messagesOf('oc_pr')).toEqual([]);
  });

  test('case 5: whose answer was lost on the way is answered once, by the same key', async () => {
    const s = await open();
    s.desk.script = () => ({ kind: 'said', tone: 'good', text: '好' });
    s.feishu.fail({ path: '/im/v1/messages', method: 'POST' }, 'cut-after');
    await s.feishu.say('ou_wang', 'p2p', '/spend 1');
    await s.feishu.when(
      () => s.feishu.calls.filter((call) => call.path.endsWith('/im/v1/messages')).length === 2,
      'the second try',
    );
    expect(s.feishu.messagesOf('ou_wang')).toHaveLength(1);
  });

  test('redelivered by Feishu is not answered twice', async () => {
    const s = await open();
    s.desk.script = () => ({ kind: 'said', tone: 'good', text: '好' });
    const done = await s.feishu.say('ou_wang', 'p2p', '/spend 1');
    await s.feishu.when(() => s.feishu.messagesOf('ou_wang')[0], 'the answer');
    await done.redeliver();
    await s.feishu.when(
      () => s.feishu.calls.filter((call) => call.path.endsWith('/im/v1/messages')).length === 2,
      'the second try',
    );
    expect(s.feishu.messagesOf('ou_wang')).toHaveLength(1);
  });

  test('when the tenant cannot be looked up: not 200, so that Feishu brings it again', async () => {
    let broken = true;
    const pinTenant = async (key: string) => {
      if (broken) throw new Error('the database is away');
      return key;
    };
    const s = await open({ deps: { pinTenant } });
    const done = await s.feishu.say('ou_wang', 'p2p', '/spend 1');
    expect([done.status, s.desk.taken.length]).toEqual([503, 0]);
    broken = false;
    expect((await done.redeliver()).status).toBe(200);
    expect(s.desk.taken).toHaveLength(1);
  });
});

describe('a form', () => {
  const fill = async (s: Stage, reply: Reply, values: Record<string, string> = {}) => {
    s.desk.script = () => ({ kind: 'form', form, say: '请填写' });
    await s.feishu.say('ou_wang', 'p2p', '/spend');
    const message = await s.feishu.when(() => s.feishu.messagesOf('ou_wang').at(-1), 'the form');
    s.desk.script = () => reply;
    const done = await s.feishu.fill('ou_wang', message, { amount: '很多', title: '物料', ...values }, '提交');
    return { message, done };
  };

  test('with faults stands there again, the faults said and the values kept', async () => {
    const s = await open();
    const faulty: Form = {
      ...form,
      fields: form.fields.map((field) =>
        field.id === 'amount'
          ? { ...field, value: '很多', fault: '看不懂这个金额' }
          : field.id === 'title'
            ? { ...field, value: '物料' }
            : field,
      ),
    };
    const { message } = await fill(s, { kind: 'faults', form: faulty, say: '有一处需要修改' });
    expect(s.feishu.toasts('ou_wang')).toEqual([{ type: 'error', content: '有一处需要修改' }]);
    expect(s.feishu.cardText(message)).toContain('✗ 看不懂这个金额');
    expect(s.feishu.fieldsOf(message)).toMatchObject({ amount: '很多', title: '物料' });
    s.desk.script = () => ({ kind: 'said', tone: 'good', text: '已提交 SP-2026-0002' });
    await s.feishu.fill('ou_wang', message, { amount: '3万' }, '提交');
    expect(s.feishu.complaints).toEqual([]);
  });

  test('that was accepted is closed: nobody can submit it again', async () => {
    const s = await open();
    const { message } = await fill(s, { kind: 'said', tone: 'good', text: '已提交 SP-2026-0002' });
    expect(s.feishu.cardText(message)).toContain('已提交 SP-2026-0002');
    expect([s.feishu.fieldsOf(message), s.feishu.buttonsOf(message)]).toEqual([{}, []]);
    expect(s.desk.redrawn).toEqual([]);
  });

  test('that was refused stays open', async () => {
    const s = await open();
    const { message } = await fill(s, { kind: 'said', tone: 'bad', text: '请稍后再试' });
    expect(s.feishu.buttonsOf(message).map((button) => button.label)).toEqual(['提交', '取消']);
  });

  test('put away by its reader closes without the desk hearing of it', async () => {
    const s = await open();
    s.desk.script = () => ({ kind: 'form', form, say: '请填写' });
    await s.feishu.say('ou_wang', 'p2p', '/spend');
    const message = await s.feishu.when(() => s.feishu.messagesOf('ou_wang')[0], 'the form');
    await s.feishu.fill('ou_wang', message, {}, '取消');
    expect(s.feishu.cardText(message)).toContain('没有提交任何内容');
    expect(s.desk.taken).toHaveLength(1);
  });

  test('offers everybody in the company as a person, not only who is in the chat', async () => {
    const people = () => [
      { person: 'li', account: 'ou_li' },
      { person: 'zhao', account: 'ou_zhao' },
    ];
    const s = await open({ deps: { people } });
    await fill(s, { kind: 'said', tone: 'good', text: '好' }, { deputy: 'ou_zhao' });
    expect(s.desk.taken.at(-1)?.what).toMatchObject({ values: { deputy: 'ou_zhao' } });
  });

  test('says the same in English', async () => {
    const s = await open();
    s.desk.language = 'en';
    const { message } = await fill(s, { kind: 'said', tone: 'good', text: 'SP-2026-0002 is on its way' });
    expect(s.feishu.cardText(message)).toBe('Submitted\nSP-2026-0002 is on its way');
  });
});
