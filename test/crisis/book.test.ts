/** What the crisis book lays down, as the rest reads it: which plan, which ways to ring. */
import { expect, test } from 'vitest';
import { linesNotSetUp, planFor } from '../../src/crisis/book.ts';
import { book } from './office.ts';

test('the plan that names the kind goes before the one for all kinds', () => {
  expect(planFor(book(), 'data-leak', 'critical')?.id).toBe('leak');
  expect(planFor(book(), 'product', 'critical')?.id).toBe('critical');
  expect(planFor(book(), 'data-leak', 'major')?.id).toBe('major');
});

test('a ladder may name what no setting provides for: the administrator is told which', () => {
  expect(linesNotSetUp(book(), ['slack', 'feishu', 'sms', 'phone', 'pager'])).toEqual([]);
  expect(linesNotSetUp(book(), ['slack'])).toEqual(['feishu-app', 'sms', 'phone']);
});
