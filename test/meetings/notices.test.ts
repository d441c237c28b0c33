/** What was kept back, or could not be sent, is said only while it is still true; what comes late says so. */
import { beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/message.ts';
import { letterCard, noticeCard } from '../../src/meetings/notices.ts';
import { openOffice, rule } from './office.ts';

const MT = 'MT-2026-0001';
let office: ReturnType<typeof openOffice>;
beforeEach(() => {
  // a Friday; the meeting is on Monday the 7th at 10:00
  office = openOffice([rule()], { at: '2026-12-03T10:00:00+08:00' });
  office.follows();
  office.passesTo('2026-12-04T10:00:00+08:00');
});
const START = '2026-12-07T02:00:00.000Z';
const LATER = '2026-12-08T02:00:00.000Z';
function says(about: string, data: JsonObject, at: string): string | undefined {
  const reading = {
    meeting: office.meeting(MT),
    carried: [],
    taken: [],
    world: office.world(),
    language: 'zh' as const,
  };
  const whole = { ...reading, at: new Date(`${at}:00+08:00`) };
  const notice = noticeCard(whole, about, data)?.summary;
  expect(letterCard(whole, about, data, [], { person: 'li' })?.summary).toBe(notice);
  return notice;
}
const remind = { due: '2026-12-07T01:30:00.000Z', start: START };

test('a reminder: in time, late, in the middle of the meeting, and not at all after it', () => {
  expect(says('reminded', remind, '2026-12-07T09:30')).toBe('「部门例会」将于 2026-12-07 周一 10:00 开始');
  expect(says('reminded', remind, '2026-12-07T09:45')).toBe(
    '「部门例会」将于 2026-12-07 周一 10:00 开始（这条提醒本应在 2026-12-07 周一 09:30 发出）',
  );
  expect(says('reminded', remind, '2026-12-07T10:05')).toContain(
    '「部门例会」已于 2026-12-07 周一 10:00 开始（这条提醒',
  );
  expect(says('reminded', remind, '2026-12-07T11:00')).toBeUndefined();
});

test('an invitation: as long as the meeting is not over', () => {
  expect(says('invited', {}, '2026-12-07T10:59')).toBe('邀请你参加「部门例会」：2026-12-07 周一 10:00–11:00');
  expect(says('invited', {}, '2026-12-07T11:00')).toBeUndefined();
});

test('moved since: neither the reminder of the old time nor the news of an older move is said any more', () => {
  office.does('zhao', 'move', MT, { start: LATER });
  const moved = { from: START, start: LATER };
  expect(says('reminded', remind, '2026-12-07T09:30')).toBeUndefined();
  expect(says('moved', moved, '2026-12-07T09:30')).toBe(
    '「部门例会」改期：原定 2026-12-07 周一 10:00，改到 2026-12-08 周二 10:00。请重新答复。',
  );
  expect(says('moved', { ...moved, start: '2026-12-09T02:00:00.000Z' }, '2026-12-07T09:30')).toBeUndefined();
  expect(says('moved', moved, '2026-12-08T11:00')).toBeUndefined();
});

test('called off since: only that is said', () => {
  office.does('zhao', 'cancel', MT, { reason: '出差' });
  for (const [about, data] of [
    ['reminded', remind],
    ['invited', {}],
    ['moved', { from: LATER, start: START }],
  ] as const)
    expect(says(about, data, '2026-12-07T09:30')).toBeUndefined();
  expect(says('cancelled', {}, '2026-12-07T12:00')).toBe('「部门例会」（2026-12-07 周一 10:00）已取消');
});
