/** The working hours in company.yaml: the company's, and those of whoever works by another clock or calendar. */
import { z } from 'zod';
import { fits, TimeZone, WorkHours } from '../core/calendar.ts';
import { nearestCalendar } from './calendars.ts';
import type { Finding, Path, Saying } from './model.ts';
import { shape } from './shape.ts';

export interface HoursRead {
  hours: WorkHours;
  findings: Finding[];
}

/** The places whose public holidays are China's. */
const CHINA = new Set(['Asia/Shanghai', 'Asia/Urumqi', 'Asia/Chongqing', 'Asia/Harbin', 'Asia/Kashgar', 'PRC']);
const Hours = z.strictObject({ hours: z.strictObject(WorkHours.shape).omit({ timezone: true }) });

/** `hours:` together with the company's time zone, which stands outside it. */
export function readCompanyHours(given: unknown, timezone: string, file: string): HoursRead {
  const calendar = CHINA.has(timezone) ? 'CN' : 'none';
  const form = shape(Hours, { hours: given ?? { calendar } }, file, { hours: {} });
  const { value, findings } = sensible({ ...form.value?.hours, timezone }, file, (path) =>
    path[0] === 'timezone' ? path : ['hours', ...path],
  );
  const hours = value ?? WorkHours.parse({ timezone: 'UTC', calendar });
  const saying: Saying = { code: 'hours-missing', from: hours.from, to: hours.to, calendar };
  const missing: Finding[] = given === undefined || given === null ? [{ file, path: [], notice: true, saying }] : [];
  return { hours, findings: [...form.findings.map(named), ...findings, ...missing] };
}

// without the defaults of the whole: what a person does not say is the company's
const { days, from, to, pause, calendar, exceptions } = WorkHours.shape;
const Own = z.strictObject({
  hours: z.strictObject({
    timezone: TimeZone.optional(),
    days: days.unwrap().optional(),
    from: from.unwrap().optional(),
    to: to.unwrap().optional(),
    pause,
    calendar: calendar.unwrap().optional(),
    exceptions,
  }),
});
type OwnHours = z.infer<typeof Own>['hours'];

/** What a person's `hours:` say, laid over the company's; `path` is where they stand in the file. */
export function readPersonHours(given: unknown, company: WorkHours, file: string, path: Path): HoursRead {
  const form = shape(Own, { hours: given }, file, { hours: {} });
  const own = form.value?.hours ?? {};
  const { value, findings } = sensible(laidOver(company, own), file, ([key, ...rest]) =>
    // "to" may be the company's: then the two do not fit, and it is said of the whole
    key !== undefined && key in own ? [...path, key, ...rest] : [...path],
  );
  const ill = form.findings.map((one) => ({ ...named(one), path: [...path, ...one.path.slice(1)] }));
  return { hours: value ?? company, findings: [...ill, ...findings] };
}

/**
 * The company's pause is kept where it fits into the person's day. Its own days off and on mend its calendar: whoever
 * keeps another calendar has none of them.
 */
function laidOver(company: WorkHours, own: OwnHours): WorkHours {
  const { from = company.from, to = company.to, calendar = company.calendar } = own;
  const pause = own.pause ?? (company.pause && fits(company.pause, from, to) ? company.pause : undefined);
  const exceptions = { ...(calendar === company.calendar ? company.exceptions : {}), ...own.exceptions };
  const { timezone = company.timezone, days = company.days } = own;
  const moreDays = Object.keys(exceptions).length > 0 ? { exceptions } : {};
  return { timezone, days, from, to, calendar, ...moreDays, ...(pause === undefined ? {} : { pause }) };
}

/** What fits in form may still contradict itself: the end before the beginning, a pause outside. */
function sensible(text: unknown, file: string, place: (path: Path) => Path) {
  const parsed = WorkHours.safeParse(text);
  if (parsed.success) return { value: parsed.data, findings: [] };
  const findings = shape(WorkHours, text, file, {}).findings.map((one) => ({ ...named(one), path: place(one.path) }));
  return { value: undefined, findings };
}

/** An unknown calendar is said with the one that was probably meant. */
function named(finding: Finding): Finding {
  const { saying } = finding;
  if (saying.code !== 'bad-form' || saying.key !== 'calendar') return finding;
  return { ...finding, saying: { code: 'unknown-calendar', calendar: saying.value, ...nearestCalendar(saying.value) } };
}
