/** A clock time as people write it: `10:00`, `3:30pm`, `下午3点半`. What could mean two times is none. Pure. */

const DIGITS = '零一二三四五六七八九';

/** `15`, `十五`, `二十三`, `两`: from 0 to 99. */
export function smallNumber(text: string): number | undefined {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const plain = text.replaceAll('两', '二').replaceAll('〇', '零');
  if (plain.length === 1 && DIGITS.includes(plain)) return DIGITS.indexOf(plain);
  const match = /^([一二三四五六七八九]?)十([一二三四五六七八九]?)$/.exec(plain);
  if (!match) return undefined;
  const [, tens = '', ones = ''] = match;
  return (tens === '' ? 1 : DIGITS.indexOf(tens)) * 10 + (ones === '' ? 0 : DIGITS.indexOf(ones));
}

/** @returns `HH:MM` */
export function readClock(text: string): string | undefined {
  return english(text.trim()) ?? chinese(text.replace(/\s+/g, ''));
}

function english(text: string): string | undefined {
  const match = /^(?:at |@ ?)?(\d{1,2})(?::(\d\d))?(?: ?([ap])\.?m\.?)?$/.exec(text);
  const [, hour = '', minute, half] = match ?? [];
  if (!match || (minute === undefined && half === undefined)) return undefined;
  const h = Number(hour);
  if (half === undefined) return clock(h, Number(minute));
  return h >= 1 && h <= 12 ? clock((h % 12) + (half === 'p' ? 12 : 0), Number(minute ?? 0)) : undefined;
}

const CHINESE =
  /^(上午|早上|早晨|早|中午|下午|傍晚|晚上|晚|凌晨)?(\d{1,2}|[零〇一二两三四五六七八九十]{1,3})(?:[点时:](半|一刻|三刻|整|钟)?|[点时:](\d{1,2}|[零〇一二三四五六七八九十]{1,3})分?)$/;
const PARTS: Record<string, number> = { 半: 30, 一刻: 15, 三刻: 45, 整: 0, 钟: 0 };

function chinese(text: string): string | undefined {
  const [, half, hour = '', part, minute] = CHINESE.exec(text) ?? [];
  const h = smallNumber(hour);
  const m = minute === undefined ? PARTS[part ?? '整'] : smallNumber(minute);
  const loose = text.includes(':');
  // `10:5` and `10:` are slips of the finger
  if (h === undefined || m === undefined || (loose && !/:\d\d$/.test(text))) return undefined;
  const within = half === undefined ? plainHour(h, loose) : hourOf(half, h);
  return within === undefined ? undefined : clock(within, m);
}

/** `3点` alone is said of the afternoon and of the night; `3:00` is of a clock with 24 hours. */
const plainHour = (h: number, digital: boolean): number | undefined => (digital || h < 1 || h > 6 ? h : undefined);

function hourOf(half: string, h: number): number | undefined {
  const between = (from: number, to: number, plus = 0) => (h >= from && h <= to ? h + plus : undefined);
  switch (half) {
    case '凌晨':
      return between(0, 6);
    case '早':
    case '早上':
    case '早晨':
      return between(4, 11);
    case '上午':
      return between(5, 11);
    case '中午':
      return between(11, 13) ?? between(1, 2, 12);
    case '下午':
      return between(12, 19) ?? between(1, 7, 12);
    default:
      return between(17, 23) ?? between(5, 11, 12);
  }
}

function clock(hour: number, minute: number): string | undefined {
  if (hour > 23 || minute > 59) return undefined;
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
