/** Asks WeCom itself whether the app may speak, and what time it is there. Sends nothing. */
import { type Check, DeliveryError, type Examination, type Vitals } from '../../src/core/chat.ts';
import { examineWords } from '../../src/words/examine.ts';
import type { Outlet } from './deliver.ts';
import { SKEW_MS } from './limits.ts';

/** A robot's key cannot be tried without the group reading it. */
export async function examineWeCom(
  outlet: Pick<Outlet, 'warmUp'>,
  hasApp: boolean,
  vitals: () => Vitals,
  { language }: Examination,
): Promise<Check[]> {
  const w = examineWords(language);
  if (!hasApp) return [{ kind: 'well', what: w.wecom.robotsOnly }];
  try {
    await outlet.warmUp();
  } catch (error) {
    const { problem, code } =
      error instanceof DeliveryError ? error : new DeliveryError('wecom', 'retry-later', 'unreadable');
    return [{ kind: 'stops', ...(problem === 'credentials' ? w.wecom.refused(code) : w.wecom.away(code)) }];
  }
  const skew = vitals().skewMs ?? 0;
  const clock: Check =
    Math.abs(skew) > SKEW_MS
      ? { kind: 'limits', ...w.skew(w.named.wecom, Math.round(Math.abs(skew) / 1000)) }
      : { kind: 'well', what: w.clock(w.named.wecom) };
  return [{ kind: 'well', what: w.wecom.signedIn }, clock];
}
