/** Whether mail can go out: asked at the start and now and then, and learnt from every letter. Never in the way of one. */
import type { Logger } from 'pino';
import type { Check, DeliveryError, Language } from '../../src/core/chat.ts';
import { emailTroubles } from '../../src/words/email.ts';
import { examineWords } from '../../src/words/examine.ts';
import { deliveryError } from './errors.ts';

export interface Health {
  start(): void;
  stop(): void;
  trouble(language?: Language): string | undefined;
  well(): void;
  failed(error: DeliveryError): void;
}

type Words = ReturnType<typeof emailTroubles>;

const again = { first: 2_000, longest: 5 * 60_000, whenWell: 10 * 60_000 };

export function createHealth(verify: () => Promise<void>, log: Logger): Health {
  let problem: ((w: Words) => string) | undefined = (w) => w.starting;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function attempt(wait: number): Promise<void> {
    let next = again.whenWell;
    try {
      await verify();
      problem = undefined;
    } catch (cause) {
      const error = deliveryError(cause, false);
      problem = (w) => (error.problem === 'credentials' ? w.refused(error.code) : w.notReached(error.code));
      log.warn({ code: error.code, problem: error.problem }, 'the mail server does not take us');
      next = wait === 0 ? again.first : Math.min(wait * 2, again.longest);
    }
    if (stopped) return;
    timer = setTimeout(() => void attempt(next === again.whenWell ? 0 : next), next);
    timer.unref();
  }

  /** A reply about one recipient or one content is no trouble of the line. */
  function failed({ problem: kind, code }: DeliveryError): void {
    if (kind === 'credentials') problem = (w) => w.refused(code);
    else if (/^(retry-later|ambiguous)$/.test(kind) && !/^\d/.test(code)) problem = (w) => w.notReached(code);
  }

  return {
    start() {
      stopped = false;
      void attempt(0);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
    trouble: (language = 'en') => problem?.(emailTroubles(language)),
    well() {
      problem = undefined;
    },
    failed,
  };
}

/** Connects and logs in, sends nothing. */
export async function examineLine(verify: () => Promise<void>, language: Language): Promise<Check> {
  const { email: w } = examineWords(language);
  try {
    await verify();
    return { kind: 'well', what: w.well };
  } catch (cause) {
    const { problem, code } = deliveryError(cause, false);
    return { kind: 'stops', ...(problem === 'credentials' ? w.refused(code) : w.away(code)) };
  }
}
