/**
 * One act of one person, from payload to answer: the desk is asked, the answer leaves within three seconds whatever the
 * desk or Slack's API do, and what remains is said after it.
 */
import type { Logger } from 'pino';
import type { Desk, Language, Reply } from '../../src/core/chat.ts';
import { slackWords } from '../../src/words/slack.ts';
import { type Ack, lateAck, type Plan, planFor, planLate, planStale, type Step } from './answer.ts';
import { FormTooLarge } from './form.ts';
import type { Identity } from './identity.ts';
import { answerWithinMs as soonEnoughMs } from './limits.ts';
import type { Door, Parsed, Self } from './parse.ts';
import { teamOf } from './payloads.ts';
import type { Respond } from './respond.ts';

export type Answer = (ack: Ack) => void;
export type Parse = (body: unknown, self: Self) => Parsed;
export type Turns = (body: unknown, parse: Parse, answer: Answer, receivedAt: number) => Promise<void>;

const late = Symbol('late');
const eventsRemembered = 2_000;

export function createTurns(deps: {
  desk: Desk;
  identity: Identity;
  respond: Respond;
  log: Logger;
  /** when the answer leaves at the latest */
  answerWithinMs?: number | undefined;
}): Turns {
  const { desk, identity, respond, log, answerWithinMs = soonEnoughMs } = deps;
  const events = new Set<string>();

  /** Slack repeats an event that we answered late; the desk knows it, but the person should not be told twice. */
  function isRepeated(door: Door, id: string): boolean {
    if (door.kind !== 'message') return false;
    if (events.has(id)) return true;
    events.add(id);
    const [oldest] = events;
    if (events.size > eventsRemembered && oldest !== undefined) events.delete(oldest);
    return false;
  }

  async function take(inbound: Parameters<Desk['take']>[0], language: Language): Promise<Reply> {
    try {
      return await desk.take(inbound);
    } catch (error) {
      log.error({ err: error, delivery: inbound.deliveryId }, 'the desk threw');
      return { kind: 'said', tone: 'bad', text: slackWords(language).failed };
    }
  }

  /** A reply that cannot be drawn must not leave the person without any. */
  function drawn<T>(draw: (reply: Reply) => T, reply: Reply, language: Language): T {
    try {
      return draw(reply);
    } catch (error) {
      log.error(
        { err: error, reply: reply.kind, tooLarge: error instanceof FormTooLarge },
        'slack reply could not be drawn',
      );
      return draw({ kind: 'said', tone: 'bad', text: slackWords(language).failed });
    }
  }

  async function carryOut(door: Door, steps: Step[], language: Language): Promise<void> {
    for (const step of steps) await respond(door, step, language);
  }

  async function fulfil(door: Door, plan: Plan, language: Language, answer: Answer): Promise<void> {
    answer(plan.ack);
    await carryOut(door, plan.steps, language);
  }

  async function turn(
    { inbound, door }: Extract<Parsed, { kind: 'turn' }>,
    answer: Answer,
    receivedAt: number,
  ): Promise<void> {
    if (isRepeated(door, inbound.deliveryId)) return answer(undefined);
    const language = desk.languageOf('slack', inbound.from.account);
    const taking = take(inbound, language);
    const first = await within(taking, answerWithinMs - (performance.now() - receivedAt));
    if (first !== late)
      return fulfil(
        door,
        drawn((reply) => planFor(door, reply, language), first, language),
        language,
        answer,
      );
    log.warn({ door: door.kind, delivery: inbound.deliveryId }, 'slack answered before the work was done');
    await fulfil(door, lateAck(door, language), language, answer);
    await carryOut(
      door,
      drawn((reply) => planLate(door, reply, language), await taking, language),
      language,
    );
  }

  async function selfOf(body: unknown): Promise<Self | undefined> {
    try {
      return await identity.self(teamOf(body));
    } catch (error) {
      log.error({ err: error }, 'slack workspace could not be read');
      return undefined;
    }
  }

  return async (body, parse, answer, receivedAt) => {
    const self = await selfOf(body);
    // Without a workspace of our own everybody is foreign: only the door is needed to say so.
    const parsed = parse(body, self ?? nobody);
    if (parsed.kind === 'ignored') return answer(undefined);
    const account = parsed.door.user;
    const language = desk.languageOf('slack', account);
    if (!self) {
      const reply: Reply = { kind: 'said', tone: 'bad', text: slackWords(language).stillConnecting };
      return fulfil(parsed.door, planFor(parsed.door, reply, language), language, answer);
    }
    if (parsed.kind === 'stale') await fulfil(parsed.door, planStale(parsed.door, language), language, answer);
    else await turn(parsed, answer, receivedAt);
    identity.learn(account);
  };
}

const nobody: Self = { team: '', enterprise: undefined, botUser: undefined, isGuest: () => true };

async function within<T>(promise: Promise<T>, ms: number): Promise<T | typeof late> {
  const { promise: deadline, resolve } = Promise.withResolvers<typeof late>();
  const timer = setTimeout(() => resolve(late), Math.max(0, ms));
  return Promise.race([promise, deadline]).finally(() => clearTimeout(timer));
}
