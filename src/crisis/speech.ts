/** How people act in a crisis: what they type, the buttons of its cards, its forms, a file, a message that becomes a fact. */
import type { ActionRef } from '../core/card.ts';
import type { Inbound, InboundFile, Language } from '../core/chat.ts';
import type { Talker, Understood } from '../core/intake.ts';
import type { JsonObject } from '../core/message.ts';
import { lettersOf } from '../core/number.ts';
import { cleanLine, cleanParagraph } from '../core/text.ts';
import { companyLanguage, personByAccount } from '../directory/lookup.ts';
import { attachTo, sentFile, subjectOfFiles } from '../files/sent.ts';
import { crisisFormWords } from '../words/crisis-forms.ts';
import { quoteWords } from '../words/quotes.ts';
import { replyTo } from './answers.ts';
import { meantCrisis, namedCrisis, type S } from './choosing.ts';
import { filledIn } from './filling.ts';
import { ASKS, type Ask, askForm, withFaults } from './forms.ts';
import { crisisInRoom } from './listing.ts';
import { listCard, scenariosCard } from './lists.ts';
import { CRISIS, type CrisisWorld, DRILL } from './model.ts';
import { answer, askingOf, openAsk, run, type Surroundings, say, show, wordsOf } from './opening.ts';
import { fileRaise, openDrill, openRaise } from './raising.ts';
import { filesArg, understandTyped } from './typed.ts';

const LETTERS = [CRISIS, DRILL];
const OURS = 'crisis.';

export function crisisTalker(around: Surroundings): Talker<CrisisWorld> {
  return {
    understand: (scene) => understand(scene, around),
    reply: async (outcome, command, scene) =>
      command.name.startsWith(OURS) ? replyTo(outcome, command, scene, around.placeOf) : undefined,
  };
}

async function understand(scene: S, around: Surroundings): Promise<Understood | undefined> {
  const { what } = scene.inbound;
  switch (what.kind) {
    case 'text': {
      const typed = await understandTyped(scene, around, what.text, what.files);
      return typed ?? (what.files.length > 0 ? keepFiles(scene, what.text, what.files) : undefined);
    }
    case 'quote':
      return noteQuote(scene, what);
    case 'action':
      return what.action.command.startsWith(OURS) ? understandAction(scene, around, what.action) : undefined;
    case 'form':
      return what.action.command.startsWith(OURS) ? understandForm(scene, what.action, what.values) : undefined;
    case 'home':
      return undefined;
    default:
      return what satisfies never;
  }
}

/** A file with the number, or in the room, is evidence. */
async function keepFiles(scene: S, text: string, files: InboundFile[]): Promise<Understood | undefined> {
  const named = await subjectOfFiles(scene, text);
  const { at, platform } = scene.inbound;
  const subject = named ?? (at.kind === 'channel' ? await crisisInRoom(scene.sql, platform, at.id) : undefined);
  return subject && LETTERS.includes(lettersOf(subject)) ? attachTo('crisis', subject, files.map(sentFile)) : undefined;
}

type Quote = Extract<Inbound['what'], { kind: 'quote' }>;

/** Somebody else's message: it happened when they wrote it, and stands with who wrote it and where. */
async function noteQuote(scene: S, quote: Quote): Promise<Understood> {
  const { inbound, world } = scene;
  const text = evidenceOf(quote, companyLanguage(world.directory.company));
  if (text === '') return say('bad', crisisFormWords(scene.language).faults.empty);
  const by = personByAccount(world.directory, inbound.platform, quote.by)?.name ?? cleanLine(quote.by, 100);
  const said = { by, ...(quote.link ? { link: quote.link.slice(0, 400) } : {}) };
  const happenedAt = new Date(quote.sentAt).toISOString();
  const action = { command: 'crisis.fact', with: { text, happenedAt, ...said } };
  const meant = await meantCrisis(scene, undefined, { action, example: '/fact # …' });
  if ('none' in meant) return say('bad', wordsOf(scene).refusals['none-open']);
  if ('reply' in meant) return answer(meant.reply);
  const args = { text, happenedAt, said: { ...said, platform: inbound.platform }, ...filesArg(quote.files) };
  return run('fact', meant.crisis.number, args);
}

const LONGEST_EVIDENCE = 1000;

/** As much of it as a fact holds; what is not kept is said to be missing, since evidence that ends early may say the contrary. */
function evidenceOf({ text, files, link }: Quote, language: Language): string {
  const said = washed(text) || washed(files.map((file) => file.name).join('、'));
  if (said.length <= LONGEST_EVIDENCE) return said;
  const end = `…\n${quoteWords(language).more(link !== undefined)}`;
  let kept = '';
  for (const { segment } of graphemes.segment(said)) {
    if (kept.length + segment.length + end.length > LONGEST_EVIDENCE) break;
    kept += segment;
  }
  return `${kept.trimEnd()}${end}`;
}

/** All of it: NFC makes at most three units out of one. https://www.unicode.org/faq/normalization.html */
const washed = (raw: string): string => cleanParagraph(raw, raw.length * 3);
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

// --- buttons ---

/** Pressed and done, without a form. */
const AT_ONCE: ReadonlySet<string> = new Set(['answer', 'take-back', 'take-seat', 'task-done', 'mend-rooms']);

async function understandAction(scene: S, around: Surroundings, action: ActionRef): Promise<Understood> {
  const act = action.command.slice(OURS.length);
  const { subject: number = '', with: given = {} } = action;
  switch (act) {
    case 'raise':
      return openRaise(scene, '');
    case 'drill':
      return given.scenario ? openDrill(scene, given.scenario) : answer({ kind: 'card', card: scenariosCard(scene) });
    case 'show':
      return show(scene, around, number);
    case 'list':
      return answer({ kind: 'card', card: await listCard(scene.sql, scene.person, scene) });
    case 'files':
    case 'debrief':
      return document(scene, around, act, number);
    default:
      if (AT_ONCE.has(act)) return run(act, number, given);
      return pressed(scene, act, action);
  }
}

async function document(scene: S, around: Surroundings, act: 'files' | 'debrief', number: string): Promise<Understood> {
  const found = await namedCrisis(scene, number);
  if ('reply' in found) return answer(found.reply);
  if (act === 'debrief') return answer(await around.debrief(scene, number));
  return answer({ kind: 'card', card: await around.filesCard(scene, number) });
}

/** What was typed before the crisis was chosen is done at once; all else is asked for. */
async function pressed(scene: S, act: string, action: ActionRef): Promise<Understood> {
  const ask = ASKS.find((one) => one === act);
  const { subject: number = '', with: given = {} } = action;
  if (!ask) return say('bad', wordsOf(scene).refusals.unreadable);
  const whole = wholeArgs(ask, given, scene);
  if (whole) return run(ask, number, whole);
  const found = await namedCrisis(scene, number);
  if ('reply' in found) return answer(found.reply);
  return openAsk(scene, ask, found.crisis, carried(ask, given), given);
}

function wholeArgs(ask: Ask, given: Record<string, string>, { inbound }: S): JsonObject | undefined {
  const { text, happenedAt, by, link, owner, person } = given;
  if (ask === 'fact' && text) {
    const said = by ? { said: { by, platform: inbound.platform, ...(link ? { link } : {}) } } : {};
    return { text, ...(happenedAt ? { happenedAt } : {}), ...said };
  }
  if (ask === 'task' && text && owner) return { text, owner };
  return ask === 'add' && person ? { person } : undefined;
}

/** What a form must bring back besides its fields. */
function carried(ask: Ask, given: Record<string, string>): Record<string, string> {
  const kept: Partial<Record<Ask, string[]>> = { grade: ['grade', 'seen'], 'stand-down': ['how'], clear: ['person'] };
  return Object.fromEntries(Object.entries(given).filter(([id]) => kept[ask]?.includes(id)));
}

// --- forms ---

async function understandForm(scene: S, action: ActionRef, values: Record<string, string>): Promise<Understood> {
  const act = action.command.slice(OURS.length);
  if (act === 'raise') return fileRaise(scene, action, values);
  const ask = ASKS.find((one) => one === act);
  if (!ask) return say('bad', wordsOf(scene).refusals.unreadable);
  const filled = filledIn(ask, values, action, scene);
  if ('args' in filled) return run(ask, action.subject, filled.args, action.with?.once);
  const found = await namedCrisis(scene, action.subject ?? '');
  if ('reply' in found) return answer(found.reply);
  const form = askForm(ask, await askingOf(scene, ask, found.crisis), action);
  return answer({
    kind: 'faults',
    form: withFaults(form, values, filled.faults),
    say: crisisFormWords(scene.language).check,
  });
}
