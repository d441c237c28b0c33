/** Which crisis somebody means: the one they name, the one in whose room they speak, the only open one that is theirs; else they are asked. */
import type { ActionRef } from '../core/card.ts';
import type { Reply } from '../core/chat.ts';
import type { Scene } from '../core/intake.ts';
import { crisisWords } from '../words/crisis.ts';
import { crisisAnswerWords } from '../words/crisis-answers.ts';
import { crisisInRoom } from './listing.ts';
import { callsRinging, whichCard } from './lists.ts';
import { assessors, mayReport, maySee } from './lookup.ts';
import type { Crisis, CrisisWorld } from './model.ts';
import { nameOf } from './reading.ts';
import { openCrises, openWith, readCrisis } from './store.ts';

export type S = Scene<CrisisWorld>;

type Meant = { crisis: Crisis } | { reply: Reply } | { none: true };

const refusal = (text: string): { reply: Reply } => ({ reply: { kind: 'said', tone: 'bad', text } });

/** The crisis of this number, for whoever may see it. */
export async function namedCrisis(scene: S, number: string): Promise<{ crisis: Crisis } | { reply: Reply }> {
  const w = crisisAnswerWords(scene.language).refusals;
  const crisis = await readCrisis(scene.sql, number);
  if (!crisis) return refusal(w['unknown-crisis'](number));
  return maySee(crisis, scene.person, scene.world) ? { crisis } : refusal(whyHidden(scene, crisis));
}

/** The card of an alarm stands in a channel that others read as well: who presses there what is for the assessors is told whom to fetch. */
function whyHidden({ inbound, language, world }: S, { state }: Crisis): string {
  const w = crisisAnswerWords(language).refusals;
  const command = inbound.what.kind === 'action' ? inbound.what.action.command : undefined;
  const whom = () => crisisWords(language).names(assessors(world).map((id) => nameOf(id, { world, language })));
  if (state === 'alarm' && command === 'crisis.grade') return w['not-assessor'](whom());
  if (state === 'alarm' && command === 'crisis.stand-down') return w['not-yours-to-end'](whom());
  return w['not-yours'];
}

/** @param asked what is done once the crisis is chosen; `example`: how it is typed with a number, where it is too long for a button */
export async function meantCrisis(
  scene: S,
  named: string | undefined,
  asked: { action: Omit<ActionRef, 'subject'>; example: string },
): Promise<Meant> {
  const { sql, inbound, language, person, world } = scene;
  if (named) return namedCrisis(scene, named);
  const here = inbound.at.kind === 'channel' ? await crisisInRoom(sql, inbound.platform, inbound.at.id) : undefined;
  if (here) return namedCrisis(scene, here);
  const own = (await openCrises(sql)).filter((crisis) => mayReport(crisis, person, world));
  const [first, ...others] = own;
  if (!first) return { none: true };
  if (others.length === 0) return { crisis: first };
  if (fitsButton(asked.action)) return { reply: { kind: 'card', card: whichCard(own, asked.action, language) } };
  const w = crisisAnswerWords(language).refusals;
  return refusal(w['which-long'](asked.example.replace('#', first.number)));
}

/** What a button may carry: https://docs.slack.dev/reference/block-kit/block-elements/button-element (2,000 characters of value). */
const LARGEST_VALUE = 400;
const fitsButton = ({ with: given = {} }: Omit<ActionRef, 'subject'>): boolean =>
  Object.values(given).every((value) => value.length <= LARGEST_VALUE) && JSON.stringify(given).length < 1500;

/** The crisis that calls this person now: of several the one that rang last. */
export async function ringingCrisis({ sql, person }: S): Promise<Crisis | undefined> {
  const calling = (await openWith(sql, person)).filter((crisis) => callsRinging(crisis, person).length > 0);
  const [latest] = calling.toSorted((one, other) => lastRang(other, person).localeCompare(lastRang(one, person)));
  return latest;
}

const lastRang = (crisis: Crisis, person: string): string =>
  callsRinging(crisis, person)
    .flatMap((call) => call.rings.filter((ring) => ring.person === person).map((ring) => ring.at))
    .toSorted()
    .at(-1) ?? '';

/** The newest in which this person's answer stands. */
export async function answeredCrisis({ sql, person }: S): Promise<Crisis | undefined> {
  const stands = ({ calls }: Crisis) =>
    calls.some(({ answers }) => answers.some((answer) => answer.person === person && answer.backAt === undefined));
  return (await openWith(sql, person)).find(stands);
}
