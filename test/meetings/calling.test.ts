/** Whom a rule calls, and who comes for those who are away. */
import { expect, test } from 'vitest';
import { callFor } from '../../src/meetings/calling.ts';
import { directory, type Given } from '../support/company.ts';
import { rule } from './office.ts';

const DAY = '2026-12-03';
const called = (of: Record<string, unknown>, given: Given = {}, day = DAY) => callFor(rule(of), directory(given), day);
const names = (of: Record<string, unknown>, given: Given = {}) => called(of, given)?.attendees.map((one) => one.person);

test('by name, by role, by department, everybody; the chair and the minute-taker always; each once', () => {
  expect(names({ who: [{ person: 'li' }, { role: 'supervisor' }] })).toEqual(['li', 'zhao', 'wang']);
  const departments = { wang: { department: '公关部' }, li: { department: '公关部' }, qian: { department: '财务部' } };
  expect(names({ who: [{ department: '公关部' }, { role: 'ceo' }] }, { but: departments })).toEqual([
    'wang',
    'li',
    'chen',
    'zhao',
  ]);
  expect(names({ who: 'everyone' })).toEqual(['wang', 'li', 'zhao', 'chen', 'qian', 'sun']);
  expect(names({ who: 'everyone' }, { but: { qian: { active: false } } })).not.toContain('qian');
  expect(names({ who: [{ person: 'nobody' }, { role: 'none' }, { department: 'none' }] })).toEqual(['zhao', 'wang']);
});

test('whoever is away on that day is represented, or excused where the deputy comes anyway; on other days they come', () => {
  const away = [{ person: 'li', deputy: 'qian' }];
  expect(called({}, { away })?.attendees).toContainEqual({
    person: 'li',
    answer: 'deputy',
    deputy: { person: 'qian', away: true },
  });
  expect(called({}, { away: [{ person: 'li', deputy: 'wang' }] })?.attendees).toContainEqual({
    person: 'li',
    answer: 'no',
    away: true,
  });
  expect(called({}, { away }, '2026-12-08')?.attendees).toContainEqual({ person: 'li', answer: 'open' });
  expect(called({}, { away: [{ person: 'li', deputy: 'qian', from: '2026-12-04' }] })?.attendees).toContainEqual({
    person: 'li',
    answer: 'open',
  });
});

test('who is away leads or writes by their deputy, who has left by the next one up; where nobody can, there is no meeting', () => {
  expect(called({}, { away: [{ person: 'zhao', deputy: 'qian' }] })).toMatchObject({
    chair: 'zhao',
    minuteTaker: 'wang',
    attendees: [{ person: 'wang' }, { person: 'li' }, { person: 'zhao', deputy: { person: 'qian', away: true } }],
  });
  expect(called({ chair: { role: 'ceo' } })).toMatchObject({ chair: 'chen' });
  expect(called({}, { but: { wang: { active: false } } })).toMatchObject({ minuteTaker: 'li' });
  expect(called({ chair: { role: 'none' } })).toBeUndefined();
  expect(called({ chair: { person: 'chen' } }, { but: { chen: { active: false } } })).toBeUndefined();
});
