/**
 * Who the company is: people, roles, reporting lines, accounts and channels, as `handbook/company.yaml` says, and who is
 * away. A `Directory` is one consistent reading of it, handed to the pure rules.
 */
import { z } from 'zod';
import type { WorkHours } from '../core/calendar.ts';

const Id = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, 'use small letters, digits, - and _, beginning with a letter');
const Account = z.string().min(1).max(100);
export const ChatPlatform = z.enum(['slack', 'feishu']);

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
  accounts: z.strictObject({ slack: Account.optional(), feishu: Account.optional() }).default({}),
  /** false: has left; keeps their name in the record, signs nothing, may not act */
  active: z.boolean().default(true),
});
export type Person = z.infer<typeof Person>;

export const Channel = z.strictObject({ slack: Account.optional(), feishu: Account.optional() });
export type Channel = z.infer<typeof Channel>;

export const Company = z.strictObject({
  name: z.string().min(1).max(80),
  timezone: z.string(),
  language: z.enum(['zh-CN', 'zh', 'en', 'en-US', 'en-GB']).default('zh-CN'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as CNY'),
  hours: z.unknown().optional(),
  /** how much one unit of a foreign currency is in `currency`, as an exact decimal in quotes: {USD: "7.1234"} */
  rates: z.record(z.string().regex(/^[A-Z]{3}$/), z.string().regex(/^[0-9]{1,9}(\.[0-9]{1,10})?$/)).default({}),
  /** the chat tenants that are ours; absent: the first one that each platform shows us */
  tenants: z.strictObject({ slack: Account.optional(), feishu: Account.optional() }).default({}),
  people: z.array(Person).nonempty(),
  channels: z.record(Id, Channel).default({}),
});
/** `hours` is read into WorkHours with the company's time zone by the handbook's reader. */
export type Company = Omit<z.infer<typeof Company>, 'hours'> & { hours: WorkHours };

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
