/** The nouns of the department put together: who decides, who talks, who draws, whose a file is; each by the letters of its number. */

import { checkpointCard, LEDGER, sealTalker } from './audit/seal.ts';
import type { Block, Card } from './core/card.ts';
import { type ChatAdapter, DeliveryError, type Language, type Platform } from './core/chat.ts';
import type { Database, Scene, Talker } from './core/intake.ts';
import type { Drawer, Place, Tx } from './core/module.ts';
import { lettersOf } from './core/number.ts';
import { phonesAnswerOnly } from './crisis/by-phone.ts';
import { debriefReply, type PaperLink } from './crisis/debrief-offer.ts';
import { drawCrisis } from './crisis/drawer.ts';
import { DRILLS, drillDueCard } from './crisis/drill-due.ts';
import { drillsCard } from './crisis/drills.ts';
import { homeBlocks as crisisBlocks } from './crisis/lists.ts';
import { CRISIS, type CrisisWorld, DRILL } from './crisis/model.ts';
import { crises, crisisFiles } from './crisis/module.ts';
import { crisisTalker } from './crisis/speech.ts';
import { stillOpen as openCrises } from './crisis/store.ts';
import { homeBlocks as decisionBlocks, drawDecisions } from './decisions/drawer.ts';
import { decisionFiles, decisions } from './decisions/module.ts';
import { LETTERS as DECISION, decisionTalker } from './decisions/speech.ts';
import { stillOpen as openDecisions } from './decisions/store.ts';
import { DELIVERY, deadLetterCard } from './delivery/dead-letters.ts';
import { DIGEST, digestCard } from './delivery/digest.ts';
import { namesTime, withZone } from './delivery/zones.ts';
import { directory } from './directory/module.ts';
import { offerPeople } from './directory/people.ts';
import { absenceTalker } from './directory/speech.ts';
import type { FileOwner } from './files/model.ts';
import { filesCard } from './files/offering.ts';
import { healthCard } from './health/cards.ts';
import { HEALTH, type HealthDeps, healthTalker } from './health/speech.ts';
import { drawMeetings, homeBlocks as meetingBlocks } from './meetings/drawer.ts';
import { meetings } from './meetings/module.ts';
import { series } from './meetings/series.ts';
import { LETTERS as MEETING, meetingTalker } from './meetings/speech.ts';
import { stillOpen as openMeetings } from './meetings/store.ts';
import { drawRequests, homeCard, ratificationBlocks } from './requests/drawer.ts';
import { requestFiles, requests } from './requests/module.ts';
import { requestTalker } from './requests/speech.ts';
import { stillOpen as openRequests } from './requests/store.ts';
import { drawSignals, homeBlocks as signalBlocks } from './signals/drawer.ts';
import { SIGNAL } from './signals/model.ts';
import { signals } from './signals/module.ts';
import { signalTalker } from './signals/speech.ts';
import { stillOpen as openSignals } from './signals/store.ts';
import { drawStatements, homeBlocks as statementBlocks } from './statements/drawer.ts';
import { STATEMENT } from './statements/model.ts';
import { statements } from './statements/module.ts';
import { statementTalker } from './statements/speech.ts';
import { stillOpen as openStatements } from './statements/store.ts';

export type World = CrisisWorld;
export const modules = [requests, directory, meetings, series, decisions, crises, signals, statements];

type S = Scene<World>;
interface Surroundings {
  placeOf(world: World, person: string, platform: Platform): Place | undefined;
  sealNow: Parameters<typeof sealTalker>[0];
  /** a link to one kept file, for this person, for a short time */
  link(file: string, person: string): string;
  /** the same to the debrief of a crisis */
  paperLink: PaperLink;
  calendarUrl: Parameters<typeof meetingTalker>[0]['calendarUrl'];
  adapters: ReadonlyMap<Platform, ChatAdapter>;
  /** absent: nobody is told how things are */
  health?: HealthDeps;
}

/** The first that understands takes it; whoever takes everything comes last. */
export function talkersOf({
  placeOf,
  sealNow,
  link,
  paperLink,
  calendarUrl,
  adapters,
  health,
}: Surroundings): Talker<World>[] {
  const files = filesCard(link);
  const home = ({ sql, person, world, language, at }: S) => wholeHome(sql, person, world, language, at);
  const links = (url: string) => linkText(adapters, url);
  // some ask no more of the world than their own part of it
  const place = placeOf as (world: unknown, ...rest: [person: string, platform: Platform]) => Place | undefined;
  const all: Talker<World>[] = [
    phonesAnswerOnly,
    absenceTalker,
    sealTalker(sealNow),
    ...(health ? [healthTalker<World>(health)] : []),
    crisisTalker({
      placeOf,
      filesCard: files,
      debrief: debriefReply(paperLink),
      drills: ({ sql, world, language, at }) => drillsCard(sql, world, language, at),
    }),
    signalTalker({ placeOf }),
    statementTalker({ placeOf, linkText: links }),
    meetingTalker({ placeOf: place, calendarUrl, linkText: links }),
    decisionTalker({ placeOf: place, filesCard: files }),
    requestTalker({
      placeOf: (world, ...rest) => place(world, ...rest) as never,
      filesCard: files,
      homeCard: (scene) => home(scene as S),
    }),
  ];
  return all.map(offering);
}

/** Whoever asks for people is offered those who are out of reach of the platform's own picker too. */
const offering = (talker: Talker<World>): Talker<World> => ({
  understand: async (scene) => {
    const understood = await talker.understand(scene);
    if (understood?.kind !== 'answer') return understood;
    return { kind: 'answer', reply: offerPeople(understood.reply, scene.world.directory, scene.inbound.platform) };
  },
  reply: async (outcome, command, scene) =>
    offerPeople(await talker.reply(outcome, command, scene), scene.world.directory, scene.inbound.platform),
});

const TROUBLE = {
  credentials: 'link-denied',
  unreachable: 'link-denied',
  gone: 'link-unreadable',
  rejected: 'link-unreadable',
};

async function linkText(adapters: ReadonlyMap<Platform, ChatAdapter>, url: string) {
  try {
    for (const adapter of adapters.values()) {
      const text = await adapter.textOf?.(url);
      if (text !== undefined) return { text };
    }
    return { trouble: 'link-unreadable' as const };
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    const known = (TROUBLE as Record<string, string>)[error.problem] ?? 'link-away';
    return { trouble: known as 'link-denied' | 'link-unreadable' | 'link-away' };
  }
}

export function drawerOf(
  sql: Database,
  worldAt: (sql: Database, at: Date) => Promise<World>,
  clock: () => Date,
): Drawer['draw'] {
  const worldNow = () => worldAt(sql, clock());
  const crisisDrawn = drawCrisis(sql, worldNow, clock);
  const drawers: Record<string, Drawer['draw']> = {
    [MEETING]: drawMeetings(sql, worldNow, clock),
    [DECISION]: drawDecisions(sql, worldNow, clock),
    [CRISIS]: crisisDrawn,
    [DRILL]: crisisDrawn,
    [SIGNAL]: drawSignals(sql, worldNow),
    [STATEMENT]: drawStatements(sql, worldNow),
  };
  const requestsDrawn = drawRequests(sql, worldNow);
  const drawn: Drawer['draw'] = async (message) => {
    const { kind, subject, audience, data = {}, language } = message;
    if (subject === LEDGER) return checkpointCard(data, language);
    if (subject === DELIVERY) return deadLetterCard(data, (await worldNow()).directory, language);
    if (subject === HEALTH) return healthCard(data, language);
    if (subject === DIGEST) return digestCard(message, drawn);
    if (subject === DRILLS) return drillDueCard(data, language);
    if (kind !== 'home') return (drawers[lettersOf(subject)] ?? requestsDrawn)(message);
    const world = await worldNow();
    const here = 'person' in audience && world.directory.people.get(audience.person)?.active === true;
    return here ? wholeHome(sql, audience.person, world, language, clock()) : undefined;
  };
  return async (message) => {
    const card = await drawn(message);
    if (card === undefined || !namesTime(card)) return card;
    return withZone(card, message.audience, (await worldNow()).directory, message.language, clock());
  };
}

/** What waits for somebody, of every kind, what burns first: App Home and `/pr list`. */
async function wholeHome(
  sql: Database | Tx,
  person: string,
  world: World,
  language: Language,
  at: Date,
): Promise<Card> {
  const { directory, crisis } = world;
  const shown = { world, directory, crisis, language, at };
  const [card, ratifications, ...sections] = await Promise.all([
    homeCard(sql, person, world, language),
    ratificationBlocks(sql, person, shown),
    crisisBlocks(sql, person, shown),
    signalBlocks(sql, person, shown),
    statementBlocks(sql, person, shown),
    decisionBlocks(sql, person, shown),
    meetingBlocks(sql, person, shown),
  ]);
  const [burning, ...rest] = sections;
  const divided = (blocks: Block[]): Block[] => (blocks.length > 0 ? [{ kind: 'divider' }, ...blocks] : []);
  const first: Block[] = burning && burning.length > 0 ? [...burning, { kind: 'divider' }] : [];
  return { ...card, blocks: [...first, ...card.blocks, ...[ratifications, ...rest].flatMap(divided)] };
}

const FILE_OWNERS: ReadonlyMap<string, FileOwner> = new Map([
  [DECISION, decisionFiles],
  [CRISIS, crisisFiles],
  [DRILL, crisisFiles],
]);
export const ownerOf = (subject: string): FileOwner => FILE_OWNERS.get(lettersOf(subject)) ?? requestFiles;

const OPEN: readonly [string, (sql: Database, numbers: string[]) => Promise<Set<string>>][] = [
  [MEETING, openMeetings],
  [DECISION, openDecisions],
  [CRISIS, openCrises],
  [DRILL, openCrises],
  [SIGNAL, openSignals],
  [STATEMENT, openStatements],
];

/** Which of these subjects still need live cards. */
export async function stillOpen(sql: Database, subjects: string[]): Promise<Set<string>> {
  const known = new Set(OPEN.map(([letters]) => letters));
  const others = subjects.filter((subject) => !known.has(lettersOf(subject)));
  const open = await Promise.all([
    ...OPEN.map(([letters, ask]) =>
      ask(
        sql,
        subjects.filter((subject) => lettersOf(subject) === letters),
      ),
    ),
    openRequests(sql, others),
  ]);
  return new Set(open.flatMap((some) => [...some]));
}
