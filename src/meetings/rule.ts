/** A meeting as the handbook's `meetings.yaml` (or a person, by `/meeting new`) lays it down: when, who, who leads, who writes. */
import { z } from 'zod';
import { Duration, LocalDate } from '../core/calendar.ts';
import { Id, Title } from '../processes/model.ts';

/** One person, by name or as the holder of a role (the first in the handbook's order). */
export const Someone = z.union([z.strictObject({ person: Id }), z.strictObject({ role: Id })]);
export type Someone = z.infer<typeof Someone>;

/** Whom a meeting calls: people, all holders of a role, everybody of a department. */
export const Called = z.union([
  z.strictObject({ person: Id }),
  z.strictObject({ role: Id }),
  z.strictObject({ department: z.string().min(1).max(60) }),
]);
export type Called = z.infer<typeof Called>;

/** What becomes of a meeting whose day is a public holiday, a weekend or given away by 调休. */
export const OffRule = z.enum(['next', 'previous', 'skip', 'keep']);
export type OffRule = z.infer<typeof OffRule>;

const ofText = (text: string) => Duration.parse(text);

export const MinutesRule = z.strictObject({
  by: Someone,
  /** after the end of the meeting */
  within: Duration.default(ofText('24h')),
  /** so long before they are due the minute-taker is reminded; at the due moment again */
  remind: Duration.default(ofText('4h')),
  /** past it, again and again so often, with their superior */
  chase: Duration.default(ofText('8 working hours')),
});
export type MinutesRule = z.infer<typeof MinutesRule>;

export const MeetingRule = z.strictObject({
  id: Id,
  title: Title,
  /** `monday 10:00`, `first wednesday of the quarter 14:00`, `RRULE:FREQ=…` with a clock; exactly one of `every` and `on` */
  every: z.string().min(1).max(200).optional(),
  /** a single meeting: `2026-12-10 14:00` */
  on: z.string().min(1).max(60).optional(),
  /** the first and the last day on which a recurring one may fall */
  from: LocalDate.optional(),
  until: LocalDate.optional(),
  length: Duration.default(ofText('60m')),
  off: OffRule.default('next'),
  who: z.union([z.literal('everyone'), z.array(Called).nonempty().max(200)]),
  chair: Someone,
  minutes: MinutesRule,
  /** so long before the start; with the first of them the invitation goes out and topics are gathered */
  remind: z
    .array(Duration)
    .nonempty()
    .max(5)
    .default([ofText('1 working day'), ofText('30m')]),
  channel: Id.optional(),
  place: z.string().min(1).max(200).optional(),
  project: z.string().min(1).max(80).optional(),
});
export type MeetingRule = z.infer<typeof MeetingRule>;
