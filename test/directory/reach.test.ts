/** When somebody may be rung: not in their night, unless it is a crisis or follows from what they did themselves (N2). */
import { describe, expect, test } from 'vitest';
import { LANE, type Lane } from '../../src/core/module.ts';
import { reachOf, restsUntil } from '../../src/directory/reach.ts';
import { directory, type Given } from '../support/company.ts';

const NIGHT = '2026-12-01T23:00:00+08:00';

function waits(
  { quiet, but = {} }: { quiet?: string; but?: NonNullable<Given['but']> },
  {
    person = 'li',
    kind = 'notice' as 'card' | 'notice' | 'letter',
    lane = LANE.decision as Lane,
    at = NIGHT,
    by = 'wang',
  } = {},
) {
  const made = directory({ but });
  const company = { ...made.company, ...(quiet ? { quiet } : {}) };
  const reach = reachOf({ ...made, company }, ['slack', 'feishu'], { by, at: new Date(at) });
  const wait = reach.wait({ person }, { kind, lane });
  return wait && { until: wait.until.toISOString(), gather: wait.gather };
}
const quiet = '22:00-08:00';
const morning = { until: '2026-12-02T00:00:00.000Z', gather: false };

describe('quiet hours', () => {
  test.each(['card', 'notice', 'letter'] as const)('a %s waits for the morning', (kind) => {
    expect(waits({ quiet }, { kind })).toEqual(morning);
  });
  test('over midnight they are one night, whose ends belong to the day', () => {
    expect(waits({ quiet }, { at: '2026-12-01T22:00:00+08:00' })).toEqual(morning);
    expect(waits({ quiet }, { at: '2026-12-02T07:59:59+08:00' })).toEqual(morning);
    expect(waits({ quiet }, { at: '2026-12-02T08:00:00+08:00' })).toBeUndefined();
    expect(waits({ quiet }, { at: '2026-12-01T21:59:59+08:00' })).toBeUndefined();
  });
  test('within one day they are what they say', () => {
    const noon = { quiet: '12:00-13:30' };
    expect(waits(noon, { at: '2026-12-01T12:30:00+08:00' })?.until).toBe('2026-12-01T05:30:00.000Z');
    expect(waits(noon, { at: '2026-12-01T13:30:00+08:00' })).toBeUndefined();
  });
  test('a crisis rings at any hour', () => expect(waits({ quiet }, { lane: LANE.page })).toBeUndefined());
  test('what follows from one’s own act comes at once', () => expect(waits({ quiet }, { by: 'li' })).toBeUndefined());
  test('one’s own word is stronger than the company’s; `none` is a word too', () => {
    expect(waits({ quiet, but: { li: { quiet: 'none' } } })).toBeUndefined();
    expect(waits({ but: { li: { quiet: '23:00-09:00' } } })?.until).toBe('2026-12-02T01:00:00.000Z');
  });
  test('the night is that of the place where somebody lives, clock changes included', () => {
    const hours = { ...directory().company.hours, timezone: 'Europe/London' };
    const london = { quiet, but: { li: { hours } } };
    expect(waits(london)).toBeUndefined();
    expect(waits(london, { at: '2026-03-28T23:30:00Z' })?.until).toBe('2026-03-29T07:00:00.000Z');
  });
  test('a channel is nobody’s bed', () => {
    const made = directory();
    expect(
      restsUntil({ channel: 'pr' }, { ...made, company: { ...made.company, quiet } }, new Date(NIGHT)),
    ).toBeUndefined();
  });
});

describe('a digest', () => {
  const but = { li: { digest: '09:00' } };
  test('notices wait for its hour, by day as well; cards and letters come as ever', () => {
    expect(waits({ but })).toEqual({ until: '2026-12-02T01:00:00.000Z', gather: true });
    expect(waits({ but }, { at: '2026-12-01T08:59:00+08:00' })?.until).toBe('2026-12-01T01:00:00.000Z');
    expect(waits({ but }, { at: '2026-12-01T09:00:00+08:00' })?.until).toBe('2026-12-02T01:00:00.000Z');
    for (const kind of ['card', 'letter'] as const) {
      expect(waits({ but }, { kind })).toBeUndefined();
      expect(waits({ quiet, but }, { kind })).toEqual(morning);
    }
  });
  test('what would be untrue by the next morning is in none: a reminder of today’s meeting', () => {
    const made = directory({ but });
    const reach = reachOf(made, ['slack'], { by: 'clock', at: new Date('2026-12-01T10:00:00+08:00') });
    const reminder = { kind: 'notice', lane: LANE.reminder } as const;
    expect(reach.wait({ person: 'li' }, reminder)?.gather).toBe(true);
    expect(reach.wait({ person: 'li' }, { ...reminder, soon: true })).toBeUndefined();
  });
  test('a crisis, and the answer to one’s own act, are in no digest', () => {
    expect(waits({ but }, { lane: LANE.page })).toBeUndefined();
    expect(waits({ but }, { by: 'li' })).toBeUndefined();
  });
});
