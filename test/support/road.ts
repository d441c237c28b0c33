/**
 * The road without its edges, for stories about many at once: intake, modules, timers and deliveries on a real Postgres, with a chat
 * platform in memory and a queue that hands on at once. `processes` roads on one database are so many processes of the product.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import pino from 'pino';
import { openDatabase } from '../../db/client.ts';
import type { ActionRef, Card } from '../../src/core/card.ts';
import type { ChatAdapter, Inbound, Intent, MessageRef, Reply } from '../../src/core/chat.ts';
import { type DeliveryDeps, deliver } from '../../src/core/deliver.ts';
import { handOut } from '../../src/core/hand-out.ts';
import { createHanded } from '../../src/core/handed.ts';
import { createIntake } from '../../src/core/intake.ts';
import type { Queue } from '../../src/core/queue.ts';
import { placesOf } from '../../src/directory/lookup.ts';
import { reachOf } from '../../src/directory/reach.ts';
import { drawerOf, modules, talkersOf, type World } from '../../src/nouns.ts';
import { openOffice } from '../../src/office.ts';
import { policies } from '../../src/policies.ts';

const HANDBOOK = join(import.meta.dirname, '..', '..', 'handbook');

export interface Posted {
  ref: MessageRef;
  to: string;
  intent: string;
  card: Card;
  edits: number;
}

/** Everything that stands on the platform. A story may make `before` and `after` wait or throw. */
export function openMemoryPlatform() {
  const messages = new Map<string, Posted>();
  const posts: Intent[] = [];
  const hooks = {
    before: async (_what: 'post' | 'edit'): Promise<void> => {},
    /** it has happened on the platform; the answer is not home yet */
    after: async (_what: 'post' | 'edit'): Promise<void> => {},
  };
  let count = 0;
  const adapter = {
    platform: 'slack',
    cardLifeMs: undefined,
    post: async (to, content, intent) => {
      posts.push(intent);
      await hooks.before('post');
      const there = intent.triedBefore && [...messages.values()].find((message) => message.intent === intent.id);
      const card = content.kind === 'card' ? content.card : undefined;
      if (card === undefined) throw new Error('only cards are posted here');
      const ref = there?.ref ?? { channel: to.id, message: `m${++count}` };
      // what is found shows what it showed
      if (!there) messages.set(ref.message, { ref, to: to.id, intent: intent.id, card, edits: 0 });
      await hooks.after('post');
      return ref;
    },
    edit: async (ref, card) => {
      await hooks.before('edit');
      const message = messages.get(ref.message);
      if (!message) throw new Error(`${ref.message} was never posted`);
      message.card = card;
      message.edits += 1;
      await hooks.after('edit');
    },
  } as Partial<ChatAdapter> as ChatAdapter;
  return { adapter, messages, posts, hooks };
}
export type MemoryPlatform = ReturnType<typeof openMemoryPlatform>;

export interface RoadOptions {
  clock?: () => Date;
  platform?: MemoryPlatform;
  max?: number;
}

export type TestRoad = Awaited<ReturnType<typeof openRoad>>;

export async function openRoad(url: string, options: RoadOptions = {}) {
  const clock = options.clock ?? (() => new Date());
  const platform = options.platform ?? openMemoryPlatform();
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const database = openDatabase(url, { max: options.max ?? 10 });
  const { sql } = database;
  const office = await openOffice(HANDBOOK, sql, clock, log, () => ['slack']);
  const road = {
    modules,
    policies,
    reach: (world: World, moment: { by: string; at: Date }) => reachOf(world.directory, ['slack'], moment),
    worldAt: office.worldAt,
    happened: () => {},
    ring: () => {},
  };
  const outcomes: string[] = [];
  const placeOf = (world: World, person: string) => placesOf({ person }, world.directory, ['slack'])[0];
  const desk = createIntake<World>({
    sql,
    road,
    talkers: talkersOf({
      placeOf,
      sealNow: async () => undefined,
      link: () => '',
      paperLink: () => '',
      calendarUrl: async () => '',
      adapters: new Map(),
    }),
    clock,
    log,
    worldNear: office.worldNear,
    find: office.find,
    language: office.languageOf,
    accountLanguage: office.accountLanguage,
    counted: (_platform, outcome) => void outcomes.push(outcome),
  });
  const handed: string[] = [];
  const queue = {
    put: async (_queue: string, jobs: { id: string }[]) => void handed.push(...jobs.map((job) => job.id)),
  } as unknown as Queue;
  const delivery: DeliveryDeps = {
    sql,
    queue,
    handed: createHanded(),
    adapters: new Map([['slack', platform.adapter]]),
    draw: drawerOf(sql, office.worldAt, clock),
    languageFor: office.languageFor,
    clock,
    log,
    dead: async () => {},
    buried: async () => {},
    alarm: async () => {},
    counted: { delivered: () => {}, failed: () => {} },
  };
  const act = (account: string, what: Inbound['what'], delivered: string = randomUUID()): Promise<Reply> =>
    desk.take({
      platform: 'slack',
      deliveryId: delivered,
      from: { account, foreign: false },
      at: { kind: 'direct', id: account },
      what,
    });
  return {
    sql,
    road,
    office,
    clock,
    log,
    platform,
    delivery,
    queue,
    /** ids that were handed to the queue and not taken yet */
    handed,
    outcomes,
    lines,
    act,
    say: (account: string, text: string, delivered?: string) =>
      act(account, { kind: 'text', text, files: [] }, delivered),
    press: (account: string, command: string, subject: string, more: Partial<ActionRef> = {}) =>
      act(account, { kind: 'action', action: { command: `requests.${command}`, subject, seen: 1, ...more } }),
    /** everything that is owed now, by `workers` at once */
    deliverAll: async (workers = 3): Promise<void> => {
      while ((await handOut(delivery)) > 0 || handed.length > 0) {
        const work = async () => {
          for (let id = handed.shift(); id; id = handed.shift()) await deliver(delivery, id);
        };
        await Promise.all(Array.from({ length: workers }, work));
      }
    },
    close: () => database.close(),
  };
}

/** The sentence in which somebody was answered. */
export const sentence = (reply: Reply): string =>
  'text' in reply ? reply.text : 'say' in reply ? reply.say : reply.kind;

/** A door that a story opens when it wants things to go on. */
export function door() {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}
