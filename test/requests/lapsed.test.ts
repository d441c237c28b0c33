/** What was to be said and could not be sent in time: who is chased is still waited for, and by the newest word (case 30). */
import { describe, expect, it } from 'vitest';
import { isLapsed } from '../../src/requests/lapsed.ts';
import { openOffice } from './office.ts';

const li = { person: 'li' };
const zhao = { person: 'zhao' };

describe('case 30: a notice that comes late', () => {
  it('a turn, an urging and a reminder lapse with the signature, and only for whoever has signed', () => {
    const office = openOffice();
    office.submits('wang', { amount: '6万', title: '展台' });
    for (const about of ['your-turn', 'urged'])
      expect(
        [li, zhao].map((to) => isLapsed(office.request, about, {}, to)),
        about,
      ).toEqual([false, true]);
    office.does('li', 'approve');
    for (const about of ['your-turn', 'urged'])
      expect(
        [li, zhao].map((to) => isLapsed(office.request, about, {}, to)),
        about,
      ).toEqual([true, false]);
    office.does('zhao', 'reject', { reason: '太贵' });
    expect(isLapsed(office.request, 'urged', {}, zhao)).toBe(true);
  });
  it('of several reminders the newest holds', () => {
    const office = openOffice();
    office.submits('wang', { amount: '3万', title: '展台' });
    const step = office.request.steps[0]?.id ?? '';
    for (const _ of ['first', 'second']) office.clock('remind', { step, submission: 1 });
    expect(office.request.steps[0]?.reminders).toBe(2);
    expect([1, 2].map((times) => isLapsed(office.request, 'reminded', { times }, li))).toEqual([true, false]);
    office.does('li', 'approve');
    expect(isLapsed(office.request, 'reminded', { times: 2 }, li)).toBe(true);
  });
  it('what tells what happened stays true for ever', () => {
    const office = openOffice();
    office.submits('wang', { amount: '3万', title: '展台' });
    office.does('li', 'approve');
    for (const about of ['approved', 'commented', 'escalated', 'acts-now'])
      expect(isLapsed(office.request, about, {}, { person: 'wang' }), about).toBe(false);
  });
});
