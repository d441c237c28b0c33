/** A3: a crisis' team spends first; who would have approved ratifies afterwards, on a clock of its own, open before everybody's eyes until it ends. */
import { describe, expect, it } from 'vitest';
import { LANE } from '../../src/core/module.ts';
import { noticeCard } from '../../src/requests/notices.ts';
import type { Spend } from '../../src/requests/ratify.ts';
import { whyCard } from '../../src/requests/reasons.ts';
import { refusalText } from '../../src/requests/refusals.ts';
import { STARS } from '../support/company.ts';
import { CRISIS, openOffice } from './office.ts';
import {
  auditor,
  buttonsOn,
  card,
  cardsFor,
  DUE,
  due,
  labels,
  payout,
  reading,
  rung,
  said,
  spentFirst,
} from './spent.ts';

describe('spent first', () => {
  it('is on record as executed at the moment of the act; the same signers are asked as ever, now to ratify', () => {
    const office = spentFirst();
    expect(office.types()).toEqual(['request-submitted', 'request-executed', 'step-opened']);
    expect(office.record[1]?.event.data).toEqual({ crisis: CRISIS, person: 'wang', base: '8000000', due: DUE });
    expect(office.request).toMatchObject({
      state: 'open',
      executed: { crisis: CRISIS, at: '2026-12-03T02:00:00.000Z', due: DUE, overdue: 0 },
    });
    expect(office.waitsFor()).toEqual(['li']);
    office.does('li', 'approve');
    expect(office.waitsFor()).toEqual(['zhao']);
    office.does('zhao', 'approve');
    expect(office.request.state).toBe('approved');
  });
  it('director, finance and audit have a card from the start, beside whoever is asked', () => {
    const office = spentFirst();
    expect(cardsFor(office).toSorted()).toEqual(['li', 'qian', 'wang', 'zhao', 'zhou']);
    expect(office.request.parties.toSorted()).toEqual(['li', 'qian', 'wang', 'zhao', 'zhou']);
  });
  it('the card says that it is spent, until when it is to be ratified, and its buttons say what a press means', () => {
    const office = spentFirst();
    for (const word of [
      '已先行执行，待补批',
      '2026-12-03 周四 10:00 已执行（危机 CR-2026-0003）',
      '2026-12-07 周一 16:00 之前',
      '待补批，等待 李娜',
    ])
      expect(said(card(office))).toContain(word);
    expect(labels(office, 'li').slice(0, 3)).toEqual(['同意补批', '不同意', '退回修改']);
    expect(buttonsOn(card(office)).flatMap(({ style }) => style ?? [])).toEqual(['primary', 'danger']);
    for (const word of [
      'spent first, to be ratified',
      'Ratify by',
      'Spent on Thu 3 Dec 2026 10:00 (crisis CR-2026-0003)',
    ])
      expect(said(card(office, 'li', 'en'))).toContain(word);
  });
  it('ratified: both times stand on the card and behind “why”, and neither is the other', () => {
    const office = spentFirst();
    office.later(25);
    office.does('li', 'approve');
    office.later(1);
    office.does('zhao', 'approve');
    expect(office.request.endedAt).toBe('2026-12-04T04:00:00.000Z');
    expect(office.request.executed?.at).toBe('2026-12-03T02:00:00.000Z');
    for (const text of [said(card(office)), said(whyCard(reading(office)))])
      for (const word of ['2026-12-03 周四 10:00 已执行', '补批时间', '2026-12-04 周五 12:00'])
        expect(text).toContain(word);
    expect(said(card(office))).toContain('已先行执行，已补批');
    expect(card(office).tone).toBe('good');
    expect(said(card(office))).toContain('李娜 已于 2026-12-04 周五 11:00 同意补批');
    expect(due(office)).toBeUndefined();
  });
  it('refused: the reason is on record, the card says that it was refused, and its clock stops', () => {
    const office = spentFirst();
    expect(office.does('li', 'reject', { reason: '没有合同' })).toBe('done');
    expect(office.types().slice(-2)).toEqual(['step-rejected', 'request-rejected']);
    expect(said(card(office))).toContain('补批被拒绝');
    expect(office.timers.size).toBe(0);
    const notice = noticeCard(reading(office), 'rejected', { reason: '没有合同' }, 'li').summary;
    expect(notice).toContain('补批被 李娜 拒绝');
  });
  it('nobody ratifies what they spent: the supervisor’s own goes to the director, and is nowhere theirs to press', () => {
    const office = spentFirst('li');
    expect(office.waitsFor()).toEqual(['zhao']);
    expect(office.does('li', 'approve')).toBe('own-request');
    expect(labels(office, 'li')).not.toContain('同意补批');
  });
  it('cannot be withdrawn, for the money is gone: refused, and no button offers it', () => {
    const office = spentFirst();
    expect(office.does('wang', 'withdraw')).toBe('spent-already');
    expect(labels(office, 'wang')).not.toContain('撤回');
    office.does('li', 'return');
    expect(office.does('wang', 'withdraw')).toBe('spent-already');
    expect(labels(office, 'wang')).toEqual(expect.arrayContaining(['修改后重新提交']));
  });
});

describe('its own clock', () => {
  it('nobody ratified in time: the signer, whoever is above them, director, finance and audit are told; the one above may sign', () => {
    const office = spentFirst();
    expect(due(office)).toBe(DUE);
    office.later(6 + 24 * 4);
    expect(office.clock('ratify-due', { times: 1 })).toBe('done');
    expect(office.types().at(-1)).toBe('ratification-overdue');
    expect(rung(office).toSorted()).toEqual(
      ['li', 'qian', 'wang', 'zhao', 'zhou'].map((one) => `${one} ratification-overdue`),
    );
    expect(office.waitsFor()).toEqual(['li', 'zhao']);
    expect(said(card(office))).toContain('已逾期（已催 1 次）');
    expect(card(office).tone).toBe('bad');
    const text = noticeCard(reading(office), 'ratification-overdue', { times: 1 }, '').summary;
    expect(text).toContain('下架赔付 ¥80,000.00 已支出，应在 2026-12-07 周一 16:00 之前补批，仍在等待 李娜、赵敏');
  });
  it('again every eight working hours, one further up each time, until somebody has had the last word', () => {
    const office = spentFirst();
    office.later(6 + 24 * 4); // Monday, 16:00
    office.clock('ratify-due', { times: 1 });
    expect(due(office)).toBe('2026-12-08T07:00:00.000Z');
    office.later(23);
    expect(office.clock('ratify-due', { times: 2 })).toBe('done');
    expect(office.waitsFor()).toEqual(['li', 'zhao', 'chen']);
    expect(rung(office)).toContain('chen ratification-overdue');
    expect(cardsFor(office)).toContain('chen');
    office.later(24);
    // nobody is above the top: it is told all the same
    expect(office.clock('ratify-due', { times: 3 })).toBe('done');
    expect(office.waitsFor()).toEqual(['li', 'zhao', 'chen']);
    office.does('chen', 'approve');
    expect(due(office)).toBeDefined();
    office.does('zhao', 'approve');
    expect(office.request.state).toBe('approved');
    expect(due(office)).toBeUndefined();
    expect(office.clock('ratify-due', { times: 4 })).toBe('over');
  });
  it('returned and forgotten: it is the requester who is silent, and those above them hear of it with a card of their own', () => {
    const office = spentFirst();
    office.does('li', 'return');
    expect(due(office)).toBe(DUE);
    office.later(6 + 24 * 4);
    expect(office.clock('ratify-due', { times: 1 })).toBe('done');
    expect(rung(office).toSorted()).toEqual(
      ['li', 'qian', 'wang', 'zhao', 'zhou'].map((one) => `${one} ratification-overdue`),
    );
    office.clock('ratify-due', { times: 2 });
    office.clock('ratify-due', { times: 3 });
    expect(rung(office)).toContain('chen ratification-overdue');
    expect(cardsFor(office)).toContain('chen');
    expect(noticeCard(reading(office), 'ratification-overdue', { times: 3 }, '').summary).toContain('仍在等待 王晓文');
  });
  it('a timer of an earlier telling, a request of no crisis and a forged press are not heard', () => {
    const office = spentFirst();
    expect(office.clock('ratify-due', { times: 2 })).toBe('over');
    expect(office.forges('qian', 'ratify-due', { times: 1 })).toBe('not-yours');
    const plain = openOffice();
    plain.submits('wang', payout);
    expect(plain.clock('ratify-due', { times: 1 })).toBe('over');
  });
  it('reminders and escalation of the process go on besides', () => {
    const office = spentFirst();
    expect([...office.timers.keys()].toSorted()).toEqual(
      ['escalate|supervisor', 'ratify', 'remind|supervisor'].map((key) => `SP-2026-0001|${key}`),
    );
    office.clock('remind');
    expect(noticeCard(reading(office), 'reminded', { times: 1 }, '').summary).toContain('仍在等待你补批');
  });
});

describe('what people are told', () => {
  const all = ['approved', 'rejected', 'returned', 'urged', 'your-turn', 'reminded', 'escalated', 'held', 'released'];
  it.each([...all, 'ratification-overdue'])('%s: one sentence in either language, with the number in it', (about) => {
    const office = spentFirst();
    const data = { times: 2, to: ['zhao'], crisis: CRISIS, reason: '没有合同' };
    for (const language of ['zh', 'en'] as const) {
      const { summary } = noticeCard(reading(office, language), about, data, 'li');
      expect(summary).toContain('SP-2026-0001');
      expect(summary).not.toMatch(/undefined|NaN|\[object/);
    }
  });
  it('no words that somebody typed for a crisis turn the sentence around', () => {
    const { office } = openTyped('\u202Eشركة');
    const text = refusalText('no-crisis', office.why(), undefined, { world: office.world(), language: 'zh' });
    expect(text).toContain('\u2068شركة\u2069');
    expect(text).not.toContain('\u202E');
  });
  const openTyped = (crisis: string) => {
    const office = openOffice();
    expect(office.forges('wang', 'submit', { process: 'spend', values: payout, crisis })).toBe('no-crisis');
    return { office };
  };
});

describe('not to be spent before it is approved', () => {
  const asked = (verdict: Spend['verdict'] | undefined) => {
    const office = openOffice({ people: [...STARS, auditor] });
    return { office, outcome: office.spends('wang', payout, verdict) };
  };
  it.each([
    [{ why: 'over-cap', left: '2000000' }, '超出你在这起危机里的先行额度，还剩 ¥20,000.00'],
    [{ why: 'over-total', left: '0' }, '超出团队的先行总额度，还剩 ¥0.00'],
    [{ why: 'not-member' }, '你不在这起危机的团队里'],
    [{ why: 'suspended' }, '额度已暂停'],
    [{ why: 'no-plan' }, '没有先行额度'],
    [{ why: 'not-graded' }, '还没有定级'],
    [{ why: 'over' }, '已经解除'],
    [{ why: 'no-amount' }, '没有填金额'],
  ] as const)('%o: a normal request, marked urgent, and the card says why', (no, words) => {
    const { office, outcome } = asked({ execute: false, ...no });
    expect(outcome).toBe('done');
    expect(office.types()).toEqual(['request-submitted', 'step-opened']);
    expect(office.request).toMatchObject({ urgent: { crisis: CRISIS, ...no } });
    expect(office.request.executed).toBeUndefined();
    expect(said(card(office))).toContain(words);
    expect(card(office).headline).toBe('SP-2026-0001 费用申请 · 加急');
    expect(labels(office, 'li')).toContain('批准');
    expect(office.does('wang', 'withdraw')).toBe('done');
  });
  it('in a drill no money moves, and a crisis that is none is none: nothing is submitted, and the sentence says so', () => {
    for (const [verdict, code, words] of [
      [{ execute: false, why: 'drill' }, 'in-drill', '演练里不动钱，这笔支出没有记为申请'],
      [{ execute: false, why: 'unknown' }, 'no-crisis', `没有「${CRISIS}」这起危机`],
      [undefined, 'no-crisis', `没有「${CRISIS}」这起危机`],
    ] as const) {
      const { office, outcome } = asked(verdict);
      expect(outcome).toBe(code);
      expect(office.record).toEqual([]);
      expect(refusalText(code, office.why(), undefined, { world: office.world(), language: 'zh' })).toContain(words);
      expect(refusalText(code, office.why(), undefined, { world: office.world(), language: 'en' })).toContain(CRISIS);
    }
  });
  it('what the team needs approved wakes its signer, what others ask for does not (N2)', () => {
    const lanes = (why: 'over-cap' | 'not-member') =>
      asked({ execute: false, why })
        .office.told()
        .flatMap((one) => (one.kind === 'card' && 'person' in one.to ? [`${one.to.person} ${one.lane}`] : []));
    expect(lanes('over-cap')).toEqual([`wang ${LANE.card}`, `li ${LANE.page}`]);
    expect(lanes('not-member')).toEqual([`wang ${LANE.card}`, `li ${LANE.card}`]);
  });
});
