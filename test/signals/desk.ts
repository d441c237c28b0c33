/** The road with signals alone on it, for stories about them: a real Postgres, the HTTP edge, the chat without its platform, and a clock. */
import { createHmac, randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import pino from 'pino';
import { openDatabase } from '../../db/client.ts';
import type { ActionRef, Card, Form } from '../../src/core/card.ts';
import type { Inbound, Reply } from '../../src/core/chat.ts';
import { handle, type Road } from '../../src/core/handle.ts';
import { createIntake } from '../../src/core/intake.ts';
import type { Command } from '../../src/core/message.ts';
import { type Audience, LANE } from '../../src/core/module.ts';
import { readAudience } from '../../src/core/outbox.ts';
import { CrisisBook } from '../../src/crisis/book.ts';
import type { CrisisWorld } from '../../src/crisis/model.ts';
import { languageOf, personByAccount } from '../../src/directory/lookup.ts';
import { reachOf } from '../../src/directory/reach.ts';
import { drawSignals } from '../../src/signals/drawer.ts';
import { addSignalRoutes } from '../../src/signals/intake.ts';
import { signals } from '../../src/signals/module.ts';
import { signalTalker } from '../../src/signals/speech.ts';
import { readSignal } from '../../src/signals/store.ts';
import { directory, type Given } from '../support/company.ts';
import { freshDatabase } from '../support/database.ts';

export const MINUTE = 60_000;
export const SECRET = 'a-secret-of-the-monitoring-tool';

const PLAN = {
  id: 'any',
  title: { zh: '预案', en: 'Plan' },
  grade: 'major',
  team: [{ role: 'director' }],
  clear: [{ role: 'legal' }],
};
export const BOOK: CrisisBook = CrisisBook.parse({
  channel: 'crisis',
  kinds: [{ id: 'product', title: { zh: '产品质量', en: 'Product' } }],
  assess: { who: [{ role: 'supervisor' }] },
  plans: [PLAN],
  indicators: [
    { id: 'complaints', title: { zh: '投诉', en: 'Complaints' }, kind: 'product', count: 5, within: '1h' },
    { id: 'mentions', title: { zh: '负面 声量', en: 'Bad press' }, kind: 'product', count: 100, within: '30m' },
  ],
});

export function worldOf(given: Given = {}, crisis: CrisisBook | undefined = BOOK): CrisisWorld {
  const company = directory({ today: '2026-11-23', ...given });
  const channels = { crisis: { slack: 'C0CRISIS' } };
  const running = ['desk' as const];
  return {
    directory: { ...company, company: { ...company.company, channels, quiet: '22:00-08:00' } },
    crisis,
    running,
  } as unknown as CrisisWorld;
}

export type SignalDesk = Awaited<ReturnType<typeof openSignalDesk>>;

export async function openSignalDesk(options: { secret?: string | undefined } = { secret: SECRET }) {
  const database = await freshDatabase();
  const { sql, close } = openDatabase(database.url);
  let now = new Date('2026-11-23T02:00:00+08:00');
  let world = worldOf();
  const clock = () => now;
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const worldAt = async () => world;
  const road: Road<CrisisWorld> = {
    modules: [signals],
    policies: async () => [],
    reach: (here, moment) => reachOf(here.directory, ['desk'], moment),
    worldAt,
    happened: () => {},
    ring: () => {},
  };
  const talker = createIntake<CrisisWorld>({
    sql,
    road,
    talkers: [signalTalker({ placeOf: (_world, id) => ({ platform: 'desk', kind: 'direct', id }) })],
    clock,
    log,
    worldNear: worldAt,
    find: (here, platform, account) => personByAccount(here.directory, platform, account),
    language: (here, person) => (here && person ? languageOf(here.directory, person) : 'zh'),
    accountLanguage: () => 'zh',
    counted: () => {},
  });
  const app = new Hono();
  addSignalRoutes(app, { secret: options.secret, sql, road, worldAt, clock, log, language: () => 'zh' });
  const act = (person: string, what: Inbound['what'], delivered: string = randomUUID()): Promise<Reply> =>
    talker.take({
      platform: 'desk',
      deliveryId: delivered,
      from: { account: person, foreign: false },
      at: { kind: 'direct', id: person },
      what,
    });
  const seconds = (ms = 0) => String(Math.floor((now.getTime() + ms) / 1000));
  const desk = {
    sql,
    app,
    lines,
    clock,
    /** what the tool sends, as it would sign it */
    send: (body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Response> => {
      const time = headers['x-signal-timestamp'] ?? seconds();
      const signature = `v1=${createHmac('sha256', SECRET).update(`${time}.`).update(body).digest('hex')}`;
      const all = { 'x-signal-timestamp': time, 'x-signal-signature': signature, ...headers };
      return Promise.resolve(app.request('/signals', { method: 'POST', body: body as string, headers: all }));
    },
    post: async (...reports: object[]) => {
      const answer = await desk.send(JSON.stringify(reports));
      return {
        status: answer.status,
        ...((await answer.json()) as { accepted?: number; repeated?: number; error?: string }),
      };
    },
    seconds,
    act,
    say: (person: string, text: string, delivered?: string) =>
      act(person, { kind: 'text', text, files: [] }, delivered),
    press: (person: string, action: ActionRef) => act(person, { kind: 'action', action }),
    /** presses, then fills in the form that opened */
    fill: async (person: string, action: ActionRef, values: Record<string, string>): Promise<Reply> => {
      const opened = await desk.press(person, action);
      if (opened.kind !== 'form') return opened;
      return act(person, { kind: 'form', action: opened.form.action, values, files: {} });
    },
    carry: (command: Command) => sql.begin((tx) => handle(road, tx, command, { actor: { kind: 'clock' }, at: now })),
    signal: (number: string) => readSignal(sql, number),
    numbers: async (): Promise<string[]> =>
      (await sql<{ number: string }[]>`select number from signal order by number`).map((row) => row.number),
    ledger: async (number: string) =>
      (
        await sql<{ type: string; by: string }[]>`select type, by from ledger where subject = ${number} order by seq`
      ).map(({ type, by }) => `${type} ${by}`),
    /** what the outbox owes, by whom it reaches */
    messages: async () =>
      (
        await sql<{ kind: string; audience: string; about: string | null; lane: number; not_before: Date | null }[]>`
          select kind, audience, about, lane, not_before from message order by created_at, kind, audience`
      ).map(({ kind, audience, about, lane, not_before }) => {
        const at = lane === LANE.page && not_before === null ? 'at once' : 'later';
        return `${about ?? kind} ${audience} ${at}`;
      }),
    draw: (number: string, audience: string, about?: string, kind: 'card' | 'notice' = 'card') =>
      drawSignals(
        sql,
        worldAt,
      )({
        kind,
        subject: number,
        audience: readAudience(audience) satisfies Audience,
        about,
        data: {},
        language: 'zh',
        plain: false,
      }),
    /** the promise about this signal is due */
    fire: async (number: string) => {
      const [timer] = await sql<{ command: string; due_at: Date; urgent: boolean }[]>`
        delete from timer where subject = ${number} returning command, due_at, urgent`;
      if (!timer) return undefined;
      if (timer.due_at > now) now = timer.due_at;
      await desk.carry({ name: timer.command, subject: number, args: {} });
      return timer;
    },
    travel: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
    become: (given: Given, crisis?: CrisisBook) => {
      world = worldOf(given, crisis);
    },
    withoutBook: () => {
      world = { ...worldOf(), crisis: undefined };
    },
    close: async () => {
      await close();
      await database.drop();
    },
  };
  return desk;
}

export const textOf = (card: Card | undefined): string =>
  card === undefined
    ? ''
    : [card.headline, card.summary, ...card.blocks.map((block) => JSON.stringify(block))].join('\n');
export const labelsOf = (card: Card | undefined): string[] =>
  card?.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons.map(({ label }) => label) : [])) ?? [];
export const faultsOf = (form: Form): string[] =>
  form.fields.flatMap(({ id, fault }) => (fault ? [`${id}: ${fault}`] : []));
