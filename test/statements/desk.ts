/**
 * Statements on the whole road, on a real Postgres, with Slack and Feishu in memory and a clock that stands until it is moved: what people type,
 * press and fill in, what then stands in whose chat, and the promises that fall due.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import pino from 'pino';
import { openDatabase } from '../../db/client.ts';
import type { ActionRef, Button, Card } from '../../src/core/card.ts';
import type { Inbound, Platform, Reply } from '../../src/core/chat.ts';
import { type DeliveryDeps, deliver } from '../../src/core/deliver.ts';
import { handOut } from '../../src/core/hand-out.ts';
import { createHanded } from '../../src/core/handed.ts';
import { createIntake } from '../../src/core/intake.ts';
import type { Queue } from '../../src/core/queue.ts';
import { fire, handOutTimers } from '../../src/core/timers.ts';
import type { Crisis, CrisisWorld } from '../../src/crisis/model.ts';
import { saveCrisis } from '../../src/crisis/store.ts';
import { placesOf } from '../../src/directory/lookup.ts';
import { reachOf } from '../../src/directory/reach.ts';
import { openOffice } from '../../src/office.ts';
import { drawStatements } from '../../src/statements/drawer.ts';
import { statements } from '../../src/statements/module.ts';
import { type LinkText, statementTalker } from '../../src/statements/speech.ts';
import { freshDatabase } from '../support/database.ts';
import { openMemoryPlatform } from '../support/road.ts';

const HANDBOOK = join(import.meta.dirname, '..', '..', 'handbook');
const RUNNING: Platform[] = ['slack', 'feishu'];

export type Desk = Awaited<ReturnType<typeof openDesk>>;

export async function openDesk(linkText: LinkText, began = '2026-11-23T22:00:00+08:00') {
  const database = await freshDatabase();
  const kept = openDatabase(database.url, { max: 4 });
  const { sql } = kept;
  let now = new Date(began);
  const clock = () => now;
  const log = pino({ level: 'silent' });
  const office = await openOffice(HANDBOOK, sql, clock, log, () => RUNNING);
  const chats = { slack: openMemoryPlatform(), feishu: openMemoryPlatform() };
  const road = {
    modules: [statements],
    policies: async () => [],
    reach: (world: CrisisWorld, moment: { by: string; at: Date }) => reachOf(world.directory, RUNNING, moment),
    worldAt: office.worldAt,
    happened: () => {},
    ring: () => {},
  };
  const placeOf = (world: CrisisWorld, person: string, platform: Platform) =>
    placesOf({ person }, world.directory, [platform])[0];
  const intake = createIntake<CrisisWorld>({
    sql,
    road,
    talkers: [statementTalker({ placeOf, linkText })],
    clock,
    log,
    worldNear: office.worldNear,
    // the example company has nobody on WeCom: there people go by their id
    find: ((world: CrisisWorld, platform: Platform, account: string) =>
      office.find(world as never, platform === 'wecom' ? 'desk' : platform, account)) as never,
    language: office.languageOf,
    accountLanguage: office.accountLanguage,
    counted: () => {},
  });
  const handed: string[] = [];
  const queue = {
    put: async (_queue: string, jobs: { id: string }[]) => void handed.push(...jobs.map((job) => job.id)),
  } as unknown as Queue;
  const delivery: DeliveryDeps = {
    sql,
    queue,
    handed: createHanded(),
    adapters: new Map(RUNNING.map((one) => [one, { ...chats[one as 'slack'].adapter, platform: one }])),
    draw: drawStatements(sql, () => office.worldAt(sql, now)),
    languageFor: office.languageFor,
    clock,
    log,
    dead: async () => {},
    buried: async () => {},
    alarm: async () => {},
    counted: { delivered: () => {}, failed: () => {} },
  };
  const told = async (): Promise<void> => {
    while ((await handOut(delivery)) > 0 || handed.length > 0)
      for (let id = handed.shift(); id; id = handed.shift()) await deliver(delivery, id);
  };
  const act = async (account: string, what: Inbound['what'], room?: string): Promise<Reply> => {
    const platform = account.startsWith('ou_') ? 'feishu' : account.startsWith('U0') ? 'slack' : 'wecom';
    const at = room === undefined ? { kind: 'direct' as const, id: account } : { kind: 'channel' as const, id: room };
    const reply = await intake.take({
      platform,
      deliveryId: randomUUID(),
      from: { account, foreign: false },
      at,
      what,
    });
    await told();
    return reply;
  };
  const cardsIn = (place: string): Card[] =>
    [...chats.slack.messages.values(), ...chats.feishu.messages.values()].flatMap((one) =>
      one.to === place ? [one.card] : [],
    );
  return {
    sql,
    /** a crisis that stands, with its room on Slack */
    begin: async (crisis: Crisis): Promise<void> => {
      await sql.begin((tx) => saveCrisis(tx, crisis));
      const row = { crisis: crisis.number, platform: 'slack', intent: randomUUID(), channel: 'C0ROOM' };
      await sql`insert into room ${sql(row)} on conflict do nothing`;
    },
    says: (account: string, text: string, room?: string) => act(account, { kind: 'text', text, files: [] }, room),
    presses: (account: string, action: ActionRef, room?: string) => act(account, { kind: 'action', action }, room),
    fills: (account: string, action: ActionRef, values: Record<string, string>) =>
      act(account, { kind: 'form', action, values, files: {} }),
    /** the newest message in a chat or room that says all this */
    card: (place: string, ...words: string[]): Card => {
      const found = cardsIn(place).findLast((card) => words.every((word) => JSON.stringify(card).includes(word)));
      if (!found) throw new Error(`nothing in ${place} says ${words.join(' ')}`);
      return found;
    },
    heard: (place: string): string[] => cardsIn(place).map((card) => card.summary),
    travel: async (minutes: number): Promise<void> => {
      now = new Date(now.getTime() + minutes * 60_000);
      await handOutTimers({ sql, queue, road, clock, log });
      for (const id of handed.splice(0)) await fire({ sql, queue, road, clock, log }, id);
      await told();
    },
    ledger: (subject: string) =>
      sql<{ type: string; by: string; data: string }[]>`
        select type, by, data from ledger where subject = ${subject} order by seq`,
    close: async (): Promise<void> => {
      await kept.close();
      await database.drop();
    },
  };
}

export function buttonOf(card: Card, label: string): ActionRef {
  const all = card.blocks.flatMap((one): Button[] => (one.kind === 'buttons' ? one.buttons : []));
  const found = all.find((one) => one.label === label);
  if (!found) throw new Error(`no button ${label} among ${all.map((one) => one.label).join(', ')}`);
  return found.action;
}

/** The action of a form that was opened. */
export function formOf(reply: Reply): ActionRef {
  if (reply.kind !== 'form' && reply.kind !== 'faults') throw new Error(`no form but ${JSON.stringify(reply)}`);
  return reply.form.action;
}
