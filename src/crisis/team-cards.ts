/** Who has answered, who is being rung and how, and what rings next: everybody sees the same. Pure. */
import type { Block } from '../core/card.ts';
import { audienceText } from '../core/outbox.ts';
import { crisisWords } from '../words/crisis.ts';
import { crisisCardWords } from '../words/crisis-cards.ts';
import { climb, patienceEnds } from './ladder.ts';
import { answeredBy, type Call, type Crisis, type Ring } from './model.ts';
import { clockOf, nameOf, platformName, type Reading } from './reading.ts';
import type { RingSent } from './store.ts';

const ringing = ({ calls }: Pick<Crisis, 'calls'>): Call[] => calls.filter((call) => call.state === 'calling');
/** The last in the chain; in a further round all who were rung in it: who cannot is, only where nobody else is left. */
export function rungFor({ chain, seat, round, rings }: Call): string[] {
  if (round === 1 || chain.length === 0) return [chain.at(-1) ?? seat];
  return chain.filter((person) => rings.some((ring) => ring.person === person && ring.round === round));
}
/** They said that they cannot, and it does not ring for them any more: only where nobody else is left it does again. */
export const isExcused = (call: Call, person: string): boolean =>
  call.declined.includes(person) && (call.round === 1 || !rungFor(call).includes(person));
/** Whom it rings for now, each once. */
export const rungNow = (crisis: Pick<Crisis, 'calls'>): string[] => [...new Set(ringing(crisis).flatMap(rungFor))];

/** Once it is graded, who came to grade it is no measure of the team. */
const counted = ({ state, calls }: Crisis): Call[] =>
  calls.filter((call) => state === 'alarm' || call.why !== 'assess');

/** They answered and did nothing: they have to say it once more. */
const isAskedAgain = (crisis: Crisis, person: string): boolean =>
  ringing(crisis).some((call) => call.why === 'idle' && call.seat === person);

/** Whoever has answered any call has answered, whatever else rings for them. */
const hasAnswered = (crisis: Crisis, person: string): boolean =>
  !isAskedAgain(crisis, person) &&
  counted(crisis).some(({ answers }) => answers.some((one) => one.person === person && one.backAt === undefined));

/** Whose answer is missing: those who are rung; where all of them are at something else already, whose place it is. */
export function missingNow(crisis: Crisis): string[] {
  const missing = ringing(crisis).flatMap((call) => {
    const left = rungFor(call).filter((person) => !hasAnswered(crisis, person));
    return left.length > 0 ? left : [call.seat];
  });
  return [...new Set(missing)];
}

export function teamBlocks(reading: Reading): Block[] {
  const { crisis, language } = reading;
  const w = crisisCardWords(language).team;
  const { labelled, names } = crisisWords(language);
  const answered = answeredLines(reading);
  const open = [...new Map(ringing(crisis).map((call) => [call.seat, call])).values()];
  const waiting = open.map((call) => seatText(call, reading));
  const quiet = quietMembers(crisis).map((person) => nameOf(person, reading));
  const all = answered.length + waiting.length;
  if (all + quiet.length === 0) return [];
  const title = crisis.state === 'alarm' ? w.assessors : w.title;
  const ladders = rungNow(crisis).map((person) => ladderLine(person, reading));
  return [
    { kind: 'text', text: title(answered.length, all), strong: true },
    ...(answered.length > 0 ? [{ kind: 'text' as const, text: labelled(w.answered, names(answered)) }] : []),
    ...(waiting.length > 0 ? [{ kind: 'text' as const, text: labelled(w.calling, names(waiting)) }] : []),
    ...(ladders.length > 0 ? [{ kind: 'quote' as const, text: ladders.join('\n'), drop: 1 as const }] : []),
    ...(quiet.length > 0
      ? [{ kind: 'note' as const, text: labelled(w.notCalled, names(quiet)), drop: 3 as const }]
      : []),
  ];
}

/** `赵敏（也叫了 陈卫东）`, `赵敏（处理不了，也叫了 陈卫东）`. */
function seatText(call: Call, reading: Reading): string {
  const { language } = reading;
  const others = call.chain.filter((person) => person !== call.seat).map((person) => nameOf(person, reading));
  const seat = nameOf(call.seat, reading);
  const w = crisisCardWords(language).team;
  const { names, aside } = crisisWords(language);
  const [cannot, also] = [call.declined.includes(call.seat), names(others)];
  if (others.length === 0) return cannot ? aside(seat, w.cannot) : seat;
  return aside(seat, cannot ? w.cannotAlso(also) : w.alsoRung(also));
}

/** `李娜 10:04 飞书（替 赵敏）`: each person once, by their first answer that stands. */
export function answeredLines(reading: Reading, but?: string): string[] {
  const { crisis, language } = reading;
  const w = crisisCardWords(language).team;
  const lines = new Map<string, string>();
  const stand = counted(crisis).flatMap((call) =>
    call.answers.filter((one) => one.backAt === undefined).map((one) => ({ ...one, seat: call.seat })),
  );
  for (const { person, at, via, seat } of stand) {
    if (person === but || lines.has(person) || isAskedAgain(crisis, person)) continue;
    const name = nameOf(person, reading);
    const who = person === seat ? name : w.forSeat(name, nameOf(seat, reading));
    lines.set(person, w.answer(who, clockOf(at, reading), platformName(via, language)));
  }
  return [...lines.values()];
}

/** Of the team, but nobody was called for them: whoever took a seat on the way. */
function quietMembers({ team, calls }: Crisis): string[] {
  const called = new Set(calls.flatMap((call) => [call.seat, ...call.chain, answeredBy(call)?.person ?? call.seat]));
  return team.map((one) => one.person).filter((person) => !called.has(person));
}

/** `赵敏：10:03 飞书、10:08 飞书加急、10:13 短信已送达，未回应 → 10:18 电话`: one line, whatever they are called for. */
function ladderLine(person: string, reading: Reading): string {
  const { crisis, language } = reading;
  const w = crisisCardWords(language).team;
  const { names } = crisisWords(language);
  const calls = ringing(crisis).filter((call) => rungFor(call).includes(person));
  const seats = [...new Set(calls.map((call) => call.seat))].filter((seat) => seat !== person);
  const name = nameOf(person, reading);
  const who = seats.length > 0 ? w.forSeat(name, names(seats.map((seat) => nameOf(seat, reading)))) : name;
  const [first] = calls;
  const next = first ? nextText(first, reading) : '';
  const tried = triedWays(person, calls, reading);
  return tried.length > 0 ? w.line(who, names(tried), next) : w.nobodyRung(who, next);
}

/** Each way once; one that rang again and again says how often, and when last. */
function triedWays(person: string, calls: readonly Call[], reading: Reading): string[] {
  const rings = calls.flatMap((call) => call.rings.map((ring) => ({ call, ring })));
  const own = rings.filter(({ ring }) => ring.person === person).toSorted((a, b) => a.ring.at.localeCompare(b.ring.at));
  const lines = [...new Set(own.map(({ ring }) => ring.line))];
  let before = '';
  return lines.flatMap((line) => {
    const same = own.filter(({ ring }) => ring.line === line);
    const last = same.at(-1);
    if (!last) return [];
    const count = new Set(same.map(({ ring }) => ring.at)).size;
    // what rings together is told with one time
    const together = count === 1 && last.ring.at === before;
    before = count === 1 ? last.ring.at : '';
    return [ringText(last.call, last.ring, together ? 0 : count, reading)];
  });
}

/** @param count how often; 0: together with the one before */
function ringText(call: Call, ring: Ring, count: number, reading: Reading): string {
  const { language, sent } = reading;
  const rows = sent.filter(
    (row) =>
      row.call === call.id &&
      row.audience === audienceText({ person: ring.person }) &&
      (ring.line === 'chat' ? row.kind === 'page' : row.kind === 'ring' && row.about === ring.line),
  );
  const w = crisisCardWords(language);
  const outcome = ring.outcome ? w.outcomes[ring.outcome] : w.outcomes[sentAs(rows)];
  const [time, way] = [clockOf(ring.at, reading), wayOf(ring, rows, reading)];
  if (count === 0) return w.team.beside(way, outcome);
  return count === 1 ? w.team.ring(time, way, outcome) : w.team.times(time, way, count, outcome);
}

/** Taken by the platform, which is not an answer; waiting for it; or given up. */
function sentAs(rows: readonly RingSent[]): 'sent' | 'waiting' | 'dead' {
  if (rows.length === 0 || rows.some((row) => row.posted_at !== null)) return 'sent';
  return rows.every((row) => row.state === 'dead') ? 'dead' : 'waiting';
}

/** Of a page, the chats in which it stands. */
function wayOf(ring: Ring, rows: readonly RingSent[], { language }: Reading): string {
  const w = crisisWords(language);
  const there = rows.filter((row) => row.posted_at !== null).map((row) => platformName(row.platform, language));
  return ring.line === 'chat' && there.length > 0 ? there.join('+') : w.lines[ring.line];
}

interface NextRing {
  at: string;
  /** who is rung then */
  person: string;
  ways: string;
  /** everybody has been rung: it begins again */
  again: boolean;
}

/** What happens next if nobody answers; undefined: nothing is left to happen. */
export function nextRing(call: Call, reading: Reading): NextRing | undefined {
  const { crisis, world, language } = reading;
  const [climbed] = climb(call, crisis, world);
  if (!climbed) return undefined;
  const w = crisisWords(language);
  const last = call.rings.at(-1)?.at ?? call.since;
  const { person, lines, round } = climbed.data;
  return {
    at: clockOf(patienceEnds(crisis, call, world, new Date(last)), reading),
    person,
    ways: w.names(lines.map((line) => w.lines[line])),
    again: round > call.round,
  };
}

function nextText(call: Call, reading: Reading): string {
  const next = nextRing(call, reading);
  const w = crisisCardWords(reading.language).team;
  if (!next) return '';
  if (next.again) return w.again(next.at);
  const same = next.person === (call.chain.at(-1) ?? call.seat);
  return same ? w.next(next.at, next.ways) : w.nextPerson(next.at, nameOf(next.person, reading));
}
