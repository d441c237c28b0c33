/** The books follow the rules: planned once, moved with them, given up with them; what a person did by hand stays. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayHeld } from '../../src/meetings/model.ts';
import { nextSlot, scheduleOf, slotsBetween } from '../../src/meetings/schedule.ts';
import { openOffice, rule } from './office.ts';

const DAY_MS = 86_400_000;
const opens = (rules = [rule()]) => {
  const office = openOffice(rules, { at: '2026-09-24T09:00:00+08:00' });
  office.follows();
  return office;
};
const planned = (office: ReturnType<typeof opens>, until = '2026-11-01') =>
  [...office.books.values()]
    .filter((one) => one.state === 'planned' && one.start < until)
    .sort((a, b) => (a.start < b.start ? -1 : 1))
    .map((one) => office.local(one.start));

test('a hundred days ahead, off the holidays; of what is rarer at least the next', () => {
  const office = opens([rule(), rule({ id: 'yearly', every: undefined, on: '2027-08-12 14:00' })]);
  expect(planned(office)).toEqual([
    '2026-09-28 10:00',
    '2026-10-08 10:00',
    '2026-10-12 10:00',
    '2026-10-19 10:00',
    '2026-10-26 10:00',
  ]);
  const moved = [...office.books.values()].find((one) => one.day === '2026-10-05');
  expect(moved?.movedFrom).toMatchObject({ day: '2026-10-05', why: { working: false, why: 'holiday' } });
  expect(planned(office, '2028').at(-1)).toBe('2027-08-12 14:00');
  expect(office.wanted()).toEqual([]);
});

test('what a person called off does not come back; what a rule called off does, when the rule wants it again', () => {
  const office = opens();
  office.does('zhao', 'cancel', 'MT-2026-0003', { reason: '出差' });
  expect(office.wanted()).toEqual([]);
  office.rules = [rule({ every: 'tuesday 10:00' })];
  office.follows();
  expect(planned(office, '2026-10-21')).toEqual([
    '2026-09-29 10:00',
    '2026-10-08 10:00',
    '2026-10-13 10:00',
    '2026-10-20 10:00',
  ]);
  office.rules = [rule()];
  office.follows();
  expect(planned(office, '2026-10-21')).toEqual(['2026-09-28 10:00', '2026-10-08 10:00', '2026-10-19 10:00']);
});

test('today’s meeting stays when the rule now says an hour that is over', () => {
  const office = opens();
  office.passesTo('2026-09-28T09:20:00+08:00');
  office.rules = [rule({ every: 'monday 09:00' })];
  office.follows();
  expect(planned(office, '2026-10-10')).toEqual(['2026-09-28 10:00', '2026-10-08 09:00']);
  expect(office.wanted()).toEqual([]);
});

const RULES = {
  weekly: ['monday 10:00', '每周一、四 9:30', 'tuesday 15:00', '隔周一 10:00', '每个工作日 9:15'],
  rare: ['每月最后一个周五 16:00', '每季度第一个周三 14:00', '每月15日 10:00'],
};
const anyRule = (id: keyof typeof RULES) =>
  fc
    .record({
      every: fc.constantFrom(...RULES[id]),
      off: fc.constantFrom('next', 'previous', 'skip', 'keep'),
      length: fc.constantFrom('30m', '60m', '2h'),
      remind: fc.constantFrom(['1 working day', '30m'], ['3 working days', '1 working day', '30m'], ['15m']),
      who: fc.constantFrom([{ person: 'li' }], [{ person: 'li' }, { person: 'qian' }], 'everyone'),
    })
    .map((of) => rule({ id, ...of }));
const anyAct = fc.oneof(
  fc.record({ weekly: fc.option(anyRule('weekly')), rare: fc.option(anyRule('rare')) }).map((rules) => ({ rules })),
  fc.record({ passes: fc.integer({ min: 1, max: 20 * 24 * 60 }) }),
  fc.record({ moves: fc.nat(), by: fc.integer({ min: -3 * 24 * 60, max: 9 * 24 * 60 }) }),
  fc.record({ cancels: fc.nat() }),
);

test('whatever is changed, moved and called off: once the books follow, nothing is left to do, and no occurrence is there twice or missing', () => {
  const [most, rare] = [anyRule('weekly'), anyRule('rare')];
  fc.assert(
    fc.property(most, rare, fc.array(anyAct, { minLength: 1, maxLength: 8 }), (first, second, acts) => {
      const office = opens([first, second]);
      for (const act of acts) {
        const ahead = [...office.books.values()].filter((one) => one.state === 'planned');
        const chosen = (n: number) => ahead[n % Math.max(1, ahead.length)];
        if ('rules' in act) office.rules = [act.rules.weekly, act.rules.rare].flatMap((one) => one ?? []);
        if ('passes' in act) office.passesTo(new Date(office.at.getTime() + act.passes * 60_000).toISOString());
        if ('moves' in act) {
          const meeting = chosen(act.moves);
          const start = new Date(Date.parse(meeting?.start ?? '2026-01-01') + act.by * 60_000).toISOString();
          office.does('chen', 'move', meeting?.number, { start });
        }
        if ('cancels' in act) office.does('chen', 'cancel', chosen(act.cancels)?.number, { reason: '出差' });
        expect(office.follows().filter((verdict) => verdict !== 'done')).toEqual([]);
        expect(office.wanted()).toEqual([]);
      }
      const held = [...office.books.values()].flatMap((one) => dayHeld(one) && `${one.series} ${dayHeld(one)}`);
      expect(new Set(held).size).toBe(held.filter((one) => one).length + (held.includes(undefined) ? 1 : 0));
      const { hours } = office.directory.company;
      for (const one of office.rules) {
        const schedule = scheduleOf(one, '2026-09-24');
        if (!schedule) throw new Error('unreadable');
        const soon = slotsBetween(schedule, office.at, new Date(office.at.getTime() + 100 * DAY_MS), hours);
        const slots = soon.filter((slot) => slot.start > office.at);
        const next = nextSlot(schedule, office.at, hours);
        for (const slot of slots.length > 0 ? slots : next ? [next] : [])
          expect(held).toContain(`${one.id} ${slot.day}`);
      }
      // nothing is promised of what is called off, and every promise is of a time to come
      for (const { subject, due } of office.timers.values()) {
        expect(office.meeting(subject).state).not.toBe('cancelled');
        expect(due >= office.at).toBe(true);
      }
    }),
    { numRuns: 12 },
  );
}, 30_000);
