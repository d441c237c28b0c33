/** What may happen to a crisis, and who may do it: alarm, grade, seats, facts, money, freeze, the end of it (C2, C4, C6, C7). */
import { beforeEach, describe, expect, test } from 'vitest';
import { isAffected, spendVerdict } from '../../src/crisis/lookup.ts';
import { directory } from '../support/company.ts';
import { book, type Office, openOffice } from './office.ts';

let office: Office;
let number: string;
beforeEach(() => {
  office = openOffice();
  number = office.raises('wang');
});
const grades = (how: string, by = 'zhao', more = {}) =>
  office.does(by, 'grade', number, { grade: how, reason: '有人受伤', ...more });
const types = () => office.events.filter((event) => event.data).map(({ type }) => type);

describe('the alarm and its grade', () => {
  test('anybody raises it; the assessors, the team and those above them grade it, nobody else', () => {
    expect(office.crisis(number)).toMatchObject({ state: 'alarm', raisedBy: 'wang', parties: ['wang', 'li', 'zhao'] });
    expect(grades('major', 'wang')).toBe('not-assessor');
    expect(grades('major', 'qian')).toBe('not-assessor');
    expect(grades('major', 'chen')).toBe('done');
    expect(office.crisis(number)).toMatchObject({ state: 'open', grade: 'major' });
  });

  test('raised and lowered later, each time with its reason; a card of before is not carried out', () => {
    grades('major');
    expect(grades('critical', 'zhao', { seen: '' })).toBe('stale');
    expect(grades('critical', 'zhao', { seen: 'major' })).toBe('done');
    expect(grades('critical')).toBe('same-grade');
    expect(grades('general', 'chen')).toBe('done');
    expect(office.crisis(number).grades.map(({ grade, by }) => `${grade} ${by}`)).toEqual([
      'major zhao',
      'critical zhao',
      'general chen',
    ]);
    expect(office.does('zhao', 'grade', number, { grade: 'major', reason: '' })).toBe('unreadable');
  });

  test('a higher grade calls those who are not called yet, and no one twice', () => {
    grades('major');
    expect(office.crisis(number).team.map((one) => one.person)).toEqual(['zhao', 'sun']);
    office.newlyRung();
    grades('critical');
    expect(office.newlyRung()).toEqual(['03:00 chen chat']);
  });

  test('a data leak is its own kind, with its own team', () => {
    grades('critical', 'zhao', { kind: 'data-leak' });
    expect(office.crisis(number).team.map((one) => one.person)).toEqual(['sun']);
    expect(grades('critical', 'zhao', { kind: 'weather' })).toBe('unknown-kind');
    expect(grades('general', 'zhao', { kind: 'data-leak' })).toBe('done');
  });

  test('a later handbook does not change the plan of a crisis that is graded', () => {
    grades('major');
    office.book = { ...office.book, plans: office.book.plans.map((plan) => ({ ...plan, spending: undefined })) };
    expect(office.crisis(number).plan?.spending?.each).toBe('10万');
  });

  test('an alarm by mistake: whoever raised it takes it back with a reason, and nobody is rung any more', () => {
    expect(office.does('qian', 'stand-down', number, { how: 'false-alarm', reason: '看错了' })).toBe('not-lead');
    expect(office.does('wang', 'stand-down', number, { how: 'controlled', reason: '看错了' })).toBe('not-graded');
    expect(office.does('wang', 'stand-down', number, { how: 'false-alarm', reason: '看错了' })).toBe('done');
    office.newlyRung();
    office.passes(600);
    expect(office.newlyRung()).toEqual([]);
    expect(grades('major')).toBe('crisis-over');
  });
});

describe('who does what', () => {
  beforeEach(() => void grades('critical'));

  test('a seat is taken by one of the team, given by the lead; who is given one and is not of the team is called', () => {
    expect(office.does('qian', 'take-seat', number, { seat: 'scribe' })).toBe('not-member');
    expect(office.does('zhao', 'take-seat', number, { seat: 'lead' })).toBe('done');
    expect(office.does('zhao', 'take-seat', number, { seat: 'lead' })).toBe('seat-yours-already');
    office.newlyRung();
    expect(office.does('sun', 'give-seat', number, { seat: 'scribe', to: 'qian' })).toBe('not-lead');
    expect(office.does('zhao', 'give-seat', number, { seat: 'scribe', to: 'qian' })).toBe('done');
    expect(office.newlyRung()).toEqual(['03:00 qian chat']);
    expect(office.crisis(number).seats).toMatchObject({ lead: { person: 'zhao' }, scribe: { person: 'qian' } });
  });

  test('empty seats are asked for after ten minutes, again and again until all are taken', () => {
    office.does('zhao', 'take-seat', number, { seat: 'lead' });
    office.passes(10);
    expect(office.events.findLast((event) => event.type === 'seats-asked')?.data).toEqual({
      seats: ['scribe', 'spokesperson', 'legal'],
    });
    for (const seat of ['scribe', 'spokesperson', 'legal']) office.does('sun', 'take-seat', number, { seat });
    const before = types().filter((type) => type === 'seats-asked').length;
    office.passes(60);
    expect(types().filter((type) => type === 'seats-asked').length).toBe(before);
  });

  test('an update is due every twenty minutes in a critical crisis, and chased from the scribe and the lead', () => {
    office.does('zhao', 'take-seat', number, { seat: 'lead' });
    office.does('sun', 'take-seat', number, { seat: 'scribe' });
    office.passes(19);
    expect(types()).not.toContain('update-chased');
    expect(office.does('sun', 'update', number, { known: '三起投诉', said: '', next: '找批次' })).toBe('done');
    office.passes(19);
    expect(types()).not.toContain('update-chased');
    office.passes(1);
    expect(office.events.findLast((event) => event.type === 'update-chased')?.data).toMatchObject({
      to: ['sun', 'zhao'],
    });
  });

  test('a fact has the time when it happened beside the time when it was noted; the future has not happened', () => {
    expect(office.does('wang', 'fact', number, { text: '第一起投诉', happenedAt: '2026-11-21T18:40:00.000Z' })).toBe(
      'done',
    );
    expect(office.crisis(number).facts.at(-1)).toMatchObject({
      by: 'wang',
      happenedAt: '2026-11-21T18:40:00.000Z',
      notedAt: '2026-11-21T19:00:00.000Z',
    });
    expect(office.does('wang', 'fact', number, { text: '明天', happenedAt: '2026-11-22T18:40:00.000Z' })).toBe(
      'future',
    );
    expect(office.does('qian', 'fact', number, { text: '我不在队里' })).toBe('not-member');
  });

  test('a task is done once, by its owner or the team', () => {
    expect(office.does('zhao', 'task', number, { text: '联系平台', owner: 'wang' })).toBe('done');
    expect(office.does('qian', 'task-done', number, { task: 't1' })).toBe('not-member');
    expect(office.does('wang', 'task-done', number, { task: 't1' })).toBe('done');
    expect(office.does('wang', 'task-done', number, { task: 't1' })).toBe('task-done-already');
  });

  test('nobody says by a button what only time, a platform or another noun may say', () => {
    for (const act of ['climb', 'report', 'room', 'spend', 'ratified', 'spend-refused', 'statement', 'check-idle'])
      expect(office.does('chen', act, number, {})).toMatch(/unknown-command|unreadable/);
  });
});

describe('money before the approval (C6, A3)', () => {
  const spend = (request: string, person: string, base: string) =>
    office.clock('spend', number, { request, person, base, due: '2026-11-26T10:00:00.000Z' });
  const verdict = (person: string, yuan: number) =>
    spendVerdict(office.crisis(number), person, BigInt(yuan) * 100n, office.world());

  test('a member spends within the cap; the sum counts, each member’s and that of all', () => {
    expect(verdict('zhao', 1)).toEqual({ execute: false, why: 'not-graded' });
    grades('major');
    expect(verdict('wang', 1)).toEqual({ execute: false, why: 'not-member' });
    expect(verdict('zhao', 100_000)).toMatchObject({ execute: true });
    expect(verdict('zhao', 100_001)).toEqual({ execute: false, why: 'over-cap', left: '10000000' });
    spend('SP-2026-0001', 'zhao', '8000000');
    expect(verdict('zhao', 20_001)).toEqual({ execute: false, why: 'over-cap', left: '2000000' });
    expect(verdict('sun', 70_000)).toMatchObject({ execute: true });
    expect(verdict('sun', 70_001)).toEqual({ execute: false, why: 'over-total', left: '7000000' });
  });

  test('refused afterwards: it has to be recovered, and that member spends nothing more until somebody else clears it', () => {
    grades('major');
    spend('SP-2026-0001', 'zhao', '5000000');
    expect(office.clock('spend-refused', number, { request: 'SP-2026-0001', by: 'chen', reason: '没有必要' })).toBe(
      'done',
    );
    expect(office.events.at(-1)).toMatchObject({
      type: 'spend-refused',
      data: { person: 'zhao', refusedBy: 'chen', decision: 'DM-2026-0001', dueOn: '2026-11-30' },
    });
    expect(verdict('zhao', 1)).toEqual({ execute: false, why: 'suspended' });
    expect(verdict('sun', 1)).toMatchObject({ execute: true });
    expect(office.does('zhao', 'clear', number, { person: 'zhao', reason: '已追回' })).toBe('not-lead');
    expect(office.does('chen', 'clear', number, { person: 'zhao', reason: '已追回' })).toBe('done');
    expect(verdict('zhao', 100_000)).toMatchObject({ execute: true });
    expect(office.clock('ratified', number, { request: 'SP-2026-0001' })).toBe('nothing-to-do');
  });

  test('no money moves in a drill, nor after the crisis is over', () => {
    number = office.raises('zhao', { drill: 'fire' });
    grades('major');
    expect(verdict('zhao', 1)).toEqual({ execute: false, why: 'drill' });
  });
});

test('what was refused is out of every cap until somebody says that it is back; a lower plan does not spend for the higher one’s people', () => {
  number = office.raises('wang');
  grades('critical');
  const yuan = (person: string, amount: number) =>
    spendVerdict(office.crisis(number), person, BigInt(amount) * 100n, office.world());
  expect(yuan('chen', 1)).toMatchObject({ execute: true });
  grades('major');
  expect(yuan('chen', 1)).toMatchObject({ execute: false, why: 'not-member' });
  office.clock('spend', number, { request: 'SP-1', person: 'zhao', base: '10000000', due: '2026-11-26T10:00:00.000Z' });
  office.clock('spend-refused', number, { request: 'SP-1', by: 'chen', reason: '没有必要' });
  expect(yuan('sun', 50_001)).toMatchObject({ execute: false, why: 'over-total' });
  office.does('chen', 'clear', number, { person: 'zhao', reason: '已追回' });
  expect(yuan('sun', 50_001)).toMatchObject({ execute: true });
});

describe('the freeze', () => {
  test('from major on, of what is affected; it ends only with a recorded go', () => {
    grades('general', 'zhao', { affected: '春季促销' });
    expect(office.crisis(number).freeze).toBeUndefined();
    grades('major');
    expect(office.crisis(number).freeze).toMatchObject({ state: 'on', affected: '春季促销' });
    expect(office.does('chen', 'stand-down', number, { how: 'controlled', reason: '已控制' })).toBe('freeze-on');
    expect(office.does('wang', 'resume', number, { go: true, reason: '可以' })).toBe('not-lead');
    expect(office.does('zhao', 'resume', number, { go: false, reason: '再等等' })).toBe('done');
    expect(office.crisis(number).freeze?.state).toBe('on');
    expect(office.does('zhao', 'resume', number, { go: true, reason: '原因已查明' })).toBe('done');
    expect(office.does('zhao', 'resume', number, { go: true, reason: '再说一次' })).toBe('not-frozen');
    expect(office.crisis(number).freeze?.verdicts.map(({ go }) => go)).toEqual([false, true]);
    // lowered and raised again, it is decided anew
    grades('critical');
    expect(office.crisis(number).freeze?.state).toBe('on');
  });

  test('nothing is held for a drill, nor where nobody has said what is affected', () => {
    grades('critical');
    expect(office.crisis(number).freeze).toBeUndefined();
    number = office.raises('zhao', { drill: 'fire', affected: '春季促销' });
    grades('critical');
    expect(office.crisis(number).freeze).toBeUndefined();
  });

  test.for([
    ['春季促销', '春季促销物料', true],
    ['春季促销', '春 季 促 销 海报', true],
    ['Spring，春季促销', 'ＳＰＲＩＮＧ launch', true],
    ['春季促销', '秋季发布会', false],
    ['《北斗》系列\n织女', '北斗系列海报', true],
    ['《北斗》系列\n织女', '“织女”发布会', true],
    ['A', 'PARK 推广', false],
    ['Star A', '投放 STAR A 首发', true],
    ['', '春季促销', false],
    ['，、', '春季促销', false],
  ] as const)('of 「%s」 the request 「%s」: %s', ([affected, text, is]) => {
    expect(isAffected(affected, [text])).toBe(is);
  });
});

describe('afterwards', () => {
  test('tasks with owner and date once it is over; before that there is no afterwards', () => {
    grades('general');
    const lessons = { kind: 'lessons', text: '更新质检流程', owner: 'li', due: '2026-12-10' };
    expect(office.does('zhao', 'aftercare', number, lessons)).toBe('not-over');
    expect(office.does('li', 'stand-down', number, { how: 'controlled', reason: '平台已下架' })).toBe('done');
    expect(office.does('qian', 'aftercare', number, lessons)).toBe('not-member');
    expect(office.does('zhao', 'aftercare', number, lessons)).toBe('done');
    expect(office.crisis(number).aftercare).toEqual([{ kind: 'lessons', decision: 'DM-2026-0001' }]);
    expect(office.does('zhao', 'fact', number, { text: '复盘时补记' })).toBe('done');
  });
});

describe('nobody gives themselves what is not theirs', () => {
  const verdict = (person: string) => spendVerdict(office.crisis(number), person, 100n, office.world());

  test('whoever raised it says what they know, and takes no seat, no task, no money', () => {
    grades('major');
    expect(office.does('wang', 'fact', number, { text: '现场在二号仓' })).toBe('done');
    for (const [act, args] of [
      ['add', { person: 'wang' }],
      ['take-seat', { seat: 'lead' }],
      ['task', { text: 'x', owner: 'wang' }],
      ['update', { known: 'x', said: '', next: '' }],
    ] as const)
      expect(office.does('wang', act, number, args)).toBe('not-member');
    expect(verdict('wang')).toMatchObject({ execute: false, why: 'not-member' });
  });

  test('who was brought in by the plan’s own team may spend; who brought in themselves, or was by such a one, may not', () => {
    grades('major');
    expect(office.does('zhao', 'add', number, { person: 'qian' })).toBe('done');
    expect(verdict('qian')).toMatchObject({ execute: true });
    expect(office.does('qian', 'add', number, { person: 'wang' })).toBe('done');
    expect(verdict('wang')).toMatchObject({ execute: false, why: 'not-member' });
  });

  test('a seat that somebody has is given, not taken; the lead may, and who has left holds nothing up', () => {
    grades('critical');
    office.does('zhao', 'take-seat', number, { seat: 'lead' });
    office.does('sun', 'take-seat', number, { seat: 'scribe' });
    expect(office.does('sun', 'take-seat', number, { seat: 'lead' })).toBe('seat-held');
    expect(office.does('zhao', 'take-seat', number, { seat: 'scribe' })).toBe('done');
    office.directory = directory({ but: { zhao: { active: false } } });
    expect(office.does('sun', 'take-seat', number, { seat: 'lead' })).toBe('done');
  });

  test('whoever was called to assess may grade, whatever the handbook says since', () => {
    office = openOffice({ book: book({ assess: { who: [{ role: 'director', standIn: { role: 'finance' } }] } }) });
    number = office.raises('wang');
    office.passes(60);
    expect(office.callOf(number, 'zhao').chain).toContain('qian');
    office.does('qian', 'answer', number, {});
    expect(grades('major', 'qian')).toBe('done');
  });

  test('three alarms of one person wait to be graded: a fourth would hide them', () => {
    office.facts = { alarms: 3 };
    expect(office.does('wang', 'raise', undefined, { text: '又一起', kind: 'product' })).toBe('too-many-alarms');
  });
});
