/** A3, returned: other papers but never another amount, and an end also where the papers never come. */
import { describe, expect, it } from 'vitest';
import { checkSubmission } from '../../src/requests/content.ts';
import { editionFor } from '../../src/requests/edition.ts';
import { atItsRates } from '../../src/requests/ratify.ts';
import { refusalText } from '../../src/requests/refusals.ts';
import { STARS } from '../support/company.ts';
import { FORM, openOffice, process, spend } from './office.ts';
import { card, DUE, due, labels, type Office, payout, rung, said, spentFirst, yes } from './spent.ts';

describe('returned for papers', () => {
  it('it stays spent, with the times that it had; those who watch keep their cards', () => {
    const office = spentFirst();
    office.does('li', 'return');
    expect(said(card(office))).toContain('待补批，已退回补材料');
    office.later(5);
    expect(office.does('wang', 'resubmit', { values: { ...payout, title: '下架赔付（附合同）' } })).toBe('done');
    expect(office.request.executed).toMatchObject({ at: '2026-12-03T02:00:00.000Z', due: DUE });
    expect(office.types().filter((type) => type === 'request-executed')).toHaveLength(1);
    expect(office.request.copies.toSorted()).toEqual(['qian', 'zhao', 'zhou']);
    expect(due(office)).toBe(DUE);
  });
  it.each([
    ['80000.01', 'spent-amount'],
    ['USD 1', 'badly-filled'],
    ['7.5万', 'spent-amount'],
    ['49000', 'spent-amount'],
    ['8万', 'done'],
  ])('asked for again with %s: %s', (amount, outcome) => {
    const office = spentFirst();
    office.does('li', 'return');
    expect(office.does('wang', 'resubmit', { values: { ...payout, amount } })).toBe(outcome);
  });
  it('nor may it be moved to another field of money, nor left empty', () => {
    const amount = { id: 'amount', type: 'money', label: { zh: '金额', en: 'Amount' }, required: false };
    const form = [amount, { ...amount, id: 'fee', label: { zh: '运费', en: 'Freight' } }, FORM[1]];
    const office = openOffice({ process: process([{ who: { line: 'supervisor' } }], { form }) });
    office.spends('wang', { ...payout, fee: '500' }, yes);
    office.does('li', 'return');
    const again = (values: Record<string, string>) => office.does('wang', 'resubmit', { values });
    expect(again({ title: '下架赔付', fee: '8万' })).toBe('spent-amount');
    expect(again({ title: '下架赔付' })).toBe('spent-amount');
    expect(again({ ...payout, fee: '500' })).toBe('done');
  });
  it('less is another amount as well: nobody gets around the director by asking for what needs only the supervisor', () => {
    const office = spentFirst();
    office.does('li', 'return');
    office.does('wang', 'resubmit', { values: { ...payout, amount: '4.9万' } });
    expect(office.request.values.amount).toMatchObject({ minor: '8000000' });
    office.does('wang', 'resubmit', { values: payout });
    office.does('li', 'approve');
    expect(office.waitsFor()).toEqual(['zhao']);
  });
  it('the handbook names the field of the money anew: the same amount stands in it, and no other', () => {
    const office = spentFirst();
    office.does('li', 'return');
    const [amount, title] = FORM;
    const form = [{ ...amount, id: 'total' }, title];
    office.newPolicy(process([{ who: { line: 'supervisor' } }], { form, quick: ['total', 'title'] }));
    const again = (total: string) => office.does('wang', 'resubmit', { values: { total, title: '下架赔付' } });
    expect(again('7万')).toBe('spent-amount');
    expect(again('8万')).toBe('done');
  });
  it('in another currency it costs what it cost: the rate of that day counts, whatever the handbook says since', () => {
    const paid = { minor: '1000000', currency: 'USD', base: '7200000', rate: '7.2' };
    const office = spentFirst();
    const spentAbroad = { ...office.request, values: { amount: paid, title: '空运' } };
    const world = office.world();
    const { company } = world.directory;
    const rates = { USD: '4.1', EUR: '7.8' };
    const today = { ...world, directory: { ...world.directory, company: { ...company, rates } } };
    const filled = { amount: 'USD 10000', title: '空运' };
    const [edition] = world.processes;
    if (!edition) throw new Error('no process');
    const check = (there: typeof world) => checkSubmission(edition, filled, 'wang', there);
    expect(check(atItsRates(spentAbroad, today))).toMatchObject({ values: { amount: paid } });
    const { executed: _spent, ...plain } = spentAbroad;
    expect(check(atItsRates(plain, today))).toMatchObject({ values: { amount: { base: '4100000' } } });
  });
  it('its process has left the handbook: it is filled in as it was, and has an end; what is not spent has no way back', async () => {
    const { request, world } = spentFirst();
    const gone = { ...world(), processes: [] };
    expect(await editionFor(request, gone)).toEqual({ process: spend, version: 1 });
    const { executed: _spent, ...plain } = request;
    expect(await editionFor(plain, gone)).toBeUndefined();
    expect(await editionFor(plain, world())).toEqual({ process: spend, version: 1 });
  });
  it('whoever was told that its time is over watches on when it comes again', () => {
    const office = spentFirst();
    office.does('li', 'return');
    for (const times of [1, 2, 3]) office.clock('ratify-due', { times });
    expect(office.request.copies).toContain('chen');
    office.does('wang', 'resubmit', { values: payout });
    expect(office.request.copies.toSorted()).toEqual(['chen', 'qian', 'zhao', 'zhou']);
  });
  it('the sentence says what was spent', () => {
    const office = spentFirst();
    office.does('li', 'return');
    office.does('wang', 'resubmit', { values: { ...payout, amount: '9万' } });
    const text = refusalText('spent-amount', office.why(), office.request, { world: office.world(), language: 'zh' });
    expect(text).toContain('已经花掉的金额 ¥80,000.00 不能改');
  });
});

describe('returned, and never sent again', () => {
  const returned = (overdue = 0): Office => {
    const office = spentFirst();
    office.does('li', 'return');
    for (let times = 1; times <= overdue; times += 1) expect(office.clock('ratify-due', { times })).toBe('done');
    return office;
  };
  it.each([
    ['whoever returned it', 'li', 0],
    ['the director above them', 'zhao', 1],
    ['the top, once it was told', 'chen', 3],
  ])('%s says that it is not ratified: it ends, with the reason on record', (_who, who, overdue) => {
    const office = returned(overdue);
    expect(office.does(who, 'reject', { reason: '没有收据' })).toBe('done');
    expect(office.record.at(-1)?.event).toEqual({ type: 'request-rejected', data: { reason: '没有收据' } });
    expect(office.request).toMatchObject({ state: 'rejected', ended: { by: who, comment: '没有收据' } });
    expect(rung(office)).toContain('wang rejected');
    expect(office.timers.size).toBe(0);
    expect(office.does('wang', 'resubmit', { values: payout })).toBe('not-returned');
  });
  it.each([
    ['wang', 'already-decided'],
    ['qian', 'already-decided'],
    ['zhou', 'already-decided'],
    ['sun', 'not-yours'],
    ['chen', 'not-yours'],
  ])('%s does not: %s', (who, code) => {
    const office = returned(1);
    expect(office.does(who, 'reject')).toBe(code);
    expect(office.request.state).toBe('returned');
  });
  it('from a card of an earlier content nothing is refused; what was never spent is not refused once it is returned', () => {
    expect(returned().does('li', 'reject', { seen: 7 })).toBe('stale');
    const plain = openOffice();
    plain.submits('wang', payout);
    plain.does('li', 'return');
    expect(plain.does('li', 'reject')).toBe('already-decided');
    expect(labels(plain, 'li')).not.toContain('驳回');
  });
  it('the button stands on the card of whoever returned it, and of those above once the time is over', () => {
    const before = returned();
    expect(labels(before, 'li')[0]).toBe('不同意');
    for (const one of ['wang', 'zhao', 'qian', 'zhou']) expect(labels(before, one)).not.toContain('不同意');
    const after = returned(1);
    for (const one of ['li', 'zhao']) expect(labels(after, one)[0]).toBe('不同意');
    for (const one of ['wang', 'qian', 'zhou']) expect(labels(after, one)).not.toContain('不同意');
    // above everybody, but not told yet
    expect(labels(after, 'chen')).not.toContain('不同意');
    after.does('wang', 'resubmit', { values: payout });
    expect(labels(after, 'zhao')).not.toContain('不同意');
  });
  it('its signer stands in no line above whoever spent it: those above the signer are told, and may end it', () => {
    const office = openOffice({ process: process([{ who: { role: 'finance' } }]) });
    office.spends('li', payout, yes);
    office.does('qian', 'return');
    office.clock('ratify-due', { times: 1 });
    expect(rung(office)).toContain('chen ratification-overdue');
    expect(office.does('chen', 'reject')).toBe('done');
  });
  it('who returned it has left and nobody was above them: those above whoever spent it end it, or those who watch', () => {
    const people = STARS.map((one) => (one.id === 'qian' ? { ...one, manager: undefined } : one)) as typeof STARS;
    const office = openOffice({ people, process: process([{ who: { role: 'finance' } }]) });
    office.spends('wang', payout, yes);
    office.does('qian', 'return');
    office.changes({ qian: { active: false } });
    office.clock('ratify-due', { times: 1 });
    expect(office.does('qian', 'reject')).toBe('already-decided');
    expect(office.does('li', 'reject')).toBe('done');
    const top = openOffice({ people, process: process([{ who: { role: 'finance' } }]) });
    top.spends('chen', payout, yes);
    top.does('qian', 'return');
    top.changes({ qian: { active: false } });
    expect(top.does('zhao', 'reject')).toBe('done');
  });
});
