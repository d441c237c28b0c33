/**
 * What other modules may ask about the company: who somebody is, who is above them, who holds a role, who acts while
 * somebody is away. Every walk along managers or deputies ends, whatever the handbook or the absences say.
 */
import type { WorkHours } from '../core/calendar.ts';
import { plusDays } from '../core/calendar-cn.ts';
import type { Language, Platform } from '../core/chat.ts';
import type { Audience, Line } from '../core/module.ts';
import type { Absence, Company, Directory, Person } from './model.ts';

/** The role whose holders look after the product itself. */
const ADMIN_ROLE = 'admin';

export interface PlatformAccount {
  platform: Platform;
  account: string;
}

/** One hand-over on the way from the absent signer to the one who acts. */
export interface StandInLink {
  absent: string;
  deputy: string;
  /** `deputy`: named in the absence; `climbed`: nobody named could act, so the next one up does */
  how: 'deputy' | 'climbed';
}
export type StandIn = { person: string; chain: StandInLink[] } | { nobody: 'nobody-above' };

export function personById(directory: Directory, id: string): Person | undefined {
  return directory.people.get(id);
}

/** Finds people who have left too: the caller tells them why they may not act. On the desk the account is the person's id. */
export function personByAccount(directory: Directory, platform: Platform, account: string): Person | undefined {
  if (platform === 'desk' || platform === 'pager') return directory.people.get(account);
  if (platform === 'email') return undefined;
  if (platform === 'sms' || platform === 'phone') return personByPhone(directory, account);
  for (const person of directory.people.values()) if (person.accounts[platform] === account) return person;
  return undefined;
}

/** Somebody of two with one number (a shared desk) is still somebody who answers: the first who has not left. */
function personByPhone(directory: Directory, number: string): Person | undefined {
  const having = [...directory.people.values()].filter((person) => person.phone === number);
  return having.find((person) => person.active) ?? having[0];
}

/**
 * Who is meant by `李娜`, `@李娜`, `li` or (with a platform) `<@U02LI>`: nobody, one, or several of the same name.
 * Somebody who has left is found only where nobody active is meant.
 */
export function personByName(directory: Directory, text: string, platform?: Platform): Person[] {
  const mention = /^<@([^>|\s]{1,100})(?:\|[^>]*)?>$/.exec(text.trim());
  if (mention) {
    const meant = platform && mention[1] ? personByAccount(directory, platform, mention[1]) : undefined;
    return meant ? [meant] : [];
  }
  const wanted = foldName(text);
  if (wanted === '') return [];
  const byId = directory.people.get(wanted);
  if (byId) return [byId];
  const named = [...directory.people.values()].filter((person) => foldedName(person) === wanted);
  const active = named.filter((person) => person.active);
  return active.length > 0 ? active : named;
}

const folded = new WeakMap<Person, string>();

/** Once a person, since a pasted text asks for hundreds of names. */
function foldedName(person: Person): string {
  const known = folded.get(person) ?? foldName(person.name);
  folded.set(person, known);
  return known;
}

/** Full-width letters, a leading @ and the spacing of a name make no difference. */
function foldName(text: string): string {
  return text.normalize('NFKC').trim().replace(/^@\s*/u, '').replace(/\s+/gu, ' ').toLowerCase();
}

/** The active people who hold the role, in the handbook's order. */
export function holders(directory: Directory, role: string): Person[] {
  return [...directory.people.values()].filter((person) => person.active && person.roles.includes(role));
}

/** The managers above a person, nearest first, with those who have left; a circle is walked once. */
export function lineUp(directory: Directory, personId: string): Person[] {
  const line: Person[] = [];
  const seen = new Set([personId]);
  let next = directory.people.get(personId)?.manager;
  while (next !== undefined && !seen.has(next)) {
    seen.add(next);
    const manager = directory.people.get(next);
    if (!manager) break;
    line.push(manager);
    next = manager.manager;
  }
  return line;
}

/** The nearest manager who has not left. */
export function nextUp(directory: Directory, personId: string): Person | undefined {
  return lineUp(directory, personId).find((person) => person.active);
}

/** The holders of the role `admin`; where nobody holds it, whoever has nobody above. */
export function administrators(directory: Directory): Person[] {
  const named = holders(directory, ADMIN_ROLE);
  if (named.length > 0) return named;
  return [...directory.people.values()].filter((person) => person.active && !nextUp(directory, person.id));
}

/** By which a platform knows this person; on the desk and for a pager it is their own id. */
export function accountOn(person: Person, platform: Platform): string | undefined {
  if (platform === 'desk' || platform === 'pager') return person.id;
  if (platform === 'email') return person.email;
  return platform === 'sms' || platform === 'phone' ? person.phone : person.accounts[platform];
}

/**
 * Where a person's cards go, among the platforms that run. `prefer` narrows the chat platforms; where it leaves nothing,
 * it is set aside, since a card somewhere is better than none.
 */
export function accountsOf(person: Person, running: readonly Platform[] = ['slack', 'feishu']): PlatformAccount[] {
  const all = running.flatMap((platform): PlatformAccount[] => {
    const account = accountOn(person, platform);
    return account === undefined ? [] : [{ platform, account }];
  });
  const prefer = person.prefer;
  if (!prefer) return all;
  const narrowed = all.filter(({ platform }) => (prefer as Platform[]).includes(platform));
  return narrowed.length > 0
    ? all.filter(({ platform }) => platform === 'desk' || (prefer as Platform[]).includes(platform))
    : all;
}

export function companyLanguage(company: Pick<Company, 'language'>): Language {
  return company.language.startsWith('zh') ? 'zh' : 'en';
}

/** The person's own language, else the company's (also for whoever is unknown). */
export function languageOf(directory: Directory, personId: string): Language {
  return directory.people.get(personId)?.language ?? companyLanguage(directory.company);
}

/** The absences that hold today, in the order in which they were reported. */
export function absencesOf(directory: Directory, personId: string): Absence[] {
  const { today } = directory;
  return directory.absences.filter((a) => a.person === personId && a.from <= today && today <= a.to);
}

/** Themselves, and whoever has named them as deputy for today. */
export function standsFor(personId: string, { absences, today }: Directory): string[] {
  const absent = absences.filter((one) => one.deputy === personId && one.from <= today && today <= one.to);
  return [personId, ...absent.map((one) => one.person)];
}

export function isAway(directory: Directory, personId: string): boolean {
  return absencesOf(directory, personId).length > 0;
}

/** Leave further away than this is not looked at: somebody away for years stops no deadline for good. */
const LEAVE_DAYS = { past: 90, ahead: 366 };

/** When this person works: their own hours, else the company's, without the days on which they are away. */
export function hoursOf(directory: Directory, personId: string): WorkHours {
  const hours = directory.people.get(personId)?.hours ?? directory.company.hours;
  const leave = leaveOf(directory, personId);
  return leave.length === 0 ? hours : { ...hours, exceptions: { ...hours.exceptions, ...Object.fromEntries(leave) } };
}

function leaveOf(directory: Directory, personId: string): [date: string, kind: 'off'][] {
  const first = plusDays(directory.today, -LEAVE_DAYS.past);
  const last = plusDays(directory.today, LEAVE_DAYS.ahead);
  const days: [string, 'off'][] = [];
  for (const { person, from, to } of directory.absences) {
    if (person !== personId) continue;
    const end = to < last ? to : last;
    for (let day = from > first ? from : first; day <= end; day = plusDays(day, 1)) days.push([day, 'off']);
  }
  return days;
}

/** The company's working time, and that of everybody who keeps another calendar: each calendar once. */
export function calendarsKept(company: Company): WorkHours[] {
  const all = [company, ...company.people].flatMap(({ hours }) => hours ?? []);
  return [...new Map(all.toReversed().map((hours) => [hours.calendar, hours])).values()].toReversed();
}

/**
 * Who acts for this person today (D4): they themselves; else the first deputy along the absences who is here; else the
 * next one up, and so on. Nobody in `not` acts, nor does anybody whom one of them has named: that would let a requester
 * choose who approves.
 */
export function standInFor(directory: Directory, personId: string, not: readonly string[] = []): StandIn {
  const tried = new Set<string>(not);
  const climb: StandInLink[] = [];
  let absent = personId;
  for (const candidate of [personId, ...lineUp(directory, personId).map((manager) => manager.id)]) {
    if (candidate !== personId) climb.push({ absent, deputy: candidate, how: 'climbed' });
    absent = candidate;
    const chain = tried.has(candidate) ? undefined : deputiesOf(directory, candidate, tried);
    if (chain) return { person: chain.at(-1)?.deputy ?? candidate, chain: [...climb, ...chain] };
  }
  return { nobody: 'nobody-above' };
}

/** The hand-overs from `id` to the first who can act; none if `id` can; undefined if nobody can. Adds to `tried`. */
function deputiesOf(directory: Directory, id: string, tried: Set<string>): StandInLink[] | undefined {
  tried.add(id);
  if (!directory.people.get(id)?.active) return undefined;
  const absences = absencesOf(directory, id);
  if (absences.length === 0) return [];
  for (const { deputy } of absences) {
    const further = tried.has(deputy) ? undefined : deputiesOf(directory, deputy, tried);
    if (further) return [{ absent: id, deputy, how: 'deputy' }, ...further];
  }
  return undefined;
}

/** One consistent reading of the company for the pure rules. */
export function directoryOf(company: Company, absences: readonly Absence[], today: string): Directory {
  return { company, people: new Map(company.people.map((person) => [person.id, person])), absences, today };
}

/** Where people and channels are to be found on the platforms that run. */
export interface Place {
  platform: Platform;
  kind: 'direct' | 'channel';
  id: string;
}

/** They ring for calls and carry nothing else. */
const RINGERS: readonly Platform[] = ['sms', 'phone', 'pager'];

/** Sent out to, and a last way to whoever has no chat; live cards do not stand there. */
const LETTERS: readonly Platform[] = ['wecom', 'email'];

/**
 * Those who have left get nothing any more; a channel of the handbook is a conversation of the same name on the desk. A card stands in the
 * chats, a letter goes by WeCom and mail, a notice takes the first of all of them.
 */
export function placesOf(
  to: Audience,
  directory: Directory,
  running: readonly Platform[],
  kind: 'card' | 'notice' | 'letter' | 'page' = 'card',
): Place[] {
  const chats = running.filter((platform) => !LETTERS.includes(platform) && !RINGERS.includes(platform));
  const letters = LETTERS.filter((platform) => running.includes(platform));
  if ('room' in to) return roomPlaces(to.room, chats);
  if ('channel' in to) return channelPlaces(to.channel, directory, kind === 'letter' ? letters : chats);
  const person = directory.people.get(to.person);
  if (!person?.active) return [];
  const direct = ({ platform, account }: PlatformAccount): Place => ({ platform, kind: 'direct', id: account });
  if (kind === 'page') {
    const { prefer: _narrow, ...everywhere } = person;
    return accountsOf(everywhere, chats).map(direct);
  }
  const own = kind === 'letter' ? [] : accountsOf(person, chats).map(direct);
  return kind === 'card' ? own : [...own, ...lettersOf(person, letters).map(direct)];
}

const roomPlaces = ({ platform, id }: { platform: string; id: string }, running: readonly Platform[]): Place[] =>
  running.filter((one) => one === platform).map((one) => ({ platform: one, kind: 'channel', id }));

/** Where one of the louder ways reaches this person; undefined: they have no such number or account, or it is not set up. */
export function lineOf(
  personId: string,
  line: Line,
  directory: Directory,
  running: readonly Platform[],
): Place | undefined {
  const person = directory.people.get(personId);
  const platform = line.startsWith('feishu-') ? 'feishu' : (line as 'sms' | 'phone' | 'pager');
  if (!person?.active || !running.includes(platform)) return undefined;
  const id = platform === 'feishu' ? person.accounts.feishu : platform === 'pager' ? person.id : person.phone;
  return id === undefined ? undefined : { platform, kind: 'direct', id };
}

function lettersOf(person: Person, running: readonly Platform[]): PlatformAccount[] {
  return running.flatMap((platform) => {
    const account = platform === 'email' ? person.email : person.accounts.wecom;
    return account === undefined ? [] : [{ platform, account }];
  });
}

function channelPlaces(name: string, directory: Directory, running: readonly Platform[]): Place[] {
  const channel = directory.company.channels[name];
  if (!channel) return [];
  return running.flatMap((platform): Place[] => {
    const named = platform === 'slack' || platform === 'feishu' || platform === 'wecom' ? channel[platform] : undefined;
    const id = platform === 'desk' ? name : named;
    return id === undefined ? [] : [{ platform, kind: 'channel', id }];
  });
}
