/** How people talk of early warnings: `/signal`, `/signal complaints 起火 …`, `SG-2026-0001`, the buttons of its card. */
import { randomUUID } from 'node:crypto';
import type { ActionRef, Form } from '../core/card.ts';
import type { Reply } from '../core/chat.ts';
import type { Outcome } from '../core/handle.ts';
import type { Scene, Talker, Understood } from '../core/intake.ts';
import { readLine } from '../core/line.ts';
import type { Command } from '../core/message.ts';
import type { Place } from '../core/module.ts';
import { lettersOf, readNumber } from '../core/number.ts';
import { showAgain } from '../core/outbox.ts';
import { sayWithCard } from '../core/pressed.ts';
import { cleanLine, cleanParagraph } from '../core/text.ts';
import type { CrisisWorld } from '../crisis/model.ts';
import { companyLanguage } from '../directory/lookup.ts';
import { signalWords } from '../words/signals.ts';
import { answerText } from './answers.ts';
import { maySee, signalCard } from './cards.ts';
import { whyNotJudge } from './decide.ts';
import { drawSignals, indicatorsCard } from './drawer.ts';
import { type Ask, judgeForm, reportForm, withFaults } from './forms.ts';
import { LONGEST_NAME, LONGEST_TEXT, observing, personsId, SIGNAL, type Signal, type Watch } from './model.ts';
import { readSignal } from './store.ts';
import { readKey, readReport } from './typed.ts';
import { indicatorOf } from './window.ts';

type S = Scene<CrisisWorld>;

export interface Surroundings {
  placeOf(world: CrisisWorld, person: string, platform: S['inbound']['platform']): Place | undefined;
}

const WORDS = ['signal', 'signals', '预警', '信号'];

export function signalTalker(around: Surroundings): Talker<CrisisWorld> {
  return {
    understand: (scene) => understand(scene, around),
    reply: async (outcome, command, scene) =>
      command.name.startsWith('signals.') ? replyTo(outcome, command, scene, around) : undefined,
  };
}

async function understand(scene: S, around: Surroundings): Promise<Understood | undefined> {
  const { what } = scene.inbound;
  switch (what.kind) {
    case 'text':
      return understandText(scene, around, what.text);
    case 'action':
      return what.action.command.startsWith('signals.') ? understandAction(scene, around, what.action) : undefined;
    case 'form':
      return what.action.command.startsWith('signals.') ? understandForm(scene, what.action, what.values) : undefined;
    case 'home':
    case 'quote':
      return undefined;
    default:
      return what satisfies never;
  }
}

const answer = (reply: Reply): Understood => ({ kind: 'answer', reply });
const say = (tone: 'bad' | 'info', text: string): Understood => answer({ kind: 'said', tone, text });
const shownTo = ({ world, language, at }: S) => ({ directory: world.directory, crisis: world.crisis, language, at });

async function understandText(scene: S, around: Surroundings, text: string): Promise<Understood | undefined> {
  const line = readLine(text);
  if (!line) return undefined;
  const number = readNumber(line.word);
  if (number && lettersOf(number) === SIGNAL) return show(scene, around, number);
  if (!WORDS.includes(line.word)) return undefined;
  const named = readNumber(line.rest);
  if (named) return show(scene, around, named);
  const w = signalWords(scene.language);
  const indicators = scene.world.crisis?.indicators ?? [];
  if (indicators.length === 0) return say('bad', w.refusals['no-indicators']);
  if (line.rest === '')
    return answer({ kind: 'card', card: await indicatorsCard(scene.sql, scene.person, shownTo(scene)) });
  const report = readReport(line.rest, indicators);
  if ('unknown' in report) {
    const known = indicators.map(({ id, title }) => `${id} ${title[scene.language]}`).join(' · ');
    return say('bad', w.refusals['unknown-indicator'](report.unknown, known));
  }
  return report.text === '' ? openReport(scene, report.indicator) : observed(scene, report, report.text);
}

/** One report of one person: the same act delivered again is the same report. */
function observed(scene: S, watch: Watch, text: string, once?: string): Understood {
  const { person, inbound, at } = scene;
  const id = personsId(person, inbound.platform, once ?? inbound.deliveryId);
  const command = observing(watch, [{ id, amount: 1, text, at: at.toISOString() }]);
  return { kind: 'do', command, ...(once ? { once } : {}) };
}

function openReport(scene: S, indicator: string): Understood {
  const action = { command: 'signals.report', with: { indicator, once: randomUUID() } };
  return opened(reportForm(scene.world.crisis?.indicators ?? [], action, scene.language), scene);
}

const opened = (form: Form, scene: S): Understood =>
  answer({ kind: 'form', form, say: signalWords(scene.language).forms.sent });

async function show(scene: S, around: Surroundings, number: string): Promise<Understood> {
  const { refusals, said } = signalWords(scene.language);
  const signal = await readSignal(scene.sql, number);
  if (!signal) return say('bad', refusals['unknown-signal'](number));
  if (!maySee(signal, scene.person, scene.world)) return say('bad', refusals['not-yours']);
  const place = around.placeOf(scene.world, scene.person, scene.inbound.platform);
  if (!place) return answer({ kind: 'card', card: signalCard(signal, { person: scene.person }, shownTo(scene)) });
  await showAgain(scene.sql, { subject: number, to: { person: scene.person }, place, at: scene.at });
  return say('info', said.shown(number));
}

const askOf = (action: ActionRef): Ask | undefined =>
  (['confirm', 'dismiss'] as const).find((one) => action.command === `signals.${one}`);

async function understandAction(scene: S, around: Surroundings, action: ActionRef): Promise<Understood> {
  const { refusals } = signalWords(scene.language);
  const number = action.subject ?? '';
  if (action.command === 'signals.show') return show(scene, around, number);
  if (action.command === 'signals.report') {
    const known = indicatorOf(scene.world.crisis, action.with?.indicator ?? '');
    return known ? openReport(scene, known.id) : say('bad', refusals['no-indicators']);
  }
  const ask = askOf(action);
  if (!ask) return say('bad', refusals.unreadable);
  const signal = await readSignal(scene.sql, number);
  if (!signal) return say('bad', refusals['unknown-signal'](number));
  // whoever may not, or comes too late, is told so before they have filled in anything
  const refused = whyNotJudge(signal, scene.person, scene.world);
  if (refused) {
    const outcome = { kind: 'refused' as const, subject: number, state: signal, ...refused };
    return answer(await replyTo(outcome, { name: action.command, subject: number, args: {} }, scene, around));
  }
  return opened(judgeForm(ask, signal, { ...action, with: { once: randomUUID() } }, scene.language), scene);
}

async function understandForm(scene: S, action: ActionRef, values: Record<string, string>): Promise<Understood> {
  const w = signalWords(scene.language);
  if (action.command === 'signals.report') return understandReport(scene, action, values);
  const ask = askOf(action);
  const signal = ask && (await readSignal(scene.sql, action.subject ?? ''));
  if (!ask || !signal) return say('bad', w.refusals.unreadable);
  const reason = cleanParagraph(values.reason ?? '', 1000);
  if (reason === '') {
    const form = judgeForm(ask, signal, action, scene.language);
    return answer({ kind: 'faults', form: withFaults(form, values, { reason: w.forms.empty }), say: w.forms.check });
  }
  const args = ask === 'confirm' ? { reason, affected: cleanLine(values.affected ?? '', LONGEST_NAME) } : { reason };
  const once = action.with?.once;
  return { kind: 'do', command: { name: action.command, subject: signal.number, args }, ...(once ? { once } : {}) };
}

function understandReport(scene: S, action: ActionRef, values: Record<string, string>): Understood {
  const w = signalWords(scene.language);
  const indicator = indicatorOf(scene.world.crisis, values.indicator ?? action.with?.indicator ?? '');
  const text = cleanParagraph(values.text ?? '', LONGEST_TEXT);
  const faults = {
    ...(indicator ? {} : { indicator: w.forms.unknownIndicator }),
    ...(text === '' ? { text: w.forms.empty } : {}),
  };
  if (!indicator || text === '') {
    const form = reportForm(scene.world.crisis?.indicators ?? [], action, scene.language);
    return answer({ kind: 'faults', form: withFaults(form, values, faults), say: w.forms.check });
  }
  return observed(scene, { indicator: indicator.id, key: readKey(values.key ?? '') }, text, action.with?.once);
}

// --- answers ---

async function replyTo(outcome: Outcome, command: Command, scene: S, around: Surroundings): Promise<Reply> {
  const { tone, text } = answerText(outcome, command, shownTo(scene));
  const said = { kind: 'said' as const, tone, text };
  const after = (outcome.kind === 'done' ? outcome.after : outcome.state) as Signal | undefined;
  if (!after || command.name === 'signals.observe' || !maySee(after, scene.person, scene.world)) return said;
  const draw = drawSignals(scene.sql, async () => scene.world);
  const place = around.placeOf(scene.world, scene.person, scene.inbound.platform);
  const channelLanguage = companyLanguage(scene.world.directory.company);
  return sayWithCard({ tone, text }, after.number, scene, { draw, place, channelLanguage });
}
