/** What is wrong, worst first, each with its mend; and what was looked at and is well. Pure. */
import type { Check, Language, Platform } from '../core/chat.ts';
import { accountsOf } from '../directory/lookup.ts';
import { crisisWords } from '../words/crisis.ts';
import { healthWords } from '../words/health.ts';
import type { Facts, Refusing } from './facts.ts';
import type { Caller } from './noticed.ts';

type Words = ReturnType<typeof healthWords>;
type Kept = NonNullable<Facts['kept']>;

const LATE_S = 60;
const SEAL_S = 26 * 3600;
const SKEW_S = 5;
const SILENT_S = 15 * 60;
/** Postgres keeps some connections for its own. */
const CROWDED = 0.85;
const NAMES = 12;
const CHATS: readonly Platform[] = ['slack', 'feishu'];
const FAULTS_LONG = 600;

export function findingsOf(facts: Facts, language: Language): Check[] {
  const w = healthWords(language);
  const { kept } = facts;
  return [
    ...(kept ? keptFindings(facts, kept, w) : [{ kind: 'stops' as const, ...w.pool.away }]),
    ...(facts.waiting > 0 ? [{ kind: 'limits' as const, ...w.pool.waiting(facts.waiting) }] : []),
    handbook(facts, w),
    ...people(facts, w),
    ...refused(facts, w),
    ...lines(facts, w, language),
  ];
}

function keptFindings(facts: Facts, kept: Kept, w: Words): Check[] {
  return [
    ...outbox(facts, kept, w),
    ...dead(kept, w),
    timers(facts, kept, w),
    queue(kept, w),
    seal(facts, kept, w),
    ...database(kept, w),
    ...silent(facts, kept, w),
  ];
}

const secondsOf = (from: Date | null | undefined, to: Date): number =>
  from ? (to.getTime() - from.getTime()) / 1000 : 0;
/** A platform that was switched off has rows all the same. */
const nameOf = (platform: Caller, w: Words): string => w.platforms[platform];
const mendOf = (code: string, w: Words): string | undefined => w.causes[code.replace(/:.*$/, '')];

function outbox({ at }: Facts, { owed, refusing }: Kept, w: Words): Check[] {
  const late = [...new Set(owed.map(({ platform }) => platform))].flatMap((platform): Check[] => {
    const rows = owed.filter((row) => row.platform === platform);
    const oldest = Math.max(...rows.map((row) => secondsOf(row.oldest, at)));
    const count = rows.reduce((sum, row) => sum + row.waiting, 0);
    return oldest > LATE_S ? [{ kind: 'limits', ...w.outbox.late(nameOf(platform, w), w.age(oldest), count) }] : [];
  });
  // a busy hour is no fault: our own limits spread it
  const causes = refusing.filter(({ code }) => code !== 'own-rate-limit').map((one) => refusal(one, w));
  return late.length + causes.length > 0 ? [...causes, ...late] : [{ kind: 'well', what: w.outbox.well }];
}

function refusal({ platform, code, count }: Refusing, w: Words): Check {
  const said = w.outbox.refusing(nameOf(platform, w), count, code);
  return { kind: 'limits', what: said.what, mend: mendOf(code, w) ?? said.mend };
}

function dead({ dead: rows }: Kept, w: Words): Check[] {
  if (rows.length === 0) return [{ kind: 'well', what: w.dead.well }];
  return rows.map(({ platform, given, code }): Check => {
    const { what, mend } = w.dead.some(nameOf(platform, w), given, code);
    return { kind: 'limits', what, mend: [mendOf(code, w), mend].filter((text) => text !== undefined).join(' ') };
  });
}

function timers({ at }: Facts, { timers: rows }: Kept, w: Words): Check {
  const oldest = Math.max(0, ...rows.map((row) => secondsOf(row.oldest, at)));
  const count = rows.reduce((sum, row) => sum + row.overdue, 0);
  return oldest > LATE_S
    ? { kind: 'stops', ...w.timers.late(count, w.age(oldest)) }
    : { kind: 'well', what: w.timers.well };
}

function queue({ backlogs, now }: Kept, w: Words): Check {
  const oldest = Math.max(0, ...backlogs.map((row) => secondsOf(row.oldest, now)));
  return oldest > LATE_S ? { kind: 'limits', ...w.queue.late(w.age(oldest)) } : { kind: 'well', what: w.queue.well };
}

function seal({ at }: Facts, { seal: { unsealedSince } }: Kept, w: Words): Check {
  const age = secondsOf(unsealedSince, at);
  return age > SEAL_S ? { kind: 'limits', ...w.seal.overdue(w.age(age)) } : { kind: 'well', what: w.seal.well };
}

function database({ aheadMs, used, most }: Kept, w: Words): Check[] {
  const skew = Math.abs(aheadMs) / 1000;
  const found: Check[] = [
    ...(skew > SKEW_S ? [{ kind: 'limits' as const, ...w.pool.skew(Math.round(skew)) }] : []),
    ...(used > most * CROWDED ? [{ kind: 'limits' as const, ...w.pool.crowded(used, most) }] : []),
  ];
  return found.length > 0 ? found : [{ kind: 'well', what: w.pool.well }];
}

/** Posts go out, and nobody answers: either nobody had reason to, or their answers do not reach us. */
function silent({ at, noticed, running }: Facts, { heard }: Kept, w: Words): Check[] {
  const since = secondsOf(noticed.since, at);
  if (since < SILENT_S) return [];
  return CHATS.filter((platform) => running.includes(platform)).flatMap((platform): Check[] => {
    const sent = noticed.delivered.get(platform) ?? 0;
    const nothing = !noticed.heard.has(platform) && !heard.includes(platform);
    return sent > 0 && nothing ? [{ kind: 'note', ...w.silent(nameOf(platform, w), w.age(since), sent) }] : [];
  });
}

function handbook({ handbook: unread, directory }: Facts, w: Words): Check {
  if (unread === undefined) return { kind: 'well', what: w.handbook.well };
  const faults = unread.faults.length > FAULTS_LONG ? `${unread.faults.slice(0, FAULTS_LONG)}…` : unread.faults;
  return { kind: 'limits', ...w.handbook.faults(clockIn(unread.at, directory.company.timezone), faults) };
}

function people({ directory, running, noticed }: Facts, w: Words): Check[] {
  const chats = running.filter((platform) => platform === 'slack' || platform === 'feishu' || platform === 'desk');
  const out = directory.company.people.filter((person) => person.active && accountsOf(person, chats).length === 0);
  const found: Check[] = [];
  if (out.length > 0)
    found.push({
      kind: 'limits',
      ...w.people.unreachable(
        some(
          out.map(({ name }) => name),
          w,
        ),
      ),
    });
  // whoever was added meanwhile is none any more
  const known = (platform: Platform, account: string) =>
    directory.company.people.some((person) => accountsOf(person, [platform]).some((one) => one.account === account));
  const strangers = noticed.strangers.filter(({ platform, account }) => !known(platform, account));
  if (strangers.length > 0) {
    const accounts = strangers.map(({ platform, account }) => `${platform}: ${account.slice(0, 60)}`).reverse();
    found.push({ kind: 'note', ...w.people.strangers(some(accounts, w)) });
  }
  return out.length > 0 ? found : [...found, { kind: 'well', what: w.people.well }];
}

const some = (names: readonly string[], w: Words): string =>
  w.names(names.length > NAMES ? [...names.slice(0, NAMES), '…'] : names);

/** The adapters' words for a request whose time was wrong. */
const OF_TIME = /old|stale|future|timestamp/;

function refused({ noticed }: Facts, w: Words): Check[] {
  const found = [...noticed.refused].map(([platform, { count, why }]): Check => {
    const say = OF_TIME.test(why) ? w.refused.clock : w.refused.secret;
    return { kind: 'note', ...say(nameOf(platform, w), count) };
  });
  return found.length > 0 ? found : [{ kind: 'well', what: w.refused.well }];
}

function lines({ silentLines }: Facts, w: Words, language: Language): Check[] {
  if (silentLines.length === 0) return [];
  const { lines: names } = crisisWords(language);
  const said = silentLines.map((line) => (names as Record<string, string>)[line] ?? line);
  return [{ kind: 'note', ...w.lines.missing(w.names(said)) }];
}

export function clockIn(at: Date, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(at);
}
