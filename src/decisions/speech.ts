/** How people talk of decisions: `/decisions mine`, `DM-2026-0012`, the buttons of its card, a file sent with its number. */
import { randomUUID } from 'node:crypto';
import { LocalDate, showDate } from '../core/calendar.ts';
import type { ActionRef, Card } from '../core/card.ts';
import type { InboundFile, Reply } from '../core/chat.ts';
import type { Outcome } from '../core/handle.ts';
import type { Scene, Talker, Understood } from '../core/intake.ts';
import { readLine } from '../core/line.ts';
import type { Command, JsonObject } from '../core/message.ts';
import type { Place } from '../core/module.ts';
import { lettersOf, readNumber } from '../core/number.ts';
import { showAgain } from '../core/outbox.ts';
import { sayWithCard } from '../core/pressed.ts';
import { cleanParagraph } from '../core/text.ts';
import { companyLanguage, personByAccount, personByName } from '../directory/lookup.ts';
import { attachTo, sentFile, subjectOfFiles } from '../files/sent.ts';
import type { World } from '../processes/model.ts';
import { decisionWords, wordsOf } from '../words/decisions.ts';
import { fileWords } from '../words/files.ts';
import { decisionCard, maySee } from './cards.ts';
import { drawDecisions, listCard, readingOf } from './drawer.ts';
import { ASKS, type Ask, askForm, withFaults } from './forms.ts';
import type { DecisionEvent, DecisionTaken } from './model.ts';
import { readDecision } from './store.ts';

type S = Scene<World>;

export interface Surroundings {
  placeOf(world: World, person: string, platform: S['inbound']['platform']): Place | undefined;
  filesCard(scene: S, subject: string): Promise<Card>;
}

export const LETTERS = 'DM';
const WORDS = ['decisions', 'decision', '决议'];

export function decisionTalker(around: Surroundings): Talker<World> {
  return {
    understand: (scene) => understand(scene, around),
    reply: async (outcome, command, scene) =>
      command.name.startsWith('decisions.') ? replyTo(outcome, command, scene, around) : undefined,
  };
}

async function understand(scene: S, around: Surroundings): Promise<Understood | undefined> {
  const { what } = scene.inbound;
  switch (what.kind) {
    case 'text':
      return what.files.length > 0
        ? understandFiles(scene, what.text, what.files)
        : understandText(scene, around, what.text);
    case 'action':
      return what.action.command.startsWith('decisions.') ? understandAction(scene, around, what.action) : undefined;
    case 'form':
      return what.action.command.startsWith('decisions.')
        ? understandForm(scene, what.action, what.values, Object.values(what.files).flat())
        : undefined;
    case 'quote':
      return undefined;
    case 'home':
      return undefined;
    default:
      return what satisfies never;
  }
}

const answer = (reply: Reply): Understood => ({ kind: 'answer', reply });
const say = (tone: 'good' | 'bad' | 'info', text: string): Understood => answer({ kind: 'said', tone, text });
const run = (name: string, subject: string, args: JsonObject, once?: string): Understood => ({
  kind: 'do',
  command: { name: `decisions.${name}`, subject, args },
  ...(once ? { once } : {}),
});
const refused = (code: keyof ReturnType<typeof decisionWords>['refusals'], scene: S, number = ''): Understood => {
  const text = decisionWords(scene.language).refusals[code] as string | ((number: string) => string);
  return say('bad', typeof text === 'function' ? text(number) : text);
};

async function understandFiles(scene: S, text: string, files: InboundFile[]): Promise<Understood | undefined> {
  const subject = await subjectOfFiles(scene, text);
  return subject && lettersOf(subject) === LETTERS ? attachTo('decisions', subject, files.map(sentFile)) : undefined;
}

async function understandText(scene: S, around: Surroundings, text: string): Promise<Understood | undefined> {
  const line = readLine(text);
  if (!line) return undefined;
  const number = readNumber(line.word);
  if (number && lettersOf(number) === LETTERS) return show(scene, around, number);
  if (!WORDS.includes(line.word)) return undefined;
  const rest = readLine(line.rest);
  const named = rest && readNumber(rest.word);
  if (named) return show(scene, around, named);
  const scope = rest && ['mine', 'my', '我', '我的'].includes(rest.word) ? 'mine' : 'all';
  const { directory } = scene.world;
  const shown = { directory, language: scene.language, at: scene.at };
  return answer({ kind: 'card', card: await listCard(scene.sql, scene.person, scope, shown) });
}

async function show(scene: S, around: Surroundings, number: string): Promise<Understood> {
  const decision = await readDecision(scene.sql, number);
  if (!decision) return refused('unknown-decision', scene, number);
  if (!maySee(decision, scene.person, scene.world)) return refused('not-yours', scene);
  const place = around.placeOf(scene.world, scene.person, scene.inbound.platform);
  if (!place) {
    const reading = await readingOf(scene.sql, decision, scene.world, scene.language, scene.at);
    return answer({ kind: 'card', card: decisionCard(reading, { person: scene.person }) });
  }
  await showAgain(scene.sql, { subject: number, to: { person: scene.person }, place, at: scene.at });
  return say('info', decisionWords(scene.language).said.shown(number));
}

async function understandAction(scene: S, around: Surroundings, action: ActionRef): Promise<Understood> {
  const act = action.command.slice('decisions.'.length);
  const number = action.subject ?? '';
  if (act === 'show') return show(scene, around, number);
  if (act === 'accept') return run('accept', number, action.seen === undefined ? {} : { seen: action.seen });
  const decision = await readDecision(scene.sql, number);
  if (!decision) return refused('unknown-decision', scene, number);
  if (!maySee(decision, scene.person, scene.world)) return refused('not-yours', scene);
  if (act === 'files') return answer({ kind: 'card', card: await around.filesCard(scene, number) });
  const ask = ASKS.find((one) => one === act);
  if (!ask) return refused('unreadable', scene);
  if (action.seen !== undefined && action.seen !== decision.version) {
    const said = { tone: 'bad' as const, text: decisionWords(scene.language).refusals.stale };
    return answer(await withCard(said, number, scene, around));
  }
  const { version: seen } = decision;
  const form = askForm(ask, decision, { ...action, seen, with: { once: randomUUID() } }, scene.language);
  return answer({ kind: 'form', form, say: decisionWords(scene.language).forms.sent });
}

async function understandForm(
  scene: S,
  action: ActionRef,
  values: Record<string, string>,
  files: InboundFile[],
): Promise<Understood> {
  const ask = ASKS.find((one) => one === action.command.slice('decisions.'.length));
  const number = action.subject ?? '';
  const decision = ask && (await readDecision(scene.sql, number));
  if (!ask || !decision) return refused('unreadable', scene);
  const faults = faultsIn(ask, values, scene);
  if (Object.keys(faults).length > 0) {
    const form = withFaults(askForm(ask, decision, action, scene.language), values, faults);
    return answer({ kind: 'faults', form, say: decisionWords(scene.language).forms.check });
  }
  const seen = action.seen === undefined ? {} : { seen: action.seen };
  return run(ask, number, { ...argsOf(ask, values, files, scene), ...seen }, action.with?.once);
}

function argsOf(ask: Ask, values: Record<string, string>, files: InboundFile[], scene: S): JsonObject {
  const text = (id: string) => cleanParagraph(values[id] ?? '', 1000);
  switch (ask) {
    case 'decline':
    case 'reopen':
      return { reason: text('reason') };
    case 'done':
      return {
        word: text('word'),
        ...(files.length > 0 ? { files: files.map(sentFile) as unknown as JsonObject[] } : {}),
      };
    case 'ask-extension':
    case 'extend':
      return { to: values.to ?? '', reason: text('reason') };
    case 'assign':
      return { to: personIn(values.person ?? '', scene) ?? '', ...(text('reason') ? { reason: text('reason') } : {}) };
    default:
      return ask satisfies never;
  }
}

function faultsIn(ask: Ask, values: Record<string, string>, scene: S): Record<string, string> {
  const w = decisionWords(scene.language);
  const faults: Record<string, string> = {};
  const needed: Partial<Record<Ask, string>> = {
    decline: 'reason',
    reopen: 'reason',
    'ask-extension': 'reason',
    extend: 'reason',
  };
  const field = needed[ask];
  if (field && cleanParagraph(values[field] ?? '', 1000) === '') faults[field] = w.forms.empty;
  if ((ask === 'extend' || ask === 'ask-extension') && !LocalDate.safeParse(values.to).success)
    faults.to = w.forms.badDate;
  if (ask === 'assign' && !personIn(values.person ?? '', scene)) faults.person = w.refusals['unknown-person'];
  return faults;
}

/** A picker gives an account, the desk an id; people also type names. */
function personIn(text: string, { world, inbound }: S): string | undefined {
  const known = personByAccount(world.directory, inbound.platform, text) ?? world.directory.people.get(text);
  if (known) return known.id;
  const named = personByName(world.directory, text, inbound.platform);
  return named.length === 1 ? named[0]?.id : undefined;
}

// --- answers ---

async function replyTo(outcome: Outcome, command: Command, scene: S, around: Surroundings): Promise<Reply> {
  const after = (outcome.kind === 'done' ? outcome.after : outcome.state) as DecisionTaken | undefined;
  const text = outcome.kind === 'done' ? saidText(command, outcome, scene) : refusalText(outcome, scene);
  const said = { tone: outcome.kind === 'done' ? ('good' as const) : ('bad' as const), text };
  if (!after) return { kind: 'said', ...said };
  if (maySee(after, scene.person, scene.world)) return withCard(said, after.number, scene, around);
  const { 'not-yours': closed } = decisionWords(scene.language).refusals;
  return { kind: 'said', ...said, ...(outcome.kind === 'refused' ? { text: closed } : {}) };
}

function withCard(said: Parameters<typeof sayWithCard>[0], number: string, scene: S, around: Surroundings) {
  const draw = drawDecisions(
    scene.sql,
    async () => scene.world,
    () => scene.at,
  );
  const place = around.placeOf(scene.world, scene.person, scene.inbound.platform);
  const channelLanguage = companyLanguage(scene.world.directory.company);
  return sayWithCard(said, number, scene, { draw, place, channelLanguage });
}

function saidText(command: Command, outcome: Extract<Outcome, { kind: 'done' }>, scene: S): string {
  const decision = outcome.after as DecisionTaken;
  const { said } = wordsOf(decision, scene.language);
  const { number } = decision;
  const due = showDate(decision.due, scene.language);
  switch (command.name.slice('decisions.'.length)) {
    case 'accept':
      return said.accepted(number, due);
    case 'decline':
      return said.declined(number);
    case 'done':
      return said.done(number);
    case 'ask-extension':
      return said.asked(number);
    case 'extend':
      return said.extended(number, due);
    case 'assign':
      return said.assigned(number, nameOf(decision.owner, scene));
    case 'reopen':
      return said.reopened(number);
    case 'attach': {
      const names = (outcome.events as DecisionEvent[]).flatMap((e) =>
        e.type === 'file-attached' ? [e.data.name] : [],
      );
      return said.attached(names.join('、'), number);
    }
    default:
      return said.shown(number);
  }
}

const nameOf = (id: unknown, { world }: S): string => world.directory.people.get(String(id))?.name ?? String(id ?? '');

function refusalText({ refusal, subject, state }: Extract<Outcome, { kind: 'refused' }>, scene: S): string {
  const w = wordsOf((state as DecisionTaken | undefined) ?? {}, scene.language);
  const r = w.refusals;
  const { code, facts } = refusal;
  switch (code) {
    case 'unknown-decision':
      return r['unknown-decision'](subject ?? '');
    case 'only-owner':
      return r['only-owner'](nameOf(facts.owner, scene));
    case 'only-chair':
      return r['only-chair'](nameOf(facts.chair, scene));
    case 'decision-over':
      return r['decision-over'](w.states[facts.state as DecisionTaken['state']] ?? '');
    case 'owner-already':
      return r['owner-already'](nameOf(facts.person, scene));
    case 'not-later':
      return r['not-later'](showDate(String(facts.due), scene.language));
    case 'too-many-files':
      return fileWords(scene.language).faults('too-many');
    case 'not-yours':
    case 'accepted-already':
    case 'stale':
    case 'unknown-person':
    case 'too-far':
    case 'needs-proof':
    case 'not-done':
    case 'unreadable':
      return r[code];
    default:
      return r.other;
  }
}
