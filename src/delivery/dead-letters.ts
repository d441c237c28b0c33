/** What cannot be delivered is not passed over: another way to the person is tried, and the administrator is told what to mend. */
import type { Card } from '../core/card.ts';
import type { DeliveryError, Language, Platform } from '../core/chat.ts';
import type { MessageRow } from '../core/deliver.ts';
import type { Database } from '../core/intake.ts';
import type { JsonObject } from '../core/message.ts';
import { type Audience, type Effect, LANE, type Lane, type Reach } from '../core/module.ts';
import { carryOut, readAudience } from '../core/outbox.ts';
import { administrators, type Place, placesOf } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import { roadWords } from '../words/road.ts';

export const DELIVERY = 'delivery';

export interface Postmaster {
  sql: Database;
  running: readonly Platform[];
  directoryNow(): Promise<Directory>;
  /** until when nothing may ring for them */
  restsUntil(to: Audience, directory: Directory, at: Date): Date | undefined;
  clock: () => Date;
}

/** The same message by another platform where the person is; then the administrators hear of it, once a day for one cause. */
export async function buryLetter(post: Postmaster, row: MessageRow, error: DeliveryError): Promise<void> {
  const directory = await post.directoryNow();
  if (row.subject === DELIVERY) return;
  const [elsewhere] = otherPlaces(row, directory, post.running);
  if (elsewhere) await resend(post, directory, row, elsewhere);
  else if (isAboutWords(error)) await tellOfSilence(post, directory, row, error);
  await tellAdministrators(post, directory, row, error);
}

export async function soundAlarm(post: Postmaster, row: MessageRow, error: DeliveryError): Promise<void> {
  await tellAdministrators(post, await post.directoryNow(), row, error);
}

/** A file that people sent cannot be fetched with the token or the scopes that we have: only an administrator can mend that. */
export async function soundFileAlarm(
  post: Postmaster,
  file: { platform: string; by: string; subject: string },
  error: DeliveryError,
): Promise<void> {
  const letter = { platform: file.platform, audience: `person:${file.by}`, subject: file.subject };
  await tellAdministrators(post, await post.directoryNow(), letter, error, 'file');
}

/** A room could not be opened: a scope or a setting of the platform. */
export async function soundRoomAlarm(
  post: Postmaster,
  { crisis, platform }: { crisis: string; platform: string },
  error: DeliveryError,
): Promise<void> {
  const letter = { platform, audience: `channel:${crisis}`, subject: crisis };
  await tellAdministrators(post, await post.directoryNow(), letter, error);
}

/** `prefer` narrows where cards go; an unreachable platform is no reason to stay silent on the others. */
function otherPlaces(row: MessageRow, directory: Directory, running: readonly Platform[]): Place[] {
  const audience = readAudience(row.audience);
  // a letter comes beside what people have in their chats; a call goes every way by itself
  if (!('person' in audience) || (row.kind !== 'card' && row.kind !== 'notice')) return [];
  const person = directory.people.get(audience.person);
  if (!person) return [];
  const { prefer: _narrow, ...everywhere } = person;
  const people = new Map([[person.id, everywhere]]);
  return placesOf(audience, { ...directory, people }, running, row.kind).filter(
    (place) => place.platform !== row.platform,
  );
}

/**
 * Feishu's own list of words (230022) and the company's data protection (230028): nothing that we send with this text gets through, and
 * nobody here can mend it but whoever wrote it. https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/create
 */
const isAboutWords = ({ code }: { code: string }): boolean => /^(230022|230028)(:|$)/.test(code);

/** Whoever cannot be shown it is told that there is something, in words that are ours alone. */
async function tellOfSilence(
  post: Postmaster,
  directory: Directory,
  { audience, platform, subject, kind, lane }: MessageRow,
  { code, problem }: DeliveryError,
): Promise<void> {
  const to = readAudience(audience);
  if (!('person' in to) || (kind !== 'card' && kind !== 'notice' && kind !== 'page')) return;
  const at = post.clock();
  const data: JsonObject = { kind: 'withheld', platform, code, problem, to: audience, number: subject };
  const key = `withheld|${platform}|${subject}|${at.toISOString().slice(0, 10)}`;
  const notice: Effect = { kind: 'notice', to, about: 'withheld', data, key, lane: lane as Lane };
  const places = () => placesOf(to, directory, [platform], 'card');
  const reach = { places, wait: waiting(post, directory, at), line: () => undefined };
  await post.sql.begin((tx) => carryOut(tx, DELIVERY, [notice], reach, at));
}

async function resend(post: Postmaster, directory: Directory, row: MessageRow, place: Place): Promise<void> {
  const to = readAudience(row.audience);
  const lane = row.lane as Lane;
  const effect: Effect =
    row.kind === 'card'
      ? { kind: 'card', to, lane }
      : { kind: 'notice', to, about: row.about ?? '', data: row.data ?? {}, key: row.key, lane };
  const at = post.clock();
  const reach = { places: () => [place], wait: waiting(post, directory, at), line: () => undefined };
  await post.sql.begin((tx) => carryOut(tx, row.subject, [effect], reach, at));
}

/** Nobody is woken by it; in no digest, since what went wrong once is not put off for a day. */
const waiting =
  ({ restsUntil }: Postmaster, directory: Directory, at: Date): Reach['wait'] =>
  (to, { lane }) => {
    const until = lane === LANE.page ? undefined : restsUntil(to, directory, at);
    return until && { until, gather: false };
  };

async function tellAdministrators(
  post: Postmaster,
  directory: Directory,
  row: { platform: string; audience: string; subject: string },
  error: DeliveryError,
  kind: 'message' | 'file' = 'message',
): Promise<void> {
  const at = post.clock();
  const data: JsonObject = {
    kind,
    platform: row.platform,
    code: error.code,
    problem: error.problem,
    to: row.audience,
    number: row.subject,
  };
  const what = error.problem === 'credentials' ? '' : `|${row.audience}`;
  const effects = administrators(directory).map(
    (person): Effect => ({
      kind: 'notice',
      to: { person: person.id },
      about: 'dead-letter',
      data,
      key: `dead|${row.platform}|${error.code}${what}|${at.toISOString().slice(0, 10)}`,
      lane: LANE.decision,
    }),
  );
  const places = (to: Audience) => {
    const all = placesOf(to, directory, post.running, 'notice');
    const working = all.filter((place) => place.platform !== row.platform);
    return working.length > 0 ? working : all;
  };
  const wait = waiting(post, directory, at);
  await post.sql.begin((tx) => carryOut(tx, DELIVERY, effects, { places, wait, line: () => undefined }, at));
}

export function deadLetterCard(data: JsonObject, directory: Directory, language: Language): Card {
  const w = roadWords(language);
  const to = String(data.to);
  const name = directory.people.get(to.replace(/^person:/, ''))?.name ?? to.replace(/^channel:/, '#');
  const say = data.kind === 'withheld' ? w.withheld : data.kind === 'file' ? w.lostFile : w.deadLetter;
  const text = say(String(data.platform), String(data.code), name, String(data.number));
  const mend = isAboutWords({ code: String(data.code) }) ? w.mend.words : mendOf(data, w);
  return {
    headline: w.delivery,
    tone: 'bad',
    summary: text,
    blocks: [
      { kind: 'text', text },
      { kind: 'note', text: data.kind === 'withheld' ? w.reword : mend },
    ],
  };
}

function mendOf({ problem }: JsonObject, w: ReturnType<typeof roadWords>): string {
  const mends: Record<string, string> = {
    'retry-later': w.mend.retry,
    ambiguous: w.mend.retry,
    gone: w.mend.gone,
    unreachable: w.mend.unreachable,
    rejected: w.mend.rejected,
    credentials: w.mend.credentials,
  };
  return mends[String(problem)] ?? '';
}
