/** Pages climb until a person answers (C3): rung by rung, then the stand-in, then those above, then everybody again. */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { directory } from '../support/company.ts';
import { book, type Office, openOffice, PHONES } from './office.ts';

let office: Office;
let number: string;
const grade = (how = 'critical', by = 'zhao') =>
  office.does(by, 'grade', number, { grade: how, reason: '顾客受伤', affected: '春季促销' });

beforeEach(() => {
  office = openOffice();
  number = office.raises('wang');
});

describe('an alarm at three in the morning', () => {
  test('whoever assesses is paged at once; every five or fifteen minutes it becomes louder, until somebody answers', () => {
    expect(office.newlyRung()).toEqual(['03:00 li chat', '03:00 zhao chat']);
    office.passes(15);
    expect(office.newlyRung()).toEqual(['03:15 li feishu-app', '03:15 zhao feishu-app']);
    expect(office.does('li', 'answer', number, {})).toBe('done');
    office.passes(30);
    // her word quiets her own call alone; and she said 收到 but has graded nothing, so she is asked again
    expect(office.newlyRung()).toEqual(['03:30 zhao sms', '03:30 li chat', '03:45 zhao phone', '03:45 li feishu-app']);
  });

  test('the grade calls the team of its plan, and nobody is asked to assess any more', () => {
    office.newlyRung();
    expect(grade()).toBe('done');
    expect(office.newlyRung()).toEqual(['03:00 zhao chat', '03:00 sun chat', '03:00 chen chat']);
    expect(office.callOf(number, 'zhao')).toMatchObject({ why: 'team', state: 'answered' });
    expect(office.callOf(number, 'li').state).toBe('over');
    office.passes(5);
    expect(office.newlyRung()).toEqual(['03:05 sun feishu-app', '03:05 chen sms']);
  });
});

describe('the ladder', () => {
  beforeEach(() => {
    grade();
    office.does('sun', 'answer', number, {});
    office.does('sun', 'take-seat', number, { seat: 'legal' });
    office.newlyRung();
  });

  test('a way that somebody does not have costs no time: without Feishu it is the text message at once', () => {
    office.passes(10);
    expect(office.newlyRung()).toEqual(['03:05 chen sms', '03:10 chen phone']);
    const skipped = office.events.filter((event) => event.type === 'rung-climbed' && event.data.skipped.length > 0);
    expect(skipped.map((event) => 'skipped' in event.data && event.data.skipped)).toEqual([['feishu-app']]);
  });

  test('nobody above the executive: all who were rung are rung again, the loudest way, every five minutes', () => {
    office.passes(25);
    expect(office.newlyRung().slice(2)).toEqual(['03:15 chen phone', '03:20 chen phone', '03:25 chen phone']);
    expect(office.does('chen', 'answer', number, {})).toBe('done');
    office.passes(14);
    expect(office.newlyRung()).toEqual([]);
  });

  test('a phone that nobody took, a number that does not exist: the next rung does not wait', () => {
    office.passes(5);
    office.newlyRung();
    const { id } = office.callOf(number, 'chen');
    expect(office.reports(number, id, 'chen', 'sms', 'delivered')).toBe('done');
    expect(office.newlyRung()).toEqual([]);
    expect(office.reports(number, id, 'chen', 'sms', 'delivered')).toBe('over');
    office.passes(5);
    expect(office.newlyRung()).toEqual(['03:10 chen phone']);
    office.passes(1);
    expect(office.reports(number, id, 'chen', 'phone', 'no-answer')).toBe('done');
    expect(office.newlyRung()).toEqual(['03:11 chen phone']);
    expect(office.reports(number, id, 'chen', 'phone', 'busy')).toBe('done');
    // once everybody has been rung, the clock alone goes on: a busy phone is not rung in a circle
    expect(office.newlyRung()).toEqual([]);
  });

  test('the first to answer is enough for that place; who was called before may still say that they are here', () => {
    office.passes(5);
    const { id } = office.callOf(number, 'chen');
    expect(office.does('chen', 'answer', number, { call: id })).toBe('done');
    expect(office.does('chen', 'answer', number, { call: id })).toBe('answered-already');
    expect(office.does('li', 'answer', number, { call: id })).toBe('not-called');
    expect(office.does('wang', 'answer', number, {})).toBe('nothing-to-answer');
  });
});

describe('somebody else has to be found', () => {
  test('the plan’s stand-in, then those above: each with their own ladder from the page on', () => {
    office = openOffice();
    number = office.raises('wang');
    office.does('chen', 'grade', number, { grade: 'critical', reason: '火' });
    office.does('sun', 'answer', number, {});
    office.does('sun', 'take-seat', number, { seat: 'legal' });
    office.newlyRung();
    office.passes(50);
    const rung = office.newlyRung().filter((one) => !one.includes('sun'));
    expect(rung).toEqual([
      '03:05 zhao feishu-app',
      '03:10 zhao sms',
      '03:15 zhao phone',
      '03:20 li chat',
      '03:25 li feishu-app',
      '03:30 li sms',
      '03:35 li phone',
      // he has graded it and is there: nobody calls him to it; those who are not are rung again
      '03:40 zhao phone',
      '03:40 li phone',
      '03:45 zhao phone',
      '03:45 li phone',
      '03:50 zhao phone',
      '03:50 li phone',
    ]);
    const { id } = office.callOf(number, 'zhao');
    office.does('li', 'answer', number, { call: id });
    expect(office.crisis(number).team).toContainEqual(
      expect.objectContaining({ person: 'li', why: { standIn: 'zhao' } }),
    );
  });

  test('who is away is not rung at all: their stand-in is, from the first minute', () => {
    const away = directory({ away: [{ person: 'zhao', deputy: 'li', id: 'a', from: '2026-11-01', to: '2026-12-30' }] });
    office = openOffice({ directory: away });
    number = office.raises('wang');
    // for two places, and one page stands for both
    expect(office.newlyRung()).toEqual(['03:00 li chat']);
    expect(office.does('li', 'answer', number, {})).toBe('done');
    expect(office.crisis(number).calls.map(({ state }) => state)).toEqual(['answered', 'answered']);
  });

  test('我处理不了: the next person is called in the same second, before or after 收到', () => {
    grade();
    const { id } = office.callOf(number, 'sun');
    office.newlyRung();
    expect(office.does('sun', 'take-back', number, { call: id })).toBe('done');
    // he is rung for his own place at this moment: that page stands for both
    expect(office.newlyRung()).toEqual([]);
    expect(office.callOf(number, 'sun').chain).toEqual(['sun', 'chen']);
    expect(office.does('chen', 'answer', number, {})).toBe('done');
    expect(office.callOf(number, 'sun').state).toBe('answered');
    expect(office.does('chen', 'take-back', number, { call: id, reason: '在飞机上' })).toBe('done');
    expect(office.callOf(number, 'sun').state).toBe('calling');
    // nobody else is left, but the director is there and is told: who cannot is not rung again
    office.passes(60);
    expect(office.newlyRung()).toEqual([]);
    expect(office.timers.has(`${number}|call|${id}`)).toBe(true);
  });

  test('nobody at all is there: then who cannot is asked again after all', () => {
    const { id } = office.callOf(number, 'li');
    office.does('li', 'take-back', number, { call: id });
    office.does('zhao', 'take-back', number, {});
    office.does('chen', 'take-back', number, {});
    office.newlyRung();
    office.passes(15);
    expect(office.newlyRung().length).toBeGreaterThan(0);
  });

  test('who said 收到 and does nothing is asked again, once; who does something is left alone', () => {
    grade();
    office.does('sun', 'answer', number, {});
    office.does('chen', 'answer', number, {});
    office.does('chen', 'take-seat', number, { seat: 'lead' });
    office.newlyRung();
    office.passes(15);
    // the director graded, the executive took the lead
    expect(office.newlyRung()).toEqual(['03:15 sun chat']);
    office.does('sun', 'answer', number, {});
    office.passes(60);
    expect(office.newlyRung()).toEqual([]);
  });

  test('rung for two places at once: one ring, and one answer quiets both', () => {
    const alone = directory({ but: { ...PHONES, zhao: { active: false }, sun: { active: false } } });
    office = openOffice({ directory: alone, book: book({ assess: { who: [{ role: 'supervisor' }] } }) });
    number = office.raises('wang', { kind: 'data-leak' });
    office.does('li', 'grade', number, { grade: 'major', reason: '泄露' });
    office.does('li', 'add', number, { person: 'chen' });
    office.does('li', 'add', number, { person: 'qian' });
    office.newlyRung();
    office.does('qian', 'take-back', number, {});
    expect(office.newlyRung()).toEqual([]);
    office.passes(15);
    expect(office.newlyRung()).toEqual(['03:15 chen sms']);
    office.does('chen', 'answer', number, { call: office.callOf(number, 'qian').id });
    expect(office.crisis(number).calls.filter((call) => call.state === 'calling')).toEqual([]);
  });

  test('a drill rings no phone, unless the handbook says so', () => {
    office = openOffice();
    number = office.raises('zhao', { drill: 'fire' });
    expect(number).toMatch(/^DR-/);
    office.newlyRung();
    office.passes(45);
    expect(office.newlyRung().filter((one) => /sms|phone/.test(one))).toEqual([]);
  });

  test('nobody is reachable by any way: the one above is', () => {
    const without = directory({ but: { sun: { accounts: {} } } });
    office = openOffice({ directory: without });
    number = office.raises('wang', { kind: 'data-leak' });
    office.newlyRung();
    expect(grade()).toBe('done');
    expect(office.newlyRung()).toEqual(['03:00 chen chat']);
  });
});

test('whatever happens in whatever order: a call ends with a person’s answer or with the crisis, and until then the clock is wound', () => {
  const people = ['wang', 'li', 'zhao', 'chen', 'qian', 'sun'];
  const step = fc.oneof(
    fc.record({ act: fc.constant('answer'), by: fc.constantFrom(...people) }),
    fc.record({ act: fc.constant('take-back'), by: fc.constantFrom(...people) }),
    fc.record({
      act: fc.constant('grade'),
      by: fc.constantFrom(...people),
      grade: fc.constantFrom('general', 'major', 'critical'),
    }),
    fc.record({ act: fc.constant('take-seat'), by: fc.constantFrom(...people) }),
    fc.record({ act: fc.constant('passes'), minutes: fc.integer({ min: 1, max: 40 }) }),
    fc.record({
      act: fc.constant('report'),
      by: fc.constantFrom(...people),
      line: fc.constantFrom('chat', 'feishu-app', 'sms', 'phone'),
      outcome: fc.constantFrom('delivered', 'failed', 'busy', 'no-answer'),
      call: fc.integer({ min: 1, max: 6 }),
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const night = openOffice();
      const alarm = night.raises('wang');
      for (const one of steps) {
        if ('minutes' in one) night.passes(one.minutes);
        else if ('line' in one) night.reports(alarm, `c${one.call}`, one.by, one.line as 'sms', one.outcome);
        else if ('grade' in one) night.does(one.by, 'grade', alarm, { grade: one.grade, reason: 'x' });
        else if (one.act === 'take-seat') night.does(one.by, 'take-seat', alarm, { seat: 'lead' });
        else night.does(one.by, one.act, alarm, {});
        for (const call of night.crisis(alarm).calls) {
          const standing = call.answers.filter((answer) => answer.backAt === undefined);
          if (call.state === 'answered') expect(standing.length).toBeGreaterThan(0);
          expect(night.timers.has(`${alarm}|call|${call.id}`)).toBe(call.state === 'calling');
          // nobody is rung who has left, or whom nobody called
          for (const ring of call.rings) expect(call.chain).toContain(ring.person);
        }
      }
      const said = night.crisis(alarm).state === 'alarm' ? 'false-alarm' : 'controlled';
      expect(night.does('chen', 'stand-down', alarm, { how: said, reason: '查明' })).toMatch(/done|freeze-on/);
      if (night.crisis(alarm).state === 'over') expect(night.timers.size).toBe(0);
    }),
    { numRuns: 150 },
  );
});

describe('what an attack on the ladder found', () => {
  test('one word that answers two calls is one promise of the clock, and quiets both', () => {
    const noChat = directory({ but: { ...PHONES, zhao: { ...PHONES.zhao, accounts: {}, active: true } } });
    office = openOffice({ directory: noChat });
    number = office.raises('wang');
    office.passes(15);
    const keys = office.told.flatMap((effect) => (effect.kind === 'timer' ? [effect.key] : []));
    expect(new Set(keys).size).toBe(keys.length);
    expect(office.does('li', 'answer', number, {})).toBe('done');
    expect(
      office.crisis(number).calls.filter(({ chain, state }) => chain.at(-1) === 'li' && state === 'calling'),
    ).toEqual([]);
  });

  test('two places of one person at the same instant: one ring sounds, not none', () => {
    const phoneOnly = directory({
      but: { ...PHONES, zhao: { ...PHONES.zhao, accounts: {} } },
      away: [{ person: 'li', deputy: 'zhao', id: 'a', from: '2026-11-01', to: '2026-12-30' }],
    });
    office = openOffice({ directory: phoneOnly });
    number = office.raises('wang');
    expect(office.newlyRung()).toEqual(['03:00 zhao sms']);
  });

  test('every ring has a key of its own, round after round, whoever joins in between', () => {
    grade();
    for (let minute = 0; minute < 120; minute += 5) office.passes(5);
    expect(office.ringKeys.length).toBeGreaterThan(20);
    expect(new Set(office.ringKeys).size).toBe(office.ringKeys.length);
  });

  test('who said 我处理不了 is not hunted for having done nothing', () => {
    grade();
    office.does('sun', 'answer', number, {});
    office.does('sun', 'take-back', number, {});
    office.does('chen', 'answer', number, {});
    office.does('chen', 'take-seat', number, { seat: 'lead' });
    office.newlyRung();
    office.passes(60);
    expect(office.newlyRung().filter((one) => one.includes('sun'))).toEqual([]);
  });

  test('an alarm that nobody grades is asked about again and again, the raiser’s own too', () => {
    const alone = book({ assess: { who: [{ person: 'li' }] } });
    office = openOffice({ book: alone });
    number = office.raises('li');
    office.newlyRung();
    for (let i = 0; i < 4; i++) {
      office.passes(20);
      expect(office.newlyRung().length).toBeGreaterThan(0);
      office.does('li', 'answer', number, {});
      office.newlyRung();
    }
  });

  test('everybody who could answer has left: an administrator is called, and the clock goes on', () => {
    grade('critical', 'chen');
    const gone = { active: false };
    office.directory = directory({
      but: { zhao: gone, li: gone, chen: gone, sun: gone, qian: { manager: undefined as never, roles: ['admin'] } },
    });
    office.newlyRung();
    office.passes(30);
    expect(office.newlyRung().some((one) => one.includes('qian'))).toBe(true);
    for (const call of office.crisis(number).calls.filter(({ state }) => state === 'calling'))
      expect(office.timers.has(`${number}|call|${call.id}`)).toBe(true);
  });

  test('a higher grade hurries the calls that wait; a lower one ends those that its plan does not name', () => {
    grade('major');
    office.newlyRung();
    office.passes(1);
    grade('critical');
    office.passes(4);
    expect(office.newlyRung()).toContain('03:05 sun feishu-app');
    office.does('zhao', 'grade', number, { grade: 'general', reason: '查明是误传' });
    expect(office.callOf(number, 'sun').state).toBe('over');
    office.newlyRung();
    office.passes(120);
    expect(office.newlyRung().filter((one) => one.includes('sun'))).toEqual([]);
  });
});
