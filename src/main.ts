/**
 * The composition root: the only file that knows everybody. Puts the product together, starts it from the ground up and stops it in
 * reverse order. `start` is what the program runs, and what the stories run with a clock of their own.
 */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import pino, { type Logger } from 'pino';
import { createDesk } from '../adapters/desk/adapter.ts';
import { createDeskStore } from '../adapters/desk/store.ts';
import { createFeishu } from '../adapters/feishu/adapter.ts';
import { createSlack } from '../adapters/slack/adapter.ts';
import { openDatabase } from '../db/client.ts';
import { startEmbedded } from '../db/embedded.ts';
import { migrate } from '../db/migrate.ts';
import { checkpointCard, LEDGER, sealAndTell, sealTalker } from './audit/seal.ts';
import { type Config, readConfig } from './config.ts';
import type { ChatAdapter, Desk, Platform } from './core/chat.ts';
import { deliver, deliverQueue, handOut, startDispatcher } from './core/deliver.ts';
import { handle, type Road } from './core/handle.ts';
import { createIntake, type Database } from './core/intake.ts';
import { streamLedger } from './core/ledger.ts';
import type { Drawer, Tx } from './core/module.ts';
import { carryOut, WAKE } from './core/outbox.ts';
import { createQueue } from './core/queue.ts';
import { pinned } from './core/setting.ts';
import { fire, handOutTimers, TIMERS } from './core/timers.ts';
import { readVault } from './core/vault.ts';
import { buryLetter, DELIVERY, deadLetterCard, soundAlarm } from './delivery/dead-letters.ts';
import { renewCards } from './delivery/renew.ts';
import { placesOf } from './directory/lookup.ts';
import { directory as directoryModule } from './directory/module.ts';
import { absenceTalker } from './directory/speech.ts';
import { addOwnRoutes, fileLink } from './http.ts';
import { commandsOf, companyPage, feishuPeople } from './introduce.ts';
import { createMetrics } from './metrics.ts';
import { openOffice } from './office.ts';
import { policies } from './policies.ts';
import type { World } from './processes/model.ts';
import { drawRequests } from './requests/drawer.ts';
import { FILES, fetchFile, handOutFiles } from './requests/fetching.ts';
import { requests as requestsModule } from './requests/module.ts';
import { fileForReader, filesCard } from './requests/offering.ts';
import { requestTalker } from './requests/speech.ts';
import { stillOpen } from './requests/store.ts';

export interface Running {
  url: string;
  /** for stories: the same as the cron's and the signal's own */
  sealNow(): Promise<void>;
  renewNow(): Promise<number>;
  reload(): Promise<void>;
  stop(): Promise<void>;
}

export interface Options {
  clock?: () => Date;
  log?: Logger;
  onLost?: () => void;
}

/** @throws Error whose message is for the administrator */
export async function start(config: Config, options: Options = {}): Promise<Running> {
  const clock = options.clock ?? (() => new Date());
  const log = options.log ?? createLog(config.logLevel);
  const undo: (() => Promise<unknown> | unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse())
      await Promise.resolve(step()).catch((err: unknown) => log.warn({ err }, 'a part did not stop cleanly'));
  };
  try {
    return await build(config, clock, log, undo, stop, options.onLost);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(
  config: Config,
  clock: () => Date,
  log: Logger,
  undo: (() => Promise<unknown> | unknown)[],
  stop: () => Promise<void>,
  onLost: (() => void) | undefined,
): Promise<Running> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const databaseUrl = config.databaseUrl ?? (await embedded(config, undo, onLost));
  await migrate(databaseUrl);
  const database = openDatabase(databaseUrl);
  undo.push(() => database.close());
  const { sql } = database;
  const office = await openOffice(config.handbook, sql, clock, log);
  const metrics = createMetrics(sql, clock);
  const queue = createQueue(databaseUrl, log);
  const adapters = new Map<Platform, ChatAdapter>();
  const running = (): Platform[] => [...adapters.keys()];
  const linkKey = await pinned(sql, 'link-key', randomBytes(32).toString('base64url'));

  const road: Road<World> = {
    modules: [requestsModule, directoryModule],
    policies,
    places: (to, _kind, world) => placesOf(to, world.directory, running()),
    worldAt: office.worldAt,
    happened: metrics.event,
  };
  const tell = (db: Database | Tx, subject: string, effects: Parameters<typeof carryOut>[2], world: World, at: Date) =>
    carryOut(db as Tx, subject, effects, (to) => placesOf(to, world.directory, running()), at);
  const sealBy = async (by: string) => sealAndTell(sql, clock(), by, await office.worldAt(sql, clock()), tell);
  const around = {
    placeOf: (world: World, person: string, platform: Platform) =>
      placesOf({ person }, world.directory, [platform])[0] ?? placesOf({ person }, world.directory, running())[0],
    filesCard: filesCard((id, person) => fileLink({ linkKey, publicUrl: config.publicUrl, clock }, id, person)),
  };
  const desk: Desk = createIntake<World>({
    sql,
    road,
    talkers: [absenceTalker, sealTalker((scene) => sealBy(scene.person)), requestTalker(around)],
    clock,
    log,
    worldAt: office.worldAt,
    find: office.find,
    language: office.languageOf,
    accountLanguage: office.accountLanguage,
    counted: metrics.act,
  });
  addAdapters(config, adapters, { desk, log, clock, sql, office });

  const draw: Drawer['draw'] = async (message) => {
    const world = await office.worldAt(sql, clock());
    if (message.subject === LEDGER) return checkpointCard(message.data ?? {}, message.language);
    if (message.subject === DELIVERY) return deadLetterCard(message.data ?? {}, world.directory, message.language);
    return drawRequests(sql, async () => world)(message);
  };
  const post = {
    sql,
    running: running(),
    clock,
    directoryNow: async () => (await office.worldAt(sql, clock())).directory,
  };
  const delivery = {
    sql,
    queue,
    adapters,
    draw,
    clock,
    log,
    languageFor: office.languageFor,
    dead: (row: Parameters<typeof buryLetter>[1], error: Parameters<typeof buryLetter>[2]) =>
      buryLetter(post, row, error),
    alarm: (row: Parameters<typeof buryLetter>[1], error: Parameters<typeof buryLetter>[2]) =>
      soundAlarm(post, row, error),
    counted: metrics,
  };
  const timers = { sql, queue, road, worldAt: office.worldAt, clock, log };
  const vault = join(config.dataDir, 'files');
  const fetching = {
    sql,
    adapters,
    clock,
    log,
    folder: vault,
    put: (ids: string[]) =>
      queue.put(
        FILES,
        ids.map((id) => ({ id, priority: 1 })),
      ),
    carryOut: (command: Parameters<typeof handle>[2]) =>
      sql.begin(async (tx) => {
        const at = clock();
        await handle(road, tx, command, { actor: { kind: 'clock' }, at, world: await office.worldAt(tx, at) });
      }) as Promise<void>,
  };

  await queue.start();
  undo.push(() => queue.stop());
  for (const platform of adapters.keys()) await queue.work(deliverQueue(platform), (id) => deliver(delivery, id));
  await queue.work(TIMERS, (id) => fire(timers, id));
  await queue.work(FILES, (id) => fetchFile(fetching, id));
  const zone = office.now().company.timezone;
  const renewNow = () => renewCards(sql, adapters.values(), (subjects) => stillOpen(sql, subjects), clock());
  await queue.every('seal', '5 0 * * *', zone, async () => void (await sealBy('clock')));
  await queue.every('renew', '17 * * * *', zone, async () => void (await renewNow()));
  await queue.every('sweep-inbox', '41 3 * * *', zone, () => sweepInbox(sql, clock()));

  const app = new Hono();
  let ready = false;
  addOwnRoutes(app, {
    adminToken: config.adminToken,
    linkKey,
    clock,
    metrics: async () => ({ text: await metrics.text(), contentType: metrics.contentType }),
    ledger: () => streamLedger(sql),
    file: async (id, person) =>
      fileForReader(sql, await office.worldAt(sql, clock()), id, person, (sha256) => readVault(vault, sha256)),
    health: () => healthOf(sql, ready, adapters),
  });
  for (const adapter of adapters.values()) adapter.routes(app);
  const { server, url } = await listen(app, config);
  undo.push(() => closeServer(server));
  for (const adapter of adapters.values()) {
    await adapter.start();
    undo.push(() => adapter.stop());
  }
  const rounds = [() => handOut(delivery), () => handOutTimers(timers), () => handOutFiles(fetching)];
  const dispatcher = startDispatcher({ sql, log, rounds }, WAKE);
  undo.push(() => dispatcher.stop());
  ready = true;
  undo.push(() => {
    ready = false;
  });
  log.info({ url, platforms: running(), company: office.now().company.name }, 'countersign serves');
  return { url, stop, renewNow, sealNow: async () => void (await sealBy('clock')), reload: office.reload };
}

async function embedded(
  config: Config,
  undo: (() => Promise<unknown> | unknown)[],
  onLost: (() => void) | undefined,
): Promise<string> {
  const server = await startEmbedded(config.dataDir, onLost ? { onLost } : {});
  undo.push(() => server.stop());
  return server.url;
}

/** Secrets never reach it and form contents are never handed to it; what a library might slip in is cut out here. */
function createLog(level: string): Logger {
  const secret = [
    'token',
    'secret',
    'password',
    'authorization',
    'cookie',
    'signature',
    'appSecret',
    'botToken',
    'encryptKey',
    'values',
    'text',
    'content',
    'blocks',
  ];
  const paths = secret.flatMap((key) => [key, `*.${key}`, `*.*.${key}`, `err.config.*.${key}`]);
  return pino({
    level,
    redact: {
      paths: [...paths, 'err.config', 'err.request', 'err.response', 'err.query', 'err.parameters', 'err.args'],
      censor: '[redacted]',
    },
  });
}

function addAdapters(
  config: Config,
  adapters: Map<Platform, ChatAdapter>,
  parts: { desk: Desk; log: Logger; clock: () => Date; sql: Database; office: Awaited<ReturnType<typeof openOffice>> },
): void {
  const { desk, log, clock, sql, office } = parts;
  const common = { desk, log, clock };
  const commands = () => commandsOf(office.now(), office.defaultLanguage());
  if (config.slack) {
    const pinTeam = (team: string) =>
      pinned(sql, 'slack-team', office.now().company.tenants.slack ?? team, office.now().company.tenants.slack);
    adapters.set('slack', createSlack(config.slack, { ...common, commands: commands().slack, pinTeam }));
  }
  if (config.feishu) {
    const pinTenant = (tenant: string) =>
      pinned(sql, 'feishu-tenant', office.now().company.tenants.feishu ?? tenant, office.now().company.tenants.feishu);
    const people = () => feishuPeople(office.now());
    adapters.set('feishu', createFeishu(config.feishu, { ...common, commands: commands().feishu, pinTenant, people }));
  }
  if (config.desk) {
    const company = () => companyPage(office.now());
    const uploads = join(config.dataDir, 'uploads');
    adapters.set(
      'desk',
      createDesk({ ...common, company, commands: () => commands().desk, store: createDeskStore({ sql }), uploads }),
    );
  }
}

async function healthOf(sql: Database, ready: boolean, adapters: Map<Platform, ChatAdapter>) {
  const missing: string[] = [];
  const alive = sql`select 1`.then(() => true).catch(() => false);
  const late = new Promise<false>((resolve) => setTimeout(resolve, 2000, false).unref());
  if (!(await Promise.race([alive, late]))) missing.push('database');
  if (!ready) missing.push('workers');
  const platforms = Object.fromEntries(
    [...adapters].map(([platform, adapter]) => [platform, adapter.trouble() ?? 'ok']),
  );
  return { ok: missing.length === 0, missing, platforms };
}

/** Platforms deliver again for at most some hours; a month is far beyond that. */
async function sweepInbox(sql: Database, now: Date): Promise<void> {
  await sql`delete from inbox where at < ${new Date(now.getTime() - 30 * 86_400_000)}`;
  await sql`delete from message where state in ('done', 'closed') and created_at < ${new Date(now.getTime() - 90 * 86_400_000)}`;
}

function listen(app: Hono, config: Config): Promise<{ server: Server; url: string }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: config.host, port: config.port }, (info) => {
      const host = config.host.includes(':') ? `[${config.host}]` : config.host;
      resolve({ server, url: `http://${host}:${info.port}` });
    }) as Server;
    server.requestTimeout = 30_000;
    server.headersTimeout = 10_000;
    server.keepAliveTimeout = 30_000;
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`PORT: ${config.port} is taken by another program; stop it or set another PORT`)
          : error,
      ),
    );
  });
}

/** Answers that are under way are finished; idle connections and open event streams are let go. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 3000).unref();
  });
}

async function main(): Promise<void> {
  const settings = readConfig();
  if ('faults' in settings) {
    for (const fault of settings.faults) process.stderr.write(`${fault}\n`);
    process.exit(1);
  }
  const config = settings.ok;
  const lost = () => {
    process.stderr.write(
      'The embedded database ended unexpectedly. Start again; if it repeats, look into the free disk space and memory.\n',
    );
    process.exit(1);
  };
  const running = await start(config, { onLost: lost });
  const open = config.desk ? `Open ${running.url}/ in a browser.` : `Health: ${running.url}/healthz`;
  process.stdout.write(`\n  Countersign 会签 is running. ${open}\n\n`);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      running.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
  process.on('SIGHUP', () => void running.reload());
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
}
