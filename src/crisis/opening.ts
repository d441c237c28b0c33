/** What an act in a crisis opens: its situation card, a form, or a sentence that says why not. */
import { randomUUID } from 'node:crypto';
import type { ActionRef, Card } from '../core/card.ts';
import type { Platform, Reply } from '../core/chat.ts';
import type { Understood } from '../core/intake.ts';
import type { JsonObject } from '../core/message.ts';
import type { Place } from '../core/module.ts';
import { showAgain } from '../core/outbox.ts';
import { crisisAnswerWords } from '../words/crisis-answers.ts';
import { crisisFormWords } from '../words/crisis-forms.ts';
import { heldBy } from './beside.ts';
import { crisisCard } from './cards.ts';
import { namedCrisis, type S } from './choosing.ts';
import { bareReading, readingOf } from './drawer.ts';
import { type Ask, type Asking, askForm } from './forms.ts';
import type { Crisis, CrisisWorld } from './model.ts';
import { refusalText, whyNotAsk } from './refusals.ts';

export interface Surroundings {
  placeOf(world: CrisisWorld, person: string, platform: Platform): Place | undefined;
  filesCard(scene: S, subject: string): Promise<Card>;
  /** the document of what happened, made from the timeline */
  debrief(scene: S, number: string): Promise<Reply>;
  /** earlier drills, compared */
  drills(scene: S): Promise<Card>;
}

export const answer = (reply: Reply): Understood => ({ kind: 'answer', reply });
export const say = (tone: 'good' | 'bad' | 'info', text: string): Understood => answer({ kind: 'said', tone, text });
export const run = (act: string, subject: string | undefined, args: JsonObject, once?: string): Understood => ({
  kind: 'do',
  command: { name: `crisis.${act}`, subject, args },
  ...(once ? { once } : {}),
});

export const wordsOf = ({ language }: S) => crisisAnswerWords(language);

/** They ring and take an answer; a form cannot be filled there. */
const RINGERS: ReadonlySet<Platform> = new Set(['sms', 'phone', 'pager']);
export const onlyRings = ({ inbound }: S): boolean => RINGERS.has(inbound.platform);

export async function show(scene: S, around: Surroundings, number: string): Promise<Understood> {
  const { sql, world, person, language, at, inbound } = scene;
  const found = await namedCrisis(scene, number);
  if ('reply' in found) return answer(found.reply);
  const place = around.placeOf(world, person, inbound.platform);
  if (!place) {
    const reading = await readingOf(sql, bareReading(found.crisis, world, language, at));
    return answer({ kind: 'card', card: crisisCard(reading, { person }) });
  }
  await showAgain(sql, { subject: number, to: { person }, place, at });
  return say('info', wordsOf(scene).said.shown(number));
}

export async function askingOf(scene: S, ask: Ask, crisis: Crisis): Promise<Asking> {
  const held = ask === 'resume' ? await heldBy(scene.sql, crisis.number) : [];
  return { crisis, world: scene.world, language: scene.language, held };
}

/** @param values what was typed already */
export async function openAsk(
  scene: S,
  ask: Ask,
  crisis: Crisis,
  given: ActionRef['with'] = {},
  values: Record<string, string> = {},
): Promise<Understood> {
  if (onlyRings(scene)) return say('bad', wordsOf(scene).said.goToChat);
  const refusal = whyNotAsk(ask, crisis, scene.person, scene.world, given);
  if (refusal) return say('bad', refusalText(refusal, { crisis, number: crisis.number }, scene));
  const action = { command: `crisis.${ask}`, subject: crisis.number, with: { ...given, once: randomUUID() } };
  const form = askForm(ask, await askingOf(scene, ask, crisis), action, values);
  return answer({ kind: 'form', form, say: crisisFormWords(scene.language).opened });
}
