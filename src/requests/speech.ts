/** What people say to a request: typed lines, buttons, forms and files become commands, or answers that change nothing. */
import { randomUUID } from 'node:crypto';
import type { ActionRef, Card } from '../core/card.ts';
import type { Inbound, Reply } from '../core/chat.ts';
import type { Scene, Talker, Understood } from '../core/intake.ts';
import type { JsonObject } from '../core/message.ts';
import { keepHome, messageAt, showAgain } from '../core/outbox.ts';
import { cleanLine, cleanParagraph } from '../core/text.ts';
import { personByAccount, personByName } from '../directory/lookup.ts';
import { findCommand } from '../processes/lookup.ts';
import type { PinnedProcess, World } from '../processes/model.ts';
import { answerWords } from '../words/request-answers.ts';
import { requestWords } from '../words/requests.ts';
import { type PlaceOf, replyTo, withCard } from './answers.ts';
import { maySee } from './cards.ts';
import { checkSubmission } from './content.ts';
import { homeCard, readingOf } from './drawer.ts';
import { ASKS, type Ask, askForm, changeForm, newForm } from './forms.ts';
import { openStep, pendingOf, type Request } from './model.ts';
import { whyCard } from './reasons.ts';
import { refusalText } from './refusals.ts';
import { openOf, readRequest } from './store.ts';
import { findNumber, type Line, readLine, readNumber, readQuick } from './typed.ts';

type S = Scene<World>;

export interface Surroundings {
  placeOf: PlaceOf;
  /** a link to one kept file, for this person, for a short time */
  filesCard(scene: S, request: Request): Promise<Card>;
}

export function requestTalker(around: Surroundings): Talker<World> {
  return {
    understand: async (scene) => {
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
    },
    reply: async (outcome, command, scene) =>
      command.name.startsWith('requests.') ? replyTo(outcome, command, scene, around.placeOf) : undefined,
  };
}

const answer = (reply: Reply): Understood => ({ kind: 'answer', reply });
const say = (tone: 'good' | 'bad' | 'info', text: string): Understood => answer({ kind: 'said', tone, text });
const run = (name: string, subject: string | undefined, args: JsonObject): Understood => ({
  kind: 'do',
  command: { name: `requests.${name}`, subject, args },
});

type Files = Extract<Inbound['what'], { kind: 'text' }>['files'];

async function understandText(
  scene: S,
  around: Surroundings,
  text: string,
  files: Files,
): Promise<Understood | undefined> {
  if (files.length > 0) return understandFiles(scene, text, files);
  const line = readLine(text);
  const w = requestWords(scene.language).help;
  if (line === undefined) return answer({ kind: 'card', card: helpCard(scene) });
  if (line.word === 'pr') return understandPr(scene, around, line);
  const process = findCommand(
    scene.world.processes.map((p) => p.process),
    line.word,
  );
  const pinned = scene.world.processes.find((p) => p.process === process);
  if (pinned) return understandProcess(scene, around, pinned, line);
  const number = readNumber(line.word);
  if (number) return showRequest(scene, around, number);
  return line.slashed ? say('bad', w.unknown(`/${line.word}`)) : answer({ kind: 'card', card: helpCard(scene) });
}

async function understandPr(scene: S, around: Surroundings, line: Line): Promise<Understood | undefined> {
  const sub = readLine(line.rest);
  switch (sub?.word) {
    case undefined:
    case 'help':
    case '帮助':
      return answer({ kind: 'card', card: helpCard(scene) });
    case 'list':
    case '列表':
      return answer({ kind: 'card', card: await homeCard(scene.sql, scene.person, scene.world, scene.language) });
    case 'why':
    case '为什么':
      return why(scene, readNumber(sub.rest) ?? sub.rest);
    case 'show':
    case '查看':
      return showRequest(scene, around, readNumber(sub.rest) ?? sub.rest);
    default:
      return readNumber(sub?.word ?? '') ? showRequest(scene, around, readNumber(sub?.word ?? '') ?? '') : undefined;
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
  const raw = readQuick(pinned.process, line.rest, directory.company.currency);
  const w = requestWords(scene.language).forms;
  const filling = { pinned, raw, faults: {}, requester: scene.person, directory, language: scene.language };
  if (line.rest === '') return answer({ kind: 'form', form: newForm(filling), say: w.sent });
  const named = resolvePeople(pinned, raw, scene);
  const checked = checkSubmission(pinned, named, scene.person, scene.world);
  if ('faults' in checked) {
    return answer({
      kind: 'faults',
      form: newForm({ ...filling, raw: named, faults: checked.faults }),
      say: w.checkFaults,
    });
  }
  return run('submit', undefined, { process: pinned.process.id, values: named });
}

/** A person field holds an account (picker) or a name (typed); what is unknown stays as typed and is refused at its field. */
function resolvePeople(pinned: PinnedProcess, raw: Record<string, string>, scene: S): Record<string, string> {
  const people = new Set(pinned.process.form.filter((field) => field.type === 'person').map((field) => field.id));
  return Object.fromEntries(
    Object.entries(raw).map(([id, text]) => [id, people.has(id) ? personIn(text, scene) : text]),
  );
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
  if (!mayDo(request, scene.person)) return refused('not-yours', {}, request, scene);
  if (act === 'files') return answer({ kind: 'card', card: await around.filesCard(scene, request) });
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
  const early = tooLate(ask, request, action, scene.person);
  if (early) {
    const text = refusalText(early.code, early.facts, request, scene);
    return answer(await withCard(text, 'bad', request, scene, around.placeOf));
  }
  const { process } = await readingOf(scene.sql, request, scene.world, scene.language);
  return answer({ kind: 'form', form: askForm(ask, request, process, action, scene.language), say: w.sent });
}

function tooLate(
  ask: Ask,
  request: Request,
  action: ActionRef,
  person: string,
): { code: string; facts: JsonObject } | undefined {
  if (ask === 'comment' || ask === 'copy') return undefined;
  const step = openStep(request);
  if (!step)
    return {
      code: 'already-decided',
      facts: { by: request.ended?.by ?? '', at: request.endedAt ?? '', outcome: request.state },
    };
  if (action.seen !== request.submission) return { code: 'stale', facts: {} };
  if (pendingOf(step).some((signer) => signer.person === person)) return undefined;
  return { code: 'not-your-turn', facts: { waiting: pendingOf(step).map((signer) => signer.person) } };
}

async function openChanges(scene: S, request: Request): Promise<Understood> {
  if (request.requester !== scene.person)
    return refused('only-requester', { requester: request.requester }, request, scene);
  if (request.state !== 'returned') return refused('not-returned', { outcome: request.state }, request, scene);
  const pinned = scene.world.processes.find((p) => p.process.id === request.process);
  if (!pinned) return refused('unreadable', {}, request, scene);
  const { directory } = scene.world;
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
  files: Files,
): Promise<Understood> {
  const act = action.command.slice('requests.'.length);
  if (act === 'preview' || act === 'submit' || act === 'resubmit')
    return understandContent(scene, act, action, values, files);
  if (act === 'attach') return attachFrom(action, values);
  const text = (id: string) => cleanParagraph(values[id] ?? '', 1000);
  const to = personIn(values.to ?? '', scene);
  const args: JsonObject = {
    ...seenIn(action),
    reason: text('reason'),
    text: text('text'),
    to,
    place: values.place ?? 'after',
  };
  return run(act, action.subject, args);
}

async function understandContent(
  scene: S,
  act: string,
  action: ActionRef,
  values: Record<string, string>,
  sent: Files,
): Promise<Understood> {
  const { world, language } = scene;
  const number = action.subject ?? action.with?.number;
  const request = number ? await readRequest(scene.sql, number) : undefined;
  const process = action.with?.process ?? request?.process;
  const pinned = world.processes.find((p) => p.process.id === process);
  if (!pinned || (number && !request)) return refused('unreadable', {}, undefined, scene);
  const raw = resolvePeople(pinned, values, scene);
  const files = sent.map((file) => ({
    id: randomUUID(),
    original: cleanLine(file.name, 200) || 'file',
    ref: file.ref,
  }));
  if (act === 'submit') return run('submit', undefined, { process: pinned.process.id, values: raw, files });
  if (act === 'resubmit') return run('resubmit', number, { values: raw, files, ...seenIn(action) });
  const filling = { pinned, raw, faults: {}, requester: scene.person, directory: world.directory, language };
  const form = request ? changeForm(request, filling) : newForm(filling);
  return answer({ kind: 'form', form, say: '' });
}

async function understandFiles(scene: S, text: string, files: Files): Promise<Understood> {
  const w = requestWords(scene.language).files;
  const named = findNumber(text) ?? (await subjectOfMessage(scene));
  const own = named ? [named] : await openOf(scene.sql, scene.person);
  const [first] = own;
  if (first === undefined) return say('bad', w.none);
  const [file] = files;
  if (own.length > 1 || !file) return answer({ kind: 'form', form: whichForm(scene, files, own), say: w.which });
  return run('attach', first, { id: randomUUID(), original: cleanLine(file.name, 200) || 'file', ref: file.ref });
}

async function subjectOfMessage({ sql, inbound }: S): Promise<string | undefined> {
  return inbound.message ? (await messageAt(sql, inbound.platform, inbound.message))?.subject : undefined;
}

/** Several requests could be meant: the person chooses; the file's reference travels in the form's own action. */
function whichForm(scene: S, files: Files, numbers: string[]) {
  const w = requestWords(scene.language);
  const file = files[0];
  return {
    title: w.buttons.files,
    intro: [{ kind: 'text' as const, text: w.files.which }],
    fields: [
      {
        id: 'request',
        type: 'choice' as const,
        label: w.files.field,
        required: true,
        options: numbers.map((number) => ({ value: number, label: number })),
      },
    ],
    submit: w.files.attach,
    cancel: w.forms.cancel,
    action: {
      command: 'requests.attach',
      with: { ...prefixed(file?.ref ?? {}), original: cleanLine(file?.name ?? 'file', 200) },
    },
  };
}

const prefixed = (ref: Record<string, string>) =>
  Object.fromEntries(Object.entries(ref).map(([key, value]) => [`ref.${key}`, value]));

function attachFrom(action: ActionRef, values: Record<string, string>): Understood {
  const ref = Object.fromEntries(
    Object.entries(action.with ?? {}).flatMap(([key, value]) =>
      key.startsWith('ref.') ? [[key.slice(4), value]] : [],
    ),
  );
  return run('attach', values.request ?? '', { id: randomUUID(), original: action.with?.original ?? 'file', ref });
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

function helpCard({ world, language }: S): Card {
  const w = requestWords(language).help;
  const examples: Record<string, string> = { zh: '3.2万 春季促销物料', en: '3.2万 spring material' };
  const commands = world.processes.flatMap(({ process }) => [
    w.command(process.command, process.title[language], process.quick.length > 0 ? (examples[language] ?? '') : ''),
    w.show(process.command),
  ]);
  const text = [...commands, ...w.lines].join('\n');
  return {
    headline: w.title,
    tone: 'muted',
    summary: w.title,
    blocks: [
      { kind: 'text', text },
      { kind: 'note', text: w.hint },
    ],
  };
}
