/** Who hears of what: a card for everybody whose turn it is, a ring only where a card's change would go unnoticed, promises about time. */
import { describe, expect, it } from 'vitest';
import { openOffice, process } from './office.ts';

const small = { amount: '3.2万', title: '春季促销物料' };
const large = { amount: '6万', title: '展台' };
type Office = ReturnType<typeof openOffice>;

const rung = (office: Office): string[] =>
  office
    .told()
    .flatMap((one) => (one.kind === 'notice' && 'person' in one.to ? [`${one.to.person} ${one.about}`] : []));
const cardsFor = (office: Office): string[] =>
  office.told().flatMap((one) => (one.kind === 'card' ? Object.values(one.to) : []));
const due = (office: Office, key: string): string | undefined =>
  office.timers.get(`SP-2026-0001|${key}`)?.due.toISOString();

describe('who has a card, and who is rung', () => {
  it('submitted: cards for the requester, the signer and the channel; a new card rings by itself', () => {
    const office = openOffice();
    office.submits('wang', large);
    expect(cardsFor(office)).toEqual(['wang', 'li', 'pr']);
    expect(rung(office)).toEqual([]);
  });
  it('whoever would have acted for somebody, but need not any more, gets no card of what does not concern them', () => {
    const office = openOffice({ process: process([{ who: [{ person: 'qian' }, { person: 'li' }] }]) });
    office.submits('wang', small);
    office.does('li', 'add-signer', { to: 'sun', place: 'before' });
    office.does('sun', 'add-signer', { to: 'qian', place: 'after' });
    office.away({ person: 'li', deputy: 'chen' });
    office.does('sun', 'approve');
    office.does('qian', 'approve');
    expect(office.request.state).toBe('approved');
    expect(office.request.parties).not.toContain('chen');
    expect(cardsFor(office)).not.toContain('chen');
  });
  it('nobody is told of what they did themselves', () => {
    const office = openOffice();
    office.submits('wang', small);
    office.does('wang', 'comment', { text: '请尽快' });
    expect(rung(office)).toEqual(['li commented']);
    office.does('li', 'comment', { text: '好' });
    expect(rung(office)).toEqual(['wang commented']);
  });
  it('whoever waits already is rung when their turn comes back, whoever has signed in that step is not', () => {
    const office = openOffice({ process: process([{ need: 'all', who: [{ person: 'qian' }, { person: 'zhao' }] }]) });
    office.submits('wang', small);
    office.does('qian', 'approve');
    office.does('zhao', 'add-signer', { to: 'sun', place: 'before' });
    office.does('sun', 'approve');
    expect(rung(office)).toEqual(['zhao your-turn']);
  });
  it('a stand-in is announced to the requester, by both names', () => {
    const office = openOffice();
    office.submits('wang', small);
    office.away({ person: 'li', deputy: 'qian' });
    expect(office.told().find((one) => one.kind === 'notice')).toMatchObject({
      about: 'acts-now',
      to: { person: 'wang' },
      data: { from: 'li', to: 'qian', why: 'away' },
    });
  });
  it('withdrawn: whoever was waited for is told, whoever had signed is not', () => {
    const office = openOffice();
    office.submits('wang', large);
    office.does('li', 'approve');
    office.does('wang', 'withdraw');
    expect(rung(office)).toEqual(['zhao withdrawn']);
  });
  it('an escalation rings for those who are passed over and for the requester; the silent are reminded no more than once at a time', () => {
    const office = openOffice();
    office.submits('wang', small);
    office.clock('escalate');
    expect(rung(office)).toEqual(['wang escalated', 'li escalated']);
    office.clock('remind');
    expect(rung(office)).toEqual(['li reminded', 'zhao reminded']);
  });
});

describe('promises about time', () => {
  it('the first reminder after 4 working hours, the next every 8, and the escalation after 2 working days', () => {
    const office = openOffice();
    office.submits('wang', small); // a Thursday, 10:00
    expect(due(office, 'remind|supervisor')).toBe('2026-12-03T06:00:00.000Z');
    expect(due(office, 'escalate|supervisor')).toBe('2026-12-07T02:00:00.000Z');
    office.later(4);
    office.clock('remind');
    // 4.5 hours are left of Thursday, 3.5 more on Friday
    expect(due(office, 'remind|supervisor')).toBe('2026-12-04T05:00:00.000Z');
  });
  it('each step has promises of its own, and none outlives it', () => {
    const office = openOffice();
    office.submits('wang', large);
    office.does('li', 'approve');
    expect([...office.timers.keys()].toSorted()).toEqual([
      'SP-2026-0001|escalate|director',
      'SP-2026-0001|remind|director',
    ]);
    office.does('zhao', 'return');
    expect(office.timers.size).toBe(0);
    office.does('wang', 'resubmit', { values: small });
    expect([...office.timers.values()].map(({ args }) => args)).toEqual([
      { step: 'supervisor', submission: 2 },
      { step: 'supervisor', submission: 2 },
    ]);
  });
  it('a promise of an earlier content or of a step that is over is not kept', () => {
    const office = openOffice();
    office.submits('wang', large);
    office.does('li', 'approve');
    for (const act of ['remind', 'escalate']) {
      expect(office.clock(act, { step: 'supervisor' })).toBe('over');
      expect(office.clock(act, { submission: 2 })).toBe('over');
    }
  });
  it('a process that says nothing of reminders and escalation promises nothing', () => {
    const quiet = process([{ who: { line: 'supervisor' } }], { remind: undefined, escalate: undefined });
    const office = openOffice({ process: quiet });
    office.submits('wang', small);
    expect(office.timers.size).toBe(0);
  });
});
