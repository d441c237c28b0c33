/** When something went out, as the spokesperson writes it: `22:15`, `2026-11-23 22:15`, on the company's clock. Pure. */
import { Temporal } from 'temporal-polyfill';
import { foldWidth } from '../core/text.ts';

const TYPED = /^(?:(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]+)?(\d{1,2})[:点](\d{2})分?$/;
/** Just after midnight `23:55` is yesterday's; a slip of some minutes stays today's, and is refused as not yet come. */
const YESTERDAY_MS = 12 * 3_600_000;

/** Undefined: it cannot be read. Empty: now. */
export function readReleaseTime(raw: string, at: Date, timezone: string): Date | undefined {
  const text = foldWidth(raw).trim();
  if (text === '') return at;
  const [, year, month, day, hour, minute] = TYPED.exec(text) ?? [];
  if (hour === undefined || minute === undefined) return undefined;
  const today = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timezone).toPlainDate();
  try {
    const date = year
      ? Temporal.PlainDate.from({ year: +year, month: Number(month), day: Number(day) }, STRICT)
      : today;
    const time = Temporal.PlainTime.from({ hour: +hour, minute: +minute }, STRICT);
    const found = date.toZonedDateTime({ timeZone: timezone, plainTime: time });
    const late = year === undefined && found.epochMilliseconds - at.getTime() > YESTERDAY_MS;
    return new Date((late ? found.subtract({ days: 1 }) : found).epochMilliseconds);
  } catch (error) {
    // the 31st of February, 25 o'clock
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const STRICT = { overflow: 'reject' } as const;

/** What stands in the form when it opens. */
export function writeReleaseTime(at: Date, timezone: string): string {
  const now = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timezone);
  return `${now.toPlainDate()} ${now.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}
