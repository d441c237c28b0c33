/**
 * What `crisis.yaml` lays down before anything happens (rules C1–C9): kinds, plans by grade, who is called by which ladder, what the team may
 * spend, who clears a statement, when a signal is raised, which drills are held. Pure.
 */
import { z } from 'zod';
import { Duration } from '../core/calendar.ts';
import { LINES, type Line } from '../core/module.ts';
import { Id, Title } from '../processes/model.ts';

export const GRADES = ['general', 'major', 'critical'] as const;
export type Grade = (typeof GRADES)[number];
const GradeName = z.enum(GRADES);

/** Holders of a role, or one person; `standIn` is called after them where nobody else stands in for them. */
const Called = z.union([z.strictObject({ role: Id }), z.strictObject({ person: Id })]);
export const Member = z.union([
  z.strictObject({ role: Id, standIn: Called.optional() }),
  z.strictObject({ person: Id, standIn: Called.optional() }),
]);
export type Member = z.infer<typeof Member>;
export type Called = z.infer<typeof Called>;

const LineName = z.enum(LINES);
/** Where the handbook says nothing. */
export const LADDER: Line[][] = [['feishu-app'], ['feishu-sms', 'sms'], ['feishu-phone', 'phone', 'pager']];
/** What follows the page in the chats, louder and louder; what stands together rings together. */
const Ladder = z
  .array(z.union([LineName.transform((line) => [line]), z.array(LineName).nonempty()]))
  .max(8)
  .default(LADDER);

/** Money as people write it (`10万`), read into the company's currency by whoever uses it. */
const Amount = z.union([z.string(), z.number()]).transform(String);

const Spending = z.strictObject({
  /** what each member may spend in one crisis before anybody has approved, and all of them together */
  each: Amount,
  total: Amount.optional(),
  /** until when the approval has to follow (A3) */
  ratify: Duration.default({ amount: 24, unit: 'hours', working: true }),
  /** within which time what was refused has to be recovered */
  recover: Duration.default({ amount: 5, unit: 'days', working: true }),
});
export type Spending = z.infer<typeof Spending>;

/** How quickly it should go: what a drill is scored against. */
const Targets = z
  .strictObject({
    grade: Duration,
    answer: Duration,
    team: Duration,
    statement: Duration,
    control: Duration,
  })
  .partial();
export type Targets = z.infer<typeof Targets>;

export const Plan = z.strictObject({
  id: Id,
  title: Title,
  grade: GradeName,
  /** absent: every kind that no other plan of this grade names */
  kinds: z.array(Id).nonempty().max(50).optional(),
  team: z.array(Member).nonempty().max(50),
  ladder: Ladder,
  /** how long each rung waits for an answer; default 5 minutes for critical, 15 otherwise */
  answer: Duration.optional(),
  /** who has answered and does nothing for so long is asked again */
  idle: Duration.optional(),
  /** a situation update is due every so often; default 20 minutes for critical, 30 for major, none for general */
  update: Duration.optional(),
  spending: Spending.optional(),
  /** who clears a statement, in order (C5) */
  clear: z.array(Called).nonempty().max(10),
  /** non-crisis spend of what is affected is held */
  freeze: z.boolean().default(false),
  targets: Targets.default({}),
});
export type Plan = z.infer<typeof Plan>;

const Holding = z.strictObject({
  id: Id,
  title: Title,
  kinds: z.array(Id).nonempty().max(50).optional(),
  text: z.string().trim().min(1).max(3000),
  /** the last day on which it may be used */
  expires: z.iso.date(),
});
export type Holding = z.infer<typeof Holding>;

const Indicator = z.strictObject({
  id: Id,
  title: Title,
  /** the kind of crisis that it points to */
  kind: Id,
  /** so many observations of one `key` within that time raise a signal */
  count: z.int().min(1).max(100_000),
  within: Duration,
});
export type Indicator = z.infer<typeof Indicator>;

const Scenario = z.strictObject({
  id: Id,
  title: Title,
  kind: Id,
  grade: GradeName,
  text: z.string().trim().min(1).max(1000),
});
export type Scenario = z.infer<typeof Scenario>;

export const CrisisBook = z.strictObject({
  /** the channel of company.yaml that hears of every alarm */
  channel: Id.optional(),
  /** in a form they stand as a list to choose from */
  kinds: z
    .array(z.strictObject({ id: Id, title: Title }))
    .nonempty()
    .max(50),
  /** who is called to grade an alarm, and to confirm or dismiss a signal */
  assess: z.strictObject({ who: z.array(Member).nonempty().max(20), ladder: Ladder, answer: Duration.optional() }),
  /** shown beside the grades; a yes means at least that grade */
  questions: z
    .array(
      z.strictObject({
        grade: GradeName,
        zh: z.string().trim().min(1).max(200),
        en: z.string().trim().min(1).max(200),
      }),
    )
    .max(12)
    .default([]),
  plans: z.array(Plan).nonempty().max(100),
  /** the fields of a request that say what it is for; a request whose text names what is affected is held in a freeze */
  freeze: z.strictObject({ fields: z.array(Id).nonempty().max(20) }).default({ fields: ['title'] }),
  holding: z.array(Holding).max(50).default([]),
  indicators: z.array(Indicator).max(100).default([]),
  drills: z
    .strictObject({
      scenarios: z.array(Scenario).max(50).default([]),
      /** the phones ring in a drill as well */
      phones: z.boolean().default(false),
      /** who is reminded, once a quarter, that no drill was held yet */
      remind: Called.optional(),
    })
    .default({ scenarios: [], phones: false }),
});
export type CrisisBook = z.infer<typeof CrisisBook>;

/** The plan of this grade for this kind: the one that names the kind goes first. */
export function planFor(book: Pick<CrisisBook, 'plans'>, kind: string, grade: Grade): Plan | undefined {
  const graded = book.plans.filter((plan) => plan.grade === grade);
  return graded.find((plan) => plan.kinds?.includes(kind)) ?? graded.find((plan) => plan.kinds === undefined);
}

/** The ways that the ladders name and that no setting provides for: those rungs are passed over. */
export function linesNotSetUp(book: CrisisBook, running: readonly string[]): Line[] {
  const named = new Set([book.assess, ...book.plans].flatMap(({ ladder }) => ladder.flat()));
  return LINES.filter((line) => named.has(line) && !running.includes(line.startsWith('feishu-') ? 'feishu' : line));
}

const MINUTES = (amount: number): Duration => ({ amount, unit: 'minutes', working: false });

export const answerTime = (plan: Pick<Plan, 'answer' | 'grade'> | { answer?: Duration | undefined }): Duration =>
  plan.answer ?? MINUTES('grade' in plan && plan.grade === 'critical' ? 5 : 15);

export const idleTime = (plan: Pick<Plan, 'idle' | 'grade'>): Duration =>
  plan.idle ?? MINUTES(plan.grade === 'critical' ? 15 : 30);

/** Undefined: none is asked for. */
export function updateTime(plan: Pick<Plan, 'update' | 'grade'>): Duration | undefined {
  if (plan.update) return plan.update;
  return plan.grade === 'general' ? undefined : MINUTES(plan.grade === 'critical' ? 20 : 30);
}

export const isAtLeast = (grade: Grade | undefined, least: Grade): boolean =>
  grade !== undefined && GRADES.indexOf(grade) >= GRADES.indexOf(least);
