/**
 * A process (W1): what is asked (form), who signs in which order under which conditions (steps), when it is chased and who gets a
 * copy; as `handbook/processes/<id>.yaml` declares it. A running submission keeps the version that it started with (W2).
 */
import { z } from 'zod';
import { Duration } from '../core/calendar.ts';
import type { Directory } from '../directory/model.ts';

export const Id = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, 'use small letters, digits, - and _, beginning with a letter');
export const Title = z.strictObject({ zh: z.string().min(1).max(75), en: z.string().min(1).max(75) });
export type Title = z.infer<typeof Title>;

const fieldBase = { id: Id, label: Title, required: z.boolean().default(true), hint: Title.optional() };
export const FormField = z.discriminatedUnion('type', [
  z.strictObject({ ...fieldBase, type: z.literal('money') }),
  z.strictObject({ ...fieldBase, type: z.literal('text'), max: z.int().min(1).max(3000).default(200) }),
  z.strictObject({ ...fieldBase, type: z.literal('paragraph'), max: z.int().min(1).max(3000).default(3000) }),
  z.strictObject({
    ...fieldBase,
    type: z.literal('choice'),
    options: z
      .array(z.strictObject({ value: Id, label: Title }))
      .nonempty()
      .max(100),
  }),
  z.strictObject({ ...fieldBase, type: z.literal('number') }),
  z.strictObject({ ...fieldBase, type: z.literal('date') }),
  z.strictObject({ ...fieldBase, type: z.literal('person') }),
  z.strictObject({ ...fieldBase, type: z.literal('file') }),
  /** the number of a decision upon which it is asked: `DM-2026-0012` */
  z.strictObject({ ...fieldBase, type: z.literal('decision') }),
]);
export type FormField = z.infer<typeof FormField>;

const Scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
/** Conditions on one field; all that stand together must hold. Limits are read by the field's own type (money, number, date). */
export const Test = z
  .strictObject({
    atLeast: Scalar.optional(),
    below: Scalar.optional(),
    is: Scalar.optional(),
    in: z.array(Scalar).nonempty().optional(),
  })
  .refine((t) => Object.values(t).some((v) => v !== undefined), 'say atLeast, below, is or in');
export type Test = z.infer<typeof Test>;
export const When = z.record(Id, Test);
export type When = z.infer<typeof When>;

/** Whom a rule names: the nearest holder of a role up the requester's line, the holders of a role, or one person. */
export const Who = z.union([
  z.strictObject({ line: Id, need: z.enum(['any', 'all']).optional() }),
  z.strictObject({ role: Id, need: z.enum(['any', 'all']).optional() }),
  z.strictObject({ person: Id, need: z.enum(['any', 'all']).optional() }),
]);
export type Who = z.infer<typeof Who>;

export const Step = z.strictObject({
  id: Id,
  title: Title,
  /** one rule, or several whose people sign together */
  who: z.union([Who.transform((w) => [w]), z.array(Who).nonempty()]),
  /** any 或签: one signature is enough (default); all 会签: every one must sign */
  need: z.enum(['any', 'all']).optional(),
  when: When.optional(),
});
export type Step = z.infer<typeof Step>;

export const Process = z.strictObject({
  id: Id,
  command: Id,
  aliases: z.array(z.string().min(1).max(20)).default([]),
  number: z.string().regex(/^[A-Z]{2,4}$/, 'two to four capital letters, such as SP'),
  title: Title,
  form: z.array(FormField).nonempty().max(20),
  quick: z.array(Id).default([]),
  steps: z.array(Step).nonempty().max(20),
  remind: z.strictObject({ after: Duration, every: Duration.optional() }).optional(),
  escalate: z.strictObject({ after: Duration }).optional(),
  /** 抄送: these see the request from its submission on */
  copy: z.array(Who).default([]),
  /** the channel of company.yaml that shows the request's card */
  channel: Id.optional(),
});
export type Process = z.infer<typeof Process>;

/** The company as of one moment: what every rule is decided upon. */
export interface World {
  directory: Directory;
  /** in force today: new submissions take these */
  processes: readonly PinnedProcess[];
  /** as it was when a submission pinned it */
  pinned(process: string, version: number): Promise<Process | undefined>;
}

/** What the handbook holds; each process under the version that its text has in the database. */
export interface PinnedProcess {
  version: number;
  process: Process;
}

/** `need` of a step: its own word, else that of its single rule, else any. */
export function needOf(step: Step): 'any' | 'all' {
  return step.need ?? step.who[0]?.need ?? 'any';
}
