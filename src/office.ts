/** The company as it is now: the handbook in force with its pinned versions, and who is away; read again on demand. */
import type { Logger } from 'pino';
import { calendarWarnings, localDate } from './core/calendar.ts';
import type { Language, Platform } from './core/chat.ts';
import type { Database } from './core/intake.ts';
import type { Tx } from './core/module.ts';
import { readAudience } from './core/outbox.ts';
import type { CrisisBook } from './crisis/book.ts';
import type { CrisisWorld } from './crisis/model.ts';
import { calendarsKept, companyLanguage, languageOf, personByAccount } from './directory/lookup.ts';
import type { Company, Directory, Person } from './directory/model.ts';
import { currentAbsences } from './directory/store.ts';
import type { Fault } from './handbook/model.ts';
import { readHandbook } from './handbook/read.ts';
import type { MeetingRule } from './meetings/rule.ts';
import type { PinnedProcess, World } from './processes/model.ts';
import { createVersions, pinProcesses } from './processes/store.ts';
import { sayCalendarWarning } from './words/calendar.ts';
import { describeFaults } from './words/handbook.ts';

export interface InForce {
  company: Company;
  people: ReadonlyMap<string, Person>;
  processes: PinnedProcess[];
  meetings: readonly MeetingRule[];
  crisis: CrisisBook | undefined;
}

const NEAR_MS = 250;
/** longer than a commit takes */
const UNSETTLED_MS = 5_000;

export type Office = Awaited<ReturnType<typeof openOffice>>;

/**
 * @param running the platforms that are set up, as of the moment of the question
 * @throws Error that lists every fault of the handbook
 */
export async function openOffice(
  folder: string,
  sql: Database,
  clock: () => Date,
  log: Logger,
  running: () => Platform[],
) {
  let inForce = await takeEffect(folder, sql, clock(), log);
  let unread: { at: Date; faults: string } | undefined;
  const versions = createVersions(sql);
  const directory = (today: string, absences: Directory['absences']): Directory => ({
    company: inForce.company,
    people: inForce.people,
    absences,
    today,
  });
  let day = { minute: Number.NaN, timezone: '', date: '' };
  /** Asked at every act; days begin with a whole minute everywhere. */
  const todayAt = (at: Date): string => {
    const [minute, { timezone }] = [Math.floor(at.getTime() / 60_000), inForce.company];
    if (day.minute !== minute || day.timezone !== timezone) day = { minute, timezone, date: localDate(at, timezone) };
    return day.date;
  };
  const quiet = (): Directory => directory(todayAt(clock()), []);
  const worldOf = (today: string, absences: Directory['absences']): CrisisWorld => {
    const { processes, meetings, crisis } = inForce;
    const world = { directory: directory(today, absences), processes, meetings, crisis };
    return { ...world, running: running(), pinned: versions };
  };
  let near: { today: string; until: number; absences: Promise<Directory['absences']> } | undefined;
  let unsettledUntil = 0;
  return {
    now: (): InForce => inForce,
    /** why the last reading of the handbook changed nothing; undefined: it is in force */
    unread: () => unread,
    worldAt: async (db: Database | Tx, at: Date): Promise<CrisisWorld> => {
      const today = todayAt(at);
      return worldOf(today, await currentAbsences(db, today));
    },
    /** The same, as it was a moment ago: a crowd that asks at once asks the database once. Nothing is decided by it. */
    worldNear: async (at: Date): Promise<CrisisWorld> => {
      const [today, now] = [todayAt(at), performance.now()];
      if (near?.today !== today || now >= near.until || now < unsettledUntil) {
        const absences = currentAbsences(sql, today);
        near = { today, until: now + NEAR_MS, absences };
        absences.catch(() => {
          near = undefined;
        });
      }
      return worldOf(today, await near.absences);
    },
    /** Somebody's absence is being recorded or ended here: whoever asks right after their answer sees it. */
    absencesMove: (): void => {
      unsettledUntil = performance.now() + UNSETTLED_MS;
    },
    find: (world: World, platform: Platform, account: string) => personByAccount(world.directory, platform, account),
    defaultLanguage: (): Language => companyLanguage(inForce.company),
    languageOf: (world: World | undefined, person: string | undefined): Language =>
      world && person ? languageOf(world.directory, person) : companyLanguage(inForce.company),
    accountLanguage: (platform: Platform, account: string): Language => {
      const directory = quiet();
      const person = personByAccount(directory, platform, account);
      return person ? languageOf(directory, person.id) : companyLanguage(inForce.company);
    },
    languageFor: (audience: string): Language => {
      const to = readAudience(audience);
      return 'person' in to ? languageOf(quiet(), to.person) : companyLanguage(inForce.company);
    },
    /** True: it is in force. A faulty handbook changes nothing: the one in force stays, and the log says why. */
    reload: async (): Promise<boolean> => {
      try {
        inForce = await takeEffect(folder, sql, clock(), log);
        unread = undefined;
        log.info({ processes: inForce.processes.length }, 'the handbook was read again and is in force');
        return true;
      } catch (error) {
        unread = { at: clock(), faults: (error as Error).message };
        log.error({ faults: (error as Error).message }, 'the handbook has faults; the one before stays in force');
        return false;
      }
    },
  };
}

async function takeEffect(folder: string, sql: Database, at: Date, log: Logger): Promise<InForce> {
  const reading = await readHandbook(folder, at);
  const say = (faults: Fault[]) => describeFaults(faults, reading.language);
  if ('faults' in reading) throw new Error(say(reading.faults));
  for (const notice of reading.notices)
    log.warn({ file: notice.file, line: notice.line, notice: notice.what }, 'a notice about the handbook');
  const { company, processes, meetings, crisis } = reading.ok;
  const year = at.getUTCFullYear();
  for (const warning of calendarsKept(company).flatMap((hours) => calendarWarnings([year, year + 1], hours))) {
    log.warn(
      { calendar: sayCalendarWarning(warning, companyLanguage(company)) },
      'the calendar does not know a year for certain',
    );
  }
  const people = new Map(company.people.map((person) => [person.id, person]));
  return { company, people, processes: await pinProcesses(sql, processes, at), meetings, crisis };
}
