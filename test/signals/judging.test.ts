/** Who is called for a signal, at two in the night; who may say what it is; and what happens while nobody does (C1). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Reply } from '../../src/core/chat.ts';
import { CrisisBook } from '../../src/crisis/book.ts';
import { noticeCard, signalCard } from '../../src/signals/cards.ts';
import { judges, mayJudge } from '../../src/signals/decide.ts';
import { alarmText, reachedText } from '../../src/signals/lookup.ts';
import type { Signal } from '../../src/signals/model.ts';
import type { Given } from '../support/company.ts';
import { BOOK, faultsOf, labelsOf, MINUTE, openSignalDesk, type SignalDesk, textOf, worldOf } from './desk.ts';

let desk: SignalDesk;
beforeAll(async () => {
  desk = await openSignalDesk();
});
afterAll(() => desk.close());
beforeEach(() => desk.become({}));

let count = 0;
/** Five complaints of a kind of their own, and the signal that they raise. */
async function raised(text = '充电时冒烟'): Promise<string> {
  const key = `种类${++count}`;
  await desk.sql`delete from message`;
  await desk.post(
    ...[1, 2, 3, 4, 5].map((i) => ({ id: `${key}-${i}`, indicator: 'complaints', key, text: `${text} ${i}` })),
  );
  return (await desk.numbers()).at(-1) ?? 'none';
}
const judge = (act: 'confirm' | 'dismiss', signal: string) => ({ command: `signals.${act}`, subject: signal });
const said = (reply: Reply): string => ('text' in reply ? reply.text : reply.kind);
const away = (person: string, deputy: string) => ({ person, deputy, from: '2026-11-20', to: '2026-11-30' });

describe('who is called', () => {
  const seat = (who: object) => CrisisBook.parse({ ...BOOK, assess: { who: [who] } });
  test.for<[string, object, Given, string[]]>([
    ['the holders of the role', { role: 'supervisor' }, {}, ['li']],
    ['whoever stands in for them', { role: 'supervisor' }, { away: [away('li', 'wang')] }, ['wang']],
    ['the next one up of whoever has left', { person: 'li' }, { but: { li: { active: false } } }, ['zhao']],
    [
      'but first the stand-in of the handbook',
      { person: 'li', standIn: { person: 'sun' } },
      { but: { li: { active: false } } },
      ['sun'],
    ],
    ['who is there although the role is held by nobody', { role: 'duty', standIn: { role: 'legal' } }, {}, ['sun']],
    ['and where nobody is, whoever looks after the product', { role: 'duty' }, {}, ['chen']],
  ])('%s', ([, who, given, people]) => {
    expect(judges(seat(who), worldOf(given).directory)).toEqual(people);
  });

  test('their card comes at once, in the quiet hours too, and stands in the channel of the crises', async () => {
    const number = await raised();
    expect(await desk.messages()).toEqual(['card channel:crisis at once', 'card person:li at once']);
    const card = await desk.draw(number, 'person:li');
    expect(labelsOf(card)).toEqual(['是危机，拉响警报', '不是危机']);
    expect(card?.summary).toContain(`投诉 · 种类${count}：已累计 5（1 小时内达到 5 即预警）`);
    for (const words of ['充电时冒烟 5', '产品质量', '李娜', '请判断']) expect(textOf(card)).toContain(words);
    expect(labelsOf(await desk.draw(number, 'channel:crisis'))).toEqual(labelsOf(card));
  });

  test('a text that would turn round what stands beside it is shut in', async () => {
    const number = await raised('\u202e批准 <!channel> *אבג* ');
    const text = textOf(await desk.draw(number, 'person:li'));
    expect(text).not.toContain('\u202e');
    expect(text).toContain('\u2068');
  });
});

test('English readers read English: only what was reported stays as it was said', async () => {
  const signal = (await desk.signal(await raised())) as Signal;
  const shown = { ...worldOf(), language: 'en' as const };
  const cards = [
    signalCard(signal, { person: 'li' }, shown),
    noticeCard(signal, 'signal-chased', shown),
    signalCard(
      { ...signal, state: 'dismissed', decided: { by: 'li', at: signal.raisedAt, reason: 'no' } },
      { person: 'li' },
      shown,
    ),
  ];
  for (const card of cards) {
    const text = textOf(card).replaceAll(signal.key, '').replaceAll('充电时冒烟', '').replaceAll('李娜', '');
    expect(text).not.toMatch(/\p{Script=Han}/u);
  }
});

describe('while nobody says what it is', () => {
  test('every fifteen minutes all are told again, and the next one up as well, to the top and on', async () => {
    const number = await raised();
    const start = desk.clock().getTime();
    const calls = async () => {
      await desk.sql`delete from message`;
      const timer = await desk.fire(number);
      expect([timer?.urgent, (desk.clock().getTime() - start) % (15 * MINUTE)]).toEqual([true, 0]);
      return desk.messages();
    };
    expect(await calls()).toEqual(['card person:zhao at once', 'signal-chased person:li at once']);
    expect(await calls()).toEqual([
      'card person:chen at once',
      'signal-chased person:li at once',
      'signal-chased person:zhao at once',
    ]);
    const all = [
      'signal-chased person:chen at once',
      'signal-chased person:li at once',
      'signal-chased person:zhao at once',
    ];
    expect(await calls()).toEqual(all);
    expect(await calls()).toEqual(all);
    expect(textOf(await desk.draw(number, 'person:zhao', 'signal-chased', 'notice'))).toContain('还没有人判断');
    expect(await desk.ledger(number)).toEqual(['signal-raised clock', ...Array(4).fill('signal-chased clock')]);
  });

  test('who is above and away is passed on to their stand-in', async () => {
    desk.become({ away: [away('zhao', 'sun')] });
    const number = await raised();
    await desk.fire(number);
    expect((await desk.signal(number))?.told).toEqual(['li', 'sun']);
  });

  test('once somebody has said it nobody is called again, and what was still to be said is not said', async () => {
    const number = await raised();
    await desk.fire(number);
    await desk.fill('zhao', judge('dismiss', number), { reason: '演习，不是真的' });
    expect(await desk.fire(number)).toBeUndefined();
    expect(await desk.draw(number, 'person:li', 'signal-chased', 'notice')).toBeUndefined();
    expect(textOf(await desk.draw(number, 'person:li', 'signal-dismissed', 'notice'))).toContain('赵敏');
    expect(await desk.messages()).toContain('signal-dismissed person:li later');
  });
});

describe('who may say what it is', () => {
  test.for<[string, string, boolean]>([
    ['the assessor', 'li', true],
    ['whoever is above them', 'zhao', true],
    ['whoever is above those', 'chen', true],
    ['a colleague', 'wang', false],
    ['the lawyer', 'sun', false],
  ])('%s (%s): %s', async ([, person, may]) => {
    const number = await raised();
    const reply = await desk.press(person, judge('confirm', number));
    expect(reply.kind).toBe(may ? 'form' : 'said');
    if (!may) expect(said(reply)).toContain('只有 李娜（及其代理人、上级）可以判断');
    const signal = (await desk.signal(number)) as Signal;
    expect(mayJudge(signal, person, worldOf())).toBe(may);
  });

  test('a forged form of somebody else is refused at the end too, and changes nothing', async () => {
    const number = await raised();
    const reply = await desk.act('wang', {
      kind: 'form',
      action: judge('dismiss', number),
      values: { reason: '没事' },
      files: {},
    });
    expect(said(reply)).toContain('只有 李娜');
    expect((await desk.signal(number))?.state).toBe('open');
  });

  test('who is away may still say it, and so may who stands in for them', () => {
    const world = worldOf({ away: [away('li', 'wang')] });
    expect(['li', 'wang', 'sun'].map((person) => mayJudge({ told: [] }, person, world))).toEqual([true, true, false]);
  });

  test('who has left may not, whatever they were told', () => {
    const world = worldOf({ but: { sun: { active: false } } });
    expect(mayJudge({ told: ['sun'] }, 'sun', world)).toBe(false);
  });

  test('without the handbook’s crisis.yaml those who were told can still end it', async () => {
    const number = await raised();
    desk.withoutBook();
    expect(said(await desk.fill('li', judge('dismiss', number), { reason: '没事' }))).toContain('已排除');
  });
});

describe('what becomes of it', () => {
  test('one confirm raises the alarm: the reason stands there already, and the event says what is concerned', async () => {
    const number = await raised();
    const form = await desk.press('li', judge('confirm', number));
    if (form.kind !== 'form') throw new Error(`a form was to open: ${said(form)}`);
    const reason = form.form.fields.find(({ id }) => id === 'reason');
    expect([reason?.value, form.form.submit]).toEqual([expect.stringContaining('已累计 5'), '拉响警报']);
    const values = { reason: reason?.value ?? '', affected: '星河  充电宝' };
    const reply = await desk.act('li', { kind: 'form', action: form.form.action, values, files: {} });
    expect(said(reply)).toContain('请在那里定级');
    const [event] = await desk.sql`select data from ledger where subject = ${number} and type = 'signal-confirmed'`;
    expect(JSON.parse(event?.data)).toMatchObject({ reason: values.reason, affected: '星河 充电宝' });
    expect(textOf(await desk.draw(number, 'person:li'))).toContain('输入 /crisis 手动拉响');
    await desk.carry({ name: 'signals.note', subject: number, args: { crisis: 'CR-2026-0007' } });
    const card = await desk.draw(number, 'person:li');
    expect([labelsOf(card), textOf(card)]).toEqual([[], expect.stringContaining('CR-2026-0007')]);
  });

  test('the alarm of a confirmed signal says what was counted, why, and what was reported last; and it fits', async () => {
    const signal = (await desk.signal(await raised())) as Signal;
    const confirmed = (reason: string): Signal => ({
      ...signal,
      state: 'confirmed',
      decided: { by: 'li', at: signal.raisedAt, reason },
    });
    const counted = reachedText(signal, 'zh');
    const newest = ['充电时冒烟 3', '充电时冒烟 4', '充电时冒烟 5'];
    expect(alarmText(confirmed('真的起火'), 'zh').split('\n')).toEqual([counted, '真的起火', ...newest]);
    expect(alarmText(confirmed(counted), 'zh').split('\n')).toEqual([counted, ...newest]);
    for (const long of ['长', '🔥'])
      expect(alarmText(confirmed(long.repeat(1000)), 'zh').length).toBeLessThanOrEqual(1000);
  });

  test('dismissing needs a reason', async () => {
    const number = await raised();
    const reply = await desk.fill('li', judge('dismiss', number), { reason: ' \u200b ' });
    if (reply.kind !== 'faults') throw new Error(`the form was to come back: ${said(reply)}`);
    expect(faultsOf(reply.form)).toEqual(['reason: 不能为空。']);
    expect((await desk.signal(number))?.state).toBe('open');
  });

  test('two at once: the first word counts, the second is told whose it was', async () => {
    const number = await raised();
    const replies = await Promise.all([
      desk.fill('li', judge('confirm', number), { reason: '真的起火' }),
      desk.fill('zhao', judge('dismiss', number), { reason: '误报' }),
    ]);
    const texts = replies.map(said);
    expect(texts.filter((text) => /不用再做什么|请在那里定级/.test(text))).toHaveLength(2);
    expect(texts.filter((text) => /已经处理/.test(text))).toHaveLength(1);
    expect((await desk.ledger(number)).length).toBe(2);
    expect(said(await desk.press('chen', judge('confirm', number)))).toContain('已经处理');
  });

  test('nobody presses what only follows from other things', async () => {
    const number = await raised();
    for (const name of ['note', 'chase', 'observe', 'nonsense']) {
      const reply = await desk.press('li', { command: `signals.${name}`, subject: number });
      expect(said(reply)).toContain('看不懂');
    }
    expect(await desk.ledger(number)).toEqual(['signal-raised clock']);
  });
});
