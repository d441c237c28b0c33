import { randomUUID } from 'node:crypto';
import type { ActionRef, Card } from '../core/card.ts';
import type { InboundFile, Reply } from '../core/chat.ts';
import type { Scene, Talker, Understood } from '../core/intake.ts';
import { type Line, readLine } from '../core/line.ts';
import type { JsonObject, Refusal } from '../core/message.ts';
import { readNumber } from '../core/number.ts';
import { keepHome, messageAt, showAgain } from '../core/outbox.ts';
import { cleanLine, cleanParagraph } from '../core/text.ts';
import { personByAccount, personByName } from '../directory/lookup.ts';
import { sentFile } from '../files/sent.ts';
import { findCommand } from '../processes/lookup.ts';
import type { PinnedProcess, World } from '../processes/model.ts';
import { answerWords } from '../words/request-answers.ts';
import { requestWords } from '../words/requests.ts';
import { type PlaceOf, replyTo, withCard } from './answers.ts';
import { maySee } from './cards.ts';
import { checkSubmission } from './content.ts';
import { readingOf } from './drawer.ts';
import { editionFor } from './edition.ts';
import { ASKS, type Ask, askForm, changeForm, leftBlank, newForm } from './forms.ts';
import { helpCard, unknownText } from './help.ts';
import { awaitsPapers, type Request } from './model.ts';
import { atItsRates, papersRefusal } from './ratify.ts';
import { whyCard } from './reasons.ts';
import { refusalText } from './refusals.ts';
import { attachFrom, understandFiles } from './sent-files.ts';
import { readRequest } from './store.ts';
import { turnOf, turnOnward } from './turns.ts';
import { readQuick } from './typed.ts';

type S = Scene<World>;

export interface Surroundings {
  placeOf: PlaceOf;
  /** a link to one kept file, for this person, for a short time */
  filesCard(scene: S, subject: string): Promise<Card>;
  /** what waits for this person, of every kind */
  homeCard(scene: S): Promise<Card>;
}

export function requestTalker(around: Surroundings): Talker<World> {
  return {
    understand: (scene) => understand(scene, around),
    reply: async (outcome, command, scene) =>
      command.name.startsWith('requests.') ? replyTo(outcome, command, scene, around.placeOf) : undefined,
  };
}

async function understand(scene: S, around: Surroundings): Promise<Understood | undefined> {
  const { what } = scene.inbound;
  switch (what.kind) {
    case 'text':
      return understandText(scene, around, what.text, what.files);
    case 'action':
      return what.action.command.startsWith('requests.') ? understandAction(scene, around, what.action) : undefined;
    case 'form':
      return what.action.command.startsWith('requests.')
        ? understandForm(scene, what.action, what.values, Object.values(what.files).flat())
        : undefined;
    case 'quote':
      return undefined;
    case 'home':
      await keepHome(scene.sql, {
        ...scene.inbound,
        account: scene.inbound.from.account,
        person: scene.person,
        at: scene.at,
      });
      return answer({ kind: 'nothing' });
    default:
      return what satisfies never;
  }
}

const answer = (reply: Reply): Understood => ({ kind: 'answer', reply });
const say = (tone: 'good' | 'bad' | 'info', text: string): Understood => answer({ kind: 'said', tone, text });
const run = (name: string, subject: string | undefined, args: JsonObject): Understood => ({
  kind: 'do',
  command: { name: `requests.${name}`, subject, args },
});

const help = (scene: S): Understood => answer({ kind: 'card', card: helpCard(scene) });

async function understandText(
  scene: S,
  around: Surroundings,
  text: string,
  files: InboundFile[],
): Promise<Understood | undefined> {
  if (files.length > 0) return understandFiles(scene, text, files);
  const line = readLine(text);
  if (line === undefined) return help(scene);
  if (line.word === 'pr') return understandPr(scene, around, line);
  const process = findCommand(
    scene.world.processes.map((p) => p.process),
    line.word,
  );
  const pinned = scene.world.processes.find((p) => p.process === process);
  if (pinned) return understandProcess(scene, around, pinned, line);
  const number = readNumber(line.word);
  if (number) return showRequest(scene, around, number);
  return line.slashed ? say('bad', unknownText(line, scene)) : help(scene);
}

async function understandPr(scene: S, around: Surroundings, line: Line): Promise<Understood> {
  const sub = readLine(line.rest);
  if (sub === undefined) return help(scene);
  switch (sub.word) {
    case 'help':
    case '帮助':
      return help(scene);
    case 'list':
    case '列表':
      return answer({ kind: 'card', card: await around.homeCard(scene) });
    case 'why':
    case '为什么':
      return sub.rest === '' ? help(scene) : why(scene, readNumber(sub.rest) ?? sub.rest);
    case 'show':
    case '查看':
      return sub.rest === '' ? help(scene) : showRequest(scene, around, readNumber(sub.rest) ?? sub.rest);
    default: {
      const number = readNumber(sub.word);
      if (number) return showRequest(scene, around, number);
      return say('bad', unknownText(sub, scene, 'pr '));
    }
  }
}

async function understandProcess(
  scene: S,
  around: Surroundings,
  pinned: PinnedProcess,
  line: Line,
): Promise<Understood> {
  const number = readNumber(line.rest);
  if (number) return showRequest(scene, around, number);
  const { directory } = scene.world;
  const { raw, doubts, crisis } = readQuick(pinned.process, line.rest, directory.company.currency);
  const w = requestWords(scene.language).forms;
  const { language } = scene;
  const filling = { pinned, raw, faults: {}, requester: scene.person, directory, language, once: randomUUID(), crisis };
  const empty = line.rest === '' || (crisis !== undefined && Object.keys(raw).length === 0);
  if (empty) return answer({ kind: 'form', form: newForm(filling), say: w.sent });
  const named = resolvePeople(pinned, raw, scene);
  const checked = checkSubmission(pinned, named, scene.person, scene.world);
  const faults = {
    ...('faults' in checked ? checked.faults : {}),
    ...(doubts as unknown as Record<string, JsonObject>),
  };
  if (Object.keys(faults).length === 0) {
    const args = { process: pinned.process.id, values: named };
    return run('submit', undefined, crisis === undefined ? args : { ...args, crisis });
  }
  return answer({ kind: 'faults', form: newForm({ ...filling, raw: named, faults }), say: w.checkFaults });
}

/** A person field holds an account (picker) or a name (typed); what is unknown stays as typed and is refused at its field. */
function resolvePeople(pinned: PinnedProcess, raw: Record<string, string>, scene: S): Record<string, string> {
  const types = new Map(pinned.process.form.map((field) => [field.id, field.type]));
  return Object.fromEntries(
    Object.entries(raw).map(([id, text]) => [
      id,
      types.get(id) === 'person' ? personIn(text, scene) : named(text, scene),
    ]),
  );
}

/** An account means something on its own platform only: who is mentioned in a text stands there by name. */
function named(text: string, { world, inbound }: S): string {
  return text.replace(/<@([^<>|\s]{1,100})>/g, (mention, account: string) => {
    const person = personByAccount(world.directory, inbound.platform, account);
    return person ? `@${person.name}` : mention;
  });
}

function personIn(text: string, { world, inbound }: S): string {
  const byAccount = personByAccount(world.directory, inbound.platform, text);
  if (byAccount) return byAccount.id;
  const named = personByName(world.directory, text, inbound.platform);
  return named.length === 1 && named[0] ? named[0].id : text;
}

async function understandAction(scene: S, around: Surroundings, action: ActionRef): Promise<Understood> {
  const act = action.command.slice('requests.'.length);
  const number = action.subject ?? '';
  if (act === 'show') return showRequest(scene, around, number);
  if (act === 'why') return why(scene, number);
  if (act === 'approve') return run('approve', number, seenIn(action));
  if (act === 'withdraw' || act === 'urge') return run(act, number, {});
  const asks = ASKS.find((ask) => ask === act);
  if (!asks && act !== 'resubmit' && act !== 'files')
    return say('bad', answerWords(scene.language).refusals.unreadable);
  const request = await readRequest(scene.sql, number);
  if (!request) return refused('unknown-request', { number }, undefined, scene);
  const may = act === 'files' ? maySee(request, scene.person, scene.world) : mayDo(request, scene.person);
  if (!may) return refused('not-yours', {}, request, scene);
  if (act === 'files') return answer({ kind: 'card', card: await around.filesCard(scene, number) });
  return asks ? openAsk(scene, around, asks, request, action) : openChanges(scene, request);
}

/** A form opens only for whoever could send it off: the same rules decide, so nobody writes a reason in vain. */
async function openAsk(
  scene: S,
  around: Surroundings,
  ask: Ask,
  request: Request,
  action: ActionRef,
): Promise<Understood> {
  const w = requestWords(scene.language).forms;
  const early = tooLate(ask, request, action, scene);
  if (early) {
    const text = refusalText(early.code, early.facts, request, scene);
    return answer(await withCard(text, 'bad', request, scene, around.placeOf));
  }
  const { process } = await readingOf(scene.sql, request, scene.world, scene.language);
  const fresh = { ...action, with: { ...action.with, once: randomUUID() } };
  return answer({ kind: 'form', form: askForm(ask, request, process, fresh, scene.language), say: w.sent });
}

function tooLate(ask: Ask, request: Request, action: ActionRef, { person, inbound, world }: S): Refusal | undefined {
  if (ask === 'comment' || ask === 'copy') return undefined;
  if (ask === 'reject' && awaitsPapers(request))
    return papersRefusal(request, action.seen, person, world.directory)?.refusal;
  const mine = ask === 'reject' || ask === 'return' ? turnOf : turnOnward;
  const turn = mine(request, action, { kind: 'person', id: person, platform: inbound.platform });
  return 'refusal' in turn ? turn.refusal : undefined;
}

async function openChanges(scene: S, request: Request): Promise<Understood> {
  if (request.requester !== scene.person)
    return refused('only-requester', { requester: request.requester }, request, scene);
  if (request.state !== 'returned') return refused('not-returned', { outcome: request.state }, request, scene);
  const pinned = await editionFor(request, scene.world);
  if (!pinned) return refused('unreadable', {}, request, scene);
  const { directory } = atItsRates(request, scene.world);
  const form = changeForm(request, {
    pinned,
    faults: {},
    requester: scene.person,
    directory,
    language: scene.language,
  });
  return answer({ kind: 'form', form, say: requestWords(scene.language).forms.sent });
}

async function understandForm(
  scene: S,
  action: ActionRef,
  values: Record<string, string>,
  files: InboundFile[],
): Promise<Understood> {
  const act = action.command.slice('requests.'.length);
  if (act === 'preview' || act === 'submit' || act === 'resubmit')
    return understandContent(scene, act, action, values, files);
  if (act === 'attach') return attachFrom(action, values);
  const ask = ASKS.find((one) => one === act);
  const blank = ask && (await askAgain(ask, scene, action, values));
  if (blank) return blank;
  const text = (id: string) => cleanParagraph(values[id] ?? '', 1000);
  const to = personIn(values.to ?? '', scene);
  const args: JsonObject = {
    ...seenIn(action),
    reason: text('reason'),
    text: text('text'),
    to,
    place: values.place ?? 'after',
  };
  return onceOnly(run(act, action.subject, args), action);
}

/** A form that is sent again, because the first answer was slow to come, is still one act. */
function onceOnly(understood: Understood, action: ActionRef): Understood {
  const once = action.with?.once;
  return understood.kind === 'do' && once ? { ...understood, once } : understood;
}

/** A word that is needed was not given (spaces are none): the form once more, and nothing is done. */
async function askAgain(
  ask: Ask,
  scene: S,
  action: ActionRef,
  values: Record<string, string>,
): Promise<Understood | undefined> {
  const request = await readRequest(scene.sql, action.subject ?? '');
  if (!request || !mayDo(request, scene.person)) return undefined;
  const { process } = await readingOf(scene.sql, request, scene.world, scene.language);
  const form = leftBlank(askForm(ask, request, process, action, scene.language), values, scene.language);
  return form && answer({ kind: 'faults', form, say: requestWords(scene.language).forms.checkFaults });
}

async function understandContent(
  scene: S,
  act: string,
  action: ActionRef,
  values: Record<string, string>,
  sent: InboundFile[],
): Promise<Understood> {
  const { world, language } = scene;
  const number = action.subject ?? action.with?.number;
  const request = number ? await readRequest(scene.sql, number) : undefined;
  const today = world.processes.find((p) => p.process.id === action.with?.process);
  const pinned = request ? await editionFor(request, world) : today;
  if (!pinned || (number && !request)) return refused('unreadable', {}, undefined, scene);
  if (request && !mayDo(request, scene.person)) return refused('not-yours', {}, request, scene);
  const raw = resolvePeople(pinned, values, scene);
  const files = sent.map(sentFile);
  const { once } = action.with ?? {};
  const crisis = action.with?.crisis === undefined ? undefined : cleanLine(action.with.crisis, 40);
  if (act === 'submit') {
    const carried = { ...(once ? { once } : {}), ...(crisis === undefined ? {} : { crisis }) };
    const args = { process: pinned.process.id, values: raw, files, ...carried };
    return onceOnly(run('submit', undefined, args), action);
  }
  if (act === 'resubmit') return run('resubmit', number, { values: raw, files, ...seenIn(action) });
  const { directory } = request ? atItsRates(request, world) : world;
  const filling = { pinned, raw, faults: {}, requester: scene.person, directory, language, once, crisis };
  const form = request ? changeForm(request, filling) : newForm(filling);
  return answer({ kind: 'form', form, say: '' });
}

function seenIn(action: ActionRef): JsonObject {
  return { ...(action.step ? { step: action.step } : {}), ...(action.seen === undefined ? {} : { seen: action.seen }) };
}

function mayDo(request: Request, person: string): boolean {
  return request.parties.includes(person);
}

async function showRequest(scene: S, around: Surroundings, number: string): Promise<Understood> {
  const request = await readRequest(scene.sql, number);
  if (!request) return refused('unknown-request', { number }, undefined, scene);
  if (!maySee(request, scene.person, scene.world)) return refused('not-yours', {}, request, scene);
  const place = around.placeOf(scene.world, scene.person, scene.inbound.platform);
  if (!place) return refused('unreadable', {}, request, scene);
  await showAgain(scene.sql, { subject: number, to: { person: scene.person }, place, at: scene.at });
  return say('info', answerWords(scene.language).said.shown(number));
}

async function why(scene: S, number: string): Promise<Understood> {
  const request = await readRequest(scene.sql, number);
  if (!request) return refused('unknown-request', { number }, undefined, scene);
  if (!maySee(request, scene.person, scene.world) && !(await seesInChannel(scene, number))) {
    return refused('not-yours', {}, request, scene);
  }
  return answer({ kind: 'card', card: whyCard(await readingOf(scene.sql, request, scene.world, scene.language)) });
}

/** Whoever presses on a channel's card has it before their eyes. */
async function seesInChannel({ sql, inbound }: S, number: string): Promise<boolean> {
  const message = inbound.message && (await messageAt(sql, inbound.platform, inbound.message));
  return message?.subject === number && 'channel' in message.audience;
}

async function refused(code: string, facts: JsonObject, request: Request | undefined, scene: S): Promise<Understood> {
  return say('bad', refusalText(code, facts, request, scene));
}
