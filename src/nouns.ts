/** The nouns of the department put together: who decides, who talks, who draws, whose a file is; each by the letters of its number. */

import { checkpointCard, LEDGER, sealTalker } from './audit/seal.ts';
import type { Block, Card } from './core/card.ts';
import { type ChatAdapter, DeliveryError, type Language, type Platform } from './core/chat.ts';
import type { Database, Scene, Talker } from './core/intake.ts';
import type { Drawer, Place, Tx } from './core/module.ts';
import { lettersOf } from './core/number.ts';
import { homeBlocks as decisionBlocks, drawDecisions } from './decisions/drawer.ts';
import { decisionFiles, decisions } from './decisions/module.ts';
import { LETTERS as DECISION, decisionTalker } from './decisions/speech.ts';
import { stillOpen as openDecisions } from './decisions/store.ts';
import { DELIVERY, deadLetterCard } from './delivery/dead-letters.ts';
import { DIGEST, digestCard } from './delivery/digest.ts';
import { directory } from './directory/module.ts';
import { offerPeople } from './directory/people.ts';
import { absenceTalker } from './directory/speech.ts';
import type { FileOwner } from './files/model.ts';
import { filesCard } from './files/offering.ts';
import { drawMeetings, homeBlocks as meetingBlocks } from './meetings/drawer.ts';
import type { MeetingsWorld } from './meetings/model.ts';
import { meetings } from './meetings/module.ts';
import { series } from './meetings/series.ts';
import { LETTERS as MEETING, meetingTalker } from './meetings/speech.ts';
import { stillOpen as openMeetings } from './meetings/store.ts';
import { drawRequests, homeCard } from './requests/drawer.ts';
import { requestFiles, requests } from './requests/module.ts';
import { requestTalker } from './requests/speech.ts';
import { stillOpen as openRequests } from './requests/store.ts';

export type World = MeetingsWorld;
export const modules = [requests, directory, meetings, series, decisions];

type S = Scene<World>;
interface Surroundings {
  placeOf(world: World, person: string, platform: Platform): Place | undefined;
  sealNow: Parameters<typeof sealTalker>[0];
  /** a link to one kept file, for this person, for a short time */
  link(file: string, person: string): string;
  calendarUrl: Parameters<typeof meetingTalker>[0]['calendarUrl'];
  adapters: ReadonlyMap<Platform, ChatAdapter>;
}

/** The first that understands takes it; whoever takes everything comes last. */
export function talkersOf({ placeOf, sealNow, link, calendarUrl, adapters }: Surroundings): Talker<World>[] {
  const files = filesCard(link);
  const home = ({ sql, person, world, language, at }: S) => wholeHome(sql, person, world, language, at);
  const all: Talker<World>[] = [
    absenceTalker,
    sealTalker(sealNow),
    meetingTalker({ placeOf, calendarUrl, linkText: (url) => linkText(adapters, url) }),
    decisionTalker({ placeOf: (world, ...rest) => placeOf(world as World, ...rest), filesCard: files }),
    requestTalker({
      placeOf: (world, ...rest) => placeOf(world as World, ...rest) as never,
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
  const drawers: Record<string, Drawer['draw']> = {
    [MEETING]: drawMeetings(sql, worldNow, clock),
    [DECISION]: drawDecisions(sql, worldNow, clock),
  };
  const requestsDrawn = drawRequests(sql, worldNow);
  const draw: Drawer['draw'] = async (message) => {
    const { kind, subject, audience, data = {}, language } = message;
    if (subject === LEDGER) return checkpointCard(data, language);
    if (subject === DELIVERY) return deadLetterCard(data, (await worldNow()).directory, language);
    if (subject === DIGEST) return digestCard(message, draw);
    if (kind !== 'home') return (drawers[lettersOf(subject)] ?? requestsDrawn)(message);
    const world = await worldNow();
    const here = 'person' in audience && world.directory.people.get(audience.person)?.active === true;
    return here ? wholeHome(sql, audience.person, world, language, clock()) : undefined;
  };
  return draw;
}

/** What waits for somebody, of every kind: App Home and `/pr list`. */
async function wholeHome(
  sql: Database | Tx,
  person: string,
  world: World,
  language: Language,
  at: Date,
): Promise<Card> {
  const shown = { world, directory: world.directory, language, at };
  const [card, ahead, own] = await Promise.all([
    homeCard(sql, person, world, language),
    meetingBlocks(sql, person, shown),
    decisionBlocks(sql, person, shown),
  ]);
  const divided = (blocks: Block[]): Block[] => (blocks.length > 0 ? [{ kind: 'divider' }, ...blocks] : []);
  return { ...card, blocks: [...card.blocks, ...divided(own), ...divided(ahead)] };
}

const FILE_OWNERS: ReadonlyMap<string, FileOwner> = new Map([[DECISION, decisionFiles]]);
export const ownerOf = (subject: string): FileOwner => FILE_OWNERS.get(lettersOf(subject)) ?? requestFiles;

/** Which of these subjects still need live cards. */
export async function stillOpen(sql: Database, subjects: string[]): Promise<Set<string>> {
  const of = (letters: string) => subjects.filter((subject) => lettersOf(subject) === letters);
  const others = subjects.filter((subject) => ![MEETING, DECISION].includes(lettersOf(subject)));
  const open = await Promise.all([
    openMeetings(sql, of(MEETING)),
    openDecisions(sql, of(DECISION)),
    openRequests(sql, others),
  ]);
  return new Set(open.flatMap((some) => [...some]));
}
