/** The timeline that nobody can rewrite (C4): every entry that the ledger has of a crisis, in words, oldest first. */
import { showDate, showTime } from '../core/calendar.ts';
import type { Language } from '../core/chat.ts';
import type { JsonObject } from '../core/message.ts';
import { showMoney } from '../core/money.ts';
import type { Directory } from '../directory/model.ts';
import { crisisWords } from '../words/crisis.ts';
import { debriefWords } from '../words/debrief.ts';
import { timelineWords } from '../words/timeline.ts';
import { GRADES } from './book.ts';
import { type Entry, saidBy } from './figures.ts';
import type { Crisis, CrisisEvent, CrisisWorld } from './model.ts';
import type { Reader } from './store.ts';

/** For whom it is written. */
export interface Telling {
  world: Pick<CrisisWorld, 'directory' | 'crisis'>;
  language: Language;
}

export interface TimelineLine {
  type: string;
  /** when it was noted, which is when it happened unless `happenedAt` says otherwise */
  at: string;
  happenedAt?: string;
  who: string;
  text: string;
}

export async function entriesOf(sql: Reader, number: string): Promise<Entry[]> {
  const rows = await sql<{ type: string; by: string; at: string; data: string }[]>`
    select "type", "by", to_char("at" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "at", data
    from ledger where subject = ${number} order by "position"`;
  return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as JsonObject }));
}

export async function timelineOf(sql: Reader, number: string, telling: Telling): Promise<TimelineLine[]> {
  return timelineLines(await entriesOf(sql, number), telling);
}

export function timelineLines(entries: readonly Entry[], telling: Telling): TimelineLine[] {
  const tasks = new Map(
    entries.flatMap((entry) => {
      const task = saidBy(entry, 'task-added');
      return task ? [[task.id, task.text] as const] : [];
    }),
  );
  /** the calls of each to which their answer stands */
  const answered = new Set<string>();
  return entries.map((entry) => {
    const happenedAt = earlier(entry);
    const who = nameOf(doerOf(entry), telling);
    const back = saidBy(entry, 'answer-taken-back');
    const declined = back !== undefined && !answered.delete(`${back.call} ${back.person}`);
    const said = saidBy(entry, 'page-answered');
    if (said) answered.add(`${said.call} ${said.person}`);
    const text = declined
      ? timelineWords(telling.language).declined(nameOf(back.person, telling), back.reason ?? '')
      : textOf(entry, tasks, telling);
    return { type: entry.type, at: entry.at, ...(happenedAt ? { happenedAt } : {}), who, text };
  });
}

/** What follows by rule from somebody's act: the entry names them, but it was not their doing. */
const FOLLOWED: ReadonlySet<string> = new Set<CrisisEvent['type']>([
  'person-called',
  'rung-climbed',
  'freeze-began',
  'drill-scored',
]);

/** Whoever did it. What the clock brings from another noun names whoever acted there. */
function doerOf(entry: Entry): string {
  if (FOLLOWED.has(entry.type)) return 'clock';
  if (entry.by !== 'clock') return entry.by;
  const acted = saidBy(entry, 'spend-executed')?.person ?? saidBy(entry, 'statement-noted')?.person;
  return acted ?? saidBy(entry, 'spend-refused')?.refusedBy ?? 'clock';
}

/** A minute is what people write: within it both times are one. */
function earlier(entry: Entry): string | undefined {
  const said = saidBy(entry, 'fact-noted')?.happenedAt ?? saidBy(entry, 'contact-noted')?.contactedAt;
  return said !== undefined && Math.abs(Date.parse(entry.at) - Date.parse(said)) >= 60_000 ? said : undefined;
}

export function nameOf(id: string, { world, language }: Telling): string {
  return id === 'clock' ? crisisWords(language).clock : (world.directory.people.get(id)?.name ?? id);
}

/** On the company's clock, to the second. */
export function timeOf(at: string, { world, language }: Telling): string {
  const time = new Date(at);
  const seconds = String(time.getUTCSeconds()).padStart(2, '0');
  return `${showTime(time, world.directory.company.timezone, language)}:${seconds}`;
}

export const minuteOf = (at: string, { world, language }: Telling): string =>
  showTime(new Date(at), world.directory.company.timezone, language);

export const moneyOf = (base: string, directory: Directory): string =>
  showMoney({ minor: BigInt(base), currency: directory.company.currency });

export const kindOf = (id: string, { world, language }: Telling): string =>
  world.crisis?.kinds.find((kind) => kind.id === id)?.title[language] ?? id;

export const scenarioOf = (id: string, { world, language }: Telling): string =>
  world.crisis?.drills.scenarios.find((scenario) => scenario.id === id)?.title[language] ?? id;

/** A drill that was graded below what its scenario is; empty: it was not. */
export function gradedBelow({ drill, grade }: Pick<Crisis, 'drill' | 'grade'>, { world, language }: Telling): string {
  const written = world.crisis?.drills.scenarios.find(({ id }) => id === drill?.scenario)?.grade;
  if (!written || !grade || GRADES.indexOf(grade) >= GRADES.indexOf(written)) return '';
  return debriefWords(language).drills.below(crisisWords(language).grades[written]);
}

export const platformOf = (id: string, language: Language): string =>
  (crisisWords(language).platforms as Record<string, string>)[id] ?? id;

function textOf(entry: Entry, tasks: ReadonlyMap<string, string>, telling: Telling): string {
  const { world, language } = telling;
  const [w, c] = [timelineWords(language), crisisWords(language)];
  const name = (id: string) => nameOf(id, telling);
  const platform = (id: string) => platformOf(id, language);
  const ways = (lines: readonly (keyof typeof c.lines)[]) => c.names(lines.map((line) => c.lines[line]));
  const event = { type: entry.type, data: entry.data } as unknown as CrisisEvent;
  switch (event.type) {
    case 'crisis-raised': {
      const { text, kind, affected, signal, drill } = event.data;
      const asides = [signal && w.signal(signal), drill && w.drill(scenarioOf(drill.scenario, telling))];
      return [w.raised(text, kindOf(kind, telling), affected), ...asides.filter(Boolean)].join('\n');
    }
    case 'crisis-graded': {
      const { grade, before, reason } = event.data;
      return before && before !== grade
        ? w.regraded(c.grades[before], c.grades[grade], reason)
        : w.graded(c.grades[grade], reason);
    }
    case 'member-joined':
      return w.joined(name(event.data.person));
    case 'person-called':
      return w.called(name(event.data.seat), w.why[event.data.why]);
    case 'rung-climbed': {
      const { person, lines, round, skipped } = event.data;
      const rung = lines.length > 0 ? w.rung(name(person), ways(lines), round) : w.rungNot(name(person));
      return skipped.length > 0 ? `${rung}${w.skipped(ways(skipped))}` : rung;
    }
    case 'ring-reported': {
      const { line, person, outcome, code = '' } = event.data;
      return w.ring(c.lines[line], name(person), w.outcomes[outcome], code);
    }
    case 'page-answered':
      return w.answered(name(event.data.person), platform(String(entry.data.via ?? '')));
    case 'answer-taken-back':
      return w.takenBack(name(event.data.person), event.data.reason ?? '');
    case 'room-settled': {
      const { platform: where, id, code = '', out } = event.data;
      const room = id ? w.room(platform(where)) : w.noRoom(platform(where), code);
      return out.length > 0 ? `${room}${w.out(c.names(out.map(({ person }) => name(person))))}` : room;
    }
    case 'rooms-asked':
      return w.roomsAsked(c.names(event.data.platforms.map(platform)));
    case 'seat-taken': {
      const { seat, person, from } = event.data;
      return from ? w.seatFrom(name(person), c.seats[seat], name(from)) : w.seat(name(person), c.seats[seat]);
    }
    case 'seats-asked':
      return w.seatsAsked(c.names(event.data.seats.map((seat) => c.seats[seat])));
    case 'fact-noted': {
      const { text, said } = event.data;
      return w.fact(said ? w.quoted(said.by, text) : text);
    }
    case 'task-added':
      return w.task(name(event.data.owner), event.data.text);
    case 'task-done':
      return w.taskDone(tasks.get(event.data.id) ?? event.data.id);
    case 'contact-noted':
      return w.contact(c.parties[event.data.party], event.data.whom, event.data.text);
    case 'situation-updated':
      return w.update(w.situation(event.data.known, event.data.said, event.data.next));
    case 'update-chased':
      return w.chased(minuteOf(event.data.due, telling));
    case 'spend-executed': {
      const { request, person, base, due } = event.data;
      return w.spent(name(person), request, moneyOf(base, world.directory), minuteOf(due, telling));
    }
    case 'spend-ratified':
      return w.ratified(event.data.request);
    case 'spend-refused': {
      const { request, refusedBy, reason, decision, dueOn } = event.data;
      const recovered = decision ? w.recovery(decision, showDate(dueOn, language)) : '';
      return `${w.refused(request, name(refusedBy), reason)}${recovered}`;
    }
    case 'cap-restored':
      return w.restored(name(event.data.person), event.data.reason);
    case 'freeze-began':
      return w.freeze(event.data.affected);
    case 'freeze-verdict':
      return event.data.go ? w.go(event.data.reason) : w.noGo(event.data.reason);
    case 'statement-noted':
      return w.statement(name(event.data.person), event.data.statement, c.said[event.data.what]);
    case 'crisis-stood-down':
      return w.stoodDown(c.how[event.data.how], event.data.reason);
    case 'aftercare-ordered': {
      const { kind, text, owner, dueOn, decision } = event.data;
      return w.aftercare(c.aftercare[kind], text, name(owner), showDate(dueOn, language), decision);
    }
    case 'drill-scored':
      return w.scored(event.data.lines.filter((line) => line.met).length, event.data.lines.length);
    case 'file-attached':
      return w.attached(event.data.name);
    case 'file-kept':
      return w.kept(event.data.name, event.data.sha256);
    case 'file-refused':
      return w.lost(event.data.name);
    default:
      // an entry that an older or newer version wrote is not left out
      return String((event satisfies never as { type: string }).type);
  }
}
