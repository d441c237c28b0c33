/** Who hears of what: a card for everybody whose turn it is, a ring only where a card's change would go unnoticed, promises about time. */
import { describe, expect, it } from 'vitest';
import { WorkHours } from '../../src/core/calendar.ts';
import { whyCard } from '../../src/requests/reasons.ts';
import { openOffice, process, spend } from './office.ts';

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

describe('a signer abroad', () => {
  const american = WorkHours.parse({ timezone: 'America/New_York', from: '09:00', to: '17:00', calendar: 'US' });
  const abroad = (id: string) => ({ but: { [id]: { hours: american } } });
  const both = process([{ need: 'all', who: [{ person: 'qian' }, { person: 'sun' }] }]);

  it('is reminded and passed over by their own working time', () => {
    const office = openOffice(abroad('li'));
    office.submits('wang', small); // a Thursday, 10:00 in Shanghai: Wednesday evening in New York
    expect(due(office, 'remind|supervisor')).toBe('2026-12-03T18:00:00.000Z');
    expect(due(office, 'escalate|supervisor')).toBe('2026-12-04T22:00:00.000Z');
  });
  it('beside one at home: the first of them is recalled at home, and nobody is passed over before both have had their time', () => {
    const office = openOffice({ ...abroad('sun'), process: both });
    office.submits('wang', small);
    expect(due(office, 'remind|s1')).toBe('2026-12-03T06:00:00.000Z');
    expect(due(office, 'escalate|s1')).toBe('2026-12-07T02:00:00.000Z');
    office.later(3);
    office.does('qian', 'approve');
    office.later(1);
    office.clock('remind');
    expect(rung(office)).toEqual(['sun reminded']);
    // eight hours in New York from before its morning: a whole day
    expect(due(office, 'remind|s1')).toBe('2026-12-03T22:00:00.000Z');
  });
  it('whoever takes over has all the time that the process gives, from then on and by their own clock', () => {
    const office = openOffice(abroad('sun'));
    office.submits('wang', small);
    office.later(6);
    office.clock('remind');
    office.does('li', 'hand-over', { to: 'sun' }); // 16:00 in Shanghai, 3:00 in New York
    expect(due(office, 'remind|supervisor')).toBe('2026-12-03T18:00:00.000Z');
    expect(due(office, 'escalate|supervisor')).toBe('2026-12-07T14:00:00.000Z');
  });
  it('who stands in is not passed over for the time that another let go by', () => {
    const office = openOffice();
    office.submits('wang', small);
    office.later(24);
    office.away({ person: 'li', deputy: 'qian' }); // Friday, 10:00
    expect(office.waitsFor()).toEqual(['qian']);
    expect(due(office, 'remind|supervisor')).toBe('2026-12-04T06:00:00.000Z');
    expect(due(office, 'escalate|supervisor')).toBe('2026-12-08T02:00:00.000Z');
  });
  it('the days of their leave do not count', () => {
    const office = openOffice({ away: [{ person: 'li', deputy: 'qian', from: '2026-12-04', to: '2026-12-07' }] });
    office.submits('wang', small);
    expect(due(office, 'escalate|supervisor')).toBe('2026-12-09T02:00:00.000Z');
  });
});

describe('what follows if nobody answers is on the card of why', () => {
  const why = (office: Office, language: 'zh' | 'en'): string[] => {
    const { request } = office;
    const reading = { request, process: spend, directory: office.world().directory, language };
    return whyCard(reading).blocks.flatMap((block) => ('text' in block ? [block.text] : []));
  };
  const FRIDAY = '2026-04-03T17:00:00+08:00';

  it('with the computation: from when, how long, and which days between do not count', () => {
    const office = openOffice();
    office.submits('wang', small);
    expect(why(office, 'zh')).toEqual(
      expect.arrayContaining([
        '若一直未处理：',
        '催办：自 2026-12-03 周四 10:00 起 4 个工作小时，截止 2026-12-03 周四 14:00。',
        '升级给上级：自 2026-12-03 周四 10:00 起 2 个工作日，截止 2026-12-07 周一 10:00（2026-12-05 周六 至 2026-12-06 周日 休息日）。',
      ]),
    );
  });
  it('over 清明节, and of the time that runs since the last reminder', () => {
    const office = openOffice({ at: FRIDAY, today: '2026-04-03' });
    office.submits('wang', small);
    office.clock('remind');
    const text = why(office, 'en');
    expect(text).toContain(
      'Reminder: 8 working hours from Fri 3 Apr 2026 17:00: due Tue 7 Apr 2026 16:00 (Sat 4 Apr 2026 to Mon 6 Apr 2026: Tomb-sweeping Day, holiday).',
    );
  });
  it('by the clock of whoever works elsewhere, and by name', () => {
    const hours = WorkHours.parse({ timezone: 'America/New_York', from: '09:00', to: '17:00', calendar: 'US' });
    const office = openOffice({ but: { li: { hours } } });
    office.submits('wang', small);
    expect(why(office, 'zh')).toContain(
      '催办：自 2026-12-03 周四 10:00 起 4 个工作小时，截止 2026-12-04 周五 02:00，即北美东部时间 2026-12-03 周四 13:00。按 李娜 的工作时间计算。',
    );
  });
  it('says nothing of it when it is decided', () => {
    const office = openOffice();
    office.submits('wang', small);
    office.does('li', 'approve');
    expect(why(office, 'zh').join()).not.toContain('若一直未处理');
  });
});
