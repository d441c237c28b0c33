/**
 * The composition root: the only file that knows everybody. Puts the product together, starts it from the ground up and stops it in
 * reverse order. `start` is what the program runs, and what the stories run with a clock of their own.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Hono } from 'hono';
import type { Logger } from 'pino';
import { budgetOf } from '../db/budget.ts';
import { sealAndTell, type sealTalker } from './audit/seal.ts';
import { startBackground } from './background.ts';
import { type Config, readConfig } from './config.ts';
import type { DeliveryError, Platform, RingReport } from './core/chat.ts';
import type { MessageRow } from './core/deliver.ts';
import { createHanded } from './core/handed.ts';
import { handle, type Road } from './core/handle.ts';
import { createIntake, type Database, isAway, withRetries } from './core/intake.ts';
import { streamLedger } from './core/ledger.ts';
import type { Command } from './core/message.ts';
import type { Audience, Effect, Tx } from './core/module.ts';
import { carryOut, sweepMessages } from './core/outbox.ts';
import { createQueue } from './core/queue.ts';
import { pinned } from './core/setting.ts';
import { readVault, sweepIncoming } from './core/vault.ts';
import { linesNotSetUp } from './crisis/book.ts';
import { debriefForReader, type PaperLink } from './crisis/debrief-offer.ts';
import { DRILLS, drillReminders } from './crisis/drill-due.ts';
import { lostRing, whatBecame } from './crisis/reports.ts';
import { roomPlanOf } from './crisis/room-plan.ts';
import { ROOMS } from './crisis/rooms.ts';
import { buryLetter, soundAlarm, soundFileAlarm, soundRoomAlarm } from './delivery/dead-letters.ts';
import { gatherDigests } from './delivery/digest.ts';
import { renewCards } from './delivery/renew.ts';
import { placesOf } from './directory/lookup.ts';
import { reachOf, restsUntil } from './directory/reach.ts';
import { FILES } from './files/fetching.ts';
import { fileForReader } from './files/offering.ts';
import { type Ground, lay } from './ground.ts';
import { HEALTH, type HealthDeps } from './health/speech.ts';
import { addOwnRoutes, debriefLink, fileLink } from './http.ts';
import { createLog } from './log.ts';
import { calendarAt, calendarPath } from './meetings/calendars.ts';
import { drawerOf, modules, ownerOf, stillOpen, talkersOf, type World } from './nouns.ts';
import { addPlatforms } from './platforms.ts';
import { ABSENCE, onHandbook, policies } from './policies.ts';
import { closeServer, drain, healthOf, listen } from './server.ts';
import { addSignalRoutes } from './signals/intake.ts';
import { sweepObservations } from './signals/store.ts';

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

/** A database that goes away while we start is waited for, as is one that is not there yet (db/migrate.ts). */
const START_MS = 30_000;

/** @throws Error whose message is for the administrator */
export async function start(config: Config, options: Options = {}): Promise<Running> {
  const log = options.log ?? createLog(config.logLevel);
  for (const deadline = Date.now() + START_MS; ; await pause(500)) {
    try {
      return await startOnce(config, options, log);
    } catch (error) {
      if (!isAway(error) || Date.now() > deadline) throw error;
      log.warn({ err: error }, 'the database went away during the start; trying again');
    }
  }
}

async function startOnce(config: Config, options: Options, log: Logger): Promise<Running> {
  const clock = options.clock ?? (() => new Date());
  const undo: Ground['undo'] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) {
      await Promise.resolve(step()).catch((err: unknown) => log.warn({ err }, 'a part did not stop cleanly'));
    }
  };
  try {
    const ground = await lay(config, clock, log, undo, options.onLost);
    return { ...(await raise(ground)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function raise(ground: Ground): Promise<Omit<Running, 'stop'>> {
  const { config, clock, log, sql, office, adapters, undo } = ground;
  const linkKey = await pinned(sql, 'link-key', randomBytes(32).toString('base64url'));
  const vault = join(config.dataDir, 'files');
  let wake = (): void => {};
  const road = roadOf(ground, () => wake());
  const sealBy = async (by: string) => sealAndTell(sql, clock(), by, await office.worldAt(sql, clock()), tell(ground));
  const linking = () => ({ linkKey, publicUrl: config.publicUrl, clock });
  const links = {
    link: (id: string, person: string) => fileLink(linking(), id, person),
    paperLink: (...paper: Parameters<PaperLink>) => debriefLink(linking(), ...paper),
  };
  const intake = intakeOf(ground, road, (scene) => sealBy(scene.person), links);
  const desk = ground.watching.desk(intake);
  const reported = async (report: RingReport): Promise<void> => {
    const { platform, account } = report;
    const rung = account && office.find(await office.worldAt(sql, clock()), platform, account);
    await byClock(ground, road)(whatBecame(report, rung ? rung.id : undefined));
  };
  await addPlatforms(config, adapters, {
    desk,
    watching: ground.watching,
    log,
    clock,
    sql,
    among: ground.presence.count,
    office,
    reported,
    sealKey: linkKey,
  });

  const app = new Hono();
  ground.watching.addTo(app);
  let ready = false;
  addOwnRoutes(app, {
    adminToken: config.adminToken,
    linkKey,
    clock,
    metrics: ground.watching.page,
    ledger: () => streamLedger(sql),
    file: async (id, person) => {
      const world = await office.worldAt(sql, clock());
      return fileForReader({ sql, world, ownerOf, open: (sha256) => readVault(vault, sha256) }, id, person);
    },
    calendar: async (who, secret) => calendarAt(sql, await office.worldAt(sql, clock()), who, secret, clock()),
    debrief: async (...asked) => {
      const at = clock();
      return debriefForReader({ sql, world: await office.worldAt(sql, at), at }, ...asked);
    },
    health: () => healthOf(sql, ready, adapters),
  });
  addSignalRoutes(app, {
    secret: config.signalsSecret,
    sql,
    road,
    worldAt: office.worldAt,
    clock,
    log,
    language: office.defaultLanguage,
    watch: ground.watching.of('signals'),
  });
  for (const adapter of adapters.values()) adapter.routes(app);
  const { server, url } = await listen(app, config, log);
  undo.push(() => closeServer(server));
  for (const adapter of adapters.values()) {
    undo.push(() => adapter.stop());
    await adapter.start();
  }
  const renew = async () => {
    const [at, { directory }] = [clock(), await office.worldAt(sql, clock())];
    const rests = (to: Audience) => restsUntil(to, directory, at) !== undefined;
    return renewCards(sql, adapters.values(), (subjects) => stillOpen(sql, subjects), rests, at);
  };
  const { underWay } = intake;
  const work = { ...workOf(ground, road, vault), underWay, seal: () => sealBy('clock'), renew };
  const background = await startBackground(work);
  wake = background.wake;
  undo.push(background.stop);
  await followHandbook(ground, road);
  ready = true;
  undo.push(() => {
    ready = false;
    return drain(server, config.drainSeconds * 1000);
  });
  log.info({ url, platforms: [...adapters.keys()], company: office.now().company.name }, 'countersign serves');
  const reload = async (): Promise<void> => {
    if (await office.reload()) await followHandbook(ground, road);
  };
  return { url, renewNow: renew, sealNow: async () => void (await sealBy('clock')), reload };
}

const running = ({ adapters }: Ground): Platform[] => [...adapters.keys()];

function roadOf(ground: Ground, ring: () => void): Road<World> {
  return {
    modules,
    policies,
    reach: (world, moment) => reachOf(world.directory, running(ground), moment),
    worldAt: ground.office.worldAt,
    happened: (type) => {
      if (ABSENCE.has(type)) ground.office.absencesMove();
      ground.watching.event(type);
    },
    ring,
  };
}

/** Notices that follow from no command: a seal's checkpoint. */
const tell =
  (ground: Ground) =>
  (
    sql: Database | Tx,
    subject: string,
    effects: Effect[],
    { directory }: Pick<World, 'directory'>,
    at: Date,
    by = 'clock',
  ) =>
    carryOut(sql, subject, effects, reachOf(directory, running(ground), { by, at }), at);

const silentLines = (ground: Ground) => {
  const { crisis } = ground.office.now();
  return crisis ? linesNotSetUp(crisis, running(ground)) : [];
};

/** What `/pr health` is told from, and how its second half reaches whoever asked. */
function healthDepsOf(ground: Ground): HealthDeps {
  const { sql, clock, log, adapters, office, watching } = ground;
  return {
    ...{ sql, clock, log, adapters, noticed: watching.noticed, pools: watching.pools },
    unread: office.unread,
    silentLines: () => silentLines(ground),
    tell: (effects, directory, by) => tell(ground)(sql, HEALTH, effects, { directory }, clock(), by),
  };
}

function intakeOf(
  ground: Ground,
  road: Road<World>,
  sealNow: Parameters<typeof sealTalker>[0],
  links: Pick<Parameters<typeof talkersOf>[0], 'link' | 'paperLink'>,
) {
  const { config, sql, clock, log, office, watching, adapters } = ground;
  const calendarUrl: Parameters<typeof talkersOf>[0]['calendarUrl'] = async (owner, fresh) =>
    `${config.publicUrl}${await calendarPath(sql, owner, fresh)}`;
  const placeOf = (world: World, person: string, platform: Platform) =>
    placesOf({ person }, world.directory, [platform])[0] ?? placesOf({ person }, world.directory, running(ground))[0];
  return createIntake<World>({
    sql,
    road,
    talkers: talkersOf({ placeOf, sealNow, ...links, adapters, calendarUrl, health: healthDepsOf(ground) }),
    clock,
    log,
    worldNear: office.worldNear,
    find: office.find,
    language: office.languageOf,
    accountLanguage: office.accountLanguage,
    counted: watching.act,
  });
}

function workOf(ground: Ground, road: Road<World>, vault: string) {
  const { config, sql, clock, log, office, adapters, watching, databaseUrl } = ground;
  const queue = createQueue(databaseUrl, log, { max: budgetOf(config.databasePool).queue, ran: watching.ran });
  const { worldAt, languageFor } = office;
  const post = {
    sql,
    running: running(ground),
    clock,
    restsUntil,
    directoryNow: async () => (await worldAt(sql, clock())).directory,
  };
  const dead = (row: MessageRow, error: DeliveryError) => buryLetter(post, row, error);
  // the next rung does not wait for the clock; lost with a killed process, the clock makes up for it
  const buried = async (row: MessageRow): Promise<void> => {
    watching.buried(row.platform);
    const report = lostRing(row);
    if (report) await byClock(ground, road)(report);
  };
  const alarm = (row: MessageRow, error: DeliveryError) => soundAlarm(post, row, error);
  const fileAlarm = (file: Parameters<typeof soundFileAlarm>[1], error: DeliveryError) =>
    soundFileAlarm(post, file, error);
  const putFiles = (ids: string[]) =>
    queue.put(
      FILES,
      ids.map((id) => ({ id, priority: 1 })),
    );
  return {
    sql,
    log,
    queue,
    zone: office.now().company.timezone,
    delivery: {
      sql,
      queue,
      handed: createHanded(),
      adapters,
      draw: drawerOf(sql, worldAt, clock),
      clock,
      log,
      languageFor,
      dead,
      buried,
      alarm,
      counted: watching.deliveries,
    },
    timers: { sql, queue, road, clock, log },
    rooms: {
      sql,
      adapters,
      clock,
      log,
      put: (ids: string[]) =>
        queue.put(
          ROOMS,
          ids.map((id) => ({ id, priority: 10 })),
        ),
      teamOf: async (number: string, platform: Platform) =>
        roomPlanOf(sql, number, platform, await worldAt(sql, clock())),
      alarm: (room: { crisis: string; platform: Platform }, error: DeliveryError) => soundRoomAlarm(post, room, error),
      carryOut: byClock(ground, road),
    },
    drills: async () => {
      const [at, world] = [clock(), await worldAt(sql, clock())];
      await tell(ground)(sql, DRILLS, await drillReminders(sql, world, at), world, at);
    },
    digests: () => gatherDigests(sql, clock()),
    fetching: {
      sql,
      adapters,
      clock,
      log,
      folder: vault,
      put: putFiles,
      ownerOf,
      alarm: fileAlarm,
      carryOut: byClock(ground, road),
    },
    sweep: async () => {
      await sweepMessages(sql, clock());
      await sweepObservations(sql, clock());
      await sweepIncoming(vault, new Date(Date.now() - 3_600_000));
    },
  };
}

/** A command that no person gave: kept, recorded and told like any other. */
const byClock =
  ({ sql, clock }: Ground, road: Road<World>) =>
  async (command: Command): Promise<void> => {
    await withRetries(() => sql.begin((tx) => handle(road, tx, command, { actor: { kind: 'clock' }, at: clock() })));
    road.ring();
  };

async function followHandbook(ground: Ground, road: Road<World>): Promise<void> {
  const { sql, clock, office, log } = ground;
  const silent = silentLines(ground);
  if (silent.length > 0)
    log.warn({ lines: silent }, 'crisis.yaml names ways to ring people that are not set up; they are passed over');
  const commands = await onHandbook(sql, clock(), await office.worldAt(sql, clock()));
  for (const command of commands) await byClock(ground, road)(command);
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
