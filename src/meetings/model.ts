/** What a meeting is, what can be asked of it and what can happen to it (rules M1–M5). */
import { z } from 'zod';
import type { DayKind } from '../core/calendar.ts';
import { LocalDate } from '../core/calendar.ts';
import type { Title, World } from '../processes/model.ts';
import { MeetingRule } from './rule.ts';

/** The company with its meetings: what every rule about them is decided upon. */
export interface MeetingsWorld extends World {
  /** as the handbook in force lays them down */
  meetings: readonly MeetingRule[];
}

/** A meeting that comes again, or came from the handbook: its occurrences are meetings of their own. */
export interface Series {
  /** the handbook's id, or for one made in a chat `MS-2026-0001` */
  id: string;
  rule: MeetingRule;
}

export type Answer = 'open' | 'yes' | 'no' | 'deputy';

export interface Attendee {
  person: string;
  answer: Answer;
  /** who takes part for them; `away`: named with their absence and not on this card (D4) */
  deputy?: { person: string; away?: true };
  reason?: string;
  /** they said nothing themselves: their absence did, and whoever stands in for them was called anyway */
  away?: true;
}

export interface Topic {
  id: string;
  text: string;
  by: string;
}

/** A decision as the minutes note it; its number comes with the filing. */
export const DecisionLine = z.object({
  number: z.string().max(20).optional(),
  text: z.string().max(1000),
  owner: z.string().max(60),
  due: z.string().max(10),
});
export type DecisionLine = z.infer<typeof DecisionLine>;

/** Somebody who was there: of the company, or a guest by name. */
export const Present = z.object({ name: z.string().min(1).max(80), person: z.string().max(60).optional() });
export type Present = z.infer<typeof Present>;

export type MinutesSource = 'form' | 'text' | 'link';

export interface Minutes {
  version: number;
  topics: string[];
  present: Present[];
  decisions: (DecisionLine & { number: string })[];
  source: MinutesSource;
  by: string;
  at: string;
  /** how long after they were due, where they were late; in working time too */
  late?: { ms: number; workingMs: number };
}

export interface Meeting {
  number: string;
  series?: string;
  /** the day that the rule gives: which occurrence of its series this is, wherever it was moved */
  day?: string;
  rule: MeetingRule;
  title: Title;
  start: string;
  end: string;
  /** why it is not on the day that the rule gives */
  movedFrom?: { day: string; why: DayKind };
  /** a person chose this time: the handbook does not move it any more */
  fixed: boolean;
  state: 'planned' | 'ended' | 'cancelled';
  chair: string;
  minuteTaker: string;
  attendees: Attendee[];
  topics: Topic[];
  invitedAt?: string;
  /** when the attendees were last told of the time */
  toldAt?: string;
  endedAt?: string;
  cancelled?: { by: string; reason: string };
  minutesDue?: string;
  /** since when the minutes are overdue, and how often they were asked for since */
  overdue?: { since: string; asked: number };
  /** the one in force; the older ones are kept */
  minutes?: Minutes;
  parties: string[];
  revision: number;
}

const Reason = z.string().max(500);
const PersonId = z.string().min(1).max(60);
const At = z.iso.datetime();

/** The shapes of the commands' arguments; who may give them is `decide`'s affair. */
export const Args = {
  schedule: z.object({
    series: z.string().optional(),
    day: LocalDate.optional(),
    rule: MeetingRule,
    start: At,
    end: At,
    movedFrom: z.object({ day: LocalDate, why: z.any() }).optional(),
  }),
  /** its series' rule says something else than it did, beside the time */
  follow: z.object({ rule: MeetingRule }),
  invite: z.object({ due: At }),
  remind: z.object({ due: At }),
  end: z.object({}),
  answer: z.object({
    /** for which time, as the card said */
    start: z.string().optional(),
    answer: z.enum(['yes', 'no', 'deputy']),
    deputy: PersonId.optional(),
    reason: Reason.optional(),
  }),
  /** somebody's absence was recorded or ended */
  reattend: z.object({}),
  'add-topic': z.object({ text: z.string().min(1).max(300) }),
  'drop-topic': z.object({ topic: z.string() }),
  move: z.object({ start: At, end: At.optional(), reason: Reason.optional(), movedFrom: z.any().optional() }),
  cancel: z.object({ reason: Reason }),
  'remind-minutes': z.object({ due: At, when: z.enum(['before', 'due']) }),
  'chase-minutes': z.object({ due: At }),
  'file-minutes': z.object({
    topics: z.array(z.string().min(1).max(500)).max(40),
    present: z.array(Present).max(200),
    decisions: z.array(DecisionLine).max(40),
    source: z.enum(['form', 'text', 'link']),
    /** the version that its writer saw; 0: none */
    seen: z.int().nonnegative(),
  }),
} as const;
export type Act = keyof typeof Args;
export type ArgsOf<A extends Act> = z.infer<(typeof Args)[A]>;

export type MeetingEvent =
  | {
      type: 'meeting-scheduled';
      data: {
        number: string;
        series?: string;
        day?: string;
        rule: MeetingRule;
        start: string;
        end: string;
        movedFrom?: { day: string; why: DayKind };
        fixed: boolean;
        chair: string;
        minuteTaker: string;
        attendees: Attendee[];
      };
    }
  | {
      type: 'meeting-revised';
      data: { chair: string; minuteTaker: string; attendees: Attendee[]; rule: MeetingRule };
    }
  | {
      type: 'meeting-invited';
      data: { chair: string; minuteTaker: string; attendees: Attendee[]; due: string; late?: true };
    }
  | { type: 'meeting-reminded'; data: { due: string; late?: true } }
  | { type: 'attendance-answered'; data: Attendee }
  | { type: 'topic-added'; data: Topic }
  | { type: 'topic-dropped'; data: { id: string } }
  | {
      type: 'meeting-moved';
      data: {
        from: string;
        start: string;
        end: string;
        reason?: string;
        movedFrom?: { day: string; why: DayKind };
        fixed: boolean;
        /** an answer was for the old time: all are asked anew */
        attendees: Attendee[];
      };
    }
  | { type: 'meeting-cancelled'; data: { reason: string } }
  | { type: 'meeting-ended'; data: { minutesDue: string } }
  | { type: 'minutes-reminded'; data: { due: string; when: 'before' | 'due'; to: string } }
  | { type: 'minutes-overdue'; data: { since: string; asked: number; to: string; superiors: string[] } }
  | { type: 'minutes-filed' | 'minutes-corrected'; data: Minutes };

/** Those who take part: whoever was called and did not decline, or their deputies. */
export function takingPart(meeting: Pick<Meeting, 'attendees'>): string[] {
  const people = meeting.attendees.flatMap(({ person, answer, deputy }) =>
    answer === 'no' ? [] : answer === 'deputy' && deputy ? [deputy.person] : [person],
  );
  return [...new Set(people)];
}

/** Everybody whom the meeting concerns: they see its card and its minutes. */
export function concerned(meeting: Pick<Meeting, 'attendees' | 'chair' | 'minuteTaker'>): string[] {
  const called = meeting.attendees.flatMap(({ person, deputy }) => (deputy ? [person, deputy.person] : [person]));
  return [...new Set([meeting.chair, meeting.minuteTaker, ...called])];
}

/** Which day of its series is spoken for by it. What the rule alone called off gives its day back: the rule may want it again. */
export function dayHeld({ day, cancelled }: Pick<Meeting, 'day' | 'cancelled'>): string | undefined {
  return cancelled?.by === 'clock' ? undefined : day;
}
