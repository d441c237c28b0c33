/**
 * Who the company is: people, roles, reporting lines, accounts and channels, as `handbook/company.yaml` says, and who is
 * away. A `Directory` is one consistent reading of it, handed to the pure rules.
 */
import { z } from 'zod';
import type { WorkHours } from '../core/calendar.ts';

const Id = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, 'use small letters, digits, - and _, beginning with a letter');
const Account = z.string().min(1).max(100);
export const ChatPlatform = z.enum(['slack', 'feishu']);
const Clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'write the time as 09:30');
/** From a clock time to another one, over midnight where the second is not later: `22:00-08:00`. */
const QuietHours = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d$/, 'write the hours as 22:00-08:00')
  .refine((text) => text.slice(0, 5) !== text.slice(6), 'from and to must differ');

export const Person = z.strictObject({
  id: Id,
  name: z.string().min(1).max(60),
  title: z.string().max(60).default(''),
  manager: Id.optional(),
  roles: z.array(Id).default([]),
  email: z.email().optional(),
  phone: z
    .string()
    .regex(/^\+[1-9][0-9]{6,14}$/, 'write it in the international form, +8613800000001')
    .optional(),
  language: z.enum(['zh', 'en']).optional(),
  /** the platforms on which this person wants their cards; absent: on each where they have an account */
  prefer: z.union([ChatPlatform.transform((p) => [p]), z.array(ChatPlatform).nonempty()]).optional(),
  accounts: z
    .strictObject({ slack: Account.optional(), feishu: Account.optional(), wecom: Account.optional() })
    .default({}),
  /** the part of the company they belong to, by its name: whom a meeting's `department` means */
  department: z.string().min(1).max(60).optional(),
  /** where they differ from the company's: a colleague abroad has another zone and other holidays */
  hours: z.unknown().optional(),
  /** when nothing but a crisis may ring for them; their own word is stronger than the company's, `none` is a word too */
  quiet: z.union([z.literal('none'), QuietHours]).optional(),
  /** at this time one message tells what would otherwise have been many */
  digest: Clock.optional(),
  /** false: has left; keeps their name in the record, signs nothing, may not act */
  active: z.boolean().default(true),
});
/** `hours` is read into WorkHours over the company's by the handbook's reader. */
export type Person = Omit<z.infer<typeof Person>, 'hours'> & { hours?: WorkHours };

/** `wecom`: the name of a group robot, whose key stands in the settings. */
export const Channel = z.strictObject({
  slack: Account.optional(),
  feishu: Account.optional(),
  wecom: Account.optional(),
});
export type Channel = z.infer<typeof Channel>;

export const Company = z.strictObject({
  name: z.string().min(1).max(80),
  timezone: z.string(),
  language: z.enum(['zh-CN', 'zh', 'en', 'en-US', 'en-GB']).default('zh-CN'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as CNY'),
  hours: z.unknown().optional(),
  /** when nothing but a crisis may ring, for everybody who says nothing else */
  quiet: QuietHours.optional(),
  /** how much one unit of a foreign currency is in `currency`, as an exact decimal in quotes: {USD: "7.1234"} */
  rates: z.record(z.string().regex(/^[A-Z]{3}$/), z.string().regex(/^[0-9]{1,9}(\.[0-9]{1,10})?$/)).default({}),
  /** the chat tenants that are ours; absent: the first one that each platform shows us */
  tenants: z.strictObject({ slack: Account.optional(), feishu: Account.optional() }).default({}),
  people: z.array(Person).nonempty(),
  channels: z.record(Id, Channel).default({}),
});
/** `hours` is read into WorkHours with the company's time zone by the handbook's reader. */
export type Company = Omit<z.infer<typeof Company>, 'hours' | 'people'> & {
  hours: WorkHours;
  people: [Person, ...Person[]];
};

/** Somebody is away from one local date to another, both included, and a deputy acts (rule D4). */
export interface Absence {
  id: string;
  person: string;
  from: string;
  to: string;
  deputy: string;
}

/** The company as of one moment. Pure data; `today` is the company's local date. */
export interface Directory {
  company: Company;
  people: ReadonlyMap<string, Person>;
  absences: readonly Absence[];
  today: string;
}
