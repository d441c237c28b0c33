/** What people do in Slack, how it reaches the desk, and what they are told. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { answerWithinMs } from '../../../adapters/slack/limits.ts';
import type { Form } from '../../../src/core/card.ts';
import type { Inbound } from '../../../src/core/chat.ts';
import { slackWords } from '../../../src/words/slack.ts';
import type { FakeMessage } from '../../support/slack.ts';
import { type Bench, decisionCard, startBench } from './bench.ts';

const words = slackWords('zh');
const reasonForm: Form = {
  title: '拒绝 SP-2026-0001',
  intro: [{ kind: 'note', text: '拒绝后申请人会看到理由' }],
  fields: [
    { id: 'reason', label: '理由', type: 'paragraph', required: true, max: 200 },
    { id: 'until', label: '日期', type: 'date', required: false },
    {
      id: 'kind',
      label: '类别',
      type: 'choice',
      required: false,
      options: [
        { value: 'a', label: '甲' },
        { value: 'b', label: '乙' },
      ],
    },
    { id: 'who', label: '转给', type: 'person', required: false },
    { id: 'proof', label: '附件', type: 'file', required: false },
  ],
  submit: '拒绝',
  cancel: '返回',
  action: { command: 'requests.reject', subject: 'SP-2026-0001', step: 'supervisor', seen: 3 },
};
const spendForm: Form = {
  title: '费用申请',
  intro: [{ kind: 'text', text: '填写金额后显示审批路径' }],
  fields: [
    { id: 'amount', label: '金额', type: 'money', required: true },
    { id: 'title', label: '事由', type: 'text', required: true, max: 120 },
  ],
  submit: '提交',
  cancel: '取消',
  action: { command: 'requests.submit', with: { process: 'spend' } },
  preview: { command: 'requests.preview', with: { process: 'spend' } },
};

let bench: Bench;
beforeAll(async () => {
  // less time than Slack gives, so that the slow stories are not
  bench = await startBench({ patience: { answerMs: 1_000 } });
  bench.slack.addUser({ id: 'U9AGENCY', name: '外部代理', team: 'T9OTHER' });
  bench.slack.addUser({ id: 'U8GUEST', name: '访客', guest: true });
  await bench.met();
});
afterEach(() => {
  bench.slack.heal();
  bench.desk.says = () => ({ kind: 'nothing' });
  for (const user of ['U01WANG', 'U02LI']) bench.slack.closeWindow(user);
});
afterAll(() => bench.stop());

const last = (): Inbound => {
  const inbound = bench.desk.taken.at(-1);
  if (!inbound) throw new Error('the desk was not asked');
  return inbound;
};
async function postCard(to: string, card = decisionCard): Promise<FakeMessage> {
  const kind = to.startsWith('C') ? 'channel' : 'direct';
  const ref = await bench.adapter.post(
    { kind, id: to },
    { kind: 'card', card },
    { id: crypto.randomUUID(), triedBefore: undefined },
    'zh',
  );
  const posted = bench.slack.messagesOf(to).find((message) => message.ts === ref.message);
  if (!posted) throw new Error('not posted');
  return posted;
}
/** Slack takes one message a second and channel, and so does the adapter: a new card stands in a new channel. */
let channels = 0;
function freshChannel(): string {
  channels += 1;
  return bench.slack.addChannel({ id: `C1${channels}`, members: [...bench.slack.users.keys()] }).id;
}
const whispered = (user: string, text: string) =>
  bench.slack.until(() => bench.slack.ephemerals(user).find((message) => bench.slack.cardText(message).includes(text)));

describe('a command', () => {
  test('is told to the desk as it was typed, with mentions as accounts and nothing escaped', async () => {
    const answered = await bench.slack.slash('U01WANG', 'C0PR', '/spend', '3.2万 A&B <草稿> &lt; 给 <@U02LI>');
    expect(answered).toMatchObject({ status: 200, problem: undefined, body: '' });
    expect(last()).toMatchObject({
      platform: 'slack',
      from: { account: 'U01WANG', foreign: false },
      at: { kind: 'channel', id: 'C0PR' },
      what: { kind: 'text', text: '/spend 3.2万 A&B <草稿> &lt; 给 <@U02LI>', files: [] },
    });
  });

  test('in a direct chat is direct', async () => {
    await bench.slack.slash('U01WANG', 'direct', '/pr', 'help');
    expect(last()).toMatchObject({ at: { kind: 'direct', id: 'U01WANG' }, what: { text: '/pr help' } });
  });

  test('is answered for this person alone', async () => {
    bench.desk.says = () => ({ kind: 'said', tone: 'good', text: '已提交 SP-2026-0007' });
    const answered = await bench.slack.slash('U01WANG', 'C0PR', '/spend', '1 a');
    expect(answered).toMatchObject({ problem: undefined, body: { response_type: 'ephemeral' } });
    await whispered('U01WANG', '已提交 SP-2026-0007');
  });

  test('a card in the answer is whole and can be pressed', async () => {
    bench.desk.says = () => ({ kind: 'card', card: decisionCard });
    expect((await bench.slack.slash('U02LI', 'C0PR', '/spend', 'SP-2026-0001')).problem).toBeUndefined();
    const card = await whispered('U02LI', '¥32,000.00');
    bench.desk.says = () => ({
      kind: 'said',
      tone: 'good',
      text: '批准了',
      card: { ...decisionCard, tone: 'good', headline: '已批准 SP-2026-0001' },
    });
    await bench.slack.press('U02LI', card, '批准');
    expect(last().message).toBeUndefined();
    await bench.slack.until(() => bench.slack.cardText(card).includes('已批准'));
    await whispered('U02LI', '批准了');
  });

  test('without arguments opens the form, and the same with its faults', async () => {
    bench.desk.says = () => ({ kind: 'form', form: spendForm, say: '请填写' });
    expect((await bench.slack.slash('U01WANG', 'C0PR', '/spend')).body).toBe('');
    const window = await bench.slack.until(() => bench.slack.window('U01WANG'));
    expect(window.title).toBe('费用申请');
    bench.slack.closeWindow('U01WANG');
    const [amount, title] = spendForm.fields;
    const faulty = { ...spendForm, fields: [{ ...amount, value: '一千万亿', fault: '金额超过上限' }, title] } as Form;
    bench.desk.says = () => ({ kind: 'faults', form: faulty, say: '请看金额' });
    await bench.slack.slash('U01WANG', 'C0PR', '/spend', '一千万亿 a');
    const again = await bench.slack.until(() => bench.slack.window('U01WANG'));
    expect(bench.slack.cardText(again)).toContain('金额超过上限');
    expect(bench.slack.cardText(again)).toContain('请看金额');
  });

  test('case 7: a trigger that is too old ends in a sentence, not in silence', async () => {
    bench.desk.says = () => {
      bench.slack.expireTriggers();
      return { kind: 'form', form: spendForm, say: '请填写' };
    };
    expect((await bench.slack.slash('U01WANG', 'C0PR', '/spend')).problem).toBeUndefined();
    await whispered('U01WANG', words.pressAgain);
    expect(bench.slack.calls('views.open').at(-1)?.answer).toMatchObject({ error: 'expired_trigger_id' });
  });

  test('case 4: the desk is slow: an answer within three seconds, the result after it', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    bench.desk.says = async () => {
      await promise;
      return { kind: 'said', tone: 'good', text: '终于提交了 SP-2026-0008' };
    };
    const answered = await bench.slack.slash('U01WANG', 'C0PR', '/spend', '1 a');
    expect(answered.problem).toBeUndefined();
    expect(answered.ms).toBeLessThan(3_000);
    expect(answerWithinMs).toBeLessThan(3_000);
    await whispered('U01WANG', words.stillWorking);
    resolve();
    await whispered('U01WANG', '终于提交了 SP-2026-0008');
  });

  test('Slack itself being slow or down does not delay the answer', async () => {
    bench.slack.latency('*', 2_900);
    bench.slack.fail('*', { status: 500 }, 3);
    bench.desk.says = () => ({ kind: 'form', form: spendForm, say: '请填写' });
    const answered = await bench.slack.slash('U01WANG', 'C0PR', '/spend');
    expect(answered).toMatchObject({ status: 200, body: '' });
    expect(answered.ms).toBeLessThan(1_000);
  });
});

describe('a press', () => {
  test('carries the command, the step and what its reader saw; the repeated click has another identity, the same delivery the same', async () => {
    const card = await postCard('U02LI');
    const answered = await bench.slack.press('U02LI', card, '批准');
    expect(answered).toMatchObject({ status: 200, body: '', problem: undefined });
    const first = last();
    expect(first).toMatchObject({
      from: { account: 'U02LI', foreign: false },
      at: { kind: 'direct', id: 'U02LI' },
      message: { channel: bench.slack.directOf('U02LI'), message: card.ts },
      what: {
        kind: 'action',
        action: { command: 'requests.approve', subject: 'SP-2026-0001', step: 'supervisor', seen: 3 },
      },
    });
    await bench.slack.again(answered);
    expect(last().deliveryId).toBe(first.deliveryId);
    await bench.slack.press('U02LI', card, '批准');
    expect(last().deliveryId).not.toBe(first.deliveryId);
  });

  test('is answered for this person alone, and the card stays as it is', async () => {
    const card = await postCard(freshChannel());
    bench.desk.says = () => ({ kind: 'said', tone: 'bad', text: '还没轮到您' });
    await bench.slack.press('U04CHEN', card, '批准');
    await whispered('U04CHEN', '还没轮到您');
    expect(card.edits).toBe(0);
    expect(bench.slack.ephemerals('U02LI').some((message) => message.text.includes('还没轮到您'))).toBe(false);
  });

  test('case 8: with the response_url used up the answer comes by chat.postEphemeral', async () => {
    const card = await postCard(freshChannel());
    bench.desk.says = () => {
      bench.slack.useUpResponseUrls();
      return { kind: 'said', tone: 'info', text: '已由李娜批准' };
    };
    await bench.slack.press('U04CHEN', card, '批准');
    await whispered('U04CHEN', '已由李娜批准');
    expect(bench.slack.calls('response_url').at(-1)?.answer).toMatchObject({ error: 'used_url' });
    expect(bench.slack.calls('chat.postEphemeral').at(-1)?.answer).toMatchObject({ ok: true });
  });

  test('case 8: and where that is refused too, in the direct chat', async () => {
    const card = await postCard(freshChannel());
    bench.slack.fail('response_url', { error: 'expired_url' });
    bench.slack.fail('chat.postEphemeral', { error: 'user_not_in_channel' });
    bench.desk.says = () => ({ kind: 'said', tone: 'info', text: '请看您的私信' });
    await bench.slack.press('U04CHEN', card, '批准');
    await bench.slack.until(() =>
      bench.slack.messagesOf('U04CHEN').find((message) => message.text.includes('请看您的私信')),
    );
  });

  test('case 4: slow work is announced and told in the end', async () => {
    const card = await postCard('U02LI');
    const { promise, resolve } = Promise.withResolvers<void>();
    bench.desk.says = async () => {
      await promise;
      return { kind: 'said', tone: 'good', text: '批准已生效' };
    };
    const answered = await bench.slack.press('U02LI', card, '批准');
    expect(answered.problem).toBeUndefined();
    await whispered('U02LI', words.stillWorking);
    resolve();
    await whispered('U02LI', '批准已生效');
  });

  test('a button of another release is answered and not carried out', async () => {
    const card = await postCard(freshChannel());
    const before = bench.desk.taken.length;
    for (const block of card.blocks)
      if (block.type === 'actions')
        for (const element of block.elements as { value: string }[]) element.value = 'v1|approve';
    await bench.slack.press('U02LI', card, '批准');
    await whispered('U02LI', words.staleButton);
    expect(bench.desk.taken.length).toBe(before);
  });

  test('case 19: a member of another company who sees the card is foreign', async () => {
    const card = await postCard(freshChannel());
    await bench.slack.press('U9AGENCY', card, '批准');
    expect(last().from).toEqual({ account: 'U9AGENCY', foreign: true });
    await bench.slack.slash('U9AGENCY', 'C0PR', '/spend', '1 a');
    expect(last().from.foreign).toBe(true);
    await bench.slack.say('U9AGENCY', '/spend 1 a');
    expect(last().from.foreign).toBe(true);
  });

  test('case 35: a member of another workspace of the same organisation is no colleague here; the organisation itself is ours', async () => {
    const grid = await startBench({ slack: { enterprise: 'E0ORG' } });
    await grid.met();
    grid.slack.addUser({ id: 'U7ORG', team: 'E0ORG' });
    grid.slack.addUser({ id: 'U7SISTER', team: 'T0SISTER' });
    for (const [user, foreign] of [
      ['U7ORG', false],
      ['U7SISTER', true],
    ] as const) {
      await grid.slack.slash(user, 'C0PR', '/spend', '1 a');
      expect(grid.desk.taken.at(-1)?.from).toEqual({ account: user, foreign });
    }
    await grid.stop();
  });

  test('case 19: a guest is foreign once Slack has said so, without an extra call before the answer', async () => {
    const card = await postCard(freshChannel());
    await bench.slack.press('U8GUEST', card, '批准');
    await bench.slack.until(() =>
      bench.slack.calls('users.info').some((call) => call.args.user === 'U8GUEST' && call.answer),
    );
    await vi.waitFor(async () => {
      await bench.slack.press('U8GUEST', card, '批准');
      expect(last().from.foreign).toBe(true);
    });
    await bench.slack.event({ type: 'user_change', user: { id: 'U8GUEST', is_restricted: false } });
    await vi.waitFor(async () => {
      await bench.slack.press('U8GUEST', card, '批准');
      expect(last().from.foreign).toBe(false);
    });
    expect(bench.slack.calls('users.info').filter((call) => call.args.user === 'U8GUEST')).toHaveLength(1);
  });
});

describe('a form', () => {
  async function openReason() {
    const card = await postCard(freshChannel());
    bench.desk.says = () => ({ kind: 'form', form: reasonForm, say: '请写理由' });
    await bench.slack.press('U02LI', card, '拒绝');
    return bench.slack.until(() => bench.slack.window('U02LI'));
  }

  test('comes back with its values by field, an account, a day, a choice and files; what was not touched is absent', async () => {
    const window = await openReason();
    bench.slack.addFile({ id: 'F1', name: '报价.pdf' });
    bench.desk.says = () => ({ kind: 'said', tone: 'good', text: '已拒绝' });
    const answered = await bench.slack.submit('U02LI', window, {
      reason: '超出预算',
      who: 'U04CHEN',
      kind: 'b',
      proof: ['F1'],
    });
    expect(answered).toMatchObject({ problem: undefined, body: { response_action: 'clear' } });
    expect(last()).toMatchObject({
      at: { kind: 'channel' },
      what: { kind: 'form', action: reasonForm.action, values: { reason: '超出预算', who: 'U04CHEN', kind: 'b' } },
    });
    const { what } = last();
    if (what.kind !== 'form') throw new Error('no form');
    expect(Object.keys(what.values).sort()).toEqual(['kind', 'reason', 'who']);
    expect(what.files.proof).toEqual([
      {
        ref: { id: 'F1', url: expect.stringContaining('/files/F1/') },
        name: '报价.pdf',
        mime: 'application/pdf',
        size: 8,
      },
    ]);
    expect(bench.slack.window('U02LI')).toBeUndefined();
    await whispered('U02LI', '已拒绝');
  });

  test('with faults shows them at their fields', async () => {
    const window = await openReason();
    const fields = reasonForm.fields.map((field) =>
      field.id === 'reason' ? { ...field, fault: '请写至少五个字' } : field,
    );
    bench.desk.says = () => ({ kind: 'faults', form: { ...reasonForm, fields }, say: '请看理由' });
    const answered = await bench.slack.submit('U02LI', window, { reason: '贵' });
    expect(answered.problem).toBeUndefined();
    expect(window.errors).toEqual({ 'f:reason': '请写至少五个字' });
  });

  test('with a fault that has no field, or for a newer content, is drawn anew with what was typed', async () => {
    const window = await openReason();
    bench.desk.says = () => ({
      kind: 'faults',
      form: { ...reasonForm, action: { ...reasonForm.action, seen: 4 } },
      say: '金额已变为 ¥40,000.00，请重新确认',
    });
    const answered = await bench.slack.submit('U02LI', window, { reason: '超出预算' });
    expect(answered).toMatchObject({ problem: undefined, body: { response_action: 'update' } });
    expect(bench.slack.cardText(window)).toContain('金额已变为 ¥40,000.00');
    expect(window.typed['f:reason']).toBe('超出预算');
    bench.desk.says = () => ({ kind: 'said', tone: 'good', text: 'ok' });
    await bench.slack.submit('U02LI', window);
    expect(last().what).toMatchObject({ action: { seen: 4 }, values: { reason: '超出预算' } });
  });

  test('refused, keeps what was typed under the bad news', async () => {
    const window = await openReason();
    bench.desk.says = () => ({ kind: 'said', tone: 'bad', text: '李娜已在 10:02 批准' });
    expect((await bench.slack.submit('U02LI', window, { reason: '超出预算' })).problem).toBeUndefined();
    expect(bench.slack.windows('U02LI')).toHaveLength(2);
    const [, top] = bench.slack.windows('U02LI');
    expect(top && bench.slack.cardText(top)).toContain('李娜已在 10:02 批准');
  });

  test('case 4: submitted to a slow desk, shows the result in the window', async () => {
    const window = await openReason();
    const { promise, resolve } = Promise.withResolvers<void>();
    bench.desk.says = async () => {
      await promise;
      return { kind: 'said', tone: 'good', text: '已拒绝，申请人会收到理由' };
    };
    const answered = await bench.slack.submit('U02LI', window, { reason: '超出预算' });
    expect(answered).toMatchObject({ problem: undefined, body: { response_action: 'update' } });
    expect(answered.ms).toBeLessThan(3_000);
    resolve();
    await bench.slack.until(() => bench.slack.cardText(window).includes('已拒绝，申请人会收到理由'));
  });

  test('shows the path while it is being filled, and keeps what was typed', async () => {
    bench.desk.says = () => ({ kind: 'form', form: spendForm, say: '请填写' });
    await bench.slack.slash('U01WANG', 'C0PR', '/spend');
    const window = await bench.slack.until(() => bench.slack.window('U01WANG'));
    bench.desk.says = (inbound) => {
      const amount = inbound.what.kind === 'form' ? inbound.what.values.amount : '';
      return { kind: 'form', form: { ...spendForm, intro: [{ kind: 'text', text: `${amount} 由李娜审批` }] }, say: '' };
    };
    const answered = await bench.slack.change('U01WANG', window, 'amount', '3.2万');
    expect(answered).toMatchObject({ status: 200, problem: undefined });
    expect(last().what).toMatchObject({ kind: 'form', action: spendForm.preview, values: { amount: '3.2万' } });
    await bench.slack.until(() => bench.slack.cardText(window).includes('3.2万 由李娜审批'));
    expect(window.typed['f:amount']).toBe('3.2万');
  });

  test('two changes at once: the older preview does not overwrite the newer', async () => {
    bench.desk.says = () => ({ kind: 'form', form: spendForm, say: '请填写' });
    await bench.slack.slash('U01WANG', 'C0PR', '/spend');
    const window = await bench.slack.until(() => bench.slack.window('U01WANG'));
    const slow = Promise.withResolvers<void>();
    bench.desk.says = async (inbound) => {
      const amount = inbound.what.kind === 'form' ? inbound.what.values.amount : '';
      if (amount === '3') await slow.promise;
      return { kind: 'form', form: { ...spendForm, intro: [{ kind: 'text', text: `路径 ${amount}` }] }, say: '' };
    };
    const older = bench.slack.change('U01WANG', window, 'amount', '3');
    await bench.slack.until(() =>
      bench.desk.taken.some((one) => one.what.kind === 'form' && one.what.values.amount === '3'),
    );
    await bench.slack.change('U01WANG', window, 'amount', '32');
    await bench.slack.until(() => bench.slack.cardText(window).includes('路径 32'));
    slow.resolve();
    await older;
    await bench.slack.until(() =>
      bench.slack.calls('views.update').some((call) => call.answer?.error === 'hash_conflict'),
    );
    expect(bench.slack.cardText(window)).toContain('路径 32');
  });
});

describe('what is said to the bot', () => {
  test('in its direct chat, with files, reaches the desk and is answered there', async () => {
    bench.slack.addFile({ id: 'F2', name: '合同.pdf' });
    bench.desk.says = () => ({ kind: 'said', tone: 'info', text: '收到附件' });
    const answered = await bench.slack.say('U01WANG', '附上合同', ['F2']);
    expect(answered).toMatchObject({ status: 200, body: '' });
    expect(last()).toMatchObject({
      at: { kind: 'direct', id: 'U01WANG' },
      what: { kind: 'text', text: '附上合同', files: [{ name: '合同.pdf', ref: { id: 'F2' } }] },
    });
    await bench.slack.until(() =>
      bench.slack.messagesOf('U01WANG').some((message) => message.text.includes('收到附件')),
    );
  });

  test('as a reply in a thread names the message', async () => {
    const card = await postCard('U01WANG');
    await bench.slack.say('U01WANG', '同意', [], card.ts);
    expect(last().message).toEqual({ channel: card.channel, message: card.ts });
  });

  test('by mention in a channel, without the mention, and answered for this person alone', async () => {
    bench.desk.says = () => ({ kind: 'said', tone: 'info', text: '帮助在此' });
    await bench.slack.mention('U01WANG', 'C0PR', '/pr help <@U02LI>');
    expect(last()).toMatchObject({ at: { kind: 'channel', id: 'C0PR' }, what: { text: '/pr help <@U02LI>' } });
    await whispered('U01WANG', '帮助在此');
  });

  test('a form, where no window can open, comes as a message in the direct chat and can be submitted there', async () => {
    bench.desk.says = () => ({ kind: 'form', form: spendForm, say: '请填写' });
    await bench.slack.mention('U01WANG', 'C0PR', '/spend');
    const form = await bench.slack.until(() =>
      bench.slack.messagesOf('U01WANG').findLast((message) => bench.slack.cardText(message).includes('填写金额后')),
    );
    const [amount, title] = spendForm.fields;
    bench.desk.says = () => ({
      kind: 'faults',
      form: { ...spendForm, fields: [{ ...amount, value: 'x', fault: '不是金额' }, title] } as Form,
      say: '请看金额',
    });
    await bench.slack.press('U01WANG', form, '提交', { amount: 'x', title: '物料' });
    expect(last().what).toMatchObject({
      kind: 'form',
      action: spendForm.action,
      values: { amount: 'x', title: '物料' },
    });
    await bench.slack.until(() => bench.slack.cardText(form).includes('不是金额'));
    bench.desk.says = () => ({ kind: 'said', tone: 'good', text: '已提交 SP-2026-0009' });
    await bench.slack.press('U01WANG', form, '提交', { amount: '3万', title: '物料' });
    await bench.slack.until(() => bench.slack.cardText(form).includes('已提交 SP-2026-0009'));
    expect(bench.slack.buttons(form)).toEqual([]);
  });

  test('delivered again by Slack is told to the desk once and answered once', async () => {
    bench.desk.says = () => ({ kind: 'said', tone: 'info', text: '只说一次' });
    const answered = await bench.slack.say('U02LI', '/pr help');
    await bench.slack.until(() => bench.slack.messagesOf('U02LI').some((message) => message.text.includes('只说一次')));
    const before = bench.desk.taken.length;
    await bench.slack.again(answered);
    expect(bench.desk.taken.length).toBe(before);
    expect(bench.slack.messagesOf('U02LI').filter((message) => message.text.includes('只说一次'))).toHaveLength(1);
  });

  test('case 34: bots, our own words, edits and channels without a mention are not listened to', async () => {
    const before = bench.desk.taken.length;
    const message = {
      type: 'message',
      channel: bench.slack.directOf('U01WANG'),
      channel_type: 'im',
      ts: '1.1',
      text: '/spend 1 a',
    };
    await bench.slack.event({ ...message, user: 'U7BOT', bot_id: 'B7' });
    await bench.slack.event({ ...message, user: bench.slack.botUser });
    await bench.slack.event({ ...message, user: 'U01WANG', subtype: 'message_changed', hidden: true });
    await bench.slack.event({ ...message, user: 'U01WANG', subtype: 'channel_join' });
    await bench.slack.event({ ...message, user: 'U01WANG', channel: 'C0PR', channel_type: 'channel' });
    expect(bench.desk.taken.length).toBe(before);
  });

  test('opening the home page asks the desk for it', async () => {
    bench.desk.says = () => ({ kind: 'card', card: { ...decisionCard, headline: '等我处理' } });
    await bench.slack.openHome('U02LI');
    expect(last()).toMatchObject({ at: { kind: 'direct', id: 'U02LI' }, what: { kind: 'home' } });
    const home = await bench.slack.until(() => bench.slack.home('U02LI'));
    expect(bench.slack.cardText(home)).toContain('等我处理');
    bench.desk.says = () => ({ kind: 'form', form: reasonForm, say: '' });
    await bench.slack.press('U02LI', home, '拒绝');
    await bench.slack.until(() => bench.slack.window('U02LI'));
  });

  test('a shortcut is its command', async () => {
    bench.desk.says = () => ({ kind: 'form', form: spendForm, say: '' });
    await bench.slack.shortcut('U01WANG', '/spend');
    expect(last()).toMatchObject({ at: { kind: 'direct', id: 'U01WANG' }, what: { kind: 'text', text: '/spend' } });
    await bench.slack.until(() => bench.slack.window('U01WANG'));
  });
});

test('a desk that throws against its word leaves a sentence, not an error of Slack', async () => {
  bench.desk.says = () => {
    throw new Error('database on fire');
  };
  const answered = await bench.slack.slash('U01WANG', 'C0PR', '/spend', '1 a');
  expect(answered.problem).toBeUndefined();
  await whispered('U01WANG', words.failed);
});

test('no words of people and no secrets are in the log', () => {
  const log = JSON.stringify(bench.lines);
  for (const secret of ['超出预算', '春季促销物料', '附上合同', bench.slack.botToken, bench.slack.signingSecret])
    expect(log).not.toContain(secret);
});
