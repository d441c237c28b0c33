/** `/pr health`: the administrator is told at once what this machine knows, and after the answer what the platforms say themselves. */
import type { Logger } from 'pino';
import type { ChatAdapter, Check, Language, Platform } from '../core/chat.ts';
import type { Scene, Talker } from '../core/intake.ts';
import type { JsonObject } from '../core/message.ts';
import { type Effect, LANE } from '../core/module.ts';
import { foldWidth } from '../core/text.ts';
import { administrators } from '../directory/lookup.ts';
import type { Directory } from '../directory/model.ts';
import { healthWords } from '../words/health.ts';
import { healthCard, healthData } from './cards.ts';
import { examineAll } from './examination.ts';
import { type Around, factsOf } from './facts.ts';
import { clockIn, findingsOf } from './findings.ts';

export const HEALTH = 'health';

export interface HealthDeps extends Around {
  adapters: ReadonlyMap<Platform, ChatAdapter>;
  clock: () => Date;
  log: Logger;
  /** hands a message to the outbox, for whoever asked */
  tell(effects: Effect[], directory: Directory, by: string): Promise<void>;
}

const ASKED = /^[/／]?pr\s+(?:health|体检|健康)$/i;

export function healthTalker<World extends { directory: Directory }>(deps: HealthDeps): Talker<World> {
  const examine = onceAtATime(deps);
  return {
    understand: async (scene) => {
      const { what } = scene.inbound;
      if (what.kind !== 'text' || !ASKED.test(foldWidth(what.text).trim())) return undefined;
      const { directory } = scene.world;
      const admins = administrators(directory);
      if (!admins.some((person) => person.id === scene.person)) {
        const text = healthWords(scene.language).onlyAdmin(admins.map((person) => person.name).join('、'));
        return { kind: 'answer', reply: { kind: 'said', tone: 'bad', text } };
      }
      const first = findingsOf(await factsOf(deps, directory, scene.at), scene.language);
      const troubles = [...deps.adapters.values()].flatMap((adapter) => adapter.trouble(scene.language) ?? []);
      const { mend } = healthWords(scene.language).trouble;
      const heard = troubles.map((what) => ({ kind: 'limits' as const, what, mend }));
      const since = clockIn(deps.noticed.since, directory.company.timezone);
      // the answer does not wait for any platform
      void follow(deps, scene, first, since, examine);
      const card = healthCard(healthData([...first, ...heard], since, false), scene.language);
      return { kind: 'answer', reply: { kind: 'card', card } };
    },
    reply: async () => undefined,
  };
}

type Examine = (directory: Directory, language: Language) => Promise<Check[]>;

/** Whoever asks while another is being told hears the same: the platforms count our questions. */
function onceAtATime({ adapters }: Pick<HealthDeps, 'adapters'>): Examine {
  const underway = new Map<Language, Promise<Check[]>>();
  return (directory, language) => {
    const asking =
      underway.get(language) ??
      examineAll(adapters.values(), directory, language).finally(() => underway.delete(language));
    underway.set(language, asking);
    return asking;
  };
}

/** Never throws: whoever asked has the first half of the answer in any case. */
async function follow<World extends { directory: Directory }>(
  deps: HealthDeps,
  { world, person, language, inbound }: Scene<World>,
  first: readonly Check[],
  since: string,
  examine: Examine,
): Promise<void> {
  try {
    const found = await examine(world.directory, language);
    const data: JsonObject = healthData([...first, ...found], since, true);
    const notice: Effect = {
      kind: 'notice',
      to: { person },
      about: HEALTH,
      data,
      key: `health|${inbound.platform}|${inbound.deliveryId}`,
      lane: LANE.decision,
      via: inbound.platform,
      soon: true,
    };
    await deps.tell([notice], world.directory, person);
  } catch (err) {
    deps.log.warn({ err }, 'an examination could not be finished');
  }
}
