/** Draws what the outbox owes of requests: cards, notices and App Homes, from the latest state. */
import { showTime } from '../core/calendar.ts';
import type { Block, Card } from '../core/card.ts';
import type { Language } from '../core/chat.ts';
import { closedCard } from '../core/closed.ts';
import type { Drawer } from '../core/module.ts';
import { MOVED } from '../core/outbox.ts';
import { isolate } from '../core/text.ts';
import { readCrisis } from '../crisis/listing.ts';
import { citedDecision } from '../decisions/listing.ts';
import type { DecisionTaken } from '../decisions/model.ts';
import { filesOf } from '../files/store.ts';
import type { Process, World } from '../processes/model.ts';
import { ratifyWords } from '../words/ratify.ts';
import { requestWords } from '../words/requests.ts';
import { amountText, maySee, nameOf, type Reading, requestCard } from './cards.ts';
import { citedIn, purposeOf } from './content.ts';
import { spanText, stateLine, tagsOf } from './emergency.ts';
import { isLapsed } from './lapsed.ts';
import type { Request } from './model.ts';
import { noticeCard } from './notices.ts';
import { isWatching } from './ratify.ts';
import {
  askedBy,
  LIST_LENGTH,
  openRatifications,
  type Reader,
  readRequest,
  readRequests,
  waitingFor,
} from './store.ts';

export function drawRequests(sql: Reader, worldNow: () => Promise<World>): Drawer['draw'] {
  return async ({ kind, subject, audience, about, data, language, plain }) => {
    const world = await worldNow();
    const request = await readRequest(sql, subject);
    if (!request) return undefined;
    if (kind === 'card' && about === MOVED) return closedCard(subject, 'moved', language);
    if ('person' in audience && !maySee(request, audience.person, world))
      return kind === 'card' ? closedCard(subject, 'noLonger', language) : undefined;
    if (kind === 'notice' && isLapsed(request, about ?? '', data ?? {}, audience)) return undefined;
    const reading = await readingOf(sql, request, world, language);
    if (kind === 'notice') return noticeCard(reading, about ?? '', data ?? {}, String(data?.actor ?? ''));
    return requestCard(reading, audience, plain);
  };
}

export async function readingOf(sql: Reader, request: Request, world: World, language: Language): Promise<Reading> {
  const process = await world.pinned(request.process, request.version);
  if (!process) throw new Error(`version ${request.version} of the process ${request.process} is not in the database`);
  const [files, cited, spent] = await Promise.all([
    filesOf(sql, [request.number]),
    citedBy(sql, request, process),
    spentBeside(sql, request),
  ]);
  return { request, process, directory: world.directory, language, files, cited, ...spent };
}

/** Each alone may be small: whoever ratifies one sees what all of them come to. */
async function spentBeside(
  sql: Reader,
  { executed, requester }: Request,
): Promise<{ together?: { base: bigint; count: number } }> {
  const crisis = executed && (await readCrisis(sql, executed.crisis));
  if (!crisis) return {};
  const own = crisis.spent.filter((one) => one.person === requester);
  return { together: { base: own.reduce((sum, one) => sum + BigInt(one.base), 0n), count: own.length } };
}

async function citedBy(sql: Reader, request: Request, process: Process): Promise<Map<string, DecisionTaken>> {
  const found = await Promise.all(citedIn(process, request.values).map((number) => citedDecision(sql, number)));
  return new Map(found.flatMap((decision) => (decision ? [[decision.number, decision]] : [])));
}

/** What waits for me and what I asked for: App Home and `/pr list`. */
export async function homeCard(sql: Reader, person: string, world: World, language: Language): Promise<Card> {
  const w = requestWords(language);
  const [allWaiting, allMine] = await Promise.all([waitingFor(sql, person), askedBy(sql, person)]);
  const [waiting, mine] = [allWaiting.slice(0, LIST_LENGTH), allMine.slice(0, LIST_LENGTH)];
  const more: Block[] =
    allWaiting.length > LIST_LENGTH || allMine.length > LIST_LENGTH
      ? [{ kind: 'note', text: w.home.more(LIST_LENGTH) }]
      : [];
  const requests = new Map(
    (await readRequests(sql, [...waiting, ...mine])).map((request) => [request.number, request]),
  );
  const blocksOf = async (numbers: string[], own: boolean): Promise<Block[]> =>
    (await Promise.all(numbers.map((number) => itemBlocks(requests.get(number), own, world, language)))).flat();
  return {
    headline: w.home.title,
    tone: waiting.length > 0 ? 'open' : 'muted',
    summary: w.home.summary,
    blocks: [
      { kind: 'text', text: w.home.waiting, strong: true },
      ...(waiting.length > 0
        ? await blocksOf(waiting, false)
        : [{ kind: 'note' as const, text: w.home.nothingWaiting }]),
      { kind: 'divider' },
      { kind: 'text', text: w.home.mine, strong: true },
      ...(mine.length > 0 ? await blocksOf(mine, true) : [{ kind: 'note' as const, text: w.home.nothingMine }]),
      ...more,
    ],
  };
}

/** What is spent and not ratified yet, with both times and how late it is: for those who watch, those who sign and whoever spent it. */
export async function ratificationBlocks(
  sql: Reader,
  person: string,
  { world, language, at }: { world: World; language: Language; at: Date },
): Promise<Block[]> {
  const roles = world.directory.people.get(person)?.roles ?? [];
  const all = await openRatifications(sql, isWatching(roles) ? undefined : person);
  if (all.length === 0) return [];
  const { list } = ratifyWords(language);
  const requests = await readRequests(sql, all.slice(0, LIST_LENGTH));
  const blocks = await Promise.all(requests.map((request) => ratificationItem(request, world, language, at)));
  const more: Block[] = all.length > LIST_LENGTH ? [{ kind: 'note', text: list.more(LIST_LENGTH) }] : [];
  return [{ kind: 'text', text: list.title, strong: true }, ...blocks.flat(), ...more];
}

async function ratificationItem(request: Request, world: World, language: Language, at: Date): Promise<Block[]> {
  const process = await world.pinned(request.process, request.version);
  const { executed } = request;
  if (!process || !executed) return [];
  const { list } = ratifyWords(language);
  const { directory } = world;
  const time = (moment: string) => showTime(new Date(moment), directory.company.timezone, language);
  const purpose = isolate(purposeOf(process, request.values));
  const who = nameOf(directory, request.requester);
  const amount = amountText({ request, process });
  const text = list.item(request.number, purpose, amount, who, time(executed.at), time(executed.due));
  const left = Date.parse(executed.due) - at.getTime();
  const clock = left < 0 ? list.late(spanText(-left, language)) : list.left(spanText(left, language));
  const where = stateLine({ request, directory, language });
  return [{ kind: 'text', text }, { kind: 'note', text: `${where} · ${clock}` }, showButton(request.number, language)];
}

const showButton = (number: string, language: Language): Block => ({
  kind: 'buttons',
  buttons: [{ label: requestWords(language).home.show(number), action: { command: 'requests.show', subject: number } }],
  drop: 1,
});

/** Of somebody's own request: where it stands; of others': who asks. */
async function itemBlocks(
  request: Request | undefined,
  own: boolean,
  world: World,
  language: Language,
): Promise<Block[]> {
  const process = request && (await world.pinned(request.process, request.version));
  if (!request || !process) return [];
  const w = requestWords(language);
  const purpose = isolate(purposeOf(process, request.values));
  const { directory } = world;
  const says = own
    ? stateLine({ request, directory, language })
    : [nameOf(directory, request.requester), ...tagsOf(request, language)].join(' · ');
  const text = w.home.item(request.number, purpose, amountText({ request, process }), says);
  return [{ kind: 'text', text }, showButton(request.number, language)];
}
