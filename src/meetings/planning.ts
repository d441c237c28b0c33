/** Which meetings must be planned, moved or dropped so that the books follow the rules: as commands. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { localDate, type WorkHours } from '../core/calendar.ts';
import type { Command, JsonObject } from '../core/message.ts';
import type { Meeting, Series } from './model.ts';
import type { MeetingRule } from './rule.ts';
import { nextSlot, type Schedule, type Slot, scheduleOf, slotsBetween } from './schedule.ts';

const AHEAD_MS = 100 * 86_400_000;

export interface Books {
  /** of these series alone, planned */
  planned: readonly Meeting[];
  /** days that are spoken for: a meeting that a person cancelled does not come back by itself */
  taken: readonly { series: string; day: string }[];
}

/** All occurrences of the next hundred days, and of each series at least the next one. */
export function plan(series: readonly Series[], books: Books, at: Date, hours: WorkHours): Command[] {
  return series.flatMap((one) => planOne(one, books, at, hours));
}

function planOne(series: Series, { planned, taken }: Books, at: Date, hours: WorkHours): Command[] {
  const schedule = scheduleOf(series.rule, localDate(at, hours.timezone));
  if (!schedule) return [];
  const soon = slotsBetween(schedule, at, new Date(at.getTime() + AHEAD_MS), hours).filter((slot) => slot.start > at);
  const next = soon.length > 0 ? undefined : nextSlot(schedule, at, hours);
  const slots = next ? [next] : soon;
  const known = new Set(taken.filter((one) => one.series === series.id).map((one) => one.day));
  const fresh = slots.filter((slot) => !known.has(slot.day)).map((slot) => schedulingOf(series, slot));
  const own = planned.filter((meeting) => meeting.series === series.id && meeting.start > at.toISOString());
  const revised = own.filter((meeting) => !sameBesideTime(meeting.rule, series.rule));
  return [
    ...revised.map((meeting) => command(meeting, 'follow', { rule: series.rule as unknown as JsonObject })),
    ...own.flatMap((meeting) => following(meeting, schedule, at, hours)),
    ...fresh,
  ];
}

/** The rule changed, or the holidays were published: what nobody has moved by hand goes where the rule says now. */
function following(meeting: Meeting, schedule: Schedule, at: Date, hours: WorkHours): Command[] {
  if (meeting.fixed || meeting.day === undefined) return [];
  const slot = slotOn(schedule, meeting, hours);
  if (!slot) return [command(meeting, 'cancel', { reason: '' })];
  const [start, end] = [slot.start.toISOString(), slot.end.toISOString()];
  // today's, if the rule says an hour that is over: held when everybody was told that it is
  if ((start === meeting.start && end === meeting.end) || slot.start <= at) return [];
  return [command(meeting, 'move', { start, end, ...reasonOf(slot) })];
}

const command = (meeting: Meeting, act: string, args: JsonObject): Command => ({
  name: `meetings.${act}`,
  subject: meeting.number,
  args,
});

/** Who is called and how, and what is asked of them: the time is seen to apart, since a person may have chosen it. */
function sameBesideTime(a: MeetingRule, b: MeetingRule): boolean {
  const rest = ({ every: _e, on: _o, from: _f, until: _u, off: _x, length: _l, ...others }: MeetingRule): unknown =>
    JSON.parse(JSON.stringify(others));
  return isDeepStrictEqual(rest(a), rest(b));
}

/** The slot of this occurrence's day, wherever a day off may have moved it. */
function slotOn(schedule: Schedule, meeting: Meeting, hours: WorkHours): Slot | undefined {
  const about = Date.parse(`${meeting.day}T00:00:00Z`);
  const near = slotsBetween(schedule, new Date(about - 20 * 86_400_000), new Date(about + 20 * 86_400_000), hours);
  return near.find((slot) => slot.day === meeting.day);
}

function schedulingOf(series: Series, slot: Slot): Command {
  const args = {
    series: series.id,
    day: slot.day,
    rule: series.rule as unknown as JsonObject,
    start: slot.start.toISOString(),
    end: slot.end.toISOString(),
    ...reasonOf(slot),
  };
  return { name: 'meetings.schedule', subject: undefined, args };
}

const reasonOf = ({ movedFrom }: Slot): JsonObject =>
  movedFrom ? { movedFrom: movedFrom as unknown as JsonObject } : {};

/** Planned meetings of series that are no more, wherever a person may have moved them; `reason`: theirs who ended it. */
export function dropped(planned: readonly Meeting[], series: readonly Series[], at: Date, reason = ''): Command[] {
  const known = new Set(series.map((one) => one.id));
  return planned
    .filter((meeting) => meeting.series !== undefined && !known.has(meeting.series))
    .filter((meeting) => meeting.start > at.toISOString())
    .map((meeting) => command(meeting, 'cancel', { reason }));
}
