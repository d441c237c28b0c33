/**
 * What the quarter must have come to, worked out by the rules alone from when the program ran, when people filed, and a calendar of its own:
 * every fault is one line. A promise may be kept late only because the program was down, and fall away only for a stated reason.
 */
import { after, before, daysOf, instant, workedBetween } from './quarter-calendar.ts';
import { calledTo, type Held, MEETINGS, memberOf } from './quarter-company.ts';
import type { Done } from './quarter-life.ts';
import type { QuarterOffice, Uptime } from './quarter-office.ts';

const MINUTE = 60_000;
/** While the program runs, so soon what is due has happened … */
const PROMPT_MS = 3 * MINUTE;
/** … and is said: forty cards wait for a platform's rate limit before the reminders do */
const SAID_MS = 20 * MINUTE;
const LATE_MS = 10 * MINUTE;

export interface Line {
  seq: number;
  at: number;
  subject: string;
  type: string;
  by: string;
  data: Record<string, unknown>;
}
interface Attending {
  person: string;
  answer: string;
}

export interface Lived {
  office: QuarterOffice;
  lines: Line[];
  first: string;
  last: string;
  end: number;
  done: Done[];
}

export function audit({ office, lines, first, last, end, done }: Lived) {
  const faults: string[] = [];
  const figures = {
    meetings: 0,
    reminders: 0,
    moot: 0,
    late: 0,
    notices: 0,
    posts: 0,
    edits: 0,
    lateMinutes: 0,
    chases: 0,
  };
  const told = countPosts(office);
  const subjects = Map.groupBy(lines, (line) => line.subject);
  const scheduled = lines.filter((line) => line.type === 'meeting-scheduled');
  for (const held of MEETINGS) {
    const own = scheduled.filter((line) => line.data.series === held.id);
    const days = daysOf(held, first, last);
    for (const [day, on] of days) {
      const start = instant(on, held.at);
      const found = own.filter((line) => line.data.day === day);
      if (found.length !== 1) faults.push(`${held.id} of ${day} is scheduled ${found.length} times`);
      const number = found[0]?.subject ?? '';
      if (Date.parse(String(found[0]?.data.start)) !== start) faults.push(`${number} is not held on ${on} ${held.at}`);
      const of = new OneMeeting(held, number, start, subjects.get(number) ?? [], office.uptimes, end, told);
      of.check();
      faults.push(...of.faults.map((fault) => `${held.id} ${on} ${number}: ${fault}`));
      for (const key of Object.keys(figures) as (keyof typeof figures)[]) figures[key] += of.figures[key] ?? 0;
    }
    for (const line of own) {
      const starts = Date.parse(String(line.data.start));
      if (starts < end && starts >= instant(first, '00:00') && !days.has(String(line.data.day)))
        faults.push(`${held.id}: nobody asked for ${line.subject} on ${line.data.start}`);
    }
  }
  faults.push(...notOnRecord(done, subjects));
  figures.edits =
    office.slack.calls('chat.update').length + office.feishu.calls.filter(({ method }) => method === 'PATCH').length;
  figures.posts = office.slack.calls('chat.postMessage').length + office.feishu.platform.messages.length;
  return { faults, figures };
}

/** What somebody was told is done stands in the ledger, at that time. */
function notOnRecord(done: readonly Done[], subjects: Map<string, Line[]>): string[] {
  return done.flatMap(({ kind, number, person, at }) => {
    const found = (subjects.get(number) ?? []).some(
      (line) =>
        line.by === person &&
        Math.abs(line.at - at) < MINUTE &&
        (kind === 'filed'
          ? line.type === 'minutes-filed'
          : line.type === 'attendance-answered' && line.data.answer === kind),
    );
    return found
      ? []
      : [`${number}: ${person} did “${kind}” at ${new Date(at).toISOString()}, of which nothing is known`];
  });
}

interface Posted {
  text: string;
  place: string;
  at: number;
}

/** Everything that stands on the platforms, by the meeting's number. */
function countPosts({ slack, feishu }: QuarterOffice): Map<string, Posted[]> {
  const all: Posted[] = [
    ...[...slack.users.keys(), 'C0PR'].flatMap((place) =>
      slack
        .messagesOf(place)
        .map((message) => ({ place, text: slack.cardText(message), at: Number(message.ts) * 1000 })),
    ),
    ...[...feishu.platform.options.people, 'oc_pr'].flatMap((place) =>
      firstOfEach(feishu.messagesOf(place)).map((message) => ({
        place,
        text: feishu.cardText(message),
        at: message.sentAt.getTime(),
      })),
    ),
  ];
  return Map.groupBy(all, ({ text }) => /MT-\d{4}-\d{4,}/.exec(text)?.[0] ?? '');
}

/**
 * Feishu knows a post again by its `uuid` for an hour: what was on its way when the program died, and was sent again after a longer
 * outage, stands there twice. That is the platform's limit, and the only doubling that is let pass.
 */
function firstOfEach<M extends { uuid: string | undefined; sentAt: Date }>(messages: readonly M[]): M[] {
  const hour = 3_600_000;
  return messages.filter((message) => {
    const first = messages.find((other) => other.uuid === message.uuid);
    const doubled = message.uuid !== undefined && first !== undefined && first !== message;
    return !doubled || message.sentAt.getTime() - first.sentAt.getTime() < hour;
  });
}

const iso = (ms: number): string => new Date(ms).toISOString();

class OneMeeting {
  readonly faults: string[] = [];
  readonly figures: Record<string, number> = { meetings: 1 };
  readonly #held: Held;
  readonly #start: number;
  readonly #finish: number;
  readonly #lines: Line[];
  readonly #uptimes: readonly Uptime[];
  readonly #end: number;
  readonly #posted: Posted[];

  constructor(
    held: Held,
    number: string,
    start: number,
    lines: Line[],
    uptimes: readonly Uptime[],
    end: number,
    posts: Map<string, Posted[]>,
  ) {
    [this.#held, this.#start, this.#lines] = [held, start, lines];
    [this.#uptimes, this.#end, this.#posted] = [uptimes, end, posts.get(number) ?? []];
    this.#finish = start + held.length * MINUTE;
  }

  check(): void {
    this.#calling();
    this.#minutes();
    this.#cards();
  }

  #of(type: string): Line[] {
    return this.#lines.filter((line) => line.type === type);
  }
  #wrong(fault: string): void {
    this.faults.push(fault);
  }
  #count(name: string, by = 1): void {
    this.figures[name] = (this.figures[name] ?? 0) + by;
  }
  /** for how long the program ran between two moments */
  #ran(from: number, to: number): number {
    return this.#uptimes.reduce((sum, up) => sum + Math.max(0, Math.min(to, up.to) - Math.max(from, up.from)), 0);
  }

  /** What was promised for `due` and makes no sense any more from `moot` on. Gives when it was kept. */
  #kept(what: string, due: number, moot: number, lines: Line[]): Line | undefined {
    const until = Math.min(moot, this.#end);
    const [line, ...more] = lines;
    if (more.length > 0)
      this.#wrong(`${what} came ${lines.length} times: ${lines.map(({ at }) => iso(at)).join(', ')}`);
    if (!line) {
      const ran = this.#ran(due, until);
      if (ran > PROMPT_MS) this.#wrong(`${what} of ${iso(due)} never came, in ${ran / MINUTE} minutes of running`);
      else if (due < until || due < this.#end) this.#count('moot');
      return undefined;
    }
    if (line.at < due) this.#wrong(`${what} of ${iso(due)} came early, ${iso(line.at)}`);
    if (line.at > moot)
      this.#wrong(`${what} of ${iso(due)} came at ${iso(line.at)}, when it was moot since ${iso(moot)}`);
    if (this.#ran(due, line.at) > PROMPT_MS) this.#wrong(`${what} of ${iso(due)} came only at ${iso(line.at)}`);
    if (line.by !== 'clock') this.#wrong(`${what} came by ${line.by}`);
    return line;
  }

  // --- before it: the invitation and the reminders ---

  #calling(): void {
    const planned = this.#of('meeting-scheduled')[0]?.at ?? 0;
    const [first = 0, ...later] = this.#held.remind.map((span) => before(this.#start, span)).sort((a, b) => a - b);
    const due = Math.max(first, planned);
    const invited = this.#kept('the invitation', due, this.#finish, this.#of('meeting-invited'));
    if (invited) this.#lateness('the invitation', invited, due);
    const reminded = this.#of('meeting-reminded');
    const dues = later.filter((moment) => moment > due);
    for (const line of reminded)
      if (!dues.includes(Date.parse(String(line.data.due))))
        this.#wrong(`a reminder of ${line.data.due}, which nobody set`);
    const said = [...(invited ? [invited] : []), ...reminded];
    for (const moment of dues) {
      const own = reminded.filter((line) => Date.parse(String(line.data.due)) === moment);
      // told since: after an outage one comes, not all
      const since = said.filter((line) => !own.includes(line) && line.at >= moment).map((line) => line.at);
      const line = this.#kept('the reminder', moment, Math.min(this.#finish, ...since), own);
      if (line && invited && line.seq < invited.seq) this.#wrong(`reminded at ${iso(line.at)}, invited after it`);
      if (line) this.#lateness('the reminder', line, moment);
    }
    this.#count('reminders', reminded.length);
    this.#notices(
      'reminded',
      /」(?:将于|已于) .+ 开始/,
      reminded,
      this.#finish,
      (line) => this.#comingAt(line.seq),
      true,
    );
  }

  #lateness(what: string, line: Line, due: number): void {
    const late = line.at - due > LATE_MS;
    if (late) this.#count('late');
    if ((line.data.late === true) !== late)
      this.#wrong(`${what} of ${iso(due)} at ${iso(line.at)} says late: ${line.data.late}`);
  }

  /** Everybody who was called and had not declined by then. */
  #comingAt(seq: number): string[] {
    const answers = new Map<string, string>(calledTo(this.#held).map((person) => [person, 'open']));
    for (const line of this.#of('attendance-answered')) {
      const { person, answer } = line.data as unknown as Attending;
      if (line.seq < seq) answers.set(person, answer);
    }
    return [...answers].flatMap(([person, answer]) => (answer === 'no' ? [] : [person]));
  }

  // --- after it: the minutes ---

  #minutes(): void {
    const ended = this.#kept('the end', this.#finish, Number.POSITIVE_INFINITY, this.#of('meeting-ended'));
    const [filed, ...again] = this.#of('minutes-filed');
    if (again.length > 0) this.#wrong(`the minutes were filed ${again.length + 1} times`);
    const filedAt = filed?.at ?? Number.POSITIVE_INFINITY;
    const due = after(this.#finish, this.#held.minutes.within);
    if (!ended) return;
    if (Date.parse(String(ended.data.minutesDue)) !== due)
      this.#wrong(`minutes due ${ended.data.minutesDue}, not ${iso(due)}`);
    if (filed) this.#late(filed, ended, due);
    if (filedAt <= ended.at) return;
    this.#reminders(ended, due, filedAt);
    this.#chases(due, filedAt, ended);
  }

  #late(filed: Line, ended: Line, due: number): void {
    const late = filed.data.late as { ms: number; workingMs: number } | undefined;
    const expected =
      filed.at > due && ended.seq < filed.seq
        ? { ms: filed.at - due, workingMs: workedBetween(due, filed.at) }
        : undefined;
    if (expected) this.#count('lateMinutes');
    if (late?.ms !== expected?.ms || late?.workingMs !== expected?.workingMs)
      this.#wrong(
        `filed ${iso(filed.at)}, due ${iso(due)}: late ${JSON.stringify(late)}, not ${JSON.stringify(expected)}`,
      );
  }

  #reminders(ended: Line, due: number, filedAt: number): void {
    const { taker, minutes } = this.#held;
    const of = (when: string) => this.#of('minutes-reminded').filter((line) => line.data.when === when);
    const ahead = before(due, minutes.remind);
    const early = of('before');
    if (ahead > ended.at) this.#kept('the word before the minutes are due', ahead, Math.min(due, filedAt), early);
    else if (early.length > 0) this.#wrong(`reminded before the minutes are due, at ${iso(early[0]?.at ?? 0)}`);
    this.#kept('the word when the minutes are due', Math.max(due, ended.at), filedAt, of('due'));
    for (const line of this.#of('minutes-reminded'))
      if (line.data.to !== taker) this.#wrong(`${line.data.to} was asked for the minutes of ${taker}`);
    const to = () => [taker];
    this.#notices('asked', /已结束，请在/, [ended], filedAt, to);
    // once they are due, nobody is told any more that they will be
    this.#notices('before', /的纪要将于/, early, Math.min(due, filedAt), to);
    this.#notices('due', /的纪要现在到期/, of('due'), filedAt, to);
  }

  #chases(due: number, filedAt: number, ended: Line): void {
    const { taker, minutes } = this.#held;
    const chased = this.#of('minutes-overdue');
    this.#count('chases', chased.length);
    const above = memberOf(taker).manager ?? '';
    let next = Math.max(after(due, { working: 60 }), ended.at);
    for (let n = 1; ; n++) {
      const line = this.#kept(`chase ${n}`, next, filedAt, chased.slice(n - 1, n));
      if (!line) break;
      const said = JSON.stringify([
        line.data.asked,
        line.data.to,
        line.data.superiors,
        Date.parse(String(line.data.since)),
      ]);
      if (said !== JSON.stringify([n, taker, [above], due])) this.#wrong(`chase ${n} says ${said}`);
      this.#notices(`chase ${n}`, new RegExp(`第 ${n} 次催办`), [line], filedAt, () => [taker, above]);
      next = after(line.at, minutes.chase);
      if (n > chased.length) break;
    }
  }

  // --- what stands on the platforms ---

  /** Each of these once to each of its people where they are first found, to nobody else; moot ones may be left out. */
  #notices(what: string, words: RegExp, lines: Line[], moot: number, to: (line: Line) => string[], room = false): void {
    const wanted = new Map<string, { most: number; least: number }>();
    for (const line of lines) {
      const sure = this.#ran(line.at, Math.min(moot, this.#end)) > SAID_MS;
      const rooms = room && this.#held.channel ? ['C0PR', 'oc_pr'] : [];
      const places = to(line).map((id) => memberOf(id).slack ?? memberOf(id).feishu ?? '');
      for (const place of [...places, ...rooms]) {
        const { most, least } = wanted.get(place) ?? { most: 0, least: 0 };
        wanted.set(place, { most: most + 1, least: least + (sure ? 1 : 0) });
      }
    }
    const found = new Map<string, number>();
    for (const { place, text } of this.#posted) if (words.test(text)) found.set(place, (found.get(place) ?? 0) + 1);
    for (const place of new Set([...wanted.keys(), ...found.keys()])) {
      const { most, least } = wanted.get(place) ?? { most: 0, least: 0 };
      const posted = found.get(place) ?? 0;
      this.#count('notices', posted);
      if (posted > most || posted < least)
        this.#wrong(
          `“${what}” stands ${posted} times at ${place}, not ${least === most ? most : `${least} to ${most}`}`,
        );
    }
  }

  /** One card in each place of everybody who was called, from the invitation on. */
  #cards(): void {
    const invited = this.#of('meeting-invited').length > 0;
    const places = calledTo(this.#held).flatMap((id) => {
      const { slack, feishu } = memberOf(id);
      return [slack, feishu].filter((place) => place !== undefined);
    });
    if (this.#held.channel) places.push('C0PR', 'oc_pr');
    const isCard = ({ text }: Posted) => text.includes('主持') && !/」(?:将于|已于|的纪要|已结束)/.test(text);
    const cards = Map.groupBy(this.#posted.filter(isCard), ({ place }) => place);
    const answeredBy = this.#lines.at(-1)?.at ?? 0;
    for (const place of new Set([...places, ...cards.keys()])) {
      const count = cards.get(place)?.length ?? 0;
      const expected = invited && places.includes(place) ? 1 : 0;
      // what was changed a moment ago may still be on its way
      if (count !== expected && this.#ran(answeredBy, this.#end) > SAID_MS)
        this.#wrong(`its card stands ${count} times at ${place}: ${(cards.get(place) ?? []).map(({ at }) => iso(at))}`);
    }
  }
}
