/**
 * What happens with a verified message: the desk, then what the person is shown. WeCom is answered as soon as the work is committed
 * (or takes too long); what there is to say goes out by calls of our own, because its own answer cannot say more than a card holds.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { DeliveryError, type Desk, type Inbound, type Reply } from '../../src/core/chat.ts';
import { wecomWords } from '../../src/words/wecom.ts';
import { type Answer, answerTo } from './answer.ts';
import { idOf } from './crypto.ts';
import type { Outlet } from './deliver.ts';
import type { Leaves } from './edge.ts';
import { LOOK_BACK_S } from './limits.ts';
import { type Act, parse } from './parse.ts';
import { type AppMessage, renderSentence } from './render.ts';

export interface Reception {
  /** Resolved when WeCom may be told that we have it. @throws when it should send it again */
  receive(leaves: Leaves): Promise<void>;
  /** What is under way may end; what waits for its next try does not wait any longer. */
  stop(): Promise<void>;
}

interface Receiving {
  desk: Desk;
  log: Logger;
  outlet: Outlet;
  answerWithinMs: number;
}

const TRIES = 5;
const LONGEST_WAIT_MS = 30_000;
/** A desk that still thinks is not waited for longer than this when we stop. */
const DRAIN_MS = 4000;
/** How many acts are remembered, so that one which is delivered again is not answered again. */
const REMEMBERED = 2000;

export function createReception({ desk, log, outlet, answerWithinMs }: Receiving): Reception {
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  const answered = createMemory(REMEMBERED);

  function inBackground(work: () => Promise<void>): void {
    const one = work()
      .catch((error: unknown) => log.error({ err: error }, 'an answer in WeCom failed'))
      .finally(() => running.delete(one));
    running.add(one);
  }

  async function tell(account: string, message: AppMessage): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      try {
        const lookBackS = tried > 1 ? LOOK_BACK_S.answerAgain : LOOK_BACK_S.answer;
        await outlet.toMember(account, message, { again: tried > 1, lookBackS });
        return;
      } catch (error) {
        const failed = error instanceof DeliveryError ? error : undefined;
        const again = failed?.problem === 'retry-later' || failed?.problem === 'ambiguous'; // doubles are sorted out there
        if (!again || tried >= TRIES || !(await wait(failed?.afterMs ?? 1000 * tried))) {
          log.warn({ code: failed?.code, problem: failed?.problem, tried }, 'a reply could not be sent');
          return;
        }
      }
    }
  }

  /** False when we stop. */
  const wait = (ms: number): Promise<boolean> =>
    pause(Math.min(ms, LONGEST_WAIT_MS), undefined, { signal: stopping.signal }).then(
      () => true,
      () => false,
    );

  async function show(account: string, responseCode: string, { change, message, instead }: Answer): Promise<void> {
    const redrawn = change === undefined || (await redraw(account, responseCode, change));
    const said = redrawn ? message : (message ?? instead);
    if (said !== undefined) await tell(account, said);
  }

  async function redraw(account: string, responseCode: string, change: NonNullable<Answer['change']>) {
    try {
      await outlet.redraw(account, responseCode, change);
      return true;
    } catch (error) {
      const { code, problem } = error instanceof DeliveryError ? error : {};
      log.warn({ code, problem }, 'a pressed card could not be redrawn');
      return false;
    }
  }

  function follow(inbound: Inbound, responseCode: string, reply: Reply): void {
    const { account } = inbound.from;
    const language = desk.languageOf('wecom', account);
    const answer = answerTo(reply, idOf('reply', inbound.deliveryId), responseCode !== '', language);
    inBackground(() => show(account, responseCode, answer));
  }

  async function take(inbound: Inbound, responseCode: string): Promise<void> {
    const first = answered.isNew(inbound.deliveryId);
    const taking = desk.take(inbound).catch((error: unknown) => {
      answered.forget(inbound.deliveryId); // it comes again
      throw error;
    });
    const reply = await soon(taking, answerWithinMs);
    if (!first) return;
    if (reply !== undefined) follow(inbound, responseCode, reply);
    else inBackground(async () => follow(inbound, responseCode, await taking));
  }

  function turnAway({ account, what, deliveryId }: Extract<Act, { kind: 'unread' }>): void {
    if (!answered.isNew(deliveryId)) return;
    const say = wecomWords(desk.languageOf('wecom', account));
    inBackground(() => tell(account, renderSentence(what === 'button' ? say.unreadable : say.textOnly)));
  }

  return {
    async receive(leaves) {
      const act = parse(leaves);
      if (act === undefined) return;
      if (act.kind === 'unread') turnAway(act);
      else await take(act.inbound, act.kind === 'press' ? act.responseCode : '');
    },
    async stop() {
      stopping.abort();
      const drained = Promise.allSettled(running);
      await Promise.race([drained, pause(DRAIN_MS, undefined, { ref: false })]);
    },
  };
}

/** The newest of the ids that it was shown. */
function createMemory(most: number) {
  const seen = new Set<string>();
  return {
    isNew(id: string): boolean {
      if (seen.has(id)) return false;
      seen.add(id);
      const [oldest] = seen;
      if (seen.size > most && oldest !== undefined) seen.delete(oldest);
      return true;
    },
    forget: (id: string) => void seen.delete(id),
  };
}

async function soon<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  const late = new AbortController();
  const waited = pause(ms, undefined, { signal: late.signal }).catch(() => undefined);
  try {
    return await Promise.race([work, waited]);
  } finally {
    late.abort();
  }
}
