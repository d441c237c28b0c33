/** Whether mail can go out: asked at the start and now and then, and learnt from every letter. Never in the way of one. */
import type { Logger } from 'pino';
import type { DeliveryError } from '../../src/core/chat.ts';
import { emailTroubles } from '../../src/words/email.ts';
import { deliveryError } from './errors.ts';

export interface Health {
  start(): void;
  stop(): void;
  trouble(): string | undefined;
  well(): void;
  failed(error: DeliveryError): void;
}

const again = { first: 2_000, longest: 5 * 60_000, whenWell: 10 * 60_000 };

export function createHealth(verify: () => Promise<void>, log: Logger): Health {
  const words = emailTroubles('en');
  let problem: string | undefined = words.starting;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function attempt(wait: number): Promise<void> {
    let next = again.whenWell;
    try {
      await verify();
      problem = undefined;
    } catch (cause) {
      const error = deliveryError(cause, false);
      problem = error.problem === 'credentials' ? words.refused(error.code) : words.notReached(error.code);
      log.warn({ code: error.code, problem: error.problem }, 'the mail server does not take us');
      next = wait === 0 ? again.first : Math.min(wait * 2, again.longest);
    }
    if (stopped) return;
    timer = setTimeout(() => void attempt(next === again.whenWell ? 0 : next), next);
    timer.unref();
  }

  /** A reply about one recipient or one content is no trouble of the line. */
  function failed({ problem: kind, code }: DeliveryError): void {
    if (kind === 'credentials') problem = words.refused(code);
    else if (/^(retry-later|ambiguous)$/.test(kind) && !/^\d/.test(code)) problem = words.notReached(code);
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
    trouble: () => problem,
    well() {
      problem = undefined;
    },
    failed,
  };
}
