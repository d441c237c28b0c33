/** What people are told when their act is done or refused: one sentence, the card as it is now, the form with its faults. */
import { randomUUID } from 'node:crypto';
import { showTime } from '../core/calendar.ts';
import type { Inbound, Reply } from '../core/chat.ts';
import { closedCard } from '../core/closed.ts';
import type { Outcome } from '../core/handle.ts';
import type { Scene } from '../core/intake.ts';
import type { Command, JsonObject } from '../core/message.ts';
import { messageAt, showAgain } from '../core/outbox.ts';
import { isRedrawn } from '../core/pressed.ts';
import { companyLanguage, type Place } from '../directory/lookup.ts';
import type { World } from '../processes/model.ts';
import { ratifyWords } from '../words/ratify.ts';
import { answerWords } from '../words/request-answers.ts';
import { requestWords } from '../words/requests.ts';
import { amountText, type Reading, requestCard } from './cards.ts';
import { readingOf } from './drawer.ts';
import { editionFor } from './edition.ts';
import { whyUrgent } from './emergency.ts';
import { changeForm, newForm } from './forms.ts';
import { openStep, pendingOf, type Request, type RequestEvent } from './model.ts';
import { atItsRates } from './ratify.ts';
import { refusalText } from './refusals.ts';

type S = Scene<World>;

/** Where this person's card of a request stands: in their own direct chat on the platform that they speak on. */
export type PlaceOf = (world: World, person: string, platform: Inbound['platform']) => Place | undefined;

export async function replyTo(outcome: Outcome, command: Command, scene: S, placeOf: PlaceOf): Promise<Reply> {
  if (outcome.kind === 'refused') return replyToRefusal(outcome, command, scene, placeOf);
  const request = outcome.after as Request;
  const text = await saidText(command, request, outcome, scene);
  return withCard(text, 'good', request, scene, placeOf);
}

async function replyToRefusal(
  outcome: Extract<Outcome, { kind: 'refused' }>,
  command: Command,
  scene: S,
  placeOf: PlaceOf,
): Promise<Reply> {
  const { code, facts } = outcome.refusal;
  const request = outcome.state as Request | undefined;
  if (code === 'badly-filled') return faultsForm(facts, command, request, scene);
  const text = refusalText(code, facts, request, scene);
  if (!request?.parties.includes(scene.person)) return { kind: 'said', tone: 'bad', text };
  return withCard(text, 'bad', request, scene, placeOf);
}

async function faultsForm(facts: JsonObject, command: Command, request: Request | undefined, scene: S): Promise<Reply> {
  const { world, language } = scene;
  const today = world.processes.find((p) => p.process.id === String(command.args.process));
  const pinned = request ? await editionFor(request, world) : today;
  const w = requestWords(language).forms;
  if (!pinned) return { kind: 'said', tone: 'bad', text: answerWords(language).refusals.unreadable };
  const raw = command.args.values as Record<string, string>;
  const faults = facts.faults as Record<string, JsonObject>;
  // a line that was typed has no form yet: the one that it gets counts once like any other
  const { once = randomUUID(), crisis } = command.args;
  const { directory } = request ? atItsRates(request, world) : world;
  const filling = {
    pinned,
    raw,
    faults,
    requester: scene.person,
    directory,
    language,
    once: typeof once === 'string' ? once : undefined,
    crisis: typeof crisis === 'string' ? crisis : undefined,
  };
  return { kind: 'faults', form: request ? changeForm(request, filling) : newForm(filling), say: w.checkFaults };
}

/** The pressed card as it is now; where the pressed message is none of ours (a doubled post, an old one), a live one is sent. */
export async function withCard(
  text: string,
  tone: 'good' | 'bad',
  request: Request,
  scene: S,
  placeOf: PlaceOf,
): Promise<Reply> {
  const { inbound, world } = scene;
  if (inbound.what.kind !== 'action' || !inbound.message) return { kind: 'said', tone, text };
  const [message, reading] = await Promise.all([
    scene.pressed ?? messageAt(scene.sql, inbound.platform, inbound.message),
    isRedrawn(inbound.platform) ? readingOf(scene.sql, request, world, scene.language) : undefined,
  ]);
  if (message?.kind === 'card' && message.subject === request.number) {
    if (!reading) return { kind: 'said', tone, text };
    const language = 'person' in message.audience ? scene.language : companyLanguage(world.directory.company);
    const card = message.moved
      ? closedCard(request.number, 'moved', language)
      : requestCard({ ...reading, language }, message.audience);
    return { kind: 'said', tone, text, card };
  }
  const place = placeOf(world, scene.person, inbound.platform);
  if (place && !message)
    await showAgain(scene.sql, { subject: request.number, to: { person: scene.person }, place, at: scene.at });
  return { kind: 'said', tone, text };
}

async function saidText(
  command: Command,
  request: Request,
  outcome: Extract<Outcome, { kind: 'done' }>,
  scene: S,
): Promise<string> {
  const { world, language } = scene;
  const w = requestWords(language);
  const r = ratifyWords(language);
  const said = { ...answerWords(language).said, ...(request.executed ? spentSaid(r.said) : {}) };
  const name = (id: unknown) => world.directory.people.get(String(id))?.name ?? String(id);
  const step = openStep(request);
  const waiting = step ? w.names(pendingOf(step).map((signer) => name(signer.person))) : '';
  const { number } = request;
  switch (command.name.slice('requests.'.length)) {
    case 'submit':
    case 'resubmit': {
      const reading = await readingOf(scene.sql, request, world, language);
      const inCrisis = crisisSaid(command, reading, waiting);
      if (inCrisis) return inCrisis;
      return step ? said.submitted(number, amountText(reading), waiting) : said.submittedApproved(number);
    }
    case 'approve':
      return step ? said.approvedStep(number, waiting) : said.approvedAll(number);
    case 'reject':
      return said.rejected(number);
    case 'return':
      return said.returned(number);
    case 'withdraw':
      return said.withdrawn(number);
    case 'comment':
      return said.commented(number);
    case 'copy':
      return said.copied(name(command.args.to), number);
    case 'urge':
      return said.urged(waiting);
    case 'hand-over':
      return said.handedOver(name(command.args.to));
    case 'add-signer':
      return said.added(name(command.args.to));
    case 'attach': {
      const names = (outcome.events as RequestEvent[]).flatMap((e) =>
        e.type === 'file-attached' ? [e.data.name] : [],
      );
      return said.attached(w.names(names), number);
    }
    default:
      return showTime(scene.at, world.directory.company.timezone, language);
  }
}

type RatifySaid = ReturnType<typeof ratifyWords>['said'];

/** What is spent already is not approved any more, it is ratified. */
const spentSaid = ({ approvedStep, approvedAll, rejected, returned }: RatifySaid) => ({
  approvedStep,
  approvedAll,
  rejected,
  returned,
});

/** Whether the money may be spent now is what matters most; undefined: nothing of a crisis is in it. */
function crisisSaid(command: Command, reading: Reading, waiting: string): string | undefined {
  const { request, directory, language } = reading;
  const { number, executed, urgent, held } = request;
  const { said } = ratifyWords(language);
  if (executed) {
    const due = showTime(new Date(executed.due), directory.company.timezone, language);
    if (command.name === 'requests.resubmit') return said.resubmitted(number, due, waiting);
    return said.executed(number, amountText(reading), executed.crisis, due, waiting);
  }
  if (held) return said.held(number, held.crisis);
  if (!urgent) return undefined;
  const why = whyUrgent(urgent, directory, language);
  return said.urgent(number, amountText(reading), urgent.crisis, why, waiting);
}
