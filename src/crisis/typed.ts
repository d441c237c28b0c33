/** What is typed in and around a crisis: `/crisis …` with its words, `/fact …`, 收到. */
import type { ActionRef } from '../core/card.ts';
import type { InboundFile } from '../core/chat.ts';
import type { Understood } from '../core/intake.ts';
import { type Line, readLine } from '../core/line.ts';
import type { JsonObject } from '../core/message.ts';
import { nearWord } from '../core/near.ts';
import { lettersOf, readNumber } from '../core/number.ts';
import { cleanParagraph, foldWidth } from '../core/text.ts';
import { sentFile } from '../files/sent.ts';
import { crisisFormWords } from '../words/crisis-forms.ts';
import { crisisTypedWords } from '../words/crisis-typed.ts';
import { answeredCrisis, meantCrisis, ringingCrisis, type S } from './choosing.ts';
import { personIn } from './filling.ts';
import { type Ask, withFaults } from './forms.ts';
import { listCard, scenariosCard } from './lists.ts';
import { CRISIS, type Crisis, DRILL } from './model.ts';
import { answer, openAsk, run, type Surroundings, say, show, wordsOf } from './opening.ts';
import { openDrill, openRaise, scenarioOf } from './raising.ts';
import { zoneOf } from './reading.ts';
import { openCrises } from './store.ts';
import { readWhen } from './when.ts';

const CRISIS_WORDS = ['crisis', '危机'];
const FACT_WORDS = ['fact', '事实', '记录'];
const GOT_IT = new Set(['收到', '1', 'ok', 'okay', 'ack']);

const isOurs = (number: string): boolean => [CRISIS, DRILL].includes(lettersOf(number));

export async function understandTyped(
  scene: S,
  around: Surroundings,
  text: string,
  files: InboundFile[],
): Promise<Understood | undefined> {
  if (files.length === 0 && isAnswer(text)) return answerCall(scene);
  const line = readLine(text);
  if (!line) return undefined;
  const number = readNumber(line.word);
  if (number && isOurs(number) && files.length === 0) return show(scene, around, number);
  if (FACT_WORDS.includes(line.word)) return noteFact(scene, line.rest, files, line.slashed);
  return CRISIS_WORDS.includes(line.word) && files.length === 0
    ? understandCrisis(scene, around, line.rest)
    : undefined;
}

// --- 收到 ---

export const isAnswer = (text: string): boolean =>
  GOT_IT.has(
    foldWidth(text)
      .trim()
      .replace(/[。.!~]+$/u, '')
      .toLowerCase(),
  );

/** Whoever is called answers by a word, wherever they are; who is not called means something else by it. */
async function answerCall(scene: S): Promise<Understood | undefined> {
  const ringing = await ringingCrisis(scene);
  if (ringing) return run('answer', ringing.number, {});
  if (scene.inbound.platform !== 'sms') return undefined;
  // the same message again, or one more: what was answered stays answered
  const before = await answeredCrisis(scene);
  return before ? run('answer', before.number, {}) : say('info', wordsOf(scene).said.nothingRings);
}

// --- /fact ---

async function noteFact(
  scene: S,
  rest: string,
  files: InboundFile[],
  slashed: boolean,
): Promise<Understood | undefined> {
  const { number, rest: said } = withoutNumber(rest);
  const read = readWhen(said, scene.at, zoneOf(scene));
  const time = read && 'at' in read ? read : undefined;
  const fault = read && 'fault' in read ? read.fault : undefined;
  const text = cleanParagraph(time?.rest ?? said, 1000);
  const given = { ...(text ? { text } : {}), ...(time ? { happenedAt: time.at } : {}) };
  const meant = await meantCrisis(scene, number, {
    // without its text a form is opened, in which the time stands as it was typed
    action: { command: 'crisis.fact', with: text === '' && time ? { when: said } : given },
    example: `/fact # ${text.slice(0, 20)}…`,
  });
  if ('none' in meant) return slashed ? say('bad', wordsOf(scene).refusals['none-open']) : undefined;
  if (fault === 'future') return say('bad', wordsOf(scene).refusals.future);
  // a button would note it at once, as of now
  if ('reply' in meant && fault && meant.reply.kind === 'card')
    return say('bad', crisisFormWords(scene.language).faults.when);
  if ('reply' in meant) return answer(meant.reply);
  // evidence is kept at once, with the words as they stand: a form cannot hold it
  if (fault && files.length === 0) return askWhen(scene, meant.crisis, text);
  const words = text || files.map((file) => file.name).join('、');
  if (words === '') return openAsk(scene, 'fact', meant.crisis, {}, time ? { when: said } : {});
  return run('fact', meant.crisis.number, { ...given, text: cleanParagraph(words, 1000), ...filesArg(files) });
}

/** It begins like a time that cannot be read: what was typed stands in the form, which asks when it was. */
async function askWhen(scene: S, crisis: Crisis, text: string): Promise<Understood> {
  const asked = await openAsk(scene, 'fact', crisis, {}, { text });
  if (asked.kind !== 'answer' || asked.reply.kind !== 'form') return asked;
  const faults = { when: crisisFormWords(scene.language).faults.when };
  return answer({ ...asked.reply, form: withFaults(asked.reply.form, {}, faults) });
}

export const filesArg = (files: InboundFile[]): JsonObject =>
  files.length > 0 ? { files: files.map(sentFile) as unknown as JsonObject[] } : {};

function withoutNumber(text: string): { number: string | undefined; rest: string } {
  const first = readLine(text);
  const number = first && readNumber(first.word);
  return number && isOurs(number) ? { number, rest: first.rest } : { number: undefined, rest: text };
}

// --- /crisis ---

async function understandCrisis(scene: S, around: Surroundings, rest: string): Promise<Understood> {
  const sub = readLine(rest);
  // without the book nothing is raised; what is open goes on to its end
  if (!scene.world.crisis && (await openCrises(scene.sql)).length === 0)
    return say('bad', wordsOf(scene).refusals['no-book']);
  if (!sub) return list(scene);
  const number = readNumber(sub.word);
  if (number && isOurs(number)) return (await turned(scene, around, sub, number)) ?? show(scene, around, number);
  return (await understandSub(scene, around, sub)) ?? openRaise(scene, rest);
}

/** `/crisis CR-2026-0003 update` reads as `/crisis update CR-2026-0003`. */
async function turned(scene: S, around: Surroundings, { rest }: Line, number: string): Promise<Understood | undefined> {
  const next = readLine(rest);
  return next && understandSub(scene, around, { ...next, rest: `${number} ${next.rest}` });
}

/** Undefined: it is no word of ours, so it says what happened. */
async function understandSub(scene: S, around: Surroundings, sub: Line): Promise<Understood | undefined> {
  switch (sub.word) {
    case 'list':
    case '列表':
    case 'help':
    case '帮助':
      return list(scene);
    case 'stand-down':
    case '解除':
      return ask(scene, 'stand-down', sub.rest, 'reason');
    case 'drill':
    case '演练':
      return drill(scene, sub.rest);
    case 'drills':
    case '演练记录':
      return answer({ kind: 'card', card: await around.drills(scene) });
    case 'debrief':
    case '复盘':
      return debrief(scene, around, sub.rest);
    case 'fact':
    case '事实':
      return noteFact(scene, sub.rest, [], true);
    case 'task':
    case '任务':
      return task(scene, sub.rest);
    case 'add':
    case '拉人':
    case '叫人':
      return add(scene, sub.rest);
    case 'contact':
    case '联络':
      return ask(scene, 'contact', sub.rest, 'text');
    case 'update':
    case '更新':
    case '态势':
      return ask(scene, 'update', sub.rest, 'known');
    default:
      return sub.rest === '' && nearWord(sub.word, SUBCOMMANDS) ? list(scene, 'alarm') : undefined;
  }
}

/** What is typed behind `/crisis`: a word that is one slip away from these raises nothing. */
const SUBCOMMANDS = [
  'help',
  'list',
  'drill',
  'drills',
  'debrief',
  'fact',
  'task',
  'add',
  'contact',
  'update',
  'grade',
  'standdown',
  'stand-down',
  'aftercare',
];

/** @param asked what is asked above it: whether they want to raise an alarm */
async function list(scene: S, asked?: 'alarm'): Promise<Understood> {
  const card = await listCard(scene.sql, scene.person, scene);
  if (!asked) return answer({ kind: 'card', card });
  const text = crisisTypedWords(scene.language)[asked];
  return answer({ kind: 'card', card: { ...card, blocks: [{ kind: 'text', text, strong: true }, ...card.blocks] } });
}

async function drill(scene: S, rest: string): Promise<Understood> {
  const scenario = scenarioOf(scene, rest);
  return scenario ? openDrill(scene, scenario.id) : answer({ kind: 'card', card: scenariosCard(scene) });
}

async function debrief(scene: S, around: Surroundings, rest: string): Promise<Understood> {
  const { number } = withoutNumber(rest);
  const meant = await meantCrisis(scene, number, {
    action: { command: 'crisis.debrief' },
    example: '/crisis debrief #',
  });
  if ('none' in meant) return say('bad', wordsOf(scene).refusals['none-open']);
  return answer('reply' in meant ? meant.reply : await around.debrief(scene, meant.crisis.number));
}

/** `@李娜 联系客服`, `联系客服 @李娜`: with both it is given at once, what is missing is asked for. */
async function task(scene: S, said: string): Promise<Understood> {
  const { number, rest } = withoutNumber(said);
  const { person, text } = withPerson(rest, scene);
  const given = { ...(text ? { text } : {}), ...(person ? { owner: person } : {}) };
  const meant = await chosenFor(scene, 'task', number, given, `/crisis task # ${text.slice(0, 20)}…`);
  if ('understood' in meant) return meant.understood;
  return text && person
    ? run('task', meant.number, { text, owner: person })
    : meant.open({ text, owner: person ?? '' });
}

async function add(scene: S, said: string): Promise<Understood> {
  const { number, rest } = withoutNumber(said);
  const person = withPerson(rest, scene).person ?? personIn(rest, scene);
  const given = person ? { person } : {};
  const meant = await chosenFor(scene, 'add', number, given, '/crisis add # @…');
  if ('understood' in meant) return meant.understood;
  return person ? run('add', meant.number, { person }) : meant.open({});
}

async function ask(scene: S, ask: Ask, said: string, field: string): Promise<Understood> {
  const { number, rest } = withoutNumber(said);
  const text = cleanParagraph(rest, 1000);
  const meant = await chosenFor(scene, ask, number, text ? { [field]: text } : {}, `/crisis ${ask} #`);
  return 'understood' in meant ? meant.understood : meant.open({ [field]: text });
}

type Chosen =
  | { understood: Understood }
  | { number: string; open(values: Record<string, string>): Promise<Understood> };

/** The crisis for which it was typed, or the answer that asks for it. */
async function chosenFor(
  scene: S,
  act: Ask,
  number: string | undefined,
  given: NonNullable<ActionRef['with']>,
  example: string,
): Promise<Chosen> {
  const meant = await meantCrisis(scene, number, { action: { command: `crisis.${act}`, with: given }, example });
  if ('none' in meant) return { understood: say('bad', wordsOf(scene).refusals['none-open']) };
  if ('reply' in meant) return { understood: answer(meant.reply) };
  const { crisis } = meant;
  return { number: crisis.number, open: (values) => openAsk(scene, act, crisis, {}, values) };
}

/** The first mention is whoever is meant; what is left says what. */
function withPerson(text: string, scene: S): { person: string | undefined; text: string } {
  const mention = /<@[^<>\s]+>|[@＠][^\s@＠<>,，、。]+/u.exec(text);
  const person = mention ? personIn(mention[0], scene) : undefined;
  const rest = person && mention ? text.replace(mention[0], ' ') : text;
  return { person, text: cleanParagraph(rest, 1000) };
}
