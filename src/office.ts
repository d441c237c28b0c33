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
  const quiet = (): Directory => directory(localDate(clock(), inForce.company.timezone), []);
  return {
    now: (): InForce => inForce,
    /** why the last reading of the handbook changed nothing; undefined: it is in force */
    unread: () => unread,
    worldAt: async (db: Database | Tx, at: Date): Promise<CrisisWorld> => {
      const today = localDate(at, inForce.company.timezone);
      const absences = await currentAbsences(db, today);
      const { processes, meetings, crisis } = inForce;
      return {
        directory: directory(today, absences),
        processes,
        meetings,
        crisis,
        running: running(),
        pinned: versions,
      };
    },
    find: (world: World, platform: Platform, account: string) => personByAccount(world.directory, platform, account),
    defaultLanguage: (): Language => companyLanguage(inForce.company),
    languageOf: (world: World | undefined, person: string | undefined): Language =>
      world && person ? languageOf(world.directory, person) : companyLanguage(inForce.company),
    accountLanguage: (platform: Platform, account: string): Language => {
      const person = personByAccount(quiet(), platform, account);
      return person ? languageOf(quiet(), person.id) : companyLanguage(inForce.company);
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
