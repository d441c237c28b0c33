/** How people talk of statements: `/statement new …`, `/statement CR-2026-0003 …`, `/statement check …`, `ST-2026-0001`, the buttons of its card. */
import type { ActionRef } from '../core/card.ts';
import type { Reply } from '../core/chat.ts';
import type { Outcome } from '../core/handle.ts';
import type { Scene, Talker, Understood } from '../core/intake.ts';
import { readLine } from '../core/line.ts';
import type { Command, JsonObject } from '../core/message.ts';
import type { Place } from '../core/module.ts';
import { nearWord } from '../core/near.ts';
import { lettersOf, readNumber } from '../core/number.ts';
import { showAgain } from '../core/outbox.ts';
import { sayWithCard } from '../core/pressed.ts';
import { crisisInRoom } from '../crisis/listing.ts';
import { CRISIS, type CrisisWorld, DRILL } from '../crisis/model.ts';
import { companyLanguage } from '../directory/lookup.ts';
import { statementAnswerWords } from '../words/statement-answers.ts';
import { statementWords } from '../words/statements.ts';
import { refusalText, saidText } from './answers.ts';
import { statementCard } from './cards.ts';
import { checkCard, drawStatements, listCard, readingOf } from './drawer.ts';
import { fillCheck, fillIn, fillNew, openCheck, openForm, openNew } from './filling.ts';
import { ASKS, withFaults } from './forms.ts';
import { maySee } from './lookup.ts';
import { exactText, MAX_CHECKED, MAX_TEXT, STATEMENT, type Statement } from './model.ts';
import { readStatement } from './store.ts';

type S = Scene<CrisisWorld>;

/** The text behind a link of one of the platforms' own documents. */
export type LinkText = (
  url: string,
) => Promise<{ text: string } | { trouble: 'link-unreadable' | 'link-denied' | 'link-away' }>;

export interface Surroundings {
  placeOf(world: CrisisWorld, person: string, platform: S['inbound']['platform']): Place | undefined;
  linkText: LinkText;
}

const WORDS = ['statement', 'statements', '声明'];

export function statementTalker(around: Surroundings): Talker<CrisisWorld> {
  return {
    understand: (scene) => understand(scene, around),
    reply: async (outcome, command, scene) =>
      command.name.startsWith('statements.') ? replyTo(outcome, command, scene, around) : undefined,
  };
}

async function understand(scene: S, around: Surroundings): Promise<Understood | undefined> {
  const { what } = scene.inbound;
  if (what.kind === 'text') return understandText(scene, around, what.text);
  if (what.kind !== 'action' && what.kind !== 'form') return undefined;
  if (!what.action.command.startsWith('statements.')) return undefined;
  return what.kind === 'action'
    ? understandAction(scene, around, what.action)
    : understandForm(scene, around, what.action, what.values);
}

const answer = (reply: Reply): Understood => ({ kind: 'answer', reply });
const say = (tone: 'bad' | 'info', text: string): Understood => answer({ kind: 'said', tone, text });
const run = (name: string, subject: string | undefined, args: JsonObject): Understood => ({
  kind: 'do',
  command: { name: `statements.${name}`, subject, args },
});
const refusals = ({ language }: S) => statementAnswerWords(language).refusals;

// --- typed ---

async function understandText(scene: S, around: Surroundings, text: string): Promise<Understood | undefined> {
  const line = readLine(text);
  if (!line) return undefined;
  const number = readNumber(line.word);
  if (number && lettersOf(number) === STATEMENT) return show(scene, around, number);
  if (!WORDS.includes(line.word)) return undefined;
  const sub = readLine(line.rest) ?? { word: 'list', rest: '' };
  const named = readNumber(sub.word);
  if (named && lettersOf(named) === STATEMENT) return show(scene, around, named);
  if (named && [CRISIS, DRILL].includes(lettersOf(named))) return begin(scene, named, sub.rest);
  switch (sub.word) {
    case 'list':
    case '列表':
      return list(scene);
    case 'new':
    case '新建':
    case '起草':
      return begin(scene, await roomOf(scene), sub.rest);
    case 'check':
    case '核对':
      return sub.rest === '' ? openCheck(scene) : check(scene, around, sub.rest);
    case 'help':
    case '帮助':
      return say('info', statementWords(scene.language).list.usage);
    default:
      return sub.rest === '' && nearWord(sub.word, SUBCOMMANDS) ? list(scene) : beginWith(scene, line.rest);
  }
}

/** Behind `/statement`: a word that is a slip away from these is no text. */
const SUBCOMMANDS = ['list', 'new', 'check', 'help'];

/** Words alone: in a crisis' room they are its statement; elsewhere the form asks first, with them in it. */
async function beginWith(scene: S, text: string): Promise<Understood> {
  const room = await roomOf(scene);
  if (room !== undefined || [...text].length > MAX_TEXT) return begin(scene, room, text);
  const opened = await openNew(scene, undefined);
  if (opened.kind !== 'answer' || opened.reply.kind !== 'form') return opened;
  const form = withFaults(opened.reply.form, { text }, {});
  const usage = { kind: 'note' as const, text: statementWords(scene.language).list.usage };
  return answer({ ...opened.reply, form: { ...form, intro: [...form.intro, usage] } });
}

/** The crisis in whose room this was said. */
async function roomOf({ sql, inbound }: S): Promise<string | undefined> {
  return inbound.at.kind === 'channel' ? crisisInRoom(sql, inbound.platform, inbound.at.id) : undefined;
}

async function list(scene: S): Promise<Understood> {
  const crisis = await roomOf(scene);
  return answer({ kind: 'card', card: await listCard(scene.sql, scene.person, crisis, scene) });
}

/** With its text it is drafted at once; without, the form asks for it. */
async function begin(scene: S, crisis: string | undefined, text: string): Promise<Understood> {
  if (text === '') return openNew(scene, crisis);
  return run('draft', undefined, { text, ...(crisis === undefined ? {} : { crisis }) });
}

async function show(scene: S, around: Surroundings, number: string): Promise<Understood> {
  const found = await theirs(scene, number);
  if ('no' in found) return found.no;
  const place = around.placeOf(scene.world, scene.person, scene.inbound.platform);
  // no live card stands there, and WeCom cuts what is long: nobody clears what they cannot read to its end
  if (!place) return answer({ kind: 'card', card: statementCard(found.reading, { person: scene.person }, 'to-read') });
  await showAgain(scene.sql, { subject: number, to: { person: scene.person }, place, at: scene.at });
  return say('info', statementAnswerWords(scene.language).said.shown(number));
}

/** A statement that whoever asks may see. */
async function theirs(scene: S, number: string) {
  const statement = await readStatement(scene.sql, number);
  if (!statement) return { no: say('bad', refusals(scene)['unknown-statement'](number)) };
  const reading = await readingOf(scene.sql, statement, scene);
  const may = maySee(statement, reading.crisis, scene.person, scene.world);
  return may ? { reading } : { no: say('bad', refusals(scene)['not-yours']) };
}

/** Nothing but a link, also in the brackets that a chat puts around it. */
const LINK = /^<?(https?:\/\/[^\s<>|]+)(?:\|[^>]*)?>?$/u;

async function check(scene: S, around: Surroundings, raw: string): Promise<Understood> {
  const link = LINK.exec(raw.trim())?.[1];
  const found = link ? await around.linkText(link) : { text: raw };
  if ('trouble' in found) return say('bad', refusals(scene)[found.trouble]);
  if ([...found.text].length > MAX_CHECKED) return say('bad', refusals(scene)['too-long-to-check']);
  if (exactText(found.text) === '') return say('bad', refusals(scene)[link ? 'link-unreadable' : 'no-text']);
  const given = { raw: found.text, linked: link !== undefined };
  return answer({ kind: 'card', card: await checkCard(scene.sql, scene.person, given, scene) });
}

// --- pressed ---

async function understandAction(scene: S, around: Surroundings, action: ActionRef): Promise<Understood> {
  const act = action.command.slice('statements.'.length);
  const number = action.subject ?? '';
  if (act === 'new') return openNew(scene, action.with?.crisis ?? action.subject ?? (await roomOf(scene)));
  if (act === 'check') return openCheck(scene);
  if (act === 'show') return show(scene, around, number);
  const seen = { seen: action.seen ?? 0 };
  if (act === 'ask') return run('ask', number, seen);
  if (act === 'clear') return run('clear', number, { ...seen, step: action.step ?? '' });
  const found = await theirs(scene, number);
  if ('no' in found) return found.no;
  const { statement } = found.reading;
  if (action.seen !== statement.version) {
    const said = { tone: 'bad' as const, text: refusals(scene).stale };
    return answer(await withCard(said, number, scene, around));
  }
  if (act === 'correct') return openNew(scene, statement.crisis, statement);
  const ask = ASKS.find((one) => one === act);
  return ask ? openForm(scene, ask, found.reading) : say('bad', refusals(scene).unreadable);
}

async function understandForm(
  scene: S,
  around: Surroundings,
  action: ActionRef,
  values: Record<string, string>,
): Promise<Understood> {
  const act = action.command.slice('statements.'.length);
  if (act === 'check') return fillCheck(scene, action, values) ?? check(scene, around, values.text ?? '');
  if (act === 'new') return fillNew(scene, action, values);
  const ask = ASKS.find((one) => one === act);
  const found = await theirs(scene, action.subject ?? '');
  if ('no' in found) return found.no;
  return ask ? fillIn(scene, ask, found.reading, action, values) : say('bad', refusals(scene).unreadable);
}

// --- answered ---

async function replyTo(outcome: Outcome, command: Command, scene: S, around: Surroundings): Promise<Reply> {
  const after = (outcome.kind === 'done' ? outcome.after : outcome.state) as Statement | undefined;
  const text = outcome.kind === 'done' ? saidText(command, outcome, scene) : refusalText(outcome.refusal, scene);
  const said = { tone: outcome.kind === 'done' ? ('good' as const) : ('bad' as const), text };
  if (!after) return { kind: 'said', ...said };
  const { crisis } = await readingOf(scene.sql, after, scene);
  if (maySee(after, crisis, scene.person, scene.world)) return withCard(said, after.number, scene, around);
  return { kind: 'said', ...said, ...(outcome.kind === 'refused' ? { text: refusals(scene)['not-yours'] } : {}) };
}

function withCard(said: Parameters<typeof sayWithCard>[0], number: string, scene: S, around: Surroundings) {
  const draw = drawStatements(scene.sql, async () => scene.world);
  const place = around.placeOf(scene.world, scene.person, scene.inbound.platform);
  const channelLanguage = companyLanguage(scene.world.directory.company);
  return sayWithCard(said, number, scene, { draw, place, channelLanguage });
}
